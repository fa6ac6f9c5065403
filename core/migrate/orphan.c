#include "core/migrate/orphan.h"

#include <string.h>

#include "core/base/text.h"
#include "core/migrate/say.h"

bool
orphan_is(const struct world *world, const struct object *model)
{
	const struct ref *pool = &model->model.pool;

	return world_knows(world, KIND_ALPHA_POOL) && text_equal(pool->group, GROUP_ALPHA) &&
	       world_find(world, KIND_ALPHA_POOL, pool->ns, pool->name) == NULL;
}

/* "[NS/]NAME"; a bare name is of the namespace of the context. */
static bool
is_named(const struct settings *settings, const struct object *model)
{
	for (size_t i = 0; settings->orphans != NULL && settings->orphans[i] != NULL; i++) {
		const char *name = settings->orphans[i], *slash = strchr(name, '/');
		const char *ns = slash != NULL                  ? name
				 : settings->default_ns != NULL ? settings->default_ns
								: "default";
		size_t length = slash != NULL ? (size_t)(slash - name) : strlen(ns);

		if (strlen(model->meta.ns) == length && strncmp(ns, model->meta.ns, length) == 0 &&
		    text_equal(slash != NULL ? slash + 1 : name, model->meta.name))
			return true;
	}
	return false;
}

const struct pair *
orphan_taker(const struct stage *stage, const struct object *model)
{
	const struct pair *first = NULL;

	if (!is_named(stage->settings, model) || !orphan_is(stage->world, model))
		return NULL;
	for (size_t i = 0; i < stage->plan->pair_count; i++) {
		const struct pair *pair = &stage->plan->pairs[i];

		if (!pair->selected)
			continue;
		if (text_equal(pair->ns, model->meta.ns))
			return pair;
		if (first == NULL)
			first = pair;
	}
	return first;
}

const struct orphan *
orphan_all(const struct stage *stage, size_t *count)
{
	const struct world *world = stage->world;
	struct arena *arena = stage->arena;
	struct orphan *orphans = arena_array(arena, world->count[KIND_MODEL] + 1, sizeof *orphans);

	*count = 0;
	for (size_t i = 0; i < world->count[KIND_MODEL]; i++) {
		const struct object *model = world->objects[KIND_MODEL][i];
		const struct ref *pool = &model->model.pool;
		const char *name = say_name(arena, model->meta.ns, model->meta.name);
		bool taken = orphan_taker(stage, model) != NULL;

		if (!orphan_is(world, model))
			continue;
		orphans[(*count)++] = (struct orphan){
			.title = say_title(arena, KIND_MODEL, model->meta.ns, model->meta.name),
			.ns = say_text(arena, model->meta.ns),
			.name = say_text(arena, model->meta.name),
			.taken = taken,
			.text = arena_printf(
				arena, "its pool, %s, is not there; %s%s",
				say_title(arena, KIND_ALPHA_POOL, pool->ns, pool->name),
				taken ? "cleanup deletes it, as --orphan says"
				      : "cleanup leaves it alone unless it is named: --orphan ",
				taken ? "" : name),
		};
	}
	return orphans;
}
