#include "tui/screen/state.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/migrate/step.h"
#include "tui/screen/words.h"

#define NOTICE_TIME (8 * SECOND)
#define UNHEARD     (3 * SECOND) /* longer is said */

char *
state_pair_name(const struct pair *pair, struct arena *arena)
{
	return arena_printf(arena, "%s/%s", pair->ns, pair->alpha);
}

static bool
is_named(const struct pair *pair, const char *name)
{
	size_t length = strlen(pair->ns);

	return strncmp(name, pair->ns, length) == 0 && name[length] == '/' &&
	       strcmp(name + length + 1, pair->alpha) == 0;
}

/* The one selected by name; when it is gone, the one that stands in its row. A filter hides rows,
 * not the selection. */
const struct pair *
state_pair(const struct ui *ui, const struct snapshot *snapshot)
{
	const struct list_state *list = &ui->list[PANE_POOLS];
	const struct plan *plan = &snapshot->plan;

	for (size_t i = 0; i < plan->pair_count; i++)
		if (is_named(&plan->pairs[i], list->selected))
			return &plan->pairs[i];
	if (plan->pair_count == 0)
		return NULL;
	if (list->selected[0] != '\0')
		return &plan->pairs[list->row < plan->pair_count ? list->row
								 : plan->pair_count - 1];
	for (size_t i = 0; i < plan->pair_count; i++)
		if (plan->pairs[i].selected)
			return &plan->pairs[i];
	return &plan->pairs[0];
}

void
state_follow_slider(struct ui *ui, const struct snapshot *snapshot)
{
	const struct pair *pair = state_pair(ui, snapshot);
	char name[NAME_ROOM] = "";

	if (pair != NULL)
		snprintf(name, sizeof(name), "%s/%s", pair->ns, pair->alpha);
	if (strcmp(name, ui->slider_pair) != 0) {
		memcpy(ui->slider_pair, name, sizeof(name));
		slider_reset(&ui->slider, pair == NULL ? 0 : pair->written);
	}
	if (pair != NULL)
		slider_follow(&ui->slider, pair->written);
}

void
state_select_pair(struct ui *ui, const struct snapshot *snapshot, const char *name)
{
	snprintf(ui->list[PANE_POOLS].selected, NAME_ROOM, "%s", name);
	state_follow_slider(ui, snapshot);
}

size_t
state_steps(const struct ui *ui, const struct snapshot *snapshot,
	    struct step_view steps[STEP_COUNT])
{
	const struct pair *pair = state_pair(ui, snapshot);
	const enum step_id *order;
	size_t count = snapshot->plan.step_count;
	static const struct step_status unread = {
		.state = STATE_UNKNOWN, .reason = "", .object = "", .advice = ""
	};

	order = step_order(ui->settings->path, &count);
	if (snapshot->plan.step_count > 0)
		count = snapshot->plan.step_count;
	for (size_t i = 0; i < count; i++) {
		steps[i].id = snapshot->plan.step_count > 0 ? snapshot->plan.steps[i].id : order[i];
		steps[i].status = pair != NULL                    ? pair->steps[steps[i].id]
				  : snapshot->plan.step_count > 0 ? snapshot->plan.steps[i].status
								  : unread;
	}
	return count;
}

enum step_id
state_next_step(const struct ui *ui, const struct snapshot *snapshot)
{
	struct step_view steps[STEP_COUNT];
	size_t count = state_steps(ui, snapshot, steps);

	return step_next_of(steps, count);
}

enum step_id
state_last_step(const struct ui *ui, const struct snapshot *snapshot)
{
	struct step_view steps[STEP_COUNT];
	size_t count = state_steps(ui, snapshot, steps);

	return step_last_of(steps, count, state_pair(ui, snapshot));
}

int64_t
state_unheard(const struct ui *ui, const struct snapshot *snapshot)
{
	const struct link *link = &snapshot->link;
	int64_t silence = ui->mono - link->fresh;

	if ((link->state != LINK_LIVE && link->state != LINK_POLLING) || link->fresh <= 0)
		return 0;
	return silence > UNHEARD ? silence : 0;
}

const char *
state_link(const struct canvas *canvas, enum role *role)
{
	const struct link *link = &canvas->snapshot->link;
	const struct link_row *row = words_link(link->state);
	int64_t unheard = state_unheard(canvas->ui, canvas->snapshot), mono = canvas->ui->mono;
	struct arena *arena = canvas->arena;
	const char *text = arena_printf(arena, "%s %s", row->symbol, row->word);

	if (unheard > 0) {
		*role = ROLE_BAD;
		return arena_printf(arena, "▲ NO NEWS for %s", words_seconds(arena, unheard));
	}
	*role = row->role;
	if (row->more && link->text[0] != '\0')
		text = arena_printf(arena, "%s %s", text, link->text);
	if (link->state == LINK_LIVE && link->fresh > 0)
		text = arena_printf(arena, "%s %s", text, words_age(arena, mono - link->fresh));
	if (!row->silent)
		return text;
	text = arena_printf(arena, "%s for %s", text, words_seconds(arena, mono - link->since));
	if (link->retry != NEVER && link->retry > mono)
		text = arena_printf(arena, "%s, trying again in %s", text,
				    words_seconds(arena, link->retry - mono + SECOND - 1));
	return text;
}

const char *
state_locked(const struct ui *ui, const struct snapshot *snapshot)
{
	if (snapshot->read_only)
		return "this console was started with --read-only: it writes nothing";
	if (snapshot->locked)
		return snapshot->locked_why;
	return state_unheard(ui, snapshot) > 0
		       ? "nothing has been heard of the cluster for some seconds"
		       : NULL;
}

const char *
state_step_locked(const struct ui *ui, const struct snapshot *snapshot)
{
	const char *why = state_locked(ui, snapshot);

	return why == NULL && *snapshot->pending != '\0' ? snapshot->pending : why;
}

void
state_say(struct ui *ui, bool bad, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(ui->notice.text, sizeof(ui->notice.text), format, args);
	va_end(args);
	ui->notice.bad = bad;
	ui->notice.until = ui->mono + NOTICE_TIME;
}

enum answer
state_command(struct doing *doing, enum command_kind kind)
{
	struct ui *ui = doing->ui;
	const struct pair *pair = state_pair(ui, doing->snapshot);

	ui->pair_sent[0] = '\0';
	if (pair != NULL)
		snprintf(ui->pair_sent, sizeof(ui->pair_sent), "%s/%s", pair->ns, pair->alpha);
	*doing->command = (struct command){ .kind = kind,
					    .step = STEP_COUNT,
					    .pair = ui->pair_sent,
					    .goal = PPM_UNKNOWN,
					    .snapshot = doing->snapshot->number,
					    .object = KIND_COUNT,
					    .ns = "",
					    .name = "" };
	return ANSWER_COMMAND;
}
