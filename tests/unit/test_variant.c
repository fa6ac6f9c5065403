/* What of the old picker's Deployment is offered for the new one, and taken only when asked for. */
#include "tests/unit/classic.h"

#define EPP "vllm-llama3-8b-instruct-epp"
#define OWN(image)                                              \
	"---\n"                                                 \
	"{apiVersion: v1, kind: Service, metadata: {name: " EPP \
	"}, spec: {selector: {inferencepool: e}}}\n"            \
	"---\n"                                                 \
	"apiVersion: apps/v1\n"                                 \
	"kind: Deployment\n"                                    \
	"metadata: {name: " EPP "}\n"                           \
	"spec:\n"                                               \
	"  replicas: 3\n"                                       \
	"  selector: {matchLabels: {inferencepool: e}}\n"       \
	"  template:\n"                                         \
	"    metadata: {labels: {inferencepool: e}}\n"          \
	"    spec:\n"                                           \
	"      nodeSelector: {pool: cpu}\n"                     \
	"      tolerations: [{key: cpu, operator: Exists}]\n"   \
	"      imagePullSecrets: [{name: mirror}]\n"            \
	"      containers: [{name: epp, image: '" image         \
	"', args: [--poolName, x], resources: {limits: {cpu: '4'}}}]\n"
#define MIRROR "mirror.example:5000/gie/epp@sha256:00"

/* "replicas 3", one a line, with " taken" where it is. */
static const char *
offers(struct classic *c)
{
	const struct pair *pair;
	const char *text = "";

	classic_stage(c, PPM_UNKNOWN);
	pair = &c->plan.pairs[0];
	for (size_t i = 0; i < pair->offer_count; i++)
		text = arena_printf(&c->arena, "%s%s %s%s\n", text,
				    carry_name(pair->offers[i].what), pair->offers[i].value,
				    pair->offers[i].taken ? " taken" : "");
	return text;
}

/* The new Deployment, to be freed. */
static struct json *
deployment(struct classic *c, const char **summary)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct intent_list list = { 0 };
	const struct intent *last;

	assert_true(step_row(STEP_POOL)->writes(&stage, &c->plan.pairs[0], &list, NULL));
	assert_true(list.count > 0);
	last = &list.items[list.count - 1];
	assert_int_equal(last->kind, KIND_DEPLOYMENT);
	*summary = last->summary;
	return json_parse(last->body, strlen(last->body), NULL);
}

static void
everything_of_the_owner_is_offered_and_nothing_is_taken_unasked(void **state)
{
	const char *summary;
	struct json *json;
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL OWN(MIRROR));
	assert_string_equal(offers(&c), "resources {\"limits\":{\"cpu\":\"4\"}}\n"
					"scheduling nodeSelector, tolerations\n"
					"replicas 3\n"
					"pull-secrets [{\"name\":\"mirror\"}]\n"
					"registry mirror.example:5000/gie/epp:v1.0.0\n");
	json = deployment(&c, &summary);
	assert_int_equal(json_integer_at(json, "spec.replicas", 0), 1);
	assert_null(json_at(json, "spec.template.spec.nodeSelector"));
	assert_null(json_at(json, "spec.template.spec.containers[0].resources"));
	assert_string_equal(json_string_at(json, "spec.template.spec.containers[0].image"),
			    "registry.k8s.io/gateway-api-inference-extension/epp:v1.0.0");
	json_free(json);
	classic_release(&c);
}

static void
what_is_asked_for_is_taken_and_its_flags_never(void **state)
{
	const char *summary;
	struct json *json;
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL OWN(MIRROR));
	for (enum carry what = 0; what < CARRY_COUNT; what++)
		c.settings.carry[what] = true;
	json = deployment(&c, &summary);
	assert_string_equal(summary, "image mirror.example:5000/gie/epp:v1.0.0, as chart "
				     "inferencepool v1.0.0 makes it, with resources, scheduling, "
				     "replicas, pull-secrets, registry of the old one");
	assert_int_equal(json_integer_at(json, "spec.replicas", 0), 3);
	assert_string_equal(json_string_at(json, "spec.template.spec.nodeSelector.pool"), "cpu");
	assert_string_equal(json_string_at(json, "spec.template.spec.tolerations[0].key"), "cpu");
	assert_string_equal(json_string_at(json, "spec.template.spec.imagePullSecrets[0].name"),
			    "mirror");
	assert_string_equal(
		json_string_at(json, "spec.template.spec.containers[0].resources.limits.cpu"), "4");
	assert_string_equal(json_string_at(json, "spec.template.spec.containers[0].args[0]"),
			    "--pool-name");
	json_free(json);
	classic_release(&c);
}

static void
an_image_asked_for_by_name_wins_over_the_mirror(void **state)
{
	const char *summary;
	struct json *json;
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL OWN(MIRROR));
	c.settings.carry[CARRY_REGISTRY] = true;
	c.settings.epp_image = "other.example/epp:v1";
	json = deployment(&c, &summary);
	assert_string_equal(json_string_at(json, "spec.template.spec.containers[0].image"),
			    "other.example/epp:v1");
	json_free(json);
	classic_release(&c);
}

static void
a_mirror_is_known_by_its_host_and_keeps_its_path(void **state)
{
	struct classic c;

	(void)state;
	classic_init(
		&c, CLASSIC_POOL OWN("registry.k8s.io/gateway-api-inference-extension/epp:v0.3.0"));
	assert_null(strstr(offers(&c), "registry "));
	worldtext_put(c.world, OWN("epp:v0.3.0"));
	assert_null(strstr(offers(&c), "registry "));
	worldtext_put(c.world, OWN("mirror.example/picker:v0.3.0"));
	assert_non_null(strstr(offers(&c),
			       "registry mirror.example/gateway-api-inference-extension/"
			       "epp:v1.0.0"));
	classic_release(&c);
}

static void
the_simple_procedure_offers_it_after_the_old_one_is_gone(void **state)
{
	struct stage stage;
	struct intent_list list = { 0 };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL OWN(MIRROR));
	c.settings.path = PATH_SIMPLE;
	classic_journal(&c);
	stage = classic_stage(&c, PPM_UNKNOWN);
	assert_true(step_row(STEP_CLEANUP)->writes(&stage, &c.plan.pairs[0], &list, NULL));
	for (size_t i = 0; i < list.count; i++)
		classic_record(&c, &list.items[i]);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		world_clear(c.world, kind);
	assert_non_null(strstr(offers(&c), "replicas 3\n"));
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_of_the_owner_is_offered_and_nothing_is_taken_unasked),
		cmocka_unit_test(what_is_asked_for_is_taken_and_its_flags_never),
		cmocka_unit_test(an_image_asked_for_by_name_wins_over_the_mirror),
		cmocka_unit_test(a_mirror_is_known_by_its_host_and_keeps_its_path),
		cmocka_unit_test(the_simple_procedure_offers_it_after_the_old_one_is_gone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
