/* Policies that target the pool: carried whole, taken away with it, and the ones nobody knows. */
#include "tests/unit/classic.h"

#define ALPHA               "inference.networking.x-k8s.io"
#define GA                  "inference.networking.k8s.io"
#define TARGET(group, name) "targetRef: {group: " group ", kind: InferencePool, name: " name "}"
#define POLICY(kind, name, more)             \
	"---\n"                              \
	"apiVersion: networking.gke.io/v1\n" \
	"kind: " kind "\n"                   \
	"metadata: {name: " name "}\n"       \
	"spec: {" more "}\n"
#define ALPHA_TARGET TARGET(ALPHA, "vllm-llama3-8b-instruct")
#define GA_TARGET    TARGET(GA, "vllm-llama3-8b-instruct-ga")
#define HEALTH                                                                                 \
	POLICY("HealthCheckPolicy", "health",                                                  \
	       "default: {config: {type: HTTP, httpHealthCheck: {requestPath: /health, port: " \
	       "8000}}}, " ALPHA_TARGET)

/* "apply Kind name" of every write of a step that is about a policy or a pool, one a line. */
static const char *
writes_of(struct classic *c, enum step_id step, bool undo, const char **body)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct intent_list list = { 0 };
	struct err err = { 0 };
	const char *text = "";

	if (!(undo ? step_row(step)->back : step_row(step)->writes)(&stage, &c->plan.pairs[0],
								    &list, &err))
		return arena_string(&c->arena, err.text);
	for (size_t i = 0; i < list.count; i++) {
		const struct intent *intent = &list.items[i];
		bool policy =
			intent->kind == KIND_BACKEND_POLICY || intent->kind == KIND_HEALTH_POLICY;

		if (c->journal != NULL)
			classic_record(c, intent);
		if (policy && body != NULL)
			*body = intent->body;
		if (policy || intent->kind == KIND_GA_POOL || intent->kind == KIND_ALPHA_POOL)
			text = arena_printf(&c->arena, "%s%s%s %s %s", text,
					    text[0] == '\0' ? "" : ", ", verb_name(intent->verb),
					    kind_row(intent->kind)->object, intent->name);
	}
	return text;
}

static const char *
checked(struct classic *c, struct step_status *status)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);

	step_row(STEP_POOL)->check(&stage, &c->plan.pairs[0], status);
	return classic_status(c, status);
}

static void
a_policy_is_made_for_the_ga_pool_with_every_setting_before_the_pool(void **state)
{
	const char *body = "";
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL HEALTH);
	assert_string_equal(writes_of(&c, STEP_POOL, false, &body),
			    "apply HealthCheckPolicy health-ga, "
			    "apply InferencePool vllm-llama3-8b-instruct-ga");
	assert_string_equal(
		body, "{\"apiVersion\":\"networking.gke.io/v1\",\"kind\":\"HealthCheckPolicy\","
		      "\"metadata\":{\"name\":\"health-ga\",\"namespace\":\"default\"},\"spec\":"
		      "{\"default\":{\"config\":{\"type\":\"HTTP\",\"httpHealthCheck\":"
		      "{\"requestPath\":\"/health\",\"port\":8000}}},\"targetRef\":{\"group\":\"" GA
		      "\",\"kind\":\"InferencePool\",\"name\":\"vllm-llama3-8b-instruct-ga\"}}}");
	classic_release(&c);
}

static void
one_target_has_one_policy_and_the_oldest_counts(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL
		     "---\n{apiVersion: networking.gke.io/v1, kind: GCPBackendPolicy, metadata: "
		     "{name: a-new, creationTimestamp: '2026-02-01T00:00:00Z'}, spec: "
		     "{" ALPHA_TARGET "}}\n"
		     "---\n{apiVersion: networking.gke.io/v1, kind: GCPBackendPolicy, metadata: "
		     "{name: b-old, creationTimestamp: '2026-01-01T00:00:00Z'}, spec: "
		     "{" ALPHA_TARGET "}}\n");
	assert_string_equal(writes_of(&c, STEP_POOL, false, NULL),
			    "apply GCPBackendPolicy b-old-ga, "
			    "apply InferencePool vllm-llama3-8b-instruct-ga");
	worldtext_put(c.world, POLICY("GCPBackendPolicy", "by-hand", GA_TARGET));
	assert_string_equal(writes_of(&c, STEP_POOL, false, NULL),
			    "apply InferencePool vllm-llama3-8b-instruct-ga");
	classic_release(&c);
}

