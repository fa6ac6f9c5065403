#include "core/demo/change.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/demo/check.h"
#include "core/demo/managed.h"
#include "core/demo/schema.h"
#include "core/demo/strategy.h"

static void
random_uid(struct demo *demo, char uid[37])
{
	uint64_t a = inside_random(demo), b = inside_random(demo);

	snprintf(uid, 37, "%08x-%04x-4%03x-%04x-%012" PRIx64, (unsigned)(a >> 32),
		 (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
		 (unsigned)(0x8000 | (b >> 48 & 0x3fff)), b & UINT64_C(0xffffffffffff));
}

/* The object with apiVersion (of storage), kind and metadata first, as everything that reads stored
 * text expects. */
static struct json *
in_order(const struct change *change, struct json *object)
{
	struct json *ordered = json_new_object();
	struct json *metadata = json_detach(object, "metadata");
	char api_version[300];

	json_set_string(ordered, "apiVersion",
			kinds_api_version(api_version, sizeof(api_version), change->row->group,
					  kinds_storage(change->row)->name));
	json_set_string(ordered, "kind", change->row->kind);
	json_set(ordered, "metadata", metadata ? metadata : json_new_object());
	json_remove(object, "apiVersion");
	json_remove(object, "kind");
	for (struct json *m = json_first_mutable(object); m; m = json_first_mutable(object)) {
		char key[300];
		struct json *member;

		snprintf(key, sizeof(key), "%s", json_key(m));
		member = json_detach(object, key);
		if (!member)
			break;
		json_set(ordered, key, member);
	}
	json_free(object);
	return ordered;
}

static void
write_managers(const struct change *change, const struct json *before, struct json *object)
{
	char api_version[300], now[CLOCK_RFC3339_MAX];

	inside_now(change->demo, now);
	managed_update(
		change->version->schema,
		&(struct managed_writer){
			.manager = change->manager,
			.api_version = kinds_api_version(api_version, sizeof(api_version),
							 change->row->group, change->version->name),
			.subresource = change->status_part == CHANGE_STATUS_ONLY ? "status" : "",
			.now = now,
			.no_status = change->status_part == CHANGE_KEEPS_STATUS &&
				     change->version->status,
			.loose = change->row->builtin,
		},
		before, object);
}

static void
generate_name(const struct change *change, struct json *metadata)
{
	static const char letters[] = "bcdfghjklmnpqrstvwxz2456789";
	const char *prefix = json_string_at(metadata, "generateName");
	char name[260];
	size_t length;

	if (!prefix || json_get(metadata, "name"))
		return;
	snprintf(name, sizeof(name), "%.240s", prefix);
	length = strlen(name);
	for (int i = 0; i < 5; i++)
		name[length++] = letters[inside_random(change->demo) % (sizeof(letters) - 1)];
	name[length] = '\0';
	json_set_string(metadata, "name", name);
}

static void
give_birth(const struct change *change, struct json *object)
{
	struct json *metadata = json_set_object(object, "metadata");
	char uid[37], now[CLOCK_RFC3339_MAX];

	random_uid(change->demo, uid);
	inside_now(change->demo, now);
	json_remove(metadata, "selfLink");
	json_remove(metadata, "deletionTimestamp");
	json_remove(metadata, "resourceVersion");
	json_remove(metadata, "generation");
	if (!change->applied)
		json_remove(metadata, "managedFields");
	json_set_string(metadata, "uid", uid);
	json_set_string(metadata, "creationTimestamp", now);
	if (strategy_counts_generation(change->row))
		json_set_integer(metadata, "generation", 1);
}

/* What is stored now, or what would be. */
static struct json *
keep(const struct change *change, struct json *object)
{
	const struct store_object *stored;

	object = in_order(change, object);
	if (change->dry_run)
		return object;
	stored = store_put(change->demo->store, change->row->group, change->row->resource, object);
	return json_clone(store_value(change->demo->store, stored));
}

/* Of metadata, empty is as good as not there, and is not kept. */
static void
drop_empty_metadata(struct json *object)
{
	static const char *const fields[] = { "annotations", "finalizers", "labels",
					      "ownerReferences" };
	struct json *metadata = json_get_mutable(object, "metadata");

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (json_get(metadata, fields[i]) && json_count(json_get(metadata, fields[i])) == 0)
			json_remove(metadata, fields[i]);
}

struct json *
change_create(const struct change *change, struct json *object)
{
	if (!check_kind(change, object) || !check_place(change, object) || !check_namespace(change))
		goto refused;
	if (json_at(object, "metadata.resourceVersion") &&
	    *json_string_at(object, "metadata.resourceVersion") && !change->applied &&
	    !change->trusted) {
		status_set(change->status, 500, "",
			   "resourceVersion should not be set on objects to be created");
		goto refused;
	}
	if (!check_fields(change, object))
		goto refused;
	generate_name(change, json_set_object(object, "metadata"));
	give_birth(change, object);
	if (change->version->status && change->status_part == CHANGE_KEEPS_STATUS)
		json_remove(object, "status");
	schema_default(change->version->schema, object);
	strategy_prepare(change->demo, change->row, NULL, object);
	drop_empty_metadata(object);
	if (!check_values(change, NULL, object) || !check_absent(change, object))
		goto refused;
	if (!change->applied)
		write_managers(change, NULL, object);
	return keep(change, object);
refused:
	json_free(object);
	return NULL;
}

/* What the server alone writes stays as it was. */
static void
carry_metadata(const struct json *before, struct json *object, bool managers_too)
{
	static const char *const own[] = { "uid",
					   "creationTimestamp",
					   "deletionTimestamp",
					   "deletionGracePeriodSeconds",
					   "generation",
					   "resourceVersion",
					   "managedFields" };
	struct json *metadata = json_set_object(object, "metadata");

	json_remove(metadata, "selfLink");
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]) - !managers_too; i++) {
		const struct json *was = json_at(before, "metadata");

		if (json_get(was, own[i]))
			json_set(metadata, own[i], json_clone(json_get(was, own[i])));
		else
			json_remove(metadata, own[i]);
	}
}

