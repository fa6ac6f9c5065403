/* What a route's filters, grants and mirrors, and a pool's picker, do to requests. */
#include "tests/unit/demo_world.h"

#include "core/demo/gateway.h"
#include "core/demo/inside.h"

#define MS(n)     ((n)*MILLISECOND)
#define ALPHA     "inference.networking.x-k8s.io"
#define GA        "inference.networking.k8s.io"
#define REWRITE   "X-Gateway-Model-Name-Rewrite"
#define OBJECTIVE "x-gateway-inference-objective"
#define OBJECTIVES \
	"/apis/inference.networking.x-k8s.io/v1alpha2/namespaces/default/inferenceobjectives"

/* A GA pool with a picker of a version that is put in, on bundle v1.5.0, behind one route. */
static const char ga_world[] =
	"kind: Scenario\n"
	"crds: [gateway-api-v1.4.0, inference-v1.5.0]\n"
	"---\n"
	"apiVersion: gateway.networking.k8s.io/v1\n"
	"kind: GatewayClass\n"
	"metadata: {name: istio}\n"
	"spec: {controllerName: istio.io/gateway-controller}\n"
	"---\n"
	"apiVersion: gateway.networking.k8s.io/v1\n"
	"kind: Gateway\n"
	"metadata: {name: inference-gateway}\n"
	"spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}\n"
	"---\n"
	"apiVersion: apps/v1\n"
	"kind: Deployment\n"
	"metadata: {name: vllm}\n"
	"spec:\n"
	"  selector: {matchLabels: {app: vllm}}\n"
	"  template:\n"
	"    metadata: {labels: {app: vllm}}\n"
	"    spec: {containers: [{name: vllm, image: \"vllm/vllm-openai:v0.8.5\"}]}\n"
	"---\n"
	"apiVersion: apps/v1\n"
	"kind: Deployment\n"
	"metadata: {name: epp}\n"
	"spec:\n"
	"  selector: {matchLabels: {app: epp}}\n"
	"  template:\n"
	"    metadata: {labels: {app: epp}}\n"
	"    spec:\n"
	"      containers:\n"
	"      - name: epp\n"
	"        image: registry.k8s.io/gateway-api-inference-extension/epp:%s\n"
	"        args: [--pool-name, pool]\n"
	"---\n"
	"apiVersion: v1\n"
	"kind: Service\n"
	"metadata: {name: epp}\n"
	"spec: {selector: {app: epp}, ports: [{port: 9002}]}\n"
	"---\n"
	"apiVersion: inference.networking.k8s.io/v1\n"
	"kind: InferencePool\n"
	"metadata: {name: pool}\n"
	"spec:\n"
	"  targetPorts: [{number: 8000}]\n"
	"  selector: {matchLabels: {app: vllm}}\n"
	"  endpointPickerRef: {name: epp, port: {number: 9002}}\n"
	"---\n"
	"apiVersion: inference.networking.x-k8s.io/v1alpha2\n"
	"kind: InferenceModelRewrite\n"
	"metadata: {name: food-review}\n"
	"spec:\n"
	"  poolRef: {name: pool}\n"
	"  rules:\n"
	"  - matches: [{model: {value: food-review}}]\n"
	"    targets: [{modelRewrite: food-review-1, weight: 1}]\n"
	"---\n"
	"apiVersion: gateway.networking.k8s.io/v1\n"
	"kind: HTTPRoute\n"
	"metadata: {name: llm-route}\n"
	"spec:\n"
	"  parentRefs: [{name: inference-gateway}]\n"
	"  rules:\n"
	"  - backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: "
	"pool}]\n";

static struct world *
world_with_picker(const char *tag)
{
	static char yaml[sizeof(ga_world) + 100];

	snprintf(yaml, sizeof(yaml), ga_world, tag);
	return world_of("ga", yaml);
}

/* "200 default/pool food-review-1": status, who served, and as which model; for one request to
 * `host` with one header, or none. */
static const char *
ask(struct world *world, const char *host, const char *model, const char *header, const char *value)
{
	static char text[900];
	const struct gateway_header headers = { header, value };
	char served_by[300];
	char body[300];
	struct buf answer;
	struct json *json;
	const char *by;
	int status;

	buf_init(&answer, 64 * BUF_KIB);
	snprintf(body, sizeof(body), "{\"model\":\"%s\",\"prompt\":\"Say this is a test\"}", model);
	status = gateway_answer(world->demo->gateway,
				&(struct gateway_request){ .method = "POST",
							   .path = "/v1/completions",
							   .host = host,
							   .headers = &headers,
							   .header_count = header != NULL,
							   .body = body,
							   .body_length = strlen(body) },
				&answer, served_by);
	json = json_parse(answer.bytes, answer.length, NULL);
	by = json_string_at(json, "model");
	snprintf(text, sizeof(text), "%d %s %s", status,
		 served_by[0] != '\0' ? strchr(served_by, '/') + 1 : "nobody",
		 by != NULL ? by : "");
	json_free(json);
	buf_release(&answer);
	return text;
}