static void
a_pool_that_is_there_without_its_policy_gets_it(void **state)
{
	struct step_status status = { 0 };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA CLASSIC_PICKER("vllm-llama3-8b-instruct-ga-epp",
								"x") HEALTH);
	assert_string_equal(checked(&c, &status), "ready");
	assert_string_equal(writes_of(&c, STEP_POOL, false, NULL),
			    "apply HealthCheckPolicy health-ga");
	classic_release(&c);
}

static void
a_taken_name_blocks(void **state)
{
	struct step_status status = { 0 };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL HEALTH POLICY("HealthCheckPolicy", "health-ga",
						    TARGET(GA, "of-others")));
	assert_string_equal(checked(&c, &status),
			    "blocked: an object of this name is there already and belongs to "
			    "somebody else");
	assert_string_equal(status.object,
			    "HealthCheckPolicy default/health-ga (networking.gke.io)");
	classic_release(&c);
}

static void
the_clean_up_takes_the_alpha_policies_and_gives_them_back(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL HEALTH POLICY("HealthCheckPolicy", "health-ga", GA_TARGET)
				 POLICY("GCPBackendPolicy", "timeout", ALPHA_TARGET));
	classic_journal(&c);
	assert_string_equal(writes_of(&c, STEP_CLEANUP, false, NULL),
			    "delete GCPBackendPolicy timeout, delete HealthCheckPolicy health, "
			    "delete InferencePool vllm-llama3-8b-instruct");
	world_clear(c.world, KIND_ALPHA_POOL);
	world_clear(c.world, KIND_BACKEND_POLICY);
	world_clear(c.world, KIND_HEALTH_POLICY);
	worldtext_put(c.world, CLASSIC_GA);
	assert_string_equal(writes_of(&c, STEP_CLEANUP, true, NULL),
			    "create HealthCheckPolicy health, create GCPBackendPolicy timeout, "
			    "create InferencePool vllm-llama3-8b-instruct");
	classic_release(&c);
}

static void
what_somebody_has_put_back_already_is_not_made_once_more(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL HEALTH);
	classic_journal(&c);
	writes_of(&c, STEP_CLEANUP, false, NULL);
	world_clear(c.world, KIND_ALPHA_POOL);
	worldtext_put(c.world, CLASSIC_GA);
	assert_string_equal(writes_of(&c, STEP_CLEANUP, true, NULL),
			    "create InferencePool vllm-llama3-8b-instruct");
	classic_release(&c);
}

static void
the_simple_procedure_remembers_what_it_deleted(void **state)
{
	const char *body = "";
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL HEALTH);
	c.settings.path = PATH_SIMPLE;
	classic_journal(&c);
	writes_of(&c, STEP_CLEANUP, false, NULL);
	world_clear(c.world, KIND_ALPHA_POOL);
	world_clear(c.world, KIND_HEALTH_POLICY);
	assert_string_equal(writes_of(&c, STEP_POOL, false, &body),
			    "apply HealthCheckPolicy health-ga, "
			    "apply InferencePool vllm-llama3-8b-instruct-ga");
	assert_non_null(strstr(body, "\"requestPath\":\"/health\""));
	classic_release(&c);
}

#define POLICY_OF(meta, target)              \
	"---\n"                              \
	"apiVersion: networking.gke.io/v1\n" \
	"kind: HealthCheckPolicy\n"          \
	"metadata: {" meta "}\n"             \
	"spec: {" target "}\n"
#define OURS ", managedFields: [{manager: poolshift, operation: Apply}]"

static void
of_other_namespaces_pools_and_kinds_nothing_is_carried(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c,
		     CLASSIC_POOL POLICY_OF("name: elsewhere, namespace: team-b", ALPHA_TARGET)
			     POLICY_OF("name: of-service",
				       "targetRef: {group: " ALPHA ", kind: Service, name: "
				       "vllm-llama3-8b-instruct}")
				     POLICY_OF("name: of-other-group", TARGET("", "vllm-llama3-8b-"
										  "instruct")));
	assert_string_equal(writes_of(&c, STEP_POOL, false, NULL),
			    "apply InferencePool vllm-llama3-8b-instruct-ga");
	/* A policy for a pool of that name elsewhere is not the GA pool's. */
	worldtext_put(c.world, HEALTH);
	worldtext_put(c.world, POLICY_OF("name: ga-elsewhere, namespace: team-b", GA_TARGET));
	assert_string_equal(writes_of(&c, STEP_POOL, false, NULL),
			    "apply HealthCheckPolicy health-ga, "
			    "apply InferencePool vllm-llama3-8b-instruct-ga");
	classic_release(&c);
}

