#include "core/demo/control.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/demo/author.h"
#include "core/demo/backend.h"
#include "core/demo/gateway.h"
#include "core/model/kind.h"

static void route_notice(struct controller *controller, const struct store_event *event);
static void route_act(struct controller *controller, const char *namespace, const char *name);
static void traffic_notice(struct controller *controller, const struct store_event *event);
static void traffic_act(struct controller *controller, const char *namespace, const char *name);

const struct control_row control_route = {
	.name = "route",
	.manager = MANAGER_GATEWAY,
	.help = "HTTPRoutes get Accepted and ResolvedRefs for each parent; a reference of weight 0 "
		"is not looked at.",
	.notice = route_notice,
	.act = route_act,
};

const struct control_row control_traffic = {
	.name = "traffic",
	.manager = MANAGER_GATEWAY,
	.help = "The gateway follows a route when its propagation delay is over.",
	.notice = traffic_notice,
	.act = traffic_act,
};

/* Routes whose text holds the quoted name: a sieve, as acting finds out whether they really name
 * it. */
static void
queue_namers(struct controller *controller, const char *target)
{
	struct store *store = control_demo(controller)->store;
	const struct store_object *route = NULL;
	char quoted[300];

	snprintf(quoted, sizeof(quoted), "\"%.253s\"", target);
	while ((route = store_next(store, GROUP_GATEWAY, "httproutes", NULL, route)) != NULL)
		if (strstr(route->text, quoted) != NULL)
			control_queue(controller, &control_route, route->namespace, route->name,
				      control_delays(controller).conditions);
}

static void
route_notice(struct controller *controller, const struct store_event *event)
{
	const struct store_object *subject = control_subject(event);
	int64_t delay = control_delays(controller).conditions;
	bool appeared = event->change != STORE_MODIFIED;

	if (control_is(event, GROUP_GATEWAY, "httproutes")) {
		if (event->now != NULL && control_respecified(controller, event))
			control_queue(controller, &control_route, subject->namespace, subject->name,
				      delay);
		return;
	}
	/* What is being loaded is looked at once, when all of it is there. */
	if (control_demo(controller)->loading)
		return;
	if (appeared &&
	    (strcmp(subject->resource, "inferencepools") == 0 || control_is(event, "", "services")))
		queue_namers(controller, subject->name);
	else if (control_is(event, GROUP_GATEWAY, "gateways") &&
		 control_respecified(controller, event))
		queue_namers(controller, subject->name);
	else if (control_is(event, GROUP_GATEWAY, "referencegrants") ||
		 (control_is(event, GROUP_CRD, "customresourcedefinitions") &&
		  text_starts(subject->name, "inferencepools.")) ||
		 (appeared && control_is(event, GROUP_GATEWAY, "gatewayclasses")))
		control_queue_all(controller, &control_route, GROUP_GATEWAY, "httproutes", NULL,
				  delay);
}

static void
refusal_message(enum backend_verdict verdict, const struct backend *backend,
		const char *route_namespace, struct buf *text)
{
	switch (verdict) {
	case BACKEND_INVALID_KIND:
		buf_printf(text, "referencing unsupported backendRef: group \"%s\" kind \"%s\"",
			   backend->group, backend->kind);
		break;
	case BACKEND_NOT_PERMITTED:
		buf_printf(text,
			   "backendRef %s/%s not accessible to an HTTPRoute in namespace \"%s\" "
			   "(no ReferenceGrant "
			   "names group \"%s\" kind \"%s\")",
			   backend->namespace, backend->name, route_namespace, backend->group,
			   backend->kind);
		break;
	case BACKEND_NOT_FOUND:
		buf_printf(text, "backend %s/%s of group \"%s\" kind \"%s\" not found",
			   backend->namespace, backend->name, backend->group, backend->kind);
		break;
	case BACKEND_FINE:
		buf_puts(text, "every reference is there");
		break;
	}
}

/* On the first of a rule's mirrors that is not fine. */
static enum backend_verdict
mirrors_verdict(struct demo *demo, const struct json *rule, const char *namespace,
		struct backend *backend)
{
	const struct json *filter;
	const struct json *ref;
	enum backend_verdict verdict = BACKEND_FINE;

	for (filter = json_first(json_get(rule, "filters"));
	     filter != NULL && verdict == BACKEND_FINE; filter = json_next(filter)) {
		ref = json_at(filter, "requestMirror.backendRef");
		if (ref == NULL)
			continue;
		*backend = backend_of(ref, namespace);
		verdict = backend_check(demo, backend, namespace);
	}
	return verdict;
}

/* On the first of a rule's references with weight that is not fine, then on its mirrors. */
static enum backend_verdict
rule_verdict(struct demo *demo, const struct json *rule, const char *namespace,
	     struct backend *backend)
{
	const struct json *ref;
	enum backend_verdict verdict = BACKEND_FINE;

