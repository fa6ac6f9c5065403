#include <stdlib.h>
#include <string.h>

#include "core/migrate/intent.h"

static bool
is_empty(const struct json *json)
{
	const char *text = json_string(json);

	switch (json_type(json)) {
	case JSON_NULL:
		return true;
	case JSON_STRING:
		return *text == '\0';
	case JSON_ARRAY:
	case JSON_OBJECT:
		return json_count(json) == 0;
	default:
		return false;
	}
}

static bool
covers_list(const struct json *wanted, const struct json *live)
{
	if (json_count(wanted) != json_count(live))
		return false;
	for (wanted = json_first(wanted), live = json_first(live); wanted != NULL;
	     wanted = json_next(wanted), live = json_next(live))
		if (!intent_covers(wanted, live))
			return false;
	return true;
}

bool
intent_covers(const struct json *wanted, const struct json *live)
{
	if (live == NULL)
		return is_empty(wanted);
	if (json_type(wanted) != json_type(live))
		return false;
	if (json_type(wanted) == JSON_ARRAY)
		return covers_list(wanted, live);
	if (json_type(wanted) != JSON_OBJECT)
		return json_equal(wanted, live);
	for (const struct json *c = json_first(wanted); c != NULL; c = json_next(c))
		if (!intent_covers(c, json_get(live, json_key(c))))
			return false;
	return true;
}

/* One part of a JSON pointer (RFC 6901) with ~1 and ~0 resolved; returns what follows it. */
static const char *
pointer_part(const char *path, char *part, size_t size)
{
	size_t length = 0;

	while (*path != '\0' && *path != '/') {
		char c = *path++;

		if (c == '~' && (*path == '0' || *path == '1'))
			c = *path++ == '0' ? '~' : '/';
		if (length + 1 < size)
			part[length++] = c;
	}
	part[length] = '\0';
	return path;
}

/* "-" is the last element: where an add has put its value. */
static const struct json *
pointer_find(const struct json *json, const char *path)
{
	char part[512];

	while (json != NULL && *path == '/') {
		path = pointer_part(path + 1, part, sizeof(part));
		if (json_type(json) != JSON_ARRAY)
			json = json_get(json, part);
		else if (strcmp(part, "-") == 0)
			json = json_count(json) == 0 ? NULL : json_item(json, json_count(json) - 1);
		else
			json = json_item(json, strtoul(part, NULL, 10));
	}
	return json;
}

static bool
ends_in_index(const char *path)
{
	const char *last = strrchr(path, '/');

	return last != NULL && last[1] >= '0' && last[1] <= '9';
}

/* What tells one reference of a list from another; everything, where there is no name. */
static bool
same_element(const struct json *a, const struct json *b)
{
	static const char *const keys[] = { "group", "kind", "namespace", "name" };

	if (json_get(a, "name") == NULL)
		return json_equal(a, b);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct json *left = json_get(a, keys[i]), *right = json_get(b, keys[i]);

		if (left != NULL && right != NULL ? !json_equal(left, right) : left != right)
			return false;
	}
	return true;
}

static size_t
count_like(const struct json *list, const struct json *element)
{
	size_t count = 0;

	for (const struct json *c = json_first(list); c != NULL; c = json_next(c))
		count += same_element(c, element);
	return count;
}

/* A removal from a list leaves no trace at its place: what stood there must be fewer than
 * before. */
static bool
removal_met(const char *path, const struct json *live, const struct json *before)
{
	const struct json *gone = pointer_find(before, path);
	size_t length = (size_t)(strrchr(path, '/') - path);
	char list[512];

	if (gone == NULL || length >= sizeof(list))
		return false;
	memcpy(list, path, length);
	list[length] = '\0';
	return count_like(pointer_find(live, list), gone) <
	       count_like(pointer_find(before, list), gone);
}

/* Whether an operation's result stands in `live`; `before` is what it was made for, or NULL. */
static bool
operation_met(const struct json *operation, const struct json *live, const struct json *before)
{
	const char *op = json_string_at(operation, "op");
	const char *path = json_string_at(operation, "path");

	if (op == NULL || path == NULL)
		return false;
	if (strcmp(op, "test") == 0)
		return true;
	if (strcmp(op, "remove") == 0)
		return ends_in_index(path) ? removal_met(path, live, before)
					   : pointer_find(live, path) == NULL;
	return intent_covers(json_get(operation, "value"), pointer_find(live, path));
}

static bool
patch_met(const struct intent *intent, const struct json *live, const struct json *before)
{
	struct json *operations = json_parse(intent->body, strlen(intent->body), NULL);
	bool met = operations != NULL;

	for (const struct json *c = json_first(operations); met && c != NULL; c = json_next(c))
		met = operation_met(c, live, before);
	json_free(operations);
	return met;
}

static bool
body_met(const struct intent *intent, const struct json *live)
{
	struct json *body = json_parse(intent->body, strlen(intent->body), NULL);
	bool met = body != NULL && intent_covers(body, live);

	json_free(body);
	return met;
}

static bool
is_text(const struct json *json, const char *path, const char *text)
{
	const char *found = json_string_at(json, path);

	return found != NULL && strcmp(found, text) == 0;
}

static enum intent_met
delete_met(const struct intent *intent, const struct json *live)
{
	if (live == NULL || !is_text(live, "metadata.uid", intent->uid))
		return INTENT_MET;
	if (json_string_at(live, "metadata.deletionTimestamp") != NULL)
		return INTENT_MET;
	return is_text(live, "metadata.resourceVersion", intent->version_seen)
		       ? INTENT_NOT_MET
		       : INTENT_CHANGED_BY_OTHER;
}

enum intent_met
intent_met(const struct intent *intent, const struct json *live, const struct json *before)
{
	bool fresh = *intent->uid == '\0'; /* it must not be there yet */

	if (intent->verb == VERB_DELETE)
		return delete_met(intent, live);
	if (live == NULL)
		return fresh ? INTENT_NOT_MET : INTENT_CHANGED_BY_OTHER;
	if (!fresh && !is_text(live, "metadata.uid", intent->uid))
		return INTENT_CHANGED_BY_OTHER;
	if (intent->verb == VERB_PATCH ? patch_met(intent, live, before) : body_met(intent, live))
		return INTENT_MET;
	if (!fresh && is_text(live, "metadata.resourceVersion", intent->version_seen))
		return INTENT_NOT_MET;
	return INTENT_CHANGED_BY_OTHER;
}
