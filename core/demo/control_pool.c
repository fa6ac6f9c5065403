#include "core/demo/control.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/demo/author.h"
#include "core/demo/backend.h"
#include "core/demo/gateway.h"
#include "core/model/kind.h"

static void pool_notice(struct controller *controller, const struct store_event *event);
static void pool_act(struct controller *controller, const char *namespace, const char *name);

const struct control_row control_pool = {
	.name = "pool",
	.manager = MANAGER_GATEWAY,
	.help = "InferencePools of a group the gateway knows name the Gateways of the routes that "
		"name them, at any weight.",
	.notice = pool_notice,
	.act = pool_act,
};

/* A pool that routes name, and the Gateways they do it for; strings are the routes'. */
struct entry {
	struct backend pool;
	struct json *parents; /* an array of {kind, namespace, name} */
};

struct entries {
	struct entry *rows;
	size_t count;
};

/* As a real controller (DOMAIN §3.1 step 2), pools are not looked at again when only a Service
 * comes later. */
static void
pool_notice(struct controller *controller, const struct store_event *event)
{
	struct demo *demo = control_demo(controller);
	const struct store_object *subject = control_subject(event);
	bool pool = strcmp(subject->resource, "inferencepools") == 0;

	if (pool && event->change == STORE_ADDED)
		gateway_pool_came(demo->gateway, subject->group, subject->namespace, subject->name,
				  subject->version);
	if (pool && event->change == STORE_DELETED)
		gateway_pool_went(demo->gateway, subject->group, subject->namespace, subject->name);
	if ((pool || control_is(event, GROUP_GATEWAY, "httproutes") ||
	     control_is(event, GROUP_GATEWAY, "gateways")) &&
	    control_respecified(controller, event))
		control_queue(controller, &control_pool, "", "",
			      control_delays(controller).conditions);
}

static struct entry *
entry_for(struct entries *entries, const struct backend *pool)
{
	struct entry *row;
	size_t i;

	for (i = 0; i < entries->count; i++) {
		row = &entries->rows[i];
		if (strcmp(row->pool.name, pool->name) == 0 &&
		    strcmp(row->pool.namespace, pool->namespace) == 0 &&
		    strcmp(row->pool.group, pool->group) == 0)
			return row;
	}
	entries->rows = die_realloc(entries->rows, (entries->count + 1) * sizeof(struct entry));
	row = &entries->rows[entries->count++];
	*row = (struct entry){ .pool = *pool, .parents = json_new_array() };
	return row;
}

static void
add_parent(struct json *parents, const char *namespace, const char *name)
{
	const struct json *parent;
	struct json *added;

	for (parent = json_first(parents); parent != NULL; parent = json_next(parent))
		if (text_equal(json_string_at(parent, "name"), name) &&
		    text_equal(json_string_at(parent, "namespace"), namespace))
			return;
	added = json_append(parents, json_new_object());
	json_set_string(added, "kind", "Gateway");
	json_set_string(added, "name", name);
	json_set_string(added, "namespace", namespace);
}

static void
add_reference(struct controller *controller, struct entries *entries, const struct json *route,
	      const struct json *ref)
{
	const char *namespace = json_string_at(route, "metadata.namespace");
	struct backend pool = backend_of(ref, namespace);
	const struct json *parent;

	if (!backend_is_pool(&pool) || !backend_serves(control_demo(controller), pool.group))
		return;
	for (parent = json_first(json_at(route, "spec.parentRefs")); parent != NULL;
	     parent = json_next(parent))
		if (control_parent(controller, parent, namespace, NULL) != NULL)
			add_parent(entry_for(entries, &pool)->parents,
				   control_ref_namespace(parent, namespace),
				   json_string_at(parent, "name"));
}

static void
collect_entries(struct controller *controller, struct entries *entries)
{
	struct store *store = control_demo(controller)->store;
	const struct store_object *object = NULL;
	const struct json *route;
	const struct json *rule;
	const struct json *ref;

	while ((object = store_next(store, GROUP_GATEWAY, "httproutes", NULL, object)) != NULL) {
		route = store_value(store, object);
		for (rule = json_first(json_at(route, "spec.rules")); rule != NULL;
		     rule = json_next(rule))
			for (ref = json_first(json_get(rule, "backendRefs")); ref != NULL;
			     ref = json_next(ref))
				add_reference(controller, entries, route, ref);
	}
}

