#include "tui/plain/talk_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/step.h"
#include "tui/plain/checks_text.h"
#include "tui/plain/page.h"
#include "tui/plain/preview_text.h"
#include "tui/screen/words.h"

struct talk_row {
	const char *name, *letter, *argument;
	enum talk_answer (*run)(struct turn *turn);
	const char *help;
};

const struct pair *
talk_pair(const struct talk *talk, const struct plan *plan)
{
	char name[TALK_ROOM];

	for (size_t i = 0; i < plan->pair_count; i++) {
		snprintf(name, sizeof(name), "%s/%s", plan->pairs[i].ns, plan->pairs[i].alpha);
		if (strcmp(name, talk->pair) == 0)
			return &plan->pairs[i];
	}
	for (size_t i = 0; i < plan->pair_count; i++)
		if (plan->pairs[i].selected)
			return &plan->pairs[i];
	return plan->pair_count > 0 ? &plan->pairs[0] : NULL;
}

/* The steps as they concern the selected pair, or the cluster's where there is none. */
static size_t
steps_of(const struct turn *turn, struct step_view steps[STEP_COUNT])
{
	const struct plan *plan = &turn->snapshot->plan;
	const struct pair *pair = talk_pair(turn->talk, plan);

	for (size_t i = 0; i < plan->step_count; i++) {
		steps[i] = plan->steps[i];
		if (pair != NULL)
			steps[i].status = pair->steps[steps[i].id];
	}
	return plan->step_count;
}

enum talk_answer
talk_give(struct turn *turn, enum command_kind kind)
{
	const struct talk *talk = turn->talk;

	*turn->command = (struct command){ .kind = kind,
					   .step = talk->step,
					   .pair = talk->asked_pair,
					   .goal = talk->goal,
					   .undo = talk->undo,
					   .snapshot = turn->snapshot->number,
					   .object = KIND_COUNT,
					   .ns = "",
					   .name = "" };
	return TALK_COMMAND;
}

static const char *
locked(const struct turn *turn, enum talk_asked asked)
{
	const struct snapshot *snapshot = turn->snapshot;

	if (snapshot->read_only)
		return "this console was started with --read-only: it writes nothing";
	if (snapshot->locked)
		return snapshot->locked_why;
	return asked != ASKED_ABORT && *snapshot->pending != '\0' ? snapshot->pending : NULL;
}

/* Turns to a step or a pair; NULL, or why nothing may be written now. */
static const char *
turn_to(struct turn *turn, enum talk_asked asked, enum step_id step)
{
	struct talk *talk = turn->talk;
	const struct pair *pair = talk_pair(talk, &turn->snapshot->plan);
	const char *why = locked(turn, asked);

	if (why == NULL && asked != ASKED_ABORT && turn->snapshot->run.phase != RUN_IDLE)
		why = "another step is running; `abort` stops it";
	if (why == NULL && pair == NULL && asked != ASKED_PREVIEW)
		why = "there is no pair";
	talk->asked = why == NULL ? asked : ASKED_NOTHING;
	talk->step = step;
	talk->undo = false;
	talk->goal = PPM_UNKNOWN;
	talk->shown = 0;
	talk->asked_pair[0] = '\0';
	if (pair != NULL && step_row(step)->scope == SCOPE_POOL)
		snprintf(talk->asked_pair, sizeof(talk->asked_pair), "%s/%s", pair->ns,
			 pair->alpha);
	return why;
}

static enum talk_answer
ask(struct turn *turn, enum step_id step, bool undo, int64_t goal)
{
	const char *why = turn_to(turn, ASKED_PREVIEW, step);

	if (why != NULL) {
		buf_printf(turn->out, "%s: %s.\n", step_name(step), why);
		return TALK_NOTHING;
	}
	turn->talk->undo = undo;
	turn->talk->goal = goal;
	return talk_give(turn, COMMAND_PREVIEW);
}

static enum talk_answer
run_verify(struct turn *turn)
{
	turn_to(turn, ASKED_NOTHING, STEP_VERIFY);
	return talk_give(turn, COMMAND_VERIFY);
}

static bool
read_step(struct turn *turn, enum step_id *step)
{
	*step = step_by_name(turn->argument);
	if (*step != STEP_COUNT)
		return true;
	buf_printf(turn->out, "There is no step %s.\n", turn->argument);
	return false;
}

