/* The checks of the verify step, each with a stable name (CLI §5): what they look at is the present
 * world. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/answers.h"
#include "core/migrate/assess.h"
#include "core/migrate/pair.h"
#include "core/migrate/picker.h"
#include "core/migrate/say.h"
#include "core/migrate/surgery.h"

struct checking {
	const struct stage *stage;
	const struct pair *pair;
	struct check *checks;
	size_t count, room;
	bool ok;
};

static void
add_check(struct checking *c, const char *name, const char *object, bool ok, const char *detail)
{
	if (c->count == c->room) {
		struct check *old = c->checks;

		c->room = c->room == 0 ? 32 : 2 * c->room;
		c->checks = arena_array(c->stage->arena, c->room, sizeof(*c->checks));
		if (c->count > 0)
			memcpy(c->checks, old, c->count * sizeof(*old));
	}
	c->ok &= ok;
	c->checks[c->count++] = (struct check){
		.name = name,
		.object = object,
		.ok = ok,
		.detail = say_text(c->stage->arena, detail),
	};
}

static bool
has_check(const struct checking *c, const char *name, const char *object)
{
	for (size_t i = 0; i < c->count; i++)
		if (text_equal(c->checks[i].name, name) && text_equal(c->checks[i].object, object))
			return true;
	return false;
}

static const char *
condition_detail(struct arena *arena, const struct condition_list *list, const char *type,
		 enum condition_answer answer)
{
	const struct condition *found = condition_find(list, type);

	if (answer == CONDITION_TRUE)
		return arena_printf(arena, "%s=True", type);
	if (answer == CONDITION_PENDING)
		return arena_printf(
			arena,
			"%s is pending: its controller has not looked at the present generation",
			type);
	return arena_printf(arena, "%s=False %s \"%s\"", type, found->reason, found->message);
}

static void
check_gateway(struct checking *c, const struct ref *ref)
{
	struct arena *arena = c->stage->arena;
	const char *name = say_name(arena, ref->ns, ref->name);
	const struct object *gateway =
		world_find(c->stage->world, KIND_GATEWAY, ref->ns, ref->name);
	enum condition_answer answer;

	if (!text_equal(ref->kind, "Gateway") || has_check(c, "gateway-programmed", name))
		return;
	if (gateway == NULL) {
		add_check(c, "gateway-programmed", name, false, "there is no such Gateway");
		return;
	}
	answer = condition_answer(&gateway->gateway.conditions, "Programmed",
				  gateway->meta.generation);
	add_check(c, "gateway-programmed", name, answer == CONDITION_TRUE,
		  condition_detail(arena, &gateway->gateway.conditions, "Programmed", answer));
	add_check(c, "gateway-address", name, gateway->gateway.addresses.count > 0,
		  gateway->gateway.addresses.count > 0 ? gateway->gateway.addresses.items[0]
						       : "it has no address");
}

static void
check_route(struct checking *c, const struct object *route)
{
	struct arena *arena = c->stage->arena;
	struct answers answers = answers_route(route);
	const char *name = say_name(arena, route->meta.ns, route->meta.name);
	const char *detail = "";

	if (answers.pending)
		detail = "pending: its controller has not looked at the present generation";
	if (answers.trouble != NULL)
		detail = arena_printf(arena, "%s=False %s \"%s\"", answers.trouble->type,
				      answers.trouble->reason, answers.trouble->message);
	add_check(c, "route-accepted", name, answers.accepted && !answers.pending,
		  answers.accepted && !answers.pending ? "Accepted=True" : detail);
	add_check(c, "route-resolved", name, answers.resolved && !answers.pending,
		  answers.resolved && !answers.pending ? "ResolvedRefs=True" : detail);
}

/* Of a picker that is not there the nearest thing that is: its Service, or the pool that names
 * it. */
