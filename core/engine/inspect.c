#include "core/engine/inspect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/base/yaml.h"

#define TEXT_CAP         (2 * BUF_MIB)
#define LAST_APPLIED     "kubectl.kubernetes.io/last-applied-configuration"
#define CONDITIONS_DEPTH 6

struct inspect {
	enum kind kind;
	char *ns, *name;
	/* what was made, as long as the object stays the same */
	char uid[80], version[64];
	int64_t minute; /* ages are told anew now and then */
	struct buf describe, yaml;
	bool found;
};

struct inspect *
inspect_new(void)
{
	struct inspect *inspect = die_alloc(sizeof *inspect);

	inspect->kind = KIND_COUNT;
	buf_init(&inspect->describe, TEXT_CAP);
	buf_init(&inspect->yaml, TEXT_CAP);
	return inspect;
}

void
inspect_free(struct inspect *inspect)
{
	if (inspect == NULL)
		return;
	free(inspect->ns);
	free(inspect->name);
	buf_release(&inspect->describe);
	buf_release(&inspect->yaml);
	free(inspect);
}

void
inspect_set(struct engine *engine, enum kind kind, const char *ns, const char *name)
{
	struct inspect *inspect = engine->inspect;

	free(inspect->ns);
	free(inspect->name);
	inspect->kind = kind;
	inspect->ns = die_strdup(ns != NULL ? ns : "");
	inspect->name = die_strdup(name != NULL ? name : "");
	inspect->uid[0] = '\0';
}

static void
add_line(struct buf *out, const char *label, const char *value)
{
	buf_printf(out, "%-13s ", label);
	text_clean(out, value, strlen(value));
	buf_putc(out, '\n');
}

static void
add_age(struct buf *out, int64_t now, int64_t since)
{
	if (since > 0 && since <= now)
		text_age(out, now - since);
	else
		buf_puts(out, "-");
}

static void
add_pairs(struct buf *out, const char *label, const struct kv_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		buf_printf(out, "%-13s ", i == 0 ? label : "");
		text_clean(out, list->items[i].key, strlen(list->items[i].key));
		buf_putc(out, '=');
		text_clean(out, list->items[i].value, strnlen(list->items[i].value, 400));
		buf_putc(out, '\n');
	}
}

static void
add_meta(struct buf *out, const struct object *object, int64_t now)
{
	const struct meta *meta = &object->meta;
	const struct kind_row *row = kind_row(object->kind);

	add_line(out, "Name", meta->name);
	if (row->namespaced)
		add_line(out, "Namespace", meta->ns);
	buf_printf(out, "%-13s %s (%s)\n", "Kind", row->object, kind_api_version(object->kind));
	buf_printf(out, "%-13s ", "Age");
	add_age(out, now, meta->created);
	buf_putc(out, '\n');
	if (meta->deleting != 0) {
		buf_printf(out, "%-13s ", "Deleting");
		add_age(out, now, meta->deleting);
		buf_putc(out, '\n');
	}
	add_pairs(out, "Labels", &meta->labels);
	add_pairs(out, "Annotations", &meta->annotations);
	for (size_t i = 0; i < meta->finalizers.count; i++)
		add_line(out, i == 0 ? "Finalizers" : "", meta->finalizers.items[i]);
	for (size_t i = 0; i < meta->owner_count; i++) {
		buf_printf(out, "%-13s ", i == 0 ? "Owned by" : "");
		text_clean(out, meta->owners[i].kind, strlen(meta->owners[i].kind));
		buf_putc(out, ' ');
		text_clean(out, meta->owners[i].name, strlen(meta->owners[i].name));
		buf_putc(out, '\n');
	}
}

static void
add_managers(struct buf *out, const struct object *object, int64_t now)
{
	for (size_t i = 0; i < object->meta.manager_count; i++) {
		const struct manager *manager = &object->meta.managers[i];

		buf_printf(out, "%-13s ", i == 0 ? "Written by" : "");
		text_clean(out, manager->name, strlen(manager->name));
		buf_puts(out, " (");
		text_clean(out, manager->operation, strlen(manager->operation));
		buf_printf(out, "%s) ", manager->status ? ", status" : "");
		add_age(out, now, manager->wall);
		buf_putc(out, '\n');
	}
}

static void
add_cell(struct buf *out, const char *text, int width)
{
	size_t start = out->length;

	text_clean(out, text, strlen(text));
	for (int had = text_width(out->bytes + start); had < width; had++)
		buf_putc(out, ' ');
	buf_putc(out, ' ');
}

