#include "core/demo/check.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/demo/schema.h"
#include "core/demo/strategy.h"

#define UNKNOWN_CAP (64 * BUF_KIB)
#define OBJECT_CAP  (8 * BUF_MIB)

bool
check_kind(const struct change *change, const struct json *object)
{
	char wanted[300];
	const char *api_version = json_string_at(object, "apiVersion"),
		   *kind = json_string_at(object, "kind");

	kinds_api_version(wanted, sizeof(wanted), change->row->group, change->version->name);
	if (!kind || !*kind)
		return status_bad_request(change->status,
					  "the object provided is unrecognized (must be of type "
					  "%s): Object 'Kind' is missing",
					  change->row->kind);
	if (!text_equal(kind, change->row->kind) && !change->row->builtin) {
		status_cause(change->status, "FieldValueInvalid", "kind",
			     "Invalid value: \"%s\": must be %s", kind, change->row->kind);
		return !status_invalid(change->status, change->row->group, kind,
				       json_string_at(object, "metadata.name"));
	}
	if (!text_equal(kind, change->row->kind))
		return status_bad_request(
			change->status,
			"%s in version \"%s\" cannot be handled as a %s: no kind \"%s\" is "
			"registered for version \"%s\"",
			kind, change->version->name, change->row->kind, kind,
			api_version ? api_version : "");
	if (!text_equal(api_version, wanted))
		return status_bad_request(change->status,
					  "the API version in the data (%s) does not match the "
					  "expected API version (%s)",
					  api_version ? api_version : "", wanted);
	return true;
}

/* Name and namespace of the URL and of the object are one. */
bool
check_place(const struct change *change, struct json *object)
{
	struct json *metadata = json_set_object(object, "metadata");
	const char *namespace = json_string_at(metadata, "namespace"),
		   *name = json_string_at(metadata, "name");

	if (change->name && !name)
		json_set_string(metadata, "name", change->name);
	else if (change->name && !text_equal(name, change->name))
		return status_bad_request(
			change->status,
			"the name of the object (%s) does not match the name on the URL (%s)", name,
			change->name);
	if (!change->namespace)
		json_remove(metadata, "namespace");
	else if (!namespace || !*namespace)
		json_set_string(metadata, "namespace", change->namespace);
	else if (!text_equal(namespace, change->namespace))
		return status_bad_request(change->status,
					  "the namespace of the provided object does not match the "
					  "namespace sent on the request");
	return true;
}

static int
compare_lines(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

/* Lines, each with its newline, in the order of their text. */
static void
sort_lines(struct buf *text)
{
	size_t count = 0, room = 1;
	const char **lines;
	char *copy = die_strdup(text->bytes), *rest = NULL;

	for (const char *c = copy; *c; c++)
		room += *c == '\n';
	lines = die_alloc(room * sizeof(const char *));
	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		lines[count++] = line;
	qsort(lines, count, sizeof(*lines), compare_lines);
	buf_clear(text);
	for (size_t i = 0; i < count; i++)
		buf_printf(text, "%s\n", lines[i]);
	free(lines);
	free(copy);
}

static bool
report_unknown(const struct change *change, struct buf *unknown, const struct json *object)
{
	struct buf list;

	if (unknown->length == 0 || change->unknown == CHANGE_IGNORE)
		return true;
	sort_lines(unknown);
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
		char *whole = json_text(object);
		struct json *quoted = json_new_string(whole);
		struct buf echo;

		buf_init(&echo, 2 * OBJECT_CAP);
		json_print(quoted, &echo);
		json_free(quoted);
		free(whole);
		status_cause(change->status, "FieldValueInvalid", "patch",
			     "Invalid value: %s: strict decoding error: %s", echo.bytes,
			     list.bytes);
		status_invalid(change->status, change->row->group, change->row->kind,
			       json_string_at(object, "metadata.name"));
		buf_release(&echo);
	} else {
		status_bad_request(
			change->status,
			"%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s",
			change->row->kind, change->version->name, change->row->kind, list.bytes);
	}
	buf_release(&list);
	return false;
}

bool
check_fields(const struct change *change, struct json *object)
{
	struct buf unknown;
	bool good;

	if (change->row->builtin)
		schema_drop_nulls(object);
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
			     "Invalid value: \"%s\": a lowercase RFC 1123 subdomain must consist "
			     "of lower case alphanumeric "
			     "characters, '-' or '.', and must start and end with an alphanumeric "
			     "character (e.g. "
			     "'example.com', regex used for validation is "
			     "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
			     name);
}

/* A label's value, or its key after the slash, in Kubernetes' words: [a-zA-Z0-9], and '-', '_'
 * and '.' between them, at most 63 of them. */
static bool
is_label_text(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++) {
		bool inner = i > 0 && i + 1 < length;

		if (!isalnum((unsigned char)text[i]) && !(inner && strchr("-_.", text[i])))
			return false;
	}
	return length <= 63;
}

static void
check_labels(const struct change *change, const struct json *object)
{
	for (const struct json *l = json_first(json_at(object, "metadata.labels")); l;
	     l = json_next(l)) {
		const char *slash = strchr(json_key(l), '/');
		const char *name = slash ? slash + 1 : json_key(l);
		const char *value = json_string(l);

		if (!*name || !is_label_text(name))
			status_cause(change->status, "FieldValueInvalid", "metadata.labels",
				     "Invalid value: \"%s\": name part must consist of "
				     "alphanumeric characters, '-', '_' or '.', and must start and "
				     "end with an alphanumeric character (e.g. 'MyName',  or "
				     "'my.name',  or '123-abc', regex used for validation is "
				     "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
				     json_key(l));
		if (value && !is_label_text(value))
			status_cause(change->status, "FieldValueInvalid", "metadata.labels",
				     "Invalid value: \"%s\": a valid label must be an empty string "
				     "or consist of alphanumeric characters, '-', '_' or '.', and "
				     "must start and end with an alphanumeric character (e.g. "
				     "'MyValue',  or 'my_value',  or '12345', regex used for "
				     "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
				     value);
	}
}

