#include "core/migrate/grant.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/migrate/convert.h"
#include "core/migrate/memory.h"
#include "core/migrate/pair.h"
#include "core/migrate/past.h"
#include "core/migrate/say.h"

static bool
is_of_pool(const struct ref *to, const char *group, const char *pool)
{
	return text_equal(to->group, group) && text_equal(to->kind, "InferencePool") &&
	       (to->name[0] == '\0' || text_equal(to->name, pool));
}

static bool
lets_in_from(const struct grant *grant, const char *ns)
{
	for (size_t i = 0; i < grant->from_count; i++)
		if (text_equal(grant->from[i].group, GROUP_GATEWAY) &&
		    text_equal(grant->from[i].kind, "HTTPRoute") &&
		    text_equal(grant->from[i].ns, ns))
			return true;
	return false;
}

static bool
covers(const struct grant *grant, const char *group, const char *pool)
{
	for (size_t i = 0; i < grant->to_count; i++)
		if (is_of_pool(&grant->to[i], group, pool))
			return true;
	return false;
}

/* Some grant lets HTTPRoutes of `from` name that pool. */
static bool
is_let_in(const struct stage *stage, const struct pair *pair, const char *from, const char *group,
	  const char *pool)
{
	for (size_t i = 0; i < stage->world->count[KIND_GRANT]; i++) {
		const struct object *object = stage->world->objects[KIND_GRANT][i];

		if (text_equal(object->meta.ns, pair->ns) && covers(&object->grant, group, pool) &&
		    lets_in_from(&object->grant, from))
			return true;
	}
	return false;
}

/* The grants of the pair's namespace for its alpha pool, those that are gone last: start at 0. */
static const struct object *
next_alpha(const struct stage *stage, const struct pair *pair, size_t *at)
{
	const struct world *world = stage->world;
	const struct object *object;
	size_t past;

	while (*at < world->count[KIND_GRANT]) {
		object = world->objects[KIND_GRANT][(*at)++];
		if (text_equal(object->meta.ns, pair->ns) &&
		    covers(&object->grant, GROUP_ALPHA, pair->alpha))
			return object;
	}
	/* One for any pool went with the last pair of the namespace, whichever that was. */
	past = *at - world->count[KIND_GRANT];
	do
		object = memory_next(stage->memory, NULL, KIND_GRANT, &past);
	while (object != NULL && (!text_equal(object->meta.ns, pair->ns) ||
				  !covers(&object->grant, GROUP_ALPHA, pair->alpha)));
	*at = world->count[KIND_GRANT] + past;
	return object;
}

/* One for any alpha pool becomes one for any GA pool; one that names the pool is the pair's own. */
static const char *
new_name(const struct stage *stage, const struct pair *pair, const struct object *alpha)
{
	for (size_t i = 0; i < alpha->grant.to_count; i++)
		if (is_of_pool(&alpha->grant.to[i], GROUP_ALPHA, pair->alpha) &&
		    alpha->grant.to[i].name[0] != '\0')
			return arena_printf(stage->arena, "%.120s-%.120s", alpha->meta.name,
					    pair->ga);
	return convert_ga_name(alpha->meta.name, stage->arena);
}

static struct json *
new_grant(const struct stage *stage, const struct pair *pair, const struct object *alpha)
{
	struct json *old = object_json(alpha), *json = json_new_object(), *metadata, *spec, *to;

	json_set_string(json, "apiVersion", kind_api_version(KIND_GRANT));
	json_set_string(json, "kind", kind_row(KIND_GRANT)->object);
	metadata = json_set_object(json, "metadata");
	json_set_string(metadata, "name", new_name(stage, pair, alpha));
	json_set_string(metadata, "namespace", pair->ns);
	spec = json_set_object(json, "spec");
	json_set(spec, "from", json_clone(json_at(old, "spec.from")));
	to = json_set_array(spec, "to");
	for (size_t i = 0; i < alpha->grant.to_count; i++) {
		const struct ref *ref = &alpha->grant.to[i];
		struct json *entry;

		if (!is_of_pool(ref, GROUP_ALPHA, pair->alpha))
			continue;
		entry = json_append(to, json_new_object());
		json_set_string(entry, "group", GROUP_GA);
		json_set_string(entry, "kind", "InferencePool");
		if (ref->name[0] != '\0')
			json_set_string(entry, "name", pair->ga);
	}
	json_free(old);
	return json;
}

