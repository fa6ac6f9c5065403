/* namesake - another pair of the plan whose picker is to have the same name in another namespace.
 *
 * What a picker has of the cluster's own, a ClusterRole and its binding, has no namespace: two of
 * one name collide there (DOMAIN §5). Who gives way is told by the plan, before anything is there.
 * Pure.
 */
#ifndef MIGRATE_NAMESAKE_H
#define MIGRATE_NAMESAKE_H

#include "core/migrate/step.h"

/* The next one that is selected, in the plan's order; NULL at the end. `*at` starts at 0. */
const struct pair *namesake_next(const struct stage *stage, const struct pair *pair, size_t *at);
/* Its turn comes before that of `pair`. */
bool namesake_goes_first(const struct pair *other, const struct pair *pair);

#endif
