/* step_check - that nothing of the alpha group is left, in any namespace, before its CRDs go. */
#include "core/base/clock.h"
#include "core/migrate/leftover.h"
#include "core/migrate/rows.h"

static void check_check(const struct stage *, const struct pair *, struct step_status *);
static bool
check_writes(const struct stage *, const struct pair *, struct intent_list *, struct err *);
static enum verdict check_verify(const struct stage *, const struct pair *, struct step_status *);

static const enum kind check_needs[] = { KIND_ALPHA_POOL, KIND_MODEL, KIND_ROUTE, KIND_COUNT };

const struct step step_check = {
	.id = STEP_CHECK,
	.name = "check",
	.key = 'K',
	.scope = SCOPE_CLUSTER,
	.title = "check that nothing of α remains",
	.help = "Looks for α pools, InferenceModels and routes that name the α group in every "
		"namespace, not only in those selected, and names what is left.",
	.undo = "nothing to undo: it only looks",
	.risk = RISK_NONE,
	.patience = 60 * SECOND,
	.needs = check_needs,
	.check = check_check,
	.writes = check_writes,
	.verify = check_verify,
	.back = check_writes,
};

static void
check_check(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	(void)pair;
	leftover_check(stage, status);
}

static bool
check_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	     struct err *err)
{
	(void)stage;
	(void)pair;
	(void)out;
	(void)err;
	return true;
}

static enum verdict
check_verify(const struct stage *stage, const struct pair *pair, struct step_status *why)
{
	(void)pair;
	leftover_check(stage, why);
	if (why->state == STATE_DONE)
		return VERDICT_PASS;
	return why->state == STATE_WAITING ? VERDICT_WAIT : VERDICT_FAIL;
}
