/* classic - the documentation's example as YAML: one alpha pool with its picker, two models, a
 * route and its Gateway.
 *
 * Texts for worldtext_put(); a test adds or replaces what it is about. For tests only.
 */
#ifndef TESTS_CLASSIC_H
#define TESTS_CLASSIC_H

#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/migrate/assess.h"
#include "core/model/settings.h"
#include "tests/unit/worldtext.h"

#define CLASSIC_POOL                                           \
	"---\n"                                                \
	"apiVersion: inference.networking.x-k8s.io/v1alpha2\n" \
	"kind: InferencePool\n"                                \
	"metadata: {name: vllm-llama3-8b-instruct}\n"          \
	"spec:\n"                                              \
	"  targetPortNumber: 8000\n"                           \
	"  selector: {app: vllm-llama3-8b-instruct}\n"         \
	"  extensionRef: {name: vllm-llama3-8b-instruct-epp}\n"

#define CLASSIC_MODELS                                                           \
	"---\n"                                                                  \
	"apiVersion: inference.networking.x-k8s.io/v1alpha2\n"                   \
	"kind: InferenceModel\n"                                                 \
	"metadata: {name: food-review}\n"                                        \
	"spec: {modelName: food-review, criticality: Critical, poolRef: {name: " \
	"vllm-llama3-8b-instruct}}\n"                                            \
	"---\n"                                                                  \
	"apiVersion: inference.networking.x-k8s.io/v1alpha2\n"                   \
	"kind: InferenceModel\n"                                                 \
	"metadata: {name: base-model}\n"                                         \
	"spec: {modelName: base-model, poolRef: {name: vllm-llama3-8b-instruct}}\n"

/* A picker as the chart makes it: `name` for all, labelled for its Service. */
#define CLASSIC_PICKER(name, account)                                     \
	"---\n"                                                           \
	"{apiVersion: v1, kind: Service, metadata: {name: " name          \
	"}, spec: {selector: {inferencepool: " name "}}}\n"               \
	"---\n"                                                           \
	"apiVersion: apps/v1\n"                                           \
	"kind: Deployment\n"                                              \
	"metadata: {name: " name "}\n"                                    \
	"spec:\n"                                                         \
	"  replicas: 1\n"                                                 \
	"  selector: {matchLabels: {inferencepool: " name "}}\n"          \
	"  template:\n"                                                   \
	"    metadata: {labels: {inferencepool: " name "}}\n"             \
	"    spec:\n"                                                     \
	"      serviceAccountName: " account "\n"                         \
	"      containers: [{name: epp, image: epp}]\n"                   \
	"      volumes: [{name: c, configMap: {name: " name "}}]\n"       \
	"status:\n"                                                       \
	"  observedGeneration: 1\n"                                       \
	"  replicas: 1\n"                                                 \
	"  readyReplicas: 1\n"                                            \
	"  availableReplicas: 1\n"                                        \
	"  conditions: [{type: Available, status: 'True'}]\n"             \
	"---\n"                                                           \
	"{apiVersion: v1, kind: ConfigMap, metadata: {name: " name "}}\n" \
	"---\n"                                                           \
	"{apiVersion: v1, kind: ServiceAccount, metadata: {name: " account "}}\n"

#define CLASSIC_GATEWAY                                                                        \
	"---\n"                                                                                \
	"apiVersion: gateway.networking.k8s.io/v1\n"                                           \
	"kind: Gateway\n"                                                                      \
	"metadata: {name: inference-gateway}\n"                                                \
	"spec: {gatewayClassName: gke-l7-regional-external-managed, listeners: [{name: http, " \
	"protocol: HTTP, port: 80}]}\n"                                                        \
	"status:\n"                                                                            \
	"  addresses: [{value: 10.0.0.7}]\n"                                                   \
	"  conditions: [{type: Programmed, status: 'True', observedGeneration: 1}]\n"

/* The GA pool, accepted by the Gateway. */
#define CLASSIC_GA                                                                          \
	"---\n"                                                                             \
	"apiVersion: inference.networking.k8s.io/v1\n"                                      \
	"kind: InferencePool\n"                                                             \
	"metadata: {name: vllm-llama3-8b-instruct-ga, annotations: {poolshift/alpha-pool: " \
	"vllm-llama3-8b-instruct}}\n"                                                       \
	"spec:\n"                                                                           \
	"  targetPorts: [{number: 8000}]\n"                                                 \
	"  selector: {matchLabels: {app: vllm-llama3-8b-instruct}}\n"                       \
	"  endpointPickerRef: {name: vllm-llama3-8b-instruct-ga-epp, port: {number: 9002}}\n"
#define CLASSIC_GA_ACCEPTED                                         \
	CLASSIC_GA                                                  \
	"status:\n"                                                 \
	"  parents:\n"                                              \
	"  - parentRef: {kind: Gateway, name: inference-gateway}\n" \
	"    conditions: [{type: Accepted, status: 'True', observedGeneration: 1}]\n"