/* Only what this write may touch comes from `object`. */
static struct json *
take_part(const struct change *change, const struct json *before, struct json *object)
{
	struct json *whole;

	if (change->status_part == CHANGE_WITH_STATUS || !change->version->status)
		return object;
	if (change->status_part == CHANGE_KEEPS_STATUS) {
		if (json_get(before, "status"))
			json_set(object, "status", json_clone(json_get(before, "status")));
		else
			json_remove(object, "status");
		return object;
	}
	whole = json_clone(before);
	if (json_get(object, "status"))
		json_set(whole, "status", json_clone(json_get(object, "status")));
	else
		json_remove(whole, "status");
	if (change->applied && json_at(object, "metadata.managedFields"))
		json_set(json_get_mutable(whole, "metadata"), "managedFields",
			 json_clone(json_at(object, "metadata.managedFields")));
	json_free(object);
	return whole;
}

/* Members other than metadata, apiVersion and, where it is a part of its own, status. */
static size_t
count_members(const struct json *object, const struct json *like, bool ignore_status)
{
	size_t count = 0;

	for (const struct json *m = json_first(object); m; m = json_next(m)) {
		const char *key = json_key(m);

		if (text_equal(key, "metadata") || text_equal(key, "apiVersion") ||
		    (ignore_status && text_equal(key, "status")))
			continue;
		if (like && !json_equal(m, json_get(like, key)))
			return SIZE_MAX;
		count++;
	}
	return count;
}

static bool
same_but(const struct json *a, const struct json *b, bool ignore_status)
{
	return count_members(a, b, ignore_status) == count_members(b, NULL, ignore_status);
}

