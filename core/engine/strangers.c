#include "core/engine/strangers.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/die.h"
#include "core/base/text.h"
#include "core/engine/link.h"
#include "core/engine/send.h"

#define ASK_EVERY (60 * SECOND)
#define ASK_AGAIN (5 * SECOND) /* after no answer */
#define KINDS     32           /* policy kinds of one cluster, at most */
#define FOUND     1000         /* policies of them that target a pool, at most */
#define PAGE      500

struct policy_kind {
	struct api_resource resource;
	const char *kind;
};

struct strangers {
	int64_t request; /* 0: none under way */
	int64_t due;
	bool listing, settled;
	struct arena arena; /* of this round */
	struct policy_kind kinds[KINDS];
	size_t kind_count, at;
	const char *page; /* where the list of kinds[at] goes on; NULL: at its begin */
	struct stranger *found;
	size_t count;
};

struct strangers *
strangers_new(void)
{
	struct strangers *strangers = die_alloc(sizeof *strangers);

	arena_init(&strangers->arena);
	return strangers;
}

void
strangers_free(struct engine *engine, struct strangers *strangers)
{
	if (strangers == NULL)
		return;
	if (strangers->request != 0)
		engine->transport.cancel(engine->transport.self, strangers->request);
	arena_release(&strangers->arena);
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

static void
add_kind(struct strangers *strangers, const char *group, const char *version,
	 const struct json *resource)
{
	static const char ending[] = "Policy";
	const char *name = json_string_at(resource, "resource");
	const char *kind = json_string_at(resource, "responseKind.kind");
	size_t length = kind == NULL ? 0 : strlen(kind), tail = sizeof ending - 1;

	if (name == NULL || length < tail || strcmp(kind + length - tail, ending) != 0 ||
	    !text_equal(json_string_at(resource, "scope"), "Namespaced") ||
	    kind_of(group, name) != KIND_COUNT || strangers->kind_count == KINDS)
		return;
	strangers->kinds[strangers->kind_count++] = (struct policy_kind){
		.resource = { .group = arena_string(&strangers->arena, group),
			      .version = arena_string(&strangers->arena, version),
			      .resource = arena_string(&strangers->arena, name) },
		.kind = arena_string(&strangers->arena, kind),
	};
}

/* The first version of a group is the one the server prefers. */
static void
take_kinds(struct strangers *strangers, const struct json *body)
{
	for (const struct json *g = json_first(json_get(body, "items")); g != NULL;
	     g = json_next(g)) {
		const char *group = json_string_at(g, "metadata.name");
		const struct json *first = json_first(json_get(g, "versions"));
		const char *version = json_string_at(first, "version");

		if (group == NULL || version == NULL || is_own(group))
			continue;
		for (const struct json *r = json_first(json_get(first, "resources")); r != NULL;
		     r = json_next(r))
			add_kind(strangers, group, version, r);
	}
}

static void
add_target(struct strangers *strangers, const struct json *policy, const struct json *target)
{
	const struct policy_kind *kind = &strangers->kinds[strangers->at];
	const char *ns = json_string_at(policy, "metadata.namespace");
	const char *other = json_string_at(target, "namespace");
	const char *name = json_string_at(policy, "metadata.name");
	const char *to = json_string_at(target, "name"), *group = json_string_at(target, "group");

	if (ns == NULL || name == NULL || to == NULL || strangers->count == FOUND ||
	    !text_equal(json_string_at(target, "kind"), kind_row(KIND_ALPHA_POOL)->object))
		return;
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
	strangers->page = page != NULL && *page != '\0' ? arena_string(&strangers->arena, page)
							: NULL;
	strangers->at += strangers->page == NULL;
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

static void
end_round(struct engine *engine)
{
	struct strangers *strangers = engine->strangers;

	if (!is_known(engine->world, strangers))
		world_set_strangers(engine->world, strangers->found, strangers->count);
	strangers->listing = false;
	strangers->settled = true;
	strangers->due = engine->mono + ASK_EVERY;
}

static void
begin_round(struct engine *engine)
{
	struct strangers *strangers = engine->strangers;
	struct api_request request;

	arena_release(&strangers->arena);
	strangers->kind_count = strangers->at = strangers->count = 0;
	strangers->page = NULL;
	strangers->found = arena_array(&strangers->arena, FOUND, sizeof *strangers->found);
	strangers->due = engine->mono + ASK_AGAIN;
	if (api_discovery(&request, false, NULL))
		strangers->request = send_start(engine, &request);
}

static void
list_next(struct engine *engine)
{
	struct strangers *strangers = engine->strangers;
	struct api_request request;

	if (strangers->at == strangers->kind_count)
		end_round(engine);
	else if (api_list(&request, strangers->kinds[strangers->at].resource, engine->settings->ns,
			  API_WHOLE, PAGE, strangers->page, NULL))
		strangers->request = send_start(engine, &request);
	else
		strangers->at++;
}

int64_t
strangers_step(struct engine *engine)
{
	struct strangers *strangers = engine->strangers;

	if (strangers->request != 0 || !link_live(engine->link))
		return NEVER;
	if (strangers->listing) {
		list_next(engine);
		return strangers->request != 0 ? NEVER : engine->mono;
	}
	if (engine->mono < strangers->due)
		return strangers->due;
	begin_round(engine);
	return NEVER;
}

/* An answer that does not come begins a new round; a kind that is refused is passed over. */
bool
strangers_take(struct engine *engine, struct transport_event *event)
{
	struct strangers *strangers = engine->strangers;
	struct api_reply reply;

	if (strangers->request == 0 || event->id != strangers->request)
		return false;
	if (event->kind != TRANSPORT_DONE)
		return true;
	strangers->request = 0;
	api_reply_init(&reply, event, false);
	if (!strangers->listing && reply.outcome == API_OK) {
		take_kinds(strangers, reply.body);
		strangers->listing = true;
	} else if (strangers->listing && reply.outcome == API_OK) {
		take_policies(strangers, reply.body);
	} else if (strangers->listing && reply.status >= 400 && reply.status < 500 &&
		   reply.status != 429) {
		strangers->page = NULL;
		strangers->at++;
	} else {
		strangers->listing = false;
		strangers->due = engine->mono + ASK_AGAIN;
	}
	api_reply_release(&reply);
	return true;
}
