/* retreat: whether the way back can be gone without a request lost. */
#include "tests/unit/classic.h"

#include "core/migrate/retreat.h"

#define EPP    "vllm-llama3-8b-instruct-epp"
#define SERVED CLASSIC_POOL CLASSIC_GA_ACCEPTED CLASSIC_GATEWAY CLASSIC_PICKER(EPP, EPP)
#define POD(labels, ready)                                                                            \
	"---\n{apiVersion: v1, kind: Pod, metadata: {name: by-hand, labels: {" labels "}}, "          \
	"spec: {containers: []}, status: {phase: Running, conditions: [{type: Ready, status: '" ready \
	"'}]}}\n"

static void
served_by_ga(struct classic *c, const char *yaml)
{
	classic_init(c, yaml);
	classic_route(c->world, CLASSIC_ALPHA_REF ", weight: 0}, " CLASSIC_GA_REF ", weight: 100}",
		      CLASSIC_RESOLVED, "");
}

static const char *
way_back(struct classic *c, enum step_id step)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct step_status status = { 0 };

	retreat_check(&stage, &c->plan.pairs[0], step, &status);
	return classic_status(c, &status);
}

static void
expect_empty(struct classic *c)
{
	assert_string_equal(
		way_back(c, STEP_SHIFT),
		"waiting: no pod that is ready stands behind the endpoint picker of the "
		"α pool, and without one nothing that is sent there is answered; take "
		"cleanup back first, or start the picker");
}

static void
traffic_goes_back_to_a_picker_that_is_available(void **state)
{
	struct classic c;

	(void)state;
	served_by_ga(&c, SERVED);
	assert_string_equal(way_back(&c, STEP_SHIFT), "ready");
	worldtext_put(c.world,
		      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: " EPP "}, "
		      "spec: {replicas: 1, template: {metadata: {labels: {inferencepool: " EPP
		      "}}, spec: {containers: []}}}, status: {readyReplicas: 0}}\n");
	assert_string_equal(
		way_back(&c, STEP_SHIFT),
		"waiting: the endpoint picker of the α pool is not available yet, 0 of 1 "
		"pods are ready");
	classic_release(&c);
}

static void
a_service_with_nobody_behind_it_takes_no_traffic(void **state)
{
	struct classic c;

	(void)state;
	served_by_ga(&c, SERVED);
	world_remove(c.world, KIND_DEPLOYMENT, "default", EPP, NULL);
	expect_empty(&c);
	worldtext_put(c.world, POD("inferencepool: " EPP, "False"));
	expect_empty(&c);
	worldtext_put(c.world, POD("inferencepool: other", "True"));
	expect_empty(&c);
	/* Whatever runs it. */
	worldtext_put(c.world, POD("inferencepool: " EPP, "True"));
	assert_string_equal(way_back(&c, STEP_SHIFT), "ready");
	classic_release(&c);
}

static void
what_cannot_be_seen_is_not_taken_for_missing(void **state)
{
	struct classic c;

	(void)state;
	served_by_ga(&c, SERVED);
	world_remove(c.world, KIND_DEPLOYMENT, "default", EPP, NULL);
	c.world->view[KIND_POD].state = VIEW_FORBIDDEN;
	c.world->view[KIND_POD].listed = false;
	assert_string_equal(way_back(&c, STEP_SHIFT), "ready");
	c.world->view[KIND_POD].state = VIEW_LIVE;
	c.world->view[KIND_POD].listed = true;
	worldtext_put(c.world,
		      "{apiVersion: v1, kind: Service, metadata: {name: " EPP "}, spec: {}}\n");
	assert_string_equal(way_back(&c, STEP_SHIFT), "ready");
	classic_release(&c);
}

