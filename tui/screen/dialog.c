#include "tui/screen/dialog.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/migrate/step.h"
#include "tui/screen/choose.h"
#include "tui/screen/page.h"
#include "tui/screen/state.h"
#include "tui/screen/words.h"

const struct preview *
dialog_preview(const struct ui *ui, const struct snapshot *snapshot)
{
	const struct dialog *dialog = &ui->dialog;
	const struct preview *preview = &snapshot->preview;

	if (dialog->kind != DIALOG_PREVIEW || preview->id == 0 || preview->id == ui->dismissed ||
	    preview->step != dialog->step || preview->undo != dialog->undo ||
	    strcmp(preview->pair, dialog->pair) != 0)
		return NULL;
	if (dialog->goal != PPM_UNKNOWN && preview->to != dialog->goal)
		return NULL;
	return preview;
}

void
dialog_see(struct ui *ui, const struct snapshot *snapshot)
{
	struct dialog *dialog = &ui->dialog;
	const struct preview *preview = dialog_preview(ui, snapshot);

	if (dialog->kind != DIALOG_PREVIEW)
		return;
	if (preview == NULL || !preview->ready) {
		dialog->armed = NEVER;
		dialog->preview = 0;
		return;
	}
	if (dialog->preview == preview->id)
		return;
	dialog->preview = preview->id;
	dialog->armed = ui->mono + DIALOG_PREVIEW_ARM;
	dialog->typed[0] = '\0';
}

void
dialog_fail(struct ui *ui, const struct snapshot *snapshot)
{
	if (snapshot->outcome.code == ERR_CANCELLED) {
		state_say(ui, false, "%s", snapshot->outcome.text);
		return;
	}
	ui->dialog = (struct dialog){ .kind = DIALOG_FAILED, .armed = NEVER, .goal = PPM_UNKNOWN };
	snprintf(ui->failed, sizeof(ui->failed), "%s", snapshot->outcome.text);
}

/* The command that asked has failed: its outcome, or NULL. */
static const struct outcome *
failure(const struct ui *ui, const struct snapshot *snapshot)
{
	const struct outcome *outcome = &snapshot->outcome;

	if (ui->dialog.serial == 0 || outcome->serial != ui->dialog.serial || outcome->ok)
		return NULL;
	return outcome;
}

const char *
dialog_refusal(const struct ui *ui, const struct snapshot *snapshot)
{
	const struct dialog *dialog = &ui->dialog;
	const struct preview *preview = dialog_preview(ui, snapshot);

	if (dialog->kind == DIALOG_FREEZE || dialog->kind == DIALOG_UNFREEZE)
		return dialog_freeze_refusal(snapshot);
	const char *locked = dialog->kind == DIALOG_ABORT ? state_locked(ui, snapshot)
							  : state_step_locked(ui, snapshot);
	if (locked != NULL)
		return locked;
	if (dialog->kind == DIALOG_ABORT || dialog->kind == DIALOG_RAMP)
		return "";
	if (failure(ui, snapshot) != NULL)
		return failure(ui, snapshot)->text;
	return preview != NULL ? preview_refusal(preview) : "the server is still being asked";
}

static bool
wants_name(const struct preview *preview, const struct dialog *dialog)
{
	return preview != NULL && preview->type_this[0] != '\0' &&
	       strcmp(preview->type_this, dialog->typed) != 0;
}

static enum answer
leave(struct doing *doing)
{
	struct ui *ui = doing->ui;
	const struct preview *preview = dialog_preview(ui, doing->snapshot);
	bool asked = ui->dialog.kind == DIALOG_PREVIEW;

	if (preview != NULL)
		ui->dismissed = preview->id;
	ui->dialog.kind = DIALOG_NONE;
	if (!asked)
		return ANSWER_NOTHING;
	state_command(doing, COMMAND_DISMISS);
	doing->command->preview = preview == NULL ? 0 : preview->id;
	return ANSWER_COMMAND;
}

