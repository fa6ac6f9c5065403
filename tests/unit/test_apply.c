#include "tests/unit/demo_ask.h"

#define ROUTE    ROUTES "/llm-route"
#define POOL_URL POOLS_GA "/pool"

#define A_ROUTE(weight)                                                                            \
	"{\"apiVersion\":\"gateway.networking.k8s.io/"                                             \
	"v1\",\"kind\":\"HTTPRoute\",\"metadata\":{\"name\":\"llm-route\"},"                       \
	"\"spec\":{\"parentRefs\":[{\"name\":\"inference-gateway\"}],\"rules\":[{\"backendRefs\":" \
	"[{\"name\":\"pool\","                                                                     \
	"\"group\":\"inference.networking.k8s.io\",\"kind\":\"InferencePool\",\"weight\":" #weight \
	"}]}]}}"

#define POOL_WITH(spec)                                                                         \
	"{\"apiVersion\":\"inference.networking.k8s.io/"                                        \
	"v1\",\"kind\":\"InferencePool\",\"metadata\":{\"name\":\"pool\"},"                     \
	"\"spec\":{\"targetPorts\":[{\"number\":8000}],\"selector\":{\"matchLabels\":{\"app\":" \
	"\"vllm\"}},"                                                                           \
	"\"endpointPickerRef\":{" spec "\"name\":\"epp\",\"port\":{\"number\":9002}}}}"

#define DEPLOY(containers)                                                                         \
	"{\"apiVersion\":\"apps/"                                                                  \
	"v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"epp\"},\"spec\":{\"replicas\":0,"   \
	"\"selector\":{\"matchLabels\":{\"app\":\"epp\"}},\"template\":{\"metadata\":{\"labels\":" \
	"{\"app\":\"epp\"}},"                                                                      \
	"\"spec\":{\"containers\":[" containers "]}}}}"

/* "kubectl Update / me Apply": who is in managedFields. */
static void
assert_owners(struct world *world, const char *target, const char *expected)
{
	struct json *object = world_get(world, target);
	const struct json *entries = json_at(object, "metadata.managedFields");
	char text[300] = "";

	for (const struct json *e = json_first(entries); e; e = json_next(e))
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s %s",
			 *text ? " / " : "", json_string_at(e, "manager"),
			 json_string_at(e, "operation"));
	assert_string_equal(text, expected);
	json_free(object);
}

static void
applying_creates_and_the_same_again_changes_nothing(void **state)
{
	struct world *world = world_of("bare", bare);
	int64_t version;

	(void)state;
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=me", APPLY, A_POOL, "201");
	version = demo_version(world->demo);
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=me", APPLY, A_POOL, "200");
	assert_int_equal(demo_version(world->demo), version);
	assert_part(world, POOL_URL, "metadata.managedFields[0].fieldsV1",
		    "{\"f:spec\":{\"f:endpointPickerRef\":{\"f:name\":{},\"f:port\":{\"f:number\":{"
		    "}}},\"f:selector\":{"
		    "\"f:matchLabels\":{\"f:app\":{}}},\"f:targetPorts\":{}}}");
	world_free(world);
}

static void
somebody_elses_field_is_a_conflict_that_names_them(void **state)
{
	struct world *world = world_of("bare", bare);
	struct json *answer;

	(void)state;
	world_create(world, ROUTES, A_ROUTE(1));
	assert_int_equal(
		world_send(world, "PATCH", ROUTE "?fieldManager=me", APPLY, A_ROUTE(5), &answer),
		409);
	assert_string_equal(json_string_at(answer, "message"),
			    "Apply failed with 2 conflicts: conflicts with \"kubectl\" using "
			    "gateway.networking.k8s.io/v1:\n- .spec.parentRefs\n- .spec.rules");
	assert_string_equal(json_string_at(answer, "details.causes[1].reason"),
			    "FieldManagerConflict");
	assert_string_equal(json_string_at(answer, "details.causes[1].field"), ".spec.rules");
	assert_string_equal(json_string_at(answer, "details.causes[1].message"),
			    "conflict with \"kubectl\" using gateway.networking.k8s.io/v1");
	json_free(answer);
	world_free(world);
}

