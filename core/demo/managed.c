#include "core/demo/managed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/demo/fields.h"
#include "core/demo/typed.h"

#define PROBLEM_CAP (16 * BUF_KIB)

struct owner {
	char *manager, *api_version, *subresource, *time;
	bool applied;
	struct fields *set;
};

struct owners {
	struct owner *items;
	size_t count, room;
};

static void
owners_release(struct owners *owners)
{
	for (size_t i = 0; i < owners->count; i++) {
		struct owner *owner = &owners->items[i];

		free(owner->manager);
		free(owner->api_version);
		free(owner->subresource);
		free(owner->time);
		fields_free(owner->set);
	}
	free(owners->items);
	*owners = (struct owners){ 0 };
}

static char *
copy_or_empty(const char *text)
{
	return die_strdup(text ? text : "");
}

static struct owner *
owners_add(struct owners *owners, const char *manager, const char *api_version,
	   const char *subresource, bool applied)
{
	if (owners->count == owners->room) {
		owners->room = owners->room ? 2 * owners->room : 4;
		owners->items = die_realloc(owners->items, owners->room * sizeof(*owners->items));
	}
	owners->items[owners->count] = (struct owner){
		.manager = copy_or_empty(manager),
		.api_version = copy_or_empty(api_version),
		.subresource = copy_or_empty(subresource),
		.time = die_strdup(""),
		.applied = applied,
	};
	return &owners->items[owners->count++];
}

static void
owners_read(struct owners *owners, const struct json *object)
{
	const struct json *entries = json_at(object, "metadata.managedFields");

	for (const struct json *e = json_first(entries); e; e = json_next(e)) {
		struct owner *owner = owners_add(
			owners, json_string_at(e, "manager"), json_string_at(e, "apiVersion"),
			json_string_at(e, "subresource"),
			text_equal(json_string_at(e, "operation"), "Apply"));

		free(owner->time);
		owner->time = copy_or_empty(json_string_at(e, "time"));
		owner->set = fields_parse(json_get(e, "fieldsV1"));
	}
}

/* The writer's own entry, made when absent. */
static size_t
owners_need(struct owners *owners, const struct managed_writer *writer, bool applied)
{
	for (size_t i = 0; i < owners->count; i++) {
		const struct owner *owner = &owners->items[i];

		if (owner->applied == applied && text_equal(owner->manager, writer->manager) &&
		    text_equal(owner->subresource, writer->subresource) &&
		    (applied || text_equal(owner->api_version, writer->api_version)))
			return i;
	}
	owners_add(owners, writer->manager, writer->api_version, writer->subresource, applied)
		->set = fields_new();
	return owners->count - 1;
}

static int
compare_owners(const void *a, const void *b)
{
	const struct owner *left = a, *right = b;
	int order;

	if (left->applied != right->applied)
		return left->applied ? -1 : 1;
	order = strcmp(left->time, right->time);
	if (order == 0)
		order = strcmp(left->manager, right->manager);
	return order ? order : strcmp(left->subresource, right->subresource);
}

static void
owners_write(struct owners *owners, struct json *object)
{
	struct json *metadata = json_set_object(object, "metadata");
	struct json *entries = json_new_array();

	qsort(owners->items, owners->count, sizeof(*owners->items), compare_owners);
	for (size_t i = 0; i < owners->count; i++) {
		const struct owner *owner = &owners->items[i];
		struct json *entry;

		if (fields_empty(owner->set))
			continue;
		entry = json_append(entries, json_new_object());
		json_set_string(entry, "manager", owner->manager);
		json_set_string(entry, "operation", owner->applied ? "Apply" : "Update");
		json_set_string(entry, "apiVersion", owner->api_version);
		if (*owner->time)
			json_set_string(entry, "time", owner->time);
		json_set_string(entry, "fieldsType", "FieldsV1");
		json_set(entry, "fieldsV1", fields_json(owner->set));
		if (*owner->subresource)
			json_set_string(entry, "subresource", owner->subresource);
	}
	json_set(metadata, "managedFields", entries);
	if (json_count(entries) == 0)
		json_remove(metadata, "managedFields");
}

