#include "core/migrate/pairing.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/migrate/convert.h"
#include "core/migrate/pair.h"
#include "core/migrate/picker.h"
#include "core/migrate/places.h"
#include "core/migrate/say.h"
#include "core/migrate/variant.h"

/* "[NS/]NAME" against a pool; a bare name is of the namespace in scope. */
static bool
option_names(const struct settings *settings, const char *option, const char *ns, const char *alpha)
{
	const char *slash = strchr(option, '/'), *bare_ns = settings->ns;

	if (slash != NULL)
		return strlen(ns) == (size_t)(slash - option) &&
		       strncmp(option, ns, strlen(ns)) == 0 && strcmp(slash + 1, alpha) == 0;
	if (bare_ns == NULL)
		bare_ns = settings->default_ns != NULL ? settings->default_ns : "default";
	return strcmp(bare_ns, ns) == 0 && strcmp(option, alpha) == 0;
}

static bool
is_selected(const struct settings *settings, const char *ns, const char *alpha)
{
	if (settings->ns != NULL && strcmp(settings->ns, ns) != 0)
		return false;
	if (settings->pools == NULL)
		return true;
	for (size_t i = 0; settings->pools[i] != NULL; i++)
		if (option_names(settings, settings->pools[i], ns, alpha))
			return true;
	return false;
}

static const struct object *
ga_that_replaces(const struct world *world, const char *ns, const char *alpha)
{
	for (size_t i = 0; i < world->count[KIND_GA_POOL]; i++) {
		const struct object *ga = world->objects[KIND_GA_POOL][i];

		if (strcmp(ga->meta.ns, ns) == 0 &&
		    text_equal(kv_find(&ga->meta.annotations, CONVERT_ALPHA_POOL), alpha))
			return ga;
	}
	return NULL;
}

/* The GA pool that is there, or the name it will get. One that replaces another alpha pool is not
 * ours, whatever its name. */
static const struct object *
find_ga(const struct assess_input *input, const struct pair *pair, struct arena *arena,
	const char **name)
{
	const struct object *ga = ga_that_replaces(input->world, pair->ns, pair->alpha);

	if (ga != NULL) {
		*name = say_text(arena, ga->meta.name);
		return ga;
	}
	*name = pair->selected && input->settings->ga_name != NULL
			? say_text(arena, input->settings->ga_name)
			: convert_ga_name(pair->alpha, arena);
	ga = world_find(input->world, KIND_GA_POOL, pair->ns, *name);
	return ga == NULL || kv_find(&ga->meta.annotations, CONVERT_ALPHA_POOL) != NULL ? NULL : ga;
}

static void
count_pods(const struct world *world, const struct object *pool, struct pair *pair)
{
	for (size_t i = 0; i < world->count[KIND_POD]; i++) {
		const struct object *pod = world->objects[KIND_POD][i];

		if (strcmp(pod->meta.ns, pool->meta.ns) != 0 ||
		    !kv_covers(&pod->meta.labels, &pool->pool.selector))
			continue;
		pair->pods++;
		pair->pods_ready += pod->pod.ready && pod->meta.deleting == 0;
	}
}

static struct picker_view
view_picker(const struct world *world, const struct object *pool, struct arena *arena)
{
	struct picker picker = picker_find(world, pool);
	struct picker_view view = { .name = "", .deployment = "" };

	if (pool != NULL)
		view.name = say_text(arena, pool->pool.picker.name);
	if (picker.deployment != NULL) {
		view.deployment = say_text(arena, picker.deployment->meta.name);
		view.ready = picker.deployment->deployment.ready;
		view.desired = picker.deployment->deployment.desired;
	}
	return view;
}

static bool
belongs_to(const struct object *model, const struct pair *pair)
{
	const struct ref *pool = &model->model.pool;

	return strcmp(model->meta.ns, pair->ns) == 0 && strcmp(pool->name, pair->alpha) == 0 &&
	       text_equal(pool->group, GROUP_ALPHA);
}

static struct plan_model
view_model(const struct assess_input *input, const struct object *model, const struct pair *pair,
	   struct arena *arena)
{
	struct plan_model view = {
		.name = say_text(arena, model->meta.name),
		.model_name = say_text(arena, model->model.model_name),
		.criticality = say_text(arena, model->model.criticality),
		.objective = say_text(arena, model->meta.name),
		.priority = convert_priority(input->settings, model),
		.asked = convert_priority_asked(input->settings, model),
	};
	const struct object *objective =
		world_find(input->world, KIND_OBJECTIVE, model->meta.ns, model->meta.name);

	/* What an earlier console was asked for stands in the cluster: nobody has to ask again. */
	if (objective != NULL && !view.asked && intent_ours(objective) &&
	    objective->objective.has_priority)
		view.priority = objective->objective.priority;
	view.carried = objective != NULL && objective->objective.has_priority &&
		       objective->objective.priority == view.priority &&
		       text_equal(objective->objective.pool.group, GROUP_GA) &&
		       text_equal(objective->objective.pool.name, pair->ga);
	return view;
}

/* Of the world, and of the journal where the world has them no longer. */
static void
add_models(const struct assess_input *input, const struct memory *memory, struct pair *pair,
	   struct arena *arena)
{
	const struct world *world = input->world;
	const char *title = pair_title(pair, arena);
	const struct object *model;
	struct plan_model *models;
	size_t room = world->count[KIND_MODEL] + memory->count;

