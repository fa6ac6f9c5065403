#include "core/model/copy.h"

#include <string.h>

static const char *
string(struct arena *arena, const char *text)
{
	return *text == '\0' ? "" : arena_string(arena, text);
}

static void *
items(struct arena *arena, const void *from, size_t count, size_t size)
{
	void *to;

	if (count == 0)
		return NULL;
	to = arena_array(arena, count, size);
	memcpy(to, from, count * size);
	return to;
}

static void
copy_strings(struct arena *arena, struct string_list *list)
{
	const char **names = items(arena, list->items, list->count, sizeof(*names));

	for (size_t i = 0; i < list->count; i++)
		names[i] = string(arena, names[i]);
	list->items = names;
}

static void
copy_pairs(struct arena *arena, struct kv_list *list)
{
	struct kv *pairs = items(arena, list->items, list->count, sizeof(*pairs));

	for (size_t i = 0; i < list->count; i++) {
		pairs[i].key = string(arena, pairs[i].key);
		pairs[i].value = string(arena, pairs[i].value);
	}
	list->items = pairs;
}

static void
copy_conditions(struct arena *arena, struct condition_list *list)
{
	struct condition *conditions = items(arena, list->items, list->count, sizeof(*conditions));

	for (size_t i = 0; i < list->count; i++) {
		struct condition *c = &conditions[i];

		c->type = string(arena, c->type);
		c->status = string(arena, c->status);
		c->reason = string(arena, c->reason);
		c->message = string(arena, c->message);
	}
	list->items = conditions;
}

static void
copy_ref(struct arena *arena, struct ref *ref)
{
	ref->group = string(arena, ref->group);
	ref->kind = string(arena, ref->kind);
	ref->ns = string(arena, ref->ns);
	ref->name = string(arena, ref->name);
}

static const struct ref *
copy_refs(struct arena *arena, const struct ref *from, size_t count)
{
	struct ref *refs = items(arena, from, count, sizeof(*refs));

	for (size_t i = 0; i < count; i++)
		copy_ref(arena, &refs[i]);
	return refs;
}

void
copy_meta(struct arena *arena, struct meta *meta)
{
	struct manager *managers =
		items(arena, meta->managers, meta->manager_count, sizeof(*managers));
	struct owner *owners = items(arena, meta->owners, meta->owner_count, sizeof(*owners));

	meta->ns = string(arena, meta->ns);
	meta->name = string(arena, meta->name);
	meta->uid = string(arena, meta->uid);
	meta->version = string(arena, meta->version);
	copy_strings(arena, &meta->finalizers);
	copy_pairs(arena, &meta->labels);
	copy_pairs(arena, &meta->annotations);
	for (size_t i = 0; i < meta->manager_count; i++) {
		managers[i].name = string(arena, managers[i].name);
		managers[i].operation = string(arena, managers[i].operation);
	}
	for (size_t i = 0; i < meta->owner_count; i++) {
		owners[i].api_version = string(arena, owners[i].api_version);
		owners[i].kind = string(arena, owners[i].kind);
		owners[i].name = string(arena, owners[i].name);
		owners[i].uid = string(arena, owners[i].uid);
	}
	meta->managers = managers;
	meta->owners = owners;
}

void
copy_pool(struct arena *arena, struct object *object)
{
	struct pool *pool = &object->pool;
	struct pool_parent *parents =
		items(arena, pool->parents, pool->parent_count, sizeof(*parents));

	copy_pairs(arena, &pool->selector);
	pool->ports = items(arena, pool->ports, pool->port_count, sizeof(*pool->ports));
	copy_ref(arena, &pool->picker);
	pool->failure_mode = string(arena, pool->failure_mode);
	for (size_t i = 0; i < pool->parent_count; i++) {
		copy_ref(arena, &parents[i].gateway);
		copy_conditions(arena, &parents[i].conditions);
	}
	pool->parents = parents;
}

void
copy_model(struct arena *arena, struct object *object)
{
	struct model *model = &object->model;
	struct model_target *targets =
		items(arena, model->targets, model->target_count, sizeof(*targets));

	model->model_name = string(arena, model->model_name);
	model->criticality = string(arena, model->criticality);
	copy_ref(arena, &model->pool);
	for (size_t i = 0; i < model->target_count; i++)
		targets[i].name = string(arena, targets[i].name);
	model->targets = targets;
}

void
copy_objective(struct arena *arena, struct object *object)
{
	copy_ref(arena, &object->objective.pool);
}

void
copy_rewrite(struct arena *arena, struct object *object)
{
	copy_ref(arena, &object->rewrite.pool);
}

