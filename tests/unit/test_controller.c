#include "tests/unit/demo_world.h"

#include "core/demo/controller.h"

#define MS(n) ((n)*MILLISECOND)
#define ROUTE ROUTES "/llm-route"

/* Both groups are served, one route names the alpha pool, nothing runs. */
static const char small[] =
	"kind: Scenario\n"
	"crds: [gateway-api-v1.4.0, inference-v0.3.0, inference-v1.0.0]\n"
	"---\n"
	"apiVersion: gateway.networking.k8s.io/v1\n"
	"kind: GatewayClass\n"
	"metadata: {name: istio}\n"
	"spec: {controllerName: istio.io/gateway-controller}\n"
	"---\n"
	"apiVersion: gateway.networking.k8s.io/v1\n"
	"kind: Gateway\n"
	"metadata: {name: inference-gateway}\n"
	"spec:\n"
	"  gatewayClassName: istio\n"
	"  listeners: [{name: http, port: 80, protocol: HTTP}]\n"
	"---\n"
	"apiVersion: v1\n"
	"kind: Service\n"
	"metadata: {name: epp}\n"
	"spec: {ports: [{port: 9002}]}\n"
	"---\n"
	"apiVersion: inference.networking.x-k8s.io/v1alpha2\n"
	"kind: InferencePool\n"
	"metadata: {name: old}\n"
	"spec: {targetPortNumber: 8000, selector: {app: vllm}, extensionRef: {name: epp}}\n"
	"---\n"
	"apiVersion: gateway.networking.k8s.io/v1\n"
	"kind: HTTPRoute\n"
	"metadata: {name: llm-route}\n"
	"spec:\n"
	"  parentRefs: [{name: inference-gateway}]\n"
	"  rules:\n"
	"  - backendRefs: [{group: inference.networking.x-k8s.io, kind: InferencePool, name: "
	"old}]\n";

#define GA_POOL                                                                                 \
	"{\"apiVersion\":\"inference.networking.k8s.io/"                                        \
	"v1\",\"kind\":\"InferencePool\",\"metadata\":{\"name\":\"new\"},"                      \
	"\"spec\":{\"targetPorts\":[{\"number\":8000}],\"selector\":{\"matchLabels\":{\"app\":" \
	"\"vllm\"}},"                                                                           \
	"\"endpointPickerRef\":{\"name\":\"epp\",\"port\":{\"number\":9002}}}}"

#define A_DEPLOYMENT                                                                              \
	"{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"},"    \
	"\"spec\":{\"replicas\":2,\"selector\":{\"matchLabels\":{\"app\":\"web\"}},\"template\":" \
	"{\"metadata\":{\"labels\":{\"app\":\"web\"}},\"spec\":{\"containers\":[{\"name\":"       \
	"\"web\",\"image\":\"web:1\"}]}}}}"

/* One more reference beside the alpha pool. */
#define WITH_REF(ref)                                                                           \
	"{\"spec\":{\"rules\":[{\"backendRefs\":[{\"group\":\"inference.networking.x-k8s.io\"," \
	"\"kind\":\"InferencePool\","                                                           \
	"\"name\":\"old\",\"weight\":100}," ref "]}]}}"
#define GA_REF(name, weight)                                                                     \
	"{\"group\":\"inference.networking.k8s.io\",\"kind\":\"InferencePool\",\"name\":\"" name \
	"\",\"weight\":" weight "}"

static void
assert_resolved(struct world *world, const char *expected)
{
	assert_condition(world, ROUTE, "status.parents[0].conditions", "ResolvedRefs", expected);
}

static void
a_scenario_begins_settled(void **state)
{
	struct world *world = world_of("classic", NULL);

	(void)state;
	assert_condition(world, DEPLOYMENTS "/" POOL, "status.conditions", "Available",
			 "True MinimumReplicasAvailable");
	assert_condition(world, DEPLOYMENTS "/" POOL "-epp", "status.conditions", "Available",
			 "True MinimumReplicasAvailable");
	assert_condition(world, ROUTE, "status.parents[0].conditions", "Accepted",
			 "True Accepted 1");
	assert_condition(world, ROUTE, "status.parents[0].conditions", "ResolvedRefs",
			 "True ResolvedRefs 1");
	assert_condition(world, ROUTE, "status.parents[0].conditions", "Reconciled",
			 "True ReconciliationSucceeded 1");
	assert_condition(world, POOLS_ALPHA "/" POOL, "status.parent[0].conditions", "Accepted",
			 "True Accepted 1");
	assert_int_equal(world_integer(world, DEPLOYMENTS "/" POOL, "status.readyReplicas"), 3);
	assert_int_equal(demo_step(world->demo), NEVER);
	world_free(world);
}

