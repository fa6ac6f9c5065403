/* endpoint - where the demo's API listens: a loopback address and port, and the kubeconfig for it.
 *
 * Plain values, no socket. Any thread.
 */
#ifndef DEMO_ENDPOINT_H
#define DEMO_ENDPOINT_H

#include <stdbool.h>
#include <sys/socket.h>

#include "core/base/buf.h"
#include "core/base/err.h"

struct endpoint {
	struct sockaddr_storage address; /* without the port */
	char host[64];                   /* as in a URL */
	int port;                        /* 0: any */
};

/* "127.0.0.1:0", "[::1]:8001", "localhost:0", ":0". ERR_INPUT for what is not on the loopback. */
bool endpoint_parse(struct endpoint *endpoint, const char *listen, struct err *err);
/* A page in a browser must not reach the admin by a name of its own that leads here: is this Host
 * header (NULL: none) a name of the loopback? */
bool endpoint_is_loopback(const char *host);
/* Contexts "demo" (admin) and "demo-viewer" for a server there. */
bool endpoint_kubeconfig(const struct endpoint *endpoint, struct buf *out);

#endif
