/* Everything that can hang on an alpha pool at once, by either procedure, and back to where it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "tests/flow/flow.h"
#include "tests/sim/everything.h"

#define ALPHA          "inference.networking.x-k8s.io"
#define GA             "inference.networking.k8s.io"
#define DEFAULT_ROUTES "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes"
#define TEAM_ROUTES    "/apis/gateway.networking.k8s.io/v1/namespaces/team-a/httproutes"
#define ALPHA_POOLS    "/apis/" ALPHA "/v1alpha2/namespaces/default/inferencepools"
#define GKE            "/apis/networking.gke.io/v1/namespaces/default/"
#define GRANTS         "/apis/gateway.networking.k8s.io/v1beta1/namespaces/default/referencegrants"

static void
add_everything(struct flow *flow)
{
	size_t count;
	const struct everything *all = everything_list(&count);

	for (size_t i = 0; i < count; i++) {
		int status = flow_send(flow, all[i].method, all[i].path, all[i].content_type,
				       all[i].body);

		if (status / 100 != 2)
			fail_msg("%s: %d", all[i].path, status);
	}
}

/* What has to be the same again after a rollback. */
static const char *const watched[] = {
	DEFAULT_ROUTES "/llm-route",
	DEFAULT_ROUTES "/mixed",
	TEAM_ROUTES "/far",
	ALPHA_POOLS "/vllm-llama3-8b-instruct",
	ALPHA_POOLS "/second-preview",
	GKE "healthcheckpolicies/health",
	GKE "gcpbackendpolicies/timeout",
	GRANTS "/team-a",
	"/apis/apps/v1/namespaces/default/deployments/vllm-llama3-8b-instruct-epp",
	"/apis/" ALPHA "/v1alpha2/namespaces/default/inferencemodels/food-review",
};
#define WATCHED (sizeof watched / sizeof watched[0])

/* The spec as text, which the caller frees; NULL when it is not there. */
static char *
spec_of(struct flow *flow, const char *path)
{
	struct json *json = flow_get(flow, path);
	char *text = json == NULL ? NULL : json_text(json_get(json, "spec"));

	json_free(json);
	return text;
}

static void
expect(struct flow *flow, const struct outcome *outcome, const char *what)
{
	if (outcome != NULL && outcome->exit == 0)
		return;
	for (size_t i = 0; i < flow_snapshot(flow)->event_count; i++)
		print_message("# %s\n", flow_snapshot(flow)->events[i].text);
	fail_msg("%s: %s", what, outcome == NULL ? "no end" : outcome->text);
}

static void
assert_holds(struct flow *flow, const char *path, const char *part)
{
	char *spec = spec_of(flow, path);

	if (spec == NULL || strstr(spec, part) == NULL)
		fail_msg("%s: no %s in %s", path, part, spec == NULL ? "nothing" : spec);
	free(spec);
}

static void
assert_all_on_ga(struct flow *flow)
{
	static const char *const gone[] = {
		ALPHA_POOLS "/vllm-llama3-8b-instruct",
		GKE "healthcheckpolicies/health",
		GKE "gcpbackendpolicies/timeout",
		"/apis/apps/v1/namespaces/default/deployments/vllm-llama3-8b-instruct-epp",
		("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/inferencepools." ALPHA),
	};

	for (size_t i = 0; i < 3; i++) {
		char *spec = spec_of(flow, watched[i]);

		if (spec == NULL || strstr(spec, ALPHA) != NULL)
			fail_msg("%s: %s", watched[i], spec == NULL ? "gone" : spec);
		free(spec);
	}
	for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
		struct json *json = flow_get(flow, gone[i]);

		if (json != NULL)
			fail_msg("%s is still there", gone[i]);
	}
	assert_holds(flow, DEFAULT_ROUTES "/mixed",
		     "\"requestMirror\":{\"backendRef\":{\"group\":\"" GA "\"");
	assert_holds(flow, GKE "healthcheckpolicies/health-ga", "\"checkIntervalSec\":7");
	assert_holds(flow, GKE "gcpbackendpolicies/timeout-ga", "\"timeoutSec\":301");
	assert_holds(flow, GRANTS "/team-a", "Service");
	assert_holds(flow, GRANTS "/team-a-ga", GA);
	assert_holds(flow, "/apis/" GA "/v1/namespaces/default/inferencepools/second-ga",
		     "\"failureMode\":\"FailOpen\"");
}

/* With several pools taken back at once the CRDs that came for them go, too. */
static void
assert_no_ga(struct flow *flow)
{
	static const char *const gone[] = {
		"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/inferencepools." GA,
		"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/inferenceobjectives." ALPHA,
	};

	for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
		struct json *json = flow_get(flow, gone[i]);

		if (json != NULL)
			fail_msg("%s is still there", gone[i]);
	}
}

/* From where they begin to differ: a whole route is more than a message may hold. */
static void
differ(const char *path, const char *was, const char *is)
{
	while (*was != '\0' && *was == *is)
		was++, is++;
	fail_msg("%s was ...%.300s\nand is ...%.300s", path, was, is);
}

static void
there_and_back(enum path path, bool delete_routes)
{
	struct command back = { .kind = COMMAND_ROLLBACK,
				.step = STEP_COUNT,
				.extent = ROLLBACK_ALL,
				.goal = PPM_UNKNOWN };
	struct flow_options options = flow_options();
	char *before[WATCHED];
	struct flow *flow;

	options.settings.path = path;
	options.settings.delete_routes = delete_routes;
	options.settings.probe_model = "food-review";
	flow = flow_new(&options);
	add_everything(flow);
	for (size_t i = 0; i < WATCHED; i++) {
		before[i] = spec_of(flow, watched[i]);
		assert_non_null(before[i]);
	}
	expect(flow, flow_apply(flow, STEP_COUNT, 7200), "apply");
	assert_all_on_ga(flow);
	flow_kill(flow);
	expect(flow, flow_do(flow, &back, 7200), "rollback");
	for (size_t i = 0; i < WATCHED; i++) {
		char *now = spec_of(flow, watched[i]);

		if (now == NULL || strcmp(now, before[i]) != 0)
			differ(watched[i], before[i], now == NULL ? "gone" : now);
		free(now);
		free(before[i]);
	}
	assert_no_ga(flow);
	flow_free(flow);
}

static void
without_downtime_and_back(void **state)
{
	(void)state;
	there_and_back(PATH_ZERO_DOWNTIME, false);
}

static void
by_the_simple_procedure_and_back(void **state)
{
	(void)state;
	there_and_back(PATH_SIMPLE, false);
}

static void
with_routes_deleted_and_back(void **state)
{
	(void)state;
	there_and_back(PATH_SIMPLE, true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_downtime_and_back),
		cmocka_unit_test(by_the_simple_procedure_and_back),
		cmocka_unit_test(with_routes_deleted_and_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
