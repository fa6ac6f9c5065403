#include "core/base/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/jsonlint.h"
#include "core/base/json_print.h"

/* The largest range in which every integer is a double. */
#define EXACT 9007199254740992.0

/* Objects up to this many keys are searched key by key rather than sorted. */
#define FEW_KEYS 8

/* struct json is never defined: it is what cJSON is called outside this file. */
static struct json *
face(cJSON *node)
{
	return (struct json *)(void *)node;
}

static cJSON *
node_of(struct json *json)
{
	return (cJSON *)(void *)json;
}

static const cJSON *
peek(const struct json *json)
{
	return (const cJSON *)(const void *)json;
}

static cJSON *
owned(cJSON *node)
{
	if (node == NULL)
		die("out of memory for a JSON value");
	return node;
}

static bool
is_object(const cJSON *node)
{
	return node != NULL && cJSON_IsObject(node);
}

static bool
is_array(const cJSON *node)
{
	return node != NULL && cJSON_IsArray(node);
}

static cJSON *
members(const cJSON *node)
{
	return is_object(node) || is_array(node) ? node->child : NULL;
}

/* A value that has no place to go was still given away. */
static struct json *
refuse(struct json *value)
{
	json_free(value);
	return NULL;
}

/* The part of a parsed value that the grammar does not say. */
static bool
check_meaning(const cJSON *node, struct err *err)
{
	const char *twice;

	if (cJSON_IsNumber(node) && !isfinite(node->valuedouble))
		return err_set(err, ERR_INPUT, "This JSON has a number too large to keep.");
	if (!is_object(node) && !is_array(node))
		return true;
	twice = json_duplicate((const struct json *)(const void *)node);
	if (twice != NULL)
		return err_set(err, ERR_INPUT, "This JSON has the key \"%s\" twice in one object.",
			       twice);
	for (const cJSON *child = node->child; child != NULL; child = child->next)
		if (!check_meaning(child, err))
			return false;
	return true;
}

struct json *
json_parse(const char *text, size_t length, struct err *err)
{
	cJSON *root;

	if (!jsonlint_check(text, length, err))
		return NULL;
	root = cJSON_ParseWithLength(text, length);
	if (root == NULL) {
		err_set(err, ERR_INPUT, "This JSON has a number with too many digits.");
		return NULL;
	}
	if (!check_meaning(root, err)) {
		cJSON_Delete(root);
		return NULL;
	}
	return face(root);
}

void
json_free(struct json *json)
{
	cJSON_Delete(node_of(json));
}

struct json *
json_clone(const struct json *json)
{
	return json == NULL ? NULL : face(owned(cJSON_Duplicate(peek(json), true)));
}

bool
json_print(const struct json *json, struct buf *out)
{
	return json_print_value(out, json, JSON_PRINT_COMPACT);
}

bool
json_print_pretty(const struct json *json, struct buf *out)
{
	return json_print_value(out, json, JSON_PRINT_PRETTY);
}

char *
json_text(const struct json *json)
{
	struct buf out;
	char *text;

	buf_init(&out, SIZE_MAX / 2);
	json_print(json, &out);
	text = buf_take(&out);
	buf_release(&out);
	return text;
}

static int
compare_keys(const void *a, const void *b)
{
	const cJSON *const *left = a, *const *right = b;

	return strcmp((*left)->string, (*right)->string);
}

const struct json **
json_sorted(const struct json *object, size_t *count)
{
	const struct json **sorted;
	size_t i = 0;

	*count = is_object(peek(object)) ? json_count(object) : 0;
	if (*count == 0)
		return NULL;
	sorted = die_alloc(*count * sizeof(struct json *));
	for (const struct json *c = json_first(object); c != NULL; c = json_next(c))
		sorted[i++] = c;
	qsort(sorted, *count, sizeof(struct json *), compare_keys);
	return sorted;
}

const char *
json_duplicate(const struct json *object)
{
	const struct json **sorted;
	const char *twice = NULL;
	size_t count = is_object(peek(object)) ? json_count(object) : 0;

	if (count <= FEW_KEYS) {
		for (const cJSON *a = members(peek(object)); count > 0 && a != NULL; a = a->next)
			for (const cJSON *b = a->next; b != NULL; b = b->next)
				if (strcmp(a->string, b->string) == 0)
					return a->string;
		return NULL;
	}
	sorted = json_sorted(object, &count);
	for (size_t i = 1; i < count && twice == NULL; i++)
		if (strcmp(json_key(sorted[i - 1]), json_key(sorted[i])) == 0)
			twice = json_key(sorted[i]);
	free(sorted);
	return twice;
}

