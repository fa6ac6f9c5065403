#include "tui/screen/frame.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/migrate/step.h"
#include "tui/screen/dialog.h"
#include "tui/screen/prompt.h"
#include "tui/screen/state.h"
#include "tui/screen/words.h"

/* What holds back, or who writes: the most pressing of it; with little room without who. */
static const char *
mark_of(const struct canvas *canvas, bool room)
{
	const struct snapshot *snapshot = canvas->snapshot;
	const struct lease_view *lease = &snapshot->lease;
	struct arena *arena = canvas->arena;
	int64_t since = lease->frozen ? lease->frozen_since : lease->since;
	const char *age = since > 0 ? words_age(arena, snapshot->wall - since) : "";

	if (lease->frozen && room && lease->frozen_by[0] != '\0')
		return arena_printf(arena, " FROZEN %s by %s ", age, lease->frozen_by);
	if (lease->frozen)
		return arena_printf(arena, " FROZEN %s ", age);
	if (snapshot->read_only)
		return " READ-ONLY ";
	if (snapshot->dry_run)
		return " DRY RUN ";
	if (lease->state == LEASE_VIEW_HELD)
		return arena_printf(arena, " LEASE %s %s ", room ? lease->holder : "of others",
				    age);
	if (snapshot->link.insecure)
		return " TLS NOT CHECKED ";
	if (lease->state == LEASE_VIEW_OURS)
		return arena_printf(arena, " LEASE ours %s ", age);
	return "";
}

void
frame_draw_head(const struct canvas *canvas)
{
	const struct snapshot *snapshot = canvas->snapshot;
	struct rect at = canvas->at;
	enum role role;
	const char *link = state_link(canvas, &role), *mark = mark_of(canvas, at.w >= 76);
	int right = at.x + at.w - 1, x = at.x + 1, end;
	bool calm = role == ROLE_GOOD || role == ROLE_WARN;

	if (at.w >= 60)
		x = grid_put(canvas->grid, x, at.y, right, ROLE_BRAND, "poolshift") + 2;
	end = right;
	if (mark[0] != '\0') {
		end = grid_put_right(canvas->grid, x + at.w / 3, at.y, end, ROLE_KEY, mark) - 1;
	}
	if (calm && at.w >= 70 && snapshot->server.version[0] != '\0')
		end = grid_put_right(canvas->grid, x + at.w / 2, at.y, end, ROLE_FAINT,
				     snapshot->server.version) -
		      2;
	/* What is wrong matters more than the end of a long name. */
	x = grid_fit(canvas->grid, x, at.y, x + (end - x) * (calm ? 3 : 2) / 5, ROLE_TITLE,
		     snapshot->link.context);
	if (calm)
		grid_put_right(canvas->grid, x + 1, at.y, end, role, link);
	else
		grid_fit(canvas->grid, x + 2, at.y, end, role, link);
}

static const char *
time_of(const struct canvas *canvas, int64_t wall)
{
	char text[16];

	clock_time_of_day(wall, text);
	return arena_string(canvas->arena, text);
}

/* What to do about the next step when it is blocked; NULL when it is not. */
static const char *
blocked_advice(const struct canvas *canvas)
{
	enum step_id next = state_next_step(canvas->ui, canvas->snapshot);
	struct step_view steps[STEP_COUNT];
	size_t count = state_steps(canvas->ui, canvas->snapshot, steps);

	for (size_t i = 0; i < count; i++)
		if (steps[i].id == next && steps[i].status.advice[0] != '\0' &&
		    (steps[i].status.state == STATE_BLOCKED ||
		     steps[i].status.state == STATE_FAILED))
			return arena_printf(canvas->arena, "%s → %s", step_name(next),
					    words_advice(canvas->arena, steps[i].status.advice));
	return NULL;
}

static const char *
held_for(const struct canvas *canvas)
{
	int64_t since = canvas->snapshot->lease.since;

	if (since <= 0)
		return "";
	return arena_printf(canvas->arena, " for %s",
			    words_seconds(canvas->arena, canvas->ui->wall - since));
}

/* By a freeze or another console; NULL when by neither. */
static const char *
held_back(const struct canvas *canvas)
{
	const struct lease_view *lease = &canvas->snapshot->lease;

	if (lease->frozen)
		return arena_printf(canvas->arena, "%s; f unfreezes",
				    words_frozen(canvas->arena, lease, canvas->ui->wall));
	if (lease->state != LEASE_VIEW_HELD)
		return NULL;
	return arena_printf(canvas->arena,
			    "%s holds Lease %s%s: this console writes when it is released",
			    lease->holder, lease->name, held_for(canvas));
}

static const char *
undo_hint(const struct canvas *canvas)
{
	char key[64];

	keymap_keys(&canvas->ui->keymap, ACTION_UNDO, false, key, sizeof(key));
	return arena_printf(canvas->arena, "undo: %s", key);
}

