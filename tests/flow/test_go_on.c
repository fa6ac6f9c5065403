/* Going on: another console where the first one stopped, was killed, or was told to stop. */
#include "tests/flow/story.h"

static const enum step_id steps[] = { STEP_CRDS,  STEP_POOL,       STEP_OBJECTIVES, STEP_ATTACH,
				      STEP_SHIFT, STEP_VERIFY,     STEP_FINALIZE,   STEP_CLEANUP,
				      STEP_CHECK, STEP_REMOVE_CRDS };
#define STEPS (sizeof steps / sizeof *steps)

static void
another_console_goes_on_after_every_step(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	for (size_t i = 0; i < STEPS; i++) {
		story_expect(flow, flow_apply(flow, steps[i], 600), 0, "");
		flow_kill(flow);
	}
	story_finished(flow);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 600), 0, "Nothing to do");
	flow_free(flow);
}

/* The whole migration with one fault; what it is when it is over is the same as without. */
static bool
with_fault(const struct flow_fault *fault)
{
	struct flow_options options = flow_options();
	struct flow *flow;
	int writes;

	options.settings.hold = 0;
	options.settings.probe = false;
	options.faults = fault;
	options.fault_count = 1;
	flow = flow_new(&options);
	const struct outcome *outcome = flow_apply(flow, STEP_COUNT, 3600);
	if (flow_killed(flow)) {
		flow_kill(flow);
		outcome = flow_apply(flow, STEP_COUNT, 3600);
	}
	story_expect(flow, outcome, 0, "");
	story_finished(flow);
	story_no_open_write(flow);
	/* What was executed unheard was written down as done. */
	if (fault->kind == FLOW_LOST_REPLY || fault->kind == FLOW_KILL_AFTER)
		story_no_failed_write(flow);
	writes = flow_writes(flow);
	flow_free(flow);
	return writes >= fault->write;
}

/* At every `stride`th write; all faults at all requests are the simulation's. */
static void
at_writes(enum flow_fault_kind kind, int status, int stride)
{
	struct flow_fault fault = {
		.write = 1, .kind = kind, .status = status, .delay = 20 * SECOND
	};

	while (with_fault(&fault))
		fault.write += stride;
	assert_in_range(fault.write, 15, 200);
}

static void
killed_after_any_write_it_goes_on(void **state)
{
	(void)state;
	at_writes(FLOW_KILL_AFTER, 0, 1);
}

static void
killed_before_any_write_it_goes_on(void **state)
{
	(void)state;
	at_writes(FLOW_KILL_BEFORE, 0, 3);
}

static void
a_lost_reply_to_any_write_is_looked_up(void **state)
{
	(void)state;
	at_writes(FLOW_LOST_REPLY, 0, 2);
}

static void
a_write_that_was_not_sent_is_sent_again(void **state)
{
	(void)state;
	at_writes(FLOW_NOT_SENT, 0, 5);
}

static void
a_busy_server_is_waited_for(void **state)
{
	(void)state;
	at_writes(FLOW_STATUS, 429, 5);
}

static void
a_server_error_before_any_write_is_looked_up(void **state)
{
	(void)state;
	at_writes(FLOW_STATUS, 500, 5);
}

static void
a_server_error_after_any_write_is_looked_up(void **state)
{
	(void)state;
	at_writes(FLOW_DONE_STATUS, 504, 5);
}

static void
a_conflict_about_nothing_that_was_shown_is_tried_again(void **state)
{
	(void)state;
	at_writes(FLOW_STATUS, 409, 5);
}

/* As the controllers of many routes do, which mark what the step before has just written. */
static void
that_every_object_moves_once_under_its_write_is_no_quarrel(void **state)
{
	struct flow_options options = flow_options();
	struct flow_fault faults[40];
	struct flow *flow;

	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		faults[i] = (struct flow_fault){ .write = 2 * (int)i + 2,
						 .kind = FLOW_STATUS,
						 .status = 409 };
	options.settings.hold = 0;
	options.settings.probe = false;
	options.faults = faults;
	options.fault_count = sizeof faults / sizeof *faults;
	flow = flow_new(&options);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 3600), 0, "");
	story_finished(flow);
	flow_free(flow);
}

static void
stopped_in_mid_step_it_finishes_the_write_and_no_more(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	const struct command apply = story_command(COMMAND_APPLY, STEP_COUNT, NULL),
			     stop = story_command(COMMAND_STOP, 0, NULL);

	(void)state;
	int64_t serial = engine_submit(flow_engine(flow), &apply);
	/* So finely that the write is still on its way. */
	while (flow_writes(flow) < 5)
		flow_pass(flow, MILLISECOND / 10);
	engine_submit(flow_engine(flow), &stop);
	flow_pass(flow, SECOND);
	const struct outcome *outcome = &flow_snapshot(flow)->outcome;
	assert_int_equal(outcome->serial, serial);
	story_expect(flow, outcome, 130, "Stopped");
	assert_int_equal(flow_writes(flow), 5);
	story_no_open_write(flow);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 3600), 0, "finished");
	story_finished(flow);
	flow_free(flow);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_console_goes_on_after_every_step),
		cmocka_unit_test(stopped_in_mid_step_it_finishes_the_write_and_no_more),
		cmocka_unit_test(killed_after_any_write_it_goes_on),
		cmocka_unit_test(killed_before_any_write_it_goes_on),
		cmocka_unit_test(a_lost_reply_to_any_write_is_looked_up),
		cmocka_unit_test(a_write_that_was_not_sent_is_sent_again),
		cmocka_unit_test(a_busy_server_is_waited_for),
		cmocka_unit_test(a_server_error_before_any_write_is_looked_up),
		cmocka_unit_test(a_server_error_after_any_write_is_looked_up),
		cmocka_unit_test(a_conflict_about_nothing_that_was_shown_is_tried_again),
		cmocka_unit_test(that_every_object_moves_once_under_its_write_is_no_quarrel),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