static enum talk_answer
run_step(struct turn *turn)
{
	struct step_view steps[STEP_COUNT];
	enum step_id step = step_next_of(steps, steps_of(turn, steps));

	if (*turn->argument != '\0' && !read_step(turn, &step))
		return TALK_NOTHING;
	if (step == STEP_COUNT) {
		buf_puts(turn->out, "Every step is done.\n");
		return TALK_NOTHING;
	}
	return step == STEP_VERIFY ? run_verify(turn) : ask(turn, step, false, PPM_UNKNOWN);
}

static enum talk_answer
run_undo(struct turn *turn)
{
	struct step_view steps[STEP_COUNT];
	size_t count = steps_of(turn, steps);
	enum step_id step =
		step_last_of(steps, count, talk_pair(turn->talk, &turn->snapshot->plan));

	if (*turn->argument != '\0' && !read_step(turn, &step))
		return TALK_NOTHING;
	if (step == STEP_COUNT) {
		buf_puts(turn->out, "No step has been taken yet: there is nothing to undo.\n");
		return TALK_NOTHING;
	}
	return ask(turn, step, true, PPM_UNKNOWN);
}

static enum talk_answer
run_shift(struct turn *turn)
{
	struct err err;
	int64_t ppm;

	if (text_percent(turn->argument, &ppm, &err))
		return ask(turn, STEP_SHIFT, false, ppm);
	buf_printf(turn->out, "shift: %s\n", err.text);
	return TALK_NOTHING;
}

static enum talk_answer
run_abort(struct turn *turn)
{
	const char *why = turn_to(turn, ASKED_ABORT, STEP_SHIFT);

	if (why != NULL)
		buf_printf(turn->out, "abort: %s.\n", why);
	else
		buf_printf(turn->out,
			   "abort %s: stops what runs; the weights of this pair go back to what "
			   "they were before, at once. y does it.\n",
			   turn->talk->asked_pair);
	return TALK_NOTHING;
}

static enum talk_answer
run_ramp(struct turn *turn)
{
	const char *why = turn_to(turn, ASKED_RAMP, STEP_SHIFT);

	if (why != NULL)
		buf_printf(turn->out, "ramp: %s.\n", why);
	else
		buf_printf(turn->out,
			   "ramp %s: to 100 %% stop by stop (--ramp, --hold); every check of "
			   "verify must pass before the next. y begins.\n",
			   turn->talk->asked_pair);
	return TALK_NOTHING;
}

static const struct preview *
preview_of(const struct talk *talk, const struct snapshot *snapshot)
{
	const struct preview *preview = &snapshot->preview;

	if (talk->asked != ASKED_PREVIEW || preview->id == 0 || preview->id == talk->left ||
	    preview->step != talk->step || preview->undo != talk->undo ||
	    strcmp(preview->pair, talk->asked_pair) != 0 ||
	    (talk->goal != PPM_UNKNOWN && preview->to != talk->goal))
		return NULL;
	return preview;
}

/* What was shown, and nothing that came since, is written. */
static enum talk_answer
confirm(struct turn *turn)
{
	struct talk *talk = turn->talk;
	const struct preview *preview = preview_of(talk, turn->snapshot);
	static const enum command_kind kinds[] = { [ASKED_PREVIEW] = COMMAND_ACCEPT,
						   [ASKED_ABORT] = COMMAND_ABORT,
						   [ASKED_RAMP] = COMMAND_RAMP };
	enum talk_asked asked = talk->asked;
	const char *why = locked(turn, asked);
	bool freezes = asked == ASKED_FREEZE || asked == ASKED_UNFREEZE;

	if (freezes && talk->may_write)
		return talk_confirm_freeze(turn);
	if (asked == ASKED_NOTHING)
		why = "nothing was asked";
	else if (!talk->may_write)
		why = "there is no terminal to ask on; use a command with --yes";
	else if (why == NULL && asked == ASKED_PREVIEW &&
		 (preview == NULL || talk->shown != preview->id))
		why = "it has not been shown yet";
	else if (why == NULL && asked == ASKED_PREVIEW)
		why = preview_refusal(preview);
	if (why != NULL && *why != '\0') {
		buf_printf(turn->out, "Nothing is written: %s.\n", why);
		return TALK_NOTHING;
	}
	talk_give(turn, kinds[asked]);
	if (asked == ASKED_PREVIEW)
		turn->command->preview = talk->left = talk->shown;
	talk->asked = ASKED_NOTHING;
	return TALK_COMMAND;
}

