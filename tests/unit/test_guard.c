#include "tests/unit/worldtext.h"

#include "core/migrate/guard.h"

struct room { /* everything a write passes, in its best state */
	struct settings settings;
	struct guard_facts facts;
	struct intent intent;
};

static struct room
open_room(struct world *world)
{
	return (struct room){
		.settings = settings_default(),
		.facts = { .world = world,
			   .link_live = true,
			   .journal_ok = true,
			   .journal_trouble = "",
			   .lease_holder = "",
			   .frozen = "" },
		.intent = { .verb = VERB_PATCH,
			    .kind = KIND_ROUTE,
			    .group = GROUP_GATEWAY,
			    .resource = "httproutes",
			    .ns = "default",
			    .name = "llm-route",
			    .uid = "u1",
			    .version_seen = "41",
			    .title = "HTTPRoute default/llm-route (gateway.networking.k8s.io)" },
	};
}

static enum guard_answer
ask(struct room *room, struct err *err)
{
	room->facts.settings = &room->settings;
	return guard_ask(&room->facts, &room->intent, err);
}

static void
assert_refused(struct room *room, enum err_code code, const char *words)
{
	struct err err = { 0 };

	assert_int_equal(ask(room, &err), GUARD_REFUSE);
	assert_int_equal(err.code, code);
	if (strstr(err.text, words) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", words, err.text);
}

static void
a_write_with_nothing_against_it_is_sent(void **state)
{
	struct world *world = worldtext_new("");
	struct room room = open_room(world);

	(void)state;
	assert_int_equal(ask(&room, NULL), GUARD_SEND);
	room.settings.dry_run = true;
	assert_int_equal(ask(&room, NULL), GUARD_DRY_RUN);
	world_free(world);
}

static void
each_reason_refuses_with_its_own_sentence(void **state)
{
	struct world *world = worldtext_new("");
	struct room room;

	(void)state;
	room = open_room(world);
	room.settings.read_only = true;
	assert_refused(&room, ERR_DENIED, "Read-only");
	room = open_room(world);
	room.facts.other_cluster = true;
	assert_refused(&room, ERR_CONFLICT, "Another cluster");
	room = open_room(world);
	room.facts.link_live = false;
	assert_refused(&room, ERR_NETWORK, "does not answer");
	room = open_room(world);
	room.facts.journal_ok = false;
	room.facts.journal_trouble = "Line 3 is damaged.";
	assert_refused(&room, ERR_SYSTEM, "Line 3 is damaged.");
	room = open_room(world);
	room.facts.lease_holder = "operator@example.com";
	assert_refused(&room, ERR_CONFLICT, "operator@example.com is writing");
	room = open_room(world);
	room.settings.ns = "apps";
	assert_refused(&room, ERR_DENIED, "outside namespace apps");
	room = open_room(world);
	room.intent.version_seen = "";
	assert_refused(&room, ERR_INPUT, "look again");
	world->view[KIND_ROUTE].state = VIEW_STALE;
	room = open_room(world);
	assert_refused(&room, ERR_EXPIRED,
		       "httproutes (gateway.networking.k8s.io) is not up to date");
	world_free(world);
}

static void
read_only_refuses_a_dry_run_too_but_a_lost_journal_does_not(void **state)
{
	struct world *world = worldtext_new("");
	struct room room = open_room(world);

	(void)state;
	room.settings.dry_run = true;
	room.facts.journal_ok = false;
	assert_int_equal(ask(&room, NULL), GUARD_DRY_RUN);
	room.settings.read_only = true;
	assert_int_equal(ask(&room, NULL), GUARD_REFUSE);
	world_free(world);
}

static void
asked_in_general_only_what_holds_for_every_write_counts(void **state)
{
	struct world *world = worldtext_new("");
	struct room room = open_room(world);

	(void)state;
	room.facts.settings = &room.settings;
	room.settings.ns = "apps";
	assert_int_equal(guard_ask(&room.facts, NULL, NULL), GUARD_SEND);
	room.settings.read_only = true;
	assert_int_equal(guard_ask(&room.facts, NULL, NULL), GUARD_REFUSE);
	world_free(world);
}

static struct room
crd_room(struct world *world, enum verb verb, const char *name)
{
	struct room room = open_room(world);

	room.intent.verb = verb;
	room.intent.kind = KIND_CRD;
	room.intent.group = GROUP_CRD;
	room.intent.resource = "customresourcedefinitions";
	room.intent.ns = "";
	room.intent.name = name;
	room.intent.title = name;
	return room;
}

static void
a_crd_with_an_object_left_is_never_deleted(void **state)
{
	struct world *world =
		worldtext_new("apiVersion: inference.networking.x-k8s.io/v1alpha2\n"
			      "kind: InferenceModel\nmetadata: {name: food-review}\n");
	struct room room;

	(void)state;
	room = crd_room(world, VERB_DELETE, "inferencemodels.inference.networking.x-k8s.io");
	assert_refused(&room, ERR_REJECTED, "default/food-review");
	room.settings.dry_run = true;
	assert_refused(&room, ERR_REJECTED, "default/food-review");
	room = crd_room(world, VERB_DELETE, "inferencepools.inference.networking.x-k8s.io");
	assert_int_equal(ask(&room, NULL), GUARD_SEND);
	world->view[KIND_ALPHA_POOL].state = VIEW_STALE;
	assert_refused(&room, ERR_EXPIRED, "not known now");
	world_free(world);
}

static void
the_crd_that_gke_ships_is_not_touched(void **state)
{
	struct world *world = worldtext_new("");
	struct room room;

	(void)state;
	room = crd_room(world, VERB_APPLY, "inferencepools.inference.networking.k8s.io");
	assert_int_equal(ask(&room, NULL), GUARD_SEND);
	world->server.ships_ga_crd = true;
	assert_refused(&room, ERR_DENIED, "belongs to GKE");
	room = crd_room(world, VERB_APPLY, "inferenceobjectives.inference.networking.x-k8s.io");
	assert_int_equal(ask(&room, NULL), GUARD_SEND);
	world_free(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_write_with_nothing_against_it_is_sent),
		cmocka_unit_test(each_reason_refuses_with_its_own_sentence),
		cmocka_unit_test(read_only_refuses_a_dry_run_too_but_a_lost_journal_does_not),
		cmocka_unit_test(asked_in_general_only_what_holds_for_every_write_counts),
		cmocka_unit_test(a_crd_with_an_object_left_is_never_deleted),
		cmocka_unit_test(the_crd_that_gke_ships_is_not_touched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
