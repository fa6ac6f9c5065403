/* program - the orders of a command, worked out at its beginning: which legs, in which order.
 *
 * What is already done costs a look and no write, so a program may begin anywhere (CLI §1 `apply`).
 * Engine's thread.
 */
#ifndef ENGINE_PROGRAM_H
#define ENGINE_PROGRAM_H

#include "core/engine/leg.h"

struct program {
	struct arena arena; /* holds everything below */
	struct order *orders;
	size_t count, room, at;
	const char **dropped; /* pairs that are left out from here on */
	size_t dropped_count;
	size_t pair_count; /* it is about */
};

void program_init(struct program *program);
void program_release(struct program *program);

/* Each fills `program` for a command; false with err when there is nothing such a command could be
 * about. */
bool program_one(struct engine *engine, const struct command *command, struct program *program,
		 struct err *err);
bool program_plan(struct engine *engine, const struct command *command, struct program *program,
		  struct err *err);
bool program_apply(struct engine *engine, const struct command *command, struct program *program,
		   struct err *err);
bool program_shift(struct engine *engine, const struct command *command, struct program *program,
		   struct err *err);
bool program_ramp(struct engine *engine, const struct command *command, struct program *program,
		  struct err *err);
bool program_rollback(struct engine *engine, const struct command *command, struct program *program,
		      struct err *err);
bool program_verify(struct engine *engine, const struct command *command, struct program *program,
		    struct err *err);
/* `base` answers what a pair stood at before the last run that shifted it, or PPM_UNKNOWN: what the
 * journal says. */
void program_abort(struct engine *engine, const struct command *command, struct program *program,
		   int64_t (*base)(const struct engine *engine, const char *pair));

/* Before the order that is next: the pair to `goal` alone, looked at again before it goes on. */
void program_insert_first(struct program *program, int64_t goal);
void program_drop(struct program *program, const char *pair);
bool program_dropped(const struct program *program, const char *pair);

#endif
