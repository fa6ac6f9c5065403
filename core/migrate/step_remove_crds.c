/* step_remove_crds - the CRDs of the alpha pools and models deleted, when nothing of them is left.
 */
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/leftover.h"
#include "core/migrate/restore.h"
#include "core/migrate/rows.h"
#include "core/migrate/say.h"

static void remove_check(const struct stage *, const struct pair *, struct step_status *);
static bool
remove_writes(const struct stage *, const struct pair *, struct intent_list *, struct err *);
static enum verdict remove_verify(const struct stage *, const struct pair *, struct step_status *);
static bool
remove_back(const struct stage *, const struct pair *, struct intent_list *, struct err *);

static const enum kind remove_needs[] = { KIND_ALPHA_POOL, KIND_MODEL, KIND_ROUTE, KIND_CRD,
					  KIND_COUNT };

/* inferenceobjectives of the same group stays: it belongs to the new stack (DOMAIN §1). */
static const char *const remove_names[] = { "inferencemodels." GROUP_ALPHA,
					    "inferencepools." GROUP_ALPHA };
#define REMOVE_COUNT (sizeof(remove_names) / sizeof(remove_names[0]))

const struct step step_remove_crds = {
	.id = STEP_REMOVE_CRDS,
	.name = "remove-crds",
	.key = 'X',
	.scope = SCOPE_CLUSTER,
	.title = "delete the α CRDs",
	.help = "Deletes the CRDs inferencemodels and inferencepools of " GROUP_ALPHA ". A "
		"cluster deletes every object of a CRD with it, so this is refused while a single "
		"object exists, a route names the group, or a namespace is out of sight. "
		"inferenceobjectives of the same group stays.",
	.undo = "the CRDs are created again from their copies, with uid and age new; objects come back "
		"by undoing cleanup",
	.risk = RISK_FINAL,
	.patience = 120 * SECOND,
	.needs = remove_needs,
	.check = remove_check,
	.writes = remove_writes,
	.verify = remove_verify,
	.back = remove_back,
};

static void
remove_check(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	size_t there = 0;

	(void)pair;
	for (size_t i = 0; i < REMOVE_COUNT; i++) {
		const struct object *crd = world_find(stage->world, KIND_CRD, "", remove_names[i]);

		if (crd == NULL)
			continue;
		there++;
		if (!crd->crd.terminating && crd->meta.deleting == 0)
			continue;
		say_status(status, stage->arena, STATE_WAITING, "it is being deleted");
		status->object = say_title(stage->arena, KIND_CRD, "", remove_names[i]);
		return;
	}
	if (there == 0) {
		*status = (struct step_status){
			.state = STATE_DONE, .reason = "", .object = "", .advice = ""
		};
		return;
	}
	leftover_check(stage, status);
	if (status->state == STATE_DONE)
		status->state = STATE_READY;
}

/* Asked again here, whoever asks: nothing else in a migration can destroy as much. */
static bool
remove_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	      struct err *err)
{
	struct step_status left = { 0 };

	if (say_unknown(&left, stage->arena, stage->world, remove_needs))
		return err_set(err, ERR_INPUT, "the α CRDs are not deleted unseen: %s",
			       left.reason);
	(void)pair;
	leftover_check(stage, &left);
	if (left.state != STATE_DONE)
		return err_set(err, ERR_INPUT, "the CRDs of %s stay: %s", GROUP_ALPHA, left.reason);
	for (size_t i = 0; i < REMOVE_COUNT; i++) {
		const struct object *crd = world_find(stage->world, KIND_CRD, "", remove_names[i]);
		struct intent *intent;

		/* One that is on its way out does not keep the other. */
		if (crd == NULL || crd->crd.terminating || crd->meta.deleting != 0)
			continue;
		intent = intent_add_on(out, stage->arena, VERB_DELETE, crd);
		intent->body = "";
		intent->step = STEP_REMOVE_CRDS;
		intent->pair = "";
		intent->title = say_title(stage->arena, KIND_CRD, "", remove_names[i]);
		intent->summary = arena_printf(stage->arena,
					       "%s  0 objects in all namespaces; a copy is kept",
					       say_text(stage->arena, crd->crd.plural));
	}
	return true;
}

static enum verdict
remove_verify(const struct stage *stage, const struct pair *pair, struct step_status *why)
{
	remove_check(stage, pair, why);
	if (why->state == STATE_DONE)
		return VERDICT_PASS;
	if (why->state == STATE_READY)
		say_status(why, stage->arena, STATE_WAITING, "the CRDs are still there");
	return VERDICT_WAIT;
}

static bool
remove_back(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	    struct err *err)
{
	struct past_of of = { .step = STEP_REMOVE_CRDS, .pair = "" };
	size_t missing = 0;

	(void)pair;
	for (size_t i = 0; i < REMOVE_COUNT; i++)
		missing += world_find(stage->world, KIND_CRD, "", remove_names[i]) == NULL;
	if (missing > 0 && restore_deleted(stage, of, out) == 0)
		return err_set(err, ERR_MISSING,
			       "the journal on this machine does not hold the α CRDs; install them "
			       "from the bundle they came "
			       "from");
	return true;
}