	for (ref = json_first(json_get(rule, "backendRefs"));
	     ref != NULL && verdict == BACKEND_FINE; ref = json_next(ref)) {
		*backend = backend_of(ref, namespace);
		if (backend->weight > 0)
			verdict = backend_check(demo, backend, namespace);
	}
	return verdict != BACKEND_FINE ? verdict : mirrors_verdict(demo, rule, namespace, backend);
}

static enum backend_verdict
route_verdict(struct demo *demo, const struct json *route, struct buf *message)
{
	const char *namespace = json_string_at(route, "metadata.namespace");
	const struct json *rule;
	struct backend backend = { 0 };
	enum backend_verdict verdict = BACKEND_FINE;

	for (rule = json_first(json_at(route, "spec.rules"));
	     rule != NULL && verdict == BACKEND_FINE; rule = json_next(rule))
		verdict = rule_verdict(demo, rule, namespace, &backend);
	refusal_message(verdict, &backend, namespace, message);
	return verdict;
}

static const struct json *
old_parent(const struct json *route, const struct json *ref)
{
	const struct json *parent;

	for (parent = json_first(json_at(route, "status.parents")); parent != NULL;
	     parent = json_next(parent))
		if (json_equal(json_get(parent, "parentRef"), ref))
			return parent;
	return NULL;
}

static struct json *
parent_status(struct controller *controller, const struct json *route, const struct json *ref,
	      const struct json *gateway, const char *owner)
{
	const char *namespace = json_string_at(route, "metadata.namespace");
	const struct json *before = json_get(old_parent(route, ref), "conditions");
	int64_t generation = control_generation(route);
	struct json *status = json_new_object();
	struct json *conditions = json_set_array(status, "conditions");
	const char *refusal;
	enum backend_verdict verdict;
	struct buf message;

	buf_init(&message, 4 * BUF_KIB);
	refusal = control_refusal(controller, gateway, control_ref_namespace(ref, namespace), NULL,
				  route, ref);
	verdict = route_verdict(control_demo(controller), route, &message);
	control_condition(controller, conditions, before, "Accepted", refusal == NULL,
			  refusal == NULL ? "Accepted" : refusal,
			  refusal == NULL ? "the route is valid"
					  : "no listener of the Gateway takes this route",
			  generation);
	control_condition(controller, conditions, before, "ResolvedRefs", verdict == BACKEND_FINE,
			  backend_reason(verdict), message.bytes, generation);
	if (text_starts(owner, "networking.gke.io/"))
		control_condition(controller, conditions, before, "Reconciled",
				  verdict == BACKEND_FINE,
				  verdict == BACKEND_FINE ? "ReconciliationSucceeded"
							  : "ReconciliationFailed",
				  message.bytes, generation);
	buf_release(&message);
	json_set_string(status, "controllerName", owner);
	json_set(status, "parentRef", json_clone(ref));
	return status;
}

static void
route_act(struct controller *controller, const char *namespace, const char *name)
{
	const struct json *route =
		control_value(controller, GROUP_GATEWAY, "httproutes", namespace, name);
	const struct json *gateway;
	const struct json *ref;
	const char *owner;
	struct json *status;
	struct json *parents;

	if (route == NULL)
		return;
	status = json_new_object();
	parents = json_set_array(status, "parents");
	for (ref = json_first(json_at(route, "spec.parentRefs")); ref != NULL;
	     ref = json_next(ref)) {
		owner = control_parent(controller, ref, namespace, &gateway);
		if (owner != NULL)
			json_append(parents, parent_status(controller, route, ref, gateway, owner));
	}
	author_status(control_demo(controller), MANAGER_GATEWAY, GROUP_GATEWAY, "httproutes",
		      namespace, name, status, NULL);
}

static void
traffic_notice(struct controller *controller, const struct store_event *event)
{
	const struct store_object *subject = control_subject(event);
	int64_t delay = control_delays(controller).traffic;

	if (control_is(event, GROUP_GATEWAY, "httproutes")) {
		if (control_respecified(controller, event))
			control_queue(controller, &control_traffic, subject->namespace,
				      subject->name, delay);
	} else if (control_is(event, GROUP_GATEWAY, "gateways") &&
		   control_respecified(controller, event)) {
		control_queue_all(controller, &control_traffic, GROUP_GATEWAY, "httproutes", NULL,
				  delay);
	}
}

/* Traffic reaches a route through any Gateway that takes it. */
static void
traffic_act(struct controller *controller, const char *namespace, const char *name)
{
	struct gateway *table = control_demo(controller)->gateway;
	const struct json *route =
		control_value(controller, GROUP_GATEWAY, "httproutes", namespace, name);
	const struct json *gateway;
	const struct json *ref;

	for (ref = json_first(json_at(route, "spec.parentRefs")); ref != NULL;
	     ref = json_next(ref)) {
		if (control_parent(controller, ref, namespace, &gateway) != NULL &&
		    control_refusal(controller, gateway, control_ref_namespace(ref, namespace),
				    NULL, route, ref) == NULL) {
			gateway_set_route(table, namespace, name, route);
			return;
		}
	}
	gateway_set_route(table, namespace, name, NULL);
}
