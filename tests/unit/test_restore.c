/* restore: what a journal saw before it was deleted, made again. */
#include "tests/unit/classic.h"

#include "core/migrate/restore.h"

#define EPP "vllm-llama3-8b-instruct-epp"
#define EVERYTHING                                                                                              \
	CLASSIC_POOL CLASSIC_MODELS CLASSIC_PICKER(                                                             \
		EPP,                                                                                            \
		EPP) "---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}}\n"       \
		     "---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: r}, " \
		     "roleRef: {kind: Role, name: r}}\n"

static const struct past_of cleanup = { .step = STEP_CLEANUP, .pair = "default/p" };

/* In the journal as `end`, and gone from the world when it was done. */
static void
record(struct classic *c, enum kind kind, const char *name, enum verb verb, bool undo, bool dry_run,
       enum journal_end end)
{
	const struct object *object = world_find(c->world, kind, "default", name);
	struct intent_list list = { 0 };
	struct intent *intent;
	struct json *before = object == NULL ? NULL : object_json(object);
	struct err err = { 0 };
	int64_t id;

	intent = intent_add(&list, &c->arena, verb, kind, "default", name);
	intent->step = STEP_CLEANUP;
	intent->pair = "default/p";
	intent->undo = undo;
	assert_true(
		journal_intent(c->journal, intent, before, dry_run, c->world->wall, 0, &id, &err));
	assert_true(journal_outcome(c->journal, id, end, 200, NULL, "", 1, c->world->wall, &err));
	if (verb == VERB_DELETE && end == JOURNAL_DONE && !dry_run)
		world_remove(c->world, kind, "default", name, NULL);
	json_free(before);
}

static void
gone(struct classic *c, enum kind kind, const char *name)
{
	record(c, kind, name, VERB_DELETE, false, false, JOURNAL_DONE);
}

/* "Service vllm-epp, InferencePool vllm": the order, without namespaces and groups. */
static const char *
restored(struct classic *c, struct intent_list *list)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct buf out;
	const char *text;

	*list = (struct intent_list){ 0 };
	restore_deleted(&stage, cleanup, list);
	buf_init(&out, BUF_MIB);
	for (size_t i = 0; i < list->count; i++) {
		assert_int_equal(list->items[i].verb, VERB_CREATE);
		assert_true(list->items[i].undo);
		buf_printf(&out, "%s%s %s", i > 0 ? ", " : "",
			   kind_row(list->items[i].kind)->object, list->items[i].name);
	}
	text = arena_string(&c->arena, out.bytes);
	buf_release(&out);
	return text;
}

static void
what_is_missing_comes_in_the_order_a_cluster_needs(void **state)
{
	struct classic c;
	struct intent_list list;

	(void)state;
	classic_init(&c, EVERYTHING);
	classic_journal(&c);
	gone(&c, KIND_DEPLOYMENT, EPP);
	gone(&c, KIND_MODEL, "food-review");
	gone(&c, KIND_ROLE_BINDING, "r");
	gone(&c, KIND_ALPHA_POOL, "vllm-llama3-8b-instruct");
	gone(&c, KIND_SERVICE, EPP);
	gone(&c, KIND_ROLE, "r");
	gone(&c, KIND_CONFIG_MAP, EPP);
	gone(&c, KIND_SERVICE_ACCOUNT, EPP);
	assert_string_equal(restored(&c, &list),
			    "ServiceAccount " EPP ", Role r, RoleBinding r, ConfigMap " EPP
			    ", Service " EPP ", InferencePool vllm-llama3-8b-instruct, "
			    "InferenceModel food-review, Deployment " EPP);
	classic_release(&c);
}

/* Who may not bind any role is refused while the role is missing. */
static void
only_a_binding_needs_those_before_it(void **state)
{
	struct classic c;
	struct intent_list list;

	(void)state;
	classic_init(&c, EVERYTHING);
	classic_journal(&c);
	gone(&c, KIND_ROLE, "r");
	gone(&c, KIND_ROLE_BINDING, "r");
	restored(&c, &list);
	assert_int_equal(list.count, 2);
	assert_false(list.items[0].after_others);
	assert_true(list.items[1].after_others);
	classic_release(&c);
}

