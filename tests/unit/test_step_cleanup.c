/* cleanup, check and remove-crds: what goes, in which order, what stays and why. */
#include "tests/unit/classic.h"
#include "core/migrate/picker.h"

#define EPP    "vllm-llama3-8b-instruct-epp"
#define GA_EPP "vllm-llama3-8b-instruct-ga-epp"

#define RIGHTS(account)                                                                     \
	"---\n"                                                                             \
	"{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: read}}\n"  \
	"---\n"                                                                             \
	"{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: "   \
	"review}}\n"                                                                        \
	"---\n"                                                                             \
	"apiVersion: rbac.authorization.k8s.io/v1\n"                                        \
	"kind: RoleBinding\n"                                                               \
	"metadata: {name: read}\n"                                                          \
	"roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: read}\n"          \
	"subjects: [{kind: ServiceAccount, name: " account ", namespace: default}]\n"       \
	"---\n"                                                                             \
	"apiVersion: rbac.authorization.k8s.io/v1\n"                                        \
	"kind: ClusterRoleBinding\n"                                                        \
	"metadata: {name: review}\n"                                                        \
	"roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: review}\n" \
	"subjects: [{kind: ServiceAccount, name: " account ", namespace: default}]\n"

/* "Role read, ...": the deletions in order. */
static const char *
deletions(struct classic *c)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct intent_list list = { 0 };
	const char *text = "";

	assert_true(step_row(STEP_CLEANUP)->writes(&stage, &c->plan.pairs[0], &list, NULL));
	for (size_t i = 0; i < list.count; i++) {
		assert_int_equal(list.items[i].verb, VERB_DELETE);
		assert_string_not_equal(list.items[i].uid, "");
		text = arena_printf(&c->arena, "%s%s%s %s", text, i == 0 ? "" : ", ",
				    kind_row(list.items[i].kind)->object, list.items[i].name);
		if (c->journal != NULL)
			classic_record(c, &list.items[i]);
	}
	return text;
}

static const char *
checked(struct classic *c, enum step_id step)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct step_status status = { 0 };

	step_row(step)->check(&stage, step == STEP_CLEANUP ? &c->plan.pairs[0] : NULL, &status);
	return classic_status(c, &status);
}

static void
what_leads_to_others_is_deleted_after_them(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_MODELS CLASSIC_PICKER(EPP, EPP) RIGHTS(EPP));
	assert_string_equal(
		deletions(&c),
		"Role read, ClusterRole review, RoleBinding read, ClusterRoleBinding review, "
		"ServiceAccount " EPP ", ConfigMap " EPP ", Deployment " EPP ", Service " EPP
		", InferenceModel base-model, InferenceModel food-review, "
		"InferencePool vllm-llama3-8b-instruct");
	classic_release(&c);
}

static void
the_default_account_and_its_rights_stay(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_PICKER(EPP, "default") RIGHTS("default"));
	assert_string_equal(deletions(&c), "ConfigMap " EPP ", Deployment " EPP ", Service " EPP
					   ", InferencePool vllm-llama3-8b-instruct");
	classic_release(&c);
}

static void
what_another_deployment_or_binding_uses_stays(void **state)
{
	struct classic c;

	(void)state;
	classic_init(
		&c,
		CLASSIC_POOL CLASSIC_PICKER(EPP, EPP) RIGHTS(
			EPP) "---\n"
			     "apiVersion: rbac.authorization.k8s.io/v1\n"
			     "kind: ClusterRoleBinding\n"
			     "metadata: {name: also}\n"
			     "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, "
			     "name: review}\n"
			     "subjects: [{kind: ServiceAccount, name: other, namespace: default}]\n"
			     "---\n"
			     "apiVersion: apps/v1\n"
			     "kind: Deployment\n"
			     "metadata: {name: web}\n"
			     "spec:\n"
			     "  selector: {matchLabels: {app: web}}\n"
			     "  template:\n"
			     "    metadata: {labels: {app: web}}\n"
			     "    spec: {containers: [{name: w, image: w}], volumes: [{name: c, "
			     "configMap: {name: " EPP "}}]}\n");
	assert_string_equal(
		deletions(&c),
		"Role read, RoleBinding read, ClusterRoleBinding review, ServiceAccount " EPP
		", Deployment " EPP ", Service " EPP ", InferencePool vllm-llama3-8b-instruct");
	classic_release(&c);
}

