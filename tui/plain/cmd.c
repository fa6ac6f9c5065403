#include "tui/plain/cmd.h"

#include <string.h>

#include "core/base/nearest.h"

const struct cmd cmd_rows[] = {
	{ "status", "", 0, 0, FOR_STATUS, cmd_status,
	  "pools, routes, gateways and the state of every step", "status -o json",
	  "the same for a program" },
	{ "plan", "", 0, 0, FOR_PLAN, cmd_plan,
	  "every step: blockers, each write as a diff, what is lost, what undoes it",
	  "plan -A | less", "read everything before anything is written" },
	{ "apply", "", 0, 0, FOR_APPLY, cmd_apply, "runs the plan from wherever the cluster stands",
	  "apply --pool default/vllm-llama3-8b-instruct --through shift",
	  "one pool, up to the shift, after asking" },
	{ "shift", "PERCENT", 1, 1, FOR_SHIFT, cmd_shift,
	  "moves the share of the pools to PERCENT on GA", "shift 12.5 --yes",
	  "an eighth of the traffic, without asking" },
	{ "verify", "", 0, 0, FOR_VERIFY, cmd_verify,
	  "every check of the verify step, and the probe", "verify --probe-model food-review",
	  "with one request for that model" },
	{ "rollback", "", 0, 0, FOR_ROLLBACK, cmd_rollback,
	  "undoes the last step, back --to STEP, or --all", "rollback --to attach",
	  "all traffic back on α, both pools stay" },
	{ "report", "", 0, 0, FOR_REPORT, cmd_report,
	  "the change record: who, what, when, differences, shares, checks, losses",
	  "report -o html >change.html", "one page for the change request" },
	{ "journal", "", 0, 0, FOR_JOURNAL, cmd_journal,
	  "every write of this migration, oldest first", "journal --kubectl",
	  "what kubectl would have been told" },
	{ "freeze", "", 0, 0, FOR_FREEZE, cmd_freeze,
	  "stops everybody's writes to this cluster, by its Lease",
	  "freeze --reason \"incident 4711\"", "every console says who and why, until unfreeze" },
	{ "unfreeze", "", 0, 0, FOR_FREEZE, cmd_unfreeze, "allows writes to this cluster again",
	  "unfreeze", "" },
	{ "demo", "", 0, 0, FOR_DEMO, cmd_demo,
	  "the demo cluster as a server until it is interrupted",
	  "demo --write-kubeconfig demo.kubeconfig", "for kubectl and a second poolshift" },
	{ "completion", "bash|zsh|fish", 1, 1, FOR_WORDS, cmd_completion,
	  "completion for the shell", "completion bash", "source <(poolshift completion bash)" },
	{ "version", "", 0, 0, FOR_WORDS, cmd_version, "of the program and its libraries",
	  "version", "" },
	{ "help", "[COMMAND]", 0, 1, FOR_WORDS, cmd_help,
	  "commands, steps and options, or those of one command", "help apply",
	  "what apply takes" },
	{ .name = NULL },
};

const struct cmd *
cmd_find(const char *name)
{
	for (const struct cmd *row = cmd_rows; row->name != NULL; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}

const struct cmd *
cmd_want(const char *name, struct err *err)
{
	const struct cmd *found = cmd_find(name);
	struct nearest nearest;

	if (found != NULL)
		return found;
	nearest_init(&nearest, name, strlen(name));
	for (const struct cmd *row = cmd_rows; row->name != NULL; row++)
		nearest_try(&nearest, row->name);
	if (nearest_name(&nearest) != NULL)
		err_set(err, ERR_INPUT, "there is no command \"%s\"; did you mean %s?", name,
			nearest_name(&nearest));
	else
		err_set(err, ERR_INPUT, "there is no command \"%s\"; see `poolshift help`", name);
	return NULL;
}

bool
cmd_check(const struct cmd *row, const struct options *options, struct err *err)
{
	if (options->argument_count > row->most)
		return err_set(err, ERR_INPUT, "%s takes %s%s; \"%s\" is too much", row->name,
			       row->most == 0 ? "no word behind it" : "only ", row->synopsis,
			       options->arguments[row->most]);
	if (options->argument_count < row->least)
		return err_set(err, ERR_INPUT, "%s wants %s", row->name, row->synopsis);
	return true;
}