/* Whoever comes through the alpha grant comes through to the GA pool already. */
static bool
is_carried(const struct stage *stage, const struct pair *pair, const struct object *alpha)
{
	const struct grant *grant = &alpha->grant;

	for (size_t i = 0; i < grant->from_count; i++)
		if (text_equal(grant->from[i].group, GROUP_GATEWAY) &&
		    text_equal(grant->from[i].kind, "HTTPRoute") &&
		    !is_let_in(stage, pair, grant->from[i].ns, GROUP_GA, pair->ga))
			return false;
	return true;
}

static bool
blocked_by_name(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct object *alpha;

	for (size_t at = 0; (alpha = next_alpha(stage, pair, &at)) != NULL;) {
		const struct object *taken = world_find(stage->world, KIND_GRANT, pair->ns,
							new_name(stage, pair, alpha));

		if (is_carried(stage, pair, alpha) || taken == NULL || intent_ours(taken))
			continue;
		say_status(status, stage->arena, STATE_BLOCKED,
			   "an object of this name is there already and belongs to somebody else");
		status->object = object_title(taken, stage->arena);
		status->advice = arena_printf(
			stage->arena, "let it allow pools of %s too, or delete it", GROUP_GA);
		return true;
	}
	return false;
}

/* The first namespace but `seen` whose HTTPRoutes it lets in. */
static const char *
unseen_from(const struct grant *grant, const char *seen)
{
	for (size_t i = 0; i < grant->from_count; i++)
		if (text_equal(grant->from[i].group, GROUP_GATEWAY) &&
		    text_equal(grant->from[i].kind, "HTTPRoute") &&
		    !text_equal(grant->from[i].ns, seen))
			return grant->from[i].ns;
	return NULL;
}

static bool
block_unseen(const struct stage *stage, const struct pair *pair, const char *from, const char *seen,
	     struct step_status *status)
{
	say_status(status, stage->arena, STATE_BLOCKED,
		   "HTTPRoutes of namespace %s may name it, and only namespace %s is looked at",
		   from, seen);
	status->object = say_title(stage->arena, KIND_ALPHA_POOL, pair->ns, pair->alpha);
	status->advice = "look at all namespaces: without -n, with the right to list HTTPRoutes in "
			 "all of them";
	return true;
}

bool
grant_unseen(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	static const enum kind grants[] = { KIND_GRANT, KIND_COUNT };
	const char *seen = stage->world->view[KIND_ROUTE].ns;

	if (*seen == '\0')
		return false;
	if (!text_equal(seen, pair->ns))
		return block_unseen(stage, pair, pair->ns, seen, status);
	if (say_unknown(status, stage->arena, stage->world, grants))
		return true;
	for (size_t i = 0; i < stage->world->count[KIND_GRANT]; i++) {
		const struct object *object = stage->world->objects[KIND_GRANT][i];
		const char *from = unseen_from(&object->grant, seen);

		if (from != NULL && text_equal(object->meta.ns, pair->ns) &&
		    covers(&object->grant, GROUP_ALPHA, pair->alpha))
			return block_unseen(stage, pair, from, seen, status);
	}
	return false;
}

