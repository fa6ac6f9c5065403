/* How a command begins and goes on, order by order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/engine/book.h"
#include "core/engine/derive.h"
#include "core/engine/events.h"
#include "core/engine/run_inside.h"

#define SMALLEST (PPM_ALL / 100) /* the first weight of what nobody has proven */

/* The first few are said in full, the others are counted; the events hold them all. */
static void
add_trouble(struct run *run, const struct leg *leg)
{
	size_t length = strlen(run->trouble), last = strlen(leg->err.text);
	bool whole = last > 0 && strchr(".!?", leg->err.text[last - 1]) != NULL;

	if (run->trouble_count++ < RUN_TROUBLES)
		snprintf(run->trouble + length, sizeof run->trouble - length, "%s%s%s",
			 length > 0 ? " " : "", leg->err.text, whole ? "" : ".");
	/* A failure outweighs a check that said no. */
	if (run->exit == 0 || leg->exit == 1)
		run->exit = leg->exit;
	run->code = leg->err.code;
}

void
run_stopped(struct engine *engine)
{
	struct run *run = engine->run;
	char text[ERR_TEXT_MAX + 200];
	size_t last = strlen(run->leg.err.text);

	run->stopping = false;
	if (run->leg.broke)
		snprintf(text, sizeof text,
			 "Stopped, and the last write failed: %s%s What is done stays done; start "
			 "again to go on.",
			 run->leg.err.text,
			 last > 0 && run->leg.err.text[last - 1] == '.' ? "" : ".");
	else
		snprintf(text, sizeof text,
			 "Stopped%s. What is done stays done; start again to go on.",
			 run->wrote ? " after the last write was finished"
				    : " before anything was written");
	if (run_manner(run->command->kind)->shows)
		shown_release(&run->shown);
	run_finish(engine, false, 130, ERR_CANCELLED, text);
}

static void
add_command(const struct run *run, struct order *order)
{
	order->plans = run->command->kind == COMMAND_PLAN;
	order->looks_once = run->command->kind == COMMAND_VERIFY;
	order->moved = run->moved_to != PPM_UNKNOWN;
	order->accepts_unproven = run->settings.accept_unproven;
}

static void
begin_accept(struct engine *engine)
{
	struct run *run = engine->run;
	const struct preview *preview = &run->shown.preview;
	struct order order;
	struct err err = { .code = ERR_NONE };

	if (preview->id == 0 || preview->id != run->command->preview) {
		run_finish(engine, false, 1, ERR_CONFLICT,
			   "That preview is no longer there. Nothing was written; look again.");
		return;
	}
	if (!preview->ready || preview->status.state != STATE_READY) {
		run_finish(engine, false, 3, ERR_REJECTED,
			   *preview->status.reason != '\0'
				   ? preview->status.reason
				   : "The server is still being asked. Nothing was written.");
		return;
	}
	order = (struct order){ .kind = ORDER_STEP,
				.step = preview->step,
				.pair = preview->pair,
				.goal = preview->to,
				.undo = preview->undo };
	add_command(run, &order);
	run->leg_active = true;
	if (!leg_accept(engine, &run->leg, &order, &run->shown, &err)) {
		shown_release(&run->shown);
		run_finish(engine, false, 1, err.code, err.text);
		return;
	}
	if (order.step == STEP_SHIFT && !order.undo)
		run_remember_base(engine, order.pair, run->leg.before);
	machine_move(&run->machine, run->leg.intents.count > 0 ? MACHINE_WRITE : MACHINE_VERIFY,
		     engine->mono);
}

static bool
nothing_to_migrate(struct engine *engine)
{
	enum command_kind kind = engine->run->command->kind;

	return (kind == COMMAND_APPLY || kind == COMMAND_SHIFT || kind == COMMAND_VERIFY ||
		kind == COMMAND_ROLLBACK) &&
	       derive_plan(engine)->nothing_to_migrate;
}

