#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/kube/api.h"

static struct transport_event
answer(int status, const char *type, const char *body)
{
	struct transport_event event = { .kind = TRANSPORT_DONE,
					 .status = status,
					 .sent = SENT_YES };

	snprintf(event.content_type, sizeof event.content_type, "%s", type);
	buf_init(&event.body, BUF_MIB);
	buf_puts(&event.body, body);
	return event;
}

enum was { READ, WRITE };

static const struct {
	const char *name;
	int status;
	const char *type, *body;
	enum was was;
	enum api_outcome outcome;
	bool maybe;
} answers[] = {
	{ "an object", 200, "application/json", "{\"kind\":\"HTTPRoute\"}", WRITE, API_OK, false },
	{ "a Status Success", 200, "application/json",
	  "{\"kind\":\"Status\",\"status\":\"Success\"}", WRITE, API_OK, false },
	{ "text, as /readyz answers", 200, "text/plain; charset=utf-8", "ok", READ, API_OK, false },
	{ "a portal's page", 200, "text/html", "<html>Sign in</html>", READ, API_NOT_KUBERNETES,
	  false },
	{ "a page to a write", 200, "text/html", "<html>Sign in</html>", WRITE, API_NOT_KUBERNETES,
	  true },
	{ "a redirect", 302, "text/html", "", READ, API_NOT_KUBERNETES, false },
	{ "half an object", 200, "application/json", "{\"kind\":", READ, API_FAILED, false },
	{ "half an object to a write", 200, "application/json", "{\"kind\":", WRITE, API_FAILED,
	  true },
	{ "a failure inside 200", 200, "application/json",
	  "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":410,\"reason\":\"Expired\"}", READ,
	  API_EXPIRED, false },
	{ "401", 401, "application/json", "{\"kind\":\"Status\",\"reason\":\"Unauthorized\"}",
	  WRITE, API_UNAUTHORIZED, false },
	{ "401 with a page", 401, "text/html", "<html>", WRITE, API_UNAUTHORIZED, false },
	{ "403", 403, "application/json", "{\"kind\":\"Status\",\"message\":\"no\"}", WRITE,
	  API_FORBIDDEN, false },
	{ "403 of a terminating CRD", 403, "application/json",
	  "{\"kind\":\"Status\",\"message\":\"create not allowed while custom resource definition "
	  "is terminating\"}",
	  WRITE, API_TERMINATING, false },
	{ "405 of a terminating CRD", 405, "application/json",
	  "{\"kind\":\"Status\",\"message\":\"create not allowed while custom resource definition "
	  "is terminating\"}",
	  WRITE, API_TERMINATING, false },
	{ "404 of a path", 404, "text/plain; charset=utf-8", "404 page not found\n", READ,
	  API_NOT_INSTALLED, false },
	{ "404 of a built-in group's resource", 404, "application/json",
	  "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"details\":{}}", READ, API_NOT_INSTALLED,
	  false },
	{ "404 of an object", 404, "application/json",
	  "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"details\":{\"name\":\"llm-route\","
	  "\"kind\":\"httproutes\"}}",
	  READ, API_NOT_FOUND, false },
	{ "404 whose JSON breaks off", 404, "application/json",
	  "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"det", READ, API_FAILED, false },
	{ "404 of a proxy", 404, "text/html", "<html>no such host</html>", READ, API_NOT_KUBERNETES,
	  false },
	{ "409 of a stale version", 409, "application/json",
	  "{\"kind\":\"Status\",\"reason\":\"Conflict\"}", WRITE, API_CONFLICT, false },
	{ "409 of owned fields", 409, "application/json",
	  "{\"kind\":\"Status\",\"reason\":\"Conflict\",\"details\":{\"causes\":[{\"reason\":"
	  "\"FieldManagerConflict\","
	  "\"message\":\"conflict with \\\"argocd\\\"\",\"field\":\".spec.rules\"}]}}",
	  WRITE, API_OWNED, false },
	{ "409 of a name", 409, "application/json",
	  "{\"kind\":\"Status\",\"reason\":\"AlreadyExists\"}", WRITE, API_EXISTS, false },
	{ "410", 410, "application/json", "{\"kind\":\"Status\",\"reason\":\"Expired\"}", READ,
	  API_EXPIRED, false },
	{ "413", 413, "text/plain", "", WRITE, API_TOO_LARGE, false },
	{ "422", 422, "application/json", "{\"kind\":\"Status\",\"reason\":\"Invalid\"}", WRITE,
	  API_INVALID, false },
	{ "500 of an apply's schema", 500, "application/json",
	  "{\"kind\":\"Status\",\"message\":\"failed to create typed patch object (x): .spec.y: "
	  "field not declared\"}",
	  WRITE, API_INVALID, false },
	{ "500", 500, "application/json", "{\"kind\":\"Status\",\"message\":\"etcd\"}", WRITE,
	  API_FAILED, true },
	{ "503 with Retry-After to a read", 503, "application/json",
	  "{\"kind\":\"Status\",\"details\":{\"retryAfterSeconds\":5}}", READ, API_BUSY, false },
	{ "503 with Retry-After to a write", 503, "application/json",
	  "{\"kind\":\"Status\",\"details\":{\"retryAfterSeconds\":5}}", WRITE, API_FAILED, true },
	{ "504", 504, "text/plain", "{\"metadata\":{},\"status\":\"Failure\"}", WRITE, API_FAILED,
	  true },
	{ "504 of a version in the future", 504, "application/json",
	  "{\"kind\":\"Status\",\"details\":{\"causes\":[{\"reason\":\"ResourceVersionTooLarge\"}]}"
	  "}",
	  READ, API_EXPIRED, false },
	{ "429", 429, "text/plain", "Too many requests", WRITE, API_BUSY, false },
	{ "418", 418, "text/plain", "", WRITE, API_FAILED, true },
};

static void
an_answer_means_what_its_row_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		struct transport_event event =
			answer(answers[i].status, answers[i].type, answers[i].body);
		struct api_reply reply;
		api_reply_init(&reply, &event, answers[i].was == WRITE);
		if (reply.outcome != answers[i].outcome || reply.maybe_executed != answers[i].maybe)
			fail_msg("%s: outcome %d, maybe executed %d", answers[i].name,
				 reply.outcome, reply.maybe_executed);
		api_reply_release(&reply);
		transport_event_release(&event);
	}
}