static enum talk_answer
run_yes(struct turn *turn)
{
	const struct preview *preview = preview_of(turn->talk, turn->snapshot);

	if (preview == NULL || *preview->type_this == '\0')
		return confirm(turn);
	buf_printf(turn->out, "Nothing is written: type %s.\n", preview->type_this);
	return TALK_NOTHING;
}

static enum talk_answer
run_no(struct turn *turn)
{
	struct talk *talk = turn->talk;
	bool preview = talk->asked == ASKED_PREVIEW;

	talk->asked = ASKED_NOTHING;
	if (!preview)
		return TALK_NOTHING;
	talk_give(turn, COMMAND_DISMISS);
	turn->command->preview = talk->left = talk->shown;
	buf_puts(turn->out, "Left; nothing was written.\n");
	return TALK_COMMAND;
}

static enum talk_answer
run_diff(struct turn *turn)
{
	const struct preview *preview = preview_of(turn->talk, turn->snapshot);

	if (preview == NULL)
		buf_puts(turn->out, "There is no preview; ask for a step first.\n");
	else
		preview_text_writes(turn->out, preview, PREVIEW_DIFF);
	return TALK_NOTHING;
}

static enum talk_answer
run_kubectl(struct turn *turn)
{
	const struct preview *preview = preview_of(turn->talk, turn->snapshot);

	if (preview == NULL)
		buf_puts(turn->out, "There is no preview; ask for a step first.\n");
	for (size_t i = 0; preview != NULL && i < preview->write_count; i++)
		buf_printf(turn->out, "%s\n", preview->writes[i].kubectl);
	return TALK_NOTHING;
}

static enum talk_answer
run_pair(struct turn *turn)
{
	const struct plan *plan = &turn->snapshot->plan;
	struct talk *talk = turn->talk;

	for (size_t i = 0; i < plan->pair_count; i++) {
		char name[TALK_ROOM];

		snprintf(name, sizeof(name), "%s/%s", plan->pairs[i].ns, plan->pairs[i].alpha);
		if (strcmp(name, turn->argument) != 0)
			continue;
		memcpy(talk->pair, name, sizeof(name));
		talk->asked = ASKED_NOTHING;
		buf_printf(turn->out, "Steps are for %s from now on.\n", name);
		return TALK_NOTHING;
	}
	buf_printf(turn->out, "There is no pair %s; write NAMESPACE/NAME of its α pool.\n",
		   turn->argument);
	return TALK_NOTHING;
}

static enum talk_answer
run_journal(struct turn *turn)
{
	for (size_t i = 0; i < turn->snapshot->journal_count; i++) {
		const struct journal_line *line = &turn->snapshot->journal[i];
		char time[CLOCK_RFC3339_MAX];

		clock_rfc3339(line->wall, false, time);
		buf_printf(turn->out, "%s  %s%s%s%s\n", time, line->text,
			   line->undone ? ", undone" : "",
			   *line->reason != '\0' ? ", reason: " : "", line->reason);
	}
	if (turn->snapshot->journal_count == 0)
		buf_puts(turn->out, "Nothing was written yet.\n");
	return TALK_NOTHING;
}

static enum talk_answer
run_refresh(struct turn *turn)
{
	const struct link *link = &turn->snapshot->link;

	if (turn->talk->may_write && link->state == LINK_SIGN_IN && link->may_log_in) {
		talk_give(turn, COMMAND_SIGN_IN);
		return TALK_SIGN_IN;
	}
	return talk_give(turn, COMMAND_REFRESH);
}

static enum talk_answer
run_report(struct turn *turn)
{
	(void)turn;
	return TALK_REPORT;
}

static enum talk_answer
run_list(struct turn *turn)
{
	(void)turn;
	return TALK_LIST;
}

static enum talk_answer
run_quit(struct turn *turn)
{
	bool warned = turn->talk->warned;

	turn->talk->warned = true;
	if (warned || turn->snapshot->run.phase == RUN_IDLE)
		return TALK_QUIT;
	buf_puts(turn->out, "A step is running; q once more leaves it where it stands.\n");
	return TALK_NOTHING;
}

static enum talk_answer run_help(struct turn *turn);

