#include "core/demo/author.h"

#include <string.h>

#include "core/base/text.h"
#include "core/demo/change.h"
#include "core/demo/kinds.h"

/* The change a controller makes of an object of that group and kind; false when it is not served.
 */
static bool
prepare(struct demo *demo, const char *manager, const struct kinds_row *row, struct status *status,
	struct change *change)
{
	*change = (struct change){
		.demo = demo,
		.row = row,
		.version = row ? kinds_storage(row) : NULL,
		.manager = manager,
		.unknown = CHANGE_IGNORE,
		.status_part = CHANGE_WITH_STATUS,
		.trusted = true,
		.status = status,
	};
	return row != NULL;
}

static const struct kinds_row *
row_of(const struct demo *demo, const struct json *object, struct change *change)
{
	const char *api_version = json_string_at(object, "apiVersion"),
		   *kind = json_string_at(object, "kind");
	const struct kinds_row *row;
	char group[256], version[256];

	if (!api_version || !kind)
		return NULL;
	kinds_part(api_version, group, version);
	row = kinds_of(demo->kinds, group, kind);
	if (row && kinds_version(row, version))
		change->version = kinds_version(row, version);
	return row;
}

/* Controllers and scenarios write what a client would have to repeat exactly. */
static bool
finish(struct json *result, struct status *status, struct err *err)
{
	bool good = result != NULL;

	if (!good)
		status_err(status, err);
	json_free(result);
	status_release(status);
	return good;
}

bool
author_create(struct demo *demo, const char *manager, struct json *object, struct err *err)
{
	struct change change, found = { 0 };
	const struct kinds_row *row = row_of(demo, object, &found);
	struct json *result;
	struct status status;

	status_init(&status);
	if (!prepare(demo, manager, row, &status, &change)) {
		json_free(object);
		status_set(&status, 404, "NotFound", "the kind is not served");
		return finish(NULL, &status, err);
	}
	if (found.version)
		change.version = found.version;
	change.namespace = row->namespaced ? json_string_at(object, "metadata.namespace") : NULL;
	if (row->namespaced && !change.namespace)
		change.namespace = "default";
	result = change_create(&change, object);
	return finish(result, &status, err);
}

bool
author_update(struct demo *demo, const char *manager, struct json *object, struct err *err)
{
	struct change change, found = { 0 };
	const struct kinds_row *row = row_of(demo, object, &found);
	const struct store_object *old = NULL;
	struct status status;
	struct json *result = NULL;

	status_init(&status);
	if (prepare(demo, manager, row, &status, &change))
		old = store_get(demo->store, row->group, row->resource,
				json_string_at(object, "metadata.namespace"),
				json_string_at(object, "metadata.name"));
	if (!old) {
		json_free(object);
		status_set(&status, 404, "NotFound", "the object to update is not there");
		return finish(NULL, &status, err);
	}
	if (found.version)
		change.version = found.version;
	change.namespace = row->namespaced ? old->namespace : NULL;
	change.status_part = CHANGE_KEEPS_STATUS;
	result = change_update(&change, old, object);
	return finish(result, &status, err);
}

/* What says which object it is. */
static void
copy_names(const struct json *from, struct json *to)
{
	static const char *const names[] = { "apiVersion", "kind", "metadata" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_set(to, names[i], json_clone(json_get(from, names[i])));
}

bool
author_status(struct demo *demo, const char *manager, const char *group, const char *resource,
	      const char *namespace, const char *name, struct json *status_value, struct err *err)
{
	const struct kinds_row *row = kinds_find(demo->kinds, group, resource);
	const struct store_object *old = store_get(demo->store, group, resource, namespace, name);
	struct change change;
	struct status status;
	struct json *object;

	status_init(&status);
	if (!prepare(demo, manager, row, &status, &change) || !old) {
		json_free(status_value);
		status_set(&status, 404, "NotFound",
			   "the object whose status changed is not there");
		return finish(NULL, &status, err);
	}
	/* As a controller does, which asks for nothing that is so already. */
	if (json_equal(json_get(store_value(demo->store, old), "status"), status_value)) {
		json_free(status_value);
		status_release(&status);
		return true;
	}
	if (change.version->status)
		change.status_part = CHANGE_STATUS_ONLY;
	change.namespace = row->namespaced ? old->namespace : NULL;
	object = change.version->status ? json_new_object()
					: json_clone(store_value(demo->store, old));
	copy_names(store_value(demo->store, old), object);
	json_set(object, "status", status_value);
	return finish(change_update(&change, old, object), &status, err);
}

bool
author_delete(struct demo *demo, const char *group, const char *resource, const char *namespace,
	      const char *name, const char *uid, struct err *err)
{
	const struct kinds_row *row = kinds_find(demo->kinds, group, resource);
	const struct store_object *old = store_get(demo->store, group, resource, namespace, name);
	struct change_preconditions preconditions = { .uid = uid, .policy = "Background" };
	struct change change;
	struct status status;
	struct json *held = NULL;
	bool good;

	if (!old || !row)
		return true;
	status_init(&status);
	prepare(demo, NULL, row, &status, &change);
	change.namespace = row->namespaced ? old->namespace : NULL;
	good = change_delete(&change, old, &preconditions, &held);
	json_free(held);
	if (!good)
		status_err(&status, err);
	status_release(&status);
	return good;
}
