/* named - the CRDs the migration is about, got one by one: a list of all CRDs would be hundreds of
 * KiB of schemas.
 *
 * Every 5 s their metadata is asked for, and the whole only when its resourceVersion is new; every
 * 200 ms while a step waits for one (KUBERNETES §3.6). A CRD that becomes established has the views
 * of its kind look again. Engine's thread.
 */
#ifndef ENGINE_NAMED_H
#define ENGINE_NAMED_H

#include "core/engine/inside.h"

struct named *named_new(void);
void named_free(struct engine *engine, struct named *named);
int64_t named_step(struct engine *engine); /* mono ns of its next turn */
bool named_take(struct engine *engine, struct transport_event *event);
/* Ask now, and often until `until` (mono ns; 0: just once). */
void named_hurry(struct engine *engine, int64_t until);
bool named_fresh(const struct named *named,
		 int64_t mono); /* all were asked for at `mono` or later, and answered */
struct view named_view(const struct named *named);

#endif
