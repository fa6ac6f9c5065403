/* What the API allows in a rule, found before the first write: only for what is still to come. */
#include "tests/unit/classic.h"

#include "core/migrate/limits.h"

#define OTHER_POOL                                             \
	"---\n"                                                \
	"apiVersion: inference.networking.x-k8s.io/v1alpha2\n" \
	"kind: InferencePool\n"                                \
	"metadata: {name: other}\n"                            \
	"spec: {targetPortNumber: 8000, selector: {app: x}, extensionRef: {name: other-epp}}\n"
#define OTHER_REF "{group: inference.networking.x-k8s.io, kind: InferencePool, name: other}"
#define WEB       ", {kind: Service, name: web, port: 80}"
#define WEB_4     WEB WEB WEB WEB
#define WEB_12    WEB_4 WEB_4 WEB_4
#define FULL      "rules[0] has 16 backendRefs and the API allows 16: there is no room for the GA pool"

/* Of the documentation's pool; the whole rule in one text. */
static const char *
blocked(struct classic *c, const char *refs, bool any)
{
	struct step_status status = { .reason = "" };
	bool found;

	worldtext_put(c->world, arena_printf(&c->arena,
					     "apiVersion: gateway.networking.k8s.io/v1\n"
					     "kind: HTTPRoute\n"
					     "metadata: {name: llm-route}\n"
					     "spec: {rules: [{backendRefs: [%s]}]}\n",
					     refs));
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	found = any ? limits_block_any(&stage, &status)
		    : limits_blocked(&stage,
				     assess_pair(&c->plan, "default/vllm-llama3-8b-instruct"),
				     &status);
	return found ? status.reason : "";
}

static void
a_full_rule_has_no_room_for_a_twin(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	assert_string_equal(blocked(&c, CLASSIC_ALPHA_REF "}" WEB_12 WEB WEB WEB, false), FULL);
	assert_string_equal(blocked(&c, CLASSIC_ALPHA_REF "}" WEB_12 WEB WEB, false), "");
	/* In the simple procedure it takes the other's place. */
	c.settings.path = PATH_SIMPLE;
	assert_string_equal(blocked(&c, CLASSIC_ALPHA_REF "}" WEB_12 WEB WEB WEB, false), "");
	classic_release(&c);
}

static void
one_that_is_attached_already_needs_no_more(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	assert_string_equal(
		blocked(&c, CLASSIC_ALPHA_REF "}, " CLASSIC_GA_REF "}" WEB_12 WEB WEB, false), "");
	classic_release(&c);
}

static void
what_is_not_selected_takes_no_room_and_is_not_told(void **state)
{
	static const char *const pools[] = { "default/vllm-llama3-8b-instruct", NULL };
	static const char *const other[] = { "default/other", NULL };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL OTHER_POOL);
	assert_non_null(strstr(blocked(&c, CLASSIC_ALPHA_REF "}, " OTHER_REF WEB_12 WEB, false),
			       "rules[0] has 15 backendRefs"));
	c.settings.pools = pools;
	assert_string_equal(blocked(&c, CLASSIC_ALPHA_REF "}, " OTHER_REF WEB_12 WEB, false), "");
	c.settings.pools = other;
	assert_string_equal(blocked(&c, CLASSIC_ALPHA_REF "}" WEB_12 WEB WEB WEB, true), "");
	c.settings.pools = pools;
	assert_string_equal(blocked(&c, CLASSIC_ALPHA_REF "}" WEB_12 WEB WEB WEB, true), FULL);
	classic_release(&c);
}

static void
weights_are_looked_at_where_the_pool_has_some(void **state)
{
	static const int64_t ramp[] = { 10000, PPM_ALL };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	c.settings.ramp = ramp;
	c.settings.ramp_count = 2;
	assert_non_null(
		strstr(blocked(&c,
			       CLASSIC_ALPHA_REF
			       ", weight: 999983}, {kind: Service, name: web, weight: 999979}",
			       false),
		       "rules[0] cannot go to 1 %"));
	assert_string_equal(blocked(&c,
				    CLASSIC_ALPHA_REF
				    ", weight: 0}, {kind: Service, name: web, weight: 999979}",
				    false),
			    "");
	/* What the others have is not the pool's to be moved, however crooked. */
	assert_string_equal(blocked(&c,
				    "{kind: Service, name: web, weight: 999983}, {kind: Service, "
				    "name: web, weight: 999979}",
				    false),
			    "");
	/* Half-way the twin has a part of the sum already. */
	assert_string_equal(
		blocked(&c, CLASSIC_ALPHA_REF ", weight: 99}, " CLASSIC_GA_REF ", weight: 1}",
			false),
		"");
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_rule_has_no_room_for_a_twin),
		cmocka_unit_test(one_that_is_attached_already_needs_no_more),
		cmocka_unit_test(what_is_not_selected_takes_no_room_and_is_not_told),
		cmocka_unit_test(weights_are_looked_at_where_the_pool_has_some),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
