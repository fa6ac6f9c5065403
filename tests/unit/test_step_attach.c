/* attach: the GA reference at weight 0, and what proves or refutes it. */
#include "tests/unit/classic.h"

#define PAIR   CLASSIC_POOL CLASSIC_GATEWAY CLASSIC_GA
#define PROVEN CLASSIC_POOL CLASSIC_GATEWAY CLASSIC_GA_ACCEPTED

/* The body of the only write, or how many there are. */
static const char *
patch_of(struct classic *c, bool undo)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct intent_list list = { 0 };
	struct err err = { 0 };
	const struct step *row = step_row(STEP_ATTACH);

	if (!(undo ? row->back : row->writes)(&stage, &c->plan.pairs[0], &list, &err))
		return arena_string(&c->arena, err.text);
	return list.count == 1 ? list.items[0].body
			       : arena_printf(&c->arena, "%zu writes", list.count);
}

static const char *
checked(struct classic *c)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct step_status status = { 0 };

	step_row(STEP_ATTACH)->check(&stage, &c->plan.pairs[0], &status);
	return classic_status(c, &status);
}

static const char *
verified(struct classic *c)
{
	static const char *const names[] = { "pass", "wait", "fail", "take back" };
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct step_status why = { 0 };

	return names[step_row(STEP_ATTACH)->verify(&stage, &c->plan.pairs[0], &why)];
}

static void
the_ga_reference_comes_right_after_each_alpha_one_with_its_settings(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PAIR);
	classic_route(c.world,
		      CLASSIC_ALPHA_REF ", port: 8000}, {name: web, port: 80}, " CLASSIC_ALPHA_REF
					", weight: 3}",
		      CLASSIC_RESOLVED, "");
	assert_string_equal(
		patch_of(&c, false),
		"[{\"op\":\"add\",\"path\":\"/spec/rules/0/backendRefs/"
		"3\",\"value\":{\"group\":\"inference.networking.k8s.io\","
		"\"kind\":\"InferencePool\",\"name\":\"vllm-llama3-8b-instruct-ga\",\"weight\":0}},"
		"{\"op\":\"add\",\"path\":\"/spec/rules/0/backendRefs/"
		"1\",\"value\":{\"group\":\"inference.networking.k8s.io\","
		"\"kind\":\"InferencePool\",\"name\":\"vllm-llama3-8b-instruct-ga\",\"port\":8000,"
		"\"weight\":0}}]");
	assert_string_equal(checked(&c), "ready");
	classic_release(&c);
}

static void
attached_everywhere_nothing_is_written_again(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_route(c.world, CLASSIC_ALPHA_REF "}, " CLASSIC_GA_REF ", weight: 0}",
		      CLASSIC_RESOLVED, "2026-09-21T00:00:00Z");
	assert_string_equal(patch_of(&c, false), "0 writes");
	assert_string_equal(checked(&c), "done");
	assert_string_equal(verified(&c), "pass");
	classic_release(&c);
}

static void
silence_is_no_proof_whatever_the_route_says(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PAIR);
	classic_route(c.world, CLASSIC_ALPHA_REF "}, " CLASSIC_GA_REF ", weight: 0}",
		      CLASSIC_RESOLVED, "2026-01-01T00:00:00Z");
	assert_string_equal(verified(&c), "wait");
	assert_string_equal(checked(&c),
			    "blocked: no controller has said yet that it serves GA pool "
			    "vllm-llama3-8b-instruct-ga for this route");
	c.settings.accept_unproven = true;
	assert_string_equal(verified(&c), "pass");
	assert_string_equal(checked(&c), "done");
	classic_release(&c);
}

static void
another_gateway_accepting_the_pool_proves_nothing(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA
		     "status:\n"
		     "  parents:\n"
		     "  - parentRef: {kind: Gateway, name: other-gateway}\n"
		     "    conditions: [{type: Accepted, status: 'True', observedGeneration: 1}]\n");
	classic_route(c.world, CLASSIC_ALPHA_REF "}, " CLASSIC_GA_REF ", weight: 0}",
		      CLASSIC_RESOLVED, "2026-01-01T00:00:00Z");
	assert_string_equal(verified(&c), "wait");
	classic_release(&c);
}

static void
a_controller_that_refuses_the_group_has_it_taken_back(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PAIR);
	classic_route(c.world, CLASSIC_ALPHA_REF "}, " CLASSIC_GA_REF ", weight: 0}",
		      CLASSIC_REFUSED("InvalidKind", "2026-09-21T00:00:01Z"),
		      "2026-09-21T00:00:01Z");
	assert_string_equal(verified(&c), "take back");
	assert_string_equal(patch_of(&c, true),
			    "[{\"op\":\"remove\",\"path\":\"/spec/rules/0/backendRefs/1\"}]");
	classic_release(&c);
}

