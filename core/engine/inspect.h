/* inspect - one object as a person wants to read it: described, and as YAML.
 *
 * Generic over kinds: what every object has, and every list of conditions in its status. Secrets
 * and last-applied-configuration are not shown (KUBERNETES §7.2). Engine's thread.
 */
#ifndef ENGINE_INSPECT_H
#define ENGINE_INSPECT_H

#include "core/engine/inside.h"
#include "core/model/snapshot.h"

struct inspect *inspect_new(void);
void inspect_free(struct inspect *inspect);
/* Which object the snapshots describe from now on; KIND_COUNT: none. */
void inspect_set(struct engine *engine, enum kind kind, const char *ns, const char *name);
struct detail inspect_detail(struct engine *engine, struct arena *arena);

#endif
