#include "core/migrate/target.h"

#include <ctype.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/migrate/grant.h"
#include "core/migrate/pair.h"
#include "core/migrate/picker.h"
#include "core/migrate/places.h"
#include "core/migrate/putback.h"
#include "core/migrate/surgery.h"

#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"
#define FILE_MAX     (4 * BUF_MIB)

struct target {
	const struct stage *stage;
	struct target_file *files;
	size_t count, room;
};

static const char *
file_name(struct arena *arena, const char *ns, const char *kind, const char *name)
{
	char *text =
		arena_printf(arena, "%s%s%s.%s.yaml", ns, ns[0] == '\0' ? "" : ".", kind, name);
	size_t start = strlen(ns) + (ns[0] != '\0');

	for (size_t i = start; i < start + strlen(kind); i++)
		text[i] = (char)tolower((unsigned char)text[i]);
	return text;
}

/* Takes `json`. The first of a name stays: what is to be written comes before what is there. */
static void
add_file(struct target *target, enum kind kind, const char *ns, const char *name, struct json *json)
{
	struct arena *arena = target->stage->arena;
	const char *file = file_name(arena, ns, kind_row(kind)->object, name);
	struct buf yaml;

	for (size_t i = 0; i < target->count; i++)
		if (text_equal(target->files[i].name, file)) {
			json_free(json);
			return;
		}
	if (target->count == target->room) {
		struct target_file *old = target->files;

		target->room = target->room == 0 ? 32 : 2 * target->room;
		target->files = arena_array(arena, target->room, sizeof(*target->files));
		if (target->count > 0)
			memcpy(target->files, old, target->count * sizeof(*old));
	}
	buf_init(&yaml, FILE_MAX);
	yaml_print(json, &yaml);
	target->files[target->count++] =
		(struct target_file){ .name = file, .yaml = arena_string(arena, yaml.bytes) };
	buf_release(&yaml);
	json_free(json);
}

/* Without what a server fills in; NULL when the object is not known whole. */
static struct json *
manifest(const struct object *object)
{
	struct json *json = object_json(object), *clean, *metadata, *annotations;

	if (json == NULL)
		return NULL;
	clean = intent_sanitised(json);
	json_free(json);
	metadata = json_get_mutable(clean, "metadata");
	annotations = json_get_mutable(metadata, "annotations");
	json_remove(annotations, LAST_APPLIED);
	if (annotations != NULL && json_count(annotations) == 0)
		json_remove(metadata, "annotations");
	return clean;
}

static void
add_live(struct target *target, const struct object *object)
{
	struct json *json = object == NULL ? NULL : manifest(object);

	if (json != NULL)
		add_file(target, object->kind, object->meta.ns, object->meta.name, json);
}

static bool
add_intents(struct target *target, const struct intent_list *list, struct err *err)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct intent *intent = &list->items[i];
		struct json *json;

		if (intent->verb != VERB_APPLY && intent->verb != VERB_CREATE)
			continue;
		json = json_parse(intent->body, strlen(intent->body), err);
		if (json == NULL)
			return err_wrap(err, "%s", intent->title);
		add_file(target, intent->kind, intent->ns, intent->name, json);
	}
	return true;
}

static bool
is_for(const struct ref *ref, const struct pair *pair)
{
	return text_equal(ref->group, GROUP_GA) && text_equal(ref->name, pair->ga);
}

/* Whatever of the new stack stands already, whoever made it. */
static void
add_what_stands(struct target *target, const struct pair *pair)
{
	static const enum kind kinds[] = { KIND_BACKEND_POLICY, KIND_HEALTH_POLICY, KIND_OBJECTIVE,
					   KIND_REWRITE };
	const struct world *world = target->stage->world;
	const struct object *ga = pair_ga(world, pair);
	size_t count;
	struct picker_part *parts = picker_parts(world, ga, target->stage->arena, &count);

	add_live(target, ga);
	for (size_t i = 0; i < count; i++)
		if (parts[i].kept == NULL)
			add_live(target, parts[i].object);
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (size_t i = 0; i < world->count[kinds[k]]; i++) {
			const struct object *object = world->objects[kinds[k]][i];
			const struct ref *ref = kinds[k] == KIND_OBJECTIVE ? &object->objective.pool
						: kinds[k] == KIND_REWRITE ? &object->rewrite.pool
									   : &object->policy.target;

			if (text_equal(object->meta.ns, pair->ns) && is_for(ref, pair))
				add_live(target, object);
		}
}

struct ending { /* how a rule ends, by the places of its backendRefs */
	int64_t weights[SPLIT_MAX];
	bool gone[SPLIT_MAX];
};

/* The GA reference that takes over what alpha reference `at` has: the one of the same rank, or the
 * first. */
static size_t
heir_of(const struct pair *pair, const struct rule *rule, size_t at)
{
	size_t rank = 0, first = rule->backend_count;
	bool twins = surgery_count(pair, rule, SPLIT_ALPHA) == surgery_count(pair, rule, SPLIT_GA);

	for (size_t i = 0; twins && i < at; i++)
		rank += surgery_side(pair, &rule->backends[i].ref) == SPLIT_ALPHA;
	for (size_t i = 0; i < rule->backend_count; i++) {
		if (surgery_side(pair, &rule->backends[i].ref) != SPLIT_GA)
			continue;
		if (first == rule->backend_count)
			first = i;
		if (rank-- == 0)
			return i;
	}
	return first;
}