static void
a_deployment_is_available_when_its_pods_had_time(void **state)
{
	struct world *world = world_of("small", small);

	(void)state;
	world_create(world, DEPLOYMENTS, A_DEPLOYMENT);
	world_pass(world, MS(1900));
	assert_condition(world, DEPLOYMENTS "/web", "status.conditions", "Available",
			 "False MinimumReplicasUnavailable");
	assert_int_equal(world_integer(world, DEPLOYMENTS "/web", "status.unavailableReplicas"), 2);
	world_pass(world, MS(200));
	assert_condition(world, DEPLOYMENTS "/web", "status.conditions", "Available",
			 "True MinimumReplicasAvailable");
	assert_condition(world, DEPLOYMENTS "/web", "status.conditions", "Progressing",
			 "True NewReplicaSetAvailable");
	assert_int_equal(world_integer(world, DEPLOYMENTS "/web", "status.observedGeneration"), 1);

	world_merge(world, DEPLOYMENTS "/web", "{\"spec\":{\"replicas\":3}}");
	world_pass(world, 3 * SECOND);
	assert_int_equal(world_integer(world, DEPLOYMENTS "/web", "status.readyReplicas"), 3);
	world_merge(world, DEPLOYMENTS "/web", "{\"spec\":{\"replicas\":1}}");
	world_pass(world, MS(50));
	assert_int_equal(world_count(world, CORE "pods?labelSelector=app%3Dweb"), 1);
	world_free(world);
}

/* "web-... 3 of 3", one a ReplicaSet, by how many it wants. */
static void
assert_sets(struct world *world, const char *expected)
{
	struct json *list = world_get(world, "/apis/apps/v1/namespaces/default/replicasets");
	const struct json *set;
	char text[300] = "";
	int64_t want;

	for (want = 9; want >= 0; want--)
		for (set = json_first(json_get(list, "items")); set != NULL; set = json_next(set))
			if (json_integer_at(set, "spec.replicas", -1) == want)
				snprintf(text + strlen(text), sizeof(text) - strlen(text),
					 "%s wants %d, ready %d; ",
					 json_string_at(set, "metadata.ownerReferences[0].name"),
					 (int)want,
					 (int)json_integer_at(set, "status.readyReplicas", 0));
	assert_string_equal(text, expected);
	json_free(list);
}

/* helm --wait and kubectl rollout look at them. */
static void
a_deployment_has_a_replica_set_for_each_template(void **state)
{
	struct world *world = world_of("small", small);

	(void)state;
	world_create(world, DEPLOYMENTS, A_DEPLOYMENT);
	world_pass(world, 3 * SECOND);
	assert_sets(world, "web wants 2, ready 2; ");
	world_merge(world, DEPLOYMENTS "/web",
		    "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}}}");
	world_pass(world, 3 * SECOND);
	assert_sets(world, "web wants 2, ready 2; web wants 0, ready 0; ");
	world_merge(world, DEPLOYMENTS "/web", "{\"spec\":{\"replicas\":3}}");
	world_pass(world, 3 * SECOND);
	assert_sets(world, "web wants 3, ready 3; web wants 0, ready 0; ");
	world_delete(world, DEPLOYMENTS "/web");
	world_pass(world, 3 * SECOND);
	assert_sets(world, "");
	assert_int_equal(world_count(world, CORE "pods?labelSelector=app%3Dweb"), 0);
	world_free(world);
}

static void
a_changed_template_costs_no_availability(void **state)
{
	struct world *world = world_of("classic", NULL);
	int i;

	(void)state;
	world_merge(world, DEPLOYMENTS "/" POOL,
		    "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}}}");
	for (i = 0; i < 40; i++) {
		world_pass(world, MS(100));
		assert_condition(world, DEPLOYMENTS "/" POOL, "status.conditions", "Available",
				 "True MinimumReplicasAvailable");
	}
	assert_int_equal(world_count(world, CORE "pods?labelSelector=app%3D" POOL), 3);
	assert_int_equal(world_integer(world, DEPLOYMENTS "/" POOL, "status.updatedReplicas"), 3);
	world_free(world);
}

