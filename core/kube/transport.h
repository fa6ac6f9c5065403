/* transport - how requests leave the engine: start one, cancel it, collect what came back.
 *
 * A table of functions, so that the engine runs over libcurl's multi handle (http.h), or in one
 * thread over the demo cluster's store with a virtual clock and any fault put in at any request.
 * Everything here is called from the thread that owns the engine, but `wake`, which any thread may
 * call.
 */
#ifndef KUBE_TRANSPORT_H
#define KUBE_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"

/* CLUSTER: `path` on the API server, with its credentials. OUTSIDE: `path` is a whole http(s) URL
 * and no credential, no client certificate, no impersonation goes with it (the probe; a bundle by
 * URL; Prometheus). */
enum transport_where { TRANSPORT_CLUSTER, TRANSPORT_OUTSIDE };

/* READ may use a kept connection and may be sent again by the library. WRITE goes over a fresh
 * connection that is not kept, so that it is sent once or not at all (KUBERNETES §0.2). STREAM has
 * no total time limit, is handed on as it arrives, and is cut when silent (KUBERNETES §3.4). */
enum transport_mode { TRANSPORT_READ, TRANSPORT_WRITE, TRANSPORT_STREAM };

struct transport_request {
	enum transport_where where;
	enum transport_mode mode;
	const char *method; /* "GET", "POST", "PATCH", "DELETE" */
	const char *path;   /* copied */
	const char
		*host; /* OUTSIDE: the name to ask for, when it is not the URL's; or NULL; copied */
	const char *content_type; /* or NULL */
	const char *accept;       /* or NULL: application/json */
	const char *body;         /* copied; or NULL */
	size_t body_length;
	bool next_page;  /* of a list that was begun: not counted against the rate, since each waits
			    for the one before */
	size_t cap;      /* most bytes of the answer; more is an error of this request */
	int64_t timeout; /* ns, whole request; for a STREAM the longest silence; 0: 40 s write, 60 s
			    read, 150 s silence */
};

/* Another program that does its part on the same cluster as the same user: helm. What comes back
 * is a TRANSPORT_DONE: `body` its output, `warnings` the end of its errors, neither cleaned;
 * `status` 0 and no err when it ended well. ERR_MISSING: there is no such program; ERR_AUTH: no
 * credentials; with these it was not run (SENT_NO). ERR_EXPIRED: it was ended when its time was
 * over; ERR_REJECTED: it said no. */
struct transport_program {
	/* NULL-terminated; copied. Nothing of ours that is secret: whoever is on this machine
	 * may read it. */
	const char *const *argv;
	/* What is: it finds the first at /dev/fd/3, the next at /dev/fd/4 ..., in memory
	 * (PROC_TEXTS). NULL-terminated, or NULL for none; copied, and the copies are overwritten
	 * once it runs or never will. */
	const char *const *texts;
	size_t cap;      /* most bytes of its output */
	int64_t timeout; /* ns */
};

enum transport_sent {
	SENT_NO,    /* not a byte of the request can have been acted on: retry freely (KUBERNETES
		       §4.10) */
	SENT_MAYBE, /* the outcome is unknown unless there is a status */
	SENT_YES,   /* an answer came */
};

/* What came back. DATA only for streams answered with 200: `body` holds what is new, the caller
 * takes it with buf functions; an empty one tells that the answer has begun: the stream stands. The
 * body of any other answer comes whole with DONE. An answer over `cap` is ERR_REJECTED, no
 * credentials ERR_AUTH. */
enum transport_event_kind { TRANSPORT_DATA, TRANSPORT_DONE };

struct transport_event {
	enum transport_event_kind kind;
	int64_t id;
	int status; /* HTTP status, 0 when none came */
	enum transport_sent sent;
	struct err err;  /* code ERR_NONE when an answer came whole; else why not, for the person */
	struct buf body; /* the answer; owned by the receiver: buf_release() */
	char content_type[96];
	int retry_after;     /* seconds, 0 when not said */
	struct buf warnings; /* texts of Warning: 299, one a line, not yet cleaned; owned by the
				receiver */
	bool apf;            /* an X-Kubernetes-PF-FlowSchema-UID stood beside a 429 */
	char served_by[300]; /* header x-served-by-pool, for the probe; "" when absent */
	int64_t latency;     /* ns from start to end (DONE) */
	int64_t server_date; /* wall ns of the Date header, 0 when absent */
};

/* Can the credential plugin ask the person, on the terminal the program runs in? */
enum transport_login {
	LOGIN_NONE,     /* there is nothing that could ask */
	LOGIN_POSSIBLE, /* log_in() makes it ask */
	LOGIN_RUNNING,  /* it has the terminal now */
};

struct transport {
	void *self;
	/* Never fails at once: what is wrong comes back as TRANSPORT_DONE. Ids are positive and
	 * never reused. */
	int64_t (*start)(void *self, const struct transport_request *request);
	/* The same for a program; its ids are of the same kind. NULL: there are no programs. */
	int64_t (*run)(void *self, const struct transport_program *program);
	/* A program is asked to end; its event tells how it did. NULL: there are no programs. */
	void (*stop)(void *self, int64_t id);
	/* No event of this id comes any more. A program is ended. A WRITE that was on its way
	 * may still be executed. */
	void (*cancel)(void *self, int64_t id);
	/* The next event, or false when there is none now. */
	bool (*collect)(void *self, struct transport_event *event);
	/* Blocks until an event may be there, `deadline` (mono ns) is reached, or wake() is called.
	 * A virtual one returns. */
	void (*wait)(void *self, int64_t deadline);
	void (*wake)(void *self);
	/* Every kept connection is dropped; credentials near expiry are made anew: after sleep,
	 * after a cluster changed. */
	void (*refresh)(void *self);
	/* What stands in the way of signing in, in the person's words; NULL when nothing does.
	 * Borrowed until the next call. */
	const char *(*sign_in)(void *self);
	enum transport_login (*login)(void *self);
	/* Lets the plugin ask at the terminal, which must have been given back to what it was;
	 * false when there is nothing to run. It is over when login() no longer says RUNNING. */
	bool (*log_in)(void *self, struct err *err);
	/* How often the kubeconfig was read again: another cluster may answer since. */
	uint64_t (*renewals)(void *self);
};

void transport_event_release(struct transport_event *event);

#endif
