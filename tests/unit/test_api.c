#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/kube/api.h"

static const struct api_resource routes = { "gateway.networking.k8s.io", "v1", "httproutes" };
static const struct api_resource pods = { "", "v1", "pods" };
static const struct api_resource pools = { "inference.networking.k8s.io", "v1", "inferencepools" };

static void
assert_request(struct api_request *request, const char *method, enum transport_mode mode,
	       const char *path, const char *body)
{
	assert_string_equal(request->request.method, method);
	assert_int_equal(request->request.mode, mode);
	assert_int_equal(request->request.where, TRANSPORT_CLUSTER);
	assert_string_equal(request->request.path, path);
	if (body == NULL)
		assert_null(request->request.body);
	else {
		assert_string_equal(request->request.body, body);
		assert_int_equal(request->request.body_length, strlen(body));
	}
	api_request_release(request);
}

static void
reads_are_addressed_by_group_version_namespace_and_name(void **state)
{
	struct api_request request;

	(void)state;
	assert_true(
		api_get(&request, pods, "default", "vllm-llama3-8b-instruct-0", API_WHOLE, NULL));
	assert_request(&request, "GET", TRANSPORT_READ,
		       "/api/v1/namespaces/default/pods/vllm-llama3-8b-instruct-0", NULL);
	assert_true(api_list(&request, routes, NULL, API_WHOLE, 500, NULL, NULL));
	assert_request(&request, "GET", TRANSPORT_READ,
		       "/apis/gateway.networking.k8s.io/v1/httproutes?limit=500", NULL);
	assert_true(api_list(&request, routes, "default", API_WHOLE, 500, "ab/c=", NULL));
	assert_request(&request, "GET", TRANSPORT_READ,
		       "/apis/gateway.networking.k8s.io/v1/namespaces/default/"
		       "httproutes?limit=500&continue=ab%2Fc%3D",
		       NULL);
	assert_true(api_watch(&request, routes, NULL, API_WHOLE, "812", 400, NULL));
	assert_request(
		&request, "GET", TRANSPORT_STREAM,
		"/apis/gateway.networking.k8s.io/v1/httproutes?watch=1&allowWatchBookmarks=true"
		"&resourceVersion=812&timeoutSeconds=400",
		NULL);
}

static void
a_delete_has_its_options_in_the_body_only(void **state)
{
	struct api_request request;

	(void)state;
	assert_true(api_delete(&request, pools, "default", "food-review", "u-1", "77", API_DRY_RUN,
			       NULL));
	assert_request(&request, "DELETE", TRANSPORT_WRITE,
		       "/apis/inference.networking.k8s.io/v1/namespaces/default/inferencepools/"
		       "food-review",
		       "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"preconditions\":{"
		       "\"uid\":\"u-1\","
		       "\"resourceVersion\":\"77\"},\"propagationPolicy\":\"Background\","
		       "\"dryRun\":[\"All\"]}");
	assert_true(api_delete(&request, pools, "default", "food-review", "u-1", NULL, API_FOR_REAL,
			       NULL));
	assert_request(&request, "DELETE", TRANSPORT_WRITE,
		       "/apis/inference.networking.k8s.io/v1/namespaces/default/inferencepools/"
		       "food-review",
		       "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"preconditions\":{"
		       "\"uid\":\"u-1\"},"
		       "\"propagationPolicy\":\"Background\"}");
}

static void
a_patch_leads_with_its_guards(void **state)
{
	struct api_request request;
	const char *operations = "[{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/1/"
				 "weight\",\"value\":25}]";

	(void)state;
	assert_true(api_patch(&request, routes, "default", "llm-route", operations,
			      strlen(operations), "u-2", "99", API_FOR_REAL, NULL));
	assert_string_equal(request.request.content_type, "application/json-patch+json");
	assert_request(
		&request, "PATCH", TRANSPORT_WRITE,
		"/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes/llm-route"
		"?fieldManager=poolshift&fieldValidation=Strict",
		"[{\"op\":\"replace\",\"path\":\"/metadata/uid\",\"value\":\"u-2\"},"
		"{\"op\":\"replace\",\"path\":\"/metadata/resourceVersion\",\"value\":\"99\"},"
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/1/"
		"weight\",\"value\":25}]");
}

