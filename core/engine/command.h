/* command - what a person or a script wants done, as data, with the basis it was decided on.
 *
 * Made on the UI thread, moved into the engine's inbox. Strings are copied. The engine answers with
 * outcome.serial.
 */
#ifndef ENGINE_COMMAND_H
#define ENGINE_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model/kind.h"
#include "core/model/plan.h"

enum command_kind {
	COMMAND_PREVIEW, /* the writes of `step` for `pair` (goal for shift; `undo`), with the
			    server's dry run */
	COMMAND_ACCEPT,  /* writes what preview `preview` showed, or refuses when its basis has
			    moved; verifies it */
	COMMAND_DISMISS, /* the preview was left */
	COMMAND_PLAN,    /* previews of every step for every selected pair: snapshot.previews */
	COMMAND_APPLY, /* from wherever the cluster stands, through `step` (STEP_COUNT: the last) */
	COMMAND_SHIFT, /* all selected pairs (or `pair`) to `goal`, without the ramp */
	COMMAND_RAMP,  /* the same stop by stop, as `apply` does: hold, verify, go on */
	COMMAND_ROLLBACK, /* the last step; through `step` with ROLLBACK_TO; everything with
			     ROLLBACK_ALL */
	COMMAND_ABORT,  /* stops what runs, weights of `pair` back to what they were before, at once
			 */
	COMMAND_VERIFY, /* every check and the probe, for `pair` or all selected */
	COMMAND_INSPECT, /* detail of one object into the snapshots from now on; kind KIND_COUNT: no
			    more */
	COMMAND_SIGN_IN, /* the credential plugin asks the person, at the terminal; its end is the
			    outcome */
	COMMAND_CHOOSE,  /* nothing but its choice */
	COMMAND_FREEZE,  /* nobody writes to this cluster any more, for the reason `text` */
	COMMAND_UNFREEZE,
	COMMAND_REFRESH, /* list everything again, try the connection now */
	COMMAND_STOP,    /* finish the write in flight, then end the running command (SIGINT) */
	COMMAND_QUIT,    /* end of the engine; also engine_free() */
};

enum rollback_extent { ROLLBACK_LAST, ROLLBACK_TO, ROLLBACK_ALL };

/* What a person may still choose (choices.h); any command may carry one, which counts before it
 * begins. */
enum choice {
	CHOICE_NONE,
	CHOICE_PRIORITY, /* `value`, of the objective of InferenceModel ns/name */
	CHOICE_CARRY,    /* `carry`: 1 or 0 */
	CHOICE_ROUTES,   /* 1: those that the detach leaves empty are deleted, a copy kept */
	CHOICE_MANAGED,  /* 1: what others keep is written all the same */
	CHOICE_ORPHAN,   /* 1: the clean-up takes InferenceModel ns/name along */
};

struct command {
	int64_t serial; /* set by engine_submit(), rising from 1 */
	enum command_kind kind;
	enum step_id step;
	const char *pair; /* "ns/alpha"; NULL or "": all selected */
	int64_t goal;     /* ppm; PPM_UNKNOWN */
	bool undo;
	bool accept_unproven; /* knowingly, for this one */
	int64_t preview;      /* id, for ACCEPT */
	int64_t snapshot;     /* number the person looked at */
	enum rollback_extent extent;
	enum kind object; /* for INSPECT */
	const char *ns, *name;
	enum choice choice;
	enum carry carry;
	int64_t value;
	const char *text; /* for FREEZE; NULL: the settings' reason */
};

struct command *command_copy(const struct command *command); /* deep, on the heap */
void command_free(struct command *command);
const char *command_name(enum command_kind kind);

#endif
