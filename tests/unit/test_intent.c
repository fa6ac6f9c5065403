#include "core/migrate/kubectl.h"
#include "tests/unit/worldtext.h"

#include <stdlib.h>

#include "core/migrate/intent.h"

static struct json *
yaml(const char *text)
{
	struct err err;
	struct json *json = yaml_parse(text, strlen(text), "test", YAML_TYPED, &err);

	if (json == NULL)
		fail_msg("%s", err.text);
	return json;
}

static struct intent
write_of(enum verb verb, enum kind kind, const char *name, const char *body)
{
	const struct kind_row *row = kind_row(kind);

	return (struct intent){
		.verb = verb,
		.kind = kind,
		.group = row->group,
		.version = row->version,
		.resource = row->resource,
		.ns = "default",
		.name = name,
		.uid = "u1",
		.version_seen = "41",
		.body = body,
		.title = "HTTPRoute default/llm-route (gateway.networking.k8s.io)",
		.summary = "",
	};
}

static void
assert_kubectl(const struct intent *intent, const char *context, const char *expected)
{
	struct arena arena;

	arena_init(&arena);
	assert_string_equal(kubectl_command(intent, context, &arena), expected);
	arena_release(&arena);
}

static void
an_added_intent_carries_the_words_of_its_kind_and_its_basis(void **state)
{
	struct world *world =
		worldtext_new("apiVersion: gateway.networking.k8s.io/v1\n"
			      "kind: HTTPRoute\n"
			      "metadata: {name: llm-route, uid: u1, resourceVersion: '7'}\n");
	struct intent_list list = { 0 };
	struct arena arena;
	struct intent *intent;

	(void)state;
	arena_init(&arena);
	for (int i = 0; i < 20; i++)
		intent_add(&list, &arena, VERB_APPLY, KIND_CLUSTER_ROLE, "ignored", "p-epp");
	intent = intent_add_on(&list, &arena, VERB_PATCH, world->objects[KIND_ROUTE][0]);
	assert_int_equal(list.count, 21);
	assert_string_equal(list.items[0].ns, "");
	assert_string_equal(list.items[0].uid, "");
	assert_string_equal(intent->group, "gateway.networking.k8s.io");
	assert_string_equal(intent->resource, "httproutes");
	assert_string_equal(intent->uid, "u1");
	assert_string_equal(intent->version_seen, "7");
	assert_string_equal(intent->title,
			    "HTTPRoute default/llm-route (gateway.networking.k8s.io)");
	arena_release(&arena);
	world_free(world);
}

static void
a_patch_is_shown_with_its_guards_and_quoted(void **state)
{
	struct intent intent =
		write_of(VERB_PATCH, KIND_ROUTE, "llm-route",
			 "[{\"op\":\"replace\",\"path\":\"/spec/x\",\"value\":\"it's\"}]");

	(void)state;
	assert_kubectl(
		&intent, "prod eu",
		"kubectl --context 'prod eu' patch --type=json --field-manager=poolshift "
		"httproutes.gateway.networking.k8s.io llm-route -n default -p "
		"'[{\"op\":\"replace\",\"path\":\"/metadata/uid\",\"value\":\"u1\"},"
		"{\"op\":\"replace\",\"path\":\"/metadata/resourceVersion\",\"value\":\"41\"},"
		"{\"op\":\"replace\",\"path\":\"/spec/x\",\"value\":\"it'\\''s\"}]'");
}

static void
an_apply_is_shown_as_a_here_document(void **state)
{
	struct intent intent = write_of(
		VERB_APPLY, KIND_SERVICE, "p-epp",
		"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"p-epp\"}}");

	(void)state;
	intent.force = true;
	assert_kubectl(
		&intent, "",
		"kubectl apply --server-side --field-manager=poolshift -f - --force-conflicts "
		"<<'EOF'\n"
		"apiVersion: v1\n"
		"kind: Service\n"
		"metadata:\n"
		"  name: p-epp\n"
		"EOF");
}

