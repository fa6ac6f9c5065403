#include "core/migrate/machine.h"

/* One row a state: its name, its phase on the screen, whether a write is on its way, and where each
 * event leads. An event that is not in the row cannot happen; 0 would be IDLE, so the target is
 * kept plus one. */
#define TO(state) ((state) + 1)

static const struct row {
	const char *name;
	enum run_phase phase;
	bool in_flight;
	unsigned char next[MACHINE_EVENTS];
} machine[MACHINE_STATES] = {
	[MACHINE_IDLE] = {
		.name = "idle", .phase = RUN_IDLE,
		.next = {
			[MACHINE_START] = TO(MACHINE_CHECKING),
			[MACHINE_STOP] = TO(MACHINE_IDLE),
			[MACHINE_END] = TO(MACHINE_IDLE),
		},
	},
	[MACHINE_CHECKING] = {
		.name = "checking", .phase = RUN_CHECKING,
		.next = {
			[MACHINE_NEXT] = TO(MACHINE_CHECKING),
			[MACHINE_REHEARSE] = TO(MACHINE_REHEARSING),
			[MACHINE_WRITE] = TO(MACHINE_WRITING),
			[MACHINE_VERIFY] = TO(MACHINE_VERIFYING),
			[MACHINE_HOLD] = TO(MACHINE_HOLDING),
			[MACHINE_DRAIN] = TO(MACHINE_DRAINING),
			[MACHINE_STOP] = TO(MACHINE_IDLE),
			[MACHINE_END] = TO(MACHINE_IDLE),
		},
	},
	[MACHINE_REHEARSING] = {
		.name = "rehearsing", .phase = RUN_DRY_RUN,
		.next = {
			[MACHINE_NEXT] = TO(MACHINE_CHECKING),
			[MACHINE_WRITE] = TO(MACHINE_WRITING),
			[MACHINE_VERIFY] = TO(MACHINE_VERIFYING),
			[MACHINE_STOP] = TO(MACHINE_IDLE),
			[MACHINE_END] = TO(MACHINE_IDLE),
		},
	},
	[MACHINE_WRITING] = {
		.name = "writing", .phase = RUN_WRITING, .in_flight = true,
		.next = {
			[MACHINE_DOUBT] = TO(MACHINE_RESOLVING),
			[MACHINE_ANSWERED] = TO(MACHINE_SETTLING),
			[MACHINE_STOP] = TO(MACHINE_STOPPING),
			[MACHINE_END] = TO(MACHINE_IDLE),
			[MACHINE_NEXT] = TO(MACHINE_CHECKING),
		},
	},
	[MACHINE_RESOLVING] = {
		.name = "resolving", .phase = RUN_RESOLVING, .in_flight = true,
		.next = {
			[MACHINE_KNOWN] = TO(MACHINE_WRITING),
			[MACHINE_ANSWERED] = TO(MACHINE_SETTLING),
			[MACHINE_STOP] = TO(MACHINE_STOPPING),
			[MACHINE_END] = TO(MACHINE_IDLE),
			[MACHINE_NEXT] = TO(MACHINE_CHECKING),
		},
	},
	[MACHINE_SETTLING] = {
		.name = "settling", .phase = RUN_SETTLING,
		.next = {
			[MACHINE_WRITE] = TO(MACHINE_WRITING),
			[MACHINE_VERIFY] = TO(MACHINE_VERIFYING),
			[MACHINE_NEXT] = TO(MACHINE_CHECKING),
			[MACHINE_STOP] = TO(MACHINE_IDLE),
			[MACHINE_END] = TO(MACHINE_IDLE),
		},
	},
	[MACHINE_VERIFYING] = {
		.name = "verifying", .phase = RUN_VERIFYING,
		.next = {
			[MACHINE_WRITE] = TO(MACHINE_WRITING),
			[MACHINE_NEXT] = TO(MACHINE_CHECKING),
			[MACHINE_DRAIN] = TO(MACHINE_DRAINING),
			[MACHINE_STOP] = TO(MACHINE_IDLE),
			[MACHINE_END] = TO(MACHINE_IDLE),
		},
	},
	[MACHINE_HOLDING] = {
		.name = "holding", .phase = RUN_HOLDING,
		.next = {
			[MACHINE_TIME] = TO(MACHINE_CHECKING),
			[MACHINE_STOP] = TO(MACHINE_IDLE),
			[MACHINE_END] = TO(MACHINE_IDLE),
		},
	},
	[MACHINE_DRAINING] = {
		.name = "draining", .phase = RUN_DRAINING,
		.next = {
			[MACHINE_TIME] = TO(MACHINE_CHECKING),
			[MACHINE_STOP] = TO(MACHINE_IDLE),
			[MACHINE_END] = TO(MACHINE_IDLE),
		},
	},
	[MACHINE_STOPPING] = {
		.name = "stopping", .phase = RUN_WRITING, .in_flight = true,
		.next = {
			[MACHINE_STOP] = TO(MACHINE_STOPPING),
			[MACHINE_END] = TO(MACHINE_IDLE),
		},
	},
};

static const char *const event_names[MACHINE_EVENTS] = {
	[MACHINE_START] = "start",       [MACHINE_NEXT] = "next",
	[MACHINE_REHEARSE] = "rehearse", [MACHINE_WRITE] = "write",
	[MACHINE_DOUBT] = "doubt",       [MACHINE_KNOWN] = "known",
	[MACHINE_ANSWERED] = "answered", [MACHINE_VERIFY] = "verify",
	[MACHINE_HOLD] = "hold",         [MACHINE_DRAIN] = "drain",
	[MACHINE_TIME] = "time",         [MACHINE_STOP] = "stop",
	[MACHINE_END] = "end",
};

const char *
machine_state_name(enum machine_state state)
{
	return machine[state].name;
}

const char *
machine_event_name(enum machine_event event)
{
	return event_names[event];
}

enum run_phase
machine_phase(enum machine_state state)
{
	return machine[state].phase;
}

bool
machine_in_flight(enum machine_state state)
{
	return machine[state].in_flight;
}

bool
machine_move(struct machine *moving, enum machine_event event, int64_t mono)
{
	unsigned char next = machine[moving->state].next[event];

	if (next == 0)
		return false;
	if (TO(moving->state) != next)
		moving->since = mono;
	moving->state = (enum machine_state)(next - 1);
	moving->moves++;
	return true;
}
