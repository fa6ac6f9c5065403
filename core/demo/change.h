/* change - creating, updating and deleting one object with all that the API server does for
 * everybody.
 *
 * Defaults, pruning, validation, uid and creationTimestamp, generation, status kept apart,
 * finalizers, managedFields, preconditions, dry run. Who asks, and in what form, is the caller's
 * (rest.h for clients, inside.h for controllers). Not shared between threads without the demo's
 * lock.
 */
#ifndef DEMO_CHANGE_H
#define DEMO_CHANGE_H

#include "core/demo/inside.h"
#include "core/demo/kinds.h"
#include "core/demo/status.h"

enum change_unknown { CHANGE_IGNORE, CHANGE_WARN, CHANGE_STRICT }; /* fieldValidation */

enum change_status {
	CHANGE_KEEPS_STATUS, /* the status subresource, if there is one, is not touched */
	CHANGE_STATUS_ONLY,  /* written through /status */
	CHANGE_WITH_STATUS,  /* a scenario's object, or a controller's */
};

struct change {
	struct demo *demo;
	const struct kinds_row *row;
	const struct kinds_version *version; /* the object is written in */
	const char *namespace;               /* NULL for objects of the cluster */
	const char *name;                    /* NULL when the object says it */
	const char *manager;
	enum change_unknown unknown;
	enum change_status status_part;
	bool applied; /* managedFields are already written: server-side apply */
	bool patched; /* the object is what a patch made of the stored one: other words for refusals
		       */
	bool trusted; /* a controller: resourceVersion is not asked for */
	bool dry_run;
	struct buf *warnings;  /* lines, or NULL */
	struct status *status; /* what went wrong */
};

struct change_preconditions {
	const char *uid, *version; /* or NULL */
	const char *policy;        /* "Background", "Foreground", "Orphan" or NULL */
};

/* Each takes `object`. The object as it stands now (at its storage version), which the caller
 * frees; NULL with the status filled. */
struct json *change_create(const struct change *change, struct json *object);
struct json *
change_update(const struct change *change, const struct store_object *old, struct json *object);
/* True when it is done: *held is the object when finalizers keep it, NULL when it is gone. */
bool change_delete(const struct change *change, const struct store_object *old,
		   const struct change_preconditions *preconditions, struct json **held);

#endif
