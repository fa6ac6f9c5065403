#include "tests/unit/worldtext.h"

#include <stdlib.h>

#include "core/migrate/assess.h"
#include "core/migrate/rows.h"

#define ALPHA "---\napiVersion: inference.networking.x-k8s.io/v1alpha2\n"
#define POOL                                                  \
	ALPHA "kind: InferencePool\nmetadata: {name: vllm}\n" \
	      "spec: {targetPortNumber: 8000, selector: {app: vllm}}\n"
#define MODEL(name, criticality)                                   \
	ALPHA "kind: InferenceModel\nmetadata: {name: " name "}\n" \
	      "spec: {modelName: " name ", " criticality "poolRef: {name: vllm}}\n"
#define OURS "managedFields: [{manager: poolshift, operation: Apply}]"
#define OBJECTIVE(name, by, pool, priority)                                    \
	ALPHA "kind: InferenceObjective\nmetadata: {name: " name ", " by "}\n" \
	      "spec: {priority: " priority ", poolRef: {name: " pool "}}\n"
#define TWO_MODELS POOL MODEL("food-review", "criticality: Sheddable, ") MODEL("base-model", "")

struct room {
	struct world *world;
	struct arena arena;
	struct settings settings;
	struct assess_input input;
	struct plan plan;
	struct stage stage;
	const struct pair *pair;
	struct step_status status;
};

static void
room_look(struct room *room)
{
	assess(&room->input, &room->arena, &room->plan);
	room->stage = assess_stage(&room->input, &room->plan, &room->arena, PPM_UNKNOWN);
	assert_int_equal(room->plan.pair_count, 1);
	room->pair = &room->plan.pairs[0];
}

static struct room *
room_new(const char *yaml)
{
	struct room *room = calloc(1, sizeof(*room));

	room->world = worldtext_new(yaml);
	room->settings = settings_default();
	room->input = (struct assess_input){ .world = room->world, .settings = &room->settings };
	room_look(room);
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
	step_objectives.check(&room->stage, room->pair, &room->status);
	return room->status.state;
}

static struct intent_list
writes(struct room *room)
{
	struct intent_list list = { 0 };

	assert_true(step_objectives.writes(&room->stage, room->pair, &list, NULL));
	return list;
}

static void
every_model_becomes_an_objective_of_its_name(void **state)
{
	struct room *room = room_new(TWO_MODELS);
	struct intent_list list = writes(room);

	(void)state;
	assert_int_equal(check(room), STATE_READY);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].name, "base-model");
	assert_string_equal(list.items[0].summary, "criticality unset → priority 1");
	assert_string_equal(list.items[1].summary, "criticality Sheddable → priority -1");
	assert_string_equal(
		list.items[1].body,
		"{\"apiVersion\":\"inference.networking.x-k8s.io/v1alpha2\","
		"\"kind\":\"InferenceObjective\",\"metadata\":{\"name\":\"food-review\","
		"\"namespace\":\"default\"},\"spec\":{\"priority\":-1,\"poolRef\":{\"group\":"
		"\"inference.networking.k8s.io\",\"kind\":\"InferencePool\","
		"\"name\":\"vllm-ga\"}}}");
	assert_false(list.items[0].after_others);
	room_free(room);
}

static void
before_its_crd_is_there_a_dry_run_has_to_wait(void **state)
{
	struct room *room = room_new(TWO_MODELS);

	(void)state;
	room->world->view[KIND_OBJECTIVE].state = VIEW_NOT_INSTALLED;
	assert_true(writes(room).items[0].after_others);
	room_free(room);
}

static void
it_is_done_when_all_are_carried_whoever_made_them(void **state)
{
	struct room *room = room_new(TWO_MODELS OBJECTIVE("food-review", OURS, "vllm-ga", "-1")
					     OBJECTIVE("base-model", "labels: {}", "vllm-ga", "1"));

	(void)state;
	assert_int_equal(check(room), STATE_DONE);
	assert_int_equal(writes(room).count, 0);
	assert_int_equal(step_objectives.verify(&room->stage, room->pair, &room->status),
			 VERDICT_PASS);
	room_free(room);
}

static void
our_own_stays_as_it_is_until_another_priority_is_asked_for(void **state)
{
	static const struct priority asked = { .model = "food-review", .value = 2 };
	struct room *room = room_new(TWO_MODELS OBJECTIVE("food-review", OURS, "vllm-ga", "3")
					     OBJECTIVE("base-model", OURS, "vllm-ga", "1"));
	struct intent_list list;

	(void)state;
	assert_int_equal(check(room), STATE_DONE);
	assert_int_equal(room->pair->models[1].priority, 3);
	room->settings.priorities = &asked;
	room->settings.priority_count = 1;
	room_look(room);
	list = writes(room);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].uid, "uid-inferenceobjectives-food-review");
	assert_int_equal(step_objectives.verify(&room->stage, room->pair, &room->status),
			 VERDICT_WAIT);
	room_free(room);
}

static void
somebody_elses_objective_of_the_name_blocks(void **state)
{
	struct room *room =
		room_new(TWO_MODELS OBJECTIVE("food-review", "labels: {}", "other", "1"));

	(void)state;
	assert_int_equal(check(room), STATE_BLOCKED);
	assert_string_equal(
		room->status.object,
		"InferenceObjective default/food-review (inference.networking.x-k8s.io)");
	room_free(room);
	room = room_new(TWO_MODELS OBJECTIVE("food-review", "labels: {}", "vllm-ga", "5"));
	assert_int_equal(check(room), STATE_BLOCKED);
	assert_non_null(strstr(room->status.advice, "--priority food-review=5"));
	room_free(room);
}

static void
a_pool_without_models_has_nothing_to_do(void **state)
{
	struct room *room = room_new(POOL);

	(void)state;
	assert_int_equal(check(room), STATE_SKIPPED);
	room_free(room);
}

static void
taken_back_only_ours_of_this_pool_go(void **state)
{
	struct room *room = room_new(TWO_MODELS OBJECTIVE("food-review", OURS, "vllm-ga", "-1")
					     OBJECTIVE("base-model", "labels: {}", "vllm-ga", "1")
						     OBJECTIVE("elsewhere", OURS, "other-ga", "1"));
	struct intent_list list = { 0 };

	(void)state;
	assert_true(step_objectives.back(&room->stage, room->pair, &list, NULL));
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].verb, VERB_DELETE);
	assert_string_equal(list.items[0].name, "food-review");
	assert_true(list.items[0].undo);
	room_free(room);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_model_becomes_an_objective_of_its_name),
		cmocka_unit_test(before_its_crd_is_there_a_dry_run_has_to_wait),
		cmocka_unit_test(it_is_done_when_all_are_carried_whoever_made_them),
		cmocka_unit_test(our_own_stays_as_it_is_until_another_priority_is_asked_for),
		cmocka_unit_test(somebody_elses_objective_of_the_name_blocks),
		cmocka_unit_test(a_pool_without_models_has_nothing_to_do),
		cmocka_unit_test(taken_back_only_ours_of_this_pool_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
