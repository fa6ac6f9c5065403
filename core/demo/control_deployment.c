#include "core/demo/control.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/kind.h"

#define HASH_LABEL "pod-template-hash"
/* More Pods of one Deployment than a demo wants: a typing error in a scale must not fill the
 * memory. */
#define REPLICAS_MAX 200

static void deployment_notice(struct controller *controller, const struct store_event *event);
static void deployment_act(struct controller *controller, const char *namespace, const char *name);

const struct control_row control_deployment = {
	.name = "deployment",
	.manager = MANAGER_KUBE,
	.help = "Deployments own as many Pods as they ask for, renew them when the template "
		"changes, and report them.",
	.notice = deployment_notice,
	.act = deployment_act,
};

struct census {
	int64_t want;
	int64_t all;   /* Pods of any template */
	int64_t fresh; /* of the present template */
	int64_t fresh_ready;
	int64_t ready;
};

static void
deployment_notice(struct controller *controller, const struct store_event *event)
{
	const struct store_object *subject = control_subject(event);
	const struct json *owner;
	const char *name;

	if (event->now != NULL && control_is(event, "apps", "deployments")) {
		controller_queue(controller, &control_deployment, subject->namespace, subject->name,
				 controller_delays(controller).conditions);
	} else if (control_is(event, "", "pods")) {
		owner = json_first(json_at(store_value(controller_demo(controller)->store, subject),
					   "metadata.ownerReferences"));
		name = json_string_at(owner, "name");
		if (name != NULL && text_equal(json_string_at(owner, "kind"), "Deployment"))
			controller_queue(controller, &control_deployment, subject->namespace, name,
					 controller_delays(controller).conditions);
	} else if (control_is(event, "", "serviceaccounts") && event->change == STORE_ADDED) {
		controller_queue_all(controller, &control_deployment, "apps", "deployments",
				     subject->namespace, controller_delays(controller).conditions);
	}
}

/* FNV-1a of the template's text, in the letters that Kubernetes uses for such names: no vowels, no
 * words. */
static void
template_hash(const struct json *template, char hash[11])
{
	static const char letters[] = "bcdfghjklmnpqrstvwxz2456789";
	char *text = json_text(template);
	uint64_t sum = UINT64_C(14695981039346656037);
	const char *at;
	int i;

	for (at = text; *at != '\0'; at++)
		sum = (sum ^ (unsigned char)*at) * UINT64_C(1099511628211);
	for (i = 0; i < 10; i++) {
		hash[i] = letters[sum % (sizeof(letters) - 1)];
		sum /= sizeof(letters) - 1;
	}
	hash[10] = '\0';
	free(text);
}

static bool
is_owned(const struct json *pod, const char *uid)
{
	const struct json *owner;

	for (owner = json_first(json_at(pod, "metadata.ownerReferences")); owner != NULL;
	     owner = json_next(owner))
		if (text_equal(json_string_at(owner, "uid"), uid))
			return true;
	return false;
}

static bool
is_ready(const struct json *pod)
{
	const struct json *condition;

	for (condition = json_first(json_at(pod, "status.conditions")); condition != NULL;
	     condition = json_next(condition))
		if (text_equal(json_string_at(condition, "type"), "Ready"))
			return text_equal(json_string_at(condition, "status"), "True");
	return false;
}

static bool
is_fresh(const struct json *pod, const char *hash)
{
	return text_equal(json_string(json_get(json_at(pod, "metadata.labels"), HASH_LABEL)), hash);
}

static struct census
take_census(struct controller *controller, const struct json *deployment, const char *hash)
{
	struct store *store = controller_demo(controller)->store;
	const char *uid = json_string_at(deployment, "metadata.uid");
	const char *namespace = json_string_at(deployment, "metadata.namespace");
	const struct store_object *object = NULL;
	const struct json *pod;
	struct census census = { .want = json_integer_at(deployment, "spec.replicas", 1) };

	if (census.want > REPLICAS_MAX)
		census.want = REPLICAS_MAX;
	while ((object = store_next(store, "", "pods", namespace, object)) != NULL) {
		pod = store_value(store, object);
		if (!is_owned(pod, uid))
			continue;
		census.all++;
		census.ready += is_ready(pod);
		census.fresh += is_fresh(pod, hash);
		census.fresh_ready += is_fresh(pod, hash) && is_ready(pod);
	}
	return census;
}

static void
create_pod(struct controller *controller, const struct json *deployment, const char *hash)
{
	struct demo *demo = controller_demo(controller);
	struct json *pod = json_clone(json_at(deployment, "spec.template"));
	struct json *metadata = json_set_object(pod, "metadata");
	struct json *owner;
	struct buf name;

	buf_init(&name, 300);
	buf_printf(&name, "%.230s-%s-%05" PRIx64, json_string_at(deployment, "metadata.name"), hash,
		   inside_random(demo) & 0xfffff);
	json_set_string(pod, "apiVersion", "v1");
	json_set_string(pod, "kind", "Pod");
	json_set_string(metadata, "name", name.bytes);
	json_set_string(metadata, "namespace", json_string_at(deployment, "metadata.namespace"));
	json_set_string(json_set_object(metadata, "labels"), HASH_LABEL, hash);
	owner = json_append(json_set_array(metadata, "ownerReferences"), json_new_object());
	json_set_string(owner, "apiVersion", "apps/v1");
	json_set_bool(owner, "blockOwnerDeletion", true);
	json_set_bool(owner, "controller", true);
	json_set_string(owner, "kind", "Deployment");
	json_set_string(owner, "name", json_string_at(deployment, "metadata.name"));
	json_set_string(owner, "uid", json_string_at(deployment, "metadata.uid"));
	json_set_string(json_set_object(pod, "status"), "phase", "Pending");
	inside_create(demo, MANAGER_KUBE, pod, NULL);
	buf_release(&name);
}