static void
assert_silence(enum transport_sent sent, enum err_code code, bool was_write,
	       enum api_outcome outcome, bool maybe)
{
	struct transport_event event = { .kind = TRANSPORT_DONE, .sent = sent };
	struct api_reply reply;

	err_set(&event.err, code, "Nobody answers at 10.0.0.1:443.");
	buf_init(&event.body, 1);
	api_reply_init(&reply, &event, was_write);
	assert_int_equal(reply.outcome, outcome);
	assert_int_equal(reply.maybe_executed, maybe);
	assert_string_equal(reply.message, "Nobody answers at 10.0.0.1:443.");
	api_reply_release(&reply);
	transport_event_release(&event);
}

static void
only_a_write_that_may_have_left_is_in_doubt(void **state)
{
	(void)state;
	assert_silence(SENT_NO, ERR_NETWORK, true, API_NO_ANSWER, false);
	assert_silence(SENT_MAYBE, ERR_NETWORK, true, API_NO_ANSWER, true);
	assert_silence(SENT_MAYBE, ERR_NETWORK, false, API_NO_ANSWER, false);
	assert_silence(SENT_NO, ERR_AUTH, true, API_UNAUTHORIZED, false);
	assert_silence(SENT_YES, ERR_REJECTED, true, API_TOO_LARGE, true);
}

static void
explained(const char *expected, int status, const char *body, bool was_write, const char *verb)
{
	struct transport_event event = answer(status, "application/json", body);
	struct api_reply reply;
	struct err err = { .code = ERR_NONE };

	api_reply_init(&reply, &event, was_write);
	assert_false(api_reply_explain(&reply, &event, verb,
				       "HTTPRoute default/llm-route (gateway.networking.k8s.io)",
				       &err));
	assert_string_equal(err.text, expected);
	api_reply_release(&reply);
	transport_event_release(&event);
}

