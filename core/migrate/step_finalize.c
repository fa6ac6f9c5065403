/* step_finalize - the alpha pool out of the routes, and the time its open answers still need. */
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/answers.h"
#include "core/migrate/keeper.h"
#include "core/migrate/pair.h"
#include "core/migrate/past.h"
#include "core/migrate/putback.h"
#include "core/migrate/rows.h"
#include "core/migrate/say.h"
#include "core/migrate/surgery.h"

static void finalize_check(const struct stage *, const struct pair *, struct step_status *);
static bool
finalize_writes(const struct stage *, const struct pair *, struct intent_list *, struct err *);
static enum verdict
finalize_verify(const struct stage *, const struct pair *, struct step_status *);
static bool
finalize_back(const struct stage *, const struct pair *, struct intent_list *, struct err *);

static const enum kind finalize_needs[] = { KIND_ALPHA_POOL, KIND_GA_POOL, KIND_ROUTE, KIND_COUNT };

const struct step step_finalize = {
	.id = STEP_FINALIZE,
	.name = "finalize",
	.key = 'F',
	.scope = SCOPE_POOL,
	.title = "take the α pool out of the routes, and drain",
	.help = "Removes the backendRefs of the α pool once GA has 100 % everywhere, and points "
		"mirrors to the GA pool. Then the "
		"drain time runs: the data plane follows later than the routes' conditions, "
		"and answers of a language model stream for minutes. Nothing of the α pool is "
		"deleted before it is over.",
	.undo = "the α backendRefs are put back where they were, with weight 0",
	.risk = RISK_LOW,
	.patience = 60 * SECOND,
	.needs = finalize_needs,
	.check = finalize_check,
	.writes = finalize_writes,
	.verify = finalize_verify,
	.back = finalize_back,
};

/* When the pair's routes were last written, by whomever, for the α pool may have been taken out by
 * hand: the cluster's stamp, and this machine's own where the journal has it. Their clocks may
 * differ, and waiting longer is the safe side. Stamps are whole seconds: the write was up to one
 * later. */
static int64_t
drain_begun(const struct stage *stage, const struct pair *pair)
{
	struct past_of of = { .step = STEP_FINALIZE, .pair = pair_title(pair, stage->arena) };
	const struct object *route;
	int64_t begun = 0;

	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;) {
		int64_t written = answers_changed(route);

		if (written > 0 && written + SECOND > begun)
			begun = written + SECOND;
		if (stage->journal != NULL) {
			const struct journal_record *record = past_first(
				stage->journal, of, KIND_ROUTE, route->meta.ns, route->meta.name);

			if (record != NULL && record->wall > begun)
				begun = record->wall;
		}
	}
	return begun;
}

static void
check_drain(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	int64_t until = drain_begun(stage, pair) + stage->settings->drain;

	*status = (struct step_status){
		.state = STATE_DONE, .reason = "", .object = "", .advice = ""
	};
	if (pair->alpha_uid[0] == '\0' || until <= stage->world->wall)
		return;
	say_status(status, stage->arena, STATE_WAITING,
		   "open answers of the α pool get %lld s to end",
		   (long long)(stage->settings->drain / SECOND));
	status->until = until;
}

static void
finalize_check(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	bool named = false;

	if (pair->place_count == 0) {
		say_status(status, stage->arena, STATE_SKIPPED, "no HTTPRoute names the pool");
		return;
	}
	for (size_t i = 0; i < pair->place_count; i++) {
		const struct place *place = &pair->places[i];

		named |= place->alpha_weight >= 0;
		if (place->alpha_weight < 0 || place->mirror || place->ppm == PPM_ALL ||
		    (place->ppm == PPM_UNKNOWN && place->ga_weight >= 0))
			continue;
		say_status(status, stage->arena, STATE_WAITING,
			   "rules[%d] still sends traffic to the α pool", place->rule);
		status->object = say_title(stage->arena, KIND_ROUTE, place->route_ns, place->route);
		status->advice = "shift it to 100 % first";
		return;
	}
	if (named && !keeper_blocks_routes(stage, pair, status))
		*status = (struct step_status){
			.state = STATE_READY, .reason = "", .object = "", .advice = ""
		};
	else if (!named)
		check_drain(stage, pair, status);
}

