/* Two operators: the Lease of the cluster keeps one from writing while the other does, and a freeze
 * keeps everybody. */
#include "tests/flow/story.h"

#include "core/base/text.h"
#include "core/migrate/lease.h"

#define LEASES "/apis/coordination.k8s.io/v1/namespaces/default/leases"
#define LEASE  LEASES "/poolshift"
#define MERGE  "application/merge-patch+json"

static void
lease_of_another(struct flow *flow, int64_t renewed_ago, int seconds)
{
	char time[CLOCK_RFC3339_MAX], body[700];

	clock_rfc3339(flow_wall(flow) - renewed_ago, true, time);
	snprintf(body, sizeof body,
		 "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{"
		 "\"name\":\"poolshift\",\"namespace\":\"default\"},\"spec\":{\"holderIdentity\":"
		 "\"second@elsewhere, pid 7\",\"leaseDurationSeconds\":%d,\"acquireTime\":\"%s\","
		 "\"renewTime\":\"%s\"}}",
		 seconds, time, time);
	assert_int_equal(flow_send(flow, "POST", LEASES, "application/json", body), 201);
}

static void
assert_lease(struct flow *flow, const char *path, const char *value)
{
	struct json *lease = flow_get(flow, LEASE);
	const char *is = json_string_at(lease, path);

	if (!text_equal(is, value))
		fail_msg("%s of the Lease is %s", path, is == NULL ? "not there" : is);
	json_free(lease);
}

static void
assert_told(struct flow *flow, const char *words)
{
	const struct snapshot *snapshot = flow_snapshot(flow);

	for (size_t i = 0; i < snapshot->event_count; i++)
		if (strstr(snapshot->events[i].text, words) != NULL)
			return;
	fail_msg("nobody was told \"%s\"", words);
}

static bool
is_ours(const struct snapshot *snapshot, const void *self)
{
	(void)self;
	return snapshot->lease.state == LEASE_VIEW_OURS;
}

static struct flow *
attached(struct flow_options *options)
{
	struct flow *flow = flow_new(options);

	story_expect(flow, flow_apply(flow, STEP_ATTACH, 600), 0, "");
	flow_pass(flow, SECOND);
	return flow;
}

static struct command
shift_to(int percent)
{
	struct command shift = story_command(COMMAND_SHIFT, STEP_SHIFT, NULL);

	shift.goal = percent * (PPM_ALL / 100);
	return shift;
}

static void
assert_ours(struct flow *flow)
{
	assert_lease(flow, "spec.holderIdentity", "operator@console, pid 101");
}

static void
it_is_held_while_a_command_writes_and_free_afterwards(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	const struct command apply = story_command(COMMAND_APPLY, STEP_POOL, NULL);

	(void)state;
	flow_before_write(flow, 1, assert_ours);
	engine_submit(flow_engine(flow), &apply);
	assert_true(flow_run(flow, is_ours, NULL, 60));
	assert_string_equal(flow_snapshot(flow)->lease.holder, "operator@console, pid 101");
	flow_pass(flow, 60 * SECOND);
	story_expect(flow, &flow_snapshot(flow)->outcome, 0, "Done through pool");
	assert_lease(flow, "spec.holderIdentity", "");
	flow_free(flow);
}

static void
it_is_renewed_as_long_as_the_command_runs(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow;
	const struct command apply = story_command(COMMAND_APPLY, STEP_SHIFT, NULL);
	struct lease lease;

	(void)state;
	options.settings.hold = 120 * SECOND;
	flow = flow_new(&options);
	engine_submit(flow_engine(flow), &apply);
	assert_true(flow_run(flow, is_ours, NULL, 60));
	flow_pass(flow, 200 * SECOND);
	struct json *json = flow_get(flow, LEASE);
	lease_read(json, &lease);
	json_free(json);
	assert_string_equal(lease.holder, "operator@console, pid 101");
	assert_true(flow_wall(flow) - lease.renewed < 15 * SECOND);
	assert_true(flow_wall(flow) - lease.acquired > 150 * SECOND);
	flow_free(flow);
}

