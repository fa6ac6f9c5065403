#include "tests/unit/demo_world.h"

#include "core/base/yaml.h"
#include "core/demo/gateway.h"
#include "core/demo/routes.h"

#define MS(n) ((n)*MILLISECOND)
#define ROUTE ROUTES "/llm-route"

static void
set_route(struct routes *routes, const char *name, const char *yaml)
{
	struct err err = { 0 };
	struct json *route = yaml_parse(yaml, strlen(yaml), name, YAML_TYPED, &err);

	if (route == NULL)
		fail_msg("%s", err.text);
	routes_set(routes, "default", name, route);
	json_free(route);
}

/* The name of the backend whose turn it is, or what is wrong. */
static const char *
turn_of(struct routes *routes, const char *method, const char *host, const char *path)
{
	const struct gateway_header header = { "X-Tier", "gold" };
	const struct gateway_request request = {
		.method = method, .host = host, .path = path, .headers = &header, .header_count = 1
	};
	struct routes_turn turn;

	switch (routes_take(routes, &request, &turn)) {
	case ROUTES_FOUND:
		return turn.backend.name;
	case ROUTES_NO_MATCH:
		return "no match";
	case ROUTES_NO_BACKEND:
		return "no backend";
	}
	return "";
}

static void
the_most_specific_rule_answers(void **state)
{
	struct routes *routes = routes_new();

	(void)state;
	set_route(routes, "paths",
		  "spec:\n"
		  "  rules:\n"
		  "  - {backendRefs: [{name: any}]}\n"
		  "  - {matches: [{path: {type: PathPrefix, value: /v1}}], backendRefs: [{name: "
		  "prefix}]}\n"
		  "  - {matches: [{path: {type: PathPrefix, value: /v1/chat}}], backendRefs: "
		  "[{name: longer}]}\n"
		  "  - {matches: [{path: {type: Exact, value: /v1/x}}], backendRefs: [{name: "
		  "exact}]}\n"
		  "  - {matches: [{path: {value: /v1/m}, method: POST}, {path: {value: /two}}], "
		  "backendRefs: [{name: post}]}\n"
		  "  - {matches: [{path: {value: /v1/h}, headers: [{name: x-tier, value: gold}]}], "
		  "backendRefs: [{name: gold}]}\n"
		  "  - {matches: [{path: {value: /v1/h}, headers: [{name: x-tier, value: tin}]}], "
		  "backendRefs: [{name: tin}]}\n");
	assert_string_equal(turn_of(routes, "GET", "", "/"), "any");
	assert_string_equal(turn_of(routes, "GET", "", "/v1"), "prefix");
	assert_string_equal(turn_of(routes, "GET", "", "/v1/?q=/v1/chat"), "prefix");
	assert_string_equal(turn_of(routes, "GET", "", "/v10"), "any");
	assert_string_equal(turn_of(routes, "GET", "", "/v1/chat/completions"), "longer");
	assert_string_equal(turn_of(routes, "GET", "", "/v1/x?q"), "exact");
	assert_string_equal(turn_of(routes, "GET", "", "/v1/x/y"), "prefix");
	assert_string_equal(turn_of(routes, "GET", "", "/v1/m"), "prefix");
	assert_string_equal(turn_of(routes, "POST", "", "/v1/m"), "post");
	assert_string_equal(turn_of(routes, "POST", "", "/two"), "post");
	assert_string_equal(turn_of(routes, "POST", "", "/v1/h"), "gold");
	routes_free(routes);
}

static void
the_more_specific_host_answers_then_the_older_route(void **state)
{
	struct routes *routes = routes_new();

	(void)state;
	set_route(routes, "a",
		  "metadata: {creationTimestamp: \"2026-02-02T00:00:00Z\"}\n"
		  "spec: {rules: [{backendRefs: [{name: younger}]}]}\n");
	set_route(routes, "b",
		  "metadata: {creationTimestamp: \"2026-01-01T00:00:00Z\"}\n"
		  "spec: {rules: [{backendRefs: [{name: older}]}]}\n");
	set_route(
		routes, "c",
		"spec: {hostnames: [\"*.example.com\"], rules: [{backendRefs: [{name: wild}]}]}\n");
	set_route(routes, "d",
		  "spec: {hostnames: [llm.example.com], rules: [{backendRefs: [{name: host}]}]}\n");
	assert_string_equal(turn_of(routes, "GET", NULL, "/"), "older");
	assert_string_equal(turn_of(routes, "GET", "example.com", "/"), "older");
	assert_string_equal(turn_of(routes, "GET", "a.example.com", "/"), "wild");
	assert_string_equal(turn_of(routes, "GET", "LLM.example.com", "/"), "host");
	routes_set(routes, "default", "d", NULL);
	assert_string_equal(turn_of(routes, "GET", "llm.example.com", "/"), "wild");
	routes_set(routes, "default", "a", NULL);
	routes_set(routes, "default", "b", NULL);
	assert_string_equal(turn_of(routes, "GET", "example.org", "/"), "no match");
	routes_free(routes);
}

