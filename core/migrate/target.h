/* target - the namespaces as they are when the migration is over, as manifests for a repository:
 * what GitOps has to say before it lets anybody change it.
 *
 * Objects that are there already stand as they are, without what a server fills in; the others as
 * they would be made. The CRDs are the cluster's and not part of it. Pure; texts live in the
 * stage's arena.
 */
#ifndef MIGRATE_TARGET_H
#define MIGRATE_TARGET_H

#include "core/migrate/step.h"

struct target_file {
	const char
		*name; /* "default.inferencepool.p-ga.yaml": the kind's own group is in the text */
	const char *yaml; /* one document, without "---"; as it is, not cleaned for a terminal */
};

/* Of all selected pairs, each object once: pool, picker, policies, objectives, grants, routes. */
const struct target_file *target_files(const struct stage *stage, size_t *count, struct err *err);

#endif
