#include "tests/unit/worldtext.h"

#include "core/migrate/convert.h"

#define ALPHA "apiVersion: inference.networking.x-k8s.io/v1alpha2\n"

static void
assert_yaml(struct json *json, const char *expected)
{
	struct buf out;

	buf_init(&out, BUF_MIB);
	assert_true(yaml_print(json, &out));
	assert_string_equal(out.bytes, expected);
	buf_release(&out);
	json_free(json);
}

static void
the_default_name_says_ga(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_string_equal(convert_ga_name("vllm-preview", &arena), "vllm-ga");
	assert_string_equal(convert_ga_name("vllm-alpha", &arena), "vllm-ga");
	assert_string_equal(convert_ga_name("vllm", &arena), "vllm-ga");
	assert_string_equal(convert_ga_name("alpha", &arena), "alpha-ga");
	arena_release(&arena);
}

static void
a_pickers_name_is_lower_case_and_cut_as_the_chart_does(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_string_equal(convert_picker_name("Vllm", &arena), "vllm-epp");
	assert_string_equal(
		convert_picker_name("a234567890b234567890c234567890d2345678901", &arena),
		"a234567890b234567890c234567890d234567890-epp");
	arena_release(&arena);
}

static void
a_pool_keeps_pods_ports_and_failure_mode_and_gets_a_new_picker(void **state)
{
	struct world *world = worldtext_new(
		ALPHA
		"kind: InferencePool\nmetadata: {name: vllm}\n"
		"spec: {targetPortNumber: 8000, selector: {app: vllm, tier: 'true'},\n"
		"  extensionRef: {name: old-epp, portNumber: 9999, failureMode: FailOpen}}\n");

	(void)state;
	assert_yaml(convert_pool(world->objects[KIND_ALPHA_POOL][0], "vllm-ga", "vllm-ga-epp"),
		    "apiVersion: inference.networking.k8s.io/v1\n"
		    "kind: InferencePool\n"
		    "metadata:\n"
		    "  name: vllm-ga\n"
		    "  namespace: default\n"
		    "  labels:\n"
		    "    app.kubernetes.io/name: vllm-ga-epp\n"
		    "    app.kubernetes.io/version: v1.0.0\n"
		    "  annotations:\n"
		    "    poolshift/alpha-pool: vllm\n"
		    "spec:\n"
		    "  targetPorts:\n"
		    "  - number: 8000\n"
		    "  selector:\n"
		    "    matchLabels:\n"
		    "      app: vllm\n"
		    "      tier: \"true\"\n"
		    "  endpointPickerRef:\n"
		    "    group: \"\"\n"
		    "    kind: Service\n"
		    "    name: vllm-ga-epp\n"
		    "    port:\n"
		    "      number: 9002\n"
		    "    failureMode: FailOpen\n");
	world_free(world);
}

static void
an_objective_names_the_ga_pool_by_group(void **state)
{
	(void)state;
	assert_yaml(convert_objective("default", "food-review", "vllm-ga", -1),
		    "apiVersion: inference.networking.x-k8s.io/v1alpha2\n"
		    "kind: InferenceObjective\n"
		    "metadata:\n"
		    "  name: food-review\n"
		    "  namespace: default\n"
		    "spec:\n"
		    "  priority: -1\n"
		    "  poolRef:\n"
		    "    group: inference.networking.k8s.io\n"
		    "    kind: InferencePool\n"
		    "    name: vllm-ga\n");
}

static int64_t
priority_of(const char *criticality, const struct priority *asked, size_t count)
{
	struct settings settings = settings_default();
	char text[300];
	struct world *world;
	int64_t priority;

	settings.priorities = asked;
	settings.priority_count = count;
	snprintf(text, sizeof(text),
		 ALPHA "kind: InferenceModel\nmetadata: {name: m}\nspec: {%s}\n", criticality);
	world = worldtext_new(text);
	priority = convert_priority(&settings, world->objects[KIND_MODEL][0]);
	world_free(world);
	return priority;
}

static void
only_sheddable_is_below_zero_and_what_was_asked_for_wins(void **state)
{
	const struct priority asked[] = { { "m", 7 }, { "default/m", 9 }, { "other/m", 11 } };

	(void)state;
	assert_int_equal(priority_of("criticality: Critical", NULL, 0), 2);
	assert_int_equal(priority_of("criticality: Standard", NULL, 0), 1);
	assert_int_equal(priority_of("criticality: Sheddable", NULL, 0), -1);
	assert_int_equal(priority_of("", NULL, 0), 1);
	assert_int_equal(priority_of("criticality: Critical", asked, 1), 7);
	assert_int_equal(priority_of("criticality: Critical", asked, 3), 9);
	assert_int_equal(priority_of("criticality: Critical", asked + 2, 1), 2);
}

