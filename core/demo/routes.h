/* routes - the gateway's route table: HTTPRoutes compiled for matching, and whose turn it is among
 * a rule's backends.
 *
 * Matching is HTTPRoute's core: hostnames, PathPrefix and Exact, method, exact headers, most
 * specific first, then the older route, then the name. Backends take turns in smooth weighted round
 * robin: over any run of requests as long as the sum of the weights each gets exactly its weight.
 * Not shared between threads.
 */
#ifndef DEMO_ROUTES_H
#define DEMO_ROUTES_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/json.h"
#include "core/demo/backend.h"
#include "core/demo/gateway.h"

struct routes;

/* Who answers; borrowed from the table until its next change. */
struct routes_turn {
	const char *route_namespace;
	struct backend backend;
	const char *rewrite; /* what a filter sets x-gateway-model-name-rewrite to, or NULL */
};

enum routes_result { ROUTES_FOUND, ROUTES_NO_MATCH, ROUTES_NO_BACKEND };

struct routes *routes_new(void);
void routes_free(struct routes *routes);
void routes_set(struct routes *routes, const char *namespace, const char *name,
		const struct json *route);
enum routes_result
routes_take(struct routes *routes, const struct gateway_request *request, struct routes_turn *turn);

#endif
