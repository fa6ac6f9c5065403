#include "tui/screen/prompt.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/migrate/step.h"
#include "tui/screen/pane.h"

enum completes { COMPLETES_NOTHING, COMPLETES_STEPS, COMPLETES_PAIRS, COMPLETES_PANES };

struct command_row { /* what the public row does not show */
	struct prompt_row row;
	enum completes completes;
	struct order (*run)(struct doing *doing, const char *argument);
};

static const struct order nothing = { .kind = ORDER_NOTHING };

static struct order
order_action(enum action action)
{
	return (struct order){ .kind = ORDER_ACTION, .action = action };
}

static struct order
order_step(enum step_id step, int64_t goal)
{
	return (struct order){ .kind = ORDER_STEP, .step = step, .goal = goal };
}

static struct order
run_step(struct doing *doing, const char *argument)
{
	enum step_id step = step_by_name(argument);

	if (argument[0] == '\0')
		return order_action(ACTION_STEP);
	if (step != STEP_COUNT)
		return order_step(step, PPM_UNKNOWN);
	state_say(doing->ui, true, "there is no step '%s'; Tab completes their names", argument);
	return nothing;
}

static struct order
run_undo(struct doing *doing, const char *argument)
{
	enum step_id step = step_by_name(argument);

	if (argument[0] == '\0')
		return order_action(ACTION_UNDO);
	if (step != STEP_COUNT)
		return (struct order){
			.kind = ORDER_STEP, .step = step, .undo = true, .goal = PPM_UNKNOWN
		};
	state_say(doing->ui, true, "there is no step '%s'; Tab completes their names", argument);
	return nothing;
}

static struct order
run_shift(struct doing *doing, const char *argument)
{
	struct err err;
	int64_t ppm;

	if (!text_percent(argument, &ppm, &err)) {
		state_say(doing->ui, true, "shift: %s", err.text);
		return nothing;
	}
	doing->ui->focus = PANE_TRAFFIC;
	slider_set(&doing->ui->slider, ppm);
	return order_step(STEP_SHIFT, ppm);
}

static struct order
run_unproven(struct doing *doing, const char *argument)
{
	enum step_id step = argument[0] == '\0' ? STEP_ATTACH : step_by_name(argument);

	if (step != STEP_COUNT)
		return (struct order){ .kind = ORDER_STEP,
				       .step = step,
				       .goal = doing->ui->slider.moved ? doing->ui->slider.ppm
								       : PPM_UNKNOWN,
				       .unproven = true };
	state_say(doing->ui, true, "there is no step '%s'; Tab completes their names", argument);
	return nothing;
}

static struct order
run_pair(struct doing *doing, const char *argument)
{
	const struct plan *plan = &doing->snapshot->plan;

	for (size_t i = 0; i < plan->pair_count; i++)
		if (strcmp(state_pair_name(&plan->pairs[i], doing->arena), argument) == 0) {
			state_select_pair(doing->ui, doing->snapshot, argument);
			return nothing;
		}
	state_say(doing->ui, true,
		  "there is no pair '%s'; write NAMESPACE/NAME of the α pool, Tab completes",
		  argument);
	return nothing;
}

static struct order
run_pane(struct doing *doing, const char *argument)
{
	for (int i = 0; i < PANE_COUNT; i++)
		if (strcasecmp(pane_row((enum pane_id)i)->name, argument) == 0) {
			doing->ui->focus = (enum pane_id)i;
			return nothing;
		}
	state_say(doing->ui, true, "there is no pane '%s'; Tab completes their names", argument);
	return nothing;
}