static void
an_apply_carries_uid_and_version_in_its_metadata(void **state)
{
	struct api_request request;
	const char *body = "{\"kind\":\"InferencePool\",\"metadata\":{\"name\":\"food-review\"}}";

	(void)state;
	assert_true(api_apply(&request, pools, "default", "food-review", body, strlen(body), "u-3",
			      "5", false, API_DRY_RUN, NULL));
	assert_string_equal(request.request.content_type, "application/apply-patch+yaml");
	assert_request(
		&request, "PATCH", TRANSPORT_WRITE,
		"/apis/inference.networking.k8s.io/v1/namespaces/default/inferencepools/food-review"
		"?fieldManager=poolshift&fieldValidation=Strict&dryRun=All&force=false",
		"{\"kind\":\"InferencePool\",\"metadata\":{\"name\":\"food-review\",\"uid\":\"u-"
		"3\","
		"\"resourceVersion\":\"5\"}}");
	assert_true(api_apply(&request, pools, "default", "food-review", body, strlen(body), NULL,
			      NULL, true, API_FOR_REAL, NULL));
	assert_request(
		&request, "PATCH", TRANSPORT_WRITE,
		"/apis/inference.networking.k8s.io/v1/namespaces/default/inferencepools/food-review"
		"?fieldManager=poolshift&fieldValidation=Strict&force=true",
		body);
}

static void
a_write_without_its_guards_cannot_be_made(void **state)
{
	struct api_request request;
	struct err err;
	const char *body = "{\"metadata\":{\"name\":\"x\"}}",
		   *nameless = "{\"metadata\":{\"generateName\":\"x-\"}}";

	(void)state;
	assert_false(api_delete(&request, pools, "default", "x", NULL, "7", API_FOR_REAL, &err));
	assert_false(api_delete(&request, pools, "default", "x", "", "7", API_FOR_REAL, &err));
	assert_false(api_patch(&request, routes, "default", "x", "[]", 2, "u", NULL, API_FOR_REAL,
			       &err));
	assert_false(
		api_patch(&request, routes, "default", "x", "[]", 2, "u", "0", API_FOR_REAL, &err));
	assert_false(api_patch(&request, routes, "default", "x", "[]", 2, NULL, "7", API_FOR_REAL,
			       &err));
	assert_false(
		api_patch(&request, routes, "default", "x", "{}", 2, "u", "7", API_FOR_REAL, &err));
	assert_false(api_apply(&request, pools, "default", "x", body, strlen(body), NULL, "7", true,
			       API_FOR_REAL, &err));
	assert_non_null(strstr(err.text, "made again"));
	assert_false(api_apply(&request, pools, "default", "x", body, strlen(body), "u", NULL, true,
			       API_FOR_REAL, &err));
	assert_false(api_create(&request, pools, "default", nameless, strlen(nameless),
				API_FOR_REAL, &err));
	assert_int_equal(err.code, ERR_INPUT);
}

static void
a_segment_that_is_a_path_is_refused(void **state)
{
	static const char *const bad[] = { "", ".", "..", "a/b", "a%2fb", "a\nb" };
	struct api_request request;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(api_get(&request, pods, "default", bad[i], API_WHOLE, &err));
		assert_int_equal(err.code, ERR_INPUT);
		assert_false(api_get(&request, pods, bad[i], "x", API_WHOLE, &err));
	}
	assert_true(api_get(&request, pods, "default", "a b?c", API_WHOLE, &err));
	assert_request(&request, "GET", TRANSPORT_READ, "/api/v1/namespaces/default/pods/a%20b%3Fc",
		       NULL);
	assert_false(api_raw_get(&request, "version", &err));
	assert_false(api_raw_get(&request, "/version HTTP/1.1", &err));
	assert_true(api_raw_get(&request, "/readyz", &err));
	assert_request(&request, "GET", TRANSPORT_READ, "/readyz", NULL);
}

