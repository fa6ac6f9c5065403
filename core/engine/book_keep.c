/* Copies of what is going to be deleted, on disk before the first deletion. */
#include "core/base/arena.h"
#include "core/engine/book.h"
#include "core/migrate/backup.h"
#include "core/migrate/release.h"

static bool
keep_one(struct engine *engine, const struct intent *intent, struct err *err)
{
	const struct journal_where where = book_where(engine);
	const struct object *known =
		intent->kind == KIND_COUNT
			? NULL
			: world_find(engine->world, intent->kind, intent->ns, intent->name);
	struct json *json = known != NULL ? object_json(known) : NULL;
	bool kept;

	if (json == NULL)
		return err_set(
			err, ERR_EXPIRED,
			"%s is not deleted, since it is not known whole and no copy of it can be "
			"kept. List it again.",
			intent->title);
	kept = backup_write(&where, intent, json, engine->wall, err);
	json_free(json);
	return kept;
}

/* Everything known that goes with a release of Helm. */
static bool
keep_release(struct engine *engine, const struct journal_where *where, const struct intent *intent,
	     struct err *err)
{
	const struct world *world = engine->world;
	struct arena arena;
	bool kept = true;

	arena_init(&arena);
	for (enum kind kind = 0; kept && kind < KIND_COUNT; kind++)
		for (size_t i = 0; kept && i < world->count[kind]; i++) {
			const struct object *object = world->objects[kind][i];
			struct intent_list list = { 0 };
			struct json *json;

			if (!release_has(object, intent->ns, intent->name))
				continue;
			struct intent *part = intent_add_on(&list, &arena, VERB_DELETE, object);
			part->step = intent->step;
			part->pair = intent->pair;
			part->undo = intent->undo;
			json = object_json(object);
			kept = json == NULL || backup_write(where, part, json, engine->wall, err);
			json_free(json);
		}
	arena_release(&arena);
	return kept;
}

bool
book_keep(struct engine *engine, const struct intent *intents, size_t count, struct err *err)
{
	const struct journal_where where = book_where(engine);

	for (size_t i = 0; i < count; i++) {
		const struct intent *intent = &intents[i];

		if (intent->verb == VERB_DELETE && !keep_one(engine, intent, err))
			return false;
		if (intent->verb == VERB_UNINSTALL && !keep_release(engine, &where, intent, err))
			return false;
	}
	return true;
}
