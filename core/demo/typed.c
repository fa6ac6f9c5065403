#include "core/demo/typed.h"

#include "core/base/text.h"

#define ELEMENT_CAP (16 * BUF_KIB)
#define PATH_CAP    (8 * BUF_KIB)

/* The element that stands for `item` in a list merged that way. */
static void
item_element(struct buf *out, enum schema_merge merge, const struct json *schema,
	     const struct json *item)
{
	if (merge == SCHEMA_KEYED)
		fields_element_keys(out, schema_keys(schema), item, schema_items(schema));
	else
		fields_element_value(out, item);
}

static const struct json *
find_item(const struct json *list, const char *element, enum schema_merge merge,
	  const struct json *schema, size_t *index)
{
	const struct json *found = NULL;
	struct buf text;
	size_t at = 0;

	buf_init(&text, ELEMENT_CAP);
	for (const struct json *item = json_first(list); item && !found;
	     item = json_next(item), at++) {
		item_element(&text, merge, schema, item);
		if (text_equal(text.bytes, element)) {
			found = item;
			if (index)
				*index = at;
		}
	}
	buf_release(&text);
	return found;
}

/* `containers`: maps and lists that hold something count as fields of their own, as they do for one
 * who created them. */
static void
collect(const struct json *schema, const struct json *value, bool containers, struct fields *into)
{
	enum schema_merge merge = schema_merge(schema, value);
	struct buf element;

	if (merge == SCHEMA_ATOMIC || json_count(value) == 0) {
		fields_insert(into);
		return;
	}
	/* The structs of built-in kinds are always there and nobody's: their "f:spec" has no ".".
	 */
	if (containers && !json_bool_at(schema, "x-struct", false))
		fields_insert(into);
	buf_init(&element, ELEMENT_CAP);
	for (const struct json *m = json_first(value); m; m = json_next(m)) {
		if (merge == SCHEMA_MAP) {
			fields_element_field(&element, json_key(m));
			collect(schema_member(schema, json_key(m)), m, containers,
				fields_need(into, element.bytes));
			continue;
		}
		item_element(&element, merge, schema, m);
		if (merge == SCHEMA_KEYED)
			collect(schema_items(schema), m, containers,
				fields_need(into, element.bytes));
		fields_insert(fields_need(into, element.bytes));
	}
	buf_release(&element);
}

struct fields *
typed_fields(const struct json *schema, const struct json *value)
{
	struct fields *set = fields_new();

	if (value)
		collect(schema, value, false, set);
	return set;
}

static void compare(const struct json *schema, const struct json *before, const struct json *after,
		    struct fields *changed, struct fields *removed);

static void
compare_maps(const struct json *schema, const struct json *before, const struct json *after,
	     struct fields *changed, struct fields *removed)
{
	struct buf element;

	buf_init(&element, ELEMENT_CAP);
	for (const struct json *a = json_first(after); a; a = json_next(a)) {
		fields_element_field(&element, json_key(a));
		compare(schema_member(schema, json_key(a)), json_get(before, json_key(a)), a,
			fields_need(changed, element.bytes), fields_need(removed, element.bytes));
	}
	for (const struct json *b = json_first(before); b; b = json_next(b)) {
		if (json_get(after, json_key(b)))
			continue;
		fields_element_field(&element, json_key(b));
		compare(schema_member(schema, json_key(b)), b, NULL,
			fields_need(changed, element.bytes), fields_need(removed, element.bytes));
	}
	buf_release(&element);
}

static void
compare_lists(enum schema_merge merge, const struct json *schema, const struct json *before,
	      const struct json *after, struct fields *changed, struct fields *removed)
{
	struct buf element;

	buf_init(&element, ELEMENT_CAP);
	for (const struct json *a = json_first(after); a; a = json_next(a)) {
		const struct json *b;

		item_element(&element, merge, schema, a);
		b = find_item(before, element.bytes, merge, schema, NULL);
		if (!b)
			fields_insert(fields_need(changed, element.bytes));
		if (merge == SCHEMA_KEYED)
			compare(schema_items(schema), b, a, fields_need(changed, element.bytes),
				fields_need(removed, element.bytes));
	}
	for (const struct json *b = json_first(before); b; b = json_next(b)) {
		item_element(&element, merge, schema, b);
		if (find_item(after, element.bytes, merge, schema, NULL))
			continue;
		fields_insert(fields_need(removed, element.bytes));
		if (merge == SCHEMA_KEYED)
			compare(schema_items(schema), b, NULL, fields_need(changed, element.bytes),
				fields_need(removed, element.bytes));
	}
	buf_release(&element);
}

static void
compare(const struct json *schema, const struct json *before, const struct json *after,
	struct fields *changed, struct fields *removed)
{
	enum schema_merge merge;

	if (!before || !after) {
		if (before || after)
			collect(schema, before ? before : after, true, before ? removed : changed);
		return;
	}
	merge = schema_merge(schema, after);
	if (merge == SCHEMA_ATOMIC || json_type(before) != json_type(after)) {
		if (!json_equal(before, after))
			fields_insert(changed);
		return;
	}
	if (merge == SCHEMA_MAP)
		compare_maps(schema, before, after, changed, removed);
	else
		compare_lists(merge, schema, before, after, changed, removed);
}

void
typed_compare(const struct json *schema, const struct json *before, const struct json *after,
	      struct fields *changed, struct fields *removed)
{
	compare(schema, before, after, changed, removed);
	fields_tidy(changed);
	fields_tidy(removed);
}

