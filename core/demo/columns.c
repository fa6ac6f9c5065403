#include "core/demo/columns.h"

#include <inttypes.h>

#include "core/base/text.h"
#include "core/model/kind.h"

#define NAME_COLUMN                                               \
	{                                                         \
		.name = "Name", .path = ".metadata.name",         \
		.help = "Name must be unique within a namespace." \
	}
#define AGE_COLUMN                                                                           \
	{                                                                                    \
		.name = "Age", .path = "metadata.creationTimestamp", .age = true,            \
		.help = "CreationTimestamp is the server time when this object was created." \
	}

static void
join_strings(const struct json *list, const char *member, const char *none, struct buf *out)
{
	size_t from = out->length;

	for (const struct json *one = json_first(list); one; one = json_next(one)) {
		const char *text = member ? json_string_at(one, member) : json_string(one);

		if (text)
			buf_printf(out, "%s%s", out->length > from ? "," : "", text);
	}
	if (out->length == from)
		buf_puts(out, none);
}

static void
join_labels(const struct json *labels, struct buf *out)
{
	size_t from = out->length;

	for (const struct json *l = json_first(labels); l; l = json_next(l))
		buf_printf(out, "%s%s=%s", out->length > from ? "," : "", json_key(l),
			   json_string(l) ? json_string(l) : "");
	if (out->length == from)
		buf_puts(out, "<none>");
}

static void
pod_ready(const struct json *object, struct buf *out)
{
	size_t ready = 0;

	for (const struct json *c = json_first(json_at(object, "status.containerStatuses")); c;
	     c = json_next(c))
		ready += json_bool_at(c, "ready", false);
	buf_printf(out, "%zu/%zu", ready, json_count(json_at(object, "spec.containers")));
}

static void
pod_status(const struct json *object, struct buf *out)
{
	const char *phase = json_string_at(object, "status.phase"),
		   *reason = json_string_at(object, "status.reason");
	const struct json *containers = json_at(object, "status.containerStatuses");

	for (const struct json *c = json_first(containers); c; c = json_next(c)) {
		if (json_string_at(c, "state.waiting.reason"))
			reason = json_string_at(c, "state.waiting.reason");
	}
	if (json_at(object, "metadata.deletionTimestamp"))
		reason = "Terminating";
	buf_puts(out, reason ? reason : phase ? phase : "Unknown");
}

static void
pod_restarts(const struct json *object, struct buf *out)
{
	int64_t restarts = 0;

	for (const struct json *c = json_first(json_at(object, "status.containerStatuses")); c;
	     c = json_next(c))
		restarts += json_integer_at(c, "restartCount", 0);
	buf_printf(out, "%" PRId64, restarts);
}

static void
or_none(const char *text, struct buf *out)
{
	buf_puts(out, text && *text ? text : "<none>");
}

static void
pod_ip(const struct json *object, struct buf *out)
{
	or_none(json_string_at(object, "status.podIP"), out);
}

static void
pod_node(const struct json *object, struct buf *out)
{
	or_none(json_string_at(object, "spec.nodeName"), out);
}

static void
nothing(const struct json *object, struct buf *out)
{
	(void)object;
	buf_puts(out, "<none>");
}

static void
deployment_ready(const struct json *object, struct buf *out)
{
	buf_printf(out, "%" PRId64 "/%" PRId64, json_integer_at(object, "status.readyReplicas", 0),
		   json_integer_at(object, "spec.replicas", 0));
}

static void
deployment_updated(const struct json *object, struct buf *out)
{
	buf_printf(out, "%" PRId64, json_integer_at(object, "status.updatedReplicas", 0));
}

static void
deployment_available(const struct json *object, struct buf *out)
{
	buf_printf(out, "%" PRId64, json_integer_at(object, "status.availableReplicas", 0));
}

static void
container_names(const struct json *object, struct buf *out)
{
	join_strings(json_at(object, "spec.template.spec.containers"), "name", "<none>", out);
}

