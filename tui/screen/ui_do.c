/* What each action does: one function an action, looked up by its number. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/migrate/step.h"
#include "tui/screen/choose.h"
#include "tui/screen/dialog.h"
#include "tui/screen/page.h"
#include "tui/screen/pane.h"
#include "tui/screen/prompt.h"
#include "tui/screen/ui_inside.h"

typedef enum answer act(struct doing *doing);

static struct canvas
canvas_of(const struct doing *doing, enum pane_id id)
{
	struct layout layout;

	layout_make(doing->ui->columns, doing->ui->rows, doing->ui->focus, doing->ui->zoom,
		    &layout);
	return (struct canvas){ .ui = doing->ui,
				.snapshot = doing->snapshot,
				.arena = doing->arena,
				.at = layout.inside[id],
				.focus = true };
}

/* A key that comes before the first data is answered, too. */
static const char *
why_no_pair(const struct snapshot *snapshot)
{
	return snapshot->view[KIND_ALPHA_POOL].state == VIEW_STARTING
		       ? "the pools are still being read"
		       : "no pair is selected";
}

static bool
is_busy(const struct snapshot *snapshot)
{
	return snapshot->run.phase != RUN_IDLE;
}

enum answer
ui_ask(struct doing *doing, enum step_id step, bool undo, int64_t goal, bool unproven)
{
	struct ui *ui = doing->ui;
	const char *why = state_step_locked(doing->ui, doing->snapshot);
	enum answer answer;

	if (step == STEP_VERIFY && !undo)
		return ui_do(doing, ACTION_VERIFY);
	if (why == NULL && is_busy(doing->snapshot))
		why = "another step is running; A stops it";
	if (why != NULL) {
		state_say(ui, true, "%s is locked: %s", step_name(step), why);
		return ANSWER_NOTHING;
	}
	answer = state_command(doing, COMMAND_PREVIEW);
	if (step_row(step)->scope == SCOPE_CLUSTER)
		doing->command->pair = "";
	doing->command->step = step;
	doing->command->undo = undo;
	doing->command->goal = step == STEP_SHIFT && !undo ? goal : PPM_UNKNOWN;
	doing->command->accept_unproven = unproven;
	ui->dialog = (struct dialog){ .kind = DIALOG_PREVIEW,
				      .step = step,
				      .undo = undo,
				      .goal = doing->command->goal,
				      .armed = NEVER,
				      .opener = *doing->press };
	snprintf(ui->dialog.pair, sizeof(ui->dialog.pair), "%s", doing->command->pair);
	return answer;
}

static enum answer
focus(struct doing *doing, enum pane_id id)
{
	slider_typed_end(&doing->ui->slider);
	if (doing->ui->focus == id && doing->press->code == PRESS_RUNE)
		doing->ui->zoom = !doing->ui->zoom;
	doing->ui->focus = id;
	return ANSWER_NOTHING;
}

static const int slides[ACTION_COUNT] = {
	/* percents */
	[ACTION_LESS] = -1,    [ACTION_MORE] = 1,        [ACTION_LESS_10] = -10,
	[ACTION_MORE_10] = 10, [ACTION_NO_SHARE] = -100, [ACTION_ALL_SHARE] = 100,
};

static enum answer
do_slide(struct doing *doing)
{
	struct ui *ui = doing->ui;

	if (state_pair(ui, doing->snapshot) == NULL) {
		state_say(ui, true, "no share to move: %s", why_no_pair(doing->snapshot));
		return ANSWER_NOTHING;
	}
	ui->focus = PANE_TRAFFIC;
	slider_step(&ui->slider, slides[doing->action]);
	return ANSWER_NOTHING;
}

static enum answer
do_type_share(struct doing *doing)
{
	doing->ui->focus = PANE_TRAFFIC;
	state_say(doing->ui, false, "type the share of GA in percent, then Enter for the preview");
	return ANSWER_NOTHING;
}

