/* rights - everything the plan asks of the API server, verb by verb, before it asks: for a review
 * of one's own access, and as a Role to ask for.
 *
 * By the steps that are not done and the objects they are about, over all selected pairs. Texts
 * point into the world, the tables or the arena given. Pure.
 */
#ifndef MIGRATE_RIGHTS_H
#define MIGRATE_RIGHTS_H

#include "core/migrate/step.h"

struct right {
	const char *verb, *group, *resource;
	const char *ns;    /* "" for all namespaces, or what has none */
	const char *name;  /* "" for any */
	enum step_id step; /* the first that wants it; STEP_COUNT: to look at the cluster at all */
	bool undo;         /* only to take something back */
};

/* In the order of the procedure, each once; of steps that are done what the way back takes. */
const struct right *rights_of(const struct stage *stage, size_t *count);
/* What it takes to take one step back; all of them are among rights_of() once the step is done.
 * `pair` NULL for a cluster step. */
const struct right *
rights_back(const struct stage *stage, const struct pair *pair, enum step_id step, size_t *count);
/* A ClusterRole for what goes across namespaces and a Role for each namespace, both called `name`,
 * with bindings for `user` unless that is "". YAML documents, clean for a terminal. */
const char *rights_manifest(const struct right *rights, size_t count, const char *name,
			    const char *user, struct arena *arena);

#endif
