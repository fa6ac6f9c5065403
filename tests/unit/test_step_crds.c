#include "tests/unit/worldtext.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/migrate/bundle.h"
#include "core/migrate/rows.h"

#define CRD(plural, group, version, established)                                                \
	"---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"            \
	"metadata:\n  name: " plural "." group "\n"                                             \
	"  annotations: {" version "controller-gen.kubebuilder.io/version: v0.16.1}\n"          \
	"spec: {group: " group ", names: {plural: " plural "}, versions: [{name: v1alpha2}]}\n" \
	"status:\n  conditions:\n"                                                              \
	"  - {type: NamesAccepted, status: 'True'}\n"                                           \
	"  - {type: Established, status: '" established "'}\n"
#define ALPHA      "inference.networking.x-k8s.io"
#define GA         "inference.networking.k8s.io"
#define V1         "inference.networking.k8s.io/bundle-version: v1.0.0, "
#define OLD_ALPHA  CRD("inferencepools", ALPHA, "", "True") CRD("inferencemodels", ALPHA, "", "True")
#define NEW_ALPHA  CRD("inferencepools", ALPHA, V1, "True") CRD("inferencemodels", ALPHA, "", "True")
#define GA_POOLS   CRD("inferencepools", GA, V1, "True")
#define OBJECTIVES CRD("inferenceobjectives", ALPHA, V1, "True")

#define STORED(name, versions)                                                                \
	"---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"          \
	"metadata: {name: " name "." ALPHA "}\n"                                              \
	"spec: {group: " ALPHA ", names: {plural: " name "}, versions: [{name: v1alpha2}]}\n" \
	"status:\n  storedVersions: [" versions "]\n  conditions:\n"                          \
	"  - {type: NamesAccepted, status: 'True'}\n"                                         \
	"  - {type: Established, status: 'True'}\n"

struct room {
	struct world *world;
	struct arena arena;
	struct settings settings;
	struct plan plan;
	struct stage stage;
	struct step_status status;
};

static struct room *
room_new(const char *yaml)
{
	struct room *room = calloc(1, sizeof(*room));

	room->world = worldtext_new(yaml);
	snprintf(room->world->server.version, sizeof(room->world->server.version), "v1.33.1");
	room->settings = settings_default();
	room->stage = (struct stage){ .world = room->world,
				      .settings = &room->settings,
				      .plan = &room->plan,
				      .arena = &room->arena };
	return room;
}

static void
room_free(struct room *room)
{
	world_free(room->world);
	arena_release(&room->arena);
	free(room);
}

static enum step_state
check(struct room *room)
{
	step_crds.check(&room->stage, NULL, &room->status);
	return room->status.state;
}

static struct intent_list
writes(struct room *room)
{
	struct intent_list list = { 0 };
	struct err err = { 0 };

	if (!step_crds.writes(&room->stage, NULL, &list, &err))
		fail_msg("%s", err.text);
	return list;
}

static void
a_cluster_without_its_own_gets_all_three(void **state)
{
	struct room *room = room_new(OLD_ALPHA);
	struct intent_list list = writes(room);

	(void)state;
	assert_int_equal(check(room), STATE_READY);
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[0].name, "inferencepools.inference.networking.k8s.io");
	assert_string_equal(list.items[0].uid, "");
	assert_string_equal(list.items[0].summary, "not installed → bundle v1.0.0, built in");
	assert_string_equal(list.items[1].name,
			    "inferenceobjectives.inference.networking.x-k8s.io");
	assert_string_equal(list.items[2].name, "inferencepools.inference.networking.x-k8s.io");
	assert_string_equal(list.items[2].summary, "no bundle version → bundle v1.0.0, built in");
	assert_true(*list.items[2].uid != '\0');
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(list.items[i].verb, VERB_APPLY);
		assert_true(list.items[i].force);
		assert_int_equal(list.items[i].step, STEP_CRDS);
	}
	room_free(room);
}