#define CLASSIC_ALPHA_REF                                                    \
	"{group: inference.networking.x-k8s.io, kind: InferencePool, name: " \
	"vllm-llama3-8b-instruct"
#define CLASSIC_GA_REF                                                     \
	"{group: inference.networking.k8s.io, kind: InferencePool, name: " \
	"vllm-llama3-8b-instruct-ga"

/* ResolvedRefs as a controller wrote it, for generation 1. */
#define CLASSIC_RESOLVED "{type: ResolvedRefs, status: 'True', observedGeneration: 1}"
#define CLASSIC_REFUSED(reason, since)                          \
	"{type: ResolvedRefs, status: 'False', reason: " reason \
	", message: no, observedGeneration: 1, "                \
	"lastTransitionTime: '" since "'}"

/* llm-route with the backendRefs of its one rule, the condition, and when we wrote it ("" for
 * never). */
static inline void
classic_route(struct world *world, const char *backends, const char *resolved, const char *written)
{
	char text[4096], manager[300] = "";

	if (written[0] != '\0')
		snprintf(manager, sizeof(manager),
			 ", managedFields: [{manager: poolshift, operation: Update, time: '%s'}]",
			 written);
	snprintf(text, sizeof(text),
		 "apiVersion: gateway.networking.k8s.io/v1\n"
		 "kind: HTTPRoute\n"
		 "metadata: {name: llm-route%s}\n"
		 "spec:\n"
		 "  parentRefs: [{name: inference-gateway}]\n"
		 "  rules: [{matches: [{path: {type: PathPrefix, value: /}}], backendRefs: [%s]}]\n"
		 "status:\n"
		 "  parents:\n"
		 "  - parentRef: {name: inference-gateway}\n"
		 "    controllerName: networking.gke.io/gateway\n"
		 "    conditions:\n"
		 "    - {type: Accepted, status: 'True', observedGeneration: 1, "
		 "lastTransitionTime: '2026-09-01T00:00:00Z'}\n"
		 "    - %s\n",
		 manager, backends, resolved);
	worldtext_put(world, text);
}

/* A test's world with everything that is derived from it. */
struct classic {
	struct world *world;
	struct settings settings;
	struct assess_input input;
	struct arena arena;
	struct plan plan;
	struct journal *journal;
	char folder[64];
};

static inline void
classic_init(struct classic *c, const char *yaml)
{
	*c = (struct classic){ .world = worldtext_new(yaml), .settings = settings_default() };
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8")); /* as main() does: α is a letter there */
	arena_init(&c->arena);
	c->input = (struct assess_input){ .world = c->world, .settings = &c->settings };
}

/* Derives the plan anew and gives the stage for a step. */
static inline struct stage
classic_stage(struct classic *c, int64_t goal)
{
	assess(&c->input, &c->arena, &c->plan);
	return assess_stage(&c->input, &c->plan, &c->arena, goal);
}

static inline void
classic_journal(struct classic *c)
{
	struct journal_where where = { .context = "test",
				       .server = "https://10.0.0.1",
				       .cluster = "c1",
				       .user = "admin",
				       .reason = "" };
	struct err err = { 0 };

	snprintf(c->folder, sizeof(c->folder), "/tmp/poolshift-XXXXXX");
	assert_non_null(mkdtemp(c->folder));
	where.state_folder = c->folder;
	c->journal = journal_open(&where, &err);
	if (c->journal == NULL)
		fail_msg("%s", err.text);
	c->input.journal = c->journal;
}

/* As the engine does: the intent with what is there now, and its good end. */
static inline void
classic_record(struct classic *c, const struct intent *intent)
{
	const struct object *object = world_find(c->world, intent->kind, intent->ns, intent->name);
	struct json *before = object == NULL ? NULL : object_json(object);
	struct err err = { 0 };
	int64_t id;

	assert_true(
		journal_intent(c->journal, intent, before, false, c->world->wall, 0, &id, &err));
	assert_true(journal_outcome(c->journal, id, JOURNAL_DONE, 200, NULL, "", 1000000,
				    c->world->wall, &err));
	json_free(before);
}

static inline void
classic_release(struct classic *c)
{
	if (c->journal != NULL) {
		char path[512];

		snprintf(path, sizeof(path), "%s", journal_path(c->journal));
		journal_close(c->journal);
		unlink(path);
		rmdir(c->folder);
	}
	arena_release(&c->arena);
	world_free(c->world);
}

/* "waiting: comes after crds" */
static inline const char *
classic_status(struct classic *c, const struct step_status *status)
{
	return arena_printf(&c->arena, "%s%s%s", step_state_name(status->state),
			    status->reason[0] == '\0' ? "" : ": ", status->reason);
}

#endif
