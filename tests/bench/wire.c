#include "tests/bench/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define PATIENCE_SECONDS 20

void
wire_reply_clear(struct wire_reply *reply)
{
	reply->length = reply->head = reply->body = 0;
	reply->status = 0;
	reply->bytes[0] = '\0';
}

bool
wire_reply_header(const struct wire_reply *reply, const char *name, char *out, size_t size)
{
	size_t length = strlen(name);
	const char *line = reply->bytes;

	while ((line = strstr(line, "\r\n")) != NULL && line < reply->bytes + reply->head) {
		line += 2;
		if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
			line += length + 1;
			line += strspn(line, " ");
			snprintf(out, size, "%.*s", (int)strcspn(line, "\r"), line);
			return true;
		}
	}
	return false;
}

static bool
take_head(struct wire_reply *reply)
{
	const char *end = strstr(reply->bytes, "\r\n\r\n");
	char number[32];

	if (end == NULL)
		return true;
	reply->head = (size_t)(end - reply->bytes) + 4;
	if (sscanf(reply->bytes, "HTTP/1.%*d %d", &reply->status) != 1 ||
	    !wire_reply_header(reply, "Content-Length", number, sizeof(number)))
		return false;
	reply->body = strtoul(number, NULL, 10);
	return reply->head + reply->body <= WIRE_CAP;
}

enum wire_state
wire_reply_read(struct wire_reply *reply, int fd)
{
	ssize_t count = read(fd, reply->bytes + reply->length, WIRE_CAP - reply->length);

	if (count < 0 && errno == EAGAIN)
		return WIRE_MORE;
	if (count <= 0)
		return WIRE_BROKEN;
	reply->length += (size_t)count;
	reply->bytes[reply->length] = '\0';
	if (reply->head == 0 && !take_head(reply))
		return WIRE_BROKEN;
	return reply->head > 0 && reply->length >= reply->head + reply->body ? WIRE_WHOLE
									     : WIRE_MORE;
}

int
wire_connect(int port, bool non_blocking)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct timeval patience = { .tv_sec = PATIENCE_SECONDS };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0)
		return -1;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	/* On the loopback a connection stands at once or is refused at once. */
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		return -1;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (non_blocking)
		fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

bool
wire_ask(int fd, const char *method, const char *path, const char *type, const char *body,
	 struct wire_reply *reply)
{
	enum wire_state state = WIRE_MORE;
	char request[8192];
	int length = snprintf(request, sizeof(request),
			      "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
			      "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
			      method, path, type, strlen(body), body);

	if (length >= (int)sizeof(request) || write(fd, request, (size_t)length) != length)
		return false;
	wire_reply_clear(reply);
	while (state == WIRE_MORE) {
		state = wire_reply_read(reply, fd);
		if (state == WIRE_MORE && errno == EAGAIN && reply->length == 0)
			return false;
	}
	return state == WIRE_WHOLE;
}
