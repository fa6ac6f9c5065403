/* The end of the migration as manifests, from wherever the cluster stands. */
#include "tests/unit/classic.h"
#include "core/migrate/target.h"

#define NAME "vllm-llama3-8b-instruct"
#define KEPT                                                                                 \
	"---\n"                                                                              \
	"apiVersion: gateway.networking.k8s.io/v1\n"                                         \
	"kind: HTTPRoute\n"                                                                  \
	"metadata:\n"                                                                        \
	"  name: llm-route\n"                                                                \
	"  labels: {kustomize.toolkit.fluxcd.io/name: apps}\n"                               \
	"  annotations: {kubectl.kubernetes.io/last-applied-configuration: '{}'}\n"          \
	"spec:\n"                                                                            \
	"  rules:\n"                                                                         \
	"  - filters:\n"                                                                     \
	"    - {type: RequestMirror, requestMirror: {backendRef: " CLASSIC_ALPHA_REF "}}}\n" \
	"    backendRefs: [{name: web, weight: 10}, " CLASSIC_ALPHA_REF ", weight: 90}]\n"   \
	"status: {parents: []}\n"

/* The text of one file, or the names of all when it is not there. */
static const char *
file(struct classic *c, const char *name)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct err err = { 0 };
	size_t count;
	const struct target_file *files = target_files(&stage, &count, &err);
	const char *names = "";

	if (files == NULL)
		return arena_string(&c->arena, err.text);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(files[i].name, name) == 0)
			return files[i].yaml;
		names = arena_printf(&c->arena, "%s%s\n", names, files[i].name);
	}
	return names;
}

static void
everything_that_will_be_is_a_file(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_MODELS KEPT);
	assert_string_equal(file(&c, ""), "default.serviceaccount." NAME "-ga-epp.yaml\n"
					  "default.role." NAME "-ga-epp.yaml\n"
					  "default.rolebinding." NAME "-ga-epp.yaml\n"
					  "clusterrole." NAME "-ga-epp.yaml\n"
					  "clusterrolebinding." NAME "-ga-epp.yaml\n"
					  "default.configmap." NAME "-ga-epp.yaml\n"
					  "default.service." NAME "-ga-epp.yaml\n"
					  "default.inferencepool." NAME "-ga.yaml\n"
					  "default.deployment." NAME "-ga-epp.yaml\n"
					  "default.inferenceobjective.base-model.yaml\n"
					  "default.inferenceobjective.food-review.yaml\n"
					  "default.httproute.llm-route.yaml\n");
	classic_release(&c);
}

static void
a_route_names_the_ga_pool_wherever_it_named_the_alpha_one(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL KEPT);
	assert_string_equal(file(&c, "default.httproute.llm-route.yaml"),
			    "apiVersion: gateway.networking.k8s.io/v1\n"
			    "kind: HTTPRoute\n"
			    "metadata:\n"
			    "  name: llm-route\n"
			    "  labels:\n"
			    "    kustomize.toolkit.fluxcd.io/name: apps\n"
			    "  namespace: default\n"
			    "spec:\n"
			    "  rules:\n"
			    "  - filters:\n"
			    "    - type: RequestMirror\n"
			    "      requestMirror:\n"
			    "        backendRef:\n"
			    "          group: inference.networking.k8s.io\n"
			    "          kind: InferencePool\n"
			    "          name: vllm-llama3-8b-instruct-ga\n"
			    "    backendRefs:\n"
			    "    - name: web\n"
			    "      weight: 10\n"
			    "    - group: inference.networking.k8s.io\n"
			    "      kind: InferencePool\n"
			    "      name: vllm-llama3-8b-instruct-ga\n"
			    "      weight: 90\n");
	classic_release(&c);
}

static void
halfway_the_ga_pool_gets_what_the_alpha_one_still_has(void **state)
{
	const char *route;
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA);
	classic_route(c.world,
		      "{name: web, weight: 10}, " CLASSIC_ALPHA_REF ", weight: 60}, " CLASSIC_GA_REF
		      ", weight: 30}",
		      CLASSIC_RESOLVED, "");
	route = file(&c, "default.httproute.llm-route.yaml");
	assert_non_null(strstr(route, "    - name: web\n"
				      "      weight: 10\n"
				      "    - group: inference.networking.k8s.io\n"
				      "      kind: InferencePool\n"
				      "      name: vllm-llama3-8b-instruct-ga\n"
				      "      weight: 90\n"));
	assert_null(strstr(route, "x-k8s.io"));
	classic_release(&c);
}

static void
two_pools_of_one_rule_both_end_in_the_same_manifest(void **state)
{
	const char *route;
	struct classic c;

	(void)state;
	classic_init(
		&c, CLASSIC_POOL CLASSIC_GA
		"---\n"
		"apiVersion: inference.networking.x-k8s.io/v1alpha2\n"
		"kind: InferencePool\n"
		"metadata: {name: a}\n"
		"spec: {targetPortNumber: 8000, selector: {app: x}, extensionRef: {name: x}}\n");
	classic_route(c.world,
		      CLASSIC_ALPHA_REF
		      ", weight: 3}, " CLASSIC_GA_REF ", weight: 1}, "
		      "{group: inference.networking.x-k8s.io, kind: InferencePool, name: a, "
		      "weight: 4}",
		      CLASSIC_RESOLVED, "");
	route = file(&c, "default.httproute.llm-route.yaml");
	assert_non_null(strstr(route, "      name: vllm-llama3-8b-instruct-ga\n"
				      "      weight: 50\n"
				      "    - group: inference.networking.k8s.io\n"
				      "      kind: InferencePool\n"
				      "      name: a-ga\n"
				      "      weight: 50\n"));
	assert_null(strstr(route, "x-k8s.io"));
	classic_release(&c);
}

static void
weights_are_those_of_the_last_shift_and_the_simple_procedure_keeps_them(void **state)
{
	const char *route;
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 9}, {name: web, weight: 1}",
		      CLASSIC_RESOLVED, "");
	route = file(&c, "default.httproute.llm-route.yaml");
	assert_non_null(
		strstr(route, "-ga\n      weight: 90\n    - name: web\n      weight: 10\n"));
	c.settings.path = PATH_SIMPLE;
	route = file(&c, "default.httproute.llm-route.yaml");
	assert_non_null(strstr(route, "-ga\n      weight: 9\n    - name: web\n      weight: 1\n"));
	classic_release(&c);
}

static void
what_stands_already_is_printed_as_it_stands(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA_ACCEPTED CLASSIC_PICKER(
				 "vllm-llama3-8b-instruct-ga-epp", "own"));
	assert_non_null(strstr(file(&c, "default.deployment." NAME "-ga-epp.yaml"),
			       "serviceAccountName: own"));
	assert_null(strstr(file(&c, "default.inferencepool." NAME "-ga.yaml"), "status"));
	assert_null(strstr(file(&c, "default.inferencepool." NAME "-ga.yaml"), "uid"));
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_that_will_be_is_a_file),
		cmocka_unit_test(a_route_names_the_ga_pool_wherever_it_named_the_alpha_one),
		cmocka_unit_test(halfway_the_ga_pool_gets_what_the_alpha_one_still_has),
		cmocka_unit_test(two_pools_of_one_rule_both_end_in_the_same_manifest),
		cmocka_unit_test(
			weights_are_those_of_the_last_shift_and_the_simple_procedure_keeps_them),
		cmocka_unit_test(what_stands_already_is_printed_as_it_stands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
