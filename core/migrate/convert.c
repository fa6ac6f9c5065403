#include "core/migrate/convert.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/migrate/say.h"

#define CHART_VERSION "v1.0.0"

const char *
convert_ga_name(const char *alpha, struct arena *arena)
{
	static const char *const endings[] = { "-preview", "-alpha" };

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (text_ends(alpha, endings[i]))
			return arena_printf(arena, "%.*s-ga",
					    (int)(strlen(alpha) - strlen(endings[i])), alpha);
	return arena_printf(arena, "%s-ga", alpha);
}

const char *
convert_picker_name(const char *ga, struct arena *arena)
{
	char *name = arena_printf(arena, "%.40s-epp", ga);

	for (char *c = name; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return name;
}

/* DOMAIN §2: only a negative priority is shed, so Sheddable must be below 0 and nothing else may
 * be. */
static const struct {
	const char *criticality;
	int64_t priority;
} criticalities[] = {
	{ "Critical", 2 },
	{ "Standard", 1 },
	{ "Sheddable", -1 },
};

/* The last one that names it, with its namespace before without. */
static const struct priority *
asked_priority(const struct settings *settings, const struct object *model)
{
	const struct priority *found = NULL;
	char full[600];

	snprintf(full, sizeof(full), "%s/%s", model->meta.ns, model->meta.name);
	for (size_t i = settings->priority_count; i-- > 0;) {
		const struct priority *priority = &settings->priorities[i];

		if (strcmp(priority->model, full) == 0)
			return priority;
		if (found == NULL && strcmp(priority->model, model->meta.name) == 0)
			found = priority;
	}
	return found;
}

bool
convert_priority_asked(const struct settings *settings, const struct object *model)
{
	return asked_priority(settings, model) != NULL;
}

int64_t
convert_priority(const struct settings *settings, const struct object *model)
{
	const struct priority *asked = asked_priority(settings, model);

	if (asked != NULL)
		return asked->value;
	for (size_t i = 0; i < sizeof(criticalities) / sizeof(criticalities[0]); i++)
		if (strcmp(criticalities[i].criticality, model->model.criticality) == 0)
			return criticalities[i].priority;
	return 1;
}

static struct json *
new_object(enum kind kind, const char *ns, const char *name)
{
	struct json *json = json_new_object();
	struct json *metadata;

	json_set_string(json, "apiVersion", kind_api_version(kind));
	json_set_string(json, "kind", kind_row(kind)->object);
	metadata = json_set_object(json, "metadata");
	json_set_string(metadata, "name", name);
	if (*ns != '\0')
		json_set_string(metadata, "namespace", ns);
	return json;
}

static void
set_chart_labels(struct json *object, const char *picker)
{
	struct json *labels = json_set_object(json_get_mutable(object, "metadata"), "labels");

	json_set_string(labels, "app.kubernetes.io/name", picker);
	json_set_string(labels, "app.kubernetes.io/version", CHART_VERSION);
}

struct json *
convert_pool(const struct object *alpha, const char *ga, const char *picker)
{
	const struct pool *pool = &alpha->pool;
	struct json *json = new_object(KIND_GA_POOL, alpha->meta.ns, ga);
	struct json *metadata = json_get_mutable(json, "metadata");
	struct json *spec, *ports, *labels, *reference;

	set_chart_labels(json, picker);
	json_set_string(json_set_object(metadata, "annotations"), CONVERT_ALPHA_POOL,
			alpha->meta.name);
	spec = json_set_object(json, "spec");
	ports = json_set_array(spec, "targetPorts");
	for (size_t i = 0; i < pool->port_count; i++)
		json_set_integer(json_append(ports, json_new_object()), "number", pool->ports[i]);
	labels = json_set_object(json_set_object(spec, "selector"), "matchLabels");
	for (size_t i = 0; i < pool->selector.count; i++)
		json_set_string(labels, pool->selector.items[i].key, pool->selector.items[i].value);
	reference = json_set_object(spec, "endpointPickerRef");
	json_set_string(reference, "group", "");
	json_set_string(reference, "kind", "Service");
	json_set_string(reference, "name", picker);
	json_set_integer(json_set_object(reference, "port"), "number", 9002);
	if (*pool->failure_mode != '\0')
		json_set_string(reference, "failureMode", pool->failure_mode);
	return json;
}

struct json *
convert_objective(const char *ns, const char *name, const char *ga, int64_t priority)
{
	struct json *json = new_object(KIND_OBJECTIVE, ns, name);
	struct json *spec = json_set_object(json, "spec"), *pool;

	json_set_integer(spec, "priority", priority);
	pool = json_set_object(spec, "poolRef");
	json_set_string(pool, "group", GROUP_GA);
	json_set_string(pool, "kind", "InferencePool");
	json_set_string(pool, "name", ga);
	return json;
}

struct json *
convert_policy(const struct object *alpha, const char *name, const char *ga)
{
	struct json *old = object_json(alpha),
		    *json = new_object(alpha->kind, alpha->meta.ns, name);
	struct json *spec = json_set(json, "spec", json_clone(json_get(old, "spec")));
	struct json *target = json_set_object(spec, "targetRef");

	json_set_string(target, "group", GROUP_GA);
	json_set_string(target, "kind", "InferencePool");
	json_set_string(target, "name", ga);
	json_free(old);
	return json;
}

/* The objects of chart v1.0.0 without their metadata (DOMAIN §5). A string that is one of the words
 * below is filled in. `labelled`: the chart puts its labels on this one. */
static const struct part {
	enum kind kind;
	bool labelled;
	const char *yaml;
} parts[] = {
	{
		.kind = KIND_SERVICE_ACCOUNT,
		.labelled = true,
		.yaml = "{}\n",
	},
	{
		.kind = KIND_ROLE,
		.labelled = true,
		.yaml = "rules:\n"
			"- apiGroups: [" GROUP_ALPHA "]\n"
			"  resources: [inferenceobjectives, inferencepools]\n"
			"  verbs: [get, watch, list]\n"
			"- apiGroups: [" GROUP_GA "]\n"
			"  resources: [inferencepools]\n"
			"  verbs: [get, watch, list]\n"
			"- apiGroups: ['']\n"
			"  resources: [pods]\n"
			"  verbs: [get, watch, list]\n",
	},
	{
		.kind = KIND_ROLE_BINDING,
		.yaml = "subjects:\n"
			"- {kind: ServiceAccount, name: $picker, namespace: $namespace}\n"
			"roleRef: {apiGroup: " GROUP_RBAC ", kind: Role, name: $picker}\n",
	},
	{
		.kind = KIND_CLUSTER_ROLE,
		.labelled = true,
		.yaml = "rules:\n"
			"- apiGroups: [authentication.k8s.io]\n"
			"  resources: [tokenreviews]\n"
			"  verbs: [create]\n"
			"- apiGroups: [authorization.k8s.io]\n"
			"  resources: [subjectaccessreviews]\n"
			"  verbs: [create]\n",
	},
	{
		.kind = KIND_CLUSTER_ROLE_BINDING,
		.yaml = "subjects:\n"
			"- {kind: ServiceAccount, name: $picker, namespace: $namespace}\n"
			"roleRef: {apiGroup: " GROUP_RBAC ", kind: ClusterRole, name: $cluster}\n",
	},
	{
		.kind = KIND_CONFIG_MAP,
		.yaml = "data:\n"
			"  default-plugins.yaml: |\n"
			"    apiVersion: inference.networking.x-k8s.io/v1alpha1\n"
			"    kind: EndpointPickerConfig\n"
			"    plugins:\n"
			"    - type: queue-scorer\n"
			"    - type: kv-cache-utilization-scorer\n"
			"    - type: prefix-cache-scorer\n"
			"    schedulingProfiles:\n"
			"    - name: default\n"
			"      plugins:\n"
			"      - pluginRef: queue-scorer\n"
			"      - pluginRef: kv-cache-utilization-scorer\n"
			"      - pluginRef: prefix-cache-scorer\n",
	},
	{
		.kind = KIND_SERVICE,
		.labelled = true,
		.yaml = "spec:\n"
			"  selector: {inferencepool: $picker}\n"
			"  ports:\n"
			"  - {name: grpc-ext-proc, protocol: TCP, port: 9002}\n"
			"  - {name: http-metrics, protocol: TCP, port: 9090}\n"
			"  type: ClusterIP\n",
	},
	{
		/* 130 s protect the longest answer; the probes wait since health says SERVING up to
		 * 2 s before it answers. A boolean flag added here must be one word, --name=value.
		 */
		.kind = KIND_DEPLOYMENT,
		.labelled = true,
		.yaml = "spec:\n"
			"  replicas: 1\n"
			"  selector: {matchLabels: {inferencepool: $picker}}\n"
			"  template:\n"
			"    metadata: {labels: {inferencepool: $picker}}\n"
			"    spec:\n"
			"      serviceAccountName: $picker\n"
			"      terminationGracePeriodSeconds: 130\n"
			"      containers:\n"
			"      - name: epp\n"
			"        image: $image\n"
			"        imagePullPolicy: Always\n"
			"        args: [--pool-name, $pool, --pool-namespace, $namespace,\n"
			"          --zap-encoder, json, --config-file, "
			"/config/default-plugins.yaml,\n"
			"          --v, '1']\n"
			"        ports:\n"
			"        - {name: grpc, containerPort: 9002}\n"
			"        - {name: grpc-health, containerPort: 9003}\n"
			"        - {name: metrics, containerPort: 9090}\n"
			"        livenessProbe:\n"
			"          grpc: {port: 9003, service: inference-extension}\n"
			"          initialDelaySeconds: 5\n"
			"          periodSeconds: 10\n"
			"        readinessProbe:\n"
			"          grpc: {port: 9003, service: inference-extension}\n"
			"          initialDelaySeconds: 5\n"
			"          periodSeconds: 10\n"
			"        volumeMounts:\n"
			"        - {name: plugins-config-volume, mountPath: /config}\n"
			"      volumes:\n"
			"      - {name: plugins-config-volume, configMap: {name: $picker}}\n",
	},
};

const enum kind *
convert_parts(void)
{
	/* The gateway does not look again when the Service comes after the pool; the Deployment
	 * comes after it, since a picker without its pool never serves (DOMAIN §3.1 step 2). */
	static const enum kind order[] = {
		KIND_SERVICE_ACCOUNT,      KIND_ROLE,       KIND_ROLE_BINDING, KIND_CLUSTER_ROLE,
		KIND_CLUSTER_ROLE_BINDING, KIND_CONFIG_MAP, KIND_SERVICE,      KIND_COUNT,
	};

	return order;
}

/* NULL when `text` is none of the words. */
static const char *
word(const struct convert_picker *picker, const char *text)
{
	if (text == NULL || *text != '$')
		return NULL;
	if (strcmp(text, "$picker") == 0)
		return picker->name;
	if (strcmp(text, "$namespace") == 0)
		return picker->ns;
	if (strcmp(text, "$cluster") == 0)
		return picker->cluster;
	if (strcmp(text, "$pool") == 0)
		return picker->ga;
	return picker->image != NULL ? picker->image : CONVERT_EPP_IMAGE;
}

static void
fill_in(struct json *json, const struct convert_picker *picker)
{
	bool array = json_type(json) == JSON_ARRAY;
	size_t index = 0;

	for (struct json *c = json_first_mutable(json), *next; c != NULL; c = next, index++) {
		const char *value = word(picker, json_string(c));

		next = json_next_mutable(c);
		if (value == NULL) {
			fill_in(c, picker);
		} else if (array) {
			json_replace(json, index, json_new_string(value));
		} else {
			char *key = die_strdup(json_key(c));

			json_set_string(json, key, value);
			free(key);
		}
	}
}

struct json *
convert_part(const struct convert_picker *picker, enum kind kind)
{
	bool namespaced = kind_row(kind)->namespaced;
	const char *name = namespaced ? picker->name : picker->cluster;
	const struct part *part = parts;
	struct json *json, *rest;

	while (part->kind != kind)
		part++;
	rest = yaml_parse(part->yaml, strlen(part->yaml), kind_row(kind)->object, YAML_TYPED, NULL);
	if (rest == NULL)
		die("the template of a picker's %s cannot be read", kind_row(kind)->object);
	json = new_object(kind, namespaced ? picker->ns : "", name);
	if (part->labelled)
		set_chart_labels(json, picker->name);
	fill_in(rest, picker);
	for (const struct json *c = json_first(rest); c != NULL; c = json_next(c))
		json_set(json, json_key(c), json_clone(c));
	json_free(rest);
	return json;
}

bool
convert_renames(const struct model *model)
{
	return model->target_count > 1 ||
	       (model->target_count == 1 && strcmp(model->targets[0].name, model->model_name) != 0);
}

/* Weights are set for all targets or for none. Where only some have one, the others get what those
 * have in the middle. */
static int64_t
even_weight(const struct model *model)
{
	int64_t sum = 0, count = 0;

	for (size_t i = 0; i < model->target_count; i++)
		if (model->targets[i].weight > 0) {
			sum += model->targets[i].weight;
			count++;
		}
	return count == 0 ? 0 : (sum + count / 2) / count;
}

struct json *
convert_rewrite(const struct object *object, const char *ga)
{
	const struct model *model = &object->model;
	int64_t even = even_weight(model);
	struct json *json, *spec, *pool, *rule, *match, *targets;

	if (!convert_renames(model))
		return NULL;
	json = new_object(KIND_REWRITE, object->meta.ns, object->meta.name);
	spec = json_set_object(json, "spec");
	pool = json_set_object(spec, "poolRef");
	json_set_string(pool, "group", GROUP_GA);
	json_set_string(pool, "kind", "InferencePool");
	json_set_string(pool, "name", ga);
	rule = json_append(json_set_array(spec, "rules"), json_new_object());
	match = json_append(json_set_array(rule, "matches"), json_new_object());
	match = json_set_object(match, "model");
	json_set_string(match, "type", "Exact");
	json_set_string(match, "value", model->model_name);
	targets = json_set_array(rule, "targets");
	for (size_t i = 0; i < model->target_count; i++) {
		struct json *target = json_append(targets, json_new_object());

		json_set_string(target, "modelRewrite", model->targets[i].name);
		if (even > 0)
			json_set_integer(target, "weight",
					 model->targets[i].weight > 0 ? model->targets[i].weight
								      : even);
	}
	return json;
}

bool
convert_rewrites(const struct world *world)
{
	return world->view[KIND_REWRITE].state == VIEW_LIVE ||
	       world->view[KIND_REWRITE].state == VIEW_POLLING;
}
