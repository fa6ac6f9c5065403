#include "core/migrate/reattach.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/answers.h"
#include "core/migrate/grant.h"
#include "core/migrate/pair.h"
#include "core/migrate/past.h"
#include "core/migrate/putback.h"
#include "core/migrate/say.h"
#include "core/migrate/surgery.h"

/* A reference may be unresolved for about 0.1 s after a write (DOMAIN §3.1 step 4). */
#define SETTLE (5 * SECOND)

/* A route that the detach changed or deleted. */
struct copied {
	const struct journal_record *record;
	const struct object *route; /* NULL when it is not there */
	struct json *before;
};

static const struct journal_record **
detached(const struct stage *stage, const struct pair *pair, size_t *count)
{
	struct past_of of = { .step = STEP_DETACH, .pair = pair_title(pair, stage->arena) };
	const struct journal_record **records;

	*count = 0;
	if (stage->journal == NULL)
		return NULL;
	journal_records(stage->journal, count);
	records = arena_array(stage->arena, *count + 1, sizeof(*records));
	*count = past_standing(stage->journal, of, records);
	return records;
}

static struct copied
copied_of(const struct stage *stage, const struct journal_record *record)
{
	return (struct copied){
		.record = record,
		.route = world_find(stage->world, KIND_ROUTE, record->intent.ns,
				    record->intent.name),
		.before = json_parse(record->before, strlen(record->before), NULL),
	};
}

/* One that was only changed and is gone now was deleted by somebody, who must have meant it. */
static bool
is_missing(const struct stage *stage, const struct pair *pair, const struct copied *copied)
{
	struct surgery surgery = { .stage = stage, .pair = pair, .route = copied->route };

	if (copied->route == NULL)
		return copied->record->intent.verb == VERB_DELETE;
	return copied->before != NULL && !putback_done(&surgery, copied->before, true);
}

/* The first route that does not name the GA pool yet; its title. */
static const char *
first_missing(const struct stage *stage, const struct pair *pair)
{
	size_t count;
	const struct journal_record **records = detached(stage, pair, &count);

	for (size_t i = 0; i < count; i++) {
		struct copied copied = copied_of(stage, records[i]);
		bool missing = is_missing(stage, pair, &copied);

		json_free(copied.before);
		if (missing)
			return say_title(stage->arena, KIND_ROUTE, records[i]->intent.ns,
					 records[i]->intent.name);
	}
	return NULL;
}

/* A redirect needs no backend; a rule with neither lost it. */
static bool
redirects(const struct json *rule)
{
	for (const struct json *c = json_first(json_get(rule, "filters")); c != NULL;
	     c = json_next(c))
		if (text_equal(json_string_at(c, "type"), "RequestRedirect"))
			return true;
	return false;
}

/* Emptied by a detach of this journal, of whatever pair: that one's attach fills it. */
static bool
is_remembered(const struct stage *stage, const struct object *route)
{
	size_t count = 0;
	const struct journal_record *records =
		stage->journal == NULL ? NULL : journal_records(stage->journal, &count);

	for (size_t i = 0; i < count; i++) {
		const struct intent *intent = &records[i].intent;

		if (intent->step == STEP_DETACH && intent->kind == KIND_ROUTE &&
		    records[i].end == JOURNAL_DONE && text_equal(intent->ns, route->meta.ns) &&
		    text_equal(intent->name, route->meta.name))
			return true;
	}
	return false;
}

static const struct object *
route_left_empty(const struct stage *stage)
{
	const struct world *world = stage->world;

	for (size_t i = 0; i < world->count[KIND_ROUTE]; i++) {
		const struct object *object = world->objects[KIND_ROUTE][i];

		for (size_t r = 0; r < object->route.rule_count; r++) {
			struct json *json;
			bool legitimate;

			if (object->route.rules[r].backend_count > 0)
				continue;
			json = object_json(object);
			legitimate = redirects(json_item(json_at(json, "spec.rules"), r));
			json_free(json);
			if (!legitimate && !is_remembered(stage, object))
				return object;
		}
	}
	return NULL;
}

