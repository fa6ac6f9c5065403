/* machine - the states of a run and what leads from one to the next, as a table; one function
 * changes state.
 *
 * A run works off legs: a step for a pair, done or taken back. The machine knows no step and no
 * object; it says where a leg stands and refuses what cannot follow. Owned by the engine's thread;
 * pure.
 */
#ifndef MIGRATE_MACHINE_H
#define MIGRATE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model/snapshot.h"

enum machine_state {
	MACHINE_IDLE,
	MACHINE_CHECKING,   /* is everything known, may the step start, what is to be written */
	MACHINE_REHEARSING, /* each write as a dry run */
	MACHINE_WRITING,    /* a write is on its way */
	MACHINE_RESOLVING,  /* a write's outcome is unknown: looking (KUBERNETES §4.10) */
	MACHINE_SETTLING,   /* answered; waiting until the world shows it */
	MACHINE_VERIFYING,  /* did it take? */
	MACHINE_HOLDING,    /* between two stops of the ramp */
	MACHINE_DRAINING,   /* nothing but time is missing */
	MACHINE_STOPPING,   /* the write on its way is finished, then it ends */
	MACHINE_STATES
};

enum machine_event {
	MACHINE_START,    /* a command begins */
	MACHINE_NEXT,     /* the next leg begins */
	MACHINE_REHEARSE, /* the writes are known: try them */
	MACHINE_WRITE,    /* send the next one */
	MACHINE_DOUBT,    /* no telling whether it was executed */
	MACHINE_KNOWN,    /* it was not: it goes on */
	MACHINE_ANSWERED, /* it was executed */
	MACHINE_VERIFY,   /* all are written */
	MACHINE_HOLD,     /* watch before going on */
	MACHINE_DRAIN,    /* wait for a moment in time */
	MACHINE_TIME,     /* the moment has come */
	MACHINE_STOP,     /* a person wants it to end */
	MACHINE_END,      /* over, well or not */
	MACHINE_EVENTS
};

struct machine {
	enum machine_state state;
	int64_t since; /* mono ns */
	uint64_t moves;
};

const char *machine_state_name(enum machine_state state);
const char *machine_event_name(enum machine_event event);
enum run_phase machine_phase(enum machine_state state); /* as the screen names it */
/* Is a write on its way, so that stopping has to wait for its answer? */
bool machine_in_flight(enum machine_state state);
/* Moves and returns true; false, with nothing changed, when `event` cannot happen in this state. */
bool machine_move(struct machine *machine, enum machine_event event, int64_t mono);

#endif
