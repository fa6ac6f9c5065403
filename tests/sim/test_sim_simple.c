/* The documentation's example by the simple procedure: down, over, up again; and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "tests/flow/flow.h"

#define CRDS        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"
#define ROUTE       "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes/llm-route"
#define ALPHA_POOLS "/apis/inference.networking.x-k8s.io/v1alpha2/namespaces/default/inferencepools"

static struct flow *
begin(bool delete_routes)
{
	struct flow_options options = flow_options();

	options.settings.path = PATH_SIMPLE;
	options.settings.delete_routes = delete_routes;
	return flow_new(&options);
}

static void
expect(struct flow *flow, const struct outcome *outcome, const char *text)
{
	if (outcome == NULL || outcome->exit != 0) {
		const struct snapshot *s = flow_snapshot(flow);

		for (size_t i = 0; s != NULL && i < s->event_count; i++)
			print_message("%s\n", s->events[i].text);
		fail_msg("%s", outcome == NULL ? "no end" : outcome->text);
	}
	assert_string_equal(outcome->text, text);
}

static void
assert_gone(struct flow *flow, const char *path)
{
	struct json *json = flow_get(flow, path);

	if (json != NULL)
		fail_msg("%s is still there", path);
}

/* The spec as text, which the caller frees. */
static char *
spec_of(struct flow *flow, const char *path)
{
	struct json *json = flow_get(flow, path);
	char *text = json == NULL ? NULL : json_text(json_get(json, "spec"));

	json_free(json);
	return text;
}

static void
assert_migrated(struct flow *flow)
{
	const struct snapshot *s = flow_snapshot(flow);

	assert_string_equal(flow_weights(flow), "ga 1");
	assert_gone(flow, CRDS "inferencepools.inference.networking.x-k8s.io");
	assert_gone(flow, CRDS "inferencemodels.inference.networking.x-k8s.io");
	assert_true(s->plan.downtime.began > 0);
	assert_true(s->plan.downtime.ended > s->plan.downtime.began);
}

static void
classic_is_migrated_by_the_simple_procedure(void **state)
{
	struct flow *flow = begin(false);

	(void)state;
	expect(flow, flow_apply(flow, STEP_COUNT, 3600), "The migration is finished.");
	assert_migrated(flow);
	expect(flow, flow_apply(flow, STEP_COUNT, 3600),
	       "Nothing to do: the migration is finished.");
	flow_free(flow);
}

static void
a_deleted_route_comes_back_with_the_new_pool(void **state)
{
	struct flow *flow = begin(true);

	(void)state;
	expect(flow, flow_apply(flow, STEP_DETACH, 600), "Done through detach.");
	assert_gone(flow, ROUTE);
	expect(flow, flow_apply(flow, STEP_COUNT, 3600), "The migration is finished.");
	assert_migrated(flow);
	flow_free(flow);
}

/* Only the journal knows what stood in a route that the detach left empty. */
static void
without_its_journal_a_route_left_empty_is_no_end(void **state)
{
	struct flow *flow = begin(false);
	const struct outcome *outcome;

	(void)state;
	flow_apply(flow, STEP_OBJECTIVES, 3600);
	flow_kill(flow);
	flow_lose_journal(flow);
	outcome = flow_apply(flow, STEP_COUNT, 3600);
	assert_non_null(outcome);
	assert_int_equal(outcome->exit, 3);
	assert_non_null(strstr(outcome->text, "llm-route"));
	assert_non_null(strstr(outcome->text, "has no backend"));
	flow_free(flow);
}

/* Another console, after every step: the cluster and the journal alone know where it stands. */
static void
a_fresh_console_goes_on_after_every_step(void **state)
{
	static const enum step_id steps[] = { STEP_DETACH,      STEP_CLEANUP, STEP_CHECK,
					      STEP_REMOVE_CRDS, STEP_CRDS,    STEP_POOL,
					      STEP_OBJECTIVES,  STEP_ATTACH };

	(void)state;
	for (int deleted = 0; deleted < 2; deleted++) {
		struct flow *flow = begin(deleted == 1);

		for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
			const struct outcome *outcome = flow_apply(flow, steps[i], 600);

			if (outcome == NULL || outcome->exit != 0)
				fail_msg("through %s: %s", step_name(steps[i]),
					 outcome == NULL ? "no end" : outcome->text);
			flow_kill(flow);
		}
		flow_apply(flow, STEP_COUNT, 3600);
		assert_string_equal(flow_weights(flow), "ga 1");
		flow_free(flow);
	}
}