/* How many of `rounds` requests each of the backends a, b and c gets. */
static const char *
shares(struct routes *routes, int rounds)
{
	static char text[60];
	int counts[3] = { 0 };
	int i;

	for (i = 0; i < rounds; i++)
		counts[turn_of(routes, "GET", "", "/")[0] - 'a']++;
	snprintf(text, sizeof(text), "a %d b %d c %d", counts[0], counts[1], counts[2]);
	return text;
}

static void
shares_are_exact(void **state)
{
	struct routes *routes = routes_new();

	(void)state;
	set_route(routes, "r",
		  "spec: {rules: [{backendRefs: [{name: a, weight: 75}, {name: b, weight: 25}, "
		  "{name: c, weight: 0}]}]}\n");
	assert_string_equal(shares(routes, 4), "a 3 b 1 c 0");
	assert_string_equal(shares(routes, 100), "a 75 b 25 c 0");
	set_route(routes, "r",
		  "spec: {rules: [{backendRefs: [{name: a, weight: 675}, {name: b, weight: 225}, "
		  "{name: c, weight: 100}]}]}\n");
	assert_string_equal(shares(routes, 1000), "a 675 b 225 c 100");
	set_route(routes, "r",
		  "spec: {rules: [{backendRefs: [{name: a}, {name: b}, {name: c}]}]}\n");
	assert_string_equal(shares(routes, 30), "a 10 b 10 c 10");
	set_route(routes, "r", "spec: {rules: [{backendRefs: [{name: a, weight: 0}]}]}\n");
	assert_string_equal(turn_of(routes, "GET", "", "/"), "no backend");
	routes_free(routes);
}

/* "200 inference.networking.x-k8s.io/default/pool" and the model that answered, for one request. */
static const char *
ask(struct world *world, const char *model)
{
	static char text[900];
	char served_by[300];
	struct buf body;
	struct buf answer;
	struct json *json;
	const char *by;
	int status;

	buf_init(&body, BUF_KIB);
	buf_init(&answer, 64 * BUF_KIB);
	buf_printf(&body,
		   "{\"model\":\"%s\",\"prompt\":\"Say this is a "
		   "test\",\"max_tokens\":100,\"temperature\":0}",
		   model);
	status = demo_gateway(world->demo, NULL, "POST", "/v1/completions", "127.0.0.1", body.bytes,
			      body.length, &answer, served_by);
	json = json_parse(answer.bytes, answer.length, NULL);
	by = json_string_at(json, "model");
	snprintf(text, sizeof(text), "%d %s %s", status, served_by, by != NULL ? by : "");
	json_free(json);
	buf_release(&answer);
	buf_release(&body);
	return text;
}

#define ALPHA "inference.networking.x-k8s.io/default/" POOL
#define GA    "inference.networking.k8s.io/default/" POOL

static void
a_v0_picker_renames_and_refuses_by_its_models(void **state)
{
	struct world *world = world_of("classic", NULL);

	(void)state;
	assert_string_equal(ask(world, "food-review"), "200 " ALPHA " food-review-1");
	assert_string_equal(ask(world, "meta-llama/Llama-3.1-8B-Instruct"),
			    "200 " ALPHA " meta-llama/Llama-3.1-8B-Instruct");
	assert_string_equal(ask(world, "nobody"), "404  ");
	assert_string_equal(ask(world, ""), "400  ");
	world_merge(world, DEPLOYMENTS "/" POOL, "{\"spec\":{\"replicas\":0}}");
	world_pass(world, SECOND);
	assert_string_equal(ask(world, "food-review"), "429  ");
	world_free(world);
}

static void
a_v1_picker_serves_any_name_and_renames_by_header(void **state)
{
	struct world *world = world_of("fresh", NULL);

	(void)state;
	assert_string_equal(ask(world, "food-review"), "200 " GA " food-review");
	assert_string_equal(ask(world, "nobody"), "200 " GA " nobody");
	world_merge(world, ROUTE,
		    "{\"spec\":{\"rules\":[{\"filters\":[{\"type\":\"RequestHeaderModifier\","
		    "\"requestHeaderModifier\":{"
		    "\"set\":[{\"name\":\"X-Gateway-Model-Name-Rewrite\",\"value\":\"food-review-"
		    "1\"}]}}],\"backendRefs\":[{"
		    "\"group\":\"inference.networking.k8s.io\",\"kind\":\"InferencePool\",\"name\":"
		    "\"" POOL "\"}]}]}}");
	world_pass(world, MS(100));
	assert_string_equal(ask(world, "food-review"), "200 " GA " food-review-1");
	world_merge(world, DEPLOYMENTS "/" POOL, "{\"spec\":{\"replicas\":0}}");
	world_pass(world, SECOND);
	assert_string_equal(ask(world, "food-review"), "503  ");
	world_free(world);
}