static void
merge_list(enum schema_merge merge, const struct json *schema, struct json *merged,
	   const struct json *config)
{
	struct buf element;

	buf_init(&element, ELEMENT_CAP);
	for (const struct json *c = json_first(config); c; c = json_next(c)) {
		const struct json *live;
		size_t at = 0;

		item_element(&element, merge, schema, c);
		live = find_item(merged, element.bytes, merge, schema, &at);
		if (!live)
			json_append(merged, json_clone(c));
		else if (merge == SCHEMA_KEYED)
			json_replace(merged, at, typed_merge(schema_items(schema), live, c));
	}
	buf_release(&element);
}

struct json *
typed_merge(const struct json *schema, const struct json *live, const struct json *config)
{
	enum schema_merge merge = schema_merge(schema, config);
	struct json *merged;

	if (!live || merge == SCHEMA_ATOMIC || json_type(live) != json_type(config))
		return json_clone(config);
	merged = json_clone(live);
	if (merge != SCHEMA_MAP) {
		merge_list(merge, schema, merged, config);
		return merged;
	}
	for (const struct json *c = json_first(config); c; c = json_next(c))
		json_set(merged, json_key(c),
			 typed_merge(schema_member(schema, json_key(c)),
				     json_get(live, json_key(c)), c));
	return merged;
}

static void
remove_items(enum schema_merge merge, const struct json *schema, struct json *list,
	     const struct fields *last, const struct fields *keep)
{
	struct buf element;
	size_t index = 0;

	buf_init(&element, ELEMENT_CAP);
	for (struct json *item = json_first_mutable(list), *next; item; item = next) {
		next = json_next_mutable(item);
		item_element(&element, merge, schema, item);
		if (!fields_child(last, element.bytes)) {
			index++;
		} else if (!fields_child(keep, element.bytes)) {
			json_remove_item(list, index);
		} else {
			index++;
			if (merge == SCHEMA_KEYED)
				typed_remove(schema_items(schema), item,
					     fields_child(last, element.bytes),
					     fields_child(keep, element.bytes));
		}
	}
	buf_release(&element);
}

void
typed_remove(const struct json *schema, struct json *value, const struct fields *last,
	     const struct fields *keep)
{
	enum schema_merge merge = schema_merge(schema, value);
	struct buf element;

	if (merge == SCHEMA_ATOMIC)
		return;
	if (merge != SCHEMA_MAP) {
		remove_items(merge, schema, value, last, keep);
		return;
	}
	buf_init(&element, ELEMENT_CAP);
	for (struct json *m = json_first_mutable(value), *next; m; m = next) {
		next = json_next_mutable(m);
		fields_element_field(&element, json_key(m));
		if (!fields_child(last, element.bytes))
			continue;
		if (!fields_child(keep, element.bytes))
			json_remove(value, json_key(m));
		else
			typed_remove(schema_member(schema, json_key(m)), m,
				     fields_child(last, element.bytes),
				     fields_child(keep, element.bytes));
	}
	buf_release(&element);
}

static void
check_scalar(const struct json *schema, const struct json *value, struct buf *path,
	     struct buf *problems)
{
	const char *wanted = json_string_at(schema, "type");
	enum json_type is = json_type(value);

	if (!wanted || is == JSON_NULL || json_bool_at(schema, "x-kubernetes-int-or-string", false))
		return;
	if (text_equal(wanted, "string") && is != JSON_STRING)
		buf_printf(problems, "%s: expected string, got %s\n", path->bytes,
			   is == JSON_NUMBER ? "a number" : "another type");
	else if ((text_equal(wanted, "integer") || text_equal(wanted, "number")) &&
		 is != JSON_NUMBER)
		buf_printf(problems, "%s: expected numeric (int or float), got %s\n", path->bytes,
			   is == JSON_STRING ? "string"
			   : is == JSON_BOOL ? "bool"
					     : "map[string]interface {}");
	else if (text_equal(wanted, "boolean") && is != JSON_BOOL)
		buf_printf(problems, "%s: expected boolean, got another type\n", path->bytes);
	else if (text_equal(wanted, "array") && is != JSON_ARRAY)
		buf_printf(problems, "%s: expected list, got another type\n", path->bytes);
	else if (text_equal(wanted, "object") && is != JSON_OBJECT)
		buf_printf(problems, "%s: expected map, got another type\n", path->bytes);
}

/* The real server does not look at types while there are fields it does not know. */
static void
check(const struct json *schema, const struct json *value, bool types, struct buf *path,
      struct buf *problems)
{
	size_t here = path->length;

	if (types)
		check_scalar(schema, value, path, problems);
	for (const struct json *m = json_first(value); m && schema; m = json_next(m)) {
		if (json_type(value) == JSON_ARRAY) {
			buf_puts(path, "[]");
			check(schema_items(schema), m, types, path, problems);
		} else {
			buf_printf(path, ".%s", json_key(m));
			if (schema_declares(schema, json_key(m)))
				check(schema_member(schema, json_key(m)), m, types, path, problems);
			else if (!types)
				buf_printf(problems, "%s: field not declared in schema\n",
					   path->bytes);
		}
		path->length = here;
		path->bytes[here] = '\0';
	}
}

void
typed_check(const struct json *schema, const struct json *value, struct buf *problems)
{
	struct buf path;

	buf_init(&path, PATH_CAP);
	check(schema, value, false, &path, problems);
	if (problems->length == 0)
		check(schema, value, true, &path, problems);
	buf_release(&path);
}
