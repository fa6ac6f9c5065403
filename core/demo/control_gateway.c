#include "core/demo/control.h"

#include <string.h>

#include "core/base/text.h"
#include "core/demo/author.h"
#include "core/model/kind.h"

static void class_notice(struct controller *controller, const struct store_event *event);
static void class_act(struct controller *controller, const char *namespace, const char *name);
static void gateway_notice(struct controller *controller, const struct store_event *event);
static void gateway_act(struct controller *controller, const char *namespace, const char *name);

const struct control_row control_class = {
	.name = "class",
	.manager = MANAGER_GATEWAY,
	.help = "GatewayClasses are accepted, whoever they name as their controller.",
	.notice = class_notice,
	.act = class_act,
};

const struct control_row control_gateway = {
	.name = "gateway",
	.manager = MANAGER_GATEWAY,
	.help = "Gateways are programmed with the demo's loopback address and count the routes of "
		"each listener.",
	.notice = gateway_notice,
	.act = gateway_act,
};

static void
class_notice(struct controller *controller, const struct store_event *event)
{
	if (event->now != NULL && control_is(event, GROUP_GATEWAY, "gatewayclasses"))
		control_queue(controller, &control_class, "", event->now->name,
			      control_delays(controller).conditions);
}

static void
class_act(struct controller *controller, const char *namespace, const char *name)
{
	const struct json *class =
		control_value(controller, GROUP_GATEWAY, "gatewayclasses", namespace, name);
	struct json *status;

	if (class == NULL)
		return;
	status = json_new_object();
	control_condition(controller, json_set_array(status, "conditions"),
			  json_at(class, "status.conditions"), "Accepted", true, "Accepted",
			  "handled by the demo's gateway controller", control_generation(class));
	author_status(control_demo(controller), MANAGER_GATEWAY, GROUP_GATEWAY, "gatewayclasses",
		      "", name, status, NULL);
}

static void
queue_parents(struct controller *controller, const struct store_object *route)
{
	const struct json *ref;
	const char *name;

	if (route == NULL)
		return;
	ref = json_first(
		json_at(store_value(control_demo(controller)->store, route), "spec.parentRefs"));
	for (; ref != NULL; ref = json_next(ref)) {
		name = json_string_at(ref, "name");
		if (name != NULL)
			control_queue(controller, &control_gateway,
				      control_ref_namespace(ref, route->namespace), name,
				      control_delays(controller).conditions);
	}
}

static void
gateway_notice(struct controller *controller, const struct store_event *event)
{
	int64_t delay = control_delays(controller).conditions;

	if (event->now != NULL && control_is(event, GROUP_GATEWAY, "gateways"))
		control_queue(controller, &control_gateway, event->now->namespace, event->now->name,
			      delay);
	else if (control_is(event, GROUP_GATEWAY, "gatewayclasses"))
		control_queue_all(controller, &control_gateway, GROUP_GATEWAY, "gateways", NULL,
				  delay);
	else if (control_is(event, GROUP_GATEWAY, "httproutes") &&
		 control_respecified(controller, event)) {
		queue_parents(controller, event->before);
		queue_parents(controller, event->now);
	}
}

/* The parentRef of `route` that names this gateway and that the listener takes. */
static bool
listener_has_route(struct controller *controller, const struct json *gateway,
		   const struct json *listener, const struct json *route)
{
	const char *namespace = json_string_at(gateway, "metadata.namespace");
	const char *name = json_string_at(gateway, "metadata.name");
	const char *route_namespace = json_string_at(route, "metadata.namespace");
	const struct json *ref;

	for (ref = json_first(json_at(route, "spec.parentRefs")); ref != NULL; ref = json_next(ref))
		if (text_equal(json_string_at(ref, "name"), name) &&
		    text_equal(control_ref_namespace(ref, route_namespace), namespace) &&
		    control_refusal(controller, gateway, namespace, listener, route, ref) == NULL)
			return true;
	return false;
}

static int64_t
count_routes(struct controller *controller, const struct json *gateway, const struct json *listener)
{
	struct store *store = control_demo(controller)->store;
	const struct store_object *route = NULL;
	int64_t count = 0;

	while ((route = store_next(store, GROUP_GATEWAY, "httproutes", NULL, route)) != NULL)
		count += listener_has_route(controller, gateway, listener,
					    store_value(store, route));
	return count;
}

