/* Policies of kinds that are not in the table: found whatever discovery the server has, and what
 * may not be seen is said. */
#include "tests/flow/story.h"

#include "core/engine/inside.h"

#define SECOND_POOL \
	"vllm-llama3-8b-2" /* of scenario blocked: a GCPSessionAffinityPolicy targets it */
#define FIRST_POOL "vllm-llama3-8b-1"
#define LAST_POOL  "vllm-llama3-8b-9"
#define AFFINITY   "networking.gke.io/v1/gcpsessionaffinitypolicies"
#define FOR_THE_POOL \
	"this policy is for the α pool, and a policy of a kind that is not known is not carried over"
#define UNSEEN                                                                                    \
	"a GCPSessionAffinityPolicy (networking.gke.io) may be for the α pool and would not be " \
	"carried over, and you may not list gcpsessionaffinitypolicies in namespace default"

static const struct step_status *
pool_step(struct flow *flow, const char *alpha)
{
	const struct plan *plan = &flow_snapshot(flow)->plan;

	for (size_t i = 0; i < plan->pair_count; i++)
		if (strcmp(plan->pairs[i].alpha, alpha) == 0)
			return &plan->pairs[i].steps[STEP_POOL];
	fail_msg("there is no pool %s", alpha);
	return NULL;
}

static struct flow *
started(struct flow_options *options)
{
	struct flow *flow = flow_new(options);

	flow_engine(flow);
	return flow;
}

static void
one_that_targets_the_pool_blocks_it_and_no_other(void **state)
{
	struct flow_options options = flow_options();

	(void)state;
	options.scenario = "blocked";
	struct flow *flow = started(&options);
	flow_pass(flow, 10 * SECOND);
	assert_string_equal(pool_step(flow, SECOND_POOL)->reason, FOR_THE_POOL);
	assert_string_equal(pool_step(flow, SECOND_POOL)->object,
			    "GCPSessionAffinityPolicy default/" SECOND_POOL " (networking.gke.io)");
	assert_null(strstr(pool_step(flow, LAST_POOL)->reason, "policy"));
	assert_int_equal(flow_snapshot(flow)->plan.unlisted_count, 0);
	flow_free(flow);
}

static void
a_server_without_aggregated_discovery_is_asked_group_by_group(void **state)
{
	struct flow_options options = flow_options();

	(void)state;
	options.scenario = "blocked";
	struct flow *flow = flow_new(&options);
	flow_old_discovery(flow);
	flow_engine(flow);
	flow_pass(flow, 10 * SECOND);
	assert_string_equal(pool_step(flow, SECOND_POOL)->reason, FOR_THE_POOL);
	flow_free(flow);
}

static void
add_kind(struct flow *flow, const char *group, const char *kind, const char *plural,
	 const char *version)
{
	char body[1000];

	snprintf(
		body, sizeof body,
		"{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\","
		"\"metadata\":{\"name\":\"%s.%s\"},\"spec\":{\"group\":\"%s\","
		"\"scope\":\"Namespaced\",\"names\":{\"kind\":\"%s\",\"plural\":\"%s\"},"
		"\"versions\":[{\"name\":\"%s\",\"served\":true,\"storage\":true,\"schema\":"
		"{\"openAPIV3Schema\":{\"type\":\"object\","
		"\"x-kubernetes-preserve-unknown-fields\":true}}}]}}",
		plural, group, group, kind, plural, version);
	assert_int_equal(flow_send(flow, "POST",
				   "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
				   "application/json", body),
			 201);
	flow_pass(flow, 5 * SECOND);
}

static void
monitoring_that_is_not_served_is_known(void **state)
{
	struct flow_options options = flow_options();

	(void)state;
	for (int old = 0; old < 2; old++) {
		struct flow *flow = flow_new(&options);

		if (old)
			flow_old_discovery(flow);
		assert_false(flow_engine(flow)->world->no_pod_monitoring);
		flow_pass(flow, 10 * SECOND);
		assert_true(flow_engine(flow)->world->no_pod_monitoring);
		add_kind(flow, "monitoring.googleapis.com", "ClusterPodMonitoring",
			 "clusterpodmonitorings", "v1");
		flow_pass(flow, 6 * MINUTE);
		assert_false(flow_engine(flow)->world->no_pod_monitoring);
		flow_free(flow);
	}
}

