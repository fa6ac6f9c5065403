/* What a key or the mouse means where the ui stands. */
#include <stdio.h>
#include <string.h>

#include "core/migrate/step.h"
#include "tui/screen/choose.h"
#include "tui/screen/dialog.h"
#include "tui/screen/frame.h"
#include "tui/screen/pane.h"
#include "tui/screen/prompt.h"
#include "tui/screen/ui.h"
#include "tui/screen/ui_inside.h"

/* Digits and the point, where the slider is in focus. */
static bool
types_share(struct doing *doing)
{
	struct ui *ui = doing->ui;
	const struct press *press = doing->press;

	if (ui->focus != PANE_TRAFFIC || ui->page.id != PAGE_NONE || ui->watch ||
	    state_pair(ui, doing->snapshot) == NULL)
		return false;
	if (press->code == PRESS_BACKSPACE)
		return slider_backspace(&ui->slider);
	if (press->code != PRESS_RUNE || press->mods != 0 ||
	    !((press->rune >= '0' && press->rune <= '9') || press->rune == '.'))
		return false;
	if (!slider_type(&ui->slider, (char)press->rune))
		state_say(ui, true, "a share is 0 to 100 percent, with at most 4 decimals");
	return true;
}

/* A letter of a step; the keys of actions come first. */
static enum step_id
step_of(const struct press *press)
{
	for (int i = 0; i < STEP_COUNT; i++)
		if (press->code == PRESS_RUNE && press->mods == 0 &&
		    step_row((enum step_id)i)->key == (char)press->rune && press->rune < 0x80)
			return (enum step_id)i;
	return STEP_COUNT;
}

static enum answer
handle_main(struct doing *doing)
{
	struct ui *ui = doing->ui;
	enum action action;
	enum step_id step;

	if (types_share(doing))
		return ANSWER_NOTHING;
	action = keymap_find(&ui->keymap, doing->press, ON_MAIN);
	if (action != ACTION_NONE)
		return ui_do(doing, action);
	step = step_of(doing->press);
	if (step == STEP_COUNT)
		return ANSWER_NOTHING;
	return ui_ask(doing, step, false, ui->slider.moved ? ui->slider.ppm : PPM_UNKNOWN, false);
}

static enum answer
handle_prompt(struct doing *doing)
{
	struct order order = prompt_handle(doing);

	switch (order.kind) {
	case ORDER_ACTION:
		return ui_do(doing, order.action);
	case ORDER_STEP:
		return ui_ask(doing, order.step, order.undo, order.goal, order.unproven);
	case ORDER_PRIORITY:
		return choose_priority(doing, doing->ui->prompt.text);
	case ORDER_FILTER:
		/* What is highlighted and what the other panes speak of stay the same row. */
		ui_settle(doing);
		break;
	case ORDER_NOTHING:
		break;
	}
	return ANSWER_NOTHING;
}

static enum answer
handle_page(struct doing *doing)
{
	enum action action = ACTION_NONE;

	if (doing->ui->page.id == PAGE_DETAILS)
		action = keymap_find(&doing->ui->keymap, doing->press, ON_DETAILS);
	else if (doing->ui->page.id == PAGE_CHOICES)
		action = keymap_find(&doing->ui->keymap, doing->press, ON_CHOICES);
	if (action == ACTION_NONE)
		action = keymap_find(&doing->ui->keymap, doing->press, ON_PAGE);
	return ui_do(doing, action);
}

static void
select_row(struct doing *doing, enum pane_id id, const struct layout *layout)
{
	struct ui *ui = doing->ui;
	const struct pane *pane = pane_row(id);
	struct canvas canvas = { .ui = ui,
				 .snapshot = doing->snapshot,
				 .arena = doing->arena,
				 .at = layout->inside[id] };
	size_t place, count;
	const size_t *rows;

	if (pane->count == NULL ||
	    !pane_hit(&canvas, pane, doing->press->x, doing->press->y, &place))
		return;
	rows = pane_rows(&canvas, pane, &count);
	snprintf(ui->list[id].selected, NAME_ROOM, "%s", pane->row_name(&canvas, rows[place]));
	ui->list[id].row = rows[place];
	state_follow_slider(ui, doing->snapshot);
}

