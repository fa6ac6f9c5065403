/* A release that stands, and what is asked for now. */
#include "tests/unit/classic.h"

#include "core/migrate/release.h"
#include "core/migrate/upgrade.h"

#define POOL "vllm-llama3-8b-instruct"
#define ALPHA                                                                                  \
	"---\napiVersion: inference.networking.x-k8s.io/v1alpha2\nkind: InferencePool\n"       \
	"metadata: {name: " POOL "}\n"                                                         \
	"spec: {targetPortNumber: 8000, selector: {app: " POOL "}, extensionRef: {name: " POOL \
	"-epp}}\n"
#define GA                                                                                      \
	"---\napiVersion: inference.networking.k8s.io/v1\nkind: InferencePool\n"                \
	"metadata: {name: " POOL "-ga, annotations: {meta.helm.sh/release-name: " POOL "-ga,\n" \
	"  poolshift/alpha-pool: " POOL "}}\n"                                                  \
	"spec: {targetPorts: [{number: 8000}], selector: {matchLabels: {app: " POOL "}},\n"     \
	"  endpointPickerRef: {name: " POOL "-ga-epp, port: {number: 9002}}}\n"
#define ROUTE                                                                                    \
	"---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"                       \
	"metadata: {name: llm-route}\nspec: {rules: [{backendRefs: [\n"                          \
	"  {group: inference.networking.x-k8s.io, kind: InferencePool, name: " POOL              \
	", weight: 1},\n  {group: inference.networking.k8s.io, kind: InferencePool, name: " POOL \
	"-ga, weight: 1}]}]}\n"
#define OFFICIAL "oci://registry.k8s.io/gateway-api-inference-extension/charts/inferencepool"

static struct intent_list
written(struct classic *c)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct intent_list list = { 0 };

	assert_true(step_row(STEP_POOL)->writes(&stage, &c->plan.pairs[0], &list, NULL));
	return list;
}

static bool
wanted(struct classic *c)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);

	return upgrade_wanted(&stage, &c->plan.pairs[0]);
}

static const char *
state_of(struct classic *c)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct step_status status = { 0 };

	step_row(STEP_POOL)->check(&stage, &c->plan.pairs[0], &status);
	return classic_status(c, &status);
}

static void
record(struct classic *c, const struct intent *intent, enum journal_end end, const char *revision)
{
	struct json *live = json_new_object();
	int64_t id;

	json_set_string(json_set_object(live, "metadata"), "resourceVersion", revision);
	assert_true(journal_intent(c->journal, intent, NULL, false, c->world->wall, 0, &id, NULL));
	assert_true(journal_outcome(c->journal, id, end, 0, live, "", 1, c->world->wall, NULL));
	json_free(live);
}

/* Installed with these values, at revision 1. */
static void
installed(struct classic *c, const char *const *sets)
{
	struct intent_list list;

	classic_init(c, ALPHA ROUTE);
	classic_journal(c);
	c->settings.installer = INSTALLER_HELM;
	c->settings.helm = "/usr/bin/helm";
	c->settings.sets = sets;
	list = written(c);
	assert_int_equal(list.items[0].verb, VERB_INSTALL);
	record(c, &list.items[0], JOURNAL_DONE, "1");
	worldtext_put(c->world, GA);
}

