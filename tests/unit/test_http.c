#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/http_client.h"
#include "tests/unit/http_server.h"

static void
assert_done(struct client *client, int64_t id, int status, enum err_code code,
	    enum transport_sent sent, const char *body)
{
	struct transport_event event = next_event(client);

	assert_int_equal(event.id, id);
	assert_int_equal(event.kind, TRANSPORT_DONE);
	if (event.err.code != code)
		fail_msg("says: %s", event.err.text);
	assert_int_equal(event.status, status);
	assert_int_equal(event.sent, sent);
	if (code == ERR_NONE)
		assert_string_equal(event.body.bytes, body);
	else if (strstr(event.err.text, body) == NULL)
		fail_msg("says: %s\nnot: %s", event.err.text, body);
	transport_event_release(&event);
}

#define OK_REPLY(body_length, body)                                                         \
	"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " body_length \
	"\r\n\r\n" body

/* One client against one server; `steps` is an array. */
#define WITH(client, server, steps)                                             \
	do {                                                                    \
		server_open(&(server), steps, sizeof(steps) / sizeof *(steps)); \
		client_open(&(client), "http", (server).port);                  \
		client_start(&(client));                                        \
	} while (0)
#define OVER(client, server)             \
	do {                             \
		client_close(&(client)); \
		server_close(&(server)); \
	} while (0)

static void
an_answer_comes_with_its_status_and_headers(void **state)
{
	static const struct step steps[] = {
		{ .reply = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Too Many Requests\r\n"
			   "Content-Type: text/plain; charset=utf-8\r\nRetry-After: 7\r\n"
			   "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-Kubernetes-PF-FlowSchema-UID: "
			   "u\r\n"
			   "Warning: 299 - \"unknown field \\\"spec.x\\\"\"\r\nWARNING: 299 - "
			   "\"two\"\r\n"
			   "x-served-by-pool: food-review\r\nContent-Length: 4\r\n\r\nbusy" },
	};
	struct server server;
	struct client client;

	(void)state;
	WITH(client, server, steps);
	int64_t id = start(&client, TRANSPORT_READ, "GET", "/api/v1/pods");
	struct transport_event event = next_event(&client);
	assert_int_equal(event.id, id);
	assert_int_equal(event.status, 429);
	assert_int_equal(event.sent, SENT_YES);
	assert_int_equal(event.err.code, ERR_NONE);
	assert_string_equal(event.body.bytes, "busy");
	assert_string_equal(event.content_type, "text/plain; charset=utf-8");
	assert_int_equal(event.retry_after, 7);
	assert_true(event.apf);
	assert_string_equal(event.warnings.bytes, "unknown field \"spec.x\"\ntwo\n");
	assert_string_equal(event.served_by, "food-review");
	assert_true(event.server_date == 784111777 * SECOND);
	assert_true(event.latency > 0);
	transport_event_release(&event);
	OVER(client, server);
}

static void
over_plain_http_no_token_goes_but_who_is_impersonated(void **state)
{
	static const struct step steps[] = { { .reply = OK_REPLY("2", "{}") } };
	struct access_header headers[] = { { "Impersonate-User", "jane" },
					   { "Impersonate-Group", "a" },
					   { "Impersonate-Group", "b" } };
	struct server server;
	struct client client;

	(void)state;
	server_open(&server, steps, 1);
	client_open(&client, "http", server.port);
	buf_init(&client.access.token, 100);
	buf_puts(&client.access.token, "s3cret");
	client.access.impersonate = headers;
	client.access.impersonate_count = 3;
	client_start(&client);
	int64_t id = start(&client, TRANSPORT_READ, "GET", "/version");
	assert_done(&client, id, 200, ERR_NONE, SENT_YES, "{}");
	assert_null(strstr(server.heard, "Authorization"));
	assert_null(strstr(server.heard, "s3cret"));
	assert_non_null(strstr(server.heard, "GET /version HTTP/1.1\r\n"));
	assert_non_null(strstr(
		server.heard,
		"Impersonate-User: jane\r\nImpersonate-Group: a\r\nImpersonate-Group: b\r\n"));
	assert_non_null(strstr(server.heard, "Accept: application/json\r\n"));
	assert_non_null(strstr(server.heard, "Accept-Encoding: gzip\r\n"));
	assert_non_null(strstr(server.heard, "User-Agent: poolshift/0.1.0 (test)\r\n"));
	OVER(client, server);
	buf_release(&client.access.token);
}

