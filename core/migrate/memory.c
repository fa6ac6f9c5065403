#include "core/migrate/memory.h"

#include <string.h>

#include "core/base/text.h"
#include "core/migrate/pairing.h"
#include "core/migrate/past.h"
#include "core/migrate/picker.h"

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
recall(const struct journal_record *record, struct arena *arena)
{
	struct json *json = json_parse(record->before, strlen(record->before), NULL);
	struct object *decoded, *kept = NULL;

	json_set_string(json_get_mutable(json, "metadata"), "uid", NO_UID);
	decoded = json == NULL ? NULL : object_decode(record->intent.kind, json, NULL);
	if (decoded != NULL) {
		kept = arena_alloc(arena, sizeof(*kept));
		*kept = *object_copy(decoded, arena);
		kept->raw = arena_string(arena, record->before);
		kept->raw_length = strlen(record->before);
	}
	object_free(decoded);
	json_free(json);
	return kept;
}

const struct memory *
memory_new(const struct journal *journal, const struct world *world,
	   const struct settings *settings, struct arena *arena)
{
	struct memory *memory = arena_alloc(arena, sizeof(*memory));
	size_t count = 0;
	const struct journal_record *records =
		journal == NULL ? NULL : journal_records(journal, &count);
	struct memory_item *items;

	if (count == 0)
		return memory;
	items = arena_array(arena, count, sizeof(*items));
	memory->items = items;
	for (size_t i = 0; i < count; i++) {
		const struct intent *intent = &records[i].intent;
		struct past_of of = { .step = STEP_CLEANUP, .pair = intent->pair };
		const struct object *object;

		if (intent->step != STEP_CLEANUP || records[i].before[0] == '\0' ||
		    !is_remembered(intent->kind, settings) || !has_gone(world, intent) ||
		    past_first(journal, of, intent->kind, intent->ns, intent->name) != &records[i])
			continue;
		object = recall(&records[i], arena);
		if (object != NULL)
			items[memory->count++] = (struct memory_item){
				.pair = arena_string(arena, intent->pair),
				.object = object,
			};
	}
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
	const struct object *alpha = pairing_alpha(stage->world, pair);
	size_t at = 0;

	if (alpha != NULL || stage->settings->path != PATH_SIMPLE)
		return alpha;
	return memory_next(stage->memory, pairing_title(pair, stage->arena), KIND_ALPHA_POOL, &at);
}

const struct object *
memory_old_picker(const struct world *world, const struct memory *memory, const struct pair *pair,
		  struct arena *arena)
{
	const struct object *deployment =
		picker_find(world, pairing_alpha(world, pair)).deployment;
	size_t at = 0;

	return deployment != NULL ? deployment
				  : memory_next(memory, pairing_title(pair, arena),
						KIND_DEPLOYMENT, &at);
}
