/* A write whose outcome nobody heard, and which is not done: an API server may still be at it. */
#include "tests/flow/story.h"

static bool
was_told(struct flow *flow, const char *text)
{
	const struct snapshot *snapshot = flow_snapshot(flow);

	for (size_t i = 0; i < snapshot->event_count; i++)
		if (strstr(snapshot->events[i].text, text) != NULL)
			return true;
	return false;
}

/* Killed before it was sent, or so it seems: who takes everything back at once must not overtake a
 * write that a slow server still has in hand. */
static void
nothing_is_written_while_a_write_that_was_left_open_may_still_be_done(void **state)
{
	const struct flow_fault fault = { .write = 4, .kind = FLOW_KILL_BEFORE };
	struct flow_options options = flow_options();
	struct command back = story_command(COMMAND_ROLLBACK, STEP_COUNT, NULL);
	struct flow *flow;
	char *before, *after;

	(void)state;
	options.faults = &fault;
	options.fault_count = 1;
	back.extent = ROLLBACK_ALL;
	flow = flow_new(&options);
	before = story_cluster(flow);
	flow_apply(flow, STEP_COUNT, 600);
	assert_true(flow_killed(flow));
	flow_kill(flow);
	int writes = flow_writes(flow);
	assert_null(flow_do(flow, &back, 60));
	assert_int_equal(flow_writes(flow), writes);
	assert_true(was_told(flow, "Nothing is written for 65 s"));
	story_expect(flow, flow_do(flow, &back, 600), 0, "");
	after = story_cluster(flow);
	story_same(after, before);
	story_no_open_write(flow);
	free(before);
	free(after);
	flow_free(flow);
}

/* The same console, which gave up: every try of one write got an answer that says nothing. */
static void
a_write_in_doubt_to_the_last_is_looked_at_before_anything_else(void **state)
{
	struct flow_options options = flow_options();
	struct flow_fault faults[4];
	struct flow *flow;

	(void)state;
	for (int i = 0; i < 4; i++)
		faults[i] =
			(struct flow_fault){ .write = 4 + i, .kind = FLOW_STATUS, .status = 500 };
	options.faults = faults;
	options.fault_count = 4;
	flow = flow_new(&options);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 600), 1, "before the next command writes");
	int writes = flow_writes(flow);
	assert_null(flow_apply(flow, STEP_COUNT, 60));
	assert_int_equal(flow_writes(flow), writes);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 3600), 0, "");
	story_finished(flow);
	story_no_open_write(flow);
	flow_free(flow);
}

static const char *
pending(struct flow *flow)
{
	flow_pass(flow, 5 * SECOND);
	return flow_snapshot(flow)->pending;
}

static void
what_is_waited_for_is_said_and_then_no_longer(void **state)
{
	const struct flow_fault fault = { .write = 4, .kind = FLOW_KILL_BEFORE };
	struct flow_options options = flow_options();
	struct flow *flow;

	(void)state;
	options.faults = &fault;
	options.fault_count = 1;
	flow = flow_new(&options);
	assert_string_equal(pending(flow), "");
	flow_apply(flow, STEP_COUNT, 600);
	assert_true(flow_killed(flow));
	flow_kill(flow);
	flow_engine(flow);
	const char *text = pending(flow);
	assert_non_null(strstr(text, "Nothing is written for "));
	assert_non_null(strstr(text, " s, since an earlier "));
	flow_pass(flow, 70 * SECOND);
	assert_string_equal(pending(flow), "");
	flow_free(flow);
}

/* The route was about to be patched; whatever moves it takes its basis from that patch. */
static void
what_its_guards_refuse_is_not_waited_for(void **state)
{
	struct flow_fault fault = { .kind = FLOW_KILL_BEFORE };
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	story_expect(flow, flow_apply(flow, STEP_OBJECTIVES, 600), 0, "");
	fault.write = flow_writes(flow) + 1;
	flow_free(flow);
	options.faults = &fault;
	options.fault_count = 1;
	flow = flow_new(&options);
	flow_apply(flow, STEP_COUNT, 600);
	assert_true(flow_killed(flow));
	flow_kill(flow);
	int writes = flow_writes(flow);
	assert_null(flow_apply(flow, STEP_ATTACH, 20));
	assert_int_equal(flow_writes(flow), writes);
	flow_send(flow, "PATCH", ROUTE_PATH, "application/merge-patch+json",
		  "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}");
	flow_pass(flow, 10 * SECOND);
	story_expect(flow, &flow_snapshot(flow)->outcome, 0, "Done through attach");
	assert_string_equal(flow_weights(flow), "alpha 1, ga 0");
	flow_free(flow);
}

