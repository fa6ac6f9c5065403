/* routes - the gateway's route table: HTTPRoutes compiled for matching, and whose turn it is among
 * a rule's backends.
 *
 * Matching is HTTPRoute's core: hostnames, PathPrefix and Exact, method, exact headers, most
 * specific first, then the older route, then the name. Backends take turns in smooth weighted round
 * robin: over any run of requests as long as the sum of the weights each gets exactly its weight.
 * Mirrors take their part of a rule's requests in the same way.
 * Not shared between threads.
 */
#ifndef DEMO_ROUTES_H
#define DEMO_ROUTES_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/json.h"
#include "core/demo/backend.h"
#include "core/demo/edits.h"
#include "core/demo/gateway.h"

struct routes;

#define ROUTES_MIRRORS_MAX 16 /* of one rule: as many filters as it may have */

/* Who answers; borrowed from the table until its next change. */
struct routes_turn {
	const char *route_namespace;
	struct backend backend;
	struct edits rule, own; /* of the rule's headers, then of the backendRef's */
	struct backend mirrors[ROUTES_MIRRORS_MAX]; /* who gets a copy of this request */
	size_t mirror_count;
};

enum routes_result { ROUTES_FOUND, ROUTES_NO_MATCH, ROUTES_NO_BACKEND };

struct routes *routes_new(void);
void routes_free(struct routes *routes);
void routes_set(struct routes *routes, const char *namespace, const char *name,
		const struct json *route);
enum routes_result
routes_take(struct routes *routes, const struct gateway_request *request, struct routes_turn *turn);

#endif