/* Takes out what nobody manages: identity, what the server itself writes, and the half the write
 * may not touch. */
static void
strip(struct fields *set, const struct managed_writer *writer)
{
	static const char *const unmanaged[] = {
		"f:name",
		"f:namespace",
		"f:creationTimestamp",
		"f:selfLink",
		"f:uid",
		"f:generation",
		"f:managedFields",
		"f:resourceVersion",
		"f:deletionTimestamp",
		"f:deletionGracePeriodSeconds",
	};

	fields_cut(set, "f:apiVersion");
	fields_cut(set, "f:kind");
	if (fields_child(set, "f:metadata")) {
		struct fields *metadata = fields_need(set, "f:metadata");

		fields_forget(metadata);
		for (size_t i = 0; i < sizeof(unmanaged) / sizeof(unmanaged[0]); i++)
			fields_cut(metadata, unmanaged[i]);
	}
	if (text_equal(writer->subresource, "status"))
		fields_keep_only(set, "f:status");
	else if (writer->no_status)
		fields_cut(set, "f:status");
	fields_tidy(set);
}

static void
changes(const struct json *schema, const struct managed_writer *writer, const struct json *before,
	const struct json *after, struct fields *changed, struct fields *removed)
{
	struct json *nothing = before ? NULL : json_new_object();

	typed_compare(schema, before ? before : nothing, after, changed, removed);
	json_free(nothing);
	strip(changed, writer);
	strip(removed, writer);
}

static void
set_time(struct owner *owner, const char *now)
{
	free(owner->time);
	owner->time = die_strdup(now);
}

void
managed_update(const struct json *schema, const struct managed_writer *writer,
	       const struct json *before, struct json *after)
{
	struct fields *changed = fields_new(), *removed = fields_new(), *old;
	struct owners owners = { 0 };
	size_t mine;

	changes(schema, writer, before, after, changed, removed);
	owners_read(&owners, before);
	mine = owners_need(&owners, writer, false);
	for (size_t i = 0; i < owners.count; i++) {
		if (i != mine) {
			fields_subtract(owners.items[i].set, changed);
			fields_subtract(owners.items[i].set, removed);
		}
	}
	old = fields_clone(owners.items[mine].set);
	fields_add(owners.items[mine].set, changed);
	fields_subtract(owners.items[mine].set, removed);
	if (!fields_equal(old, owners.items[mine].set) || !fields_empty(changed))
		set_time(&owners.items[mine], writer->now);
	owners_write(&owners, after);
	fields_free(old);
	fields_free(changed);
	fields_free(removed);
	owners_release(&owners);
}

struct conflict {
	struct status *status;
	const struct owner *owner;
	char words[700];  /* conflict with "x" using v1 */
	struct buf *list; /* "- .spec.x" lines under their manager */
	size_t *count;
};

static void
add_conflict(void *self, const char *path)
{
	struct conflict *conflict = self;

	status_cause(conflict->status, "FieldManagerConflict", path, "conflict with %s",
		     conflict->words);
	buf_printf(conflict->list, "\n- %s", path);
	(*conflict->count)++;
}

static bool
report_conflicts(const struct owners *owners, size_t mine, const struct fields *changed,
		 struct status *status)
{
	struct buf list;
	size_t count = 0;
	const char *first_words, *first_field;