static void
a_refusal_older_than_the_write_is_about_the_alpha_pool(void **state)
{
	struct classic c;
	struct stage stage;
	struct step_status status = { 0 };

	(void)state;
	classic_init(&c, PAIR);
	classic_route(c.world, CLASSIC_ALPHA_REF "}, " CLASSIC_GA_REF ", weight: 0}",
		      CLASSIC_REFUSED("InvalidKind", "2026-09-20T00:00:00Z"),
		      "2026-09-21T00:00:01Z");
	assert_string_equal(verified(&c), "wait");
	classic_route(c.world, CLASSIC_ALPHA_REF "}",
		      CLASSIC_REFUSED("InvalidKind", "2026-09-20T00:00:00Z"), "");
	stage = classic_stage(&c, PPM_UNKNOWN);
	step_row(STEP_ATTACH)->check(&stage, &c.plan.pairs[0], &status);
	assert_non_null(strstr(status.advice, "no traffic to protect"));
	classic_release(&c);
}

static void
a_route_that_only_mirrors_to_the_pool_has_nothing_to_attach(void **state)
{
	struct classic c;

	(void)state;
	classic_init(
		&c, PAIR
		"---\n"
		"apiVersion: gateway.networking.k8s.io/v1\n"
		"kind: HTTPRoute\n"
		"metadata: {name: copies}\n"
		"spec:\n"
		"  rules:\n"
		"  - backendRefs: [{name: web, port: 80}]\n"
		"    filters: [{type: RequestMirror, requestMirror: {backendRef: " CLASSIC_ALPHA_REF
		"}}}]\n");
	assert_string_equal(checked(&c), "done");
	assert_string_equal(patch_of(&c, false), "0 writes");
	classic_release(&c);
}

static void
a_full_rule_blocks(void **state)
{
	char backends[2048] = CLASSIC_ALPHA_REF "}";
	struct classic c;

	(void)state;
	for (int i = 0; i < 15; i++)
		strcat(backends, ", {name: web, port: 80}");
	classic_init(&c, PAIR);
	classic_route(c.world, backends, CLASSIC_RESOLVED, "");
	assert_string_equal(checked(&c), "blocked: rules[0] has 16 backendRefs and the API allows "
					 "16: there is no room for the GA pool");
	classic_release(&c);
}

#define FAR                                          \
	"---\n"                                      \
	"apiVersion: gateway.networking.k8s.io/v1\n" \
	"kind: HTTPRoute\n"                          \
	"metadata: {name: far, namespace: team-a}\n" \
	"spec: {rules: [{backendRefs: [" CLASSIC_ALPHA_REF ", namespace: default}]}]}\n"
#define GRANT(group)                                                                         \
	"---\n"                                                                              \
	"apiVersion: gateway.networking.k8s.io/v1beta1\n"                                    \
	"kind: ReferenceGrant\n"                                                             \
	"metadata: {name: team-a}\n"                                                         \
	"spec:\n"                                                                            \
	"  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: team-a}]\n" \
	"  to: [{group: " group ", kind: InferencePool}]\n"

static void
a_route_of_another_namespace_that_no_grant_lets_in_blocks(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PAIR FAR);
	assert_string_equal(checked(&c), "blocked: no ReferenceGrant in namespace default lets "
					 "HTTPRoutes of namespace team-a "
					 "name pools of inference.networking.k8s.io");
	worldtext_put(c.world, GRANT("inference.networking.k8s.io"));
	assert_string_equal(checked(&c), "ready");
	assert_non_null(strstr(patch_of(&c, false), "\"namespace\":\"default\""));
	classic_release(&c);
}

static void
a_pool_no_route_names_needs_no_attaching(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PAIR);
	assert_string_equal(checked(&c), "skipped: no HTTPRoute names the pool");
	classic_release(&c);
}

static void
what_has_traffic_is_not_taken_back(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 75}, " CLASSIC_GA_REF ", weight: 25}",
		      CLASSIC_RESOLVED, "");
	assert_non_null(strstr(patch_of(&c, true), "take back finalize and shift first"));
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_ga_reference_comes_right_after_each_alpha_one_with_its_settings),
		cmocka_unit_test(attached_everywhere_nothing_is_written_again),
		cmocka_unit_test(silence_is_no_proof_whatever_the_route_says),
		cmocka_unit_test(another_gateway_accepting_the_pool_proves_nothing),
		cmocka_unit_test(a_controller_that_refuses_the_group_has_it_taken_back),
		cmocka_unit_test(a_refusal_older_than_the_write_is_about_the_alpha_pool),
		cmocka_unit_test(a_route_that_only_mirrors_to_the_pool_has_nothing_to_attach),
		cmocka_unit_test(a_full_rule_blocks),
		cmocka_unit_test(a_route_of_another_namespace_that_no_grant_lets_in_blocks),
		cmocka_unit_test(a_pool_no_route_names_needs_no_attaching),
		cmocka_unit_test(what_has_traffic_is_not_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
