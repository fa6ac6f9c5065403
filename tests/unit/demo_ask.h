/* demo_ask - one request to a demo cluster, and its answer as one line a test can state. */
#ifndef TESTS_DEMO_ASK_H
#define TESTS_DEMO_ASK_H

#include "tests/unit/demo_world.h"

#define JSON_TYPE  "application/json"
#define JSON_PATCH "application/json-patch+json"
#define MERGE      "application/merge-patch+json"
#define STRATEGIC  "application/strategic-merge-patch+json"
#define APPLY      "application/apply-patch+yaml"

#define MAPS "/api/v1/namespaces/default/configmaps"
#define CRDS "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"

/* Both pool groups and routes are served; nothing else is there. */
static const char bare[] = "kind: Scenario\n"
			   "crds: [gateway-api-v1.4.0, inference-v0.3.0, inference-v1.0.0]\n";

#define A_POOL                                                                                  \
	"{\"apiVersion\":\"inference.networking.k8s.io/"                                        \
	"v1\",\"kind\":\"InferencePool\",\"metadata\":{\"name\":\"pool\"},"                     \
	"\"spec\":{\"targetPorts\":[{\"number\":8000}],\"selector\":{\"matchLabels\":{\"app\":" \
	"\"vllm\"}},"                                                                           \
	"\"endpointPickerRef\":{\"name\":\"epp\",\"port\":{\"number\":9002}}}}"
#define A_MAP                                                                                      \
	"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"map\"},\"data\":{" \
	"\"a\":\"1\"}}"

/* "409 AlreadyExists: message", or the code alone when it went well; in `line`, of 4000 bytes. */
static inline const char *
ask(struct world *world, const char *method, const char *target, const char *type, const char *body,
    char line[4000])
{
	struct json *answer;
	int code = world_send(world, method, target, type, body, &answer);
	const char *reason = json_string_at(answer, "reason"),
		   *message = json_string_at(answer, "message");

	if (code >= 400)
		snprintf(line, 4000, "%d %s: %s", code, reason ? reason : "",
			 message ? message : "");
	else
		snprintf(line, 4000, "%d", code);
	json_free(answer);
	return line;
}

#define assert_ask(world, method, target, type, body, expected)                               \
	do {                                                                                  \
		char line_[4000];                                                             \
		assert_string_equal(ask(world, method, target, type, body, line_), expected); \
	} while (0)

/* The string at `path` of the object at `target`, in `text` of 300 bytes; "none" without it. */
static inline const char *
string_of(struct world *world, const char *target, const char *path, char text[300])
{
	struct json *object = world_get(world, target);
	const char *found = json_string_at(object, path);

	snprintf(text, 300, "%s", found ? found : "none");
	json_free(object);
	return text;
}

#define assert_string_of(world, target, path, expected)                               \
	do {                                                                          \
		char text_[300];                                                      \
		assert_string_equal(string_of(world, target, path, text_), expected); \
	} while (0)

/* The part at `path` of the object at `target`, as compact JSON in `text` of 4000 bytes. */
static inline const char *
part_of(struct world *world, const char *target, const char *path, char text[4000])
{
	struct json *object = world_get(world, target);
	char *printed = json_text(json_at(object, path));

	snprintf(text, 4000, "%s", json_at(object, path) ? printed : "none");
	free(printed);
	json_free(object);
	return text;
}

#define assert_part(world, target, path, expected)                                  \
	do {                                                                        \
		char text_[4000];                                                   \
		assert_string_equal(part_of(world, target, path, text_), expected); \
	} while (0)

#endif
