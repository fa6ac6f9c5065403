/* An alpha pool of a Helm release: taken away by helm, what must stay, and how it comes back. */
#include "tests/unit/classic.h"

#include "core/migrate/release.h"
#include "core/migrate/rights.h"

#define POOL "vllm-llama3-8b-instruct"
#define EPP  POOL "-epp"
#define HELM                                             \
	"annotations: {meta.helm.sh/release-name: " POOL \
	", meta.helm.sh/release-namespace: default}"
#define OF_RELEASE                                                                                 \
	"---\napiVersion: inference.networking.x-k8s.io/v1alpha2\nkind: InferencePool\n"           \
	"metadata: {name: " POOL ", " HELM "}\n"                                                   \
	"spec: {targetPortNumber: 8000, selector: {app: " POOL "}, extensionRef: {name: " EPP      \
	"}}\n"                                                                                     \
	"---\n{apiVersion: v1, kind: Service, metadata: {name: " EPP ", " HELM                     \
	"}, spec: {selector: {inferencepool: " EPP "}}}\n"                                         \
	"---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " EPP ", " HELM "}\n"        \
	"spec: {selector: {matchLabels: {inferencepool: " EPP "}}, template: {metadata: {labels: " \
	"{inferencepool: " EPP "}}}}\n"
#define STRANGER(more)                                                                       \
	"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: prompts, annotations: "      \
	"{meta.helm.sh/release-name: " POOL ", meta.helm.sh/release-namespace: default" more \
	"}}\n"

static void
helm_init(struct classic *c, const char *yaml)
{
	classic_init(c, yaml);
	c->settings.helm = "/usr/bin/helm";
}

static const char *
checked(struct classic *c)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct step_status status = { 0 };

	step_row(STEP_CLEANUP)->check(&stage, &c->plan.pairs[0], &status);
	return arena_printf(&c->arena, "%s [%s]", classic_status(c, &status), status.object);
}

static const char *
line_of(struct classic *c, const struct intent *intent)
{
	return release_is(intent)
		       ? release_command(intent, "", &c->arena)
		       : arena_printf(&c->arena, "%s %s", verb_name(intent->verb), intent->name);
}

static struct intent_list
written(struct classic *c, bool back)
{
	const struct step *row = step_row(STEP_CLEANUP);
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct intent_list list = { 0 };
	struct err err = { 0 };

	if (!(back ? row->back : row->writes)(&stage, &c->plan.pairs[0], &list, &err))
		fail_msg("%s", err.text);
	return list;
}

static const char *
lines(struct classic *c, struct intent_list list)
{
	const char *text = "";

	for (size_t i = 0; i < list.count; i++)
		text = arena_printf(&c->arena, "%s%s\n", text, line_of(c, &list.items[i]));
	return text;
}

static void
the_release_goes_last_and_takes_its_objects_along(void **state)
{
	struct classic c;

	(void)state;
	helm_init(&c, OF_RELEASE CLASSIC_MODELS);
	assert_string_equal(checked(&c), "ready []");
	assert_string_equal(lines(&c, written(&c, false)),
			    "delete base-model\ndelete food-review\n"
			    "helm uninstall " POOL " --keep-history --namespace default\n");
	classic_release(&c);
}

static void
what_has_to_stay_blocks_unless_helm_keeps_it(void **state)
{
	struct classic c;

	(void)state;
	helm_init(&c, OF_RELEASE STRANGER(""));
	assert_string_equal(checked(&c), "blocked: it belongs to Helm release " POOL
					 " like the α pool, would go with it, and has to stay "
					 "[ConfigMap default/prompts]");
	worldtext_put(c.world, STRANGER(", helm.sh/resource-policy: keep"));
	assert_string_equal(checked(&c), "ready []");
	classic_release(&c);
}

#define MODEL(name, pool)                                                                 \
	"---\napiVersion: inference.networking.x-k8s.io/v1alpha2\nkind: InferenceModel\n" \
	"metadata: {name: " name ", " HELM "}\nspec: {modelName: m, poolRef: {name: " pool "}}\n"
#define POLICY(name, pool)                                                 \
	"---\napiVersion: networking.gke.io/v1\nkind: HealthCheckPolicy\n" \
	"metadata: {name: " name ", " HELM "}\nspec: {targetRef: {group: " \
	"inference.networking.x-k8s.io, kind: InferencePool, name: " pool "}}\n"

