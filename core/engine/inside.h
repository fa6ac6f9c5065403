/* inside - what the engine's parts share: its world, its connection, its time, and the parts
 * themselves.
 *
 * Only files of core/engine include it. Everything here belongs to the engine's thread, but the
 * inbox and the outbox. `mono` and `wall` are of the turn under way: within one turn there is one
 * now.
 */
#ifndef ENGINE_INSIDE_H
#define ENGINE_INSIDE_H

#include "core/base/arena.h"
#include "core/engine/engine.h"
#include "core/migrate/journal.h"
#include "core/model/world.h"

struct book;
struct choices;
struct derive;
struct discover;
struct events;
struct inbox;
struct inspect;
struct link_watch;
struct named;
struct outbox;
struct outcome_book;
struct preflight;
struct publish;
struct run;
struct strangers;
struct tenure;
struct views;

struct engine {
	const struct settings *settings;
	struct arena arena; /* the texts of `access` */
	struct engine_access access;
	struct engine_self self;
	struct transport transport;
	struct clock clock;
	uint64_t seed;
	int64_t mono, wall;
	struct world *world;
	struct inbox *inbox;
	struct outbox *outbox;
	struct outcome_book *outcome;
	struct link_watch *link;
	struct views *views;
	struct named *named;
	struct discover *discover;
	struct strangers *strangers;
	struct book *book;
	struct tenure *tenure;
	struct preflight *preflight;
	struct events *events;
	struct choices *choices;
	struct derive *derive;
	struct run *run;
	struct inspect *inspect;
	struct publish *publish;
	struct thread *thread; /* NULL while the caller steps */
	bool quit;
};

static inline int64_t
inside_sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* As much of `text` as fits, without half a character at the end. */
void inside_copy(char *to, size_t size, const char *text);

#endif
