/* Helm's runs as intents: what helm is told, and what its answers mean. */
#include "core/migrate/kubectl.h"
#include "tests/unit/classic.h"

#include "core/migrate/release.h"

struct run {
	struct arena arena;
	struct intent_list list;
	struct intent *intent;
};

static void
run_init(struct run *run, enum verb verb, const char *const *words)
{
	*run = (struct run){ 0 };
	arena_init(&run->arena);
	run->intent = release_add(&run->list, &run->arena, verb, "default", "p.ga");
	run->intent->body = release_body(words, &run->arena);
}

static const char *
argv(struct run *run, enum release_run how)
{
	const char *const *words = release_argv(run->intent, how, &run->arena);
	const char *text = "";

	for (size_t i = 0; words[i] != NULL; i++)
		text = arena_printf(&run->arena, "%s%s%s", text, i > 0 ? "|" : "", words[i]);
	return text;
}

static const char *const install[] = { "install", "p.ga", "chart", "--set", "a=$(x)", NULL };

static void
each_run_is_an_array_of_arguments(void **state)
{
	struct run run;

	(void)state;
	run_init(&run, VERB_INSTALL, install);
	assert_string_equal(argv(&run, RELEASE_DO), "helm|install|p.ga|chart|--set|a=$(x)");
	assert_string_equal(argv(&run, RELEASE_TRY), "helm|install|p.ga|chart|--set|a=$(x)|"
						     "--dry-run=server|--output|json");
	assert_string_equal(argv(&run, RELEASE_RENDER), "helm|template|p.ga|chart|--set|a=$(x)");
	assert_string_equal(argv(&run, RELEASE_LOOK),
			    "helm|list|--all|--filter|^p\\.ga$|--namespace|default|--output|json");
	assert_string_equal(kubectl_command(run.intent, "a b", &run.arena),
			    "helm --kube-context 'a b' install p.ga chart --set 'a=$(x)'");
	arena_release(&run.arena);
}

static void
what_an_uninstall_would_delete_is_read_from_the_release(void **state)
{
	static const char *const words[] = { "uninstall", "p.ga", NULL };
	struct run run;

	(void)state;
	run_init(&run, VERB_UNINSTALL, words);
	assert_string_equal(argv(&run, RELEASE_TRY), "helm|get|manifest|p.ga|--namespace|default");
	run.intent->body = "{\"not\":\"a list\"}";
	assert_null(release_argv(run.intent, RELEASE_DO, &run.arena));
	arena_release(&run.arena);
}

static void
a_release_stands_whole_half_or_not_at_all(void **state)
{
	static const struct {
		enum verb verb;
		const char *list;
		enum intent_met met;
		enum journal_end end; /* of a run that nobody waited for */
		bool moves;
	} rows[] = {
		{ VERB_INSTALL, "[]", INTENT_NOT_MET, JOURNAL_UNKNOWN, false },
		{ VERB_INSTALL, "[{\"status\":\"deployed\"}]", INTENT_MET, JOURNAL_DONE, false },
		{ VERB_INSTALL, "[{\"status\":\"failed\"}]", INTENT_CHANGED_BY_OTHER,
		  JOURNAL_FAILED, false },
		{ VERB_INSTALL, "[{\"status\":\"pending-install\"}]", INTENT_CHANGED_BY_OTHER,
		  JOURNAL_FAILED, true },
		{ VERB_UNINSTALL, "[]", INTENT_MET, JOURNAL_DONE, false },
		{ VERB_UNINSTALL, "[{\"status\":\"uninstalled\"}]", INTENT_MET, JOURNAL_DONE,
		  false },
		{ VERB_UNINSTALL, "[{\"status\":\"uninstalling\"}]", INTENT_CHANGED_BY_OTHER,
		  JOURNAL_FAILED, true },
		{ VERB_UNINSTALL, "[{\"status\":\"deployed\"}]", INTENT_NOT_MET, JOURNAL_NOT_SENT,
		  false },
		{ VERB_ROLLBACK, "[{\"status\":\"uninstalled\"}]", INTENT_NOT_MET, JOURNAL_UNKNOWN,
		  false },
		{ VERB_ROLLBACK, "[{\"status\":\"deployed\"}]", INTENT_MET, JOURNAL_DONE, false },
		{ VERB_UPGRADE, "[{\"status\":\"deployed\",\"revision\":\"4\"}]", INTENT_NOT_MET,
		  JOURNAL_NOT_SENT, false },
		{ VERB_UPGRADE, "[{\"status\":\"deployed\",\"revision\":\"5\"}]", INTENT_MET,
		  JOURNAL_DONE, false },
		{ VERB_UPGRADE, "[{\"status\":\"failed\",\"revision\":\"5\"}]",
		  INTENT_CHANGED_BY_OTHER, JOURNAL_FAILED, false },
		{ VERB_UPGRADE, "[{\"status\":\"pending-upgrade\",\"revision\":\"5\"}]",
		  INTENT_CHANGED_BY_OTHER, JOURNAL_FAILED, true },
		{ VERB_UPGRADE, "[]", INTENT_CHANGED_BY_OTHER, JOURNAL_UNKNOWN, false },
	};
	struct run run;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json *live = release_found(rows[i].list, strlen(rows[i].list), NULL);

		run_init(&run, rows[i].verb, install);
		run.intent->version_seen = "4";
		assert_non_null(live);
		assert_int_equal(release_met(run.intent, live), rows[i].met);
		assert_int_equal(release_end_seen(run.intent, live), rows[i].end);
		assert_int_equal(release_moves(live), rows[i].moves);
		json_free(live);
		arena_release(&run.arena);
	}
	assert_null(release_found("NAME", 4, NULL));
}