static const struct command_row commands[] = {
	{ { "step", "[STEP]", "preview of a step, or of the next one" },
	  COMPLETES_STEPS,
	  run_step },
	{ { "shift", "PERCENT", "preview of moving the share of GA, decimals allowed" },
	  COMPLETES_NOTHING,
	  run_shift },
	{ { "undo", "[STEP]", "preview of taking a step back, or the last one" },
	  COMPLETES_STEPS,
	  run_undo },
	{ { "accept-unproven", "[STEP]",
	    "go on with a step (attach, else the one named) though no controller has said that it "
	    "serves the GA pool" },
	  COMPLETES_STEPS,
	  run_unproven },
	{ { "pair", "NS/NAME", "select a pair by its α pool" }, COMPLETES_PAIRS, run_pair },
	{ { "pane", "NAME", "go to a pane" }, COMPLETES_PANES, run_pane },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

const struct prompt_row *
prompt_command(size_t place)
{
	return place < COMMANDS ? &commands[place].row : NULL;
}

void
prompt_open(struct doing *doing, enum prompt_kind kind)
{
	struct prompt *prompt = &doing->ui->prompt;
	const char *filter = doing->ui->list[doing->ui->focus].filter;

	*prompt = (struct prompt){ .kind = kind };
	snprintf(prompt->before, sizeof(prompt->before), "%s", filter);
	if (kind == PROMPT_FILTER)
		snprintf(prompt->text, sizeof(prompt->text), "%s", filter);
}

/* The candidate in this place for what completes an argument; NULL at the end. */
static const char *
candidate(struct doing *doing, enum completes what, size_t place)
{
	const struct plan *plan = &doing->snapshot->plan;

	switch (what) {
	case COMPLETES_STEPS:
		return place < STEP_COUNT ? step_name((enum step_id)place) : NULL;
	case COMPLETES_PAIRS:
		return place < plan->pair_count ? state_pair_name(&plan->pairs[place], doing->arena)
						: NULL;
	case COMPLETES_PANES:
		return place < PANE_COUNT ? pane_row((enum pane_id)place)->name : NULL;
	case COMPLETES_NOTHING:
		break;
	}
	return NULL;
}

/* Commands, actions and steps may all stand first. */
static const char *
first_word(size_t place)
{
	if (place < COMMANDS)
		return commands[place].row.name;
	place -= COMMANDS;
	if (place < ACTION_COUNT - 1)
		return keymap_row((enum action)(place + 1))->name;
	place -= ACTION_COUNT - 1;
	return place < STEP_COUNT ? step_name((enum step_id)place) : NULL;
}

static const struct command_row *
command_named(const char *name, size_t length)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strlen(commands[i].row.name) == length &&
		    strncmp(commands[i].row.name, name, length) == 0)
			return &commands[i];
	return NULL;
}

bool
prompt_complete(struct doing *doing, char *hint, size_t size)
{
	struct prompt *prompt = &doing->ui->prompt;
	char *blank = strchr(prompt->text, ' '), common[NAME_ROOM] = "";
	const struct command_row *row =
		blank == NULL ? NULL : command_named(prompt->text, (size_t)(blank - prompt->text));
	char *typed = blank == NULL ? prompt->text : blank + 1;
	const char *word;
	size_t found = 0, used = 0;

	hint[0] = '\0';
	for (size_t i = 0; (word = blank == NULL ? first_word(i)
				   : row == NULL ? NULL
						 : candidate(doing, row->completes, i)) != NULL;
	     i++) {
		size_t same = 0;

		if (strncasecmp(word, typed, strlen(typed)) != 0)
			continue;
		while (found > 0 && common[same] != '\0' && common[same] == word[same])
			same++;
		if (found++ == 0)
			snprintf(common, sizeof(common), "%s", word);
		else
			common[same] = '\0';
		if (used < size)
			used += (size_t)snprintf(hint + used, size - used, "%s  ", word);
	}
	if (found > 0 && strlen(common) >= strlen(typed))
		snprintf(typed, PROMPT_ROOM - (size_t)(typed - prompt->text), "%s%s", common,
			 found == 1 ? " " : "");
	return found > 0;
}

static struct order
run(struct doing *doing)
{
	char text[PROMPT_ROOM], *argument;
	const struct command_row *row;
	enum action action;
	enum step_id step;

	snprintf(text, sizeof(text), "%s", doing->ui->prompt.text);
	doing->ui->prompt.kind = PROMPT_NONE;
	argument = text + strcspn(text, " ");
	row = command_named(text, (size_t)(argument - text));
	if (*argument != '\0')
		*argument++ = '\0';
	argument += strspn(argument, " ");
	argument[strcspn(argument, " ")] = '\0';
	if (row != NULL)
		return row->run(doing, argument);
	action = keymap_by_name(text);
	step = step_by_name(text);
	if (step != STEP_COUNT)
		return order_step(step, PPM_UNKNOWN);
	if (action != ACTION_COUNT && (keymap_row(action)->where & ON_MAIN) != 0)
		return order_action(action);
	if (text[0] != '\0')
		state_say(doing->ui, true, "there is no command '%s'; ? lists them, Tab completes",
			  text);
	return nothing;
}

