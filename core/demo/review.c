#include "core/base/text.h"
#include "core/demo/authz.h"
#include "core/demo/call.h"

static const char *
word(const struct json *attributes, const char *name)
{
	const char *text = json_string(json_get(attributes, name));

	return text ? text : "";
}

static const char *
word_or_null(const struct json *attributes, const char *name)
{
	const char *text = word(attributes, name);

	return *text ? text : NULL;
}

static void
answer_access(struct call *call, const struct authz_user *user, struct json *review)
{
	const struct json *of_resource = json_at(review, "spec.resourceAttributes");
	const struct json *of_path = json_at(review, "spec.nonResourceAttributes");
	struct authz_ask ask = {
		.verb = word(of_resource ? of_resource : of_path, "verb"),
		.group = word(of_resource, "group"),
		.resource = word(of_resource, "resource"),
		.subresource = word(of_resource, "subresource"),
		.namespace = word_or_null(of_resource, "namespace"),
		.name = word_or_null(of_resource, "name"),
		.path = of_resource ? NULL : word(of_path, "path"),
	};

	json_set_bool(json_set_object(review, "status"), "allowed",
		      authz_allows(call->demo, user, &ask));
}

static void
answer_rules(struct call *call, const struct authz_user *user, struct json *review)
{
	struct json *status = json_set_object(review, "status");

	json_set(status, "resourceRules",
		 authz_rules(call->demo, user, json_string_at(review, "spec.namespace")));
	json_set_array(status, "nonResourceRules");
	json_set_bool(status, "incomplete", false);
}

static void
answer_who(struct call *call, const struct authz_user *user, struct json *review)
{
	struct json *info = json_set_object(json_set_object(review, "status"), "userInfo");
	struct json *groups = json_set_array(info, "groups");
	bool authenticated = false;

	(void)call;
	json_set_string(info, "username", user->name);
	for (size_t i = 0; user->groups[i]; i++) {
		json_append(groups, json_new_string(user->groups[i]));
		authenticated =
			authenticated || text_equal(user->groups[i], "system:authenticated");
	}
	if (!authenticated && !text_equal(user->name, "system:anonymous"))
		json_append(groups, json_new_string("system:authenticated"));
}

static const struct {
	const char *resource;
	void (*answer)(struct call *call, const struct authz_user *user, struct json *review);
} reviews[] = {
	{ "selfsubjectaccessreviews", answer_access },
	{ "selfsubjectrulesreviews", answer_rules },
	{ "selfsubjectreviews", answer_who },
};

bool
review_answer(struct call *call)
{
	struct authz_user user = authz_user_of(call->request->wire);
	struct json *body = request_body(call->request, call->status), *review;
	char api_version[300];

	if (!body)
		return false;
	review = json_new_object();
	json_set_string(review, "apiVersion",
			kinds_api_version(api_version, sizeof(api_version), call->row->group,
					  call->version->name));
	json_set_string(review, "kind", call->row->kind);
	json_set(json_set_object(review, "metadata"), "creationTimestamp", json_new_null());
	if (json_get(body, "spec"))
		json_set(review, "spec", json_clone(json_get(body, "spec")));
	json_free(body);
	for (size_t i = 0; i < sizeof(reviews) / sizeof(reviews[0]); i++) {
		if (text_equal(reviews[i].resource, call->row->resource))
			reviews[i].answer(call, &user, review);
	}
	return call_reply(call, 201, review);
}
