/* A shared picker, three pools' worth of routes, another namespace, a mirror, both kinds of
 * policy. */
#include "tests/sim/everything.h"

#define ALPHA          "inference.networking.x-k8s.io"
#define DEFAULT_ROUTES "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes"
#define TEAM_ROUTES    "/apis/gateway.networking.k8s.io/v1/namespaces/team-a/httproutes"
#define ALPHA_POOLS    "/apis/" ALPHA "/v1alpha2/namespaces/default/inferencepools"
#define GKE            "/apis/networking.gke.io/v1/namespaces/default/"
#define GRANTS         "/apis/gateway.networking.k8s.io/v1beta1/namespaces/default/referencegrants"
#define GATEWAY        "/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways/inference-gateway"

#define POST(path) "POST", path, "application/json"
#define REF(name, more) \
	"{\"group\":\"" ALPHA "\",\"kind\":\"InferencePool\",\"name\":\"" name "\"" more "}"
#define POOL     REF("vllm-llama3-8b-instruct", "")
#define TARGET   "\"targetRef\":" POOL
#define PARENT   "\"parentRefs\":[{\"name\":\"inference-gateway\",\"namespace\":\"default\"}]"
#define AT(path) "\"matches\":[{\"path\":{\"type\":\"PathPrefix\",\"value\":\"" path "\"}}]"
#define ROUTE(name, rules)                                                                       \
	"{\"apiVersion\":\"gateway.networking.k8s.io/v1\",\"kind\":\"HTTPRoute\",\"metadata\":{" \
	"\"name\":\"" name "\"},\"spec\":{" PARENT ",\"rules\":[" rules "]}}"
#define WEB(weight) "{\"name\":\"web\",\"port\":80" weight "}"
#define MIRROR \
	"\"filters\":[{\"type\":\"RequestMirror\",\"requestMirror\":{\"backendRef\":" POOL "}}]"

static const struct everything all[] = {
	{ "PATCH", GATEWAY, "application/json-patch+json",
	  "[{\"op\":\"add\",\"path\":\"/spec/listeners/0/allowedRoutes\",\"value\":"
	  "{\"namespaces\":{\"from\":\"All\"}}}]" },
	{ POST("/api/v1/namespaces"),
	  "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"team-a\"}}" },
	{ POST("/api/v1/namespaces/default/services"),
	  "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"web\"},\"spec\":{"
	  "\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":80}]}}" },
	{ POST(ALPHA_POOLS),
	  "{\"apiVersion\":\"" ALPHA
	  "/v1alpha2\",\"kind\":\"InferencePool\",\"metadata\":{\"name\":"
	  "\"second-preview\"},\"spec\":{\"targetPortNumber\":8000,\"selector\":{\"app\":"
	  "\"vllm-llama3-8b-instruct\"},\"extensionRef\":{\"name\":"
	  "\"vllm-llama3-8b-instruct-epp\",\"failureMode\":\"FailOpen\"}}}" },
	{ POST(GKE "healthcheckpolicies"),
	  "{\"apiVersion\":\"networking.gke.io/v1\",\"kind\":\"HealthCheckPolicy\",\"metadata\":{"
	  "\"name\":\"health\"},\"spec\":{" TARGET
	  ",\"default\":{\"checkIntervalSec\":7,\"config\":"
	  "{\"type\":\"HTTP\",\"httpHealthCheck\":{\"portSpecification\":\"USE_FIXED_PORT\","
	  "\"port\":8000,\"requestPath\":\"/health\"}}}}}" },
	{ POST(GKE "gcpbackendpolicies"),
	  "{\"apiVersion\":\"networking.gke.io/v1\",\"kind\":\"GCPBackendPolicy\",\"metadata\":{"
	  "\"name\":\"timeout\"},\"spec\":{" TARGET ",\"default\":{\"timeoutSec\":301}}}" },
	{ POST(GRANTS),
	  "{\"apiVersion\":\"gateway.networking.k8s.io/v1beta1\",\"kind\":\"ReferenceGrant\","
	  "\"metadata\":{\"name\":\"team-a\"},\"spec\":{\"from\":[{\"group\":"
	  "\"gateway.networking.k8s.io\",\"kind\":\"HTTPRoute\",\"namespace\":\"team-a\"}],\"to\":["
	  "{"
	  "\"group\":\"\",\"kind\":\"Service\"},{\"group\":\"" ALPHA
	  "\",\"kind\":\"InferencePool\"}]}}" },
	{ POST(DEFAULT_ROUTES),
	  ROUTE("mixed",
		"{" AT("/a") ",\"backendRefs\":[" WEB(",\"weight\":10") "," REF("vllm-llama3-8b-instruct", ",\"weight\":90") "]},{" AT(
			"/b") "," MIRROR
			      ",\"backendRefs\":[" WEB("") "]},{" AT(
				      "/"
				      "c") ",\"backendRefs\":[" REF("vllm-llama3-8b-instruct",
								    ",\"weight\":3") "," REF("second-"
											     "previe"
											     "w",
											     ",\"weig"
											     "ht\":1") "]}") },
	{ POST(TEAM_ROUTES),
	  ROUTE("far", "{" AT("/far") ",\"backendRefs\":[" REF(
			       "vllm-llama3-8b-instruct", ",\"namespace\":\"default\"") "]}") },
};

const struct everything *
everything_list(size_t *count)
{
	*count = sizeof all / sizeof *all;
	return all;
}
