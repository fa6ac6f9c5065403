/* demo_world - a demo cluster under a clock that only moves when the test says so. For tests of
 * core/demo. */
#ifndef TESTS_DEMO_WORLD_H
#define TESTS_DEMO_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/json.h"
#include "core/demo/demo.h"

#define POOLS_ALPHA "/apis/inference.networking.x-k8s.io/v1alpha2/namespaces/default/inferencepools"
#define MODELS      "/apis/inference.networking.x-k8s.io/v1alpha2/namespaces/default/inferencemodels"
#define OBJECTIVES \
	"/apis/inference.networking.x-k8s.io/v1alpha2/namespaces/default/inferenceobjectives"
#define POOLS_GA    "/apis/inference.networking.k8s.io/v1/namespaces/default/inferencepools"
#define ROUTES      "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes"
#define DEPLOYMENTS "/apis/apps/v1/namespaces/default/deployments"
#define CORE        "/api/v1/namespaces/default/"
#define POOL        "vllm-llama3-8b-instruct"

struct world {
	int64_t now; /* ns, of all three clocks */
	struct demo *demo;
};

static inline int64_t
world_clock(void *self)
{
	return ((struct world *)self)->now;
}

/* A scenario by name, or when `yaml` is not NULL by its text; a version of NULL is the
 * scenario's. */
static inline struct world *
world_on(const char *scenario, const char *yaml, const char *gke_version)
{
	struct world *world = calloc(1, sizeof(*world));
	struct err err = { 0 };

	world->now = INT64_C(1769868131) * SECOND;
	world->demo = demo_new(
		&(struct demo_options){ .scenario = scenario,
					.scenario_yaml = yaml,
					.gke_version = gke_version,
					.seed = 1,
					.speed = 1.0,
					.clock = { world, world_clock, world_clock, world_clock } },
		&err);
	if (world->demo == NULL)
		fail_msg("%s", err.text);
	demo_step(world->demo);
	return world;
}

static inline struct world *
world_of(const char *scenario, const char *yaml)
{
	return world_on(scenario, yaml, NULL);
}

static inline void
world_free(struct world *world)
{
	demo_free(world->demo);
	free(world);
}

/* Lets time pass, stopping wherever the demo has something to do. */
static inline void
world_pass(struct world *world, int64_t nanoseconds)
{
	int64_t end = world->now + nanoseconds;
	int64_t next = demo_step(world->demo);

	while (next <= end) {
		if (next > world->now)
			world->now = next;
		next = demo_step(world->demo);
	}
	world->now = end;
	demo_step(world->demo);
}

/* The status; `answer`, unless NULL, gets the body as a value the caller frees. */
static inline int
world_send(struct world *world, const char *method, const char *target, const char *type,
	   const char *body, struct json **answer)
{
	static const char *const groups[] = { "system:masters", "system:authenticated", NULL };
	struct demo_request request = { .method = method,
					.target = target,
					.content_type = type,
					.user = "admin",
					.groups = groups,
					.user_agent = "kubectl/v1.34.0",
					.body = body,
					.body_length = body != NULL ? strlen(body) : 0 };
	struct demo_response response;
	int status;

	demo_response_init(&response);
	demo_handle(world->demo, &request, &response);
	status = response.status;
	if (answer != NULL)
		*answer = json_parse(response.body.bytes, response.body.length, NULL);
	demo_response_release(&response);
	return status;
}

static inline struct json *
world_get(struct world *world, const char *target)
{
	struct json *answer;

	world_send(world, "GET", target, NULL, NULL, &answer);
	return answer;
}

static inline void
world_merge(struct world *world, const char *target, const char *body)
{
	struct json *answer;
	int status =
		world_send(world, "PATCH", target, "application/merge-patch+json", body, &answer);

	if (status != 200)
		fail_msg("PATCH %s: %d %s", target, status, json_string_at(answer, "message"));
	json_free(answer);
}

static inline void
world_create(struct world *world, const char *target, const char *body)
{
	struct json *answer;
	int status = world_send(world, "POST", target, "application/json", body, &answer);

	if (status != 201)
		fail_msg("POST %s: %d %s", target, status, json_string_at(answer, "message"));
	json_free(answer);
}

static inline void
world_delete(struct world *world, const char *target)
{
	assert_int_equal(world_send(world, "DELETE", target, NULL, NULL, NULL), 200);
}

/* "True NotFound 3" of a condition: status, reason and, where there is one, observedGeneration;
 * "none" without it. */
static inline const char *
condition_text(const struct json *conditions, const char *type, char text[200])
{
	const struct json *one;

	snprintf(text, 200, "none");
	for (one = json_first(conditions); one != NULL; one = json_next(one)) {
		if (strcmp(json_string_at(one, "type"), type) != 0)
			continue;
		snprintf(text, 200, "%s %s", json_string_at(one, "status"),
			 json_string_at(one, "reason"));
		if (json_get(one, "observedGeneration") != NULL)
			snprintf(text + strlen(text), 50, " %d",
				 (int)json_integer_at(one, "observedGeneration", 0));
	}
	return text;
}

/* The condition at `path` (of the conditions' list) of the object at `target`. */
static inline void
assert_condition(struct world *world, const char *target, const char *path, const char *type,
		 const char *expected)
{
	struct json *object = world_get(world, target);
	char text[200];

	assert_string_equal(condition_text(json_at(object, path), type, text), expected);
	json_free(object);
}

static inline int64_t
world_integer(struct world *world, const char *target, const char *path)
{
	struct json *object = world_get(world, target);
	int64_t value = json_integer_at(object, path, 0);

	json_free(object);
	return value;
}

static inline size_t
world_count(struct world *world, const char *target)
{
	struct json *list = world_get(world, target);
	size_t count = json_count(json_at(list, "items"));

	json_free(list);
	return count;
}

#endif
