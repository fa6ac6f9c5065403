/* memory - what a pair consisted of, out of the journal, for the procedure that deletes the old
 * objects before it makes the new ones.
 *
 * Holds what the clean-up deleted and is not there again, and grants it took something out of;
 * everything is made in the arena given.
 * `raw` of its objects is the copy in the journal, their uid is no server's. Empty without a
 * journal. Any thread; pure.
 */
#ifndef MIGRATE_MEMORY_H
#define MIGRATE_MEMORY_H

#include "core/migrate/step.h"

struct memory_item {
	const char *pair; /* "ns/alpha", whose clean-up deleted it */
	const struct object *object;
};

struct memory {
	const struct memory_item *items;
	size_t count;
};

/* In the simple procedure all kinds; in the other one the alpha pools, so that one that was begun
 * the simple way is recognised. */
const struct memory *memory_new(const struct journal *journal, const struct world *world,
				const struct settings *settings, struct arena *arena);
/* The alpha pool of a pair, as it is or as it was; NULL when neither is known. */
const struct object *memory_alpha(const struct stage *stage, const struct pair *pair);
/* The objects of a kind that the pair had (NULL: any pair), one after the other: start with *at
 * 0; NULL at the end.
 */
const struct object *
memory_next(const struct memory *memory, const char *pair, enum kind kind, size_t *at);

/* The Deployment of the alpha pool's picker, as it is or as it was; NULL when it is not known. */
const struct object *memory_old_picker(const struct world *world, const struct memory *memory,
				       const struct pair *pair, struct arena *arena);

#endif
