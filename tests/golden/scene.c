#include "tests/golden/scene.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/migrate/step.h"
#include "tui/screen/ui.h"

#define CLUSTER "gke_prod_us-central1_inf"

static const struct step_status done = {
	.state = STATE_DONE, .reason = "", .object = "", .advice = ""
};

struct snapshot *
scene_new(const struct settings *settings)
{
	struct snapshot *snapshot = ui_first_snapshot(CLUSTER, "https://10.0.0.1", settings);
	size_t count;
	const enum step_id *order = step_order(settings->path, &count);

	snapshot->number = 7;
	snapshot->mono = SCENE_MONO;
	snapshot->wall = SCENE_WALL;
	snapshot->locked = false;
	snapshot->locked_why = "";
	snapshot->link.state = LINK_LIVE;
	snapshot->link.fresh = SCENE_MONO - 400 * MILLISECOND;
	strcpy(snapshot->server.version, "v1.34.1-gke.2909000");
	for (int i = 0; i < KIND_COUNT; i++)
		snapshot->view[i] = (struct view){ .state = VIEW_LIVE,
						   .fresh = SCENE_MONO - SECOND,
						   .listed = true };
	for (size_t i = 0; i < count; i++)
		snapshot->plan.steps[i] = (struct step_view){ .id = order[i], .status = done };
	snapshot->plan.step_count = count;
	return snapshot;
}

static void
add_gateway(struct snapshot *snapshot)
{
	struct object *object = arena_alloc(&snapshot->arena, sizeof(*object));
	const struct object **list = arena_array(&snapshot->arena, 1, sizeof(*list));
	static const struct condition programmed = { "Programmed", "True", "Programmed", "", 1, 0 };
	static const char *const addresses[] = { "10.0.0.7" };
	static const struct listener http = { "http", "HTTP", "", 80 };

	object->kind = KIND_GATEWAY;
	object->meta = (struct meta){ .ns = "default",
				      .name = "inference-gateway",
				      .uid = "g",
				      .version = "1",
				      .generation = 1,
				      .created = SCENE_WALL - 72 * HOUR };
	object->gateway = (struct gateway){ .class_name = "gke-l7-regional-external-managed",
					    .listeners = &http,
					    .listener_count = 1,
					    .addresses = { addresses, 1 },
					    .conditions = { &programmed, 1 } };
	list[0] = object;
	snapshot->objects[KIND_GATEWAY] = list;
	snapshot->count[KIND_GATEWAY] = 1;
}

static void
set_steps(struct pair *pair, const struct plan *plan, enum step_id next)
{
	bool before = true;

	for (size_t i = 0; i < plan->step_count; i++) {
		enum step_id id = plan->steps[i].id;

		before = before && id != next;
		pair->steps[id] = done;
		if (id == next)
			pair->steps[id].state = STATE_READY;
		else if (!before)
			pair->steps[id] =
				(struct step_status){ STATE_WAITING,
						      "waits for the steps before it", "", "", 0 };
	}
}

static void
set_places(struct arena *arena, struct pair *pair, bool attached, int64_t ppm)
{
	struct place *places = arena_array(arena, 2, sizeof(*places));

	places[0] = (struct place){ "default",
				    "llm-route",
				    0,
				    "/",
				    attached ? (PPM_ALL - ppm) / 10000 : 100,
				    attached ? ppm / 10000 : -1,
				    0,
				    attached ? ppm : 0,
				    false,
				    true,
				    true,
				    false,
				    "",
				    SCENE_WALL - 12 * MINUTE };
	places[1] = (struct place){ "default",
				    "admin-route",
				    1,
				    "/v1/chat",
				    attached ? (PPM_ALL - ppm) * 9 / 10000 : 900,
				    attached ? ppm * 9 / 10000 : -1,
				    100,
				    attached ? ppm : 0,
				    false,
				    true,
				    true,
				    false,
				    "",
				    SCENE_WALL - 12 * MINUTE };
	pair->places = places;
	pair->place_count = 2;
}