void
run_begin(struct engine *engine)
{
	struct run *run = engine->run;
	const struct manner *manner = run_manner(run->command->kind);
	struct err err = { .code = ERR_NONE };

	if (run->command->kind == COMMAND_PLAN) {
		for (size_t i = 0; i < run->plan_count; i++)
			shown_release(&run->plans[i]);
		run->plan_count = 0;
	}
	/* What stands there cannot be told without the journal, and nothing may be written. */
	if (manner->writes && !run->settings.dry_run && *book_trouble(engine->book) != '\0') {
		run_finish(engine, false, 1, ERR_INPUT, book_trouble(engine->book));
		return;
	}
	if (run->command->kind == COMMAND_ACCEPT) {
		begin_accept(engine);
		return;
	}
	if (nothing_to_migrate(engine)) {
		run_finish(engine, true, 4, ERR_NONE, "Fresh install: nothing to migrate.");
		return;
	}
	if ((run->command->kind == COMMAND_ROLLBACK && !run_find_way_back(engine, &err)) ||
	    !manner->program(engine, run->command, &run->program, &err))
		run_finish(engine, false, err.code == ERR_INPUT ? 2 : 1, err.code, err.text);
	else if ((run->command->kind == COMMAND_APPLY || run->command->kind == COMMAND_ROLLBACK) &&
		 (run_lacks_rights(engine, &err) ||
		  (run->command->kind == COMMAND_APPLY && run_is_blocked(engine, &err))))
		run_finish(engine, false, 3, err.code, err.text);
	else if (run->command->kind == COMMAND_APPLY)
		run_warn_of_no_return(engine);
}

static struct shown *
show_in(struct engine *engine, const struct order *order)
{
	struct run *run = engine->run;
	const struct step *row = step_row(order->step);
	const struct pair *pair = assess_pair(derive_plan(engine), order->pair);
	int64_t goal = order->step != STEP_SHIFT || order->undo ? PPM_UNKNOWN
		       : order->goal == PPM_UNKNOWN             ? PPM_ALL
								: order->goal;
	struct shown *shown = &run->shown;

	if (run->command->kind == COMMAND_PLAN) {
		run->plans = die_realloc(run->plans, (run->plan_count + 1) * sizeof *run->plans);
		shown = &run->plans[run->plan_count++];
		shown_init(shown);
	}
	shown_begin(engine, shown, ++run->previews, row, order->pair, order->undo,
		    order->step == STEP_SHIFT && pair != NULL ? pair->written : PPM_UNKNOWN, goal);
	return shown;
}

/* A stop of the ramp that the pair is past, a pair that is left out, a hold after nothing moved. */
static bool
is_skipped(struct engine *engine, const struct order *order)
{
	struct run *run = engine->run;
	const struct pair *pair;

	if (*order->pair != '\0' && program_dropped(&run->program, order->pair))
		return true;
	if (run->command->kind == COMMAND_VERIFY)
		return false;
	if (order->kind != ORDER_STEP)
		return run->moved_to != order->goal;
	/* Nothing of the cluster's is decided while a pair did not come through. */
	if (*order->pair == '\0' && run->program.dropped_count > 0)
		return true;
	pair = order->ramp ? assess_pair(derive_plan(engine), order->pair) : NULL;
	return pair != NULL && pair->written >= order->goal;
}

/* Gone on knowingly without a controller's word: the first weight is the smallest there is,
 * whatever was asked for, and it is looked at again (DOMAIN §3.1 step 4). */
static bool
is_too_much(struct engine *engine, const struct order *order)
{
	const struct pair *pair = assess_pair(derive_plan(engine), order->pair);
	struct arena arena;
	bool unproven, attached = false;

	/* What is not there yet has nobody to prove it; the step says what comes first. */
	for (size_t i = 0; pair != NULL && i < pair->place_count; i++)
		attached |= pair->places[i].ga_weight >= 0;
	if (!attached || order->step != STEP_SHIFT || order->kind != ORDER_STEP || order->undo ||
	    order->urgent || engine->run->command->kind == COMMAND_PLAN ||
	    engine->settings->dry_run || pair == NULL || pair->written > 0 ||
	    pair->written == PPM_APART || (order->goal <= SMALLEST && order->goal >= 0))
		return false;
	arena_init(&arena);
	struct stage stage = derive_stage(engine, order->pair, PPM_UNKNOWN, &arena);
	unproven = assess_unproven(&stage, pair);
	arena_release(&arena);
	return unproven;
}

