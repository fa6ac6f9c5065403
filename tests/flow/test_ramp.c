/* The ramp of one pair, as the console begins it: stop by stop, with a hold, until it is
 * aborted. */
#include "tests/flow/story.h"

static struct flow *
attached(void)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	story_expect(flow, flow_apply(flow, STEP_ATTACH, 600), 0, "Done through attach");
	assert_string_equal(flow_weights(flow), "alpha 1, ga 0");
	return flow;
}

static bool
is_holding(const struct snapshot *snapshot, const void *self)
{
	(void)self;
	return snapshot->run.phase == RUN_HOLDING;
}

static void
a_ramp_stops_everywhere_and_holds_between(void **state)
{
	const struct command ramp = story_command(COMMAND_RAMP, STEP_COUNT, FLOW_PAIR);
	struct flow *flow = attached();
	int before = flow_writes(flow);
	int64_t begun = flow_mono(flow);

	(void)state;
	story_expect(flow, flow_do(flow, &ramp, 600), 0, "The end of the ramp is reached");
	assert_int_equal(flow_writes(flow) - before, 7);
	assert_true(flow_mono(flow) - begun >= 6 * flow_settings(flow)->hold);
	assert_string_equal(flow_weights(flow), "alpha 0, ga 100");
	story_expect(flow, flow_do(flow, &ramp, 600), 0, "Nothing to do");
	flow_free(flow);
}

static void
a_ramp_goes_on_from_where_the_pair_stands(void **state)
{
	const struct command ramp = story_command(COMMAND_RAMP, STEP_COUNT, FLOW_PAIR);
	struct command shift = story_command(COMMAND_SHIFT, STEP_SHIFT, FLOW_PAIR);
	struct flow *flow = attached();

	(void)state;
	shift.goal = 500000;
	story_expect(flow, flow_do(flow, &shift, 60), 0, "");
	int before = flow_writes(flow);
	story_expect(flow, flow_do(flow, &ramp, 600), 0, "The end of the ramp is reached");
	assert_int_equal(flow_writes(flow) - before, 2);
	flow_free(flow);
}

static void
an_abort_in_the_hold_puts_the_weights_back(void **state)
{
	const struct command ramp = story_command(COMMAND_RAMP, STEP_COUNT, FLOW_PAIR);
	const struct command abort = story_command(COMMAND_ABORT, STEP_SHIFT, FLOW_PAIR);
	struct flow *flow = attached();

	(void)state;
	engine_submit(flow_engine(flow), &ramp);
	assert_true(flow_run(flow, is_holding, NULL, 60));
	assert_string_not_equal(flow_weights(flow), "alpha 1, ga 0");
	assert_non_null(flow_do(flow, &abort, 60));
	assert_string_equal(flow_weights(flow), "alpha 1, ga 0");
	flow_pass(flow, 60 * SECOND);
	assert_string_equal(flow_weights(flow), "alpha 1, ga 0");
	flow_free(flow);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ramp_stops_everywhere_and_holds_between),
		cmocka_unit_test(a_ramp_goes_on_from_where_the_pair_stands),
		cmocka_unit_test(an_abort_in_the_hold_puts_the_weights_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
