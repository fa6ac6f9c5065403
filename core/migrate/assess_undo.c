/* Which steps stand and can be taken back, newest first: by the cluster, and by the journal for
 * what the cluster cannot show. */
#include "core/migrate/assess.h"
#include "core/migrate/pair.h"
#include "core/migrate/past.h"
#include "core/migrate/release.h"

static bool
any_place(const struct pair *pair, bool mirror, bool alpha, bool ga)
{
	for (size_t i = 0; i < pair->place_count; i++)
		if (pair->places[i].mirror == mirror &&
		    (pair->places[i].alpha_weight >= 0) == alpha &&
		    (pair->places[i].ga_weight >= 0) == ga)
			return true;
	return false;
}

static bool
has_ga(const struct pair *pair)
{
	return pair->ga_uid[0] != '\0';
}

static bool
has_objective(const struct pair *pair)
{
	for (size_t i = 0; i < pair->model_count; i++)
		if (pair->models[i].carried)
			return true;
	return false;
}

static bool
is_attached(const struct pair *pair)
{
	return any_place(pair, false, true, true) || any_place(pair, false, false, true);
}

static bool
is_shifted(const struct pair *pair)
{
	return pair->written > 0 || pair->written == PPM_APART;
}

static bool
is_finalized(const struct pair *pair)
{
	return any_place(pair, false, false, true) || any_place(pair, true, false, true);
}

static bool
is_cleaned(const struct pair *pair)
{
	return pair->alpha_uid[0] == '\0';
}

/* What the cluster itself shows of a step, whoever did it; NULL where it shows nothing. */
static bool (*const shows[STEP_COUNT])(const struct pair *pair) = {
	[STEP_POOL] = has_ga,      [STEP_OBJECTIVES] = has_objective, [STEP_ATTACH] = is_attached,
	[STEP_SHIFT] = is_shifted, [STEP_FINALIZE] = is_finalized,    [STEP_CLEANUP] = is_cleaned,
};

size_t
assess_undoable(const struct pair *pair, const struct journal *journal, enum path path,
		enum step_id steps[STEP_COUNT])
{
	struct arena arena;
	size_t count, found = 0;
	const enum step_id *order = step_order(path, &count);

	arena_init(&arena);
	for (size_t i = count; i-- > 0;) {
		bool cluster = step_row(order[i])->scope == SCOPE_CLUSTER;
		struct past_of of = { .step = order[i],
				      .pair = cluster ? "" : pair_title(pair, &arena) };

		if ((shows[order[i]] != NULL && shows[order[i]](pair)) ||
		    past_stands(journal, of) ||
		    (order[i] == STEP_POOL && release_standing(journal, of.pair) != NULL))
			steps[found++] = order[i];
	}
	arena_release(&arena);
	return found;
}
