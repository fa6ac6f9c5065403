#include "tui/plain/status_json.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/step.h"

void
status_json_head(struct jsonout *out, const char *kind, const struct snapshot *snapshot,
		 const struct settings *settings)
{
	const char *version = snapshot->server.version;

	jsonout_open(out, NULL, '{');
	jsonout_string(out, "apiVersion", "poolshift/v1");
	jsonout_string(out, "kind", kind);
	jsonout_time(out, "time", snapshot->wall);
	jsonout_string(out, "context", snapshot->link.context);
	jsonout_string(out, "server", snapshot->link.server);
	jsonout_string(out, "serverVersion", version);
	jsonout_string(out, "gke", snapshot->server.gke ? version + (*version == 'v') : NULL);
	jsonout_string(out, "path", settings->path == PATH_SIMPLE ? "simple" : "zero-downtime");
	jsonout_bool(out, "nothingToMigrate", snapshot->plan.nothing_to_migrate);
}

static void
put_lease(struct jsonout *out, const struct snapshot *snapshot)
{
	static const char *const states[] = {
		[LEASE_VIEW_UNKNOWN] = "unknown", [LEASE_VIEW_FREE] = "free",
		[LEASE_VIEW_OURS] = "ours",       [LEASE_VIEW_HELD] = "held",
		[LEASE_VIEW_LAPSED] = "lapsed",   [LEASE_VIEW_DENIED] = "denied",
	};
	const struct lease_view *lease = &snapshot->lease;

	jsonout_open(out, "lease", '{');
	jsonout_text(out, "name", lease->name);
	jsonout_string(out, "state", states[lease->state]);
	jsonout_text(out, "holder", lease->holder);
	if (lease->since > 0)
		jsonout_time(out, "since", lease->since);
	else
		jsonout_null(out, "since");
	jsonout_ratio(out, "ageSeconds", lease->since > 0 ? snapshot->wall - lease->since : -1,
		      SECOND);
	if (lease->frozen) {
		jsonout_open(out, "frozen", '{');
		jsonout_text(out, "by", lease->frozen_by);
		jsonout_text(out, "reason", lease->frozen_reason);
		if (lease->frozen_since > 0)
			jsonout_time(out, "since", lease->frozen_since);
		else
			jsonout_null(out, "since");
		jsonout_close(out, '}');
	} else {
		jsonout_null(out, "frozen");
	}
	jsonout_close(out, '}');
}

bool
status_json_names(const struct ref *ref, const struct object *pool)
{
	const struct kind_row *row = kind_row(pool->kind);

	return text_equal(ref->group, row->group) && text_equal(ref->kind, row->object) &&
	       text_equal(ref->ns, pool->meta.ns) && text_equal(ref->name, pool->meta.name);
}

static void
put_kinds(struct jsonout *out, const struct snapshot *snapshot)
{
	jsonout_open(out, "kinds", '[');
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		const struct kind_row *row = kind_row(kind);
		const struct view *view = &snapshot->view[kind];
		jsonout_open(out, NULL, '{');
		jsonout_string(out, "group", row->group);
		jsonout_string(out, "resource", row->resource);
		jsonout_string(out, "state", view_state_name(view->state));
		jsonout_ratio(out, "ageSeconds",
			      view->fresh > 0 ? snapshot->mono - view->fresh : -1, SECOND);
		jsonout_integer(out, "count", (int64_t)snapshot->count[kind]);
		jsonout_close(out, '}');
	}
	jsonout_close(out, ']');
}

static bool
route_uses(const struct route *route, const struct object *pool)
{
	for (size_t r = 0; r < route->rule_count; r++)
		for (size_t b = 0; b < route->rules[r].backend_count; b++)
			if (status_json_names(&route->rules[r].backends[b].ref, pool))
				return true;
	return false;
}

static const struct pair *
pair_of(const struct snapshot *snapshot, const struct object *pool)
{
	for (size_t i = 0; i < snapshot->plan.pair_count; i++) {
		const struct pair *pair = &snapshot->plan.pairs[i];
		const char *name = pool->pool.ga ? pair->ga : pair->alpha;
		if (text_equal(pair->ns, pool->meta.ns) && text_equal(name, pool->meta.name))
			return pair;
	}
	return NULL;
}

static void
put_picker(struct jsonout *out, const struct object *object, const struct pair *pair)
{
	const struct pool *pool = &object->pool;
	const struct picker_view *view = NULL;

	if (pair != NULL)
		view = pool->ga ? &pair->ga_picker : &pair->alpha_picker;
	if (*pool->picker.name == '\0') {
		jsonout_null(out, "endpointPicker");
		return;
	}
	jsonout_open(out, "endpointPicker", '{');
	jsonout_string(out, "kind", pool->picker.kind);
	jsonout_string(out, "name", pool->picker.name);
	jsonout_integer(out, "port", pool->picker_port);
	jsonout_integer(out, "ready", view != NULL ? view->ready : 0);
	jsonout_integer(out, "desired", view != NULL ? view->desired : 0);
	jsonout_close(out, '}');
}

