/* What is chosen line by line, and everybody's writes stopped; and the losses read. */
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "tui/plain/losses_text.h"
#include "tui/plain/page.h"
#include "tui/plain/talk_inside.h"

static const char *
why_no_freeze(const struct turn *turn)
{
	if (turn->snapshot->read_only)
		return "this console was started with --read-only: it writes nothing";
	return turn->snapshot->dry_run ? "this console was started with --dry-run" : NULL;
}

static enum talk_answer
ask_freeze(struct turn *turn, enum talk_asked asked)
{
	const char *why = why_no_freeze(turn);

	turn->talk->asked = why == NULL ? asked : ASKED_NOTHING;
	snprintf(turn->talk->reason, sizeof(turn->talk->reason), "%s", turn->rest);
	if (why != NULL)
		buf_printf(turn->out, "Nothing is frozen or unfrozen: %s.\n", why);
	return TALK_NOTHING;
}

enum talk_answer
talk_freeze(struct turn *turn)
{
	ask_freeze(turn, ASKED_FREEZE);
	if (turn->talk->asked == ASKED_FREEZE)
		buf_printf(turn->out,
			   "freeze%s%s: nobody writes to this cluster with this program any more, "
			   "until somebody unfreezes it. y does it.\n",
			   *turn->rest != '\0' ? ", reason " : "", turn->rest);
	return TALK_NOTHING;
}

enum talk_answer
talk_unfreeze(struct turn *turn)
{
	const struct lease_view *lease = &turn->snapshot->lease;

	if (!lease->frozen) {
		buf_puts(turn->out, "Writing to this cluster is not frozen.\n");
		return TALK_NOTHING;
	}
	ask_freeze(turn, ASKED_UNFREEZE);
	if (turn->talk->asked == ASKED_UNFREEZE)
		buf_printf(
			turn->out,
			"unfreeze: frozen%s%s%s%s; whoever holds the Lease may write again. y does "
			"it.\n",
			*lease->frozen_by != '\0' ? " by " : "", lease->frozen_by,
			*lease->frozen_reason != '\0' ? ": " : "", lease->frozen_reason);
	return TALK_NOTHING;
}

enum talk_answer
talk_confirm_freeze(struct turn *turn)
{
	bool on = turn->talk->asked == ASKED_FREEZE;

	turn->talk->asked = ASKED_NOTHING;
	turn->talk->step = STEP_COUNT;
	talk_give(turn, on ? COMMAND_FREEZE : COMMAND_UNFREEZE);
	turn->command->text = *turn->talk->reason != '\0' ? turn->talk->reason : NULL;
	return TALK_COMMAND;
}

enum talk_answer
talk_losses(struct turn *turn)
{
	if (turn->snapshot->plan.loss_count == 0)
		buf_puts(turn->out, "Nothing is lost.\n");
	losses_text(turn->out, &turn->snapshot->plan);
	return TALK_NOTHING;
}

static const char *
on_off(bool on)
{
	return on ? "on" : "off";
}

static void
put_row(struct buf *rows, const char *name, const char *value, const char *help)
{
	page_cell(rows, "  %s", name);
	page_cell(rows, "%s", value);
	page_cell(rows, "%s", help);
	page_end_row(rows);
}

enum talk_answer
talk_choices(struct turn *turn)
{
	const struct plan *plan = &turn->snapshot->plan;
	const struct choices_view *choices = &turn->snapshot->choices;
	const struct pair *pair = talk_pair(turn->talk, plan);
	char value[32];
	struct buf rows;

	buf_init(&rows, PAGE_CAP);
	for (size_t i = 0; pair != NULL && i < pair->model_count; i++) {
		const struct plan_model *model = &pair->models[i];

		snprintf(value, sizeof(value), "%lld", (long long)model->priority);
		put_row(&rows, model->name, value,
			model->carried
				? "the objective's priority; it stands in the cluster already"
			: model->asked ? "the objective's priority, chosen"
				       : "the objective's priority");
	}
	for (enum carry what = 0; what < CARRY_COUNT; what++)
		put_row(&rows, carry_name(what), on_off(choices->carry[what]), carry_help(what));
	put_row(&rows, "delete-routes", on_off(choices->delete_routes),
		"simple: a route that detach leaves empty is deleted, its copy kept");
	put_row(&rows, "force-managed", on_off(choices->force_managed),
		"what Argo CD, Flux, Config Sync or Helm keep is written all the same");
	for (size_t i = 0; i < plan->orphan_count; i++)
		put_row(&rows, plan->orphans[i].name, on_off(plan->orphans[i].taken),
			"a model whose pool is missing; cleanup takes it along");
	page_table(turn->out, &rows);
	buf_release(&rows);
	if (*choices->options != '\0')
		buf_printf(turn->out, "The same on a command line: %s\n", choices->options);
	return TALK_NOTHING;
}

/* Which of the rows above has this name. */
static bool
find_choice(struct turn *turn, const char *name)
{
	const struct plan *plan = &turn->snapshot->plan;
	const struct pair *pair = talk_pair(turn->talk, plan);
	struct command *command = turn->command;

	for (enum carry what = 0; what < CARRY_COUNT; what++)
		if (strcmp(name, carry_name(what)) == 0) {
			command->choice = CHOICE_CARRY;
			command->carry = what;
		}
	if (strcmp(name, "delete-routes") == 0)
		command->choice = CHOICE_ROUTES;
	if (strcmp(name, "force-managed") == 0)
		command->choice = CHOICE_MANAGED;
	for (size_t i = 0; i < plan->orphan_count; i++)
		if (strcmp(name, plan->orphans[i].name) == 0) {
			command->choice = CHOICE_ORPHAN;
			command->ns = plan->orphans[i].ns;
			command->name = plan->orphans[i].name;
		}
	for (size_t i = 0; pair != NULL && i < pair->model_count; i++)
		if (strcmp(name, pair->models[i].name) == 0) {
			command->choice = CHOICE_PRIORITY;
			command->ns = pair->ns;
			command->name = pair->models[i].name;
		}
	return command->choice != CHOICE_NONE;
}

static bool
read_value(struct command *command, const char *text, struct err *err)
{
	if (command->choice == CHOICE_PRIORITY)
		return text_integer(text, INT32_MIN, INT32_MAX, &command->value, err);
	command->value = strcmp(text, "on") == 0;
	if (command->value != 0 || strcmp(text, "off") == 0)
		return true;
	return err_set(err, ERR_INPUT, "\"%s\" is neither on nor off", text);
}

enum talk_answer
talk_choose(struct turn *turn)
{
	char name[TALK_ROOM], *sign;
	struct err err = { .code = ERR_NONE };

	snprintf(name, sizeof(name), "%s", turn->argument);
	sign = strrchr(name, '=');
	if (sign == NULL) {
		buf_puts(turn->out, "Write choose NAME=VALUE; `choices` lists them.\n");
		return TALK_NOTHING;
	}
	*sign++ = '\0';
	talk_give(turn, COMMAND_CHOOSE);
	if (!find_choice(turn, name))
		buf_printf(turn->out, "There is no %s to choose; `choices` lists them.\n", name);
	else if (!read_value(turn->command, sign, &err))
		buf_printf(turn->out, "Nothing was chosen: %s.\n", err.text);
	else {
		buf_printf(turn->out, "%s=%s from now on; nothing was written.\n", name, sign);
		return TALK_COMMAND;
	}
	return TALK_NOTHING;
}
