#include "core/demo/replicas.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/demo/author.h"
#include "core/demo/control.h"

#define HASH_LABEL "pod-template-hash"

/* FNV-1a of the template's text, in the letters that Kubernetes uses for such names: no vowels, no
 * words. */
void
replicas_hash(const struct json *template, char hash[REPLICAS_HASH_MAX])
{
	static const char letters[] = "bcdfghjklmnpqrstvwxz2456789";
	char *text = json_text(template);
	uint64_t sum = UINT64_C(14695981039346656037);
	const char *at;
	int i;

	for (at = text; *at != '\0'; at++)
		sum = (sum ^ (unsigned char)*at) * UINT64_C(1099511628211);
	for (i = 0; i < REPLICAS_HASH_MAX - 1; i++) {
		hash[i] = letters[sum % (sizeof(letters) - 1)];
		sum /= sizeof(letters) - 1;
	}
	hash[i] = '\0';
	free(text);
}

/* The owner of that kind, or NULL. */
static const struct json *
owner_of(const struct json *object, const char *kind)
{
	const struct json *owner;

	for (owner = json_first(json_at(object, "metadata.ownerReferences")); owner != NULL;
	     owner = json_next(owner))
		if (text_equal(json_string_at(owner, "kind"), kind))
			return owner;
	return NULL;
}

/* The Deployment's reference in the ReplicaSet that the Pod's own reference means. */
static const struct json *
owner_of_pod(struct demo *demo, const struct store_object *pod)
{
	const struct json *owner = owner_of(store_value(demo->store, pod), "ReplicaSet");
	const char *name = json_string_at(owner, "name");
	const struct store_object *set =
		name == NULL ? NULL
			     : store_get(demo->store, "apps", "replicasets", pod->namespace, name);

	if (set == NULL || !text_equal(json_string_at(owner, "uid"), set->uid))
		return NULL;
	return owner_of(store_value(demo->store, set), "Deployment");
}

const char *
replicas_deployment(struct demo *demo, const struct store_object *object)
{
	bool set = strcmp(object->resource, "replicasets") == 0;

	return json_string_at(set ? owner_of(store_value(demo->store, object), "Deployment")
				  : owner_of_pod(demo, object),
			      "name");
}

bool
replicas_has(struct demo *demo, const struct json *deployment, const struct store_object *pod)
{
	return text_equal(json_string_at(owner_of_pod(demo, pod), "uid"),
			  json_string_at(deployment, "metadata.uid"));
}

bool
replicas_is_ready(const struct json *pod)
{
	const struct json *condition;

	for (condition = json_first(json_at(pod, "status.conditions")); condition != NULL;
	     condition = json_next(condition))
		if (text_equal(json_string_at(condition, "type"), "Ready"))
			return text_equal(json_string_at(condition, "status"), "True");
	return false;
}

bool
replicas_is_fresh(const struct json *pod, const char *hash)
{
	return text_equal(json_string(json_get(json_at(pod, "metadata.labels"), HASH_LABEL)), hash);
}

static const struct store_object *
set_of(struct demo *demo, const struct json *deployment, const char *hash)
{
	const struct store_object *set;
	struct buf name;

	buf_init(&name, 300);
	buf_printf(&name, "%.230s-%s", json_string_at(deployment, "metadata.name"), hash);
	set = store_get(demo->store, "apps", "replicasets",
			json_string_at(deployment, "metadata.namespace"), name.bytes);
	buf_release(&name);
	return set;
}

/* The next of the Deployment's ReplicaSets after `before`. */
static const struct store_object *
next_set(struct demo *demo, const struct json *deployment, const struct store_object *before)
{
	const char *namespace = json_string_at(deployment, "metadata.namespace");
	const char *uid = json_string_at(deployment, "metadata.uid");
	const struct json *owner;

	while ((before = store_next(demo->store, "apps", "replicasets", namespace, before)) !=
	       NULL) {
		owner = owner_of(store_value(demo->store, before), "Deployment");
		if (text_equal(json_string_at(owner, "uid"), uid))
			return before;
	}
	return NULL;
}

static void
own(struct json *metadata, const char *kind, const char *name, const char *uid)
{
	struct json *owner;

	owner = json_append(json_set_array(metadata, "ownerReferences"), json_new_object());
	json_set_string(owner, "apiVersion", "apps/v1");
	json_set_bool(owner, "blockOwnerDeletion", true);
	json_set_bool(owner, "controller", true);
	json_set_string(owner, "kind", kind);
	json_set_string(owner, "name", name);
	json_set_string(owner, "uid", uid);
}

/* The Deployment's template with the hash among its labels. */
static struct json *
template_of(const struct json *deployment, const char *hash)
{
	struct json *template = json_clone(json_at(deployment, "spec.template"));

	json_set_string(json_set_object(json_set_object(template, "metadata"), "labels"),
			HASH_LABEL, hash);
	return template;
}