static enum answer
open_details(struct doing *doing)
{
	struct ui *ui = doing->ui;
	const struct pane *pane = pane_row(ui->focus);
	struct canvas canvas = canvas_of(doing, ui->focus);
	struct pane_subject subject;
	size_t count = 0, cursor = 0;
	const size_t *rows = pane_rows(&canvas, pane, &count);
	enum answer answer;

	cursor = pane_cursor(&canvas, pane, rows, count);
	if (pane->subject == NULL || (pane->count != NULL && count == 0) ||
	    !pane->subject(&canvas, count == 0 ? 0 : rows[cursor], &subject)) {
		state_say(ui, false, "there is nothing here to show details of");
		return ANSWER_NOTHING;
	}
	answer = state_command(doing, COMMAND_INSPECT);
	snprintf(ui->ns_sent, sizeof(ui->ns_sent), "%s", subject.ns);
	snprintf(ui->name_sent, sizeof(ui->name_sent), "%s", subject.name);
	doing->command->object = subject.kind;
	doing->command->ns = ui->ns_sent;
	doing->command->name = ui->name_sent;
	page_open(&ui->page, PAGE_DETAILS);
	return answer;
}

static enum answer
do_enter(struct doing *doing)
{
	struct ui *ui = doing->ui;

	if (ui->focus == PANE_MIGRATION)
		return ui_do(doing, ACTION_STEP);
	if (ui->focus != PANE_TRAFFIC)
		return open_details(doing);
	slider_typed_end(&ui->slider);
	if (!ui->slider.moved) {
		state_say(ui, false,
			  "move the slider first: ← → by one, H L by ten, or type the share of GA");
		return ANSWER_NOTHING;
	}
	return ui_ask(doing, STEP_SHIFT, false, ui->slider.ppm, false);
}

static enum answer
do_step(struct doing *doing)
{
	struct ui *ui = doing->ui;
	enum step_id step = step_by_name(ui->list[PANE_MIGRATION].selected);

	if (ui->focus != PANE_MIGRATION || step == STEP_COUNT)
		step = state_next_step(ui, doing->snapshot);
	if (step == STEP_COUNT) {
		state_say(ui, false, "every step of this pair is done");
		return ANSWER_NOTHING;
	}
	return ui_ask(doing, step, false, ui->slider.moved ? ui->slider.ppm : PPM_UNKNOWN, false);
}

static enum answer
do_undo(struct doing *doing)
{
	struct ui *ui = doing->ui;
	enum step_id step = step_by_name(ui->list[PANE_MIGRATION].selected);

	if (ui->focus != PANE_MIGRATION || step == STEP_COUNT)
		step = state_last_step(ui, doing->snapshot);
	if (step == STEP_COUNT) {
		state_say(ui, false,
			  "no step of this pair has been taken yet: there is nothing to undo");
		return ANSWER_NOTHING;
	}
	return ui_ask(doing, step, true, PPM_UNKNOWN, false);
}

static enum answer
do_verify(struct doing *doing)
{
	page_open(&doing->ui->page, PAGE_CHECKS);
	return state_command(doing, COMMAND_VERIFY);
}

/* An abort or a ramp. */
static enum answer
do_confirmed(struct doing *doing)
{
	struct ui *ui = doing->ui;
	const struct pair *pair = state_pair(ui, doing->snapshot);
	bool ramp = doing->action == ACTION_RAMP;
	const char *why =
		ramp ? state_step_locked(ui, doing->snapshot) : state_locked(ui, doing->snapshot);

	if (why == NULL && pair == NULL)
		why = why_no_pair(doing->snapshot);
	if (why == NULL && ramp && is_busy(doing->snapshot))
		why = "another step is running; A stops it";
	if (why == NULL && ramp && pair->written >= PPM_ALL)
		why = "all of the pair's traffic is on GA already";
	if (why != NULL) {
		state_say(ui, true, "%s: %s", keymap_row(doing->action)->name, why);
		return ANSWER_NOTHING;
	}
	ui->dialog = (struct dialog){ .kind = ramp ? DIALOG_RAMP : DIALOG_ABORT,
				      .step = STEP_SHIFT,
				      .goal = PPM_UNKNOWN,
				      .armed = ui->mono + DIALOG_ABORT_ARM,
				      .opener = *doing->press };
	snprintf(ui->dialog.pair, sizeof(ui->dialog.pair), "%s/%s", pair->ns, pair->alpha);
	return ANSWER_NOTHING;
}

