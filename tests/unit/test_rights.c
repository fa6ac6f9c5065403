/* What the plan asks of the API server, as rows and as a Role. */
#include "tests/unit/classic.h"
#include "core/migrate/rights.h"

#define EPP "vllm-llama3-8b-instruct-epp"
#define ALPHA_CRD                                                          \
	"---\n"                                                            \
	"apiVersion: apiextensions.k8s.io/v1\n"                            \
	"kind: CustomResourceDefinition\n"                                 \
	"metadata: {name: inferencepools.inference.networking.x-k8s.io}\n" \
	"spec: {group: inference.networking.x-k8s.io, names: {plural: inferencepools}}\n"

static void
init(struct classic *c, const char *yaml)
{
	classic_init(c, yaml);
	snprintf(c->world->server.version, sizeof(c->world->server.version), "v1.33.0");
}

/* "crds", the step that wants it first, with "undo " before it; "-" when nobody does. */
static const char *
wanted(struct classic *c, const char *verb, enum kind kind, const char *ns, const char *name)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	size_t count;
	const struct right *rights = rights_of(&stage, &count);

	for (size_t i = 0; i < count; i++) {
		const struct right *r = &rights[i];

		if (strcmp(r->verb, verb) == 0 && strcmp(r->group, kind_row(kind)->group) == 0 &&
		    strcmp(r->resource, kind_row(kind)->resource) == 0 && strcmp(r->ns, ns) == 0 &&
		    strcmp(r->name, name) == 0)
			return arena_printf(&c->arena, "%s%s", r->undo ? "undo " : "",
					    r->step == STEP_COUNT ? "look" : step_name(r->step));
	}
	return "-";
}

static void
every_step_wants_what_it_writes_where_it_writes_it(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL CLASSIC_MODELS CLASSIC_PICKER(EPP, EPP) ALPHA_CRD);
	classic_route(c.world, CLASSIC_ALPHA_REF "}", CLASSIC_RESOLVED, "");
	assert_string_equal(wanted(&c, "watch", KIND_ALPHA_POOL, "", ""), "look");
	assert_string_equal(wanted(&c, "watch", KIND_ROLE, "", ""), "-");
	assert_string_equal(wanted(&c, "list", KIND_ROLE, "", ""), "look");
	assert_string_equal(wanted(&c, "patch", KIND_CRD, "",
				   "inferenceobjectives.inference.networking.x-k8s.io"),
			    "crds");
	assert_string_equal(wanted(&c, "create", KIND_GA_POOL, "default", ""), "pool");
	assert_string_equal(wanted(&c, "patch", KIND_DEPLOYMENT, "default", ""), "pool");
	assert_string_equal(wanted(&c, "create", KIND_CLUSTER_ROLE, "", ""), "pool");
	assert_string_equal(wanted(&c, "create", KIND_SERVICE, "default", ""), "pool");
	assert_string_equal(wanted(&c, "delete", KIND_GA_POOL, "default", ""), "undo pool");
	assert_string_equal(wanted(&c, "patch", KIND_OBJECTIVE, "default", ""), "objectives");
	assert_string_equal(wanted(&c, "patch", KIND_ROUTE, "default", "llm-route"), "attach");
	assert_string_equal(wanted(&c, "patch", KIND_ROUTE, "default", ""), "-");
	assert_string_equal(wanted(&c, "delete", KIND_SERVICE, "default", EPP), "cleanup");
	assert_string_equal(
		wanted(&c, "delete", KIND_CRD, "", "inferencepools.inference.networking.x-k8s.io"),
		"remove-crds");
	assert_string_equal(wanted(&c, "create", KIND_BACKEND_POLICY, "default", ""), "-");
	classic_release(&c);
}

static void
what_is_done_wants_nothing_any_more(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL CLASSIC_GA CLASSIC_PICKER("vllm-llama3-8b-instruct-ga-epp", "x"));
	assert_string_equal(wanted(&c, "create", KIND_GA_POOL, "default", ""), "-");
	assert_string_equal(wanted(&c, "create", KIND_OBJECTIVE, "default", ""), "-");
	classic_release(&c);
}

