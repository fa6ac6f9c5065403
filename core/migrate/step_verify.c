/* step_verify - every check and the probe, at any time; it writes nothing. */
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/answers.h"
#include "core/migrate/pair.h"
#include "core/migrate/reattach.h"
#include "core/migrate/rows.h"
#include "core/migrate/say.h"
#include "core/migrate/surgery.h"

static void verify_check(const struct stage *, const struct pair *, struct step_status *);
static bool
verify_writes(const struct stage *, const struct pair *, struct intent_list *, struct err *);
static enum verdict verify_verify(const struct stage *, const struct pair *, struct step_status *);

static const enum kind verify_needs[] = { KIND_GA_POOL, KIND_ROUTE, KIND_GATEWAY, KIND_POD,
					  KIND_COUNT };

const struct step step_verify = {
	.id = STEP_VERIFY,
	.name = "verify",
	.key = 'V',
	.scope = SCOPE_POOL,
	.title = "check that the new stack serves",
	.help = "Looks at the Gateways, the routes, the GA pool and its picker, and sends one "
		"request through the Gateway. Its result is this console's own memory, so "
		"another one shows the step as ready; it never holds up the steps after it, "
		"but a failed verification blocks finalize until one passes.",
	.undo = "nothing to undo: it only looks, and sends one request",
	.risk = RISK_NONE,
	.patience = 60 * SECOND,
	.needs = verify_needs,
	.check = verify_check,
	.writes = verify_writes,
	.verify = verify_verify,
	.back = verify_writes,
};

static bool
is_of(const struct stage *stage, const struct pair *pair)
{
	return stage->verification != NULL && stage->verification->ran &&
	       text_equal(stage->verification->pair, pair_title(pair, stage->arena));
}

/* A result is about the routes as they stood then: stamps are whole seconds, so a write in that
 * second counts as before. */
static bool
moved_since(const struct stage *stage, const struct pair *pair)
{
	const struct object *route;

	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;)
		if (answers_changed(route) > stage->verification->wall)
			return true;
	return false;
}

static const struct check *
first_failed(const struct verification *verification)
{
	for (size_t i = 0; i < verification->check_count; i++)
		if (!verification->checks[i].ok)
			return &verification->checks[i];
	return NULL;
}

static void
say_failed(const struct stage *stage, enum step_state state, struct step_status *status)
{
	const struct check *failed = first_failed(stage->verification);

	if (failed == NULL)
		say_status(status, stage->arena, state, "the verification failed");
	else
		say_status(status, stage->arena, state, "%s: %s", failed->name, failed->detail);
	if (failed != NULL)
		status->object = say_text(stage->arena, failed->object);
	status->advice = "put it right, then verify again";
}

static void
verify_check(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	bool alpha_named = false;

	if (pair->place_count == 0 &&
	    !(stage->settings->path == PATH_SIMPLE && reattach_pending(stage, pair))) {
		say_status(status, stage->arena, STATE_SKIPPED, "no HTTPRoute names the pool");
		return;
	}
	*status = (struct step_status){
		.state = STATE_READY, .reason = "", .object = "", .advice = ""
	};
	if (is_of(stage, pair) && !moved_since(stage, pair)) {
		status->state = STATE_DONE;
		if (!stage->verification->ok)
			say_failed(stage, STATE_FAILED, status);
		return;
	}
	for (size_t i = 0; i < pair->place_count; i++)
		alpha_named |= pair->places[i].alpha_weight >= 0;
	/* In the simple procedure it is the last step. */
	if (!alpha_named && stage->settings->path != PATH_SIMPLE)
		say_status(status, stage->arena, STATE_SKIPPED,
			   "the migration went past it; it can be run at any time");
}

static bool
verify_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	      struct err *err)
{
	(void)stage;
	(void)pair;
	(void)out;
	(void)err;
	return true;
}

static enum verdict
verify_verify(const struct stage *stage, const struct pair *pair, struct step_status *why)
{
	if (!is_of(stage, pair)) {
		say_status(why, stage->arena, STATE_WAITING, "the checks have not run yet");
		return VERDICT_WAIT;
	}
	if (stage->verification->ok)
		return VERDICT_PASS;
	say_failed(stage, STATE_FAILED, why);
	return VERDICT_FAIL;
}