static void
container_images(const struct json *object, struct buf *out)
{
	join_strings(json_at(object, "spec.template.spec.containers"), "image", "<none>", out);
}

static void
match_labels(const struct json *object, struct buf *out)
{
	join_labels(json_at(object, "spec.selector.matchLabels"), out);
}

static void
replicas_wanted(const struct json *object, struct buf *out)
{
	buf_printf(out, "%" PRId64, json_integer_at(object, "spec.replicas", 0));
}

static void
replicas_current(const struct json *object, struct buf *out)
{
	buf_printf(out, "%" PRId64, json_integer_at(object, "status.replicas", 0));
}

static void
replicas_ready(const struct json *object, struct buf *out)
{
	buf_printf(out, "%" PRId64, json_integer_at(object, "status.readyReplicas", 0));
}

static void
service_address(const struct json *object, struct buf *out)
{
	or_none(json_string_at(object, "spec.clusterIP"), out);
}

static void
service_external(const struct json *object, struct buf *out)
{
	const struct json *entries = json_at(object, "status.loadBalancer.ingress");
	const char *type = json_string_at(object, "spec.type");

	if (text_equal(type, "ExternalName"))
		or_none(json_string_at(object, "spec.externalName"), out);
	else
		join_strings(entries, "ip",
			     text_equal(type, "LoadBalancer") ? "<pending>" : "<none>", out);
}

static void
service_ports(const struct json *object, struct buf *out)
{
	size_t from = out->length;

	for (const struct json *p = json_first(json_at(object, "spec.ports")); p;
	     p = json_next(p)) {
		const char *protocol = json_string_at(p, "protocol");

		buf_printf(out, "%s%" PRId64 "/%s", out->length > from ? "," : "",
			   json_integer_at(p, "port", 0), protocol ? protocol : "TCP");
	}
	if (out->length == from)
		buf_puts(out, "<none>");
}

static void
service_selector(const struct json *object, struct buf *out)
{
	join_labels(json_at(object, "spec.selector"), out);
}

static void
data_count(const struct json *object, struct buf *out)
{
	buf_printf(out, "%zu",
		   json_count(json_get(object, "data")) +
			   json_count(json_get(object, "binaryData")));
}

static void
account_secrets(const struct json *object, struct buf *out)
{
	buf_printf(out, "%zu", json_count(json_get(object, "secrets")));
}

static void
binding_role(const struct json *object, struct buf *out)
{
	const char *kind = json_string_at(object, "roleRef.kind"),
		   *name = json_string_at(object, "roleRef.name");

	buf_printf(out, "%s/%s", kind ? kind : "", name ? name : "");
}

static void
event_object(const struct json *object, struct buf *out)
{
	const char *kind = json_string_at(object, "involvedObject.kind");
	const char *name = json_string_at(object, "involvedObject.name");

	for (; kind && *kind; kind++)
		buf_putc(out, (char)(*kind >= 'A' && *kind <= 'Z' ? *kind + 'a' - 'A' : *kind));
	buf_printf(out, "/%s", name ? name : "");
}

