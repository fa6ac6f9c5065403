#include "core/engine/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/engine/book.h"
#include "core/engine/choices.h"
#include "core/engine/derive.h"
#include "core/engine/events.h"
#include "core/engine/inspect.h"
#include "core/engine/leg.h"
#include "core/engine/link.h"
#include "core/engine/outcome.h"
#include "core/engine/preflight.h"
#include "core/engine/program.h"
#include "core/engine/run_inside.h"
#include "core/engine/strangers.h"
#include "core/engine/tenure.h"
#include "core/engine/views.h"

#define START_PATIENCE (15 * SECOND) /* for the first lists and the journal */
#define POOLS_PATIENCE (75 * SECOND) /* for the pools: longer than one list may take */

struct run *
run_new(void)
{
	struct run *run = die_alloc(sizeof *run);

	program_init(&run->program);
	shown_init(&run->shown);
	arena_init(&run->manifests);
	run->hold_until = NEVER;
	return run;
}

static void
forget_plans(struct run *run)
{
	for (size_t i = 0; i < run->plan_count; i++)
		shown_release(&run->plans[i]);
	free(run->plans);
	run->plans = NULL;
	run->plan_count = 0;
}

void
run_free(struct engine *engine, struct run *run)
{
	if (run == NULL)
		return;
	leg_release(engine, &run->leg);
	program_release(&run->program);
	shown_release(&run->shown);
	forget_plans(run);
	arena_release(&run->manifests);
	command_free(run->command);
	for (size_t i = 0; i < run->waiting_count; i++)
		command_free(run->waiting[i]);
	for (size_t i = 0; i < run->base_count; i++)
		free(run->bases[i].pair);
	free(run->bases);
	free(run->waiting);
	free(run);
}

/* The machine knows no other way: a move it does not have is a mistake of ours. */
static void
move(struct engine *engine, enum machine_event event)
{
	struct machine *machine = &engine->run->machine;

	if (!machine_move(machine, event, engine->mono))
		die("The run cannot go from %s by %s.", machine_state_name(machine->state),
		    machine_event_name(event));
}

void
run_finish(struct engine *engine, bool ok, int exit, enum err_code code, const char *text)
{
	struct run *run = engine->run;
	const char *told;

	move(engine, MACHINE_END);
	leg_release(engine, &run->leg);
	run->leg_active = false;
	program_release(&run->program);
	derive_settings(engine, NULL);
	tenure_release(engine);
	if (run->command == NULL)
		return;
	told = outcome_set(
		engine,
		&(struct outcome){
			.serial = run->command->serial, .ok = ok, .exit = exit, .code = code },
		text);
	if (run->command->kind != COMMAND_PREVIEW || !ok)
		events_add(engine, ok ? EVENT_DONE : EVENT_ERROR, run->command->step,
			   run->command->pair != NULL ? run->command->pair : "", "%s", told);
	command_free(run->command);
	run->command = NULL;
}

static void
refuse(struct engine *engine, struct command *command, enum err_code code, const char *text)
{
	outcome_tell(engine, command->serial, code, text);
	command_free(command);
}

static struct base *
find_base(const struct engine *engine, const char *pair)
{
	const struct run *run = engine->run;

	for (size_t i = 0; i < run->base_count; i++)
		if (strcmp(run->bases[i].pair, pair) == 0)
			return &run->bases[i];
	return NULL;
}

int64_t
run_base(const struct engine *engine, const char *pair)
{
	const struct base *base = find_base(engine, pair);

	return base != NULL ? base->ppm : PPM_UNKNOWN;
}

void
run_remember_base(struct engine *engine, const char *pair, int64_t ppm)
{
	struct run *run = engine->run;
	struct base *base = find_base(engine, pair);

	if (base != NULL && base->serial == run->command->serial)
		return;
	if (base == NULL) {
		run->bases = die_realloc(run->bases, (run->base_count + 1) * sizeof *run->bases);
		base = &run->bases[run->base_count++];
		base->pair = die_strdup(pair);
	}
	base->ppm = ppm;
	base->serial = run->command->serial;
	base->left = PPM_UNKNOWN;
}

