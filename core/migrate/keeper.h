/* keeper - who else keeps an object as it stands in a repository or a chart: Argo CD, Flux, Config
 * Sync, Helm. A change in the cluster alone is put back by them, sooner or later.
 *
 * Known by labels, annotations and field managers; one row each. Pure.
 */
#ifndef MIGRATE_KEEPER_H
#define MIGRATE_KEEPER_H

#include "core/migrate/step.h"

struct keeper {
	const char *name;   /* "Argo CD" */
	const char *source; /* what it calls the source of the object; "" when it does not say */
	const char *pause;  /* how a person keeps it from putting the change back */
};

/* False when nobody does. Texts are constant or borrowed from the object. */
bool keeper_of(const struct object *object, struct keeper *out);
/* A route of the pair that is kept by somebody: BLOCKED, unless it was said that it be changed all
 * the same (force_managed). */
bool keeper_blocks_routes(const struct stage *stage, const struct pair *pair,
			  struct step_status *status);
/* The same for the alpha pool itself; a release of Helm's is the installer's to see to. */
bool
keeper_blocks_pool(const struct stage *stage, const struct pair *pair, struct step_status *status);

#endif