static const struct column plain[] = { NAME_COLUMN, AGE_COLUMN, { 0 } };
static const struct column created[] = {
	NAME_COLUMN, { .name = "Created At", .path = ".metadata.creationTimestamp" }, { 0 }
};
static const struct column namespaces[] = {
	NAME_COLUMN, { .name = "Status", .path = ".status.phase" }, AGE_COLUMN, { 0 }
};
static const struct column pods[] = {
	NAME_COLUMN,
	{ .name = "Ready", .cell = pod_ready },
	{ .name = "Status", .cell = pod_status },
	{ .name = "Restarts", .cell = pod_restarts },
	AGE_COLUMN,
	{ .name = "IP", .cell = pod_ip, .wide = 1 },
	{ .name = "Node", .cell = pod_node, .wide = 1 },
	{ .name = "Nominated Node", .cell = nothing, .wide = 1 },
	{ .name = "Readiness Gates", .cell = nothing, .wide = 1 },
	{ 0 },
};
static const struct column deployments[] = {
	NAME_COLUMN,
	{ .name = "Ready", .cell = deployment_ready },
	{ .name = "Up-to-date", .type = "integer", .cell = deployment_updated },
	{ .name = "Available", .type = "integer", .cell = deployment_available },
	AGE_COLUMN,
	{ .name = "Containers", .cell = container_names, .wide = 1 },
	{ .name = "Images", .cell = container_images, .wide = 1 },
	{ .name = "Selector", .cell = match_labels, .wide = 1 },
	{ 0 },
};
static const struct column replica_sets[] = {
	NAME_COLUMN,
	{ .name = "Desired", .type = "integer", .cell = replicas_wanted },
	{ .name = "Current", .type = "integer", .cell = replicas_current },
	{ .name = "Ready", .type = "integer", .cell = replicas_ready },
	AGE_COLUMN,
	{ .name = "Containers", .cell = container_names, .wide = 1 },
	{ .name = "Images", .cell = container_images, .wide = 1 },
	{ .name = "Selector", .cell = match_labels, .wide = 1 },
	{ 0 },
};
static const struct column services[] = {
	NAME_COLUMN,
	{ .name = "Type", .path = ".spec.type" },
	{ .name = "Cluster-IP", .cell = service_address },
	{ .name = "External-IP", .cell = service_external },
	{ .name = "Port(s)", .cell = service_ports },
	AGE_COLUMN,
	{ .name = "Selector", .cell = service_selector, .wide = 1 },
	{ 0 },
};
static const struct column config_maps[] = {
	NAME_COLUMN, { .name = "Data", .type = "integer", .cell = data_count }, AGE_COLUMN, { 0 }
};
static const struct column secrets[] = { NAME_COLUMN,
					 { .name = "Type", .path = ".type" },
					 { .name = "Data", .type = "integer", .cell = data_count },
					 AGE_COLUMN,
					 { 0 } };
static const struct column accounts[] = {
	NAME_COLUMN,
	{ .name = "Secrets", .type = "integer", .cell = account_secrets },
	AGE_COLUMN,
	{ 0 }
};
static const struct column bindings[] = {
	NAME_COLUMN, { .name = "Role", .cell = binding_role }, AGE_COLUMN, { 0 }
};
static const struct column leases[] = {
	NAME_COLUMN, { .name = "Holder", .path = ".spec.holderIdentity" }, AGE_COLUMN, { 0 }
};
static const struct column events[] = {
	{ .name = "Last Seen", .path = "lastTimestamp", .age = true },
	{ .name = "Type", .path = ".type" },
	{ .name = "Reason", .path = ".reason" },
	{ .name = "Object", .cell = event_object },
	{ .name = "Message", .path = ".message" },
	{ .name = "Name", .path = ".metadata.name", .wide = 1 },
	{ 0 },
};

static const struct {
	const char *group, *resource;
	const struct column *columns;
} lists[] = {
	{ "", "namespaces", namespaces },
	{ "", "pods", pods },
	{ "", "services", services },
	{ "", "configmaps", config_maps },
	{ "", "secrets", secrets },
	{ "", "serviceaccounts", accounts },
	{ "", "events", events },
	{ "apps", "deployments", deployments },
	{ "apps", "replicasets", replica_sets },
	{ GROUP_RBAC, "roles", created },
	{ GROUP_RBAC, "clusterroles", created },
	{ GROUP_RBAC, "rolebindings", bindings },
	{ GROUP_RBAC, "clusterrolebindings", bindings },
	{ GROUP_CRD, "customresourcedefinitions", created },
	{ "coordination.k8s.io", "leases", leases },
};

const struct column *
columns_of(const struct kinds_row *row)
{
	if (!row->builtin)
		return NULL;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (text_equal(lists[i].group, row->group) &&
		    text_equal(lists[i].resource, row->resource))
			return lists[i].columns;
	}
	return plain;
}
