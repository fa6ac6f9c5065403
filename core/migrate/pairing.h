/* pairing - the pairs of a cluster: each alpha pool with the GA pool that takes its place, and
 * what belongs to both.
 *
 * A pair is an alpha pool, or a GA pool that says which alpha pool it replaced
 * (CONVERT_ALPHA_POOL) when that is gone, or an alpha pool that the clean-up deleted and no GA
 * pool took the place of yet (the simple procedure). The GA pool is the one that says so, else
 * the one of the chosen or default name. Made in the arena given. Any thread; pure.
 */
#ifndef MIGRATE_PAIRING_H
#define MIGRATE_PAIRING_H

#include "core/migrate/assess.h"
#include "core/migrate/memory.h"
#include "core/migrate/reflist.h"

/* By namespace and alpha name; steps are all "unknown" with empty reasons. Linear in the objects,
 * times the pairs for those that belong to a pool (models, pods, pickers). */
struct pair *pairing_new(const struct assess_input *input, const struct memory *memory,
			 const struct reflist *list, struct arena *arena, size_t *count);

#endif