/* KUBERNETES §4.3: defaults stand in the live list and not in the applied one. */
static void
the_very_same_text_conflicts_where_defaults_were_added(void **state)
{
	struct world *world = world_of("bare", bare);
	char line[4000];

	(void)state;
	world_create(world, ROUTES, A_ROUTE(1));
	ask(world, "PATCH", ROUTE "?fieldManager=me", APPLY, A_ROUTE(1), line);
	assert_non_null(strstr(line, "409 Conflict: Apply failed with 2 conflicts"));
	world_free(world);
}

static void
an_applier_is_named_without_a_version(void **state)
{
	struct world *world = world_of("bare", bare);

	(void)state;
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=me", APPLY, A_POOL, "201");
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=other", APPLY,
		   "{\"apiVersion\":\"inference.networking.k8s.io/"
		   "v1\",\"kind\":\"InferencePool\",\"metadata\":{\"name\":"
		   "\"pool\"},\"spec\":{\"endpointPickerRef\":{\"name\":\"new\"}}}",
		   "409 Conflict: Apply failed with 1 conflict: conflict with \"me\": "
		   ".spec.endpointPickerRef.name");
	world_free(world);
}

static void
force_takes_the_field_and_the_loser_keeps_the_rest(void **state)
{
	struct world *world = world_of("bare", bare);

	(void)state;
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=me", APPLY, A_POOL, "201");
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=other&force=true", APPLY,
		   "{\"apiVersion\":\"inference.networking.k8s.io/"
		   "v1\",\"kind\":\"InferencePool\",\"metadata\":{\"name\":"
		   "\"pool\"},\"spec\":{\"endpointPickerRef\":{\"name\":\"new\"}}}",
		   "200");
	assert_string_of(world, POOL_URL, "spec.endpointPickerRef.name", "new");
	assert_part(world, POOL_URL,
		    "metadata.managedFields[0].fieldsV1.f:spec.f:endpointPickerRef",
		    "{\"f:port\":{\"f:number\":{}}}");
	world_free(world);
}

static void
a_field_named_no_more_is_taken_away(void **state)
{
	struct world *world = world_of("bare", bare);

	(void)state;
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=me", APPLY,
		   POOL_WITH("\"failureMode\":\"FailOpen\","), "201");
	assert_string_of(world, POOL_URL, "spec.endpointPickerRef.failureMode", "FailOpen");
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=me", APPLY, A_POOL, "200");
	assert_string_of(world, POOL_URL, "spec.endpointPickerRef.failureMode", "FailClose");
	world_free(world);
}

static void
a_field_somebody_else_names_too_stays(void **state)
{
	struct world *world = world_of("bare", bare);

	(void)state;
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=me", APPLY,
		   POOL_WITH("\"failureMode\":\"FailOpen\","), "201");
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=other", APPLY,
		   POOL_WITH("\"failureMode\":\"FailOpen\","), "200");
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=me", APPLY, A_POOL, "200");
	assert_string_of(world, POOL_URL, "spec.endpointPickerRef.failureMode", "FailOpen");
	assert_owners(world, POOL_URL, "me Apply / other Apply");
	world_free(world);
}

static void
an_update_takes_what_it_changes(void **state)
{
	struct world *world = world_of("bare", bare);

	(void)state;
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=me", APPLY, A_POOL, "201");
	world_pass(world, SECOND);
	world_merge(world, POOL_URL, "{\"spec\":{\"endpointPickerRef\":{\"name\":\"hand\"}}}");
	assert_owners(world, POOL_URL, "me Apply / kubectl Update");
	assert_part(world, POOL_URL, "metadata.managedFields[1].fieldsV1",
		    "{\"f:spec\":{\"f:endpointPickerRef\":{\"f:name\":{}}}}");
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=me", APPLY, A_POOL,
		   "409 Conflict: Apply failed with 1 conflict: conflict with \"kubectl\" using "
		   "inference.networking.k8s.io/v1: .spec.endpointPickerRef.name");
	world_free(world);
}

