/* The GA pool by helm: its values, what is in the way, what the chart cannot say, and its undo. */
#include "tests/unit/classic.h"

#include "core/migrate/release.h"

#define POOL          "vllm-llama3-8b-instruct"
#define HELM(release) "annotations: {meta.helm.sh/release-name: " release "}"
/* The alpha pool of a release, with more in its metadata, selector and picker. */
#define ALPHA(meta, selector, picker)                                                         \
	"---\napiVersion: inference.networking.x-k8s.io/v1alpha2\nkind: InferencePool\n"      \
	"metadata: {name: " POOL ", " meta "}\n"                                              \
	"spec: {targetPortNumber: 8000, selector: {" selector "}, extensionRef: {name: " POOL \
	"-epp" picker "}}\n"
#define PLAIN ALPHA("labels: {}", "app: " POOL, "")
#define GA(meta)                                                                            \
	"---\napiVersion: inference.networking.k8s.io/v1\nkind: InferencePool\n"            \
	"metadata: {name: " POOL "-ga, " meta "}\n"                                         \
	"spec: {targetPorts: [{number: 8000}], selector: {matchLabels: {app: " POOL "}},\n" \
	"  endpointPickerRef: {name: " POOL "-ga-epp, port: {number: 9002}}}\n"
#define POLICY                                                                               \
	"---\napiVersion: networking.gke.io/v1\nkind: HealthCheckPolicy\n"                   \
	"metadata: {name: probe}\nspec: {targetRef: {group: inference.networking.x-k8s.io, " \
	"kind: InferencePool, name: " POOL "}}\n"

static void
helm_init(struct classic *c, const char *yaml)
{
	classic_init(c, yaml);
	c->settings.installer = INSTALLER_HELM;
	c->settings.helm = "/usr/bin/helm";
	c->settings.chart = "charts/inferencepool";
}

static struct intent_list
written(struct classic *c)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct intent_list list = { 0 };

	assert_true(step_row(STEP_POOL)->writes(&stage, &c->plan.pairs[0], &list, NULL));
	return list;
}

static const char *
command(struct classic *c)
{
	struct intent_list list = written(c);

	assert_true(list.count > 0);
	assert_int_equal(list.items[0].verb, VERB_INSTALL);
	return release_command(&list.items[0], "", &c->arena);
}

static const char *
state_of(struct classic *c, const char **advice)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct step_status status = { 0 };

	step_row(STEP_POOL)->check(&stage, &c->plan.pairs[0], &status);
	*advice = status.advice;
	return classic_status(c, &status);
}

#define PORTS                                                     \
	"--set 'inferencePool.targetPorts[0].number=8000' --set " \
	"inferencePool.targetPortNumber=8000 "

static void
the_chart_gets_the_labels_both_ports_and_no_provider(void **state)
{
	struct classic c;

	(void)state;
	helm_init(&c, PLAIN);
	assert_string_equal(command(&c),
			    "helm install " POOL "-ga charts/inferencepool --namespace default "
			    "--set-string inferencePool.modelServers.matchLabels.app=" POOL
			    " " PORTS "--set provider.name=none");
	classic_release(&c);
}

static void
a_dotted_key_is_escaped_and_a_value_is_always_text(void **state)
{
	struct classic c;

	(void)state;
	helm_init(&c, ALPHA("labels: {}", "app.kubernetes.io/name: 'true'", ""));
	assert_non_null(strstr(command(&c), "--set-string 'inferencePool.modelServers.matchLabels."
					    "app\\.kubernetes\\.io/name=true'"));
	classic_release(&c);
}

static void
the_official_chart_is_the_default_and_the_persons_values_come_last(void **state)
{
	static const char *const sets[] = { "provider.name=istio", "a=b c", NULL };
	struct classic c;

	(void)state;
	helm_init(&c, PLAIN);
	c.settings.chart = NULL;
	c.settings.sets = sets;
	c.settings.epp_image = "registry.example/mirror/epp:v1.0.1";
	assert_string_equal(command(&c),
			    "helm install " POOL
			    "-ga oci://registry.k8s.io/gateway-api-inference-extension/"
			    "charts/inferencepool --namespace default --version v1.0.0 "
			    "--set-string inferencePool.modelServers.matchLabels.app=" POOL
			    " " PORTS "--set provider.name=none "
			    "--set-string inferenceExtension.image.hub=registry.example/mirror "
			    "--set-string inferenceExtension.image.name=epp "
			    "--set-string inferenceExtension.image.tag=v1.0.1 "
			    "--set provider.name=istio --set 'a=b c'");
	classic_release(&c);
}

