/* author - writing to the store as a controller, or a scenario, does.
 *
 * The writes here go past authentication, authorisation and resourceVersion checks, but do what
 * the API server does for everybody: defaults, uid, creationTimestamp, generation, managedFields
 * under the writer's name, finalizers, nothing stored when nothing changed. They take effect at
 * once and watchers see them.
 */
#ifndef DEMO_AUTHOR_H
#define DEMO_AUTHOR_H

#include "core/demo/inside.h"

/* `manager` is the name in managedFields. `object` is taken, whatever the outcome; it needs
 * apiVersion, kind and metadata.name (and namespace); it may hold a status, which is kept. Errors
 * are what the API would answer. */
bool author_create(struct demo *demo, const char *manager, struct json *object, struct err *err);
/* Replaces everything but the status by `object` (taken), which must exist. */
bool author_update(struct demo *demo, const char *manager, struct json *object, struct err *err);
/* Replaces the status; `status` is taken. Nothing happens when it equals what is there. */
bool author_status(struct demo *demo, const char *manager, const char *group, const char *resource,
		   const char *namespace, const char *name, struct json *status, struct err *err);
/* As a DELETE with propagationPolicy Background; `uid` guards it, or NULL. Missing is fine. */
bool author_delete(struct demo *demo, const char *group, const char *resource,
		   const char *namespace, const char *name, const char *uid, struct err *err);

#endif