#define PICKER                                                                                     \
	"{\"apiVersion\":\"apps/"                                                                  \
	"v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"new-epp\"},\"spec\":{\"selector\":" \
	"{"                                                                                        \
	"\"matchLabels\":{\"app\":\"new-epp\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":"  \
	"\"new-epp\"}},\"spec\":{"                                                                 \
	"\"serviceAccountName\":\"new-epp\",\"containers\":[{\"name\":\"epp\",\"image\":"          \
	"\"registry.k8s.io/"                                                                       \
	"gateway-api-inference-extension/"                                                         \
	"epp:v1.0.0\",\"args\":[\"--pool-name\",\"new\",\"--pool-namespace=default\"]}]}}}}"

static void
a_picker_lives_while_account_and_pool_are_there(void **state)
{
	struct world *world = world_of("small", small);

	(void)state;
	world_create(world, DEPLOYMENTS, PICKER);
	world_pass(world, 5 * SECOND);
	assert_condition(world, DEPLOYMENTS "/new-epp", "status.conditions", "ReplicaFailure",
			 "True FailedCreate");
	assert_int_equal(world_count(world, CORE "pods"), 0);

	world_create(world, CORE "serviceaccounts",
		     "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":"
		     "\"new-epp\"}}");
	world_pass(world, 5 * SECOND);
	assert_int_equal(world_count(world, CORE "pods"), 1);
	assert_condition(world, DEPLOYMENTS "/new-epp", "status.conditions", "Available",
			 "False MinimumReplicasUnavailable");

	world_create(world, POOLS_GA, GA_POOL);
	world_pass(world, 5 * SECOND);
	assert_condition(world, DEPLOYMENTS "/new-epp", "status.conditions", "Available",
			 "True MinimumReplicasAvailable");

	world_delete(world, POOLS_GA "/new");
	world_pass(world, MS(100));
	assert_condition(world, DEPLOYMENTS "/new-epp", "status.conditions", "Available",
			 "False MinimumReplicasUnavailable");
	world_free(world);
}

static void
a_v1_picker_waits_for_the_crd_of_objectives(void **state)
{
	struct world *world = world_of("small", small);

	(void)state;
	world_delete(world, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"
			    "inferenceobjectives.inference.networking.x-k8s.io");
	world_pass(world, 5 * SECOND);
	world_create(world, CORE "serviceaccounts",
		     "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":"
		     "\"new-epp\"}}");
	world_create(world, POOLS_GA, GA_POOL);
	world_create(world, DEPLOYMENTS, PICKER);
	world_pass(world, 10 * SECOND);
	assert_condition(world, DEPLOYMENTS "/new-epp", "status.conditions", "Available",
			 "False MinimumReplicasUnavailable");
	world_free(world);
}

static void
conditions_follow_a_write_after_ten_milliseconds(void **state)
{
	struct world *world = world_of("small", small);

	(void)state;
	assert_resolved(world, "True ResolvedRefs 1");
	world_merge(world, ROUTE, WITH_REF(GA_REF("new", "1")));
	world_pass(world, MS(9));
	assert_resolved(world, "True ResolvedRefs 1");
	world_pass(world, MS(1));
	assert_resolved(world, "False BackendNotFound 2");
	world_create(world, POOLS_GA, GA_POOL);
	world_pass(world, MS(10));
	assert_resolved(world, "True ResolvedRefs 2");
	world_free(world);
}

static void
a_reference_of_weight_zero_is_not_looked_at(void **state)
{
	struct world *world = world_of("small", small);

	(void)state;
	demo_set_serves(world->demo, DEMO_SERVES_ALPHA);
	world_merge(world, ROUTE, WITH_REF(GA_REF("new", "0")));
	world_pass(world, MS(10));
	assert_resolved(world, "True ResolvedRefs 2");
	world_merge(world, ROUTE, WITH_REF(GA_REF("new", "1")));
	world_pass(world, MS(10));
	assert_resolved(world, "False InvalidKind 3");
	world_free(world);
}

