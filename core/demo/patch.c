#include "core/demo/patch.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/demo/schema.h"

#define OPERATIONS_MAX 10000

/* The part of a JSON pointer up to the next '/', with ~1 and ~0 undone; NULL when there is none.
 * Heap. */
static char *
next_token(const char **pointer)
{
	size_t length;
	char *token, *out;

	if (**pointer != '/')
		return NULL;
	length = strcspn(++*pointer, "/");
	token = out = die_alloc(length + 1);
	for (size_t i = 0; i < length; i++) {
		char c = (*pointer)[i];

		if (c == '~' && i + 1 < length &&
		    ((*pointer)[i + 1] == '0' || (*pointer)[i + 1] == '1'))
			c = (*pointer)[++i] == '1' ? '/' : '~';
		*out++ = c;
	}
	*pointer += length;
	return token;
}

/* SIZE_MAX for anything but an index up to `most`. */
static size_t
index_of(const char *token, size_t most)
{
	char *end;
	long index;

	if (!isdigit((unsigned char)*token) || (*token == '0' && token[1]))
		return SIZE_MAX;
	index = strtol(token, &end, 10);
	return *end || (size_t)index > most ? SIZE_MAX : (size_t)index;
}

static struct json *
step_into(struct json *at, const char *token)
{
	size_t index;

	if (json_type(at) == JSON_OBJECT)
		return json_get_mutable(at, token);
	if (json_type(at) != JSON_ARRAY)
		return NULL;
	index = index_of(token, json_count(at));
	if (index == SIZE_MAX)
		return NULL;
	at = json_first_mutable(at);
	while (index-- > 0 && at)
		at = json_next_mutable(at);
	return at;
}

/* The container a pointer ends in, and the last token (heap). NULL when the way there is broken. */
static struct json *
parent_of(struct json *root, const char *pointer, char **last)
{
	struct json *at = root;
	char *token = next_token(&pointer);

	*last = NULL;
	while (token && *pointer) {
		at = step_into(at, token);
		free(token);
		if (!at)
			return NULL;
		token = next_token(&pointer);
	}
	*last = token;
	return token ? at : NULL;
}

static const struct json *
value_at(struct json *root, const char *pointer)
{
	struct json *parent, *found;
	char *last;

	if (*pointer == '\0')
		return root;
	parent = parent_of(root, pointer, &last);
	found = parent ? step_into(parent, last) : NULL;
	free(last);
	return found;
}

/* `value` is taken. */
static bool
put(struct json *root, const char *pointer, struct json *value, bool replace)
{
	char *last;
	struct json *parent = parent_of(root, pointer, &last);
	bool good = false;

	if (json_type(parent) == JSON_OBJECT && last) {
		good = !replace || json_get(parent, last);
		if (good)
			json_set(parent, last, value);
	} else if (json_type(parent) == JSON_ARRAY && last) {
		size_t count = json_count(parent);
		size_t index = text_equal(last, "-") && !replace ? count : index_of(last, count);

		good = index != SIZE_MAX && (!replace || index < count);
		if (good && replace)
			json_replace(parent, index, value);
		else if (good)
			json_insert(parent, index, value);
	}
	if (!good)
		json_free(value);
	free(last);
	return good;
}

static bool
take_out(struct json *root, const char *pointer)
{
	char *last;
	struct json *parent = parent_of(root, pointer, &last);
	bool good = false;

	if (json_type(parent) == JSON_OBJECT && last)
		good = json_remove(parent, last);
	else if (json_type(parent) == JSON_ARRAY && last && json_count(parent) > 0)
		good = json_remove_item(parent, index_of(last, json_count(parent) - 1));
	free(last);
	return good;
}

static bool
copy_from(struct json *root, const char *from, const char *to, bool move)
{
	const struct json *found = from ? value_at(root, from) : NULL;
	struct json *copy;

	if (!found)
		return false;
	copy = json_clone(found);
	if (move && !take_out(root, from)) {
		json_free(copy);
		return false;
	}
	return put(root, to, copy, false);
}

static bool
operate(struct json *root, const struct json *operation, bool *readable)
{
	const char *op = json_string_at(operation, "op"), *path = json_string_at(operation, "path");
	const struct json *value = json_get(operation, "value");

	*readable = op && path;
	if (!*readable)
		return false;
	if (text_equal(op, "test")) {
		const struct json *found = value_at(root, path);

		return found ? json_equal(found, value) : json_type(value) == JSON_NULL;
	}
	if (text_equal(op, "add") && value)
		return put(root, path, json_clone(value), false);
	if (text_equal(op, "replace") && value)
		return put(root, path, json_clone(value), true);
	if (text_equal(op, "remove"))
		return take_out(root, path);
	if (text_equal(op, "copy") || text_equal(op, "move"))
		return copy_from(root, json_string_at(operation, "from"), path,
				 text_equal(op, "move"));
	return false;
}