static void
where_gke_ships_the_pools_only_the_objectives_are_installed(void **state)
{
	struct room *room = room_new(OLD_ALPHA CRD("inferencepools", GA, "", "True"));
	struct intent_list list;

	(void)state;
	room->world->server.ships_ga_crd = true;
	list = writes(room);
	assert_int_equal(check(room), STATE_READY);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].name,
			    "inferenceobjectives.inference.networking.x-k8s.io");
	worldtext_put(room->world, OBJECTIVES);
	assert_int_equal(check(room), STATE_DONE);
	room_free(room);
}

static void
a_gke_without_its_own_pools_blocks_with_what_to_enable(void **state)
{
	struct room *room = room_new(OLD_ALPHA);

	(void)state;
	room->world->server.ships_ga_crd = true;
	assert_int_equal(check(room), STATE_BLOCKED);
	assert_string_equal(room->status.object,
			    "CustomResourceDefinition inferencepools.inference.networking.k8s.io "
			    "(apiextensions.k8s.io)");
	assert_non_null(strstr(room->status.advice, "--gateway-api=standard"));
	room_free(room);
}

static void
it_is_done_with_all_of_v1_established_and_waits_until_then(void **state)
{
	struct room *room = room_new(NEW_ALPHA GA_POOLS OBJECTIVES);

	(void)state;
	assert_int_equal(check(room), STATE_DONE);
	assert_int_equal(writes(room).count, 0);
	worldtext_put(room->world, CRD("inferencepools", GA, V1, "False"));
	assert_int_equal(check(room), STATE_WAITING);
	assert_int_equal(writes(room).count, 0);
	room_free(room);
}

static void
what_is_newer_than_the_bundle_is_left_alone(void **state)
{
	struct room *room = room_new(NEW_ALPHA OBJECTIVES CRD(
		"inferencepools", GA, "inference.networking.k8s.io/bundle-version: v1.5.0, ",
		"True"));

	(void)state;
	assert_int_equal(check(room), STATE_DONE);
	assert_int_equal(writes(room).count, 0);
	room_free(room);
}

static void
what_is_left_of_the_writes_after_a_stop_is_written_next(void **state)
{
	struct room *room = room_new(OLD_ALPHA GA_POOLS);

	(void)state;
	assert_int_equal(check(room), STATE_READY);
	assert_int_equal(writes(room).count, 2);
	room_free(room);
}

static void
without_any_alpha_crd_it_is_over(void **state)
{
	struct room *room = room_new(GA_POOLS);

	(void)state;
	assert_int_equal(check(room), STATE_DONE);
	assert_int_equal(writes(room).count, 0);
	room_free(room);
}

static void
an_unknown_server_version_decides_nothing(void **state)
{
	struct room *room = room_new(OLD_ALPHA);

	(void)state;
	room->world->server.version[0] = '\0';
	assert_int_equal(check(room), STATE_UNKNOWN);
	room_free(room);
}

static void
a_bundle_of_ones_own_without_alpha_pools_leaves_theirs_as_it_is(void **state)
{
	struct room *room = room_new(OLD_ALPHA);

	(void)state;
	room->settings.bundle = GA_POOLS OBJECTIVES;
	room->settings.bundle_name = "v1-manifests.yaml";
	assert_int_equal(writes(room).count, 2);
	worldtext_put(room->world, GA_POOLS OBJECTIVES);
	assert_int_equal(check(room), STATE_DONE);
	room_free(room);
}

static void
it_is_verified_when_the_new_kinds_can_be_listed(void **state)
{
	struct room *room = room_new(NEW_ALPHA GA_POOLS OBJECTIVES);

	(void)state;
	assert_int_equal(step_crds.verify(&room->stage, NULL, &room->status), VERDICT_PASS);
	room->world->view[KIND_GA_POOL].state = VIEW_NOT_INSTALLED;
	assert_int_equal(step_crds.verify(&room->stage, NULL, &room->status), VERDICT_WAIT);
	room->world->view[KIND_GA_POOL].state = VIEW_STARTING;
	room->world->view[KIND_GA_POOL].listed = false;
	assert_int_equal(step_crds.verify(&room->stage, NULL, &room->status), VERDICT_WAIT);
	room_free(room);
}

