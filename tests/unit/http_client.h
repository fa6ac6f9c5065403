/* http_client - a transport over libcurl against one server, for the tests of http. */
#ifndef UNIT_HTTP_CLIENT_H
#define UNIT_HTTP_CLIENT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "core/kube/http.h"

struct client {
	char url[64];
	struct clock clock;
	struct access access;
	struct http *http;
	struct transport transport;
};

static inline void
client_open(struct client *client, const char *scheme, int port)
{
	*client = (struct client){ .clock = clock_system() };
	snprintf(client->url, sizeof client->url, "%s://127.0.0.1:%d", scheme, port);
	client->access.server = client->url;
	client->access.user = "admin";
}

static inline void
client_start(struct client *client)
{
	struct err err;

	client->http = http_new(&client->access, &client->clock, "poolshift/0.1.0 (test)", &err);
	assert_non_null(client->http);
	client->transport = http_transport(client->http);
}

static inline void
client_close(struct client *client)
{
	http_free(client->http);
}

static inline int64_t
start(struct client *client, enum transport_mode mode, const char *method, const char *path)
{
	const struct transport_request request = {
		.mode = mode,
		.method = method,
		.path = path,
		.content_type = mode == TRANSPORT_WRITE ? "application/json" : NULL,
		.body = mode == TRANSPORT_WRITE ? "{}" : NULL,
		.body_length = 2,
		.cap = 100 * BUF_KIB,
		.timeout = 10 * SECOND,
	};

	return client->transport.start(client->transport.self, &request);
}

static inline struct transport_event
next_event(struct client *client)
{
	struct transport_event event;
	int64_t limit = clock_mono(&client->clock) + 30 * SECOND;

	while (!client->transport.collect(client->transport.self, &event)) {
		client->transport.wait(client->transport.self, limit);
		assert_true(clock_mono(&client->clock) < limit);
	}
	return event;
}

#endif