static void
a_grant_names_its_group(void **state)
{
	static const char ref[] =
		WITH_REF("{\"group\":\"inference.networking.k8s.io\",\"kind\":\"InferencePool\","
			 "\"name\":\"new\",\"namespace\":\"kube-public\"}");
	static const char grant[] =
		"{\"apiVersion\":\"gateway.networking.k8s.io/"
		"v1beta1\",\"kind\":\"ReferenceGrant\",\"metadata\":{\"name\":"
		"\"%s\"},\"spec\":{\"from\":[{\"group\":\"gateway.networking.k8s.io\",\"kind\":"
		"\"HTTPRoute\",\"namespace\":"
		"\"default\"}],\"to\":[{\"group\":\"%s\",\"kind\":\"InferencePool\"}]}}";
	static const char grants[] =
		"/apis/gateway.networking.k8s.io/v1beta1/namespaces/kube-public/referencegrants";
	struct world *world = world_of("small", small);
	struct buf body;

	(void)state;
	buf_init(&body, BUF_KIB);
	world_create(world,
		     "/apis/inference.networking.k8s.io/v1/namespaces/kube-public/inferencepools",
		     GA_POOL);
	world_merge(world, ROUTE, ref);
	world_pass(world, MS(10));
	assert_resolved(world, "False RefNotPermitted 2");
	buf_printf(&body, grant, "alpha", "inference.networking.x-k8s.io");
	world_create(world, grants, body.bytes);
	world_pass(world, MS(10));
	assert_resolved(world, "False RefNotPermitted 2");
	buf_clear(&body);
	buf_printf(&body, grant, "ga", "inference.networking.k8s.io");
	world_create(world, grants, body.bytes);
	world_pass(world, MS(10));
	assert_resolved(world, "True ResolvedRefs 2");
	buf_release(&body);
	world_free(world);
}

static void
a_pool_names_its_gateway_as_soon_as_a_route_names_it(void **state)
{
	struct world *world = world_of("small", small);
	struct json *pool;

	(void)state;
	world_create(world, POOLS_GA, GA_POOL);
	world_pass(world, SECOND);
	assert_condition(world, POOLS_GA "/new", "status.parents[0].conditions", "Accepted",
			 "none");
	world_merge(world, ROUTE, WITH_REF(GA_REF("new", "0")));
	world_pass(world, MS(11));
	assert_condition(world, POOLS_GA "/new", "status.parents[0].conditions", "Accepted",
			 "True Accepted 1");
	assert_condition(world, POOLS_GA "/new", "status.parents[0].conditions", "ResolvedRefs",
			 "True ResolvedRefs 1");
	pool = world_get(world, POOLS_GA "/new");
	assert_string_equal(json_string_at(pool, "status.parents[0].parentRef.kind"), "Gateway");
	assert_string_equal(json_string_at(pool, "status.parents[0].parentRef.namespace"),
			    "default");
	assert_string_equal(json_string_at(pool, "status.parents[0].parentRef.name"),
			    "inference-gateway");
	json_free(pool);
	world_delete(world, ROUTE);
	world_pass(world, MS(11));
	assert_condition(world, POOLS_GA "/new", "status.parents[0].conditions", "Accepted",
			 "none");
	world_free(world);
}

static void
a_gateway_of_alpha_only_is_silent_about_ga_pools(void **state)
{
	struct world *world = world_of("small", small);

	(void)state;
	demo_set_serves(world->demo, DEMO_SERVES_ALPHA);
	world_create(world, POOLS_GA, GA_POOL);
	world_merge(world, ROUTE, WITH_REF(GA_REF("new", "0")));
	world_pass(world, MINUTE);
	assert_condition(world, POOLS_GA "/new", "status.parents[0].conditions", "Accepted",
			 "none");
	assert_condition(world, POOLS_ALPHA "/old", "status.parent[0].conditions", "Accepted",
			 "True Accepted 1");
	world_free(world);
}

static void
a_gateway_reports_where_it_listens(void **state)
{
	static const char target[] =
		"/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways/inference-gateway";
	struct world *world = world_of("small", small);
	struct json *gateway;

	(void)state;
	demo_set_gateway_address(world->demo, "127.0.0.1", 40404);
	world_pass(world, MS(100));
	assert_condition(world, target, "status.conditions", "Programmed", "True Programmed 2");
	gateway = world_get(world, target);
	assert_string_equal(json_string_at(gateway, "status.addresses[0].value"), "127.0.0.1");
	assert_int_equal(json_integer_at(gateway, "spec.listeners[0].port", 0), 40404);
	assert_int_equal(json_integer_at(gateway, "status.listeners[0].attachedRoutes", 0), 1);
	json_free(gateway);
	world_free(world);
}

static void
dependents_go_after_their_owner(void **state)
{
	struct world *world = world_of("classic", NULL);

	(void)state;
	world_delete(world, DEPLOYMENTS "/" POOL);
	assert_int_equal(world_count(world, CORE "pods"), 4);
	world_pass(world, MS(100));
	assert_int_equal(world_count(world, CORE "pods"), 1);
	world_free(world);
}