static void
without_its_service_the_alpha_pool_is_not_given_traffic(void **state)
{
	struct classic c;

	(void)state;
	served_by_ga(&c, SERVED);
	world_remove(c.world, KIND_SERVICE, "default", EPP, NULL);
	assert_string_equal(
		way_back(&c, STEP_SHIFT),
		"waiting: the endpoint picker of the α pool is gone, and without it "
		"nothing that is sent there is answered; take cleanup back first, or make "
		"it again");
	classic_release(&c);
}

static void
a_pool_that_is_gone_is_given_no_traffic_though_a_route_still_names_it(void **state)
{
	struct classic c;

	(void)state;
	served_by_ga(&c, SERVED);
	world_remove(c.world, KIND_ALPHA_POOL, "default", "vllm-llama3-8b-instruct", NULL);
	assert_string_equal(
		way_back(&c, STEP_SHIFT),
		"waiting: the α pool is gone, and nothing that is sent there is answered; "
		"take cleanup back first");
	classic_route(c.world, CLASSIC_GA_REF ", weight: 100}", CLASSIC_RESOLVED, "");
	assert_string_equal(way_back(&c, STEP_SHIFT), "ready");
	classic_release(&c);
}

static void
where_ga_serves_nothing_there_is_nothing_to_wait_for(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, SERVED);
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 1}, " CLASSIC_GA_REF ", weight: 0}",
		      CLASSIC_RESOLVED, "");
	world_remove(c.world, KIND_SERVICE, "default", EPP, NULL);
	assert_string_equal(way_back(&c, STEP_SHIFT), "ready");
	classic_release(&c);
}

#define OBJECTIVE(name, operation)                                                              \
	"---\n{apiVersion: inference.networking.x-k8s.io/v1alpha2, kind: InferenceObjective, "  \
	"metadata: {name: " name ", managedFields: [{manager: poolshift, operation: " operation \
	"}]}, spec: {priority: 1, poolRef: {group: inference.networking.k8s.io, "               \
	"name: vllm-llama3-8b-instruct-ga}}}\n"
#define MODEL(name)                                                                        \
	"---\n{apiVersion: inference.networking.x-k8s.io/v1alpha2, kind: InferenceModel, " \
	"metadata: {name: " name "}, spec: {modelName: " name ", poolRef: {group: "        \
	"inference.networking.x-k8s.io, name: vllm-llama3-8b-instruct}}}\n"

/* Another machine took cleanup half way, and this one has no copy of the model. */
static void
a_model_that_is_gone_would_not_be_answered(void **state)
{
	struct classic c;

	(void)state;
	served_by_ga(&c, SERVED OBJECTIVE("food-review", "Apply") MODEL("food-review"));
	assert_string_equal(way_back(&c, STEP_SHIFT), "ready");
	worldtext_put(c.world, OBJECTIVE("by-hand", "Update"));
	assert_string_equal(way_back(&c, STEP_SHIFT), "ready");
	world_remove(c.world, KIND_MODEL, "default", "food-review", NULL);
	assert_string_equal(way_back(&c, STEP_SHIFT),
			    "waiting: the InferenceModel it was made of is gone, and the α pool "
			    "answers nothing that asks for that; take cleanup back first, where it "
			    "was done, or make the model again");
	c.world->view[KIND_MODEL].listed = false;
	c.world->view[KIND_MODEL].state = VIEW_FORBIDDEN;
	assert_string_equal(way_back(&c, STEP_SHIFT), "ready");
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(traffic_goes_back_to_a_picker_that_is_available),
		cmocka_unit_test(a_service_with_nobody_behind_it_takes_no_traffic),
		cmocka_unit_test(what_cannot_be_seen_is_not_taken_for_missing),
		cmocka_unit_test(without_its_service_the_alpha_pool_is_not_given_traffic),
		cmocka_unit_test(
			a_pool_that_is_gone_is_given_no_traffic_though_a_route_still_names_it),
		cmocka_unit_test(a_model_that_is_gone_would_not_be_answered),
		cmocka_unit_test(where_ga_serves_nothing_there_is_nothing_to_wait_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
