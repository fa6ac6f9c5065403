/* What a right that is denied means for a step, and what a step that others undid means. */
#include "tests/unit/classic.h"

#include "core/migrate/access.h"

#define DENIED(verb_, group_, resource_, ns_, step_) \
	{ .verb = verb_, .group = group_, .resource = resource_, .ns = ns_, .name = "", .step = step_ }

static const char *
said(struct classic *c, const struct right *rights, size_t count, bool cluster, enum step_id step)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	const struct access access = { .user = "team", .denied = rights, .count = count };
	struct step_status status = { .reason = "" };

	if (!access_blocks(&stage, &access, cluster ? NULL : &c->plan.pairs[0], step, &status))
		return "-";
	assert_int_equal(status.state, STATE_BLOCKED);
	return arena_printf(&c->arena, "%s -> %s", status.reason, status.advice);
}

static void
a_pools_step_names_verb_resource_namespace_and_user(void **state)
{
	static const struct right rights[] = {
		DENIED("create", "apps", "deployments", "default", STEP_POOL),
		DENIED("create", "", "services", "default", STEP_POOL),
	};
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	assert_string_equal(
		said(&c, rights, 2, false, STEP_POOL),
		"User \"team\" may not create deployments (apps) in namespace default, nor 1 more of its "
		"writes -> ask for it: `poolshift plan -o rbac` prints the Role to be made");
	assert_string_equal(said(&c, rights, 2, false, STEP_ATTACH), "-");
	classic_release(&c);
}

static void
a_clusters_step_is_for_somebody_else_with_the_command(void **state)
{
	static const struct right rights[] = { DENIED("delete", GROUP_CRD,
						      "customresourcedefinitions", "",
						      STEP_REMOVE_CRDS) };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	assert_string_equal(
		said(&c, rights, 1, true, STEP_REMOVE_CRDS),
		"somebody with the right to delete customresourcedefinitions (apiextensions.k8s.io) must "
		"do this; User \"team\" may not -> let them run `kubectl delete crd "
		"inferencemodels.inference.networking.x-k8s.io "
		"inferencepools.inference.networking.x-k8s.io`; `poolshift plan -o rbac` prints the "
		"Role");
	classic_release(&c);
}

static void
another_namespace_and_what_only_undoes_block_nothing(void **state)
{
	static const struct right elsewhere[] = {
		DENIED("create", "", "services", "elsewhere", STEP_POOL)
	};
	static const struct right undo[] = { { .verb = "delete",
					       .group = "",
					       .resource = "services",
					       .ns = "default",
					       .name = "",
					       .step = STEP_POOL,
					       .undo = true } };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	assert_string_equal(said(&c, elsewhere, 1, false, STEP_POOL), "-");
	assert_string_equal(said(&c, undo, 1, false, STEP_POOL), "-");
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pools_step_names_verb_resource_namespace_and_user),
		cmocka_unit_test(a_clusters_step_is_for_somebody_else_with_the_command),
		cmocka_unit_test(another_namespace_and_what_only_undoes_block_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
