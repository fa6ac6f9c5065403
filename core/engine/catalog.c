#include "core/engine/catalog.h"

#include <string.h>

#include "core/base/text.h"
#include "core/engine/send.h"

void
catalog_init(struct catalog *catalog)
{
	*catalog = (struct catalog){ .state = CATALOG_IDLE };
	arena_init(&catalog->arena);
}

void
catalog_release(struct engine *engine, struct catalog *catalog)
{
	if (catalog->request != 0)
		engine->transport.cancel(engine->transport.self, catalog->request);
	catalog->request = 0;
	arena_release(&catalog->arena);
}

/* The array with room for one more. */
static void *
grown(struct arena *arena, void *items, size_t count, size_t *room, size_t size)
{
	void *bigger;

	if (count < *room)
		return items;
	*room = *room == 0 ? 64 : 2 * *room;
	bigger = arena_array(arena, *room, size);
	if (count > 0)
		memcpy(bigger, items, count * size);
	return bigger;
}

static void
add_group(struct catalog *catalog, const char *group, const char *version, bool mute)
{
	if (group == NULL || version == NULL)
		return;
	catalog->groups = grown(&catalog->arena, catalog->groups, catalog->group_count,
				&catalog->group_room, sizeof *catalog->groups);
	catalog->groups[catalog->group_count++] = (struct catalog_group){
		.group = arena_string(&catalog->arena, group),
		.version = arena_string(&catalog->arena, version),
		.mute = mute,
	};
}

static void
add_kind(struct catalog *catalog, const struct catalog_kind *kind)
{
	if (kind->resource == NULL || kind->kind == NULL || strchr(kind->resource, '/') != NULL)
		return;
	catalog->kinds = grown(&catalog->arena, catalog->kinds, catalog->kind_count,
			       &catalog->kind_room, sizeof *catalog->kinds);
	catalog->kinds[catalog->kind_count++] = (struct catalog_kind){
		.group = arena_string(&catalog->arena, kind->group),
		.version = arena_string(&catalog->arena, kind->version),
		.resource = arena_string(&catalog->arena, kind->resource),
		.kind = arena_string(&catalog->arena, kind->kind),
		.namespaced = kind->namespaced,
	};
}

/* One version of a group, in an APIGroupDiscoveryList. */
static void
take_version(struct catalog *catalog, const char *group, const struct json *v)
{
	const char *version = json_string_at(v, "version");
	bool stale = text_equal(json_string_at(v, "freshness"), "Stale");

	if (group == NULL || version == NULL)
		return;
	add_group(catalog, group, version, stale);
	for (const struct json *r = json_first(json_get(v, "resources")); r != NULL;
	     r = json_next(r))
		add_kind(catalog,
			 &(struct catalog_kind){
				 .group = group,
				 .version = version,
				 .resource = json_string_at(r, "resource"),
				 .kind = json_string_at(r, "responseKind.kind"),
				 .namespaced = text_equal(json_string_at(r, "scope"), "Namespaced"),
			 });
}

static void
take_whole(struct catalog *catalog, const struct json *body)
{
	for (const struct json *g = json_first(json_get(body, "items")); g != NULL;
	     g = json_next(g))
		for (const struct json *v = json_first(json_get(g, "versions")); v != NULL;
		     v = json_next(v))
			take_version(catalog, json_string_at(g, "metadata.name"), v);
	catalog->whole = true;
	catalog->state = CATALOG_READY;
}

/* The preferred version first, as in the aggregated form. */
static void
take_groups(struct catalog *catalog, const struct json *body)
{
	for (const struct json *g = json_first(json_get(body, "groups")); g != NULL;
	     g = json_next(g)) {
		const char *group = json_string_at(g, "name");
		const char *preferred = json_string_at(g, "preferredVersion.version");

		add_group(catalog, group, preferred, true);
		for (const struct json *v = json_first(json_get(g, "versions")); v != NULL;
		     v = json_next(v))
			if (!text_equal(json_string_at(v, "version"), preferred))
				add_group(catalog, group, json_string_at(v, "version"), true);
	}
}

/* An APIResourceList. */
static void
take_resources(struct catalog *catalog, struct catalog_group *group, const struct json *body)
{
	group->mute = false;
	for (const struct json *r = json_first(json_get(body, "resources")); r != NULL;
	     r = json_next(r))
		add_kind(catalog, &(struct catalog_kind){
					  .group = group->group,
					  .version = group->version,
					  .resource = json_string_at(r, "name"),
					  .kind = json_string_at(r, "kind"),
					  .namespaced = json_bool_at(r, "namespaced", false),
				  });
}

void
catalog_ask(struct engine *engine, struct catalog *catalog)
{
	struct api_request request;

	catalog_release(engine, catalog);
	catalog_init(catalog);
	catalog->state = CATALOG_FAILED;
	if (!api_discovery(&request, false, NULL))
		return;
	catalog->request = send_start(engine, &request);
	catalog->state = CATALOG_ASKING;
}

void
catalog_step(struct engine *engine, struct catalog *catalog, bool (*wanted)(const char *group))
{
	struct api_request request;

	while (catalog->state == CATALOG_ASKING && catalog->request == 0) {
		const struct catalog_group *group = &catalog->groups[catalog->at];

		if (catalog->at == catalog->group_count)
			catalog->state = CATALOG_READY;
		else if (wanted(group->group) &&
			 api_group_version(&request, group->group, group->version, NULL))
			catalog->request = send_start(engine, &request);
		else
			catalog->at++;
	}
}

bool
catalog_take(struct catalog *catalog, struct transport_event *event)
{
	struct api_reply reply;
	bool first = catalog->group_count == 0;

	if (catalog->request == 0 || event->id != catalog->request)
		return false;
	if (event->kind != TRANSPORT_DONE)
		return true;
	catalog->request = 0;
	api_reply_init(&reply, event, false);
	if (!first) {
		if (reply.outcome == API_OK)
			take_resources(catalog, &catalog->groups[catalog->at], reply.body);
		else if (reply.outcome == API_NO_ANSWER || reply.outcome == API_UNAUTHORIZED)
			catalog->state = CATALOG_FAILED;
		catalog->at++;
	} else if (reply.outcome != API_OK) {
		catalog->state = CATALOG_FAILED;
	} else if (text_equal(json_string_at(reply.body, "kind"), "APIGroupDiscoveryList")) {
		take_whole(catalog, reply.body);
	} else {
		take_groups(catalog, reply.body);
	}
	api_reply_release(&reply);
	return true;
}

bool
catalog_serves(const struct catalog *catalog, const char *group, const char *version,
	       const char *resource)
{
	for (size_t i = 0; i < catalog->group_count; i++) {
		const struct catalog_group *g = &catalog->groups[i];

		if (g->mute && text_equal(g->group, group) && text_equal(g->version, version))
			return true;
	}
	for (size_t i = 0; i < catalog->kind_count; i++) {
		const struct catalog_kind *k = &catalog->kinds[i];

		if (text_equal(k->group, group) && text_equal(k->version, version) &&
		    text_equal(k->resource, resource))
			return true;
	}
	return catalog->state != CATALOG_READY;
}