enum patch_outcome
patch_json(const struct json *value, const struct json *operations, struct json **result)
{
	struct json *root;
	bool readable;

	*result = NULL;
	if (json_type(operations) != JSON_ARRAY)
		return PATCH_UNREADABLE;
	if (json_count(operations) > OPERATIONS_MAX)
		return PATCH_TOO_LARGE;
	root = json_clone(value);
	for (const struct json *o = json_first(operations); o; o = json_next(o)) {
		if (operate(root, o, &readable))
			continue;
		json_free(root);
		return readable ? PATCH_FAILED : PATCH_UNREADABLE;
	}
	*result = root;
	return PATCH_DONE;
}

struct json *
patch_merge(const struct json *value, const struct json *patch)
{
	struct json *merged;

	if (json_type(patch) != JSON_OBJECT)
		return json_clone(patch);
	merged = json_type(value) == JSON_OBJECT ? json_clone(value) : json_new_object();
	for (const struct json *m = json_first(patch); m; m = json_next(m)) {
		if (json_type(m) == JSON_NULL)
			json_remove(merged, json_key(m));
		else
			json_set(merged, json_key(m),
				 patch_merge(json_get(merged, json_key(m)), m));
	}
	return merged;
}

static const struct json *
find_by_key(const struct json *list, const char *key, const struct json *wanted, size_t *index)
{
	*index = 0;
	for (const struct json *item = json_first(list); item; item = json_next(item), (*index)++) {
		if (json_get(item, key) && json_equal(json_get(item, key), wanted))
			return item;
	}
	return NULL;
}

static struct json *
merge_keyed(const struct json *schema, const struct json *value, const struct json *patch)
{
	const char *key = json_string(json_first(schema_keys(schema)));
	struct json *merged = json_clone(value);

	for (const struct json *p = json_first(patch); p; p = json_next(p)) {
		const char *directive = json_string_at(p, "$patch");
		size_t index;
		const struct json *there = find_by_key(merged, key, json_get(p, key), &index);

		if (text_equal(directive, "replace")) {
			json_free(merged);
			merged = json_new_array();
			for (const struct json *o = json_first(patch); o; o = json_next(o)) {
				if (!json_get(o, "$patch"))
					json_append(merged, json_clone(o));
			}
			return merged;
		}
		if (text_equal(directive, "delete")) {
			if (there)
				json_remove_item(merged, index);
		} else if (there) {
			json_replace(merged, index,
				     patch_strategic(schema_items(schema), there, p));
		} else {
			json_append(merged, json_clone(p));
		}
	}
	return merged;
}

static struct json *
merge_set(const struct json *value, const struct json *patch)
{
	struct json *merged = json_clone(value);

	for (const struct json *p = json_first(patch); p; p = json_next(p)) {
		bool there = false;

		for (const struct json *m = json_first(merged); m; m = json_next(m))
			there = there || json_equal(m, p);
		if (!there)
			json_append(merged, json_clone(p));
	}
	return merged;
}

static void
delete_primitives(struct json *merged, const char *key, const struct json *values)
{
	struct json *list = json_get_mutable(merged, key);

	for (const struct json *v = json_first(values); v && list; v = json_next(v)) {
		size_t index = 0;

		for (const struct json *m = json_first(list); m; m = json_next(m), index++) {
			if (json_equal(m, v)) {
				json_remove_item(list, index);
				break;
			}
		}
	}
}

static void
retain_keys(struct json *merged, const struct json *keys)
{
	for (struct json *m = json_first_mutable(merged), *next; m; m = next) {
		bool retained = false;

		next = json_next_mutable(m);
		for (const struct json *k = json_first(keys); k; k = json_next(k))
			retained = retained || text_equal(json_string(k), json_key(m));
		if (!retained)
			json_remove(merged, json_key(m));
	}
}

static void
merge_member(const struct json *schema, struct json *merged, const struct json *member)
{
	static const char from_list[] = "$deleteFromPrimitiveList/";
	const char *key = json_key(member);
	const struct json *here = json_get(merged, key);
	const struct json *inner = schema_member(schema, key);

	if (text_starts(key, from_list))
		delete_primitives(merged, key + sizeof(from_list) - 1, member);
	else if (text_equal(key, "$retainKeys"))
		retain_keys(merged, member);
	else if (*key == '$')
		return;
	else if (json_type(member) == JSON_NULL)
		json_remove(merged, key);
	else if (here && json_type(here) == JSON_ARRAY &&
		 schema_merge(inner, member) == SCHEMA_KEYED)
		json_set(merged, key, merge_keyed(inner, here, member));
	else if (here && json_type(here) == JSON_ARRAY && schema_merge(inner, member) == SCHEMA_SET)
		json_set(merged, key, merge_set(here, member));
	else
		json_set(merged, key, patch_strategic(inner, here, member));
}

struct json *
patch_strategic(const struct json *schema, const struct json *value, const struct json *patch)
{
	struct json *merged;

	if (json_type(patch) != JSON_OBJECT)
		return json_clone(patch);
	if (text_equal(json_string_at(patch, "$patch"), "delete"))
		return json_new_object();
	if (text_equal(json_string_at(patch, "$patch"), "replace") ||
	    json_type(value) != JSON_OBJECT)
		merged = json_new_object();
	else
		merged = json_clone(value);
	for (const struct json *m = json_first(patch); m; m = json_next(m))
		merge_member(schema, merged, m);
	return merged;
}
