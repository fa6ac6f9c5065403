#include "core/model/kind.h"

#include <string.h>

static const struct kind_row rows[] = {
	{
		.kind = KIND_ALPHA_POOL,
		.group = GROUP_ALPHA,
		.version = "v1alpha2",
		.resource = "inferencepools",
		.object = "InferencePool",
		.label = "InferencePool α",
		.namespaced = true,
		.optional = true,
		.follow = FOLLOW_WATCH,
		.help = "The old pool of model servers, which the migration replaces.",
	},
	{
		.kind = KIND_MODEL,
		.group = GROUP_ALPHA,
		.version = "v1alpha2",
		.resource = "inferencemodels",
		.object = "InferenceModel",
		.label = "InferenceModel",
		.namespaced = true,
		.optional = true,
		.follow = FOLLOW_WATCH,
		.help = "A model an old pool serves, with its criticality and targets.",
	},
	{
		.kind = KIND_GA_POOL,
		.group = GROUP_GA,
		.version = "v1",
		.resource = "inferencepools",
		.object = "InferencePool",
		.label = "InferencePool GA",
		.namespaced = true,
		.optional = true,
		.follow = FOLLOW_WATCH,
		.help = "The new pool over the same model servers.",
	},
	{
		.kind = KIND_OBJECTIVE,
		.group = GROUP_ALPHA,
		.version = "v1alpha2",
		.resource = "inferenceobjectives",
		.object = "InferenceObjective",
		.label = "InferenceObjective",
		.namespaced = true,
		.optional = true,
		.follow = FOLLOW_WATCH,
		.help = "A priority for requests to a new pool; takes the place of an "
			"InferenceModel.",
	},
	{
		.kind = KIND_REWRITE,
		.group = GROUP_ALPHA,
		.version = "v1alpha2",
		.resource = "inferencemodelrewrites",
		.object = "InferenceModelRewrite",
		.label = "InferenceModelRewrite",
		.namespaced = true,
		.optional = true,
		.follow = FOLLOW_WATCH,
		.help = "Renames or splits a model by weight; served by bundles v1.2 to v1.5 only.",
	},
	{
		.kind = KIND_ROUTE,
		.group = GROUP_GATEWAY,
		.version = "v1",
		.resource = "httproutes",
		.object = "HTTPRoute",
		.label = "HTTPRoute",
		.namespaced = true,
		.optional = true,
		.follow = FOLLOW_WATCH,
		.help = "Sends requests of a Gateway to pools, by weight.",
	},
	{
		.kind = KIND_GATEWAY,
		.group = GROUP_GATEWAY,
		.version = "v1",
		.resource = "gateways",
		.object = "Gateway",
		.label = "Gateway",
		.namespaced = true,
		.optional = true,
		.follow = FOLLOW_WATCH,
		.help = "The load balancer clients talk to.",
	},
	{
		.kind = KIND_GATEWAY_CLASS,
		.group = GROUP_GATEWAY,
		.version = "v1",
		.resource = "gatewayclasses",
		.object = "GatewayClass",
		.label = "GatewayClass",
		.namespaced = false,
		.optional = true,
		.follow = FOLLOW_WATCH,
		.help = "Names the controller that serves a Gateway.",
	},
	{
		.kind = KIND_GRANT,
		.group = GROUP_GATEWAY,
		.version = "v1beta1",
		.resource = "referencegrants",
		.object = "ReferenceGrant",
		.label = "ReferenceGrant",
		.namespaced = true,
		.optional = true,
		.follow = FOLLOW_WATCH,
		.help = "Allows routes of one namespace to name pools of another, by group.",
	},
	{
		.kind = KIND_BACKEND_POLICY,
		.group = GROUP_GKE,
		.version = "v1",
		.resource = "gcpbackendpolicies",
		.object = "GCPBackendPolicy",
		.label = "GCPBackendPolicy",
		.namespaced = true,
		.optional = true,
		.follow = FOLLOW_WATCH,
		.help = "Backend settings of GKE for a pool of one group.",
	},
	{
		.kind = KIND_HEALTH_POLICY,
		.group = GROUP_GKE,
		.version = "v1",
		.resource = "healthcheckpolicies",
		.object = "HealthCheckPolicy",
		.label = "HealthCheckPolicy",
		.namespaced = true,
		.optional = true,
		.follow = FOLLOW_WATCH,
		.help = "The health check of GKE for a pool of one group.",
	},
	{
		.kind = KIND_DEPLOYMENT,
		.group = "apps",
		.version = "v1",
		.resource = "deployments",
		.object = "Deployment",
		.label = "Deployment",
		.namespaced = true,
		.follow = FOLLOW_POOLS,
		.help = "Runs an endpoint picker.",
	},
	{
		.kind = KIND_SERVICE,
		.group = "",
		.version = "v1",
		.resource = "services",
		.object = "Service",
		.label = "Service",
		.namespaced = true,
		.follow = FOLLOW_POOLS,
		.help = "Where the gateway reaches an endpoint picker.",
	},
	{
		.kind = KIND_POD,
		.group = "",
		.version = "v1",
		.resource = "pods",
		.object = "Pod",
		.label = "Pod",
		.namespaced = true,
		.follow = FOLLOW_POOLS,
		.help = "A model server or an endpoint picker at work.",
	},
	{
		.kind = KIND_SERVICE_ACCOUNT,
		.group = "",
		.version = "v1",
		.resource = "serviceaccounts",
		.object = "ServiceAccount",
		.label = "ServiceAccount",
		.namespaced = true,
		.follow = FOLLOW_POLL_POOLS,
		.help = "Who an endpoint picker is to the cluster.",
	},
	{
		.kind = KIND_CONFIG_MAP,
		.group = "",
		.version = "v1",
		.resource = "configmaps",
		.object = "ConfigMap",
		.label = "ConfigMap",
		.namespaced = true,
		.follow = FOLLOW_POLL_POOLS,
		.help = "The plugins an endpoint picker scores with.",
	},
	{
		.kind = KIND_ROLE,
		.group = GROUP_RBAC,
		.version = "v1",
		.resource = "roles",
		.object = "Role",
		.label = "Role",
		.namespaced = true,
		.follow = FOLLOW_POLL_POOLS,
		.help = "What an endpoint picker may read in its namespace.",
	},
	{
		.kind = KIND_ROLE_BINDING,
		.group = GROUP_RBAC,
		.version = "v1",
		.resource = "rolebindings",
		.object = "RoleBinding",
		.label = "RoleBinding",
		.namespaced = true,
		.follow = FOLLOW_POLL_POOLS,
		.help = "Gives an endpoint picker its Role.",
	},
	{
		.kind = KIND_CLUSTER_ROLE,
		.group = GROUP_RBAC,
		.version = "v1",
		.resource = "clusterroles",
		.object = "ClusterRole",
		.label = "ClusterRole",
		.namespaced = false,
		.follow = FOLLOW_POLL,
		.help = "What an endpoint picker may ask of the whole cluster.",
	},
	{
		.kind = KIND_CLUSTER_ROLE_BINDING,
		.group = GROUP_RBAC,
		.version = "v1",
		.resource = "clusterrolebindings",
		.object = "ClusterRoleBinding",
		.label = "ClusterRoleBinding",
		.namespaced = false,
		.follow = FOLLOW_POLL,
		.help = "Gives an endpoint picker its ClusterRole.",
	},
	{
		.kind = KIND_CRD,
		.group = GROUP_CRD,
		.version = "v1",
		.resource = "customresourcedefinitions",
		.object = "CustomResourceDefinition",
		.label = "CRD",
		.namespaced = false,
		.follow = FOLLOW_NAMED,
		.help = "Makes a kind known to the cluster; deleting it deletes every object of "
			"that kind.",
	},
};
_Static_assert(sizeof(rows) / sizeof(rows[0]) == KIND_COUNT, "every kind has its row");