static void
set_models(struct arena *arena, struct pair *pair, bool carried)
{
	struct plan_model *models = arena_array(arena, 2, sizeof(*models));

	models[0] = (struct plan_model){ .name = "base-model",
					 .model_name = "meta-llama/Llama-3.1-8B-Instruct",
					 .criticality = "Standard",
					 .objective = "base-model",
					 .priority = 1,
					 .carried = carried };
	models[1] = (struct plan_model){ .name = "food-review",
					 .model_name = "food-review",
					 .criticality = "Critical",
					 .objective = "food-review",
					 .priority = 2,
					 .carried = carried };
	pair->models = models;
	pair->model_count = 2;
}

struct snapshot *
scene_classic(const struct settings *settings, enum step_id next, int64_t ppm)
{
	struct snapshot *snapshot = scene_new(settings);
	struct pair *pair = arena_alloc(&snapshot->arena, sizeof(*pair));
	enum step_id at = next == STEP_DETACH ? STEP_CRDS : next;
	bool made = at > STEP_POOL, gone = at > STEP_CLEANUP;

	*pair = (struct pair){
		.ns = "default",
		.alpha = "vllm-llama3-8b-preview",
		.ga = "vllm-llama3-8b-ga",
		.alpha_uid = gone ? "" : "a",
		.ga_uid = made ? "g" : "",
		.selected = true,
		.pods_ready = 3,
		.pods = 3,
		.alpha_picker = { gone ? "" : "vllm-llama3-8b-preview-epp",
				  "vllm-llama3-8b-preview-epp", 1, 1 },
		.ga_picker = { made ? "vllm-llama3-8b-ga-epp" : "", "vllm-llama3-8b-ga-epp", 1, 1 },
		.helm_release = "",
		.wanted = ppm,
		.written = ppm,
		.observed = PPM_UNKNOWN,
	};
	set_steps(pair, &snapshot->plan, next);
	set_places(&snapshot->arena, pair, at > STEP_ATTACH, ppm);
	set_models(&snapshot->arena, pair, at > STEP_OBJECTIVES);
	if (at <= STEP_CRDS)
		snapshot->view[KIND_GA_POOL].state = snapshot->view[KIND_OBJECTIVE].state =
			VIEW_NOT_INSTALLED;
	snapshot->plan.pairs = pair;
	snapshot->plan.pair_count = 1;
	snapshot->plan.next = next;
	for (size_t i = 0; i < snapshot->plan.step_count; i++)
		snapshot->plan.steps[i].status = pair->steps[snapshot->plan.steps[i].id];
	add_gateway(snapshot);
	return snapshot;
}

struct snapshot *
scene_crowd(const struct settings *settings, int pairs)
{
	struct snapshot *snapshot = scene_classic(settings, STEP_CRDS, 0);
	struct pair *list = arena_array(&snapshot->arena, (size_t)pairs, sizeof(*list));

	for (int i = 0; i < pairs; i++) {
		list[i] = snapshot->plan.pairs[0];
		list[i].ns = arena_printf(&snapshot->arena, "team-%02d", i % 12);
		list[i].alpha = arena_printf(&snapshot->arena, "pool-%02d", i);
		list[i].ga = arena_printf(&snapshot->arena, "pool-%02d-ga", i);
		list[i].pods_ready = i % 4 == 3 ? 1 : 2;
		list[i].pods = 2;
	}
	snapshot->plan.pairs = list;
	snapshot->plan.pair_count = (size_t)pairs;
	return snapshot;
}

struct snapshot *
scene_fresh(const struct settings *settings)
{
	struct snapshot *snapshot = scene_new(settings);

	snapshot->plan.nothing_to_migrate = true;
	snapshot->view[KIND_ALPHA_POOL].state = snapshot->view[KIND_MODEL].state =
		VIEW_NOT_INSTALLED;
	add_gateway(snapshot);
	return snapshot;
}

