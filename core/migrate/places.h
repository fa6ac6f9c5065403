/* places - where HTTPRoutes name the two pools of one pair, with the share that stands there and
 * what controllers say.
 *
 * One place for each rule with a backendRef of the pair, and one more for each rule that mirrors to
 * it. Made in the arena given; text is clean. Any thread; pure.
 */
#ifndef MIGRATE_PLACES_H
#define MIGRATE_PLACES_H

#include "core/migrate/reflist.h"
#include "core/model/plan.h"

struct place *places_new(const struct reflist *list, const char *ns, const char *alpha,
			 const char *ga, struct arena *arena, size_t *count);
/* The share all places stand at: PPM_APART when they differ, PPM_UNKNOWN when none has any weight.
 */
int64_t places_ppm(const struct place *places, size_t count);
/* A weight as the API allows it: 0 to 1,000,000, whatever was decoded. */
int64_t places_weight(const struct backend *backend);

#endif