static const enum command_kind confirmed[] = {
	[DIALOG_PREVIEW] = COMMAND_ACCEPT,    [DIALOG_ABORT] = COMMAND_ABORT,
	[DIALOG_RAMP] = COMMAND_RAMP,         [DIALOG_FREEZE] = COMMAND_FREEZE,
	[DIALOG_UNFREEZE] = COMMAND_UNFREEZE,
};

static enum answer
confirm(struct doing *doing)
{
	struct ui *ui = doing->ui;
	struct dialog *dialog = &ui->dialog;
	const char *why = dialog_refusal(ui, doing->snapshot);
	bool shown = dialog->kind == DIALOG_PREVIEW;

	if (why[0] != '\0') {
		state_say(ui, true, "not written: %s", why);
		return ANSWER_NOTHING;
	}
	if (press_equal(doing->press, &dialog->opener) || ui->mono < dialog->armed ||
	    wants_name(dialog_preview(ui, doing->snapshot), dialog))
		return ANSWER_NOTHING;
	state_command(doing, confirmed[dialog->kind]);
	ui->tells = dialog->kind == DIALOG_FREEZE || dialog->kind == DIALOG_UNFREEZE;
	if (ui->tells) {
		memcpy(ui->reason_sent, dialog->typed, sizeof(ui->reason_sent));
		doing->command->text = ui->reason_sent;
		dialog->kind = DIALOG_NONE;
		return ANSWER_COMMAND;
	}
	memcpy(ui->pair_sent, dialog->pair, sizeof(ui->pair_sent));
	doing->command->step = dialog->step;
	doing->command->undo = dialog->undo;
	doing->command->goal = dialog->goal;
	doing->command->preview = shown ? dialog->preview : 0;
	ui->dismissed = shown ? dialog->preview : ui->dismissed;
	dialog->kind = DIALOG_NONE;
	/* The slider follows what is written from now on. */
	ui->slider.moved = false;
	slider_typed_end(&ui->slider);
	return ANSWER_COMMAND;
}

/* Letters of the name that has to be typed: true when the key was one. */
static bool
type_name(struct doing *doing, const struct preview *preview)
{
	struct ui *ui = doing->ui;
	struct dialog *dialog = &ui->dialog;
	size_t length = strlen(dialog->typed);
	struct buf rune;

	if (preview == NULL || preview->type_this[0] == '\0')
		return false;
	if (doing->press->code == PRESS_BACKSPACE) {
		while (length > 0 && ((unsigned char)dialog->typed[--length] & 0xC0) == 0x80)
			;
		dialog->typed[length] = '\0';
		return true;
	}
	if (doing->press->code != PRESS_RUNE || doing->press->mods != 0 ||
	    !wants_name(preview, dialog))
		return false;
	buf_init(&rune, 8);
	utf8_add(&rune, doing->press->rune);
	if (length + rune.length < sizeof(dialog->typed))
		memcpy(dialog->typed + length, rune.bytes, rune.length + 1);
	buf_release(&rune);
	if (!wants_name(preview, dialog))
		dialog->armed = ui->mono + DIALOG_PREVIEW_ARM;
	return true;
}

static void
show(struct dialog *dialog, enum dialog_show what)
{
	dialog->show = dialog->show == what ? SHOW_WRITES : what;
	dialog->top = 0;
}

