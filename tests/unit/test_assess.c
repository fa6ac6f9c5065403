/* assess: the same plan from the same world, whoever looks. */
#include <time.h>

#include "tests/unit/classic.h"

#define EPP    "vllm-llama3-8b-instruct-epp"
#define GA_EPP "vllm-llama3-8b-instruct-ga-epp"
#define PROVEN                                                                    \
	CLASSIC_POOL CLASSIC_GATEWAY CLASSIC_GA_ACCEPTED CLASSIC_PICKER(EPP, EPP) \
		CLASSIC_PICKER(GA_EPP, GA_EPP)

/* The old CRD alone: the v1 CRDs are still to be installed. */
#define ALPHA_CRD                                                                             \
	"---\n"                                                                               \
	"apiVersion: apiextensions.k8s.io/v1\n"                                               \
	"kind: CustomResourceDefinition\n"                                                    \
	"metadata: {name: inferencepools.inference.networking.x-k8s.io}\n"                    \
	"spec: {group: inference.networking.x-k8s.io, names: {plural: inferencepools, kind: " \
	"InferencePool}}\n"

static const char *
pair_status(struct classic *c, enum step_id step)
{
	classic_stage(c, PPM_UNKNOWN);
	return classic_status(c, &c->plan.pairs[0].steps[step]);
}

static const struct step_status *
plan_status(struct classic *c, enum step_id step)
{
	classic_stage(c, PPM_UNKNOWN);
	for (size_t i = 0; i < c->plan.step_count; i++)
		if (c->plan.steps[i].id == step)
			return &c->plan.steps[i].status;
	return NULL;
}

/* "default/a → a-ga 250000" for each pair. */
static const char *
pairs_text(struct classic *c)
{
	const char *text = "";

	classic_stage(c, PPM_UNKNOWN);
	for (size_t i = 0; i < c->plan.pair_count; i++)
		text = arena_printf(&c->arena, "%s%s%s%s/%s → %s%s %lld", text, i == 0 ? "" : ", ",
				    c->plan.pairs[i].selected ? "" : "-", c->plan.pairs[i].ns,
				    c->plan.pairs[i].alpha, c->plan.pairs[i].ga,
				    c->plan.pairs[i].ga_uid[0] == '\0' ? "?" : "",
				    (long long)c->plan.pairs[i].written);
	return text;
}

#define ALPHA(meta)                                                                            \
	"---\n"                                                                                \
	"{apiVersion: inference.networking.x-k8s.io/v1alpha2, kind: InferencePool, metadata: " \
	"{" meta "}, "                                                                         \
	"spec: {targetPortNumber: 8000, selector: {app: x}, extensionRef: {name: epp}}}\n"
#define GA(meta)                                                                                   \
	"---\n"                                                                                    \
	"{apiVersion: inference.networking.k8s.io/v1, kind: InferencePool, metadata: {" meta "}, " \
	"spec: {targetPorts: [{number: 8000}], selector: {matchLabels: {app: x}}, "                \
	"endpointPickerRef: {name: e}}}\n"

static void
a_pair_is_found_by_what_the_ga_pool_says_else_by_name(void **state)
{
	struct classic c;

	(void)state;
	classic_init(
		&c, ALPHA("name: a-preview") ALPHA("name: b") ALPHA("name: c")
			    GA("name: odd, annotations: {poolshift/alpha-pool: b}") GA("name: c-ga")
				    GA("name: done-ga, annotations: {poolshift/alpha-pool: done}"));
	assert_string_equal(
		pairs_text(&c),
		"default/a-preview → a-ga? -1, default/b → odd -1, default/c → c-ga -1, "
		"default/done → done-ga -1");
	classic_release(&c);
}

static void
a_ga_pool_of_another_alpha_pool_is_not_taken_for_its_name(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c,
		     ALPHA("name: c") GA("name: c-ga, annotations: {poolshift/alpha-pool: other}"));
	assert_string_equal(pairs_text(&c), "default/c → c-ga? -1, default/other → c-ga -1");
	assert_string_equal(pair_status(&c, STEP_POOL),
			    "blocked: α pools c and other would both become GA pool c-ga");
	classic_release(&c);
}

