/* controller - plays, on a real API server, what runs in a cluster beside it: a gateway controller and Deployments.
 *
 * What it says is what the demo cluster's controllers say: Gateways are Programmed with an address; routes get Accepted
 * and ResolvedRefs for their generation, judged by the first backendRef with weight that is not fine; a pool of a group
 * it serves names the Gateways of the routes that name it, at any weight; Deployments have all their replicas, each a
 * ready Pod that goes with them. It writes statuses and those Pods, nothing else.
 *
 *   controller [--serves both|alpha|ga]        KUBECONFIG says where; runs until it is killed
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/kube/http.h"
#include "tests/cluster/mirror.h"

struct controller {
	struct mirror *mirror;
	bool serves_alpha, serves_ga;
};

static int64_t
generation_of(const struct json *object)
{
	return json_integer_at(object, "metadata.generation", 0);
}

static struct json *
add_condition(struct controller *controller, struct json *conditions, const struct json *before,
	      const char *type, bool holds, const char *reason, int64_t generation)
{
	struct json *condition = json_append(conditions, json_new_object());
	const char *since = mirror_now(controller->mirror);

	for (const struct json *old = json_first(before); old != NULL; old = json_next(old))
		if (text_equal(json_string_at(old, "type"), type) &&
		    text_equal(json_string_at(old, "status"), holds ? "True" : "False"))
			since = json_string_at(old, "lastTransitionTime");
	json_set_string(condition, "type", type);
	json_set_string(condition, "status", holds ? "True" : "False");
	json_set_string(condition, "reason", reason);
	json_set_string(condition, "message", reason);
	json_set_string(condition, "lastTransitionTime", since);
	if (generation > 0)
		json_set_integer(condition, "observedGeneration", generation);
	return condition;
}

/* ---- Gateways ---- */

static const char * or (const char *text, const char *otherwise)
{
	return text != NULL ? text : otherwise;
}

/* The Gateway of a parentRef, when its class is there; `owner` gets the class's controller. */
static const struct json *
parent_gateway(struct controller *controller, const struct json *ref, const struct json *route,
	       const char **owner)
{
	const struct json *gateway =
		mirror_find(controller->mirror, GATEWAYS,
			    or (json_string_at(ref, "namespace"), mirror_namespace(route)),
			    json_string_at(ref, "name"));
	const struct json *class = mirror_find(controller->mirror, CLASSES, "",
					       json_string_at(gateway, "spec.gatewayClassName"));

	*owner = json_string_at(class, "spec.controllerName");
	return *owner != NULL ? gateway : NULL;
}

static int64_t
count_routes(struct controller *controller, const struct json *gateway)
{
	size_t routes = mirror_count(controller->mirror, ROUTES);
	const char *owner;
	int64_t count = 0;

	for (size_t i = 0; i < routes; i++) {
		const struct json *route = mirror_object(controller->mirror, ROUTES, i);
		const struct json *ref = json_first(json_at(route, "spec.parentRefs"));

		for (; ref != NULL; ref = json_next(ref))
			count += parent_gateway(controller, ref, route, &owner) == gateway;
	}
	return count;
}

static void
look_at_gateway(struct controller *controller, const struct json *gateway)
{
	const struct json *before = json_at(gateway, "status.conditions");
	const struct json *old = json_first(json_at(gateway, "status.listeners"));
	int64_t generation = generation_of(gateway);
	struct json *status, *list, *one;

	if (mirror_find(controller->mirror, CLASSES, "",
			json_string_at(gateway, "spec.gatewayClassName")) == NULL)
		return;
	status = json_new_object();
	one = json_append(json_set_array(status, "addresses"), json_new_object());
	json_set_string(one, "type", "IPAddress");
	json_set_string(one, "value", "127.0.0.1");
	list = json_set_array(status, "conditions");
	add_condition(controller, list, before, "Accepted", true, "Accepted", generation);
	add_condition(controller, list, before, "Programmed", true, "Programmed", generation);
	list = json_set_array(status, "listeners");
	for (const struct json *listener = json_first(json_at(gateway, "spec.listeners"));
	     listener != NULL; listener = json_next(listener)) {
		before = json_get(old, "conditions");
		one = json_append(list, json_new_object());
		json_set_string(one, "name", json_string_at(listener, "name"));
		json_set_integer(one, "attachedRoutes", count_routes(controller, gateway));
		add_condition(controller, json_set_array(one, "conditions"), before, "Programmed",
			      true, "Programmed", generation);
		one = json_append(json_set_array(one, "supportedKinds"), json_new_object());
		json_set_string(one, "group", GATEWAY_GROUP);
		json_set_string(one, "kind", "HTTPRoute");
		old = json_next(old);
	}
	mirror_say(controller->mirror, GATEWAYS, gateway, status);
}

