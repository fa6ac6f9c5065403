#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/demo/server.h"

#define PATIENCE_MS 10000 /* far beyond what any answer takes */

static struct server *
started(const char *listen)
{
	struct err err = { 0 };
	struct server *server = server_start(
		&(struct server_options){
			.demo = { .scenario_yaml = "kind: Scenario\n", .clock = clock_system() },
			.listen = listen },
		&err);

	if (!server)
		fail_msg("%s", err.text);
	return server;
}

static int
connected(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* Reads until `wanted` is in what came, or to the end when it is NULL. */
static void
read_until(int fd, const char *wanted, char text[20000])
{
	size_t length = strlen(text);
	struct pollfd poll_on = { .fd = fd, .events = POLLIN };

	while (!wanted || !strstr(text, wanted)) {
		ssize_t got;

		assert_int_equal(poll(&poll_on, 1, PATIENCE_MS), 1);
		got = read(fd, text + length, 19999 - length);
		if (got <= 0)
			break;
		length += (size_t)got;
		text[length] = '\0';
	}
	if (wanted)
		assert_non_null(strstr(text, wanted));
}

static void
request(int port, const char *head, const char *body, char text[20000])
{
	int fd = connected(port);

	text[0] = '\0';
	dprintf(fd, "%s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", head, strlen(body),
		body);
	read_until(fd, NULL, text);
	close(fd);
}

static void
a_request_without_a_token_is_the_admins(void **state)
{
	struct server *server = started("127.0.0.1:0");
	static char text[20000];

	(void)state;
	request(server_port(server), "GET /api/v1/namespaces/default HTTP/1.1\r\nHost: 127.0.0.1",
		"", text);
	assert_non_null(strstr(text, "HTTP/1.1 200"));
	assert_non_null(strstr(text, "\"name\":\"default\""));
	request(server_port(server),
		"DELETE /api/v1/namespaces/default HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: "
		"Bearer viewer",
		"", text);
	assert_non_null(strstr(text, "HTTP/1.1 403"));
	request(server_port(server),
		"DELETE /api/v1/namespaces/default HTTP/1.1\r\nHost: "
		"127.0.0.1\r\nImpersonate-User: viewer",
		"", text);
	assert_non_null(strstr(text, "User \\\"viewer\\\" cannot delete"));
	request(server_port(server),
		"GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer stranger", "",
		text);
	assert_non_null(strstr(text, "HTTP/1.1 401"));
	server_stop(server);
}

static void
a_foreign_name_is_turned_away(void **state)
{
	struct server *server = started("127.0.0.1:0");
	static char text[20000];

	(void)state;
	request(server_port(server), "GET /version HTTP/1.1\r\nHost: rebound.example.com", "",
		text);
	assert_non_null(strstr(text, "HTTP/1.1 403"));
	server_stop(server);
}

static void
an_event_reaches_a_waiting_watch_and_the_end_closes_it(void **state)
{
	struct server *server = started("127.0.0.1:0");
	int fd = connected(server_port(server));
	static char stream[20000], text[20000];

	(void)state;
	stream[0] = '\0';
	dprintf(fd, "GET /api/v1/configmaps?watch=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
	read_until(fd, "\r\n\r\n", stream);
	request(server_port(server),
		"POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: "
		"127.0.0.1\r\nContent-Type: application/json",
		"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"map\"}}",
		text);
	assert_non_null(strstr(text, "HTTP/1.1 201"));
	read_until(fd, "\"type\":\"ADDED\"", stream);
	server_stop(server);
	close(fd);
}

static void
watchers_that_left_take_nobodys_place(void **state)
{
	struct server *server = started("127.0.0.1:0");
	static char text[20000];

	(void)state;
	for (int i = 0; i < 1500; i++) {
		int fd = connected(server_port(server));

		text[0] = '\0';
		dprintf(fd, "GET /api/v1/configmaps?watch=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
		read_until(fd, "\r\n\r\n", text);
		close(fd);
	}
	request(server_port(server), "GET /version HTTP/1.1\r\nHost: 127.0.0.1", "", text);
	assert_non_null(strstr(text, "HTTP/1.1 200"));
	server_stop(server);
}

static void
only_the_loopback_is_listened_on(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_null(server_start(&(struct server_options){ .demo = { .clock = clock_system() },
							   .listen = "0.0.0.0:0" },
				 &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_null(server_start(&(struct server_options){ .demo = { .clock = clock_system() },
							   .listen = "nowhere" },
				 &err));
	assert_int_equal(err.code, ERR_INPUT);
}

static void
the_kubeconfig_names_both_users(void **state)
{
	struct server *server = started("127.0.0.1:0");
	struct buf text;

	(void)state;
	buf_init(&text, 16 * BUF_KIB);
	assert_true(server_kubeconfig(server, &text));
	assert_non_null(strstr(text.bytes, "current-context: demo\n"));
	assert_non_null(strstr(text.bytes, "name: demo-viewer"));
	assert_true(server_port(server) > 0);
	assert_true(server_gateway_port(server) > 0);
	buf_release(&text);
	server_stop(server);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_without_a_token_is_the_admins),
		cmocka_unit_test(a_foreign_name_is_turned_away),
		cmocka_unit_test(an_event_reaches_a_waiting_watch_and_the_end_closes_it),
		cmocka_unit_test(watchers_that_left_take_nobodys_place),
		cmocka_unit_test(only_the_loopback_is_listened_on),
		cmocka_unit_test(the_kubeconfig_names_both_users),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
