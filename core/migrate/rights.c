#include "core/migrate/rights.h"

#include <string.h>

#include "core/base/text.h"
#include "core/migrate/bundle.h"
#include "core/migrate/chart.h"
#include "core/migrate/convert.h"
#include "core/migrate/grant.h"
#include "core/migrate/lease.h"
#include "core/migrate/policy.h"
#include "core/migrate/uninstall.h"

struct rights {
	const struct stage *stage;
	struct right *items;
	size_t count, room;
	bool back; /* only what it takes to take a step back */
};

static bool
is_same(const struct right *a, const struct right *b)
{
	return text_equal(a->verb, b->verb) && text_equal(a->resource, b->resource) &&
	       text_equal(a->group, b->group) && text_equal(a->ns, b->ns) &&
	       text_equal(a->name, b->name);
}

static void
add(struct rights *rights, struct right right)
{
	if (rights->back && !right.undo)
		return;
	for (size_t i = 0; i < rights->count; i++) {
		struct right *known = &rights->items[i];

		if (!is_same(known, &right))
			continue;
		/* What goes forward by it is held up by it. */
		if (known->undo && !right.undo)
			*known = right;
		return;
	}
	if (rights->count == rights->room) {
		struct right *old = rights->items;

		rights->room = rights->room == 0 ? 128 : 2 * rights->room;
		rights->items =
			arena_array(rights->stage->arena, rights->room, sizeof(*rights->items));
		if (rights->count > 0)
			memcpy(rights->items, old, rights->count * sizeof(*old));
	}
	rights->items[rights->count++] = right;
}

struct want { /* rights on one kind */
	enum step_id step;
	enum kind kind;
	const char *ns, *name;
};

/* `verbs` ends with NULL. What is to be made has no name yet for
 * the server to look at. */
static void
want(struct rights *rights, struct want want, const char *const *verbs, bool undo)
{
	const struct kind_row *row = kind_row(want.kind);

	for (; *verbs != NULL; verbs++)
		add(rights,
		    (struct right){
			    .verb = *verbs,
			    .group = row->group,
			    .resource = row->resource,
			    .ns = row->namespaced && want.ns != NULL ? want.ns : "",
			    .name = want.name == NULL || text_equal(*verbs, "create") ? ""
										      : want.name,
			    .step = want.step,
			    .undo = undo,
		    });
}

static const char *const to_make[] = { "create", "patch", NULL };
static const char *const to_create[] = { "create", NULL };
static const char *const to_patch[] = { "patch", NULL };
static const char *const to_delete[] = { "delete", NULL };

/* Watching where a watch is held, and one look at each CRD by name. */
static void
add_reading(struct rights *rights)
{
	static const char *const watched[] = { "list", "watch", NULL },
				 *const polled[] = { "list", NULL },
				 *const named[] = { "get", NULL };

	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		enum kind_follow follow = kind_row(kind)->follow;

		want(rights,
		     (struct want){
			     .step = STEP_COUNT, .kind = kind, .ns = rights->stage->settings->ns },
		     follow == FOLLOW_NAMED                                 ? named
		     : follow == FOLLOW_POLL || follow == FOLLOW_POLL_POOLS ? polled
									    : watched,
		     false);
	}
	for (size_t i = 0; i < rights->stage->world->unlisted_count; i++) {
		const struct unlisted *kind = &rights->stage->world->unlisted[i];

		add(rights, (struct right){ .verb = "list",
					    .group = kind->group,
					    .resource = kind->resource,
					    .ns = kind->ns,
					    .name = "",
					    .step = STEP_COUNT });
	}
}

static void
add_lease(struct rights *rights)
{
	static const char *const verbs[] = { "get", "create", "patch" };

	for (size_t i = 0; !rights->stage->settings->no_lease && i < 3; i++)
		add(rights, (struct right){ .verb = verbs[i],
					    .group = LEASE_GROUP,
					    .resource = LEASE_RESOURCE,
					    .ns = LEASE_NS,
					    .name = i == 1 ? "" : LEASE_NAME,
					    .step = STEP_COUNT });
}

