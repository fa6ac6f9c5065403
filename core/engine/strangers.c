#include "core/engine/strangers.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/die.h"
#include "core/base/text.h"
#include "core/engine/catalog.h"
#include "core/engine/link.h"
#include "core/engine/send.h"
#include "core/migrate/chart.h"

#define ASK_EVERY  (60 * SECOND)
#define ASK_SELDOM (5 * MINUTE) /* where it takes a request for each group */
#define ASK_AGAIN  (5 * SECOND) /* after no answer */
#define PAGE       500

struct policy_kind {
	struct api_resource resource;
	const char *kind;
};

struct strangers {
	struct catalog catalog;
	int64_t request; /* of a list; 0: none under way */
	int64_t due;
	bool listing, settled;
	struct arena arena; /* of this round */
	struct policy_kind *kinds;
	size_t kind_count, at;
	const char *page;    /* where the list of kinds[at] goes on; NULL: at its begin */
	const char **spaces; /* of alpha pools, for what may not be listed across all */
	size_t space_count, space;
	bool apart; /* kinds[at] is listed in one of the spaces after the other */
	struct stranger *found;
	size_t count;
	struct unlisted *unlisted;
	size_t unlisted_count;
};

struct strangers *
strangers_new(void)
{
	struct strangers *strangers = die_alloc(sizeof *strangers);

	arena_init(&strangers->arena);
	catalog_init(&strangers->catalog);
	return strangers;
}

void
strangers_free(struct engine *engine, struct strangers *strangers)
{
	if (strangers == NULL)
		return;
	if (strangers->request != 0)
		engine->transport.cancel(engine->transport.self, strangers->request);
	catalog_release(engine, &strangers->catalog);
	arena_release(&strangers->arena);
	free(strangers->found);
	free(strangers->unlisted);
	free(strangers);
}

bool
strangers_settled(const struct engine *engine)
{
	return engine->strangers->settled;
}

/* Kubernetes' own, which end in Policy, too, and target nothing. */
static bool
is_own(const char *group)
{
	static const char *const groups[] = { "", "policy", "networking.k8s.io",
					      "admissionregistration.k8s.io" };

	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		if (text_equal(group, groups[i]))
			return true;
	return false;
}

static bool
may_have_policies(const char *group)
{
	return !is_own(group);
}

static bool
is_policy(const struct catalog_kind *kind)
{
	static const char ending[] = "Policy";
	size_t length = strlen(kind->kind), tail = sizeof ending - 1;

	return length >= tail && strcmp(kind->kind + length - tail, ending) == 0 &&
	       kind->namespaced && !is_own(kind->group) &&
	       kind_of(kind->group, kind->resource) == KIND_COUNT;
}

static bool
is_chosen(const struct strangers *strangers, const struct catalog_kind *kind)
{
	for (size_t i = 0; i < strangers->kind_count; i++)
		if (text_equal(strangers->kinds[i].resource.group, kind->group) &&
		    text_equal(strangers->kinds[i].resource.resource, kind->resource))
			return true;
	return false;
}

/* Each by the version that its group prefers of those that have it: not every version has every
 * kind. */
static void
choose_kinds(struct strangers *strangers)
{
	const struct catalog *catalog = &strangers->catalog;

	strangers->kinds =
		arena_array(&strangers->arena, catalog->kind_count + 1, sizeof *strangers->kinds);
	for (size_t i = 0; i < catalog->kind_count; i++) {
		const struct catalog_kind *kind = &catalog->kinds[i];

		if (is_policy(kind) && !is_chosen(strangers, kind))
			strangers->kinds[strangers->kind_count++] = (struct policy_kind){
				.resource = { .group = kind->group,
					      .version = kind->version,
					      .resource = kind->resource },
				.kind = kind->kind,
			};
	}
}

/* The pools stand in the order of their namespaces. */
static void
find_spaces(struct strangers *strangers, const struct world *world)
{
	size_t pools = world->count[KIND_ALPHA_POOL];

	strangers->spaces = arena_array(&strangers->arena, pools + 1, sizeof *strangers->spaces);
	for (size_t i = 0; i < pools; i++) {
		const char *ns = world->objects[KIND_ALPHA_POOL][i]->meta.ns;
		size_t count = strangers->space_count;

		if (count == 0 || !text_equal(strangers->spaces[count - 1], ns))
			strangers->spaces[strangers->space_count++] =
				arena_string(&strangers->arena, ns);
	}
}

