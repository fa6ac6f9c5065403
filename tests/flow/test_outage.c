/* The connection dies, freezes, comes back. */
#include "tests/flow/story.h"

static bool
is_live(const struct snapshot *snapshot, const void *self)
{
	(void)self;
	return snapshot->link.state == LINK_LIVE &&
	       snapshot->view[KIND_ALPHA_POOL].state == VIEW_LIVE &&
	       snapshot->view[KIND_ROUTE].state == VIEW_LIVE && !snapshot->locked;
}

static bool
is_dead(const struct snapshot *snapshot, const void *self)
{
	(void)self;
	return snapshot->link.state == LINK_NO_ANSWER &&
	       snapshot->view[KIND_ROUTE].state == VIEW_STALE && snapshot->locked;
}

static void
seen_and_healed(int how)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	assert_true(flow_run(flow, is_live, NULL, 5));
	flow_pass(flow, 300 * MILLISECOND);
	flow_cut(flow, how);
	assert_true(flow_run(flow, is_dead, NULL, 3));
	assert_true(flow_snapshot(flow)->count[KIND_ROUTE] > 0);
	flow_pass(flow, 30 * SECOND);
	flow_cut(flow, 0);
	assert_true(flow_run(flow, is_live, NULL, 35));
	flow_free(flow);
}

static void
a_dead_server_is_shown_within_three_seconds_and_heals(void **state)
{
	(void)state;
	seen_and_healed(1);
}

static void
a_frozen_server_is_shown_within_three_seconds_and_heals(void **state)
{
	(void)state;
	seen_and_healed(-1);
}

static void
an_outage_is_not_answered_with_a_storm(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	assert_true(flow_run(flow, is_live, NULL, 5));
	flow_cut(flow, 1);
	flow_pass(flow, 10 * SECOND);
	int before = flow_requests(flow);
	flow_pass(flow, 20 * SECOND);
	assert_in_range(flow_requests(flow) - before, 1, 20 * (KIND_COUNT + 6));
	flow_free(flow);
}

static void
a_migration_outlives_an_outage(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	const struct command apply = story_command(COMMAND_APPLY, STEP_COUNT, NULL);

	(void)state;
	int64_t serial = engine_submit(flow_engine(flow), &apply);
	while (strcmp(flow_weights(flow), "alpha 75, ga 25") != 0)
		flow_pass(flow, 10 * MILLISECOND);
	flow_pass(flow, 500 * MILLISECOND);
	flow_cut(flow, -1);
	flow_pass(flow, SECOND);
	flow_cut(flow, 0);
	for (int i = 0; i < 600 && flow_snapshot(flow)->outcome.serial != serial; i++)
		flow_pass(flow, SECOND);
	story_expect(flow, &flow_snapshot(flow)->outcome, 0, "finished");
	story_finished(flow);
	flow_free(flow);
}

static void
a_program_that_stood_still_at_any_moment_goes_on(void **state)
{
	const struct command apply = story_command(COMMAND_APPLY, STEP_COUNT, NULL);

	(void)state;
	for (int moment = 1; moment <= 60; moment++) {
		struct flow_options options = flow_options();
		struct flow *flow = flow_new(&options);
		int64_t serial = engine_submit(flow_engine(flow), &apply);

		flow_pass(flow, moment * 150 * MILLISECOND);
		flow_freeze(flow, 90 * SECOND);
		for (int i = 0; i < 600 && flow_snapshot(flow)->outcome.serial != serial; i++)
			flow_pass(flow, SECOND);
		story_expect(flow, &flow_snapshot(flow)->outcome, 0, "finished");
		story_finished(flow);
		flow_free(flow);
	}
}

/* Its group is served all the same. */
static void
what_is_forbidden_and_not_served_is_not_installed(void **state)
{
	(void)state;
	for (int old = 0; old < 2; old++) {
		struct flow_options options = flow_options();
		struct flow *flow = flow_new(&options);

		if (old)
			flow_old_discovery(flow);
		flow_forbid(flow, "/inferencemodelrewrites?");
		flow_pass(flow, 3 * SECOND);
		assert_int_equal(flow_snapshot(flow)->view[KIND_REWRITE].state, VIEW_NOT_INSTALLED);
		flow_free(flow);
	}
}

