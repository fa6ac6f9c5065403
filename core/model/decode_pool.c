#include <string.h>

#include "core/model/decode.h"

/* v0.3.0 writes an object reference there, with an apiVersion in the place of a group. */
static const char *
parent_group(const struct json *ref)
{
	const char *api_version = json_string_at(ref, "apiVersion");

	return api_version != NULL && strchr(api_version, '/') == NULL ? "" : GROUP_GATEWAY;
}

/* A CRD default of kind "Status", dated 1970, is no parent (DOMAIN §6). */
static bool
is_parent(const struct json *parent)
{
	const char *kind = json_string_at(parent, "parentRef.kind");

	return kind == NULL || strcmp(kind, "Status") != 0;
}

static void
decode_parents(struct decode *d, const struct json *array, struct pool *pool)
{
	size_t room = json_count(array);
	struct pool_parent *parents;

	if (room == 0)
		return;
	parents = arena_array(d->arena, room, sizeof(*parents));
	for (const struct json *c = json_first(array); c != NULL; c = json_next(c)) {
		const struct json *ref = json_get(c, "parentRef");

		if (!is_parent(c))
			continue;
		parents[pool->parent_count++] = (struct pool_parent){
			.gateway = decode_ref(d, ref, parent_group(ref), "Gateway"),
			.conditions = decode_conditions(d, json_get(c, "conditions")),
		};
	}
	pool->parents = parents;
}

static struct ref
decode_picker(struct decode *d, const struct json *json)
{
	struct ref ref = decode_ref(d, json, "", "Service");

	ref.ns = d->ns;
	return ref;
}

void
decode_alpha_pool(struct decode *d, const struct json *json, struct object *object)
{
	const struct json *spec = json_get(json, "spec");
	const struct json *picker = json_get(spec, "extensionRef");
	int64_t port = json_integer_at(spec, "targetPortNumber", 0);
	struct pool *pool = &object->pool;

	*pool = (struct pool){
		.selector = decode_pairs(d, json_get(spec, "selector")),
		.picker = decode_picker(d, picker),
		.picker_port = (int32_t)json_integer_at(picker, "portNumber", 9002),
		.failure_mode = decode_text(d, picker, "failureMode", ""),
	};
	if (port > 0 && port <= 65535) {
		int32_t *ports = arena_alloc(d->arena, sizeof(*ports));

		*ports = (int32_t)port;
		pool->ports = ports;
		pool->port_count = 1;
	}
	decode_parents(d, json_at(json, "status.parent"), pool);
}

void
decode_ga_pool(struct decode *d, const struct json *json, struct object *object)
{
	const struct json *spec = json_get(json, "spec");
	const struct json *picker = json_get(spec, "endpointPickerRef");
	struct pool *pool = &object->pool;

	*pool = (struct pool){
		.ga = true,
		.selector = decode_pairs(d, json_at(spec, "selector.matchLabels")),
		.picker = decode_picker(d, picker),
		.picker_port = (int32_t)json_integer_at(picker, "port.number", 0),
		.failure_mode = decode_text(d, picker, "failureMode", ""),
	};
	pool->ports = decode_ports(d, json_get(spec, "targetPorts"), "number", &pool->port_count);
	decode_parents(d, json_at(json, "status.parents"), pool);
}

void
decode_model(struct decode *d, const struct json *json, struct object *object)
{
	const struct json *spec = json_get(json, "spec");
	const struct json *array = json_get(spec, "targetModels");
	size_t room = json_count(array);
	struct model *model = &object->model;
	struct model_target *targets;

	*model = (struct model){
		.model_name = decode_text(d, spec, "modelName", ""),
		.criticality = decode_text(d, spec, "criticality", ""),
		.pool = decode_ref(d, json_get(spec, "poolRef"), GROUP_ALPHA, "InferencePool"),
	};
	model->pool.ns = d->ns;
	if (room == 0)
		return;
	targets = arena_array(d->arena, room, sizeof(*targets));
	for (const struct json *c = json_first(array); c != NULL; c = json_next(c))
		targets[model->target_count++] = (struct model_target){
			.name = decode_text(d, c, "name", ""),
			.weight = json_integer_at(c, "weight", -1),
		};
	model->targets = targets;
}

void
decode_objective(struct decode *d, const struct json *json, struct object *object)
{
	const struct json *spec = json_get(json, "spec");

	object->objective = (struct objective){
		.pool = decode_ref(d, json_get(spec, "poolRef"), GROUP_GA, "InferencePool"),
		.priority = json_integer_at(spec, "priority", 0),
		.has_priority = json_type(json_get(spec, "priority")) == JSON_NUMBER,
	};
	object->objective.pool.ns = d->ns;
}

void
decode_rewrite(struct decode *d, const struct json *json, struct object *object)
{
	const struct json *ref = json_at(json, "spec.poolRef");

	object->rewrite.pool = decode_ref(d, ref, GROUP_GA, "InferencePool");
	object->rewrite.pool.ns = d->ns;
}
