#include "tests/unit/demo_world.h"

#include "core/demo/repeat.h"

static const char *
repeated(const char *template, int64_t i)
{
	static struct buf out;
	struct err err = { 0 };

	buf_release(&out);
	buf_init(&out, BUF_KIB);
	return repeat_text(&out, template, i, &err) ? out.bytes : "refused";
}

static void
a_number_is_written_into_a_text(void **state)
{
	(void)state;
	assert_string_equal(repeated("plain $ {i}", 7), "plain $ {i}");
	assert_string_equal(repeated("pool-${i}", 7), "pool-7");
	assert_string_equal(repeated("team-${i%12+1:2}/${i}", 13), "team-02/13");
	assert_string_equal(repeated("${i/3*10-1}", 7), "19");
}

static void
an_expression_that_is_none_is_refused(void **state)
{
	(void)state;
	assert_string_equal(repeated("${", 1), "refused");
	assert_string_equal(repeated("${}", 1), "refused");
	assert_string_equal(repeated("${j}", 1), "refused");
	assert_string_equal(repeated("${i", 1), "refused");
	assert_string_equal(repeated("${i/0}", 1), "refused");
	assert_string_equal(repeated("${i:20}", 1), "refused");
	assert_string_equal(repeated("${i*999999999*999999999*999999999}", 9), "refused");
}

static void
a_value_is_repeated_whole(void **state)
{
	static const char template[] = "{\"name-${i}\":[1,true,null,\"x${i}\"],\"n\":2}";
	struct json *json = json_parse(template, sizeof(template) - 1, NULL);
	struct json *value = repeat_value(json, 3, NULL);
	char *text = json_text(value);

	(void)state;
	assert_string_equal(text, "{\"name-3\":[1,true,null,\"x3\"],\"n\":2}");
	free(text);
	json_free(value);
	json_free(json);
}

static void
every_scenario_of_the_list_loads(void **state)
{
	size_t count;
	const struct demo_scenario *list = demo_scenario_list(&count);
	size_t i;

	(void)state;
	assert_int_equal(count, 7);
	for (i = 0; i < count; i++) {
		assert_true(strlen(list[i].help) > 20);
		world_free(world_of(list[i].name, NULL));
	}
}

static void
classic_is_the_example_of_the_documentation(void **state)
{
	struct world *world = world_of("classic", NULL);
	struct json *version = world_get(world, "/version");

	(void)state;
	assert_string_equal(json_string_at(version, "gitVersion"), "v1.34.4");
	json_free(version);
	assert_int_equal(world_count(world, POOLS_ALPHA), 1);
	assert_int_equal(world_count(world, MODELS), 2);
	assert_int_equal(world_count(world, ROUTES), 1);
	assert_int_equal(world_count(world, CORE "pods?labelSelector=app%3D" POOL), 3);
	assert_int_equal(world_send(world, "GET", POOLS_GA, NULL, NULL, NULL), 404);
	world_free(world);
}

