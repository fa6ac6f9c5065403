/* orphan - InferenceModels whose alpha pool is not there: shown always, deleted by the clean-up
 * only when the person has named them (--orphan).
 *
 * Pure; texts live in the arena given.
 */
#ifndef MIGRATE_ORPHAN_H
#define MIGRATE_ORPHAN_H

#include "core/migrate/step.h"

/* Its pool is missing, as far as the world knows its pools. */
bool orphan_is(const struct world *world, const struct object *model);
/* The selected pair with whose clean-up a named one goes: the first of its namespace, else the
 * first of all. NULL for one that stays. */
const struct pair *orphan_taker(const struct stage *stage, const struct object *model);
/* All of them, in the order of the world. */
const struct orphan *orphan_all(const struct stage *stage, size_t *count);

#endif