/* Mirrors have no share that could be moved: they go to the other pool of the pair all at once.
 * Those of a backendRef that goes itself need not be touched. */
static void
point_mirrors(struct surgery *surgery, const struct rule *rule, enum split_side from)
{
	const struct pair *pair = surgery->pair;
	bool to_ga = from == SPLIT_ALPHA;

	for (size_t i = 0; i < rule->mirror_count; i++) {
		const struct mirror *mirror = &rule->mirrors[i];

		if (surgery_side(pair, &mirror->ref) != from ||
		    (to_ga && mirror->backend >= 0 &&
		     surgery_side(pair, &rule->backends[mirror->backend].ref) == SPLIT_ALPHA))
			continue;
		surgery_point_mirror(surgery, rule->index, mirror, to_ga ? GROUP_GA : GROUP_ALPHA,
				     to_ga ? pair->ga : pair->alpha);
		surgery_line(surgery,
			     to_ga ? "rules[%d]  mirror to α %s → GA %s"
				   : "rules[%d]  mirror to GA %s → α %s",
			     rule->index, to_ga ? pair->alpha : pair->ga,
			     to_ga ? pair->ga : pair->alpha);
	}
}

static void
remove_alphas(struct surgery *surgery, const struct rule *rule)
{
	for (size_t j = rule->backend_count; j-- > 0;) {
		if (surgery_side(surgery->pair, &rule->backends[j].ref) != SPLIT_ALPHA)
			continue;
		surgery_remove(surgery, rule->index, rule->backends[j].index);
		surgery_line(surgery, "rules[%d].backendRefs[%d]  - α %s", rule->index,
			     rule->backends[j].index, surgery->pair->alpha);
	}
}

/* Every share is checked again here: between the check and the write somebody may have moved it
 * back. */
static bool
finalize_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out,
		struct err *err)
{
	struct surgery surgery = {
		.stage = stage, .pair = pair, .step = STEP_FINALIZE, .out = out
	};
	const struct object *route;

	for (size_t i = 0; i < pair->place_count; i++)
		if (!pair->places[i].mirror && pair->places[i].alpha_weight > 0)
			return err_set(err, ERR_INPUT,
				       "HTTPRoute %s/%s (%s) rules[%d] still sends traffic to α "
				       "pool %s; shift it to 100 %% first",
				       pair->places[i].route_ns, pair->places[i].route,
				       GROUP_GATEWAY, pair->places[i].rule, pair->alpha);
	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;) {
		surgery_begin(&surgery, route);
		for (size_t i = 0; i < route->route.rule_count; i++) {
			const struct rule *rule = &route->route.rules[i];

			point_mirrors(&surgery, rule, SPLIT_ALPHA);
			if (surgery_count(pair, rule, SPLIT_GA) > 0)
				remove_alphas(&surgery, rule);
		}
		surgery_end(&surgery);
	}
	return true;
}

/* Passes when the routes are as wanted and accepted; the drain is the step's own waiting, seen in
 * its state. */
static enum verdict
finalize_verify(const struct stage *stage, const struct pair *pair, struct step_status *why)
{
	for (size_t i = 0; i < pair->place_count; i++) {
		const struct place *place = &pair->places[i];

		if (place->alpha_weight >= 0)
			say_status(why, stage->arena, STATE_WAITING,
				   "rules[%d] still names the α pool", place->rule);
		else if (place->ga_weight > 0 && place->pending)
			say_status(why, stage->arena, STATE_WAITING,
				   "its controller has not looked at the change yet");
		else
			continue;
		why->object = say_title(stage->arena, KIND_ROUTE, place->route_ns, place->route);
		return VERDICT_WAIT;
	}
	return VERDICT_PASS;
}

/* The alpha references of one rule as the journal saw them, at their old indexes: from the lowest
 * up, so that each is true when its turn comes. False when the rule is no longer the one it was. */
