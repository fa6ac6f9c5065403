#include "core/engine/preflight.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/engine/derive.h"
#include "core/engine/link.h"
#include "core/engine/send.h"
#include "core/engine/views.h"

#define AT_ONCE 4
#define FRESH   (5 * SECOND)
#define RETRIES 2 /* of one question that nobody answered */

struct question {
	struct right right; /* in the arena */
	enum right_state state;
	int64_t request; /* 0: none under way */
	int tries;
	bool asked;
};

struct preflight {
	struct arena arena;         /* of this round */
	struct question *questions; /* the first is for everything */
	size_t count, flying;
	bool wanted, running;
	int64_t ended;     /* mono ns; 0: no round has ended */
	struct arena told; /* of the round before */
	struct access access;
	struct right *denied;
	struct right_view *views;
	size_t view_count;
};

struct preflight *
preflight_new(void)
{
	struct preflight *preflight = die_alloc(sizeof *preflight);

	arena_init(&preflight->arena);
	arena_init(&preflight->told);
	preflight->wanted = true;
	preflight->access.user = "";
	return preflight;
}

static void
cancel_all(struct engine *engine, struct preflight *preflight)
{
	for (size_t i = 0; i < preflight->count; i++)
		if (preflight->questions[i].request != 0)
			engine->transport.cancel(engine->transport.self,
						 preflight->questions[i].request);
	preflight->count = preflight->flying = 0;
}

void
preflight_free(struct engine *engine, struct preflight *preflight)
{
	if (preflight == NULL)
		return;
	cancel_all(engine, preflight);
	arena_release(&preflight->arena);
	arena_release(&preflight->told);
	free(preflight);
}

void
preflight_ask(struct engine *engine, bool anew)
{
	struct preflight *preflight = engine->preflight;

	if (anew || preflight->ended == 0 || engine->mono - preflight->ended >= FRESH)
		preflight->wanted = true;
}

bool
preflight_settled(const struct engine *engine)
{
	return !engine->preflight->wanted && !engine->preflight->running;
}

/* What only looks says itself that it is forbidden; the Lease does not. */
static bool
is_asked(const struct right *right)
{
	return right->step != STEP_COUNT || strcmp(right->resource, "leases") == 0;
}

static struct right
copied(const struct right *right, struct arena *arena)
{
	struct right copy = *right;

	copy.verb = arena_string(arena, right->verb);
	copy.group = arena_string(arena, right->group);
	copy.resource = arena_string(arena, right->resource);
	copy.ns = arena_string(arena, right->ns);
	copy.name = arena_string(arena, right->name);
	return copy;
}

static void
begin(struct engine *engine)
{
	struct preflight *preflight = engine->preflight;
	static const struct right everything = {
		.verb = "*", .group = "*", .resource = "*", .ns = "", .name = "", .step = STEP_COUNT
	};
	struct arena arena;
	size_t count;

	cancel_all(engine, preflight);
	arena_release(&preflight->arena);
	arena_init(&arena);
	struct stage stage = derive_stage(engine, "", PPM_UNKNOWN, &arena);
	const struct right *rights = rights_of(&stage, &count);
	preflight->questions =
		arena_array(&preflight->arena, count + 1, sizeof *preflight->questions);
	preflight->questions[0] = (struct question){ .right = everything };
	preflight->count = 1;
	for (size_t i = 0; i < count; i++)
		if (is_asked(&rights[i]))
			preflight->questions[preflight->count++] =
				(struct question){ .right = copied(&rights[i], &preflight->arena) };
	arena_release(&arena);
	preflight->wanted = false;
	preflight->running = true;
}

static void
ask(struct engine *engine, struct question *question)
{
	const struct right *right = &question->right;
	struct api_resource resource = { .group = right->group, .resource = right->resource };
	struct api_request request;

	question->asked = true;
	if (!api_access_review(&request, resource, *right->ns != '\0' ? right->ns : NULL,
			       *right->name != '\0' ? right->name : NULL, right->verb, NULL))
		return;
	question->tries++;
	question->request = send_start(engine, &request);
	engine->preflight->flying++;
}