static void
a_gke_server_brings_the_ga_pools_from_a_version_on(void **state)
{
	static const struct {
		const char *version;
		int status;
	} rows[] = {
		{ "v1.34.0-gke.1625999", 404 },
		{ "v1.33.9-gke.9999999", 404 },
		{ "v1.34.4", 404 },
		{ "v1.34.0-gke.1626000", 200 },
		{ "1.34.1-gke.1", 200 },
		{ "v1.35.0-gke.1", 200 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world *world = world_on("classic", NULL, rows[i].version);

		assert_int_equal(world_send(world, "GET", POOLS_GA, NULL, NULL, NULL),
				 rows[i].status);
		assert_int_equal(world_send(world, "GET", OBJECTIVES, NULL, NULL, NULL), 404);
		world_free(world);
	}
	/* It is there before a scenario brings its own. */
	world_free(world_on("fresh", NULL, "v1.34.1-gke.2909000"));
	world_free(world_of(
		NULL, "{kind: Scenario, gitVersion: v1.34.1-gke.2909000}\n"
		      "---\n"
		      "apiVersion: inference.networking.k8s.io/v1\n"
		      "kind: InferencePool\n"
		      "metadata: {name: p}\n"
		      "spec: {selector: {matchLabels: {a: b}}, targetPorts: [{number: 8000}],\n"
		      "  endpointPickerRef: {name: p-epp, port: {number: 9002}}}\n"));
}

static void
fresh_has_nothing_of_alpha(void **state)
{
	struct world *world = world_of("fresh", NULL);

	(void)state;
	assert_int_equal(world_send(world, "GET", POOLS_ALPHA, NULL, NULL, NULL), 404);
	assert_int_equal(world_send(world, "GET", MODELS, NULL, NULL, NULL), 404);
	assert_int_equal(world_count(world, POOLS_GA), 1);
	assert_condition(world, DEPLOYMENTS "/" POOL "-epp", "status.conditions", "Available",
			 "True MinimumReplicasAvailable");
	assert_condition(world, POOLS_GA "/" POOL, "status.parents[0].conditions", "Accepted",
			 "True Accepted 1");
	world_free(world);
}

static void
crowd_has_forty_pools_in_twelve_namespaces(void **state)
{
	struct world *world = world_of("crowd", NULL);
	struct json *list =
		world_get(world, "/apis/inference.networking.x-k8s.io/v1alpha2/inferencepools");
	const struct json *pool;
	const char *last = "";
	int namespaces = 0;

	(void)state;
	assert_int_equal(json_count(json_at(list, "items")), 40);
	for (pool = json_first(json_at(list, "items")); pool != NULL; pool = json_next(pool)) {
		namespaces += strcmp(json_string_at(pool, "metadata.namespace"), last) != 0;
		last = json_string_at(pool, "metadata.namespace");
	}
	assert_int_equal(namespaces, 12);
	json_free(list);
	assert_int_equal(world_count(world, "/apis/gateway.networking.k8s.io/v1/httproutes"), 45);
	world_free(world);
}

static void
big_has_five_thousand_routes(void **state)
{
	struct world *world = world_of("big", NULL);

	(void)state;
	assert_int_equal(world_count(world, "/apis/gateway.networking.k8s.io/v1/httproutes"), 5000);
	assert_condition(
		world, "/apis/gateway.networking.k8s.io/v1/namespaces/team-14/httproutes/web-4963",
		"status.parents[0].conditions", "ResolvedRefs", "True ResolvedRefs 1");
	world_free(world);
}

#define EVERY_ALPHA   "/apis/inference.networking.x-k8s.io/v1alpha2/"
#define EVERY_GATEWAY "/apis/gateway.networking.k8s.io/"

/* How many objects of a list have this text in them. */
static int
naming(struct world *world, const char *list, const char *text)
{
	struct json *json = world_get(world, list);
	const struct json *item;
	int count = 0;

	for (item = json_first(json_get(json, "items")); item != NULL; item = json_next(item)) {
		char *whole = json_text(item);

		count += strstr(whole, text) != NULL;
		free(whole);
	}
	json_free(json);
	return count;
}

static void
estate_has_everything_that_hangs_on_an_alpha_pool(void **state)
{
	struct world *world = world_of("estate", NULL);
	struct json *models = world_get(world, EVERY_ALPHA "inferencemodels");
	const struct json *model;
	int orphans = 0;
	char path[300];

	(void)state;
	assert_int_equal(world_count(world, EVERY_ALPHA "inferencepools"), 6);
	assert_int_equal(
		naming(world, EVERY_ALPHA "inferencepools", "\"name\":\"vllm-llama3-8b-epp\""),
		2); /* behind one picker */
	assert_int_equal(naming(world, EVERY_ALPHA "inferencepools", "meta.helm.sh/release-name"),
			 1);
	assert_int_equal(naming(world, "/api/v1/secrets", "helm.sh/release.v1"), 1);
	assert_int_equal(naming(world, "/apis/apps/v1/deployments", "tolerations"), 1);
	assert_int_equal(naming(world, EVERY_GATEWAY "v1/httproutes", "RequestMirror"), 1);
	assert_int_equal(naming(world, EVERY_GATEWAY "v1/httproutes", "x-served-from"), 1);
	assert_int_equal(naming(world, EVERY_GATEWAY "v1/httproutes", "argocd.argoproj.io"), 1);
	assert_int_equal(world_count(world, EVERY_GATEWAY "v1beta1/referencegrants"), 2);
	assert_int_equal(world_count(world, "/apis/networking.gke.io/v1/gcpbackendpolicies"), 2);
	assert_int_equal(world_count(world, "/apis/networking.gke.io/v1/healthcheckpolicies"), 2);
	for (model = json_first(json_get(models, "items")); model != NULL;
	     model = json_next(model)) {
		snprintf(path, sizeof(path), EVERY_ALPHA "namespaces/%s/inferencepools/%s",
			 json_string_at(model, "metadata.namespace"),
			 json_string_at(model, "spec.poolRef.name"));
		orphans += world_send(world, "GET", path, NULL, NULL, NULL) == 404;
	}
	assert_int_equal(json_count(json_get(models, "items")), 10);
	assert_int_equal(orphans, 2);
	json_free(models);
	world_free(world);
}

static void
assert_settled(const char *scenario)
{
	struct world *world = world_of(scenario, NULL);
	struct json *routes = world_get(world, EVERY_GATEWAY "v1/httproutes");
	struct json *deployments = world_get(world, "/apis/apps/v1/deployments");
	const struct json *one;
	char text[200];

	for (one = json_first(json_get(routes, "items")); one != NULL; one = json_next(one))
		assert_string_equal(condition_text(json_at(one, "status.parents[0].conditions"),
						   "ResolvedRefs", text),
				    "True ResolvedRefs 1");
	for (one = json_first(json_get(deployments, "items")); one != NULL; one = json_next(one))
		if (json_integer_at(one, "spec.replicas", 1) !=
		    json_integer_at(one, "status.availableReplicas", 0))
			fail_msg("%s is not available", json_string_at(one, "metadata.name"));
	json_free(deployments);
	json_free(routes);
	world_free(world);
}

static void
every_route_of_the_larger_worlds_is_served(void **state)
{
	(void)state;
	assert_settled("estate");
	assert_settled("blocked");
	assert_settled("rewrites");
}

static void
blocked_has_a_pool_for_each_reason(void **state)
{
	struct world *world = world_of("blocked", NULL);
	struct json *rule = world_get(world, ROUTES "/llm-route-3");

	(void)state;
	assert_int_equal(world_count(world, POOLS_ALPHA), 9);
	assert_int_equal(json_count(json_at(rule, "spec.rules[0].backendRefs")), 16);
	assert_int_equal(world_count(world, EVERY_ALPHA "inferenceobjectives"), 1);
	assert_int_equal(world_count(world, POOLS_GA), 1);
	assert_int_equal(
		world_count(world, "/apis/networking.gke.io/v1/gcpsessionaffinitypolicies"), 1);
	assert_int_equal(naming(world, ROUTES, "fluxcd.io") + naming(world, ROUTES, "configsync") +
				 naming(world, ROUTES, "argoproj"),
			 3);
	json_free(rule);
	world_free(world);
}

static void
assert_refused(const char *name, const char *yaml, const char *expected)
{
	struct err err = { 0 };
	struct demo *demo = demo_new(&(struct demo_options){ .scenario = name,
							     .scenario_yaml = yaml,
							     .clock = clock_system() },
				     &err);

	assert_null(demo);
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.text, expected);
}