static void
while_another_holds_it_nothing_is_written_and_it_is_said_who_and_since_when(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = attached(&options);
	struct command shift = shift_to(10);
	int writes = flow_writes(flow), lease_writes;

	(void)state;
	flow_send(flow, "DELETE", LEASE, NULL, NULL);
	lease_of_another(flow, 3 * SECOND, 3600);
	lease_writes = flow_lease_writes(flow);
	story_expect(flow, flow_do(flow, &shift, 60), 3, "second@elsewhere, pid 7 (since 2026-");
	assert_int_equal(flow_writes(flow), writes);
	assert_int_equal(flow_lease_writes(flow), lease_writes);
	assert_string_equal(flow_weights(flow), "alpha 1, ga 0");
	flow_pass(flow, 12 * SECOND);
	assert_true(flow_snapshot(flow)->locked);
	assert_non_null(strstr(flow_snapshot(flow)->locked_why, "second@elsewhere, pid 7"));
	assert_int_equal(flow_snapshot(flow)->lease.state, LEASE_VIEW_HELD);
	flow_free(flow);
}

static void
one_that_nobody_renews_is_taken_over_and_that_is_told(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = attached(&options);
	struct command shift = shift_to(10);
	int64_t began;

	(void)state;
	flow_send(flow, "DELETE", LEASE, NULL, NULL);
	lease_of_another(flow, 100 * SECOND, 30);
	began = flow_mono(flow);
	story_expect(flow, flow_do(flow, &shift, 200), 0, "Shifted");
	assert_true(flow_mono(flow) - began > 65 * SECOND); /* for what it sent last */
	assert_told(flow, "was taken over from second@elsewhere, pid 7");
	assert_told(flow, "who has not renewed it in time");
	flow_free(flow);
}

static void
renew_for_another(struct flow *flow)
{
	char time[CLOCK_RFC3339_MAX], patch[200];

	clock_rfc3339(flow_wall(flow) - 100 * SECOND, true, time);
	snprintf(patch, sizeof patch, "{\"spec\":{\"renewTime\":\"%s\"}}", time);
	assert_int_equal(flow_send(flow, "PATCH", LEASE, MERGE, patch), 200);
}

/* On the way to cleanup, with a Lease that is watched before it is taken. */
static struct flow *
finalized(void)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	story_expect(flow, flow_apply(flow, STEP_FINALIZE, 600), 0, "");
	flow_pass(flow, 5 * SECOND);
	return flow;
}

static bool
waits_for_it(const struct snapshot *snapshot, const void *self)
{
	(void)self;
	return snapshot->run.step == STEP_CLEANUP && strstr(snapshot->run.text, "Lease") != NULL;
}

/* The α pool gets traffic again while the command waits for the Lease. */
static void
another_goes_back(struct flow *flow, const struct command *command)
{
	flow_send(flow, "DELETE", LEASE, NULL, NULL);
	lease_of_another(flow, 100 * SECOND, 30);
	int writes = flow_writes(flow);
	engine_submit(flow_engine(flow), command);
	assert_true(flow_run(flow, waits_for_it, NULL, 60));
	assert_int_equal(
		flow_send(flow, "PATCH", ROUTE_PATH, "application/json-patch+json",
			  "[{\"op\":\"add\",\"path\":\"/spec/rules/0/backendRefs/0\",\"value\":{"
			  "\"group\":\"inference.networking.x-k8s.io\",\"kind\":\"InferencePool\","
			  "\"name\":\"vllm-llama3-8b-instruct\",\"weight\":1}}]"),
		200);
	flow_pass(flow, 120 * SECOND);
	assert_int_equal(flow_writes(flow), writes);
	assert_true(story_exists(flow, ALPHA_API "/namespaces/default/inferencepools/"
						 "vllm-llama3-8b-instruct"));
}

static void
what_another_did_until_it_was_ours_is_decided_on(void **state)
{
	const struct command apply = story_command(COMMAND_APPLY, STEP_CLEANUP, NULL);
	struct flow *flow = finalized();

	(void)state;
	another_goes_back(flow, &apply);
	assert_told(flow, "was taken over from second@elsewhere, pid 7");
	flow_free(flow);
}