static void
a_binding_with_other_subjects_stays_with_its_role(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c,
		     CLASSIC_POOL CLASSIC_PICKER(
			     EPP, EPP) "---\n"
				       "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, "
				       "metadata: {name: read}}\n"
				       "---\n"
				       "apiVersion: rbac.authorization.k8s.io/v1\n"
				       "kind: RoleBinding\n"
				       "metadata: {name: read}\n"
				       "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, "
				       "name: read}\n"
				       "subjects:\n"
				       "- {kind: ServiceAccount, name: " EPP
				       ", namespace: default}\n"
				       "- {kind: ServiceAccount, name: web, namespace: default}\n");
	assert_string_equal(deletions(&c),
			    "ServiceAccount " EPP ", ConfigMap " EPP ", Deployment " EPP
			    ", Service " EPP ", InferencePool vllm-llama3-8b-instruct");
	classic_release(&c);
}

static void
a_role_of_kubernetes_itself_stays(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_PICKER(
				 EPP, EPP) "---\n"
					   "apiVersion: rbac.authorization.k8s.io/v1\n"
					   "kind: ClusterRole\n"
					   "metadata: {name: view, labels: "
					   "{kubernetes.io/bootstrapping: rbac-defaults}}\n"
					   "---\n"
					   "apiVersion: rbac.authorization.k8s.io/v1\n"
					   "kind: ClusterRoleBinding\n"
					   "metadata: {name: epp-view}\n"
					   "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: "
					   "ClusterRole, name: view}\n"
					   "subjects: [{kind: ServiceAccount, name: " EPP
					   ", namespace: default}]\n");
	assert_string_equal(deletions(&c), "ClusterRoleBinding epp-view, ServiceAccount " EPP
					   ", ConfigMap " EPP ", Deployment " EPP ", Service " EPP
					   ", InferencePool vllm-llama3-8b-instruct");
	classic_release(&c);
}

static void
a_picker_two_pools_share_stays_whole(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_PICKER(
				 EPP, EPP) "---\n"
					   "apiVersion: inference.networking.k8s.io/v1\n"
					   "kind: InferencePool\n"
					   "metadata: {name: by-hand}\n"
					   "spec: {targetPorts: [{number: 8000}], selector: "
					   "{matchLabels: {app: x}}, endpointPickerRef: {name: " EPP
					   "}}\n");
	assert_string_equal(deletions(&c), "InferencePool vllm-llama3-8b-instruct");
	classic_release(&c);
}

static void
nothing_is_cleaned_while_a_route_names_the_pool(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA);
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 0}, " CLASSIC_GA_REF ", weight: 100}",
		      CLASSIC_RESOLVED, "");
	assert_string_equal(checked(&c, STEP_CLEANUP), "waiting: rules[0] still names the α pool");
	classic_route(c.world, CLASSIC_GA_REF ", weight: 100}", CLASSIC_RESOLVED, "");
	assert_string_equal(checked(&c, STEP_CLEANUP), "ready");
	classic_release(&c);
}

#define GRANT(ns)                                                                                 \
	"---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\n"              \
	"metadata: {name: far}\n"                                                                 \
	"spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: " ns "}], " \
	"to: [{group: inference.networking.x-k8s.io, kind: InferencePool}]}\n"

/* Only what a ReferenceGrant lets in can name the pool from another namespace. */
static void
nothing_is_cleaned_while_routes_that_may_name_it_are_out_of_sight(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL GRANT("team-a"));
	assert_string_equal(checked(&c, STEP_CLEANUP), "ready");
	snprintf(c.world->view[KIND_ROUTE].ns, sizeof c.world->view[KIND_ROUTE].ns, "default");
	assert_string_equal(
		checked(&c, STEP_CLEANUP),
		"blocked: HTTPRoutes of namespace team-a may name it, and only namespace "
		"default is looked at");
	worldtext_put(c.world, GRANT("default"));
	assert_string_equal(checked(&c, STEP_CLEANUP), "ready");
	classic_release(&c);
}

