/* Models whose pool is missing: always shown, deleted only by name, and never taken for one while
 * the pools are not known. */
#include "core/migrate/orphan.h"
#include "core/migrate/rights.h"
#include "tests/unit/classic.h"

#define STRAY(name, ns)                                        \
	"---\n"                                                \
	"apiVersion: inference.networking.x-k8s.io/v1alpha2\n" \
	"kind: InferenceModel\n"                               \
	"metadata: {name: " name ", namespace: " ns "}\n"      \
	"spec: {modelName: lost, poolRef: {name: gone}}\n"
#define OTHER_POOL                                             \
	"---\n"                                                \
	"apiVersion: inference.networking.x-k8s.io/v1alpha2\n" \
	"kind: InferencePool\n"                                \
	"metadata: {name: other, namespace: team-b}\n"         \
	"spec: {selector: {app: other}, targetPortNumber: 8000, extensionRef: {name: other-epp}}\n"

/* "team-b/stray", one after the other: the models that the clean-up of pair `at` deletes. */
static const char *
deleted(struct classic *c, size_t at)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct intent_list list = { 0 };
	const char *text = "";

	assert_true(step_row(STEP_CLEANUP)->writes(&stage, &c->plan.pairs[at], &list, NULL));
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i].kind == KIND_MODEL)
			text = arena_printf(&c->arena, "%s%s%s/%s", text,
					    text[0] == '\0' ? "" : ", ", list.items[i].ns,
					    list.items[i].name);
	return text;
}

static const char *
checked(struct classic *c, struct step_status *status)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);

	*status = (struct step_status){ 0 };
	step_row(STEP_CHECK)->check(&stage, NULL, status);
	return classic_status(c, status);
}

static void
one_goes_only_when_it_is_named(void **state)
{
	static const char *const both[] = { "default/lost", "lost-too", NULL };
	static const char *const one[] = { "default/lost", NULL };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL STRAY("lost", "default") STRAY("lost-too", "default"));
	assert_string_equal(deleted(&c, 0), "");
	assert_int_equal(c.plan.orphan_count, 2);
	assert_string_equal(c.plan.orphans[0].name, "lost");
	assert_string_equal(
		c.plan.orphans[0].text,
		"its pool, InferencePool default/gone "
		"(inference.networking.x-k8s.io), is not there; cleanup leaves it alone "
		"unless it is named: --orphan default/lost");
	c.settings.orphans = one;
	assert_string_equal(deleted(&c, 0), "default/lost");
	assert_true(c.plan.orphans[0].taken && !c.plan.orphans[1].taken);
	c.settings.orphans = both;
	assert_string_equal(deleted(&c, 0), "default/lost, default/lost-too");
	c.settings.default_ns = "team-b";
	assert_string_equal(deleted(&c, 0), "default/lost");
	classic_release(&c);
}

static void
a_model_whose_pool_is_there_is_none_though_named(void **state)
{
	static const char *const named[] = { "default/food-review", NULL };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_MODELS OTHER_POOL);
	c.settings.orphans = named;
	deleted(&c, 0);
	assert_int_equal(c.plan.orphan_count, 0);
	assert_string_equal(c.plan.pairs[1].alpha, "other");
	assert_string_equal(deleted(&c, 1), "");
	classic_release(&c);
}

static void
while_the_pools_are_not_known_there_is_none(void **state)
{
	static const char *const named[] = { "default/lost", NULL };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL STRAY("lost", "default"));
	c.settings.orphans = named;
	c.world->view[KIND_ALPHA_POOL].state = VIEW_STALE;
	assert_string_equal(deleted(&c, 0), "");
	assert_int_equal(c.plan.orphan_count, 0);
	classic_release(&c);
}

static void
it_goes_with_the_pair_of_its_namespace_else_with_the_first(void **state)
{
	static const char *const named[] = { "team-b/stray", "team-c/far", NULL };
	static const char *const pools[] = { "default/vllm-llama3-8b-instruct", NULL };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL OTHER_POOL STRAY("stray", "team-b") STRAY("far", "team-c"));
	c.settings.orphans = named;
	assert_string_equal(deleted(&c, 0), "team-c/far");
	assert_string_equal(deleted(&c, 1), "team-b/stray");
	c.settings.pools = pools;
	assert_string_equal(deleted(&c, 0), "team-b/stray, team-c/far");
	assert_string_equal(deleted(&c, 1), "");
	classic_release(&c);
}

static void
what_is_left_over_is_told_with_how_to_name_it(void **state)
{
	static const char *const named[] = { "team-b/stray", NULL };
	struct step_status status;
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL STRAY("stray", "team-b"));
	assert_string_equal(checked(&c, &status),
			    "blocked: left of the α group: InferenceModel team-b/stray");
	assert_non_null(strstr(status.advice, "--orphan team-b/stray"));
	c.settings.orphans = named;
	assert_string_equal(
		checked(&c, &status),
		"waiting: comes after cleanup: 2 objects and routes of the α group are left");
	world_clear(c.world, KIND_ALPHA_POOL);
	assert_string_equal(checked(&c, &status),
			    "blocked: left of the α group: InferenceModel team-b/stray");
	assert_non_null(strstr(status.advice, "kubectl delete inferencemodels.inference.networking"
					      ".x-k8s.io -n team-b stray"));
	classic_release(&c);
}

static void
its_right_to_be_deleted_is_asked_for_where_it_is(void **state)
{
	static const char *const named[] = { "team-b/stray", NULL };
	struct classic c;
	size_t count, found = 0;

	(void)state;
	classic_init(&c, CLASSIC_POOL STRAY("stray", "team-b"));
	c.settings.orphans = named;
	struct stage stage = classic_stage(&c, PPM_UNKNOWN);
	const struct right *rights = rights_of(&stage, &count);
	for (size_t i = 0; i < count; i++)
		found += strcmp(rights[i].ns, "team-b") == 0 &&
			 strcmp(rights[i].verb, "delete") == 0 &&
			 strcmp(rights[i].name, "stray") == 0 && !rights[i].undo;
	assert_int_equal(found, 1);
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_goes_only_when_it_is_named),
		cmocka_unit_test(a_model_whose_pool_is_there_is_none_though_named),
		cmocka_unit_test(while_the_pools_are_not_known_there_is_none),
		cmocka_unit_test(it_goes_with_the_pair_of_its_namespace_else_with_the_first),
		cmocka_unit_test(what_is_left_over_is_told_with_how_to_name_it),
		cmocka_unit_test(its_right_to_be_deleted_is_asked_for_where_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