/* In group example.com Things have v1, and the policies only v1alpha1. */
static void
a_kind_of_a_version_that_its_group_does_not_prefer_is_found(bool old)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	if (old)
		flow_old_discovery(flow);
	add_kind(flow, "example.com", "Thing", "things", "v1");
	add_kind(flow, "example.com", "RateLimitPolicy", "ratelimitpolicies", "v1alpha1");
	assert_int_equal(
		flow_send(flow, "POST",
			  "/apis/example.com/v1alpha1/namespaces/default/ratelimitpolicies",
			  "application/json",
			  "{\"apiVersion\":\"example.com/v1alpha1\",\"kind\":\"RateLimitPolicy\","
			  "\"metadata\":{\"name\":\"slow\",\"namespace\":\"default\"},\"spec\":"
			  "{\"targetRefs\":[{\"group\":\"inference.networking.x-k8s.io\","
			  "\"kind\":\"InferencePool\",\"name\":\"vllm-llama3-8b-instruct\"}]}}"),
		201);
	flow_kill(flow);
	flow_engine(flow);
	flow_pass(flow, 10 * SECOND);
	assert_string_equal(pool_step(flow, "vllm-llama3-8b-instruct")->object,
			    "RateLimitPolicy default/slow (example.com)");
	flow_free(flow);
}

static void
every_version_of_a_group_is_looked_at(void **state)
{
	(void)state;
	a_kind_of_a_version_that_its_group_does_not_prefer_is_found(false);
	a_kind_of_a_version_that_its_group_does_not_prefer_is_found(true);
}

static void
what_may_be_listed_only_where_the_pools_are_is_found_there(void **state)
{
	struct flow_options options = flow_options();

	(void)state;
	options.scenario = "blocked";
	struct flow *flow = flow_new(&options);
	flow_forbid(flow, AFFINITY);
	flow_engine(flow);
	flow_pass(flow, 10 * SECOND);
	assert_string_equal(pool_step(flow, SECOND_POOL)->reason, FOR_THE_POOL);
	assert_int_equal(flow_snapshot(flow)->plan.unlisted_count, 0);
	flow_free(flow);
}

static void
what_may_not_be_listed_is_said_and_blocks_until_accepted(void **state)
{
	struct flow_options options = flow_options();
	struct command plan = story_command(COMMAND_PLAN, STEP_COUNT, NULL);
	const char *const pools[] = { LAST_POOL, NULL };

	(void)state;
	options.scenario = "blocked";
	options.settings.pools = pools;
	struct flow *flow = flow_new(&options);
	flow_forbid(flow, "gcpsessionaffinitypolicies");
	story_expect(flow, flow_apply(flow, STEP_POOL, 60), 3, UNSEEN);
	assert_string_equal(pool_step(flow, LAST_POOL)->reason, UNSEEN);
	assert_non_null(strstr(pool_step(flow, LAST_POOL)->advice, "--accept-unlisted"));
	assert_int_equal(flow_snapshot(flow)->plan.unlisted_count, 1);
	assert_string_equal(flow_snapshot(flow)->plan.unlisted[0],
			    "GCPSessionAffinityPolicy (networking.gke.io) in namespace default");
	story_expect(flow, flow_do(flow, &plan, 60), 0, "");
	assert_non_null(strstr(flow_snapshot(flow)->rbac, "- gcpsessionaffinitypolicies"));
	flow_kill(flow);
	flow_settings(flow)->accept_unlisted = true;
	story_expect(flow, flow_apply(flow, STEP_POOL, 600), 0, "");
	assert_int_equal(flow_snapshot(flow)->plan.unlisted_count, 1);
	flow_free(flow);
}

static void
the_right_that_is_given_is_noticed(void **state)
{
	struct flow_options options = flow_options();

	(void)state;
	options.scenario = "blocked";
	struct flow *flow = flow_new(&options);
	flow_forbid(flow, "gcpsessionaffinitypolicies");
	flow_engine(flow);
	flow_pass(flow, 10 * SECOND);
	assert_int_equal(flow_snapshot(flow)->plan.unlisted_count, 1);
	flow_forbid(flow, NULL);
	flow_pass(flow, 2 * MINUTE);
	assert_int_equal(flow_snapshot(flow)->plan.unlisted_count, 0);
	assert_string_equal(pool_step(flow, SECOND_POOL)->reason, FOR_THE_POOL);
	assert_string_not_equal(pool_step(flow, FIRST_POOL)->reason, FOR_THE_POOL);
	flow_free(flow);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_targets_the_pool_blocks_it_and_no_other),
		cmocka_unit_test(a_server_without_aggregated_discovery_is_asked_group_by_group),
		cmocka_unit_test(every_version_of_a_group_is_looked_at),
		cmocka_unit_test(monitoring_that_is_not_served_is_known),
		cmocka_unit_test(what_may_be_listed_only_where_the_pools_are_is_found_there),
		cmocka_unit_test(what_may_not_be_listed_is_said_and_blocks_until_accepted),
		cmocka_unit_test(the_right_that_is_given_is_noticed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