/* What the person should know now, the most pressing first; `hint` keeps its place at the end. */
static const char *
message_of(const struct canvas *canvas, enum role *role, const char **hint)
{
	const struct snapshot *snapshot = canvas->snapshot;
	const struct notice *notice = &canvas->ui->notice;
	const struct run_view *run = &snapshot->run;
	enum step_id last = state_last_step(canvas->ui, snapshot);

	*role = ROLE_TEXT;
	if (notice->text[0] != '\0' && notice->until > canvas->ui->mono) {
		*role = notice->bad ? ROLE_BAD : ROLE_KEY;
		return notice->text;
	}
	if (run->phase != RUN_IDLE) {
		*role = ROLE_WARN;
		return arena_printf(canvas->arena, "◐ %s%s%s%s%s%s%s%s%s, %s",
				    run->stopping ? "stops after this write: " : "",
				    run->undo ? "undo " : "", step_name(run->step),
				    run->pair[0] == '\0' ? "" : " of ", run->pair,
				    run->step == STEP_COUNT ? "" : ": ", words_phase(run->phase),
				    run->text[0] == '\0' ? "" : ", ", run->text,
				    words_seconds(canvas->arena, canvas->ui->mono - run->since));
	}
	if (snapshot->link.state == LINK_SIGN_IN && snapshot->link.text[0] != '\0') {
		*role = ROLE_BAD;
		return snapshot->link.text;
	}
	if (held_back(canvas) != NULL) {
		*role = ROLE_WARN;
		return held_back(canvas);
	}
	if (blocked_advice(canvas) != NULL) {
		*role = ROLE_KEY;
		return blocked_advice(canvas);
	}
	if (snapshot->journal_trouble[0] != '\0') {
		*role = ROLE_BAD;
		return snapshot->journal_trouble;
	}
	if (snapshot->event_count > 0 &&
	    snapshot->events[snapshot->event_count - 1].level >= EVENT_WARNING) {
		const struct event_line *event = &snapshot->events[snapshot->event_count - 1];

		*role = event->level == EVENT_ERROR ? ROLE_BAD : ROLE_WARN;
		return arena_printf(canvas->arena, "%s %s", time_of(canvas, event->wall),
				    event->text);
	}
	if (snapshot->journal_count > 0) {
		const struct journal_line *line = &snapshot->journal[snapshot->journal_count - 1];

		*hint = last == STEP_COUNT || line->undone ? "" : undo_hint(canvas);
		return arena_printf(canvas->arena, "%s %s%s", time_of(canvas, line->wall),
				    line->undone ? "(taken back) " : "", line->text);
	}
	*role = ROLE_FAINT;
	if (snapshot->link.warnings[0] != '\0') {
		*role = ROLE_WARN;
		return snapshot->link.warnings;
	}
	return snapshot->link.server;
}

void
frame_draw_message(const struct canvas *canvas)
{
	enum role role;
	const char *hint = "", *text = message_of(canvas, &role, &hint);
	int end = canvas->at.x + canvas->at.w;

	if (hint[0] != '\0')
		end = grid_put_right(canvas->grid, canvas->at.x + canvas->at.w / 2, canvas->at.y,
				     end, ROLE_KEY, hint) -
		      2;
	grid_fit(canvas->grid, canvas->at.x, canvas->at.y, end, role,
		 words_one_line(canvas->arena, text));
}

struct bar_item {
	enum action action;
	const char *key, *word;
	int x, w;
};

#define BAR_ITEMS_MAX 24

/* The word that stands in the bar at any width: how to learn more, or how to get away. */
static enum action
last_word(unsigned where)
{
	return where == ON_MAIN ? ACTION_HELP : ACTION_BACK;
}

/* Is it of no use in the dialog that is open? Only a preview has writes to show, and `y` stands
 * there only while it does something. */
static bool
is_idle(const struct ui *ui, const struct snapshot *snapshot, enum action action)
{
	const struct preview *preview = dialog_preview(ui, snapshot);

	if (action == ACTION_WRITE)
		return dialog_refusal(ui, snapshot)[0] != '\0' || ui->dialog.typing;
	if (action == ACTION_ROUTES)
		return preview == NULL || preview->step != STEP_DETACH || preview->undo;
	return (action == ACTION_DIFF || action == ACTION_KUBECTL) &&
	       (preview == NULL || preview->write_count == 0);
}