/* ---- routes ---- */

/* SERVICES, ALPHA_POOLS, GA_POOLS, or KINDS when the controller does not know what the reference
 * names. */
static int
backend_kind(struct controller *controller, const struct json *ref)
{
	const char *group = or (json_string_at(ref, "group"), "");
	const char *kind = or (json_string_at(ref, "kind"), "Service");
	int found = KINDS;

	if (group[0] == '\0' && text_equal(kind, "Service"))
		return SERVICES;
	if (!text_equal(kind, "InferencePool"))
		return KINDS;
	if (controller->serves_alpha && text_equal(group, ALPHA_GROUP))
		found = ALPHA_POOLS;
	else if (controller->serves_ga && text_equal(group, GA_GROUP))
		found = GA_POOLS;
	return found != KINDS && mirror_serves(controller->mirror, found) ? found : KINDS;
}

static const char *
resolve(struct controller *controller, const struct json *route)
{
	const struct json *rule = json_first(json_at(route, "spec.rules"));

	for (; rule != NULL; rule = json_next(rule)) {
		const struct json *ref = json_first(json_get(rule, "backendRefs"));

		for (; ref != NULL; ref = json_next(ref)) {
			int kind = backend_kind(controller, ref);

			if (json_integer_at(ref, "weight", 1) == 0)
				continue;
			if (kind == KINDS)
				return "InvalidKind";
			if (mirror_find(
				    controller->mirror, kind,
				    or (json_string_at(ref, "namespace"), mirror_namespace(route)),
				    json_string_at(ref, "name")) == NULL)
				return "BackendNotFound";
		}
	}
	return "ResolvedRefs";
}

static const struct json *
old_conditions(const struct json *parents, const struct json *ref)
{
	for (const struct json *one = json_first(parents); one != NULL; one = json_next(one))
		if (json_equal(json_get(one, "parentRef"), ref))
			return json_get(one, "conditions");
	return NULL;
}

static void
look_at_route(struct controller *controller, const struct json *route)
{
	struct json *status = json_new_object();
	struct json *parents = json_set_array(status, "parents");
	const char *verdict = resolve(controller, route), *owner;

	for (const struct json *ref = json_first(json_at(route, "spec.parentRefs")); ref != NULL;
	     ref = json_next(ref)) {
		const struct json *before = old_conditions(json_at(route, "status.parents"), ref);
		struct json *parent, *conditions;

		if (parent_gateway(controller, ref, route, &owner) == NULL)
			continue;
		parent = json_append(parents, json_new_object());
		conditions = json_set_array(parent, "conditions");
		add_condition(controller, conditions, before, "Accepted", true, "Accepted",
			      generation_of(route));
		add_condition(controller, conditions, before, "ResolvedRefs",
			      text_equal(verdict, "ResolvedRefs"), verdict, generation_of(route));
		json_set_string(parent, "controllerName", owner);
		json_set(parent, "parentRef", json_clone(ref));
	}
	mirror_say(controller->mirror, ROUTES, route, status);
}

/* ---- pools ---- */

static bool
names_pool(struct controller *controller, const struct json *route, int kind,
	   const struct json *pool)
{
	const struct json *rule = json_first(json_at(route, "spec.rules"));

	for (; rule != NULL; rule = json_next(rule)) {
		const struct json *ref = json_first(json_get(rule, "backendRefs"));

		for (; ref != NULL; ref = json_next(ref))
			if (backend_kind(controller, ref) == kind &&
			    text_equal(json_string_at(ref, "name"), mirror_name(pool)) &&
			    text_equal(
				    or (json_string_at(ref, "namespace"), mirror_namespace(route)),
				    mirror_namespace(pool)))
				return true;
	}
	return false;
}

