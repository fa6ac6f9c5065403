#include "tui/screen/choose.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "tui/screen/prompt.h"
#include "tui/screen/state.h"

#define ROWS_ROOM(snapshot, pair) \
	((pair)->model_count + CARRY_COUNT + 2 + (snapshot)->plan.orphan_count)

static const char *
offer_of(const struct pair *pair, enum carry what)
{
	for (size_t i = 0; i < pair->offer_count; i++)
		if (pair->offers[i].what == what)
			return pair->offers[i].value;
	return NULL;
}

/* By what it does to a request, as far as a number alone says it (DOMAIN §2). */
static const char *
priority_help(const struct canvas *canvas, const struct plan_model *model)
{
	const char *meaning = model->priority < 0    ? "shed when the pool is saturated"
			      : model->priority == 0 ? "as a request that names no objective"
						     : "before every lower number";

	return arena_printf(canvas->arena, "%s%s",
			    model->carried
				    ? "stands in the cluster: undo objectives to choose again; "
			    : model->asked ? "chosen; "
					   : "",
			    meaning);
}

static void
add_priorities(const struct canvas *canvas, const struct pair *pair, struct choice_row *rows,
	       size_t *count)
{
	for (size_t i = 0; i < pair->model_count; i++) {
		const struct plan_model *model = &pair->models[i];

		rows[(*count)++] = (struct choice_row){
			.what = CHOICE_PRIORITY,
			.model = model,
			.ns = pair->ns,
			.name = model->name,
			.label = arena_printf(canvas->arena, "%s (%s)", model->name,
					      model->criticality[0] == '\0' ? "unset"
									    : model->criticality),
			.value = arena_printf(canvas->arena, "%lld", (long long)model->priority),
			.help = priority_help(canvas, model),
			.fixed = model->carried,
		};
	}
}

static void
add_carries(const struct canvas *canvas, const struct pair *pair, struct choice_row *rows,
	    size_t *count)
{
	for (enum carry what = 0; what < CARRY_COUNT; what++) {
		const char *value = offer_of(pair, what);

		rows[(*count)++] = (struct choice_row){
			.what = CHOICE_CARRY,
			.carry = what,
			.ns = "",
			.name = "",
			.label = carry_name(what),
			.help = value != NULL ? arena_printf(canvas->arena, "%s: %s",
							     carry_help(what), value)
				: pair->ga_uid[0] != '\0'
					? "this pair's new picker is made already"
					: "this pair's old one has none of its own",
			.on = canvas->snapshot->choices.carry[what],
		};
	}
}

static void
add_orphans(const struct canvas *canvas, struct choice_row *rows, size_t *count)
{
	const struct plan *plan = &canvas->snapshot->plan;

	for (size_t i = 0; i < plan->orphan_count; i++)
		rows[(*count)++] = (struct choice_row){
			.what = CHOICE_ORPHAN,
			.ns = plan->orphans[i].ns,
			.name = plan->orphans[i].name,
			.label = arena_printf(canvas->arena, "%s/%s", plan->orphans[i].ns,
					      plan->orphans[i].name),
			.help = "its pool is missing; cleanup takes it along",
			.on = plan->orphans[i].taken,
		};
}

const struct choice_row *
choose_rows(const struct canvas *canvas, size_t *count)
{
	const struct snapshot *snapshot = canvas->snapshot;
	const struct pair *pair = state_pair(canvas->ui, snapshot);
	struct choice_row *rows;

	*count = 0;
	if (pair == NULL)
		return NULL;
	rows = arena_array(canvas->arena, ROWS_ROOM(snapshot, pair), sizeof(*rows));
	add_priorities(canvas, pair, rows, count);
	add_carries(canvas, pair, rows, count);
	if (canvas->ui->settings->path == PATH_SIMPLE)
		rows[(*count)++] = (struct choice_row){
			.what = CHOICE_ROUTES,
			.ns = "",
			.name = "",
			.label = "delete-routes",
			.help = "a route that detach leaves without backends is deleted, its copy "
				"kept; off: it stays, empty",
			.on = snapshot->choices.delete_routes,
		};
	rows[(*count)++] = (struct choice_row){
		.what = CHOICE_MANAGED,
		.ns = "",
		.name = "",
		.label = "force-managed",
		.help = "write what Argo CD, Flux, Config Sync or Helm keep; they may put it back",
		.on = snapshot->choices.force_managed,
	};
	add_orphans(canvas, rows, count);
	return rows;
}