static void
go_on(struct strangers *strangers)
{
	strangers->page = NULL;
	if (strangers->apart && ++strangers->space < strangers->space_count)
		return;
	strangers->apart = false;
	strangers->space = 0;
	strangers->at++;
}

/* Where it is being listed now; NULL: in all namespaces. */
static const char *
space_of(const struct engine *engine)
{
	const struct strangers *strangers = engine->strangers;

	return strangers->apart ? strangers->spaces[strangers->space] : engine->settings->ns;
}

static void
add_target(struct strangers *strangers, const struct json *policy, const struct json *target)
{
	const struct policy_kind *kind = &strangers->kinds[strangers->at];
	const char *ns = json_string_at(policy, "metadata.namespace");
	const char *other = json_string_at(target, "namespace");
	const char *name = json_string_at(policy, "metadata.name");
	const char *to = json_string_at(target, "name"), *group = json_string_at(target, "group");

	if (ns == NULL || name == NULL || to == NULL ||
	    !text_equal(json_string_at(target, "kind"), kind_row(KIND_ALPHA_POOL)->object))
		return;
	strangers->found =
		die_realloc(strangers->found, (strangers->count + 1) * sizeof *strangers->found);
	strangers->found[strangers->count++] = (struct stranger){
		.group = kind->resource.group,
		.kind = kind->kind,
		.ns = arena_string(&strangers->arena, ns),
		.name = arena_string(&strangers->arena, name),
		.target = { .group = arena_string(&strangers->arena, group != NULL ? group : ""),
			    .kind = kind_row(KIND_ALPHA_POOL)->object,
			    .ns = arena_string(&strangers->arena, other != NULL ? other : ns),
			    .name = arena_string(&strangers->arena, to) },
	};
}

/* GEP-713 has one target; newer kinds have a list of them. */
static void
take_policies(struct strangers *strangers, const struct json *body)
{
	const char *page = json_string_at(body, "metadata.continue");

	for (const struct json *p = json_first(json_get(body, "items")); p != NULL;
	     p = json_next(p)) {
		const struct json *spec = json_get(p, "spec");

		add_target(strangers, p, json_get(spec, "targetRef"));
		for (const struct json *t = json_first(json_get(spec, "targetRefs")); t != NULL;
		     t = json_next(t))
			add_target(strangers, p, t);
	}
	if (page != NULL && *page != '\0')
		strangers->page = arena_string(&strangers->arena, page);
	else
		go_on(strangers);
}

static bool
same_ref(const struct ref *a, const struct ref *b)
{
	return text_equal(a->group, b->group) && text_equal(a->ns, b->ns) &&
	       text_equal(a->name, b->name);
}

static bool
is_known(const struct world *world, const struct strangers *strangers)
{
	if (world->stranger_count != strangers->count)
		return false;
	for (size_t i = 0; i < strangers->count; i++) {
		const struct stranger *a = &world->strangers[i], *b = &strangers->found[i];

		if (!text_equal(a->group, b->group) || !text_equal(a->kind, b->kind) ||
		    !text_equal(a->ns, b->ns) || !text_equal(a->name, b->name) ||
		    !same_ref(&a->target, &b->target))
			return false;
	}
	return true;
}

static bool
is_said(const struct world *world, const struct strangers *strangers)
{
	if (world->unlisted_count != strangers->unlisted_count)
		return false;
	for (size_t i = 0; i < strangers->unlisted_count; i++) {
		const struct unlisted *a = &world->unlisted[i], *b = &strangers->unlisted[i];

		if (!text_equal(a->group, b->group) || !text_equal(a->kind, b->kind) ||
		    !text_equal(a->ns, b->ns))
			return false;
	}
	return true;
}

/* The one kind that GKE's provider of the chart makes and this program does not follow. */
static void
note_monitoring(struct engine *engine)
{
	bool missing = !catalog_serves(&engine->strangers->catalog, MONITORING_GROUP,
				       MONITORING_VERSION, MONITORING_RESOURCE);

	engine->world->change += missing != engine->world->no_pod_monitoring;
	engine->world->no_pod_monitoring = missing;
}

