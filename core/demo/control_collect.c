#include "core/demo/control.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/demo/author.h"
#include "core/demo/kinds.h"
#include "core/model/kind.h"

#define FOREGROUND "foregroundDeletion"
#define ORPHAN     "orphan"

static void collect_notice(struct controller *controller, const struct store_event *event);
static void collect_act(struct controller *controller, const char *namespace, const char *name);

const struct control_row control_collect = {
	.name = "collect",
	.manager = MANAGER_KUBE,
	.help = "Dependents of deleted owners go after them, by uid; owners deleted in the "
		"foreground wait for theirs.",
	.notice = collect_notice,
	.act = collect_act,
};

/* One pass over everything that has owners. */
struct sweep {
	char **waiting; /* uids of objects that wait for their dependents, NULL-terminated */
	size_t waiting_count;
};

static bool
has_finalizer(const struct json *object, const char *finalizer)
{
	const struct json *one;

	for (one = json_first(json_at(object, "metadata.finalizers")); one != NULL;
	     one = json_next(one))
		if (text_equal(json_string(one), finalizer))
			return true;
	return false;
}

static bool
is_waiting(const struct store_object *object, const char *finalizer)
{
	return strstr(object->text, "\"deletionTimestamp\"") != NULL &&
	       strstr(object->text, finalizer) != NULL;
}

static void
collect_notice(struct controller *controller, const struct store_event *event)
{
	if (event->change == STORE_DELETED || is_waiting(event->now, FOREGROUND) ||
	    is_waiting(event->now, ORPHAN) ||
	    (event->change == STORE_ADDED &&
	     strstr(event->now->text, "\"ownerReferences\"") != NULL))
		control_queue(controller, &control_collect, "", "",
			      control_delays(controller).collect);
}

static bool
is_among(char *const *uids, const char *uid)
{
	for (; *uids != NULL; uids++)
		if (text_equal(*uids, uid))
			return true;
	return false;
}

typedef void
sweep_visit(struct controller *controller, struct sweep *sweep, const struct store_object *object);

/* Calls `visit` for every object whose text holds `sign`. CRDs are nobody's dependents. */
static void
each_object(struct controller *controller, struct sweep *sweep, const char *sign,
	    sweep_visit *visit)
{
	struct demo *demo = control_demo(controller);
	const struct kinds_row *kind;
	const struct store_object *object;

	for (kind = kinds_first(demo->kinds); kind != NULL; kind = kind->next) {
		object = NULL;
		if (strcmp(kind->group, GROUP_CRD) == 0)
			continue;
		while ((object = store_next(demo->store, kind->group, kind->resource, NULL,
					    object)) != NULL)
			if (strstr(object->text, sign) != NULL)
				visit(controller, sweep, object);
	}
}

/* Whether the owner is not there any more, or only waits for `object` to go. Another object of its
 * name is not it; an owner of a kind that is not served cannot be looked for. */
static bool
is_lost(struct demo *demo, const struct sweep *sweep, const struct store_object *object,
	const struct json *ref)
{
	const char *api_version = json_string_at(ref, "apiVersion");
	const char *kind = json_string_at(ref, "kind");
	const char *name = json_string_at(ref, "name");
	const char *uid = json_string_at(ref, "uid");
	const struct store_object *owner;
	const struct kinds_row *row;
	char group[256];
	char version[256];

	if (api_version == NULL || kind == NULL || name == NULL || uid == NULL)
		return false;
	kinds_part(api_version, group, version);
	row = kinds_of(demo->kinds, group, kind);
	if (row == NULL)
		return false;
	owner = store_get(demo->store, row->group, row->resource,
			  row->namespaced ? object->namespace : "", name);
	return owner == NULL || !text_equal(owner->uid, uid) || is_among(sweep->waiting, uid);
}

/* An object goes when it has lost every owner. */
static void
visit_dependent(struct controller *controller, struct sweep *sweep,
		const struct store_object *object)
{
	struct demo *demo = control_demo(controller);
	const struct json *value = store_value(demo->store, object);
	const struct json *owner = json_first(json_at(value, "metadata.ownerReferences"));

	if (owner == NULL || json_string_at(value, "metadata.deletionTimestamp") != NULL)
		return;
	for (; owner != NULL; owner = json_next(owner))
		if (!is_lost(demo, sweep, object, owner))
			return;
	author_delete(demo, object->group, object->resource, object->namespace, object->name,
		      object->uid, NULL);
}

