/* step_shift - the share of the pair moved to the GA pool: weights and nothing else. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/answers.h"
#include "core/migrate/keeper.h"
#include "core/migrate/noticed.h"
#include "core/migrate/pair.h"
#include "core/migrate/past.h"
#include "core/migrate/rows.h"
#include "core/migrate/say.h"
#include "core/migrate/surgery.h"

static void shift_check(const struct stage *, const struct pair *, struct step_status *);
static bool
shift_writes(const struct stage *, const struct pair *, struct intent_list *, struct err *);
static enum verdict shift_verify(const struct stage *, const struct pair *, struct step_status *);
static bool
shift_back(const struct stage *, const struct pair *, struct intent_list *, struct err *);

static const enum kind shift_needs[] = { KIND_ALPHA_POOL, KIND_GA_POOL, KIND_ROUTE, KIND_COUNT };

/* A reference may be unresolved for about 0.1 s after a write (DOMAIN §3.1 step 4); this is
 * patience with a margin. */
#define SETTLE (5 * SECOND)

const struct step step_shift = {
	.id = STEP_SHIFT,
	.name = "shift",
	.key = 'S',
	.scope = SCOPE_POOL,
	.title = "move the share to the GA pool",
	.help = "Changes the weights of the two backendRefs in every rule, and nothing else; "
		"what other backends of a rule get stays exact. The step is done at 100 % "
		"everywhere. When the controller refuses a reference at a weight above 0 the "
		"weights go back at once.",
	.undo = "the weights go back to what they were before the first shift",
	.risk = RISK_TRAFFIC,
	.patience = 60 * SECOND,
	.needs = shift_needs,
	.check = shift_check,
	.writes = shift_writes,
	.verify = shift_verify,
	.back = shift_back,
};

/* A place whose pair has no weight at all has no share that could be anywhere else. */
static bool
stands_at(const struct place *place, int64_t ppm)
{
	return place->mirror || place->ppm == PPM_UNKNOWN || place->ppm == ppm;
}

/* Whose hand was at a route after ours: the share may not be the one that was confirmed here. */
static void
say_writer(const struct stage *stage, const struct pair *pair, struct buf *out)
{
	const struct object *route;

	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;) {
		const char *who = noticed_writer(stage, pair, route);

		if (who == NULL)
			continue;
		buf_printf(out, "%s wrote HTTPRoute %s since; ", who,
			   say_name(stage->arena, route->meta.ns, route->meta.name));
		return;
	}
}

static void
shift_check(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	struct buf share;

	if (pair->place_count == 0) {
		say_status(status, stage->arena, STATE_SKIPPED, "no HTTPRoute names the pool");
		return;
	}
	*status = (struct step_status){
		.state = STATE_DONE, .reason = "", .object = "", .advice = ""
	};
	for (size_t i = 0; i < pair->place_count; i++) {
		if (stands_at(&pair->places[i], PPM_ALL))
			continue;
		if (keeper_blocks_routes(stage, pair, status))
			return;
		status->state = STATE_READY;
		buf_init(&share, 4 * BUF_KIB);
		say_writer(stage, pair, &share);
		if (pair->written == PPM_APART)
			buf_puts(&share, "its rules stand at different shares");
		else {
			buf_puts(&share, "GA stands at ");
			text_ppm(&share, pair->written);
		}
		status->advice = arena_string(stage->arena, share.bytes);
		buf_release(&share);
		return;
	}
}

static bool
move_rule(struct surgery *surgery, const struct rule *rule, int64_t ppm, struct err *err)
{
	struct split from, to;

	if (surgery_count(surgery->pair, rule, SPLIT_ALPHA) +
		    surgery_count(surgery->pair, rule, SPLIT_GA) ==
	    0)
		return true;
	if (surgery_split(surgery->pair, rule, &from, err) && split_move(&from, ppm, &to, err)) {
		surgery_weights(surgery, rule, &from, &to);
		return true;
	}
	return err_wrap(err, "HTTPRoute %s/%s (%s) rules[%d]", surgery->route->meta.ns,
			surgery->route->meta.name, GROUP_GATEWAY, rule->index);
}

static bool
shift_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	     struct err *err)
{
	struct surgery surgery = { .stage = stage, .pair = pair, .step = STEP_SHIFT, .out = out };
	int64_t goal = stage->goal == PPM_UNKNOWN ? PPM_ALL : stage->goal;
	const struct object *route;
	bool fits = true;

	for (size_t at = 0; fits && (route = surgery_route(stage, pair, &at)) != NULL;) {
		surgery_begin(&surgery, route);
		for (size_t i = 0; fits && i < route->route.rule_count; i++)
			fits = move_rule(&surgery, &route->route.rules[i], goal, err);
		surgery_end(&surgery);
	}
	return fits;
}

static bool
ga_has_weight(const struct pair *pair, const struct object *route)
{
	for (size_t i = 0; i < pair->place_count; i++)
		if (!pair->places[i].mirror && pair->places[i].ga_weight > 0 &&
		    text_equal(pair->places[i].route, route->meta.name) &&
		    text_equal(pair->places[i].route_ns, route->meta.ns))
			return true;
	return false;
}

