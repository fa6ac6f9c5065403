#include "core/demo/authz.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/kind.h"

/* The rights nobody has to be given by an object. Words are separated by spaces, "*" is all. */
static const struct grant {
	const char *user, *member_of; /* one of them */
	const char *verbs, *groups, *resources;
	const char *paths;
} grants[] = {
	{ .member_of = "system:masters",
	  .verbs = "*",
	  .groups = "*",
	  .resources = "*",
	  .paths = "*" },
	{ .user = "viewer",
	  .verbs = "get list watch",
	  .groups = "*",
	  .resources = "*",
	  .paths = "" },
	{ .member_of = "system:authenticated",
	  .verbs = "create",
	  .groups = "authorization.k8s.io",
	  .resources = "selfsubjectaccessreviews selfsubjectrulesreviews",
	  .paths = "" },
	{ .member_of = "system:authenticated",
	  .verbs = "create",
	  .groups = "authentication.k8s.io",
	  .resources = "selfsubjectreviews",
	  .paths = "" },
	{ .member_of = "system:authenticated",
	  .verbs = "get",
	  .groups = "",
	  .resources = "",
	  .paths = "/api /apis /openapi /version /healthz /livez /readyz" },
	{ .member_of = "system:unauthenticated",
	  .verbs = "get",
	  .groups = "",
	  .resources = "",
	  .paths = "/version /healthz /livez /readyz" },
};

static const char *const anonymous_groups[] = { "system:unauthenticated", NULL };
static const char *const plain_groups[] = { "system:authenticated", NULL };

struct authz_user
authz_user_of(const struct demo_request *wire)
{
	if (!wire->user)
		return (struct authz_user){ .name = "system:anonymous",
					    .groups = anonymous_groups };
	return (struct authz_user){ .name = wire->user,
				    .groups = wire->groups ? wire->groups : plain_groups };
}

static bool
in_group(const struct authz_user *user, const char *group)
{
	for (size_t i = 0; user->groups[i]; i++) {
		if (text_equal(user->groups[i], group))
			return true;
	}
	/* Everybody who logged in is one of these, whatever else they are. */
	return text_equal(group, "system:authenticated") &&
	       !text_equal(user->name, "system:anonymous");
}

static bool
has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	if (text_equal(words, "*"))
		return true;
	for (const char *at = words; *at; at += strspn(at, " ")) {
		size_t here = strcspn(at, " ");

		if (here == length && memcmp(at, word, length) == 0)
			return true;
		at += here;
	}
	return false;
}

static bool
path_covered(const char *paths, const char *path)
{
	if (text_equal(paths, "*"))
		return true;
	for (const char *at = paths; *at; at += strspn(at, " ")) {
		size_t here = strcspn(at, " ");

		if (strncmp(path, at, here) == 0 && (path[here] == '\0' || path[here] == '/'))
			return true;
		at += here;
	}
	return false;
}

static bool
grant_covers(const struct grant *grant, const struct authz_user *user, const struct authz_ask *ask)
{
	if (grant->user ? !text_equal(grant->user, user->name) : !in_group(user, grant->member_of))
		return false;
	if (!has_word(grant->verbs, ask->verb))
		return false;
	if (ask->path)
		return path_covered(grant->paths, ask->path);
	return *grant->resources && has_word(grant->groups, ask->group) &&
	       has_word(grant->resources, ask->resource);
}

static bool
list_has(const struct json *list, const char *word)
{
	for (const struct json *one = json_first(list); one; one = json_next(one)) {
		if (text_equal(json_string(one), "*") || text_equal(json_string(one), word))
			return true;
	}
	return false;
}

static bool
rule_covers(const struct json *rule, const struct authz_ask *ask)
{
	char full[300];

	if (!list_has(json_get(rule, "verbs"), ask->verb))
		return false;
	if (ask->path)
		return list_has(json_get(rule, "nonResourceURLs"), ask->path);
	snprintf(full, sizeof(full), "%s%s%s", ask->resource, *ask->subresource ? "/" : "",
		 ask->subresource);
	if (!list_has(json_get(rule, "apiGroups"), ask->group) ||
	    !list_has(json_get(rule, "resources"), full))
		return false;
	return json_count(json_get(rule, "resourceNames")) == 0 ||
	       (ask->name && list_has(json_get(rule, "resourceNames"), ask->name));
}

static bool
binding_names(const struct json *binding, const struct authz_user *user)
{
	char account[600];

	for (const struct json *s = json_first(json_get(binding, "subjects")); s;
	     s = json_next(s)) {
		const char *kind = json_string_at(s, "kind"), *name = json_string_at(s, "name");

		if (!name)
			continue;
		snprintf(account, sizeof(account), "system:serviceaccount:%s:%s",
			 json_string_at(s, "namespace") ? json_string_at(s, "namespace") : "",
			 name);
		if ((text_equal(kind, "User") && text_equal(name, user->name)) ||
		    (text_equal(kind, "Group") && in_group(user, name)) ||
		    (text_equal(kind, "ServiceAccount") && text_equal(account, user->name)))
			return true;
	}
	return false;
}

