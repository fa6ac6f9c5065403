/* step_detach - the alpha pool out of every route, before anything takes its place: the downtime of
 * the simple procedure begins here. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/grant.h"
#include "core/migrate/keeper.h"
#include "core/migrate/pair.h"
#include "core/migrate/past.h"
#include "core/migrate/putback.h"
#include "core/migrate/rows.h"
#include "core/migrate/say.h"
#include "core/migrate/surgery.h"

static void detach_check(const struct stage *, const struct pair *, struct step_status *);
static bool
detach_writes(const struct stage *, const struct pair *, struct intent_list *, struct err *);
static enum verdict detach_verify(const struct stage *, const struct pair *, struct step_status *);
static bool
detach_back(const struct stage *, const struct pair *, struct intent_list *, struct err *);

static const enum kind detach_needs[] = { KIND_ALPHA_POOL, KIND_GA_POOL, KIND_ROUTE, KIND_COUNT };

const struct step step_detach = {
	.id = STEP_DETACH,
	.name = "detach",
	.key = 'E',
	.scope = SCOPE_POOL,
	.title = "take the α pool out of the routes",
	.help = "Removes the backendRefs and mirrors of the α pool from every HTTPRoute. From here "
		"on its requests are not answered until the GA pool is attached. A route that has "
		"no other backend stays, empty, or is deleted if that was asked for; a copy of "
		"every route is kept in the journal.",
	.undo = "the references are put back where they were, and deleted routes created again; "
		"uid, age and status of those are new",
	.risk = RISK_TRAFFIC,
	.patience = 60 * SECOND,
	.needs = detach_needs,
	.check = detach_check,
	.writes = detach_writes,
	.verify = detach_verify,
	.back = detach_back,
};

/* What would stop a later step is found before there is downtime, not in the middle of it. */
static bool
blocked_later(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	static const enum step_id later[] = { STEP_POOL, STEP_OBJECTIVES };

	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++) {
		step_row(later[i])->check(stage, pair, status);
		if (status->state == STATE_BLOCKED)
			return true;
	}
	return grant_blocked(stage, pair, status) || keeper_blocks_routes(stage, pair, status);
}

static const struct place *
first_place(const struct pair *pair)
{
	for (size_t i = 0; i < pair->place_count; i++)
		if (pair->places[i].alpha_weight >= 0)
			return &pair->places[i];
	return NULL;
}

static void
detach_check(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	struct past_of of = { .step = STEP_DETACH, .pair = pair_title(pair, stage->arena) };

	if (first_place(pair) != NULL) {
		if (!blocked_later(stage, pair, status))
			say_status(status, stage->arena, STATE_READY, "%s", "");
		return;
	}
	if (pair->place_count == 0 && !past_stands(stage->journal, of))
		say_status(status, stage->arena, STATE_SKIPPED, "no HTTPRoute names the pool");
	else
		say_status(status, stage->arena, STATE_DONE, "%s", "");
}

/* The mirrors to the alpha pool out of a list of filters; how many there were. */
static size_t
drop_mirrors(const struct surgery *surgery, struct json *filters)
{
	size_t dropped = 0;

	for (size_t i = json_count(filters); i-- > 0;)
		if (putback_names_alpha(
			    surgery, json_at(json_item(filters, i), "requestMirror.backendRef"))) {
			json_remove_item(filters, i);
			dropped++;
		}
	return dropped;
}

static size_t
drop_backends(const struct surgery *surgery, struct json *backends)
{
	size_t dropped = 0;

	for (size_t i = json_count(backends); i-- > 0;)
		if (putback_names_alpha(surgery, json_item(backends, i))) {
			json_remove_item(backends, i);
			dropped++;
		}
	for (struct json *c = json_first_mutable(backends); c != NULL; c = json_next_mutable(c))
		dropped += drop_mirrors(surgery, json_get_mutable(c, "filters"));
	return dropped;
}

static void
describe(struct surgery *surgery, const struct rule *rule)
{
	const struct pair *pair = surgery->pair;

	for (size_t i = 0; i < rule->backend_count; i++)
		if (surgery_side(pair, &rule->backends[i].ref) == SPLIT_ALPHA)
			surgery_line(surgery, "rules[%d].backendRefs[%d]  - α %s weight %lld",
				     rule->index, rule->backends[i].index, pair->alpha,
				     (long long)rule->backends[i].weight);
	for (size_t i = 0; i < rule->mirror_count; i++)
		if (surgery_side(pair, &rule->mirrors[i].ref) == SPLIT_ALPHA)
			surgery_line(surgery, "rules[%d]  - mirror to α %s", rule->index,
				     pair->alpha);
}

/* Whole lists: what was taken out here is known later by the journal alone, so it has to be plain
 * from the cluster whether a write whose answer was lost has been done. */
static void
detach_rule(struct surgery *surgery, const struct rule *rule, const struct json *route)
{
	const struct json *was =
		json_at(route, arena_printf(surgery->stage->arena, "spec.rules[%d]", rule->index));
	struct json *filters = json_clone(json_get(was, "filters"));
	struct json *backends = json_clone(json_get(was, "backendRefs"));

	if (drop_mirrors(surgery, filters) > 0)
		surgery_replace(surgery, rule->index, "filters", json_clone(filters));
	if (drop_backends(surgery, backends) > 0)
		surgery_replace(surgery, rule->index, "backendRefs", json_clone(backends));
	describe(surgery, rule);
	json_free(filters);
	json_free(backends);
}