static const struct json *
old_conditions(const struct json *pool, const char *list, const struct json *ref)
{
	const struct json *parent;

	for (parent = json_first(json_get(json_get(pool, "status"), list)); parent != NULL;
	     parent = json_next(parent))
		if (text_equal(json_string_at(parent, "parentRef.name"),
			       json_string_at(ref, "name")) &&
		    text_equal(json_string_at(parent, "parentRef.namespace"),
			       json_string_at(ref, "namespace")))
			return json_get(parent, "conditions");
	return NULL;
}

static bool
picker_is_there(struct controller *controller, const struct json *pool, const char *group,
		const char *namespace)
{
	const char *name =
		json_string_at(pool, strcmp(group, GROUP_GA) == 0 ? "spec.endpointPickerRef.name"
								  : "spec.extensionRef.name");

	return name != NULL &&
	       store_get(control_demo(controller)->store, "", "services", namespace, name) != NULL;
}

static void
write_status(struct controller *controller, const struct store_object *object,
	     const struct json *parents)
{
	struct demo *demo = control_demo(controller);
	const struct json *pool = store_value(demo->store, object);
	bool ga = strcmp(object->group, GROUP_GA) == 0;
	const char *list = ga ? "parents" : "parent";
	bool resolved = picker_is_there(controller, pool, object->group, object->namespace);
	int64_t generation = control_generation(pool);
	struct json *status = json_new_object();
	const struct json *ref;
	const struct json *before;
	struct json *parent;
	struct json *conditions;

	for (ref = json_first(parents); ref != NULL; ref = json_next(ref)) {
		before = old_conditions(pool, list, ref);
		parent = json_append(json_set_array(status, list), json_new_object());
		conditions = json_set_array(parent, "conditions");
		control_condition(controller, conditions, before, "Accepted", true, "Accepted",
				  "a route of this Gateway names the pool", generation);
		control_condition(controller, conditions, before, "ResolvedRefs", resolved,
				  resolved ? "ResolvedRefs" : "InvalidExtensionRef",
				  resolved ? "the endpoint picker's Service is there"
					   : "the endpoint picker's Service is not there",
				  generation);
		parent = json_set(parent, "parentRef", json_clone(ref));
		if (ga)
			json_set_string(parent, "group", GROUP_GATEWAY);
	}
	author_status(demo, MANAGER_GATEWAY, object->group, "inferencepools", object->namespace,
		      object->name, status, NULL);
}

/* Nothing is written to a pool that no route names and no route named: its status stays what its
 * CRD says. */
static void
write_pools(struct controller *controller, const char *group, const struct entries *entries)
{
	struct store *store = control_demo(controller)->store;
	const struct store_object *object = NULL;
	const struct json *parents;
	size_t i;

	while ((object = store_next(store, group, "inferencepools", NULL, object)) != NULL) {
		parents = NULL;
		for (i = 0; i < entries->count && parents == NULL; i++)
			if (strcmp(entries->rows[i].pool.name, object->name) == 0 &&
			    strcmp(entries->rows[i].pool.namespace, object->namespace) == 0 &&
			    strcmp(entries->rows[i].pool.group, group) == 0)
				parents = entries->rows[i].parents;
		if (parents != NULL || strstr(object->text, "\"Gateway\"") != NULL)
			write_status(controller, object, parents);
	}
}

static void
pool_act(struct controller *controller, const char *namespace, const char *name)
{
	static const char *const groups[] = { GROUP_ALPHA, GROUP_GA };
	struct entries entries = { 0 };
	size_t i;

	(void)namespace;
	(void)name;
	collect_entries(controller, &entries);
	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (backend_serves(control_demo(controller), groups[i]))
			write_pools(controller, groups[i], &entries);
	for (i = 0; i < entries.count; i++)
		json_free(entries.rows[i].parents);
	free(entries.rows);
}