static void
what_was_shown_before_another_wrote_is_not_written(void **state)
{
	const struct command preview = story_command(COMMAND_PREVIEW, STEP_CLEANUP, FLOW_PAIR);
	struct command accept = story_command(COMMAND_ACCEPT, STEP_CLEANUP, FLOW_PAIR);
	struct flow *flow = finalized();

	(void)state;
	story_expect(flow, flow_do(flow, &preview, 60), 0, "");
	accept.preview = flow_snapshot(flow)->preview.id;
	another_goes_back(flow, &accept);
	assert_told(flow, "was taken over from second@elsewhere, pid 7");
	assert_false(flow_snapshot(flow)->outcome.ok);
	flow_free(flow);
}

/* The other operator has moved weights: whoever waited looks at that first. */
static void
another_moves_weights(bool accepts)
{
	struct command preview = story_command(COMMAND_PREVIEW, STEP_SHIFT, FLOW_PAIR);
	struct command shift = shift_to(10);
	struct flow_options options = flow_options();
	struct flow *flow = attached(&options);

	if (accepts) {
		preview.goal = shift.goal;
		story_expect(flow, flow_do(flow, &preview, 60), 0, "");
		shift = story_command(COMMAND_ACCEPT, STEP_SHIFT, FLOW_PAIR);
		shift.preview = flow_snapshot(flow)->preview.id;
	}
	flow_send(flow, "DELETE", LEASE, NULL, NULL);
	lease_of_another(flow, 100 * SECOND, 30);
	engine_submit(flow_engine(flow), &shift);
	flow_pass(flow, 5 * SECOND);
	flow_send(
		flow, "PATCH", ROUTE_PATH, "application/json-patch+json",
		"[{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/1/weight\",\"value\":1}]");
	flow_pass(flow, 150 * SECOND);
	assert_false(flow_snapshot(flow)->outcome.ok);
	assert_non_null(strstr(flow_snapshot(flow)->outcome.text, "was changed by"));
	assert_string_equal(flow_weights(flow), "alpha 1, ga 1");
	flow_free(flow);
}

static void
weights_that_another_moved_until_it_was_ours_are_not_written_over(void **state)
{
	(void)state;
	another_moves_weights(false);
	another_moves_weights(true);
}

static void
another_takes_it(struct flow *flow)
{
	flow_send(flow, "DELETE", LEASE, NULL, NULL);
	lease_of_another(flow, 0, 3600);
}

/* Tried again and again, and meanwhile it is somebody else's turn. */
static void
a_write_is_not_sent_again_once_another_holds_it(void **state)
{
	struct flow_options options = flow_options();
	struct flow_fault faults[3];
	struct flow *flow = attached(&options);
	struct command shift = shift_to(10);
	int first = flow_writes(flow) + 1;

	(void)state;
	flow_free(flow);
	for (int i = 0; i < 3; i++)
		faults[i] = (struct flow_fault){ .write = first + i,
						 .kind = FLOW_STATUS,
						 .status = 500 };
	options.faults = faults;
	options.fault_count = 3;
	flow = attached(&options);
	flow_before_write(flow, first, another_takes_it);
	story_expect(flow, flow_do(flow, &shift, 60), 1, "second@elsewhere, pid 7 (since 2026-");
	assert_true(flow_writes(flow) < first + 3);
	assert_string_equal(flow_weights(flow), "alpha 1, ga 0");
	flow_free(flow);
}

static void
one_that_is_renewed_by_a_slow_clock_is_not_taken(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = attached(&options);
	struct command shift = shift_to(10);
	int writes = flow_writes(flow);

	(void)state;
	flow_send(flow, "DELETE", LEASE, NULL, NULL);
	lease_of_another(flow, 100 * SECOND, 30);
	int64_t serial = engine_submit(flow_engine(flow), &shift);
	for (int i = 0; i < 14; i++) {
		flow_pass(flow, 5 * SECOND);
		renew_for_another(flow);
	}
	assert_int_equal(flow_snapshot(flow)->outcome.serial, serial);
	story_expect(flow, &flow_snapshot(flow)->outcome, 3, "could not be taken");
	assert_int_equal(flow_writes(flow), writes);
	assert_lease(flow, "spec.holderIdentity", "second@elsewhere, pid 7");
	flow_free(flow);
}

