#include "core/engine/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/engine/discover.h"
#include "core/engine/events.h"
#include "core/engine/named.h"
#include "core/kube/reflector.h"

#define POOL_NAMESPACES 8             /* in more of them, all namespaces are listed at once */
#define POLL_EVERY      (30 * SECOND) /* of kinds that are listed now and then */

struct slot { /* one reflector */
	struct engine *engine;
	enum kind kind;
	char *ns;      /* NULL: all */
	bool narrowed; /* all namespaces were asked for and refused */
	bool told;     /* the person was told so */
	struct reflector *reflector;
};

struct views {
	struct slot **slots;
	size_t count, room;
	bool ready, live;
	int64_t heard; /* mono ns of the API server's last answer; 0: none */
	uint64_t moves;
	uint64_t pools; /* world's change when the namespaces of pools were last looked at */
	bool wide;      /* pools are in too many namespaces to follow each */
	uint64_t crds;  /* world's change when CRDs were last looked at */
	bool served[KIND_COUNT]; /* its CRD is established */
};

struct views *
views_new(void)
{
	return die_alloc(sizeof(struct views));
}

static void
free_slot(struct slot *slot)
{
	reflector_free(slot->reflector);
	free(slot->ns);
	free(slot);
}

void
views_free(struct views *views)
{
	if (views == NULL)
		return;
	for (size_t i = 0; i < views->count; i++)
		free_slot(views->slots[i]);
	free(views->slots);
	free(views);
}

static void
put(struct slot *slot, const struct json *json)
{
	struct err err;
	struct object *object = object_decode(slot->kind, json, &err);

	if (object != NULL)
		world_put(slot->engine->world, object);
}

static void
take_away(struct slot *slot, const struct json *json)
{
	const char *ns = json_string_at(json, "metadata.namespace"),
		   *name = json_string_at(json, "metadata.name");

	if (name != NULL)
		world_remove(slot->engine->world, slot->kind, ns != NULL ? ns : "", name,
			     json_string_at(json, "metadata.uid"));
}

static void
changed(void *self, enum reflector_change change, const struct json *object)
{
	struct slot *slot = self;
	struct world *world = slot->engine->world;

	switch (change) {
	case REFLECTOR_BEGIN:
		world_list_begin(world, slot->kind, slot->ns);
		break;
	case REFLECTOR_UPSERT:
		put(slot, object);
		break;
	case REFLECTOR_DELETE:
		take_away(slot, object);
		break;
	case REFLECTOR_END:
		world_list_end(world, slot->kind, slot->ns);
		break;
	case REFLECTOR_CLEAR:
		world_list_begin(world, slot->kind, slot->ns);
		world_list_end(world, slot->kind, slot->ns);
		break;
	}
}

static bool
is_polled(enum kind kind)
{
	enum kind_follow follow = kind_row(kind)->follow;
	return follow == FOLLOW_POLL || follow == FOLLOW_POLL_POOLS;
}

static bool
follows_pools(enum kind kind)
{
	enum kind_follow follow = kind_row(kind)->follow;
	return follow == FOLLOW_POOLS || follow == FOLLOW_POLL_POOLS;
}

static void
start(struct slot *slot)
{
	struct engine *engine = slot->engine;
	const struct kind_row *row = kind_row(slot->kind);
	int64_t interval = engine->settings->interval > 0 ? engine->settings->interval : 2 * SECOND;
	struct reflector_spec spec = {
		.resource = { row->group, row->version, row->resource },
		.ns = slot->ns,
		.how = is_polled(slot->kind) ? REFLECTOR_POLLS : REFLECTOR_WATCHES,
		.interval = is_polled(slot->kind) ? POLL_EVERY : interval,
		.seed = engine->seed + engine->views->count * 7919 + (uint64_t)slot->kind,
	};

	reflector_free(slot->reflector);
	slot->reflector =
		reflector_new(&spec, &engine->transport, (struct reflector_sink){ slot, changed });
	reflector_set_ready(slot->reflector, engine->views->ready);
}

static void
add_slot(struct engine *engine, enum kind kind, const char *ns)
{
	struct views *views = engine->views;
	struct slot *slot = die_alloc(sizeof *slot);

	if (views->count == views->room) {
		views->room = views->room == 0 ? 32 : views->room * 2;
		views->slots = die_realloc(views->slots, views->room * sizeof *views->slots);
	}
	*slot = (struct slot){ .engine = engine, .kind = kind, .ns = die_strdup(ns) };
	start(slot);
	views->slots[views->count++] = slot;
}

