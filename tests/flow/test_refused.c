/* What must not happen, and what is said about it. */
#include "tests/flow/story.h"

#include "core/base/text.h"

static void
set_weights(struct flow *flow)
{
	static const char patch[] = "[{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/0/"
				    "weight\",\"value\":7}]";
	assert_int_equal(flow_send(flow, "PATCH", ROUTE_PATH, "application/json-patch+json", patch),
			 200);
}

static void
set_label(struct flow *flow)
{
	static const char patch[] = "{\"metadata\":{\"labels\":{\"seen\":\"yes\"}}}";
	assert_int_equal(
		flow_send(flow, "PATCH", ROUTE_PATH, "application/merge-patch+json", patch), 200);
}

static void
anothers_change_of_what_was_shown_stops_the_step(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct command shift = story_command(COMMAND_SHIFT, STEP_SHIFT, NULL);

	(void)state;
	story_expect(flow, flow_apply(flow, STEP_ATTACH, 600), 0, "");
	shift.goal = 10 * (PPM_ALL / 100);
	story_expect(flow, flow_do(flow, &shift, 60), 0, "Shifted");
	flow_before_write(flow, flow_writes(flow) + 1, set_weights);
	shift.goal = 25 * (PPM_ALL / 100);
	story_expect(flow, flow_do(flow, &shift, 60), 1, "changed by kubectl");
	assert_int_equal(flow_snapshot(flow)->outcome.code, ERR_CONFLICT);
	assert_string_equal(flow_weights(flow), "alpha 7, ga 10");
	flow_free(flow);
}

static void
anothers_change_between_two_stops_of_the_ramp_is_not_written_over(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	const struct command apply = story_command(COMMAND_APPLY, STEP_COUNT, NULL);

	(void)state;
	engine_submit(flow_engine(flow), &apply);
	while (strcmp(flow_weights(flow), "alpha 75, ga 25") != 0)
		flow_pass(flow, 10 * MILLISECOND);
	flow_pass(flow, SECOND);
	set_label(flow);
	while (strcmp(flow_weights(flow), "alpha 50, ga 50") != 0)
		flow_pass(flow, 10 * MILLISECOND);
	flow_pass(flow, SECOND);
	set_weights(flow);
	flow_pass(flow, 60 * SECOND);
	story_expect(flow, &flow_snapshot(flow)->outcome, 1, "changed by kubectl");
	story_expect(flow, &flow_snapshot(flow)->outcome, 1,
		     "GA was left at 50 % and stands at 87.7193 %");
	assert_int_equal(flow_snapshot(flow)->outcome.code, ERR_CONFLICT);
	assert_string_equal(flow_weights(flow), "alpha 7, ga 50");
	story_expect(flow, flow_apply(flow, STEP_SHIFT, 600), 0, "");
	assert_string_equal(flow_weights(flow), "alpha 0, ga 100");
	flow_free(flow);
}

static void
anothers_change_of_something_else_does_not(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct command shift = story_command(COMMAND_SHIFT, STEP_SHIFT, NULL);

	(void)state;
	story_expect(flow, flow_apply(flow, STEP_ATTACH, 600), 0, "");
	flow_before_write(flow, flow_writes(flow) + 1, set_label);
	shift.goal = 25 * (PPM_ALL / 100);
	story_expect(flow, flow_do(flow, &shift, 60), 0, "Shifted");
	assert_string_equal(flow_weights(flow), "alpha 75, ga 25");
	flow_free(flow);
}

static bool
has_preview(const struct snapshot *snapshot, const void *self)
{
	(void)self;
	return snapshot->preview.id != 0 && snapshot->preview.ready;
}

static void
what_is_accepted_is_what_was_shown_or_nothing(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct command preview = story_command(COMMAND_PREVIEW, STEP_SHIFT, FLOW_PAIR);
	struct command accept = story_command(COMMAND_ACCEPT, STEP_SHIFT, FLOW_PAIR);

	(void)state;
	story_expect(flow, flow_apply(flow, STEP_ATTACH, 600), 0, "");
	preview.goal = 25 * (PPM_ALL / 100);
	story_expect(flow, flow_do(flow, &preview, 60), 0, "");
	assert_true(flow_run(flow, has_preview, NULL, 1));
	const struct preview *shown = &flow_snapshot(flow)->preview;
	assert_int_equal(shown->write_count, 1);
	assert_int_equal(shown->writes[0].dry_run, DRY_OK);
	assert_int_equal(shown->to, preview.goal);
	assert_non_null(strstr(shown->writes[0].diff, "+"));
	assert_non_null(strstr(shown->writes[0].kubectl, "kubectl"));
	assert_string_equal(shown->type_this, "");
	accept.preview = shown->id;
	int writes = flow_writes(flow);
	set_weights(flow);
	flow_pass(flow, 100 * MILLISECOND);
	story_expect(flow, flow_do(flow, &accept, 60), 1, "changed by kubectl");
	assert_int_equal(flow_writes(flow), writes);
	story_expect(flow, flow_do(flow, &preview, 60), 0, "");
	flow_run(flow, has_preview, NULL, 1);
	accept.preview = flow_snapshot(flow)->preview.id;
	story_expect(flow, flow_do(flow, &accept, 60), 0, "done");
	assert_int_equal(flow_writes(flow), writes + 1);
	story_expect(flow, flow_do(flow, &accept, 60), 1, "no longer there");
	flow_free(flow);
}