/* The controller says no to this generation. A refused share answers 500, so the weights go back:
 * at once when it will not serve the reference, after SETTLE when the pool may only not have been
 * found yet. What stood before our write, while the controller does serve the GA pool, is about
 * another reference. */
static enum verdict
judge_trouble(const struct stage *stage, const struct pair *pair, const struct object *route,
	      const struct answers *answers, struct step_status *why)
{
	const struct condition *trouble = answers->trouble;
	int64_t written = answers_written(route);
	int64_t begun = trouble->since > written ? trouble->since : written;
	const char *reason = arena_printf(stage->arena, "%s=False %s \"%s\" by %s", trouble->type,
					  trouble->reason, trouble->message, answers->controller);

	if (trouble->since > 0 && trouble->since < written &&
	    answers_proven(pair_ga(stage->world, pair), route))
		return VERDICT_PASS;
	if (answers_refusal(route, "InvalidKind") != NULL ||
	    answers_refusal(route, "RefNotPermitted") != NULL)
		return answers_say(stage, route, VERDICT_TAKE_BACK, why, reason);
	if (stage->world->wall - begun < SETTLE)
		return answers_say(stage, route, VERDICT_WAIT, why, reason);
	return answers_say(stage, route, VERDICT_TAKE_BACK, why, reason);
}

static enum verdict
shift_verify(const struct stage *stage, const struct pair *pair, struct step_status *why)
{
	int64_t goal = stage->goal == PPM_UNKNOWN ? PPM_ALL : stage->goal;
	enum verdict worst = VERDICT_PASS;
	const struct object *route;

	for (size_t i = 0; i < pair->place_count; i++) {
		if (stands_at(&pair->places[i], goal))
			continue;
		say_status(why, stage->arena, STATE_WAITING,
			   "rules[%d] does not show the new weights yet", pair->places[i].rule);
		why->object = say_title(stage->arena, KIND_ROUTE, pair->places[i].route_ns,
					pair->places[i].route);
		return VERDICT_WAIT;
	}
	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;) {
		struct answers answers = answers_route(route);
		enum verdict verdict = VERDICT_PASS;

		if (goal == 0 || !ga_has_weight(pair, route))
			continue;
		if (answers.trouble != NULL)
			verdict = judge_trouble(stage, pair, route, &answers, why);
		else if (answers.pending)
			verdict =
				answers_say(stage, route, VERDICT_WAIT, why,
					    "its controller has not looked at the new weights yet");
		if (verdict == VERDICT_TAKE_BACK)
			return verdict;
		if (verdict != VERDICT_PASS)
			worst = verdict;
	}
	return worst;
}

/* A rule's references as a copy of the route has them, in the order of the rule as it is now; NULL:
 * the copy has not that one. */
struct copy {
	const struct json *refs[SPLIT_MAX];
};

static bool
is_ref(const struct json *ref, const struct backend *backend)
{
	const char *group = json_string_at(ref, "group"), *ns = json_string_at(ref, "namespace");

	return text_equal(json_string_at(ref, "name"), backend->ref.name) &&
	       text_equal(group == NULL ? "" : group, backend->ref.group) &&
	       (ns == NULL ? !backend->has_ns : text_equal(ns, backend->ref.ns));
}

/* False when the copy is of another rule: what only it has got traffic. A reference that came or
 * went since at weight 0, as a pair's pools do, changes nothing of what the others get. */
static bool
find_copy(const struct json *route, const struct rule *rule, struct arena *arena, struct copy *copy)
{
	const struct json *refs =
		json_at(route, arena_printf(arena, "spec.rules[%d].backendRefs", rule->index));
	size_t found = 0;

	*copy = (struct copy){ 0 };
	if (rule->backend_count > SPLIT_MAX)
		return false;
	for (const struct json *ref = json_first(refs); ref != NULL; ref = json_next(ref)) {
		size_t i = 0;

		while (i < rule->backend_count &&
		       (copy->refs[i] != NULL || !is_ref(ref, &rule->backends[i])))
			i++;
		if (i < rule->backend_count) {
			copy->refs[i] = ref;
			found++;
		} else if (json_integer_at(ref, "weight", 1) != 0)
			return false;
	}
	return found > 0;
}

static struct split
split_before(const struct split *now, const struct copy *copy)
{
	struct split was = *now;

	for (size_t i = 0; i < was.count; i++)
		was.parts[i].weight =
			copy->refs[i] == NULL ? 0 : json_integer_at(copy->refs[i], "weight", 1);
	return was;
}

/* Nobody moved the other backends' shares since: the old numbers still mean the same for them. */
static bool
others_stand(const struct split *now, const struct split *was)
{
	__int128 total = 0, old_total = 0;

	for (size_t i = 0; i < now->count; i++) {
		total += now->parts[i].weight;
		old_total += was->parts[i].weight;
	}
	for (size_t i = 0; i < now->count; i++)
		if (now->parts[i].side == SPLIT_OTHER &&
		    now->parts[i].weight * old_total != was->parts[i].weight * total)
			return false;
	return true;
}

