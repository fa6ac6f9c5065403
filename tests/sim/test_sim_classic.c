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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classic_is_migrated_from_the_first_list_to_the_last_crd),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