static void
visit_foreground(struct controller *controller, struct sweep *sweep,
		 const struct store_object *object)
{
	struct demo *demo = control_demo(controller);

	if (!is_waiting(object, FOREGROUND) ||
	    !has_finalizer(store_value(demo->store, object), FOREGROUND))
		return;
	sweep->waiting = die_realloc(sweep->waiting, (sweep->waiting_count + 2) * sizeof(char *));
	sweep->waiting[sweep->waiting_count++] = die_strdup(object->uid);
	sweep->waiting[sweep->waiting_count] = NULL;
}

/* Whether anything still names `uid` as an owner it blocks. */
static bool
has_dependents(struct demo *demo, const char *uid)
{
	const struct kinds_row *kind;
	const struct store_object *object;
	const struct json *owner;

	for (kind = kinds_first(demo->kinds); kind != NULL; kind = kind->next) {
		object = NULL;
		while ((object = store_next(demo->store, kind->group, kind->resource, NULL,
					    object)) != NULL) {
			if (strstr(object->text, "\"ownerReferences\"") == NULL ||
			    strstr(object->text, uid) == NULL)
				continue;
			owner = json_first(json_at(store_value(demo->store, object),
						   "metadata.ownerReferences"));
			for (; owner != NULL; owner = json_next(owner))
				if (text_equal(json_string_at(owner, "uid"), uid))
					return true;
		}
	}
	return false;
}

static void
drop_finalizer(struct demo *demo, const struct store_object *object, const char *finalizer)
{
	struct json *value = json_clone(store_value(demo->store, object));
	struct json *list = json_at_mutable(value, "metadata.finalizers");
	size_t i;

	for (i = json_count(list); i-- > 0;)
		if (text_equal(json_string(json_item(list, i)), finalizer))
			json_remove_item(list, i);
	author_update(demo, MANAGER_KUBE, value, NULL);
}

static void
visit_waiting(struct controller *controller, struct sweep *sweep, const struct store_object *object)
{
	struct demo *demo = control_demo(controller);

	if (is_among(sweep->waiting, object->uid) && !has_dependents(demo, object->uid))
		drop_finalizer(demo, object, FOREGROUND);
}

/* Strips from `object` the owners that are deleted with their dependents left behind. */
static void
visit_orphan(struct controller *controller, struct sweep *sweep, const struct store_object *object)
{
	struct demo *demo = control_demo(controller);
	struct json *value = json_clone(store_value(demo->store, object));
	struct json *owners = json_at_mutable(value, "metadata.ownerReferences");
	bool changed = false;
	size_t i;

	for (i = json_count(owners); i-- > 0;)
		if (is_among(sweep->waiting, json_string_at(json_item(owners, i), "uid")))
			changed = json_remove_item(owners, i);
	if (changed)
		author_update(demo, MANAGER_KUBE, value, NULL);
	else
		json_free(value);
}

static void
visit_orphaning(struct controller *controller, struct sweep *sweep,
		const struct store_object *object)
{
	struct demo *demo = control_demo(controller);
	struct sweep one = *sweep;
	char *uids[2];

	if (!is_waiting(object, ORPHAN) || !has_finalizer(store_value(demo->store, object), ORPHAN))
		return;
	uids[0] = die_strdup(object->uid);
	uids[1] = NULL;
	one.waiting = uids;
	each_object(controller, &one, uids[0], visit_orphan);
	drop_finalizer(demo, object, ORPHAN);
	free(uids[0]);
}

static void
free_uids(char **uids)
{
	size_t i;

	for (i = 0; uids[i] != NULL; i++)
		free(uids[i]);
	free(uids);
}

static void
collect_act(struct controller *controller, const char *namespace, const char *name)
{
	struct sweep sweep = {
		.waiting = die_alloc(sizeof(char *)),
	};

	(void)namespace;
	(void)name;
	each_object(controller, &sweep, ORPHAN, visit_orphaning);
	each_object(controller, &sweep, FOREGROUND, visit_foreground);
	each_object(controller, &sweep, "\"ownerReferences\"", visit_dependent);
	if (sweep.waiting_count > 0)
		each_object(controller, &sweep, FOREGROUND, visit_waiting);
	free_uids(sweep.waiting);
}