static enum answer
mouse_down(struct doing *doing, const struct layout *layout)
{
	struct ui *ui = doing->ui;
	const struct press *press = doing->press;
	struct rect bar = traffic_bar(layout->inside[PANE_TRAFFIC]);
	enum action action = frame_bar_hit(ui, doing->snapshot, doing->arena, press->x, press->y);

	if (action != ACTION_NONE)
		return ui->dialog.kind != DIALOG_NONE ? ANSWER_NOTHING : ui_do(doing, action);
	if (ui->dialog.kind != DIALOG_NONE || ui->page.id != PAGE_NONE || ui->watch)
		return ANSWER_NOTHING;
	for (int i = 0; i < PANE_COUNT; i++)
		if (layout->frame[i].w > 0 && rect_holds(layout->inside[i], press->x, press->y)) {
			select_row(doing, (enum pane_id)i, layout);
			if (ui->focus != (enum pane_id)i)
				slider_typed_end(&ui->slider);
			ui->focus = (enum pane_id)i;
		}
	if (layout->frame[PANE_TRAFFIC].w > 0 && rect_holds(bar, press->x, press->y) &&
	    state_pair(ui, doing->snapshot) != NULL) {
		ui->dragging = true;
		slider_point(&ui->slider, press->x - bar.x, bar.w);
	}
	return ANSWER_NOTHING;
}

static enum answer
mouse(struct doing *doing)
{
	struct ui *ui = doing->ui;
	const struct press *press = doing->press;
	struct layout layout;
	struct rect bar;

	layout_make(ui->columns, ui->rows, ui->focus, ui->zoom, &layout);
	bar = traffic_bar(layout.inside[PANE_TRAFFIC]);
	if (press->mouse == MOUSE_DOWN)
		return mouse_down(doing, &layout);
	if (press->mouse == MOUSE_DRAG && ui->dragging)
		slider_point(&ui->slider, press->x - bar.x, bar.w);
	if (press->mouse == MOUSE_UP)
		ui->dragging = false;
	if (press->mouse != MOUSE_WHEEL_UP && press->mouse != MOUSE_WHEEL_DOWN)
		return ANSWER_NOTHING;
	if (ui->dialog.kind != DIALOG_NONE) {
		ui->dialog.top +=
			press->mouse == MOUSE_WHEEL_UP ? (ui->dialog.top > 0 ? -1 : 0) : 1;
		return ANSWER_NOTHING;
	}
	return ui_do(doing, press->mouse == MOUSE_WHEEL_UP ? ACTION_UP : ACTION_DOWN);
}

static bool
wants_sign_in(const struct doing *doing)
{
	const struct link *link = &doing->snapshot->link;

	return link->state == LINK_SIGN_IN && link->may_log_in &&
	       keymap_find(&doing->ui->keymap, doing->press, ON_SIGN_IN) == ACTION_SIGN_IN;
}

static enum answer
handle(struct doing *doing)
{
	struct ui *ui = doing->ui;

	if (doing->press->code == PRESS_MOUSE)
		return mouse(doing);
	if (ui->dialog.kind != DIALOG_NONE)
		return dialog_handle(doing);
	if (ui->prompt.kind != PROMPT_NONE)
		return handle_prompt(doing);
	if (wants_sign_in(doing))
		return ui_do(doing, ACTION_SIGN_IN);
	if (ui->page.id != PAGE_NONE || ui->watch)
		return handle_page(doing);
	return handle_main(doing);
}

enum answer
ui_handle(struct ui *ui, const struct snapshot *snapshot, const struct press *press,
	  struct command *command)
{
	struct arena arena;
	struct doing doing = { ui, snapshot, command, press, &arena, ACTION_NONE };
	enum answer answer;

	if (press->code == PRESS_NONE)
		return ANSWER_NOTHING;
	*command = (struct command){ 0 };
	arena_init(&arena);
	/* A sentence has been read when the next key comes; only quitting asks whether it stands
	 * there. */
	if (keymap_find(&ui->keymap, press, ON_MAIN) != ACTION_QUIT)
		ui->notice.until = 0;
	answer = handle(&doing);
	if (ui->notice.until == 0)
		ui->notice = (struct notice){ 0 };
	arena_release(&arena);
	return answer;
}