static bool
equal_members(const struct json *a, const struct json *b)
{
	for (a = json_first(a), b = json_first(b); a != NULL && b != NULL;
	     a = json_next(a), b = json_next(b))
		if (!json_equal(a, b))
			return false;
	return a == b;
}

static bool
equal_objects(const struct json *a, const struct json *b)
{
	size_t left, right;
	const struct json **x = json_sorted(a, &left), **y = json_sorted(b, &right);
	bool equal = left == right;

	for (size_t i = 0; equal && i < left; i++)
		equal = strcmp(json_key(x[i]), json_key(y[i])) == 0 && json_equal(x[i], y[i]);
	free(x);
	free(y);
	return equal;
}

bool
json_equal(const struct json *a, const struct json *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	if (json_type(a) != json_type(b))
		return false;
	switch (json_type(a)) {
	case JSON_NULL:
		return true;
	case JSON_BOOL:
		return cJSON_IsTrue(peek(a)) == cJSON_IsTrue(peek(b));
	case JSON_NUMBER:
		return peek(a)->valuedouble == peek(b)->valuedouble;
	case JSON_STRING:
		return strcmp(peek(a)->valuestring, peek(b)->valuestring) == 0;
	case JSON_ARRAY:
		return equal_members(a, b);
	case JSON_OBJECT:
		return equal_objects(a, b);
	}
	return false;
}

enum json_type
json_type(const struct json *json)
{
	switch (json == NULL ? cJSON_NULL : peek(json)->type & 0xFF) {
	case cJSON_True:
	case cJSON_False:
		return JSON_BOOL;
	case cJSON_Number:
		return JSON_NUMBER;
	case cJSON_String:
		return JSON_STRING;
	case cJSON_Array:
		return JSON_ARRAY;
	case cJSON_Object:
		return JSON_OBJECT;
	default:
		return JSON_NULL;
	}
}

static cJSON *
find(const cJSON *object, const char *key, size_t length)
{
	if (!is_object(object))
		return NULL;
	for (cJSON *child = object->child; child != NULL; child = child->next)
		if ((length == 0 || *child->string == *key) &&
		    strncmp(child->string, key, length) == 0 && child->string[length] == '\0')
			return child;
	return NULL;
}

static cJSON *
item(const cJSON *array, size_t index)
{
	cJSON *child = is_array(array) ? array->child : NULL;

	while (child != NULL && index-- > 0)
		child = child->next;
	return child;
}

const struct json *
json_get(const struct json *object, const char *key)
{
	return face(find(peek(object), key, strlen(key)));
}

struct json *
json_get_mutable(struct json *object, const char *key)
{
	return face(find(peek(object), key, strlen(key)));
}

/* `path` is not empty. */
static cJSON *
walk(const cJSON *node, const char *path)
{
	cJSON *found = NULL;

	while (*path != '\0') {
		if (*path == '[') {
			char *end;

			found = item(node, strtoul(path + 1, &end, 10));
			path = *end == ']' ? end + 1 : end;
		} else {
			size_t length = strcspn(path, ".[");

			found = find(node, path, length);
			path += length;
		}
		if (found == NULL)
			return NULL;
		if (*path == '.')
			path++;
		node = found;
	}
	return found;
}

const struct json *
json_at(const struct json *json, const char *path)
{
	return *path == '\0' ? json : face(walk(peek(json), path));
}

struct json *
json_at_mutable(struct json *json, const char *path)
{
	return *path == '\0' ? json : face(walk(peek(json), path));
}

const char *
json_string(const struct json *json)
{
	return json_type(json) == JSON_STRING ? peek(json)->valuestring : NULL;
}

const char *
json_string_at(const struct json *json, const char *path)
{
	return json_string(json_at(json, path));
}

int64_t
json_integer(const struct json *json, int64_t fallback)
{
	double number = json_number(json, NAN);

	if (!(fabs(number) <= EXACT) || number != trunc(number))
		return fallback;
	return (int64_t)number;
}

int64_t
json_integer_at(const struct json *json, const char *path, int64_t fallback)
{
	return json_integer(json_at(json, path), fallback);
}

double
json_number(const struct json *json, double fallback)
{
	return json_type(json) == JSON_NUMBER ? peek(json)->valuedouble : fallback;
}

bool
json_bool(const struct json *json, bool fallback)
{
	return json_type(json) == JSON_BOOL ? cJSON_IsTrue(peek(json)) : fallback;
}

bool
json_bool_at(const struct json *json, const char *path, bool fallback)
{
	return json_bool(json_at(json, path), fallback);
}

size_t
json_count(const struct json *json)
{
	size_t count = 0;

	for (const cJSON *child = members(peek(json)); child != NULL; child = child->next)
		count++;
	return count;
}

const struct json *
json_item(const struct json *array, size_t index)
{
	return face(item(peek(array), index));
}

