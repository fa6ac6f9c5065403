#include "core/demo/control.h"

#include <string.h>

#include "core/base/text.h"
#include "core/demo/author.h"
#include "core/demo/replicas.h"

/* More Pods of one Deployment than a demo wants: a typing error in a scale must not fill the
 * memory. */
#define REPLICAS_MAX 200

static void deployment_notice(struct controller *controller, const struct store_event *event);
static void deployment_act(struct controller *controller, const char *namespace, const char *name);

const struct control_row control_deployment = {
	.name = "deployment",
	.manager = MANAGER_KUBE,
	.help = "Deployments have as many Pods as they ask for, in a ReplicaSet for each template; "
		"they renew them when the template changes, and report them.",
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
	const char *name;

	if (event->now != NULL && control_is(event, "apps", "deployments")) {
		control_queue(controller, &control_deployment, subject->namespace, subject->name,
			      control_delays(controller).conditions);
	} else if (control_is(event, "", "pods") || control_is(event, "apps", "replicasets")) {
		name = replicas_deployment(control_demo(controller), subject);
		if (name != NULL)
			control_queue(controller, &control_deployment, subject->namespace, name,
				      control_delays(controller).conditions);
	} else if (control_is(event, "", "serviceaccounts") && event->change == STORE_ADDED) {
		control_queue_all(controller, &control_deployment, "apps", "deployments",
				  subject->namespace, control_delays(controller).conditions);
	}
}

static struct census
take_census(struct controller *controller, const struct json *deployment, const char *hash)
{
	struct store *store = control_demo(controller)->store;
	const char *namespace = json_string_at(deployment, "metadata.namespace");
	const struct store_object *object = NULL;
	const struct json *pod;
	struct census census = { .want = json_integer_at(deployment, "spec.replicas", 1) };

	if (census.want > REPLICAS_MAX)
		census.want = REPLICAS_MAX;
	while ((object = store_next(store, "", "pods", namespace, object)) != NULL) {
		pod = store_value(store, object);
		if (!replicas_has(control_demo(controller), deployment, object))
			continue;
		census.all++;
		census.ready += replicas_is_ready(pod);
		census.fresh += replicas_is_fresh(pod, hash);
		census.fresh_ready += replicas_is_fresh(pod, hash) && replicas_is_ready(pod);
	}
	return census;
}

/* A Pod is only admitted when its ServiceAccount is there; every namespace has "default". */
static bool
account_is_there(struct controller *controller, const struct json *deployment)
{
	const char *account = json_string_at(deployment, "spec.template.spec.serviceAccountName");

	return account == NULL || account[0] == '\0' ||
	       store_get(control_demo(controller)->store, "", "serviceaccounts",
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
	author_status(control_demo(controller), MANAGER_KUBE, "apps", "deployments",
		      json_string_at(deployment, "metadata.namespace"),
		      json_string_at(deployment, "metadata.name"), status, NULL);
}

/* Old Pods go when the new ones stand, so that a change of the template costs no availability. */
static void
deployment_act(struct controller *controller, const char *namespace, const char *name)
{
	struct demo *demo = control_demo(controller);
	const struct json *deployment =
		control_value(controller, "apps", "deployments", namespace, name);
	struct census census;
	char hash[REPLICAS_HASH_MAX];
	int64_t i;

	if (deployment == NULL || json_string_at(deployment, "metadata.deletionTimestamp") != NULL)
		return;
	replicas_hash(json_at(deployment, "spec.template"), hash);
	census = take_census(controller, deployment, hash);
	replicas_set(demo, deployment, hash, census.want);
	if (account_is_there(controller, deployment))
		for (i = census.fresh; i < census.want; i++)
			replicas_add_pod(demo, deployment, hash);
	if (census.fresh > census.want)
		replicas_drop_pods(demo, deployment, hash, true, census.fresh - census.want);
	if (census.fresh_ready >= census.want && census.all > census.fresh)
		replicas_drop_pods(demo, deployment, hash, false, census.all - census.fresh);
	census = take_census(controller, deployment, hash);
	replicas_report(demo, deployment);
	write_status(controller, deployment, &census, hash);
}