#define OURS ", managedFields: [{manager: poolshift, operation: Apply}]"
#define OUR_GA                                                                                    \
	"---\n"                                                                                   \
	"apiVersion: inference.networking.k8s.io/v1\n"                                            \
	"kind: InferencePool\n"                                                                   \
	"metadata: {name: vllm-llama3-8b-instruct-ga" OURS "}\n"                                  \
	"spec: {selector: {matchLabels: {app: vllm-llama3-8b-instruct}}, targetPorts: [{number: " \
	"8000}], endpointPickerRef: {name: vllm-llama3-8b-instruct-ga-epp, port: {number: 9002}}}\n"

static void
what_is_done_still_wants_what_takes_it_back(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL OUR_GA CLASSIC_PICKER("vllm-llama3-8b-instruct-ga-epp", "x"));
	assert_string_equal(
		wanted(&c, "delete", KIND_GA_POOL, "default", "vllm-llama3-8b-instruct-ga"),
		"undo pool");
	assert_string_equal(wanted(&c, "create", KIND_GA_POOL, "default", ""), "-");
	/* What a route names is taken back after the route: whatever the step could have made. */
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 100}, " CLASSIC_GA_REF ", weight: 0}",
		      CLASSIC_RESOLVED, "");
	assert_string_equal(wanted(&c, "delete", KIND_GA_POOL, "default", ""), "undo pool");
	assert_string_equal(wanted(&c, "delete", KIND_SERVICE, "default", ""), "undo pool");
	assert_string_equal(wanted(&c, "create", KIND_SERVICE, "default", ""), "-");
	assert_string_equal(wanted(&c, "patch", KIND_ROUTE, "default", "llm-route"), "attach");
	classic_release(&c);
}

static void
what_one_step_did_and_the_next_does_again_holds_up_the_next(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL OUR_GA CLASSIC_PICKER("vllm-llama3-8b-instruct-ga-epp", "x"));
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 100}, " CLASSIC_GA_REF ", weight: 0}",
		      CLASSIC_RESOLVED, "");
	struct stage stage = classic_stage(&c, PPM_UNKNOWN);
	struct pair *pair = (struct pair *)(uintptr_t)&c.plan.pairs[0];
	size_t count;
	pair->steps[STEP_ATTACH].state = STATE_DONE;
	const struct right *rights = rights_of(&stage, &count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(rights[i].resource, "httproutes") == 0 &&
		    strcmp(rights[i].verb, "patch") == 0) {
			assert_string_equal(step_name(rights[i].step), "shift");
			assert_false(rights[i].undo);
		}
	classic_release(&c);
}

static void
the_simple_procedure_wants_other_rights_on_routes(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL);
	classic_route(c.world, CLASSIC_ALPHA_REF "}", CLASSIC_RESOLVED, "");
	c.settings.path = PATH_SIMPLE;
	assert_string_equal(wanted(&c, "patch", KIND_ROUTE, "default", "llm-route"), "detach");
	assert_string_equal(wanted(&c, "delete", KIND_ROUTE, "default", "llm-route"), "-");
	c.settings.delete_routes = true;
	assert_string_equal(wanted(&c, "delete", KIND_ROUTE, "default", "llm-route"), "detach");
	/* The attach makes it anew; the way back of the detach would, too. */
	assert_string_equal(wanted(&c, "create", KIND_ROUTE, "default", ""), "attach");
	classic_release(&c);
}

static void
a_chart_for_gke_wants_its_own_kinds_too(void **state)
{
	static const char *const sets[] = { "provider.name=none", NULL };
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL);
	c.world->server.gke = true;
	c.settings.installer = INSTALLER_HELM;
	c.settings.helm = "/usr/bin/helm";
	assert_string_equal(wanted(&c, "create", KIND_HEALTH_POLICY, "default", ""), "pool");
	assert_string_equal(wanted(&c, "delete", KIND_BACKEND_POLICY, "default", ""), "undo pool");
	struct stage stage = classic_stage(&c, PPM_UNKNOWN);
	size_t count, found = 0;
	const struct right *rights = rights_of(&stage, &count);
	for (size_t i = 0; i < count; i++)
		found += strcmp(rights[i].resource, "clusterpodmonitorings") == 0;
	assert_int_equal(found, 3);
	c.settings.sets = sets;
	assert_string_equal(wanted(&c, "create", KIND_HEALTH_POLICY, "default", ""), "-");
	classic_release(&c);
}