static void
set_filters(struct world *world, const char *of_rule, const char *of_backend)
{
	char body[900];

	snprintf(body, sizeof(body),
		 "{\"spec\":{\"rules\":[{\"filters\":[%s],\"backendRefs\":[{\"group\":\"" GA
		 "\",\"kind\":\"InferencePool\",\"name\":\"pool\",\"filters\":[%s]}]}]}}",
		 of_rule, of_backend);
	world_merge(world, ROUTES "/llm-route", body);
	world_pass(world, MS(100));
}

#define MODIFIER(edits) "{\"type\":\"RequestHeaderModifier\",\"requestHeaderModifier\":" edits "}"
#define NAMED(value)    "[{\"name\":\"" REWRITE "\",\"value\":\"" value "\"}]"

static void
filters_change_headers_the_rule_before_the_backend(void **state)
{
	struct world *world = world_with_picker("v1.0.0");

	(void)state;
	assert_string_equal(ask(world, "", "m", "x-gateway-model-name-rewrite", "client"),
			    "200 default/pool client");
	set_filters(world, MODIFIER("{\"set\":" NAMED("rule") "}"), "");
	assert_string_equal(ask(world, "", "m", REWRITE, "client"), "200 default/pool rule");
	set_filters(world, MODIFIER("{\"set\":" NAMED("rule") "}"),
		    MODIFIER("{\"set\":" NAMED("own") "}"));
	assert_string_equal(ask(world, "", "m", NULL, NULL), "200 default/pool own");
	set_filters(world, "", MODIFIER("{\"add\":" NAMED("added") "}"));
	assert_string_equal(ask(world, "", "m", NULL, NULL), "200 default/pool added");
	assert_string_equal(ask(world, "", "m", REWRITE, "client"), "200 default/pool client");
	set_filters(world, MODIFIER("{\"set\":" NAMED("rule") "}"),
		    MODIFIER("{\"remove\":[\"" REWRITE "\"]}"));
	assert_string_equal(ask(world, "", "m", REWRITE, "client"), "200 default/pool m");
	world_free(world);
}

/* DOMAIN §2: served from bundle v1.2.0 to v1.5.0; a picker from before does not know them. */
static void
a_rewrite_renames_where_the_picker_knows_it(void **state)
{
	struct world *world = world_with_picker("v1.5.0");
	struct world *older = world_with_picker("v1.0.0");

	(void)state;
	assert_string_equal(ask(world, "", "food-review", NULL, NULL),
			    "200 default/pool food-review-1");
	assert_string_equal(ask(world, "", "food-review", REWRITE, "client"),
			    "200 default/pool food-review-1");
	assert_string_equal(ask(world, "", "base-model", REWRITE, "client"),
			    "200 default/pool client");
	assert_string_equal(ask(world, "", "base-model", NULL, NULL),
			    "200 default/pool base-model");
	assert_string_equal(ask(older, "", "food-review", NULL, NULL),
			    "200 default/pool food-review");
	world_free(older);
	world_free(world);
}

static void
what_can_be_shed_is_shed_when_there_is_no_room(void **state)
{
	struct world *alpha = world_of("estate", NULL);
	struct world *ga = world_with_picker("v1.0.0");

	(void)state;
	world_create(
		ga, OBJECTIVES,
		"{\"apiVersion\":\"" ALPHA
		"/v1alpha2\",\"kind\":\"InferenceObjective\",\"metadata\":{\"name\":\"batch\"},"
		"\"spec\":{\"priority\":-1,\"poolRef\":{\"name\":\"pool\"}}}");
	assert_string_equal(ask(ga, "", "m", OBJECTIVE, "batch"), "200 default/pool m");
	demo_set_saturated(ga->demo, true);
	assert_string_equal(ask(ga, "", "m", OBJECTIVE, "batch"), "429 nobody ");
	assert_string_equal(ask(ga, "", "m", OBJECTIVE, "unknown"), "200 default/pool m");
	assert_string_equal(ask(ga, "", "m", NULL, NULL), "200 default/pool m");
	demo_set_saturated(alpha->demo, true);
	assert_string_equal(
		ask(alpha, "llm-70b.example.com", "meta-llama/Llama-3.1-70B-Instruct", NULL, NULL),
		"200 default/vllm-llama3-70b-instruct meta-llama/Llama-3.1-70B-Instruct");
	world_merge(alpha, MODELS "/base-model-70b", "{\"spec\":{\"criticality\":\"Sheddable\"}}");
	assert_string_equal(
		ask(alpha, "llm-70b.example.com", "meta-llama/Llama-3.1-70B-Instruct", NULL, NULL),
		"429 nobody ");
	world_free(ga);
	world_free(alpha);
}

