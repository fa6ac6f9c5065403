/* step_cleanup - the alpha pool, its models and its picker deleted, when nothing that stays needs
 * them. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/grant.h"
#include "core/migrate/keeper.h"
#include "core/migrate/noticed.h"
#include "core/migrate/orphan.h"
#include "core/migrate/pair.h"
#include "core/migrate/picker.h"
#include "core/migrate/policy.h"
#include "core/migrate/restore.h"
#include "core/migrate/rows.h"
#include "core/migrate/say.h"
#include "core/migrate/uninstall.h"

static void cleanup_check(const struct stage *, const struct pair *, struct step_status *);
static bool
cleanup_writes(const struct stage *, const struct pair *, struct intent_list *, struct err *);
static enum verdict cleanup_verify(const struct stage *, const struct pair *, struct step_status *);
static bool
cleanup_back(const struct stage *, const struct pair *, struct intent_list *, struct err *);

static const enum kind cleanup_needs[] = {
	KIND_ALPHA_POOL, KIND_GA_POOL,       KIND_MODEL,           KIND_ROUTE,
	KIND_SERVICE,    KIND_DEPLOYMENT,    KIND_SERVICE_ACCOUNT, KIND_CONFIG_MAP,
	KIND_ROLE,       KIND_ROLE_BINDING,  KIND_CLUSTER_ROLE,    KIND_CLUSTER_ROLE_BINDING,
	KIND_GRANT,      KIND_HEALTH_POLICY, KIND_BACKEND_POLICY,  KIND_COUNT,
};

const struct step step_cleanup = {
	.id = STEP_CLEANUP,
	.name = "cleanup",
	.key = 'D',
	.scope = SCOPE_POOL,
	.title = "delete the α pool, its models and its picker",
	.help = "Deletes what only the α pool needed: the rights, account, settings, "
		"Deployment and Service of its picker, found by reference, then its "
		"InferenceModels, policies and grants, and the pool itself. What is shared or a default of "
		"Kubernetes stays. A pool of a Helm release goes by helm uninstall. Copies are kept in "
		"the journal, and as files in the folder backup.",
	.undo = "everything is created again from its copies, a Helm release by helm rollback; uid, age "
		"and status are new",
	.risk = RISK_DELETES,
	.patience = 180 * SECOND,
	.needs = cleanup_needs,
	.check = cleanup_check,
	.writes = cleanup_writes,
	.verify = cleanup_verify,
	.back = cleanup_back,
};

/* By the reference in the world and not by the plan's copies: those carry names cleaned for the
 * screen. */
static bool
is_model_of(const struct object *model, const struct pair *pair)
{
	return strcmp(model->meta.ns, pair->ns) == 0 &&
	       strcmp(model->model.pool.name, pair->alpha) == 0 &&
	       text_equal(model->model.pool.group, GROUP_ALPHA);
}

static bool
goes_with(const struct stage *stage, const struct object *model, const struct pair *pair)
{
	return is_model_of(model, pair) || orphan_taker(stage, model) == pair;
}

static const struct object *
first_model(const struct stage *stage, const struct pair *pair)
{
	for (size_t i = 0; i < stage->world->count[KIND_MODEL]; i++)
		if (goes_with(stage, stage->world->objects[KIND_MODEL][i], pair))
			return stage->world->objects[KIND_MODEL][i];
	return NULL;
}

static void
say_what_stays(const struct stage *stage, const struct object *alpha, struct step_status *status)
{
	size_t count;
	struct picker_part *parts = picker_parts(stage->world, alpha, stage->arena, &count);

	for (size_t i = 0; i < count; i++) {
		const struct meta *meta = &parts[i].object->meta;

		if (parts[i].kept != NULL)
			status->advice = say_text(
				stage->arena,
				arena_printf(stage->arena, "%s%s%s %s stays: %s", status->advice,
					     status->advice[0] == '\0' ? "" : "; ",
					     kind_row(parts[i].object->kind)->object, meta->name,
					     parts[i].kept));
	}
}

/* Nothing leads to it from the pool: neither does it go with the picker, nor is it kept for
 * another. */
static bool
is_cut_off(const struct stage *stage, const struct object *alpha, const struct object *object)
{
	size_t count;
	const struct picker_part *parts;

	if (picker_find(stage->world, alpha).deployment == NULL)
		return true;
	if (object->kind == KIND_GRANT || object->kind == KIND_MODEL ||
	    object->kind == KIND_BACKEND_POLICY || object->kind == KIND_HEALTH_POLICY)
		return false;
	parts = picker_parts(stage->world, alpha, stage->arena, &count);
	for (size_t i = 0; i < count; i++)
		if (parts[i].object == object)
			return false;
	return true;
}

/* What a way back that was broken off has made again, before all was there that leads to it: the
 * Deployment, or the binding of a role. */
static const struct object *
next_remnant(const struct stage *stage, const struct pair *pair, size_t *at)
{
	struct past_of of = { .step = STEP_CLEANUP, .pair = pair_title(pair, stage->arena) };
	const struct object *alpha = pair_alpha(stage->world, pair), *object;

	do
		object = restore_next(stage, of, at);
	while (object != NULL && !is_cut_off(stage, alpha, object));
	return object;
}

