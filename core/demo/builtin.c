#include "core/demo/builtin.h"

/* Pieces of OpenAPI schemas, put together by the compiler. */
#define MAP_LIST(keys, items)                                                                    \
	"{\"type\":\"array\",\"x-kubernetes-list-type\":\"map\",\"x-kubernetes-list-map-keys\":" \
	"[" keys "],\"items\":" items "}"
#define SET_LIST           "{\"type\":\"array\",\"x-kubernetes-list-type\":\"set\"}"
#define OBJECT(properties) "{\"type\":\"object\",\"x-struct\":true,\"properties\":{" properties "}}"
#define NEEDS(names, properties)                                      \
	"{\"type\":\"object\",\"x-struct\":true,\"required\":[" names \
	"],\"properties\":{" properties "}}"
#define FIELD(name, schema) "\"" name "\":" schema
#define STRING              "{\"type\":\"string\"}"
#define STRINGS             "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}"
#define DEFAULT(value)      "{\"default\":" value "}"
#define ATOMIC_MAP          "{\"type\":\"object\",\"x-kubernetes-map-type\":\"atomic\"}"

#define CONTAINER_PORTS                                                 \
	MAP_LIST("\"containerPort\",\"protocol\"",                      \
		 NEEDS("\"containerPort\"",                             \
		       FIELD("protocol", DEFAULT("\"TCP\"")) "," FIELD( \
			       "containerPort",                         \
			       "{\"type\":\"integer\",\"minimum\":1,\"maximum\":65535}")))
#define CONTAINER                                                                                                                                                                              \
	NEEDS("\"name\"",                                                                                                                                                                      \
	      FIELD("name", STRING) "," FIELD("image", STRING) "," FIELD("ports", CONTAINER_PORTS) "," FIELD("env", MAP_LIST("\"name\"", NEEDS("\"name\"", FIELD("name", STRING)))) "," FIELD( \
		      "volumeMounts",                                                                                                                                                          \
		      MAP_LIST(                                                                                                                                                                \
			      "\"mountPath\"",                                                                                                                                                 \
			      OBJECT(FIELD(                                                                                                                                                    \
				      "mountPath",                                                                                                                                             \
				      STRING)))) "," FIELD("imagePullPolicy",                                                                                                                  \
							   DEFAULT("\"IfNotPresent"                                                                                                            \
								   "\"")) "," FIELD("terminationMessagePath",                                                                                  \
										    DEFAULT("\"/dev/termination-log\"")) "," FIELD("terminationMessagePolicy",                                 \
																   DEFAULT("\"File\"")) "," FIELD("resources",                 \
																				  DEFAULT("{}")))
#define POD_SPEC                                                                                                                                                                                                                                                                                                                                   \
	NEEDS("\"containers\"",                                                                                                                                                                                                                                                                                                                    \
	      FIELD("containers", MAP_LIST("\"name\"", CONTAINER)) "," FIELD("initContainers", MAP_LIST("\"name\"", CONTAINER)) "," FIELD(                                                                                                                                                                                                         \
		      "volumes",                                                                                                                                                                                                                                                                                                                   \
		      MAP_LIST("\"name\"",                                                                                                                                                                                                                                                                                                         \
			       OBJECT(FIELD("name", STRING)))) "," FIELD("imagePullSecrets",                                                                                                                                                                                                                                                       \
									 MAP_LIST(                                                                                                                                                                                                                                                                 \
										 "\"name\"",                                                                                                                                                                                                                                                       \
										 OBJECT(FIELD(                                                                                                                                                                                                                                                     \
											 "name",                                                                                                                                                                                                                                                   \
											 STRING)))) "," FIELD("nodeSelector",                                                                                                                                                                                                                      \
													      ATOMIC_MAP) "," FIELD("restartPolicy", DEFAULT("\"Always\"")) "," FIELD("dnsPolicy", DEFAULT("\"ClusterFirst\"")) "," FIELD("schedulerName", DEFAULT("\"default-scheduler\"")) "," FIELD("terminationGracePeriodSeconds",            \
																																				       DEFAULT("30")) "," FIELD("securityContext", \
																																								DEFAULT("{}")))
#define TEMPLATE \
	OBJECT(FIELD("metadata", OBJECT(FIELD("labels", STRINGS))) "," FIELD("spec", POD_SPEC))
#define STATUS OBJECT(FIELD("conditions", MAP_LIST("\"type\"", OBJECT(FIELD("type", STRING)))))
#define CRD_STATUS                                                                                 \
	OBJECT(FIELD("conditions", MAP_LIST("\"type\"", OBJECT(FIELD("type", STRING)))) "," FIELD( \
		"storedVersions", "{\"type\":\"array\"}"))