/* The rules of the role a binding refers to, or NULL. */
static const struct json *
rules_of(struct demo *demo, const struct store_object *binding)
{
	const struct json *reference = json_get(store_value(demo->store, binding), "roleRef");
	bool of_cluster = text_equal(json_string_at(reference, "kind"), "ClusterRole");
	const struct store_object *role =
		store_get(demo->store, GROUP_RBAC, of_cluster ? "clusterroles" : "roles",
			  of_cluster ? "" : binding->namespace, json_string_at(reference, "name"));

	return role ? json_get(store_value(demo->store, role), "rules") : NULL;
}

/* Calls `visit` with each rule that holds for the user; stops when it returns true. */
static bool
each_rule(struct demo *demo, const struct authz_user *user, const char *namespace,
	  bool (*visit)(void *self, const struct json *rule), void *self)
{
	static const char *const bindings[] = { "clusterrolebindings", "rolebindings" };

	for (size_t i = 0; i < 2; i++) {
		const struct store_object *binding = NULL;

		if (i == 1 && !namespace)
			break;
		while ((binding = store_next(demo->store, GROUP_RBAC, bindings[i],
					     i ? namespace : "", binding))) {
			if (!binding_names(store_value(demo->store, binding), user))
				continue;
			for (const struct json *r = json_first(rules_of(demo, binding)); r;
			     r = json_next(r)) {
				if (visit(self, r))
					return true;
			}
		}
	}
	return false;
}

static bool
visit_covers(void *self, const struct json *rule)
{
	return rule_covers(rule, self);
}

bool
authz_allows(struct demo *demo, const struct authz_user *user, const struct authz_ask *ask)
{
	struct authz_ask copy = *ask;

	for (size_t i = 0; i < sizeof(grants) / sizeof(grants[0]); i++) {
		if (grant_covers(&grants[i], user, ask))
			return true;
	}
	return each_rule(demo, user, ask->namespace, visit_covers, &copy);
}

static bool
visit_collect(void *self, const struct json *rule)
{
	json_append(self, json_clone(rule));
	return false;
}

static void
append_words(struct json *rule, const char *name, const char *words)
{
	struct json *list = json_set_array(rule, name);
	struct buf word;

	buf_init(&word, BUF_KIB);
	for (const char *at = words; *at; at += strspn(at, " ")) {
		size_t here = strcspn(at, " ");

		buf_clear(&word);
		buf_add(&word, at, here);
		json_append(list, json_new_string(word.bytes));
		at += here;
	}
	buf_release(&word);
}

struct json *
authz_rules(struct demo *demo, const struct authz_user *user, const char *namespace)
{
	struct json *rules = json_new_array();

	for (size_t i = 0; i < sizeof(grants) / sizeof(grants[0]); i++) {
		const struct grant *grant = &grants[i];
		struct json *rule;

		if (!*grant->resources || (grant->user ? !text_equal(grant->user, user->name)
						       : !in_group(user, grant->member_of)))
			continue;
		rule = json_append(rules, json_new_object());
		append_words(rule, "verbs", grant->verbs);
		append_words(rule, "apiGroups", grant->groups);
		append_words(rule, "resources", grant->resources);
	}
	each_rule(demo, user, namespace, visit_collect, rules);
	return rules;
}

static bool
refuse(const struct authz_user *user, const struct authz_ask *ask, struct status *status)
{
	char full[600], what[300], scope[300], name[300] = "";

	if (ask->path)
		return status_set(status, 403, "Forbidden",
				  "forbidden: User \"%s\" cannot %s path \"%s\"", user->name,
				  ask->verb, ask->path);
	snprintf(what, sizeof(what), "%s%s%s", ask->resource, *ask->subresource ? "/" : "",
		 ask->subresource);
	if (ask->namespace)
		snprintf(scope, sizeof(scope), "in the namespace \"%s\"", ask->namespace);
	else
		snprintf(scope, sizeof(scope), "at the cluster scope");
	if (ask->name)
		snprintf(name, sizeof(name), " \"%s\"", ask->name);
	status_about(status, ask->name, ask->group, ask->resource);
	return status_set(
		status, 403, "Forbidden",
		"%s%s is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s",
		status_qualified(full, sizeof(full), ask->resource, ask->group), name, user->name,
		ask->verb, what, ask->group, scope);
}

bool
authz_check(struct demo *demo, const struct request *request, struct status *status)
{
	struct authz_user user = authz_user_of(request->wire);
	struct authz_ask ask = { .verb = request->verb };

	if (!ask.verb)
		return status_not_allowed(status);
	if (request->resource_path) {
		ask.group = request->group;
		ask.resource = request->resource;
		ask.subresource = request->subresource;
		ask.namespace = request->namespace;
		ask.name = request->name;
		if (*request->group == '\0' && text_equal(request->resource, "namespaces"))
			ask.namespace = request->name;
	} else {
		ask.path = request->path;
		ask.verb = text_equal(ask.verb, "list") || text_equal(ask.verb, "watch") ? "get"
											 : ask.verb;
	}
	if (authz_allows(demo, &user, &ask))
		return true;
	return refuse(&user, &ask, status);
}
