/* preflight - may we? Every right the plan needs, asked of the API server before the first write.
 *
 * A round asks first for everything at once, which ends it for an administrator, then right by
 * right, four at a time; with the start, with a refresh, and before a plan or an apply. What could
 * not be asked counts as not known, and not as denied. Engine's thread.
 */
#ifndef ENGINE_PREFLIGHT_H
#define ENGINE_PREFLIGHT_H

#include "core/engine/inside.h"
#include "core/migrate/access.h"
#include "core/model/snapshot.h"

struct preflight *preflight_new(void);
void preflight_free(struct engine *engine, struct preflight *preflight);
int64_t preflight_step(struct engine *engine); /* mono ns of its next turn */
bool preflight_take(struct engine *engine, struct transport_event *event);
/* A new round, unless one is fresh; `anew`: in any case. */
void preflight_ask(struct engine *engine, bool anew);
bool preflight_settled(const struct engine *engine); /* no round is wanted or under way */
/* Of the last round that ended; borrowed until the next turn. */
const struct access *preflight_access(const struct engine *engine);
const struct right_view *
preflight_view(const struct engine *engine, struct arena *arena, size_t *count);

#endif