static void
add_crds(struct rights *rights)
{
	static const enum kind made[] = { KIND_GA_POOL, KIND_OBJECTIVE, KIND_ALPHA_POOL };

	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		struct want crd = { .step = STEP_CRDS,
				    .kind = KIND_CRD,
				    .name = bundle_crd_name(made[i]) };

		if (rights->stage->world->server.ships_ga_crd && made[i] != KIND_OBJECTIVE)
			continue;
		want(rights, crd, to_make, false);
		want(rights, crd, made[i] == KIND_ALPHA_POOL ? to_patch : to_delete, true);
	}
}

static void
remove_crds(struct rights *rights)
{
	static const char *const names[] = { "inferencemodels." GROUP_ALPHA,
					     "inferencepools." GROUP_ALPHA };

	for (size_t i = 0; i < 2; i++) {
		struct want crd = { .step = STEP_REMOVE_CRDS, .kind = KIND_CRD, .name = names[i] };

		want(rights, crd, to_delete, false);
		want(rights, crd, to_create, true);
	}
}

/* Nobody may give away what they do not have: the server looks when a role is made. */
static void
add_reviews(struct rights *rights)
{
	static const struct {
		const char *group, *resource;
	} reviews[] = { { "authentication.k8s.io", "tokenreviews" },
			{ "authorization.k8s.io", "subjectaccessreviews" } };

	for (size_t i = 0; i < 2; i++)
		add(rights, (struct right){ .verb = "create",
					    .group = reviews[i].group,
					    .resource = reviews[i].resource,
					    .ns = "",
					    .name = "",
					    .step = STEP_POOL });
}

static void
add_given_away(struct rights *rights, const char *ns)
{
	static const enum kind read[] = { KIND_POD, KIND_GA_POOL, KIND_ALPHA_POOL, KIND_OBJECTIVE };
	static const char *const verbs[] = { "get", "list", "watch", NULL };

	for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++)
		want(rights, (struct want){ .step = STEP_POOL, .kind = read[i], .ns = ns }, verbs,
		     false);
}

static bool
has_policy(const struct stage *stage, const struct pair *pair, enum kind kind)
{
	size_t at = 0;

	return policy_next(stage, pair, kind, &at) != NULL;
}

/* Does the step write one of the kind, as far as that can be said now? What somebody else has made
 * already, as it should be, needs no right. */
static bool
writes_kind(const struct intent_list *list, bool known, enum kind kind)
{
	for (size_t i = 0; known && i < list->count; i++)
		if (list->items[i].kind == kind)
			return true;
	return !known;
}

static void
add_pool(struct rights *rights, const struct pair *pair)
{
	struct want made = { .step = STEP_POOL, .ns = pair->ns };
	struct intent_list list = { 0 };
	bool known = !rights->back && step_row(STEP_POOL)->writes(rights->stage, pair, &list, NULL);

	for (const enum kind *kind = convert_parts();; kind++) {
		made.kind = *kind == KIND_COUNT ? KIND_DEPLOYMENT : *kind;
		if (writes_kind(&list, known, made.kind)) {
			want(rights, made, to_make, false);
			want(rights, made, to_delete, true);
		}
		if (*kind == KIND_COUNT)
			break;
	}
	made.kind = KIND_GA_POOL;
	want(rights, made, to_make, false);
	want(rights, made, to_delete, true);
	for (enum kind kind = KIND_BACKEND_POLICY; kind <= KIND_HEALTH_POLICY; kind++) {
		made.kind = kind;
		if (!has_policy(rights->stage, pair, kind))
			continue;
		want(rights, made, to_make, false);
		want(rights, made, to_delete, true);
	}
	if (writes_kind(&list, known, KIND_CLUSTER_ROLE))
		add_reviews(rights);
	if (writes_kind(&list, known, KIND_ROLE))
		add_given_away(rights, pair->ns);
}