/* Which routes named the pool is known to whoever ran the detach; one that was left empty shows. */
static bool
is_blocked_by_empty(const struct stage *stage, struct step_status *status)
{
	const struct object *empty = route_left_empty(stage);

	if (empty == NULL)
		return false;
	say_status(status, stage->arena, STATE_BLOCKED,
		   "a rule of it has no backend, and what stood there is not in this journal");
	status->object = say_title(stage->arena, KIND_ROUTE, empty->meta.ns, empty->meta.name);
	status->advice = "go on where the detach was run, with its --state-dir; or add the backend "
			 "to the route by hand";
	return true;
}

/* Nothing is attached again before it was taken away. */
static bool
names_alpha(const struct pair *pair)
{
	for (size_t i = 0; i < pair->place_count; i++)
		if (pair->places[i].alpha_weight >= 0)
			return true;
	return false;
}

bool
reattach_pending(const struct stage *stage, const struct pair *pair)
{
	return first_missing(stage, pair) != NULL;
}

void
reattach_check(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	struct past_of detach = { .step = STEP_DETACH, .pair = pair_title(pair, stage->arena) };

	say_status(status, stage->arena, STATE_READY, "%s", "");
	if (first_missing(stage, pair) != NULL)
		return;
	/* Another of its routes may name the pool again and this one be forgotten. */
	if (!past_stands(stage->journal, detach) && !names_alpha(pair) &&
	    is_blocked_by_empty(stage, status))
		return;
	if (pair->place_count == 0)
		say_status(status, stage->arena, STATE_SKIPPED, "no HTTPRoute named the pool");
	else if (!names_alpha(pair) && reattach_verify(stage, pair, status) == VERDICT_PASS)
		say_status(status, stage->arena, STATE_DONE, "%s", "");
}

static void
create_route(const struct surgery *surgery, const struct copied *copied)
{
	struct arena *arena = surgery->stage->arena;
	const struct intent *was = &copied->record->intent;
	struct object shape = { .kind = KIND_ROUTE, .meta = { .ns = was->ns } };
	struct surgery naming = *surgery;
	struct json *route = json_clone(copied->before);
	struct intent *intent =
		intent_add(surgery->out, arena, VERB_CREATE, KIND_ROUTE, was->ns, was->name);
	char *body;

	naming.route = &shape; /* gives references without a namespace theirs */
	putback_rename(&naming, route);
	body = json_text(route);
	intent->body = arena_string(arena, body);
	intent->step = STEP_ATTACH;
	intent->pair = pair_title(surgery->pair, arena);
	intent->title = say_title(arena, KIND_ROUTE, was->ns, was->name);
	intent->summary =
		arena_printf(arena, "created again from its copy, with GA %s wherever α %s stood",
			     surgery->pair->ga, surgery->pair->alpha);
	free(body);
	json_free(route);
}

static bool
put_back(struct surgery *surgery, const struct copied *copied, struct err *err)
{
	const struct past_of any = { .step = STEP_DETACH, .pair = NULL };
	const struct intent *was = &copied->record->intent;
	struct json *order =
		past_before(surgery->stage->journal, any, KIND_ROUTE, was->ns, was->name);
	bool fits;

	surgery_begin(surgery, copied->route);
	fits = putback_route(surgery, copied->before, order, true, err);
	surgery_end(surgery);
	json_free(order);
	return fits;
}

bool
reattach_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out,
		struct err *err)
{
	struct surgery surgery = { .stage = stage, .pair = pair, .step = STEP_ATTACH, .out = out };
	size_t count;
	const struct journal_record **records = detached(stage, pair, &count);
	bool fits = true;

	if (first_missing(stage, pair) != NULL)
		grant_carry(stage, pair, out);
	for (size_t i = 0; fits && i < count; i++) {
		struct copied copied = copied_of(stage, records[i]);

		if (copied.before == NULL)
			fits = err_set(err, ERR_INPUT,
				       "What %s was before cannot be read from the journal",
				       records[i]->intent.title);
		else if (is_missing(stage, pair, &copied) && copied.route == NULL)
			create_route(&surgery, &copied);
		else if (is_missing(stage, pair, &copied)) {
			fits = put_back(&surgery, &copied, err);
		}
		json_free(copied.before);
	}
	return fits;
}

