/* step_attach - the GA pool beside the alpha one in every rule, at weight 0, and the proof that
 * somebody serves it. */
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/answers.h"
#include "core/migrate/grant.h"
#include "core/migrate/keeper.h"
#include "core/migrate/limits.h"
#include "core/migrate/pair.h"
#include "core/migrate/reattach.h"
#include "core/migrate/rows.h"
#include "core/migrate/say.h"
#include "core/migrate/surgery.h"

static void attach_check(const struct stage *, const struct pair *, struct step_status *);
static bool
attach_writes(const struct stage *, const struct pair *, struct intent_list *, struct err *);
static enum verdict attach_verify(const struct stage *, const struct pair *, struct step_status *);
static bool
attach_back(const struct stage *, const struct pair *, struct intent_list *, struct err *);

static const enum kind attach_needs[] = { KIND_ALPHA_POOL, KIND_GA_POOL, KIND_ROUTE, KIND_COUNT };

const struct step step_attach = {
	.id = STEP_ATTACH,
	.name = "attach",
	.key = 'T',
	.scope = SCOPE_POOL,
	.title = "add the GA pool to the routes at weight 0",
	.help = "Puts a backendRef of the GA pool right after each one of the α pool, with "
		"weight 0, in every rule of every HTTPRoute. No traffic moves; mirrors stay with "
		"the α pool. ReferenceGrants for the α pool are made for the GA pool before. The step is "
		"proven when the GA pool names the routes' Gateways as parents that accepted "
		"it; a controller that refuses the group has the references taken back at "
		"once.",
	.undo = "the GA backendRefs are removed again; no traffic has moved",
	.risk = RISK_LOW,
	.patience = 60 * SECOND,
	.needs = attach_needs,
	.check = attach_check,
	.writes = attach_writes,
	.verify = attach_verify,
	.back = attach_back,
};

static bool
lacks_ga(const struct place *place)
{
	return !place->mirror && place->alpha_weight >= 0 && place->ga_weight < 0;
}

static void
block_on_route(const struct stage *stage, const struct object *route, struct step_status *status,
	       const char *advice)
{
	status->object = say_title(stage->arena, KIND_ROUTE, route->meta.ns, route->meta.name);
	status->advice = advice;
}

/* Nothing that stops it, but what the person should know before. */
static void
note_on_route(const struct stage *stage, const struct object *route, struct step_status *status)
{
	const char *title = say_name(stage->arena, route->meta.ns, route->meta.name);
	struct keeper keeper;

	if (status->advice[0] != '\0')
		return;
	if (answers_refusal(route, "InvalidKind") != NULL)
		status->advice = arena_printf(stage->arena,
					      "HTTPRoute %s: its controller does not serve the α "
					      "group (InvalidKind) even now, "
					      "so there is no traffic to protect",
					      title);
	else if (keeper_of(route, &keeper))
		status->advice = arena_printf(
			stage->arena,
			"HTTPRoute %s is kept by %s, which may put the change back: %s", title,
			keeper.name, keeper.pause);
}

static void
check_before(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct object *route;

	if (limits_blocked(stage, pair, status) || grant_blocked(stage, pair, status) ||
	    keeper_blocks_routes(stage, pair, status))
		return;
	*status = (struct step_status){
		.state = STATE_READY, .reason = "", .object = "", .advice = ""
	};
	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;) {
		note_on_route(stage, route, status);
	}
}

static enum verdict
refused(const struct stage *stage, const struct object *route, const struct condition *refusal,
	struct step_status *why)
{
	say_status(why, stage->arena, STATE_BLOCKED,
		   "the controller does not serve %s: ResolvedRefs=False %s \"%s\"", GROUP_GA,
		   refusal->reason, refusal->message);
	block_on_route(stage, route, why,
		       "the Gateway's controller must know InferencePool v1 first: update it");
	return VERDICT_TAKE_BACK;
}

/* A refusal that stood before our newest write is about another reference, such as an alpha pool
 * nobody serves. */
static bool
stood_before(const struct object *route, const struct condition *refusal)
{
	return refusal->since > 0 && refusal->since < answers_written(route);
}

static enum verdict
verify_route(const struct stage *stage, const struct pair *pair, const struct object *route,
	     struct step_status *why)
{
	const struct condition *refusal = answers_refusal(route, "InvalidKind");

	if (answers_proven(pair_ga(stage->world, pair), route))
		return VERDICT_PASS;
	if (refusal != NULL && !stood_before(route, refusal))
		return refused(stage, route, refusal, why);
	if (stage->settings->accept_unproven)
		return VERDICT_PASS;
	say_status(why, stage->arena, STATE_WAITING,
		   "no controller has said yet that it serves GA pool %s for this route", pair->ga);
	block_on_route(stage, route, why,
		       "find out why the GA pool has no accepted parent, or go on knowingly: "
		       "--accept-unproven");
	return VERDICT_WAIT;
}

static enum verdict
attach_verify(const struct stage *stage, const struct pair *pair, struct step_status *why)
{
	enum verdict worst = VERDICT_PASS;
	const struct object *route;

	if (stage->settings->path == PATH_SIMPLE)
		return reattach_verify(stage, pair, why);
	for (size_t i = 0; i < pair->place_count; i++) {
		if (!lacks_ga(&pair->places[i]))
			continue;
		say_status(why, stage->arena, STATE_WAITING,
			   "rules[%d] does not show the GA pool yet", pair->places[i].rule);
		why->object = say_title(stage->arena, KIND_ROUTE, pair->places[i].route_ns,
					pair->places[i].route);
		return VERDICT_WAIT;
	}
	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;) {
		enum verdict verdict = surgery_carries(pair, route)
					       ? verify_route(stage, pair, route, why)
					       : VERDICT_PASS;

		if (verdict == VERDICT_TAKE_BACK)
			return verdict;
		if (verdict != VERDICT_PASS)
			worst = verdict;
	}
	return worst;
}

