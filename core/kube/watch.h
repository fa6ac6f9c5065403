/* watch - cuts a watch stream into its JSON documents.
 *
 * KUBERNETES §3.3: a byte scanner that relies on JSON boundaries only, keeps its place between
 * calls, never looks at a byte twice, and refuses an event over 16 MiB or nested deeper than 200.
 * Not shared between threads.
 */
#ifndef KUBE_WATCH_H
#define KUBE_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/err.h"

struct watch {
	struct buf event; /* what is there of the current document */
	size_t depth;
	bool in_string, escaped, started;
};

void watch_init(struct watch *watch);
void watch_release(struct watch *watch);
/* Takes bytes from *data; true when a whole document stands in watch->event (valid until the next
 * call), with *data and *length moved behind it; false when more is needed. On garbage false with
 * err filled: drop the connection, list anew. */
bool watch_next(struct watch *watch, const char **data, size_t *length, struct err *err);

#endif