static void
the_one_of_a_killed_console_is_taken_over_at_once(void **state)
{
	struct flow_options options = flow_options();
	const struct flow_fault fault = { .write = 5, .kind = FLOW_KILL_AFTER };
	struct flow *flow;

	(void)state;
	options.faults = &fault;
	options.fault_count = 1;
	flow = flow_new(&options);
	assert_null(flow_apply(flow, STEP_ATTACH, 600));
	flow_kill(flow);
	assert_lease(flow, "spec.holderIdentity", "operator@console, pid 101");
	story_expect(flow, flow_apply(flow, STEP_ATTACH, 600), 0, "");
	assert_told(flow, "taken over from operator@console, pid 101");
	assert_told(flow, "whose program runs no longer");
	flow_free(flow);
}

static void
every_write_of_it_may_fail_in_every_way(void **state)
{
	static const struct flow_fault kinds[] = {
		{ .kind = FLOW_NOT_SENT },
		{ .kind = FLOW_LOST_REPLY },
		{ .kind = FLOW_STATUS, .status = 409 },
		{ .kind = FLOW_STATUS, .status = 429 },
		{ .kind = FLOW_STATUS, .status = 500 },
		{ .kind = FLOW_DONE_STATUS, .status = 503 },
		{ .kind = FLOW_DELAY, .delay = 20 * SECOND },
		{ .kind = FLOW_KILL_BEFORE },
		{ .kind = FLOW_KILL_AFTER },
	};

	(void)state;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		for (int write = 1; write <= 4; write++) {
			struct flow_fault fault = kinds[k];
			struct flow_options options = flow_options();
			struct flow *flow;

			fault.lease = true;
			fault.write = write;
			options.faults = &fault;
			options.fault_count = 1;
			options.settings.hold = 0;
			flow = flow_new(&options);
			const struct outcome *outcome = flow_apply(flow, STEP_SHIFT, 600);
			if (flow_killed(flow)) {
				flow_kill(flow);
				outcome = flow_apply(flow, STEP_SHIFT, 600);
			}
			story_expect(flow, outcome, 0, "");
			assert_string_equal(flow_weights(flow), "alpha 0, ga 100");
			flow_pass(flow, 60 * SECOND);
			if (!flow_killed(flow))
				assert_lease(flow, "spec.holderIdentity", "");
			flow_free(flow);
		}
}

static void
a_freeze_stops_a_command_in_its_middle_and_says_who_and_why(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow;
	const struct command apply = story_command(COMMAND_APPLY, STEP_SHIFT, NULL);

	(void)state;
	options.settings.hold = 20 * SECOND;
	flow = flow_new(&options);
	engine_submit(flow_engine(flow), &apply);
	while (strcmp(flow_weights(flow), "alpha 95, ga 5") != 0)
		flow_pass(flow, 10 * MILLISECOND);
	assert_int_equal(
		flow_send(flow, "PATCH", LEASE, MERGE,
			  "{\"metadata\":{\"annotations\":{\"poolshift/frozen\":\"{"
			  "\\\"by\\\":\\\"second@elsewhere\\\",\\\"reason\\\":\\\"incident "
			  "12\\\"}\"}}}"),
		200);
	flow_pass(flow, 60 * SECOND);
	story_expect(flow, &flow_snapshot(flow)->outcome, 3,
		     "frozen by second@elsewhere: incident 12");
	assert_string_equal(flow_weights(flow), "alpha 95, ga 5");
	assert_true(flow_snapshot(flow)->locked);
	assert_true(flow_snapshot(flow)->lease.frozen);
	assert_string_equal(flow_snapshot(flow)->lease.frozen_reason, "incident 12");
	flow_free(flow);
}

static void
freeze_and_unfreeze_are_said_and_hold_for_everybody(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow;
	struct command freeze = story_command(COMMAND_FREEZE, STEP_COUNT, NULL),
		       unfreeze = story_command(COMMAND_UNFREEZE, STEP_COUNT, NULL);

	(void)state;
	options.settings.reason = "incident 12";
	flow = flow_new(&options);
	story_expect(flow, flow_do(flow, &unfreeze, 60), 0, "not frozen");
	story_expect(flow, flow_do(flow, &freeze, 60), 0, "operator@console, pid 101 since 2026-");
	story_expect(flow, flow_do(flow, &freeze, 60), 0, "Already so");
	flow_kill(flow);
	story_expect(flow, flow_apply(flow, STEP_POOL, 60), 3, "incident 12");
	assert_int_equal(flow_writes(flow), 0);
	story_expect(flow, flow_do(flow, &unfreeze, 60), 0, "allowed again");
	story_expect(flow, flow_apply(flow, STEP_POOL, 60), 0, "");
	flow_free(flow);
}