static void
what_goes_outside_says_nothing_of_who_asks(void **state)
{
	static const struct step steps[] = { { .reply = OK_REPLY("2", "{}") } };
	struct access_header headers[] = { { "Impersonate-User", "jane" } };
	struct server server;
	struct client client;
	char url[100];

	(void)state;
	server_open(&server, steps, 1);
	client_open(&client, "https", 1);
	client.access.impersonate = headers;
	client.access.impersonate_count = 1;
	buf_init(&client.access.token, 100);
	buf_puts(&client.access.token, "s3cret");
	client_start(&client);
	snprintf(url, sizeof url, "http://127.0.0.1:%d/v1/completions", server.port);
	const struct transport_request request = { .where = TRANSPORT_OUTSIDE,
						   .method = "GET",
						   .path = url,
						   .cap = 1000,
						   .timeout = 10 * SECOND };
	int64_t id = client.transport.start(client.transport.self, &request);
	assert_done(&client, id, 200, ERR_NONE, SENT_YES, "{}");
	assert_null(strstr(server.heard, "s3cret"));
	assert_null(strstr(server.heard, "Impersonate"));
	OVER(client, server);
	buf_release(&client.access.token);
}

static void
a_write_whose_connection_dies_was_sent_once(void **state)
{
	static const struct step steps[] = {
		{ .reply = OK_REPLY("2", "{}") },
		{ .reply = "", .then = CLOSE },
		{ .reply = OK_REPLY("5", "again") },
	};
	struct server server;
	struct client client;

	(void)state;
	WITH(client, server, steps);
	int64_t id = start(&client, TRANSPORT_READ, "GET", "/first");
	assert_done(&client, id, 200, ERR_NONE, SENT_YES, "{}");
	id = start(&client, TRANSPORT_WRITE, "PATCH", "/second");
	assert_done(&client, id, 0, ERR_NETWORK, SENT_MAYBE, "ended early");
	assert_int_equal(server.requests, 2);
	assert_int_equal(server.connections, 2);
	OVER(client, server);
}

static void
a_read_whose_kept_connection_died_is_asked_again(void **state)
{
	static const struct step steps[] = {
		{ .reply = OK_REPLY("2", "{}") },
		{ .reply = "", .then = CLOSE },
		{ .reply = OK_REPLY("5", "again") },
	};
	struct server server;
	struct client client;

	(void)state;
	WITH(client, server, steps);
	int64_t id = start(&client, TRANSPORT_READ, "GET", "/first");
	assert_done(&client, id, 200, ERR_NONE, SENT_YES, "{}");
	id = start(&client, TRANSPORT_READ, "GET", "/second");
	assert_done(&client, id, 200, ERR_NONE, SENT_YES, "again");
	assert_int_equal(server.requests, 3);
	OVER(client, server);
}

static void
a_write_does_not_leave_its_connection_to_others(void **state)
{
	static const struct step steps[] = { { .reply = OK_REPLY("2", "{}") },
					     { .reply = OK_REPLY("2", "{}") },
					     { .reply = OK_REPLY("2", "{}") } };
	struct server server;
	struct client client;

	(void)state;
	WITH(client, server, steps);
	assert_done(&client, start(&client, TRANSPORT_WRITE, "POST", "/a"), 200, ERR_NONE, SENT_YES,
		    "{}");
	assert_done(&client, start(&client, TRANSPORT_WRITE, "DELETE", "/b"), 200, ERR_NONE,
		    SENT_YES, "{}");
	assert_done(&client, start(&client, TRANSPORT_READ, "GET", "/c"), 200, ERR_NONE, SENT_YES,
		    "{}");
	assert_int_equal(server.connections, 3);
	assert_non_null(strstr(server.heard, "DELETE /b HTTP/1.1"));
	assert_null(strstr(server.heard, "Expect"));
	OVER(client, server);
}