/* As the last shift writes it, so that this is what stands in the end. A reference that is still
 * to come beside an alpha one is counted as if it stood there, and what it gets is the alpha
 * one's, which is renamed to it. */
static void
shift_pair(const struct pair *pair, const struct rule *rule, struct ending *ending)
{
	bool attached = surgery_count(pair, rule, SPLIT_GA) > 0;
	size_t twins[SPLIT_MAX] = { 0 };
	struct split from = { .count = rule->backend_count }, to;

	for (size_t i = 0; i < rule->backend_count; i++) {
		enum split_side side = surgery_side(pair, &rule->backends[i].ref);

		from.parts[i] = (struct split_part){ side, ending->weights[i] };
		if (attached || side != SPLIT_ALPHA)
			continue;
		if (from.count == SPLIT_MAX)
			return;
		twins[i] = from.count;
		from.parts[from.count++] = (struct split_part){ SPLIT_GA, 0 };
	}
	if (!split_move(&from, PPM_ALL, &to, NULL))
		return;
	for (size_t i = 0; i < rule->backend_count; i++)
		ending->weights[i] = to.parts[twins[i] > 0 ? twins[i] : i].weight;
}

/* Where the pair is attached, its alpha references leave what they have to the GA ones. */
static void
end_pair(const struct pair *pair, const struct rule *rule, struct ending *ending)
{
	if (surgery_count(pair, rule, SPLIT_GA) == 0)
		return;
	for (size_t i = 0; i < rule->backend_count; i++) {
		if (surgery_side(pair, &rule->backends[i].ref) != SPLIT_ALPHA)
			continue;
		ending->weights[heir_of(pair, rule, i)] += ending->weights[i];
		ending->gone[i] = true;
	}
}

static struct json *
item_at(struct json *array, size_t index)
{
	struct json *item = json_first_mutable(array);

	while (item != NULL && index-- > 0)
		item = json_next_mutable(item);
	return item;
}

static void
end_rule(const struct target *target, const struct rule *rule, struct json *backends)
{
	const struct plan *plan = target->stage->plan;
	struct ending ending = { 0 };

	if (rule->backend_count > SPLIT_MAX)
		return;
	for (size_t i = 0; i < rule->backend_count; i++)
		ending.weights[i] = places_weight(&rule->backends[i]);
	for (size_t i = 0; i < plan->pair_count; i++) {
		const struct pair *pair = &plan->pairs[i];

		if (!pair->selected)
			continue;
		if (target->stage->settings->path == PATH_ZERO_DOWNTIME &&
		    surgery_count(pair, rule, SPLIT_ALPHA) > 0)
			shift_pair(pair, rule, &ending);
		end_pair(pair, rule, &ending);
	}
	for (size_t i = rule->backend_count; i-- > 0;)
		if (ending.gone[i])
			json_remove_item(backends, i);
		else if (ending.weights[i] != places_weight(&rule->backends[i]))
			json_set_integer(item_at(backends, i), "weight", ending.weights[i]);
}

/* Several pairs may share a route: each does its part on the same manifest. */
static bool
add_route(struct target *target, const struct object *route, struct err *err)
{
	const struct plan *plan = target->stage->plan;
	struct json *json = manifest(route);

	if (json == NULL)
		return err_set(err, ERR_MISSING,
			       "HTTPRoute %s/%s (%s) is not known whole; list it again",
			       route->meta.ns, route->meta.name, GROUP_GATEWAY);
	for (size_t r = 0; r < route->route.rule_count; r++)
		end_rule(target, &route->route.rules[r],
			 json_at_mutable(json, arena_printf(target->stage->arena,
							    "spec.rules[%zu].backendRefs", r)));
	for (size_t i = 0; i < plan->pair_count; i++) {
		struct surgery surgery = { .stage = target->stage,
					   .pair = &plan->pairs[i],
					   .route = route };

		if (plan->pairs[i].selected)
			putback_rename(&surgery, json);
	}
	add_file(target, KIND_ROUTE, route->meta.ns, route->meta.name, json);
	return true;
}

static bool
add_pair(struct target *target, const struct pair *pair, struct err *err)
{
	static const enum step_id steps[] = { STEP_POOL, STEP_OBJECTIVES };
	struct intent_list list = { 0 };
	const struct object *route;

	for (size_t i = 0; i < 2; i++)
		if (!step_row(steps[i])->writes(target->stage, pair, &list, err))
			return false;
	grant_carry(target->stage, pair, &list);
	if (!add_intents(target, &list, err))
		return false;
	add_what_stands(target, pair);
	for (size_t at = 0; (route = surgery_route(target->stage, pair, &at)) != NULL;)
		if (!add_route(target, route, err))
			return false;
	return true;
}

const struct target_file *
target_files(const struct stage *stage, size_t *count, struct err *err)
{
	struct target target = { .stage = stage };

	*count = 0;
	target.files = arena_array(stage->arena, 32, sizeof(*target.files));
	target.room = 32;
	for (size_t i = 0; i < stage->plan->pair_count; i++)
		if (stage->plan->pairs[i].selected &&
		    !add_pair(&target, &stage->plan->pairs[i], err))
			return NULL;
	*count = target.count;
	return target.files;
}