static void
what_goes_with_the_pool_anyway_is_not_in_the_way(void **state)
{
	static const char *const stay[] = { MODEL("m", "other"), POLICY("m", "other") };
	struct classic c;

	(void)state;
	helm_init(
		&c,
		OF_RELEASE MODEL("own", POOL) POLICY(
			"own",
			POOL) "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: of-another, "
			      "annotations: {meta.helm.sh/release-name: another}}\n");
	assert_string_equal(checked(&c), "ready []");
	for (size_t i = 0; i < sizeof stay / sizeof *stay; i++) {
		classic_release(&c);
		helm_init(&c, OF_RELEASE);
		worldtext_put(c.world, stay[i]);
		assert_non_null(
			strstr(checked(&c), "like the α pool, would go with it, and has to stay"));
	}
	classic_release(&c);
}

static void
without_helm_it_is_blocked_with_the_command(void **state)
{
	struct classic c;

	(void)state;
	helm_init(&c, OF_RELEASE);
	c.settings.helm = NULL;
	assert_string_equal(checked(&c),
			    "blocked: the α pool belongs to Helm release " POOL
			    ", and there is no helm on the PATH [InferencePool default/" POOL
			    " (inference.networking.x-k8s.io)]");
	classic_release(&c);
}

/* As the engine does: with copies of all that belongs to the release. */
static void
uninstall(struct classic *c, enum journal_end end, const char *revision)
{
	struct intent_list list = written(c, false);
	const struct intent *intent = &list.items[list.count - 1];
	struct json *copies = release_copies(intent, c->world);
	char text[100];
	int64_t id;

	snprintf(text, sizeof(text), "{\"metadata\":{\"resourceVersion\":\"%s\"}}", revision);
	struct json *live = json_parse(text, strlen(text), NULL);
	assert_true(
		journal_intent(c->journal, intent, copies, false, c->world->wall, 0, &id, NULL));
	assert_true(journal_outcome(c->journal, id, end, 0, live, "", 1, c->world->wall, NULL));
	json_free(live);
	json_free(copies);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		if (kind != KIND_GA_POOL)
			world_clear(c->world, kind);
}

static void
it_comes_back_by_helm_rollback_to_the_revision_that_stood(void **state)
{
	struct classic c;

	(void)state;
	helm_init(&c, OF_RELEASE CLASSIC_GA);
	classic_journal(&c);
	uninstall(&c, JOURNAL_DONE, "3");
	assert_string_equal(lines(&c, written(&c, true)),
			    "helm rollback " POOL " 3 --namespace default\n");
	classic_release(&c);
}

static void
one_that_is_done_is_not_done_again_and_none_is_not_taken_back(void **state)
{
	struct classic c;

	(void)state;
	helm_init(&c, OF_RELEASE CLASSIC_GA);
	assert_string_equal(lines(&c, written(&c, true)), "");
	classic_journal(&c);
	assert_string_equal(lines(&c, written(&c, true)), "");
	uninstall(&c, JOURNAL_DONE, "3");
	assert_string_equal(checked(&c), "done []");
	assert_string_equal(lines(&c, written(&c, false)), "");
	classic_release(&c);
	/* A pool of no release goes by itself, whatever of a release stands beside it. */
	helm_init(&c, CLASSIC_POOL STRANGER(""));
	assert_string_equal(lines(&c, written(&c, false)), "delete " POOL "\n");
	classic_release(&c);
}

static void
asked_for_natively_it_comes_back_from_the_copies(void **state)
{
	struct classic c;
	struct intent_list list;

	(void)state;
	helm_init(&c, OF_RELEASE CLASSIC_GA);
	classic_journal(&c);
	uninstall(&c, JOURNAL_DONE, "3");
	c.settings.installer = INSTALLER_NATIVE;
	list = written(&c, true);
	assert_string_equal(lines(&c, list), "create " EPP "\ncreate " POOL "\ncreate " EPP "\n");
	assert_int_equal(list.items[0].kind, KIND_SERVICE);
	assert_null(strstr(list.items[1].body, "uid"));
	classic_release(&c);
}

