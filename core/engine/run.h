/* run - commands executed, one at a time, leg by leg, and what is told about them.
 *
 * Commands that only look, stop or abort are heard at once, whatever runs; the others wait their
 * turn until the journal is open and everything has been listed once. Engine's thread.
 */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include "core/engine/inside.h"
#include "core/model/snapshot.h"

struct run *run_new(void);
void run_free(struct engine *engine, struct run *run);
void run_command(struct engine *engine, struct command *command); /* takes it */
int64_t run_step(struct engine *engine);                          /* mono ns of its next turn */
bool run_take(struct engine *engine, struct transport_event *event);
bool run_in_flight(const struct run *run); /* a write is on its way */
/* Ends what runs and everything that waits, at once. */
void run_end_all(struct engine *engine, enum err_code code, const char *text);

/* The outcome of a command that was heard at once; ERR_NONE: it went well. */
void run_tell(struct engine *engine, int64_t serial, enum err_code code, const char *text);
/* The program stood still for so long (mono ns): that counts against no patience, and nothing was watched meanwhile. */
void run_stood_still(struct engine *engine, int64_t nanoseconds);

bool run_accepts_unproven(const struct engine *engine);
bool run_has_shifted(const struct engine *engine); /* the running command has moved some share */
bool run_is_plan(const struct engine *engine);
bool
run_is_single_look(const struct engine *engine); /* `verify`: one look, no waiting for better */

struct run_view run_view(const struct engine *engine, struct arena *arena);
struct outcome run_outcome(const struct engine *engine, struct arena *arena);
struct preview run_preview(const struct engine *engine, struct arena *arena);
const struct preview *run_previews(const struct engine *engine, struct arena *arena, size_t *count);
/* What a plan leaves for others: the target state and the rights, into a snapshot. */
void run_manifests(const struct engine *engine, struct snapshot *snapshot);
uint64_t run_moves(const struct run *run); /* counts what a screen would show */
int64_t run_urgent(const struct run *run); /* rises with what must be shown at once */

#endif
