/* publish - snapshots made and put out: at once when a command has ended, else no oftener than a
 * screen can follow.
 *
 * A snapshot is a copy of everything in an arena of its own; making one costs more the larger the
 * cluster, so that the pause between two grows with what the last one cost. Engine's thread.
 */
#ifndef ENGINE_PUBLISH_H
#define ENGINE_PUBLISH_H

#include "core/engine/inside.h"

struct publish *publish_new(void);
void publish_free(struct publish *publish);
int64_t publish_step(struct engine *engine); /* mono ns of its next turn */

#endif
