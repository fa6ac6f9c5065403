/* detach, and the attach of the simple procedure: what leaves a route and what comes back. */
#include "tests/unit/classic.h"

#define EPP "vllm-llama3-8b-instruct-epp"
#define MIRROR(group, name)                                                \
	"{type: RequestMirror, requestMirror: {backendRef: {group: " group \
	", kind: InferencePool, name: " name "}}}"
#define ALPHA_MIRROR MIRROR("inference.networking.x-k8s.io", "vllm-llama3-8b-instruct")

static void
init(struct classic *c, const char *yaml)
{
	classic_init(c, yaml);
	c->settings.path = PATH_SIMPLE;
}

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

/* "patch [...]" or "create {...}" of every write, one a line; recorded as done. */
static const char *
writes_for(struct classic *c, size_t pair, enum step_id step, bool undo)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct intent_list list = { 0 };
	struct err err = { 0 };
	const struct step *row = step_row(step);
	const char *text = "";

	assert_true(pair < c->plan.pair_count);
	if (!(undo ? row->back : row->writes)(&stage, &c->plan.pairs[pair], &list, &err))
		return arena_string(&c->arena, err.text);
	for (size_t i = 0; i < list.count; i++) {
		const struct intent *intent = &list.items[i];

		text = arena_printf(&c->arena, "%s%s%s%s%s", text, i == 0 ? "" : "\n",
				    verb_name(intent->verb), intent->body[0] == '\0' ? "" : " ",
				    intent->body);
		classic_record(c, intent);
	}
	return text;
}

static const char *
writes_of(struct classic *c, enum step_id step, bool undo)
{
	const char *text = writes_for(c, 0, step, undo);

	assert_int_equal(c->plan.pair_count, 1);
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
every_alpha_reference_and_mirror_is_taken_out_and_the_rest_stays(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL);
	classic_journal(&c);
	put_route(&c, "{filters: [" ALPHA_MIRROR "], backendRefs: [" CLASSIC_ALPHA_REF
		      ", weight: 90}, {name: web, port: 80, weight: 10}]}, "
		      "{backendRefs: [" CLASSIC_ALPHA_REF "}]}");
	assert_string_equal(checked(&c, STEP_DETACH), "ready");
	assert_string_not_equal(checked(&c, STEP_ATTACH), "done");
	assert_string_equal(
		writes_of(&c, STEP_DETACH, false),
		"patch [{\"op\":\"replace\",\"path\":\"/spec/rules/0/filters\",\"value\":[]},"
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs\",\"value\":"
		"[{\"name\":\"web\",\"port\":80,\"weight\":10}]},"
		"{\"op\":\"replace\",\"path\":\"/spec/rules/1/backendRefs\",\"value\":[]}]");
	classic_release(&c);
}

static void
a_route_with_nothing_left_goes_only_when_that_was_asked_for(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL);
	classic_journal(&c);
	put_route(&c, "{backendRefs: [" CLASSIC_ALPHA_REF "}]}");
	c.settings.delete_routes = true;
	assert_string_equal(writes_of(&c, STEP_DETACH, false), "delete");
	put_route(&c, "{backendRefs: [" CLASSIC_ALPHA_REF "}]}, {backendRefs: [{name: web}]}");
	assert_string_equal(
		writes_of(&c, STEP_DETACH, false),
		"patch [{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs\",\"value\":[]}]");
	classic_release(&c);
}

static void
the_ga_pool_gets_the_place_the_weight_and_the_filters_of_the_alpha_one(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL CLASSIC_GA);
	classic_journal(&c);
	put_route(&c, "{filters: [" ALPHA_MIRROR
		      "], backendRefs: [{name: web, port: 80}, " CLASSIC_ALPHA_REF
		      ", port: 8000, weight: 90, filters: [" ALPHA_MIRROR "]}]}");
	writes_of(&c, STEP_DETACH, false);
	put_route(&c, "{filters: [], backendRefs: [{name: web, port: 80}]}");
	assert_string_equal(checked(&c, STEP_DETACH), "done");
	assert_string_equal(checked(&c, STEP_ATTACH), "ready");
	assert_string_equal(
		writes_of(&c, STEP_ATTACH, false),
		"patch [{\"op\":\"add\",\"path\":\"/spec/rules/0/backendRefs/1\",\"value\":"
		"{\"group\":\"inference.networking.k8s.io\",\"kind\":\"InferencePool\","
		"\"name\":\"vllm-llama3-8b-instruct-ga\",\"port\":8000,\"weight\":90,"
		"\"filters\":[{\"type\":\"RequestMirror\",\"requestMirror\":{\"backendRef\":"
		"{\"group\":\"inference.networking.k8s.io\",\"kind\":\"InferencePool\","
		"\"name\":\"vllm-llama3-8b-instruct-ga\"}}}]}},"
		"{\"op\":\"add\",\"path\":\"/spec/rules/0/filters/0\",\"value\":"
		"{\"type\":\"RequestMirror\",\"requestMirror\":{\"backendRef\":"
		"{\"group\":\"inference.networking.k8s.io\",\"kind\":\"InferencePool\","
		"\"name\":\"vllm-llama3-8b-instruct-ga\"}}}}]");
	classic_release(&c);
}

