#include "core/migrate/retreat.h"

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/answers.h"
#include "core/migrate/pair.h"
#include "core/migrate/picker.h"
#include "core/migrate/say.h"
#include "core/migrate/surgery.h"

/* True when some route's controller has not spoken of what stands there now. */
static bool
is_pending(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	for (size_t i = 0; i < pair->place_count; i++) {
		const struct place *place = &pair->places[i];

		if (!place->pending)
			continue;
		say_status(status, stage->arena, STATE_WAITING,
			   "its controller has not looked at the last change yet");
		status->object = say_title(stage->arena, KIND_ROUTE, place->route_ns, place->route);
		return true;
	}
	return false;
}

static bool
ga_serves(const struct pair *pair)
{
	for (size_t i = 0; i < pair->place_count; i++)
		if (!pair->places[i].mirror && pair->places[i].ga_weight > 0)
			return true;
	return false;
}

/* A Service without a selector has its endpoints from elsewhere. */
static bool
is_empty(const struct world *world, const struct object *service)
{
	const struct kv_list *selector = &service->service.selector;

	if (selector->count == 0 || !world_knows(world, KIND_POD))
		return false;
	for (size_t i = 0; i < world->count[KIND_POD]; i++) {
		const struct object *pod = world->objects[KIND_POD][i];

		if (pod->pod.ready && text_equal(pod->meta.ns, service->meta.ns) &&
		    kv_covers(&pod->meta.labels, selector))
			return false;
	}
	return true;
}

/* A route still names the α pool, at whatever weight. */
static bool
is_named(const struct pair *pair)
{
	for (size_t i = 0; i < pair->place_count; i++)
		if (!pair->places[i].mirror && pair->places[i].alpha_weight >= 0)
			return true;
	return false;
}

static bool
has_model(const struct stage *stage, const struct pair *pair, const char *objective)
{
	for (size_t i = 0; i < pair->model_count; i++)
		if (text_equal(pair->models[i].objective, objective) &&
		    world_find(stage->world, KIND_MODEL, pair->ns, pair->models[i].name) != NULL)
			return true;
	return false;
}

/* An objective that this program made of a model which is there no longer; NULL: none. */
static const struct object *
bereft(const struct stage *stage, const struct pair *pair)
{
	const struct world *world = stage->world;

	if (!world_knows(world, KIND_MODEL))
		return NULL;
	for (size_t i = 0; i < world->count[KIND_OBJECTIVE]; i++) {
		const struct object *found = world->objects[KIND_OBJECTIVE][i];
		const struct ref *pool = &found->objective.pool;

		if (intent_ours(found) && text_equal(pool->group, GROUP_GA) &&
		    text_equal(pool->ns, pair->ns) && text_equal(pool->name, pair->ga) &&
		    !has_model(stage, pair, found->meta.name))
			return found;
	}
	return NULL;
}

/* Traffic goes back to the α pool: somebody must be there to take it. */
static void
check_shift(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct picker_view *picker = &pair->alpha_picker;
	const struct object *service, *objective;

	if (!ga_serves(pair) || (pair->alpha_uid[0] == '\0' && !is_named(pair)) ||
	    is_pending(stage, pair, status))
		return;
	if (pair->alpha_uid[0] == '\0') {
		say_status(status, stage->arena, STATE_WAITING,
			   "the α pool is gone, and nothing that is sent there is answered; take "
			   "cleanup back first");
		status->object = say_title(stage->arena, KIND_ALPHA_POOL, pair->ns, pair->alpha);
		return;
	}
	objective = bereft(stage, pair);
	if (objective != NULL) {
		say_status(status, stage->arena, STATE_WAITING,
			   "the InferenceModel it was made of is gone, and the α pool answers "
			   "nothing that asks for that; take cleanup back first, where it was "
			   "done, or make the model again");
		status->object =
			say_title(stage->arena, KIND_OBJECTIVE, pair->ns, objective->meta.name);
		return;
	}
	service = picker_find(stage->world, pair_alpha(stage->world, pair)).service;
	if (world_knows(stage->world, KIND_SERVICE) && service == NULL) {
		say_status(status, stage->arena, STATE_WAITING,
			   "the endpoint picker of the α pool is gone, and without it nothing that "
			   "is sent there is answered; take cleanup back first, or make it again");
		status->object = say_title(stage->arena, KIND_SERVICE, pair->ns, picker->name);
		return;
	}
	if (picker->deployment[0] == '\0' && service != NULL && is_empty(stage->world, service)) {
		say_status(
			status, stage->arena, STATE_WAITING,
			"no pod that is ready stands behind the endpoint picker of the α pool, and "
			"without one nothing that is sent there is answered; take cleanup back "
			"first, or start the picker");
		status->object = say_title(stage->arena, KIND_SERVICE, pair->ns, picker->name);
		return;
	}
	if (picker->deployment[0] == '\0' || picker->ready > 0)
		return;
	say_status(status, stage->arena, STATE_WAITING,
		   "the endpoint picker of the α pool is not available yet, %lld of %lld pods are "
		   "ready",
		   (long long)picker->ready, (long long)picker->desired);
	status->object = say_title(stage->arena, KIND_DEPLOYMENT, pair->ns, picker->deployment);
}