static void
containers_are_met_by_name(void **state)
{
	struct world *world = world_of("bare", bare);

	(void)state;
	assert_ask(world, "PATCH", DEPLOYMENTS "/epp?fieldManager=me", APPLY,
		   DEPLOY("{\"name\":\"epp\",\"image\":\"epp:v1.0.0\"}"), "201");
	assert_ask(world, "PATCH", DEPLOYMENTS "/epp?fieldManager=side", APPLY,
		   "{\"apiVersion\":\"apps/"
		   "v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"epp\"},\"spec\":{"
		   "\"template\":"
		   "{\"spec\":{\"containers\":[{\"name\":\"sidecar\",\"image\":\"proxy:1\"}]}}}}",
		   "200");
	assert_string_of(world, DEPLOYMENTS "/epp", "spec.template.spec.containers[1].image",
			 "proxy:1");
	assert_ask(world, "PATCH", DEPLOYMENTS "/epp?fieldManager=me", APPLY,
		   DEPLOY("{\"name\":\"epp\",\"image\":\"epp:v1.0.1\"}"), "200");
	assert_string_of(world, DEPLOYMENTS "/epp", "spec.template.spec.containers[0].image",
			 "epp:v1.0.1");
	assert_string_of(world, DEPLOYMENTS "/epp", "spec.template.spec.containers[1].name",
			 "sidecar");
	world_free(world);
}

/* KUBERNETES §4.3, measured: refusals that are no 4xx, and an RV that is not enough. */
static void
the_quirks_of_apply_are_those_of_the_real_server(void **state)
{
	struct world *world = world_of("bare", bare);

	(void)state;
	assert_ask(world, "PATCH", POOL_URL, APPLY, A_POOL,
		   "422 Invalid: PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required "
		   "value: is required for apply "
		   "patch");
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=me", APPLY, POOL_WITH("\"nope\":1,"),
		   "500 : failed to create typed patch object (/pool; "
		   "inference.networking.k8s.io/v1, Kind=InferencePool): "
		   ".spec.endpointPickerRef.nope: field not declared in schema");
	assert_ask(
		world, "PATCH", POOL_URL "?fieldManager=me", APPLY,
		"{\"apiVersion\":\"inference.networking.k8s.io/"
		"v1\",\"kind\":\"InferencePool\",\"metadata\":{\"uid\":\"u\"}}",
		"409 Conflict: Operation cannot be fulfilled on "
		"inferencepools.inference.networking.k8s.io \"pool\": uid "
		"mismatch: the provided object specified uid u, and no existing object was found");
	assert_ask(world, "PATCH", MAPS "/map?fieldManager=me", APPLY,
		   "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{"
		   "\"resourceVersion\":\"7\"}}",
		   "201");
	assert_ask(world, "PATCH", MAPS "/map?fieldManager=me", APPLY,
		   "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{"
		   "\"resourceVersion\":\"7\"}}",
		   "409 Conflict: Operation cannot be fulfilled on configmaps \"map\": the object "
		   "has been modified; please "
		   "apply your changes to the latest version and try again");
	assert_ask(world, "PATCH", MAPS "/map?fieldManager=me", APPLY, "{\"a\":\"\\/\"}",
		   "400 BadRequest: error decoding YAML: error converting YAML to JSON: yaml: "
		   "found unknown escape character");
	assert_ask(world, "PATCH", MAPS "/map?fieldManager=me", "application/apply-patch+json",
		   "{}",
		   "415 UnsupportedMediaType: the body of the request was in an unknown format - "
		   "accepted media types include: "
		   "application/json-patch+json, application/merge-patch+json, "
		   "application/strategic-merge-patch+json, "
		   "application/apply-patch+yaml");
	world_free(world);
}

static void
status_has_owners_of_its_own(void **state)
{
	struct world *world = world_of("bare", bare);

	(void)state;
	assert_ask(world, "PATCH", POOL_URL "?fieldManager=me", APPLY, A_POOL, "201");
	assert_ask(world, "PATCH", POOL_URL "/status", MERGE,
		   "{\"status\":{\"parents\":[]},\"spec\":null}", "200");
	assert_string_of(world, POOL_URL, "metadata.managedFields[1].subresource", "status");
	assert_part(world, POOL_URL, "metadata.generation", "1");
	world_free(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(applying_creates_and_the_same_again_changes_nothing),
		cmocka_unit_test(somebody_elses_field_is_a_conflict_that_names_them),
		cmocka_unit_test(the_very_same_text_conflicts_where_defaults_were_added),
		cmocka_unit_test(an_applier_is_named_without_a_version),
		cmocka_unit_test(force_takes_the_field_and_the_loser_keeps_the_rest),
		cmocka_unit_test(a_field_named_no_more_is_taken_away),
		cmocka_unit_test(a_field_somebody_else_names_too_stays),
		cmocka_unit_test(an_update_takes_what_it_changes),
		cmocka_unit_test(containers_are_met_by_name),
		cmocka_unit_test(the_quirks_of_apply_are_those_of_the_real_server),
		cmocka_unit_test(status_has_owners_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
