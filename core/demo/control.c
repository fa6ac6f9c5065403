#include "core/demo/control.h"

#include <string.h>

#include "core/base/text.h"
#include "core/demo/selector.h"
#include "core/model/kind.h"

const struct store_object *
control_subject(const struct store_event *event)
{
	return event->now != NULL ? event->now : event->last;
}

bool
control_is(const struct store_event *event, const char *group, const char *resource)
{
	const struct store_object *object = control_subject(event);

	return strcmp(object->resource, resource) == 0 && strcmp(object->group, group) == 0;
}

int64_t
control_generation(const struct json *object)
{
	return json_integer_at(object, "metadata.generation", 0);
}

bool
control_respecified(struct controller *controller, const struct store_event *event)
{
	struct store *store = control_demo(controller)->store;

	if (event->before == NULL || event->now == NULL)
		return true;
	return control_generation(store_value(store, event->before)) !=
	       control_generation(store_value(store, event->now));
}

const struct json *
control_value(struct controller *controller, const char *group, const char *resource,
	      const char *namespace, const char *name)
{
	struct store *store = control_demo(controller)->store;
	const struct store_object *object = store_get(store, group, resource, namespace, name);

	return object == NULL ? NULL : store_value(store, object);
}

static const struct json *
find_condition(const struct json *conditions, const char *type)
{
	const struct json *condition;

	for (condition = json_first(conditions); condition != NULL;
	     condition = json_next(condition))
		if (text_equal(json_string_at(condition, "type"), type))
			return condition;
	return NULL;
}

void
control_condition(struct controller *controller, struct json *conditions, const struct json *before,
		  const char *type, bool status, const char *reason, const char *message,
		  int64_t generation)
{
	const struct json *old = find_condition(before, type);
	struct json *condition = json_append(conditions, json_new_object());
	const char *word = status ? "True" : "False";
	const char *since = json_string_at(old, "lastTransitionTime");
	char now[CLOCK_RFC3339_MAX];

	inside_now(control_demo(controller), now);
	if (since == NULL || !text_equal(json_string_at(old, "status"), word))
		since = now;
	json_set_string(condition, "lastTransitionTime", since);
	json_set_string(condition, "message", message);
	if (generation != 0)
		json_set_integer(condition, "observedGeneration", generation);
	json_set_string(condition, "reason", reason);
	json_set_string(condition, "status", word);
	json_set_string(condition, "type", type);
}

const char *
control_ref_namespace(const struct json *ref, const char *route_namespace)
{
	const char *namespace = json_string_at(ref, "namespace");

	return namespace != NULL ? namespace : route_namespace;
}

static bool
is_gateway_ref(const struct json *ref)
{
	const char *group = json_string_at(ref, "group");
	const char *kind = json_string_at(ref, "kind");

	return (group == NULL || strcmp(group, GROUP_GATEWAY) == 0) &&
	       (kind == NULL || strcmp(kind, "Gateway") == 0);
}

const char *
control_parent(struct controller *controller, const struct json *parent_ref,
	       const char *route_namespace, const struct json **gateway)
{
	const char *name = json_string_at(parent_ref, "name");
	const char *class;
	const struct json *value;

	if (!is_gateway_ref(parent_ref) || name == NULL)
		return NULL;
	value = control_value(controller, GROUP_GATEWAY, "gateways",
			      control_ref_namespace(parent_ref, route_namespace), name);
	class = json_string_at(value, "spec.gatewayClassName");
	if (class == NULL)
		return NULL;
	if (gateway != NULL)
		*gateway = value;
	return json_string_at(control_value(controller, GROUP_GATEWAY, "gatewayclasses", "", class),
			      "spec.controllerName");
}

/* "*.example.com" takes every name below it; two wildcards meet when one ends in the other. */
static bool
hostnames_meet(const char *a, const char *b)
{
	if (a[0] == '*' && b[0] == '*')
		return text_ends(a, b + 1) || text_ends(b, a + 1);
	if (a[0] == '*')
		return text_ends(b, a + 1);
	if (b[0] == '*')
		return text_ends(a, b + 1);
	return strcmp(a, b) == 0;
}

static bool
listener_hostname_fits(const struct json *listener, const struct json *route)
{
	const char *name = json_string_at(listener, "hostname");
	const struct json *hostnames = json_at(route, "spec.hostnames");
	const struct json *hostname;

	if (name == NULL || name[0] == '\0' || json_count(hostnames) == 0)
		return true;
	for (hostname = json_first(hostnames); hostname != NULL; hostname = json_next(hostname))
		if (json_string(hostname) != NULL && hostnames_meet(name, json_string(hostname)))
			return true;
	return false;
}

static bool
listener_allows(struct controller *controller, const struct json *listener,
		const char *gateway_namespace, const char *route_namespace)
{
	const struct json *namespaces = json_at(listener, "allowedRoutes.namespaces");
	const char *from = json_string_at(namespaces, "from");

	if (text_equal(from, "All"))
		return true;
	if (text_equal(from, "Selector"))
		return selector_covers(
			json_at(namespaces, "selector.matchLabels"),
			control_value(controller, "", "namespaces", "", route_namespace));
	return strcmp(gateway_namespace, route_namespace) == 0;
}

static bool
listener_is_meant(const struct json *listener, const struct json *parent_ref)
{
	const char *section = json_string_at(parent_ref, "sectionName");
	int64_t port = json_integer_at(parent_ref, "port", 0);

	return (section == NULL || text_equal(section, json_string_at(listener, "name"))) &&
	       (port == 0 || port == json_integer_at(listener, "port", 0));
}

const char *
control_refusal(struct controller *controller, const struct json *gateway,
		const char *gateway_namespace, const struct json *listener,
		const struct json *route, const struct json *parent_ref)
{
	const char *route_namespace = json_string_at(route, "metadata.namespace");
	const char *refusal = "NoMatchingParent";
	const struct json *one;

	for (one = json_first(json_at(gateway, "spec.listeners")); one != NULL;
	     one = json_next(one)) {
		if ((listener != NULL && one != listener) || !listener_is_meant(one, parent_ref))
			continue;
		if (!listener_allows(controller, one, gateway_namespace, route_namespace))
			refusal = "NotAllowedByListeners";
		else if (!listener_hostname_fits(one, route))
			refusal = "NoMatchingListenerHostname";
		else
			return NULL;
	}
	return refusal;
}

/* By its image or by what only a picker is told, so that a picker of any origin is found. */
bool
control_is_picker(const struct json *pod)
{
	const struct json *container;
	const struct json *arg;
	const char *text;

	for (container = json_first(json_at(pod, "spec.containers")); container != NULL;
	     container = json_next(container)) {
		text = json_string_at(container, "image");
		if (text != NULL &&
		    (strstr(text, "/epp:") != NULL || strstr(text, "/epp@") != NULL))
			return true;
		for (arg = json_first(json_get(container, "args")); arg != NULL;
		     arg = json_next(arg)) {
			text = json_string(arg);
			if (text != NULL && (strstr(text, "-pool-name") != NULL ||
					     strstr(text, "-poolName") != NULL))
				return true;
		}
	}
	return false;
}
