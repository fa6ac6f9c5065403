#include <string.h>

#include "core/model/decode.h"

static struct string_list
decode_config_maps(struct decode *d, const struct json *pod)
{
	const struct json *volumes = json_get(pod, "volumes");
	const struct json *containers = json_get(pod, "containers");
	size_t room = json_count(volumes), count = 0;
	const char **names;

	for (const struct json *c = json_first(containers); c != NULL; c = json_next(c))
		room += json_count(json_get(c, "envFrom"));
	if (room == 0)
		return (struct string_list){ 0 };
	names = arena_array(d->arena, room, sizeof(*names));
	for (const struct json *v = json_first(volumes); v != NULL; v = json_next(v))
		if (json_string_at(v, "configMap.name") != NULL)
			names[count++] = decode_text(d, v, "configMap.name", "");
	for (const struct json *c = json_first(containers); c != NULL; c = json_next(c))
		for (const struct json *e = json_first(json_get(c, "envFrom")); e != NULL;
		     e = json_next(e))
			if (json_string_at(e, "configMapRef.name") != NULL)
				names[count++] = decode_text(d, e, "configMapRef.name", "");
	return (struct string_list){ .items = names, .count = count };
}

void
decode_deployment(struct decode *d, const struct json *json, struct object *object)
{
	const struct json *spec = json_get(json, "spec"), *status = json_get(json, "status");
	const struct json *pod = json_at(spec, "template.spec");
	const struct json *first = json_at(pod, "containers[0]");

	object->deployment = (struct deployment){
		.desired = json_integer_at(spec, "replicas", 1),
		.ready = json_integer_at(status, "readyReplicas", 0),
		.available = json_integer_at(status, "availableReplicas", 0),
		.observed_generation = json_integer_at(status, "observedGeneration", 0),
		.selector = decode_pairs(d, json_at(spec, "selector.matchLabels")),
		.pod_labels = decode_pairs(d, json_at(spec, "template.metadata.labels")),
		.service_account = decode_text(d, pod, "serviceAccountName", "default"),
		.image = decode_text(d, first, "image", ""),
		.args = decode_strings(d, json_get(first, "args")),
		.config_maps = decode_config_maps(d, pod),
		.conditions = decode_conditions(d, json_get(status, "conditions")),
	};
}

void
decode_service(struct decode *d, const struct json *json, struct object *object)
{
	const struct json *spec = json_get(json, "spec");
	struct service *service = &object->service;

	service->selector = decode_pairs(d, json_get(spec, "selector"));
	service->ports = decode_ports(d, json_get(spec, "ports"), "port", &service->port_count);
}

void
decode_pod(struct decode *d, const struct json *json, struct object *object)
{
	const struct json *status = json_get(json, "status");

	object->pod = (struct pod){
		.phase = decode_text(d, status, "phase", ""),
		.ip = decode_text(d, status, "podIP", ""),
	};
	for (const struct json *c = json_first(json_get(status, "conditions")); c != NULL;
	     c = json_next(c)) {
		const char *type = json_string_at(c, "type");
		const char *answer = json_string_at(c, "status");

		if (type != NULL && answer != NULL && strcmp(type, "Ready") == 0)
			object->pod.ready = strcmp(answer, "True") == 0;
	}
}

void
decode_binding(struct decode *d, const struct json *json, struct object *object)
{
	const struct json *array = json_get(json, "subjects");
	size_t room = json_count(array);
	struct binding *binding = &object->binding;
	struct subject *subjects;

	binding->role_kind = decode_text(d, json, "roleRef.kind", "");
	binding->role = decode_text(d, json, "roleRef.name", "");
	if (room == 0)
		return;
	subjects = arena_array(d->arena, room, sizeof(*subjects));
	for (const struct json *c = json_first(array); c != NULL; c = json_next(c))
		subjects[binding->subject_count++] = (struct subject){
			.kind = decode_text(d, c, "kind", ""),
			.ns = decode_text(d, c, "namespace", ""),
			.name = decode_text(d, c, "name", ""),
		};
	binding->subjects = subjects;
}

static struct string_list
decode_served(struct decode *d, const struct json *versions)
{
	size_t room = json_count(versions), count = 0;
	const char **names;

	if (room == 0)
		return (struct string_list){ 0 };
	names = arena_array(d->arena, room, sizeof(*names));
	for (const struct json *c = json_first(versions); c != NULL; c = json_next(c))
		if (json_bool_at(c, "served", false))
			names[count++] = decode_text(d, c, "name", "");
	return (struct string_list){ .items = names, .count = count };
}

void
decode_crd(struct decode *d, const struct json *json, struct object *object)
{
	const struct json *spec = json_get(json, "spec"), *status = json_get(json, "status");
	const char *bundle =
		kv_find(&object->meta.annotations, "inference.networking.k8s.io/bundle-version");
	struct crd *crd = &object->crd;

	*crd = (struct crd){
		.group = decode_text(d, spec, "group", ""),
		.plural = decode_text(d, spec, "names.plural", ""),
		.object = decode_text(d, spec, "names.kind", ""),
		.served = decode_served(d, json_get(spec, "versions")),
		.stored = decode_strings(d, json_get(status, "storedVersions")),
		.bundle = bundle != NULL ? bundle : "",
		.conditions = decode_conditions(d, json_get(status, "conditions")),
	};
	/* The conditions of a CRD carry no generation, and Established is not taken back. */
	crd->established = condition_answer(&crd->conditions, "Established", 0) == CONDITION_TRUE;
	crd->names_accepted =
		condition_answer(&crd->conditions, "NamesAccepted", 0) == CONDITION_TRUE;
	crd->terminating = condition_answer(&crd->conditions, "Terminating", 0) == CONDITION_TRUE;
}