static void
add_parents(struct controller *controller, const struct json *pool, const struct json *route,
	    const struct json *old, struct json *parents)
{
	const char *picker = json_string_at(pool, "spec.endpointPickerRef.name"), *owner;
	bool resolved;

	if (picker == NULL)
		picker = json_string_at(pool, "spec.extensionRef.name");
	resolved =
		mirror_find(controller->mirror, SERVICES, mirror_namespace(pool), picker) != NULL;
	for (const struct json *ref = json_first(json_at(route, "spec.parentRefs")); ref != NULL;
	     ref = json_next(ref)) {
		const struct json *gateway = parent_gateway(controller, ref, route, &owner);
		struct json *named, *parent, *conditions;

		if (gateway == NULL)
			continue;
		named = json_new_object();
		json_set_string(named, "kind", "Gateway");
		json_set_string(named, "name", mirror_name(gateway));
		json_set_string(named, "namespace", mirror_namespace(gateway));
		if (old_conditions(parents, named) != NULL) {
			json_free(named);
			continue;
		}
		parent = json_append(parents, json_new_object());
		conditions = json_set_array(parent, "conditions");
		add_condition(controller, conditions, old_conditions(old, named), "Accepted", true,
			      "Accepted", generation_of(pool));
		add_condition(controller, conditions, old_conditions(old, named), "ResolvedRefs",
			      resolved, resolved ? "ResolvedRefs" : "InvalidExtensionRef",
			      generation_of(pool));
		json_set(parent, "parentRef", named);
	}
}

/* A pool that no route names, and that none named, keeps what its CRD says. */
static void
look_at_pool(struct controller *controller, int kind, const struct json *pool)
{
	const char *list = kind == GA_POOLS ? "parents" : "parent";
	size_t routes = mirror_count(controller->mirror, ROUTES);
	const struct json *old = json_get(json_get(pool, "status"), list);
	struct json *status = json_new_object();
	struct json *parents = json_set_array(status, list);

	for (size_t i = 0; i < routes; i++)
		if (names_pool(controller, mirror_object(controller->mirror, ROUTES, i), kind,
			       pool))
			add_parents(controller, pool, mirror_object(controller->mirror, ROUTES, i),
				    old, parents);
	if (json_count(parents) == 0 &&
	    !text_equal(json_string_at(json_first(old), "parentRef.kind"), "Gateway"))
		json_remove(status, list);
	else if (json_count(parents) == 0)
		json_set(status, list, json_new_null());
	mirror_say(controller->mirror, kind, pool, status);
}

/* ---- Deployments ---- */

static bool
is_of(const struct json *pod, const struct json *deployment)
{
	return text_equal(json_string_at(pod, "metadata.ownerReferences[0].uid"),
			  json_string_at(deployment, "metadata.uid"));
}

static void
create_pod(struct controller *controller, const struct json *deployment, int64_t number)
{
	struct json *pod = json_clone(json_at(deployment, "spec.template"));
	struct json *metadata = json_set_object(pod, "metadata"), *owner;
	char name[260];

	snprintf(name, sizeof name, "%.200s-%.8s-%d", mirror_name(deployment),
		 json_string_at(deployment, "metadata.uid"), (int)number);
	json_set_string(pod, "apiVersion", "v1");
	json_set_string(pod, "kind", "Pod");
	json_set_string(metadata, "name", name);
	json_set_string(metadata, "namespace", mirror_namespace(deployment));
	owner = json_append(json_set_array(metadata, "ownerReferences"), json_new_object());
	json_set_string(owner, "apiVersion", "apps/v1");
	json_set_string(owner, "kind", "Deployment");
	json_set_string(owner, "name", mirror_name(deployment));
	json_set_string(owner, "uid", json_string_at(deployment, "metadata.uid"));
	json_set_bool(owner, "controller", true);
	mirror_create(controller->mirror, PODS, pod);
}

