/* reflist - every place in HTTPRoutes that names an InferencePool, of either group, found in one
 * pass and kept by pool.
 *
 * Points into the world it was made from and into its arena, and lives no longer than both. Any
 * thread; no I/O. Order within a pool: route namespace and name, rule, backendRefs by index, then
 * mirrors; two lists of the same world compare equal. Making one is linear in the routes, a look-up
 * does not depend on their number.
 */
#ifndef MIGRATE_REFLIST_H
#define MIGRATE_REFLIST_H

#include "core/base/arena.h"
#include "core/model/world.h"

struct reflist;

struct reflist_item {
	const struct object *route;
	const struct rule *rule;
	const struct backend *backend; /* NULL for a mirror */
	const struct mirror *mirror;   /* NULL for a backendRef */
};

struct reflist *reflist_new(const struct world *world, struct arena *arena);
/* `pool` is KIND_ALPHA_POOL or KIND_GA_POOL; the pool itself need not exist. NULL with *count 0: no
 * traffic goes there. */
const struct reflist_item *reflist_find(const struct reflist *list, enum kind pool, const char *ns,
					const char *name, size_t *count);
/* How many places name any pool of that group, and the first of them (NULL when there is none). */
const struct reflist_item *reflist_group(const struct reflist *list, enum kind pool, size_t *count);
/* KIND_ALPHA_POOL, KIND_GA_POOL, or KIND_COUNT when `ref` names something else. */
enum kind reflist_kind(const struct ref *ref);

#endif