static void
after_a_refresh_no_kept_connection_is_used(void **state)
{
	static const struct step steps[] = { { .reply = OK_REPLY("2", "{}") },
					     { .reply = OK_REPLY("2", "{}") },
					     { .reply = OK_REPLY("2", "{}") } };
	struct server server;
	struct client client;

	(void)state;
	WITH(client, server, steps);
	assert_done(&client, start(&client, TRANSPORT_READ, "GET", "/a"), 200, ERR_NONE, SENT_YES,
		    "{}");
	assert_done(&client, start(&client, TRANSPORT_READ, "GET", "/b"), 200, ERR_NONE, SENT_YES,
		    "{}");
	assert_int_equal(server.connections, 1);
	client.transport.refresh(client.transport.self);
	assert_done(&client, start(&client, TRANSPORT_READ, "GET", "/c"), 200, ERR_NONE, SENT_YES,
		    "{}");
	assert_int_equal(server.connections, 2);
	OVER(client, server);
}

static void
answers_that_are_none_are_told_apart(void **state)
{
	static const struct step steps[] = {
		{ .reply = OK_REPLY("50", "{\"kind\":"), .then = CLOSE },
		{ .reply = "HTTP/1.1 302 Found\r\nLocation: "
			   "http://127.0.0.1:1/elsewhere\r\nContent-Length: 2\r\n\r\nno" },
		{ .reply = "nonsense\r\n\r\n", .then = CLOSE },
	};
	struct server server;
	struct client client;

	(void)state;
	WITH(client, server, steps);
	assert_done(&client, start(&client, TRANSPORT_READ, "GET", "/a"), 200, ERR_NETWORK,
		    SENT_MAYBE, "ended early");
	assert_done(&client, start(&client, TRANSPORT_READ, "GET", "/b"), 302, ERR_NONE, SENT_YES,
		    "no");
	assert_done(&client, start(&client, TRANSPORT_WRITE, "PATCH", "/c"), 0, ERR_NETWORK,
		    SENT_MAYBE, "does not speak HTTP");
	assert_int_equal(server.requests, 3);
	OVER(client, server);
}