static void
a_broken_scenario_is_refused_with_the_place(void **state)
{
	(void)state;
	assert_refused("clasic", NULL,
		       "there is no scenario \"clasic\"; there are classic, fresh, estate, "
		       "blocked, rewrites, crowd, big, or a file of your own");
	assert_refused("own.yaml", "kind: Scenario\ncrds: [gateway]\n",
		       "scenario own.yaml: there is no bundle of CRDs named \"gateway\"");
	assert_refused("own.yaml", "kind: Scenario\nserves: beta\n",
		       "scenario own.yaml: serves is both, alpha or ga");
	assert_refused("own.yaml", "kind: Scenario\ndelays: {pod: 1s}\n",
		       "scenario own.yaml: there is no delay \"pod\"; there are conditions, "
		       "traffic, pods and collect");
	assert_refused("own.yaml", "kind: Scenario\ndelays: {pods: soon}\n",
		       "scenario own.yaml: the delay \"pods\" is not a duration like \"100ms\"");
	assert_refused(
		"own.yaml", "apiVersion: v1\nkind: Pod\n",
		"scenario own.yaml: Pod \"\": apiVersion, kind and metadata.name have to be there");
	assert_refused("own.yaml",
		       "apiVersion: inference.networking.k8s.io/v1\nkind: InferencePool\nmetadata: "
		       "{name: a}\n",
		       "scenario own.yaml: InferencePool.inference.networking.k8s.io \"a\": the "
		       "kind is not served; its CRD "
		       "has to come before it");
	assert_refused("own.yaml", "kind: Repeat\nfrom: 3\nto: 1\nobjects: []\n",
		       "scenario own.yaml: a Repeat has from, to (at most 100000), step and a list "
		       "of objects");
}