static bool
is_listed(const struct intent_list *list, const struct object *object)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].kind == object->kind &&
		    strcmp(list->items[i].uid, object->meta.uid) == 0)
			return true;
	return false;
}

static void
cleanup_check(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct object *alpha = pair_alpha(stage->world, pair);

	*status = (struct step_status){
		.state = STATE_DONE, .reason = "", .object = "", .advice = ""
	};
	if (alpha == NULL && first_model(stage, pair) == NULL &&
	    next_remnant(stage, pair, &(size_t){ 0 }) == NULL && !uninstall_wanted(stage, pair))
		return;
	/* Told as soon as it is seen, and not when its turn comes. */
	if (noticed_alpha_anew(stage, pair, status))
		return;
	for (size_t i = 0; i < pair->place_count; i++) {
		if (pair->places[i].alpha_weight < 0)
			continue;
		say_status(status, stage->arena, STATE_WAITING, "rules[%d] still names the α pool",
			   pair->places[i].rule);
		status->object = say_title(stage->arena, KIND_ROUTE, pair->places[i].route_ns,
					   pair->places[i].route);
		return;
	}
	if (grant_unseen(stage, pair, status) || uninstall_blocked(stage, pair, goes_with, status))
		return;
	if (keeper_blocks_pool(stage, pair, status))
		return;
	status->state = STATE_READY;
	if (alpha != NULL)
		say_what_stays(stage, alpha, status);
}

static void
add_deletion(const struct stage *stage, const struct pair *pair, const struct object *object,
	     struct intent_list *out)
{
	struct intent *intent;

	if (object->meta.deleting != 0 || uninstall_takes(stage, pair, object))
		return;
	intent = intent_add_on(out, stage->arena, VERB_DELETE, object);
	intent->body = "";
	intent->step = STEP_CLEANUP;
	intent->pair = pair_title(pair, stage->arena);
	intent->title = say_title(stage->arena, object->kind, object->meta.ns, object->meta.name);
	intent->summary = "deleted; a copy is kept in the journal";
}

/* The pool goes last: it leads to its picker, and its models are known by its name. */
static bool
cleanup_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	       struct err *err)
{
	const struct object *alpha = pair_alpha(stage->world, pair);
	size_t count;
	struct picker_part *parts = picker_parts(stage->world, alpha, stage->arena, &count);
	const struct object *object, *policy;

	(void)err;
	for (size_t i = 0; i < count; i++)
		if (parts[i].kept == NULL)
			add_deletion(stage, pair, parts[i].object, out);
	for (size_t i = 0; i < stage->world->count[KIND_MODEL]; i++)
		if (goes_with(stage, stage->world->objects[KIND_MODEL][i], pair))
			add_deletion(stage, pair, stage->world->objects[KIND_MODEL][i], out);
	for (enum kind kind = KIND_BACKEND_POLICY; kind <= KIND_HEALTH_POLICY; kind++)
		for (size_t at = 0; (policy = policy_next(stage, pair, kind, &at)) != NULL;)
			add_deletion(stage, pair, policy, out);
	grant_remove(stage, pair, out);
	for (size_t at = 0; (object = next_remnant(stage, pair, &at)) != NULL;)
		if (object != alpha && !is_listed(out, object))
			add_deletion(stage, pair, object, out);
	if (alpha != NULL)
		add_deletion(stage, pair, alpha, out);
	uninstall_writes(stage, pair, out);
	return true;
}

static enum verdict
wait_for(const struct stage *stage, const struct object *object, struct step_status *why)
{
	const struct string_list *finalizers = &object->meta.finalizers;

	if (finalizers->count > 0)
		say_status(why, stage->arena, STATE_WAITING, "still there: finalizer %s holds it",
			   finalizers->items[0]);
	else
		say_status(why, stage->arena, STATE_WAITING, "still there");
	why->object = say_title(stage->arena, object->kind, object->meta.ns, object->meta.name);
	return VERDICT_WAIT;
}

static enum verdict
cleanup_verify(const struct stage *stage, const struct pair *pair, struct step_status *why)
{
	const struct object *alpha = pair_alpha(stage->world, pair),
			    *model = first_model(stage, pair);

	if (model != NULL)
		return wait_for(stage, model, why);
	return alpha != NULL ? wait_for(stage, alpha, why) : VERDICT_PASS;
}

static bool
cleanup_back(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	     struct err *err)
{
	struct past_of of = { .step = STEP_CLEANUP, .pair = pair_title(pair, stage->arena) };

	if (uninstall_back(stage, pair, out) + restore_deleted(stage, of, out) == 0 &&
	    pair_alpha(stage->world, pair) == NULL)
		return err_set(err, ERR_MISSING,
			       "the journal on this machine does not hold InferencePool %s/%s (%s) "
			       "and what belonged to it; undo "
			       "where it was deleted, or create them from your own copies",
			       pair->ns, pair->alpha, GROUP_ALPHA);
	grant_put_back(stage, pair, out);
	return true;
}
