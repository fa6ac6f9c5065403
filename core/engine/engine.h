/* engine - the one Kubernetes client: keeps the world, runs commands, publishes snapshots.
 *
 * With engine_start() it is a thread: the caller submits commands and takes snapshots, both without
 * ever waiting. Without it, engine_step() runs everything in the caller's thread, over any
 * transport and clock (ARCHITECTURE §3).
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/engine/command.h"
#include "core/kube/transport.h"
#include "core/model/settings.h"
#include "core/model/snapshot.h"

struct engine;

struct engine_access { /* who and where, for the screen and the journal; copied */
	const char *context, *server, *user, *ns;
	bool insecure;
	const char *warnings; /* LF between; "" */
};

/* The program to other consoles. `is_gone`: the process of another's mark runs no longer, which is
 * known of this machine's alone. */
struct engine_self {
	const char *name; /* "user@host, pid 4711", clean */
	const char *mark;
	void *self;
	bool (*is_gone)(void *self, const char *mark); /* or NULL: never known */
};

struct engine_options {
	const struct settings *settings; /* borrowed for the engine's life */
	struct engine_access access;
	struct engine_self self; /* copied */
	struct transport transport;
	struct clock clock;
	uint64_t seed;
};

struct engine *engine_new(const struct engine_options *options);
void
engine_free(struct engine
		    *engine); /* ends and joins the thread if there is one; frees what is unread */

/* One turn: takes commands and answers, moves what runs, publishes when something changed. Returns
 * the mono time when it wants the next turn at the latest. Never blocks. */
int64_t engine_step(struct engine *engine);

bool engine_start(struct engine *engine,
		  struct err *err); /* the thread: step, wait, step ...; signals blocked in it */
/* Readable while a snapshot waits; valid for the engine's life. */
int engine_fd(const struct engine *engine);
/* Any thread; copies. Returns the command's serial. */
int64_t engine_submit(struct engine *engine, const struct command *command);
/* The newest snapshot, now the caller's: snapshot_free(). NULL when there is none newer than the
 * last taken. */
struct snapshot *engine_take(struct engine *engine);

#endif