static void
what_was_deleted_comes_back_in_the_order_a_cluster_needs(void **state)
{
	struct classic c;
	struct stage stage;
	struct intent_list list = { 0 };
	const char *text = "";

	(void)state;
	classic_init(&c,
		     CLASSIC_POOL CLASSIC_GA CLASSIC_MODELS CLASSIC_PICKER(EPP, EPP) RIGHTS(EPP));
	classic_journal(&c);
	deletions(&c);
	for (size_t kind = 0; kind < KIND_COUNT; kind++)
		if (kind != KIND_GA_POOL && kind != KIND_CONFIG_MAP)
			world_clear(c.world, (enum kind)kind);
	stage = classic_stage(&c, PPM_UNKNOWN);
	assert_true(step_row(STEP_CLEANUP)->back(&stage, &c.plan.pairs[0], &list, NULL));
	for (size_t i = 0; i < list.count; i++)
		text = arena_printf(&c.arena, "%s%s%s %s", text, i == 0 ? "" : ", ",
				    verb_name(list.items[i].verb),
				    kind_row(list.items[i].kind)->object);
	assert_string_equal(text, "create ServiceAccount, create Role, create ClusterRole, create "
				  "RoleBinding, create "
				  "ClusterRoleBinding, create Service, create InferencePool, "
				  "create InferenceModel, create "
				  "InferenceModel, create Deployment");
	assert_null(strstr(list.items[0].body, "\"uid\""));
	assert_true(list.items[0].undo);
	classic_release(&c);
}

static void
without_a_copy_undo_says_so(void **state)
{
	struct classic c;
	struct stage stage;
	struct intent_list list = { 0 };
	struct err err;

	(void)state;
	classic_init(&c, CLASSIC_GA);
	stage = classic_stage(&c, PPM_UNKNOWN);
	assert_false(step_row(STEP_CLEANUP)->back(&stage, &c.plan.pairs[0], &list, &err));
	assert_int_equal(err.code, ERR_MISSING);
	classic_release(&c);
}

#define CRDS                                                                                       \
	"---\n"                                                                                    \
	"apiVersion: apiextensions.k8s.io/v1\n"                                                    \
	"kind: CustomResourceDefinition\n"                                                         \
	"metadata: {name: inferencepools.inference.networking.x-k8s.io}\n"                         \
	"spec: {group: inference.networking.x-k8s.io, names: {plural: inferencepools, kind: "      \
	"InferencePool}}\n"                                                                        \
	"---\n"                                                                                    \
	"apiVersion: apiextensions.k8s.io/v1\n"                                                    \
	"kind: CustomResourceDefinition\n"                                                         \
	"metadata: {name: inferencemodels.inference.networking.x-k8s.io}\n"                        \
	"spec: {group: inference.networking.x-k8s.io, names: {plural: inferencemodels, kind: "     \
	"InferenceModel}}\n"                                                                       \
	"---\n"                                                                                    \
	"apiVersion: apiextensions.k8s.io/v1\n"                                                    \
	"kind: CustomResourceDefinition\n"                                                         \
	"metadata: {name: inferenceobjectives.inference.networking.x-k8s.io}\n"                    \
	"spec: {group: inference.networking.x-k8s.io, names: {plural: inferenceobjectives, kind: " \
	"InferenceObjective}}\n"

/* The names of the CRDs that would be deleted, or the refusal. */
static const char *
removals(struct classic *c)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct intent_list list = { 0 };
	struct err err;
	const char *text = "";

	if (!step_row(STEP_REMOVE_CRDS)->writes(&stage, NULL, &list, &err))
		return arena_string(&c->arena, err.text);
	for (size_t i = 0; i < list.count; i++)
		text = arena_printf(&c->arena, "%s%s%s", text, i == 0 ? "" : ", ",
				    list.items[i].name);
	return text;
}

