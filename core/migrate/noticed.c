#include "core/migrate/noticed.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/answers.h"
#include "core/migrate/pair.h"
#include "core/migrate/past.h"
#include "core/migrate/release.h"
#include "core/migrate/say.h"

bool
noticed_ga_gone(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	if (pair_ga(stage->world, pair) != NULL || pair_alpha(stage->world, pair) == NULL)
		return false;
	for (size_t i = 0; i < pair->place_count; i++) {
		const struct place *place = &pair->places[i];

		if (place->ga_weight <= 0)
			continue;
		say_status(
			status, stage->arena, STATE_BLOCKED,
			"somebody deleted GA pool %s while rules[%d] of HTTPRoute %s/%s gives it weight "
			"%lld",
			pair->ga, place->rule, place->route_ns, place->route,
			(long long)place->ga_weight);
		status->object = say_title(stage->arena, KIND_GA_POOL, pair->ns, pair->ga);
		status->advice =
			"put the traffic back first: `poolshift rollback --to pool`; after "
			"that it can be made again";
		return true;
	}
	return false;
}

/* The writer of an object that is nobody's status; "" when none signed. */
static const char *
writer_of(const struct object *object)
{
	const struct manager *newest = NULL;

	for (size_t i = 0; i < object->meta.manager_count; i++) {
		const struct manager *manager = &object->meta.managers[i];

		if (!manager->status && (newest == NULL || manager->wall >= newest->wall))
			newest = manager;
	}
	return newest != NULL ? newest->name : "";
}

#define SLOW (5 * SECOND) /* between the end of a run and what its journal says of it */

/* Brought back by helm, as this program told it to. */
static bool
is_put_back(const struct stage *stage, const struct pair *pair, const struct object *alpha)
{
	const struct journal_record *last =
		release_last(stage->journal, STEP_CLEANUP, pair_title(pair, stage->arena));

	return last != NULL && last->intent.verb == VERB_ROLLBACK &&
	       release_has(alpha, last->intent.ns, last->intent.name) &&
	       (last->ended == 0 || alpha->meta.created <= last->ended + SLOW);
}

bool
noticed_alpha_anew(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct object *alpha = pair_alpha(stage->world, pair),
			    *ga = pair_ga(stage->world, pair);
	char time[CLOCK_RFC3339_MAX];
	const char *who;

	if (alpha == NULL || ga == NULL || stage->settings->force_managed ||
	    alpha->meta.created <= ga->meta.created || answers_written(alpha) != 0 ||
	    is_put_back(stage, pair, alpha))
		return false;
	who = writer_of(alpha);
	clock_rfc3339(alpha->meta.created, false, time);
	say_status(
		status, stage->arena, STATE_BLOCKED,
		"it was made anew%s%s at %s, after GA pool %s took its place, and is not deleted",
		*who != '\0' ? " by " : "", who, time, pair->ga);
	status->object = say_title(stage->arena, KIND_ALPHA_POOL, pair->ns, pair->alpha);
	status->advice = "find out what it is for; --force-managed deletes it all the same";
	return true;
}

#define OURS "poolshift" /* the field manager that every write of this program names */

const char *
noticed_writer(const struct stage *stage, const struct pair *pair, const struct object *route)
{
	static const enum step_id ours[] = { STEP_ATTACH, STEP_SHIFT };
	struct past_of of = { .pair = pair_title(pair, stage->arena) };
	const char *who = writer_of(route);
	bool wrote = false;

	/* Fields that somebody else took over name this program no longer. */
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		of.step = ours[i];
		wrote |= past_first(stage->journal, of, KIND_ROUTE, route->meta.ns,
				    route->meta.name) != NULL;
	}
	return wrote && *who != '\0' && strcmp(who, OURS) != 0 ? say_text(stage->arena, who) : NULL;
}