static const struct json *
old_listener(const struct json *gateway, const char *name)
{
	const struct json *listener;

	for (listener = json_first(json_at(gateway, "status.listeners")); listener != NULL;
	     listener = json_next(listener))
		if (text_equal(json_string_at(listener, "name"), name))
			return listener;
	return NULL;
}

static struct json *
listener_status(struct controller *controller, const struct json *gateway,
		const struct json *listener)
{
	const char *name = json_string_at(listener, "name");
	const struct json *before = json_get(old_listener(gateway, name), "conditions");
	int64_t generation = control_generation(gateway);
	struct json *status = json_new_object();
	struct json *kind;
	struct json *conditions;

	json_set_integer(status, "attachedRoutes", count_routes(controller, gateway, listener));
	conditions = json_set_array(status, "conditions");
	control_condition(controller, conditions, before, "Accepted", true, "Accepted",
			  "the listener is valid", generation);
	control_condition(controller, conditions, before, "Programmed", true, "Programmed",
			  "the listener answers", generation);
	control_condition(controller, conditions, before, "ResolvedRefs", true, "ResolvedRefs",
			  "every reference of the listener is there", generation);
	control_condition(controller, conditions, before, "Conflicted", false, "NoConflicts",
			  "no other listener has the same port", generation);
	json_set_string(status, "name", name);
	kind = json_append(json_set_array(status, "supportedKinds"), json_new_object());
	json_set_string(kind, "group", GROUP_GATEWAY);
	json_set_string(kind, "kind", "HTTPRoute");
	return status;
}

/* The demo listens on one port of the loopback, whichever is free: HTTP listeners say so, so that a
 * client that follows address and port finds it. True when the Gateway was rewritten; it comes back
 * to the queue by that. */
static bool
move_listeners(struct controller *controller, const struct json *gateway)
{
	struct demo *demo = control_demo(controller);
	struct json *moved;
	struct json *listener;
	bool changed = false;

	if (demo->gateway_port == 0)
		return false;
	moved = json_clone(gateway);
	for (listener = json_first_mutable(json_at_mutable(moved, "spec.listeners"));
	     listener != NULL; listener = json_next_mutable(listener)) {
		if (!text_equal(json_string_at(listener, "protocol"), "HTTP") ||
		    json_integer_at(listener, "port", 0) == demo->gateway_port)
			continue;
		json_set_integer(listener, "port", demo->gateway_port);
		changed = true;
	}
	if (!changed) {
		json_free(moved);
		return false;
	}
	return author_update(demo, MANAGER_GATEWAY, moved, NULL);
}

static void
gateway_act(struct controller *controller, const char *namespace, const char *name)
{
	struct demo *demo = control_demo(controller);
	const struct json *gateway =
		control_value(controller, GROUP_GATEWAY, "gateways", namespace, name);
	const char *class = json_string_at(gateway, "spec.gatewayClassName");
	const char *address = demo->gateway_address;
	const struct json *before = json_at(gateway, "status.conditions");
	const struct json *listener;
	struct json *status;
	struct json *list;

	if (gateway == NULL || class == NULL ||
	    store_get(demo->store, GROUP_GATEWAY, "gatewayclasses", "", class) == NULL ||
	    move_listeners(controller, gateway))
		return;
	if (address == NULL || address[0] == '\0')
		address = "127.0.0.1";
	status = json_new_object();
	list = json_append(json_set_array(status, "addresses"), json_new_object());
	json_set_string(list, "type", "IPAddress");
	json_set_string(list, "value", address);
	list = json_set_array(status, "conditions");
	control_condition(controller, list, before, "Accepted", true, "Accepted",
			  "the Gateway is valid", control_generation(gateway));
	control_condition(controller, list, before, "Programmed", true, "Programmed",
			  "the Gateway has an address and listens", control_generation(gateway));
	list = json_set_array(status, "listeners");
	for (listener = json_first(json_at(gateway, "spec.listeners")); listener != NULL;
	     listener = json_next(listener))
		json_append(list, listener_status(controller, gateway, listener));
	author_status(demo, MANAGER_GATEWAY, GROUP_GATEWAY, "gateways", namespace, name, status,
		      NULL);
}