/* Takes away `count` Pods, of the present template or of older ones; those that are not ready
 * first. */
static void
delete_pods(struct controller *controller, const struct json *deployment, const char *hash,
	    bool fresh, int64_t count)
{
	struct demo *demo = controller_demo(controller);
	const char *uid = json_string_at(deployment, "metadata.uid");
	const char *namespace = json_string_at(deployment, "metadata.namespace");
	const struct store_object *object;
	const struct json *pod;
	int ready;

	for (ready = 0; ready < 2; ready++) {
		object = NULL;
		while (count > 0 &&
		       (object = store_next(demo->store, "", "pods", namespace, object)) != NULL) {
			pod = store_value(demo->store, object);
			if (!is_owned(pod, uid) || is_fresh(pod, hash) != fresh ||
			    is_ready(pod) != (ready != 0))
				continue;
			inside_delete(demo, "", "pods", namespace, object->name, object->uid, NULL);
			count--;
		}
	}
}

/* A Pod is only admitted when its ServiceAccount is there; every namespace has "default". */
static bool
account_is_there(struct controller *controller, const struct json *deployment)
{
	const char *account = json_string_at(deployment, "spec.template.spec.serviceAccountName");

	return account == NULL || account[0] == '\0' ||
	       store_get(controller_demo(controller)->store, "", "serviceaccounts",
			 json_string_at(deployment, "metadata.namespace"), account) != NULL;
}

static void
write_conditions(struct controller *controller, const struct json *deployment,
		 const struct census *census, const char *hash, struct json *conditions)
{
	const struct json *before = json_at(deployment, "status.conditions");
	const char *name = json_string_at(deployment, "metadata.name");
	bool enough = census->ready >= census->want - census->want * 25 / 100;
	bool done = census->fresh_ready >= census->want && census->all == census->fresh;
	struct buf message;

	buf_init(&message, BUF_KIB);
	control_condition(controller, conditions, before, "Available", enough,
			  enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
			  enough ? "Deployment has minimum availability."
				 : "Deployment does not have minimum availability.",
			  0);
	buf_printf(&message, "ReplicaSet \"%s-%s\" %s", name, hash,
		   done ? "has successfully progressed." : "is progressing.");
	control_condition(controller, conditions, before, "Progressing", true,
			  done ? "NewReplicaSetAvailable" : "ReplicaSetUpdated", message.bytes, 0);
	if (!account_is_there(controller, deployment)) {
		buf_clear(&message);
		buf_printf(&message,
			   "pods \"%s-%s-\" is forbidden: error looking up service account %s/%s: "
			   "serviceaccount \"%s\" not found",
			   name, hash, json_string_at(deployment, "metadata.namespace"),
			   json_string_at(deployment, "spec.template.spec.serviceAccountName"),
			   json_string_at(deployment, "spec.template.spec.serviceAccountName"));
		control_condition(controller, conditions, before, "ReplicaFailure", true,
				  "FailedCreate", message.bytes, 0);
	}
	buf_release(&message);
}

static void
write_status(struct controller *controller, const struct json *deployment,
	     const struct census *census, const char *hash)
{
	struct json *status = json_new_object();
	struct json *condition;

	json_set_integer(status, "observedGeneration", control_generation(deployment));
	if (census->all > 0)
		json_set_integer(status, "replicas", census->all);
	if (census->fresh > 0)
		json_set_integer(status, "updatedReplicas", census->fresh);
	if (census->ready > 0) {
		json_set_integer(status, "readyReplicas", census->ready);
		json_set_integer(status, "availableReplicas", census->ready);
	}
	if (census->want > census->ready)
		json_set_integer(status, "unavailableReplicas", census->want - census->ready);
	write_conditions(controller, deployment, census, hash,
			 json_set_array(status, "conditions"));
	for (condition = json_first_mutable(json_get_mutable(status, "conditions"));
	     condition != NULL; condition = json_next_mutable(condition))
		json_set_string(condition, "lastUpdateTime",
				json_string_at(condition, "lastTransitionTime"));
	inside_status(controller_demo(controller), MANAGER_KUBE, "apps", "deployments",
		      json_string_at(deployment, "metadata.namespace"),
		      json_string_at(deployment, "metadata.name"), status, NULL);
}

/* Old Pods go when the new ones stand, so that a change of the template costs no availability. */
static void
deployment_act(struct controller *controller, const char *namespace, const char *name)
{
	const struct json *deployment =
		control_value(controller, "apps", "deployments", namespace, name);
	struct census census;
	char hash[11];
	int64_t i;

	if (deployment == NULL || json_string_at(deployment, "metadata.deletionTimestamp") != NULL)
		return;
	template_hash(json_at(deployment, "spec.template"), hash);
	census = take_census(controller, deployment, hash);
	if (account_is_there(controller, deployment))
		for (i = census.fresh; i < census.want; i++)
			create_pod(controller, deployment, hash);
	if (census.fresh > census.want)
		delete_pods(controller, deployment, hash, true, census.fresh - census.want);
	if (census.fresh_ready >= census.want && census.all > census.fresh)
		delete_pods(controller, deployment, hash, false, census.all - census.fresh);
	census = take_census(controller, deployment, hash);
	write_status(controller, deployment, &census, hash);
}