static void
what_is_asked_for_and_does_not_stand_is_an_upgrade(void **state)
{
	static const struct {
		const char *made[4], *asked[4];
		bool wanted;
	} rows[] = {
		{ { "a=1", "b=2" }, { NULL }, false },
		{ { "a=1", "b=2" }, { "a=1", "b=2" }, false },
		{ { "a=1", "b=2" }, { "b=2" }, false },
		{ { "a=1", "b=2" }, { "b=3" }, true },
		{ { "a=1", "b=2" }, { "c=1" }, true },
		{ { "a=1", "a=2" }, { "a=1" }, true },
		{ { "a=1", "a=2" }, { "a=2" }, false },
		{ { "a=1,b=2", "b=3" }, { "a=1,b=2" }, true },
		{ { "b=3", "a=1,b=2" }, { "b=3" }, true },
		{ { "a=1,b=2", "b=3" }, { "a=1,b=2", "b=3" }, false },
		{ { "a=1", "b=2" }, { "b=2", "a=1" }, false },
		{ { "b=3" }, { "a=1,b=2", "b=3" }, true },
		{ { "a=1", "b=2" }, { "a=2", "a=1", "b=2" }, false },
		{ { "ab=1", "a=2" }, { "ab=1" }, false },
		{ { "auth.token=aaaaaaaa" }, { "auth.token=aaaaaaaa" }, false },
		{ { NULL }, { "auth.token=aaaaaaaa" }, true },
		{ { NULL }, { "provider.name=none" }, false },
		{ { NULL }, { "provider.name=istio" }, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct classic c;

		installed(&c, rows[i].made);
		assert_false(wanted(&c));
		c.settings.sets = rows[i].asked;
		assert_int_equal(wanted(&c), rows[i].wanted);
		c.settings.installer = INSTALLER_NATIVE;
		assert_false(wanted(&c));
		classic_release(&c);
	}
}

static void
an_upgrade_keeps_what_is_not_asked_for_anew(void **state)
{
	static const char *const made[] = { "a=1", NULL }, *const asked[] = { "b=2", NULL };
	struct intent_list list;
	struct classic c;

	(void)state;
	installed(&c, made);
	c.settings.sets = asked;
	list = written(&c);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].verb, VERB_UPGRADE);
	assert_string_equal(list.items[0].version_seen, "1");
	assert_string_equal(list.items[0].summary, "now with --set b=2");
	assert_string_equal(
		release_command(&list.items[0], "", &c.arena),
		"helm upgrade " POOL "-ga " OFFICIAL " --namespace default --set-string "
		"inferencePool.modelServers.matchLabels.app=" POOL
		" --set 'inferencePool.targetPorts[0].number=8000' --set "
		"inferencePool.targetPortNumber=8000 --set provider.name=none --set a=1 "
		"--version v1.0.0 --set b=2");
	record(&c, &list.items[0], JOURNAL_DONE, "2");
	assert_false(wanted(&c));
	c.settings.sets = made;
	assert_false(wanted(&c));
	classic_release(&c);
}

static void
what_is_said_again_stands_once_and_counts_where_it_is_last(void **state)
{
	static const char *const made[] = { "auth.token=aaaaaaaa", "a=1", "a=2,b=1", NULL },
				 *const asked[] = { "auth.token=aaaaaaaa", "a=1", NULL };
	struct classic c;

	(void)state;
	installed(&c, made);
	c.settings.sets = asked;
	assert_non_null(strstr(release_command(&written(&c).items[0], "", &c.arena),
			       "--set provider.name=none --set a=2,b=1 --version v1.0.0 --set "
			       "'auth.token=***' --set a=1"));
	classic_release(&c);
}

static void
another_chart_comes_without_the_version_of_the_one_before(void **state)
{
	struct intent_list list;
	const char *command;
	struct classic c;

	(void)state;
	installed(&c, NULL);
	c.settings.chart_version = "v1.0.0";
	assert_false(wanted(&c));
	c.settings.chart_version = "v1.0.1";
	assert_non_null(
		strstr(release_command(&written(&c).items[0], "", &c.arena), "--version v1.0.1"));
	c.settings.chart_version = NULL;
	c.settings.chart = "charts/inferencepool";
	list = written(&c);
	assert_string_equal(list.items[0].summary, "now with --chart charts/inferencepool");
	command = release_command(&list.items[0], "", &c.arena);
	assert_non_null(strstr(command, POOL "-ga charts/inferencepool --namespace default"));
	assert_null(strstr(command, "--version"));
	classic_release(&c);
}

static void
another_image_is_asked_for_in_its_three_parts(void **state)
{
	const char *summary;
	struct classic c;

	(void)state;
	installed(&c, NULL);
	c.settings.epp_image = "registry.example/mirror/epp:v1.0.1";
	summary = written(&c).items[0].summary;
	assert_string_equal(summary,
			    "now with --set-string "
			    "inferenceExtension.image.hub=registry.example/mirror, --set-string "
			    "inferenceExtension.image.name=epp, --set-string "
			    "inferenceExtension.image.tag=v1.0.1");
	c.settings.epp_image = "epp";
	assert_non_null(strstr(state_of(&c), "blocked: the chart takes an image as HUB/NAME:TAG"));
	classic_release(&c);
}