static void
refused_names_fail_at_once(void **state)
{
	struct room *room = room_new(
		NEW_ALPHA OBJECTIVES
		"---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
		"metadata:\n  name: inferencepools.inference.networking.k8s.io\n"
		"  annotations: {inference.networking.k8s.io/bundle-version: v1.0.0}\n"
		"status: {conditions: [{type: NamesAccepted, status: 'False', message: in "
		"use}]}\n");

	(void)state;
	assert_int_equal(step_crds.verify(&room->stage, NULL, &room->status), VERDICT_FAIL);
	assert_string_equal(room->status.reason, "the API server refuses the CRD's names: in use");
	room_free(room);
}

/* A journal in which the step was done from `before` (a world with the old CRDs). */
static struct journal *
journal_of(struct room *before, const char *folder)
{
	struct intent_list list = writes(before);
	struct err err = { 0 };
	struct journal *journal = journal_open(&(struct journal_where){ .state_folder = folder,
									.context = "prod",
									.server = "",
									.cluster = "c-1",
									.user = "",
									.reason = "" },
					       &err);

	if (journal == NULL)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < list.count; i++) {
		const struct object *live =
			world_find(before->world, KIND_CRD, "", list.items[i].name);
		struct json *json = live == NULL ? NULL : object_json(live);
		int64_t id;

		assert_true(
			journal_intent(journal, &list.items[i], json, false, SECOND, 0, &id, NULL));
		assert_true(
			journal_outcome(journal, id, JOURNAL_DONE, 200, NULL, "", 1, SECOND, NULL));
		json_free(json);
	}
	return journal;
}

static void
taken_back_the_old_crd_stands_as_it_was_and_the_new_ones_go(void **state)
{
	struct room *before = room_new(OLD_ALPHA), *after = room_new(NEW_ALPHA GA_POOLS OBJECTIVES);
	char folder[] = "/tmp/poolshift-crds-XXXXXX";
	struct intent_list list = { 0 };
	struct err err = { 0 };
	struct journal *journal;

	(void)state;
	assert_non_null(mkdtemp(folder));
	journal = journal_of(before, folder);
	after->stage.journal = journal;
	assert_true(step_crds.back(&after->stage, NULL, &list, NULL));
	assert_int_equal(list.count, 3);
	assert_int_equal(list.items[0].verb, VERB_PATCH);
	assert_string_equal(list.items[0].name, "inferencepools.inference.networking.x-k8s.io");
	assert_string_equal(
		list.items[0].body,
		"[{\"op\":\"replace\",\"path\":\"/spec\",\"value\":{\"group\":\"" ALPHA
		"\",\"names\":"
		"{\"plural\":\"inferencepools\"},\"versions\":[{\"name\":\"v1alpha2\"}]}},"
		"{\"op\":\"add\",\"path\":\"/metadata/annotations\",\"value\":"
		"{\"controller-gen.kubebuilder.io/version\":\"v0.16.1\"}}]");
	assert_int_equal(list.items[1].verb, VERB_DELETE);
	assert_int_equal(list.items[2].verb, VERB_DELETE);
	assert_true(list.items[0].undo && list.items[1].undo && list.items[2].undo);
	worldtext_put(after->world,
		      "apiVersion: inference.networking.k8s.io/v1\nkind: InferencePool\n"
		      "metadata: {name: p-ga}\n");
	list = (struct intent_list){ 0 };
	assert_false(step_crds.back(&after->stage, NULL, &list, &err));
	assert_non_null(
		strstr(err.text, "InferencePool default/p-ga (inference.networking.k8s.io)"));
	/* Somebody has stored objects in a version that the old CRD does not have. */
	worldtext_put(after->world, STORED("inferencepools", "v1alpha2, v1beta1"));
	assert_false(step_crds.back(&after->stage, NULL, &list, &err));
	assert_non_null(strstr(err.text, "stored in version v1beta1"));
	unlink(journal_path(journal));
	journal_close(journal);
	rmdir(folder);
	room_free(before);
	room_free(after);
}

