#include "core/demo/backend.h"

#include <string.h>

#include "core/base/text.h"
#include "core/demo/inside.h"
#include "core/model/kind.h"

static const char *
string_or(const struct json *object, const char *key, const char *fallback)
{
	const char *text = json_string(json_get(object, key));

	return text != NULL ? text : fallback;
}

struct backend
backend_of(const struct json *ref, const char *route_namespace)
{
	struct backend backend = {
		.group = string_or(ref, "group", ""),
		.kind = string_or(ref, "kind", "Service"),
		.namespace = string_or(ref, "namespace", route_namespace),
		.name = string_or(ref, "name", ""),
		.weight = json_integer(json_get(ref, "weight"), 1),
	};

	return backend;
}

bool
backend_is_pool(const struct backend *backend)
{
	return strcmp(backend->kind, "InferencePool") == 0 &&
	       (strcmp(backend->group, GROUP_ALPHA) == 0 || strcmp(backend->group, GROUP_GA) == 0);
}

bool
backend_serves(const struct demo *demo, const char *group)
{
	bool alpha = strcmp(group, GROUP_ALPHA) == 0;

	if (demo->serves == DEMO_SERVES_ALPHA && !alpha)
		return false;
	if (demo->serves == DEMO_SERVES_GA && alpha)
		return false;
	return inside_serves(demo, group, "inferencepools");
}

static bool
grant_from(const struct json *grant, const char *route_namespace)
{
	const struct json *from;

	for (from = json_first(json_at(grant, "spec.from")); from != NULL; from = json_next(from))
		if (text_equal(json_string_at(from, "group"), GROUP_GATEWAY) &&
		    text_equal(json_string_at(from, "kind"), "HTTPRoute") &&
		    text_equal(json_string_at(from, "namespace"), route_namespace))
			return true;
	return false;
}

static bool
grant_to(const struct json *grant, const struct backend *backend)
{
	const struct json *to;
	const char *name;

	for (to = json_first(json_at(grant, "spec.to")); to != NULL; to = json_next(to)) {
		name = json_string_at(to, "name");
		if (text_equal(string_or(to, "group", ""), backend->group) &&
		    text_equal(json_string_at(to, "kind"), backend->kind) &&
		    (name == NULL || strcmp(name, backend->name) == 0))
			return true;
	}
	return false;
}

static bool
granted(struct demo *demo, const struct backend *backend, const char *route_namespace)
{
	const struct store_object *object = NULL;
	const struct json *grant;

	if (strcmp(backend->namespace, route_namespace) == 0)
		return true;
	while ((object = store_next(demo->store, GROUP_GATEWAY, "referencegrants",
				    backend->namespace, object)) != NULL) {
		grant = store_value(demo->store, object);
		if (grant_from(grant, route_namespace) && grant_to(grant, backend))
			return true;
	}
	return false;
}

enum backend_verdict
backend_check(struct demo *demo, const struct backend *backend, const char *route_namespace)
{
	bool pool = backend_is_pool(backend);
	bool service = backend->group[0] == '\0' && strcmp(backend->kind, "Service") == 0;
	const char *resource = pool ? "inferencepools" : "services";

	if (pool ? !backend_serves(demo, backend->group) : !service)
		return BACKEND_INVALID_KIND;
	if (!granted(demo, backend, route_namespace))
		return BACKEND_NOT_PERMITTED;
	if (store_get(demo->store, backend->group, resource, backend->namespace, backend->name) ==
	    NULL)
		return BACKEND_NOT_FOUND;
	return BACKEND_FINE;
}

const char *
backend_reason(enum backend_verdict verdict)
{
	static const char *const reasons[] = {
		[BACKEND_FINE] = "ResolvedRefs",
		[BACKEND_INVALID_KIND] = "InvalidKind",
		[BACKEND_NOT_PERMITTED] = "RefNotPermitted",
		[BACKEND_NOT_FOUND] = "BackendNotFound",
	};

	return reasons[verdict];
}