struct pair *
scene_pair(struct snapshot *snapshot, size_t place)
{
	struct pair *copy = arena_array(&snapshot->arena, snapshot->plan.pair_count, sizeof(*copy));

	memcpy(copy, snapshot->plan.pairs, snapshot->plan.pair_count * sizeof(*copy));
	snapshot->plan.pairs = copy;
	return &copy[place];
}

void
scene_block(struct snapshot *snapshot, enum step_id step, const char *reason, const char *object,
	    const char *advice)
{
	scene_pair(snapshot, 0)->steps[step] =
		(struct step_status){ STATE_BLOCKED, reason, object, advice, 0 };
}

void
scene_silence(struct snapshot *snapshot, int64_t seconds)
{
	snapshot->link.state = LINK_NO_ANSWER;
	snapshot->link.since = SCENE_MONO - seconds * SECOND;
	snapshot->link.retry = SCENE_MONO + 4 * SECOND;
	for (int i = 0; i < KIND_COUNT; i++) {
		snapshot->view[i].state = VIEW_STALE;
		snapshot->view[i].fresh = SCENE_MONO - seconds * SECOND;
	}
	snapshot->locked = true;
	snapshot->locked_why = arena_printf(&snapshot->arena,
					    "the cluster has not answered for %d s", (int)seconds);
}

static const struct write_view shift_writes[] = {
	{ .verb = "patch",
	  .kind = KIND_ROUTE,
	  .group = GROUP_GATEWAY,
	  .version = "v1",
	  .resource = "httproutes",
	  .ns = "default",
	  .name = "llm-route",
	  .uid = "r1",
	  .version_seen = "48211",
	  .content_type = "application/json-patch+json",
	  .body = "[]",
	  .title = "HTTPRoute default/llm-route (gateway.networking.k8s.io)",
	  .summary = "rules[0].backendRefs[0].weight   75  →  50   α preview\n"
		     "rules[0].backendRefs[1].weight   25  →  50   GA ga",
	  .diff = "--- HTTPRoute default/llm-route\n+++ after the write\n@@ -14,10 +14,10 @@\n   - "
		  "backendRefs:\n"
		  "     - group: inference.networking.x-k8s.io\n       kind: InferencePool\n       "
		  "name: vllm-llama3-8b-preview\n"
		  "-      weight: 75\n+      weight: 50\n     - group: "
		  "inference.networking.k8s.io\n       kind: InferencePool\n"
		  "       name: vllm-llama3-8b-ga\n-      weight: 25\n+      weight: 50",
	  .kubectl = "kubectl --context gke_prod_us-central1_inf -n default patch "
		     "httproutes.gateway.networking.k8s.io llm-route "
		     "--type=json -p "
		     "'[{\"op\":\"test\",\"path\":\"/metadata/uid\",\"value\":\"r1\"}]'",
	  .dry_run = DRY_OK,
	  .dry_run_text = "" },
	{ .verb = "patch",
	  .kind = KIND_ROUTE,
	  .group = GROUP_GATEWAY,
	  .version = "v1",
	  .resource = "httproutes",
	  .ns = "default",
	  .name = "admin-route",
	  .uid = "r2",
	  .version_seen = "48190",
	  .content_type = "application/json-patch+json",
	  .body = "[]",
	  .title = "HTTPRoute default/admin-route (gateway.networking.k8s.io)",
	  .summary = "rules[1].backendRefs[0].weight  675  →  45   α preview  45 %\n"
		     "rules[1].backendRefs[1].weight  225  →  45   GA ga      45 %\n"
		     "rules[1].backendRefs[2].weight  100  →  10   other      10 %",
	  .diff = "--- HTTPRoute default/admin-route\n+++ after the write\n-      weight: 675\n+   "
		  "   weight: 45",
	  .kubectl = "kubectl -n default patch httproutes.gateway.networking.k8s.io admin-route "
		     "--type=json -p '[]'",
	  .dry_run = DRY_OK,
	  .dry_run_text = "" },
};