static void
count_generation(const struct change *change, const struct json *before, struct json *object)
{
	int64_t generation = json_integer_at(before, "metadata.generation", 0);

	if (!strategy_counts_generation(change->row))
		return;
	if (!same_but(before, object, change->version->status))
		generation++;
	json_set_integer(json_get_mutable(object, "metadata"), "generation", generation);
}

static bool
held_by_finalizers(const struct change *change, const struct json *object)
{
	if (json_count(json_at(object, "metadata.finalizers")) > 0)
		return true;
	return text_equal(change->row->resource, "namespaces") && *change->row->group == '\0' &&
	       json_count(json_at(object, "spec.finalizers")) > 0;
}

/* An object that was only waiting for its last finalizer goes. */
static struct json *
settle_update(const struct change *change, const struct json *before, struct json *object)
{
	if (json_at(before, "metadata.deletionTimestamp") && !held_by_finalizers(change, object)) {
		if (!change->dry_run)
			store_remove(change->demo->store, change->row->group, change->row->resource,
				     change->namespace, json_string_at(before, "metadata.name"));
		return in_order(change, object);
	}
	object = in_order(change, object);
	if (json_equal(before, object))
		return object;
	return keep(change, object);
}

struct json *
change_update(const struct change *change, const struct store_object *old, struct json *object)
{
	const struct json *before = store_value(change->demo->store, old);

	if (!check_kind(change, object) || !check_place(change, object))
		goto refused;
	if (change->patched) {
		if (!check_version(change, before, object) || !check_uid(change, before, object))
			goto refused;
	} else if (!check_uid(change, before, object) || !check_version(change, before, object)) {
		goto refused;
	}
	if (!check_fields(change, object))
		goto refused;
	carry_metadata(before, object, !change->applied);
	object = take_part(change, before, object);
	schema_default(change->version->schema, object);
	strategy_prepare(change->demo, change->row, before, object);
	drop_empty_metadata(object);
	if (!check_finalizers(change, before, object) || !check_values(change, before, object))
		goto refused;
	count_generation(change, before, object);
	if (!change->applied)
		write_managers(change, before, object);
	return settle_update(change, before, object);
refused:
	json_free(object);
	return NULL;
}

static void
add_finalizer(struct json *object, const char *name)
{
	struct json *list = json_set_array(json_set_object(object, "metadata"), "finalizers");

	for (const struct json *f = json_first(list); f; f = json_next(f)) {
		if (text_equal(json_string(f), name))
			return;
	}
	json_append(list, json_new_string(name));
}

static void
mark_deleted(const struct change *change, struct json *object)
{
	struct json *metadata = json_get_mutable(object, "metadata");
	char now[CLOCK_RFC3339_MAX];

	if (json_get(metadata, "deletionTimestamp"))
		return;
	inside_now(change->demo, now);
	json_set_string(metadata, "deletionTimestamp", now);
	json_set_integer(metadata, "deletionGracePeriodSeconds", 0);
	if (json_get(metadata, "generation"))
		json_set_integer(metadata, "generation",
				 json_integer_at(metadata, "generation", 0) + 1);
}

bool
change_delete(const struct change *change, const struct store_object *old,
	      const struct change_preconditions *preconditions, struct json **held)
{
	const struct json *before = store_value(change->demo->store, old);
	struct json *object;

	*held = NULL;
	if (!check_preconditions(change, before, preconditions))
		return false;
	object = json_clone(before);
	if (text_equal(preconditions->policy, "Foreground"))
		add_finalizer(object, "foregroundDeletion");
	else if (text_equal(preconditions->policy, "Orphan"))
		add_finalizer(object, "orphan");
	strategy_end(change->demo, change->row, object);
	if (held_by_finalizers(change, object)) {
		mark_deleted(change, object);
		if (json_equal(before, object) || change->dry_run) {
			*held = object;
			return true;
		}
		*held = keep(change, object);
		return true;
	}
	json_free(object);
	if (!change->dry_run)
		store_remove(change->demo->store, old->group, old->resource, old->namespace,
			     old->name);
	return true;
}