static bool
restore_rule(struct surgery *surgery, const struct rule *rule, const struct json *before)
{
	struct arena *arena = surgery->stage->arena;
	const struct json *refs =
		json_at(before, arena_printf(arena, "spec.rules[%d].backendRefs", rule->index));
	size_t alphas = 0;
	int index = 0;

	for (const struct json *c = json_first(refs); c != NULL; c = json_next(c))
		alphas += putback_names_alpha(surgery, c);
	if (alphas == 0 || json_count(refs) != rule->backend_count + alphas)
		return false;
	for (const struct json *c = json_first(refs); c != NULL; c = json_next(c), index++) {
		if (!putback_names_alpha(surgery, c))
			continue;
		surgery_insert(surgery, rule->index, index, json_clone(c));
		surgery_line(surgery, "rules[%d].backendRefs[%d]  + α %s weight 0", rule->index,
			     index, surgery->pair->alpha);
	}
	return true;
}

/* Without the journal: the GA reference with the alpha pool's group and name, in front of it. */
static void
rebuild_rule(struct surgery *surgery, const struct rule *rule, const struct json *now)
{
	const struct pair *pair = surgery->pair;
	const char *path =
		arena_printf(surgery->stage->arena, "spec.rules[%d].backendRefs", rule->index);

	for (size_t i = rule->backend_count; i-- > 0;) {
		struct json *alpha;
		int index = rule->backends[i].index;

		if (surgery_side(pair, &rule->backends[i].ref) != SPLIT_GA ||
		    json_item(json_at(now, path), (size_t)index) == NULL)
			continue;
		alpha = json_clone(json_item(json_at(now, path), (size_t)index));
		json_set_string(alpha, "group", GROUP_ALPHA);
		json_set_string(alpha, "name", pair->alpha);
		json_set_integer(alpha, "weight", 0);
		surgery_insert(surgery, rule->index, index, alpha);
		surgery_line(surgery, "rules[%d].backendRefs[%d]  + α %s weight 0", rule->index,
			     index, pair->alpha);
	}
}

/* Any mirror of the rule, or of a backend that is not an alpha one, went to the alpha pool. */
static bool
had_mirrors(const struct surgery *surgery, const struct json *before, int rule)
{
	const struct json *was =
		json_at(before, arena_printf(surgery->stage->arena, "spec.rules[%d]", rule));

	if (putback_mirrors(surgery, was) > 0)
		return true;
	for (const struct json *c = json_first(json_get(was, "backendRefs")); c != NULL;
	     c = json_next(c))
		if (!putback_names_alpha(surgery, c) && putback_mirrors(surgery, c) > 0)
			return true;
	return false;
}

static bool
back_route(struct surgery *surgery, const struct object *route, struct err *err)
{
	struct past_of of = { .step = STEP_FINALIZE };
	struct json *before, *now;

	of.pair = pair_title(surgery->pair, surgery->stage->arena);
	before = past_before(surgery->stage->journal, of, KIND_ROUTE, route->meta.ns,
			     route->meta.name);
	now = object_json(route);

	if (now == NULL) {
		json_free(before);
		return err_set(err, ERR_MISSING,
			       "HTTPRoute %s/%s (%s) is not known whole; list it again",
			       route->meta.ns, route->meta.name, GROUP_GATEWAY);
	}
	surgery_begin(surgery, route);
	for (size_t i = 0; i < route->route.rule_count; i++) {
		const struct rule *rule = &route->route.rules[i];

		if (before == NULL || had_mirrors(surgery, before, rule->index))
			point_mirrors(surgery, rule, SPLIT_GA);
		if (surgery_count(surgery->pair, rule, SPLIT_GA) == 0 ||
		    surgery_count(surgery->pair, rule, SPLIT_ALPHA) > 0)
			continue;
		if (!restore_rule(surgery, rule, before))
			rebuild_rule(surgery, rule, now);
	}
	surgery_end(surgery);
	json_free(now);
	json_free(before);
	return true;
}

static bool
finalize_back(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	      struct err *err)
{
	struct surgery surgery = {
		.stage = stage, .pair = pair, .step = STEP_FINALIZE, .undo = true, .out = out
	};
	const struct object *route;

	if (pair->alpha_uid[0] == '\0')
		return err_set(err, ERR_MISSING,
			       "InferencePool %s/%s (%s) is gone; take back the clean-up first",
			       pair->ns, pair->alpha, GROUP_ALPHA);
	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;)
		if (!back_route(&surgery, route, err))
			return false;
	return true;
}