void
scene_preview_shift(struct snapshot *snapshot, int64_t to)
{
	snapshot->preview = (struct preview){
		.id = 3,
		.step = STEP_SHIFT,
		.pair = "default/vllm-llama3-8b-preview",
		.from = snapshot->plan.pairs[0].written,
		.to = to,
		.ready = true,
		.risk = RISK_TRAFFIC,
		.title = "2 routes, 2 rules; only the weights change",
		.undo_text = "the weights go back to 75 and 25",
		.type_this = "",
		.status = done,
		.writes = shift_writes,
		.write_count = 2,
	};
	snapshot->preview.status.state = STATE_READY;
}

static const struct write_view final_writes[] = {
	{ .verb = "delete",
	  .kind = KIND_CRD,
	  .group = GROUP_CRD,
	  .version = "v1",
	  .resource = "customresourcedefinitions",
	  .ns = "",
	  .name = "inferencemodels.inference.networking.x-k8s.io",
	  .uid = "c1",
	  .version_seen = "11",
	  .content_type = "",
	  .body = "",
	  .title = "CustomResourceDefinition inferencemodels.inference.networking.x-k8s.io",
	  .summary = "    0 objects in 0 namespaces",
	  .diff = "",
	  .kubectl = "kubectl delete crd inferencemodels.inference.networking.x-k8s.io",
	  .dry_run = DRY_OK,
	  .dry_run_text = "" },
	{ .verb = "delete",
	  .kind = KIND_CRD,
	  .group = GROUP_CRD,
	  .version = "v1",
	  .resource = "customresourcedefinitions",
	  .ns = "",
	  .name = "inferencepools.inference.networking.x-k8s.io",
	  .uid = "c2",
	  .version_seen = "12",
	  .content_type = "",
	  .body = "",
	  .title = "CustomResourceDefinition inferencepools.inference.networking.x-k8s.io",
	  .summary = "    0 objects in 0 namespaces",
	  .diff = "",
	  .kubectl = "kubectl delete crd inferencepools.inference.networking.x-k8s.io",
	  .dry_run = DRY_OK,
	  .dry_run_text = "" },
};

void
scene_preview_final(struct snapshot *snapshot)
{
	snapshot->preview = (struct preview){
		.id = 4,
		.step = STEP_REMOVE_CRDS,
		.pair = "",
		.from = PPM_UNKNOWN,
		.to = PPM_UNKNOWN,
		.ready = true,
		.risk = RISK_FINAL,
		.title = "deletes 2 CRDs of inference.networking.x-k8s.io, no object is left of "
			 "either",
		.undo_text = "the CRDs can be installed again, and the objects kept with them",
		.type_this = CLUSTER,
		.status = done,
		.writes = final_writes,
		.write_count = 2,
	};
	snapshot->preview.status.state = STATE_READY;
}

void
scene_journal(struct snapshot *snapshot)
{
	static const struct journal_line lines[] = {
		{ SCENE_WALL - 9 * MINUTE, "crds: apply 3 CRDs of bundle v1.0.0, 210 ms",
		  "kubectl apply --server-side -f -", true, false, false, "" },
		{ SCENE_WALL - 8 * MINUTE, "pool: apply 9 objects of vllm-llama3-8b-ga, 341 ms",
		  "kubectl apply --server-side -f -", true, false, false, "" },
		{ SCENE_WALL - 4 * MINUTE, "shift 0 → 10 % on 2 routes, 29 ms",
		  "kubectl -n default patch httproutes.gateway.networking.k8s.io llm-route "
		  "--type=json -p …",
		  true, true, false, "" },
		{ SCENE_WALL - 2 * MINUTE,
		  "shift 0 → 50 % refused, 409: kubectl-edit changed llm-route", "", false, false,
		  false, "" },
		{ SCENE_WALL - MINUTE, "shift 10 → 25 % on 2 routes, 31 ms",
		  "kubectl -n default patch httproutes.gateway.networking.k8s.io llm-route "
		  "--type=json -p …",
		  true, false, false, "" },
	};

	snapshot->journal = lines;
	snapshot->journal_count = sizeof(lines) / sizeof(lines[0]);
	snapshot->journal_path = "~/.local/state/poolshift/gke_prod_us-central1_inf.jsonl";
}