static void
provider_gke_needs_gke_its_kinds_and_no_policy_of_the_alpha_pool(void **state)
{
	struct classic c;

	(void)state;
	helm_init(&c, PLAIN);
	c.world->server.gke = true;
	assert_non_null(strstr(command(&c), "provider.name=gke"));
	c.world->view[KIND_HEALTH_POLICY].state = VIEW_NOT_INSTALLED;
	assert_non_null(strstr(command(&c), "provider.name=none"));
	c.world->view[KIND_HEALTH_POLICY].state = VIEW_LIVE;
	c.world->no_pod_monitoring = true;
	assert_non_null(strstr(command(&c), "provider.name=none"));
	assert_non_null(strstr(written(&c).items[0].summary,
			       "provider none, since the cluster does not serve "
			       "ClusterPodMonitoring, which gke makes"));
	c.world->no_pod_monitoring = false;
	worldtext_put(c.world, POLICY);
	assert_non_null(strstr(command(&c), "provider.name=none"));
	assert_int_equal(written(&c).items[1].kind, KIND_HEALTH_POLICY);
	classic_release(&c);
}

static void
provider_gke_asked_for_where_a_kind_is_missing_is_blocked_before_half_is_made(void **state)
{
	static const char *const sets[] = { "provider.name=gke", NULL };
	static const char *const again[] = { "provider.name=gke", "provider.name=none", NULL };
	struct classic c;
	const char *advice;

	(void)state;
	helm_init(&c, PLAIN);
	c.settings.sets = sets;
	assert_string_equal(state_of(&c, &advice), "ready");
	assert_non_null(strstr(written(&c).items[0].summary, "provider gke, as --set says"));
	c.world->no_pod_monitoring = true;
	assert_string_equal(state_of(&c, &advice),
			    "blocked: --set provider.name=gke has the chart make a "
			    "ClusterPodMonitoring, which the cluster does not serve: the install "
			    "would fail half-way");
	assert_non_null(strstr(advice, "--set provider.name=none"));
	c.settings.sets = again;
	assert_string_equal(state_of(&c, &advice), "ready");
	classic_release(&c);
}

static void
what_the_chart_cannot_say_is_applied_after_it(void **state)
{
	struct classic c;
	struct intent_list list;

	(void)state;
	helm_init(&c, ALPHA("labels: {}", "app: " POOL, ", failureMode: FailOpen"));
	list = written(&c);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[1].verb, VERB_APPLY);
	assert_true(list.items[1].force);
	assert_true(list.items[1].after_others);
	assert_string_equal(
		list.items[1].body,
		"{\"apiVersion\":\"inference.networking.k8s.io/v1\",\"kind\":\"InferencePool\","
		"\"metadata\":{\"name\":\"" POOL "-ga\",\"namespace\":\"default\",\"annotations\":"
		"{\"poolshift/alpha-pool\":\"" POOL "\"}},\"spec\":{\"endpointPickerRef\":"
		"{\"failureMode\":\"FailOpen\"}}}");
	worldtext_put(c.world, GA(HELM(POOL "-ga")));
	list = written(&c);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].kind, KIND_GA_POOL);
	assert_string_equal(list.items[0].uid, "uid-inferencepools-" POOL "-ga");
	classic_release(&c);
}

static void
auto_takes_helm_where_the_alpha_pool_is_a_release_and_helm_is_there(void **state)
{
	struct classic c;

	(void)state;
	helm_init(&c, ALPHA(HELM(POOL), "app: " POOL, ""));
	c.settings.installer = INSTALLER_AUTO;
	assert_int_equal(written(&c).items[0].verb, VERB_INSTALL);
	c.settings.helm = NULL;
	assert_int_equal(written(&c).items[0].verb, VERB_APPLY);
	c.settings.helm = "/usr/bin/helm";
	worldtext_put(c.world, PLAIN);
	assert_int_equal(written(&c).items[0].verb, VERB_APPLY);
	classic_release(&c);
}

static void
what_the_chart_would_collide_with_blocks_before_it_runs(void **state)
{
	struct classic c;
	const char *advice;

	(void)state;
	helm_init(&c, PLAIN "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n"
			    "metadata: {name: " POOL "-ga-epp, annotations: "
			    "{meta.helm.sh/release-name: " POOL "-ga, "
			    "meta.helm.sh/release-namespace: team-a}}\n");
	assert_string_equal(
		state_of(&c, &advice),
		"blocked: an object of this name is there already, of Helm release " POOL
		"-ga, and the chart would make one, too");
	assert_non_null(strstr(advice, "--ga-name"));
	classic_release(&c);
}