static void
copy_rule(struct arena *arena, struct rule *rule)
{
	struct backend *backends =
		items(arena, rule->backends, rule->backend_count, sizeof(*backends));
	struct mirror *mirrors = items(arena, rule->mirrors, rule->mirror_count, sizeof(*mirrors));

	rule->match = string(arena, rule->match);
	for (size_t i = 0; i < rule->backend_count; i++)
		copy_ref(arena, &backends[i].ref);
	for (size_t i = 0; i < rule->mirror_count; i++)
		copy_ref(arena, &mirrors[i].ref);
	rule->backends = backends;
	rule->mirrors = mirrors;
}

void
copy_route(struct arena *arena, struct object *object)
{
	struct route *route = &object->route;
	struct rule *rules = items(arena, route->rules, route->rule_count, sizeof(*rules));
	struct route_parent *parents =
		items(arena, route->parents, route->parent_count, sizeof(*parents));

	route->gateways = copy_refs(arena, route->gateways, route->gateway_count);
	copy_strings(arena, &route->hostnames);
	for (size_t i = 0; i < route->rule_count; i++)
		copy_rule(arena, &rules[i]);
	for (size_t i = 0; i < route->parent_count; i++) {
		copy_ref(arena, &parents[i].gateway);
		parents[i].controller = string(arena, parents[i].controller);
		copy_conditions(arena, &parents[i].conditions);
	}
	route->rules = rules;
	route->parents = parents;
}

void
copy_gateway(struct arena *arena, struct object *object)
{
	struct gateway *gateway = &object->gateway;
	struct listener *listeners =
		items(arena, gateway->listeners, gateway->listener_count, sizeof(*listeners));

	gateway->class_name = string(arena, gateway->class_name);
	for (size_t i = 0; i < gateway->listener_count; i++) {
		listeners[i].name = string(arena, listeners[i].name);
		listeners[i].protocol = string(arena, listeners[i].protocol);
		listeners[i].hostname = string(arena, listeners[i].hostname);
	}
	gateway->listeners = listeners;
	copy_strings(arena, &gateway->addresses);
	copy_conditions(arena, &gateway->conditions);
}

void
copy_gateway_class(struct arena *arena, struct object *object)
{
	object->gateway_class.controller = string(arena, object->gateway_class.controller);
	copy_conditions(arena, &object->gateway_class.conditions);
}

void
copy_grant(struct arena *arena, struct object *object)
{
	struct grant *grant = &object->grant;

	grant->from = copy_refs(arena, grant->from, grant->from_count);
	grant->to = copy_refs(arena, grant->to, grant->to_count);
}

void
copy_policy(struct arena *arena, struct object *object)
{
	copy_ref(arena, &object->policy.target);
}

void
copy_deployment(struct arena *arena, struct object *object)
{
	struct deployment *deployment = &object->deployment;

	copy_pairs(arena, &deployment->selector);
	copy_pairs(arena, &deployment->pod_labels);
	deployment->service_account = string(arena, deployment->service_account);
	deployment->image = string(arena, deployment->image);
	copy_strings(arena, &deployment->args);
	copy_strings(arena, &deployment->config_maps);
	copy_conditions(arena, &deployment->conditions);
}

void
copy_service(struct arena *arena, struct object *object)
{
	struct service *service = &object->service;

	copy_pairs(arena, &service->selector);
	service->ports = items(arena, service->ports, service->port_count, sizeof(*service->ports));
}

void
copy_pod(struct arena *arena, struct object *object)
{
	object->pod.phase = string(arena, object->pod.phase);
	object->pod.ip = string(arena, object->pod.ip);
}

void
copy_binding(struct arena *arena, struct object *object)
{
	struct binding *binding = &object->binding;
	struct subject *subjects =
		items(arena, binding->subjects, binding->subject_count, sizeof(*subjects));

	binding->role_kind = string(arena, binding->role_kind);
	binding->role = string(arena, binding->role);
	for (size_t i = 0; i < binding->subject_count; i++) {
		subjects[i].kind = string(arena, subjects[i].kind);
		subjects[i].ns = string(arena, subjects[i].ns);
		subjects[i].name = string(arena, subjects[i].name);
	}
	binding->subjects = subjects;
}

void
copy_crd(struct arena *arena, struct object *object)
{
	struct crd *crd = &object->crd;

	crd->group = string(arena, crd->group);
	crd->plural = string(arena, crd->plural);
	crd->object = string(arena, crd->object);
	copy_strings(arena, &crd->served);
	copy_strings(arena, &crd->stored);
	crd->bundle = string(arena, crd->bundle);
	copy_conditions(arena, &crd->conditions);
}