static void
a_refusal_says_what_happened_to_what_and_what_to_do(void **state)
{
	(void)state;
	explained("Cannot patch HTTPRoute default/llm-route (gateway.networking.k8s.io): you may "
		  "not do this; nothing "
		  "was done: httproutes is forbidden: User \"u\" cannot patch. Ask an "
		  "administrator of the cluster for "
		  "that right.",
		  403,
		  "{\"kind\":\"Status\",\"message\":\"httproutes is forbidden: User \\\"u\\\" "
		  "cannot patch\"}",
		  true, "patch");
	explained(
		"Cannot apply HTTPRoute default/llm-route (gateway.networking.k8s.io): other field "
		"managers own what "
		"would change; nothing was written (.spec.rules: conflict with \"argocd\"). Adopt "
		"their value, leave "
		"the field out, or force it.",
		409,
		"{\"kind\":\"Status\",\"reason\":\"Conflict\",\"details\":{\"causes\":[{\"reason\":"
		"\"FieldManagerConflict\",\"message\":\"conflict with "
		"\\\"argocd\\\"\",\"field\":\".spec.rules\"}]}}",
		true, "apply");
	explained("Cannot patch HTTPRoute default/llm-route (gateway.networking.k8s.io): the "
		  "server failed (HTTP 500): "
		  "etcdserver: request timed out. It may have been done all the same: look at the "
		  "object before "
		  "anything else.",
		  500, "{\"kind\":\"Status\",\"message\":\"etcdserver: request timed out\"}", true,
		  "patch");
	explained("Cannot patch HTTPRoute default/llm-route (gateway.networking.k8s.io): the "
		  "server refused it; nothing "
		  "was written: the server rejected our request due to an error in our request. "
		  "Something the change "
		  "relies on is no longer there: read the object again and compare.",
		  422,
		  "{\"kind\":\"Status\",\"reason\":\"Invalid\",\"message\":\"the server rejected "
		  "our request due to an "
		  "error in our request\",\"details\":{}}",
		  true, "patch");
	explained("Cannot list HTTPRoute default/llm-route (gateway.networking.k8s.io): the server "
		  "is busy and did not "
		  "do it; it asks to wait 7 s. It can be tried again in a moment.",
		  429, "{\"kind\":\"Status\",\"details\":{\"retryAfterSeconds\":7}}", false,
		  "list");
}

static void
a_message_is_clean_cut_and_without_secrets(void **state)
{
	struct api_reply reply;
	struct transport_event event =
		answer(400, "application/json",
		       "{\"kind\":\"Status\",\"message\":\"object {\\\"big\\\":1} "
		       "\\u001b[31mstrict decoding error: "
		       "unknown field x, Bearer abc.def token eyJhbGciOiJIUzI1NiJ9.e30.c2ln\"}");

	(void)state;
	api_reply_init(&reply, &event, true);
	assert_string_equal(
		reply.message,
		"strict decoding error: unknown field x, Bearer [hidden] token [hidden]");
	api_reply_release(&reply);
	transport_event_release(&event);

	event = answer(500, "text/plain", "");
	for (int i = 0; i < 1000; i++)
		buf_puts(&event.body, "\xc3\xa9\x1b");
	api_reply_init(&reply, &event, false);
	assert_null(strchr(reply.message, '\x1b'));
	assert_in_range(strlen(reply.message), 1500, sizeof reply.message - 1);
	assert_int_not_equal((unsigned char)reply.message[strlen(reply.message) - 1] & 0xC0, 0xC0);
	api_reply_release(&reply);
	transport_event_release(&event);
}

static void
assert_access(const char *body, bool allowed, bool unknown)
{
	struct transport_event event = answer(201, "application/json", body);
	struct api_reply reply;
	bool is_allowed, is_unknown;

	api_reply_init(&reply, &event, false);
	assert_true(api_access_allowed(&reply, &is_allowed, &is_unknown));
	assert_int_equal(is_allowed, allowed);
	assert_int_equal(is_unknown, unknown);
	api_reply_release(&reply);
	transport_event_release(&event);
}

static void
a_no_that_could_not_be_evaluated_is_unknown(void **state)
{
	(void)state;
	assert_access("{\"kind\":\"SelfSubjectAccessReview\",\"status\":{\"allowed\":true}}", true,
		      false);
	assert_access("{\"kind\":\"SelfSubjectAccessReview\",\"status\":{\"allowed\":false}}",
		      false, false);
	assert_access("{\"status\":{\"allowed\":false,\"evaluationError\":\"webhook\"}}", false,
		      true);

	struct transport_event event = answer(403, "application/json", "{\"kind\":\"Status\"}");
	struct api_reply reply;
	bool allowed, unknown;
	api_reply_init(&reply, &event, false);
	assert_false(api_access_allowed(&reply, &allowed, &unknown));
	assert_true(unknown);
	api_reply_release(&reply);
	transport_event_release(&event);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_means_what_its_row_says),
		cmocka_unit_test(only_a_write_that_may_have_left_is_in_doubt),
		cmocka_unit_test(a_refusal_says_what_happened_to_what_and_what_to_do),
		cmocka_unit_test(a_message_is_clean_cut_and_without_secrets),
		cmocka_unit_test(a_no_that_could_not_be_evaluated_is_unknown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
