#include "core/engine/named.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/engine/send.h"

#define ASK_EVERY (5 * SECOND)
#define ASK_OFTEN (200 * MILLISECOND)
/* Steps wait for these answers: one that does not come is asked for again long before their
 * patience is over. */
#define ASK_MOST (10 * SECOND)

static const char *const names[] = {
	"inferencepools." GROUP_ALPHA,      "inferencemodels." GROUP_ALPHA,
	"inferenceobjectives." GROUP_ALPHA, "inferencemodelrewrites." GROUP_ALPHA,
	"inferencepools." GROUP_GA,
};
#define NAMES (sizeof names / sizeof *names)

struct name {
	int64_t request;  /* 0: none under way */
	bool whole;       /* the request is for the whole object */
	bool again;       /* asked for once more while it was under way */
	int64_t asked;    /* mono ns of the last question that is answered or under way */
	int64_t answered; /* mono ns when the last answered question was asked; 0 when never */
	int64_t heard;    /* mono ns of that answer */
	int64_t due;
	enum view_state state;
	char reason[200];
};

struct named {
	struct name list[NAMES];
	int64_t hurry; /* mono ns until when it is asked often */
	int64_t since; /* mono ns of the view's state */
};

struct named *
named_new(void)
{
	return die_alloc(sizeof(struct named));
}

void
named_free(struct engine *engine, struct named *named)
{
	if (named == NULL)
		return;
	for (size_t i = 0; i < NAMES; i++)
		if (named->list[i].request != 0)
			engine->transport.cancel(engine->transport.self, named->list[i].request);
	free(named);
}

static void
ask(struct engine *engine, size_t at, enum api_view view)
{
	const struct kind_row *row = kind_row(KIND_CRD);
	struct name *name = &engine->named->list[at];
	struct api_resource resource = { row->group, row->version, row->resource };
	struct api_request request;

	if (!api_get(&request, resource, NULL, names[at], view, NULL))
		return;
	name->whole = view == API_WHOLE;
	if (!name->whole || name->asked == 0)
		name->asked = engine->mono;
	if (engine->settings->request_timeout == 0)
		request.request.timeout = ASK_MOST;
	name->request = send_start(engine, &request);
}

static void
settled(struct engine *engine, struct name *name, enum view_state state, const char *reason)
{
	name->state = state;
	name->answered = name->asked;
	name->heard = engine->mono;
	inside_copy(name->reason, sizeof name->reason, reason);
}

static void
take_whole(struct engine *engine, size_t at, const struct json *body)
{
	struct object *object = object_decode(KIND_CRD, body, NULL);

	if (object != NULL)
		world_put(engine->world, object);
	settled(engine, &engine->named->list[at], VIEW_POLLING, "");
}

static void
take_metadata(struct engine *engine, size_t at, const struct json *body)
{
	const struct object *known = world_find(engine->world, KIND_CRD, "", names[at]);
	const char *version = json_string_at(body, "metadata.resourceVersion");

	/* A server that ignores the wish for metadata has sent the whole. */
	if (text_equal(json_string_at(body, "kind"), "CustomResourceDefinition"))
		take_whole(engine, at, body);
	else if (known != NULL && text_equal(known->meta.version, version))
		settled(engine, &engine->named->list[at], VIEW_POLLING, "");
	else
		ask(engine, at, API_WHOLE);
}

static void
take_absent(struct engine *engine, size_t at)
{
	world_remove(engine->world, KIND_CRD, "", names[at], NULL);
	settled(engine, &engine->named->list[at], VIEW_POLLING, "");
}

static void
take_reply(struct engine *engine, size_t at, const struct transport_event *event)
{
	struct name *name = &engine->named->list[at];
	struct api_reply reply;
	struct err err;

	api_reply_init(&reply, event, false);
	switch (reply.outcome) {
	case API_OK:
		if (name->whole)
			take_whole(engine, at, reply.body);
		else
			take_metadata(engine, at, reply.body);
		break;
	case API_NOT_FOUND:
	case API_NOT_INSTALLED:
		take_absent(engine, at);
		break;
	case API_FORBIDDEN:
		api_reply_explain(&reply, event, "get", names[at], &err);
		settled(engine, name, VIEW_FORBIDDEN, err.text);
		break;
	default:
		api_reply_explain(&reply, event, "get", names[at], &err);
		if (name->state == VIEW_POLLING)
			name->state = VIEW_STALE;
		inside_copy(name->reason, sizeof name->reason, err.text);
	}
	api_reply_release(&reply);
}

static int64_t
pace(const struct engine *engine, const struct name *name)
{
	bool well = name->state == VIEW_POLLING;

	if (well && engine->mono < engine->named->hurry)
		return ASK_OFTEN;
	return well || name->state == VIEW_FORBIDDEN ? ASK_EVERY : SECOND;
}

bool
named_take(struct engine *engine, struct transport_event *event)
{
	for (size_t i = 0; i < NAMES; i++) {
		struct name *name = &engine->named->list[i];

		if (name->request == 0 || event->id != name->request)
			continue;
		if (event->kind != TRANSPORT_DONE)
			return true;
		name->request = 0;
		take_reply(engine, i, event);
		name->due = engine->mono + (name->again ? 0 : pace(engine, name));
		name->again = name->again && name->request != 0;
		return true;
	}
	return false;
}

int64_t
named_step(struct engine *engine)
{
	int64_t due = NEVER;

	for (size_t i = 0; i < NAMES; i++) {
		struct name *name = &engine->named->list[i];

		if (name->request == 0 && engine->mono >= name->due)
			ask(engine, i, API_METADATA);
		if (name->request == 0)
			due = inside_sooner(due, name->due);
	}
	return due;
}

void
named_hurry(struct engine *engine, int64_t until)
{
	struct named *named = engine->named;

	if (until > named->hurry)
		named->hurry = until;
	for (size_t i = 0; i < NAMES; i++) {
		struct name *name = &named->list[i];
		int64_t soonest = until == 0 ? engine->mono : name->asked + ASK_OFTEN;

		if (name->request != 0)
			name->again = name->again || until == 0;
		else if (name->due > soonest)
			name->due = soonest;
	}
}

bool
named_fresh(const struct named *named, int64_t mono)
{
	for (size_t i = 0; i < NAMES; i++)
		if (named->list[i].answered < mono || named->list[i].answered == 0)
			return false;
	return true;
}

struct view
named_view(const struct named *named)
{
	struct view view = { .state = VIEW_POLLING, .listed = true, .fresh = INT64_MAX };

	for (size_t i = 0; i < NAMES; i++) {
		const struct name *name = &named->list[i];

		view.fresh = inside_sooner(view.fresh, name->heard);
		view.listed = view.listed && name->answered != 0 && name->state != VIEW_FORBIDDEN;
		if (name->state == VIEW_POLLING || view.state == VIEW_FORBIDDEN)
			continue;
		view.state = name->state;
		inside_copy(view.reason, sizeof view.reason, name->reason);
	}
	view.since = view.fresh;
	return view;
}
