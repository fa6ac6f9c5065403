/* Models that rename or split, where InferenceModelRewrite is served. */
#include "tests/unit/classic.h"

#define MODEL(name, spec)                                      \
	"---\n"                                                \
	"apiVersion: inference.networking.x-k8s.io/v1alpha2\n" \
	"kind: InferenceModel\n"                               \
	"metadata: {name: " name "}\n"                         \
	"spec: {" spec ", poolRef: {name: vllm-llama3-8b-instruct}}\n"
#define SPLIT                \
	MODEL("food-review", \
	      "modelName: food, targetModels: [{name: food-1, weight: 90}, {name: food-2}]")
#define REWRITE(by)                                                                                \
	"---\n"                                                                                    \
	"apiVersion: inference.networking.x-k8s.io/v1alpha2\n"                                     \
	"kind: InferenceModelRewrite\n"                                                            \
	"metadata: {name: food-review" by "}\n"                                                    \
	"spec: {poolRef: {group: inference.networking.k8s.io, name: vllm-llama3-8b-instruct-ga}, " \
	"rules: []}\n"
#define OURS ", managedFields: [{manager: poolshift, operation: Apply}]"

/* "apply InferenceModelRewrite food-review", one a line, of all writes about kind. */
static const char *
writes_of(struct classic *c, enum step_id step, bool undo, enum kind kind, const char **body)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct intent_list list = { 0 };
	const char *text = "";

	assert_true((undo ? step_row(step)->back
			  : step_row(step)->writes)(&stage, &c->plan.pairs[0], &list, NULL));
	for (size_t i = 0; i < list.count; i++) {
		const struct intent *intent = &list.items[i];

		if (intent->kind != kind)
			continue;
		text = arena_printf(&c->arena, "%s%s%s %s", text, text[0] == '\0' ? "" : ", ",
				    verb_name(intent->verb), intent->name);
		if (body != NULL)
			*body = intent->body;
	}
	return text;
}

static const char *
checked(struct classic *c, enum step_id step)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct step_status status = { 0 };

	step_row(step)->check(&stage, &c->plan.pairs[0], &status);
	return classic_status(c, &status);
}

static void
a_split_becomes_a_rewrite_with_weights_for_all_targets(void **state)
{
	const char *body = "";
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA SPLIT);
	assert_string_equal(writes_of(&c, STEP_OBJECTIVES, false, KIND_REWRITE, &body),
			    "apply food-review");
	assert_string_equal(
		body,
		"{\"apiVersion\":\"inference.networking.x-k8s.io/v1alpha2\",\"kind\":"
		"\"InferenceModelRewrite\",\"metadata\":{\"name\":\"food-review\",\"namespace\":"
		"\"default\"},\"spec\":{\"poolRef\":{\"group\":\"inference.networking.k8s.io\","
		"\"kind\":\"InferencePool\",\"name\":\"vllm-llama3-8b-instruct-ga\"},\"rules\":"
		"[{\"matches\":[{\"model\":{\"type\":\"Exact\",\"value\":\"food\"}}],\"targets\":"
		"[{\"modelRewrite\":\"food-1\",\"weight\":90},{\"modelRewrite\":\"food-2\","
		"\"weight\":90}]}]}}");
	classic_release(&c);
}

static void
what_renames_nothing_or_is_not_served_needs_none(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA MODEL(
				 "same", "modelName: same, targetModels: [{name: same}]"));
	assert_string_equal(writes_of(&c, STEP_OBJECTIVES, false, KIND_REWRITE, NULL), "");
	worldtext_put(c.world, SPLIT);
	c.world->view[KIND_REWRITE].state = VIEW_NOT_INSTALLED;
	assert_string_equal(writes_of(&c, STEP_OBJECTIVES, false, KIND_REWRITE, NULL), "");
	classic_release(&c);
}

static void
one_of_that_name_that_is_not_ours_blocks_and_ours_is_written_again(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA SPLIT REWRITE(""));
	assert_string_equal(checked(&c, STEP_OBJECTIVES),
			    "blocked: somebody else made it, and the targets of InferenceModel "
			    "food-review need its name");
	worldtext_put(c.world, REWRITE(OURS));
	assert_string_equal(checked(&c, STEP_OBJECTIVES), "ready");
	assert_string_equal(writes_of(&c, STEP_OBJECTIVES, true, KIND_REWRITE, NULL),
			    "delete food-review");
	classic_release(&c);
}

#define REWRITE_AS(meta, group, pool)                          \
	"---\n"                                                \
	"apiVersion: inference.networking.x-k8s.io/v1alpha2\n" \
	"kind: InferenceModelRewrite\n"                        \
	"metadata: {" meta "}\n"                               \
	"spec: {poolRef: {group: " group ", name: " pool "}, rules: []}\n"
#define REWRITE_OF(...) REWRITE_AS(__VA_ARGS__)
#define OUR_POOL        "inference.networking.k8s.io", "vllm-llama3-8b-instruct-ga"
#define OTHERS(meta, group, pool)                                                                 \
	"---\n"                                                                                   \
	"apiVersion: inference.networking.x-k8s.io/v1alpha2\n"                                    \
	"kind: InferenceModel\n"                                                                  \
	"metadata: {" meta "}\n"                                                                  \
	"spec: {modelName: m, targetModels: [{name: t}], poolRef: {group: " group ", name: " pool \
	"}}\n"

static void
models_of_other_pools_and_namespaces_are_theirs(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA OTHERS("name: far, namespace: team-b",
							"inference.networking.x-k8s.io",
							"vllm-llama3-8b-instruct")
				 OTHERS("name: of-other", "inference.networking.x-k8s.io", "other")
					 OTHERS("name: of-ga", "inference.networking.k8s.io",
						"vllm-llama3-8b-instruct"));
	assert_string_equal(writes_of(&c, STEP_OBJECTIVES, false, KIND_REWRITE, NULL), "");
	classic_release(&c);
}

static void
one_that_says_the_same_is_left_whoever_made_it(void **state)
{
	const char *body = "";
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA SPLIT);
	writes_of(&c, STEP_OBJECTIVES, false, KIND_REWRITE, &body);
	worldtext_put(c.world, body);
	assert_string_equal(writes_of(&c, STEP_OBJECTIVES, false, KIND_REWRITE, NULL), "");
	classic_release(&c);
}

static void
taken_back_only_what_was_made_for_the_pool_goes(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA REWRITE_OF("name: made" OURS, OUR_POOL)
				 REWRITE_OF("name: by-hand", OUR_POOL) REWRITE_OF(
					 "name: elsewhere, namespace: team-b" OURS, OUR_POOL)
					 REWRITE_OF("name: of-other" OURS,
						    "inference.networking.k8s.io", "other-ga")
						 REWRITE_OF("name: of-group" OURS, "example.com",
							    "vllm-llama3-8b-instruct-ga"));
	assert_string_equal(writes_of(&c, STEP_OBJECTIVES, true, KIND_REWRITE, NULL),
			    "delete made");
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_split_becomes_a_rewrite_with_weights_for_all_targets),
		cmocka_unit_test(what_renames_nothing_or_is_not_served_needs_none),
		cmocka_unit_test(
			one_of_that_name_that_is_not_ours_blocks_and_ours_is_written_again),
		cmocka_unit_test(models_of_other_pools_and_namespaces_are_theirs),
		cmocka_unit_test(one_that_says_the_same_is_left_whoever_made_it),
		cmocka_unit_test(taken_back_only_what_was_made_for_the_pool_goes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
