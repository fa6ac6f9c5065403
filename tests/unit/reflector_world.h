/* reflector_world - one reflector against a scripted cluster under a virtual clock. */
#ifndef UNIT_REFLECTOR_WORLD_H
#define UNIT_REFLECTOR_WORLD_H

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/kube/reflector.h"

/* A cluster that says what the test says, at the time the test says. */
struct world {
	struct transport transport;
	struct reflector *reflector;
	int64_t now;
	int64_t id; /* of the last request; 0: none is under way */
	int64_t ids;
	char path[2048]; /* of the last request */
	int requests;
	struct buf told; /* what the sink heard: "BEGIN a b END +c -d CLEAR" */
};

static inline int64_t
world_start(void *self, const struct transport_request *request)
{
	struct world *world = self;

	assert_int_equal(world->id, 0);
	world->id = ++world->ids;
	world->requests++;
	snprintf(world->path, sizeof world->path, "%s", request->path);
	return world->id;
}

static inline void
world_cancel(void *self, int64_t id)
{
	struct world *world = self;

	assert_int_equal(id, world->id);
	world->id = 0;
}

static inline void
world_hear(void *self, enum reflector_change change, const struct json *object)
{
	struct world *world = self;
	static const char *const words[] = {
		[REFLECTOR_BEGIN] = "BEGIN", [REFLECTOR_UPSERT] = "+",    [REFLECTOR_DELETE] = "-",
		[REFLECTOR_END] = "END",     [REFLECTOR_CLEAR] = "CLEAR",
	};
	const char *name = json_string_at(object, "metadata.name");

	buf_printf(&world->told, "%s%s%s", world->told.length > 0 ? " " : "", words[change],
		   name != NULL ? name : "");
	if (change == REFLECTOR_UPSERT)
		assert_string_equal(json_string_at(object, "kind"), "Pod");
}

static inline void
world_open(struct world *world, enum reflector_how how)
{
	const struct reflector_spec spec = {
		.resource = { "", "v1", "pods" },
		.how = how,
		.interval = 2 * SECOND,
		.seed = 7,
	};

	*world = (struct world){ .now = 1000 * SECOND };
	world->transport =
		(struct transport){ .self = world, .start = world_start, .cancel = world_cancel };
	buf_init(&world->told, 64 * BUF_KIB);
	world->reflector =
		reflector_new(&spec, &world->transport,
			      (struct reflector_sink){ .self = world, .change = world_hear });
}

static inline void
world_close(struct world *world)
{
	reflector_free(world->reflector);
	assert_int_equal(world->id, 0);
	buf_release(&world->told);
}

static inline void
deliver(struct world *world, struct transport_event event, const char *body)
{
	event.id = world->id;
	snprintf(event.content_type, sizeof event.content_type, "application/json");
	buf_init(&event.body, BUF_MIB);
	buf_puts(&event.body, body);
	if (event.kind == TRANSPORT_DONE)
		world->id = 0;
	assert_true(reflector_take(world->reflector, &event, world->now));
	transport_event_release(&event);
}

static inline void
answers(struct world *world, int status, const char *body)
{
	deliver(world,
		(struct transport_event){
			.kind = TRANSPORT_DONE, .status = status, .sent = SENT_YES },
		body);
}

static inline void
streams(struct world *world, const char *body)
{
	deliver(world,
		(struct transport_event){ .kind = TRANSPORT_DATA, .status = 200, .sent = SENT_YES },
		body);
}

/* No answer, or (status 200) one that broke off. */
static inline void
breaks(struct world *world, int status)
{
	struct transport_event event = { .kind = TRANSPORT_DONE,
					 .status = status,
					 .sent = SENT_MAYBE };

	err_set(&event.err, ERR_NETWORK, "Nobody answers at 10.0.0.1:443.");
	deliver(world, event, "");
}

/* Steps until the next request starts; its delay in ns. */
static inline int64_t
until_request(struct world *world)
{
	int64_t began = world->now;

	for (int i = 0; world->id == 0 && i < 100; i++) {
		int64_t next = reflector_step(world->reflector, world->now);
		if (world->id != 0)
			break;
		assert_true(next != NEVER && next >= world->now);
		world->now = next;
	}
	assert_int_not_equal(world->id, 0);
	return world->now - began;
}

static inline void
assert_state(const struct world *world, enum reflector_state state)
{
	assert_int_equal(reflector_status(world->reflector).state, state);
}

static inline void
assert_told(struct world *world, const char *told)
{
	assert_string_equal(world->told.bytes, told);
	buf_clear(&world->told);
}

#define POD(name, version) \
	"{\"metadata\":{\"name\":\"" name "\",\"resourceVersion\":\"" version "\"}}"
#define EVENT(type, name, version)                                                           \
	"{\"type\":\"" type "\",\"object\":{\"kind\":\"Pod\",\"metadata\":{\"name\":\"" name \
	"\",\"resourceVersion\":\"" version "\"}}}\n"
#define LIST(version, more, items)                                                                 \
	"{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" version \
	"\",\"continue\":\"" more "\"},\"items\":[" items "]}"
#define BOOKMARK(version)                                                                        \
	"{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"metadata\":{\"resourceVersion\":" \
	"\"" version "\"}}}\n"
#define ERROR_EVENT(code, reason)                                            \
	"{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":" code \
	",\"reason\":\"" reason "\"}}\n"
#define STATUS(reason)                                                     \
	"{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"" reason \
	"\",\"message\":\"words\"}"

#endif