static void
add_condition(struct buf *out, const struct json *condition, int64_t now)
{
	static const struct {
		const char *key;
		int width;
	} cells[] = { { "type", 16 }, { "status", 7 }, { "reason", 22 } };
	const char *time = json_string_at(condition, "lastTransitionTime"),
		   *message = json_string_at(condition, "message");
	int64_t since = 0;

	buf_puts(out, "  ");
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		const char *text = json_string_at(condition, cells[i].key);
		add_cell(out, text != NULL ? text : "", cells[i].width);
	}
	if (time != NULL)
		clock_parse_rfc3339(time, &since);
	add_age(out, now, since);
	if (message != NULL && *message != '\0') {
		buf_puts(out, "\n    ");
		text_clean(out, message, strlen(message));
	}
	buf_putc(out, '\n');
}

/* "status.parents[0] (inference-gateway)": conditions stand at many places. */
static void
add_conditions(struct buf *out, const struct json *value, const char *path, int depth, int64_t now)
{
	char below[300];
	size_t index = 0;
	const char *of = json_string_at(value, "parentRef.name");

	if (depth == 0)
		return;
	for (const struct json *c = json_first(value); c != NULL; c = json_next(c), index++) {
		const char *key = json_key(c);

		if (json_type(value) == JSON_ARRAY)
			snprintf(below, sizeof below, "%s[%zu]", path, index);
		else
			snprintf(below, sizeof below, "%s.%s", path, key != NULL ? key : "");
		if (key != NULL && strcmp(key, "conditions") == 0 && json_type(c) == JSON_ARRAY) {
			buf_puts(out, "\nConditions of ");
			text_clean(out, path, strlen(path));
			if (of != NULL) {
				buf_puts(out, " (");
				text_clean(out, of, strlen(of));
				buf_putc(out, ')');
			}
			buf_putc(out, '\n');
			for (const struct json *item = json_first(c); item != NULL;
			     item = json_next(item))
				add_condition(out, item, now);
			continue;
		}
		if (json_type(c) == JSON_OBJECT || json_type(c) == JSON_ARRAY)
			add_conditions(out, c, below, depth - 1, now);
	}
}

static void
add_yaml(struct buf *out, struct json *json)
{
	struct buf raw;
	struct json *meta = json_get_mutable(json, "metadata");

	buf_init(&raw, TEXT_CAP);
	json_remove(meta, "managedFields");
	if (json_remove(json_get_mutable(meta, "annotations"), LAST_APPLIED) &&
	    json_count(json_get(meta, "annotations")) == 0)
		json_remove(meta, "annotations");
	if (!yaml_print(json, &raw))
		buf_puts(&raw, "\n(the rest is too long to show)\n");
	text_clean_lines(out, raw.bytes, raw.length);
	buf_release(&raw);
}

static void
make(struct engine *engine, const struct object *object)
{
	struct inspect *inspect = engine->inspect;
	struct json *json = object_json(object);

	buf_clear(&inspect->describe);
	buf_clear(&inspect->yaml);
	snprintf(inspect->uid, sizeof inspect->uid, "%s", object->meta.uid);
	snprintf(inspect->version, sizeof inspect->version, "%s", object->meta.version);
	inspect->minute = engine->wall / MINUTE;
	add_meta(&inspect->describe, object, engine->wall);
	add_managers(&inspect->describe, object, engine->wall);
	if (json == NULL)
		return;
	add_conditions(&inspect->describe, json_get(json, "status"), "status", CONDITIONS_DEPTH,
		       engine->wall);
	add_yaml(&inspect->yaml, json);
	json_free(json);
}

struct detail
inspect_detail(struct engine *engine, struct arena *arena)
{
	struct inspect *inspect = engine->inspect;
	const struct object *object;
	struct detail detail = {
		.kind = inspect->kind, .ns = "", .name = "", .title = "", .describe = "", .yaml = ""
	};

	if (inspect->kind == KIND_COUNT)
		return detail;
	detail.ns = arena_string(arena, inspect->ns);
	detail.name = arena_string(arena, inspect->name);
	detail.title = object_title_of(inspect->kind, inspect->ns, inspect->name, arena);
	object = world_find(engine->world, inspect->kind, inspect->ns, inspect->name);
	if (object == NULL)
		return detail;
	if (strcmp(inspect->uid, object->meta.uid) != 0 ||
	    strcmp(inspect->version, object->meta.version) != 0 ||
	    inspect->minute != engine->wall / MINUTE)
		make(engine, object);
	detail.found = true;
	detail.describe = arena_string(arena, inspect->describe.bytes);
	detail.yaml = arena_string(arena, inspect->yaml.bytes);
	return detail;
}