static void
put_pool(struct jsonout *out, const struct snapshot *snapshot, const struct object *object)
{
	const struct pool *pool = &object->pool;
	const struct pair *pair = pair_of(snapshot, object);

	jsonout_open(out, NULL, '{');
	jsonout_string(out, "group", kind_row(object->kind)->group);
	jsonout_name(out, "name", object->meta.ns, object->meta.name);
	jsonout_string(out, "uid", object->meta.uid);
	jsonout_open(out, "selector", '{');
	for (size_t i = 0; i < pool->selector.count; i++)
		jsonout_string(out, pool->selector.items[i].key, pool->selector.items[i].value);
	jsonout_close(out, '}');
	jsonout_open(out, "ports", '[');
	for (size_t i = 0; i < pool->port_count; i++)
		jsonout_integer(out, NULL, pool->ports[i]);
	jsonout_close(out, ']');
	put_picker(out, object, pair);
	jsonout_open(out, "routes", '[');
	for (size_t i = 0; i < snapshot->count[KIND_ROUTE]; i++) {
		const struct object *route = snapshot->objects[KIND_ROUTE][i];
		if (route_uses(&route->route, object))
			jsonout_name(out, NULL, route->meta.ns, route->meta.name);
	}
	jsonout_close(out, ']');
	jsonout_text(out, "helmRelease", pair != NULL && !pool->ga ? pair->helm_release : NULL);
	jsonout_close(out, '}');
}

static void
put_models(struct jsonout *out, const struct snapshot *snapshot)
{
	jsonout_open(out, "models", '[');
	for (size_t i = 0; i < snapshot->count[KIND_MODEL]; i++) {
		const struct object *object = snapshot->objects[KIND_MODEL][i];
		const struct model *model = &object->model;
		jsonout_open(out, NULL, '{');
		jsonout_name(out, "name", object->meta.ns, object->meta.name);
		jsonout_string(out, "modelName", model->model_name);
		jsonout_text(out, "criticality", model->criticality);
		jsonout_name(out, "pool", model->pool.ns, model->pool.name);
		jsonout_open(out, "targetModels", '[');
		for (size_t t = 0; t < model->target_count; t++) {
			jsonout_open(out, NULL, '{');
			jsonout_string(out, "name", model->targets[t].name);
			jsonout_ratio(out, "weight", model->targets[t].weight, 1);
			jsonout_close(out, '}');
		}
		jsonout_close(out, ']');
		jsonout_close(out, '}');
	}
	jsonout_close(out, ']');
}

static void
put_objectives(struct jsonout *out, const struct snapshot *snapshot)
{
	jsonout_open(out, "objectives", '[');
	for (size_t i = 0; i < snapshot->count[KIND_OBJECTIVE]; i++) {
		const struct object *object = snapshot->objects[KIND_OBJECTIVE][i];
		const struct objective *objective = &object->objective;
		jsonout_open(out, NULL, '{');
		jsonout_name(out, "name", object->meta.ns, object->meta.name);
		if (objective->has_priority)
			jsonout_integer(out, "priority", objective->priority);
		else
			jsonout_null(out, "priority");
		jsonout_name(out, "pool", objective->pool.ns, objective->pool.name);
		jsonout_string(out, "poolGroup", objective->pool.group);
		jsonout_close(out, '}');
	}
	jsonout_close(out, ']');
}

static void
put_rule(struct jsonout *out, const struct rule *rule)
{
	int64_t sum = 0;

	for (size_t b = 0; b < rule->backend_count; b++)
		sum += rule->backends[b].weight;
	jsonout_open(out, NULL, '{');
	jsonout_integer(out, "index", rule->index);
	jsonout_open(out, "backends", '[');
	for (size_t b = 0; b < rule->backend_count; b++) {
		const struct backend *backend = &rule->backends[b];
		jsonout_open(out, NULL, '{');
		jsonout_string(out, "group", backend->ref.group);
		jsonout_string(out, "kind", backend->ref.kind);
		jsonout_name(out, "name", backend->ref.ns, backend->ref.name);
		jsonout_integer(out, "weight", backend->weight);
		jsonout_ratio(out, "share", backend->weight, sum > 0 ? sum : 1);
		jsonout_close(out, '}');
	}
	jsonout_close(out, ']');
	jsonout_close(out, '}');
}

/* What all parents say of one condition: the worst of them, pending when there is none. */
enum condition_answer
status_json_route(const struct object *object, const char *type)
{
	enum condition_answer all = CONDITION_PENDING;

	for (size_t i = 0; i < object->route.parent_count; i++) {
		enum condition_answer one = condition_answer(&object->route.parents[i].conditions,
							     type, object->meta.generation);
		if (one == CONDITION_FALSE)
			return one;
		if (i == 0 || one == CONDITION_PENDING)
			all = one;
	}
	return all;
}

