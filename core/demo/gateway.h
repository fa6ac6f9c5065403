/* gateway - the data plane of the demo: which pool answers a request, by the routes as they were a
 * moment ago.
 *
 * The route table is filled by the route controller when the propagation delay of a change is over,
 * so it may differ from what the API says; pools, pickers and Pods are looked up as they are.
 * Shares come out exact: the backends of a rule are taken in smooth weighted round robin, not by
 * chance. What costs a request: no backend with weight or a refused one 500, a pool or picker that
 * is gone 500, no Pod ready 503 (429 from a v0.3.0 picker), a model unknown to a v0.3.0 picker 404
 * (DOMAIN §7). Not shared between threads without the demo's lock. demo_gateway() of demo.h is
 * implemented here.
 */
#ifndef DEMO_GATEWAY_H
#define DEMO_GATEWAY_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/json.h"

struct demo;
struct gateway;

/* The header of an answer that holds served_by: "group/namespace/name" of the pool. */
#define GATEWAY_SERVED_BY "x-served-by-pool"

struct gateway *gateway_new(struct demo *demo);
void gateway_free(struct gateway *gateway); /* NULL is fine */

/* The route as traffic sees it from now on; `route` is only looked at. NULL takes it away. */
void gateway_set_route(struct gateway *gateway, const char *namespace, const char *name,
		       const struct json *route);

/* What a picker forgets: a pool that was deleted and came back at `version` under a running v0.3.0
 * picker is served without the models written before (DOMAIN §3.3); a picker that starts afterwards
 * reads them all. */
void gateway_pool_went(struct gateway *gateway, const char *group, const char *namespace,
		       const char *name);
void gateway_pool_came(struct gateway *gateway, const char *group, const char *namespace,
		       const char *name, int64_t version);
void gateway_picker_came(struct gateway *gateway, const char *namespace);
/* Models of the pool older than this version are forgotten; 0: none. */
int64_t gateway_forgotten(const struct gateway *gateway, const char *group, const char *namespace,
			  const char *name);

struct gateway_header {
	const char *name; /* any case */
	const char *value;
};

struct gateway_request {
	const char *method;
	const char *path; /* a query is ignored */
	const char *host; /* without port; NULL or "" matches only routes without hostnames */
	const struct gateway_header *headers;
	size_t header_count;
	const char *body;
	size_t body_length;
};

/* How many copies of requests mirrors have sent to a backend so far; nobody sees their answers. */
int64_t gateway_mirrored(const struct gateway *gateway, const char *group, const char *namespace,
			 const char *name);

/* The HTTP status; the body is appended to `answer`. `served_by`: see demo_gateway(). */
int gateway_answer(struct gateway *gateway, const struct gateway_request *request,
		   struct buf *answer, char served_by[300]);

#endif