static void
check_annotations(const struct change *change, const struct json *object)
{
	size_t total = 0;

	for (const struct json *a = json_first(json_at(object, "metadata.annotations")); a;
	     a = json_next(a))
		total += strlen(json_key(a)) + (json_string(a) ? strlen(json_string(a)) : 0);
	if (total > 262144)
		status_cause(change->status, "FieldValueTooLong", "metadata.annotations",
			     "Too long: may not be more than 262144 bytes");
}

bool
check_values(const struct change *change, const struct json *before, const struct json *object)
{
	check_name(change, object);
	check_labels(change, object);
	check_annotations(change, object);
	if (change->version->schema)
		schema_validate(change->row->patterns, change->version->schema, object,
				change->status);
	strategy_validate(change->row, before, object, change->status);
	return !status_invalid(change->status, change->row->group, change->row->kind,
			       json_string_at(object, "metadata.name"));
}

bool
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
	status_cause(change->status, "NamespaceTerminating", "metadata.namespace",
		     "namespace %s is being terminated", change->namespace);
	return status_set(change->status, 403, "Forbidden",
			  "%s is forbidden: unable to create new content in namespace %s because "
			  "it is being terminated",
			  change->row->resource, change->namespace);
}

bool
check_absent(const struct change *change, const struct json *object)
{
	const char *name = json_string_at(object, "metadata.name");
	const struct store_object *there;
	char full[600];

	if (change->row->terminating) {
		status_about(change->status, name, change->row->group, change->row->resource);
		return status_set(change->status, 403, "Forbidden",
				  "%s \"%s\" is forbidden: create not allowed while custom "
				  "resource definition is "
				  "terminating",
				  status_qualified(full, sizeof(full), change->row->resource,
						   change->row->group),
				  name ? name : "");
	}
	there = store_get(change->demo->store, change->row->group, change->row->resource,
			  change->namespace, name);
	if (!there)
		return true;
	return status_exists(change->status, change->row->group, change->row->resource, name,
			     json_at(store_value(change->demo->store, there),
				     "metadata.deletionTimestamp") != NULL);
}

bool
check_uid(const struct change *change, const struct json *before, struct json *object)
{
	const char *uid = json_string_at(object, "metadata.uid"),
		   *is = json_string_at(before, "metadata.uid");
	const char *name = json_string_at(before, "metadata.name");

	if (!uid || !*uid) {
		json_set_string(json_set_object(object, "metadata"), "uid", is);
		return true;
	}
	if (text_equal(uid, is))
		return true;
	if (!change->patched)
		return status_conflict(
			change->status, change->row->group, change->row->resource, name,
			"StorageError: invalid object, Code: 4, Key: /registry/%s%s%s/%s%s%s, "
			"ResourceVersion: 0, "
			"AdditionalErrorMsg: Precondition failed: UID in precondition: %s, UID in "
			"object meta: %s",
			change->row->group, *change->row->group ? "/" : "", change->row->resource,
			change->namespace ? change->namespace : "", change->namespace ? "/" : "",
			name, uid, is);
	status_cause(change->status, "FieldValueInvalid", "metadata.uid",
		     "Invalid value: \"%s\": field is immutable", uid);
	return !status_invalid(change->status, change->row->group, change->row->kind, name);
}

bool
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
		return !status_invalid(change->status, change->row->group, change->row->resource,
				       name);
	}
	if (text_equal(version, json_string_at(before, "metadata.resourceVersion")))
		return true;
	return status_stale(change->status, change->row->group, change->row->resource, name);
}

bool
check_finalizers(const struct change *change, const struct json *before, const struct json *object)
{
	if (!json_at(before, "metadata.deletionTimestamp"))
		return true;
	for (const struct json *f = json_first(json_at(object, "metadata.finalizers")); f;
	     f = json_next(f)) {
		bool known = false;

		for (const struct json *o = json_first(json_at(before, "metadata.finalizers")); o;
		     o = json_next(o))
			known = known || json_equal(o, f);
		if (!known)
			status_cause(change->status, "FieldValueForbidden", "metadata.finalizers",
				     "Forbidden: no new finalizers can be added if the object is "
				     "being deleted, found new "
				     "finalizers []string{\"%s\"}",
				     json_string(f));
	}
	return !status_invalid(change->status, change->row->group, change->row->kind,
			       json_string_at(before, "metadata.name"));
}

bool
check_preconditions(const struct change *change, const struct json *before,
		    const struct change_preconditions *preconditions)
{
	const char *uid = json_string_at(before, "metadata.uid");
	const char *version = json_string_at(before, "metadata.resourceVersion");
	const char *name = json_string_at(before, "metadata.name");

	if (preconditions->uid && !text_equal(preconditions->uid, uid))
		return status_conflict(change->status, change->row->group, change->row->kind, name,
				       "the UID in the precondition (%s) does not match the UID in "
				       "record (%s). The object "
				       "might have been deleted and then recreated",
				       preconditions->uid, uid);
	if (preconditions->version && !text_equal(preconditions->version, version))
		return status_conflict(change->status, change->row->group, change->row->kind, name,
				       "the ResourceVersion in the precondition (%s) does not "
				       "match the ResourceVersion in "
				       "record (%s). The object might have been modified",
				       preconditions->version, version);
	return true;
}
