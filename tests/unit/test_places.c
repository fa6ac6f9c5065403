/* Everything of a route that names a pool besides a plain backendRef: mirrors, other namespaces and
 * their grants, rules that several pools share, and what the API allows. */
#include "tests/unit/classic.h"

#include "core/migrate/places.h"

#define ALPHA "inference.networking.x-k8s.io"
#define GA    "inference.networking.k8s.io"
#define MIRROR(group, name)                                                \
	"{type: RequestMirror, requestMirror: {backendRef: {group: " group \
	", kind: InferencePool, name: " name "}}}"
#define ALPHA_MIRROR MIRROR(ALPHA, "vllm-llama3-8b-instruct")
#define GA_MIRROR    MIRROR(GA, "vllm-llama3-8b-instruct-ga")

#define FAR                                          \
	"---\n"                                      \
	"apiVersion: gateway.networking.k8s.io/v1\n" \
	"kind: HTTPRoute\n"                          \
	"metadata: {name: far, namespace: team-a}\n" \
	"spec: {rules: [{backendRefs: [" CLASSIC_ALPHA_REF ", namespace: default}]}]}\n"
#define GRANT(name, to)                                                                      \
	"---\n"                                                                              \
	"apiVersion: gateway.networking.k8s.io/v1beta1\n"                                    \
	"kind: ReferenceGrant\n"                                                             \
	"metadata: {name: " name "}\n"                                                       \
	"spec:\n"                                                                            \
	"  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: team-a}]\n" \
	"  to: [" to "]\n"
#define ALPHA_CRD                                      \
	"---\n"                                        \
	"apiVersion: apiextensions.k8s.io/v1\n"        \
	"kind: CustomResourceDefinition\n"             \
	"metadata: {name: inferencepools." ALPHA "}\n" \
	"spec: {group: " ALPHA ", names: {plural: inferencepools, kind: InferencePool}}\n"
#define OTHER_POOL                         \
	"---\n"                            \
	"apiVersion: " ALPHA "/v1alpha2\n" \
	"kind: InferencePool\n"            \
	"metadata: {name: other}\n"        \
	"spec: {targetPortNumber: 8000, selector: {app: x}, extensionRef: {name: other-epp}}\n"

static void
put_route(struct classic *c, const char *rules)
{
	worldtext_put(c->world, arena_printf(&c->arena,
					     "apiVersion: gateway.networking.k8s.io/v1\n"
					     "kind: HTTPRoute\n"
					     "metadata: {name: llm-route}\n"
					     "spec: {parentRefs: [{name: inference-gateway}], "
					     "rules: [%s]}\n",
					     rules));
}

/* "patch llm-route [...]" of every write, one a line; recorded as done when there is a journal. */
static const char *
writes_of(struct classic *c, enum step_id step, bool undo)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	const struct pair *pair = assess_pair(&c->plan, "default/vllm-llama3-8b-instruct");
	struct intent_list list = { 0 };
	struct err err = { 0 };
	const char *text = "";

	assert_non_null(pair);
	if (!(undo ? step_row(step)->back : step_row(step)->writes)(&stage, pair, &list, &err))
		return arena_string(&c->arena, err.text);
	for (size_t i = 0; i < list.count; i++) {
		const struct intent *intent = &list.items[i];

		text = arena_printf(&c->arena, "%s%s%s %s%s%s", text, i == 0 ? "" : "\n",
				    verb_name(intent->verb), intent->name,
				    intent->body[0] == '\0' ? "" : " ", intent->body);
		if (c->journal != NULL)
			classic_record(c, intent);
	}
	return text;
}

static const char *
checked(struct classic *c, enum step_id step)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	const struct pair *pair = assess_pair(&c->plan, "default/vllm-llama3-8b-instruct");
	struct step_status status = { 0 };

	step_row(step)->check(&stage, pair, &status);
	return classic_status(c, &status);
}

