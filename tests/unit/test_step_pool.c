#include "tests/unit/worldtext.h"

#include <locale.h>
#include <stdlib.h>

#include "core/migrate/assess.h"
#include "core/migrate/rows.h"

#define ALPHA_POOL                                                  \
	"---\napiVersion: inference.networking.x-k8s.io/v1alpha2\n" \
	"kind: InferencePool\nmetadata: {name: vllm}\n"             \
	"spec: {targetPortNumber: 8000, selector: {app: vllm}, extensionRef: {name: vllm-epp}}\n"
#define OURS "managedFields: [{manager: poolshift, operation: Apply}]"
#define GA_POOL(by, app)                                                                   \
	"---\napiVersion: inference.networking.k8s.io/v1\nkind: InferencePool\n"           \
	"metadata: {name: vllm-ga, " by "}\n"                                              \
	"spec: {targetPorts: [{number: 8000}], selector: {matchLabels: {app: " app "}},\n" \
	"  endpointPickerRef: {name: vllm-ga-epp, port: {number: 9002}}}\n"
#define SERVICE(by)                                                                   \
	"---\napiVersion: v1\nkind: Service\nmetadata: {name: vllm-ga-epp, " by "}\n" \
	"spec: {selector: {inferencepool: vllm-ga-epp}}\n"
#define DEPLOYMENT(by, available)                                                   \
	"---\napiVersion: apps/v1\nkind: Deployment\n"                              \
	"metadata: {name: vllm-ga-epp, generation: 2, " by "}\n"                    \
	"spec: {selector: {matchLabels: {inferencepool: vllm-ga-epp}},\n"           \
	"  template: {metadata: {labels: {inferencepool: vllm-ga-epp}}}}\n"         \
	"status: {observedGeneration: 2, readyReplicas: 1, availableReplicas: 1,\n" \
	"  conditions: [{type: Available, status: '" available "'}]}\n"

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
derive(struct room *room)
{
	room->input = (struct assess_input){ .world = room->world, .settings = &room->settings };
	assess(&room->input, &room->arena, &room->plan);
	room->stage = assess_stage(&room->input, &room->plan, &room->arena, PPM_UNKNOWN);
	assert_true(room->plan.pair_count > 0);
	room->pair = &room->plan.pairs[room->plan.pair_count - 1];
}

static struct room *
room_new(const char *yaml)
{
	struct room *room = calloc(1, sizeof(*room));

	room->world = worldtext_new(yaml);
	room->settings = settings_default();
	derive(room);
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
	step_pool.check(&room->stage, room->pair, &room->status);
	return room->status.state;
}

static struct intent_list
writes(struct room *room)
{
	struct intent_list list = { 0 };
	struct err err = { 0 };

	if (!step_pool.writes(&room->stage, room->pair, &list, &err))
		fail_msg("%s", err.text);
	return list;
}

static void
everything_of_the_picker_comes_before_the_pool_and_its_deployment_last(void **state)
{
	static const enum kind order[] = {
		KIND_SERVICE_ACCOUNT,      KIND_ROLE,       KIND_ROLE_BINDING, KIND_CLUSTER_ROLE,
		KIND_CLUSTER_ROLE_BINDING, KIND_CONFIG_MAP, KIND_SERVICE,      KIND_GA_POOL,
		KIND_DEPLOYMENT,
	};
	struct room *room = room_new(ALPHA_POOL);
	struct intent_list list = writes(room);

	(void)state;
	assert_int_equal(check(room), STATE_READY);
	assert_int_equal(list.count, 9);
	for (size_t i = 0; i < list.count; i++) {
		assert_int_equal(list.items[i].kind, order[i]);
		assert_int_equal(list.items[i].verb, VERB_APPLY);
		assert_false(list.items[i].force);
		assert_string_equal(list.items[i].uid, "");
		assert_string_equal(list.items[i].pair, "default/vllm");
		assert_string_equal(list.items[i].name,
				    order[i] == KIND_GA_POOL ? "vllm-ga" : "vllm-ga-epp");
	}
	assert_string_equal(list.items[7].summary,
			    "selector app=vllm, port 8000, picker vllm-ga-epp");
	room_free(room);
}

