#include "core/migrate/step.h"

#include "core/migrate/rows.h"

static const struct step *const rows[STEP_COUNT] = {
	[STEP_CRDS] = &step_crds,
	[STEP_POOL] = &step_pool,
	[STEP_OBJECTIVES] = &step_objectives,
	[STEP_ATTACH] = &step_attach,
	[STEP_SHIFT] = &step_shift,
	[STEP_VERIFY] = &step_verify,
	[STEP_FINALIZE] = &step_finalize,
	[STEP_CLEANUP] = &step_cleanup,
	[STEP_CHECK] = &step_check,
	[STEP_REMOVE_CRDS] = &step_remove_crds,
	[STEP_DETACH] = &step_detach,
};

/* CLI §3. */
static const enum step_id zero_downtime[] = {
	STEP_CRDS,   STEP_POOL,     STEP_OBJECTIVES, STEP_ATTACH, STEP_SHIFT,
	STEP_VERIFY, STEP_FINALIZE, STEP_CLEANUP,    STEP_CHECK,  STEP_REMOVE_CRDS,
};
static const enum step_id simple[] = {
	STEP_DETACH, STEP_CLEANUP,    STEP_CHECK,  STEP_REMOVE_CRDS, STEP_CRDS,
	STEP_POOL,   STEP_OBJECTIVES, STEP_ATTACH, STEP_VERIFY,
};

static const struct {
	const enum step_id *steps;
	size_t count;
} orders[] = {
	[PATH_ZERO_DOWNTIME] = { zero_downtime, sizeof(zero_downtime) / sizeof(zero_downtime[0]) },
	[PATH_SIMPLE] = { simple, sizeof(simple) / sizeof(simple[0]) },
};

const struct step *
step_row(enum step_id id)
{
	return (unsigned)id < STEP_COUNT ? rows[id] : NULL;
}

const enum step_id *
step_order(enum path path, size_t *count)
{
	*count = orders[path].count;
	return orders[path].steps;
}

enum step_id
step_next_of(const struct step_view *steps, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (steps[i].status.state != STATE_DONE && steps[i].status.state != STATE_SKIPPED)
			return steps[i].id;
	return STEP_COUNT;
}

enum step_id
step_last_of(const struct step_view *steps, size_t count, const struct pair *pair)
{
	enum step_id last = STEP_COUNT;

	for (size_t i = 0; i < count; i++) {
		bool begun = steps[i].id == STEP_SHIFT && pair != NULL &&
			     (pair->written > 0 || pair->written == PPM_APART);

		if (step_row(steps[i].id)->risk == RISK_NONE)
			continue;
		if (steps[i].status.state == STATE_DONE || begun)
			last = steps[i].id;
		else if (steps[i].id != STEP_SHIFT)
			break;
	}
	return last;
}