void
scene_detail(struct snapshot *snapshot)
{
	snapshot->detail = (struct detail){
		.kind = KIND_ROUTE,
		.ns = "default",
		.name = "llm-route",
		.found = true,
		.title = "HTTPRoute default/llm-route (gateway.networking.k8s.io)",
		.describe = "Gateway    default/inference-gateway\n\nConditions\n  Accepted      "
			    "True   Accepted      12m\n"
			    "  ResolvedRefs  True   ResolvedRefs  12m\n\nRules\n  0  /  α "
			    "vllm-llama3-8b-preview 75  GA vllm-llama3-8b-ga 25",
		.yaml = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  "
			"name: llm-route\n",
	};
}

void
scene_checks(struct snapshot *snapshot)
{
	static const struct check checks[] = {
		{ "gateway-programmed", "default/inference-gateway", true, "Programmed, 10.0.0.7" },
		{ "route-accepted", "default/llm-route", true, "Accepted and ResolvedRefs" },
		{ "picker-available", "default/vllm-llama3-8b-ga-epp", false,
		  "0 of 1 ready for 12 s" },
	};

	snapshot->verification = (struct verification){
		.ran = true,
		.ok = false,
		.wall = SCENE_WALL - 5 * SECOND,
		.pair = "default/vllm-llama3-8b-preview",
		.checks = checks,
		.check_count = 3,
		.probed = true,
		.probe = { "http://10.0.0.7:80/v1/completions", 200, 41 * MILLISECOND,
			   "vllm-llama3-8b-ga", "" },
	};
}

void
scene_losses(struct snapshot *snapshot)
{
	static const struct loss losses[] = {
		{ "InferenceModel default/food-review (inference.networking.x-k8s.io)",
		  "spec.modelName", "food-review", "an InferenceObjective names no model",
		  "clients send the header x-gateway-inference-objective: food-review", "", false },
		{ "InferenceModel default/food-review (inference.networking.x-k8s.io)",
		  "spec.targetModels", "food-review-1 100", "bundle v1.0.0 has no model rewrite",
		  "a RequestHeaderModifier filter that sets x-gateway-model-name-rewrite",
		  "filters:\n- type: RequestHeaderModifier\n  requestHeaderModifier:\n    set:\n"
		  "    - name: x-gateway-model-name-rewrite\n      value: 'food-review-1'\n",
		  false },
	};

	snapshot->plan.losses = losses;
	snapshot->plan.loss_count = 2;
}

void
scene_run(struct snapshot *snapshot, enum step_id step, enum run_phase phase, const char *text)
{
	snapshot->run = (struct run_view){ .phase = phase,
					   .step = step,
					   .pair = "default/vllm-llama3-8b-preview",
					   .text = text,
					   .done = 4,
					   .total = 9,
					   .since = SCENE_MONO - 12 * SECOND,
					   .until = SCENE_MONO + 108 * SECOND };
}

void
scene_frozen(struct snapshot *snapshot)
{
	snapshot->lease = (struct lease_view){ .state = LEASE_VIEW_FREE,
					       .name = "default/poolshift",
					       .holder = "",
					       .frozen = true,
					       .frozen_by = "sre@bastion, pid 4711",
					       .frozen_reason = "incident 12",
					       .frozen_since = SCENE_WALL - 3 * MINUTE,
					       .trouble = "" };
	snapshot->locked = true;
	snapshot->locked_why =
		"Writing to this cluster is frozen by sre@bastion, pid 4711: incident 12. Nothing "
		"is written; `poolshift unfreeze` ends that.";
}

