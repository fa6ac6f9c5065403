#include "core/demo/strategy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/kind.h"

struct strategy {
	const char *group, *resource;
	bool generation;
	void (*prepare)(struct demo *demo, const struct json *before,
			struct json *object); /* or NULL */
	void (*validate)(const struct json *before, const struct json *object,
			 struct status *errors);
	void (*end)(struct demo *demo, struct json *object);
};

static void
prepare_namespace(struct demo *demo, const struct json *before, struct json *object)
{
	struct json *labels;
	const char *name = json_string_at(object, "metadata.name");

	(void)demo;
	labels = json_set_object(json_set_object(object, "metadata"), "labels");
	json_set_string(labels, "kubernetes.io/metadata.name", name);
	if (before)
		return;
	json_append(json_set_array(json_set_object(object, "spec"), "finalizers"),
		    json_new_string("kubernetes"));
	json_set_string(json_set_object(object, "status"), "phase", "Active");
}

static void
prepare_pod(struct demo *demo, const struct json *before, struct json *object)
{
	(void)demo;
	if (before)
		return;
	if (!json_at(object, "status.phase"))
		json_set_string(json_set_object(object, "status"), "phase", "Pending");
}

static struct json *
list_of(const char *one)
{
	struct json *list = json_new_array();

	json_append(list, json_new_string(one));
	return list;
}

static void
default_target_ports(struct json *spec)
{
	for (struct json *p = json_first_mutable(json_get_mutable(spec, "ports")); p;
	     p = json_next_mutable(p)) {
		if (!json_get(p, "targetPort"))
			json_set(p, "targetPort", json_clone(json_get(p, "port")));
	}
}

/* Addresses are kept while a Service lives; an ExternalName has none. */
static void
prepare_service(struct demo *demo, const struct json *before, struct json *object)
{
	struct json *spec = json_set_object(object, "spec");
	uint64_t random;
	char address[40];

	default_target_ports(spec);
	json_set_object(object, "status");
	json_set_object(json_set_object(object, "status"), "loadBalancer");
	if (text_equal(json_string_at(spec, "type"), "ExternalName"))
		return;
	if (!json_get(spec, "clusterIP")) {
		random = inside_random(demo);
		snprintf(address, sizeof(address), "10.0.%d.%d", (int)(random % 250),
			 1 + (int)(random / 250 % 250));
		json_set_string(spec, "clusterIP", address);
	}
	if (before && json_at(before, "spec.clusterIP"))
		json_set(spec, "clusterIP", json_clone(json_at(before, "spec.clusterIP")));
	json_set(spec, "clusterIPs", list_of(json_string_at(spec, "clusterIP")));
	json_set(spec, "ipFamilies", list_of("IPv4"));
	json_set_string(spec, "ipFamilyPolicy", "SingleStack");
}

static void
prepare_deployment(struct demo *demo, const struct json *before, struct json *object)
{
	(void)demo;
	if (!before && !json_get(object, "status"))
		json_set_object(object, "status");
}

static void
prepare_secret(struct demo *demo, const struct json *before, struct json *object)
{
	const struct json *plain = json_get(object, "stringData");

	(void)demo;
	(void)before;
	for (const struct json *m = json_first(plain); m; m = json_next(m)) {
		struct buf encoded;
		const char *text = json_string(m);

		if (!text)
			continue;
		buf_init(&encoded, 2 * BUF_MIB);
		text_base64_encode(&encoded, text, strlen(text));
		json_set_string(json_set_object(object, "data"), json_key(m), encoded.bytes);
		buf_release(&encoded);
	}
	json_remove(object, "stringData");
}

static void
prepare_crd(struct demo *demo, const struct json *before, struct json *object)
{
	struct json *names = json_at_mutable(object, "spec.names");
	const char *kind = json_string_at(names, "kind");
	char text[300];

	(void)demo;
	if (!kind)
		return;
	snprintf(text, sizeof(text), "%sList", kind);
	if (!json_get(names, "listKind"))
		json_set_string(names, "listKind", text);
	for (size_t i = 0; i <= strlen(kind) && i < sizeof(text); i++)
		text[i] = (char)(kind[i] >= 'A' && kind[i] <= 'Z' ? kind[i] - 'A' + 'a' : kind[i]);
	text[sizeof(text) - 1] = '\0';
	if (!json_get(names, "singular"))
		json_set_string(names, "singular", text);
	if (before || json_at(object, "status.storedVersions"))
		return;
	for (const struct json *v = json_first(json_at(object, "spec.versions")); v;
	     v = json_next(v)) {
		if (json_bool_at(v, "storage", false))
			json_append(
				json_set_array(json_set_object(object, "status"), "storedVersions"),
				json_clone(json_get(v, "name")));
	}
}

/* Its objects go first: the finalizer waits for them (KUBERNETES §4.9). */
static void
end_crd(struct demo *demo, struct json *object)
{
	static const char finalizer[] = "customresourcecleanup.apiextensions.k8s.io";
	struct json *finalizers = json_set_array(json_set_object(object, "metadata"), "finalizers");
	struct json *condition;
	char now[CLOCK_RFC3339_MAX];

	if (json_at(object, "metadata.deletionTimestamp"))
		return;
	json_append(finalizers, json_new_string(finalizer));
	condition = json_append(json_set_array(json_set_object(object, "status"), "conditions"),
				json_new_object());
	inside_now(demo, now);
	json_set_string(condition, "lastTransitionTime", now);
	json_set_string(condition, "message",
			"CustomResourceDefinition marked for deletion; CustomResource deletion "
			"will begin soon");
	json_set_string(condition, "reason", "InstanceDeletionPending");
	json_set_string(condition, "status", "True");
	json_set_string(condition, "type", "Terminating");
}