static void
selection_completes_bare_names_with_the_namespace_in_scope(void **state)
{
	static const char *const bare[] = { "c", NULL }, *const full[] = { "team-a/c", NULL };
	struct classic c;

	(void)state;
	classic_init(&c, ALPHA("name: c") ALPHA("name: c, namespace: team-a"));
	c.settings.pools = bare;
	assert_string_equal(pairs_text(&c), "default/c → c-ga? -1, -team-a/c → c-ga? -1");
	c.settings.default_ns = "team-a";
	assert_string_equal(pairs_text(&c), "-default/c → c-ga? -1, team-a/c → c-ga? -1");
	c.settings.pools = full;
	c.settings.ga_name = "new";
	assert_string_equal(pairs_text(&c), "-default/c → c-ga? -1, team-a/c → new? -1");
	classic_release(&c);
}

static void
rules_at_different_shares_are_apart(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 3}, " CLASSIC_GA_REF ", weight: 1}",
		      CLASSIC_RESOLVED, "");
	assert_string_equal(pairs_text(&c),
			    "default/vllm-llama3-8b-instruct → vllm-llama3-8b-instruct-ga 250000");
	worldtext_put(c.world, "apiVersion: gateway.networking.k8s.io/v1\n"
			       "kind: HTTPRoute\n"
			       "metadata: {name: second}\n"
			       "spec: {rules: [{backendRefs: [" CLASSIC_ALPHA_REF "}]}]}\n");
	assert_string_equal(pairs_text(&c),
			    "default/vllm-llama3-8b-instruct → vllm-llama3-8b-instruct-ga -2");
	classic_release(&c);
}

static void
nothing_to_migrate_only_where_that_was_seen(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, "");
	assert_int_equal(plan_status(&c, STEP_POOL)->state, STATE_SKIPPED);
	assert_true(c.plan.nothing_to_migrate);
	assert_int_equal(c.plan.next, STEP_COUNT);
	c.world->view[KIND_MODEL].state = VIEW_FORBIDDEN;
	plan_status(&c, STEP_POOL);
	assert_false(c.plan.nothing_to_migrate);
	c.world->view[KIND_MODEL].state = VIEW_NOT_INSTALLED;
	c.world->view[KIND_ALPHA_POOL].state = VIEW_NOT_INSTALLED;
	plan_status(&c, STEP_POOL);
	assert_true(c.plan.nothing_to_migrate);
	worldtext_put(c.world, GA("name: done-ga, annotations: {poolshift/alpha-pool: done}"));
	plan_status(&c, STEP_POOL);
	assert_true(!c.plan.nothing_to_migrate && c.plan.ever_migrated);
	classic_release(&c);
}

static void
what_cannot_be_seen_is_unknown_and_names_verb_and_kind(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, ALPHA_CRD);
	snprintf(c.world->server.version, sizeof(c.world->server.version), "v1.33.0");
	c.world->view[KIND_ALPHA_POOL].state = VIEW_FORBIDDEN;
	snprintf(c.world->view[KIND_ALPHA_POOL].reason, sizeof(c.world->view[0].reason), "RBAC");
	assert_string_equal(
		classic_status(&c, plan_status(&c, STEP_ATTACH)),
		"unknown: list inferencepools.inference.networking.x-k8s.io: you may not: RBAC");
	assert_string_equal(classic_status(&c, plan_status(&c, STEP_CHECK)),
			    "waiting: comes after crds");
	classic_release(&c);
}

static void
a_step_waits_for_the_one_before_but_not_for_verify(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN ALPHA_CRD);
	snprintf(c.world->server.version, sizeof(c.world->server.version), "v1.33.0");
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 0}, " CLASSIC_GA_REF ", weight: 100}",
		      CLASSIC_RESOLVED, "");
	assert_string_equal(pair_status(&c, STEP_SHIFT), "done");
	assert_string_equal(pair_status(&c, STEP_VERIFY), "waiting: comes after crds");
	assert_string_equal(pair_status(&c, STEP_FINALIZE), "waiting: comes after crds");
	world_clear(c.world, KIND_CRD);
	assert_string_equal(pair_status(&c, STEP_VERIFY), "ready");
	assert_string_equal(pair_status(&c, STEP_FINALIZE), "ready");
	assert_string_equal(pair_status(&c, STEP_CLEANUP),
			    "waiting: rules[0] still names the α pool");
	classic_release(&c);
}

