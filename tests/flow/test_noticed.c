/* Others at work in the middle of a migration: noticed, said who and what, and never written
 * over. */
#include "tests/flow/story.h"

#define GA_POOL     GA_API "/namespaces/default/inferencepools/vllm-llama3-8b-instruct-ga"
#define ALPHA_POOLS ALPHA_API "/namespaces/default/inferencepools"
#define ALPHA_POOL  ALPHA_POOLS "/vllm-llama3-8b-instruct"

static struct flow *
at_quarter(struct flow_options *options)
{
	struct flow *flow = flow_new(options);
	const struct command apply = story_command(COMMAND_APPLY, STEP_COUNT, NULL);

	engine_submit(flow_engine(flow), &apply);
	while (strcmp(flow_weights(flow), "alpha 75, ga 25") != 0)
		flow_pass(flow, 10 * MILLISECOND);
	flow_pass(flow, SECOND);
	return flow;
}

static const struct step_status *
status_of(struct flow *flow, enum step_id step)
{
	return &flow_snapshot(flow)->plan.pairs[0].steps[step];
}

static void
a_ga_pool_that_is_deleted_in_the_middle_stops_the_shift(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = at_quarter(&options);
	int writes = flow_writes(flow);

	(void)state;
	assert_int_equal(flow_send(flow, "DELETE", GA_POOL, NULL, NULL), 200);
	flow_pass(flow, 60 * SECOND);
	story_expect(flow, &flow_snapshot(flow)->outcome, 3, "BackendNotFound");
	assert_int_equal(status_of(flow, STEP_POOL)->state, STATE_BLOCKED);
	assert_non_null(strstr(status_of(flow, STEP_POOL)->reason,
			       "somebody deleted GA pool vllm-llama3-8b-instruct-ga while"));
	story_expect(flow, flow_apply(flow, STEP_COUNT, 600), 3, "somebody deleted GA pool");
	assert_int_equal(flow_writes(flow), writes);
	assert_string_equal(flow_weights(flow), "alpha 75, ga 25");
	assert_false(story_exists(flow, GA_POOL));
	struct command back = story_command(COMMAND_ROLLBACK, STEP_POOL, NULL);
	back.extent = ROLLBACK_TO;
	story_expect(flow, flow_do(flow, &back, 600), 0, "Taken back");
	assert_string_equal(flow_weights(flow), "alpha 1");
	story_expect(flow, flow_apply(flow, STEP_COUNT, 3600), 0, "");
	story_finished(flow);
	flow_free(flow);
}

static void
recreate_alpha(struct flow *flow)
{
	struct json *pool = flow_get(flow, ALPHA_POOL),
		    *metadata = json_get_mutable(pool, "metadata");
	char *body;

	json_remove(metadata, "uid");
	json_remove(metadata, "resourceVersion");
	json_remove(pool, "status");
	body = json_text(pool);
	assert_int_equal(flow_send(flow, "DELETE", ALPHA_POOL, NULL, NULL), 200);
	assert_int_equal(flow_send(flow, "POST", ALPHA_POOLS, "application/json", body), 201);
	free(body);
	json_free(pool);
}

static void
an_alpha_pool_that_is_made_anew_is_another_and_is_not_deleted(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct command preview = story_command(COMMAND_PREVIEW, STEP_CLEANUP, FLOW_PAIR),
		       accept = story_command(COMMAND_ACCEPT, STEP_CLEANUP, FLOW_PAIR);

	(void)state;
	story_expect(flow, flow_apply(flow, STEP_FINALIZE, 3600), 0, "");
	flow_pass(flow, 10 * SECOND);
	story_expect(flow, flow_do(flow, &preview, 60), 0, "");
	flow_pass(flow, SECOND);
	accept.preview = flow_snapshot(flow)->preview.id;
	int writes = flow_writes(flow);
	recreate_alpha(flow);
	flow_pass(flow, SECOND);
	story_expect(flow, flow_do(flow, &accept, 60), 1, "another object of the same name");
	assert_int_equal(flow_writes(flow), writes);
	assert_true(story_exists(flow, ALPHA_POOL));
	flow_free(flow);
}

static void
a_console_that_comes_later_says_who_made_it_anew(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	story_expect(flow, flow_apply(flow, STEP_FINALIZE, 3600), 0, "");
	recreate_alpha(flow);
	flow_kill(flow);
	const struct outcome *outcome = flow_apply(flow, STEP_COUNT, 3600);
	story_expect(flow, outcome, 3, "it was made anew by kubectl");
	assert_true(story_exists(flow, ALPHA_POOL));
	flow_settings(flow)->force_managed = true;
	flow_kill(flow);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 3600), 0, "");
	flow_free(flow);
}

static void
one_that_came_back_by_rollback_is_no_strangers(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct command back = story_command(COMMAND_ROLLBACK, STEP_FINALIZE, NULL);

	(void)state;
	back.extent = ROLLBACK_TO;
	story_expect(flow, flow_apply(flow, STEP_CLEANUP, 3600), 0, "");
	story_expect(flow, flow_do(flow, &back, 600), 0, "Taken back");
	assert_true(story_exists(flow, ALPHA_POOL));
	story_expect(flow, flow_apply(flow, STEP_COUNT, 3600), 0, "");
	story_finished(flow);
	flow_free(flow);
}

static void
between_two_deletions_too(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	story_expect(flow, flow_apply(flow, STEP_FINALIZE, 3600), 0, "");
	flow_before_write(flow, flow_writes(flow) + 2, recreate_alpha);
	const struct outcome *outcome = flow_apply(flow, STEP_CLEANUP, 3600);
	story_expect(flow, outcome, 1, "another object of the same name");
	assert_true(story_exists(flow, ALPHA_POOL));
	flow_free(flow);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ga_pool_that_is_deleted_in_the_middle_stops_the_shift),
		cmocka_unit_test(an_alpha_pool_that_is_made_anew_is_another_and_is_not_deleted),
		cmocka_unit_test(a_console_that_comes_later_says_who_made_it_anew),
		cmocka_unit_test(one_that_came_back_by_rollback_is_no_strangers),
		cmocka_unit_test(between_two_deletions_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
