#include "core/migrate/picker.h"

#include <string.h>

#include "core/base/text.h"

struct parts {
	const struct world *world;
	const struct object *pool;
	struct arena *arena;
	struct picker_part *items;
	size_t count, room;
};

static bool
is_at(const struct object *object, const char *ns, const char *name)
{
	return strcmp(object->meta.name, name) == 0 && strcmp(object->meta.ns, ns) == 0;
}

struct picker
picker_find(const struct world *world, const struct object *pool)
{
	struct picker found = { 0 };

	if (pool == NULL || !text_equal(pool->pool.picker.kind, "Service"))
		return found;
	found.service =
		world_find(world, KIND_SERVICE, pool->pool.picker.ns, pool->pool.picker.name);
	if (found.service == NULL)
		return found;
	for (size_t i = 0; i < world->count[KIND_DEPLOYMENT]; i++) {
		const struct object *object = world->objects[KIND_DEPLOYMENT][i];

		if (strcmp(object->meta.ns, found.service->meta.ns) == 0 &&
		    kv_covers(&object->deployment.pod_labels, &found.service->service.selector)) {
			found.deployment = object;
			break;
		}
	}
	return found;
}

static void
add_part(struct parts *parts, const struct object *object, const char *kept)
{
	for (size_t i = 0; i < parts->count; i++)
		if (parts->items[i].object == object)
			return;
	if (parts->count == parts->room) {
		struct picker_part *old = parts->items;

		parts->room = parts->room == 0 ? 16 : 2 * parts->room;
		parts->items = arena_array(parts->arena, parts->room, sizeof(*parts->items));
		if (parts->count > 0)
			memcpy(parts->items, old, parts->count * sizeof(*old));
	}
	parts->items[parts->count++] = (struct picker_part){ .object = object, .kept = kept };
}

/* Does the picker of another pool run through this Service or Deployment? */
static bool
serves_another_pool(const struct parts *parts, const struct object *object)
{
	static const enum kind groups[] = { KIND_ALPHA_POOL, KIND_GA_POOL };

	for (size_t g = 0; g < 2; g++)
		for (size_t i = 0; i < parts->world->count[groups[g]]; i++) {
			const struct object *pool = parts->world->objects[groups[g]][i];
			struct picker other;

			if (pool == parts->pool || strcmp(pool->meta.ns, object->meta.ns) != 0)
				continue;
			other = picker_find(parts->world, pool);
			if (other.service == object || other.deployment == object)
				return true;
		}
	return false;
}

static bool
is_backend_of_a_route(const struct world *world, const struct object *service)
{
	for (size_t i = 0; i < world->count[KIND_ROUTE]; i++) {
		const struct route *route = &world->objects[KIND_ROUTE][i]->route;

		for (size_t j = 0; j < route->rule_count; j++)
			for (size_t k = 0; k < route->rules[j].backend_count; k++) {
				const struct ref *ref = &route->rules[j].backends[k].ref;

				if (text_equal(ref->kind, "Service") &&
				    is_at(service, ref->ns, ref->name))
					return true;
			}
	}
	return false;
}

static bool
deployment_names(const struct object *deployment, const struct object *object)
{
	if (strcmp(deployment->meta.ns, object->meta.ns) != 0)
		return false;
	if (object->kind == KIND_SERVICE_ACCOUNT)
		return text_equal(deployment->deployment.service_account, object->meta.name);
	for (size_t i = 0; i < deployment->deployment.config_maps.count; i++)
		if (text_equal(deployment->deployment.config_maps.items[i], object->meta.name))
			return true;
	return false;
}

static const char *
kept_for_other_deployments(const struct parts *parts, const struct object *object,
			   const struct object *mine)
{
	if (object->kind == KIND_SERVICE_ACCOUNT && text_equal(object->meta.name, "default"))
		return "it is the default ServiceAccount of its namespace";
	if (object->kind == KIND_CONFIG_MAP && text_equal(object->meta.name, "kube-root-ca.crt"))
		return "Kubernetes keeps it in every namespace";
	for (size_t i = 0; i < parts->world->count[KIND_DEPLOYMENT]; i++) {
		const struct object *other = parts->world->objects[KIND_DEPLOYMENT][i];

		if (other != mine && deployment_names(other, object))
			return arena_printf(parts->arena, "Deployment %s/%s uses it, too",
					    other->meta.ns, other->meta.name);
	}
	return NULL;
}

static bool
names_subject(const struct object *binding, const struct object *account)
{
	for (size_t i = 0; i < binding->binding.subject_count; i++) {
		const struct subject *subject = &binding->binding.subjects[i];

		if (text_equal(subject->kind, "ServiceAccount") &&
		    is_at(account, subject->ns, subject->name))
			return true;
	}
	return false;
}