static void
what_was_stored_in_a_version_the_bundle_lacks_is_not_lost(void **state)
{
	struct room *room = room_new(STORED("inferencepools", "v1alpha1, v1alpha2"));
	struct intent_list list = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(check(room), STATE_BLOCKED);
	assert_string_equal(room->status.reason,
			    "objects were stored in version v1alpha1 of it, which the new CRD does "
			    "not have: their data would be lost, and the API server refuses it");
	assert_non_null(strstr(room->status.object, "inferencepools." ALPHA));
	assert_non_null(strstr(room->status.advice,
			       "-p '{\"status\":{\"storedVersions\":[\"v1alpha2\"]}}'"));
	assert_false(step_crds.writes(&room->stage, NULL, &list, &err));
	assert_non_null(strstr(err.text, "stays as it is"));
	room_free(room);
	room = room_new(STORED("inferencepools", "v1alpha2"));
	assert_int_equal(check(room), STATE_READY);
	assert_int_equal(writes(room).count, 3);
	room_free(room);
}

static void
a_bundle_of_ones_own_that_has_the_version_may_be_installed(void **state)
{
	struct room *room = room_new(STORED("inferencepools", "v1alpha1, v1alpha2"));
	struct intent_list list = { 0 };
	struct err err;

	(void)state;
	room->settings.bundle_name = "own.yaml";
	room->settings.bundle = GA_POOLS OBJECTIVES
		"---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
		"metadata: {name: inferencepools." ALPHA "}\n"
		"spec: {group: " ALPHA ", names: {plural: inferencepools}, versions: [{name: "
		"v1alpha1}, {name: v1alpha2}]}\n";
	assert_int_equal(check(room), STATE_READY);
	assert_int_equal(writes(room).count, 3);
	room_free(room);
	room = room_new(STORED("inferencepools", "v1alpha2"));
	room->settings.bundle_name = "own.yaml";
	room->settings.bundle = GA_POOLS OBJECTIVES
		"---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
		"metadata: {name: inferencepools." ALPHA "}\n"
		"spec: {group: " ALPHA ", names: {plural: inferencepools}, versions: [{name: "
		"v1alpha3}]}\n";
	assert_false(step_crds.writes(&room->stage, NULL, &list, &err));
	assert_non_null(strstr(err.text, "stored in version v1alpha2"));
	room_free(room);
}

static void
without_a_journal_nothing_is_taken_back(void **state)
{
	struct room *room = room_new(NEW_ALPHA GA_POOLS OBJECTIVES);
	struct intent_list list = { 0 };

	(void)state;
	assert_true(step_crds.back(&room->stage, NULL, &list, NULL));
	assert_int_equal(list.count, 0);
	room_free(room);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cluster_without_its_own_gets_all_three),
		cmocka_unit_test(where_gke_ships_the_pools_only_the_objectives_are_installed),
		cmocka_unit_test(a_gke_without_its_own_pools_blocks_with_what_to_enable),
		cmocka_unit_test(it_is_done_with_all_of_v1_established_and_waits_until_then),
		cmocka_unit_test(what_is_newer_than_the_bundle_is_left_alone),
		cmocka_unit_test(what_is_left_of_the_writes_after_a_stop_is_written_next),
		cmocka_unit_test(without_any_alpha_crd_it_is_over),
		cmocka_unit_test(an_unknown_server_version_decides_nothing),
		cmocka_unit_test(a_bundle_of_ones_own_without_alpha_pools_leaves_theirs_as_it_is),
		cmocka_unit_test(it_is_verified_when_the_new_kinds_can_be_listed),
		cmocka_unit_test(refused_names_fail_at_once),
		cmocka_unit_test(taken_back_the_old_crd_stands_as_it_was_and_the_new_ones_go),
		cmocka_unit_test(what_was_stored_in_a_version_the_bundle_lacks_is_not_lost),
		cmocka_unit_test(a_bundle_of_ones_own_that_has_the_version_may_be_installed),
		cmocka_unit_test(without_a_journal_nothing_is_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
