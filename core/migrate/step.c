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
};

/* CLI §3. Only this procedure has rows for all of its steps; the other one has no order here. */
static const enum step_id zero_downtime[] = {
	STEP_CRDS,   STEP_POOL,	    STEP_OBJECTIVES, STEP_ATTACH, STEP_SHIFT,
	STEP_VERIFY, STEP_FINALIZE, STEP_CLEANUP,    STEP_CHECK,  STEP_REMOVE_CRDS,
};

const struct step *
step_row(enum step_id id)
{
	return (unsigned)id < STEP_COUNT ? rows[id] : NULL;
}

const enum step_id *
step_order(enum path path, size_t *count)
{
	if (path != PATH_ZERO_DOWNTIME) {
		*count = 0;
		return zero_downtime;
	}
	*count = sizeof(zero_downtime) / sizeof(zero_downtime[0]);
	return zero_downtime;
}
