#include "core/demo/models.h"

#include <string.h>

#include "core/base/text.h"
#include "core/demo/inside.h"
#include "core/model/kind.h"

/* One of the targets by their weights, its name in `field`; an unset weight counts as 1. NULL
 * without targets. */
static const char *
choose_target(struct demo *demo, const struct json *targets, const char *field)
{
	const struct json *target;
	int64_t total = 0;
	int64_t at;

	for (target = json_first(targets); target != NULL; target = json_next(target))
		total += json_integer_at(target, "weight", 1);
	if (total <= 0)
		return NULL;
	at = (int64_t)(inside_random(demo) % (uint64_t)total);
	for (target = json_first(targets); target != NULL; target = json_next(target)) {
		at -= json_integer_at(target, "weight", 1);
		if (at < 0)
			return json_string_at(target, field);
	}
	return NULL;
}

/* Whether an object's poolRef names the pool, its group too. */
static bool
is_of_pool(const struct json *object, const struct backend *pool)
{
	const char *group = json_string_at(object, "spec.poolRef.group");

	return text_equal(json_string_at(object, "spec.poolRef.name"), pool->name) &&
	       (group == NULL || strcmp(group, pool->group) == 0);
}

const char *
models_of_model(struct demo *demo, const struct backend *pool, const char *model, int64_t forgotten,
		bool *sheddable)
{
	const struct store_object *object = NULL;
	const struct json *value;
	const char *target;

	while ((object = store_next(demo->store, GROUP_ALPHA, "inferencemodels", pool->namespace,
				    object)) != NULL) {
		value = store_value(demo->store, object);
		if (object->version < forgotten || !is_of_pool(value, pool) ||
		    !text_equal(json_string_at(value, "spec.modelName"), model))
			continue;
		*sheddable = text_equal(json_string_at(value, "spec.criticality"), "Sheddable");
		target = choose_target(demo, json_at(value, "spec.targetModels"), "name");
		return target != NULL ? target : model;
	}
	return NULL;
}

/* A rule without matches is for every model, but gives way to one that names it. */
static bool
rule_matches(const struct json *rule, const char *model)
{
	const struct json *match;

	for (match = json_first(json_get(rule, "matches")); match != NULL; match = json_next(match))
		if (text_equal(json_string_at(match, "model.value"), model))
			return true;
	return false;
}

const char *
models_rewritten(struct demo *demo, const struct backend *pool, const char *model)
{
	const struct store_object *object = NULL;
	const struct json *value;
	const struct json *rule;
	const struct json *any = NULL;
	const char *target = NULL;

	while ((object = store_next(demo->store, GROUP_ALPHA, "inferencemodelrewrites",
				    pool->namespace, object)) != NULL) {
		value = store_value(demo->store, object);
		if (!is_of_pool(value, pool))
			continue;
		for (rule = json_first(json_at(value, "spec.rules")); rule != NULL;
		     rule = json_next(rule)) {
			if (rule_matches(rule, model))
				target = choose_target(demo, json_get(rule, "targets"),
						       "modelRewrite");
			if (target != NULL)
				return target;
			if (any == NULL && json_count(json_get(rule, "matches")) == 0)
				any = rule;
		}
	}
	target = choose_target(demo, json_get(any, "targets"), "modelRewrite");
	return target != NULL ? target : model;
}

int64_t
models_priority(struct demo *demo, const struct backend *pool, const char *objective,
		int64_t forgotten)
{
	const struct store_object *object =
		objective == NULL ? NULL
				  : store_get(demo->store, GROUP_ALPHA, "inferenceobjectives",
					      pool->namespace, objective);
	const struct json *value = object == NULL ? NULL : store_value(demo->store, object);

	if (value == NULL || object->version < forgotten || !is_of_pool(value, pool))
		return 0;
	return json_integer_at(value, "spec.priority", 0);
}
