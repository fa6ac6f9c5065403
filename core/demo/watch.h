/* watch - open streams of one resource: what happened since a version, in the form the client asked
 * for.
 *
 * A watch keeps a place in the store's history, no objects. It ends by timeoutSeconds, with a 410
 * when its place is forgotten, and when its kind is no longer served (KUBERNETES §3.3, §4.9).
 * demo_watch_read(), _ready() and _free() of demo.h are implemented here. Not shared between
 * threads without the demo's lock.
 */
#ifndef DEMO_WATCH_H
#define DEMO_WATCH_H

#include "core/demo/inside.h"
#include "core/demo/kinds.h"
#include "core/demo/request.h"
#include "core/demo/view.h"

/* NULL with the status filled. */
struct demo_watch *
watch_open(struct demo *demo, const struct request *request, const struct kinds_row *row,
	   const struct kinds_version *version, const struct view *view, struct status *status);
/* Moves idle watches along, so that other kinds' changes do not age them. The mono time of the next
 * bookmark or end. */
int64_t watch_step(struct demo *demo);

#endif
