#include "core/demo/control.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/text.h"
#include "core/demo/author.h"
#include "core/demo/gateway.h"
#include "core/model/kind.h"

static void kubelet_notice(struct controller *controller, const struct store_event *event);
static void kubelet_act(struct controller *controller, const char *namespace, const char *name);

const struct control_row control_kubelet = {
	.name = "kubelet",
	.manager = MANAGER_KUBELET,
	.help = "Pods run and become Ready after a while; those of a picker only while what it "
		"needs to live is there.",
	.notice = kubelet_notice,
	.act = kubelet_act,
};

static void
queue_pickers(struct controller *controller, const char *namespace, int64_t delay)
{
	struct store *store = control_demo(controller)->store;
	const struct store_object *object = NULL;

	while ((object = store_next(store, "", "pods", namespace, object)) != NULL)
		if (control_is_picker(store_value(store, object)))
			control_queue(controller, &control_kubelet, object->namespace, object->name,
				      delay);
}

static void
kubelet_notice(struct controller *controller, const struct store_event *event)
{
	struct controller_delays delays = control_delays(controller);
	const struct store_object *subject = control_subject(event);
	int64_t delay = event->change == STORE_DELETED ? delays.conditions : delays.pods;
	struct demo *demo = control_demo(controller);

	if (event->change == STORE_ADDED && control_is(event, "", "pods")) {
		control_queue(controller, &control_kubelet, subject->namespace, subject->name,
			      delays.pods);
		if (control_is_picker(store_value(demo->store, subject)))
			gateway_picker_came(demo->gateway, subject->namespace);
	} else if (strcmp(subject->resource, "inferencepools") == 0 &&
		   event->change != STORE_MODIFIED) {
		queue_pickers(controller, NULL, delay);
	} else if (control_is(event, "", "serviceaccounts") && event->change != STORE_MODIFIED) {
		queue_pickers(controller, subject->namespace, delay);
	} else if (control_is(event, GROUP_CRD, "customresourcedefinitions") &&
		   text_ends(subject->name, ".inference.networking.x-k8s.io")) {
		queue_pickers(controller, NULL, delay);
	}
}

/* The value of a Go flag among a container's arguments: "-name value", "--name value",
 * "--name=value". */
static const char *
flag(const struct json *args, const char *name)
{
	const struct json *arg;
	const char *text;
	size_t length = strlen(name);

	for (arg = json_first(args); arg != NULL; arg = json_next(arg)) {
		text = json_string(arg);
		if (text == NULL || text[0] != '-')
			continue;
		text += text[1] == '-' ? 2 : 1;
		if (strncmp(text, name, length) != 0)
			continue;
		if (text[length] == '=')
			return text + length + 1;
		if (text[length] == '\0')
			return json_string(json_next(arg));
	}
	return NULL;
}

/* Pickers before v1.0.0 know the alpha group only; later ones look at GA unless told (DOMAIN §7).
 */
static const char *
why_picker_waits(struct controller *controller, const struct json *pod)
{
	struct demo *demo = control_demo(controller);
	const struct json *container = json_item(json_at(pod, "spec.containers"), 0);
	const struct json *args = json_get(container, "args");
	const char *namespace = json_string_at(pod, "metadata.namespace");
	const char *image = json_string_at(container, "image");
	const char *account = json_string_at(pod, "spec.serviceAccountName");
	bool old = image != NULL && strstr(image, ":v0.") != NULL;
	const char *pool = flag(args, old ? "poolName" : "pool-name");
	const char *pool_namespace = flag(args, old ? "poolNamespace" : "pool-namespace");
	const char *group = flag(args, "pool-group");

	if (pool == NULL)
		pool = flag(args, old ? "pool-name" : "poolName");
	if (pool_namespace == NULL)
		pool_namespace = flag(args, old ? "pool-namespace" : "poolNamespace");
	if (pool_namespace == NULL)
		pool_namespace = namespace;
	if (group == NULL)
		group = old ? GROUP_ALPHA : GROUP_GA;
	if (account != NULL && account[0] != '\0' &&
	    store_get(demo->store, "", "serviceaccounts", namespace, account) == NULL)
		return "its ServiceAccount is gone";
	if (!old && !inside_serves(demo, GROUP_ALPHA, "inferenceobjectives"))
		return "the CRD of InferenceObjectives is not installed";
	if (pool == NULL ||
	    store_get(demo->store, group, "inferencepools", pool_namespace, pool) == NULL)
		return "its pool is not there";
	return NULL;
}

/* An address that stays the Pod's: from its uid, in the range of a cluster's Pods. */
static void
write_address(struct json *status, const char *uid)
{
	struct buf address;
	struct json *ip;
	unsigned long sum = 5381;
	const char *at;

	buf_init(&address, 40);
	for (at = uid; *at != '\0'; at++)
		sum = sum * 33 + (unsigned char)*at;
	buf_printf(&address, "10.244.%lu.%lu", sum / 250 % 250, 2 + sum % 250);
	json_set_string(status, "podIP", address.bytes);
	ip = json_append(json_set_array(status, "podIPs"), json_new_object());
	json_set_string(ip, "ip", address.bytes);
	buf_release(&address);
}

static void
write_containers(struct json *status, const struct json *pod, bool ready, const char *since)
{
	struct json *list = json_set_array(status, "containerStatuses");
	const struct json *container;
	struct json *one;

	for (container = json_first(json_at(pod, "spec.containers")); container != NULL;
	     container = json_next(container)) {
		one = json_append(list, json_new_object());
		json_set_string(one, "image", json_string_at(container, "image"));
		json_set_string(one, "imageID", "");
		json_set_string(one, "name", json_string_at(container, "name"));
		json_set_bool(one, "ready", ready);
		json_set_integer(one, "restartCount", 0);
		json_set_bool(one, "started", true);
		json_set_string(json_set_object(json_set_object(one, "state"), "running"),
				"startedAt", since);
	}
}

static void
kubelet_act(struct controller *controller, const char *namespace, const char *name)
{
	const struct json *pod = control_value(controller, "", "pods", namespace, name);
	const struct json *before = json_at(pod, "status.conditions");
	const char *since = json_string_at(pod, "metadata.creationTimestamp");
	const char *waits;
	const char *reason;
	struct json *status;
	struct json *conditions;

	if (pod == NULL)
		return;
	waits = control_is_picker(pod) ? why_picker_waits(controller, pod) : NULL;
	reason = waits == NULL ? NULL : "ContainersNotReady";
	status = json_new_object();
	conditions = json_set_array(status, "conditions");
	control_condition(controller, conditions, before, "PodScheduled", true, NULL, NULL, 0);
	control_condition(controller, conditions, before, "Initialized", true, NULL, NULL, 0);
	control_condition(controller, conditions, before, "ContainersReady", waits == NULL, reason,
			  waits, 0);
	control_condition(controller, conditions, before, "Ready", waits == NULL, reason, waits, 0);
	write_containers(status, pod, waits == NULL, since);
	json_set_string(status, "phase", "Running");
	write_address(status, json_string_at(pod, "metadata.uid"));
	json_set_string(status, "qosClass", "BestEffort");
	json_set_string(status, "startTime", since);
	author_status(control_demo(controller), MANAGER_KUBELET, "", "pods", namespace, name,
		      status, NULL);
}
