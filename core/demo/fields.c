#include "core/demo/fields.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/demo/schema.h"

#define ELEMENT_CAP (16 * BUF_KIB)

struct child {
	char *element;
	struct fields *set;
};

struct fields {
	bool member;
	struct child *children; /* sorted by element */
	size_t count, room;
};

struct fields *
fields_new(void)
{
	return die_alloc(sizeof(struct fields));
}

static void
release_children(struct fields *set)
{
	for (size_t i = 0; i < set->count; i++) {
		free(set->children[i].element);
		fields_free(set->children[i].set);
	}
	free(set->children);
}

void
fields_free(struct fields *set)
{
	if (!set)
		return;
	release_children(set);
	free(set);
}

/* Index of the element or of where it belongs. */
static size_t
find(const struct fields *set, const char *element, bool *found)
{
	size_t low = 0, high = set->count;

	*found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(set->children[middle].element, element);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct fields *
fields_need(struct fields *set, const char *element)
{
	bool found;
	size_t at = find(set, element, &found);

	if (found)
		return set->children[at].set;
	if (set->count == set->room) {
		set->room = set->room ? 2 * set->room : 4;
		set->children = die_realloc(set->children, set->room * sizeof(*set->children));
	}
	memmove(&set->children[at + 1], &set->children[at],
		(set->count - at) * sizeof(*set->children));
	set->children[at] = (struct child){ .element = die_strdup(element), .set = fields_new() };
	set->count++;
	return set->children[at].set;
}

const struct fields *
fields_child(const struct fields *set, const char *element)
{
	bool found = false;
	size_t at = set ? find(set, element, &found) : 0;

	return found ? set->children[at].set : NULL;
}

void
fields_insert(struct fields *set)
{
	set->member = true;
}

void
fields_forget(struct fields *set)
{
	set->member = false;
}

static void
cut_at(struct fields *set, size_t at)
{
	free(set->children[at].element);
	fields_free(set->children[at].set);
	set->count--;
	memmove(&set->children[at], &set->children[at + 1],
		(set->count - at) * sizeof(*set->children));
}

void
fields_cut(struct fields *set, const char *element)
{
	bool found;
	size_t at = find(set, element, &found);

	if (found)
		cut_at(set, at);
}

void
fields_keep_only(struct fields *set, const char *element)
{
	for (size_t i = set->count; i-- > 0;) {
		if (!text_equal(set->children[i].element, element))
			cut_at(set, i);
	}
}

bool
fields_empty(const struct fields *set)
{
	if (!set)
		return true;
	if (set->member)
		return false;
	for (size_t i = 0; i < set->count; i++) {
		if (!fields_empty(set->children[i].set))
			return false;
	}
	return true;
}

void
fields_tidy(struct fields *set)
{
	for (size_t i = set->count; i-- > 0;) {
		fields_tidy(set->children[i].set);
		if (!set->children[i].set->member && set->children[i].set->count == 0)
			cut_at(set, i);
	}
}

void
fields_add(struct fields *set, const struct fields *more)
{
	if (!more)
		return;
	set->member = set->member || more->member;
	for (size_t i = 0; i < more->count; i++)
		fields_add(fields_need(set, more->children[i].element), more->children[i].set);
}

static void
subtract(struct fields *set, const struct fields *less)
{
	if (less->member)
		set->member = false;
	for (size_t i = 0; i < less->count; i++) {
		bool found;
		size_t at = find(set, less->children[i].element, &found);

		if (found)
			subtract(set->children[at].set, less->children[i].set);
	}
}

void
fields_subtract(struct fields *set, const struct fields *less)
{
	if (!less)
		return;
	subtract(set, less);
	fields_tidy(set);
}

struct fields *
fields_common(const struct fields *a, const struct fields *b)
{
	struct fields *both = fields_new();

	both->member = a->member && b->member;
	for (size_t i = 0; i < a->count; i++) {
		const struct fields *other = fields_child(b, a->children[i].element);
		struct fields *common;

		if (!other)
			continue;
		common = fields_common(a->children[i].set, other);
		if (!fields_empty(common))
			fields_add(fields_need(both, a->children[i].element), common);
		fields_free(common);
	}
	return both;
}

struct fields *
fields_clone(const struct fields *set)
{
	struct fields *copy = fields_new();

	fields_add(copy, set);
	return copy;
}

bool
fields_equal(const struct fields *a, const struct fields *b)
{
	if (a->member != b->member || a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!text_equal(a->children[i].element, b->children[i].element) ||
		    !fields_equal(a->children[i].set, b->children[i].set))
			return false;
	}
	return true;
}