static void
what_the_chart_has_no_value_for_blocks(void **state)
{
	struct classic c;
	const char *advice;

	(void)state;
	helm_init(&c, PLAIN);
	assert_string_equal(state_of(&c, &advice), "ready");
	c.settings.epp_image = "registry.example/epp@sha256:0123";
	assert_non_null(strstr(state_of(&c, &advice), "HUB/NAME:TAG"));
	c.settings.epp_image = NULL;
	c.settings.carry[CARRY_REPLICAS] = true;
	assert_non_null(strstr(state_of(&c, &advice), "--carry is of the native way"));
	assert_non_null(strstr(advice, "--installer native"));
	classic_release(&c);
}

static void
record(struct classic *c, const struct intent *intent, enum journal_end end)
{
	int64_t id;

	assert_true(journal_intent(c->journal, intent, NULL, false, c->world->wall, 0, &id, NULL));
	if (end != JOURNAL_OPEN)
		assert_true(journal_outcome(c->journal, id, end, 0, NULL, "no", 1, c->world->wall,
					    NULL));
}

static void
a_half_release_is_removed_before_it_is_installed_anew(void **state)
{
	static const enum journal_end ends[] = { JOURNAL_FAILED, JOURNAL_OPEN };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct classic c;
		struct intent_list list;
		const char *advice;

		helm_init(&c, PLAIN);
		classic_journal(&c);
		list = written(&c);
		record(&c, &list.items[0], ends[i]);
		worldtext_put(c.world, GA(HELM(POOL "-ga")));
		assert_string_equal(state_of(&c, &advice), "ready");
		list = written(&c);
		assert_int_equal(list.count, 3);
		assert_int_equal(list.items[0].verb, VERB_UNINSTALL);
		assert_int_equal(list.items[1].verb, VERB_INSTALL);
		assert_true(list.items[1].after_others);
		record(&c, &list.items[0], JOURNAL_DONE);
		c.world->change++;
		assert_true(world_remove(c.world, KIND_GA_POOL, "default", POOL "-ga", NULL));
		assert_int_equal(written(&c).items[0].verb, VERB_INSTALL);
		classic_release(&c);
	}
}

static void
an_install_that_left_nothing_is_not_half(void **state)
{
	struct classic c;
	struct intent_list list;

	(void)state;
	helm_init(&c, PLAIN);
	classic_journal(&c);
	list = written(&c);
	record(&c, &list.items[0], JOURNAL_NOT_SENT);
	assert_int_equal(written(&c).items[0].verb, VERB_INSTALL);
	classic_release(&c);
}

static void
what_helm_made_is_taken_back_by_helm(void **state)
{
	struct classic c;
	struct intent_list list;
	struct stage stage;

	(void)state;
	helm_init(&c, PLAIN);
	classic_journal(&c);
	list = written(&c);
	record(&c, &list.items[0], JOURNAL_DONE);
	worldtext_put(c.world, GA(HELM(POOL "-ga")));
	stage = classic_stage(&c, PPM_UNKNOWN);
	list = (struct intent_list){ 0 };
	assert_true(step_row(STEP_POOL)->back(&stage, &c.plan.pairs[0], &list, NULL));
	assert_int_equal(list.count, 1);
	assert_true(list.items[0].undo);
	assert_string_equal(release_command(&list.items[0], "gke", &c.arena),
			    "helm --kube-context gke uninstall " POOL "-ga --namespace default");
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_chart_gets_the_labels_both_ports_and_no_provider),
		cmocka_unit_test(a_dotted_key_is_escaped_and_a_value_is_always_text),
		cmocka_unit_test(
			the_official_chart_is_the_default_and_the_persons_values_come_last),
		cmocka_unit_test(provider_gke_needs_gke_its_kinds_and_no_policy_of_the_alpha_pool),
		cmocka_unit_test(
			provider_gke_asked_for_where_a_kind_is_missing_is_blocked_before_half_is_made),
		cmocka_unit_test(what_the_chart_cannot_say_is_applied_after_it),
		cmocka_unit_test(
			auto_takes_helm_where_the_alpha_pool_is_a_release_and_helm_is_there),
		cmocka_unit_test(what_the_chart_would_collide_with_blocks_before_it_runs),
		cmocka_unit_test(what_the_chart_has_no_value_for_blocks),
		cmocka_unit_test(a_half_release_is_removed_before_it_is_installed_anew),
		cmocka_unit_test(an_install_that_left_nothing_is_not_half),
		cmocka_unit_test(what_helm_made_is_taken_back_by_helm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