static void
the_revision_is_what_a_rollback_goes_to(void **state)
{
	const char *text = "[{\"status\":\"uninstalled\",\"revision\":\"7\"}]";
	struct json *live = release_found(text, strlen(text), NULL);

	(void)state;
	assert_string_equal(json_string_at(live, "metadata.resourceVersion"), "7");
	json_free(live);
}

#define MANIFEST                                                                                          \
	"---\\n# Source: x\\napiVersion: v1\\nkind: Secret\\nmetadata: {name: s}\\n"                      \
	"data: {k: dG9rZW4=}\\nstringData: {p: hunter2}\\n---\\napiVersion: v1\\nkind: ServiceAccount\\n" \
	"metadata: {name: a}\\n---\\n"

static void
a_manifest_shows_what_is_made_and_no_secret(void **state)
{
	const char *text = "{\"name\":\"p.ga\",\"manifest\":\"" MANIFEST "\"}";
	struct world *world = worldtext_new(
		"{apiVersion: v1, kind: ServiceAccount, metadata: {name: a, labels: {old: x}}}");
	struct json *manifests;
	struct run run;
	char *all;

	(void)state;
	run_init(&run, VERB_INSTALL, install);
	manifests = release_manifests(run.intent, RELEASE_TRY, text, strlen(text), NULL);
	assert_int_equal(json_count(manifests), 2);
	all = json_text(manifests);
	assert_null(strstr(all, "dG9rZW4="));
	assert_non_null(strstr(all, "\"data\":{\"k\":\"*** (5 bytes)\"}"));
	assert_non_null(strstr(all, "\"stringData\":{\"p\":\"*** (7 bytes)\"}"));
	assert_null(strstr(all, "hunter2"));
	free(all);
	const char *diff = release_diff(run.intent, world, manifests, &run.arena);
	assert_non_null(strstr(diff, "+++ Secret s, as it will be"));
	assert_non_null(strstr(diff, "--- ServiceAccount default/a, as it is"));
	assert_non_null(strstr(diff, "-    old: x"));
	run.intent->verb = VERB_UNINSTALL;
	diff = release_diff(run.intent, world, manifests, &run.arena);
	assert_non_null(strstr(diff, "-kind: Secret"));
	assert_null(strstr(diff, "\n+kind"));
	json_free(manifests);
	assert_null(release_manifests(run.intent, RELEASE_TRY, "a: [", 4, NULL));
	world_free(world);
	arena_release(&run.arena);
}

static void
an_upgrade_is_shown_as_what_it_changes_of_the_manifests(void **state)
{
	static const char *const upgrade[] = { "upgrade", "p.ga", "chart", NULL };
	static const char stood[] = "---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\n"
				    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
				    "data: {replicas: '1'}\n";
	static const char will[] =
		"{\"manifest\":\"---\\napiVersion: v1\\nkind: ConfigMap\\nmetadata: "
		"{name: a}\\ndata: {replicas: '2'}\\n---\\napiVersion: v1\\nkind: "
		"ServiceAccount\\nmetadata: {name: n}\\n---\\napiVersion: v1\\nkind: "
		"Secret\\nmetadata: {name: same}\\n\"}";
	struct json *before, *after;
	const char *change;
	struct run run;

	(void)state;
	run_init(&run, VERB_UPGRADE, upgrade);
	assert_string_equal(argv(&run, RELEASE_TRY),
			    "helm|upgrade|p.ga|chart|--dry-run=server|--output|json");
	assert_string_equal(argv(&run, RELEASE_STAND),
			    "helm|get|manifest|p.ga|--namespace|default");
	before = release_manifests(run.intent, RELEASE_STAND, stood, strlen(stood), NULL);
	after = release_manifests(run.intent, RELEASE_TRY, will, strlen(will), NULL);
	change = release_change(before, after, &run.arena);
	assert_non_null(strstr(change, "+++ ConfigMap default/a, as it will be"));
	assert_non_null(strstr(change, "-  replicas: \"1\"\n+  replicas: \"2\""));
	assert_non_null(strstr(change, "+++ ServiceAccount default/n, as it will be"));
	assert_non_null(strstr(change, "--- Service default/s, as it is"));
	assert_non_null(strstr(change, "-kind: Service"));
	assert_string_equal(release_change(after, after, &run.arena), "");
	json_free(before);
	json_free(after);
	arena_release(&run.arena);
}