static void
add_objectives(struct rights *rights, const struct pair *pair)
{
	struct want made = { .step = STEP_OBJECTIVES, .kind = KIND_OBJECTIVE, .ns = pair->ns };

	if (pair->model_count == 0)
		return;
	for (int i = 0; i < 2; i++) {
		want(rights, made, to_make, false);
		want(rights, made, to_delete, true);
		if (!convert_rewrites(rights->stage->world))
			return;
		made.kind = KIND_REWRITE;
	}
}

static void
add_routes(struct rights *rights, const struct pair *pair, enum step_id step)
{
	bool deletes = rights->stage->settings->delete_routes &&
		       rights->stage->settings->path == PATH_SIMPLE;

	for (size_t i = 0; i < pair->place_count; i++) {
		struct want route = { .step = step,
				      .kind = KIND_ROUTE,
				      .ns = pair->places[i].route_ns,
				      .name = pair->places[i].route };

		want(rights, route, to_patch, rights->back);
		if (!deletes)
			continue;
		want(rights, route, step == STEP_DETACH ? to_delete : to_create, false);
		want(rights, route, step == STEP_DETACH ? to_create : to_delete, true);
	}
}

static void
add_attach(struct rights *rights, const struct pair *pair)
{
	struct want grant = { .step = STEP_ATTACH, .kind = KIND_GRANT, .ns = pair->ns };

	add_routes(rights, pair, STEP_ATTACH);
	if (grant_carry(rights->stage, pair, NULL) == 0)
		return;
	want(rights, grant, to_make, false);
	want(rights, grant, to_delete, true);
}

/* What the step itself would write, as far as it is known now. */
static void
add_intents(struct rights *rights, const struct pair *pair, enum step_id step)
{
	struct intent_list list = { 0 };

	if (!step_row(step)->writes(rights->stage, pair, &list, NULL))
		return;
	for (size_t i = 0; i < list.count; i++) {
		const struct intent *intent = &list.items[i];
		struct want object = {
			.step = step, .kind = intent->kind, .ns = intent->ns, .name = intent->name
		};

		if (intent->kind == KIND_COUNT)
			continue;
		want(rights, object, intent->verb == VERB_DELETE ? to_delete : to_patch, false);
		want(rights, object, intent->verb == VERB_DELETE ? to_create : to_patch, true);
	}
}

/* helm keeps a release in Secrets. */
static void
add_release(struct rights *rights, const char *ns, enum step_id step, bool undo)
{
	static const char *const verbs[] = { "get", "list", "create", "update", "delete" };

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		add(rights, (struct right){ .verb = verbs[i],
					    .group = "",
					    .resource = "secrets",
					    .ns = ns,
					    .name = "",
					    .step = step,
					    .undo = undo });
}

/* What the chart makes beside what the native way makes, too. */
static void
add_chart(struct rights *rights, const struct pair *pair)
{
	static const char *const verbs[] = { "get", "create", "delete" };
	struct want made = { .step = STEP_POOL, .ns = pair->ns };

	add_release(rights, pair->ns, STEP_POOL, rights->back);
	if (!chart_for_gke(rights->stage, pair))
		return;
	for (made.kind = KIND_BACKEND_POLICY; made.kind <= KIND_HEALTH_POLICY; made.kind++) {
		want(rights, made, to_make, false);
		want(rights, made, to_delete, true);
	}
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		add(rights, (struct right){ .verb = verbs[i],
					    .group = MONITORING_GROUP,
					    .resource = MONITORING_RESOURCE,
					    .ns = "",
					    .name = "",
					    .step = STEP_POOL,
					    .undo = text_equal(verbs[i], "delete") });
}