static void
who_may_not_list_everywhere_sees_the_selected_namespace(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	flow_forbid(flow, ALPHA_API "/inferencemodels");
	flow_pass(flow, 3 * SECOND);
	assert_int_equal(flow_snapshot(flow)->count[KIND_MODEL], 2);
	assert_non_null(
		strstr(flow_snapshot(flow)->view[KIND_MODEL].reason, "only namespace default"));
	flow_free(flow);
}

static void
another_cluster_at_the_same_address_locks_everything(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	assert_true(flow_run(flow, is_live, NULL, 5));
	flow_replace_cluster(flow);
	flow_pass(flow, 10 * SECOND);
	assert_int_equal(flow_snapshot(flow)->link.state, LINK_OTHER_CLUSTER);
	assert_true(flow_snapshot(flow)->locked);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 600), 3, "nother cluster");
	assert_int_equal(flow_writes(flow), 0);
	flow_free(flow);
}

static bool
has_shown_another(const struct snapshot *snapshot, const void *self)
{
	(void)self;
	return snapshot->link.state == LINK_OTHER_CLUSTER;
}

static void
renew_to_another(struct flow *flow)
{
	flow_renew(flow, true);
}

static void
after_a_kubeconfig_changed_nothing_is_written_before_the_cluster_is_known(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	assert_true(flow_run(flow, is_live, NULL, 5));
	flow_before_write(flow, 2, renew_to_another);
	engine_submit(flow_engine(flow), &(struct command){ .kind = COMMAND_APPLY,
							    .step = STEP_COUNT,
							    .goal = PPM_UNKNOWN });
	assert_true(flow_run(flow, has_shown_another, NULL, 60));
	assert_int_equal(flow_writes(flow), 2);
	flow_free(flow);
}

static void
a_kubeconfig_that_still_names_the_cluster_goes_on(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	assert_true(flow_run(flow, is_live, NULL, 5));
	flow_renew(flow, false);
	story_expect(flow, flow_apply(flow, STEP_CRDS, 60), 0, "");
	assert_true(flow_writes(flow) > 0);
	flow_free(flow);
}

static size_t
told(struct flow *flow, const char *text)
{
	const struct snapshot *snapshot = flow_snapshot(flow);
	size_t found = 0;

	for (size_t i = 0; i < snapshot->event_count; i++)
		found += strstr(snapshot->events[i].text, text) != NULL;
	return found;
}

static void
what_the_server_warns_of_is_told_once_and_clean(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	flow_warn(flow, "spec.x is deprecated\nred \033[31malert");
	story_expect(flow, flow_apply(flow, STEP_POOL, 600), 0, "Done through pool");
	assert_true(flow_writes(flow) > 2);
	assert_int_equal(told(flow, "spec.x is deprecated"), 1);
	assert_int_equal(told(flow, "alert"), 1);
	assert_int_equal(told(flow, "\033"), 0);
	flow_free(flow);
}

static void
a_clock_that_is_far_off_is_told_once(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	flow_skew(flow, 4 * MINUTE);
	assert_true(flow_run(flow, is_live, NULL, 5));
	assert_int_equal(told(flow, "clock"), 0);
	flow_skew(flow, 12 * MINUTE);
	flow_pass(flow, 20 * SECOND);
	assert_int_equal(told(flow, "clock is 12 min behind the API server's"), 1);
	flow_free(flow);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dead_server_is_shown_within_three_seconds_and_heals),
		cmocka_unit_test(a_frozen_server_is_shown_within_three_seconds_and_heals),
		cmocka_unit_test(an_outage_is_not_answered_with_a_storm),
		cmocka_unit_test(a_program_that_stood_still_at_any_moment_goes_on),
		cmocka_unit_test(what_is_forbidden_and_not_served_is_not_installed),
		cmocka_unit_test(who_may_not_list_everywhere_sees_the_selected_namespace),
		cmocka_unit_test(another_cluster_at_the_same_address_locks_everything),
		cmocka_unit_test(a_migration_outlives_an_outage),
		cmocka_unit_test(
			after_a_kubeconfig_changed_nothing_is_written_before_the_cluster_is_known),
		cmocka_unit_test(what_the_server_warns_of_is_told_once_and_clean),
		cmocka_unit_test(a_clock_that_is_far_off_is_told_once),
		cmocka_unit_test(a_kubeconfig_that_still_names_the_cluster_goes_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
