#include "core/migrate/memory.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/migrate/pair.h"
#include "core/migrate/past.h"
#include "core/migrate/picker.h"
#include "core/migrate/release.h"

/* A copy has lost the uid its server gave it, and a decoded object has to have one. */
#define NO_UID "deleted"

static bool
is_remembered(enum kind kind, const struct settings *settings)
{
	if (kind == KIND_ALPHA_POOL)
		return true;
	return settings->path == PATH_SIMPLE && kind != KIND_COUNT;
}

/* Deleted and not there again; or a grant that lost what it said of alpha pools and stayed. */
static bool
has_gone(const struct world *world, const struct intent *intent)
{
	if (intent->verb == VERB_PATCH)
		return intent->kind == KIND_GRANT;
	return intent->verb == VERB_DELETE &&
	       world_find(world, intent->kind, intent->ns, intent->name) == NULL;
}

static const struct object *
recall(enum kind kind, const char *before, struct arena *arena)
{
	struct json *json = json_parse(before, strlen(before), NULL);
	struct object *decoded, *kept = NULL;

	json_set_string(json_get_mutable(json, "metadata"), "uid", NO_UID);
	decoded = json == NULL ? NULL : object_decode(kind, json, NULL);
	if (decoded != NULL) {
		kept = arena_alloc(arena, sizeof(*kept));
		*kept = *object_copy(decoded, arena);
		kept->raw = arena_string(arena, before);
		kept->raw_length = strlen(before);
	}
	object_free(decoded);
	json_free(json);
	return kept;
}

struct recalling {
	const struct world *world;
	const struct settings *settings;
	struct arena *arena;
	struct memory_item *items;
	size_t count, room;
};

static void
remember(struct recalling *r, const char *pair, const struct object *object)
{
	if (object == NULL)
		return;
	if (r->count == r->room) {
		size_t room = r->room == 0 ? 32 : r->room * 2;
		struct memory_item *items = arena_array(r->arena, room, sizeof(*items));

		if (r->count > 0)
			memcpy(items, r->items, r->count * sizeof(*items));
		r->items = items;
		r->room = room;
	}
	r->items[r->count++] =
		(struct memory_item){ .pair = arena_string(r->arena, pair), .object = object };
}

static bool
is_known(const struct recalling *r, enum kind kind, const char *ns, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->items[i].object->kind == kind &&
		    text_equal(r->items[i].object->meta.ns, ns) &&
		    text_equal(r->items[i].object->meta.name, name))
			return true;
	return world_find(r->world, kind, ns, name) != NULL;
}

/* What a release of Helm held when it was uninstalled. */
static void
remember_release(struct recalling *r, const struct journal_record *record)
{
	struct json *list = json_parse(record->before, strlen(record->before), NULL);

	for (const struct json *c = json_first(json_get(list, "items")); c != NULL;
	     c = json_next(c)) {
		const char *version = json_string_at(c, "apiVersion");
		const char *word = json_string_at(c, "kind");
		const char *ns = json_string_at(c, "metadata.namespace");
		const char *name = json_string_at(c, "metadata.name");
		enum kind kind = version == NULL || word == NULL ? KIND_COUNT
								 : kind_of_object(version, word);
		char *text;

		if (kind == KIND_COUNT || name == NULL || !is_remembered(kind, r->settings) ||
		    is_known(r, kind, ns != NULL ? ns : "", name))
			continue;
		text = json_text(c);
		remember(r, record->intent.pair, recall(kind, text, r->arena));
		free(text);
	}
	json_free(list);
}

/* The record is a try of the uninstall that stands. */
static bool
is_taken(const struct journal *journal, const struct journal_record *record)
{
	const struct journal_record *taken;

	for (size_t at = 0;
	     (taken = release_taken(journal, STEP_CLEANUP, record->intent.pair, &at)) != NULL;)
		if (taken == record)
			return true;
	return false;
}

const struct memory *
memory_new(const struct journal *journal, const struct world *world,
	   const struct settings *settings, struct arena *arena)
{
	struct memory *memory = arena_alloc(arena, sizeof(*memory));
	size_t count = 0;
	const struct journal_record *records =
		journal == NULL ? NULL : journal_records(journal, &count);
	struct recalling r = { .world = world, .settings = settings, .arena = arena };

	for (size_t i = 0; i < count; i++) {
		const struct intent *intent = &records[i].intent;
		struct past_of of = { .step = STEP_CLEANUP, .pair = intent->pair };

		if (intent->step != STEP_CLEANUP || records[i].before[0] == '\0')
			continue;
		if (intent->verb == VERB_UNINSTALL && is_taken(journal, &records[i]))
			remember_release(&r, &records[i]);
		if (!is_remembered(intent->kind, settings) || !has_gone(world, intent) ||
		    past_first(journal, of, intent->kind, intent->ns, intent->name) != &records[i])
			continue;
		remember(&r, intent->pair, recall(intent->kind, records[i].before, arena));
	}
	memory->items = r.items;
	memory->count = r.count;
	return memory;
}

const struct object *
memory_next(const struct memory *memory, const char *pair, enum kind kind, size_t *at)
{
	while (memory != NULL && *at < memory->count) {
		const struct memory_item *item = &memory->items[(*at)++];

		if (item->object->kind == kind && (pair == NULL || text_equal(item->pair, pair)))
			return item->object;
	}
	return NULL;
}

const struct object *
memory_alpha(const struct stage *stage, const struct pair *pair)
{
	const struct object *alpha = pair_alpha(stage->world, pair);
	size_t at = 0;

	if (alpha != NULL || stage->settings->path != PATH_SIMPLE)
		return alpha;
	return memory_next(stage->memory, pair_title(pair, stage->arena), KIND_ALPHA_POOL, &at);
}

const struct object *
memory_old_picker(const struct world *world, const struct memory *memory, const struct pair *pair,
		  struct arena *arena)
{
	const struct object *deployment = picker_find(world, pair_alpha(world, pair)).deployment;
	size_t at = 0;

	return deployment != NULL
		       ? deployment
		       : memory_next(memory, pair_title(pair, arena), KIND_DEPLOYMENT, &at);
}
