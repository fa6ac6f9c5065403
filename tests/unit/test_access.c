/* What a right that is denied means for a step, and what a step that others undid means. */
#include "tests/unit/classic.h"

#include "core/migrate/access.h"

#define DENIED(verb_, group_, resource_, ns_, step_)                                          \
	{                                                                                     \
		.verb = verb_, .group = group_, .resource = resource_, .ns = ns_, .name = "", \
		.step = step_                                                                 \
	}

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
	static const struct right rights[] = { DENIED(
		"delete", GROUP_CRD, "customresourcedefinitions", "", STEP_REMOVE_CRDS) };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	assert_string_equal(
		said(&c, rights, 1, true, STEP_REMOVE_CRDS),
		"somebody with the right to delete customresourcedefinitions (apiextensions.k8s.io) must "
		"do this; User \"team\" may not -> once check is done, let them run `kubectl delete "
		"crd inferencemodels.inference.networking.x-k8s.io "
		"inferencepools.inference.networking.x-k8s.io`, which deletes every object of both; "
		"`poolshift plan -o rbac` prints the Role");
	classic_release(&c);
}

static void
the_crds_are_installed_from_where_the_person_has_them(void **state)
{
	static const struct right rights[] = { DENIED("create", GROUP_CRD,
						      "customresourcedefinitions", "", STEP_CRDS) };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	c.world->server.ships_ga_crd = false;
	assert_non_null(strstr(said(&c, rights, 1, true, STEP_CRDS),
			       "`kubectl apply --server-side --force-conflicts -f "
			       "https://github.com/kubernetes-sigs/"));
	c.settings.bundle_name = "crds/own.yaml";
	assert_non_null(strstr(said(&c, rights, 1, true, STEP_CRDS), "-f crds/own.yaml`"));
	c.world->server.ships_ga_crd = true;
	assert_non_null(strstr(said(&c, rights, 1, true, STEP_CRDS),
			       "let them run `poolshift apply --through crds`"));
	classic_release(&c);
}

static void
what_a_pools_step_makes_for_the_cluster_is_for_somebody_else_too(void **state)
{
	static const struct right rights[] = { DENIED("create", GROUP_RBAC, "clusterroles", "",
						      STEP_POOL) };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	assert_string_equal(
		said(&c, rights, 1, false, STEP_POOL),
		"somebody with the right to create clusterroles (rbac.authorization.k8s.io) must do "
		"this; User \"team\" may not -> let them run `poolshift apply --pool "
		"default/vllm-llama3-8b-instruct --through pool`; `poolshift plan -o rbac` prints the "
		"Role");
	classic_release(&c);
}

#define UNDO(verb_, resource_)                                                                  \
	{                                                                                       \
		.verb = verb_, .group = "", .resource = resource_, .ns = "default", .name = "", \
		.step = STEP_POOL, .undo = true                                                 \
	}

static void
a_step_that_could_not_be_taken_back_is_said(void **state)
{
	static const struct right undo[] = { UNDO("delete", "services"),
					     UNDO("delete", "configmaps") };
	const struct access access = { .user = "team", .denied = undo, .count = 2 };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	struct stage stage = classic_stage(&c, PPM_UNKNOWN);
	assert_string_equal(
		access_no_return(&stage, &access, &c.plan.pairs[0], STEP_POOL),
		"pool of default/vllm-llama3-8b-instruct could not be taken back: User \"team\" may "
		"not delete services (core) in namespace default, nor 1 more of its writes. Ask for "
		"it before: `poolshift plan -o rbac` prints the Role.");
	assert_null(access_no_return(&stage, &access, &c.plan.pairs[0], STEP_ATTACH));
	classic_release(&c);
}

static void
the_way_back_needs_what_it_writes_now(void **state)
{
	static const struct right needed[] = { { .verb = "patch",
						 .group = GROUP_GATEWAY,
						 .resource = "httproutes",
						 .ns = "default",
						 .name = "llm-route",
						 .step = STEP_SHIFT } };
	static const struct right other[] = { UNDO("delete", "services"),
					      { .verb = "patch",
						.group = GROUP_GATEWAY,
						.resource = "gateways",
						.ns = "default",
						.name = "llm-route",
						.step = STEP_SHIFT } };
	const struct access lacks = { .user = "team", .denied = needed, .count = 1 };
	const struct access fine = { .user = "team", .denied = other, .count = 2 };
	struct step_status status;
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA);
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 90}, " CLASSIC_GA_REF ", weight: 10}",
		      CLASSIC_RESOLVED, "");
	struct stage stage = classic_stage(&c, PPM_UNKNOWN);
	assert_true(access_blocks_back(&stage, &lacks, &c.plan.pairs[0], STEP_SHIFT, &status));
	assert_string_equal(classic_status(&c, &status),
			    "blocked: User \"team\" may not patch httproutes "
			    "(gateway.networking.k8s.io) llm-route in namespace default");
	assert_false(access_blocks_back(&stage, &fine, &c.plan.pairs[0], STEP_SHIFT, &status));
	classic_release(&c);
}

static void
another_namespace_and_what_only_undoes_block_nothing(void **state)
{
	static const struct right elsewhere[] = { DENIED("create", "", "services", "elsewhere",
							 STEP_POOL) };
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
		cmocka_unit_test(the_crds_are_installed_from_where_the_person_has_them),
		cmocka_unit_test(what_a_pools_step_makes_for_the_cluster_is_for_somebody_else_too),
		cmocka_unit_test(a_step_that_could_not_be_taken_back_is_said),
		cmocka_unit_test(the_way_back_needs_what_it_writes_now),
		cmocka_unit_test(another_namespace_and_what_only_undoes_block_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