#define REPLICAS "{\"type\":\"integer\",\"format\":\"int32\",\"minimum\":0,\"default\":1}"

#define POD_SCHEMA NEEDS("\"spec\"", FIELD("spec", POD_SPEC) "," FIELD("status", STATUS))
#define DEPLOYMENT_SCHEMA                                                                                                          \
	NEEDS("\"spec\"",                                                                                                          \
	      FIELD("spec",                                                                                                        \
		    NEEDS("\"selector\",\"template\"",                                                                             \
			  FIELD("replicas", REPLICAS) "," FIELD("selector", ATOMIC_MAP) "," FIELD("template", TEMPLATE) "," FIELD( \
				  "strategy",                                                                                      \
				  DEFAULT("{\"type\":\"RollingUpdate\",\"rollingUpdate\":"                                         \
					  "{\"maxUnavailable\":\"25%\",\"maxSurge\":\"25%\"}"                                      \
					  "}")) "," FIELD("revisionHistoryLimit",                                                  \
							  DEFAULT("10")) "," FIELD("progressD"                                     \
										   "eadlineSe"                                     \
										   "conds",                                        \
										   DEFAULT("6"                                     \
											   "0"                                     \
											   "0")))) "," FIELD("status",             \
													     STATUS))
#define REPLICA_SET_SCHEMA                                                                         \
	NEEDS("\"spec\"",                                                                          \
	      FIELD("spec",                                                                        \
		    NEEDS("\"selector\"",                                                          \
			  FIELD("replicas", REPLICAS) "," FIELD("selector", ATOMIC_MAP) "," FIELD( \
				  "template", TEMPLATE))) "," FIELD("status", STATUS))
#define SERVICE_SCHEMA                                                                                                                                            \
	NEEDS("\"spec\"",                                                                                                                                         \
	      FIELD("spec",                                                                                                                                       \
		    OBJECT(FIELD("type", DEFAULT("\"ClusterIP\"")) "," FIELD("sessionAffinity", DEFAULT("\"None\"")) "," FIELD("selector", ATOMIC_MAP) "," FIELD( \
			    "internalTrafficPolicy",                                                                                                              \
			    DEFAULT("\"Cluster\"")) "," FIELD("ports",                                                                                            \
							      MAP_LIST(                                                                                           \
								      "\"port\",\"protocol\"",                                                                    \
								      NEEDS("\"port\"",                                                                           \
									    FIELD("protocol", DEFAULT("\"TCP\"")) "," FIELD(                                      \
										    "port",                                                                       \
										    "{\"type\":"                                                                  \
										    "\"integer\""                                                                 \
										    ",\"minimum"                                                                  \
										    "\":1,"                                                                       \
										    "\"maximum\""                                                                 \
										    ":65535"                                                                      \
										    "}")))))) "," FIELD("status",                                                 \
													STATUS))
#define NAMESPACE_SCHEMA                                                       \
	OBJECT(FIELD("spec", OBJECT(FIELD("finalizers", SET_LIST))) "," FIELD( \
		"status",                                                      \
		"{\"type\":\"object\",\"default\":{\"phase\":\"Active\"},\"properties\":{}}"))
#define ACCOUNT_SCHEMA                                                                          \
	OBJECT(FIELD("secrets", MAP_LIST("\"name\"", OBJECT(FIELD("name", STRING)))) "," FIELD( \
		"imagePullSecrets", MAP_LIST("\"name\"", OBJECT(FIELD("name", STRING)))))
#define DATA_SCHEMA    OBJECT(FIELD("data", STRINGS) "," FIELD("binaryData", STRINGS))
#define SECRET_SCHEMA  OBJECT(FIELD("data", STRINGS) "," FIELD("type", DEFAULT("\"Opaque\"")))
#define BINDING_SCHEMA NEEDS("\"roleRef\"", FIELD("roleRef", ATOMIC_MAP))
#define CRD_SCHEMA                                                                                                                                                                                                                                \
	NEEDS("\"spec\"",                                                                                                                                                                                                                         \
	      FIELD("spec",                                                                                                                                                                                                                       \
		    NEEDS("\"group\",\"names\",\"scope\",\"versions\"",                                                                                                                                                                           \
			  FIELD("group", STRING) "," FIELD("names", NEEDS("\"kind\",\"plural\"", FIELD("kind", STRING) "," FIELD("plural", STRING))) "," FIELD("scope", "{\"type\":\"string\",\"enum\":[\"Cluster\",\"Namespaced\"]}") "," FIELD( \
				  "conversion",                                                                                                                                                                                                   \
				  DEFAULT("{\"strategy\":\"None\"}")) "," FIELD("versions",                                                                                                                                                       \
										"{\"type\":"                                                                                                                                                      \
										"\"array\","                                                                                                                                                      \
										"\"items\":{"                                                                                                                                                     \
										"\"type\":"                                                                                                                                                       \
										"\"object\"}"                                                                                                                                                     \
										"}"))) "," FIELD("status",                                                                                                                                        \
												 CRD_STATUS))