const struct kind_row *
kind_row(enum kind kind)
{
	return &rows[kind];
}

enum kind
kind_of(const char *group, const char *resource)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (strcmp(rows[i].resource, resource) == 0 && strcmp(rows[i].group, group) == 0)
			return rows[i].kind;
	return KIND_COUNT;
}

enum kind
kind_of_object(const char *api_version, const char *object)
{
	const char *slash = strrchr(api_version, '/');
	size_t length = slash == NULL ? 0 : (size_t)(slash - api_version);

	for (size_t i = 0; i < KIND_COUNT; i++)
		if (strcmp(rows[i].object, object) == 0 && strlen(rows[i].group) == length &&
		    strncmp(rows[i].group, api_version, length) == 0)
			return rows[i].kind;
	return KIND_COUNT;
}

const char *
kind_api_version(enum kind kind)
{
	/* By group and version, so that the table holds each word once. */
	static const struct {
		const char *group, *version, *api_version;
	} joined[] = {
		{ GROUP_ALPHA, "v1alpha2", GROUP_ALPHA "/v1alpha2" },
		{ GROUP_GA, "v1", GROUP_GA "/v1" },
		{ GROUP_GATEWAY, "v1", GROUP_GATEWAY "/v1" },
		{ GROUP_GATEWAY, "v1beta1", GROUP_GATEWAY "/v1beta1" },
		{ GROUP_GKE, "v1", GROUP_GKE "/v1" },
		{ GROUP_CRD, "v1", GROUP_CRD "/v1" },
		{ GROUP_RBAC, "v1", GROUP_RBAC "/v1" },
		{ "apps", "v1", "apps/v1" },
		{ "", "v1", "v1" },
	};
	const struct kind_row *row = kind_row(kind);

	for (size_t i = 0; i < sizeof(joined) / sizeof(joined[0]); i++)
		if (strcmp(joined[i].group, row->group) == 0 &&
		    strcmp(joined[i].version, row->version) == 0)
			return joined[i].api_version;
	return "v1";
}
