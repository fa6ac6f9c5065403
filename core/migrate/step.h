/* step - the steps of a migration, one row each: pure functions of the observed world and the
 * journal.
 *
 * The state of a step is derived from the cluster, so any console started anywhere shows the
 * same; the journal only adds what stood there before. Each step is a file step_<name>.c that
 * opens with its row. No I/O; the engine's thread, or any thread that owns the world it hands
 * in.
 */
#ifndef MIGRATE_STEP_H
#define MIGRATE_STEP_H

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/migrate/intent.h"
#include "core/migrate/journal.h"
#include "core/model/plan.h"
#include "core/model/settings.h"
#include "core/model/world.h"

struct memory; /* memory.h */

/* What every function of a step looks at. `pair` is NULL for a cluster-scoped step. */
struct stage {
	const struct world *world;
	const struct settings *settings;
	const struct journal *journal; /* NULL before it is open */
	const struct plan
		*plan; /* pairs and places are filled; steps may be asked only of earlier steps */
	struct arena *arena;                     /* for everything that is returned */
	int64_t goal;                            /* ppm for shift; PPM_UNKNOWN otherwise */
	const struct verification *verification; /* the last one that ran, or NULL */
	const struct memory
		*memory; /* what was deleted and is to come back in a new form; NULL: nothing */
};

enum verdict {
	VERDICT_PASS,
	VERDICT_WAIT,      /* not yet; *why says for what */
	VERDICT_FAIL,      /* it will not come by waiting */
	VERDICT_TAKE_BACK, /* and what was written must be undone at once (DOMAIN §3.1 step 4) */
};

struct step {
	enum step_id id;
	const char *name; /* stable (CLI §3) */
	char key;         /* on the console */
	enum step_scope scope;
	const char *title; /* "add the GA pool to the route at weight 0" */
	const char *help;  /* two or three sentences for the help screen and the manual */
	const char *undo;  /* how it is undone, or that it is not */
	enum risk risk;
	int64_t patience;       /* ns for verify to pass */
	const enum kind *needs; /* kinds whose view must be complete and fresh; KIND_COUNT ends */
	/* Where it stands: DONE, READY, WAITING (until), BLOCKED (reason, object, advice),
	 * UNKNOWN. */
	void (*check)(const struct stage *stage, const struct pair *pair,
		      struct step_status *status);
	/* The writes that remain to be done, in order; none when it is done. Idempotent: after a
	 * kill, what remains remains. */
	bool (*writes)(const struct stage *stage, const struct pair *pair, struct intent_list *out,
		       struct err *err);
	/* After the writes: did it take? */
	enum verdict (*verify)(const struct stage *stage, const struct pair *pair,
			       struct step_status *why);
	/* The writes that take it back, from the world and the journal; none when there is
	 * nothing to take back. */
	bool (*back)(const struct stage *stage, const struct pair *pair, struct intent_list *out,
		     struct err *err);
};

const struct step *step_row(enum step_id id);
/* The steps of a procedure, in order. */
const enum step_id *step_order(enum path path, size_t *count);

/* Of `count` steps in their order as they concern one pair, NULL for none: the first that is still
 * to be done, and the last that wrote something; STEP_COUNT when there is none. */
enum step_id step_next_of(const struct step_view *steps, size_t count);
enum step_id step_last_of(const struct step_view *steps, size_t count, const struct pair *pair);

#endif