void
run_remember_left(struct engine *engine, const char *pair, int64_t ppm)
{
	struct base *base = find_base(engine, pair);

	if (base != NULL && base->serial == engine->run->command->serial)
		base->left = ppm;
}

int64_t
run_left(const struct engine *engine, const char *pair)
{
	const struct base *base = find_base(engine, pair);

	return base != NULL && base->serial == engine->run->command->serial ? base->left
									    : PPM_UNKNOWN;
}

static void
reset(struct run *run)
{
	run->wrote = run->kept_crds = false;
	run->moved_to = PPM_UNKNOWN;
	run->exit = 0;
	run->trouble_count = 0;
	run->code = ERR_NONE;
	run->trouble[0] = run->waiting_text[0] = '\0';
	run->hold_until = NEVER;
}

static void
begin_abort(struct engine *engine, struct command *command)
{
	struct run *run = engine->run;

	run->command = command;
	run->aborting = NULL;
	run->begun = engine->mono;
	reset(run);
	move(engine, MACHINE_START);
	shown_release(&run->shown);
	run_abort_begin(engine);
}

static void
interrupt(struct engine *engine)
{
	struct run *run = engine->run;

	if (run->command == NULL)
		return;
	if (run->leg_active && machine_in_flight(run->machine.state)) {
		run->stopping = true;
		move(engine, MACHINE_STOP);
		write_stop(engine, &run->leg.write);
		return;
	}
	run_stopped(engine);
}

static void
on_abort(struct engine *engine, struct command *command)
{
	struct run *run = engine->run;

	for (size_t i = 0; i < run->waiting_count; i++)
		refuse(engine, run->waiting[i], ERR_CANCELLED, "Given up for the abort.");
	run->waiting_count = 0;
	command_free(run->aborting);
	run->aborting = command;
	interrupt(engine);
}

static void
on_stop(struct engine *engine, struct command *command)
{
	command_free(command);
	interrupt(engine);
}

static void
on_dismiss(struct engine *engine, struct command *command)
{
	struct run *run = engine->run;

	/* Left while it was still being made: the rest is not asked for. */
	if (run->command != NULL && run->command->kind == COMMAND_PREVIEW)
		run_finish(engine, false, 130, ERR_CANCELLED, "The preview was left.");
	if (run->shown.preview.id != 0 && run->shown.preview.step == STEP_SHIFT)
		derive_want(engine, run->shown.preview.pair, PPM_UNKNOWN);
	shown_release(&run->shown);
	outcome_hurry(engine);
	command_free(command);
}

static void
on_inspect(struct engine *engine, struct command *command)
{
	inspect_set(engine, command->object, command->ns, command->name);
	outcome_hurry(engine);
	command_free(command);
}

static void
on_refresh(struct engine *engine, struct command *command)
{
	/* What is live keeps its connections; a plugin or a kubeconfig is asked again at once. */
	if (!link_live(engine->link))
		engine->transport.refresh(engine->transport.self);
	link_try_now(engine);
	views_poke_all(engine);
	views_widen(engine);
	preflight_ask(engine, true);
	outcome_tell(engine, command->serial, ERR_NONE, "");
	command_free(command);
}

static void
on_sign_in(struct engine *engine, struct command *command)
{
	link_sign_in(engine, command->serial);
	command_free(command);
}

static void
on_choose(struct engine *engine, struct command *command)
{
	outcome_tell(engine, command->serial, ERR_NONE, "");
	command_free(command);
}

static void
on_freeze(struct engine *engine, struct command *command)
{
	tenure_freeze(engine, command);
	command_free(command);
}

static void
on_quit(struct engine *engine, struct command *command)
{
	engine->quit = true;
	on_stop(engine, command);
}

/* What is heard at once; NULL: it waits its turn. */
static void (*const at_once[])(struct engine *, struct command *) = {
	[COMMAND_DISMISS] = on_dismiss, [COMMAND_ABORT] = on_abort,
	[COMMAND_INSPECT] = on_inspect, [COMMAND_REFRESH] = on_refresh,
	[COMMAND_STOP] = on_stop,       [COMMAND_QUIT] = on_quit,
	[COMMAND_SIGN_IN] = on_sign_in, [COMMAND_FREEZE] = on_freeze,
	[COMMAND_UNFREEZE] = on_freeze, [COMMAND_CHOOSE] = on_choose,
};