	if (room == 0)
		return;
	models = arena_array(arena, room, sizeof(*models));
	for (size_t i = 0; i < world->count[KIND_MODEL]; i++) {
		model = world->objects[KIND_MODEL][i];
		if (belongs_to(model, pair))
			models[pair->model_count++] = view_model(input, model, pair, arena);
	}
	for (size_t at = 0; (model = memory_next(memory, title, KIND_MODEL, &at)) != NULL;)
		models[pair->model_count++] = view_model(input, model, pair, arena);
	pair->models = models;
}

struct making {
	const struct assess_input *input;
	const struct memory *memory;
	const struct reflist *list;
	struct arena *arena;
};

/* `alpha_pool` NULL when it is gone; `was` is the one before that, if it is remembered. */
static struct pair
pair_make(const struct making *making, const char *ns, const char *alpha,
	  const struct object *alpha_pool, const struct object *was)
{
	const struct assess_input *input = making->input;
	struct arena *arena = making->arena;
	struct pair pair = {
		.ns = say_text(arena, ns),
		.alpha = say_text(arena, alpha),
		.alpha_uid = alpha_pool == NULL ? "" : say_text(arena, alpha_pool->meta.uid),
		.selected = is_selected(input->settings, ns, alpha),
		.helm_release = "",
		.observed = PPM_UNKNOWN,
		.wanted = PPM_UNKNOWN,
	};
	const struct object *ga = find_ga(input, &pair, arena, &pair.ga);
	const struct object *pods_of = alpha_pool != NULL ? alpha_pool : ga != NULL ? ga : was;
	const char *release = NULL;

	pair.ga_uid = ga == NULL ? "" : say_text(arena, ga->meta.uid);
	if (alpha_pool != NULL)
		release = kv_find(&alpha_pool->meta.annotations, "meta.helm.sh/release-name");
	if (release != NULL)
		pair.helm_release = say_text(arena, release);
	if (pods_of != NULL)
		count_pods(input->world, pods_of, &pair);
	pair.alpha_picker = view_picker(input->world, alpha_pool, arena);
	pair.ga_picker = view_picker(input->world, ga, arena);
	if (ga == NULL)
		pair.offers = variant_offers(
			input->settings,
			memory_old_picker(input->world, making->memory, &pair, arena), arena,
			&pair.offer_count);
	pair.places =
		places_new(making->list, pair.ns, pair.alpha, pair.ga, arena, &pair.place_count);
	pair.written = places_ppm(pair.places, pair.place_count);
	if (input->wanted != NULL)
		pair.wanted = input->wanted(input->wanted_self, ns, alpha);
	if (pair.wanted == PPM_UNKNOWN && pair.written >= 0)
		pair.wanted = pair.written;
	add_models(input, making->memory, &pair, arena);
	for (size_t i = 0; i < STEP_COUNT; i++)
		pair.steps[i] = (struct step_status){
			.state = STATE_UNKNOWN, .reason = "", .object = "", .advice = ""
		};
	return pair;
}

static int
pair_compare(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;
	int order = strcmp(left->ns, right->ns);

	return order != 0 ? order : strcmp(left->alpha, right->alpha);
}

static bool
is_known(const struct pair *pairs, size_t count, const char *ns, const char *alpha)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(pairs[i].ns, ns) == 0 && strcmp(pairs[i].alpha, alpha) == 0)
			return true;
	return false;
}

/* Deleted by a clean-up, and no GA pool took their place yet. */
static void
add_remembered(const struct making *making, struct pair *pairs, size_t *count)
{
	const struct memory *memory = making->memory;

	for (size_t i = 0; i < memory->count; i++) {
		const struct object *was = memory->items[i].object;

		if (was->kind == KIND_ALPHA_POOL &&
		    !is_known(pairs, *count, was->meta.ns, was->meta.name))
			pairs[(*count)++] =
				pair_make(making, was->meta.ns, was->meta.name, NULL, was);
	}
}

struct pair *
pairing_new(const struct assess_input *input, const struct memory *memory,
	    const struct reflist *list, struct arena *arena, size_t *count)
{
	const struct world *world = input->world;
	struct making making = { .input = input, .memory = memory, .list = list, .arena = arena };
	size_t alphas = world->count[KIND_ALPHA_POOL], gas = world->count[KIND_GA_POOL];
	struct pair *pairs;

	*count = 0;
	if (alphas + gas + memory->count == 0)
		return NULL;
	pairs = arena_array(arena, alphas + gas + memory->count, sizeof(*pairs));
	for (size_t i = 0; i < alphas; i++) {
		const struct object *pool = world->objects[KIND_ALPHA_POOL][i];

		pairs[(*count)++] = pair_make(&making, pool->meta.ns, pool->meta.name, pool, NULL);
	}
	for (size_t i = 0; i < gas; i++) {
		const struct object *ga = world->objects[KIND_GA_POOL][i];
		const char *alpha = kv_find(&ga->meta.annotations, CONVERT_ALPHA_POOL);

		if (alpha != NULL && *alpha != '\0' &&
		    world_find(world, KIND_ALPHA_POOL, ga->meta.ns, alpha) == NULL &&
		    ga_that_replaces(world, ga->meta.ns, alpha) == ga)
			pairs[(*count)++] = pair_make(&making, ga->meta.ns, alpha, NULL, NULL);
	}
	add_remembered(&making, pairs, count);
	qsort(pairs, *count, sizeof(*pairs), pair_compare);
	return pairs;
}