enum answer
dialog_handle(struct doing *doing)
{
	struct dialog *dialog = &doing->ui->dialog;
	const struct preview *preview = dialog_preview(doing->ui, doing->snapshot);
	enum action action = keymap_find(&doing->ui->keymap, doing->press, ON_DIALOG);

	if (action == ACTION_BACK ||
	    (dialog->kind == DIALOG_FAILED && doing->press->code == PRESS_ENTER))
		return leave(doing);
	if (dialog->kind == DIALOG_FAILED && action == ACTION_WRITE)
		return ANSWER_NOTHING;
	if (type_name(doing, preview) || dialog_freeze_type(doing))
		return ANSWER_NOTHING;
	if (keymap_find(&doing->ui->keymap, doing->press, ON_MAIN) == ACTION_QUIT)
		return leave(doing);
	if (action == ACTION_WRITE)
		return confirm(doing);
	if (action == ACTION_ROUTES)
		return choose_routes(doing);
	if (action == ACTION_REDRAW)
		return ANSWER_REDRAW;
	if (action == ACTION_SUSPEND)
		return ANSWER_SUSPEND;
	if (action == ACTION_DIFF)
		show(dialog, SHOW_DIFF);
	else if (action == ACTION_KUBECTL)
		show(dialog, SHOW_KUBECTL);
	else if (action == ACTION_UP || action == ACTION_PAGE_UP)
		dialog->top -= action == ACTION_UP ? 1 : 10;
	else if (action == ACTION_DOWN || action == ACTION_PAGE_DOWN)
		dialog->top += action == ACTION_DOWN ? 1 : 10;
	dialog->top = dialog->top < 0 ? 0 : dialog->top;
	return ANSWER_NOTHING;
}

#define WRITE_INDENT 10 /* of what a write does, under its verb and object */

/* What has been asked for and not come yet, or could not come. */
static void
add_waiting(const struct canvas *canvas, struct page_lines *lines)
{
	const struct outcome *outcome = failure(canvas->ui, canvas->snapshot);

	if (outcome != NULL)
		page_add_text(lines, ROLE_BAD, outcome->text, false);
	else
		page_add(lines, ROLE_WARN, "◐ asking the server what it would make of it …");
}

static void
add_writes(const struct canvas *canvas, const struct preview *preview, struct page_lines *lines)
{
	for (size_t i = 0; i < preview->write_count; i++) {
		const struct write_view *write = &preview->writes[i];
		/* The basis is said where it does not cost a row. */
		bool fits = write->version_seen[0] != '\0' &&
			    text_width(write->title) + 26 <= canvas->grid->columns;

		int verb = text_width(write->verb) + 1;

		page_add_lead(lines, ROLE_KEY, arena_printf(canvas->arena, "%s", write->verb),
			      verb > WRITE_INDENT - 2 ? verb : WRITE_INDENT - 2, ROLE_TITLE,
			      !fits ? write->title
				    : arena_printf(canvas->arena, "%s  rv %s", write->title,
						   write->version_seen));
		page_add_under(lines, WRITE_INDENT, ROLE_TEXT, write->summary);
		if (write->dry_run == DRY_REFUSED)
			page_add_under(
				lines, WRITE_INDENT, ROLE_BAD,
				arena_printf(canvas->arena, "refused: %s", write->dry_run_text));
		else if (write->dry_run == DRY_UNSUPPORTED)
			page_add_under(lines, WRITE_INDENT, ROLE_WARN,
				       arena_printf(canvas->arena, "not tried beforehand: %s",
						    write->dry_run_text));
	}
}

static void
add_preview(const struct canvas *canvas, const struct preview *preview, struct page_lines *lines)
{
	const struct dialog *dialog = &canvas->ui->dialog;
	bool blocked =
		preview->status.state == STATE_BLOCKED || preview->status.state == STATE_FAILED;

	if (blocked) {
		page_add_text(lines, ROLE_BAD,
			      arena_printf(canvas->arena, "✗ blocked: %s%s", preview->status.reason,
					   words_until(canvas->arena, preview->status.until,
						       canvas->ui->wall)),
			      false);
		page_add_text(lines, ROLE_TEXT, preview->status.object, false);
		page_add_text(
			lines, ROLE_KEY,
			preview->status.advice[0] == '\0'
				? ""
				: arena_printf(canvas->arena, "→ %s",
					       words_advice(canvas->arena, preview->status.advice)),
			false);
		page_add(lines, ROLE_TEXT, "");
	}
	for (size_t i = 0; dialog->show != SHOW_WRITES && i < preview->write_count; i++) {
		page_add(lines, ROLE_TITLE, preview->writes[i].title);
		page_add_text(lines, ROLE_TEXT,
			      dialog->show == SHOW_DIFF ? preview->writes[i].diff
							: preview->writes[i].kubectl,
			      dialog->show == SHOW_DIFF);
		page_add(lines, ROLE_TEXT, "");
	}
	if (dialog->show == SHOW_WRITES)
		add_writes(canvas, preview, lines);
	if (dialog->show == SHOW_WRITES && preview->step == STEP_DETACH && !preview->undo)
		page_add(
			lines, ROLE_KEY,
			canvas->snapshot->choices.delete_routes
				? "A route left without backends is deleted, its copy kept; e keeps "
				  "it instead, empty."
				: "A route left without backends stays, empty; e deletes it instead, "
				  "its copy kept.");
}

