/* kind - the resource kinds the migration knows, one row each; identity is group and resource,
 * never the bare kind.
 *
 * Both pool groups use the kind InferencePool and the plural inferencepools (DOMAIN §1), so
 * every URL, message and screen row takes its words from here. Constant data; any thread.
 */
#ifndef MODEL_KIND_H
#define MODEL_KIND_H

#include <stdbool.h>
#include <stddef.h>

#define GROUP_ALPHA   "inference.networking.x-k8s.io" /* alpha pools, models, objectives, rewrites */
#define GROUP_GA      "inference.networking.k8s.io"
#define GROUP_GATEWAY "gateway.networking.k8s.io"
#define GROUP_GKE     "networking.gke.io"
#define GROUP_CRD     "apiextensions.k8s.io"
#define GROUP_RBAC    "rbac.authorization.k8s.io"

enum kind {
	KIND_ALPHA_POOL,
	KIND_MODEL,
	KIND_GA_POOL,
	KIND_OBJECTIVE,
	KIND_REWRITE,
	KIND_ROUTE,
	KIND_GATEWAY,
	KIND_GATEWAY_CLASS,
	KIND_GRANT,
	KIND_BACKEND_POLICY,
	KIND_HEALTH_POLICY,
	KIND_DEPLOYMENT,
	KIND_SERVICE,
	KIND_POD,
	KIND_SERVICE_ACCOUNT,
	KIND_CONFIG_MAP,
	KIND_ROLE,
	KIND_ROLE_BINDING,
	KIND_CLUSTER_ROLE,
	KIND_CLUSTER_ROLE_BINDING,
	KIND_CRD,
	KIND_COUNT
};

/* How the world is kept in step with the cluster. */
enum kind_follow {
	FOLLOW_WATCH, /* listed and watched in all namespaces, or the one selected */
	FOLLOW_POOLS, /* listed and watched in the namespaces that hold pools */
	FOLLOW_POLL_POOLS, /* listed now and then, and before a step that needs them, in the pools' namespaces */
	FOLLOW_POLL,  /* the same, cluster-wide */
	FOLLOW_NAMED, /* got one by one by the names the program knows: CRDs (KUBERNETES §3.6) */
};

struct kind_row {
	enum kind kind;
	const char *group; /* "" is the core group */
	const char *version;
	const char *resource; /* plural, as in URLs */
	const char *object;   /* the object's `kind`: "InferencePool" */
	const char *label;    /* on the screen: "InferencePool α" */
	bool namespaced;
	bool optional; /* a CRD that may be missing: NOT INSTALLED is a normal state */
	enum kind_follow follow;
	const char *help; /* one sentence for the help screen and the manual */
};

const struct kind_row *kind_row(enum kind kind);
/* KIND_COUNT when it is not one of ours. group "" is core. */
enum kind kind_of(const char *group, const char *resource);
/* By the group of an apiVersion ("apps/v1", "v1") and an object's kind. */
enum kind kind_of_object(const char *api_version, const char *object);
/* "gateway.networking.k8s.io/v1", or "v1" for the core group: borrowed from the table. */
const char *kind_api_version(enum kind kind);

#endif