static void
who_makes_a_role_must_have_what_it_gives(void **state)
{
	struct classic c;

	(void)state;
	init(&c, CLASSIC_POOL);
	assert_string_equal(wanted(&c, "get", KIND_POD, "default", ""), "pool");
	assert_string_equal(wanted(&c, "get", KIND_OBJECTIVE, "default", ""), "pool");
	classic_release(&c);
}

#define MANIFEST                                     \
	"---\n"                                      \
	"apiVersion: rbac.authorization.k8s.io/v1\n" \
	"kind: ClusterRole\n"                        \
	"metadata:\n"                                \
	"  name: poolshift\n"                        \
	"rules:\n"                                   \
	"- apiGroups:\n"                             \
	"  - \"\"\n"                                 \
	"  resources:\n"                             \
	"  - pods\n"                                 \
	"  verbs:\n"                                 \
	"  - list\n"                                 \
	"  - watch\n"                                \
	"---\n"                                      \
	"apiVersion: rbac.authorization.k8s.io/v1\n" \
	"kind: ClusterRoleBinding\n"                 \
	"metadata:\n"                                \
	"  name: poolshift\n"                        \
	"roleRef:\n"                                 \
	"  apiGroup: rbac.authorization.k8s.io\n"    \
	"  kind: ClusterRole\n"                      \
	"  name: poolshift\n"                        \
	"subjects:\n"                                \
	"- apiGroup: rbac.authorization.k8s.io\n"    \
	"  kind: User\n"                             \
	"  name: alice\n"                            \
	"---\n"                                      \
	"apiVersion: rbac.authorization.k8s.io/v1\n" \
	"kind: Role\n"                               \
	"metadata:\n"                                \
	"  name: poolshift\n"                        \
	"  namespace: team-a\n"                      \
	"rules:\n"                                   \
	"- apiGroups:\n"                             \
	"  - gateway.networking.k8s.io\n"            \
	"  resources:\n"                             \
	"  - httproutes\n"                           \
	"  resourceNames:\n"                         \
	"  - llm-route\n"                            \
	"  verbs:\n"                                 \
	"  - patch\n"                                \
	"---\n"                                      \
	"apiVersion: rbac.authorization.k8s.io/v1\n" \
	"kind: RoleBinding\n"                        \
	"metadata:\n"                                \
	"  name: poolshift\n"                        \
	"  namespace: team-a\n"                      \
	"roleRef:\n"                                 \
	"  apiGroup: rbac.authorization.k8s.io\n"    \
	"  kind: Role\n"                             \
	"  name: poolshift\n"                        \
	"subjects:\n"                                \
	"- apiGroup: rbac.authorization.k8s.io\n"    \
	"  kind: User\n"                             \
	"  name: alice\n"

static void
rows_become_one_role_a_namespace_and_one_for_the_cluster(void **state)
{
	static const struct right rights[] = {
		{ "list", "", "pods", "", "", STEP_COUNT, false },
		{ "patch", GROUP_GATEWAY, "httproutes", "team-a", "llm-route", STEP_ATTACH, false },
		{ "watch", "", "pods", "", "", STEP_COUNT, false },
	};
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	assert_string_equal(rights_manifest(rights, 3, "poolshift", "alice", &c.arena), MANIFEST);
	assert_null(strstr(rights_manifest(rights, 3, "poolshift", "", &c.arena), "Binding"));
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_step_wants_what_it_writes_where_it_writes_it),
		cmocka_unit_test(what_is_done_wants_nothing_any_more),
		cmocka_unit_test(what_is_done_still_wants_what_takes_it_back),
		cmocka_unit_test(what_one_step_did_and_the_next_does_again_holds_up_the_next),
		cmocka_unit_test(a_chart_for_gke_wants_its_own_kinds_too),
		cmocka_unit_test(the_simple_procedure_wants_other_rights_on_routes),
		cmocka_unit_test(who_makes_a_role_must_have_what_it_gives),
		cmocka_unit_test(rows_become_one_role_a_namespace_and_one_for_the_cluster),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