static const struct talk_row rows[] = {
	{ "step", "s", "[STEP]", run_step, "shows what the next step, or this one, would write" },
	{ "shift", "", "PERCENT", run_shift, "shows what moving the share of GA would write" },
	{ "undo", "u", "[STEP]", run_undo,
	  "shows what taking the last step, or this one, back would write" },
	{ "yes", "y", "", run_yes, "writes what was shown last" },
	{ "no", "n", "", run_no, "leaves it" },
	{ "diff", "d", "", run_diff, "what was shown last, as YAML diffs" },
	{ "kubectl", "k", "", run_kubectl, "the commands that would write the same" },
	{ "verify", "v", "", run_verify, "every check of the verify step, and the probe" },
	{ "abort", "A", "", run_abort, "weights of the pair back at once, after a y" },
	{ "ramp", "g", "", run_ramp, "to 100 % stop by stop, after a y" },
	{ "pair", "p", "NS/NAME", run_pair, "the pair that steps are for, by its α pool" },
	{ "list", "l", "", run_list, "the whole state again" },
	{ "journal", "J", "", run_journal, "what was written so far" },
	{ "report", "R", "", run_report, "the change record, saved as HTML and Markdown, too" },
	{ "losses", "o", "", talk_losses, "what no new object can hold, and what to do instead" },
	{ "choices", "e", "", talk_choices, "what can still be chosen, and how it stands" },
	{ "choose", "", "NAME=VALUE", talk_choose,
	  "a priority, or on or off; steps shown afterwards go by it" },
	{ "freeze", "", "[REASON]", talk_freeze, "nobody writes any more, after a y" },
	{ "unfreeze", "", "", talk_unfreeze, "writing goes on, after a y" },
	{ "refresh", "r", "", run_refresh,
	  "reads everything again; signs in where that is needed" },
	{ "help", "?", "", run_help, "these lines" },
	{ "quit", "q", "", run_quit, "ends; the end of the input does, too" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static enum talk_answer
run_help(struct turn *turn)
{
	struct buf cells;

	buf_init(&cells, 64 * BUF_KIB);
	page_cell(&cells, "NUMBER");
	page_cell(&cells, "a step: its preview; a pair: selects it; an object: its details");
	page_end_row(&cells);
	for (size_t i = 0; i < ROWS; i++) {
		page_cell(&cells, "%s%s%s%s%s", rows[i].letter, *rows[i].letter != '\0' ? ", " : "",
			  rows[i].name, *rows[i].argument != '\0' ? " " : "", rows[i].argument);
		page_cell(&cells, "%s", rows[i].help);
		page_end_row(&cells);
	}
	page_table(turn->out, &cells);
	buf_release(&cells);
	return TALK_NOTHING;
}

static enum talk_answer
inspect(struct turn *turn, const struct line *line)
{
	struct talk *talk = turn->talk;

	talk->object = line->kind;
	snprintf(talk->ns, sizeof(talk->ns), "%s", line->ns);
	snprintf(talk->name, sizeof(talk->name), "%s", line->object);
	talk_give(turn, COMMAND_INSPECT);
	turn->command->object = talk->object;
	turn->command->ns = talk->ns;
	turn->command->name = talk->name;
	return TALK_COMMAND;
}

static enum talk_answer
run_number(struct turn *turn, int number)
{
	const struct line *line = lines_find(turn->lines, number);
	char name[TALK_ROOM];

	if (line == NULL) {
		buf_printf(turn->out, "There is no line %d; l lists them.\n", number);
		return TALK_NOTHING;
	}
	if (line->subject == LINE_OBJECT)
		return inspect(turn, line);
	snprintf(name, sizeof(name), "%s/%s", line->ns, line->object);
	turn->argument = line->subject == LINE_STEP ? step_name(line->step) : name;
	if (line->subject == LINE_STEP)
		return run_step(turn);
	if (line->subject == LINE_PAIR)
		return run_pair(turn);
	buf_printf(turn->out, "%s: %s\n", line->name, line->text);
	return TALK_NOTHING;
}

/* The one that must be typed where nothing takes it back. */
static bool
is_name_asked_for(const struct turn *turn, const char *line)
{
	const struct preview *preview = preview_of(turn->talk, turn->snapshot);

	return preview != NULL && *preview->type_this != '\0' &&
	       strcmp(preview->type_this, line) == 0;
}

void
talk_init(struct talk *talk, bool may_write)
{
	*talk = (struct talk){ .may_write = may_write,
			       .step = STEP_COUNT,
			       .goal = PPM_UNKNOWN,
			       .object = KIND_COUNT };
}

enum talk_answer
talk_hear(struct talk *talk, const struct snapshot *snapshot, const struct lines *lines,
	  const char *line, struct command *command, struct buf *out)
{
	struct turn turn = { talk, snapshot, lines, "", "", command, out };
	char word[TALK_ROOM], rest[TALK_ROOM] = "";
	char *end;

	if (is_name_asked_for(&turn, line))
		return confirm(&turn);
	if (sscanf(line, "%511s %511s", word, rest) < 1)
		return TALK_NOTHING;
	turn.argument = rest;
	line += strspn(line, " \t");
	line += strcspn(line, " \t");
	turn.rest = line + strspn(line, " \t");
	if (strcmp(word, "q") != 0 && strcmp(word, "quit") != 0)
		talk->warned = false;
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name, word) == 0 || strcmp(rows[i].letter, word) == 0)
			return rows[i].run(&turn);
	if (step_by_name(word) != STEP_COUNT) {
		turn.argument = word;
		return run_step(&turn);
	}
	long number = strtol(word, &end, 10);
	if (*end == '\0' && number > 0 && number < INT32_MAX)
		return run_number(&turn, (int)number);
	buf_printf(out, "There is no command %s; ? lists them.\n", word);
	return TALK_NOTHING;
}