/* What was shown before is not what would be written now. */
static bool
choose(struct engine *engine, const struct command *command, struct err *err)
{
	struct run *run = engine->run;

	if (!choices_make(engine, command, err))
		return false;
	if (run->command == NULL)
		shown_release(&run->shown);
	return true;
}

void
run_command(struct engine *engine, struct command *command)
{
	struct run *run = engine->run;
	struct err err = { .code = ERR_NONE };

	if (command->choice != CHOICE_NONE && !choose(engine, command, &err)) {
		refuse(engine, command, err.code, err.text);
		return;
	}
	if (at_once[command->kind] != NULL) {
		at_once[command->kind](engine, command);
		return;
	}
	/* Another preview is wanted before the first was there: only the newest matters. */
	if (run->command != NULL && run->command->kind == COMMAND_PREVIEW &&
	    command->kind == COMMAND_PREVIEW)
		run_finish(engine, false, 130, ERR_CANCELLED, "Another preview was asked for.");
	if (run->command != NULL &&
	    (command->kind == COMMAND_PREVIEW || command->kind == COMMAND_ACCEPT)) {
		char text[200];
		snprintf(text, sizeof text, "Busy: %s is under way. Wait for its end, or abort it.",
			 command_name(run->command->kind));
		refuse(engine, command, ERR_CONFLICT, text);
		return;
	}
	run->waiting = die_realloc(run->waiting, (run->waiting_count + 1) * sizeof *run->waiting);
	run->waiting[run->waiting_count++] = command;
	run->asked = engine->mono;
	book_tell_again(engine);
	if (run->command == NULL)
		views_widen(engine);
	if (command->kind == COMMAND_APPLY || command->kind == COMMAND_PLAN)
		preflight_ask(engine, false);
	/* What was done since the last round wants other rights to be taken back. */
	if (command->kind == COMMAND_ROLLBACK)
		preflight_ask(engine, true);
}

static bool
can_begin(const struct engine *engine)
{
	return book_settled(engine) && views_answered(engine) && preflight_settled(engine) &&
	       strangers_settled(engine);
}

/* What pools there are decides everything: a list of them that did not come is waited for
 * longer. */
static int64_t
patience(const struct engine *engine)
{
	static const enum kind pools[] = { KIND_ALPHA_POOL, KIND_GA_POOL };

	if (book_looks(engine))
		return BOOK_LATE + START_PATIENCE;
	for (size_t i = 0; i < sizeof pools / sizeof *pools; i++) {
		enum view_state state = engine->world->view[pools[i]].state;

		if (!engine->world->view[pools[i]].listed && state != VIEW_NOT_INSTALLED &&
		    state != VIEW_FORBIDDEN)
			return POOLS_PATIENCE;
	}
	return START_PATIENCE;
}

static bool
may_begin(const struct engine *engine)
{
	int64_t most = patience(engine);

	return engine->mono - engine->run->asked >= most ||
	       (can_begin(engine) && most == START_PATIENCE);
}

static void
begin(struct engine *engine)
{
	struct run *run = engine->run;

	run->command = run->waiting[0];
	memmove(run->waiting, run->waiting + 1, --run->waiting_count * sizeof *run->waiting);
	run->settings = *engine->settings;
	run->settings.accept_unproven |= run->command->accept_unproven;
	derive_settings(engine, &run->settings);
	run->begun = engine->mono;
	reset(run);
	move(engine, MACHINE_START);
	if (link_other_cluster(engine->link))
		run_finish(engine, false, 3, ERR_CONFLICT,
			   "Another cluster answers at this address than at the start. Nothing was "
			   "written; quit and look at the kubeconfig.");
	else
		run_begin(engine);
}

