/* An abort: weights back to where they were, and kept there until nothing of before can move them. */
#include <stdio.h>

#include "core/engine/book.h"
#include "core/engine/derive.h"
#include "core/engine/events.h"
#include "core/engine/run_inside.h"

#define LOOK_AGAIN   (1 * SECOND)
#define WATCHED_MOST (BOOK_LATE + 15 * SECOND) /* when nobody answers the look at what is open */

static void
make_program(struct engine *engine)
{
	struct run *run = engine->run;

	program_abort(engine, run->command, &run->program, run_base);
	for (size_t i = 0; i < run->program.count; i++)
		derive_want(engine, run->program.orders[i].pair,
			    run->program.orders[i].goal == PPM_UNKNOWN
				    ? 0
				    : run->program.orders[i].goal);
}

void
run_abort_begin(struct engine *engine)
{
	struct run *run = engine->run;
	const char *pair = run->command->pair;

	run->watched = false;
	make_program(engine);
	events_add(engine, EVENT_WARNING, STEP_SHIFT, pair != NULL ? pair : "",
		   "Abort: weights go back.");
}

static void
watch(struct engine *engine)
{
	struct run *run = engine->run;

	run->watched = true;
	run->leg_active = false;
	run->hold_until = engine->mono + LOOK_AGAIN;
	snprintf(run->waiting_text, sizeof run->waiting_text,
		 "the weights are back; watched until it is known what became of an earlier write");
	machine_move(&run->machine, MACHINE_NEXT, engine->mono);
	machine_move(&run->machine, MACHINE_HOLD, engine->mono);
}

bool
run_abort_goes_on(struct engine *engine)
{
	struct run *run = engine->run;

	if (*run->trouble != '\0')
		return false;
	if (book_looks(engine) && engine->mono - run->begun < WATCHED_MOST) {
		watch(engine);
		return true;
	}
	if (!run->watched)
		return false;
	/* What came meanwhile has moved them, or it has not. */
	run->watched = false;
	program_release(&run->program);
	make_program(engine);
	return run->program.count > 0;
}