static void
parse_into(struct fields *set, const struct json *node)
{
	for (const struct json *m = json_first(node); m; m = json_next(m)) {
		struct fields *child;

		if (text_equal(json_key(m), ".")) {
			set->member = true;
			continue;
		}
		child = fields_need(set, json_key(m));
		if (json_count(m) == 0)
			child->member = true;
		else
			parse_into(child, m);
	}
}

struct fields *
fields_parse(const struct json *fields_v1)
{
	struct fields *set = fields_new();

	if (json_type(fields_v1) == JSON_OBJECT)
		parse_into(set, fields_v1);
	return set;
}

struct json *
fields_json(const struct fields *set)
{
	struct json *node = json_new_object();

	if (set->member && set->count > 0)
		json_set(node, ".", json_new_object());
	for (size_t i = 0; i < set->count; i++)
		json_set(node, set->children[i].element, fields_json(set->children[i].set));
	return node;
}

/* `k:{"port":80,"protocol":"TCP"}` is shown as [port=80,protocol="TCP"]. */
static void
show_element(struct buf *path, const char *element)
{
	struct json *keys;

	if (text_starts(element, "f:")) {
		buf_printf(path, ".%s", element + 2);
		return;
	}
	if (text_starts(element, "v:")) {
		buf_printf(path, "[=%s]", element + 2);
		return;
	}
	keys = text_starts(element, "k:") ? json_parse(element + 2, strlen(element + 2), NULL)
					  : NULL;
	buf_putc(path, '[');
	for (const struct json *k = json_first(keys); k; k = json_next(k)) {
		buf_printf(path, "%s%s=", k == json_first(keys) ? "" : ",", json_key(k));
		json_print(k, path);
	}
	buf_putc(path, ']');
	json_free(keys);
}

static void
each(const struct fields *set, struct buf *path, void (*visit)(void *self, const char *path),
     void *self)
{
	size_t here = path->length;

	if (set->member)
		visit(self, path->bytes);
	for (size_t i = 0; i < set->count; i++) {
		show_element(path, set->children[i].element);
		each(set->children[i].set, path, visit, self);
		path->length = here;
		path->bytes[here] = '\0';
	}
}

void
fields_each(const struct fields *set, void (*visit)(void *self, const char *path), void *self)
{
	struct buf path;

	buf_init(&path, ELEMENT_CAP);
	each(set, &path, visit, self);
	buf_release(&path);
}

void
fields_element_field(struct buf *out, const char *name)
{
	buf_clear(out);
	buf_puts(out, "f:");
	buf_puts(out, name);
}

void
fields_element_value(struct buf *out, const struct json *value)
{
	buf_clear(out);
	buf_puts(out, "v:");
	json_print(value, out);
}

static int
compare_words(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

void
fields_element_keys(struct buf *out, const struct json *keys, const struct json *item,
		    const struct json *item_schema)
{
	const char *names[8];
	size_t count = 0;
	struct json *identity = json_new_object();

	for (const struct json *k = json_first(keys); k && count < 8; k = json_next(k))
		names[count++] = json_string(k);
	qsort(names, count, sizeof(names[0]), compare_words);
	for (size_t i = 0; i < count; i++) {
		const struct json *value = json_get(item, names[i]);

		/* A key left out stands for its default. */
		if (!value)
			value = json_get(schema_member(item_schema, names[i]), "default");
		json_set(identity, names[i], json_clone(value));
	}
	buf_clear(out);
	buf_puts(out, "k:");
	json_print(identity, out);
	json_free(identity);
}