void
talk_sent(struct talk *talk, int64_t serial)
{
	talk->sent = serial;
}

static void
say_preview(struct talk *talk, const struct preview *preview, struct buf *out)
{
	const char *why = preview_refusal(preview);

	talk->shown = preview->id;
	buf_printf(out, "%s%s%s%s: %s\n", preview->undo ? "undo " : "", step_name(preview->step),
		   *preview->pair != '\0' ? " " : "", preview->pair,
		   preview->undo ? step_row(preview->step)->undo : step_row(preview->step)->title);
	preview_text_writes(out, preview, PREVIEW_SHORT);
	buf_putc(out, '\n');
	if (*preview->undo_text != '\0' && !preview->undo)
		buf_printf(out, "Undo: %s\n", preview->undo_text);
	if (*why != '\0')
		buf_printf(out, "It cannot be written: %s.\n", why);
	else if (*preview->type_this != '\0')
		buf_printf(out, "Type %s to write this, n to leave it.\n", preview->type_this);
	else
		buf_puts(out, "y writes this, n leaves it, d shows the diff, k kubectl.\n");
}

/* Progress has told it. */
static bool
is_told(const struct snapshot *snapshot, const char *text)
{
	for (size_t i = 0; i < snapshot->event_count; i++)
		if (strcmp(snapshot->events[i].text, text) == 0)
			return true;
	return false;
}

static void
say_outcome(struct talk *talk, const struct snapshot *snapshot, struct buf *out)
{
	const struct outcome *outcome = &snapshot->outcome;

	if (outcome->serial == 0 || outcome->serial == talk->outcome ||
	    outcome->serial > talk->sent)
		return;
	talk->outcome = outcome->serial;
	if (snapshot->verification.ran && talk->step == STEP_VERIFY &&
	    outcome->serial == talk->sent)
		checks_text(out, &snapshot->verification);
	if (*outcome->text != '\0' &&
	    (!outcome->ok || (talk->asked == ASKED_NOTHING && !is_told(snapshot, outcome->text))))
		buf_printf(out, "%s%s\n", outcome->ok ? "" : "Not done: ", outcome->text);
}

void
talk_see(struct talk *talk, const struct snapshot *snapshot, struct buf *out)
{
	const struct preview *preview = preview_of(talk, snapshot);
	const struct detail *detail = &snapshot->detail;

	say_outcome(talk, snapshot, out);
	if (preview != NULL && preview->ready && preview->id != talk->shown)
		say_preview(talk, preview, out);
	if (talk->object != KIND_COUNT && detail->kind == talk->object && detail->found &&
	    strcmp(detail->ns, talk->ns) == 0 && strcmp(detail->name, talk->name) == 0) {
		buf_printf(out, "%s\n%s\n", detail->title, detail->describe);
		talk->object = KIND_COUNT;
	}
}