static void
taken_back_only_what_was_made_for_the_pool_goes(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL POLICY_OF("name: made" OURS,
						GA_TARGET) POLICY_OF("name: by-hand", GA_TARGET)
				 POLICY_OF("name: of-other" OURS, TARGET(GA, "other-ga")) POLICY_OF(
					 "name: elsewhere, namespace: team-b" OURS, GA_TARGET));
	assert_string_equal(writes_of(&c, STEP_POOL, true, NULL), "delete HealthCheckPolicy made");
	classic_release(&c);
}

static void
a_name_that_we_took_ourselves_blocks_nothing(void **state)
{
	struct step_status status = { 0 };
	struct classic c;

	(void)state;
	classic_init(
		&c, CLASSIC_POOL HEALTH POLICY_OF("name: health-ga" OURS, TARGET(GA, "of-others")));
	assert_string_equal(checked(&c, &status), "ready");
	classic_release(&c);
}

static void
what_may_not_be_listed_elsewhere_is_nothing_to_this_pool(void **state)
{
	struct unlisted list = {
		.group = "example.com", .resource = "limits", .kind = "LimitPolicy", .ns = "team-b"
	};
	struct step_status status = { 0 };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	world_set_unlisted(c.world, &list, 1);
	assert_string_equal(checked(&c, &status), "ready");
	list.ns = "";
	world_set_unlisted(c.world, &list, 1);
	assert_non_null(
		strstr(checked(&c, &status), "you may not list limits in namespace default"));
	classic_release(&c);
}

static void
a_policy_of_an_unknown_kind_blocks_until_there_is_one_for_the_ga_pool(void **state)
{
	struct stranger list[2] = {
		{ .group = "example.com",
		  .kind = "RateLimitPolicy",
		  .ns = "default",
		  .name = "slow",
		  .target = { .group = ALPHA,
			      .kind = "InferencePool",
			      .ns = "default",
			      .name = "vllm-llama3-8b-instruct" } },
		{ .group = "example.com",
		  .kind = "RateLimitPolicy",
		  .ns = "default",
		  .name = "new",
		  .target = { .group = GA,
			      .kind = "InferencePool",
			      .ns = "default",
			      .name = "vllm-llama3-8b-instruct-ga" } },
	};
	struct step_status status = { 0 };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	world_set_strangers(c.world, list, 1);
	assert_string_equal(
		checked(&c, &status),
		"blocked: this policy is for the α pool, and a policy of a kind that is "
		"not known is not carried over");
	assert_string_equal(status.object, "RateLimitPolicy default/slow (example.com)");
	world_set_strangers(c.world, list, 2);
	assert_string_equal(checked(&c, &status), "ready");
	for (int other = 0; other < 3; other++) {
		struct stranger changed[2] = { list[0], list[1] };

		changed[1].group = other == 0 ? "example.org" : list[1].group;
		changed[1].kind = other == 1 ? "RetryPolicy" : list[1].kind;
		changed[1].ns = other == 2 ? "team-b" : list[1].ns;
		world_set_strangers(c.world, changed, 2);
		assert_string_not_equal(checked(&c, &status), "ready");
	}
	list[0].ns = "team-b";
	world_set_strangers(c.world, list, 1);
	assert_string_equal(checked(&c, &status), "ready");
	list[0].ns = "default";
	list[0].target.name = "other";
	world_set_strangers(c.world, list, 1);
	assert_string_equal(checked(&c, &status), "ready");
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_policy_is_made_for_the_ga_pool_with_every_setting_before_the_pool),
		cmocka_unit_test(one_target_has_one_policy_and_the_oldest_counts),
		cmocka_unit_test(a_pool_that_is_there_without_its_policy_gets_it),
		cmocka_unit_test(a_taken_name_blocks),
		cmocka_unit_test(the_clean_up_takes_the_alpha_policies_and_gives_them_back),
		cmocka_unit_test(what_somebody_has_put_back_already_is_not_made_once_more),
		cmocka_unit_test(the_simple_procedure_remembers_what_it_deleted),
		cmocka_unit_test(of_other_namespaces_pools_and_kinds_nothing_is_carried),
		cmocka_unit_test(taken_back_only_what_was_made_for_the_pool_goes),
		cmocka_unit_test(a_name_that_we_took_ourselves_blocks_nothing),
		cmocka_unit_test(what_may_not_be_listed_elsewhere_is_nothing_to_this_pool),
		cmocka_unit_test(
			a_policy_of_an_unknown_kind_blocks_until_there_is_one_for_the_ga_pool),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