static bool
has_slot(const struct views *views, enum kind kind, const char *ns)
{
	for (size_t i = 0; i < views->count; i++)
		if (views->slots[i]->kind == kind && text_equal(views->slots[i]->ns, ns))
			return true;
	return false;
}

static void
drop_slots(struct views *views, enum kind kind)
{
	size_t kept = 0;

	for (size_t i = 0; i < views->count; i++)
		if (views->slots[i]->kind == kind)
			free_slot(views->slots[i]);
		else
			views->slots[kept++] = views->slots[i];
	views->count = kept;
}

static void
add_namespace(const char *list[POOL_NAMESPACES + 1], size_t *count, const char *ns)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(list[i], ns) == 0)
			return;
	if (*count <= POOL_NAMESPACES)
		list[(*count)++] = ns;
}

static void
follow_list(struct engine *engine, const char *const *list, size_t count)
{
	struct views *views = engine->views;
	size_t followed = 0;

	for (size_t i = 0; i < views->count; i++)
		followed += views->slots[i]->kind == KIND_SERVICE;
	for (size_t i = 0; i < count; i++)
		followed += !has_slot(views, KIND_SERVICE, list[i]);
	views->wide = followed > POOL_NAMESPACES;
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		if (!follows_pools(kind))
			continue;
		if (views->wide) {
			drop_slots(views, kind);
			add_slot(engine, kind, engine->settings->ns);
		}
		for (size_t i = 0; !views->wide && i < count; i++)
			if (!has_slot(views, kind, list[i]))
				add_slot(engine, kind, list[i]);
	}
}

/* A namespace once followed stays so: cleaning up outlives the pool that led there. */
static void
follow_namespaces(struct engine *engine)
{
	static const enum kind kinds[] = { KIND_ALPHA_POOL, KIND_GA_POOL };
	struct views *views = engine->views;
	const char *list[POOL_NAMESPACES + 1];
	size_t count = 0;

	if (views->wide || views->pools == engine->world->change)
		return;
	views->pools = engine->world->change;
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < engine->world->count[kinds[k]]; i++)
			add_namespace(list, &count, engine->world->objects[kinds[k]][i]->meta.ns);
	follow_list(engine, list, count);
}

void
views_follow(struct engine *engine, const char *ns)
{
	if (!engine->views->wide)
		follow_list(engine, &ns, 1);
}

static void
follow_cluster(struct engine *engine)
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		enum kind_follow follow = kind_row(kind)->follow;
		if (follow == FOLLOW_WATCH || follow == FOLLOW_POLL)
			add_slot(engine, kind,
				 kind_row(kind)->namespaced ? engine->settings->ns : NULL);
	}
}

/* May not list everywhere: the selected namespace, then, and the view says so (KUBERNETES §3.1). */
static void
narrow(struct slot *slot)
{
	struct engine *engine = slot->engine;
	const char *ns = engine->settings->default_ns;

	if (slot->ns != NULL || slot->narrowed || ns == NULL || *ns == '\0' ||
	    !kind_row(slot->kind)->namespaced ||
	    reflector_status(slot->reflector).state != REFLECTOR_FORBIDDEN)
		return;
	slot->narrowed = true;
	slot->ns = die_strdup(ns);
	if (!slot->told)
		events_add(engine, EVENT_WARNING, STEP_COUNT, "",
			   "You may not list %s%s%s in all namespaces: only namespace %s is looked "
			   "at.",
			   kind_row(slot->kind)->resource,
			   *kind_row(slot->kind)->group != '\0' ? "." : "",
			   kind_row(slot->kind)->group, ns);
	slot->told = true;
	start(slot);
}

/* The right may have been given since: all namespaces are asked for once more. */
static void
widen(struct slot *slot)
{
	slot->narrowed = false;
	free(slot->ns);
	slot->ns = NULL;
	start(slot);
}