static void
end_namespace(struct demo *demo, struct json *object)
{
	(void)demo;
	json_set_string(json_set_object(object, "status"), "phase", "Terminating");
}

static void
validate_crd(const struct json *before, const struct json *object, struct status *errors)
{
	const char *group = json_string_at(object, "spec.group");
	const char *plural = json_string_at(object, "spec.names.plural");
	const char *name = json_string_at(object, "metadata.name");
	char wanted[600];
	size_t storing = 0;

	if (!group || !plural || json_type(json_at(object, "spec.versions")) != JSON_ARRAY)
		return;
	snprintf(wanted, sizeof(wanted), "%s.%s", plural, group);
	if (!text_equal(name, wanted))
		status_cause(errors, "FieldValueInvalid", "metadata.name",
			     "Invalid value: \"%s\": must be spec.names.plural+\".\"+spec.group",
			     name ? name : "");
	for (const struct json *v = json_first(json_at(object, "spec.versions")); v;
	     v = json_next(v))
		storing += json_bool_at(v, "storage", false);
	if (storing != 1)
		status_cause(errors, "FieldValueInvalid", "spec.versions",
			     "Invalid value: []: must have exactly one version marked as storage "
			     "version");
	if (before &&
	    !text_equal(json_string_at(before, "spec.scope"), json_string_at(object, "spec.scope")))
		status_cause(errors, "FieldValueInvalid", "spec.scope",
			     "Invalid value: \"%s\": field is immutable",
			     json_string_at(object, "spec.scope"));
}

/* The template's labels have to be found by the selector, or a Deployment would make Pods for ever.
 */
static void
validate_deployment(const struct json *before, const struct json *object, struct status *errors)
{
	const struct json *labels = json_at(object, "spec.template.metadata.labels");

	for (const struct json *m = json_first(json_at(object, "spec.selector.matchLabels")); m;
	     m = json_next(m)) {
		if (!json_equal(json_get(labels, json_key(m)), m)) {
			status_cause(
				errors, "FieldValueInvalid", "spec.template.metadata.labels",
				"Invalid value: null: `selector` does not match template `labels`");
			break;
		}
	}
	if (before &&
	    !json_equal(json_at(before, "spec.selector"), json_at(object, "spec.selector")))
		status_cause(errors, "FieldValueInvalid", "spec.selector",
			     "Invalid value: null: field is immutable");
}

static void
validate_service(const struct json *before, const struct json *object, struct status *errors)
{
	(void)before;
	if (!text_equal(json_string_at(object, "spec.type"), "ExternalName") &&
	    !text_equal(json_string_at(object, "spec.clusterIP"), "None") &&
	    json_count(json_at(object, "spec.ports")) == 0)
		status_cause(errors, "FieldValueRequired", "spec.ports", "Required value");
}

static void
validate_binding(const struct json *before, const struct json *object, struct status *errors)
{
	if (before && !json_equal(json_get(before, "roleRef"), json_get(object, "roleRef")))
		status_cause(errors, "FieldValueInvalid", "roleRef",
			     "Invalid value: {}: cannot change roleRef");
}

static const struct strategy strategies[] = {
	{ .group = "",
	  .resource = "namespaces",
	  .prepare = prepare_namespace,
	  .end = end_namespace },
	{ .group = "", .resource = "pods", .generation = true, .prepare = prepare_pod },
	{ .group = "",
	  .resource = "services",
	  .prepare = prepare_service,
	  .validate = validate_service },
	{ .group = "", .resource = "secrets", .prepare = prepare_secret },
	{ .group = "apps",
	  .resource = "deployments",
	  .generation = true,
	  .prepare = prepare_deployment,
	  .validate = validate_deployment },
	{ .group = "apps", .resource = "replicasets", .generation = true },
	{ .group = GROUP_CRD,
	  .resource = "customresourcedefinitions",
	  .generation = true,
	  .prepare = prepare_crd,
	  .validate = validate_crd,
	  .end = end_crd },
	{ .group = GROUP_RBAC, .resource = "rolebindings", .validate = validate_binding },
	{ .group = GROUP_RBAC, .resource = "clusterrolebindings", .validate = validate_binding },
};

static const struct strategy *
strategy_of(const struct kinds_row *row)
{
	for (size_t i = 0; i < sizeof(strategies) / sizeof(strategies[0]); i++) {
		if (text_equal(strategies[i].group, row->group) &&
		    text_equal(strategies[i].resource, row->resource))
			return &strategies[i];
	}
	return NULL;
}

void
strategy_prepare(struct demo *demo, const struct kinds_row *row, const struct json *before,
		 struct json *object)
{
	const struct strategy *strategy = strategy_of(row);

	if (strategy && strategy->prepare)
		strategy->prepare(demo, before, object);
}

void
strategy_validate(const struct kinds_row *row, const struct json *before, const struct json *object,
		  struct status *errors)
{
	const struct strategy *strategy = strategy_of(row);

	if (strategy && strategy->validate)
		strategy->validate(before, object, errors);
}

void
strategy_end(struct demo *demo, const struct kinds_row *row, struct json *object)
{
	const struct strategy *strategy = strategy_of(row);

	if (strategy && strategy->end)
		strategy->end(demo, object);
}

bool
strategy_counts_generation(const struct kinds_row *row)
{
	const struct strategy *strategy = strategy_of(row);

	return !row->builtin || (strategy && strategy->generation);
}