static void
an_object_belongs_to_the_release_of_its_annotations(void **state)
{
	struct world *world = worldtext_new(
		"{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: "
		"{meta.helm.sh/release-name: p, meta.helm.sh/release-namespace: team-a}}}");
	const struct object *object = world->objects[KIND_CONFIG_MAP][0];

	(void)state;
	assert_true(release_has(object, "team-a", "p"));
	assert_false(release_has(object, "default", "p"));
	assert_false(release_has(object, "team-a", "q"));
	world_free(world);
}

/* In the journal as done, unless it was only tried. */
static void
record(struct classic *c, enum verb verb, enum step_id step, const char *pair, bool dry_run)
{
	struct intent_list list = { 0 };
	struct intent *intent = release_add(&list, &c->arena, verb, "default", "p-ga");
	int64_t id;

	intent->step = step;
	intent->pair = pair;
	intent->body = "[]";
	assert_true(
		journal_intent(c->journal, intent, NULL, dry_run, c->world->wall, 0, &id, NULL));
	assert_true(journal_outcome(c->journal, id, JOURNAL_DONE, 0, NULL, "", 1, c->world->wall,
				    NULL));
}

static void
what_stands_is_the_last_real_run_of_that_pool_and_step(void **state)
{
	struct intent_list list = { 0 };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	classic_journal(&c);
	struct intent *other =
		intent_add(&list, &c.arena, VERB_CREATE, KIND_SERVICE, "default", "s");
	other->step = STEP_POOL;
	other->pair = "default/p";
	classic_record(&c, other);
	assert_null(release_standing(c.journal, "default/p"));
	record(&c, VERB_INSTALL, STEP_POOL, "default/q", false);
	record(&c, VERB_INSTALL, STEP_CLEANUP, "default/p", false);
	record(&c, VERB_INSTALL, STEP_POOL, "default/p", true);
	assert_null(release_standing(c.journal, "default/p"));
	record(&c, VERB_INSTALL, STEP_POOL, "default/p", false);
	assert_non_null(release_standing(c.journal, "default/p"));
	assert_false(release_is_half(release_standing(c.journal, "default/p")));
	record(&c, VERB_UNINSTALL, STEP_POOL, "default/p", true);
	assert_non_null(release_standing(c.journal, "default/p"));
	record(&c, VERB_UNINSTALL, STEP_POOL, "default/p", false);
	assert_null(release_standing(c.journal, "default/p"));
	classic_release(&c);
}

static void
copies_are_kept_of_what_is_the_releases_own(void **state)
{
	struct world *world =
		worldtext_new("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: "
			      "{meta.helm.sh/release-name: p.ga}}}\n---\n"
			      "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}");
	struct json *copies;
	struct run run;

	(void)state;
	run_init(&run, VERB_UNINSTALL, install);
	copies = release_copies(run.intent, world);
	assert_int_equal(json_count(json_get(copies, "items")), 1);
	assert_string_equal(json_string_at(copies, "items[0].metadata.name"), "a");
	json_free(copies);
	arena_release(&run.arena);
	world_free(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_run_is_an_array_of_arguments),
		cmocka_unit_test(what_an_uninstall_would_delete_is_read_from_the_release),
		cmocka_unit_test(a_release_stands_whole_half_or_not_at_all),
		cmocka_unit_test(the_revision_is_what_a_rollback_goes_to),
		cmocka_unit_test(a_manifest_shows_what_is_made_and_no_secret),
		cmocka_unit_test(an_upgrade_is_shown_as_what_it_changes_of_the_manifests),
		cmocka_unit_test(what_stands_is_the_last_real_run_of_that_pool_and_step),
		cmocka_unit_test(copies_are_kept_of_what_is_the_releases_own),
		cmocka_unit_test(an_object_belongs_to_the_release_of_its_annotations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