static void
tell(struct engine *engine)
{
	struct preflight *preflight = engine->preflight;
	bool all = preflight->questions[0].state == RIGHT_ALLOWED;

	arena_release(&preflight->told);
	preflight->denied =
		arena_array(&preflight->told, preflight->count, sizeof *preflight->denied);
	preflight->views =
		arena_array(&preflight->told, preflight->count, sizeof *preflight->views);
	preflight->view_count = 0;
	preflight->access = (struct access){
		.user = arena_string(&preflight->told, engine->world->server.user[0] != '\0'
							       ? engine->world->server.user
							       : engine->access.user),
		.denied = preflight->denied,
	};
	for (size_t i = 1; i < preflight->count; i++) {
		const struct question *question = &preflight->questions[i];
		struct right right = copied(&question->right, &preflight->told);
		enum right_state state = all ? RIGHT_ALLOWED : question->state;

		preflight->views[preflight->view_count++] = (struct right_view){
			.verb = right.verb,
			.group = right.group,
			.resource = right.resource,
			.ns = right.ns,
			.name = right.name,
			.step = right.step,
			.undo = right.undo,
			.state = state,
		};
		if (state == RIGHT_DENIED)
			preflight->denied[preflight->access.count++] = right;
	}
	derive_allow(engine, &preflight->access);
	preflight->running = false;
	preflight->ended = engine->mono;
	engine->world->change++;
}

int64_t
preflight_step(struct engine *engine)
{
	struct preflight *preflight = engine->preflight;
	bool first = true;

	if (preflight->wanted && link_live(engine->link) && views_answered(engine))
		begin(engine);
	if (!preflight->running)
		return NEVER;
	for (size_t i = 0; i < preflight->count; i++) {
		struct question *question = &preflight->questions[i];
		bool open = !question->asked || question->request != 0;

		if (!question->asked && preflight->flying < AT_ONCE)
			ask(engine, question);
		/* The rest only when it is not everything. */
		if (i == 0 && (open || question->state == RIGHT_ALLOWED)) {
			if (open)
				return NEVER;
			break;
		}
		if (question->request != 0 || !question->asked)
			first = false;
	}
	if (first && preflight->flying == 0)
		tell(engine);
	return NEVER;
}

static void
answered(struct engine *engine, struct question *question, const struct transport_event *event)
{
	struct api_reply reply;
	bool allowed, unknown;

	question->request = 0;
	engine->preflight->flying--;
	api_reply_init(&reply, event, false);
	if (api_access_allowed(&reply, &allowed, &unknown))
		question->state = allowed ? RIGHT_ALLOWED : unknown ? RIGHT_UNKNOWN : RIGHT_DENIED;
	else if ((reply.outcome == API_BUSY || reply.outcome == API_NO_ANSWER) &&
		 question->tries < RETRIES)
		question->asked = false;
	api_reply_release(&reply);
}

bool
preflight_take(struct engine *engine, struct transport_event *event)
{
	struct preflight *preflight = engine->preflight;

	for (size_t i = 0; i < preflight->count; i++) {
		struct question *question = &preflight->questions[i];

		if (question->request == 0 || question->request != event->id)
			continue;
		if (event->kind == TRANSPORT_DONE)
			answered(engine, question, event);
		return true;
	}
	return false;
}

const struct access *
preflight_access(const struct engine *engine)
{
	return &engine->preflight->access;
}

const struct right_view *
preflight_view(const struct engine *engine, struct arena *arena, size_t *count)
{
	const struct preflight *preflight = engine->preflight;
	struct right_view *views = arena_array(arena, preflight->view_count + 1, sizeof *views);

	*count = preflight->view_count;
	for (size_t i = 0; i < *count; i++) {
		views[i] = preflight->views[i];
		views[i].verb = arena_string(arena, views[i].verb);
		views[i].group = arena_string(arena, views[i].group);
		views[i].resource = arena_string(arena, views[i].resource);
		views[i].ns = arena_string(arena, views[i].ns);
		views[i].name = arena_string(arena, views[i].name);
	}
	return views;
}