bool
grant_blocked(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	static const enum kind grants[] = { KIND_GRANT, KIND_COUNT };

	for (size_t i = 0; i < pair->place_count; i++) {
		const struct place *place = &pair->places[i];

		if (text_equal(place->route_ns, pair->ns))
			continue;
		if (say_unknown(status, stage->arena, stage->world, grants))
			return true;
		if (is_let_in(stage, pair, place->route_ns, GROUP_GA, pair->ga) ||
		    is_let_in(stage, pair, place->route_ns, GROUP_ALPHA, pair->alpha))
			continue;
		say_status(status, stage->arena, STATE_BLOCKED,
			   "no ReferenceGrant in namespace %s lets HTTPRoutes of namespace %s name "
			   "pools of %s",
			   pair->ns, place->route_ns, GROUP_GA);
		status->object = say_title(stage->arena, KIND_ROUTE, place->route_ns, place->route);
		status->advice = arena_printf(stage->arena,
					      "add to the ReferenceGrant in %s: to: group %s, kind "
					      "InferencePool",
					      pair->ns, GROUP_GA);
		return true;
	}
	return grant_unseen(stage, pair, status) || blocked_by_name(stage, pair, status);
}

static void
add_carried(const struct stage *stage, const struct pair *pair, const struct object *alpha,
	    struct intent_list *out)
{
	const char *name = new_name(stage, pair, alpha);
	const struct object *live = world_find(stage->world, KIND_GRANT, pair->ns, name);
	struct json *json = new_grant(stage, pair, alpha);
	char *body = json_text(json);
	struct intent *intent =
		live == NULL ? intent_add(out, stage->arena, VERB_APPLY, KIND_GRANT, pair->ns, name)
			     : intent_add_on(out, stage->arena, VERB_APPLY, live);

	intent->body = arena_string(stage->arena, body);
	intent->step = STEP_ATTACH;
	intent->pair = pair_title(pair, stage->arena);
	intent->summary = arena_printf(stage->arena, "as %s, for pools of %s",
				       say_text(stage->arena, alpha->meta.name), GROUP_GA);
	free(body);
	json_free(json);
}

size_t
grant_carry(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	const struct object *alpha;
	size_t count = 0;

	for (size_t at = 0; (alpha = next_alpha(stage, pair, &at)) != NULL;) {
		if (is_carried(stage, pair, alpha))
			continue;
		count++;
		if (out != NULL)
			add_carried(stage, pair, alpha, out);
	}
	return count;
}

/* Another pair's routes come in through it. */
static bool
others_need(const struct stage *stage, const struct pair *pair, const struct object *grant)
{
	for (size_t i = 0; i < stage->plan->pair_count; i++) {
		const struct pair *other = &stage->plan->pairs[i];

		if (other == pair || !text_equal(other->ns, pair->ns) ||
		    !covers(&grant->grant, GROUP_GA, other->ga))
			continue;
		for (size_t j = 0; j < other->place_count; j++)
			if (other->places[j].ga_weight >= 0 &&
			    !text_equal(other->places[j].route_ns, other->ns))
				return true;
	}
	return false;
}

static struct intent *
add_write(const struct stage *stage, const struct pair *pair, enum verb verb,
	  const struct object *grant, enum step_id step, struct intent_list *out)
{
	struct intent *intent = intent_add_on(out, stage->arena, verb, grant);

	intent->step = step;
	intent->pair = pair_title(pair, stage->arena);
	intent->title = say_title(stage->arena, KIND_GRANT, grant->meta.ns, grant->meta.name);
	return intent;
}

void
grant_uncarry(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	for (size_t i = 0; i < stage->world->count[KIND_GRANT]; i++) {
		const struct object *grant = stage->world->objects[KIND_GRANT][i];
		struct intent *intent;

		if (!text_equal(grant->meta.ns, pair->ns) || !intent_ours(grant) ||
		    !covers(&grant->grant, GROUP_GA, pair->ga) || others_need(stage, pair, grant))
			continue;
		intent = add_write(stage, pair, VERB_DELETE, grant, STEP_ATTACH, out);
		intent->undo = true;
		intent->summary = "made by this program; deleted again";
	}
}