/* Puts the bodies of intents into the world as the cluster would show them. */
static void
carry_out(struct room *room, const struct intent_list *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct json *json =
			json_parse(list->items[i].body, strlen(list->items[i].body), NULL);
		struct json *managers =
			json_set_array(json_get_mutable(json, "metadata"), "managedFields");
		struct json *manager = json_append(managers, json_new_object());
		struct object *object;

		json_set_string(manager, "manager", "poolshift");
		json_set_string(manager, "operation", "Apply");
		worldtext_fill(json, list->items[i].kind);
		object = object_decode(list->items[i].kind, json, NULL);
		assert_true(world_put(room->world, object));
		json_free(json);
	}
	derive(room);
}

static void
after_a_stop_only_what_is_missing_is_written(void **state)
{
	struct room *room = room_new(ALPHA_POOL);
	struct intent_list list = writes(room), rest;

	(void)state;
	carry_out(room, &list, 4);
	rest = writes(room);
	assert_int_equal(check(room), STATE_READY);
	assert_int_equal(rest.count, 5);
	assert_int_equal(rest.items[0].kind, KIND_CLUSTER_ROLE_BINDING);
	carry_out(room, &rest, 5);
	assert_int_equal(writes(room).count, 0);
	assert_int_equal(check(room), STATE_WAITING);
	room_free(room);
}

/* Everything of it made by us, with this Deployment. */
static struct room *
made(const char *deployment)
{
	struct room *room = room_new(ALPHA_POOL);
	struct intent_list list = writes(room);

	carry_out(room, &list, list.count);
	worldtext_put(room->world, deployment);
	derive(room);
	return room;
}

static void
it_is_done_when_the_picker_is_available(void **state)
{
	struct room *room = made(DEPLOYMENT(OURS, "True"));

	(void)state;
	assert_int_equal(check(room), STATE_DONE);
	assert_int_equal(step_pool.verify(&room->stage, room->pair, &room->status), VERDICT_PASS);
	worldtext_put(room->world, DEPLOYMENT(OURS, "False"));
	assert_int_equal(check(room), STATE_WAITING);
	assert_string_equal(room->status.object, "Deployment default/vllm-ga-epp (apps)");
	assert_int_equal(step_pool.verify(&room->stage, room->pair, &room->status), VERDICT_WAIT);
	room_free(room);
}

static void
what_a_picker_lacks_that_does_not_come_up_is_made_again(void **state)
{
	struct room *room = made(DEPLOYMENT(OURS, "True"));
	struct intent_list list;

	(void)state;
	assert_true(
		world_remove(room->world, KIND_SERVICE_ACCOUNT, "default", "vllm-ga-epp", NULL));
	derive(room);
	assert_int_equal(check(room), STATE_DONE);
	worldtext_put(room->world, DEPLOYMENT(OURS, "False"));
	derive(room);
	assert_int_equal(check(room), STATE_READY);
	list = writes(room);
	assert_int_equal(list.items[0].kind, KIND_SERVICE_ACCOUNT);
	room->world->view[KIND_SERVICE_ACCOUNT].state = VIEW_FORBIDDEN;
	assert_int_equal(check(room), STATE_WAITING);
	room_free(room);
}

static void
an_available_deployment_of_an_older_generation_is_not_enough(void **state)
{
	struct room *room = made("apiVersion: apps/v1\nkind: Deployment\n"
				 "metadata: {name: vllm-ga-epp, generation: 3, " OURS "}\n"
				 "spec: {selector: {matchLabels: {inferencepool: vllm-ga-epp}},\n"
				 "  template: {metadata: {labels: {inferencepool: vllm-ga-epp}}}}\n"
				 "status: {observedGeneration: 2, availableReplicas: 1,\n"
				 "  conditions: [{type: Available, status: 'True'}]}\n");

	(void)state;
	assert_int_equal(check(room), STATE_WAITING);
	room_free(room);
}

static void
a_pool_made_by_hand_over_the_same_pods_counts(void **state)
{
	struct room *room = room_new(ALPHA_POOL GA_POOL("labels: {}", "vllm") SERVICE("labels: {}")
					     DEPLOYMENT("labels: {}", "True"));
	struct intent_list list = { 0 };

	(void)state;
	assert_int_equal(check(room), STATE_DONE);
	assert_int_equal(writes(room).count, 0);
	assert_true(step_pool.back(&room->stage, room->pair, &list, NULL));
	assert_int_equal(list.count, 0);
	room_free(room);
}

