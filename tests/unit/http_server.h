/* http_server - a server on the loopback that says what the test says, in a thread of its own. */
#ifndef UNIT_HTTP_SERVER_H
#define UNIT_HTTP_SERVER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum then { KEEP, CLOSE, HANG };

/* The answer to one request, whatever connection it comes over. */
struct step {
	const char *reply;
	size_t length; /* 0: strlen */
	enum then then;
};

#define CONNECTIONS_MOST 16

struct server {
	int listener, port, stop[2];
	pthread_t thread;
	pthread_mutex_t lock;
	const struct step *steps;
	size_t step_count, requests, connections;
	char heard[65536]; /* every request, one after the other */
};

static inline bool
serve_request(struct server *server, int fd)
{
	char text[8192];
	size_t length = 0;
	ssize_t got;

	do {
		got = read(fd, text + length, sizeof text - 1 - length);
		if (got <= 0)
			return false;
		length += (size_t)got;
		text[length] = '\0';
	} while (strstr(text, "\r\n\r\n") == NULL);
	pthread_mutex_lock(&server->lock);
	size_t at = strlen(server->heard);
	snprintf(server->heard + at, sizeof server->heard - at, "%s", text);
	const struct step *step =
		server->requests < server->step_count ? &server->steps[server->requests] : NULL;
	server->requests++;
	pthread_mutex_unlock(&server->lock);
	if (step == NULL)
		return false;
	size_t left = step->length > 0 ? step->length : strlen(step->reply);
	for (const char *from = step->reply; left > 0; left -= (size_t)got, from += got) {
		got = send(fd, from, left, MSG_NOSIGNAL);
		if (got <= 0)
			return false;
	}
	return step->then != CLOSE;
}

static inline void *
server_run(void *self)
{
	struct server *server = self;
	struct pollfd fds[CONNECTIONS_MOST + 2] = {
		{ .fd = server->stop[0], .events = POLLIN },
		{ .fd = server->listener, .events = POLLIN },
	};
	size_t count = 2;

	while (poll(fds, count, -1) > 0 && fds[0].revents == 0) {
		for (size_t i = 2; i < count; i++) {
			if (fds[i].revents == 0 || serve_request(server, fds[i].fd))
				continue;
			close(fds[i].fd);
			fds[i--] = fds[--count];
		}
		if ((fds[1].revents & POLLIN) != 0 && count < CONNECTIONS_MOST + 2) {
			fds[count++] = (struct pollfd){ .fd = accept(server->listener, NULL, NULL),
							.events = POLLIN };
			server->connections++;
		}
	}
	while (count > 2)
		close(fds[--count].fd);
	return NULL;
}

static inline void
server_open(struct server *server, const struct step *steps, size_t count)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;

	*server = (struct server){ .steps = steps, .step_count = count };
	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(server->listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(server->listener, 16), 0);
	assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &size), 0);
	server->port = ntohs(address.sin_port);
	assert_int_equal(pipe(server->stop), 0);
	pthread_mutex_init(&server->lock, NULL);
	assert_int_equal(pthread_create(&server->thread, NULL, server_run, server), 0);
}

static inline void
server_close(struct server *server)
{
	close(server->stop[1]);
	pthread_join(server->thread, NULL);
	close(server->stop[0]);
	close(server->listener);
	pthread_mutex_destroy(&server->lock);
}

#endif