static const struct order *
with_first_weight(struct engine *engine, const struct order *order, struct order *small)
{
	struct run *run = engine->run;

	if (!is_too_much(engine, order))
		return order;
	events_add(
		engine, EVENT_WARNING, STEP_SHIFT, order->pair,
		"No controller has said that it serves the GA pool of %s: the first weight is 1 %%, "
		"and it is looked at before more.",
		order->pair);
	if (run_manner(run->command->kind)->shows) {
		*small = *order;
		small->goal = SMALLEST;
		return small;
	}
	program_insert_first(&run->program, SMALLEST);
	return &run->program.orders[run->program.at];
}

static void
start_order(struct engine *engine, const struct order *order)
{
	struct order small;

	struct run *run = engine->run;
	const struct manner *manner = run_manner(run->command->kind);

	order = with_first_weight(engine, order, &small);
	struct order filled = *order;

	if (run->leg_active || run->machine.state != MACHINE_CHECKING)
		machine_move(&run->machine, MACHINE_NEXT, engine->mono);
	if (order->kind == ORDER_HOLD) {
		run->hold_until = engine->mono + engine->settings->hold;
		run->leg_active = false;
		snprintf(run->waiting_text, sizeof run->waiting_text,
			 "watching before the next stop of the ramp");
		machine_move(&run->machine, MACHINE_HOLD, engine->mono);
		return;
	}
	if (order->step == STEP_SHIFT && !order->undo && filled.goal == PPM_UNKNOWN)
		filled.goal = PPM_ALL;
	if (order->ramp) {
		filled.from = run_left(engine, order->pair);
		filled.left = filled.from != PPM_UNKNOWN;
	}
	add_command(run, &filled);
	leg_begin(engine, &run->leg, &filled, manner->shows ? show_in(engine, order) : NULL);
	run->leg_active = true;
	if (order->step != STEP_SHIFT || order->undo)
		return;
	if (manner->shifts)
		derive_want(engine, order->pair, filled.goal);
	if (!manner->shows && !order->urgent)
		run_remember_base(engine, order->pair, run->leg.before);
}

static void
next_order(struct engine *engine)
{
	struct run *run = engine->run;

	while (run->program.at < run->program.count &&
	       is_skipped(engine, &run->program.orders[run->program.at]))
		run->program.at++;
	if (run->program.at < run->program.count)
		start_order(engine, &run->program.orders[run->program.at]);
	else
		run_manner(run->command->kind)->end(engine);
}

/* In a dry run nothing that was to come before it is there: told, and gone on. */
static bool
is_only_told(const struct engine *engine, enum leg_end end)
{
	return engine->settings->dry_run && end == LEG_BLOCKED &&
	       engine->run->command->kind == COMMAND_APPLY;
}

/* In the simple procedure the new pools are still to be made: the α CRDs stay, and they come beside
 * them. */
static bool
goes_past_check(struct engine *engine)
{
	struct run *run = engine->run;
	enum step_id at;

	if (engine->settings->path != PATH_SIMPLE || run->command->step == STEP_CHECK ||
	    run->command->step == STEP_REMOVE_CRDS)
		return false;
	events_add(engine, EVENT_INFO, STEP_CHECK, "", "%s", run->leg.err.text);
	run->kept_crds = true;
	do
		at = run->program.orders[run->program.at++].step;
	while (at != STEP_REMOVE_CRDS && run->program.at < run->program.count);
	return true;
}