static void
assert_blocked(const char *yaml, const char *object, const char *words)
{
	struct room *room = room_new(yaml);

	assert_int_equal(check(room), STATE_BLOCKED);
	assert_string_equal(room->status.object, object);
	if (strstr(room->status.reason, words) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", words, room->status.reason);
	assert_true(room->status.advice[0] != '\0');
	room_free(room);
}

static void
what_cannot_be_carried_blocks_and_is_named(void **state)
{
	(void)state;
	assert_blocked(ALPHA_POOL GA_POOL("labels: {}", "other"),
		       "InferencePool default/vllm-ga (inference.networking.k8s.io)",
		       "somebody else");
	assert_blocked(ALPHA_POOL SERVICE("labels: {}"), "Service default/vllm-ga-epp",
		       "somebody else");
}

static void
helm_asked_for_by_name_is_not_replaced_by_something_else(void **state)
{
	struct room *room = room_new(ALPHA_POOL);

	(void)state;
	room->settings.installer = INSTALLER_HELM;
	assert_int_equal(check(room), STATE_BLOCKED);
	assert_non_null(strstr(room->status.reason, "no helm on the PATH"));
	assert_non_null(strstr(room->status.advice, "--installer native"));
	room_free(room);
}

static void
what_was_tuned_on_a_picker_at_work_is_left_alone(void **state)
{
	struct room *room =
		room_new(ALPHA_POOL GA_POOL(OURS, "vllm") SERVICE(OURS) DEPLOYMENT(OURS, "True"));

	(void)state;
	assert_int_equal(writes(room).count, 0);
	room_free(room);
}

static void
a_cluster_role_of_the_name_in_use_elsewhere_is_avoided(void **state)
{
	struct room *room = room_new(
		ALPHA_POOL
		"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n"
		"metadata: {name: vllm-ga-epp, " OURS "}\n"
		"subjects: [{kind: ServiceAccount, name: vllm-ga-epp, namespace: apps}]\n");
	struct intent_list list = writes(room);

	(void)state;
	assert_int_equal(check(room), STATE_READY);
	assert_string_equal(list.items[3].name, "default-vllm-ga-epp");
	assert_string_equal(list.items[4].name, "default-vllm-ga-epp");
	assert_non_null(strstr(list.items[4].body,
			       "\"kind\":\"ClusterRole\",\"name\":\"default-vllm-ga-epp\""));
	room_free(room);
}

#define TEAM_POOL                                                        \
	"---\napiVersion: inference.networking.x-k8s.io/v1alpha2\n"      \
	"kind: InferencePool\nmetadata: {name: vllm, namespace: team}\n" \
	"spec: {targetPortNumber: 8000, selector: {app: vllm}, extensionRef: {name: vllm-epp}}\n"
#define TEAM_BINDING                                                                \
	"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n" \
	"metadata: {name: vllm-ga-epp, " OURS "}\n"                                 \
	"subjects: [{kind: ServiceAccount, name: vllm-ga-epp, namespace: team}]\n"

/* The cluster role's name that the plan has for the last pair. */
static const char *
planned_role(struct room *room)
{
	return writes(room).items[3].name;
}

static void
of_two_pools_of_one_name_the_plan_says_which_role_has_another(void **state)
{
	struct room *room = room_new(ALPHA_POOL TEAM_POOL);

	(void)state;
	assert_int_equal(room->plan.pair_count, 2);
	assert_string_equal(planned_role(room), "team-vllm-ga-epp");
	room->pair = &room->plan.pairs[0];
	assert_string_equal(planned_role(room), "vllm-ga-epp");
	room_free(room);
}

static void
a_pool_migrated_alone_has_the_short_name_and_keeps_it(void **state)
{
	const char *const alone[] = { "team/vllm", NULL };
	struct room *room = room_new(ALPHA_POOL TEAM_POOL);

	(void)state;
	room->settings.pools = alone;
	derive(room);
	assert_string_equal(planned_role(room), "vllm-ga-epp");
	room->settings.pools = NULL;
	worldtext_put(room->world, TEAM_BINDING);
	derive(room);
	assert_string_equal(planned_role(room), "vllm-ga-epp");
	room->pair = &room->plan.pairs[0];
	assert_string_equal(planned_role(room), "default-vllm-ga-epp");
	room_free(room);
}

static void
two_releases_of_one_name_block_before_the_first_is_installed(void **state)
{
	struct room *room = room_new(ALPHA_POOL TEAM_POOL);

	(void)state;
	room->settings.installer = INSTALLER_HELM;
	room->settings.helm = "/usr/bin/helm";
	derive(room);
	assert_int_equal(check(room), STATE_BLOCKED);
	assert_string_equal(room->status.reason,
			    "helm release vllm-ga of namespace default comes first, and the chart "
			    "would make ClusterRole vllm-ga-epp for both");
	assert_non_null(strstr(room->status.advice, "--pool team/vllm --ga-name NAME"));
	room->pair = &room->plan.pairs[0];
	assert_int_equal(check(room), STATE_READY);
	room_free(room);
}

static void
that_helm_will_be_missed_is_said_before_the_first_write(void **state)
{
	struct room *room = room_new(
		"---\napiVersion: inference.networking.x-k8s.io/v1alpha2\nkind: InferencePool\n"
		"metadata: {name: vllm, annotations: {meta.helm.sh/release-name: old}}\n"
		"spec: {targetPortNumber: 8000, selector: {app: vllm}, extensionRef: {name: x}}\n");

	(void)state;
	assert_int_equal(check(room), STATE_READY);
	assert_non_null(strstr(room->status.advice, "there is no helm on the PATH: the GA pool is "
						    "made natively"));
	assert_non_null(strstr(room->status.advice, "helm uninstall old"));
	room->settings.helm = "/usr/bin/helm";
	room->settings.installer = INSTALLER_NATIVE;
	derive(room);
	assert_int_equal(check(room), STATE_READY);
	assert_string_equal(room->status.advice, "");
	room_free(room);
}

static void
taken_back_what_we_made_goes_in_reverse_and_the_rest_stays(void **state)
{
	struct room *room =
		room_new(ALPHA_POOL GA_POOL(OURS, "vllm") SERVICE("labels: {}") DEPLOYMENT(
			OURS, "True") "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: "
				      "vllm-ga-epp, " OURS "}\n");
	struct intent_list list = { 0 };

	(void)state;
	assert_true(step_pool.back(&room->stage, room->pair, &list, NULL));
	assert_int_equal(list.count, 3);
	assert_int_equal(list.items[0].kind, KIND_DEPLOYMENT);
	assert_int_equal(list.items[1].kind, KIND_GA_POOL);
	assert_int_equal(list.items[2].kind, KIND_SERVICE_ACCOUNT);
	assert_int_equal(list.items[0].verb, VERB_DELETE);
	assert_string_equal(list.items[0].uid, "uid-deployments-vllm-ga-epp");
	assert_true(list.items[0].undo);
	room_free(room);
}

static void
a_pool_that_a_route_names_is_not_taken_back(void **state)
{
	struct room *room = room_new(ALPHA_POOL GA_POOL(
		OURS, "vllm") "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
			      "metadata: {name: llm-route}\nspec: {rules: [{backendRefs: [{group: "
			      "inference.networking.k8s.io, kind: InferencePool, name: vllm-ga, "
			      "weight: 0}]}]}\n");
	struct intent_list list = { 0 };
	struct err err = { 0 };

	(void)state;
	assert_false(step_pool.back(&room->stage, room->pair, &list, &err));
	assert_non_null(
		strstr(err.text, "HTTPRoute default/llm-route (gateway.networking.k8s.io)"));
	room_free(room);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			everything_of_the_picker_comes_before_the_pool_and_its_deployment_last),
		cmocka_unit_test(after_a_stop_only_what_is_missing_is_written),
		cmocka_unit_test(it_is_done_when_the_picker_is_available),
		cmocka_unit_test(what_a_picker_lacks_that_does_not_come_up_is_made_again),
		cmocka_unit_test(an_available_deployment_of_an_older_generation_is_not_enough),
		cmocka_unit_test(a_pool_made_by_hand_over_the_same_pods_counts),
		cmocka_unit_test(what_cannot_be_carried_blocks_and_is_named),
		cmocka_unit_test(helm_asked_for_by_name_is_not_replaced_by_something_else),
		cmocka_unit_test(what_was_tuned_on_a_picker_at_work_is_left_alone),
		cmocka_unit_test(a_cluster_role_of_the_name_in_use_elsewhere_is_avoided),
		cmocka_unit_test(of_two_pools_of_one_name_the_plan_says_which_role_has_another),
		cmocka_unit_test(a_pool_migrated_alone_has_the_short_name_and_keeps_it),
		cmocka_unit_test(two_releases_of_one_name_block_before_the_first_is_installed),
		cmocka_unit_test(that_helm_will_be_missed_is_said_before_the_first_write),
		cmocka_unit_test(taken_back_what_we_made_goes_in_reverse_and_the_rest_stays),
		cmocka_unit_test(a_pool_that_a_route_names_is_not_taken_back),
	};

	/* The sentences hold α, which has a width only in a UTF-8 locale. */
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
