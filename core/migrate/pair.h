/* pair - the two pools of a pair in the world, and its name.
 *
 * Any thread; pure.
 */
#ifndef MIGRATE_PAIR_H
#define MIGRATE_PAIR_H

#include "core/base/arena.h"
#include "core/model/plan.h"
#include "core/model/world.h"

/* The two pools of a pair; NULL when not there. */
const struct object *pair_alpha(const struct world *world, const struct pair *pair);
const struct object *pair_ga(const struct world *world, const struct pair *pair);
const char *pair_title(const struct pair *pair, struct arena *arena); /* "ns/alpha" */

#endif
