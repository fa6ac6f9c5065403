/* Rights of the way back: said before the first write, asked for before the first write of a
 * rollback, and among what `plan -o rbac` prints. */
#include "tests/flow/story.h"

#define RBAC_API "/apis/rbac.authorization.k8s.io/v1/"

/* The viewer may do this to everything, besides looking. */
static void
give(struct flow *flow, const char *name, const char *verbs)
{
	char body[600];

	snprintf(body, sizeof body,
		 "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"ClusterRole\","
		 "\"metadata\":{\"name\":\"%s\"},\"rules\":[{\"apiGroups\":[\"*\"],\"resources\":"
		 "[\"*\"],\"verbs\":%s}]}",
		 name, verbs);
	assert_int_equal(flow_send(flow, "POST", RBAC_API "clusterroles", "application/json", body),
			 201);
	snprintf(body, sizeof body,
		 "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"ClusterRoleBinding\","
		 "\"metadata\":{\"name\":\"%s\"},\"roleRef\":{\"apiGroup\":"
		 "\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"%s\"},"
		 "\"subjects\":[{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"User\","
		 "\"name\":\"viewer\"}]}",
		 name, name);
	assert_int_equal(
		flow_send(flow, "POST", RBAC_API "clusterrolebindings", "application/json", body),
		201);
}

static bool
was_told(struct flow *flow, const char *part)
{
	const struct snapshot *snapshot = flow_snapshot(flow);

	for (size_t i = 0; i < snapshot->event_count; i++)
		if (strstr(snapshot->events[i].text, part) != NULL)
			return true;
	return false;
}

static bool
is_listed(struct flow *flow, const char *verb, const char *resource, const char *name)
{
	const struct snapshot *snapshot = flow_snapshot(flow);

	for (size_t i = 0; i < snapshot->right_count; i++) {
		const struct right_view *right = &snapshot->rights[i];

		if (right->undo && right->state == RIGHT_DENIED && strcmp(right->verb, verb) == 0 &&
		    strcmp(right->resource, resource) == 0 && strcmp(right->name, name) == 0)
			return true;
	}
	return false;
}

static void
a_step_that_could_not_be_taken_back_is_said_before_it_is_taken(void **state)
{
	struct flow_options options = flow_options();

	(void)state;
	options.user = "viewer";
	struct flow *flow = flow_new(&options);
	give(flow, "all-but-delete",
	     "[\"get\",\"list\",\"watch\",\"create\",\"patch\",\"update\",\"escalate\",\"bind\"]");
	story_expect(flow, flow_apply(flow, STEP_POOL, 600), 0, "");
	assert_true(was_told(flow, "crds could not be taken back: User \"viewer\" may not delete "
				   "customresourcedefinitions (apiextensions.k8s.io)"));
	assert_true(was_told(flow, "pool of " FLOW_PAIR " could not be taken back: User \"viewer\" "
				   "may not delete "));
	flow_free(flow);
}

static void
a_rollback_that_would_stop_half_way_does_not_begin(void **state)
{
	struct flow_options options = flow_options();
	struct command back = story_command(COMMAND_ROLLBACK, STEP_COUNT, NULL);
	struct command plan = story_command(COMMAND_PLAN, STEP_COUNT, NULL);

	(void)state;
	options.user = "viewer";
	back.extent = ROLLBACK_ALL;
	struct flow *flow = flow_new(&options);
	give(flow, "all-but-delete",
	     "[\"get\",\"list\",\"watch\",\"create\",\"patch\",\"update\",\"escalate\",\"bind\"]");
	story_expect(flow, flow_apply(flow, STEP_ATTACH, 600), 0, "");
	int writes = flow_writes(flow);
	/* Detaching needs no more than a patch: it is not done, since the rest could not be. */
	story_expect(flow, flow_do(flow, &back, 600), 3, "Nothing was written.");
	story_expect(flow, &flow_snapshot(flow)->outcome, 3, "User \"viewer\" may not delete ");
	assert_int_equal(flow_writes(flow), writes);
	assert_string_equal(flow_weights(flow), "alpha 1, ga 0");
	story_expect(flow, flow_do(flow, &plan, 600), 0, "");
	assert_true(is_listed(flow, "delete", "customresourcedefinitions",
			      "inferencepools.inference.networking.k8s.io"));
	const char *rbac = flow_snapshot(flow)->rbac;
	assert_non_null(strstr(rbac, "- delete"));
	assert_non_null(strstr(rbac, "  - inferenceobjectives\n"));
	give(flow, "delete", "[\"delete\"]");
	flow_pass(flow, 10 * SECOND);
	story_expect(flow, flow_do(flow, &back, 600), 0, "Taken back");
	assert_string_equal(flow_weights(flow), "alpha 1");
	flow_free(flow);
}

static void
who_has_every_right_is_warned_of_nothing(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	story_expect(flow, flow_apply(flow, STEP_POOL, 600), 0, "");
	assert_false(was_told(flow, "could not be taken back"));
	flow_free(flow);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_that_could_not_be_taken_back_is_said_before_it_is_taken),
		cmocka_unit_test(a_rollback_that_would_stop_half_way_does_not_begin),
		cmocka_unit_test(who_has_every_right_is_warned_of_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
