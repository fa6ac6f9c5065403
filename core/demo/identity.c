#include "core/demo/identity.h"

#include <strings.h>

#include "core/base/json.h"
#include "core/demo/authz.h"
#include "core/demo/status.h"

static bool
may_impersonate(struct demo *demo, const struct identity *identity, const char *user,
		struct demo_response *response)
{
	struct authz_user who = { .name = identity->user, .groups = identity->groups };
	struct authz_ask ask = { .verb = "impersonate",
				 .group = "",
				 .resource = "users",
				 .subresource = "",
				 .name = user };
	struct json *json;
	struct status status;

	if (authz_allows(demo, &who, &ask))
		return true;
	status_init(&status);
	status_about(&status, user, NULL, "users");
	status_set(&status, 403, "Forbidden",
		   "users \"%s\" is forbidden: User \"%s\" cannot impersonate resource \"users\" "
		   "in API group \"\" at "
		   "the cluster scope",
		   user, identity->user);
	json = status_json(&status);
	json_print(json, &response->body);
	json_free(json);
	status_release(&status);
	response->status = 403;
	return false;
}

bool
identity_find(struct demo *demo, const char *authorization, const char *impersonate,
	      struct identity *identity, struct demo_response *response)
{
	const char *token = "admin";

	*identity = (struct identity){ 0 };
	if (authorization && strncasecmp(authorization, "Bearer ", 7) == 0)
		token = authorization + 7;
	if (!demo_authenticate(demo, token, &identity->user, &identity->groups)) {
		response->status = 401;
		return buf_puts(&response->body, "{\"kind\":\"Status\",\"apiVersion\":\"v1\","
						 "\"metadata\":{},\"status\":\"Failure\","
						 "\"message\":\"Unauthorized\",\"reason\":"
						 "\"Unauthorized\",\"code\":401}\n") &&
		       false;
	}
	if (!impersonate)
		return true;
	if (!may_impersonate(demo, identity, impersonate, response))
		return false;
	identity->user = impersonate;
	identity->other = true;
	return true;
}

void
identity_join(struct identity *identity, const char *const *groups, size_t count)
{
	if (!identity->other)
		return;
	for (size_t i = 0; i < count && i < IDENTITY_GROUPS_MAX; i++)
		identity->joined[i] = groups[i];
	identity->joined[count < IDENTITY_GROUPS_MAX ? count : IDENTITY_GROUPS_MAX] =
		"system:authenticated";
	identity->groups = identity->joined;
}
