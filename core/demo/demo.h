/* demo - a cluster of its own: an API server over a versioned store, with controllers and a
 * gateway.
 *
 * What kubectl, and our own client, take for a Kubernetes API server. It is a value without
 * threads: the owner hands in requests with demo_handle(), lets time pass with demo_step(), and
 * reads what watches have to say. The same value runs behind real sockets (demo_server.h) and,
 * as a function call under a virtual clock, in tests. Not shared between threads without the
 * owner's lock. Times are nanoseconds of the clock given at birth.
 */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/json.h"

struct demo;
struct demo_watch; /* an open watch of one client */

struct demo_options {
	const char
		*scenario; /* name of a built-in one (demo_scenario_list) or NULL for "classic" */
	const char *
		scenario_yaml; /* the user's own, whole text, instead of a name; `scenario` then names it in messages */
	const char *
		serves; /* groups the gateway controller knows: "both", "alpha", "ga"; NULL: the scenario's */
	struct buf *
		manifests; /* gets the scenario as YAML that a person would apply, CRDs first; or NULL */
	const char *
		gke_version; /* gitVersion to report, e.g. "v1.34.1-gke.2909000"; NULL: the scenario's, "v1.34.4" */
	uint64_t seed; /* of uids, request spreading and delays */
	double speed;  /* controllers' delays are divided by it; 1.0 as written; 0 means at once */
	struct clock clock;
};

struct demo_request {
	const char *method;        /* "GET", "POST", "PUT", "PATCH", "DELETE" */
	const char *target;        /* path and query as on the wire, percent-encoded */
	const char *content_type;  /* or NULL */
	const char *accept;        /* or NULL */
	const char *user;          /* authenticated name; NULL is anonymous */
	const char *const *groups; /* NULL-terminated, or NULL */
	const char *user_agent;    /* the part before '/' is the default field manager */
	const char *body;
	size_t body_length;
};

struct demo_response {
	int status;
	const char *content_type; /* static */
	int retry_after;          /* seconds; 0 for none */
	struct buf warnings;      /* texts of Warning headers, one a line */
	struct buf body;
	struct demo_watch
		*watch; /* not NULL: the answer is this stream, owned by the receiver now */
};

/* ERR_INPUT for an unknown scenario or a broken file, naming the place. */
struct demo *demo_new(const struct demo_options *options, struct err *err);
void demo_free(struct demo *demo); /* after all its watches */

void demo_response_init(struct demo_response *response);
void demo_response_release(struct demo_response *response); /* the watch, if any, too */
/* One request, whole. The response is as of now; nothing blocks. */
void
demo_handle(struct demo *demo, const struct demo_request *request, struct demo_response *response);
/* Who a bearer token is: false when unknown (then answer 401). Tokens "admin" and "viewer" exist
 * in every scenario; they guard nothing but the demo. */
bool demo_authenticate(struct demo *demo, const char *token, const char **user,
		       const char *const **groups);

/* Lets controllers, expiries and propagation act up to the clock's now. Returns the mono time
 * when it wants to be called again, NEVER when nothing is due. */
int64_t demo_step(struct demo *demo);

/* Appends what the watch has to say (whole frames, each with its newline). False once it has
 * ended and is drained. */
bool demo_watch_read(struct demo_watch *watch, struct buf *out);
bool demo_watch_ready(struct demo_watch *watch); /* has bytes, or has ended */
void demo_watch_free(struct demo_watch *watch);

/* One request to the demo's gateway, as a client of the models would send it: answered by the
 * weights as of the propagation delay. `served_by` (at least 300 bytes) gets "group/ns/name" of
 * the pool or "". Returns the HTTP status; appends the body. */
int demo_gateway(struct demo *demo, const char *gateway_port_name, const char *method,
		 const char *path, const char *host, const char *body, size_t body_length,
		 struct buf *answer, char served_by[300]);
/* The loopback address the Gateways report in their status: set before the first demo_step() by
 * whoever listens. */
void demo_set_gateway_address(struct demo *demo, const char *address, int port);

/* For a test: forgets history, so that older resourceVersions answer 410. */
void demo_compact(struct demo *demo);
/* For a test or a scenario: a controller that knows only one group (DOMAIN §3.1 step 4). */
enum demo_serves { DEMO_SERVES_BOTH, DEMO_SERVES_ALPHA, DEMO_SERVES_GA };
void demo_set_serves(struct demo *demo, enum demo_serves serves);
/* For a test: the model servers have no room, so that pickers shed what can be shed (DOMAIN §7). */
void demo_set_saturated(struct demo *demo, bool saturated);
/* The store's newest resourceVersion. */
int64_t demo_version(const struct demo *demo);

struct demo_scenario {
	const char *name;
	const char *help; /* one sentence */
};
const struct demo_scenario *demo_scenario_list(size_t *count);

#endif