static void
mirrors_go_to_the_ga_pool_when_the_alpha_one_leaves_the_route(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA);
	put_route(&c,
		  "{filters: [" ALPHA_MIRROR "], backendRefs: [{name: web, filters: [" ALPHA_MIRROR
		  "]}, " CLASSIC_ALPHA_REF ", weight: 0, filters: [" ALPHA_MIRROR
		  "]}, " CLASSIC_GA_REF ", weight: 100}]}");
	assert_string_equal(
		writes_of(&c, STEP_FINALIZE, false),
		"patch llm-route ["
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/filters/0/requestMirror/backendRef/"
		"group\",\"value\":\"" GA "\"},"
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/filters/0/requestMirror/backendRef/"
		"name\",\"value\":\"vllm-llama3-8b-instruct-ga\"},"
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/0/filters/0/"
		"requestMirror/"
		"backendRef/group\",\"value\":\"" GA "\"},"
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/0/filters/0/"
		"requestMirror/"
		"backendRef/name\",\"value\":\"vllm-llama3-8b-instruct-ga\"},"
		"{\"op\":\"remove\",\"path\":\"/spec/rules/0/backendRefs/1\"}]");
	classic_release(&c);
}

static void
a_route_that_only_mirrors_is_finalized_and_taken_back(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA);
	classic_journal(&c);
	put_route(&c, "{filters: [" ALPHA_MIRROR "], backendRefs: [{name: web}]}");
	assert_string_equal(checked(&c, STEP_ATTACH), "done");
	assert_string_equal(checked(&c, STEP_SHIFT), "done");
	assert_string_equal(checked(&c, STEP_FINALIZE), "ready");
	writes_of(&c, STEP_FINALIZE, false);
	put_route(&c, "{filters: [" GA_MIRROR "], backendRefs: [{name: web}]}");
	assert_string_equal(
		writes_of(&c, STEP_FINALIZE, true),
		"patch llm-route ["
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/filters/0/requestMirror/backendRef/"
		"group\",\"value\":\"" ALPHA "\"},"
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/filters/0/requestMirror/backendRef/"
		"name\",\"value\":\"vllm-llama3-8b-instruct\"}]");
	classic_release(&c);
}

static void
a_mirror_to_the_ga_pool_that_was_there_before_stays(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA);
	classic_journal(&c);
	put_route(&c, "{filters: [" GA_MIRROR "], backendRefs: [" CLASSIC_ALPHA_REF
		      ", weight: 0}, " CLASSIC_GA_REF ", weight: 100}]}");
	writes_of(&c, STEP_FINALIZE, false);
	put_route(&c,
		  "{filters: [" GA_MIRROR "], backendRefs: [" CLASSIC_GA_REF ", weight: 100}]}");
	assert_null(strstr(writes_of(&c, STEP_FINALIZE, true), "requestMirror"));
	classic_release(&c);
}

static void
the_percent_of_a_pair_is_that_of_all_its_rules_or_none(void **state)
{
	struct place places[] = {
		{ .ppm = 250000 }, { .ppm = PPM_UNKNOWN }, { .ppm = 0, .mirror = true },
		{ .ppm = 250000 }, { .ppm = 500000 },
	};

	(void)state;
	assert_int_equal(places_ppm(places, 0), PPM_UNKNOWN);
	assert_int_equal(places_ppm(places + 1, 2), PPM_UNKNOWN);
	assert_int_equal(places_ppm(places, 4), 250000);
	assert_int_equal(places_ppm(places, 5), PPM_APART);
}

static void
only_this_pool_of_this_namespace_is_a_place(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	put_route(&c, "{backendRefs: [" CLASSIC_ALPHA_REF ", weight: 30}, " CLASSIC_ALPHA_REF
		      ", namespace: team-a, weight: 7}, {group: " ALPHA
		      ", kind: InferencePool, name: other, weight: 5}, {kind: Service, name: "
		      "vllm-llama3-8b-instruct, port: 80, weight: 3}, " CLASSIC_GA_REF
		      ", weight: 10}]}");
	classic_stage(&c, PPM_UNKNOWN);
	const struct pair *pair = assess_pair(&c.plan, "default/vllm-llama3-8b-instruct");
	assert_int_equal(pair->place_count, 1);
	assert_int_equal(pair->places[0].alpha_weight, 30);
	assert_int_equal(pair->places[0].ga_weight, 10);
	assert_int_equal(pair->places[0].other_weight, 15);
	assert_int_equal(pair->places[0].ppm, 250000);
	classic_release(&c);
}