static enum answer
do_filter(struct doing *doing)
{
	prompt_open(doing, PROMPT_FILTER);
	return ANSWER_NOTHING;
}

static enum answer
do_command(struct doing *doing)
{
	prompt_open(doing, PROMPT_COMMAND);
	return ANSWER_NOTHING;
}

static const enum page_id pages[ACTION_COUNT] = {
	[ACTION_JOURNAL] = PAGE_JOURNAL, [ACTION_REPORT] = PAGE_REPORT,
	[ACTION_PLAN] = PAGE_PLAN,       [ACTION_LOSSES] = PAGE_LOSSES,
	[ACTION_HELP] = PAGE_HELP,       [ACTION_CHOICES] = PAGE_CHOICES,
};

/* Its key leaves a page, too. */
static enum answer
do_page(struct doing *doing)
{
	enum page_id id = pages[doing->action];

	page_open(&doing->ui->page, doing->ui->page.id == id ? PAGE_NONE : id);
	return ANSWER_NOTHING;
}

static enum answer
do_report(struct doing *doing)
{
	do_page(doing);
	if (doing->ui->page.id == PAGE_NONE)
		return ANSWER_NOTHING;
	/* Whose journal it would be told from is not known yet: what is, is shown. */
	return doing->snapshot->journal_path[0] == '\0' ? ANSWER_NOTHING : ANSWER_REPORT;
}

static enum answer
do_choices(struct doing *doing)
{
	do_page(doing);
	choose_begin(doing);
	return ANSWER_NOTHING;
}

static enum answer
do_freeze(struct doing *doing)
{
	dialog_freeze_open(doing);
	return ANSWER_NOTHING;
}

static enum answer
do_watch(struct doing *doing)
{
	doing->ui->watch = !doing->ui->watch;
	doing->ui->page.id = PAGE_NONE;
	return ANSWER_NOTHING;
}

/* Moves the selection of the pane in focus by `by` rows. */
static enum answer
move(struct doing *doing, int by)
{
	struct ui *ui = doing->ui;
	struct canvas canvas = canvas_of(doing, ui->focus);
	const struct pane *pane = pane_row(ui->focus);
	struct list_state *list = &ui->list[ui->focus];
	size_t count;
	const size_t *rows;
	int64_t at;

	if (ui->page.id == PAGE_CHOICES) {
		choose_move(doing, by);
		return ANSWER_NOTHING;
	}
	if (ui->page.id != PAGE_NONE) {
		canvas.at = (struct rect){ 0, 0, ui->columns, ui->rows };
		page_scroll(&canvas, &ui->page, by);
		return ANSWER_NOTHING;
	}
	rows = pane_rows(&canvas, pane, &count);
	if (count == 0)
		return ANSWER_NOTHING;
	at = (int64_t)pane_cursor(&canvas, pane, rows, count) + by;
	at = at < 0 ? 0 : at >= (int64_t)count ? (int64_t)count - 1 : at;
	if (ui->focus == PANE_MIGRATION && list->selected[0] == '\0')
		for (size_t i = 0; i < count; i++)
			if (step_by_name(pane->row_name(&canvas, rows[i])) ==
			    state_next_step(ui, doing->snapshot))
				at = (int64_t)i;
	snprintf(list->selected, sizeof(list->selected), "%s", pane->row_name(&canvas, rows[at]));
	list->row = rows[at];
	list->top = pane_top(list->top, (size_t)at,
			     canvas.at.h - (pane->draw_head != NULL && canvas.at.h > 1),
			     pane_across(pane, canvas.at), count);
	state_follow_slider(ui, doing->snapshot);
	return ANSWER_NOTHING;
}

