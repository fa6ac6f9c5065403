#include "core/migrate/limits.h"

#include "core/base/text.h"
#include "core/migrate/places.h"
#include "core/migrate/say.h"
#include "core/migrate/split.h"
#include "core/migrate/surgery.h"

static void
block(const struct stage *stage, const struct object *route, struct step_status *status,
      const char *advice)
{
	status->object = say_title(stage->arena, KIND_ROUTE, route->meta.ns, route->meta.name);
	status->advice = advice;
}

/* GA references that are to come to a rule, of all pairs that are selected. */
static size_t
to_come(const struct stage *stage, const struct rule *rule)
{
	size_t count = 0;

	for (size_t i = 0; i < stage->plan->pair_count; i++) {
		const struct pair *pair = &stage->plan->pairs[i];

		if (pair->selected && surgery_count(pair, rule, SPLIT_GA) == 0)
			count += surgery_count(pair, rule, SPLIT_ALPHA);
	}
	return count;
}

static bool
lacks_room(const struct stage *stage, const struct object *route, const struct rule *rule,
	   struct step_status *status)
{
	size_t more = to_come(stage, rule);

	if (more == 0 || rule->backend_count + more <= SPLIT_MAX)
		return false;
	say_status(status, stage->arena, STATE_BLOCKED,
		   "rules[%d] has %zu backendRefs and the API allows %d: there is no room for the "
		   "GA pool",
		   rule->index, rule->backend_count, SPLIT_MAX);
	block(stage, route, status,
	      "take a backendRef that is not needed out of that rule, or part the rule");
	return true;
}

/* The rule as it will be once it is attached. */
static struct split
attached(const struct pair *pair, const struct rule *rule)
{
	struct split split = { 0 };
	bool twins = surgery_count(pair, rule, SPLIT_GA) == 0;

	for (size_t i = 0; i < rule->backend_count && split.count + 1 < SPLIT_MAX; i++) {
		enum split_side side = surgery_side(pair, &rule->backends[i].ref);

		split.parts[split.count++] =
			(struct split_part){ .side = side,
					     .weight = places_weight(&rule->backends[i]) };
		if (twins && side == SPLIT_ALPHA)
			split.parts[split.count++] = (struct split_part){ .side = SPLIT_GA };
	}
	return split;
}

static bool
lacks_precision(const struct stage *stage, const struct pair *pair, const struct object *route,
		const struct rule *rule, struct step_status *status)
{
	static const int64_t whole[] = { PPM_ALL };
	const struct settings *settings = stage->settings;
	const int64_t *ramp = settings->ramp_count > 0 ? settings->ramp : whole;
	size_t stops = settings->ramp_count > 0 ? settings->ramp_count : 1;
	struct split from = attached(pair, rule), to;
	struct err err;

	if (split_sum(&from, SPLIT_ALPHA) + split_sum(&from, SPLIT_GA) == 0)
		return false;
	for (size_t i = 0; i < stops; i++) {
		if (split_move(&from, ramp[i], &to, &err))
			continue;
		say_status(status, stage->arena, STATE_BLOCKED, "rules[%d] cannot go to %g %%: %s",
			   rule->index, (double)ramp[i] / 10000, err.text);
		block(stage, route, status,
		      "write the rule's weights in smaller numbers, or choose other stops: --ramp");
		return true;
	}
	return false;
}

bool
limits_blocked(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct object *route;

	/* There the GA pool takes the alpha one's place, and no weight changes. */
	if (stage->settings->path == PATH_SIMPLE)
		return false;
	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;)
		for (size_t i = 0; i < route->route.rule_count; i++) {
			const struct rule *rule = &route->route.rules[i];

			if (surgery_count(pair, rule, SPLIT_ALPHA) > 0 &&
			    (lacks_room(stage, route, rule, status) ||
			     lacks_precision(stage, pair, route, rule, status)))
				return true;
		}
	return false;
}

bool
limits_block_any(const struct stage *stage, struct step_status *status)
{
	for (size_t i = 0; i < stage->plan->pair_count; i++)
		if (stage->plan->pairs[i].selected &&
		    limits_blocked(stage, &stage->plan->pairs[i], status))
			return true;
	return false;
}
