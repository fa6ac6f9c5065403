/* outbox - the newest snapshot on its way to whoever draws.
 *
 * One slot: the engine's thread puts, one other thread takes; a snapshot nobody took is freed by
 * the next put. The descriptor is readable while a snapshot waits.
 */
#ifndef ENGINE_OUTBOX_H
#define ENGINE_OUTBOX_H

#include "core/base/err.h"
#include "core/model/snapshot.h"

struct outbox;

struct outbox *outbox_new(void);
void outbox_free(struct outbox *outbox);
int outbox_fd(const struct outbox *outbox);
void outbox_put(struct outbox *outbox, struct snapshot *snapshot); /* takes it */
struct snapshot *outbox_take(struct outbox *outbox); /* now the caller's; NULL when there is none */

#endif