static void
a_body_cannot_end_its_here_document_early(void **state)
{
	struct intent intent = write_of(VERB_APPLY, KIND_CONFIG_MAP, "x", "EOF\nrm -rf /");

	(void)state;
	assert_kubectl(&intent, "",
		       "kubectl apply --server-side --field-manager=poolshift -f - <<'EOF_'\n"
		       "EOF\nrm -rf /\nEOF_");
}

static void
a_delete_names_the_group_and_needs_no_body(void **state)
{
	struct intent intent = write_of(VERB_DELETE, KIND_ALPHA_POOL, "p", "");

	(void)state;
	assert_kubectl(&intent, "c",
		       "kubectl --context c delete --cascade=background "
		       "inferencepools.inference.networking.x-k8s.io p -n default");
	assert_string_equal(intent_content_type(&intent), "");
}

static void
verbs_are_found_by_their_names(void **state)
{
	bool known;

	(void)state;
	for (enum verb verb = VERB_CREATE; verb <= VERB_DELETE; verb++) {
		assert_int_equal(verb_by_name(verb_name(verb), &known), verb);
		assert_true(known);
	}
	verb_by_name("replace", &known);
	assert_false(known);
}

static void
a_diff_shows_what_changes_and_nothing_a_server_fills_in(void **state)
{
	struct intent intent = write_of(VERB_PATCH, KIND_ROUTE, "llm-route", "[]");
	struct json *live =
		yaml("metadata: {name: a, uid: u1, resourceVersion: '1', generation: 1}\n"
		     "spec: {weight: 75}\nstatus: {ready: true}\n");
	struct json *result = yaml("status: {}\nspec: {weight: 50}\n"
				   "metadata: {resourceVersion: '2', name: a, generation: 2}\n");
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_string_equal(
		intent_diff(&intent, live, result, &arena),
		"--- HTTPRoute default/llm-route (gateway.networking.k8s.io), as it is\n"
		"+++ HTTPRoute default/llm-route (gateway.networking.k8s.io), as it will be\n"
		"@@ -1,4 +1,4 @@\n metadata:\n   name: a\n spec:\n-  weight: 75\n+  weight: 50\n");
	assert_string_equal(intent_diff(&intent, live, live, &arena), "");
	assert_non_null(strstr(intent_diff(&intent, NULL, result, &arena), "--- /dev/null\n"));
	assert_non_null(strstr(intent_diff(&intent, live, NULL, &arena), "-  weight: 75\n"));
	arena_release(&arena);
	json_free(live);
	json_free(result);
}

static void
a_diff_is_clean_for_a_terminal(void **state)
{
	struct intent intent = write_of(VERB_PATCH, KIND_ROUTE, "llm-route", "[]");
	struct json *live = yaml("a: \"\\e[31mred\\u202e\"\n");
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_null(strchr(intent_diff(&intent, live, NULL, &arena), '\033'));
	assert_null(strstr(intent_diff(&intent, live, NULL, &arena), "\xE2\x80\xAE"));
	arena_release(&arena);
	json_free(live);
}

static void
a_sanitised_object_can_be_created_again(void **state)
{
	struct json *live =
		yaml("apiVersion: v1\nkind: Service\n"
		     "metadata: {name: s, namespace: default, uid: u, resourceVersion: '1',\n"
		     "  creationTimestamp: x, generation: 3, labels: {a: b}, managedFields: [],\n"
		     "  finalizers: [foregroundDeletion], deletionTimestamp: y}\n"
		     "spec: {clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], ports: [{port: 1}]}\n"
		     "status: {loadBalancer: {}}\n");
	struct json *expected = yaml("apiVersion: v1\nkind: Service\n"
				     "metadata: {name: s, namespace: default, labels: {a: b}}\n"
				     "spec: {ports: [{port: 1}]}\n");
	struct json *json = intent_sanitised(live);

	(void)state;
	assert_true(json_equal(json, expected));
	json_free(json);
	json_free(expected);
	json_free(live);
}

