/* variant - what the old picker's Deployment was given by its owner and may apply to the new one:
 * offered, and off unless asked for (settings.carry).
 *
 * Its flags and plugins are of another version and are never carried. Pure; texts live in the arena
 * given and are clean.
 */
#ifndef MIGRATE_VARIANT_H
#define MIGRATE_VARIANT_H

#include "core/base/json.h"
#include "core/model/plan.h"
#include "core/model/settings.h"
#include "core/model/world.h"

/* Everything of `old` (NULL: nothing) that could be carried, in the order of enum carry. */
const struct offer *variant_offers(const struct settings *settings, const struct object *old,
				   struct arena *arena, size_t *count);
/* Puts what was asked for into the new Deployment. An image that was asked for by name stays. */
void variant_apply(const struct settings *settings, const struct object *old,
		   struct json *deployment, struct arena *arena);

#endif