static void
traffic_follows_a_route_after_the_delay(void **state)
{
	struct world *world = world_of("classic", NULL);

	(void)state;
	world_merge(
		world, ROUTE,
		"{\"spec\":{\"rules\":[{\"backendRefs\":[{\"name\":\"nowhere\",\"port\":80}]}]}}");
	world_pass(world, MS(99));
	assert_string_equal(ask(world, "food-review"), "200 " ALPHA " food-review-1");
	world_pass(world, MS(1));
	assert_string_equal(ask(world, "food-review"), "500  ");
	world_delete(world, ROUTE);
	world_pass(world, MS(100));
	assert_string_equal(ask(world, "food-review"), "404  ");
	world_free(world);
}

static void
a_missing_pool_or_picker_costs_its_share(void **state)
{
	struct world *world = world_of("classic", NULL);
	int good = 0;
	int i;

	(void)state;
	world_merge(world, ROUTE,
		    "{\"spec\":{\"rules\":[{\"backendRefs\":[{\"group\":\"inference.networking.x-"
		    "k8s.io\",\"kind\":"
		    "\"InferencePool\",\"name\":\"" POOL
		    "\",\"weight\":9},{\"group\":\"inference.networking.x-k8s.io\","
		    "\"kind\":\"InferencePool\",\"name\":\"gone\",\"weight\":1}]}]}}");
	world_pass(world, MS(100));
	for (i = 0; i < 100; i++)
		good += strncmp(ask(world, "food-review"), "200", 3) == 0;
	assert_int_equal(good, 90);
	world_delete(world, DEPLOYMENTS "/" POOL "-epp");
	world_pass(world, MS(100));
	for (i = 0; i < 10; i++)
		assert_string_equal(ask(world, "food-review"), "500  ");
	world_merge(world, POOLS_ALPHA "/" POOL,
		    "{\"spec\":{\"extensionRef\":{\"failureMode\":\"FailOpen\"}}}");
	assert_string_equal(ask(world, "food-review"), "200 " ALPHA " food-review");
	world_free(world);
}

static void
a_pool_that_came_back_is_served_without_its_models_until_they_are_touched(void **state)
{
	struct world *world = world_of("classic", NULL);
	struct json *pool = world_get(world, POOLS_ALPHA "/" POOL);
	struct json *metadata = json_get_mutable(pool, "metadata");
	char *text;

	(void)state;
	json_remove(metadata, "resourceVersion");
	json_remove(metadata, "uid");
	text = json_text(pool);
	world_delete(world, POOLS_ALPHA "/" POOL);
	world_pass(world, SECOND);
	world_create(world, POOLS_ALPHA, text);
	world_pass(world, 10 * SECOND);
	assert_string_equal(ask(world, "food-review"), "404  ");
	world_merge(world, MODELS "/food-review",
		    "{\"metadata\":{\"annotations\":{\"touched\":\"yes\"}}}");
	assert_string_equal(ask(world, "food-review"), "200 " ALPHA " food-review-1");
	free(text);
	json_free(pool);
	world_free(world);
}

static void
answers_look_like_openai(void **state)
{
	static const char body[] =
		"{\"model\":\"food-review\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
	struct world *world = world_of("fresh", NULL);
	char served_by[300];
	struct buf answer;
	struct json *json;

	(void)state;
	buf_init(&answer, 64 * BUF_KIB);
	assert_int_equal(demo_gateway(world->demo, NULL, "POST", "/v1/chat/completions", NULL, body,
				      sizeof(body) - 1, &answer, served_by),
			 200);
	json = json_parse(answer.bytes, answer.length, NULL);
	assert_string_equal(json_string_at(json, "object"), "chat.completion");
	assert_string_equal(json_string_at(json, "choices[0].message.role"), "assistant");
	assert_non_null(json_string_at(json, "choices[0].message.content"));
	assert_int_equal(json_integer_at(json, "usage.total_tokens", 0), 14);
	json_free(json);
	buf_clear(&answer);
	assert_int_equal(demo_gateway(world->demo, NULL, "POST", "/v1/completions", NULL, "{", 1,
				      &answer, served_by),
			 400);
	assert_int_equal(demo_gateway(world->demo, NULL, "GET", "/v1/completions", NULL, NULL, 0,
				      &answer, served_by),
			 405);
	assert_int_equal(demo_gateway(world->demo, NULL, "POST", "/v1/models", NULL, NULL, 0,
				      &answer, served_by),
			 404);
	buf_release(&answer);
	world_free(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_most_specific_rule_answers),
		cmocka_unit_test(the_more_specific_host_answers_then_the_older_route),
		cmocka_unit_test(shares_are_exact),
		cmocka_unit_test(a_v0_picker_renames_and_refuses_by_its_models),
		cmocka_unit_test(a_v1_picker_serves_any_name_and_renames_by_header),
		cmocka_unit_test(traffic_follows_a_route_after_the_delay),
		cmocka_unit_test(a_missing_pool_or_picker_costs_its_share),
		cmocka_unit_test(
			a_pool_that_came_back_is_served_without_its_models_until_they_are_touched),
		cmocka_unit_test(answers_look_like_openai),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