/* The last alpha pool of its namespace takes the grant for all of them along. */
static bool
goes_with(const struct stage *stage, const struct pair *pair, const struct ref *to)
{
	const struct world *world = stage->world;

	if (!is_of_pool(to, GROUP_ALPHA, pair->alpha))
		return false;
	for (size_t i = 0; to->name[0] == '\0' && i < world->count[KIND_ALPHA_POOL]; i++) {
		const struct meta *other = &world->objects[KIND_ALPHA_POOL][i]->meta;

		if (text_equal(other->ns, pair->ns) && !text_equal(other->name, pair->alpha))
			return false;
	}
	return true;
}

/* The whole list: it can be seen later whether that was done, even if the answer was lost. Takes
 * `to`. */
static void
add_patch(const struct stage *stage, const struct pair *pair, const struct object *grant,
	  struct json *to, bool undo, struct intent_list *out)
{
	struct intent *intent = add_write(stage, pair, VERB_PATCH, grant, STEP_CLEANUP, out);
	struct json *operations = json_new_array();
	struct json *operation = json_append(operations, json_new_object());
	char *body;

	json_set_string(operation, "op", "replace");
	json_set_string(operation, "path", "/spec/to");
	json_set(operation, "value", to);
	body = json_text(operations);
	intent->undo = undo;
	intent->body = arena_string(stage->arena, body);
	intent->summary = arena_printf(
		stage->arena, "spec.to  %s α pools; what else it allows stays", undo ? "+" : "-");
	free(body);
	json_free(operations);
}

void
grant_remove(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	for (size_t i = 0; i < stage->world->count[KIND_GRANT]; i++) {
		const struct object *object = stage->world->objects[KIND_GRANT][i];
		const struct grant *grant = &object->grant;
		struct json *live, *left;

		if (!text_equal(object->meta.ns, pair->ns) || object->meta.deleting != 0)
			continue;
		live = object_json(object);
		left = json_clone(json_at(live, "spec.to"));
		for (size_t j = grant->to_count; j-- > 0;)
			if (goes_with(stage, pair, &grant->to[j]))
				json_remove_item(left, j);
		if (grant->to_count > 0 && json_count(left) == 0)
			add_write(stage, pair, VERB_DELETE, object, STEP_CLEANUP, out)->summary =
				"deleted; a copy is kept in the journal";
		else if (json_count(left) < grant->to_count)
			add_patch(stage, pair, object, json_clone(left), false, out);
		json_free(left);
		json_free(live);
	}
}

/* The entries of before that are not there now, each at its old place or at the end. */
static void
put_back(const struct stage *stage, const struct pair *pair, const struct object *grant,
	 const struct json *before, struct intent_list *out)
{
	struct json *live = object_json(grant), *to = json_clone(json_at(live, "spec.to"));
	size_t index = 0;
	bool changed = false;

	for (const struct json *c = json_first(json_at(before, "spec.to")); c != NULL;
	     c = json_next(c), index++) {
		bool found = false;

		for (const struct json *n = json_first(to); n != NULL; n = json_next(n))
			found |= json_equal(c, n);
		if (!found)
			json_insert(to, index, json_clone(c));
		changed |= !found;
	}
	if (changed)
		add_patch(stage, pair, grant, to, true, out);
	else
		json_free(to);
	json_free(live);
}

void
grant_put_back(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	struct past_of of = { .step = STEP_CLEANUP, .pair = pair_title(pair, stage->arena) };

	for (size_t i = 0; i < stage->world->count[KIND_GRANT]; i++) {
		const struct object *grant = stage->world->objects[KIND_GRANT][i];
		const struct journal_record *record = past_first(stage->journal, of, KIND_GRANT,
								 grant->meta.ns, grant->meta.name);
		struct json *before;

		if (record == NULL || record->intent.verb != VERB_PATCH)
			continue;
		before = json_parse(record->before, strlen(record->before), NULL);
		put_back(stage, pair, grant, before, out);
		json_free(before);
	}
}
