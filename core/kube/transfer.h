/* transfer - one request from being asked for to its last event: what it is, what came, why it
 * failed.
 *
 * The part of http.c that needs no library: addresses, proxies, caps, silence, the event.
 * KUBERNETES §1.6, §1.7, §7.5. Times mono ns. Not shared between threads.
 */
#ifndef KUBE_TRANSFER_H
#define KUBE_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/kube/address.h"
#include "core/kube/fault.h"
#include "core/kube/headers.h"
#include "core/kube/kubeconfig.h"
#include "core/kube/transport.h"

struct call; /* http.c's: what the library holds while the request is under way */

struct transfer {
	struct transfer *next;
	struct http *http;
	struct call *call; /* NULL while it waits for credentials or its turn, and when done */

	int64_t id;
	enum transport_where where;
	enum transport_mode mode;
	bool next_page; /* see transport_request */
	char *method, *path, *asked_host, *content_type, *accept, *body;
	size_t body_length, cap;
	int64_t timeout; /* 0: the mode's own */

	char *host;  /* "host:port" for messages, once begun */
	char *proxy; /* its URL, "" for none, once begun */
	struct headers head;
	struct buf answer;
	size_t error_bytes;   /* of an error's body, kept or not */
	int64_t began, heard; /* of being asked for, of the last byte */
	uint64_t generation;  /* of the credentials it went with */
	bool replayed;        /* sent once more after a 401 */
	bool news;            /* a stream's answer has begun or grown */
	bool done, too_large;
	enum transport_sent sent;
	struct err err;
};

struct transfer *transfer_new(const struct transport_request *request, int64_t id, int64_t mono);
void transfer_free(struct transfer *transfer); /* `call` must be gone */

/* The URL to ask for; `connect` and `host` get what CONNECT_TO and the Host header must say, or
 * stay empty. False when an outside URL is no http(s) address. */
bool
transfer_url(struct transfer *transfer, const struct access *access, const struct address *server,
	     struct address *address, struct buf *url, struct buf *connect, struct buf *host);
/* The request's own header lines, each with a LF; who asks only for the cluster. `host` "" for the
 * library's own. */
void transfer_headers(const struct transfer *transfer, const struct access *access,
		      const char *authorization, const char *host, struct buf *lines);
/* Sets `proxy` in the library's terms. */
void transfer_find_proxy(struct transfer *transfer, const struct access *access,
			 const struct address *address);

/* What came. False: no more is wanted, the caller ends the transfer. */
bool transfer_take_header(struct transfer *transfer, const char *line, size_t length, int64_t mono);
bool transfer_take_body(struct transfer *transfer, const char *bytes, size_t length, int64_t mono);
/* An error's answer that is longer than anybody reads was cut by us: it counts as whole. */
bool transfer_has_enough(const struct transfer *transfer);

/* The longest time for everything, 0 for none; and without a byte, NEVER for none. */
int64_t transfer_whole_time(const struct transfer *transfer);
int64_t transfer_silence(const struct transfer *transfer);
int64_t transfer_silent_at(const struct transfer *transfer); /* when that will have passed */

/* As if it had not been sent, marked as replayed. */
void transfer_put_back(struct transfer *transfer);
/* Ends it without a whole answer. `detail` is the library's words, `after` what had passed of its
 * time. */
void transfer_fail(struct transfer *transfer, const struct access *access, enum fault_kind kind,
		   const char *detail, int64_t after, enum transport_sent sent);
/* The next event of one that has news or is done: DATA while there is news, then DONE. */
void transfer_event(struct transfer *transfer, struct transport_event *event, int64_t mono);

/* A list in the order of being asked for. */
void transfer_append(struct transfer **list, struct transfer *transfer);
struct transfer *
transfer_unlink(struct transfer **list, int64_t id);         /* NULL when it is not there */
struct transfer *transfer_with_event(struct transfer *list); /* the first; NULL for none */

#endif