static void
put_routes(struct jsonout *out, const struct snapshot *snapshot)
{
	jsonout_open(out, "routes", '[');
	for (size_t i = 0; i < snapshot->count[KIND_ROUTE]; i++) {
		const struct object *object = snapshot->objects[KIND_ROUTE][i];
		enum condition_answer accepted = status_json_route(object, "Accepted");
		enum condition_answer resolved = status_json_route(object, "ResolvedRefs");
		jsonout_open(out, NULL, '{');
		jsonout_name(out, "name", object->meta.ns, object->meta.name);
		jsonout_bool(out, "accepted", accepted == CONDITION_TRUE);
		jsonout_bool(out, "resolvedRefs", resolved == CONDITION_TRUE);
		jsonout_bool(out, "pending",
			     accepted == CONDITION_PENDING || resolved == CONDITION_PENDING);
		jsonout_open(out, "rules", '[');
		for (size_t r = 0; r < object->route.rule_count; r++)
			put_rule(out, &object->route.rules[r]);
		jsonout_close(out, ']');
		jsonout_close(out, '}');
	}
	jsonout_close(out, ']');
}

static void
put_gateways(struct jsonout *out, const struct snapshot *snapshot)
{
	jsonout_open(out, "gateways", '[');
	for (size_t i = 0; i < snapshot->count[KIND_GATEWAY]; i++) {
		const struct object *object = snapshot->objects[KIND_GATEWAY][i];
		const struct gateway *gateway = &object->gateway;
		jsonout_open(out, NULL, '{');
		jsonout_name(out, "name", object->meta.ns, object->meta.name);
		jsonout_string(out, "class", gateway->class_name);
		jsonout_bool(out, "programmed",
			     condition_answer(&gateway->conditions, "Programmed",
					      object->meta.generation) == CONDITION_TRUE);
		jsonout_open(out, "addresses", '[');
		for (size_t a = 0; a < gateway->addresses.count; a++)
			jsonout_string(out, NULL, gateway->addresses.items[a]);
		jsonout_close(out, ']');
		jsonout_close(out, '}');
	}
	jsonout_close(out, ']');
}

static void
put_pairs(struct jsonout *out, const struct plan *plan)
{
	jsonout_open(out, "pairs", '[');
	for (size_t i = 0; i < plan->pair_count; i++) {
		const struct pair *pair = &plan->pairs[i];
		jsonout_open(out, NULL, '{');
		jsonout_name(out, "alpha", pair->ns, pair->alpha);
		jsonout_name(out, "ga", pair->ns, pair->ga);
		jsonout_open(out, "percent", '{');
		jsonout_ratio(out, "wanted", pair->wanted, PPM_ALL / 100);
		jsonout_ratio(out, "written", pair->written, PPM_ALL / 100);
		jsonout_ratio(out, "observed", pair->observed, PPM_ALL / 100);
		jsonout_close(out, '}');
		jsonout_close(out, '}');
	}
	jsonout_close(out, ']');
}

static void
put_status(struct jsonout *out, const struct step_status *status)
{
	jsonout_string(out, "state", step_state_name(status->state));
	jsonout_string(out, "reason", status->reason);
	jsonout_string(out, "object", status->object);
	jsonout_string(out, "advice", status->advice);
}

void
status_json_step(struct jsonout *out, const struct step_view *view)
{
	const struct step *row = step_row(view->id);

	jsonout_string(out, "name", row->name);
	jsonout_string(out, "scope", row->scope == SCOPE_POOL ? "pool" : "cluster");
	put_status(out, &view->status);
}

static void
put_step(struct jsonout *out, const struct plan *plan, const struct step_view *view)
{
	const struct step *row = step_row(view->id);

	jsonout_open(out, NULL, '{');
	status_json_step(out, view);
	jsonout_open(out, "pairs", '[');
	for (size_t i = 0; i < plan->pair_count && row->scope == SCOPE_POOL; i++) {
		const struct pair *pair = &plan->pairs[i];
		const struct step_status *status = &pair->steps[view->id];
		jsonout_open(out, NULL, '{');
		jsonout_name(out, "alpha", pair->ns, pair->alpha);
		put_status(out, status);
		jsonout_close(out, '}');
	}
	jsonout_close(out, ']');
	jsonout_close(out, '}');
}

void
status_json_print(struct buf *page, const struct snapshot *snapshot,
		  const struct settings *settings)
{
	static const enum kind pools[] = { KIND_ALPHA_POOL, KIND_GA_POOL };
	const struct plan *plan = &snapshot->plan;
	struct jsonout out = { .buf = page };

	status_json_head(&out, "Status", snapshot, settings);
	put_kinds(&out, snapshot);
	jsonout_open(&out, "pools", '[');
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < snapshot->count[pools[k]]; i++)
			put_pool(&out, snapshot, snapshot->objects[pools[k]][i]);
	jsonout_close(&out, ']');
	put_models(&out, snapshot);
	put_objectives(&out, snapshot);
	put_routes(&out, snapshot);
	put_gateways(&out, snapshot);
	put_pairs(&out, plan);
	jsonout_open(&out, "steps", '[');
	for (size_t i = 0; i < plan->step_count; i++)
		put_step(&out, plan, &plan->steps[i]);
	jsonout_close(&out, ']');
	jsonout_string(&out, "next", plan->next < STEP_COUNT ? step_name(plan->next) : NULL);
	put_lease(&out, snapshot);
	jsonout_close(&out, '}');
	buf_putc(page, '\n');
}
