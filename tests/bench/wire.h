/* wire - HTTP/1.1 over a plain socket of the loopback: the measuring side needs no library that
 * has an opinion of its own about connections.
 *
 * wire_reply is one answer being read, wherever its bytes come from; wire_ask() asks and waits.
 * One thread.
 */
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#define WIRE_CAP (64 * 1024) /* bytes of one answer, head and body */

struct wire_reply {
	char bytes[WIRE_CAP + 1];
	size_t length;
	size_t head; /* bytes of the head with its empty line; 0: not all of it is there */
	size_t body; /* bytes announced by Content-Length */
	int status;
};

enum wire_state { WIRE_MORE, WIRE_WHOLE, WIRE_BROKEN };

void wire_reply_clear(struct wire_reply *reply);
/* Reads what the socket has; WIRE_MORE on one that would block. */
enum wire_state wire_reply_read(struct wire_reply *reply, int fd);
/* The value of a header field into `out`; false when it is not there. */
bool wire_reply_header(const struct wire_reply *reply, const char *name, char *out, size_t size);

/* Connected to 127.0.0.1, or -1. */
int wire_connect(int port, bool non_blocking);
/* One request on a blocking connection; false when no whole answer came. */
bool wire_ask(int fd, const char *method, const char *path, const char *type, const char *body,
	      struct wire_reply *reply);

#endif
