#include "tests/unit/demo_ask.h"

#define POOL_URL POOLS_GA "/pool"
#define STALE                                                              \
	"409 Conflict: Operation cannot be fulfilled on "                  \
	"inferencepools.inference.networking.k8s.io \"pool\": the object " \
	"has been modified; please apply your changes to the latest version and try again"

static struct world *
world_with_pool(void)
{
	struct world *world = world_of("bare", bare);

	world_create(world, POOLS_GA, A_POOL);
	return world;
}

static void
what_is_created_has_all_a_server_adds(void **state)
{
	struct world *world = world_with_pool();

	(void)state;
	assert_string_of(world, POOL_URL, "spec.endpointPickerRef.failureMode", "FailClose");
	assert_string_of(world, POOL_URL, "metadata.creationTimestamp", "2026-01-31T14:02:11Z");
	assert_part(world, POOL_URL, "metadata.generation", "1");
	assert_string_of(world, POOL_URL, "metadata.managedFields[0].manager", "kubectl");
	assert_ask(world, "POST", POOLS_GA, JSON_TYPE, A_POOL,
		   "409 AlreadyExists: inferencepools.inference.networking.k8s.io \"pool\" already "
		   "exists");
	world_free(world);
}

static void
a_dry_run_stores_nothing_and_answers_as_if(void **state)
{
	struct world *world = world_with_pool();
	int64_t version = demo_version(world->demo);

	(void)state;
	assert_ask(world, "POST", MAPS "?dryRun=All", JSON_TYPE, A_MAP, "201");
	assert_ask(world, "PATCH", POOL_URL "?dryRun=All", MERGE,
		   "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}", "200");
	assert_ask(world, "PATCH", POOLS_GA "/new?dryRun=All&fieldManager=me", APPLY, A_POOL,
		   "400 BadRequest: the name of the object (pool) does not match the name on the "
		   "URL (new)");
	assert_ask(world, "DELETE", POOL_URL "?dryRun=All", NULL, NULL, "200");
	assert_ask(world, "DELETE", POOL_URL, JSON_TYPE, "{\"dryRun\":[\"All\"]}", "200");
	assert_int_equal(demo_version(world->demo), version);
	world_free(world);
}

#define LABELLED(labels)                                                                     \
	"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"labelled\"," \
	"\"labels\":" labels "}}"