/* Nothing but this pool behind it, now and before any other pair was taken out of it: what another
 * pair put back would have to find the route. */
static bool
is_left_empty(const struct stage *stage, const struct pair *pair, const struct object *object)
{
	const struct route *route = &object->route;

	for (size_t i = 0; i < route->rule_count; i++)
		if (route->rules[i].backend_count == 0 ||
		    surgery_count(pair, &route->rules[i], SPLIT_ALPHA) !=
			    route->rules[i].backend_count)
			return false;
	for (size_t i = 0; i < stage->plan->pair_count; i++) {
		struct past_of of = { .step = STEP_DETACH };

		of.pair = pair_title(&stage->plan->pairs[i], stage->arena);
		if (past_first(stage->journal, of, KIND_ROUTE, object->meta.ns,
			       object->meta.name) != NULL)
			return false;
	}
	return route->rule_count > 0;
}

static void
delete_route(const struct stage *stage, const struct pair *pair, const struct object *route,
	     struct intent_list *out)
{
	struct intent *intent = intent_add_on(out, stage->arena, VERB_DELETE, route);

	intent->step = STEP_DETACH;
	intent->pair = pair_title(pair, stage->arena);
	intent->title = say_title(stage->arena, KIND_ROUTE, route->meta.ns, route->meta.name);
	intent->summary = "deleted: nothing is left behind it; made again from its copy by attach";
}

static bool
detach_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	      struct err *err)
{
	struct surgery surgery = { .stage = stage, .pair = pair, .step = STEP_DETACH, .out = out };
	const struct object *route;
	struct json *json;

	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;) {
		if (stage->settings->delete_routes && is_left_empty(stage, pair, route)) {
			delete_route(stage, pair, route, out);
			continue;
		}
		json = object_json(route);
		if (json == NULL)
			return err_set(err, ERR_MISSING,
				       "HTTPRoute %s/%s (%s) is not known whole; list it again",
				       route->meta.ns, route->meta.name, GROUP_GATEWAY);
		surgery_begin(&surgery, route);
		for (size_t i = 0; i < route->route.rule_count; i++)
			detach_rule(&surgery, &route->route.rules[i], json);
		surgery_end(&surgery);
		json_free(json);
	}
	return true;
}

static enum verdict
detach_verify(const struct stage *stage, const struct pair *pair, struct step_status *why)
{
	const struct place *place = first_place(pair);

	if (place == NULL)
		return VERDICT_PASS;
	say_status(why, stage->arena, STATE_WAITING, "rules[%d] still names the α pool",
		   place->rule);
	why->object = say_title(stage->arena, KIND_ROUTE, place->route_ns, place->route);
	return VERDICT_WAIT;
}

static void
create_again(const struct stage *stage, const struct journal_record *record,
	     struct intent_list *out)
{
	struct arena *arena = stage->arena;
	struct intent *intent = intent_add(out, arena, VERB_CREATE, KIND_ROUTE, record->intent.ns,
					   record->intent.name);

	intent->body = arena_string(arena, record->before);
	intent->step = STEP_DETACH;
	intent->pair = arena_string(arena, record->intent.pair);
	intent->undo = true;
	intent->title = say_title(arena, KIND_ROUTE, intent->ns, intent->name);
	intent->summary = "created again as it was before it was deleted";
}

static bool
put_back_one(struct surgery *surgery, const struct journal_record *record, struct err *err)
{
	const struct object *route = world_find(surgery->stage->world, KIND_ROUTE,
						record->intent.ns, record->intent.name);
	struct json *before;
	bool fits;

	if (route == NULL && record->intent.verb == VERB_DELETE) {
		create_again(surgery->stage, record, surgery->out);
		return true;
	}
	if (route == NULL)
		return err_set(err, ERR_MISSING,
			       "HTTPRoute %s/%s (%s) was deleted by somebody after the α pool was "
			       "taken out of it; create it again, its copy is in the journal",
			       record->intent.ns, record->intent.name, GROUP_GATEWAY);
	before = json_parse(record->before, strlen(record->before), err);
	if (before == NULL)
		return err_wrap(err, "What %s was before cannot be read from the journal",
				record->intent.title);
	surgery_begin(surgery, route);
	fits = putback_route(surgery, before, NULL, false, err);
	surgery_end(surgery);
	json_free(before);
	return fits;
}

static bool
detach_back(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	    struct err *err)
{
	struct past_of of = { .step = STEP_DETACH, .pair = pair_title(pair, stage->arena) };
	struct surgery surgery = {
		.stage = stage, .pair = pair, .step = STEP_DETACH, .undo = true, .out = out
	};
	const struct journal_record **records;
	size_t count = 0;
	bool fits = true;

	if (pair->alpha_uid[0] == '\0')
		return err_set(err, ERR_MISSING,
			       "InferencePool %s/%s (%s) is gone; take back the clean-up first",
			       pair->ns, pair->alpha, GROUP_ALPHA);
	if (stage->journal != NULL)
		journal_records(stage->journal, &count);
	records = arena_array(stage->arena, count + 1, sizeof(*records));
	count = past_standing(stage->journal, of, records);
	for (size_t i = 0; fits && i < count; i++)
		fits = put_back_one(&surgery, records[i], err);
	return fits;
}
