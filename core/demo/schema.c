#include "core/demo/schema.h"

#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"

#define PATH_CAP (8 * BUF_KIB)

static bool
keeps_unknown(const struct json *schema)
{
	return json_bool_at(schema, "x-kubernetes-preserve-unknown-fields", false);
}

enum schema_merge
schema_merge(const struct json *schema, const struct json *value)
{
	if (json_type(value) == JSON_OBJECT)
		return text_equal(json_string_at(schema, "x-kubernetes-map-type"), "atomic")
			       ? SCHEMA_ATOMIC
			       : SCHEMA_MAP;
	if (json_type(value) == JSON_ARRAY) {
		const char *type = json_string_at(schema, "x-kubernetes-list-type");

		if (text_equal(type, "map"))
			return SCHEMA_KEYED;
		if (text_equal(type, "set"))
			return SCHEMA_SET;
	}
	return SCHEMA_ATOMIC;
}

const struct json *
schema_member(const struct json *schema, const char *key)
{
	const struct json *member = json_get(json_get(schema, "properties"), key);
	const struct json *others;

	if (member)
		return member;
	others = json_get(schema, "additionalProperties");
	return json_type(others) == JSON_OBJECT ? others : NULL;
}

const struct json *
schema_items(const struct json *schema)
{
	return json_get(schema, "items");
}

const struct json *
schema_keys(const struct json *schema)
{
	return json_get(schema, "x-kubernetes-list-map-keys");
}

bool
schema_declares(const struct json *schema, const char *key)
{
	const struct json *others = json_get(schema, "additionalProperties");

	return !schema || keeps_unknown(schema) || json_get(json_get(schema, "properties"), key) ||
	       json_type(others) == JSON_OBJECT || json_bool(others, false);
}

bool
schema_has_rules(const struct json *schema)
{
	if (json_get(schema, "x-kubernetes-validations"))
		return true;
	for (const struct json *p = json_first(json_get(schema, "properties")); p;
	     p = json_next(p)) {
		if (schema_has_rules(p))
			return true;
	}
	if (json_get(schema, "items") && schema_has_rules(json_get(schema, "items")))
		return true;
	return json_type(json_get(schema, "additionalProperties")) == JSON_OBJECT &&
	       schema_has_rules(json_get(schema, "additionalProperties"));
}

struct json *
schema_metadata(void)
{
	static const char text[] =
		"{\"type\":\"object\",\"properties\":{"
		"\"annotations\":{\"type\":\"object\",\"additionalProperties\":{\"type\":"
		"\"string\"}},"
		"\"creationTimestamp\":{\"type\":\"string\",\"nullable\":true},"
		"\"deletionGracePeriodSeconds\":{\"type\":\"integer\"},\"deletionTimestamp\":{"
		"\"type\":\"string\"},"
		"\"finalizers\":{\"type\":\"array\",\"x-kubernetes-list-type\":\"set\",\"items\":{"
		"\"type\":\"string\"}},"
		"\"generateName\":{\"type\":\"string\"},\"generation\":{\"type\":\"integer\"},"
		"\"labels\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}},"
		"\"managedFields\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
		"\"x-kubernetes-preserve-unknown-fields\":true}},"
		"\"name\":{\"type\":\"string\"},\"namespace\":{\"type\":\"string\"},"
		"\"ownerReferences\":{\"type\":\"array\",\"x-kubernetes-list-type\":\"map\","
		"\"x-kubernetes-list-map-keys\":[\"uid\"],\"items\":{\"type\":\"object\","
		"\"x-kubernetes-map-type\":\"atomic\",\"x-kubernetes-preserve-unknown-fields\":"
		"true}},"
		"\"resourceVersion\":{\"type\":\"string\"},\"selfLink\":{\"type\":\"string\"},"
		"\"uid\":{\"type\":\"string\"}}}";
	struct json *schema = json_parse(text, sizeof(text) - 1, NULL);

	if (!schema)
		die("the schema of metadata is not JSON");
	return schema;
}

/* A null where none may be stands for the default, if there is one. */
static void
default_member(const struct json *schema, struct json *object)
{
	const char *key = json_key(schema);
	const struct json *fallback = json_get(schema, "default");
	struct json *member = json_get_mutable(object, key);

	if (fallback && (!member || (json_type(member) == JSON_NULL &&
				     !json_bool_at(schema, "nullable", false))))
		member = json_set(object, key, json_clone(fallback));
	if (member)
		schema_default(schema, member);
}

void
schema_default(const struct json *schema, struct json *value)
{
	if (json_type(value) == JSON_OBJECT) {
		const struct json *others = json_get(schema, "additionalProperties");
		const struct json *properties = json_get(schema, "properties");

		for (const struct json *p = json_first(properties); p; p = json_next(p))
			default_member(p, value);
		if (json_type(others) != JSON_OBJECT)
			return;
		for (struct json *m = json_first_mutable(value); m; m = json_next_mutable(m)) {
			if (!json_get(properties, json_key(m)))
				schema_default(others, m);
		}
	} else if (json_type(value) == JSON_ARRAY && schema_items(schema)) {
		for (struct json *e = json_first_mutable(value); e; e = json_next_mutable(e))
			schema_default(schema_items(schema), e);
	}
}

void
schema_drop_nulls(struct json *value)
{
	for (struct json *m = json_first_mutable(value), *next; m; m = next) {
		next = json_next_mutable(m);
		if (json_type(m) == JSON_NULL && json_type(value) == JSON_OBJECT)
			json_remove(value, json_key(m));
		else
			schema_drop_nulls(m);
	}
}

/* Descends with the path written into `path`, which is as before on return. */
static void
prune_at(const struct json *schema, struct json *value, struct buf *path, struct buf *unknown)
{
	size_t here = path->length, index = 0;

	if (json_type(value) == JSON_ARRAY) {
		for (struct json *e = json_first_mutable(value); e; e = json_next_mutable(e)) {
			buf_printf(path, "[%zu]", index++);
			prune_at(schema_items(schema), e, path, unknown);
			path->length = here;
		}
		return;
	}
	if (json_type(value) != JSON_OBJECT || !schema)
		return;
	for (struct json *m = json_first_mutable(value), *next; m; m = next) {
		next = json_next_mutable(m);
		buf_puts(path, here ? "." : "");
		buf_puts(path, json_key(m));
		if (schema_declares(schema, json_key(m))) {
			prune_at(schema_member(schema, json_key(m)), m, path, unknown);
		} else {
			if (unknown)
				buf_printf(unknown, "unknown field \"%s\"\n", path->bytes);
			json_remove(value, json_key(m));
		}
		path->length = here;
		path->bytes[here] = '\0';
	}
}

void
schema_prune(const struct json *schema, struct json *value, struct buf *unknown)
{
	struct buf path;

	buf_init(&path, PATH_CAP);
	prune_at(schema, value, &path, unknown);
	buf_release(&path);
}
