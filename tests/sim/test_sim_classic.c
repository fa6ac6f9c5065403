/* The whole migration of the documentation's example, from the first list to the last CRD, in one
 * thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "tests/flow/flow.h"

#define CRDS "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"

static void
assert_gone(struct flow *flow, const char *path)
{
	struct json *json = flow_get(flow, path);

	if (json != NULL)
		fail_msg("%s is still there", path);
}

static void
classic_is_migrated_from_the_first_list_to_the_last_crd(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct clock real = clock_system();
	int64_t began = clock_mono(&real);
	const struct outcome *outcome = flow_apply(flow, STEP_COUNT, 3600);

	(void)state;
	if (outcome == NULL || outcome->exit != 0) {
		const struct snapshot *s = flow_snapshot(flow);
		for (size_t i = 0; s != NULL && i < s->event_count; i++)
			print_message("%s\n", s->events[i].text);
		fail_msg("%s", outcome == NULL ? "no end" : outcome->text);
	}
	assert_true(outcome->ok);
	assert_string_equal(outcome->text, "The migration is finished.");
	assert_string_equal(flow_weights(flow), "ga 100");
	assert_gone(flow, CRDS "inferencepools.inference.networking.x-k8s.io");
	assert_gone(flow, CRDS "inferencemodels.inference.networking.x-k8s.io");
	assert_true(clock_mono(&real) - began < 5 * SECOND);
	print_message("# %d requests, %d writes, %.0f s of the story in %.0f ms\n",
		      flow_requests(flow), flow_writes(flow),
		      (double)(flow_mono(flow)) / 1e9 - 1000,
		      (double)(clock_mono(&real) - began) / 1e6);
	flow_free(flow);
}

/* Whoever deleted it: a console without that journal cannot make it again. */
static void
traffic_does_not_go_back_to_a_pool_whose_picker_is_gone(void **state)
{
	struct command back = { .kind = COMMAND_ROLLBACK,
				.step = STEP_COUNT,
				.extent = ROLLBACK_ALL,
				.goal = PPM_UNKNOWN };
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	const struct outcome *outcome = flow_apply(flow, STEP_FINALIZE, 3600);

	(void)state;
	assert_true(outcome != NULL && outcome->ok);
	assert_int_equal(
		flow_send(flow, "DELETE",
			  "/api/v1/namespaces/default/services/vllm-llama3-8b-instruct-epp", NULL,
			  NULL),
		200);
	outcome = flow_do(flow, &back, 7200);
	assert_true(outcome != NULL && !outcome->ok);
	assert_non_null(strstr(outcome->text, "the endpoint picker of the α pool is gone"));
	assert_string_equal(flow_weights(flow), "alpha 0, ga 100");
	flow_free(flow);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classic_is_migrated_from_the_first_list_to_the_last_crd),
		cmocka_unit_test(traffic_does_not_go_back_to_a_pool_whose_picker_is_gone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