static void
an_answer_over_its_cap_is_refused_even_when_it_was_packed(void **state)
{
	static char plain[300 * 1024], packed[8192];
	struct step steps[] = { { .reply = plain, .then = CLOSE },
				{ .reply = packed, .then = CLOSE } };
	struct server server;
	struct client client;

	(void)state;
	int head = snprintf(plain, sizeof plain,
			    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
	memset(plain + head, 'x', sizeof plain - 1 - (size_t)head);
	head = snprintf(packed, sizeof packed,
			"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: "
			"gzip\r\n\r\n");
	FILE *gzip = popen("head -c 1000000 /dev/zero | gzip -c", "r");
	assert_non_null(gzip);
	steps[1].length =
		(size_t)head + fread(packed + head, 1, sizeof packed - (size_t)head, gzip);
	assert_int_equal(pclose(gzip), 0);
	WITH(client, server, steps);
	assert_done(&client, start(&client, TRANSPORT_READ, "GET", "/a"), 200, ERR_REJECTED,
		    SENT_YES, "larger than");
	assert_done(&client, start(&client, TRANSPORT_READ, "GET", "/b"), 200, ERR_REJECTED,
		    SENT_YES, "larger than");
	OVER(client, server);
}

static void
an_error_page_without_end_is_an_answer_of_64_KiB(void **state)
{
	static char page[1200 * 1024];
	const struct step steps[] = { { .reply = page } };
	struct server server;
	struct client client;

	(void)state;
	int head = snprintf(page, sizeof page,
			    "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 9999999\r\n\r\n");
	memset(page + head, 'x', sizeof page - 1 - (size_t)head);
	WITH(client, server, steps);
	start(&client, TRANSPORT_READ, "GET", "/a");
	struct transport_event event = next_event(&client);
	assert_int_equal(event.err.code, ERR_NONE);
	assert_int_equal(event.status, 502);
	assert_int_equal(event.body.length, 64 * 1024);
	transport_event_release(&event);
	OVER(client, server);
}

static void
a_server_that_does_not_answer_in_time_is_left(void **state)
{
	static const struct step steps[] = { { .reply = "", .then = HANG } };
	struct server server;
	struct client client;

	(void)state;
	WITH(client, server, steps);
	const struct transport_request request = { .mode = TRANSPORT_WRITE,
						   .method = "PATCH",
						   .path = "/a",
						   .body = "{}",
						   .body_length = 2,
						   .cap = 1000,
						   .timeout = 200 * MILLISECOND };
	int64_t id = client.transport.start(client.transport.self, &request);
	assert_done(&client, id, 0, ERR_NETWORK, SENT_MAYBE, "did not answer within 1 s");
	OVER(client, server);
}

static void
nobody_there_means_not_sent(void **state)
{
	struct server server;
	struct client client;

	(void)state;
	server_open(&server, NULL, 0);
	int port = server.port;
	server_close(&server);
	client_open(&client, "http", port);
	client_start(&client);
	assert_done(&client, start(&client, TRANSPORT_WRITE, "PATCH", "/a"), 0, ERR_NETWORK,
		    SENT_NO, "Nobody answers at 127.0.0.1:");
	client_close(&client);
}

static void
a_stream_tells_that_it_stands_then_what_comes_then_its_end(void **state)
{
	static const struct step steps[] = {
		{ .reply = "HTTP/1.1 200 OK\r\nContent-Type: "
			   "application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
			   "4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n" },
		{ .reply = "HTTP/1.1 410 Gone\r\nContent-Type: application/json\r\nContent-Length: "
			   "4\r\n\r\ngone" },
	};
	struct server server;
	struct client client;
	char text[64] = "";

	(void)state;
	WITH(client, server, steps);
	int64_t id = start(&client, TRANSPORT_STREAM, "GET", "/w");
	for (;;) {
		struct transport_event event = next_event(&client);
		assert_int_equal(event.id, id);
		assert_int_equal(event.status, 200);
		strncat(text, event.body.bytes, sizeof text - strlen(text) - 1);
		bool done = event.kind == TRANSPORT_DONE;
		if (done)
			assert_int_equal(event.err.code, ERR_NONE);
		transport_event_release(&event);
		if (done)
			break;
	}
	assert_string_equal(text, "{\"a\":1}");
	assert_null(strstr(server.heard, "Accept-Encoding"));
	id = start(&client, TRANSPORT_STREAM, "GET", "/w");
	assert_done(&client, id, 410, ERR_NONE, SENT_YES, "gone");
	OVER(client, server);
}

static void
a_silent_stream_is_cut(void **state)
{
	static const struct step steps[] = {
		{ .reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
		  .then = HANG },
	};
	struct server server;
	struct client client;

	(void)state;
	WITH(client, server, steps);
	const struct transport_request request = { .mode = TRANSPORT_STREAM,
						   .method = "GET",
						   .path = "/w",
						   .cap = 1000,
						   .timeout = 300 * MILLISECOND };
	int64_t id = client.transport.start(client.transport.self, &request);
	struct transport_event event;
	for (event = next_event(&client); event.kind == TRANSPORT_DATA; event = next_event(&client))
		transport_event_release(&event);
	assert_int_equal(event.id, id);
	assert_int_equal(event.err.code, ERR_NETWORK);
	assert_non_null(strstr(event.err.text, "was silent for 1 s"));
	transport_event_release(&event);
	OVER(client, server);
}

static void
nothing_comes_of_what_was_cancelled(void **state)
{
	static const struct step steps[] = { { .reply = "", .then = HANG },
					     { .reply = OK_REPLY("2", "{}") } };
	struct server server;
	struct client client;

	(void)state;
	WITH(client, server, steps);
	int64_t id = start(&client, TRANSPORT_READ, "GET", "/a");
	client.transport.wait(client.transport.self, clock_mono(&client.clock) + 50 * MILLISECOND);
	client.transport.cancel(client.transport.self, id);
	client.transport.cancel(client.transport.self, 4711);
	int64_t next = start(&client, TRANSPORT_READ, "GET", "/b");
	assert_true(next > id);
	struct transport_event event = next_event(&client);
	assert_int_equal(event.id, next);
	transport_event_release(&event);
	OVER(client, server);
}

static void *
wake_up(void *self)
{
	const struct transport *transport = self;
	transport->wake(transport->self);
	return NULL;
}

static void
waiting_ends_at_its_deadline_or_when_woken(void **state)
{
	struct client client;
	pthread_t thread;

	(void)state;
	client_open(&client, "http", 1);
	client_start(&client);
	int64_t began = clock_mono(&client.clock);
	client.transport.wait(client.transport.self, began + 50 * MILLISECOND);
	assert_in_range(clock_mono(&client.clock) - began, 50 * MILLISECOND, 10 * SECOND);
	assert_int_equal(pthread_create(&thread, NULL, wake_up, &client.transport), 0);
	client.transport.wait(client.transport.self, began + MINUTE);
	assert_true(clock_mono(&client.clock) - began < 30 * SECOND);
	pthread_join(thread, NULL);
	client_close(&client);
}

static void
more_than_a_burst_of_requests_waits_its_turn(void **state)
{
	struct step steps[45];
	struct server server;
	struct client client;

	(void)state;
	for (size_t i = 0; i < 45; i++)
		steps[i] = (struct step){ .reply = OK_REPLY("2", "{}") };
	WITH(client, server, steps);
	int64_t began = clock_mono(&client.clock);
	for (int i = 0; i < 45; i++)
		assert_done(&client, start(&client, TRANSPORT_READ, "GET", "/"), 200, ERR_NONE,
			    SENT_YES, "{}");
	assert_in_range(clock_mono(&client.clock) - began, 200 * MILLISECOND, 20 * SECOND);
	OVER(client, server);
}

/* Which is slow enough by itself: each page is asked for when the one before has come. */
static void
further_pages_of_a_list_wait_for_no_turn(void **state)
{
	const struct transport_request page = {
		.method = "GET", .path = "/", .cap = 100, .next_page = true
	};
	struct step steps[120];
	struct server server;
	struct client client;

	(void)state;
	for (size_t i = 0; i < 120; i++)
		steps[i] = (struct step){ .reply = OK_REPLY("2", "{}") };
	WITH(client, server, steps);
	int64_t began = clock_mono(&client.clock);
	for (int i = 0; i < 120; i++)
		assert_done(&client, client.transport.start(client.transport.self, &page), 200,
			    ERR_NONE, SENT_YES, "{}");
	/* With turns it would be (120 - 40) / 20 s at the least. */
	assert_true(clock_mono(&client.clock) - began < 3900 * MILLISECOND);
	OVER(client, server);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_with_its_status_and_headers),
		cmocka_unit_test(over_plain_http_no_token_goes_but_who_is_impersonated),
		cmocka_unit_test(what_goes_outside_says_nothing_of_who_asks),
		cmocka_unit_test(a_write_whose_connection_dies_was_sent_once),
		cmocka_unit_test(a_read_whose_kept_connection_died_is_asked_again),
		cmocka_unit_test(a_write_does_not_leave_its_connection_to_others),
		cmocka_unit_test(after_a_refresh_no_kept_connection_is_used),
		cmocka_unit_test(answers_that_are_none_are_told_apart),
		cmocka_unit_test(an_answer_over_its_cap_is_refused_even_when_it_was_packed),
		cmocka_unit_test(an_error_page_without_end_is_an_answer_of_64_KiB),
		cmocka_unit_test(a_server_that_does_not_answer_in_time_is_left),
		cmocka_unit_test(nobody_there_means_not_sent),
		cmocka_unit_test(a_stream_tells_that_it_stands_then_what_comes_then_its_end),
		cmocka_unit_test(a_silent_stream_is_cut),
		cmocka_unit_test(nothing_comes_of_what_was_cancelled),
		cmocka_unit_test(waiting_ends_at_its_deadline_or_when_woken),
		cmocka_unit_test(more_than_a_burst_of_requests_waits_its_turn),
		cmocka_unit_test(further_pages_of_a_list_wait_for_no_turn),
	};
	http_global_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