void
ui_settle(struct doing *doing)
{
	enum page_id page = doing->ui->page.id;

	doing->ui->page.id = PAGE_NONE;
	if (doing->ui->list[doing->ui->focus].selected[0] != '\0' ||
	    doing->ui->focus != PANE_MIGRATION)
		move(doing, 0);
	doing->ui->page.id = page;
}

static int
page_rows(const struct doing *doing)
{
	if (doing->ui->page.id != PAGE_NONE)
		return doing->ui->rows > 4 ? doing->ui->rows - 4 : 1;
	return canvas_of(doing, doing->ui->focus).at.h;
}

static enum answer
do_up(struct doing *doing)
{
	return move(doing, -1);
}

static enum answer
do_down(struct doing *doing)
{
	return move(doing, 1);
}

static enum answer
do_page_up(struct doing *doing)
{
	return move(doing, -page_rows(doing));
}

static enum answer
do_page_down(struct doing *doing)
{
	return move(doing, page_rows(doing));
}

static enum answer
do_top(struct doing *doing)
{
	return move(doing, -1000000);
}

static enum answer
do_bottom(struct doing *doing)
{
	return move(doing, 1000000);
}

static enum answer
do_pane_next(struct doing *doing)
{
	doing->ui->focus = (doing->ui->focus + 1) % PANE_COUNT;
	return ANSWER_NOTHING;
}

static enum answer
do_pane_previous(struct doing *doing)
{
	doing->ui->focus = (doing->ui->focus + PANE_COUNT - 1) % PANE_COUNT;
	return ANSWER_NOTHING;
}

static enum answer
do_pane(struct doing *doing)
{
	return focus(doing, (enum pane_id)(doing->action - ACTION_PANE_1));
}

static enum answer
move_pair(struct doing *doing, int by)
{
	enum pane_id was = doing->ui->focus;
	enum page_id page = doing->ui->page.id;

	doing->ui->focus = PANE_POOLS;
	doing->ui->page.id = PAGE_NONE;
	move(doing, by);
	doing->ui->focus = was;
	doing->ui->page.id = page;
	return ANSWER_NOTHING;
}

static enum answer
do_pair_next(struct doing *doing)
{
	return move_pair(doing, 1);
}

static enum answer
do_pair_previous(struct doing *doing)
{
	return move_pair(doing, -1);
}

static enum answer
do_zoom(struct doing *doing)
{
	doing->ui->zoom = !doing->ui->zoom;
	return ANSWER_NOTHING;
}

static enum answer
do_theme(struct doing *doing)
{
	struct ui *ui = doing->ui;
	size_t i = 0;

	if (ui->themes == NULL || ui->themes[0] == NULL)
		return ANSWER_NOTHING;
	while (ui->themes[i] != NULL && strcmp(ui->themes[i], ui->theme) != 0)
		i++;
	if (ui->themes[i] == NULL || ui->themes[++i] == NULL)
		i = 0;
	snprintf(ui->theme, sizeof(ui->theme), "%s", ui->themes[i]);
	state_say(ui, false, "theme %s", ui->theme);
	return ANSWER_THEME;
}

static enum answer
do_refresh(struct doing *doing)
{
	state_say(doing->ui, false, "reading everything again");
	return state_command(doing, COMMAND_REFRESH);
}

static enum answer
do_redraw(struct doing *doing)
{
	(void)doing;
	return ANSWER_REDRAW;
}

static enum answer
do_suspend(struct doing *doing)
{
	(void)doing;
	return ANSWER_SUSPEND;
}

static enum answer
do_sign_in(struct doing *doing)
{
	if (!doing->snapshot->link.may_log_in) {
		state_say(doing->ui, true,
			  "user %s of the kubeconfig has no credential plugin that could ask",
			  doing->snapshot->link.user);
		return ANSWER_NOTHING;
	}
	state_command(doing, COMMAND_SIGN_IN);
	return ANSWER_SIGN_IN;
}

static enum answer
do_yaml(struct doing *doing)
{
	doing->ui->page.yaml = !doing->ui->page.yaml;
	doing->ui->page.top = 0;
	return ANSWER_NOTHING;
}