static void
verify_is_done_by_a_verification_and_undone_by_a_later_write(void **state)
{
	struct classic c;
	struct verification result;
	struct stage stage;

	(void)state;
	classic_init(&c, PROVEN);
	worldtext_put(c.world,
		      "{apiVersion: v1, kind: Pod, metadata: {name: v-1, labels: {app: "
		      "vllm-llama3-8b-instruct}}, "
		      "status: {phase: Running, conditions: [{type: Ready, status: 'True'}]}}\n");
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 1}, " CLASSIC_GA_REF ", weight: 1}",
		      CLASSIC_RESOLVED, "2026-09-21T14:13:00Z");
	stage = classic_stage(&c, PPM_UNKNOWN);
	assess_verification(&stage, &c.plan.pairs[0], NULL, &result);
	for (size_t i = 0; i < result.check_count; i++)
		if (!result.checks[i].ok)
			fail_msg("%s %s: %s", result.checks[i].name, result.checks[i].object,
				 result.checks[i].detail);
	assert_true(result.ran && result.ok);
	c.input.verification = &result;
	assert_string_equal(pair_status(&c, STEP_VERIFY), "done");
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 1}, " CLASSIC_GA_REF ", weight: 2}",
		      CLASSIC_RESOLVED, "2026-09-21T14:14:00Z");
	assert_string_not_equal(pair_status(&c, STEP_VERIFY), "done");
	classic_release(&c);
}

static void
the_checks_name_what_is_wrong(void **state)
{
	struct classic c;
	struct verification result;
	struct stage stage;
	struct probe_view probe = { .url = "http://10.0.0.7:80/v1/completions",
				    .status = 503,
				    .served_by = "",
				    .error = "" };
	const char *failed = "";

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA);
	classic_route(c.world, CLASSIC_ALPHA_REF "}, " CLASSIC_GA_REF "}",
		      CLASSIC_REFUSED("BackendNotFound", "2026-09-21T00:00:00Z"), "");
	stage = classic_stage(&c, PPM_UNKNOWN);
	assess_verification(&stage, &c.plan.pairs[0], &probe, &result);
	for (size_t i = 0; i < result.check_count; i++)
		if (!result.checks[i].ok)
			failed = arena_printf(&c.arena, "%s%s ", failed, result.checks[i].name);
	assert_false(result.ok);
	assert_string_equal(failed, "gateway-programmed route-resolved ga-pool-accepted "
				    "picker-available pods-ready probe ");
	classic_release(&c);
}

/* What the check of the GA picker says of a world. */
static const char *
said_of_the_picker(struct classic *c)
{
	struct verification result;
	struct stage stage = classic_stage(c, PPM_UNKNOWN);

	assess_verification(&stage, &c->plan.pairs[0], NULL, &result);
	for (size_t i = 0; i < result.check_count; i++)
		if (strcmp(result.checks[i].name, "picker-available") == 0)
			return arena_printf(&c->arena, "%s: %s", result.checks[i].object,
					    result.checks[i].detail);
	return "";
}

static void
a_picker_that_is_not_there_is_named_by_what_should_lead_to_it(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	assert_string_equal(said_of_the_picker(&c),
			    "default/vllm-llama3-8b-instruct-ga: there is no GA pool yet, and so "
			    "no picker");
	classic_release(&c);
	classic_init(&c, CLASSIC_POOL CLASSIC_GA);
	assert_string_equal(said_of_the_picker(&c),
			    "default/vllm-llama3-8b-instruct-ga-epp: there is no such Service, "
			    "which the GA pool names as its picker");
	worldtext_put(c.world, "{apiVersion: v1, kind: Service, "
			       "metadata: {name: vllm-llama3-8b-instruct-ga-epp}, "
			       "spec: {selector: {app: epp}}}\n");
	assert_string_equal(said_of_the_picker(&c),
			    "default/vllm-llama3-8b-instruct-ga-epp: no Deployment runs the pods "
			    "of this Service, the GA pool's picker");
	classic_release(&c);
}