static struct canvas
canvas_of(const struct doing *doing)
{
	return (struct canvas){ .ui = doing->ui,
				.snapshot = doing->snapshot,
				.arena = doing->arena };
}

void
choose_begin(struct doing *doing)
{
	struct ui *ui = doing->ui;
	struct canvas canvas = canvas_of(doing);
	const char *model = ui->list[PANE_OBJECTIVES].selected;
	size_t count;
	const struct choice_row *rows = choose_rows(&canvas, &count);

	for (size_t i = 0; ui->focus == PANE_OBJECTIVES && i < count; i++)
		if (rows[i].what == CHOICE_PRIORITY && strcmp(rows[i].name, model) == 0)
			ui->page.cursor = (int)i;
}

void
choose_move(struct doing *doing, int by)
{
	struct canvas canvas = canvas_of(doing);
	size_t count;
	int64_t at = (int64_t)doing->ui->page.cursor + by;

	choose_rows(&canvas, &count);
	at = at >= (int64_t)count ? (int64_t)count - 1 : at;
	doing->ui->page.cursor = at < 0 ? 0 : (int)at;
}

static const struct choice_row *
lit_row(struct doing *doing)
{
	struct canvas canvas = canvas_of(doing);
	size_t count, cursor = (size_t)doing->ui->page.cursor;
	const struct choice_row *rows = choose_rows(&canvas, &count);

	return count == 0 ? NULL : &rows[cursor < count ? cursor : count - 1];
}

static enum answer
choose(struct doing *doing, const struct choice_row *row, int64_t value)
{
	struct ui *ui = doing->ui;
	enum answer answer = state_command(doing, COMMAND_CHOOSE);

	snprintf(ui->ns_sent, sizeof(ui->ns_sent), "%s", row->ns);
	snprintf(ui->name_sent, sizeof(ui->name_sent), "%s", row->name);
	doing->command->ns = ui->ns_sent;
	doing->command->name = ui->name_sent;
	doing->command->choice = row->what;
	doing->command->carry = row->carry;
	doing->command->value = value;
	return answer;
}

enum answer
choose_change(struct doing *doing)
{
	struct ui *ui = doing->ui;
	const struct choice_row *row = lit_row(doing);

	if (row == NULL)
		return ANSWER_NOTHING;
	if (row->what != CHOICE_PRIORITY)
		return choose(doing, row, !row->on);
	if (row->fixed) {
		state_say(ui, true,
			  "InferenceObjective %s/%s stands with priority %s: undo objectives first",
			  row->ns, row->name, row->value);
		return ANSWER_NOTHING;
	}
	prompt_open(doing, PROMPT_PRIORITY);
	snprintf(ui->prompt.label, sizeof(ui->prompt.label), "priority of %.200s", row->name);
	snprintf(ui->prompt.text, sizeof(ui->prompt.text), "%s", row->value);
	return ANSWER_NOTHING;
}

enum answer
choose_priority(struct doing *doing, const char *text)
{
	const struct choice_row *row = lit_row(doing);
	struct err err = { .code = ERR_NONE };
	int64_t value;

	if (row == NULL || row->what != CHOICE_PRIORITY)
		return ANSWER_NOTHING;
	if (!text_integer(text, INT32_MIN, INT32_MAX, &value, &err)) {
		state_say(doing->ui, true, "not a priority: %s", err.text);
		return ANSWER_NOTHING;
	}
	state_say(doing->ui, false, "%s: priority %lld, which step objectives writes", row->name,
		  (long long)value);
	return choose(doing, row, value);
}

enum answer
choose_routes(struct doing *doing)
{
	struct ui *ui = doing->ui;
	struct dialog *dialog = &ui->dialog;
	struct choice_row row = { .what = CHOICE_ROUTES, .ns = "", .name = "" };

	if (dialog->kind != DIALOG_PREVIEW || dialog->step != STEP_DETACH || dialog->undo)
		return ANSWER_NOTHING;
	choose(doing, &row, !doing->snapshot->choices.delete_routes);
	doing->command->kind = COMMAND_PREVIEW;
	doing->command->step = STEP_DETACH;
	memcpy(ui->pair_sent, dialog->pair, sizeof(ui->pair_sent));
	/* What is shown now is not what would be written. */
	ui->dismissed = dialog->preview;
	dialog->preview = dialog->serial = 0;
	dialog->armed = NEVER;
	dialog->top = 0;
	return ANSWER_COMMAND;
}