static void
type(struct doing *doing)
{
	struct prompt *prompt = &doing->ui->prompt;
	const struct press *press = doing->press;
	size_t length = strlen(prompt->text);
	struct buf rune;

	if (press->code == PRESS_BACKSPACE && length > 0) {
		while (length > 0 && ((unsigned char)prompt->text[--length] & 0xC0) == 0x80)
			;
		prompt->text[length] = '\0';
	} else if (press->code == PRESS_RUNE && (press->mods & PRESS_CTRL) && press->rune == 'u') {
		prompt->text[0] = '\0';
	} else if (press->code == PRESS_RUNE && press->mods == 0) {
		buf_init(&rune, 8);
		utf8_add(&rune, press->rune);
		if (length + rune.length <
		    (prompt->kind == PROMPT_FILTER ? FILTER_ROOM : PROMPT_ROOM))
			memcpy(prompt->text + length, rune.bytes, rune.length + 1);
		buf_release(&rune);
	}
}

struct order
prompt_handle(struct doing *doing)
{
	struct ui *ui = doing->ui;
	struct prompt *prompt = &ui->prompt;
	char *filter = ui->list[ui->focus].filter, hint[300];

	if (doing->press->code == PRESS_ESC) {
		if (prompt->kind == PROMPT_FILTER)
			snprintf(filter, FILTER_ROOM, "%s", prompt->before);
		prompt->kind = PROMPT_NONE;
		return nothing;
	}
	if (doing->press->code == PRESS_ENTER && prompt->kind == PROMPT_COMMAND)
		return run(doing);
	if (doing->press->code == PRESS_ENTER && prompt->kind == PROMPT_PRIORITY) {
		prompt->kind = PROMPT_NONE;
		return (struct order){ .kind = ORDER_PRIORITY };
	}
	if (doing->press->code == PRESS_ENTER) {
		prompt->kind = PROMPT_NONE;
		return nothing;
	}
	if (doing->press->code == PRESS_TAB && prompt->kind == PROMPT_COMMAND) {
		if (prompt_complete(doing, hint, sizeof(hint)))
			state_say(ui, false, "%s", hint);
		return nothing;
	}
	type(doing);
	if (prompt->kind == PROMPT_FILTER) {
		snprintf(filter, FILTER_ROOM, "%.*s", FILTER_ROOM - 1, prompt->text);
		return (struct order){ .kind = ORDER_FILTER };
	}
	return nothing;
}

static const struct {
	const char *sign, *hint;
} looks[] = {
	[PROMPT_FILTER] = { "/", "Enter keeps the filter  Esc takes it away" },
	[PROMPT_COMMAND] = { ":", "Tab completes  Enter runs  Esc leaves" },
	[PROMPT_PRIORITY] = { ": ", "Enter chooses it  Esc leaves" },
};

void
prompt_draw(const struct canvas *canvas)
{
	const struct prompt *prompt = &canvas->ui->prompt;
	struct rect at = canvas->at;
	int x = grid_put(canvas->grid, at.x + 1, at.y, at.x + at.w, ROLE_KEY, prompt->label);

	x = grid_put(canvas->grid, x, at.y, at.x + at.w, ROLE_KEY, looks[prompt->kind].sign);
	x = grid_put(canvas->grid, x, at.y, at.x + at.w, ROLE_INPUT, prompt->text);
	x = grid_put(canvas->grid, x, at.y, at.x + at.w, ROLE_INPUT, "▌");
	grid_put_right(canvas->grid, x + 2, at.y, at.x + at.w - 1, ROLE_FAINT,
		       looks[prompt->kind].hint);
}