static void
it_is_made_as_it_was_without_what_the_server_fills_in(void **state)
{
	struct classic c;
	struct intent_list list;

	(void)state;
	classic_init(
		&c,
		"apiVersion: inference.networking.x-k8s.io/v1alpha2\n"
		"kind: InferenceModel\n"
		"metadata: {name: m, uid: u9, resourceVersion: '77', generation: 4, labels: {a: b},\n"
		"  finalizers: [example.com/kept], creationTimestamp: '2026-01-01T00:00:00Z'}\n"
		"spec: {modelName: m, poolRef: {name: p}}\n"
		"status: {conditions: []}\n");
	classic_journal(&c);
	gone(&c, KIND_MODEL, "m");
	restored(&c, &list);
	assert_int_equal(list.count, 1);
	assert_string_equal(
		list.items[0].body,
		"{\"apiVersion\":\"inference.networking.x-k8s.io/v1alpha2\","
		"\"kind\":\"InferenceModel\",\"metadata\":{\"name\":\"m\",\"labels\":{\"a\":\"b\"},"
		"\"finalizers\":[\"example.com/kept\"],\"namespace\":\"default\"},"
		"\"spec\":{\"modelName\":\"m\",\"poolRef\":{\"name\":\"p\"}}}");
	assert_string_equal(list.items[0].uid, "");
	classic_release(&c);
}

static void
what_stands_again_is_not_made_twice(void **state)
{
	struct classic c;
	struct intent_list list;

	(void)state;
	classic_init(&c, EVERYTHING);
	classic_journal(&c);
	gone(&c, KIND_MODEL, "food-review");
	gone(&c, KIND_MODEL, "base-model");
	worldtext_put(c.world, CLASSIC_MODELS);
	assert_string_equal(restored(&c, &list), "");
	world_remove(c.world, KIND_MODEL, "default", "base-model", NULL);
	assert_string_equal(restored(&c, &list), "InferenceModel base-model");
	classic_release(&c);
}

static void
only_what_this_step_of_this_pair_really_deleted_comes_back(void **state)
{
	struct classic c;
	struct intent_list list;
	struct stage stage;

	(void)state;
	classic_init(&c, EVERYTHING);
	classic_journal(&c);
	record(&c, KIND_MODEL, "food-review", VERB_DELETE, false, true, JOURNAL_DONE);
	record(&c, KIND_MODEL, "base-model", VERB_DELETE, false, false, JOURNAL_FAILED);
	world_remove(c.world, KIND_MODEL, "default", "food-review", NULL);
	world_remove(c.world, KIND_MODEL, "default", "base-model", NULL);
	assert_string_equal(restored(&c, &list), "");
	gone(&c, KIND_SERVICE, EPP);
	stage = classic_stage(&c, PPM_UNKNOWN);
	assert_int_equal(
		restore_deleted(&stage, (struct past_of){ .step = STEP_CLEANUP, .pair = "other/p" },
				&list),
		0);
	assert_int_equal(restore_deleted(&stage,
					 (struct past_of){ .step = STEP_POOL, .pair = "default/p" },
					 &list),
			 0);
	assert_string_equal(restored(&c, &list), "Service " EPP);
	classic_release(&c);
}

static void
what_was_taken_back_and_is_gone_again_was_somebody_elses_doing(void **state)
{
	struct classic c;
	struct intent_list list;

	(void)state;
	classic_init(&c, EVERYTHING);
	classic_journal(&c);
	gone(&c, KIND_MODEL, "food-review");
	record(&c, KIND_MODEL, "food-review", VERB_CREATE, true, false, JOURNAL_DONE);
	assert_string_equal(restored(&c, &list), "");
	classic_release(&c);
}

static void
without_a_journal_nothing_is_known(void **state)
{
	struct classic c;
	struct intent_list list;

	(void)state;
	classic_init(&c, EVERYTHING);
	assert_string_equal(restored(&c, &list), "");
	classic_release(&c);
}

/* A release's objects stand in one record, as a List. */
static void
what_a_release_held_comes_in_the_same_order(void **state)
{
	const struct journal_record uninstall = {
		.intent = { .step = STEP_CLEANUP, .pair = "default/p" },
		.before =
			"{\"items\":["
			"{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"d\",\"namespace\":\"default\"}},"
			"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"s\",\"namespace\":\"default\"}},"
			"{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"" EPP
			"\",\"namespace\":\"default\"}},"
			"{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\"w\"}}]}",
	};
	struct classic c;
	struct intent_list list = { 0 };
	struct stage stage;

	(void)state;
	classic_init(&c, EVERYTHING);
	stage = classic_stage(&c, PPM_UNKNOWN);
	assert_int_equal(restore_copies(&stage, &uninstall, &list), 2);
	assert_string_equal(list.items[0].name, "s");
	assert_string_equal(list.items[1].name, "d");
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_comes_in_the_order_a_cluster_needs),
		cmocka_unit_test(only_a_binding_needs_those_before_it),
		cmocka_unit_test(it_is_made_as_it_was_without_what_the_server_fills_in),
		cmocka_unit_test(what_stands_again_is_not_made_twice),
		cmocka_unit_test(only_what_this_step_of_this_pair_really_deleted_comes_back),
		cmocka_unit_test(what_was_taken_back_and_is_gone_again_was_somebody_elses_doing),
		cmocka_unit_test(without_a_journal_nothing_is_known),
		cmocka_unit_test(what_a_release_held_comes_in_the_same_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