const struct json *
json_first(const struct json *json)
{
	return face(members(peek(json)));
}

const struct json *
json_next(const struct json *json)
{
	return json == NULL ? NULL : face(peek(json)->next);
}

struct json *
json_first_mutable(struct json *json)
{
	return face(members(peek(json)));
}

struct json *
json_next_mutable(struct json *json)
{
	return json == NULL ? NULL : face(peek(json)->next);
}

const char *
json_key(const struct json *member)
{
	return member == NULL ? NULL : peek(member)->string;
}

struct json *
json_new_object(void)
{
	return face(owned(cJSON_CreateObject()));
}

struct json *
json_new_array(void)
{
	return face(owned(cJSON_CreateArray()));
}

struct json *
json_new_string(const char *text)
{
	return face(owned(cJSON_CreateString(text == NULL ? "" : text)));
}

struct json *
json_new_integer(int64_t number)
{
	return json_new_number((double)number);
}

struct json *
json_new_number(double number)
{
	return face(owned(cJSON_CreateNumber(number)));
}

struct json *
json_new_bool(bool value)
{
	return face(owned(cJSON_CreateBool(value)));
}

struct json *
json_new_null(void)
{
	return face(owned(cJSON_CreateNull()));
}

struct json *
json_add(struct json *object, const char *key, struct json *value)
{
	if (value == NULL || !is_object(peek(object)))
		return refuse(value);
	if (!cJSON_AddItemToObject(node_of(object), key, node_of(value)))
		die("out of memory for a JSON member");
	return value;
}

struct json *
json_set(struct json *object, const char *key, struct json *value)
{
	struct json *old = json_get_mutable(object, key);

	if (old == NULL || value == NULL || old == value)
		return old == NULL ? json_add(object, key, value) : value;
	if (!cJSON_ReplaceItemInObjectCaseSensitive(node_of(object), key, node_of(value)))
		die("out of memory for a JSON member");
	return value;
}

struct json *
json_set_string(struct json *object, const char *key, const char *text)
{
	return text == NULL ? NULL : json_set(object, key, json_new_string(text));
}

struct json *
json_set_integer(struct json *object, const char *key, int64_t number)
{
	return json_set(object, key, json_new_integer(number));
}

struct json *
json_set_bool(struct json *object, const char *key, bool value)
{
	return json_set(object, key, json_new_bool(value));
}

struct json *
json_set_object(struct json *object, const char *key)
{
	struct json *old = json_get_mutable(object, key);

	return is_object(peek(old)) ? old : json_set(object, key, json_new_object());
}

struct json *
json_set_array(struct json *object, const char *key)
{
	struct json *old = json_get_mutable(object, key);

	return is_array(peek(old)) ? old : json_set(object, key, json_new_array());
}

/* An element has no key, even when it was a member before. */
static void
forget_key(cJSON *node)
{
	cJSON_free(node->string);
	node->string = NULL;
}

struct json *
json_append(struct json *array, struct json *value)
{
	if (value == NULL || !is_array(peek(array)))
		return refuse(value);
	forget_key(node_of(value));
	cJSON_AddItemToArray(node_of(array), node_of(value));
	return value;
}

struct json *
json_insert(struct json *array, size_t index, struct json *value)
{
	if (value == NULL || item(peek(array), index) == NULL)
		return json_append(array, value);
	forget_key(node_of(value));
	/* cJSON 1.7.15 with Debian's CVE-2023-50471 patch, and 1.7.17, refuse a new item without a
	 * predecessor anywhere but at the front; the link is overwritten at once. */
	node_of(value)->prev = node_of(value);
	cJSON_InsertItemInArray(node_of(array), (int)index, node_of(value));
	return value;
}

struct json *
json_replace(struct json *array, size_t index, struct json *value)
{
	cJSON *old = item(peek(array), index);

	if (value == NULL || old == NULL)
		return refuse(value);
	if (old == node_of(value))
		return value;
	forget_key(node_of(value));
	cJSON_ReplaceItemViaPointer(node_of(array), old, node_of(value));
	return value;
}

bool
json_remove(struct json *object, const char *key)
{
	struct json *member = json_detach(object, key);

	json_free(member);
	return member != NULL;
}

bool
json_remove_item(struct json *array, size_t index)
{
	cJSON *element = item(peek(array), index);

	if (element == NULL)
		return false;
	cJSON_Delete(cJSON_DetachItemViaPointer(node_of(array), element));
	return true;
}

struct json *
json_detach(struct json *object, const char *key)
{
	cJSON *member = find(peek(object), key, strlen(key));

	return member == NULL ? NULL : face(cJSON_DetachItemViaPointer(node_of(object), member));
}