static void
a_grant_for_the_pool_is_made_for_its_ga_pool_before_the_route_names_it(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA FAR GRANT(
				 "team-a", "{group: " ALPHA ", kind: InferencePool, name: "
					   "vllm-llama3-8b-instruct}, {kind: Service, name: web}"));
	assert_string_equal(checked(&c, STEP_ATTACH), "ready");
	assert_string_equal(
		writes_of(&c, STEP_ATTACH, false),
		"apply team-a-vllm-llama3-8b-instruct-ga "
		"{\"apiVersion\":\"gateway.networking.k8s.io/v1beta1\",\"kind\":\"ReferenceGrant\","
		"\"metadata\":{\"name\":\"team-a-vllm-llama3-8b-instruct-ga\",\"namespace\":"
		"\"default\"},\"spec\":{\"from\":[{\"group\":\"gateway.networking.k8s.io\","
		"\"kind\":"
		"\"HTTPRoute\",\"namespace\":\"team-a\"}],\"to\":[{\"group\":\"" GA
		"\",\"kind\":\"InferencePool\",\"name\":\"vllm-llama3-8b-instruct-ga\"}]}}\n"
		"patch far [{\"op\":\"add\",\"path\":\"/spec/rules/0/backendRefs/1\",\"value\":"
		"{\"group\":\"" GA "\",\"kind\":\"InferencePool\",\"name\":"
		"\"vllm-llama3-8b-instruct-ga\",\"namespace\":\"default\",\"weight\":0}}]");
	classic_release(&c);
}

static void
a_grant_that_lets_them_in_already_is_not_made_again(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA FAR GRANT(
				 "team-a", "{group: " ALPHA ", kind: InferencePool}, "
					   "{group: " GA ", kind: InferencePool}"));
	assert_null(strstr(writes_of(&c, STEP_ATTACH, false), "apply"));
	classic_release(&c);
}

static void
a_grants_new_name_that_is_taken_blocks(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA FAR GRANT("team-a", "{group: " ALPHA
								     ", kind: InferencePool}")
				 GRANT("team-a-ga", "{kind: Service}"));
	assert_string_equal(checked(&c, STEP_ATTACH),
			    "blocked: an object of this name is there already and belongs to "
			    "somebody else");
	classic_release(&c);
}

static void
the_clean_up_takes_the_alpha_grant_and_leaves_what_else_it_allows(void **state)
{
	struct classic c;

	(void)state;
	classic_init(
		&c,
		CLASSIC_POOL CLASSIC_GA GRANT("any", "{group: " ALPHA ", kind: InferencePool}")
			GRANT("both", "{kind: Service}, {group: " ALPHA ", kind: InferencePool}"));
	classic_journal(&c);
	assert_string_equal(
		writes_of(&c, STEP_CLEANUP, false),
		"delete any\n"
		"patch both "
		"[{\"op\":\"replace\",\"path\":\"/spec/to\",\"value\":[{\"kind\":\"Service\"}]}]\n"
		"delete vllm-llama3-8b-instruct");
	world_clear(c.world, KIND_ALPHA_POOL);
	world_remove(c.world, KIND_GRANT, "default", "any", NULL);
	worldtext_put(c.world, GRANT("both", "{kind: Service}"));
	assert_string_equal(
		writes_of(&c, STEP_CLEANUP, true),
		"create any {\"apiVersion\":\"gateway.networking.k8s.io/v1beta1\",\"kind\":"
		"\"ReferenceGrant\",\"metadata\":{\"name\":\"any\",\"namespace\":\"default\"},"
		"\"spec\":{\"from\":[{\"group\":\"gateway.networking.k8s.io\",\"kind\":"
		"\"HTTPRoute\","
		"\"namespace\":\"team-a\"}],\"to\":[{\"group\":\"" ALPHA
		"\",\"kind\":\"InferencePool\"}]}}\n"
		"create vllm-llama3-8b-instruct {\"apiVersion\":\"" ALPHA "/v1alpha2\",\"kind\":"
		"\"InferencePool\",\"metadata\":{\"name\":\"vllm-llama3-8b-instruct\","
		"\"namespace\":\"default\"},\"spec\":{\"targetPortNumber\":8000,\"selector\":"
		"{\"app\":\"vllm-llama3-8b-instruct\"},\"extensionRef\":{\"name\":"
		"\"vllm-llama3-8b-instruct-epp\"}}}\n"
		"patch both "
		"[{\"op\":\"replace\",\"path\":\"/spec/"
		"to\",\"value\":[{\"kind\":\"Service\"},{\"group\":\"" ALPHA
		"\",\"kind\":\"InferencePool\"}]}]");
	classic_release(&c);
}