static bool
is_shift_of(const struct journal_record *record, const char *pair)
{
	return !record->dry_run && record->end != JOURNAL_NOT_SENT &&
	       (record->intent.step == STEP_SHIFT || record->intent.step == STEP_FINALIZE) &&
	       text_equal(record->intent.pair, pair);
}

/* A journal that knows how the GA pool came into the routes knows whether it ever got weight;
 * without one it must be thought so. */
static bool
has_served(const struct stage *stage, const struct pair *pair)
{
	const char *title = pair_title(pair, stage->arena);
	size_t count = 0;
	const struct journal_record *records =
		stage->journal == NULL ? NULL : journal_records(stage->journal, &count);
	bool attached = false;

	for (size_t i = 0; i < count; i++) {
		if (is_shift_of(&records[i], title))
			return true;
		attached |= records[i].intent.step == STEP_ATTACH &&
			    text_equal(records[i].intent.pair, title);
	}
	return !attached && pair->place_count > 0;
}

/* The GA pool and its picker go: the data plane must have left them, and open answers must have
 * ended. A time in managedFields is whole seconds: the next one counts. */
static void
check_pool(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct object *route;
	int64_t changed = 0, until;

	if (pair->ga_uid[0] == '\0' || is_pending(stage, pair, status) || !has_served(stage, pair))
		return;
	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;)
		if (answers_changed(route) > changed)
			changed = answers_changed(route);
	until = changed + SECOND + stage->settings->drain;
	if (changed == 0 || until <= stage->world->wall)
		return;
	say_status(status, stage->arena, STATE_WAITING,
		   "open answers of the GA pool get %lld s to end",
		   (long long)(stage->settings->drain / SECOND));
	status->until = until;
}

static bool
is_listed(const struct stage *stage, enum kind kind)
{
	return world_knows(stage->world, kind) &&
	       stage->world->view[kind].state != VIEW_NOT_INSTALLED;
}

/* What is created again needs its kind served; a CRD on its way out takes nothing, and can be
 * created again only when it is gone. */
static void
check_crds(const struct stage *stage, bool served, struct step_status *status)
{
	static const enum kind kinds[] = { KIND_ALPHA_POOL, KIND_MODEL };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct kind_row *row = kind_row(kinds[i]);
		const char *name = arena_printf(stage->arena, "%s.%s", row->resource, row->group);
		const struct object *crd = world_find(stage->world, KIND_CRD, "", name);
		const char *why = NULL;

		if (crd == NULL)
			continue;
		if (crd->crd.terminating || crd->meta.deleting != 0)
			why = "it is being deleted";
		else if (served && !crd->crd.established)
			why = "the API server has not established it yet";
		else if (served && !is_listed(stage, kinds[i]))
			why = "its objects cannot be listed yet";
		if (why == NULL)
			continue;
		say_status(status, stage->arena, STATE_WAITING, "%s", why);
		status->object = say_title(stage->arena, KIND_CRD, "", name);
		return;
	}
}

static void
check_cleanup(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	(void)pair;
	check_crds(stage, true, status);
}

static void
check_remove_crds(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	(void)pair;
	check_crds(stage, false, status);
}

static void (*const checks[STEP_COUNT])(const struct stage *stage, const struct pair *pair,
					struct step_status *status) = {
	[STEP_SHIFT] = check_shift,
	[STEP_CLEANUP] = check_cleanup,
	[STEP_REMOVE_CRDS] = check_remove_crds,
	[STEP_POOL] = check_pool,
};

void
retreat_check(const struct stage *stage, const struct pair *pair, enum step_id step,
	      struct step_status *status)
{
	*status = (struct step_status){
		.state = STATE_READY, .reason = "", .object = "", .advice = ""
	};
	if (checks[step] != NULL && (pair != NULL || step_row(step)->scope == SCOPE_CLUSTER))
		checks[step](stage, pair, status);
}