static const struct convert_picker picker = {
	.ns = "default", .ga = "vllm-ga", .name = "vllm-ga-epp", .cluster = "default-vllm-ga-epp"
};

static const char deployment[] =
	"apiVersion: apps/v1\n"
	"kind: Deployment\n"
	"metadata:\n"
	"  name: vllm-ga-epp\n"
	"  namespace: default\n"
	"  labels:\n"
	"    app.kubernetes.io/name: vllm-ga-epp\n"
	"    app.kubernetes.io/version: v1.0.0\n"
	"spec:\n"
	"  replicas: 1\n"
	"  selector:\n"
	"    matchLabels:\n"
	"      inferencepool: vllm-ga-epp\n"
	"  template:\n"
	"    metadata:\n"
	"      labels:\n"
	"        inferencepool: vllm-ga-epp\n"
	"    spec:\n"
	"      serviceAccountName: vllm-ga-epp\n"
	"      terminationGracePeriodSeconds: 130\n"
	"      containers:\n"
	"      - name: epp\n"
	"        image: registry.k8s.io/gateway-api-inference-extension/epp:v1.0.0\n"
	"        imagePullPolicy: Always\n"
	"        args:\n"
	"        - --pool-name\n"
	"        - vllm-ga\n"
	"        - --pool-namespace\n"
	"        - default\n"
	"        - --zap-encoder\n"
	"        - json\n"
	"        - --config-file\n"
	"        - /config/default-plugins.yaml\n"
	"        - --v\n"
	"        - \"1\"\n"
	"        ports:\n"
	"        - name: grpc\n"
	"          containerPort: 9002\n"
	"        - name: grpc-health\n"
	"          containerPort: 9003\n"
	"        - name: metrics\n"
	"          containerPort: 9090\n"
	"        livenessProbe:\n"
	"          grpc:\n"
	"            port: 9003\n"
	"            service: inference-extension\n"
	"          initialDelaySeconds: 5\n"
	"          periodSeconds: 10\n"
	"        readinessProbe:\n"
	"          grpc:\n"
	"            port: 9003\n"
	"            service: inference-extension\n"
	"          initialDelaySeconds: 5\n"
	"          periodSeconds: 10\n"
	"        volumeMounts:\n"
	"        - name: plugins-config-volume\n"
	"          mountPath: /config\n"
	"      volumes:\n"
	"      - name: plugins-config-volume\n"
	"        configMap:\n"
	"          name: vllm-ga-epp\n";

static void
the_pickers_deployment_is_the_charts(void **state)
{
	(void)state;
	assert_yaml(convert_part(&picker, KIND_DEPLOYMENT), deployment);
}

static void
bindings_carry_no_labels_and_name_their_role(void **state)
{
	(void)state;
	assert_yaml(convert_part(&picker, KIND_CLUSTER_ROLE_BINDING),
		    "apiVersion: rbac.authorization.k8s.io/v1\n"
		    "kind: ClusterRoleBinding\n"
		    "metadata:\n"
		    "  name: default-vllm-ga-epp\n"
		    "subjects:\n"
		    "- kind: ServiceAccount\n"
		    "  name: vllm-ga-epp\n"
		    "  namespace: default\n"
		    "roleRef:\n"
		    "  apiGroup: rbac.authorization.k8s.io\n"
		    "  kind: ClusterRole\n"
		    "  name: default-vllm-ga-epp\n");
}

static void
the_service_comes_before_the_pool_and_every_part_is_named_like_the_picker(void **state)
{
	const enum kind *kind = convert_parts();
	size_t count = 0;

	(void)state;
	for (; kind[count] != KIND_COUNT; count++) {
		struct json *json = convert_part(&picker, kind[count]);

		assert_string_equal(json_string_at(json, "metadata.name"),
				    kind_row(kind[count])->namespaced ? "vllm-ga-epp"
								      : "default-vllm-ga-epp");
		json_free(json);
	}
	assert_int_equal(count, 7);
	assert_int_equal(kind[0], KIND_SERVICE_ACCOUNT);
	assert_int_equal(kind[6], KIND_SERVICE);
}