static void
a_headless_service_stays_headless_and_a_foreign_finalizer_stays(void **state)
{
	struct json *live =
		yaml("kind: Service\nmetadata: {name: s, finalizers: [example.com/x, orphan]}\n"
		     "spec: {clusterIP: None, clusterIPs: [None]}\n");
	struct json *json = intent_sanitised(live);

	(void)state;
	assert_string_equal(json_string_at(json, "spec.clusterIP"), "None");
	assert_int_equal(json_count(json_at(json, "metadata.finalizers")), 1);
	assert_string_equal(json_string_at(json, "metadata.finalizers[0]"), "example.com/x");
	json_free(json);
	json_free(live);
}

static enum intent_met
met(const struct intent *intent, const char *live)
{
	struct json *json = live == NULL ? NULL : yaml(live);
	enum intent_met answer = intent_met(intent, json, NULL);

	json_free(json);
	return answer;
}

static void
a_removal_from_a_list_is_met_when_what_stood_there_is_gone(void **state)
{
	struct intent intent = write_of(VERB_PATCH, KIND_ROUTE, "llm-route",
					"[{\"op\":\"remove\",\"path\":\"/spec/r/1\"}]");
	struct json *before =
		yaml("spec: {r: [{name: alpha, weight: 1}, {name: ga, weight: 0}]}\n");
	struct json *gone = yaml("metadata: {uid: u1, resourceVersion: '43'}\n"
				 "spec: {r: [{name: other}, {name: alpha, weight: 1}]}\n");
	struct json *there = yaml("metadata: {uid: u1, resourceVersion: '43'}\n"
				  "spec: {r: [{name: alpha, weight: 3}, {name: ga, weight: 9}]}\n");

	(void)state;
	assert_int_equal(intent_met(&intent, gone, before), INTENT_MET);
	assert_int_equal(intent_met(&intent, there, before), INTENT_CHANGED_BY_OTHER);
	assert_int_equal(intent_met(&intent, gone, NULL), INTENT_CHANGED_BY_OTHER);
	json_free(before);
	json_free(gone);
	json_free(there);
}

static void
a_patch_is_met_by_its_values_and_unmet_at_its_basis(void **state)
{
	struct intent intent =
		write_of(VERB_PATCH, KIND_ROUTE, "llm-route",
			 "[{\"op\":\"replace\",\"path\":\"/spec/r/0/weight\",\"value\":25},"
			 "{\"op\":\"add\",\"path\":\"/spec/r/-\",\"value\":{\"name\":\"ga\"}},"
			 "{\"op\":\"remove\",\"path\":\"/spec/a~1b\"}]");

	(void)state;
	assert_int_equal(met(&intent, "metadata: {uid: u1, resourceVersion: '42'}\n"
				      "spec: {r: [{weight: 25}, {name: ga, weight: 1}]}\n"),
			 INTENT_MET);
	assert_int_equal(met(&intent, "metadata: {uid: u1, resourceVersion: '41'}\n"
				      "spec: {r: [{weight: 75}], a/b: 1}\n"),
			 INTENT_NOT_MET);
	assert_int_equal(met(&intent, "metadata: {uid: u1, resourceVersion: '43'}\n"
				      "spec: {r: [{weight: 30}, {name: ga}]}\n"),
			 INTENT_CHANGED_BY_OTHER);
	assert_int_equal(met(&intent, "metadata: {uid: u1, resourceVersion: '43'}\n"
				      "spec: {r: [{weight: 25}, {name: ga}], a/b: 1}\n"),
			 INTENT_CHANGED_BY_OTHER);
	assert_int_equal(met(&intent, "metadata: {uid: u2, resourceVersion: '42'}\n"
				      "spec: {r: [{weight: 25}, {name: ga}]}\n"),
			 INTENT_CHANGED_BY_OTHER);
	assert_int_equal(met(&intent, NULL), INTENT_CHANGED_BY_OTHER);
}