static void
end_round(struct engine *engine)
{
	struct strangers *strangers = engine->strangers;

	note_monitoring(engine);
	if (!is_known(engine->world, strangers))
		world_set_strangers(engine->world, strangers->found, strangers->count);
	if (!is_said(engine->world, strangers))
		world_set_unlisted(engine->world, strangers->unlisted, strangers->unlisted_count);
	strangers->listing = false;
	strangers->settled = true;
	strangers->due = engine->mono + (strangers->catalog.whole ? ASK_EVERY : ASK_SELDOM);
}

static void
begin_round(struct engine *engine)
{
	struct strangers *strangers = engine->strangers;

	arena_release(&strangers->arena);
	strangers->kind_count = strangers->at = strangers->count = 0;
	strangers->space_count = strangers->space = strangers->unlisted_count = 0;
	strangers->apart = false;
	strangers->kinds = NULL;
	strangers->page = NULL;
	strangers->due = engine->mono + ASK_AGAIN;
	catalog_ask(engine, &strangers->catalog);
}

static void
list_next(struct engine *engine)
{
	struct strangers *strangers = engine->strangers;
	struct api_request request;

	if (strangers->at == strangers->kind_count)
		end_round(engine);
	else if (api_list(&request, strangers->kinds[strangers->at].resource, space_of(engine),
			  API_WHOLE, PAGE, strangers->page, NULL))
		strangers->request = send_start(engine, &request);
	else
		go_on(strangers);
}

int64_t
strangers_step(struct engine *engine)
{
	struct strangers *strangers = engine->strangers;
	struct catalog *catalog = &strangers->catalog;

	if (strangers->request != 0 || !link_live(engine->link))
		return NEVER;
	if (catalog->state == CATALOG_ASKING) {
		catalog_step(engine, catalog, may_have_policies);
		if (catalog->state == CATALOG_ASKING)
			return NEVER;
	}
	if (strangers->listing) {
		list_next(engine);
		return strangers->request != 0 ? NEVER : engine->mono;
	}
	if (catalog->state == CATALOG_READY && strangers->kinds == NULL) {
		choose_kinds(strangers);
		find_spaces(strangers, engine->world);
		strangers->listing = true;
		return engine->mono;
	}
	if (engine->mono < strangers->due)
		return strangers->due;
	begin_round(engine);
	return NEVER;
}

/* One that may not be listed across all namespaces may still be, where the pools are. */
static void
note_refusal(struct engine *engine)
{
	struct strangers *strangers = engine->strangers;
	const struct policy_kind *kind = &strangers->kinds[strangers->at];
	const char *ns = space_of(engine);

	if (ns == NULL && strangers->space_count > 0) {
		strangers->apart = true;
		strangers->page = NULL;
		return;
	}
	strangers->unlisted = die_realloc(strangers->unlisted, (strangers->unlisted_count + 1) *
								       sizeof *strangers->unlisted);
	strangers->unlisted[strangers->unlisted_count++] = (struct unlisted){
		.group = kind->resource.group,
		.resource = kind->resource.resource,
		.kind = kind->kind,
		.ns = ns != NULL ? ns : "",
	};
	go_on(strangers);
}

static void
take_list(struct engine *engine, const struct api_reply *reply)
{
	struct strangers *strangers = engine->strangers;

	/* Gone since discovery asked, or nothing that is listed at all. */
	bool none = reply->status == 404 || reply->status == 405 || reply->outcome == API_INVALID;

	if (reply->outcome == API_OK) {
		take_policies(strangers, reply->body);
	} else if (reply->outcome == API_FORBIDDEN) {
		note_refusal(engine);
	} else if (none) {
		go_on(strangers);
	} else {
		strangers->listing = false;
		strangers->due = engine->mono + ASK_AGAIN;
	}
}

bool
strangers_take(struct engine *engine, struct transport_event *event)
{
	struct strangers *strangers = engine->strangers;
	struct api_reply reply;

	if (catalog_take(&strangers->catalog, event))
		return true;
	if (strangers->request == 0 || event->id != strangers->request)
		return false;
	if (event->kind != TRANSPORT_DONE)
		return true;
	strangers->request = 0;
	api_reply_init(&reply, event, false);
	take_list(engine, &reply);
	api_reply_release(&reply);
	return true;
}
