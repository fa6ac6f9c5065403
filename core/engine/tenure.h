/* tenure - the Lease of the cluster as this engine holds it: looked at all the time, taken before
 * the first write of a command, renewed while it runs, released at its end, frozen and thawed.
 *
 * Somebody else's Lease is never taken while its time lasts, and afterwards only when it was seen
 * not to be renewed, or its process is known to be gone; either is told. Every write of it is
 * guarded by uid and resourceVersion, and after any answer but a plain one it is read again: what
 * stands there decides. Read-only and dry runs never write it. Engine's thread.
 */
#ifndef ENGINE_TENURE_H
#define ENGINE_TENURE_H

#include "core/engine/inside.h"
#include "core/model/snapshot.h"

struct tenure *tenure_new(void);
void tenure_free(struct engine *engine, struct tenure *tenure);
int64_t tenure_step(struct engine *engine); /* mono ns of its next turn */
bool tenure_take(struct engine *engine, struct transport_event *event);

enum tenure_answer { TENURE_BUSY, TENURE_OURS, TENURE_REFUSED };
/* Before each write: BUSY while it is being taken; REFUSED with err, who and since when. */
enum tenure_answer tenure_ask(struct engine *engine, struct err *err);
/* Of a Lease that is ours: mono ns from which nobody else writes to the cluster. It may be to come,
 * when whoever held it before has died over a write; what was decided before it may rest on what
 * is no longer so. 0: always ours, or no Lease. */
int64_t tenure_since(const struct engine *engine);
void tenure_release(struct engine *engine);    /* the command is over */
bool tenure_busy(const struct engine *engine); /* still to be released */
/* Freezes or thaws as the command says; its outcome tells the end. */
void tenure_freeze(struct engine *engine, const struct command *command);

/* For the guard: somebody else who holds it, and the sentence of a freeze; "" for none. */
const char *tenure_other(const struct engine *engine, char *text, size_t size);
const char *tenure_frozen(const struct engine *engine, char *text, size_t size);
struct lease_view tenure_view(const struct engine *engine, struct arena *arena);
uint64_t tenure_moves(const struct tenure *tenure); /* counts what a screen would show */

#endif