static void
a_question_of_access_is_a_read_and_parts_the_subresource(void **state)
{
	struct api_request request;

	(void)state;
	assert_true(api_access_review(&request, (struct api_resource){ "", "v1", "services/proxy" },
				      "default", NULL, "get", NULL));
	assert_request(&request, "POST", TRANSPORT_READ,
		       "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
		       "{\"apiVersion\":\"authorization.k8s.io/"
		       "v1\",\"kind\":\"SelfSubjectAccessReview\",\"spec\":"
		       "{\"resourceAttributes\":{\"namespace\":\"default\",\"verb\":\"get\","
		       "\"group\":\"\","
		       "\"version\":\"v1\",\"resource\":\"services\",\"subresource\":\"proxy\"}}}");
}

static void
versions_of_one_resource_compare_by_length_then_bytes(void **state)
{
	(void)state;
	assert_true(api_version_older("99", "100"));
	assert_true(api_version_older("812", "813"));
	assert_true(api_version_older("18446744073709551615", "18446744073709551616"));
	assert_false(api_version_older("813", "812"));
	assert_false(api_version_older("812", "812"));
	assert_false(api_version_older("012", "812"));
	assert_false(api_version_older("abc", "812"));
	assert_false(api_version_older(NULL, "812"));
}

static bool
at_least(const char *text, const char *wanted)
{
	struct api_git_version a, b;

	assert_true(api_git_version(text, &a));
	assert_true(api_git_version(wanted, &b));
	return api_git_version_at_least(&a, &b);
}

static void
the_gke_suffix_counts_as_a_number(void **state)
{
	const char *wanted = "v1.34.0-gke.1626000";

	(void)state;
	assert_true(at_least("v1.34.0-gke.1626000", wanted));
	assert_false(at_least("v1.34.0-gke.999999", wanted));
	assert_true(at_least("v1.34.1-gke.1", wanted));
	assert_false(at_least("v1.33.9-gke.9999999", wanted));
	assert_false(at_least("v1.35.0", wanted));
	assert_false(at_least("v1.34.4+k3s1", wanted));
	assert_true(at_least("v1.34.0", "v1.34.0-rc.1"));
	assert_false(at_least("v1.34.0-rc.1", "v1.34.0"));
	assert_true(at_least("v1.34.0-eks-a1b2c3", "v1.34.0"));
}

static void
what_is_no_version_is_not_read(void **state)
{
	struct api_git_version version;

	(void)state;
	assert_false(api_git_version("", &version));
	assert_false(api_git_version(NULL, &version));
	assert_false(api_git_version("v1.34", &version));
	assert_false(api_git_version("v1.99999999999999999999.0", &version));
	assert_true(api_git_version("1.34.0-gke.99999999999999999999", &version));
	assert_int_equal(version.gke, -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_are_addressed_by_group_version_namespace_and_name),
		cmocka_unit_test(a_delete_has_its_options_in_the_body_only),
		cmocka_unit_test(a_patch_leads_with_its_guards),
		cmocka_unit_test(an_apply_carries_uid_and_version_in_its_metadata),
		cmocka_unit_test(a_write_without_its_guards_cannot_be_made),
		cmocka_unit_test(a_segment_that_is_a_path_is_refused),
		cmocka_unit_test(a_question_of_access_is_a_read_and_parts_the_subresource),
		cmocka_unit_test(versions_of_one_resource_compare_by_length_then_bytes),
		cmocka_unit_test(the_gke_suffix_counts_as_a_number),
		cmocka_unit_test(what_is_no_version_is_not_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
