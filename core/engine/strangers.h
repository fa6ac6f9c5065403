/* strangers - the policies of kinds that nobody here knows, which target an InferencePool: they
 * would silently stay behind with the alpha pool.
 *
 * Discovery says which kinds end in Policy; those that are not in the table are listed whole, one
 * kind after the other, every minute. Their number says how soon a first answer is there: a command
 * that writes waits for it. What may not be listed across all namespaces is listed in those of the
 * alpha pools; what may not be listed there, either, goes into the world as unlisted. Engine's
 * thread.
 */
#ifndef ENGINE_STRANGERS_H
#define ENGINE_STRANGERS_H

#include "core/engine/inside.h"

struct strangers *strangers_new(void);
void strangers_free(struct engine *engine, struct strangers *strangers);
int64_t strangers_step(struct engine *engine); /* mono ns of its next turn */
bool strangers_take(struct engine *engine, struct transport_event *event);
bool strangers_settled(const struct engine *engine); /* one round has ended */

#endif