/* All that goes with the alpha pool's release. */
static void
add_uninstall(struct rights *rights, const struct pair *pair)
{
	const struct world *world = rights->stage->world;

	if (!uninstall_wanted(rights->stage, pair))
		return;
	add_release(rights, pair->ns, STEP_CLEANUP, rights->back);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		for (size_t i = 0; i < world->count[kind]; i++) {
			const struct object *object = world->objects[kind][i];
			struct want want_it = { .step = STEP_CLEANUP,
						.kind = kind,
						.ns = object->meta.ns,
						.name = object->meta.name };

			if (!uninstall_takes(rights->stage, pair, object))
				continue;
			want(rights, want_it, to_delete, false);
			want(rights, want_it, to_create, true);
		}
}

static void
add_step(struct rights *rights, const struct pair *pair, enum step_id step)
{
	switch (step) {
	case STEP_POOL:
		add_pool(rights, pair);
		if (chart_wanted(rights->stage, pair))
			add_chart(rights, pair);
		return;
	case STEP_OBJECTIVES:
		add_objectives(rights, pair);
		return;
	case STEP_ATTACH:
		add_attach(rights, pair);
		return;
	case STEP_SHIFT:
	case STEP_FINALIZE:
	case STEP_DETACH:
		add_routes(rights, pair, step);
		return;
	case STEP_CLEANUP:
		add_intents(rights, pair, step);
		add_uninstall(rights, pair);
		return;
	default:
		return;
	}
}

/* The writes of the way back, verb by verb. */
static void
add_back_intents(struct rights *rights, const struct pair *pair, enum step_id step,
		 const struct intent_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct intent *intent = &list->items[i];
		struct want object = {
			.step = step, .kind = intent->kind, .ns = intent->ns, .name = intent->name
		};

		if (intent->kind == KIND_COUNT)
			add_release(rights, pair->ns, step, true);
		else
			want(rights, object,
			     intent->verb == VERB_DELETE   ? to_delete
			     : intent->verb == VERB_PATCH  ? to_patch
			     : intent->verb == VERB_CREATE ? to_create
							   : to_make,
			     true);
	}
}

/* Of a step that is done: as it would be taken back now, or, where another has to be taken back
 * first, whatever it could have made. */
static void
add_back(struct rights *rights, const struct pair *pair, enum step_id step)
{
	const struct step *row = step_row(step);
	struct intent_list list = { 0 };

	if (row->back == NULL)
		return;
	rights->back = true;
	if (row->back(rights->stage, pair, &list, NULL))
		add_back_intents(rights, pair, step, &list);
	else if (pair != NULL)
		add_step(rights, pair, step);
	else if (step == STEP_CRDS)
		add_crds(rights);
	else if (step == STEP_REMOVE_CRDS)
		remove_crds(rights);
	rights->back = false;
}

const struct right *
rights_back(const struct stage *stage, const struct pair *pair, enum step_id step, size_t *count)
{
	struct rights rights = { .stage = stage };

	add_back(&rights, pair, step);
	*count = rights.count;
	return rights.items;
}

static bool
is_over(const struct step_status *status)
{
	return status->state == STATE_DONE || status->state == STATE_SKIPPED;
}

const struct right *
rights_of(const struct stage *stage, size_t *count)
{
	const struct plan *plan = stage->plan;
	struct rights rights = { .stage = stage };

	add_reading(&rights);
	add_lease(&rights);
	for (size_t s = 0; s < plan->step_count; s++) {
		enum step_id id = plan->steps[s].id;

		bool cluster = step_row(id)->scope == SCOPE_CLUSTER;

		if (cluster && plan->steps[s].status.state == STATE_DONE)
			add_back(&rights, NULL, id);
		if (id == STEP_CRDS && !is_over(&plan->steps[s].status))
			add_crds(&rights);
		if (id == STEP_REMOVE_CRDS && !is_over(&plan->steps[s].status))
			remove_crds(&rights);
		for (size_t i = 0; !cluster && i < plan->pair_count; i++) {
			const struct pair *pair = &plan->pairs[i];

			if (pair->selected && pair->steps[id].state == STATE_DONE)
				add_back(&rights, pair, id);
			else if (pair->selected && !is_over(&pair->steps[id]))
				add_step(&rights, pair, id);
		}
	}
	*count = rights.count;
	return rights.items;
}