static void
add_abort(const struct canvas *canvas, struct page_lines *lines)
{
	const struct run_view *run = &canvas->snapshot->run;

	if (run->phase == RUN_WRITING)
		page_add(
			lines, ROLE_WARN,
			arena_printf(
				canvas->arena,
				"Stops %s, which is running, after the write in flight, or ends helm "
				"where that is at work: %s.",
				step_name(run->step), run->text));
	else if (run->phase != RUN_IDLE)
		page_add(lines, ROLE_TEXT,
			 arena_printf(canvas->arena, "Stops %s, which is running.",
				      step_name(run->step)));
	page_add(lines, ROLE_TEXT,
		 "The weights of this pair go back to what they were before, at once.");
	page_add(lines, ROLE_FAINT,
		 "Nothing is deleted; other pairs and other backends keep their shares.");
}

static void
add_ramp(const struct canvas *canvas, struct page_lines *lines)
{
	const struct settings *settings = canvas->ui->settings;
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);
	const char *stops = pair == NULL ? "" : words_ppm(canvas->arena, pair->written);

	for (size_t i = 0; pair != NULL && i < settings->ramp_count; i++)
		if (settings->ramp[i] > pair->written)
			stops = arena_printf(canvas->arena, "%s → %s", stops,
					     words_ppm(canvas->arena, settings->ramp[i]));
	page_add(lines, ROLE_TITLE, stops);
	page_add(lines, ROLE_TEXT,
		 arena_printf(canvas->arena,
			      "At each stop %s pass, then every check of verify and the probe "
			      "must pass before the next; one that does not ends it there.",
			      words_seconds(canvas->arena, settings->hold)));
	page_add(lines, ROLE_WARN,
		 "Error rate and latency are not measured yet, so nothing guards them: watch them, "
		 "A puts the weights back at any time.");
	page_add(lines, ROLE_FAINT,
		 "Only the weights of this pair change. The ramp ends with this console.");
}

/* What will be done, to whom. */
static const char *
title_of(const struct canvas *canvas, const struct preview *preview)
{
	const struct dialog *dialog = &canvas->ui->dialog;
	const char *where = dialog->pair[0] == '\0' ? "in cluster" : dialog->pair;

	if (dialog->kind == DIALOG_FAILED)
		return "not done";
	if (dialog->kind == DIALOG_ABORT)
		return arena_printf(canvas->arena, "abort %s", where);
	if (dialog->kind == DIALOG_RAMP)
		return arena_printf(canvas->arena, "ramp %s", where);
	if (dialog->kind == DIALOG_FREEZE || dialog->kind == DIALOG_UNFREEZE)
		return dialog->kind == DIALOG_FREEZE ? "freeze: nobody writes"
						     : "unfreeze: writing goes on";
	if (preview != NULL && preview->from >= 0 && preview->to >= 0)
		return arena_printf(canvas->arena, "%s%s %s  %s → %s", dialog->undo ? "undo " : "",
				    step_name(dialog->step), where,
				    words_ppm(canvas->arena, preview->from),
				    words_ppm(canvas->arena, preview->to));
	return arena_printf(canvas->arena, "%s%s %s", dialog->undo ? "undo " : "",
			    step_name(dialog->step), where);
}