static void
an_apply_is_met_when_everything_it_says_is_there(void **state)
{
	struct intent intent =
		write_of(VERB_APPLY, KIND_SERVICE, "s", "{\"spec\":{\"port\":1,\"x\":\"\"}}");

	(void)state;
	intent.uid = intent.version_seen = "";
	assert_int_equal(met(&intent, NULL), INTENT_NOT_MET);
	assert_int_equal(met(&intent, "metadata: {uid: u5}\nspec: {port: 1, type: ClusterIP}\n"),
			 INTENT_MET);
	assert_int_equal(met(&intent, "metadata: {uid: u5}\nspec: {port: 2}\n"),
			 INTENT_CHANGED_BY_OTHER);
}

static void
a_list_is_met_only_whole(void **state)
{
	struct intent intent =
		write_of(VERB_APPLY, KIND_SERVICE, "s", "{\"ports\":[{\"port\":1}]}");

	(void)state;
	assert_int_equal(met(&intent, "metadata: {uid: u1}\nports: [{port: 1, name: a}]\n"),
			 INTENT_MET);
	assert_int_equal(met(&intent, "metadata: {uid: u1}\nports: [{port: 1}, {port: 2}]\n"),
			 INTENT_CHANGED_BY_OTHER);
}

static void
a_delete_is_met_by_absence_or_another_object_of_the_name(void **state)
{
	struct intent intent = write_of(VERB_DELETE, KIND_SERVICE, "s", "");

	(void)state;
	assert_int_equal(met(&intent, NULL), INTENT_MET);
	assert_int_equal(met(&intent, "metadata: {uid: u2, resourceVersion: '90'}"), INTENT_MET);
	assert_int_equal(
		met(&intent, "metadata: {uid: u1, resourceVersion: '50', deletionTimestamp: x}"),
		INTENT_MET);
	assert_int_equal(met(&intent, "metadata: {uid: u1, resourceVersion: '41'}"),
			 INTENT_NOT_MET);
	assert_int_equal(met(&intent, "metadata: {uid: u1, resourceVersion: '50'}"),
			 INTENT_CHANGED_BY_OTHER);
}

static void
only_an_apply_of_our_field_manager_makes_an_object_ours(void **state)
{
	static const struct {
		const char *managers;
		bool ours;
	} rows[] = {
		{ "[{manager: poolshift, operation: Apply}]", true },
		{ "[{manager: kubectl, operation: Apply}]", false },
		{ "[{manager: poolshift, operation: Update}]", false },
		{ "[{manager: poolshift, operation: Apply, subresource: status}]", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[300];
		struct world *world;

		snprintf(text, sizeof(text),
			 "apiVersion: v1\nkind: Service\nmetadata: {name: s, managedFields: %s}\n",
			 rows[i].managers);
		world = worldtext_new(text);
		assert_int_equal(intent_ours(world->objects[KIND_SERVICE][0]), rows[i].ours);
		world_free(world);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_added_intent_carries_the_words_of_its_kind_and_its_basis),
		cmocka_unit_test(a_patch_is_shown_with_its_guards_and_quoted),
		cmocka_unit_test(an_apply_is_shown_as_a_here_document),
		cmocka_unit_test(a_body_cannot_end_its_here_document_early),
		cmocka_unit_test(a_delete_names_the_group_and_needs_no_body),
		cmocka_unit_test(verbs_are_found_by_their_names),
		cmocka_unit_test(a_diff_shows_what_changes_and_nothing_a_server_fills_in),
		cmocka_unit_test(a_diff_is_clean_for_a_terminal),
		cmocka_unit_test(a_sanitised_object_can_be_created_again),
		cmocka_unit_test(a_headless_service_stays_headless_and_a_foreign_finalizer_stays),
		cmocka_unit_test(a_removal_from_a_list_is_met_when_what_stood_there_is_gone),
		cmocka_unit_test(a_patch_is_met_by_its_values_and_unmet_at_its_basis),
		cmocka_unit_test(an_apply_is_met_when_everything_it_says_is_there),
		cmocka_unit_test(a_list_is_met_only_whole),
		cmocka_unit_test(a_delete_is_met_by_absence_or_another_object_of_the_name),
		cmocka_unit_test(only_an_apply_of_our_field_manager_makes_an_object_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
