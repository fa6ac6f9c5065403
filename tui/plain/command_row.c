#include "tui/plain/command_row.h"

#include <string.h>

const struct command_row command_rows[] = {
	{ "status", "", "pools, routes, gateways and the state of every step", cmd_status },
	{ "plan", "", "every step: blockers, each write as a diff, what is lost, what undoes it", cmd_plan },
	{ "apply", "", "runs the plan from wherever the cluster stands", cmd_apply },
	{ "shift", "PERCENT", "moves the share of the pools to PERCENT on GA", cmd_shift },
	{ "verify", "", "every check of the verify step, and the probe", cmd_verify },
	{ "rollback", "", "undoes the last step, back --to STEP, or --all", cmd_rollback },
	{ "report", "", "the change record: who, what, when, checks, losses", cmd_report },
	{ "journal", "", "every write of this migration, oldest first", cmd_journal },
	{ "demo", "", "the demo cluster as a server until it is interrupted", cmd_demo },
	{ "completion", "bash|zsh|fish", "words for the shell", cmd_completion },
	{ "version", "", "of the program and its libraries", cmd_version },
	{ "help", "[COMMAND]", "commands, options, steps", cmd_help },
	{ NULL, NULL, NULL, NULL },
};

const struct command_row *
command_row_find(const char *name)
{
	for (const struct command_row *row = command_rows; row->name != NULL; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}
