#include "tests/bench/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/die.h"
#include "tests/bench/wire.h"

#define LATE         (5 * SECOND)
#define REQUESTS_MAX 100000
#define BODY         "{\"model\":\"food-review\",\"prompt\":\"Is it good?\",\"max_tokens\":8}"
#define SERVED_BY    "X-Served-By-Pool" /* as core/demo/gateway.h has it */
#define GROUP_GA     "inference.networking.k8s.io/"

struct connection {
	int fd;         /* -1: none */
	size_t request; /* on its way */
	bool busy;
	struct wire_reply reply;
};

struct load {
	int port;
	int64_t start, gap;
	struct load_request *requests;
	size_t count;
	struct connection connections[LOAD_CONNECTIONS];
};

struct load *
load_new(int port, int rate, int64_t start)
{
	struct load *load = die_alloc(sizeof(*load));

	load->port = port;
	load->start = start;
	load->gap = SECOND / rate;
	load->requests = die_alloc(REQUESTS_MAX * sizeof(*load->requests));
	for (size_t i = 0; i < LOAD_CONNECTIONS; i++)
		load->connections[i].fd = -1;
	return load;
}

void
load_free(struct load *load)
{
	for (size_t i = 0; i < LOAD_CONNECTIONS; i++)
		if (load->connections[i].fd >= 0)
			close(load->connections[i].fd);
	free(load->requests);
	free(load);
}

size_t
load_fds(const struct load *load, struct pollfd *fds)
{
	size_t count = 0;

	for (size_t i = 0; i < LOAD_CONNECTIONS; i++)
		if (load->connections[i].busy)
			fds[count++] =
				(struct pollfd){ .fd = load->connections[i].fd, .events = POLLIN };
	return count;
}

bool
load_is_idle(const struct load *load)
{
	for (size_t i = 0; i < LOAD_CONNECTIONS; i++)
		if (load->connections[i].busy)
			return false;
	return true;
}

static void
drop(struct load *load, struct connection *connection)
{
	if (connection->busy)
		load->requests[connection->request].over = true;
	close(connection->fd);
	connection->fd = -1;
	connection->busy = false;
}

static void
take_answer(struct load *load, struct connection *connection, int64_t now)
{
	struct load_request *request = &load->requests[connection->request];
	char pool[300];

	switch (wire_reply_read(&connection->reply, connection->fd)) {
	case WIRE_MORE:
		if (now >= request->due + LATE)
			drop(load, connection);
		return;
	case WIRE_BROKEN:
		drop(load, connection);
		return;
	case WIRE_WHOLE:
		break;
	}
	request->status = connection->reply.status;
	request->answered = now;
	request->over = true;
	if (wire_reply_header(&connection->reply, SERVED_BY, pool, sizeof(pool)) && *pool != '\0')
		request->pool =
			strncmp(pool, GROUP_GA, strlen(GROUP_GA)) == 0 ? LOAD_GA : LOAD_ALPHA;
	connection->busy = false;
	if (wire_reply_header(&connection->reply, "Connection", pool, sizeof(pool)) &&
	    strcmp(pool, "close") == 0)
		drop(load, connection);
}

/* One that stands and is free, else a new one; NULL: too many wait for an answer. */
static struct connection *
free_connection(struct load *load)
{
	struct connection *closed = NULL;

	for (size_t i = 0; i < LOAD_CONNECTIONS; i++) {
		struct connection *connection = &load->connections[i];

		if (connection->fd >= 0 && !connection->busy)
			return connection;
		if (connection->fd < 0)
			closed = connection;
	}
	if (closed != NULL)
		closed->fd = wire_connect(load->port, true);
	return closed != NULL && closed->fd >= 0 ? closed : NULL;
}

static void
send_next(struct load *load)
{
	static const char text[] = "POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
				   "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n"
				   "%s";
	struct load_request *request = &load->requests[load->count];
	struct connection *connection = free_connection(load);
	char bytes[512];
	int length = snprintf(bytes, sizeof(bytes), text, strlen(BODY), BODY);

	*request = (struct load_request){ .due = load->start + (int64_t)load->count * load->gap };
	load->count++;
	if (connection == NULL) {
		request->over = true;
		return;
	}
	connection->busy = true;
	connection->request = load->count - 1;
	wire_reply_clear(&connection->reply);
	if (write(connection->fd, bytes, (size_t)length) != length)
		drop(load, connection);
}

int64_t
load_step(struct load *load, int64_t now, bool on)
{
	int64_t next;

	for (size_t i = 0; i < LOAD_CONNECTIONS; i++)
		if (load->connections[i].busy)
			take_answer(load, &load->connections[i], now);
	while (on && load->count < REQUESTS_MAX &&
	       load->start + (int64_t)load->count * load->gap <= now)
		send_next(load);
	next = load->start + (int64_t)load->count * load->gap;
	return on ? next : now + 100 * MILLISECOND;
}

const struct load_request *
load_requests(const struct load *load, size_t *count)
{
	*count = load->count;
	return load->requests;
}

bool
load_request_is_lost(const struct load_request *request)
{
	return request->status != 200;
}