static void
leg_went_wrong(struct engine *engine, enum leg_end end)
{
	struct run *run = engine->run;
	const struct leg *leg = &run->leg;
	enum command_kind kind = run->command->kind;
	bool cluster = *leg->order.pair == '\0';

	if (kind == COMMAND_PLAN) {
		struct step_status why = {
			.state = STATE_BLOCKED, .reason = leg->err.text, .object = "", .advice = ""
		};
		shown_status(leg->shown, &why);
		leg->shown->preview.ready = true;
		run->program.at++;
		return;
	}
	add_trouble(run, leg);
	if (is_only_told(engine, end)) {
		run->exit = 0;
		events_add(engine, EVENT_INFO, leg->order.step, leg->order.pair, "%s",
			   leg->err.text);
		run->program.at++;
		return;
	}
	if (kind == COMMAND_APPLY && leg->order.step == STEP_CHECK && end == LEG_BLOCKED &&
	    run->program.dropped_count == 0) {
		run->exit = 0;
		if (goes_past_check(engine))
			return;
		run_manner(kind)->end(engine);
		return;
	}
	events_add(engine, EVENT_ERROR, leg->order.step, leg->order.pair, "%s", leg->err.text);
	/* Undoing goes on with other pairs, but never past a step of this one that still stands. */
	if (!cluster && run->program.count > 1) {
		program_drop(&run->program, leg->order.pair);
		run->program.at++;
		return;
	}
	run_manner(kind)->end(engine);
}

static void
leg_went_well(struct engine *engine, enum leg_end end)
{
	struct run *run = engine->run;
	const struct leg *leg = &run->leg;

	run->wrote |= leg->wrote;
	if (leg->order.step == STEP_SHIFT && leg->wrote)
		run->moved_to = leg->order.goal;
	if (leg->order.ramp)
		run_remember_left(engine, leg->order.pair, leg->order.goal);
	if (end == LEG_DONE && leg->shown == NULL)
		events_add(engine, EVENT_DONE, leg->order.step, leg->order.pair, "%s%s%s %s",
			   leg->row->name, *leg->order.pair != '\0' ? " of " : "", leg->order.pair,
			   leg->order.undo             ? "taken back"
			   : engine->settings->dry_run ? "tried"
						       : "done");
	if (run->program.count == 0) {
		run_manner(run->command->kind)->end(engine);
		return;
	}
	run->program.at++;
}

static int64_t
leg_turn(struct engine *engine)
{
	struct run *run = engine->run;
	enum leg_end end = leg_step(engine, &run->machine, &run->leg);

	if (end == LEG_BUSY)
		return run->leg.due;
	run->wrote |= run->leg.wrote;
	if (end == LEG_STOPPED || run->stopping) {
		run_stopped(engine);
		return NEVER;
	}
	if (end == LEG_DONE || end == LEG_NOTHING)
		leg_went_well(engine, end);
	else
		leg_went_wrong(engine, end);
	if (run->command != NULL)
		next_order(engine);
	return NEVER;
}

/* Between legs: a hold that is over lets its proofs run and then forgets what moved. */
static void
hold_over(struct engine *engine)
{
	struct run *run = engine->run;

	run->hold_until = NEVER;
	run->waiting_text[0] = '\0';
	machine_move(&run->machine, MACHINE_TIME, engine->mono);
	run->program.at++;
	next_order(engine);
}

int64_t
run_turn(struct engine *engine)
{
	struct run *run = engine->run;

	if (run->machine.state == MACHINE_HOLDING) {
		if (engine->mono < run->hold_until)
			return run->hold_until;
		hold_over(engine);
		return engine->mono;
	}
	if (run->machine.state == MACHINE_DRAINING) {
		if (engine->mono < run->leg.patience)
			return run->leg.patience;
		machine_move(&run->machine, MACHINE_TIME, engine->mono);
		run->leg.began = engine->mono;
		run->leg.asked = false;
	}
	if (!run->leg_active) {
		next_order(engine);
		return engine->mono;
	}
	return leg_turn(engine);
}
