#include <string.h>

#include "core/model/decode.h"

/* "POST /v1/chat +2": method when one is asked for, path, and how many more matches there are. */
static const char *
decode_match(struct decode *d, const struct json *matches)
{
	const struct json *first = json_item(matches, 0);
	const char *path = json_string_at(first, "path.value");
	const char *method = json_string_at(first, "method");
	size_t count = json_count(matches);

	if (path == NULL)
		path = "/";
	if (method == NULL && count <= 1)
		return decode_string(d, path);
	if (count <= 1)
		return arena_printf(d->arena, "%s %s", method, path);
	return arena_printf(d->arena, "%s%s%s +%zu", method == NULL ? "" : method,
			    method == NULL ? "" : " ", path, count - 1);
}

static void
decode_mirrors(struct decode *d, const struct json *filters, int backend, struct mirror *mirrors,
	       size_t *count)
{
	int index = 0;

	for (const struct json *c = json_first(filters); c != NULL; c = json_next(c), index++) {
		const struct json *ref = json_at(c, "requestMirror.backendRef");

		if (ref != NULL)
			mirrors[(*count)++] = (struct mirror){
				.ref = decode_ref(d, ref, "", "Service"),
				.filter = index,
				.backend = backend,
			};
	}
}

static size_t
count_mirrors(const struct json *filters)
{
	size_t count = 0;

	for (const struct json *c = json_first(filters); c != NULL; c = json_next(c))
		count += json_at(c, "requestMirror.backendRef") != NULL;
	return count;
}

static void
decode_rule_mirrors(struct decode *d, const struct json *json, struct rule *rule)
{
	const struct json *filters = json_get(json, "filters");
	const struct json *backends = json_get(json, "backendRefs");
	size_t room = count_mirrors(filters);
	struct mirror *mirrors;
	int index = 0;

	for (const struct json *c = json_first(backends); c != NULL; c = json_next(c))
		room += count_mirrors(json_get(c, "filters"));
	if (room == 0)
		return;
	mirrors = arena_array(d->arena, room, sizeof(*mirrors));
	decode_mirrors(d, filters, -1, mirrors, &rule->mirror_count);
	for (const struct json *c = json_first(backends); c != NULL; c = json_next(c))
		decode_mirrors(d, json_get(c, "filters"), index++, mirrors, &rule->mirror_count);
	rule->mirrors = mirrors;
}

static void
decode_backends(struct decode *d, const struct json *array, struct rule *rule)
{
	size_t room = json_count(array);
	struct backend *backends;
	int index = 0;

	if (room == 0)
		return;
	backends = arena_array(d->arena, room, sizeof(*backends));
	for (const struct json *c = json_first(array); c != NULL; c = json_next(c), index++)
		backends[rule->backend_count++] = (struct backend){
			.ref = decode_ref(d, c, "", "Service"),
			.has_ns = json_string_at(c, "namespace") != NULL,
			.port = (int32_t)json_integer_at(c, "port", 0),
			.weight = json_integer_at(c, "weight", 1),
			.has_weight = json_get(c, "weight") != NULL,
			.has_filters = json_count(json_get(c, "filters")) > 0,
			.index = index,
		};
	rule->backends = backends;
}

static void
decode_rules(struct decode *d, const struct json *array, struct route *route)
{
	size_t room = json_count(array);
	struct rule *rules;

	if (room == 0)
		return;
	rules = arena_array(d->arena, room, sizeof(*rules));
	for (const struct json *c = json_first(array); c != NULL; c = json_next(c)) {
		struct rule *rule = &rules[route->rule_count];

		rule->index = (int)route->rule_count++;
		rule->match = decode_match(d, json_get(c, "matches"));
		decode_backends(d, json_get(c, "backendRefs"), rule);
		decode_rule_mirrors(d, c, rule);
	}
	route->rules = rules;
}

static void
decode_route_parents(struct decode *d, const struct json *array, struct route *route)
{
	size_t room = json_count(array);
	struct route_parent *parents;

	if (room == 0)
		return;
	parents = arena_array(d->arena, room, sizeof(*parents));
	for (const struct json *c = json_first(array); c != NULL; c = json_next(c))
		parents[route->parent_count++] = (struct route_parent){
			.gateway =
				decode_ref(d, json_get(c, "parentRef"), GROUP_GATEWAY, "Gateway"),
			.controller = decode_text(d, c, "controllerName", ""),
			.conditions = decode_conditions(d, json_get(c, "conditions")),
		};
	route->parents = parents;
}

static const struct ref *
decode_refs(struct decode *d, const struct json *array, const char *group, const char *kind,
	    size_t *count)
{
	size_t room = json_count(array);
	struct ref *refs;

	*count = 0;
	if (room == 0)
		return NULL;
	refs = arena_array(d->arena, room, sizeof(*refs));
	for (const struct json *c = json_first(array); c != NULL; c = json_next(c))
		refs[(*count)++] = decode_ref(d, c, group, kind);
	return refs;
}

void
decode_route(struct decode *d, const struct json *json, struct object *object)
{
	const struct json *spec = json_get(json, "spec");
	struct route *route = &object->route;

	route->gateways = decode_refs(d, json_get(spec, "parentRefs"), GROUP_GATEWAY, "Gateway",
				      &route->gateway_count);
	route->hostnames = decode_strings(d, json_get(spec, "hostnames"));
	decode_rules(d, json_get(spec, "rules"), route);
	decode_route_parents(d, json_at(json, "status.parents"), route);
}

void
decode_gateway(struct decode *d, const struct json *json, struct object *object)
{
	const struct json *array = json_at(json, "spec.listeners");
	size_t room = json_count(array);
	struct gateway *gateway = &object->gateway;
	struct listener *listeners;

	*gateway = (struct gateway){
		.class_name = decode_text(d, json, "spec.gatewayClassName", ""),
		.addresses = decode_strings_of(d, json_at(json, "status.addresses"), "value"),
		.conditions = decode_conditions(d, json_at(json, "status.conditions")),
	};
	if (room == 0)
		return;
	listeners = arena_array(d->arena, room, sizeof(*listeners));
	for (const struct json *c = json_first(array); c != NULL; c = json_next(c))
		listeners[gateway->listener_count++] = (struct listener){
			.name = decode_text(d, c, "name", ""),
			.protocol = decode_text(d, c, "protocol", ""),
			.hostname = decode_text(d, c, "hostname", ""),
			.port = (int32_t)json_integer_at(c, "port", 0),
		};
	gateway->listeners = listeners;
}

void
decode_gateway_class(struct decode *d, const struct json *json, struct object *object)
{
	object->gateway_class = (struct gateway_class){
		.controller = decode_text(d, json, "spec.controllerName", ""),
		.conditions = decode_conditions(d, json_at(json, "status.conditions")),
	};
}

void
decode_grant(struct decode *d, const struct json *json, struct object *object)
{
	const struct json *spec = json_get(json, "spec");
	struct grant *grant = &object->grant;

	grant->from = decode_refs(d, json_get(spec, "from"), "", "", &grant->from_count);
	grant->to = decode_refs(d, json_get(spec, "to"), "", "", &grant->to_count);
}

void
decode_policy(struct decode *d, const struct json *json, struct object *object)
{
	object->policy.target = decode_ref(d, json_at(json, "spec.targetRef"), "", "");
}