static bool
binds(const struct object *binding, const struct object *role)
{
	return text_equal(binding->binding.role, role->meta.name) &&
	       text_equal(binding->binding.role_kind,
			  role->kind == KIND_ROLE ? "Role" : "ClusterRole") &&
	       (role->kind == KIND_CLUSTER_ROLE || strcmp(binding->meta.ns, role->meta.ns) == 0);
}

/* Bindings of this account alone go with it; one that has other subjects stays as it is. */
static bool
goes_with(const struct object *binding, const struct object *account)
{
	return names_subject(binding, account) && binding->binding.subject_count == 1;
}

static const char *
role_kept(const struct parts *parts, const struct object *role, const struct object *account)
{
	static const enum kind kinds[] = { KIND_ROLE_BINDING, KIND_CLUSTER_ROLE_BINDING };

	if (kv_find(&role->meta.labels, "kubernetes.io/bootstrapping") != NULL ||
	    text_starts(role->meta.name, "system:"))
		return "it is one of Kubernetes' own roles";
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < parts->world->count[kinds[k]]; i++) {
			const struct object *other = parts->world->objects[kinds[k]][i];

			if (binds(other, role) && !goes_with(other, account))
				return arena_printf(parts->arena, "%s %s grants it, too",
						    kind_row(kinds[k])->object, other->meta.name);
		}
	return NULL;
}

static void
add_roles(struct parts *parts, const struct object *account, enum kind binding_kind,
	  enum kind role_kind)
{
	for (size_t i = 0; i < parts->world->count[binding_kind]; i++) {
		const struct object *binding = parts->world->objects[binding_kind][i];

		if (!goes_with(binding, account))
			continue;
		for (size_t j = 0; j < parts->world->count[role_kind]; j++) {
			const struct object *role = parts->world->objects[role_kind][j];

			if (binds(binding, role))
				add_part(parts, role, role_kept(parts, role, account));
		}
	}
}

static void
add_bindings(struct parts *parts, const struct object *account, enum kind kind)
{
	for (size_t i = 0; i < parts->world->count[kind]; i++) {
		const struct object *binding = parts->world->objects[kind][i];

		if (names_subject(binding, account))
			add_part(parts, binding,
				 goes_with(binding, account)
					 ? NULL
					 : "it has other subjects than the picker");
	}
}

static void
add_account(struct parts *parts, const struct object *deployment)
{
	const struct object *account =
		world_find(parts->world, KIND_SERVICE_ACCOUNT, deployment->meta.ns,
			   deployment->deployment.service_account);
	const char *kept;

	if (account == NULL)
		return;
	kept = kept_for_other_deployments(parts, account, deployment);
	if (kept == NULL) {
		add_roles(parts, account, KIND_ROLE_BINDING, KIND_ROLE);
		add_roles(parts, account, KIND_ROLE_BINDING, KIND_CLUSTER_ROLE);
		add_roles(parts, account, KIND_CLUSTER_ROLE_BINDING, KIND_CLUSTER_ROLE);
		add_bindings(parts, account, KIND_ROLE_BINDING);
		add_bindings(parts, account, KIND_CLUSTER_ROLE_BINDING);
	}
	add_part(parts, account, kept);
}

struct picker_part *
picker_parts(const struct world *world, const struct object *pool, struct arena *arena,
	     size_t *count)
{
	struct parts parts = { .world = world, .pool = pool, .arena = arena };
	struct picker picker = picker_find(world, pool);
	const char *shared = "the picker of another pool runs through it";

	*count = 0;
	if (picker.service == NULL)
		return NULL;
	if (serves_another_pool(&parts, picker.service)) {
		add_part(&parts, picker.service, shared);
	} else {
		if (picker.deployment != NULL && serves_another_pool(&parts, picker.deployment)) {
			add_part(&parts, picker.deployment, shared);
		} else if (picker.deployment != NULL) {
			const struct string_list *maps = &picker.deployment->deployment.config_maps;

			add_account(&parts, picker.deployment);
			for (size_t i = 0; i < maps->count; i++) {
				const struct object *map =
					world_find(world, KIND_CONFIG_MAP,
						   picker.deployment->meta.ns, maps->items[i]);

				if (map != NULL)
					add_part(&parts, map,
						 kept_for_other_deployments(&parts, map,
									    picker.deployment));
			}
			add_part(&parts, picker.deployment, NULL);
		}
		add_part(&parts, picker.service,
			 is_backend_of_a_route(world, picker.service)
				 ? "an HTTPRoute sends traffic to it"
				 : NULL);
	}
	*count = parts.count;
	return parts.items;
}
