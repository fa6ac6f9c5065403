#include "core/migrate/restore.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/migrate/say.h"

static const enum kind restore_order[] = {
	KIND_CRD,          KIND_SERVICE_ACCOUNT,      KIND_ROLE,           KIND_CLUSTER_ROLE,
	KIND_ROLE_BINDING, KIND_CLUSTER_ROLE_BINDING, KIND_CONFIG_MAP,     KIND_SERVICE,
	KIND_GRANT,        KIND_HEALTH_POLICY,        KIND_BACKEND_POLICY, KIND_ALPHA_POOL,
	KIND_MODEL,        KIND_DEPLOYMENT,
};

static void
restore_one(const struct stage *stage, const struct journal_record *record, struct intent_list *out)
{
	struct arena *arena = stage->arena;
	const char *ns = arena_string(arena, record->intent.ns),
		   *name = arena_string(arena, record->intent.name);
	struct intent *intent;

	if (record->before[0] == '\0' ||
	    world_find(stage->world, record->intent.kind, ns, name) != NULL)
		return;
	intent = intent_add(out, arena, VERB_CREATE, record->intent.kind, ns, name);
	intent->body = arena_string(arena, record->before);
	intent->step = record->intent.step;
	intent->pair = arena_string(arena, record->intent.pair);
	intent->undo = true;
	intent->after_others = intent_binds(record->intent.kind);
	intent->title = say_title(arena, record->intent.kind, ns, name);
	intent->summary = "created again as it was before it was deleted";
}

size_t
restore_deleted(const struct stage *stage, struct past_of of, struct intent_list *out)
{
	const struct journal_record **deleted;
	size_t count = 0;

	if (stage->journal == NULL)
		return 0;
	journal_records(stage->journal, &count);
	deleted = arena_array(stage->arena, count + 1, sizeof(*deleted));
	count = past_deleted(stage->journal, of, deleted);
	for (size_t k = 0; k < sizeof(restore_order) / sizeof(restore_order[0]); k++)
		for (size_t i = 0; i < count; i++)
			if (deleted[i]->intent.kind == restore_order[k])
				restore_one(stage, deleted[i], out);
	return count;
}

const struct object *
restore_next(const struct stage *stage, struct past_of of, size_t *at)
{
	size_t count = 0;
	const struct journal_record *records =
		stage->journal == NULL ? NULL : journal_records(stage->journal, &count);

	while (*at < count) {
		const struct journal_record *record = &records[(*at)++];
		const struct intent *intent = &record->intent;
		const struct object *object;

		if (record->end != JOURNAL_DONE || record->dry_run || !intent->undo ||
		    intent->verb != VERB_CREATE || intent->step != of.step ||
		    intent->kind == KIND_COUNT || !text_equal(intent->pair, of.pair))
			continue;
		object = world_find(stage->world, intent->kind, intent->ns, intent->name);
		if (object != NULL && text_equal(object->meta.uid, record->result_uid))
			return object;
	}
	return NULL;
}

static bool
is_listed(const struct intent_list *list, enum kind kind, const char *ns, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].kind == kind && text_equal(list->items[i].ns, ns) &&
		    text_equal(list->items[i].name, name))
			return true;
	return false;
}

static void
restore_item(const struct stage *stage, const struct journal_record *record, enum kind kind,
	     const struct json *item, struct intent_list *out)
{
	const char *ns = json_string_at(item, "metadata.namespace");
	const char *name = json_string_at(item, "metadata.name");
	struct intent *intent;
	char *body;

	ns = ns != NULL ? ns : "";
	if (name == NULL || world_find(stage->world, kind, ns, name) != NULL ||
	    is_listed(out, kind, ns, name))
		return;
	intent = intent_add(out, stage->arena, VERB_CREATE, kind, ns, name);
	body = json_text(item);
	intent->body = arena_string(stage->arena, body);
	intent->step = record->intent.step;
	intent->pair = arena_string(stage->arena, record->intent.pair);
	intent->undo = true;
	intent->title = say_title(stage->arena, kind, ns, name);
	intent->summary = "created again as it was before its release was uninstalled";
	free(body);
}

size_t
restore_copies(const struct stage *stage, const struct journal_record *record,
	       struct intent_list *out)
{
	struct json *list = json_parse(record->before, strlen(record->before), NULL);
	size_t before = out->count;

	for (size_t k = 0; k < sizeof(restore_order) / sizeof(restore_order[0]); k++)
		for (const struct json *c = json_first(json_get(list, "items")); c != NULL;
		     c = json_next(c)) {
			const char *version = json_string_at(c, "apiVersion");
			const char *kind = json_string_at(c, "kind");

			if (version != NULL && kind != NULL &&
			    kind_of_object(version, kind) == restore_order[k])
				restore_item(stage, record, restore_order[k], c, out);
		}
	json_free(list);
	return out->count - before;
}