#define GRANTS "/apis/gateway.networking.k8s.io/v1beta1/namespaces/prod/referencegrants"

static void
another_namespace_is_reached_by_a_grant_for_that_group(void **state)
{
	struct world *world = world_of("estate", NULL);
	static const char route[] =
		"/apis/gateway.networking.k8s.io/v1/namespaces/gateways/httproutes/prod-route";

	(void)state;
	assert_string_equal(ask(world, "llm.prod.example.com", "food-review", NULL, NULL),
			    "200 prod/" POOL " food-review-1");
	world_merge(world, GRANTS "/routes-of-gateways",
		    "{\"spec\":{\"to\":[{\"group\":\"" GA "\",\"kind\":\"InferencePool\"}]}}");
	world_pass(world, MS(100));
	assert_condition(world, route, "status.parents[0].conditions", "ResolvedRefs",
			 "False RefNotPermitted 1");
	assert_string_equal(ask(world, "llm.prod.example.com", "food-review", NULL, NULL),
			    "500 nobody ");
	world_free(world);
}

static void
a_refused_backend_costs_its_share_only(void **state)
{
	struct world *world = world_of("estate", NULL);
	int refused = 0;
	int i;

	(void)state;
	world_merge(world, ROUTES "/llm-route",
		    "{\"spec\":{\"rules\":[{\"backendRefs\":[{\"group\":\"" ALPHA
		    "\",\"kind\":\"InferencePool\",\"name\":\"" POOL
		    "\",\"weight\":3},{\"group\":\"" ALPHA
		    "\",\"kind\":\"InferencePool\",\"name\":\"" POOL
		    "\",\"namespace\":\"prod\",\"weight\":1}]}]}}");
	world_pass(world, MS(100));
	for (i = 0; i < 100; i++)
		refused += strncmp(ask(world, "llm.example.com", "food-review", NULL, NULL), "500",
				   3) == 0;
	assert_int_equal(refused, 25);
	world_free(world);
}

static void
two_pools_and_a_mirror_share_a_rule(void **state)
{
	struct world *world = world_of("estate", NULL);
	const struct gateway *gateway = world->demo->gateway;
	int chat = 0;
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		chat += strncmp(ask(world, "prod.example.com", "meta-llama/Llama-3.1-8B-Instruct",
				    NULL, NULL),
				"200 prod/" POOL " ", 10 + strlen(POOL)) == 0;
	assert_int_equal(chat, 80);
	assert_int_equal(gateway_mirrored(gateway, ALPHA, "prod", "vllm-llama3-8b-batch"), 10);
	assert_string_equal(ask(world, "prod.example.com", "meta-llama/Llama-3.1-8B-Instruct",
				"x-tier", "batch"),
			    "200 prod/vllm-llama3-8b-batch meta-llama/Llama-3.1-8B-Instruct");
	world_free(world);
}

static void
a_mirror_that_is_gone_is_reported_and_costs_nothing(void **state)
{
	struct world *world = world_with_picker("v1.0.0");
	int i;

	(void)state;
	set_filters(world,
		    "{\"type\":\"RequestMirror\",\"requestMirror\":{\"backendRef\":{\"name\":"
		    "\"gone\",\"port\":80}}}",
		    "");
	assert_condition(world, ROUTES "/llm-route", "status.parents[0].conditions", "ResolvedRefs",
			 "False BackendNotFound 2");
	for (i = 0; i < 10; i++)
		assert_string_equal(ask(world, "", "m", NULL, NULL), "200 default/pool m");
	assert_int_equal(gateway_mirrored(world->demo->gateway, "", "default", "gone"), 0);
	world_free(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters_change_headers_the_rule_before_the_backend),
		cmocka_unit_test(a_rewrite_renames_where_the_picker_knows_it),
		cmocka_unit_test(what_can_be_shed_is_shed_when_there_is_no_room),
		cmocka_unit_test(another_namespace_is_reached_by_a_grant_for_that_group),
		cmocka_unit_test(a_refused_backend_costs_its_share_only),
		cmocka_unit_test(two_pools_and_a_mirror_share_a_rule),
		cmocka_unit_test(a_mirror_that_is_gone_is_reported_and_costs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