static void
dependents_stay_when_orphaned_and_go_first_in_the_foreground(void **state)
{
	struct world *world = world_of("classic", NULL);
	struct json *answer;

	(void)state;
	assert_int_equal(world_send(world, "DELETE",
				    DEPLOYMENTS "/" POOL "?propagationPolicy=Orphan", NULL, NULL,
				    NULL),
			 200);
	world_pass(world, MS(200));
	assert_int_equal(world_send(world, "GET", DEPLOYMENTS "/" POOL, NULL, NULL, NULL), 404);
	assert_int_equal(world_count(world, CORE "pods"), 4);

	assert_int_equal(world_send(world, "DELETE",
				    DEPLOYMENTS "/" POOL "-epp?propagationPolicy=Foreground", NULL,
				    NULL, &answer),
			 200);
	assert_non_null(json_at(answer, "metadata.deletionTimestamp"));
	json_free(answer);
	world_pass(world, MS(200));
	assert_int_equal(world_send(world, "GET", DEPLOYMENTS "/" POOL "-epp", NULL, NULL, NULL),
			 404);
	assert_int_equal(world_count(world, CORE "pods"), 3);
	world_free(world);
}

#define OWNED(name, uid)                                                                        \
	"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" name          \
	"\",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"name\":\"epp\"," \
	"\"uid\":\"" uid "\"}]}}"

static void
an_object_of_the_same_name_is_not_the_owner(void **state)
{
	struct world *world = world_of("small", small);
	struct json *service = world_get(world, CORE "services/epp");
	struct buf body;

	(void)state;
	buf_init(&body, BUF_KIB);
	buf_printf(&body, OWNED("right", "%s"), json_string_at(service, "metadata.uid"));
	world_create(world, CORE "configmaps", body.bytes);
	world_create(world, CORE "configmaps", OWNED("wrong", "another"));
	world_pass(world, SECOND);
	assert_int_equal(world_send(world, "GET", CORE "configmaps/right", NULL, NULL, NULL), 200);
	assert_int_equal(world_send(world, "GET", CORE "configmaps/wrong", NULL, NULL, NULL), 404);
	world_delete(world, CORE "services/epp");
	world_pass(world, SECOND);
	assert_int_equal(world_send(world, "GET", CORE "configmaps/right", NULL, NULL, NULL), 404);
	buf_release(&body);
	json_free(service);
	world_free(world);
}

static void
a_namespace_takes_what_is_in_it_along(void **state)
{
	struct world *world = world_of("small", small);

	(void)state;
	world_create(
		world, "/api/v1/namespaces",
		"{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"team\"}}");
	world_pass(world, MS(10));
	assert_int_equal(world_send(world, "GET", "/api/v1/namespaces/team/serviceaccounts/default",
				    NULL, NULL, NULL),
			 200);
	world_create(
		world, "/api/v1/namespaces/team/configmaps",
		"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"mine\"}}");
	world_delete(world, "/api/v1/namespaces/team");
	world_pass(world, SECOND);
	assert_int_equal(world_send(world, "GET", "/api/v1/namespaces/team", NULL, NULL, NULL),
			 404);
	assert_int_equal(world_send(world, "GET", "/api/v1/namespaces/team/configmaps/mine", NULL,
				    NULL, NULL),
			 404);
	world_free(world);
}

static void
every_controller_has_a_name_and_help(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; controller_about(i).name != NULL; i++)
		assert_true(strlen(controller_about(i).help) > 20);
	assert_int_equal(i, 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scenario_begins_settled),
		cmocka_unit_test(a_deployment_is_available_when_its_pods_had_time),
		cmocka_unit_test(a_deployment_has_a_replica_set_for_each_template),
		cmocka_unit_test(a_changed_template_costs_no_availability),
		cmocka_unit_test(a_picker_lives_while_account_and_pool_are_there),
		cmocka_unit_test(a_v1_picker_waits_for_the_crd_of_objectives),
		cmocka_unit_test(conditions_follow_a_write_after_ten_milliseconds),
		cmocka_unit_test(a_reference_of_weight_zero_is_not_looked_at),
		cmocka_unit_test(a_grant_names_its_group),
		cmocka_unit_test(a_pool_names_its_gateway_as_soon_as_a_route_names_it),
		cmocka_unit_test(a_gateway_of_alpha_only_is_silent_about_ga_pools),
		cmocka_unit_test(a_gateway_reports_where_it_listens),
		cmocka_unit_test(dependents_go_after_their_owner),
		cmocka_unit_test(dependents_stay_when_orphaned_and_go_first_in_the_foreground),
		cmocka_unit_test(an_object_of_the_same_name_is_not_the_owner),
		cmocka_unit_test(a_namespace_takes_what_is_in_it_along),
		cmocka_unit_test(every_controller_has_a_name_and_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