/* Everything is written. Once GA has any share it was looked at, whatever stands in its status. */
static void
check_after(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct object *route;
	int64_t written = 0;

	*status = (struct step_status){
		.state = STATE_DONE, .reason = "", .object = "", .advice = ""
	};
	if (pair->alpha_uid[0] == '\0' || (pair->written != 0 && pair->written != PPM_UNKNOWN))
		return;
	switch (attach_verify(stage, pair, status)) {
	case VERDICT_PASS:
		*status = (struct step_status){
			.state = STATE_DONE, .reason = "", .object = "", .advice = ""
		};
		return;
	case VERDICT_WAIT:
		for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;)
			if (answers_written(route) > written)
				written = answers_written(route);
		if (stage->world->wall - written > step_attach.patience)
			status->state = STATE_BLOCKED;
		return;
	case VERDICT_FAIL:
	case VERDICT_TAKE_BACK:
		status->state = STATE_BLOCKED;
	}
}

static void
attach_check(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	size_t lacking = 0;
	bool named = false;

	if (stage->settings->path == PATH_SIMPLE) {
		reattach_check(stage, pair, status);
		return;
	}
	if (pair->place_count == 0) {
		say_status(status, stage->arena, STATE_SKIPPED, "no HTTPRoute names the pool");
		return;
	}
	for (size_t i = 0; i < pair->place_count; i++) {
		lacking += lacks_ga(&pair->places[i]);
		named |= pair->places[i].alpha_weight >= 0;
	}
	if (lacking > 0 || (named && grant_carry(stage, pair, NULL) > 0))
		check_before(stage, pair, status);
	else
		check_after(stage, pair, status);
}

/* The alpha reference with its group, name and weight changed: namespace, port and filters come
 * along as they stand. */
static struct json *
ga_reference(const struct json *alpha, const char *ga)
{
	struct json *copy = json_clone(alpha);

	json_set_string(copy, "group", GROUP_GA);
	json_set_string(copy, "kind", "InferencePool");
	json_set_string(copy, "name", ga);
	json_set_integer(copy, "weight", 0);
	return copy;
}

/* From the last backendRef to the first, so that the places of those before stay true. */
static void
attach_rule(struct surgery *surgery, const struct rule *rule, const struct json *route)
{
	const struct pair *pair = surgery->pair;
	const char *path =
		arena_printf(surgery->stage->arena, "spec.rules[%d].backendRefs", rule->index);

	if (surgery_count(pair, rule, SPLIT_GA) > 0)
		return;
	for (size_t i = rule->backend_count; i-- > 0;) {
		const struct backend *backend = &rule->backends[i];
		const struct json *alpha;

		if (surgery_side(pair, &backend->ref) != SPLIT_ALPHA)
			continue;
		alpha = json_item(json_at(route, path), (size_t)backend->index);
		if (alpha == NULL)
			continue;
		surgery_insert(surgery, rule->index, backend->index + 1,
			       ga_reference(alpha, pair->ga));
		surgery_line(surgery, "rules[%d].backendRefs[%d]  + GA %s weight 0, after α %s",
			     rule->index, backend->index + 1, pair->ga, pair->alpha);
	}
}

static bool
attach_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	      struct err *err)
{
	struct surgery surgery = { .stage = stage, .pair = pair, .step = STEP_ATTACH, .out = out };
	const struct object *route;

	if (stage->settings->path == PATH_SIMPLE)
		return reattach_writes(stage, pair, out, err);
	grant_carry(stage, pair, out);
	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;) {
		struct json *json = object_json(route);

		if (json == NULL)
			return err_set(err, ERR_MISSING,
				       "HTTPRoute %s/%s (%s) is not known whole; list it again",
				       route->meta.ns, route->meta.name, GROUP_GATEWAY);
		surgery_begin(&surgery, route);
		for (size_t i = 0; i < route->route.rule_count; i++)
			attach_rule(&surgery, &route->route.rules[i], json);
		surgery_end(&surgery);
		json_free(json);
	}
	return true;
}

static bool
attach_back(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	    struct err *err)
{
	struct surgery surgery = {
		.stage = stage, .pair = pair, .step = STEP_ATTACH, .undo = true, .out = out
	};
	const struct object *route;

	if (stage->settings->path == PATH_SIMPLE)
		return reattach_back(stage, pair, out, err);
	for (size_t i = 0; i < pair->place_count; i++) {
		const struct place *place = &pair->places[i];

		if (place->ga_weight > 0 ||
		    (!place->mirror && place->ga_weight == 0 && place->alpha_weight < 0))
			return err_set(err, ERR_INPUT,
				       "HTTPRoute %s/%s (%s) gives GA pool %s traffic; take back "
				       "finalize and shift first",
				       place->route_ns, place->route, GROUP_GATEWAY, pair->ga);
	}
	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;) {
		surgery_begin(&surgery, route);
		for (size_t i = 0; i < route->route.rule_count; i++) {
			const struct rule *rule = &route->route.rules[i];

			for (size_t j = rule->backend_count; j-- > 0;) {
				if (surgery_side(pair, &rule->backends[j].ref) != SPLIT_GA)
					continue;
				surgery_remove(&surgery, rule->index, rule->backends[j].index);
				surgery_line(&surgery, "rules[%d].backendRefs[%d]  - GA %s",
					     rule->index, rule->backends[j].index, pair->ga);
			}
		}
		surgery_end(&surgery);
	}
	grant_uncarry(stage, pair, out);
	return true;
}