#define CORE .group = "", .version = "v1"
#define APPS .group = "apps", .version = "v1"
#define RBAC .group = "rbac.authorization.k8s.io", .version = "v1"
#define NAMES(plural, one, Kind) \
	.resource = plural, .singular = one, .kind = Kind, .list_kind = Kind "List"

/* In the order discovery lists them: the core group first. */
static const struct builtin builtins[] = {
	{ CORE, NAMES("configmaps", "configmap", "ConfigMap"), .short_names = { "cm" },
	  .namespaced = true, .schema = DATA_SCHEMA },
	{ CORE, NAMES("endpoints", "endpoints", "Endpoints"), .short_names = { "ep" },
	  .namespaced = true },
	{ CORE, NAMES("events", "event", "Event"), .short_names = { "ev" }, .namespaced = true },
	{ CORE, NAMES("namespaces", "namespace", "Namespace"), .short_names = { "ns" },
	  .schema = NAMESPACE_SCHEMA, .status = true },
	{ CORE, NAMES("pods", "pod", "Pod"), .short_names = { "po" }, .namespaced = true,
	  .schema = POD_SCHEMA, .status = true, .in_all = true },
	{ CORE, NAMES("secrets", "secret", "Secret"), .namespaced = true, .schema = SECRET_SCHEMA },
	{ CORE, NAMES("serviceaccounts", "serviceaccount", "ServiceAccount"),
	  .short_names = { "sa" }, .namespaced = true, .schema = ACCOUNT_SCHEMA },
	{ CORE, NAMES("services", "service", "Service"), .short_names = { "svc" },
	  .namespaced = true, .schema = SERVICE_SCHEMA, .status = true, .in_all = true },
	{ APPS, NAMES("deployments", "deployment", "Deployment"), .short_names = { "deploy" },
	  .namespaced = true, .schema = DEPLOYMENT_SCHEMA, .status = true, .scale = true,
	  .in_all = true },
	{ APPS, NAMES("replicasets", "replicaset", "ReplicaSet"), .short_names = { "rs" },
	  .namespaced = true, .schema = REPLICA_SET_SCHEMA, .status = true, .scale = true,
	  .in_all = true },
	{ .group = "authentication.k8s.io",
	  .version = "v1",
	  NAMES("selfsubjectreviews", "selfsubjectreview", "SelfSubjectReview"),
	  .review = true },
	{ .group = "authorization.k8s.io",
	  .version = "v1",
	  NAMES("selfsubjectaccessreviews", "selfsubjectaccessreview", "SelfSubjectAccessReview"),
	  .review = true },
	{ .group = "authorization.k8s.io",
	  .version = "v1",
	  NAMES("selfsubjectrulesreviews", "selfsubjectrulesreview", "SelfSubjectRulesReview"),
	  .review = true },
	{ RBAC, NAMES("clusterrolebindings", "clusterrolebinding", "ClusterRoleBinding"),
	  .schema = BINDING_SCHEMA },
	{ RBAC, NAMES("clusterroles", "clusterrole", "ClusterRole") },
	{ RBAC, NAMES("rolebindings", "rolebinding", "RoleBinding"), .namespaced = true,
	  .schema = BINDING_SCHEMA },
	{ RBAC, NAMES("roles", "role", "Role"), .namespaced = true },
	{ .group = "apiextensions.k8s.io",
	  .version = "v1",
	  NAMES("customresourcedefinitions", "customresourcedefinition",
		"CustomResourceDefinition"),
	  .short_names = { "crd", "crds" },
	  .schema = CRD_SCHEMA,
	  .status = true },
	{ .group = "coordination.k8s.io",
	  .version = "v1",
	  NAMES("leases", "lease", "Lease"),
	  .namespaced = true },
	{ .group = "discovery.k8s.io",
	  .version = "v1",
	  NAMES("endpointslices", "endpointslice", "EndpointSlice"),
	  .namespaced = true },
};

const struct builtin *
builtin_list(size_t *count)
{
	*count = sizeof(builtins) / sizeof(builtins[0]);
	return builtins;
}