static void
an_upgrade_needs_helm_and_kinds_that_are_served(void **state)
{
	static const char *const asked[] = { "provider.name=gke", NULL };
	struct classic c;

	(void)state;
	installed(&c, NULL);
	c.settings.sets = asked;
	assert_string_equal(state_of(&c), "ready: its Helm release is to be upgraded");
	c.world->no_pod_monitoring = true;
	assert_non_null(strstr(state_of(&c), "blocked: --set provider.name=gke"));
	c.settings.helm = NULL;
	assert_non_null(strstr(state_of(&c), "there is no helm on the PATH"));
	classic_release(&c);
}

/* Installed, and then an upgrade to `sets` that ended so, at revision 2. */
static void
upgraded(struct classic *c, const char *const *sets, enum journal_end end)
{
	struct intent_list list;

	installed(c, NULL);
	c->settings.sets = sets;
	list = written(c);
	assert_int_equal(list.items[0].verb, VERB_UPGRADE);
	record(c, &list.items[0], end, "2");
}

static void
a_cut_off_upgrade_goes_back_to_the_revision_before_it_though_a_route_names_the_pool(void **state)
{
	static const char *const asked[] = { "b=2", NULL };
	struct intent_list list;
	struct classic c;

	(void)state;
	upgraded(&c, asked, JOURNAL_FAILED);
	assert_string_equal(state_of(&c), "ready");
	list = written(&c);
	assert_int_equal(list.count, 2);
	assert_string_equal(release_command(&list.items[0], "", &c.arena),
			    "helm rollback " POOL "-ga 1 --namespace default");
	assert_int_equal(list.items[1].verb, VERB_UPGRADE);
	assert_true(list.items[1].after_others);
	record(&c, &list.items[0], JOURNAL_DONE, "3");
	list = written(&c);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].version_seen, "3");
	c.settings.sets = NULL;
	assert_false(wanted(&c));
	classic_release(&c);
}

static void
a_cut_off_upgrade_that_is_asked_for_no_longer_only_goes_back(void **state)
{
	static const char *const asked[] = { "b=2", NULL };
	struct intent_list list;
	struct classic c;

	(void)state;
	upgraded(&c, asked, JOURNAL_FAILED);
	c.settings.sets = NULL;
	list = written(&c);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].verb, VERB_ROLLBACK);
	classic_release(&c);
}

static void
a_release_that_somebody_has_taken_away_is_installed_anew(void **state)
{
	static const char *const asked[] = { "b=2", NULL };
	static const enum journal_end ends[] = { JOURNAL_DONE, JOURNAL_FAILED };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct intent_list list;
		struct classic c;

		upgraded(&c, asked, ends[i]);
		assert_true(world_remove(c.world, KIND_GA_POOL, "default", POOL "-ga", NULL));
		c.world->change++;
		list = written(&c);
		assert_int_equal(list.items[i].verb, VERB_INSTALL);
		if (i == 1)
			assert_int_equal(list.items[0].verb, VERB_UNINSTALL);
		classic_release(&c);
	}
}

static void
without_a_journal_nothing_is_known_and_nothing_upgraded(void **state)
{
	static const char *const asked[] = { "b=2", NULL };
	struct classic c;

	(void)state;
	classic_init(&c, ALPHA GA);
	c.settings.installer = INSTALLER_HELM;
	c.settings.helm = "/usr/bin/helm";
	c.settings.sets = asked;
	assert_false(wanted(&c));
	assert_int_equal(written(&c).count, 0);
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_asked_for_and_does_not_stand_is_an_upgrade),
		cmocka_unit_test(an_upgrade_keeps_what_is_not_asked_for_anew),
		cmocka_unit_test(what_is_said_again_stands_once_and_counts_where_it_is_last),
		cmocka_unit_test(another_chart_comes_without_the_version_of_the_one_before),
		cmocka_unit_test(another_image_is_asked_for_in_its_three_parts),
		cmocka_unit_test(an_upgrade_needs_helm_and_kinds_that_are_served),
		cmocka_unit_test(
			a_cut_off_upgrade_goes_back_to_the_revision_before_it_though_a_route_names_the_pool),
		cmocka_unit_test(a_cut_off_upgrade_that_is_asked_for_no_longer_only_goes_back),
		cmocka_unit_test(a_release_that_somebody_has_taken_away_is_installed_anew),
		cmocka_unit_test(without_a_journal_nothing_is_known_and_nothing_upgraded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