static void
the_probe_goes_to_the_gateway_with_a_model_clients_use(void **state)
{
	struct classic c;
	struct stage stage;
	struct err err;
	const char *url, *host, *body;

	(void)state;
	classic_init(&c, PROVEN CLASSIC_MODELS);
	classic_route(c.world, CLASSIC_ALPHA_REF "}", CLASSIC_RESOLVED, "");
	stage = classic_stage(&c, PPM_UNKNOWN);
	assert_true(assess_probe(&stage, &c.plan.pairs[0], &url, &host, &body, &err));
	assert_string_equal(url, "http://10.0.0.7:80/v1/completions");
	assert_string_equal(host, "");
	assert_string_equal(body, "{\"model\":\"base-model\",\"prompt\":\"Say "
				  "hello.\",\"max_tokens\":8,\"temperature\":0}");
	c.settings.probe_url = "http://127.0.0.1:9/";
	c.settings.probe_path = "/v1/chat/completions";
	c.settings.probe_model = "m";
	assert_true(assess_probe(&stage, &c.plan.pairs[0], &url, &host, &body, &err));
	assert_string_equal(url, "http://127.0.0.1:9/v1/chat/completions");
	assert_non_null(strstr(body, "\"messages\":[{\"role\":\"user\""));
	c.settings.probe_url = NULL;
	world_clear(c.world, KIND_GATEWAY);
	assert_false(assess_probe(&stage, &c.plan.pairs[0], &url, &host, &body, &err));
	assert_int_equal(err.code, ERR_MISSING);
	classic_release(&c);
}

/* The steps of the plan by the first letters of their states, in order, and the next one. */
static const char *
states_text(struct classic *c)
{
	const char *text = "";

	classic_stage(c, PPM_UNKNOWN);
	for (size_t i = 0; i < c->plan.step_count; i++)
		text = arena_printf(&c->arena, "%s%s ", text,
				    step_state_name(c->plan.steps[i].status.state));
	return arena_printf(&c->arena, "%s→ %s", text,
			    c->plan.next == STEP_COUNT ? "end" : step_name(c->plan.next));
}

static void
the_next_step_follows_from_the_cluster_alone(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_route(c.world, CLASSIC_ALPHA_REF "}", CLASSIC_RESOLVED, "");
	assert_string_equal(states_text(&c),
			    "done done skipped ready waiting waiting waiting waiting "
			    "waiting done → attach");
	classic_route(c.world, CLASSIC_ALPHA_REF "}, " CLASSIC_GA_REF ", weight: 0}",
		      CLASSIC_RESOLVED, "");
	assert_string_equal(states_text(&c), "done done skipped done ready waiting waiting waiting "
					     "waiting done → shift");
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 0}, " CLASSIC_GA_REF ", weight: 100}",
		      CLASSIC_RESOLVED, "");
	assert_string_equal(states_text(&c),
			    "done done skipped done done ready ready waiting waiting "
			    "done → verify");
	classic_route(c.world, CLASSIC_GA_REF ", weight: 100}", CLASSIC_RESOLVED,
		      "2026-09-21T14:13:20Z");
	assert_string_equal(states_text(&c), "done done skipped done done skipped waiting waiting "
					     "waiting done → finalize");
	c.world->wall += 131 * INT64_C(1000000000);
	assert_string_equal(states_text(&c),
			    "done done skipped done done skipped done ready waiting "
			    "done → cleanup");
	world_clear(c.world, KIND_ALPHA_POOL);
	assert_string_equal(states_text(&c), "done done done done done skipped done done done done "
					     "→ end");
	classic_release(&c);
}

