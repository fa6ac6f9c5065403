#include "core/engine/discover.h"

#include <stdlib.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/engine/send.h"

#define ASK_EVERY (30 * SECOND) /* a CRD may be installed meanwhile */

struct discover {
	int64_t request; /* 0: none under way */
	int64_t due;
	bool missing[KIND_COUNT];
};

struct discover *
discover_new(void)
{
	return die_alloc(sizeof(struct discover));
}

void
discover_free(struct engine *engine, struct discover *discover)
{
	if (discover == NULL)
		return;
	if (discover->request != 0)
		engine->transport.cancel(engine->transport.self, discover->request);
	free(discover);
}

int64_t
discover_step(struct engine *engine, bool wanted)
{
	struct discover *discover = engine->discover;
	struct api_request request;

	if (!wanted || discover->request != 0)
		return NEVER;
	if (engine->mono < discover->due)
		return discover->due;
	discover->due = engine->mono + ASK_EVERY;
	if (api_discovery(&request, false, NULL))
		discover->request = send_start(engine, &request);
	return discover->due;
}

static bool
version_has(const struct json *versions, const struct kind_row *row)
{
	for (const struct json *v = json_first(versions); v != NULL; v = json_next(v)) {
		if (!text_equal(json_string_at(v, "version"), row->version))
			continue;
		/* A group whose server is down has no list: that says nothing (KUBERNETES §5). */
		if (text_equal(json_string_at(v, "freshness"), "Stale"))
			return true;
		for (const struct json *r = json_first(json_get(v, "resources")); r != NULL;
		     r = json_next(r))
			if (text_equal(json_string_at(r, "resource"), row->resource))
				return true;
	}
	return false;
}

/* APIGroupDiscoveryList has all in one; an old server falls back to APIGroupList, which only knows
 * groups. */
static bool
is_there(const struct json *body, const struct kind_row *row)
{
	bool whole = text_equal(json_string_at(body, "kind"), "APIGroupDiscoveryList");

	for (const struct json *g = json_first(json_get(body, whole ? "items" : "groups"));
	     g != NULL; g = json_next(g)) {
		if (!text_equal(json_string_at(g, whole ? "metadata.name" : "name"), row->group))
			continue;
		return !whole || version_has(json_get(g, "versions"), row);
	}
	return false;
}

bool
discover_take(struct engine *engine, struct transport_event *event)
{
	struct discover *discover = engine->discover;
	struct api_reply reply;

	if (discover->request == 0 || event->id != discover->request)
		return false;
	if (event->kind != TRANSPORT_DONE)
		return true;
	discover->request = 0;
	api_reply_init(&reply, event, false);
	for (enum kind kind = 0; reply.outcome == API_OK && kind < KIND_COUNT; kind++)
		if (*kind_row(kind)->group != '\0')
			discover->missing[kind] = !is_there(reply.body, kind_row(kind));
	api_reply_release(&reply);
	return true;
}

bool
discover_serves(const struct discover *discover, enum kind kind)
{
	return !discover->missing[kind];
}
