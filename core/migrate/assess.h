/* assess - where the migration stands: the whole plan, derived from a world, the settings and
 * the journal.
 *
 * A pure function; called after every change of the world that matters. Linear in the objects.
 */
#ifndef MIGRATE_ASSESS_H
#define MIGRATE_ASSESS_H

#include "core/migrate/step.h"

/* Everything is made in `arena`. `wanted` gives the ppm a person asked for a pair, or
 * PPM_UNKNOWN; may be NULL. */
struct access; /* access.h */
struct assess_input {
	const struct world *world;
	const struct settings *settings;
	const struct journal *journal;           /* or NULL */
	const struct verification *verification; /* or NULL */
	void *wanted_self;
	int64_t (*wanted)(void *self, const char *ns, const char *alpha);
	const struct access *access; /* what may not be done; NULL: not known */
	int64_t served; /* wall ns of the first 200 seen since the attach, for the downtime; 0: none seen */
};
void assess(const struct assess_input *input, struct arena *arena, struct plan *out);
/* The stage for a step's functions, over a plan that assess() made. */
struct stage assess_stage(const struct assess_input *input, const struct plan *plan,
			  struct arena *arena, int64_t goal);
/* Do later steps have to wait for one in this state? `verify` holds nothing up but when it
 * failed: its result is this console's memory, and another one must be able to go on (CLI §3).
 * In the simple procedure the alpha CRDs may stay, for whatever else of them is left, and the
 * new ones are made beside them. */
bool assess_holds_up(enum path path, enum step_id id, const struct step_status *status);
const struct pair *
assess_pair(const struct plan *plan, const char *title); /* "ns/alpha"; NULL when there is none */

/* The checks of the verify step for one pair; `probe` NULL when it did not run or is switched
 * off. */
void assess_verification(const struct stage *stage, const struct pair *pair,
			 const struct probe_view *probe, struct verification *out);
/* Some route of the pair gives its GA pool no weight yet, or will, and no controller has said
 * that it serves it. */
bool assess_unproven(const struct stage *stage, const struct pair *pair);
/* Where the probe goes: URL, the host name to ask for ("": the URL's own) and JSON body, from
 * settings, gateway and routes. ERR_MISSING when no address is known. */
bool assess_probe(const struct stage *stage, const struct pair *pair, const char **url,
		  const char **host, const char **body, struct err *err);
/* The first writes of a rollback in order: which steps stand that can be taken back, newest
 * first. */
size_t assess_undoable(const struct pair *pair, const struct journal *journal, enum path path,
		       enum step_id steps[STEP_COUNT]);

#endif