	buf_init(&list, PROBLEM_CAP);
	for (size_t i = 0; i < owners->count; i++) {
		const struct owner *owner = &owners->items[i];
		struct conflict conflict = {
			.status = status, .owner = owner, .list = &list, .count = &count
		};
		struct fields *both = i == mine ? fields_new() : fields_common(owner->set, changed);
		bool sub = *owner->subresource != '\0';

		snprintf(conflict.words, sizeof(conflict.words), "\"%s\"%s%s%s%s%s", owner->manager,
			 sub ? " with subresource \"" : "", owner->subresource, sub ? "\"" : "",
			 owner->applied ? "" : " using ", owner->applied ? "" : owner->api_version);
		if (!fields_empty(both)) {
			buf_printf(&list, "%sconflicts with %s:", list.length ? "\n" : "",
				   conflict.words);
			fields_each(both, add_conflict, &conflict);
		}
		fields_free(both);
	}
	if (count == 1) {
		first_words = json_string_at(json_first(status->causes), "message");
		first_field = json_string_at(json_first(status->causes), "field");
		status_set(status, 409, "Conflict", "Apply failed with 1 conflict: %s: %s",
			   first_words, first_field);
	} else if (count > 1) {
		status_set(status, 409, "Conflict", "Apply failed with %zu conflicts: %s", count,
			   list.bytes);
	}
	buf_release(&list);
	return count == 0;
}

static bool
check_config(const struct json *schema, const struct managed_writer *writer,
	     const struct json *config, struct status *status)
{
	struct buf problems;
	const char *namespace = json_string_at(config, "metadata.namespace");
	char *more;

	if (writer->loose)
		return true;
	buf_init(&problems, PROBLEM_CAP);
	typed_check(schema, config, &problems);
	buf_trim(&problems);
	more = strchr(problems.bytes, '\n');
	if (problems.length > 0)
		status_set(status, 500, "",
			   "failed to create typed patch object (%s/%s; %s, Kind=%s): %s%s",
			   namespace ? namespace : "", json_string_at(config, "metadata.name"),
			   json_string_at(config, "apiVersion"), json_string_at(config, "kind"),
			   more ? "errors:\n" : "", problems.bytes);
	buf_release(&problems);
	return status->code == 0;
}

/* All that anybody but `mine` owns, and what `mine` names now. */
static struct fields *
all_owned(const struct owners *owners)
{
	struct fields *all = fields_new();

	for (size_t i = 0; i < owners->count; i++)
		fields_add(all, owners->items[i].set);
	return all;
}

struct json *
managed_apply(const struct json *schema, const struct managed_writer *writer,
	      const struct json *live, const struct json *config, bool force, struct status *status)
{
	struct json *merged = NULL;
	struct fields *changed = fields_new(), *removed = fields_new(), *set = NULL, *last, *keep;
	struct owners owners = { 0 };
	size_t mine;

	if (!check_config(schema, writer, config, status))
		goto out;
	owners_read(&owners, live);
	mine = owners_need(&owners, writer, true);
	merged = live ? typed_merge(schema, live, config) : json_clone(config);
	set = typed_fields(schema, config);
	strip(set, writer);
	last = owners.items[mine].set;
	owners.items[mine].set = set;
	keep = all_owned(&owners);
	typed_remove(schema, merged, last, keep);
	fields_free(keep);
	changes(schema, writer, live, merged, changed, removed);
	if (!force && !report_conflicts(&owners, mine, changed, status)) {
		json_free(merged);
		merged = NULL;
	} else {
		for (size_t i = 0; i < owners.count; i++) {
			if (i == mine)
				continue;
			fields_subtract(owners.items[i].set, changed);
			fields_subtract(owners.items[i].set, removed);
		}
		if (!fields_equal(last, set) || !fields_empty(changed) || !fields_empty(removed) ||
		    !text_equal(owners.items[mine].api_version, writer->api_version)) {
			set_time(&owners.items[mine], writer->now);
			free(owners.items[mine].api_version);
			owners.items[mine].api_version = die_strdup(writer->api_version);
		}
		owners_write(&owners, merged);
	}
	fields_free(last);
out:
	owners_release(&owners);
	fields_free(changed);
	fields_free(removed);
	return merged;
}