/* From the best to the worst; a view is as good as the worst of its reflectors. */
static const struct {
	enum view_state state;
	int badness;
} states[] = {
	[REFLECTOR_NOT_INSTALLED] = { VIEW_NOT_INSTALLED, 0 },
	[REFLECTOR_LIVE] = { VIEW_LIVE, 1 },
	[REFLECTOR_POLLING] = { VIEW_POLLING, 2 },
	[REFLECTOR_STARTING] = { VIEW_STARTING, 3 },
	[REFLECTOR_STALE] = { VIEW_STALE, 4 },
	[REFLECTOR_FORBIDDEN] = { VIEW_FORBIDDEN, 5 },
	[REFLECTOR_BROKEN] = { VIEW_BROKEN, 6 },
};

static void
add_status(struct view *view, const struct slot *slot, int *worst)
{
	struct reflector_status status = reflector_status(slot->reflector);
	bool first = *worst < 0;

	if (slot->ns != NULL && !follows_pools(slot->kind))
		inside_copy(view->ns, sizeof view->ns, slot->ns);
	view->fresh = first || status.fresh < view->fresh ? status.fresh : view->fresh;
	view->listed = (first || view->listed) &&
		       (status.listed || status.state == REFLECTOR_NOT_INSTALLED);
	if (states[status.state].badness <= *worst)
		return;
	*worst = states[status.state].badness;
	view->state = states[status.state].state;
	view->since = status.since;
	inside_copy(view->reason, sizeof view->reason, status.reason);
	if (slot->narrowed && view->reason[0] == '\0')
		snprintf(view->reason, sizeof view->reason,
			 "only namespace %s: listing all is not allowed", slot->ns);
}

/* Nothing to follow yet: as known as the pools are, whose namespaces would be followed. */
static void
without_slots(const struct engine *engine, struct view *view)
{
	const struct view *pools[] = { &engine->world->view[KIND_ALPHA_POOL],
				       &engine->world->view[KIND_GA_POOL] };

	view->listed = pools[0]->listed && pools[1]->listed;
	view->state = view->listed ? VIEW_LIVE : VIEW_STARTING;
	for (int i = 0; i < 2 && !view->listed; i++)
		if (pools[i]->state == VIEW_FORBIDDEN || pools[i]->state == VIEW_BROKEN)
			*view = *pools[i];
	view->fresh = inside_sooner(pools[0]->fresh, pools[1]->fresh);
	view->since = pools[0]->since;
}

static void
mind_link(const struct engine *engine, struct view *view)
{
	const struct views *views = engine->views;

	if (views->live || views->heard == 0 ||
	    (view->state != VIEW_LIVE && view->state != VIEW_POLLING))
		return;
	view->state = VIEW_STALE;
	view->since = views->heard;
	snprintf(view->reason, sizeof view->reason, "the API server does not answer");
}

static void
judge(struct engine *engine, enum kind kind)
{
	struct views *views = engine->views;
	struct view *view = &engine->world->view[kind], was = *view,
		    now = { .state = VIEW_STARTING };
	int worst = -1;

	if (kind_row(kind)->follow == FOLLOW_NAMED) {
		now = named_view(engine->named);
	} else {
		for (size_t i = 0; i < views->count; i++)
			if (views->slots[i]->kind == kind)
				add_status(&now, views->slots[i], &worst);
		if (worst < 0)
			without_slots(engine, &now);
	}
	if (now.state == VIEW_FORBIDDEN && kind_row(kind)->optional &&
	    !discover_serves(engine->discover, kind)) {
		now.state = VIEW_NOT_INSTALLED;
		now.listed = true;
		now.reason[0] = '\0';
	}
	mind_link(engine, &now);
	*view = now;
	if (now.state == was.state && now.listed == was.listed && strcmp(now.ns, was.ns) == 0)
		return;
	views->moves++;
	engine->world->change++;
}

/* Objects can be listed from now on, or no longer: that does not wait for the view's own next
 * look. */
static void
mind_crds(struct engine *engine)
{
	struct views *views = engine->views;
	const struct world *world = engine->world;

	if (views->crds == world->change)
		return;
	views->crds = world->change;
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		const struct kind_row *row = kind_row(kind);
		const struct object *crd;
		char name[200];

		snprintf(name, sizeof name, "%s.%s", row->resource, row->group);
		crd = world_find(world, KIND_CRD, "", name);
		if ((crd != NULL && crd->crd.established) == views->served[kind])
			continue;
		views->served[kind] = !views->served[kind];
		views_poke(engine, kind);
	}
}