static size_t
bar_items(const struct ui *ui, const struct snapshot *snapshot, struct arena *arena, unsigned where,
	  int columns, struct bar_item *items)
{
	int x = 1, reserve = 2 + text_width(where == ON_MAIN ? "? help" : "Esc leave");
	size_t count = 0;

	for (int i = ACTION_NONE + 1; i < ACTION_COUNT && count < BAR_ITEMS_MAX; i++) {
		const struct action_row *row = keymap_row((enum action)i);
		char keys[64];

		if ((row->where & where) == 0 || row->bar == NULL ||
		    (where == ON_MAIN && (row->action == ACTION_BACK)))
			continue;
		if (where == ON_DIALOG && is_idle(ui, snapshot, row->action))
			continue;
		keymap_keys(&ui->keymap, row->action, false, keys, sizeof(keys));
		/* The shown form stands for the keys as they are by default. */
		if (row->shown != NULL && (strcmp(keys, "←") == 0))
			snprintf(keys, sizeof(keys), "%s", row->shown);
		items[count] =
			(struct bar_item){ row->action, arena_string(arena, keys), row->bar, x, 0 };
		items[count].w = text_width(keys) + 1 + text_width(row->bar);
		if (row->action == last_word(where))
			reserve = 0;
		if (x + items[count].w + reserve > columns)
			continue;
		x += items[count++].w + 2;
	}
	return count;
}

static unsigned
bar_where(const struct ui *ui)
{
	if (ui->dialog.kind != DIALOG_NONE)
		return ON_DIALOG;
	if (ui->page.id == PAGE_DETAILS)
		return ON_DETAILS;
	if (ui->page.id == PAGE_CHOICES)
		return ON_CHOICES;
	return ui->page.id != PAGE_NONE || ui->watch ? ON_PAGE : ON_MAIN;
}

/* A console that only reads says so in the first line; its bar stays. */
static bool
is_locked(const struct ui *ui, const struct snapshot *snapshot)
{
	return snapshot->locked || *snapshot->pending != '\0' || state_unheard(ui, snapshot) > 0;
}

enum action
frame_bar_hit(const struct ui *ui, const struct snapshot *snapshot, struct arena *arena, int x,
	      int y)
{
	struct bar_item items[BAR_ITEMS_MAX];
	size_t count;

	if (y != ui->rows - 1 || ui->prompt.kind != PROMPT_NONE || is_locked(ui, snapshot))
		return ACTION_NONE;
	count = bar_items(ui, snapshot, arena, bar_where(ui), ui->columns, items);
	for (size_t i = 0; i < count; i++)
		if (x >= items[i].x && x < items[i].x + items[i].w)
			return items[i].action;
	return ACTION_NONE;
}

/* In as few words as there is room for; a key that is refused says it in full. */
static const char *
lock_text(const struct canvas *canvas)
{
	const struct link *link = &canvas->snapshot->link;

	if (words_link(link->state)->silent)
		return arena_printf(canvas->arena, "the cluster has not answered for %s",
				    words_seconds(canvas->arena, canvas->ui->mono - link->since));
	if (link->state == LINK_NOT_KUBERNETES || link->state == LINK_TLS)
		return link->text;
	return state_step_locked(canvas->ui, canvas->snapshot);
}

static void
draw_locked(const struct canvas *canvas)
{
	struct rect at = canvas->at;
	enum step_id next = state_next_step(canvas->ui, canvas->snapshot);
	char key[64];
	int x, end;

	end = grid_put_right(
		canvas->grid, at.x + at.w / 2, at.y, at.x + at.w - 1, ROLE_KEY,
		canvas->snapshot->lease.frozen ? "f unfreeze  ? help"
		: canvas->snapshot->link.state == LINK_SIGN_IN && canvas->snapshot->link.may_log_in
			? "r sign in  ? help"
		: state_locked(canvas->ui, canvas->snapshot) != NULL ? "r try now  ? help"
								     : "A abort  ? help");
	keymap_keys(&canvas->ui->keymap, ACTION_STEP, false, key, sizeof(key));
	x = grid_put(canvas->grid, at.x + 1, at.y, end - 2, ROLE_FAINT,
		     arena_printf(canvas->arena, "%s %s: ", key,
				  next == STEP_COUNT ? "step" : step_name(next)));
	grid_fit(canvas->grid, x, at.y, end - 2, ROLE_BAD,
		 arena_printf(canvas->arena, "locked, %s", lock_text(canvas)));
}

void
frame_draw_bar(const struct canvas *canvas)
{
	struct bar_item items[BAR_ITEMS_MAX];
	struct rect at = canvas->at;
	unsigned where = bar_where(canvas->ui);
	size_t count;

	if (canvas->ui->prompt.kind != PROMPT_NONE) {
		prompt_draw(canvas);
		return;
	}
	if (where == ON_MAIN && is_locked(canvas->ui, canvas->snapshot) &&
	    canvas->snapshot->link.state != LINK_STARTING) {
		draw_locked(canvas);
		return;
	}
	count = bar_items(canvas->ui, canvas->snapshot, canvas->arena, where, at.w, items);
	for (size_t i = 0; i < count; i++) {
		int x = grid_put(canvas->grid, items[i].x, at.y, at.x + at.w, ROLE_KEY,
				 items[i].key);

		grid_put(canvas->grid, x + 1, at.y, at.x + at.w, ROLE_TEXT, items[i].word);
	}
}