/* There is nothing to go back to while the alpha pool is gone: what the controller does not like is
 * said, and stays for the person to judge. */
static enum verdict
judge(const struct stage *stage, const struct object *route, struct step_status *why)
{
	struct answers answers = answers_route(route);
	const struct condition *trouble = answers.trouble;
	int64_t begun = answers_written(route);

	if (trouble == NULL && answers.pending)
		return answers_say(stage, route, VERDICT_WAIT, why,
				   "its controller has not looked at the GA pool yet");
	if (trouble == NULL)
		return VERDICT_PASS;
	if (trouble->since > begun)
		begun = trouble->since;
	return answers_say(stage, route,
			   stage->world->wall - begun < SETTLE ? VERDICT_WAIT : VERDICT_FAIL, why,
			   arena_printf(stage->arena, "%s=False %s \"%s\" by %s", trouble->type,
					trouble->reason, trouble->message, answers.controller));
}

enum verdict
reattach_verify(const struct stage *stage, const struct pair *pair, struct step_status *why)
{
	enum verdict worst = VERDICT_PASS;
	const char *missing = first_missing(stage, pair);
	const struct object *route;

	if (missing != NULL) {
		say_status(why, stage->arena, STATE_WAITING,
			   "the route does not show the GA pool yet");
		why->object = missing;
		return VERDICT_WAIT;
	}
	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;) {
		enum verdict verdict = judge(stage, route, why);

		if (verdict == VERDICT_FAIL)
			return verdict;
		if (verdict != VERDICT_PASS)
			worst = verdict;
	}
	return worst;
}

static void
delete_created(const struct stage *stage, const struct pair *pair, const struct object *route,
	       struct intent_list *out)
{
	struct intent *intent = intent_add_on(out, stage->arena, VERB_DELETE, route);

	intent->step = STEP_ATTACH;
	intent->pair = pair_title(pair, stage->arena);
	intent->undo = true;
	intent->title = say_title(stage->arena, KIND_ROUTE, route->meta.ns, route->meta.name);
	intent->summary = "made again by attach; deleted again";
}

static void
take_out(struct surgery *surgery, const struct rule *rule)
{
	const struct pair *pair = surgery->pair;

	for (size_t i = rule->mirror_count; i-- > 0;) {
		const struct mirror *mirror = &rule->mirrors[i];

		if (mirror->backend >= 0 || surgery_side(pair, &mirror->ref) != SPLIT_GA)
			continue;
		surgery_remove_filter(surgery, rule->index, -1, mirror->filter);
		surgery_line(surgery, "rules[%d].filters[%d]  - mirror to GA %s", rule->index,
			     mirror->filter, pair->ga);
	}
	for (size_t i = rule->backend_count; i-- > 0;) {
		if (surgery_side(pair, &rule->backends[i].ref) != SPLIT_GA)
			continue;
		surgery_remove(surgery, rule->index, rule->backends[i].index);
		surgery_line(surgery, "rules[%d].backendRefs[%d]  - GA %s", rule->index,
			     rule->backends[i].index, pair->ga);
	}
}

bool
reattach_back(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	      struct err *err)
{
	struct surgery surgery = {
		.stage = stage, .pair = pair, .step = STEP_ATTACH, .undo = true, .out = out
	};
	struct past_of of = { .step = STEP_ATTACH, .pair = pair_title(pair, stage->arena) };
	const struct object *route;

	(void)err;
	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;) {
		const struct journal_record *record = past_first(stage->journal, of, KIND_ROUTE,
								 route->meta.ns, route->meta.name);

		if (record != NULL && record->intent.verb == VERB_CREATE) {
			delete_created(stage, pair, route, out);
			continue;
		}
		surgery_begin(&surgery, route);
		for (size_t i = 0; i < route->route.rule_count; i++)
			take_out(&surgery, &route->route.rules[i]);
		surgery_end(&surgery);
	}
	grant_uncarry(stage, pair, out);
	return true;
}
