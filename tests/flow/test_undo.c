/* Taking back: at every step, all of it, from the same console and from another. */
#include "tests/flow/story.h"

static void
undone_after(enum step_id through, bool another_console)
{
	struct flow_options options = flow_options();
	struct flow *flow;
	struct command back = story_command(COMMAND_ROLLBACK, STEP_COUNT, NULL);
	char *before, *after;

	options.settings.hold = 0;
	flow = flow_new(&options);
	before = story_cluster(flow);
	story_expect(flow, flow_apply(flow, through, 3600), 0, "");
	if (another_console)
		flow_kill(flow);
	back.extent = ROLLBACK_ALL;
	story_expect(flow, flow_do(flow, &back, 3600), 0, "Taken back");
	flow_pass(flow, 5 * SECOND);
	after = story_cluster(flow);
	story_same(after, before);
	free(before);
	free(after);
	flow_free(flow);
}

static void
every_step_can_be_taken_back_to_the_cluster_as_it_was(void **state)
{
	static const enum step_id steps[] = { STEP_CRDS,    STEP_POOL,       STEP_OBJECTIVES,
					      STEP_ATTACH,  STEP_SHIFT,      STEP_FINALIZE,
					      STEP_CLEANUP, STEP_REMOVE_CRDS };

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		undone_after(steps[i], false);
		undone_after(steps[i], true);
	}
}

static void
the_last_step_alone_is_taken_back(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct command back = story_command(COMMAND_ROLLBACK, STEP_COUNT, NULL);

	(void)state;
	story_expect(flow, flow_apply(flow, STEP_SHIFT, 3600), 0, "");
	assert_string_equal(flow_weights(flow), "alpha 0, ga 100");
	back.extent = ROLLBACK_LAST;
	story_expect(flow, flow_do(flow, &back, 600), 0, "Taken back");
	assert_non_null(strstr(flow_weights(flow), "ga 0"));
	back.extent = ROLLBACK_TO;
	back.step = STEP_POOL;
	story_expect(flow, flow_do(flow, &back, 600), 0, "Taken back");
	assert_null(strstr(flow_weights(flow), "ga"));
	assert_true(story_exists(flow, GA_API
				 "/namespaces/default/inferencepools/vllm-llama3-8b-instruct-ga"));
	flow_free(flow);
}

static void
what_was_never_done_is_not_taken_back(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct command back = story_command(COMMAND_ROLLBACK, STEP_COUNT, NULL);

	(void)state;
	back.extent = ROLLBACK_ALL;
	story_expect(flow, flow_do(flow, &back, 600), 0, "Nothing to take back");
	assert_int_equal(flow_writes(flow), 0);
	flow_free(flow);
}

static void
an_abort_goes_out_within_fifty_milliseconds(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	const struct command apply = story_command(COMMAND_APPLY, STEP_COUNT, NULL);
	struct command abort = story_command(COMMAND_ABORT, STEP_SHIFT, FLOW_PAIR);

	(void)state;
	engine_submit(flow_engine(flow), &apply);
	while (strcmp(flow_weights(flow), "alpha 75, ga 25") != 0)
		flow_pass(flow, 10 * MILLISECOND);
	flow_pass(flow, SECOND);
	int writes = flow_writes(flow);
	engine_submit(flow_engine(flow), &abort);
	flow_pass(flow, 50 * MILLISECOND);
	assert_int_equal(flow_writes(flow), writes + 1);
	flow_pass(flow, SECOND);
	story_expect(flow, &flow_snapshot(flow)->outcome, 0, "the weights are back");
	assert_non_null(strstr(flow_weights(flow), "ga 0"));
	flow_pass(flow, 60 * SECOND);
	assert_int_equal(flow_writes(flow), writes + 1);
	flow_free(flow);
}

static void
an_abort_after_a_single_shift_goes_back_to_before_it(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct command shift = story_command(COMMAND_SHIFT, STEP_SHIFT, NULL);
	struct command abort = story_command(COMMAND_ABORT, STEP_SHIFT, FLOW_PAIR);

	(void)state;
	story_expect(flow, flow_apply(flow, STEP_ATTACH, 600), 0, "");
	shift.goal = 10 * (PPM_ALL / 100);
	story_expect(flow, flow_do(flow, &shift, 60), 0, "Shifted");
	shift.goal = 25 * (PPM_ALL / 100);
	story_expect(flow, flow_do(flow, &shift, 60), 0, "Shifted");
	assert_string_equal(flow_weights(flow), "alpha 75, ga 25");
	story_expect(flow, flow_do(flow, &abort, 60), 0, "the weights are back");
	assert_string_equal(flow_weights(flow), "alpha 90, ga 10");
	flow_free(flow);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_step_can_be_taken_back_to_the_cluster_as_it_was),
		cmocka_unit_test(the_last_step_alone_is_taken_back),
		cmocka_unit_test(what_was_never_done_is_not_taken_back),
		cmocka_unit_test(an_abort_goes_out_within_fifty_milliseconds),
		cmocka_unit_test(an_abort_after_a_single_shift_goes_back_to_before_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