static void
a_viewer_writes_nothing_and_is_told_why(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow;

	(void)state;
	options.user = "viewer";
	flow = flow_new(&options);
	char *before = story_cluster(flow);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 600), 3,
		     "somebody with the right to create customresourcedefinitions");
	story_expect(flow, &flow_snapshot(flow)->outcome, 3, "User \"viewer\" may not");
	assert_int_equal(flow_snapshot(flow)->outcome.code, ERR_DENIED);
	assert_int_equal(flow_writes(flow), 0);
	char *after = story_cluster(flow);
	story_same(after, before);
	free(before);
	free(after);
	flow_free(flow);
}

static void
a_controller_that_does_not_serve_ga_gets_no_traffic_for_it(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	demo_set_serves(flow_demo(flow), DEMO_SERVES_ALPHA);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 600), 3, "attach");
	assert_null(strstr(flow_weights(flow), "ga 1"));
	assert_true(story_exists(flow, ALPHA_API
				 "/namespaces/default/inferencepools/vllm-llama3-8b-instruct"));
	flow_free(flow);
}

static void
gone_on_knowingly_the_first_weight_is_taken_back(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow;

	(void)state;
	options.settings.accept_unproven = true;
	flow = flow_new(&options);
	demo_set_serves(flow_demo(flow), DEMO_SERVES_ALPHA);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 600), 3, "Taken back");
	assert_null(strstr(flow_weights(flow), "ga 1"));
	assert_true(story_exists(flow, ALPHA_API
				 "/namespaces/default/inferencepools/vllm-llama3-8b-instruct"));
	flow_free(flow);
}

static void
gone_on_knowingly_the_first_weight_is_the_smallest_whatever_the_ramp_says(void **state)
{
	static const int64_t ramp[] = { PPM_ALL / 2, PPM_ALL };
	struct flow_options options = flow_options();
	struct flow *flow;
	const struct command apply = story_command(COMMAND_APPLY, STEP_SHIFT, NULL);

	(void)state;
	options.settings.accept_unproven = true;
	options.settings.ramp = ramp;
	options.settings.ramp_count = 2;
	flow = flow_new(&options);
	demo_set_serves(flow_demo(flow), DEMO_SERVES_ALPHA);
	engine_submit(flow_engine(flow), &apply);
	for (int i = 0; i < 6000 && strstr(flow_weights(flow), "ga 1") == NULL; i++)
		flow_pass(flow, 10 * MILLISECOND);
	assert_string_equal(flow_weights(flow), "alpha 99, ga 1");
	flow_free(flow);
}

static void
a_single_shift_of_what_is_unproven_begins_with_the_smallest_too(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow;
	struct command shift = story_command(COMMAND_SHIFT, STEP_SHIFT, NULL);

	(void)state;
	options.settings.accept_unproven = true;
	flow = flow_new(&options);
	demo_set_serves(flow_demo(flow), DEMO_SERVES_ALPHA);
	story_expect(flow, flow_apply(flow, STEP_ATTACH, 600), 0, "");
	shift.goal = PPM_ALL / 2;
	story_expect(flow, flow_do(flow, &shift, 120), 3, "Taken back");
	const struct snapshot *snapshot = flow_snapshot(flow);
	bool told = false, small = false;
	for (size_t i = 0; i < snapshot->event_count; i++)
		told |= strstr(snapshot->events[i].text, "the first weight is 1 %") != NULL;
	for (size_t i = 0; i < snapshot->journal_count; i++) {
		small |= strstr(snapshot->journal[i].kubectl, "\"value\":99") != NULL;
		assert_null(strstr(snapshot->journal[i].kubectl, "\"value\":50"));
	}
	assert_true(told);
	assert_true(small);
	assert_non_null(strstr(flow_weights(flow), "ga 0"));
	flow_free(flow);
}

