/* managed - metadata.managedFields: who wrote which field, and the conflicts and removals of
 * server-side apply.
 *
 * Follows structured-merge-diff: an update takes the fields it changes from everybody else; an
 * apply owns exactly what its configuration names, conflicts with other owners of what it would
 * change, and takes away what it no longer names and nobody else owns. Pure; any thread.
 */
#ifndef DEMO_MANAGED_H
#define DEMO_MANAGED_H

#include "core/base/json.h"
#include "core/demo/status.h"

struct managed_writer {
	const char *manager;
	const char *api_version; /* of the object as it was sent */
	const char *subresource; /* "" or "status" */
	const char *now;         /* RFC 3339 */
	bool no_status;          /* the kind has a status subresource and this write goes past it */
	bool loose;              /* a built-in kind: fields the schema does not name are kept */
};

/* Writes metadata.managedFields of `after`, which is about to be stored in place of `before` (NULL:
 * created). When nothing but timestamps would change they stay as they are. */
void managed_update(const struct json *schema, const struct managed_writer *writer,
		    const struct json *before, struct json *after);

/* What `live` (NULL: nothing there yet) becomes when `config` is applied, with managedFields; the
 * caller frees. NULL with `status` filled on a conflict (409) or a field the schema does not know
 * (500, as the real server has it). */
struct json *managed_apply(const struct json *schema, const struct managed_writer *writer,
			   const struct json *live, const struct json *config, bool force,
			   struct status *status);

#endif