/* What the step is for, and how much is written. */
static const char *
purpose_of(const struct canvas *canvas, const struct preview *preview)
{
	return arena_printf(canvas->arena, "%s%s: %zu write%s", preview->undo ? "takes back: " : "",
			    step_row(preview->step)->title, preview->write_count,
			    preview->write_count == 1 ? "" : "s");
}

static const char *
dry_run_words(const struct preview *preview)
{
	size_t ok = 0;

	for (size_t i = 0; i < preview->write_count; i++)
		ok += preview->writes[i].dry_run == DRY_OK;
	if (!preview->ready)
		return "The server is being asked for a dry run …";
	if (preview->write_count == 0)
		return "Nothing is left to be written.";
	return ok == preview->write_count ? "The server accepted it as a dry run."
					  : "Not every write could be tried as a dry run.";
}

/* The last row: how to go on, or why not. */
static void
draw_way_on(const struct canvas *canvas, const struct preview *preview, int x, int y, int right)
{
	const struct dialog *dialog = &canvas->ui->dialog;
	const char *why = dialog_refusal(canvas->ui, canvas->snapshot);

	if (dialog->kind == DIALOG_FAILED)
		grid_fit(canvas->grid, x, y, right, ROLE_FAINT,
			 "Esc leaves; what was written stands in the journal (J)");
	else if (why[0] != '\0' && preview != NULL && why == preview->status.reason)
		grid_fit(canvas->grid, x, y, right, ROLE_BAD, "y writes nothing while this is so");
	else if (why[0] != '\0')
		grid_fit(canvas->grid, x, y, right, ROLE_BAD,
			 arena_printf(canvas->arena, "y does not write: %s",
				      words_one_line(canvas->arena, why)));
	else if (dialog->kind == DIALOG_FREEZE && dialog->typing)
		grid_fit(canvas->grid, x, y, right, ROLE_TEXT,
			 "type the reason, Enter ends it; nothing is written yet");
	else if (wants_name(preview, dialog)) {
		x = grid_put(canvas->grid, x, y, right, ROLE_TEXT, "Type ");
		x = grid_put(canvas->grid, x, y, right, ROLE_TITLE, preview->type_this);
		x = grid_put(canvas->grid, x, y, right, ROLE_TEXT, " to go on:  ");
		x = grid_put(canvas->grid, x, y, right, ROLE_INPUT, dialog->typed);
		grid_put(canvas->grid, x, y, right, ROLE_INPUT, "▌");
	} else {
		x = grid_put(canvas->grid, x, y, right, ROLE_KEY, "y");
		x = grid_put(canvas->grid, x, y, right, ROLE_TEXT,
			     dialog->kind == DIALOG_ABORT      ? " weights back now"
			     : dialog->kind == DIALOG_RAMP     ? " begin"
			     : dialog->kind == DIALOG_FREEZE   ? " freeze"
			     : dialog->kind == DIALOG_UNFREEZE ? " unfreeze"
			     : canvas->snapshot->dry_run       ? " send as dry run"
							       : " write");
		grid_put_right(canvas->grid, x + 2, y, right, ROLE_FAINT, "Enter does not");
	}
}

#define FOOT_ROWS 4 /* the server's word, two rows of undo, how to go on */

/* The rows at the lower end. Returns how many. */
static int
draw_foot(const struct canvas *canvas, const struct preview *preview, struct rect at)
{
	int y = at.y + at.h - 1, right = at.x + at.w - 1;
	struct rect undo = { at.x + 1, y - 2, at.w - 2, 2 };

	draw_way_on(canvas, preview, at.x + 1, y, right);
	if (preview == NULL || at.h < FOOT_ROWS + 2)
		return 1;
	grid_fit(canvas->grid, at.x + 1, y - 3, right, ROLE_FAINT, dry_run_words(preview));
	if (preview->undo_text[0] != '\0')
		grid_wrap(canvas->grid, undo, undo.y, ROLE_FAINT,
			  arena_printf(canvas->arena, "Undo: %s", preview->undo_text));
	return FOOT_ROWS;
}

