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

struct run_view run_view(const struct engine *engine, struct arena *arena);
struct preview run_preview(const struct engine *engine, struct arena *arena);
const struct preview *run_previews(const struct engine *engine, struct arena *arena, size_t *count);
/* What a plan leaves for others: the target state and the rights, into a snapshot. */
void run_manifests(const struct engine *engine, struct snapshot *snapshot);
uint64_t run_moves(const struct run *run); /* counts what a screen would show */

#endif