static void
what_stands_is_undone_newest_first(void **state)
{
	struct classic c;
	enum step_id steps[STEP_COUNT];
	const char *text = "";
	size_t count;

	(void)state;
	classic_init(&c, PROVEN);
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 75}, " CLASSIC_GA_REF ", weight: 25}",
		      CLASSIC_RESOLVED, "");
	classic_stage(&c, PPM_UNKNOWN);
	count = assess_undoable(&c.plan.pairs[0], NULL, PATH_ZERO_DOWNTIME, steps);
	for (size_t i = 0; i < count; i++)
		text = arena_printf(&c.arena, "%s%s ", text, step_name(steps[i]));
	assert_string_equal(text, "shift attach pool ");
	classic_release(&c);
}

static void
a_pair_is_found_by_its_title(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, ALPHA("name: c") ALPHA("name: c, namespace: team-a"));
	classic_stage(&c, PPM_UNKNOWN);
	assert_ptr_equal(assess_pair(&c.plan, "team-a/c"), &c.plan.pairs[1]);
	assert_null(assess_pair(&c.plan, "team-a/d"));
	assert_null(assess_pair(&c.plan, "c"));
	classic_release(&c);
}

/* 5,000 routes over 40 pairs; the limit is generous, for the machine may be busy and the build
 * checked. */
static void
five_thousand_routes_are_no_work(void **state)
{
	struct classic c;
	struct timespec begin, end;
	double milliseconds;
	char text[2048];

	(void)state;
	classic_init(&c, CLASSIC_GATEWAY);
	for (int i = 0; i < 40; i++) {
		snprintf(text, sizeof(text), ALPHA("name: p%d") GA("name: p%d-ga"), i, i);
		worldtext_put(c.world, text);
	}
	for (int i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text),
			 "{\"apiVersion\":\"gateway.networking.k8s.io/"
			 "v1\",\"kind\":\"HTTPRoute\",\"metadata\":{\"name\":\"r%04d\"},"
			 "\"spec\":{\"parentRefs\":[{\"name\":\"inference-gateway\"}],\"rules\":[{"
			 "\"backendRefs\":["
			 "{\"group\":\"inference.networking.x-k8s.io\",\"kind\":\"InferencePool\","
			 "\"name\":\"p%d\",\"weight\":50},"
			 "{\"group\":\"inference.networking.k8s.io\",\"kind\":\"InferencePool\","
			 "\"name\":\"p%d-ga\",\"weight\":50}]}]}}",
			 i, i % 40, i % 40);
		worldtext_put(c.world, text);
	}
	clock_gettime(CLOCK_MONOTONIC, &begin);
	classic_stage(&c, PPM_UNKNOWN);
	clock_gettime(CLOCK_MONOTONIC, &end);
	milliseconds = (double)(end.tv_sec - begin.tv_sec) * 1e3 +
		       (double)(end.tv_nsec - begin.tv_nsec) / 1e6;
	print_message("5,000 routes, 40 pairs: %.1f ms\n", milliseconds);
	assert_int_equal(c.plan.pair_count, 40);
	assert_int_equal(c.plan.pairs[0].place_count, 125);
	assert_true(milliseconds < 500);
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pair_is_found_by_what_the_ga_pool_says_else_by_name),
		cmocka_unit_test(a_ga_pool_of_another_alpha_pool_is_not_taken_for_its_name),
		cmocka_unit_test(selection_completes_bare_names_with_the_namespace_in_scope),
		cmocka_unit_test(rules_at_different_shares_are_apart),
		cmocka_unit_test(nothing_to_migrate_only_where_that_was_seen),
		cmocka_unit_test(what_cannot_be_seen_is_unknown_and_names_verb_and_kind),
		cmocka_unit_test(a_step_waits_for_the_one_before_but_not_for_verify),
		cmocka_unit_test(verify_is_done_by_a_verification_and_undone_by_a_later_write),
		cmocka_unit_test(the_checks_name_what_is_wrong),
		cmocka_unit_test(a_picker_that_is_not_there_is_named_by_what_should_lead_to_it),
		cmocka_unit_test(the_probe_goes_to_the_gateway_with_a_model_clients_use),
		cmocka_unit_test(the_next_step_follows_from_the_cluster_alone),
		cmocka_unit_test(what_stands_is_undone_newest_first),
		cmocka_unit_test(a_pair_is_found_by_its_title),
		cmocka_unit_test(five_thousand_routes_are_no_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