static void
check_picker(struct checking *c, const struct object *ga)
{
	struct arena *arena = c->stage->arena;
	const struct pair *pair = c->pair;
	const struct picker_view *picker = &pair->ga_picker;
	const char *name = picker->deployment, *detail;

	if (*name != '\0')
		detail = arena_printf(arena, "%lld of %lld ready", (long long)picker->ready,
				      (long long)picker->desired);
	else if (ga == NULL)
		detail = "there is no GA pool yet, and so no picker";
	else if (picker_find(c->stage->world, ga).service == NULL)
		detail = "there is no such Service, which the GA pool names as its picker";
	else
		detail = "no Deployment runs the pods of this Service, the GA pool's picker";
	if (*name == '\0')
		name = *picker->name != '\0' ? picker->name : pair->ga;
	add_check(c, "picker-available", say_name(arena, pair->ns, name),
		  picker->ready > 0 && picker->ready >= picker->desired, detail);
}

static void
check_ga(struct checking *c)
{
	struct arena *arena = c->stage->arena;
	const struct pair *pair = c->pair;
	const struct object *ga = pair_ga(c->stage->world, pair), *route;
	const char *name = say_name(arena, pair->ns, pair->ga);
	size_t proven = 0, routes = 0;

	for (size_t at = 0; (route = surgery_route(c->stage, pair, &at)) != NULL;)
		if (surgery_carries(pair, route)) {
			routes++;
			proven += answers_proven(ga, route);
		}
	add_check(c, "ga-pool-accepted", name, ga != NULL && proven == routes,
		  ga == NULL ? "there is no such InferencePool of " GROUP_GA
			     : arena_printf(arena, "accepted for the Gateways of %zu of %zu routes",
					    proven, routes));
	check_picker(c, ga);
	add_check(c, "pods-ready", name, pair->pods_ready > 0,
		  arena_printf(arena, "%lld of %lld ready", (long long)pair->pods_ready,
			       (long long)pair->pods));
}

static void
check_weights(struct checking *c)
{
	const struct pair *pair = c->pair;
	struct buf detail;

	buf_init(&detail, 256);
	if (pair->written >= 0) {
		buf_puts(&detail, "GA ");
		text_ppm(&detail, pair->written);
		buf_printf(&detail, " in %zu place%s", pair->place_count,
			   pair->place_count == 1 ? "" : "s");
	} else if (pair->written == PPM_APART) {
		buf_puts(&detail, "the rules of the pair stand at different shares");
	} else {
		buf_puts(&detail, "no rule gives the pair any weight");
	}
	add_check(c, "weights", pair_title(pair, c->stage->arena), pair->written >= 0,
		  detail.bytes);
	buf_release(&detail);
}

static void
check_probe(struct checking *c, const struct probe_view *probe)
{
	struct arena *arena = c->stage->arena;

	if (probe->error[0] != '\0')
		add_check(c, "probe", say_text(arena, probe->url), false, probe->error);
	else
		add_check(c, "probe", say_text(arena, probe->url), probe->status == 200,
			  arena_printf(arena, "answered %d in %lld ms", probe->status,
				       (long long)(probe->latency / MILLISECOND)));
}

void
assess_verification(const struct stage *stage, const struct pair *pair,
		    const struct probe_view *probe, struct verification *out)
{
	struct checking c = { .stage = stage, .pair = pair, .ok = true };
	const struct object *route;

	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;)
		for (size_t i = 0; i < route->route.gateway_count; i++)
			check_gateway(&c, &route->route.gateways[i]);
	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;)
		check_route(&c, route);
	check_ga(&c);
	if (pair->place_count > 0)
		check_weights(&c);
	if (probe != NULL)
		check_probe(&c, probe);
	*out = (struct verification){
		.ran = true,
		.ok = c.ok,
		.wall = stage->world->wall,
		.pair = pair_title(pair, stage->arena),
		.checks = c.checks,
		.check_count = c.count,
		.probed = probe != NULL,
		.probe = { .url = "", .served_by = "", .error = "" },
	};
	if (probe != NULL)
		out->probe = (struct probe_view){
			.url = say_text(stage->arena, probe->url),
			.status = probe->status,
			.latency = probe->latency,
			.served_by = say_text(stage->arena, probe->served_by),
			.error = say_text(stage->arena, probe->error),
		};
}

bool
assess_unproven(const struct stage *stage, const struct pair *pair)
{
	const struct object *route, *ga = pair_ga(stage->world, pair);

	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;)
		if (surgery_carries(pair, route) && !answers_proven(ga, route))
			return true;
	return false;
}