#define SECOND_POOL                                                   \
	"---\n"                                                       \
	"{apiVersion: inference.networking.x-k8s.io/v1alpha2, kind: " \
	"InferencePool, metadata: {name: second}, spec: "             \
	"{targetPortNumber: 8000, selector: {app: second}, "          \
	"extensionRef: {name: second-epp}}}\n"
#define SECOND_REF                                                           \
	"{group: inference.networking.x-k8s.io, kind: InferencePool, name: " \
	"second, weight: 1}"
#define GA_REF(name) \
	"{group: inference.networking.k8s.io, kind: InferencePool, name: " name "-ga, weight: 1}"
#define WEB "{name: web, port: 80, weight: 5}"
enum { SECOND, FIRST }; /* pairs go by name */

/* Detached one after the other, by two runs: the second one's copy does not have the first any
 * more. */
static void
pools_that_share_a_rule_come_back_in_their_order_whichever_is_first(void **state)
{
	(void)state;
	for (int first = SECOND; first <= FIRST; first++) {
		struct classic c;
		const char *rule = first == SECOND ? GA_REF("second") ", " WEB
						   : GA_REF("vllm-llama3-8b-instruct") ", " WEB;

		init(&c, CLASSIC_POOL SECOND_POOL CLASSIC_GA);
		classic_journal(&c);
		put_route(&c, "{backendRefs: [" CLASSIC_ALPHA_REF ", weight: 3}, " SECOND_REF
			      ", " WEB "]}");
		writes_for(&c, FIRST, STEP_DETACH, false);
		put_route(&c, "{backendRefs: [" SECOND_REF ", " WEB "]}");
		writes_for(&c, SECOND, STEP_DETACH, false);
		put_route(&c, "{backendRefs: [" WEB "]}");
		assert_non_null(strstr(writes_for(&c, (size_t)first, STEP_ATTACH, false),
				       "/spec/rules/0/backendRefs/0\""));
		put_route(&c, arena_printf(&c.arena, "{backendRefs: [%s]}", rule));
		assert_non_null(strstr(writes_for(&c, (size_t)!first, STEP_ATTACH, false),
				       first == SECOND ? "/spec/rules/0/backendRefs/0\""
						       : "/spec/rules/0/backendRefs/1\""));
		classic_release(&c);
	}
}

static void
a_deleted_route_is_made_again_with_the_ga_pool(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL CLASSIC_GA);
	classic_journal(&c);
	c.settings.delete_routes = true;
	put_route(&c, "{backendRefs: [" CLASSIC_ALPHA_REF "}]}");
	writes_of(&c, STEP_DETACH, false);
	world_remove(c.world, KIND_ROUTE, "default", "llm-route", NULL);
	assert_string_equal(
		writes_of(&c, STEP_ATTACH, false),
		"create {\"apiVersion\":\"gateway.networking.k8s.io/v1\",\"kind\":\"HTTPRoute\","
		"\"metadata\":{\"name\":\"llm-route\",\"namespace\":\"default\"},\"spec\":"
		"{\"parentRefs\":[{\"name\":\"inference-gateway\"}],\"rules\":[{\"backendRefs\":"
		"[{\"group\":\"inference.networking.k8s.io\",\"kind\":\"InferencePool\","
		"\"name\":\"vllm-llama3-8b-instruct-ga\"}]}]}}");
	put_route(&c, "{backendRefs: [" CLASSIC_GA_REF "}]}");
	assert_string_equal(writes_of(&c, STEP_ATTACH, true), "delete");
	classic_release(&c);
}

static void
the_references_go_back_to_where_they_were(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL);
	classic_journal(&c);
	put_route(&c, "{backendRefs: [" CLASSIC_ALPHA_REF
		      ", weight: 3}, {name: web}, " CLASSIC_ALPHA_REF "}]}");
	writes_of(&c, STEP_DETACH, false);
	put_route(&c, "{backendRefs: [{name: web}]}");
	assert_string_equal(
		writes_of(&c, STEP_DETACH, true),
		"patch [{\"op\":\"add\",\"path\":\"/spec/rules/0/backendRefs/0\",\"value\":"
		"{\"group\":\"inference.networking.x-k8s.io\",\"kind\":\"InferencePool\","
		"\"name\":\"vllm-llama3-8b-instruct\",\"weight\":3}},"
		"{\"op\":\"add\",\"path\":\"/spec/rules/0/backendRefs/2\",\"value\":"
		"{\"group\":\"inference.networking.x-k8s.io\",\"kind\":\"InferencePool\","
		"\"name\":\"vllm-llama3-8b-instruct\"}}]");
	classic_release(&c);
}

