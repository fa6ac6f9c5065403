/* picker - the endpoint picker behind a pool, found by reference and never by name (DOMAIN §5).
 *
 * pool → Service → its selector → Deployment → ServiceAccount and ConfigMaps → bindings → roles.
 * Everything borrowed from the world. Any thread; pure.
 */
#ifndef MIGRATE_PICKER_H
#define MIGRATE_PICKER_H

#include "core/base/arena.h"
#include "core/model/world.h"

struct picker {
	const struct object *service, *deployment; /* NULL where it is not there */
};
/* `pool` is of either group; NULL finds nothing. */
struct picker picker_find(const struct world *world, const struct object *pool);

struct picker_part {
	const struct object *object;
	const char *kept; /* why it stays when the pool goes; NULL: nothing that stays needs it */
};
/* Everything that belongs to the pool's picker, what is found last first: each object is reached
 * through one that comes later, so whoever deletes in this order can be stopped anywhere and find
 * the rest again. */
struct picker_part *picker_parts(const struct world *world, const struct object *pool,
				 struct arena *arena, size_t *count);

#endif