static void
everything_comes_back_after_every_step(void **state)
{
	static const enum step_id steps[] = { STEP_DETACH, STEP_CLEANUP, STEP_REMOVE_CRDS,
					      STEP_CRDS,   STEP_POOL,    STEP_OBJECTIVES,
					      STEP_ATTACH, STEP_COUNT };
	struct command back = { .kind = COMMAND_ROLLBACK,
				.step = STEP_COUNT,
				.extent = ROLLBACK_ALL,
				.goal = PPM_UNKNOWN };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof steps / sizeof steps[0]; i++) {
		struct flow *flow = begin(i % 2 == 1);
		char *route = spec_of(flow, ROUTE), *now;
		char *pool = spec_of(flow, ALPHA_POOLS "/vllm-llama3-8b-instruct");
		const struct outcome *outcome = flow_apply(flow, steps[i / 2], 3600);

		assert_non_null(route);
		assert_non_null(pool);
		if (outcome == NULL || outcome->exit != 0)
			fail_msg("%s", outcome == NULL ? "no end" : outcome->text);
		flow_kill(flow);
		outcome = flow_do(flow, &back, 3600);
		if (outcome == NULL || outcome->exit != 0)
			fail_msg("back from %s: %s",
				 steps[i / 2] < STEP_COUNT ? step_name(steps[i / 2]) : "the end",
				 outcome == NULL ? "no end" : outcome->text);
		now = spec_of(flow, ROUTE);
		assert_non_null(now);
		assert_string_equal(now, route);
		free(now);
		now = spec_of(flow, ALPHA_POOLS "/vllm-llama3-8b-instruct");
		assert_non_null(now);
		assert_string_equal(now, pool);
		free(now);
		assert_gone(flow, "/apis/inference.networking.k8s.io/v1/namespaces/default/"
				  "inferencepools/vllm-llama3-8b-instruct-ga");
		free(route);
		free(pool);
		flow_free(flow);
	}
}

static int
writes_without_a_fault(void)
{
	struct flow *flow = begin(true);
	int writes;

	expect(flow, flow_apply(flow, STEP_COUNT, 3600), "The migration is finished.");
	writes = flow_writes(flow);
	flow_free(flow);
	return writes;
}

/* One fault at one write, then a fresh console that finishes, or takes everything back. */
static void
fail_once(struct flow_fault fault, bool undo)
{
	struct command back = { .kind = COMMAND_ROLLBACK,
				.step = STEP_COUNT,
				.extent = ROLLBACK_ALL,
				.goal = PPM_UNKNOWN };
	struct flow_options options = flow_options();
	const struct outcome *outcome;
	struct flow *flow;
	char *route, *now;

	options.settings.path = PATH_SIMPLE;
	options.settings.delete_routes = true;
	options.faults = &fault;
	options.fault_count = 1;
	flow = flow_new(&options);
	route = spec_of(flow, ROUTE);
	flow_apply(flow, STEP_COUNT, 3600);
	flow_kill(flow);
	outcome = undo ? flow_do(flow, &back, 3600) : flow_apply(flow, STEP_COUNT, 3600);
	if (outcome == NULL || outcome->exit != 0)
		fail_msg("fault %d at write %d: %s", (int)fault.kind, fault.write,
			 outcome == NULL ? "no end" : outcome->text);
	if (!undo && strcmp(flow_weights(flow), "ga 1") != 0)
		fail_msg("fault %d at write %d: %s", (int)fault.kind, fault.write,
			 flow_weights(flow));
	now = spec_of(flow, ROUTE);
	if (undo && (now == NULL || strcmp(now, route) != 0))
		fail_msg("fault %d at write %d: %s", (int)fault.kind, fault.write,
			 now == NULL ? "no route" : now);
	free(now);
	free(route);
	flow_free(flow);
}

/* With routes that are kept, test_sim_faults does it at every request. */
static void
with_routes_deleted_every_write_can_fail_and_a_fresh_console_ends_it_either_way(void **state)
{
	static const struct flow_fault faults[] = {
		{ .kind = FLOW_KILL_BEFORE },
		{ .kind = FLOW_KILL_AFTER },
		{ .kind = FLOW_LOST_REPLY },
	};
	int writes = writes_without_a_fault(), runs = 0;

	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		for (int write = 1; write <= writes; write++, runs++) {
			struct flow_fault fault = faults[i];

			fault.write = write;
			fail_once(fault, (write + (int)i) % 2 == 0);
		}
	print_message("# %d writes, %d faults\n", writes, runs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classic_is_migrated_by_the_simple_procedure),
		cmocka_unit_test(a_deleted_route_comes_back_with_the_new_pool),
		cmocka_unit_test(without_its_journal_a_route_left_empty_is_no_end),
		cmocka_unit_test(a_fresh_console_goes_on_after_every_step),
		cmocka_unit_test(everything_comes_back_after_every_step),
		cmocka_unit_test(
			with_routes_deleted_every_write_can_fail_and_a_fresh_console_ends_it_either_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