static struct rect
dialog_rect(const struct canvas *canvas, const struct page_lines *lines)
{
	int columns = canvas->grid->columns, rows = canvas->grid->rows;
	int w = columns > 104 ? 100 : columns, h;

	/* Frame, first or blank line, foot. */
	h = page_count_rows(lines, w - 4) + 3;
	h += canvas->ui->dialog.kind == DIALOG_PREVIEW ? FOOT_ROWS : 1;
	h = h > rows - 2 ? rows - 2 : h;
	h = h < 4 ? 4 : h;
	/* Where there are no frames, the bar's row is worth more. */
	if (rows < 10)
		h = rows > 3 ? rows - 1 : rows;
	return (struct rect){ (columns - w) / 2, (rows - h) / 2, w, h };
}

/* Which cluster is written to, in every dialog; the end of a long name tells it from the others. */
static void
draw_context(const struct canvas *canvas, int left, int y, int right)
{
	struct buf safe;
	const char *context;
	int cut;

	buf_init(&safe, 4 * BUF_KIB);
	text_clean(&safe, canvas->snapshot->link.context,
		   strnlen(canvas->snapshot->link.context, 1000));
	context = arena_string(canvas->arena, safe.bytes);
	buf_release(&safe);
	cut = text_width(context) - (right - left - 3);
	for (int width; cut > 0 && *context != '\0'; cut -= width)
		context += text_grapheme(context, &width);
	if (cut < 0 || text_width(context) == text_width(canvas->snapshot->link.context))
		grid_put_right(canvas->grid, left, y, right, ROLE_KEY,
			       arena_printf(canvas->arena, " %s ", context));
	else
		grid_put_right(canvas->grid, left, y, right, ROLE_KEY,
			       arena_printf(canvas->arena, " …%s ", context));
}

void
dialog_draw(const struct canvas *canvas)
{
	const struct dialog *dialog = &canvas->ui->dialog;
	const struct preview *preview = dialog_preview(canvas->ui, canvas->snapshot);
	struct page_lines lines = { .arena = canvas->arena };
	struct rect box, at;
	int foot, x;

	if (dialog->kind == DIALOG_FAILED)
		page_add_text(&lines, ROLE_TEXT, canvas->ui->failed, false);
	else if (dialog->kind == DIALOG_ABORT)
		add_abort(canvas, &lines);
	else if (dialog->kind == DIALOG_RAMP)
		add_ramp(canvas, &lines);
	else if (dialog->kind == DIALOG_FREEZE || dialog->kind == DIALOG_UNFREEZE)
		dialog_freeze_build(canvas, &lines);
	else if (preview == NULL)
		add_waiting(canvas, &lines);
	else
		add_preview(canvas, preview, &lines);
	box = dialog_rect(canvas, &lines);
	grid_fill(canvas->grid, box, ROLE_TEXT);
	grid_box(canvas->grid, box, ROLE_FOCUS);
	x = grid_fit(canvas->grid, box.x + 1, box.y, box.x + box.w - 2, ROLE_TITLE,
		     arena_printf(canvas->arena, " %s ", title_of(canvas, preview)));
	draw_context(canvas, x + 1, box.y, box.x + box.w - 2);
	at = (struct rect){ box.x + 1, box.y + 1, box.w - 2, box.h - 2 };
	foot = draw_foot(canvas, preview, at);
	if (at.h - foot > 2 && preview != NULL && dialog->show == SHOW_WRITES) {
		grid_fit(canvas->grid, at.x + 1, at.y, at.x + at.w - 1, ROLE_TEXT,
			 purpose_of(canvas, preview));
		at.y++;
		at.h--;
	}
	at.h -= foot;
	page_draw_lines(canvas, &lines, (struct rect){ at.x + 1, at.y, at.w - 2, at.h },
			dialog->top);
}
