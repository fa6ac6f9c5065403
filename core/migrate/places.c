#include "core/migrate/places.h"

#include <string.h>

#include "core/base/text.h"
#include "core/migrate/answers.h"
#include "core/migrate/say.h"
#include "core/migrate/split.h"

struct making {
	const char *ns, *alpha, *ga;
	struct arena *arena;
	struct place *places;
	size_t count;
	const struct object *route; /* the one that `common` speaks of */
	struct place common;        /* what all places of a route share */
};

int64_t
places_weight(const struct backend *backend)
{
	if (backend->weight < 0)
		return 0;
	return backend->weight > SPLIT_WEIGHT_MAX ? SPLIT_WEIGHT_MAX : backend->weight;
}

/* Negative, 0 or positive, in the order of a reflist. */
static int
item_compare(const struct reflist_item *a, const struct reflist_item *b)
{
	int order;

	if (a->route != b->route) {
		order = strcmp(a->route->meta.ns, b->route->meta.ns);
		return order != 0 ? order : strcmp(a->route->meta.name, b->route->meta.name);
	}
	return a->rule->index - b->rule->index;
}

static bool
is_pool(const struct making *making, const struct ref *ref, enum kind pool)
{
	const char *name = pool == KIND_ALPHA_POOL ? making->alpha : making->ga;

	return reflist_kind(ref) == pool && strcmp(ref->name, name) == 0 &&
	       strcmp(ref->ns, making->ns) == 0;
}

static void
open_route(struct making *making, const struct object *route)
{
	struct answers answers = answers_route(route);

	making->route = route;
	making->common = (struct place){
		.route_ns = say_text(making->arena, route->meta.ns),
		.route = say_text(making->arena, route->meta.name),
		.alpha_weight = -1,
		.ga_weight = -1,
		.ppm = PPM_UNKNOWN,
		.accepted = answers.accepted,
		.resolved = answers.resolved,
		.pending = answers.pending,
		.trouble = "",
		.since = answers.since,
	};
	if (answers.trouble != NULL)
		making->common.trouble = say_text(
			making->arena, arena_printf(making->arena, "%s=False %s: \"%s\" by %s",
						    answers.trouble->type, answers.trouble->reason,
						    answers.trouble->message, answers.controller));
}

static void
add_weight(int64_t *sum, int64_t weight)
{
	*sum = (*sum < 0 ? 0 : *sum) + weight;
}

static void
add_backends(struct making *making, const struct rule *rule)
{
	struct place place = making->common;

	for (size_t i = 0; i < rule->backend_count; i++) {
		const struct backend *backend = &rule->backends[i];

		if (is_pool(making, &backend->ref, KIND_ALPHA_POOL))
			add_weight(&place.alpha_weight, places_weight(backend));
		else if (is_pool(making, &backend->ref, KIND_GA_POOL))
			add_weight(&place.ga_weight, places_weight(backend));
		else
			place.other_weight += places_weight(backend);
	}
	if (place.alpha_weight < 0 && place.ga_weight < 0)
		return;
	place.rule = rule->index;
	place.match = say_text(making->arena, rule->match);
	place.ppm = split_ppm_of(place.alpha_weight < 0 ? 0 : place.alpha_weight,
				 place.ga_weight < 0 ? 0 : place.ga_weight);
	making->places[making->count++] = place;
}

static void
add_mirrors(struct making *making, const struct rule *rule)
{
	struct place place = making->common;

	for (size_t i = 0; i < rule->mirror_count; i++) {
		if (is_pool(making, &rule->mirrors[i].ref, KIND_ALPHA_POOL))
			place.alpha_weight = 0;
		else if (is_pool(making, &rule->mirrors[i].ref, KIND_GA_POOL))
			place.ga_weight = 0;
	}
	if (place.alpha_weight < 0 && place.ga_weight < 0)
		return;
	place.rule = rule->index;
	place.match = say_text(making->arena, rule->match);
	place.mirror = true;
	making->places[making->count++] = place;
}

struct place *
places_new(const struct reflist *list, const char *ns, const char *alpha, const char *ga,
	   struct arena *arena, size_t *count)
{
	size_t alphas, gas, a = 0, g = 0;
	const struct reflist_item *of_alpha =
		reflist_find(list, KIND_ALPHA_POOL, ns, alpha, &alphas);
	const struct reflist_item *of_ga = reflist_find(list, KIND_GA_POOL, ns, ga, &gas);
	const struct rule *last = NULL;
	struct making making = { .ns = ns, .alpha = alpha, .ga = ga, .arena = arena };

	*count = 0;
	if (alphas + gas == 0)
		return NULL;
	making.places = arena_array(arena, alphas + gas, sizeof(*making.places));
	while (a < alphas || g < gas) {
		const struct reflist_item *item;

		if (g == gas || (a < alphas && item_compare(&of_alpha[a], &of_ga[g]) <= 0))
			item = &of_alpha[a++];
		else
			item = &of_ga[g++];
		if (item->rule == last)
			continue;
		last = item->rule;
		if (item->route != making.route)
			open_route(&making, item->route);
		add_backends(&making, item->rule);
		add_mirrors(&making, item->rule);
	}
	*count = making.count;
	return making.places;
}

int64_t
places_ppm(const struct place *places, size_t count)
{
	int64_t ppm = PPM_UNKNOWN;

	for (size_t i = 0; i < count; i++) {
		if (places[i].mirror || places[i].ppm == PPM_UNKNOWN)
			continue;
		if (ppm != PPM_UNKNOWN && ppm != places[i].ppm)
			return PPM_APART;
		ppm = places[i].ppm;
	}
	return ppm;
}
