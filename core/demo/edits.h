/* edits - what RequestHeaderModifier filters do to the headers of a request.
 *
 * Compiled from a list of filters, of a rule or of a backendRef; a rule's come first. Lives as long
 * as the arena it was made in.
 */
#ifndef DEMO_EDITS_H
#define DEMO_EDITS_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/json.h"

struct edit;

struct edits {
	const struct edit *rows;
	size_t count;
};

struct edits edits_of(struct arena *arena, const struct json *filters);
/* What becomes of the header `name`, any case, of which the client sent `value` (NULL: did not);
 * NULL when it is not there any more. Of a header with several values it is the first. */
const char *edits_apply(const struct edits *edits, const char *name, const char *value);

#endif