#define OTHER_POOL                                                                                 \
	"{\"apiVersion\":\"inference.networking.x-k8s.io/"                                         \
	"v1alpha2\",\"kind\":\"InferencePool\",\"metadata\":{\"name\":"                            \
	"\"other\",\"namespace\":\"elsewhere\"},\"spec\":{\"targetPortNumber\":8000,\"selector\":" \
	"{\"app\":\"other\"},"                                                                     \
	"\"extensionRef\":{\"name\":\"other-epp\"}}}"

static void
alpha_crds_stay_while_one_object_is_left(void **state)
{
	static const char *const pools[] = { FLOW_PAIR, NULL };
	struct flow_options options = flow_options();
	struct flow *flow;
	struct command preview = story_command(COMMAND_PREVIEW, STEP_REMOVE_CRDS, NULL);

	(void)state;
	options.settings.pools = pools;
	flow = flow_new(&options);
	flow_send(flow, "POST", "/api/v1/namespaces", "application/json",
		  "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":"
		  "\"elsewhere\"}}");
	assert_int_equal(flow_send(flow, "POST", ALPHA_API "/namespaces/elsewhere/inferencepools",
				   "application/json", OTHER_POOL),
			 201);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 3600), 0, "elsewhere/other");
	assert_true(story_exists(flow, ALPHA_CRD));
	assert_false(story_exists(flow, ALPHA_API
				  "/namespaces/default/inferencepools/vllm-llama3-8b-instruct"));
	story_expect(flow, flow_do(flow, &preview, 60), 3, "");
	assert_int_equal(flow_snapshot(flow)->preview.status.state, STATE_BLOCKED);
	assert_int_equal(flow_snapshot(flow)->preview.write_count, 0);
	flow_free(flow);
}

static void
a_fresh_install_has_nothing_to_migrate(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow;

	(void)state;
	options.scenario = "fresh";
	flow = flow_new(&options);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 600), 4, "nothing to migrate");
	assert_int_equal(flow_writes(flow), 0);
	flow_free(flow);
}

static void
a_dry_run_changes_nothing(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow;

	(void)state;
	options.settings.dry_run = true;
	flow = flow_new(&options);
	char *before = story_cluster(flow);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 3600), 0, "nothing was changed");
	char *after = story_cluster(flow);
	story_same(after, before);
	assert_int_equal(flow_writes(flow), 0);
	free(before);
	free(after);
	flow_free(flow);
}

static void
read_only_refuses_every_write(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow;

	(void)state;
	options.settings.read_only = true;
	flow = flow_new(&options);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 600), 3, "Read-only");
	assert_int_equal(flow_writes(flow), 0);
	flow_free(flow);
}

static void
a_plan_shows_every_step_without_writing(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct command plan = story_command(COMMAND_PLAN, STEP_COUNT, NULL);

	(void)state;
	story_expect(flow, flow_do(flow, &plan, 600), 0, "");
	const struct snapshot *snapshot = flow_snapshot(flow);
	assert_int_equal(snapshot->preview_count, 10);
	assert_int_equal(snapshot->previews[0].step, STEP_CRDS);
	assert_true(snapshot->previews[0].write_count > 0);
	assert_int_equal(snapshot->previews[0].writes[0].dry_run, DRY_OK);
	assert_int_equal(flow_writes(flow), 0);
	flow_free(flow);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(anothers_change_of_what_was_shown_stops_the_step),
		cmocka_unit_test(anothers_change_between_two_stops_of_the_ramp_is_not_written_over),
		cmocka_unit_test(anothers_change_of_something_else_does_not),
		cmocka_unit_test(what_is_accepted_is_what_was_shown_or_nothing),
		cmocka_unit_test(a_viewer_writes_nothing_and_is_told_why),
		cmocka_unit_test(a_controller_that_does_not_serve_ga_gets_no_traffic_for_it),
		cmocka_unit_test(gone_on_knowingly_the_first_weight_is_taken_back),
		cmocka_unit_test(
			gone_on_knowingly_the_first_weight_is_the_smallest_whatever_the_ramp_says),
		cmocka_unit_test(a_single_shift_of_what_is_unproven_begins_with_the_smallest_too),
		cmocka_unit_test(alpha_crds_stay_while_one_object_is_left),
		cmocka_unit_test(a_fresh_install_has_nothing_to_migrate),
		cmocka_unit_test(a_dry_run_changes_nothing),
		cmocka_unit_test(read_only_refuses_every_write),
		cmocka_unit_test(a_plan_shows_every_step_without_writing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
