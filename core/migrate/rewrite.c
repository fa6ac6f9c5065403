#include "core/migrate/rewrite.h"

#include <stdlib.h>

#include "core/base/text.h"
#include "core/migrate/convert.h"
#include "core/migrate/memory.h"
#include "core/migrate/pair.h"
#include "core/migrate/say.h"

/* The pair's models that need one, those that are gone last: start at 0. */
static const struct object *
next_model(const struct stage *stage, const struct pair *pair, size_t *at)
{
	const struct world *world = stage->world;
	const struct object *model;
	size_t past;

	while (*at < world->count[KIND_MODEL]) {
		model = world->objects[KIND_MODEL][(*at)++];
		if (text_equal(model->meta.ns, pair->ns) &&
		    text_equal(model->model.pool.group, GROUP_ALPHA) &&
		    text_equal(model->model.pool.name, pair->alpha))
			return model;
	}
	past = *at - world->count[KIND_MODEL];
	model = memory_next(stage->memory, pair_title(pair, stage->arena), KIND_MODEL, &past);
	*at = world->count[KIND_MODEL] + past;
	return model;
}

/* What is wanted and does not stand, to be freed; NULL for none. `live` is what has the name. */
static struct json *
missing(const struct stage *stage, const struct pair *pair, const struct object *model,
	const struct object **live)
{
	struct json *wanted = convert_rewrite(model, pair->ga), *now = NULL;

	*live = world_find(stage->world, KIND_REWRITE, model->meta.ns, model->meta.name);
	if (wanted == NULL || *live == NULL)
		return wanted;
	now = object_json(*live);
	if (now != NULL && intent_covers(json_get(wanted, "spec"), json_get(now, "spec"))) {
		json_free(wanted);
		wanted = NULL;
	}
	json_free(now);
	return wanted;
}

bool
rewrite_blocked(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct object *model, *live;

	for (size_t at = 0;
	     convert_rewrites(stage->world) && (model = next_model(stage, pair, &at)) != NULL;) {
		struct json *wanted = missing(stage, pair, model, &live);
		bool taken = wanted != NULL && live != NULL && !intent_ours(live);

		json_free(wanted);
		if (!taken)
			continue;
		say_status(status, stage->arena, STATE_BLOCKED,
			   "somebody else made it, and the targets of InferenceModel %s need its "
			   "name",
			   model->meta.name);
		status->object = object_title(live, stage->arena);
		status->advice = "let it say the same, rename or delete it";
		return true;
	}
	return false;
}

size_t
rewrite_carry(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	const struct object *model, *live;
	size_t count = 0;

	for (size_t at = 0;
	     convert_rewrites(stage->world) && (model = next_model(stage, pair, &at)) != NULL;) {
		struct json *wanted = missing(stage, pair, model, &live);
		struct intent *intent;
		char *body;

		count += wanted != NULL;
		if (wanted == NULL || out == NULL) {
			json_free(wanted);
			continue;
		}
		body = json_text(wanted);
		intent = live == NULL ? intent_add(out, stage->arena, VERB_APPLY, KIND_REWRITE,
						   model->meta.ns, model->meta.name)
				      : intent_add_on(out, stage->arena, VERB_APPLY, live);
		intent->body = arena_string(stage->arena, body);
		intent->step = STEP_OBJECTIVES;
		intent->pair = pair_title(pair, stage->arena);
		intent->summary = arena_printf(stage->arena, "model %s to its %zu targets",
					       say_text(stage->arena, model->model.model_name),
					       model->model.target_count);
		free(body);
		json_free(wanted);
	}
	return count;
}

void
rewrite_uncarry(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	for (size_t i = 0; i < stage->world->count[KIND_REWRITE]; i++) {
		const struct object *found = stage->world->objects[KIND_REWRITE][i];
		const struct ref *pool = &found->rewrite.pool;
		struct intent *intent;

		if (!intent_ours(found) || !text_equal(pool->group, GROUP_GA) ||
		    !text_equal(pool->ns, pair->ns) || !text_equal(pool->name, pair->ga))
			continue;
		intent = intent_add_on(out, stage->arena, VERB_DELETE, found);
		intent->step = STEP_OBJECTIVES;
		intent->pair = pair_title(pair, stage->arena);
		intent->undo = true;
		intent->summary = "made by this program; deleted again";
	}
}