static void
a_freeze_whose_answer_is_lost_is_read_and_not_doubted(void **state)
{
	struct flow_options options = flow_options();
	const struct flow_fault fault = { .lease = true, .write = 1, .kind = FLOW_LOST_REPLY };
	struct flow *flow;
	struct command freeze = story_command(COMMAND_FREEZE, STEP_COUNT, NULL);

	(void)state;
	options.faults = &fault;
	options.fault_count = 1;
	flow = flow_new(&options);
	story_expect(flow, flow_do(flow, &freeze, 60), 0, "frozen by operator@console");
	assert_int_equal(flow_lease_writes(flow), 1);
	flow_free(flow);
}

static void
without_rights_on_it_only_no_lease_goes_on(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	flow_forbid(flow, "/leases");
	story_expect(flow, flow_apply(flow, STEP_POOL, 60), 3, "--no-lease");
	assert_int_equal(flow_writes(flow), 0);
	flow_kill(flow);
	flow_settings(flow)->no_lease = true;
	story_expect(flow, flow_apply(flow, STEP_POOL, 60), 0, "");
	assert_true(flow_writes(flow) > 0);
	flow_free(flow);
}

static void
no_lease_is_no_way_past_another_or_a_freeze(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow;

	(void)state;
	options.settings.no_lease = true;
	flow = flow_new(&options);
	lease_of_another(flow, 3 * SECOND, 3600);
	story_expect(flow, flow_apply(flow, STEP_POOL, 60), 3, "second@elsewhere");
	assert_int_equal(flow_writes(flow), 0);
	assert_int_equal(flow_lease_writes(flow), 0);
	flow_free(flow);
}

static void
who_only_looks_never_writes_it(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow;
	struct command freeze = story_command(COMMAND_FREEZE, STEP_COUNT, NULL);

	(void)state;
	for (int i = 0; i < 2; i++) {
		options.settings.read_only = i == 0;
		options.settings.dry_run = i == 1;
		flow = flow_new(&options);
		assert_non_null(flow_apply(flow, STEP_COUNT, 600));
		assert_non_null(flow_do(flow, &freeze, 60));
		assert_int_equal(flow_lease_writes(flow), 0);
		flow_free(flow);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_held_while_a_command_writes_and_free_afterwards),
		cmocka_unit_test(it_is_renewed_as_long_as_the_command_runs),
		cmocka_unit_test(
			while_another_holds_it_nothing_is_written_and_it_is_said_who_and_since_when),
		cmocka_unit_test(one_that_nobody_renews_is_taken_over_and_that_is_told),
		cmocka_unit_test(what_another_did_until_it_was_ours_is_decided_on),
		cmocka_unit_test(what_was_shown_before_another_wrote_is_not_written),
		cmocka_unit_test(weights_that_another_moved_until_it_was_ours_are_not_written_over),
		cmocka_unit_test(a_write_is_not_sent_again_once_another_holds_it),
		cmocka_unit_test(one_that_is_renewed_by_a_slow_clock_is_not_taken),
		cmocka_unit_test(the_one_of_a_killed_console_is_taken_over_at_once),
		cmocka_unit_test(every_write_of_it_may_fail_in_every_way),
		cmocka_unit_test(a_freeze_stops_a_command_in_its_middle_and_says_who_and_why),
		cmocka_unit_test(freeze_and_unfreeze_are_said_and_hold_for_everybody),
		cmocka_unit_test(a_freeze_whose_answer_is_lost_is_read_and_not_doubted),
		cmocka_unit_test(without_rights_on_it_only_no_lease_goes_on),
		cmocka_unit_test(no_lease_is_no_way_past_another_or_a_freeze),
		cmocka_unit_test(who_only_looks_never_writes_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