/* Ends what runs and everything that waits, at once. */
static void
end_all(struct engine *engine, enum err_code code, const char *text)
{
	struct run *run = engine->run;

	if (run->command != NULL)
		run_finish(engine, false, 1, code, text);
	for (size_t i = 0; i < run->waiting_count; i++)
		refuse(engine, run->waiting[i], code, text);
	run->waiting_count = 0;
	shown_release(&run->shown);
}

/* The program stood still: that counts against no patience, and nothing was watched meanwhile. */
static void
stood_still(struct run *run, int64_t nanoseconds)
{
	struct leg *leg = &run->leg;

	run->asked += nanoseconds;
	leg->began += nanoseconds;
	leg->asked = false; /* what was listed before is old by now */
	/* Open answers drain all the same. */
	if (run->machine.state != MACHINE_DRAINING)
		leg->patience += nanoseconds;
	if (run->hold_until != NEVER)
		run->hold_until += nanoseconds;
}

static void
mind_link(struct engine *engine)
{
	struct run *run = engine->run;
	int64_t still = link_stood_still(engine->link);

	if (still != run->stood_still)
		stood_still(run, still - run->stood_still);
	run->stood_still = still;
	if (run->ended || !link_other_cluster(engine->link))
		return;
	run->ended = true;
	end_all(engine, ERR_CONFLICT, "Stopped: another cluster answers at this address.");
}

int64_t
run_step(struct engine *engine)
{
	struct run *run = engine->run;
	int64_t due = NEVER;

	mind_link(engine);
	for (int i = 0; i < 1000; i++) {
		uint64_t moves = run->machine.moves;

		if (run->command == NULL && run->aborting != NULL)
			begin_abort(engine, run->aborting);
		else if (run->command == NULL && run->waiting_count > 0 && may_begin(engine))
			begin(engine);
		due = NEVER;
		if (run->command != NULL)
			due = run_turn(engine);
		else if (run->waiting_count > 0)
			due = run->asked + patience(engine);
		if (run->machine.moves == moves)
			break;
	}
	return due;
}

bool
run_take(struct engine *engine, struct transport_event *event)
{
	return leg_take(engine, &engine->run->leg, event);
}

bool
run_in_flight(const struct run *run)
{
	return run->leg_active && machine_in_flight(run->machine.state);
}

struct run_view
run_view(const struct engine *engine, struct arena *arena)
{
	const struct run *run = engine->run;
	const struct leg *leg = &run->leg;
	struct run_view view = { .phase = machine_phase(run->machine.state),
				 .step = STEP_COUNT,
				 .pair = "",
				 .text = "",
				 .since = run->machine.since,
				 .until = NEVER };

	if (run->command == NULL)
		return view;
	view.stopping = run->stopping;
	if (run->waiting_text[0] != '\0')
		view.text = arena_string(arena, run->waiting_text);
	if (!run->leg_active) {
		view.until = run->hold_until;
		return view;
	}
	view.step = leg->order.step;
	view.pair = arena_string(arena, leg->order.pair);
	view.text = arena_string(arena, leg->text);
	view.done = (int)leg->at;
	view.total = (int)leg->intents.count;
	view.undo = leg->order.undo || leg->taking_back;
	if (run->machine.state == MACHINE_VERIFYING || run->machine.state == MACHINE_DRAINING)
		view.until = leg->patience;
	return view;
}

struct preview
run_preview(const struct engine *engine, struct arena *arena)
{
	return shown_copy(&engine->run->shown.preview, arena);
}

const struct preview *
run_previews(const struct engine *engine, struct arena *arena, size_t *count)
{
	const struct run *run = engine->run;
	struct preview *previews = arena_array(arena, run->plan_count + 1, sizeof *previews);

	/* Half a plan is of no use to anybody. */
	*count = run->command != NULL && run->command->kind == COMMAND_PLAN ? 0 : run->plan_count;
	for (size_t i = 0; i < *count; i++)
		previews[i] = shown_copy(&run->plans[i].preview, arena);
	return previews;
}

uint64_t
run_moves(const struct run *run)
{
	return run->machine.moves + (uint64_t)run->leg.at + run->program.at +
	       run->shown.preview.write_count;
}