static void
two_crds_go_and_objectives_stay(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CRDS CLASSIC_GA);
	assert_string_equal(removals(&c), "inferencemodels.inference.networking.x-k8s.io, "
					  "inferencepools.inference.networking.x-k8s.io");
	classic_release(&c);
}

static void
crds_stay_while_one_object_or_route_of_the_group_is_left(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CRDS CLASSIC_GA "---\n"
					 "apiVersion: inference.networking.x-k8s.io/v1alpha2\n"
					 "kind: InferenceModel\n"
					 "metadata: {name: lost, namespace: team-a}\n"
					 "spec: {modelName: m, poolRef: {name: nowhere}}\n");
	assert_string_equal(removals(&c),
			    "the CRDs of inference.networking.x-k8s.io stay: left of the α group: "
			    "InferenceModel team-a/lost");
	assert_string_equal(checked(&c, STEP_CHECK),
			    "blocked: left of the α group: InferenceModel team-a/lost");
	world_clear(c.world, KIND_MODEL);
	assert_string_equal(checked(&c, STEP_CHECK), "done");
	classic_route(c.world,
		      "{group: inference.networking.x-k8s.io, kind: InferencePool, name: nowhere}",
		      CLASSIC_RESOLVED, "");
	assert_non_null(strstr(removals(&c), "HTTPRoute default/llm-route"));
	classic_release(&c);
}

static void
crds_stay_while_anything_is_out_of_sight(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CRDS CLASSIC_GA);
	c.settings.ns = "default";
	assert_non_null(strstr(removals(&c), "only namespace default is looked at"));
	c.settings.ns = NULL;
	c.world->view[KIND_MODEL].state = VIEW_STALE;
	assert_non_null(strstr(removals(&c), "list inferencemodels.inference.networking.x-k8s.io"));
	c.world->view[KIND_MODEL].state = VIEW_FORBIDDEN;
	assert_non_null(strstr(removals(&c), "you may not"));
	c.world->view[KIND_MODEL].state = VIEW_NOT_INSTALLED;
	assert_null(strstr(removals(&c), "not"));
	classic_release(&c);
}

static void
what_a_selected_pair_will_take_away_is_waited_for(void **state)
{
	static const char *const only[] = { "team-b/other", NULL };
	struct classic c;

	(void)state;
	classic_init(&c, CRDS CLASSIC_POOL CLASSIC_MODELS);
	assert_string_equal(
		checked(&c, STEP_CHECK),
		"waiting: comes after cleanup: 3 objects and routes of the α group are left");
	c.settings.pools = only;
	assert_string_equal(
		checked(&c, STEP_CHECK),
		"blocked: left of the α group: InferencePool α default/vllm-llama3-8b-instruct, "
		"InferenceModel default/base-model, InferenceModel default/food-review");
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_leads_to_others_is_deleted_after_them),
		cmocka_unit_test(the_default_account_and_its_rights_stay),
		cmocka_unit_test(what_another_deployment_or_binding_uses_stays),
		cmocka_unit_test(a_binding_with_other_subjects_stays_with_its_role),
		cmocka_unit_test(a_role_of_kubernetes_itself_stays),
		cmocka_unit_test(a_picker_two_pools_share_stays_whole),
		cmocka_unit_test(nothing_is_cleaned_while_a_route_names_the_pool),
		cmocka_unit_test(nothing_is_cleaned_while_routes_that_may_name_it_are_out_of_sight),
		cmocka_unit_test(what_was_deleted_comes_back_in_the_order_a_cluster_needs),
		cmocka_unit_test(without_a_copy_undo_says_so),
		cmocka_unit_test(two_crds_go_and_objectives_stay),
		cmocka_unit_test(crds_stay_while_one_object_or_route_of_the_group_is_left),
		cmocka_unit_test(crds_stay_while_anything_is_out_of_sight),
		cmocka_unit_test(what_a_selected_pair_will_take_away_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