int64_t
views_step(struct engine *engine)
{
	struct views *views = engine->views;
	int64_t due = NEVER;

	if (views->count == 0)
		follow_cluster(engine);
	mind_crds(engine);
	follow_namespaces(engine);
	for (size_t i = 0; i < views->count; i++) {
		narrow(views->slots[i]);
		due = inside_sooner(due, reflector_step(views->slots[i]->reflector, engine->mono));
	}
	/* The pools first: kinds that follow them are as known as they are. */
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		judge(engine, kind);
	return due;
}

bool
views_take(struct engine *engine, struct transport_event *event)
{
	struct views *views = engine->views;

	for (size_t i = 0; i < views->count; i++)
		if (reflector_take(views->slots[i]->reflector, event, engine->mono))
			return true;
	return false;
}

void
views_poke(struct engine *engine, enum kind kind)
{
	struct views *views = engine->views;

	if (kind_row(kind)->follow == FOLLOW_NAMED)
		named_hurry(engine, 0);
	for (size_t i = 0; i < views->count; i++)
		if (views->slots[i]->kind == kind)
			reflector_poke(views->slots[i]->reflector, engine->mono);
}

void
views_widen(struct engine *engine)
{
	struct views *views = engine->views;

	for (size_t i = 0; i < views->count; i++)
		if (views->slots[i]->narrowed) {
			widen(views->slots[i]);
			judge(engine, views->slots[i]->kind); /* nothing begins on what was */
		}
}

void
views_poke_all(struct engine *engine)
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		views_poke(engine, kind);
}

void
views_poke_polled(struct engine *engine)
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		if (is_polled(kind))
			views_poke(engine, kind);
}

void
views_poke_troubled(struct engine *engine)
{
	struct views *views = engine->views;

	for (size_t i = 0; i < views->count; i++) {
		enum reflector_state state = reflector_status(views->slots[i]->reflector).state;
		if (state == REFLECTOR_STALE || state == REFLECTOR_STARTING)
			reflector_poke(views->slots[i]->reflector, engine->mono);
	}
}

void
views_reset(struct engine *engine)
{
	struct views *views = engine->views;

	for (size_t i = 0; i < views->count; i++)
		reflector_reset(views->slots[i]->reflector, engine->mono);
	world_clear(engine->world, KIND_CRD);
	named_hurry(engine, 0);
}

void
views_set_ready(struct engine *engine, bool ready)
{
	struct views *views = engine->views;

	if (views->ready == ready)
		return;
	views->ready = ready;
	for (size_t i = 0; i < views->count; i++)
		reflector_set_ready(views->slots[i]->reflector, ready);
}

void
views_set_heard(struct engine *engine, bool live, int64_t fresh)
{
	engine->views->live = live;
	engine->views->heard = fresh;
}

/* `watched`: a view that is live knows all by its watch, whenever it was listed. */
static bool
is_known_since(const struct engine *engine, enum kind kind, int64_t mono, bool watched)
{
	const struct views *views = engine->views;

	if (kind_row(kind)->follow == FOLLOW_NAMED)
		return named_fresh(engine->named, mono);
	for (size_t i = 0; i < views->count; i++) {
		struct reflector_status status = reflector_status(views->slots[i]->reflector);

		if (views->slots[i]->kind != kind || (watched && status.state == REFLECTOR_LIVE) ||
		    status.state == REFLECTOR_NOT_INSTALLED || status.state == REFLECTOR_FORBIDDEN)
			continue;
		if (status.state == REFLECTOR_STARTING || status.list_started < mono)
			return false;
	}
	return true;
}

bool
views_fresh(const struct engine *engine, enum kind kind, int64_t mono)
{
	return is_known_since(engine, kind, mono, true);
}

bool
views_listed(const struct engine *engine, enum kind kind, int64_t mono)
{
	return is_known_since(engine, kind, mono, false);
}

bool
views_polling(const struct engine *engine)
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		if (!is_polled(kind) && kind_row(kind)->follow != FOLLOW_NAMED &&
		    engine->world->view[kind].state == VIEW_POLLING)
			return true;
	return false;
}

bool
views_in_question(const struct engine *engine)
{
	const struct views *views = engine->views;

	for (size_t i = 0; i < views->count; i++)
		if (kind_row(views->slots[i]->kind)->optional &&
		    reflector_status(views->slots[i]->reflector).state == REFLECTOR_FORBIDDEN)
			return true;
	return false;
}

uint64_t
views_moves(const struct views *views)
{
	return views->moves;
}