static void
a_rule_that_somebody_took_away_is_named(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL);
	classic_journal(&c);
	put_route(&c, "{backendRefs: [{name: web}]}, {backendRefs: [" CLASSIC_ALPHA_REF "}]}");
	writes_of(&c, STEP_DETACH, false);
	put_route(&c, "{backendRefs: [{name: web}]}");
	assert_string_equal(
		writes_of(&c, STEP_DETACH, true),
		"HTTPRoute default/llm-route (gateway.networking.k8s.io) has no rules[1] any more, "
		"which named α pool vllm-llama3-8b-instruct; add the rule again, or the reference "
		"by hand");
	classic_release(&c);
}

static void
what_would_stop_a_later_step_stops_it_before_the_downtime(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL
	     "---\n"
	     "{apiVersion: v1, kind: Service, metadata: {name: vllm-llama3-8b-instruct-ga-epp}}\n");
	put_route(&c, "{backendRefs: [" CLASSIC_ALPHA_REF "}]}");
	assert_string_equal(checked(&c, STEP_DETACH),
			    "blocked: an object of this name is there already and belongs to "
			    "somebody else");
	classic_release(&c);
}

/* The clean-up is recorded and the world forgets, as if it had been done. */
static void
clean_up(struct classic *c)
{
	writes_of(c, STEP_CLEANUP, false);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		if (kind != KIND_ROUTE)
			world_clear(c->world, kind);
}

static void
a_pool_that_is_gone_is_remembered_with_its_models(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL CLASSIC_MODELS CLASSIC_PICKER(EPP, EPP));
	classic_journal(&c);
	clean_up(&c);
	snprintf(c.world->server.version, sizeof(c.world->server.version), "v1.33.0");
	classic_stage(&c, PPM_UNKNOWN);
	assert_int_equal(c.plan.pair_count, 1);
	assert_string_equal(c.plan.pairs[0].alpha, "vllm-llama3-8b-instruct");
	assert_string_equal(c.plan.pairs[0].alpha_uid, "");
	assert_int_equal(c.plan.pairs[0].model_count, 2);
	assert_string_equal(c.plan.pairs[0].models[1].name, "food-review");
	assert_int_equal(c.plan.pairs[0].models[1].priority, 2);
	assert_string_equal(checked(&c, STEP_POOL), "ready");
	assert_string_equal(checked(&c, STEP_CRDS), "ready");
	classic_release(&c);
}

static void
the_other_procedure_does_not_go_on_with_it(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL);
	classic_journal(&c);
	clean_up(&c);
	c.settings.path = PATH_ZERO_DOWNTIME;
	classic_stage(&c, PPM_UNKNOWN);
	assert_string_equal(classic_status(&c, &c.plan.pairs[0].steps[STEP_POOL]),
			    "blocked: the α pool was deleted and has no GA pool yet: a simple "
			    "migration is under way");
	classic_release(&c);
}

static void
downtime_runs_from_the_detach_to_the_first_answer(void **state)
{
	struct verification seen = {
		.ran = true,
		.probed = true,
		.pair = "",
		.probe = { .status = 200, .url = "", .served_by = "", .error = "" }
	};
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL CLASSIC_GA);
	classic_journal(&c);
	put_route(&c, "{backendRefs: [" CLASSIC_ALPHA_REF "}]}");
	classic_stage(&c, PPM_UNKNOWN);
	assert_int_equal(c.plan.downtime.began, 0);
	writes_of(&c, STEP_DETACH, false);
	put_route(&c, "{backendRefs: []}");
	c.world->wall += 7000000000;
	seen.wall = c.world->wall;
	c.input.verification = &seen;
	writes_of(&c, STEP_ATTACH, false);
	classic_stage(&c, PPM_UNKNOWN);
	assert_int_equal(c.plan.downtime.ended - c.plan.downtime.began, 7000000000);
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_alpha_reference_and_mirror_is_taken_out_and_the_rest_stays),
		cmocka_unit_test(a_route_with_nothing_left_goes_only_when_that_was_asked_for),
		cmocka_unit_test(
			the_ga_pool_gets_the_place_the_weight_and_the_filters_of_the_alpha_one),
		cmocka_unit_test(
			pools_that_share_a_rule_come_back_in_their_order_whichever_is_first),
		cmocka_unit_test(a_deleted_route_is_made_again_with_the_ga_pool),
		cmocka_unit_test(the_references_go_back_to_where_they_were),
		cmocka_unit_test(a_rule_that_somebody_took_away_is_named),
		cmocka_unit_test(what_would_stop_a_later_step_stops_it_before_the_downtime),
		cmocka_unit_test(a_pool_that_is_gone_is_remembered_with_its_models),
		cmocka_unit_test(the_other_procedure_does_not_go_on_with_it),
		cmocka_unit_test(downtime_runs_from_the_detach_to_the_first_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