/* Ready as soon as it is there; gone with its Deployment. One that nobody owns waits for ever. */
static void
look_at_pod(struct controller *controller, const struct json *pod)
{
	struct mirror *mirror = controller->mirror;
	const struct json *before = json_at(pod, "status.conditions"), *owner;
	struct json *status;

	if (json_count(json_at(pod, "metadata.ownerReferences")) == 0)
		return;
	owner = mirror_find(mirror, DEPLOYMENTS, mirror_namespace(pod),
			    json_string_at(pod, "metadata.ownerReferences[0].name"));
	if (owner == NULL || !is_of(pod, owner)) {
		mirror_delete(mirror, PODS, pod);
		return;
	}
	status = json_new_object();
	json_set_string(status, "phase", "Running");
	add_condition(controller, json_set_array(status, "conditions"), before, "Ready", true,
		      "Ready", 0);
	mirror_say(mirror, PODS, pod, status);
}

static void
look_at_deployment(struct controller *controller, const struct json *deployment)
{
	static const char *const counts[] = { "replicas", "updatedReplicas", "readyReplicas",
					      "availableReplicas" };
	const struct json *before = json_at(deployment, "status.conditions");
	int64_t replicas = json_integer_at(deployment, "spec.replicas", 1), pods = 0;
	struct json *status = json_new_object();
	struct json *conditions, *one;

	for (size_t i = 0; i < mirror_count(controller->mirror, PODS); i++)
		pods += is_of(mirror_object(controller->mirror, PODS, i), deployment);
	for (; pods < replicas; pods++)
		create_pod(controller, deployment, pods);
	json_set_integer(status, "observedGeneration", generation_of(deployment));
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		json_set(status, counts[i],
			 replicas > 0 ? json_new_integer(replicas) : json_new_null());
	conditions = json_set_array(status, "conditions");
	one = add_condition(controller, conditions, before, "Available", true,
			    "MinimumReplicasAvailable", 0);
	json_set_string(one, "lastUpdateTime", json_string_at(one, "lastTransitionTime"));
	one = add_condition(controller, conditions, before, "Progressing", true,
			    "NewReplicaSetAvailable", 0);
	json_set_string(one, "lastUpdateTime", json_string_at(one, "lastTransitionTime"));
	mirror_say(controller->mirror, DEPLOYMENTS, deployment, status);
}

/* ---- the loop ---- */

static void
look_at(struct controller *controller, int kind, const struct json *object)
{
	if (kind == GATEWAYS)
		look_at_gateway(controller, object);
	else if (kind == ROUTES)
		look_at_route(controller, object);
	else if ((kind == ALPHA_POOLS && controller->serves_alpha) ||
		 (kind == GA_POOLS && controller->serves_ga))
		look_at_pool(controller, kind, object);
	else if (kind == DEPLOYMENTS)
		look_at_deployment(controller, object);
	else if (kind == PODS)
		look_at_pod(controller, object);
}

static void
run(struct controller *controller)
{
	for (;;) {
		mirror_wait(controller->mirror);
		for (int kind = 0; kind < KINDS; kind++) {
			for (size_t i = 0; i < mirror_count(controller->mirror, kind); i++) {
				const struct json *object =
					mirror_object(controller->mirror, kind, i);

				if (json_at(object, "metadata.deletionTimestamp") == NULL)
					look_at(controller, kind, object);
			}
		}
	}
}

int
main(int argc, char **argv)
{
	const char *serves = argc == 3 && strcmp(argv[1], "--serves") == 0 ? argv[2] : "both";
	struct controller controller = { .serves_alpha = strcmp(serves, "ga") != 0,
					 .serves_ga = strcmp(serves, "alpha") != 0 };
	struct err err;

	if (argc != 1 && argc != 3) {
		fprintf(stderr, "usage: controller [--serves both|alpha|ga]\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	http_global_init();
	controller.mirror = mirror_new(&err);
	if (controller.mirror == NULL) {
		fprintf(stderr, "controller: %s\n", err.text);
		return 2;
	}
	run(&controller);
}
