#include "core/demo/change.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/demo/managed.h"
#include "core/demo/schema.h"
#include "core/demo/strategy.h"

#define UNKNOWN_CAP (64 * BUF_KIB)

static void
random_uid(struct demo *demo, char uid[37])
{
	uint64_t a = inside_random(demo), b = inside_random(demo);

	snprintf(uid, 37, "%08x-%04x-4%03x-%04x-%012" PRIx64, (unsigned)(a >> 32), (unsigned)(a >> 16 & 0xffff),
		 (unsigned)(a & 0xfff), (unsigned)(0x8000 | (b >> 48 & 0x3fff)), b & UINT64_C(0xffffffffffff));
}

/* The object with apiVersion (of storage), kind and metadata first, as everything that reads stored text expects. */
static struct json *
in_order(const struct change *change, struct json *object)
{
	struct json *ordered = json_new_object();
	struct json *metadata = json_detach(object, "metadata");
	char	     api_version[300];

	json_set_string(ordered, "apiVersion",
			kinds_api_version(api_version, sizeof(api_version), change->row->group,
					  kinds_storage(change->row)->name));
	json_set_string(ordered, "kind", change->row->kind);
	json_set(ordered, "metadata", metadata ? metadata : json_new_object());
	json_remove(object, "apiVersion");
	json_remove(object, "kind");
	for (struct json *m = json_first_mutable(object); m; m = json_first_mutable(object)) {
		char	     key[300];
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

static bool
check_kind(const struct change *change, const struct json *object)
{
	char	    wanted[300];
	const char *api_version = json_string_at(object, "apiVersion"), *kind = json_string_at(object, "kind");

	kinds_api_version(wanted, sizeof(wanted), change->row->group, change->version->name);
	if (!kind || !*kind)
		return status_bad_request(change->status, "Object 'Kind' is missing in the object provided");
	if (!text_equal(kind, change->row->kind))
		return status_bad_request(change->status, "%s in version \"%s\" cannot be handled as a %s: no kind \"%s\" is "
							  "registered for version \"%s\"",
					  kind, change->version->name, change->row->kind, kind,
					  api_version ? api_version : "");
	if (!text_equal(api_version, wanted))
		return status_bad_request(change->status,
					  "the API version in the data (%s) does not match the expected API version (%s)",
					  api_version ? api_version : "", wanted);
	return true;
}

/* Name and namespace of the URL and of the object are one. */
static bool
check_place(const struct change *change, struct json *object)
{
	struct json *metadata = json_set_object(object, "metadata");
	const char  *namespace = json_string_at(metadata, "namespace"), *name = json_string_at(metadata, "name");

	if (change->name && !name)
		json_set_string(metadata, "name", change->name);
	else if (change->name && !text_equal(name, change->name))
		return status_bad_request(change->status, "the name of the object (%s) does not match the name on the URL (%s)",
					  name, change->name);
	if (!change->namespace)
		json_remove(metadata, "namespace");
	else if (!namespace || !*namespace)
		json_set_string(metadata, "namespace", change->namespace);
	else if (!text_equal(namespace, change->namespace))
		return status_bad_request(change->status,
					  "the namespace of the provided object does not match the namespace sent on the request");
	return true;
}

static bool
has_status(const struct change *change)
{
	return change->version->status;
}

static bool
report_unknown(const struct change *change, const struct buf *unknown, const struct json *object)
{
	struct buf list;

	if (unknown->length == 0 || change->unknown == CHANGE_IGNORE)
		return true;
	if (change->unknown == CHANGE_WARN) {
		if (change->warnings)
			buf_add(change->warnings, unknown->bytes, unknown->length);
		return true;
	}
	buf_init(&list, UNKNOWN_CAP);
	for (const char *at = unknown->bytes; *at;) {
		size_t length = strcspn(at, "\n");

		buf_printf(&list, "%s%.*s", list.length ? ", " : "", (int)length, at);
		at += length + (at[length] == '\n');
	}
	if (change->patched) {
		struct buf echo;

		buf_init(&echo, UNKNOWN_CAP);
		json_print(object, &echo);
		status_cause(change->status, "FieldValueInvalid", "patch",
			     "Invalid value: %s: strict decoding error: %s", echo.bytes, list.bytes);
		status_invalid(change->status, change->row->group, change->row->kind,
			       json_string_at(object, "metadata.name"));
		buf_release(&echo);
	} else {
		status_bad_request(change->status,
				   "%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s",
				   change->row->kind, change->version->name, change->row->kind, list.bytes);
	}
	buf_release(&list);
	return false;
}

static bool
prune(const struct change *change, struct json *object)
{
	struct buf unknown;
	bool	   good;

	if (change->row->builtin || !change->version->schema)
		return true;
	buf_init(&unknown, UNKNOWN_CAP);
	schema_prune(change->version->schema, object, &unknown);
	good = report_unknown(change, &unknown, object);
	buf_release(&unknown);
	return good;
}

static void
check_name(const struct change *change, const struct json *object)
{
	const char *name = json_string_at(object, "metadata.name");
	const char *group = change->row->group;

	if (!name || !*name) {
		status_cause(change->status, "FieldValueRequired", "metadata.name",
			     "Required value: name or generateName is required");
		return;
	}
	/* RBAC names are path segments; everything else is at least a DNS subdomain. */
	if (!text_is_dns_subdomain(name) && !text_equal(group, "rbac.authorization.k8s.io"))
		status_cause(change->status, "FieldValueInvalid", "metadata.name",
			     "Invalid value: \"%s\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
			     "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. "
			     "'example.com', regex used for validation is "
			     "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
			     name);
}

static void
check_annotations(const struct change *change, const struct json *object)
{
	size_t total = 0;

	for (const struct json *a = json_first(json_at(object, "metadata.annotations")); a; a = json_next(a))
		total += strlen(json_key(a)) + (json_string(a) ? strlen(json_string(a)) : 0);
	if (total > 262144)
		status_cause(change->status, "FieldValueTooLong", "metadata.annotations",
			     "Too long: may not be more than 262144 bytes");
}

static bool
validate(const struct change *change, const struct json *before, const struct json *object)
{
	check_name(change, object);
	check_annotations(change, object);
	if (change->version->schema)
		schema_validate(change->row->patterns, change->version->schema, object, change->status);
	strategy_validate(change->row, before, object, change->status);
	return !status_invalid(change->status, change->row->group, change->row->kind,
			       json_string_at(object, "metadata.name"));
}

static void
write_managers(const struct change *change, const struct json *before, struct json *object)
{
	char api_version[300], now[CLOCK_RFC3339_MAX];

	inside_now(change->demo, now);
	managed_update(change->version->schema,
		       &(struct managed_writer){
			       .manager = change->manager,
			       .api_version = kinds_api_version(api_version, sizeof(api_version), change->row->group,
								change->version->name),
			       .subresource = change->status_part == CHANGE_STATUS_ONLY ? "status" : "",
			       .now = now,
			       .no_status = change->status_part == CHANGE_KEEPS_STATUS && has_status(change),
			       .loose = change->row->builtin,
		       },
		       before, object);
}

static bool
check_namespace(const struct change *change)
{
	const struct store_object *home;

	if (!change->row->namespaced || change->demo->loading)
		return true;
	home = store_get(change->demo->store, "", "namespaces", "", change->namespace);
	if (!home)
		return status_not_found(change->status, "", "namespaces", change->namespace);
	if (!json_at(store_value(change->demo->store, home), "metadata.deletionTimestamp"))
		return true;
	status_about(change->status, change->name, change->row->group, change->row->resource);
	status_cause(change->status, "NamespaceTerminating", "metadata.namespace", "namespace %s is being terminated",
		     change->namespace);
	return status_set(change->status, 403, "Forbidden",
			  "%s is forbidden: unable to create new content in namespace %s because it is being terminated",
			  change->row->resource, change->namespace);
}

static bool
may_create(const struct change *change, const struct json *object)
{
	const char		  *name = json_string_at(object, "metadata.name");
	const struct store_object *there;
	char			   full[600];

	if (change->row->terminating) {
		status_about(change->status, name, change->row->group, change->row->resource);
		return status_set(change->status, 403, "Forbidden",
				  "%s \"%s\" is forbidden: create not allowed while custom resource definition is "
				  "terminating",
				  status_qualified(full, sizeof(full), change->row->resource, change->row->group),
				  name ? name : "");
	}
	there = store_get(change->demo->store, change->row->group, change->row->resource, change->namespace, name);
	if (!there)
		return true;
	return status_exists(change->status, change->row->group, change->row->resource, name,
			     json_at(store_value(change->demo->store, there), "metadata.deletionTimestamp") != NULL);
}

static void
generate_name(const struct change *change, struct json *metadata)
{
	static const char letters[] = "bcdfghjklmnpqrstvwxz2456789";
	const char	 *prefix = json_string_at(metadata, "generateName");
	char		  name[260];
	size_t		  length;

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
	char	     uid[37], now[CLOCK_RFC3339_MAX];

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

struct json *
change_create(const struct change *change, struct json *object)
{
	if (!check_kind(change, object) || !check_place(change, object) || !check_namespace(change))
		goto refused;
	if (json_at(object, "metadata.resourceVersion") && *json_string_at(object, "metadata.resourceVersion") &&
	    !change->applied && !change->trusted) {
		status_set(change->status, 500, "", "resourceVersion should not be set on objects to be created");
		goto refused;
	}
	if (!prune(change, object))
		goto refused;
	generate_name(change, json_set_object(object, "metadata"));
	give_birth(change, object);
	if (has_status(change) && change->status_part == CHANGE_KEEPS_STATUS)
		json_remove(object, "status");
	schema_default(change->version->schema, object);
	strategy_prepare(change->demo, change->row, NULL, object);
	if (!validate(change, NULL, object) || !may_create(change, object))
		goto refused;
	if (!change->applied)
		write_managers(change, NULL, object);
	return keep(change, object);
refused:
	json_free(object);
	return NULL;
}

static bool
check_uid(const struct change *change, const struct json *before, struct json *object)
{
	const char *uid = json_string_at(object, "metadata.uid"), *is = json_string_at(before, "metadata.uid");
	const char *name = json_string_at(before, "metadata.name");

	if (!uid || !*uid) {
		json_set_string(json_set_object(object, "metadata"), "uid", is);
		return true;
	}
	if (text_equal(uid, is))
		return true;
	if (!change->patched)
		return status_conflict(change->status, change->row->group, change->row->resource, name,
				       "Precondition failed: UID in precondition: %s, UID in object meta: %s", uid, is);
	status_cause(change->status, "FieldValueInvalid", "metadata.uid", "Invalid value: \"%s\": field is immutable", uid);
	return !status_invalid(change->status, change->row->group, change->row->kind, name);
}

static bool
check_version(const struct change *change, const struct json *before, const struct json *object)
{
	const char *version = json_string_at(object, "metadata.resourceVersion");
	const char *name = json_string_at(before, "metadata.name");

	if (change->trusted)
		return true;
	if (!version || !*version || text_equal(version, "0")) {
		if (change->row->builtin)
			return true;
		status_cause(change->status, "FieldValueInvalid", "metadata.resourceVersion",
			     "Invalid value: 0: must be specified for an update");
		return !status_invalid(change->status, change->row->group, change->row->kind, name);
	}
	if (text_equal(version, json_string_at(before, "metadata.resourceVersion")))
		return true;
	return status_stale(change->status, change->row->group, change->row->resource, name);
}

/* What the server alone writes stays as it was. */
static void
carry_metadata(const struct json *before, struct json *object, bool managers_too)
{
	static const char *const own[] = {"uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
					  "generation", "resourceVersion", "managedFields"};
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

	if (change->status_part == CHANGE_WITH_STATUS || !has_status(change))
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

static bool
same_but(const struct json *a, const struct json *b, bool ignore_status)
{
	struct json *left = json_clone(a), *right = json_clone(b);
	bool	     same;

	json_remove(left, "metadata");
	json_remove(right, "metadata");
	if (ignore_status) {
		json_remove(left, "status");
		json_remove(right, "status");
	}
	json_remove(left, "apiVersion");
	json_remove(right, "apiVersion");
	same = json_equal(left, right);
	json_free(left);
	json_free(right);
	return same;
}

static void
count_generation(const struct change *change, const struct json *before, struct json *object)
{
	int64_t generation = json_integer_at(before, "metadata.generation", 0);

	if (!strategy_counts_generation(change->row))
		return;
	if (!same_but(before, object, has_status(change)))
		generation++;
	json_set_integer(json_get_mutable(object, "metadata"), "generation", generation);
}

static bool
may_have_finalizers(const struct change *change, const struct json *before, const struct json *object)
{
	if (!json_at(before, "metadata.deletionTimestamp"))
		return true;
	for (const struct json *f = json_first(json_at(object, "metadata.finalizers")); f; f = json_next(f)) {
		bool known = false;

		for (const struct json *o = json_first(json_at(before, "metadata.finalizers")); o; o = json_next(o))
			known = known || json_equal(o, f);
		if (!known)
			status_cause(change->status, "FieldValueForbidden", "metadata.finalizers",
				     "Forbidden: no new finalizers can be added if the object is being deleted, found new "
				     "finalizers []string{\"%s\"}",
				     json_string(f));
	}
	return !status_invalid(change->status, change->row->group, change->row->kind,
			       json_string_at(before, "metadata.name"));
}

static bool
held_by_finalizers(const struct change *change, const struct json *object)
{
	if (json_count(json_at(object, "metadata.finalizers")) > 0)
		return true;
	return text_equal(change->row->resource, "namespaces") && *change->row->group == '\0' &&
	       json_count(json_at(object, "spec.finalizers")) > 0;
}

static void
drop_empty_finalizers(struct json *object)
{
	struct json *metadata = json_get_mutable(object, "metadata");

	if (json_get(metadata, "finalizers") && json_count(json_get(metadata, "finalizers")) == 0)
		json_remove(metadata, "finalizers");
}

/* An object that was only waiting for its last finalizer goes. */
static struct json *
settle_update(const struct change *change, const struct json *before, struct json *object)
{
	if (json_at(before, "metadata.deletionTimestamp") && !held_by_finalizers(change, object)) {
		if (!change->dry_run)
			store_remove(change->demo->store, change->row->group, change->row->resource, change->namespace,
				     json_string_at(before, "metadata.name"));
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
	if (!prune(change, object))
		goto refused;
	carry_metadata(before, object, !change->applied);
	object = take_part(change, before, object);
	schema_default(change->version->schema, object);
	strategy_prepare(change->demo, change->row, before, object);
	drop_empty_finalizers(object);
	if (!may_have_finalizers(change, before, object) || !validate(change, before, object))
		goto refused;
	count_generation(change, before, object);
	if (!change->applied)
		write_managers(change, before, object);
	return settle_update(change, before, object);
refused:
	json_free(object);
	return NULL;
}

static bool
check_preconditions(const struct change *change, const struct json *before,
		    const struct change_preconditions *preconditions)
{
	const char *uid = json_string_at(before, "metadata.uid");
	const char *version = json_string_at(before, "metadata.resourceVersion");
	const char *name = json_string_at(before, "metadata.name");

	if (preconditions->uid && !text_equal(preconditions->uid, uid))
		return status_conflict(change->status, change->row->group, change->row->resource, name,
				       "Precondition failed: UID in precondition: %s, UID in object meta: %s",
				       preconditions->uid, uid);
	if (preconditions->version && !text_equal(preconditions->version, version))
		return status_conflict(change->status, change->row->group, change->row->resource, name,
				       "Precondition failed: ResourceVersion in precondition: %s, ResourceVersion in object "
				       "meta: %s",
				       preconditions->version, version);
	return true;
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
	char	     now[CLOCK_RFC3339_MAX];

	if (json_get(metadata, "deletionTimestamp"))
		return;
	inside_now(change->demo, now);
	json_set_string(metadata, "deletionTimestamp", now);
	json_set_integer(metadata, "deletionGracePeriodSeconds", 0);
	if (json_get(metadata, "generation"))
		json_set_integer(metadata, "generation", json_integer_at(metadata, "generation", 0) + 1);
}

bool
change_delete(const struct change *change, const struct store_object *old,
	      const struct change_preconditions *preconditions, struct json **held)
{
	const struct json *before = store_value(change->demo->store, old);
	struct json	  *object;

	*held = NULL;
	if (!check_preconditions(change, before, preconditions))
		return false;
	object = json_clone(before);
	if (text_equal(preconditions->policy, "Foreground"))
		add_finalizer(object, "foregroundDeletion");
	else if (text_equal(preconditions->policy, "Orphan"))
		add_finalizer(object, "orphan");
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
		store_remove(change->demo->store, old->group, old->resource, old->namespace, old->name);
	return true;
}