static void
an_image_of_ones_own_is_used(void **state)
{
	struct convert_picker own = picker;
	struct json *json;

	(void)state;
	own.image = "registry.example.com/epp:v1.0.1";
	json = convert_part(&own, KIND_DEPLOYMENT);
	assert_string_equal(json_string_at(json, "spec.template.spec.containers[0].image"),
			    "registry.example.com/epp:v1.0.1");
	json_free(json);
}

static void
every_lost_field_is_listed_with_what_to_do(void **state)
{
	struct world *world = worldtext_new(
		ALPHA
		"kind: InferenceModel\nmetadata: {name: food-review}\n"
		"spec: {modelName: food, poolRef: {name: p}, targetModels: [{name: a, weight: 90}, {name: b}]}\n"
		"---\n" ALPHA "kind: InferenceModel\nmetadata: {name: same}\n"
		"spec: {modelName: same, targetModels: [{name: same, weight: 100}]}\n");
	const struct pair pair = { .ns = "default", .alpha = "p", .ga = "p-ga" };
	const struct loss *losses;
	struct arena arena;
	size_t count;

	(void)state;
	arena_init(&arena);
	world->view[KIND_REWRITE].state = VIEW_NOT_INSTALLED;
	world->view[KIND_ALPHA_POOL].state = VIEW_STARTING;
	losses = convert_losses(world, &pair, 1, &arena, &count);
	assert_int_equal(count, 3);
	assert_string_equal(losses[0].object,
			    "InferenceModel default/food-review (inference.networking.x-k8s.io)");
	assert_string_equal(losses[0].field, "spec.modelName");
	assert_string_equal(losses[0].value, "food");
	assert_non_null(strstr(losses[0].instead, "x-gateway-inference-objective: food-review"));
	assert_string_equal(losses[1].field, "spec.targetModels");
	assert_string_equal(losses[1].value, "a 90, b");
	assert_non_null(strstr(losses[1].instead, "x-gateway-model-name-rewrite"));
	assert_string_equal(losses[1].yaml, "backendRefs:\n"
					    "- group: inference.networking.k8s.io\n"
					    "  kind: InferencePool\n"
					    "  name: p-ga\n"
					    "  weight: 90\n"
					    "  filters:\n"
					    "  - type: RequestHeaderModifier\n"
					    "    requestHeaderModifier:\n"
					    "      set:\n"
					    "      - name: x-gateway-model-name-rewrite\n"
					    "        value: 'a'\n"
					    "- group: inference.networking.k8s.io\n"
					    "  kind: InferencePool\n"
					    "  name: p-ga\n"
					    "  weight: 1\n"
					    "  filters:\n"
					    "  - type: RequestHeaderModifier\n"
					    "    requestHeaderModifier:\n"
					    "      set:\n"
					    "      - name: x-gateway-model-name-rewrite\n"
					    "        value: 'b'\n");
	assert_string_equal(losses[2].value, "same");
	world->view[KIND_REWRITE].state = VIEW_LIVE;
	losses = convert_losses(world, NULL, 0, &arena, &count);
	assert_true(losses[0].carried && losses[1].carried && !losses[2].carried);
	assert_string_equal(losses[1].why, "Carried to InferenceModelRewrite default/food-review "
					   "(inference.networking.x-k8s.io).");
	/* Once the pools are known these models have none: nothing becomes of them. */
	world->view[KIND_ALPHA_POOL].state = VIEW_LIVE;
	convert_losses(world, NULL, 0, &arena, &count);
	assert_int_equal(count, 0);
	arena_release(&arena);
	world_free(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_default_name_says_ga),
		cmocka_unit_test(a_pickers_name_is_lower_case_and_cut_as_the_chart_does),
		cmocka_unit_test(a_pool_keeps_pods_ports_and_failure_mode_and_gets_a_new_picker),
		cmocka_unit_test(an_objective_names_the_ga_pool_by_group),
		cmocka_unit_test(only_sheddable_is_below_zero_and_what_was_asked_for_wins),
		cmocka_unit_test(the_pickers_deployment_is_the_charts),
		cmocka_unit_test(bindings_carry_no_labels_and_name_their_role),
		cmocka_unit_test(
			the_service_comes_before_the_pool_and_every_part_is_named_like_the_picker),
		cmocka_unit_test(an_image_of_ones_own_is_used),
		cmocka_unit_test(every_lost_field_is_listed_with_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