static void
a_label_that_is_none_is_refused(void **state)
{
	struct world *world = world_with_pool();

	(void)state;
	assert_ask(
		world, "POST", MAPS, JSON_TYPE, LABELLED("{\"tier\":\"not a label\"}"),
		"422 Invalid: ConfigMap \"labelled\" is invalid: metadata.labels: Invalid value: "
		"\"not a label\": a valid label must be an empty string or consist of "
		"alphanumeric characters, '-', '_' or '.', and must start and end with an "
		"alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex "
		"used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
	assert_ask(
		world, "POST", MAPS, JSON_TYPE, LABELLED("{\"example.com/-tier\":\"a\"}"),
		"422 Invalid: ConfigMap \"labelled\" is invalid: metadata.labels: Invalid value: "
		"\"example.com/-tier\": name part must consist of alphanumeric characters, '-', "
		"'_' or '.', and must start and end with an alphanumeric character (e.g. "
		"'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
		"'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')");
	assert_ask(world, "POST", MAPS, JSON_TYPE,
		   LABELLED("{\"example.com/Tier_1\":\"a.b_c-1\",\"x\":\"\"}"), "201");
	world_free(world);
}

/* As helm deletes the Secrets of a release: DeleteOptions in protobuf, here with preconditions. */
static void
options_of_a_delete_may_be_protobuf(void **state)
{
	static const char wrong[] = "k8s\0\x0a\x13\x0a\x02v1\x12\x0d"
				    "DeleteOptions\x12\x07\x12\x05\x0a\x03"
				    "abc";
	static const char plain[] = "k8s\0\x0a\x13\x0a\x02v1\x12\x0d"
				    "DeleteOptions\x12\x00";
	struct world *world = world_with_pool();
	struct demo_request request = { .method = "DELETE",
					.target = MAPS "/map",
					.content_type = "application/vnd.kubernetes.protobuf",
					.user = "admin",
					.groups = (const char *const[]){ "system:masters", NULL },
					.body = wrong,
					.body_length = sizeof(wrong) - 1 };
	struct demo_response response;

	(void)state;
	world_create(world, MAPS, A_MAP);
	demo_response_init(&response);
	demo_handle(world->demo, &request, &response);
	assert_int_equal(response.status, 409);
	demo_response_release(&response);
	request.body = plain;
	request.body_length = sizeof(plain) - 1;
	demo_response_init(&response);
	demo_handle(world->demo, &request, &response);
	assert_int_equal(response.status, 200);
	demo_response_release(&response);
	assert_ask(world, "GET", MAPS "/map", NULL, NULL,
		   "404 NotFound: configmaps \"map\" not found");
	world_free(world);
}

/* KUBERNETES §0.1 */
static void
a_delete_with_a_body_ignores_its_query(void **state)
{
	struct world *world = world_with_pool();

	(void)state;
	assert_ask(world, "DELETE", POOL_URL "?dryRun=All", JSON_TYPE,
		   "{\"propagationPolicy\":\"Background\"}", "200");
	assert_ask(world, "GET", POOL_URL, NULL, NULL,
		   "404 NotFound: inferencepools.inference.networking.k8s.io \"pool\" not found");
	world_free(world);
}

static void
a_stale_version_is_a_conflict_in_every_patch(void **state)
{
	struct world *world = world_with_pool();

	(void)state;
	assert_ask(world, "PATCH", POOL_URL, MERGE, "{\"metadata\":{\"resourceVersion\":\"1\"}}",
		   STALE);
	assert_ask(world, "PATCH", POOL_URL, JSON_PATCH,
		   "[{\"op\":\"replace\",\"path\":\"/metadata/resourceVersion\",\"value\":\"1\"}]",
		   STALE);
	assert_ask(world, "PUT", POOL_URL, JSON_TYPE, A_POOL,
		   "422 Invalid: inferencepools.inference.networking.k8s.io \"pool\" is invalid: "
		   "metadata.resourceVersion: "
		   "Invalid value: 0: must be specified for an update");
	world_free(world);
}

/* KUBERNETES §0.7, §4.4 */
static void
a_failed_test_is_anonymous_and_another_uid_is_named(void **state)
{
	struct world *world = world_with_pool();

	(void)state;
	assert_ask(world, "PATCH", POOL_URL, JSON_PATCH,
		   "[{\"op\":\"test\",\"path\":\"/metadata/name\",\"value\":\"x\"}]",
		   "422 Invalid: the server rejected our request due to an error in our request");
	assert_ask(world, "PATCH", POOL_URL, JSON_PATCH,
		   "[{\"op\":\"replace\",\"path\":\"/metadata/uid\",\"value\":\"u\"}]",
		   "422 Invalid: InferencePool.inference.networking.k8s.io \"pool\" is invalid: "
		   "metadata.uid: Invalid value: "
		   "\"u\": field is immutable");
	assert_ask(world, "PATCH", POOL_URL, STRATEGIC, "{}",
		   "415 UnsupportedMediaType: the body of the request was in an unknown format - "
		   "accepted media types include: "
		   "application/json-patch+json, application/merge-patch+json, "
		   "application/apply-patch+yaml");
	assert_ask(world, "PATCH", POOL_URL "?force=true", MERGE, "{}",
		   "422 Invalid: PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may "
		   "not be specified for non-apply "
		   "patch");
	world_free(world);
}

static void
unknown_fields_are_warned_of_refused_or_ignored(void **state)
{
	struct world *world = world_with_pool();
	struct demo_request request = { .method = "PATCH",
					.target = POOL_URL,
					.content_type = MERGE,
					.user = "admin",
					.groups = (const char *const[]){ "system:masters", NULL },
					.body = "{\"spec\":{\"nope\":1}}",
					.body_length = 19 };
	struct demo_response response;

	(void)state;
	demo_response_init(&response);
	demo_handle(world->demo, &request, &response);
	assert_int_equal(response.status, 200);
	assert_string_equal(response.warnings.bytes, "unknown field \"spec.nope\"\n");
	demo_response_release(&response);
	assert_part(world, POOL_URL, "spec.nope", "none");
	assert_ask(world, "POST", POOLS_GA "?fieldValidation=Strict", JSON_TYPE,
		   "{\"apiVersion\":\"inference.networking.k8s.io/"
		   "v1\",\"kind\":\"InferencePool\",\"metadata\":{\"name\":\"b\"},"
		   "\"spec\":{\"y\":1,\"x\":2}}",
		   "400 BadRequest: InferencePool in version \"v1\" cannot be handled as a "
		   "InferencePool: strict decoding error: "
		   "unknown field \"spec.x\", unknown field \"spec.y\"");
	world_free(world);
}

static void
generation_counts_what_is_wanted_only(void **state)
{
	struct world *world = world_with_pool();

	(void)state;
	world_merge(world, POOL_URL,
		    "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"status\":{\"parents\":[]}}");
	assert_part(world, POOL_URL, "metadata.generation", "1");
	assert_part(world, POOL_URL, "status", "none");
	world_merge(world, POOL_URL "/status",
		    "{\"status\":{\"parents\":[]},\"spec\":{\"targetPorts\":[{\"number\":1}]}}");
	assert_part(world, POOL_URL, "metadata.generation", "1");
	assert_part(world, POOL_URL, "spec.targetPorts", "[{\"number\":8000}]");
	world_merge(world, POOL_URL, "{\"spec\":{\"targetPorts\":[{\"number\":8001}]}}");
	assert_part(world, POOL_URL, "metadata.generation", "2");
	world_free(world);
}

static void
metadata_alone_is_all_of_it_whatever_it_says(void **state)
{
	struct world *world = world_with_pool();
	struct demo_request request = { .method = "GET",
					.target = MAPS "/map",
					.accept = "application/json;as=PartialObjectMetadata;g="
						  "meta.k8s.io;v=v1",
					.user = "admin",
					.groups = (const char *const[]){ "system:masters", NULL } };
	struct demo_response response;
	struct json *whole, *part;

	(void)state;
	world_create(world, MAPS,
		     "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"data\":{\"a\":\"1\"},"
		     "\"metadata\":{\"name\":\"map\",\"annotations\":{\"x\":\"}\\\"},{\\\\\","
		     "\"y\":\"2\"}}}");
	demo_response_init(&response);
	demo_handle(world->demo, &request, &response);
	assert_int_equal(response.status, 200);
	part = json_parse(response.body.bytes, response.body.length, NULL);
	whole = world_get(world, MAPS "/map");
	assert_string_equal(json_string_at(part, "kind"), "PartialObjectMetadata");
	assert_string_equal(json_string_at(part, "metadata.annotations.x"), "}\"},{\\");
	assert_true(json_equal(json_get(part, "metadata"), json_get(whole, "metadata")));
	assert_int_equal(json_count(part), 3);
	json_free(part);
	json_free(whole);
	demo_response_release(&response);
	world_free(world);
}

static void
finalizers_hold_an_object_until_the_last_goes(void **state)
{
	struct world *world = world_with_pool();

	(void)state;
	world_merge(world, POOL_URL, "{\"metadata\":{\"finalizers\":[\"example.com/hold\"]}}");
	world_delete(world, POOL_URL);
	assert_string_of(world, POOL_URL, "metadata.deletionTimestamp", "2026-01-31T14:02:11Z");
	assert_ask(world, "POST", POOLS_GA, JSON_TYPE, A_POOL,
		   "409 AlreadyExists: object is being deleted: "
		   "inferencepools.inference.networking.k8s.io \"pool\" already "
		   "exists");
	assert_ask(world, "PATCH", POOL_URL, MERGE,
		   "{\"metadata\":{\"finalizers\":[\"example.com/hold\",\"b.io/new\"]}}",
		   "422 Invalid: InferencePool.inference.networking.k8s.io \"pool\" is invalid: "
		   "metadata.finalizers: Forbidden: "
		   "no new finalizers can be added if the object is being deleted, found new "
		   "finalizers []string{\"b.io/new\"}");
	world_merge(world, POOL_URL, "{\"metadata\":{\"finalizers\":null}}");
	assert_int_equal(world_count(world, POOLS_GA), 0);
	world_free(world);
}

static void
empty_annotations_are_not_kept(void **state)
{
	struct world *world = world_with_pool();

	(void)state;
	world_merge(world, POOL_URL, "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}");
	assert_part(world, POOL_URL, "metadata.annotations", "{\"a\":\"b\"}");
	world_merge(world, POOL_URL, "{\"metadata\":{\"annotations\":{\"a\":null}}}");
	assert_part(world, POOL_URL, "metadata.annotations", "none");
	world_free(world);
}

static void
preconditions_guard_a_delete(void **state)
{
	struct world *world = world_with_pool();
	char line[4000];

	(void)state;
	ask(world, "DELETE", POOL_URL, JSON_TYPE, "{\"preconditions\":{\"uid\":\"u\"}}", line);
	assert_non_null(strstr(
		line,
		"409 Conflict: Operation cannot be fulfilled on "
		"InferencePool.inference.networking.k8s.io "
		"\"pool\": the UID in the precondition (u) does not match the UID in record ("));
	ask(world, "DELETE", POOL_URL, JSON_TYPE, "{\"preconditions\":{\"resourceVersion\":\"1\"}}",
	    line);
	assert_non_null(strstr(line, "the ResourceVersion in the precondition (1) does not match "
				     "the ResourceVersion in record"));
	assert_int_equal(world_count(world, POOLS_GA), 1);
	world_free(world);
}

static void
pages_show_one_moment(void **state)
{
	struct world *world = world_of("bare", bare);
	struct json *page;
	char body[200], next[600];

	(void)state;
	for (char c = 'a'; c <= 'e'; c++) {
		snprintf(body, sizeof(body),
			 "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%"
			 "c\"}}",
			 c);
		world_create(world, MAPS, body);
	}
	page = world_get(world, MAPS "?limit=2");
	assert_int_equal(json_count(json_get(page, "items")), 2);
	assert_int_equal(json_integer_at(page, "metadata.remainingItemCount", 0), 3);
	assert_null(json_at(page, "items[0].kind"));
	snprintf(next, sizeof(next), MAPS "?limit=2&continue=%s",
		 json_string_at(page, "metadata.continue"));
	json_free(page);
	world_delete(world, MAPS "/c");
	world_create(
		world, MAPS,
		"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"d2\"}}");
	assert_string_of(world, next, "items[0].metadata.name", "c");
	assert_string_of(world, next, "items[1].metadata.name", "d");
	demo_compact(world->demo);
	assert_ask(world, "GET", next, NULL, NULL,
		   "410 Expired: The provided continue parameter is too old to display a "
		   "consistent list result. You can start a "
		   "new list without the continue parameter, or use the continue token in this "
		   "response to retrieve the remainder "
		   "of the results. Continuing with the provided token results in an inconsistent "
		   "list - objects that were "
		   "created, modified, or deleted between the time the first chunk was returned "
		   "and now may show up in the list.");
	world_free(world);
}

static void
a_list_of_the_past_or_future_is_refused_in_kind(void **state)
{
	struct world *world = world_with_pool();
	char line[4000];

	(void)state;
	demo_compact(world->demo);
	assert_ask(world, "GET", POOLS_GA "?resourceVersion=5&resourceVersionMatch=Exact", NULL,
		   NULL, "410 Expired: The resourceVersion for the provided list is too old.");
	ask(world, "GET", POOLS_GA "?resourceVersion=99999999", NULL, NULL, line);
	assert_non_null(strstr(
		line, "504 Timeout: Timeout: Too large resource version: 99999999, current: "));
	world_free(world);
}

static void
selectors_choose(void **state)
{
	struct world *world = world_with_pool();

	(void)state;
	world_merge(world, POOL_URL, "{\"metadata\":{\"labels\":{\"app\":\"a\",\"tier\":\"1\"}}}");
	assert_int_equal(world_count(world, POOLS_GA "?labelSelector=app%3Da,tier!%3D2"), 1);
	assert_int_equal(world_count(world, POOLS_GA "?labelSelector=app+in+(b,a)"), 1);
	assert_int_equal(world_count(world, POOLS_GA "?labelSelector=app+notin+(a)"), 0);
	assert_int_equal(world_count(world, POOLS_GA "?labelSelector=!tier"), 0);
	assert_int_equal(world_count(world, POOLS_GA "?fieldSelector=metadata.name%3Dpool"), 1);
	assert_ask(world, "GET", POOLS_GA "?fieldSelector=spec.x%3D1", NULL, NULL,
		   "400 BadRequest: field label not supported: spec.x");
	world_free(world);
}

static void
a_crd_switches_its_kind_on_after_a_moment(void **state)
{
	struct world *world = world_of("none", "kind: Scenario\n");
	char line[4000];

	(void)state;
	assert_ask(world, "GET", "/apis/a.io/v1/namespaces/default/things", NULL, NULL, "404 : ");
	world_create(world, CRDS,
		     "{\"apiVersion\":\"apiextensions.k8s.io/"
		     "v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":{\"name\":"
		     "\"things.a.io\"},\"spec\":{\"group\":\"a.io\",\"scope\":\"Namespaced\","
		     "\"names\":{\"plural\":\"things\",\"kind\":"
		     "\"Thing\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,"
		     "\"schema\":{\"openAPIV3Schema\":{"
		     "\"type\":\"object\"}}}]}}");
	world_pass(world, 20 * MILLISECOND);
	assert_condition(world, CRDS "/things.a.io", "status.conditions", "Established",
			 "True InitialNamesAccepted");
	ask(world, "GET", "/apis/a.io/v1/namespaces/default/things", NULL, NULL, line);
	assert_string_equal(line, "429 TooManyRequests: storage is (re)initializing");
	world_pass(world, 20 * MILLISECOND);
	assert_ask(world, "GET", "/apis/a.io/v1/namespaces/default/things", NULL, NULL, "200");
	world_free(world);
}

/* The answer to somebody who is no admin. */
static const char *
ask_as(struct world *world, const char *user, const char *method, const char *target,
       const char *body, char line[4000])
{
	struct demo_request request = { .method = method,
					.target = target,
					.user = user,
					.content_type = JSON_TYPE,
					.body = body,
					.body_length = body ? strlen(body) : 0 };
	struct demo_response response;
	struct json *answer;
	const char *message;

	demo_response_init(&response);
	demo_handle(world->demo, &request, &response);
	answer = json_parse(response.body.bytes, response.body.length, NULL);
	message = json_string_at(answer, "message");
	snprintf(line, 4000, "%d%s%s", response.status, message ? " " : "", message ? message : "");
	json_free(answer);
	demo_response_release(&response);
	return line;
}

static void
a_viewer_looks_and_does_not_touch(void **state)
{
	struct world *world = world_with_pool();
	char line[4000];

	(void)state;
	assert_string_equal(ask_as(world, "viewer", "GET", POOLS_GA, NULL, line), "200");
	assert_string_equal(ask_as(world, "viewer", "DELETE", POOL_URL, NULL, line),
			    "403 inferencepools.inference.networking.k8s.io \"pool\" is forbidden: "
			    "User \"viewer\" cannot delete "
			    "resource \"inferencepools\" in API group "
			    "\"inference.networking.k8s.io\" in the namespace \"default\"");
	assert_string_equal(ask_as(world, NULL, "GET", "/api/v1/pods", NULL, line),
			    "403 pods is forbidden: User \"system:anonymous\" cannot list resource "
			    "\"pods\" in API group \"\" at "
			    "the cluster scope");
	world_free(world);
}

static void
a_role_in_the_cluster_gives_its_rights(void **state)
{
	struct world *world = world_with_pool();
	char line[4000];
	const char *user;
	const char *const *groups;

	(void)state;
	assert_false(demo_authenticate(world->demo, "operator", &user, &groups));
	world_create(world, "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles",
		     "{\"apiVersion\":\"rbac.authorization.k8s.io/"
		     "v1\",\"kind\":\"Role\",\"metadata\":{\"name\":\"r\"},\"rules\":[{"
		     "\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"],\"verbs\":[\"get\","
		     "\"list\"]}]}");
	world_create(world, "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
		     "{\"apiVersion\":\"rbac.authorization.k8s.io/"
		     "v1\",\"kind\":\"RoleBinding\",\"metadata\":{\"name\":\"b\"},"
		     "\"subjects\":[{\"kind\":\"User\",\"name\":\"operator\"}],\"roleRef\":{"
		     "\"apiGroup\":"
		     "\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"r\"}}");
	assert_true(demo_authenticate(world->demo, "operator", &user, &groups));
	assert_string_equal(ask_as(world, "operator", "GET", MAPS, NULL, line), "200");
	assert_string_equal(ask_as(world, "operator", "GET", "/api/v1/configmaps", NULL, line),
			    "403 configmaps is forbidden: User \"operator\" cannot list resource "
			    "\"configmaps\" in API group \"\" at "
			    "the cluster scope");
	world_free(world);
}

static void
reviews_tell_what_one_may_do(void **state)
{
	struct world *world = world_with_pool();
	struct json *review;

	(void)state;
	world_send(world, "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
		   JSON_TYPE,
		   "{\"apiVersion\":\"authorization.k8s.io/"
		   "v1\",\"kind\":\"SelfSubjectAccessReview\",\"spec\":{"
		   "\"resourceAttributes\":{\"verb\":\"delete\",\"resource\":\"pods\"}}}",
		   &review);
	assert_true(json_bool_at(review, "status.allowed", false));
	json_free(review);
	world_free(world);
}

static void
an_unknown_place_is_refused_by_what_it_might_be(void **state)
{
	struct world *world = world_with_pool();

	(void)state;
	assert_ask(world, "GET", "/apis/no.such.io/v1/things", NULL, NULL, "404 : ");
	assert_ask(world, "GET", "/api/v1/things", NULL, NULL,
		   "404 NotFound: the server could not find the requested resource");
	assert_ask(world, "DELETE", POOLS_GA, NULL, NULL,
		   "405 MethodNotAllowed: the server does not allow this method on the requested "
		   "resource");
	assert_ask(world, "GET", "/version", NULL, NULL, "200");
	assert_ask(world, "GET", "/readyz", NULL, NULL, "200");
	world_free(world);
}

static void
discovery_lists_what_is_served(void **state)
{
	struct world *world = world_with_pool();
	struct json *group = world_get(world, "/apis/inference.networking.k8s.io/v1");

	(void)state;
	assert_string_equal(json_string_at(group, "resources[0].name"), "inferencepools");
	assert_string_equal(json_string_at(group, "resources[0].shortNames[0]"), "infpool");
	assert_string_equal(json_string_at(group, "resources[1].name"), "inferencepools/status");
	json_free(group);
	world_free(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_created_has_all_a_server_adds),
		cmocka_unit_test(a_dry_run_stores_nothing_and_answers_as_if),
		cmocka_unit_test(a_label_that_is_none_is_refused),
		cmocka_unit_test(options_of_a_delete_may_be_protobuf),
		cmocka_unit_test(a_delete_with_a_body_ignores_its_query),
		cmocka_unit_test(a_stale_version_is_a_conflict_in_every_patch),
		cmocka_unit_test(a_failed_test_is_anonymous_and_another_uid_is_named),
		cmocka_unit_test(unknown_fields_are_warned_of_refused_or_ignored),
		cmocka_unit_test(generation_counts_what_is_wanted_only),
		cmocka_unit_test(metadata_alone_is_all_of_it_whatever_it_says),
		cmocka_unit_test(finalizers_hold_an_object_until_the_last_goes),
		cmocka_unit_test(empty_annotations_are_not_kept),
		cmocka_unit_test(preconditions_guard_a_delete),
		cmocka_unit_test(pages_show_one_moment),
		cmocka_unit_test(a_list_of_the_past_or_future_is_refused_in_kind),
		cmocka_unit_test(selectors_choose),
		cmocka_unit_test(a_crd_switches_its_kind_on_after_a_moment),
		cmocka_unit_test(a_viewer_looks_and_does_not_touch),
		cmocka_unit_test(a_role_in_the_cluster_gives_its_rights),
		cmocka_unit_test(reviews_tell_what_one_may_do),
		cmocka_unit_test(an_unknown_place_is_refused_by_what_it_might_be),
		cmocka_unit_test(discovery_lists_what_is_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