static void
create_set(struct demo *demo, const struct json *deployment, const char *hash, int64_t want)
{
	struct json *set = json_new_object();
	struct json *metadata = json_set_object(set, "metadata");
	struct json *spec = json_set_object(set, "spec");
	struct json *template = template_of(deployment, hash);
	struct buf name;

	buf_init(&name, 300);
	buf_printf(&name, "%.230s-%s", json_string_at(deployment, "metadata.name"), hash);
	json_set_string(set, "apiVersion", "apps/v1");
	json_set_string(set, "kind", "ReplicaSet");
	json_set_string(metadata, "name", name.bytes);
	json_set_string(metadata, "namespace", json_string_at(deployment, "metadata.namespace"));
	json_set(metadata, "labels", json_clone(json_at(template, "metadata.labels")));
	own(metadata, "Deployment", json_string_at(deployment, "metadata.name"),
	    json_string_at(deployment, "metadata.uid"));
	json_set_integer(spec, "replicas", want);
	json_set(spec, "selector", json_clone(json_at(deployment, "spec.selector")));
	json_set_string(json_set_object(json_set_object(spec, "selector"), "matchLabels"),
			HASH_LABEL, hash);
	json_set(spec, "template", template);
	author_create(demo, MANAGER_KUBE, set, NULL);
	buf_release(&name);
}

static void
resize(struct demo *demo, const struct store_object *set, int64_t want)
{
	struct json *changed = json_clone(store_value(demo->store, set));

	json_set_integer(json_set_object(changed, "spec"), "replicas", want);
	author_update(demo, MANAGER_KUBE, changed, NULL);
}

void
replicas_set(struct demo *demo, const struct json *deployment, const char *hash, int64_t want)
{
	const struct store_object *fresh = set_of(demo, deployment, hash);
	const struct store_object *set = NULL;

	if (fresh == NULL)
		create_set(demo, deployment, hash, want);
	fresh = set_of(demo, deployment, hash);
	while ((set = next_set(demo, deployment, set)) != NULL) {
		bool current = fresh != NULL && strcmp(set->name, fresh->name) == 0;

		if (json_integer_at(store_value(demo->store, set), "spec.replicas", 1) ==
		    (current ? want : 0))
			continue;
		resize(demo, set, current ? want : 0);
	}
}

void
replicas_add_pod(struct demo *demo, const struct json *deployment, const char *hash)
{
	const struct store_object *set = set_of(demo, deployment, hash);
	struct json *pod;
	struct json *metadata;
	struct buf name;

	if (set == NULL)
		return;
	pod = template_of(deployment, hash);
	metadata = json_set_object(pod, "metadata");
	buf_init(&name, 300);
	buf_printf(&name, "%s-%05" PRIx64, set->name, inside_random(demo) & 0xfffff);
	json_set_string(pod, "apiVersion", "v1");
	json_set_string(pod, "kind", "Pod");
	json_set_string(metadata, "name", name.bytes);
	json_set_string(metadata, "namespace", set->namespace);
	own(metadata, "ReplicaSet", set->name, set->uid);
	json_set_string(json_set_object(pod, "status"), "phase", "Pending");
	author_create(demo, MANAGER_KUBE, pod, NULL);
	buf_release(&name);
}

void
replicas_drop_pods(struct demo *demo, const struct json *deployment, const char *hash, bool fresh,
		   int64_t count)
{
	const char *namespace = json_string_at(deployment, "metadata.namespace");
	const struct store_object *object;
	const struct json *pod;
	int ready;

	for (ready = 0; ready < 2; ready++) {
		object = NULL;
		while (count > 0 &&
		       (object = store_next(demo->store, "", "pods", namespace, object)) != NULL) {
			pod = store_value(demo->store, object);
			if (!replicas_has(demo, deployment, object) ||
			    replicas_is_fresh(pod, hash) != fresh ||
			    replicas_is_ready(pod) != (ready != 0))
				continue;
			author_delete(demo, "", "pods", namespace, object->name, object->uid, NULL);
			count--;
		}
	}
}

static void
report_set(struct demo *demo, const struct store_object *set)
{
	const struct store_object *pod = NULL;
	const struct json *owner;
	struct json *status = json_new_object();
	int64_t all = 0;
	int64_t ready = 0;

	while ((pod = store_next(demo->store, "", "pods", set->namespace, pod)) != NULL) {
		owner = owner_of(store_value(demo->store, pod), "ReplicaSet");
		if (!text_equal(json_string_at(owner, "uid"), set->uid))
			continue;
		all++;
		ready += replicas_is_ready(store_value(demo->store, pod));
	}
	json_set_integer(status, "observedGeneration",
			 json_integer_at(store_value(demo->store, set), "metadata.generation", 0));
	json_set_integer(status, "replicas", all);
	if (all > 0)
		json_set_integer(status, "fullyLabeledReplicas", all);
	if (ready > 0) {
		json_set_integer(status, "readyReplicas", ready);
		json_set_integer(status, "availableReplicas", ready);
	}
	author_status(demo, MANAGER_KUBE, "apps", "replicasets", set->namespace, set->name, status,
		      NULL);
}

void
replicas_report(struct demo *demo, const struct json *deployment)
{
	const struct store_object *set = NULL;

	while ((set = next_set(demo, deployment, set)) != NULL)
		report_set(demo, set);
}