static enum answer
do_back(struct doing *doing)
{
	struct ui *ui = doing->ui;
	bool details = ui->page.id == PAGE_DETAILS;

	if (ui->page.id != PAGE_NONE)
		ui->page.id = PAGE_NONE;
	else if (ui->watch)
		ui->watch = false;
	else if (ui->list[ui->focus].filter[0] != '\0')
		ui->list[ui->focus].filter[0] = '\0';
	else if (ui->slider.moved && state_pair(ui, doing->snapshot) != NULL)
		slider_reset(&ui->slider, state_pair(ui, doing->snapshot)->written);
	else
		ui->zoom = false;
	/* The engine need not keep the details fresh any longer. */
	return details ? state_command(doing, COMMAND_INSPECT) : ANSWER_NOTHING;
}

static enum answer
do_quit(struct doing *doing)
{
	if (doing->ui->page.id != PAGE_NONE || doing->ui->watch)
		return do_back(doing);
	if (is_busy(doing->snapshot) && doing->snapshot->run.phase != RUN_DRAINING &&
	    !doing->ui->notice.bad) {
		state_say(
			doing->ui, true,
			"%s is running; q again leaves it where it stands after the write in flight",
			step_name(doing->snapshot->run.step));
		return ANSWER_NOTHING;
	}
	return ANSWER_QUIT;
}

static act *const acts[ACTION_COUNT] = {
	[ACTION_LESS] = do_slide,
	[ACTION_MORE] = do_slide,
	[ACTION_LESS_10] = do_slide,
	[ACTION_MORE_10] = do_slide,
	[ACTION_NO_SHARE] = do_slide,
	[ACTION_ALL_SHARE] = do_slide,
	[ACTION_TYPE_SHARE] = do_type_share,
	[ACTION_ENTER] = do_enter,
	[ACTION_STEP] = do_step,
	[ACTION_UNDO] = do_undo,
	[ACTION_VERIFY] = do_verify,
	[ACTION_ABORT] = do_confirmed,
	[ACTION_RAMP] = do_confirmed,
	[ACTION_DETAILS] = open_details,
	[ACTION_FILTER] = do_filter,
	[ACTION_COMMAND] = do_command,
	[ACTION_JOURNAL] = do_page,
	[ACTION_REPORT] = do_report,
	[ACTION_PLAN] = do_page,
	[ACTION_LOSSES] = do_page,
	[ACTION_CHOICES] = do_choices,
	[ACTION_CHANGE] = choose_change,
	[ACTION_FREEZE] = do_freeze,
	[ACTION_WATCH] = do_watch,
	[ACTION_UP] = do_up,
	[ACTION_DOWN] = do_down,
	[ACTION_PAGE_UP] = do_page_up,
	[ACTION_PAGE_DOWN] = do_page_down,
	[ACTION_TOP] = do_top,
	[ACTION_BOTTOM] = do_bottom,
	[ACTION_PANE_NEXT] = do_pane_next,
	[ACTION_PANE_PREVIOUS] = do_pane_previous,
	[ACTION_PANE_1] = do_pane,
	[ACTION_PANE_2] = do_pane,
	[ACTION_PANE_3] = do_pane,
	[ACTION_PANE_4] = do_pane,
	[ACTION_PANE_5] = do_pane,
	[ACTION_PANE_6] = do_pane,
	[ACTION_PAIR_NEXT] = do_pair_next,
	[ACTION_PAIR_PREVIOUS] = do_pair_previous,
	[ACTION_ZOOM] = do_zoom,
	[ACTION_THEME] = do_theme,
	[ACTION_REFRESH] = do_refresh,
	[ACTION_SIGN_IN] = do_sign_in,
	[ACTION_REDRAW] = do_redraw,
	[ACTION_SUSPEND] = do_suspend,
	[ACTION_HELP] = do_page,
	[ACTION_YAML] = do_yaml,
	[ACTION_BACK] = do_back,
	[ACTION_QUIT] = do_quit,
};

enum answer
ui_do(struct doing *doing, enum action action)
{
	doing->action = action;
	return acts[action] == NULL ? ANSWER_NOTHING : acts[action](doing);
}