static void
the_version_asked_for_wins(void **state)
{
	struct world world = { .now = SECOND };
	struct json *version;

	(void)state;
	world.demo = demo_new(&(struct demo_options){ .scenario = "classic",
						      .gke_version = "v1.34.1-gke.2909000",
						      .clock = { &world, world_clock, world_clock,
								 world_clock } },
			      NULL);
	version = world_get(&world, "/version");
	assert_string_equal(json_string_at(version, "gitVersion"), "v1.34.1-gke.2909000");
	json_free(version);
	demo_free(world.demo);
}

static struct demo *
demo_printed(const struct demo_options *wanted, struct buf *manifests)
{
	struct demo_options options = *wanted;

	buf_init(manifests, 16 * BUF_MIB);
	options.clock = clock_system();
	options.manifests = manifests;
	return demo_new(&options, NULL);
}

static void
a_scenario_is_printed_as_somebody_would_apply_it(void **state)
{
	static const char pool[] = "---\n"
				   "apiVersion: inference.networking.x-k8s.io/v1alpha2\n"
				   "kind: InferencePool\n"
				   "metadata:\n"
				   "  name: vllm-llama3-8b-instruct\n"
				   "  namespace: default\n"
				   "spec:\n"
				   "  targetPortNumber: 8000\n"
				   "  selector:\n"
				   "    app: vllm-llama3-8b-instruct\n"
				   "  extensionRef:\n"
				   "    name: vllm-llama3-8b-instruct-epp\n"
				   "---\n";
	struct buf manifests;

	(void)state;
	demo_free(demo_printed(&(struct demo_options){ .scenario = "classic" }, &manifests));
	assert_non_null(strstr(manifests.bytes, pool));
	assert_null(strstr(manifests.bytes, "\n  uid:"));
	assert_null(strstr(manifests.bytes, "\n  resourceVersion:"));
	assert_null(strstr(manifests.bytes, "\nstatus:"));
	assert_null(strstr(manifests.bytes, "\nkind: Scenario"));
	assert_true(strstr(manifests.bytes, "kind: CustomResourceDefinition") <
		    strstr(manifests.bytes, "kind: GatewayClass\n"));
	buf_release(&manifests);
}

static void
what_was_printed_makes_the_same_world(void **state)
{
	static const char *const lists[] = {
		"/apis/inference.networking.x-k8s.io/v1alpha2/inferencepools",
		"/apis/gateway.networking.k8s.io/v1/httproutes", "/apis/apps/v1/deployments",
		"/api/v1/namespaces", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
	};
	struct world first = { 0 }, *second;
	struct buf manifests;

	(void)state;
	first.demo = demo_printed(&(struct demo_options){ .scenario = "crowd" }, &manifests);
	second = world_of("printed", manifests.bytes);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		assert_int_equal(world_count(&first, lists[i]), world_count(second, lists[i]));
	demo_free(first.demo);
	world_free(second);
	buf_release(&manifests);
}

static void
the_groups_asked_for_win(void **state)
{
	struct world world = { .now = SECOND };

	(void)state;
	world.demo = demo_new(&(struct demo_options){ .scenario = "classic",
						      .serves = "ga",
						      .clock = { &world, world_clock, world_clock,
								 world_clock } },
			      NULL);
	assert_condition(&world, ROUTES "/llm-route", "status.parents[0].conditions",
			 "ResolvedRefs", "False InvalidKind 1");
	demo_free(world.demo);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_written_into_a_text),
		cmocka_unit_test(an_expression_that_is_none_is_refused),
		cmocka_unit_test(a_value_is_repeated_whole),
		cmocka_unit_test(every_scenario_of_the_list_loads),
		cmocka_unit_test(classic_is_the_example_of_the_documentation),
		cmocka_unit_test(a_gke_server_brings_the_ga_pools_from_a_version_on),
		cmocka_unit_test(fresh_has_nothing_of_alpha),
		cmocka_unit_test(crowd_has_forty_pools_in_twelve_namespaces),
		cmocka_unit_test(big_has_five_thousand_routes),
		cmocka_unit_test(estate_has_everything_that_hangs_on_an_alpha_pool),
		cmocka_unit_test(every_route_of_the_larger_worlds_is_served),
		cmocka_unit_test(blocked_has_a_pool_for_each_reason),
		cmocka_unit_test(a_broken_scenario_is_refused_with_the_place),
		cmocka_unit_test(the_version_asked_for_wins),
		cmocka_unit_test(a_scenario_is_printed_as_somebody_would_apply_it),
		cmocka_unit_test(what_was_printed_makes_the_same_world),
		cmocka_unit_test(the_groups_asked_for_win),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
