#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/unit/http_client.h"
#include "tests/unit/http_server.h"

#define REPLY(status) "HTTP/1.1 " status "\r\nContent-Length: 2\r\n\r\n{}"

struct desk { /* a client whose access came from a file */
	char path[64];
	struct access_options options;
	struct client client;
	int64_t ahead; /* of the real clock, ns */
};

static int64_t
mono_ahead(void *self)
{
	const struct clock real = clock_system();
	return clock_mono(&real) + ((const struct desk *)self)->ahead;
}

static int64_t
wall_ahead(void *self)
{
	const struct clock real = clock_system();
	return clock_wall(&real) + ((const struct desk *)self)->ahead;
}

/* As whom: impersonation is the only thing that is said over plain http. */
static void
put(struct desk *desk, int port, const char *as)
{
	char text[512];

	snprintf(text, sizeof text,
		 "current-context: one\n"
		 "contexts: [{name: one, context: {cluster: c, user: u}}]\n"
		 "clusters: [{name: c, cluster: {server: \"http://127.0.0.1:%d\"}}]\n"
		 "users: [{name: u, user: {as: %s}}]\n",
		 port, as);
	assert_true(file_write(desk->path, text, strlen(text), NULL));
}

static void
open_desk(struct desk *desk, int port)
{
	*desk = (struct desk){ .path = "/tmp/test_http_renew.XXXXXX" };
	close(mkstemp(desk->path));
	put(desk, port, "before");
	desk->options.kubeconfig = desk->path;
	desk->client.clock = (struct clock){
		.self = desk, .mono = mono_ahead, .wall = wall_ahead, .boot = mono_ahead
	};
	assert_true(access_load(&desk->client.access, &desk->options, NULL));
	client_start(&desk->client);
	http_watch(desk->client.http, &desk->options);
}

static void
close_desk(struct desk *desk)
{
	client_close(&desk->client);
	access_release(&desk->client.access);
	unlink(desk->path);
}

static void
assert_status(struct desk *desk, enum transport_mode mode, int status)
{
	struct transport_event event;

	start(&desk->client, mode, mode == TRANSPORT_WRITE ? "POST" : "GET", "/x");
	event = next_event(&desk->client);
	assert_int_equal(event.status, status);
	transport_event_release(&event);
}

static void
after_a_401_a_rewritten_kubeconfig_is_read_and_the_request_sent_again(void **state)
{
	static const struct step steps[] = { { .reply = REPLY("401 Unauthorized") },
					     { .reply = REPLY("200 OK") } };
	struct server server;
	struct desk desk;

	(void)state;
	server_open(&server, steps, 2);
	open_desk(&desk, server.port);
	put(&desk, server.port, "after");
	assert_status(&desk, TRANSPORT_READ, 200);
	assert_non_null(strstr(server.heard, "Impersonate-User: before"));
	assert_non_null(strstr(server.heard, "Impersonate-User: after"));
	assert_int_equal(desk.client.transport.renewals(desk.client.transport.self), 1);
	close_desk(&desk);
	server_close(&server);
}

static void
a_write_is_not_sent_again_by_what_was_not_there_when_it_was_decided_on(void **state)
{
	static const struct step steps[] = { { .reply = REPLY("401 Unauthorized") },
					     { .reply = REPLY("200 OK") } };
	struct server server;
	struct desk desk;

	(void)state;
	server_open(&server, steps, 2);
	open_desk(&desk, server.port);
	put(&desk, server.port, "after");
	assert_status(&desk, TRANSPORT_WRITE, 401);
	assert_int_equal(server.requests, 1);
	assert_status(&desk, TRANSPORT_WRITE, 200);
	assert_non_null(strstr(server.heard, "Impersonate-User: after"));
	close_desk(&desk);
	server_close(&server);
}

static void
a_server_that_moved_is_found_where_the_kubeconfig_says_now(void **state)
{
	static const struct step steps[] = { { .reply = REPLY("200 OK") } };
	struct server gone, server;
	struct desk desk;

	(void)state;
	server_open(&gone, steps, 1);
	server_close(&gone);
	server_open(&server, steps, 1);
	open_desk(&desk, gone.port);
	assert_status(&desk, TRANSPORT_READ, 0);
	put(&desk, server.port, "after");
	desk.ahead += 2 * SECOND;
	assert_status(&desk, TRANSPORT_READ, 200);
	close_desk(&desk);
	server_close(&server);
}

static void
while_all_goes_well_nothing_is_read_again(void **state)
{
	static const struct step steps[] = { { .reply = REPLY("200 OK") },
					     { .reply = REPLY("200 OK") } };
	struct server server;
	struct desk desk;

	(void)state;
	server_open(&server, steps, 2);
	open_desk(&desk, server.port);
	assert_status(&desk, TRANSPORT_READ, 200);
	put(&desk, server.port, "after");
	assert_status(&desk, TRANSPORT_READ, 200);
	assert_null(strstr(server.heard, "Impersonate-User: after"));
	close_desk(&desk);
	server_close(&server);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			after_a_401_a_rewritten_kubeconfig_is_read_and_the_request_sent_again),
		cmocka_unit_test(
			a_write_is_not_sent_again_by_what_was_not_there_when_it_was_decided_on),
		cmocka_unit_test(a_server_that_moved_is_found_where_the_kubeconfig_says_now),
		cmocka_unit_test(while_all_goes_well_nothing_is_read_again),
	};
	http_global_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
