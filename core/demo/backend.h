/* backend - what a route's backendRef names, and whether the gateway may and can use it.
 *
 * Borrows from the reference it was read from. The order of the verdicts is that of a real
 * controller: the kind first, then the grant, then whether it is there.
 */
#ifndef DEMO_BACKEND_H
#define DEMO_BACKEND_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/json.h"
#include "core/demo/demo.h"

struct backend {
	const char *group; /* "" is core */
	const char *kind;
	const char *namespace;
	const char *name;
	int64_t weight; /* 1 when the reference has none */
};

enum backend_verdict {
	BACKEND_FINE,
	BACKEND_INVALID_KIND,
	BACKEND_NOT_PERMITTED,
	BACKEND_NOT_FOUND
};

struct backend backend_of(const struct json *ref, const char *route_namespace);
bool backend_is_pool(const struct backend *backend);
enum backend_verdict
backend_check(struct demo *demo, const struct backend *backend, const char *route_namespace);
/* The reason of ResolvedRefs=False, as Gateway API names it. */
const char *backend_reason(enum backend_verdict verdict);
/* Whether the demo's gateway controller knows pools of this group, and the cluster serves them. */
bool backend_serves(const struct demo *demo, const char *group);

#endif
