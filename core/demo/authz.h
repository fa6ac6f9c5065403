/* authz - who may do what: the demo's own two users, and whatever RBAC objects stand in the store.
 *
 * "admin" is of system:masters and may do everything; "viewer" may get, list and watch everything:
 * nothing in the demo is secret. A scenario adds users by ordinary Roles and bindings: a User one
 * of them names logs in with its name as the token. Not shared between threads without the demo's
 * lock.
 */
#ifndef DEMO_AUTHZ_H
#define DEMO_AUTHZ_H

#include <stdbool.h>

#include "core/demo/inside.h"
#include "core/demo/request.h"
#include "core/demo/status.h"

struct authz_user {
	const char *name;          /* never NULL */
	const char *const *groups; /* NULL-terminated */
};

struct authz_ask {
	const char *verb;
	const char *group, *resource, *subresource; /* subresource "" for none */
	const char *namespace, *name;               /* NULL: all, or the cluster's; any */
	const char *path; /* not a resource: then only verb and path count */
};

struct authz_user authz_user_of(const struct demo_request *wire);
bool authz_allows(struct demo *demo, const struct authz_user *user, const struct authz_ask *ask);
/* False with 403 in `status`. */
bool authz_check(struct demo *demo, const struct request *request, struct status *status);
/* status.resourceRules of a SelfSubjectRulesReview. */
struct json *authz_rules(struct demo *demo, const struct authz_user *user, const char *namespace);

#endif
