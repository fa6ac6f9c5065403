#include "tests/bench/relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/program.h"
#include "tests/bench/wire.h"

#define LINKS 64 /* connections at a time */

struct relay_view {
	atomic_int mode, count;
	struct relay_request seen[RELAY_SEEN];
};

struct link {
	int near, far; /* -1: none */
};

static void
note(struct relay_view *view, const char *bytes, size_t length)
{
	int number = atomic_load(&view->count);
	struct relay_request *request = &view->seen[number % RELAY_SEEN];
	const char *end = memchr(bytes, '\r', length);

	/* A head comes in one piece and begins one; what is no head is a body. */
	if (end == NULL || memmem(bytes, length, " HTTP/1.1\r", 10) == NULL || number >= RELAY_SEEN)
		return;
	request->time = program_now();
	snprintf(request->line, sizeof(request->line), "%.*s", (int)(end - bytes), bytes);
	atomic_store(&view->count, number + 1);
}

static void
cut(struct link *link)
{
	close(link->near);
	close(link->far);
	link->near = link->far = -1;
}

static void
carry(struct relay_view *view, struct link *link, bool near)
{
	static char bytes[65536];
	int mode = atomic_load(&view->mode), to = near ? link->far : link->near;
	ssize_t count = read(near ? link->near : link->far, bytes, sizeof(bytes));

	if (count <= 0) {
		cut(link);
		return;
	}
	if (near)
		note(view, bytes, (size_t)count);
	if (near && mode == RELAY_DROPS)
		cut(link);
	else if (mode == RELAY_PASSES && write(to, bytes, (size_t)count) != count)
		cut(link);
}

static void
admit(int listener, int port, struct link *links)
{
	int near = accept(listener, NULL, NULL), on = 1;

	for (size_t i = 0; i < LINKS && near >= 0; i++) {
		if (links[i].near >= 0)
			continue;
		setsockopt(near, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		links[i] = (struct link){ near, wire_connect(port, false) };
		if (links[i].far < 0)
			cut(&links[i]);
		return;
	}
	close(near);
}

_Noreturn static void
run(struct relay_view *view, int listener, int port)
{
	struct link links[LINKS];

	for (size_t i = 0; i < LINKS; i++)
		links[i] = (struct link){ -1, -1 };
	for (;;) {
		struct pollfd fds[2 * LINKS + 1] = { { .fd = listener, .events = POLLIN } };

		for (size_t i = 0; i < LINKS; i++) {
			fds[2 * i + 1] = (struct pollfd){ .fd = links[i].near, .events = POLLIN };
			fds[2 * i + 2] = (struct pollfd){ .fd = links[i].far, .events = POLLIN };
		}
		if (poll(fds, 2 * LINKS + 1, -1) < 0)
			_exit(1);
		for (size_t i = 0; i < LINKS; i++) {
			if (fds[2 * i + 1].revents != 0)
				carry(view, &links[i], true);
			if (fds[2 * i + 2].revents != 0 && links[i].far >= 0)
				carry(view, &links[i], false);
		}
		if (fds[0].revents != 0)
			admit(listener, port, links);
	}
}

void
relay_start(struct relay *relay, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	relay->view = mmap(NULL, sizeof(*relay->view), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (relay->view == MAP_FAILED || listener < 0 ||
	    bind(listener, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(listener, LINKS) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) < 0 ||
	    (relay->pid = fork()) < 0)
		program_give_up("no relay before the demo cluster");
	relay->port = ntohs(address.sin_port);
	if (relay->pid == 0) {
		program_bind();
		signal(SIGPIPE, SIG_IGN);
		run(relay->view, listener, port);
	}
	close(listener);
}

void
relay_set(struct relay *relay, enum relay_mode mode)
{
	atomic_store(&relay->view->mode, mode);
}

int
relay_count(const struct relay *relay)
{
	return atomic_load(&relay->view->count);
}

const struct relay_request *
relay_request(const struct relay *relay, int number)
{
	return number < relay_count(relay) ? &relay->view->seen[number] : NULL;
}

void
relay_stop(struct relay *relay)
{
	kill(relay->pid, SIGKILL);
	waitpid(relay->pid, NULL, 0);
	munmap(relay->view, sizeof(*relay->view));
}