/* Made by a second try: the first one would make it again after a rollback. */
static void
what_a_second_try_made_is_not_taken_back_while_the_first_may_come(void **state)
{
	const struct flow_fault fault = { .write = 4, .kind = FLOW_STATUS, .status = 500 };
	struct flow_options options = flow_options();
	struct command back = story_command(COMMAND_ROLLBACK, STEP_COUNT, NULL);

	(void)state;
	back.extent = ROLLBACK_ALL;
	options.faults = &fault;
	options.fault_count = 1;
	for (int killed = 0; killed < 2; killed++) {
		struct flow *flow = flow_new(&options);

		story_expect(flow, flow_apply(flow, STEP_POOL, 600), 0, "");
		if (killed)
			flow_kill(flow);
		int writes = flow_writes(flow);
		assert_null(flow_do(flow, &back, 30));
		assert_int_equal(flow_writes(flow), writes);
		assert_non_null(
			strstr(flow_snapshot(flow)->pending, "No other command begins for "));
		assert_true(was_told(flow, "No other command begins for "));
		flow_pass(flow, 90 * SECOND);
		story_expect(flow, &flow_snapshot(flow)->outcome, 0, "Taken back");
		flow_free(flow);
	}
}

/* After a shift of which no try was answered; `faults` outlives it. */
static struct flow *
in_doubt_about_a_shift(struct flow_fault faults[4])
{
	struct flow_options options = flow_options();
	struct command shift = story_command(COMMAND_SHIFT, STEP_SHIFT, NULL);
	struct flow *flow = flow_new(&options);

	story_expect(flow, flow_apply(flow, STEP_ATTACH, 600), 0, "");
	for (int i = 0; i < 4; i++)
		faults[i] = (struct flow_fault){ .write = flow_writes(flow) + 1 + i,
						 .kind = FLOW_STATUS,
						 .status = 500 };
	flow_free(flow);
	options.faults = faults;
	options.fault_count = 4;
	flow = flow_new(&options);
	story_expect(flow, flow_apply(flow, STEP_ATTACH, 600), 0, "");
	shift.goal = 25 * (PPM_ALL / 100);
	story_expect(flow, flow_do(flow, &shift, 60), 1, "before the next command writes");
	assert_string_equal(flow_weights(flow), "alpha 1, ga 0");
	return flow;
}

static bool
is_held(struct flow *flow)
{
	struct json *lease =
		flow_get(flow, "/apis/coordination.k8s.io/v1/namespaces/default/leases/poolshift");
	const char *holder = json_string_at(lease, "spec.holderIdentity");
	bool held = holder != NULL && *holder != '\0';

	json_free(lease);
	return held;
}

static void
the_lease_is_kept_as_long_as_something_of_ours_may_come(void **state)
{
	struct flow_fault faults[4];
	struct flow *flow = in_doubt_about_a_shift(faults);

	(void)state;
	flow_pass(flow, 60 * SECOND);
	assert_true(is_held(flow));
	flow_pass(flow, 10 * SECOND);
	assert_false(is_held(flow));
	flow_free(flow);
}

static void
an_abort_does_not_end_before_what_could_move_the_weights_again(void **state)
{
	const struct command abort = story_command(COMMAND_ABORT, STEP_SHIFT, FLOW_PAIR);
	struct flow_fault faults[4];
	struct flow *flow = in_doubt_about_a_shift(faults);

	(void)state;
	assert_null(flow_do(flow, &abort, 30));
	flow_send(
		flow, "PATCH", ROUTE_PATH, "application/json-patch+json",
		"[{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/0/weight\",\"value\":75},"
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/1/weight\",\"value\":25}]");
	assert_string_equal(flow_weights(flow), "alpha 75, ga 25");
	flow_pass(flow, 5 * SECOND);
	story_expect(flow, &flow_snapshot(flow)->outcome, 0, "the weights are back");
	assert_string_equal(flow_weights(flow), "alpha 1, ga 0");
	story_no_open_write(flow);
	flow_free(flow);
}

static void
an_abort_ends_when_what_was_in_doubt_can_come_no_more(void **state)
{
	const struct command abort = story_command(COMMAND_ABORT, STEP_SHIFT, FLOW_PAIR);
	struct flow_fault faults[4];
	struct flow *flow = in_doubt_about_a_shift(faults);
	int writes = flow_writes(flow);

	(void)state;
	story_expect(flow, flow_do(flow, &abort, 70), 0, "no weight had to go back");
	assert_int_equal(flow_writes(flow), writes);
	story_no_open_write(flow);
	flow_free(flow);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			nothing_is_written_while_a_write_that_was_left_open_may_still_be_done),
		cmocka_unit_test(a_write_in_doubt_to_the_last_is_looked_at_before_anything_else),
		cmocka_unit_test(what_is_waited_for_is_said_and_then_no_longer),
		cmocka_unit_test(what_its_guards_refuse_is_not_waited_for),
		cmocka_unit_test(what_a_second_try_made_is_not_taken_back_while_the_first_may_come),
		cmocka_unit_test(the_lease_is_kept_as_long_as_something_of_ours_may_come),
		cmocka_unit_test(an_abort_does_not_end_before_what_could_move_the_weights_again),
		cmocka_unit_test(an_abort_ends_when_what_was_in_doubt_can_come_no_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