/* The same rule in other numbers. */
static bool
same_shares(const struct split *a, const struct split *b)
{
	__int128 total = 0, other = 0;

	for (size_t i = 0; i < a->count; i++) {
		total += a->parts[i].weight;
		other += b->parts[i].weight;
	}
	for (size_t i = 0; i < a->count; i++)
		if (a->parts[i].weight * other != b->parts[i].weight * total)
			return false;
	return true;
}

/* Byte for byte what stood in the copy: a weight that was not written goes again. */
static void
write_refs(struct surgery *surgery, const struct rule *rule, const struct split *now,
	   const struct copy *copy)
{
	struct split to = split_before(now, copy);

	for (size_t i = 0; i < rule->backend_count; i++) {
		if (copy->refs[i] == NULL || json_get(copy->refs[i], "weight") != NULL ||
		    !rule->backends[i].has_weight)
			continue;
		to.parts[i].weight = now->parts[i].weight;
		surgery_forget_weight(surgery, rule->index, rule->backends[i].index);
		surgery_line(surgery, "rules[%d].backendRefs[%d].weight  %lld → not set (1)  %s",
			     rule->index, rule->backends[i].index, (long long)now->parts[i].weight,
			     say_text(surgery->stage->arena, rule->backends[i].ref.name));
	}
	surgery_weights(surgery, rule, now, &to);
}

/* False when that is no longer the same rule. */
static bool
restore_rule(struct surgery *surgery, const struct rule *rule, const struct json *before)
{
	struct split now, was;
	struct copy copy;

	if (!find_copy(before, rule, surgery->stage->arena, &copy) ||
	    !surgery_split(surgery->pair, rule, &now, NULL))
		return false;
	was = split_before(&now, &copy);
	if (!others_stand(&now, &was))
		return false;
	write_refs(surgery, rule, &now, &copy);
	return true;
}

/* Several pairs that share a rule each find the others moved. Whoever comes last makes it what
 * it was before the first shift of any of them, and then it is written as it was, too: the
 * oldest copy that has the shares of `to`. */
static bool
restore_form(struct surgery *surgery, const struct rule *rule, const struct split *now,
	     const struct split *to)
{
	const struct stage *stage = surgery->stage;
	const struct meta *meta = &surgery->route->meta;
	size_t count = 0;
	const struct journal_record *records =
		stage->journal == NULL ? NULL : journal_records(stage->journal, &count);
	bool restored = false;

	for (size_t i = 0; !restored && i < count; i++) {
		const struct intent *intent = &records[i].intent;
		struct json *before;
		struct copy copy;
		struct split was;

		if (intent->step != STEP_SHIFT || records[i].dry_run ||
		    !text_equal(intent->ns, meta->ns) || !text_equal(intent->name, meta->name))
			continue;
		before = json_parse(records[i].before, strlen(records[i].before), NULL);
		restored = find_copy(before, rule, stage->arena, &copy);
		if (restored) {
			was = split_before(now, &copy);
			restored = same_shares(&was, to);
		}
		if (restored)
			write_refs(surgery, rule, now, &copy);
		json_free(before);
	}
	return restored;
}

static bool
move_back(struct surgery *surgery, const struct rule *rule, struct err *err)
{
	struct split now, to;

	if (!surgery_split(surgery->pair, rule, &now, NULL) || !split_move(&now, 0, &to, NULL) ||
	    !restore_form(surgery, rule, &now, &to))
		return move_rule(surgery, rule, 0, err);
	return true;
}

static bool
put_back_route(struct surgery *surgery, const struct json *before, struct err *err)
{
	const struct route *route = &surgery->route->route;

	for (size_t i = 0; i < route->rule_count; i++) {
		const struct rule *rule = &route->rules[i];

		if (surgery_count(surgery->pair, rule, SPLIT_ALPHA) +
			    surgery_count(surgery->pair, rule, SPLIT_GA) ==
		    0)
			continue;
		if (!restore_rule(surgery, rule, before) && !move_back(surgery, rule, err))
			return false;
	}
	return true;
}

static bool
shift_back(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	   struct err *err)
{
	struct surgery surgery = {
		.stage = stage, .pair = pair, .step = STEP_SHIFT, .undo = true, .out = out
	};
	struct past_of of = { .step = STEP_SHIFT, .pair = pair_title(pair, stage->arena) };
	const struct object *route;
	bool fits = true;

	for (size_t at = 0; fits && (route = surgery_route(stage, pair, &at)) != NULL;) {
		struct json *before = past_before(stage->journal, of, KIND_ROUTE, route->meta.ns,
						  route->meta.name);

		surgery_begin(&surgery, route);
		fits = put_back_route(&surgery, before, err);
		surgery_end(&surgery);
		json_free(before);
	}
	return fits;
}
