/* discover - which kinds the cluster serves at all, for those who may not list them.
 *
 * Without rights a kind that is not installed answers 403 like one that is (KUBERNETES §4.2); only
 * discovery, which everybody may read, tells them apart. Asked only while a kind that may be
 * missing is forbidden. Engine's thread.
 */
#ifndef ENGINE_DISCOVER_H
#define ENGINE_DISCOVER_H

#include "core/engine/inside.h"

struct discover *discover_new(void);
void discover_free(struct engine *engine, struct discover *discover);
/* `wanted`: some kind that may be missing is forbidden. Mono ns of its next turn. */
int64_t discover_step(struct engine *engine, bool wanted);
bool discover_take(struct engine *engine, struct transport_event *event);
/* False only when the cluster has said so. */
bool discover_serves(const struct discover *discover, enum kind kind);

#endif
