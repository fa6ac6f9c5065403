/* store - the demo cluster's objects by group, resource, namespace and name, their versions and
 * what happened to them.
 *
 * One counter numbers every change of every object; that number is the resourceVersion. A stored
 * object never changes: a write puts a new one in its place, and the old one stays reachable
 * through the history until that is compacted. What a call hands out is borrowed and lives until
 * store_settle(), which demo_handle() and demo_step() call last: keep names and versions across
 * calls, never pointers. The store knows no rules of the API (see rest.h, inside.h). Not shared
 * between threads without the demo's lock.
 */
#ifndef DEMO_STORE_H
#define DEMO_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/json.h"

struct store;

struct store_object {
	const char *group;     /* "" is core */
	const char *resource;  /* plural */
	const char *namespace; /* "" for objects of the cluster */
	const char *name;
	const char *uid;
	int64_t version;  /* the change that made this */
	const char *text; /* the whole object, compact JSON */
	size_t length;
};

enum store_change { STORE_ADDED, STORE_MODIFIED, STORE_DELETED };

struct store_event {
	int64_t version;
	enum store_change change;
	const struct store_object *before; /* NULL when added */
	const struct store_object *now;    /* NULL when deleted */
	const struct store_object *last; /* `now`, or the state it was deleted in with `version` as
					    its resourceVersion */
};

struct store *store_new(void);
void store_free(struct store *store);
int64_t store_version(const struct store *store); /* of the newest change */
int64_t store_oldest(const struct store *store);  /* events after this version are all remembered */

/* The object as a value, parsed when first asked for. */
const struct json *store_value(struct store *store, const struct store_object *object);

/* NULL when there is none. Namespace "" for objects of the cluster. */
const struct store_object *store_get(const struct store *store, const char *group,
				     const char *resource, const char *namespace, const char *name);
/* In order of namespace, then name: the first after `after` (NULL: the first of all), NULL at the
 * end. Objects may be written between two calls. Namespace NULL is every namespace. */
const struct store_object *
store_next(const struct store *store, const char *group, const char *resource,
	   const char *namespace, const struct store_object *after);
size_t store_count(const struct store *store, const char *group, const char *resource);

/* The oldest event newer than `version`, of any resource (resource NULL) or of one; NULL when there
 * is none yet. Ask store_oldest() first: history before it is gone and the caller has to look at
 * everything again. */
const struct store_event *
store_after(const struct store *store, int64_t version, const char *group, const char *resource);

/* Stores `value` (taken), writing metadata.resourceVersion into it. Name, namespace and uid are
 * read from its metadata; they must be there. Returns what is stored now. */
const struct store_object *
store_put(struct store *store, const char *group, const char *resource, struct json *value);
/* False when there was none. */
bool store_remove(struct store *store, const char *group, const char *resource,
		  const char *namespace, const char *name);

/* The objects of a resource as they stood at `version`, in order: an array the caller frees; the
 * objects are borrowed. NULL with *count 0 when there were none. `version` must not be older than
 * store_oldest(). */
const struct store_object **store_at(struct store *store, const char *group, const char *resource,
				     const char *namespace, int64_t version, size_t *count);

void store_compact(struct store *store); /* forgets all history */
void store_settle(
	struct store *store); /* frees what was borrowed and is no longer stored or remembered */

#endif