void
scene_held(struct snapshot *snapshot)
{
	snapshot->lease = (struct lease_view){ .state = LEASE_VIEW_HELD,
					       .name = "default/poolshift",
					       .holder = "oncall@laptop, pid 99",
					       .since = SCENE_WALL - 40 * SECOND,
					       .frozen_by = "",
					       .frozen_reason = "",
					       .trouble = "" };
	snapshot->locked = true;
	snapshot->locked_why =
		"oncall@laptop, pid 99 writes to this cluster: one console at a time does.";
}

void
scene_pending(struct snapshot *snapshot)
{
	snapshot->pending =
		"Nothing is written for 43 s, since an earlier patch HTTPRoute default/llm-route "
		"(gateway.networking.k8s.io) got no answer: it is not done, but the API server may "
		"still do it.";
}

void
scene_choices(struct snapshot *snapshot)
{
	static const struct offer offers[] = {
		{ CARRY_RESOURCES, "cpu 4, memory 8Gi", false },
		{ CARRY_REPLICAS, "3", true },
	};
	static const struct orphan orphans[] = {
		{ "InferenceModel default/retired (inference.networking.x-k8s.io)", "default",
		  "retired", false, "" },
	};
	struct pair *pair = scene_pair(snapshot, 0);
	struct plan_model *models = arena_array(&snapshot->arena, 2, sizeof(*models));

	memcpy(models, pair->models, 2 * sizeof(*models));
	models[0].priority = 5;
	models[0].asked = true;
	pair->models = models;
	pair->offers = offers;
	pair->offer_count = 2;
	snapshot->plan.orphans = orphans;
	snapshot->plan.orphan_count = 1;
	snapshot->choices =
		(struct choices_view){ .options =
					       "--priority default/base-model=5 --carry replicas" };
	snapshot->choices.carry[CARRY_REPLICAS] = true;
}

void
scene_rights(struct snapshot *snapshot)
{
	static const struct right_view rights[] = {
		{ "patch", "gateway.networking.k8s.io", "httproutes", "default", "llm-route",
		  STEP_ATTACH, false, RIGHT_DENIED },
		{ "get", "", "pods", "default", "", STEP_COUNT, false, RIGHT_ALLOWED },
	};

	snapshot->link.user = "viewer";
	snapshot->rights = rights;
	snapshot->right_count = 2;
}

void
scene_down(struct snapshot *snapshot, int64_t seconds)
{
	snapshot->plan.downtime = (struct downtime){ .began = SCENE_WALL - seconds * SECOND };
}

void
scene_preview_detach(struct snapshot *snapshot)
{
	static const struct write_view writes[] = {
		{ .verb = "patch",
		  .kind = KIND_ROUTE,
		  .version_seen = "48211",
		  .title = "HTTPRoute default/llm-route (gateway.networking.k8s.io)",
		  .summary = "rules[0].backendRefs[0]  - α vllm-llama3-8b-preview weight 1",
		  .diff = "",
		  .kubectl = "kubectl",
		  .dry_run = DRY_OK,
		  .dry_run_text = "" },
	};

	snapshot->preview = (struct preview){
		.id = 3,
		.step = STEP_DETACH,
		.pair = "default/vllm-llama3-8b-preview",
		.from = PPM_UNKNOWN,
		.to = PPM_UNKNOWN,
		.ready = true,
		.risk = RISK_TRAFFIC,
		.title = "detach default/vllm-llama3-8b-preview",
		.undo_text = "the references are put back where they were",
		.type_this = "",
		.status = { .state = STATE_READY, .reason = "", .object = "", .advice = "" },
		.writes = writes,
		.write_count = 1,
	};
}