static void
a_grant_for_any_pool_stays_while_another_alpha_pool_is_there(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA OTHER_POOL GRANT("any", "{group: " ALPHA
									 ", kind: InferencePool}"));
	assert_string_equal(writes_of(&c, STEP_CLEANUP, false), "delete vllm-llama3-8b-instruct");
	classic_release(&c);
}

static void
a_rule_two_pools_share_needs_room_for_both_before_the_first_write(void **state)
{
	char backends[2048] =
		CLASSIC_ALPHA_REF "}, {group: " ALPHA ", kind: InferencePool, name: other}";
	struct classic c;

	(void)state;
	for (int i = 0; i < 13; i++)
		strcat(backends, ", {name: web, port: 80}");
	classic_init(&c, CLASSIC_POOL OTHER_POOL ALPHA_CRD);
	snprintf(c.world->server.version, sizeof(c.world->server.version), "v1.33.0");
	classic_route(c.world, backends, CLASSIC_RESOLVED, "");
	assert_string_equal(checked(&c, STEP_CRDS),
			    "blocked: rules[0] has 15 backendRefs and the API allows 16: there is "
			    "no room for the GA pool");
	assert_string_equal(checked(&c, STEP_POOL),
			    "blocked: rules[0] has 15 backendRefs and the API allows 16: there is "
			    "no room for the GA pool");
	classic_release(&c);
}

static void
weights_that_no_stop_can_be_written_with_block_before_the_first_write(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL ALPHA_CRD);
	snprintf(c.world->server.version, sizeof(c.world->server.version), "v1.33.0");
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 999983}, {name: web, weight: 1000000}",
		      CLASSIC_RESOLVED, "");
	assert_string_equal(checked(&c, STEP_CRDS),
			    "blocked: rules[0] cannot go to 1 %: this share cannot be written "
			    "exactly with weights up to 1,000,000 without changing what the other "
			    "backends get; a rounder percentage may do");
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mirrors_go_to_the_ga_pool_when_the_alpha_one_leaves_the_route),
		cmocka_unit_test(a_route_that_only_mirrors_is_finalized_and_taken_back),
		cmocka_unit_test(a_mirror_to_the_ga_pool_that_was_there_before_stays),
		cmocka_unit_test(the_percent_of_a_pair_is_that_of_all_its_rules_or_none),
		cmocka_unit_test(only_this_pool_of_this_namespace_is_a_place),
		cmocka_unit_test(
			a_grant_for_the_pool_is_made_for_its_ga_pool_before_the_route_names_it),
		cmocka_unit_test(a_grant_that_lets_them_in_already_is_not_made_again),
		cmocka_unit_test(a_grants_new_name_that_is_taken_blocks),
		cmocka_unit_test(the_clean_up_takes_the_alpha_grant_and_leaves_what_else_it_allows),
		cmocka_unit_test(a_grant_for_any_pool_stays_while_another_alpha_pool_is_there),
		cmocka_unit_test(a_rule_two_pools_share_needs_room_for_both_before_the_first_write),
		cmocka_unit_test(
			weights_that_no_stop_can_be_written_with_block_before_the_first_write),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
