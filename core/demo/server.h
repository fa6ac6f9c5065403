/* server - the demo cluster behind real sockets: the API and the gateway on the loopback.
 *
 * Owns the demo, a lock and the threads of libmicrohttpd; the only file that includes it is
 * server.c. The kubeconfig it writes carries the token of the demo's admin, which opens nothing
 * else.
 */
#ifndef DEMO_SERVER_H
#define DEMO_SERVER_H

#include "core/demo/demo.h"

struct server;

struct server_options {
	struct demo_options demo;
	const char *listen; /* "127.0.0.1:0": a loopback address and port, 0 for any */
};

/* Listens and serves from threads of its own. ERR_INPUT for an address that is not on the
 * loopback. */
struct server *server_start(const struct server_options *options, struct err *err);
int server_port(const struct server *server);
int server_gateway_port(const struct server *server);
/* Writes a kubeconfig for the running server (0600): context "demo" (admin) and "demo-viewer". */
bool server_write_kubeconfig(const struct server *server, const char *path, struct err *err);
/* The same as text, for a console in this process. */
bool server_kubeconfig(const struct server *server, struct buf *out);
void server_stop(struct server *server); /* closes watches, joins threads, frees */

#endif