static void
one_that_was_cut_off_is_done_again(void **state)
{
	struct classic c;

	(void)state;
	helm_init(&c, OF_RELEASE CLASSIC_GA);
	classic_journal(&c);
	uninstall(&c, JOURNAL_FAILED, "3");
	assert_string_equal(checked(&c), "ready []");
	assert_string_equal(lines(&c, written(&c, false)),
			    "helm uninstall " POOL " --keep-history --namespace default\n");
	classic_release(&c);
}

/* helm refuses every further run on a release whose rollback was ended at it, but for an
 * uninstall. */
static void
after_a_rollback_that_was_cut_off_the_release_goes_and_is_rolled_back_again(void **state)
{
	struct classic c;
	struct intent_list list;
	struct err err = { 0 };
	int64_t id;

	(void)state;
	helm_init(&c, OF_RELEASE CLASSIC_GA);
	classic_journal(&c);
	uninstall(&c, JOURNAL_DONE, "3");
	list = written(&c, true);
	assert_true(journal_intent(c.journal, &list.items[0], NULL, false, c.world->wall, 0, &id,
				   &err));
	assert_true(journal_outcome(c.journal, id, JOURNAL_FAILED, 0, NULL, "cut off", 1,
				    c.world->wall, &err));
	assert_string_equal(lines(&c, written(&c, true)),
			    "helm uninstall " POOL " --keep-history --namespace default\n"
			    "helm rollback " POOL " 3 --namespace default\n");
	/* And for who goes on with the migration it is not gone. */
	assert_string_equal(checked(&c), "ready []");
	assert_string_equal(lines(&c, written(&c, false)),
			    "helm uninstall " POOL " --keep-history --namespace default\n");
	/* Natively there is no helm in the way. */
	c.settings.installer = INSTALLER_NATIVE;
	assert_string_equal(lines(&c, written(&c, true)),
			    "create " EPP "\ncreate " POOL "\ncreate " EPP "\n");
	classic_release(&c);
}

static void
the_simple_way_remembers_what_the_release_held(void **state)
{
	struct classic c;
	struct stage stage;
	struct step_status status = { 0 };

	(void)state;
	helm_init(&c, OF_RELEASE);
	c.settings.path = PATH_SIMPLE;
	classic_journal(&c);
	uninstall(&c, JOURNAL_DONE, "1");
	stage = classic_stage(&c, PPM_UNKNOWN);
	assert_int_equal(c.plan.pair_count, 1);
	assert_string_equal(c.plan.pairs[0].alpha, POOL);
	step_row(STEP_POOL)->check(&stage, &c.plan.pairs[0], &status);
	assert_string_equal(classic_status(&c, &status), "ready");
	classic_release(&c);
}

static bool
asks(const struct right *rights, size_t count, const char *verb, const char *resource)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rights[i].verb, verb) == 0 &&
		    strcmp(rights[i].resource, resource) == 0 && rights[i].step == STEP_CLEANUP &&
		    strcmp(rights[i].ns, "default") == 0)
			return true;
	return false;
}

static void
the_rights_of_helm_are_asked_for_beforehand(void **state)
{
	struct classic c;
	struct stage stage;
	size_t count;

	(void)state;
	helm_init(&c, OF_RELEASE CLASSIC_GA);
	c.settings.installer = INSTALLER_NATIVE;
	stage = classic_stage(&c, PPM_UNKNOWN);
	const struct right *rights = rights_of(&stage, &count);
	assert_true(asks(rights, count, "update", "secrets"));
	assert_true(asks(rights, count, "delete", "services"));
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_release_goes_last_and_takes_its_objects_along),
		cmocka_unit_test(what_has_to_stay_blocks_unless_helm_keeps_it),
		cmocka_unit_test(what_goes_with_the_pool_anyway_is_not_in_the_way),
		cmocka_unit_test(one_that_is_done_is_not_done_again_and_none_is_not_taken_back),
		cmocka_unit_test(without_helm_it_is_blocked_with_the_command),
		cmocka_unit_test(it_comes_back_by_helm_rollback_to_the_revision_that_stood),
		cmocka_unit_test(asked_for_natively_it_comes_back_from_the_copies),
		cmocka_unit_test(one_that_was_cut_off_is_done_again),
		cmocka_unit_test(the_rights_of_helm_are_asked_for_beforehand),
		cmocka_unit_test(
			after_a_rollback_that_was_cut_off_the_release_goes_and_is_rolled_back_again),
		cmocka_unit_test(the_simple_way_remembers_what_the_release_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
