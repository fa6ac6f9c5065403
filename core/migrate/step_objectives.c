/* step_objectives - an InferenceObjective for each InferenceModel of the pool, with its priority.
 */
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/convert.h"
#include "core/migrate/pair.h"
#include "core/migrate/rewrite.h"
#include "core/migrate/rows.h"
#include "core/migrate/say.h"

static void objectives_check(const struct stage *, const struct pair *, struct step_status *);
static bool
objectives_writes(const struct stage *, const struct pair *, struct intent_list *, struct err *);
static enum verdict
objectives_verify(const struct stage *, const struct pair *, struct step_status *);
static bool
objectives_back(const struct stage *, const struct pair *, struct intent_list *, struct err *);

static const enum kind objectives_needs[] = { KIND_ALPHA_POOL, KIND_MODEL, KIND_GA_POOL,
					      KIND_OBJECTIVE, KIND_COUNT };

const struct step step_objectives = {
	.id = STEP_OBJECTIVES,
	.name = "objectives",
	.key = 'O',
	.scope = SCOPE_POOL,
	.title = "make the InferenceObjectives",
	.help = "Applies an InferenceObjective of the same name for each InferenceModel of the "
		"pool, with the priority that "
		"its criticality means or that --priority gave. A model's name and its targets "
		"have no place in one: an InferenceModelRewrite carries them where the cluster "
		"serves it, else the loss report lists them.",
	.undo = "the InferenceObjectives that this program made are deleted",
	.risk = RISK_LOW,
	.patience = 15 * SECOND,
	.needs = objectives_needs,
	.check = objectives_check,
	.writes = objectives_writes,
	.verify = objectives_verify,
	.back = objectives_back,
};

/* One of that name that says something else is not ours to change. */
static bool
blocked_by_foreign(const struct stage *stage, const struct pair *pair,
		   const struct plan_model *model, struct step_status *status)
{
	const struct object *found =
		world_find(stage->world, KIND_OBJECTIVE, pair->ns, model->objective);
	const struct objective *objective;

	if (found == NULL || model->carried || intent_ours(found))
		return false;
	objective = &found->objective;
	if (text_equal(objective->pool.group, GROUP_GA) &&
	    text_equal(objective->pool.name, pair->ga)) {
		say_status(status, stage->arena, STATE_BLOCKED,
			   "somebody else gave it priority %lld, and %lld is wanted for "
			   "InferenceModel %s",
			   (long long)objective->priority, (long long)model->priority, model->name);
		status->advice =
			arena_printf(stage->arena, "keep it with --priority %s=%lld, or delete it",
				     model->name, (long long)objective->priority);
	} else {
		say_status(
			status, stage->arena, STATE_BLOCKED,
			"somebody else made it, for pool %s, and InferenceModel %s needs its name",
			objective->pool.name, model->name);
		status->advice = "delete or rename that InferenceObjective";
	}
	status->object = object_title(found, stage->arena);
	return true;
}

static size_t
count_missing(const struct pair *pair)
{
	size_t missing = 0;

	for (size_t i = 0; i < pair->model_count; i++)
		missing += !pair->models[i].carried;
	return missing;
}

static void
objectives_check(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	say_status(status, stage->arena, STATE_DONE, "%s", "");
	if (pair->model_count == 0) {
		if (pair->alpha_uid[0] != '\0')
			say_status(status, stage->arena, STATE_SKIPPED,
				   "the pool has no InferenceModel");
		return;
	}
	for (size_t i = 0; i < pair->model_count; i++)
		if (blocked_by_foreign(stage, pair, &pair->models[i], status))
			return;
	if (rewrite_blocked(stage, pair, status))
		return;
	if (count_missing(pair) + rewrite_carry(stage, pair, NULL) > 0)
		say_status(status, stage->arena, STATE_READY, "%s", "");
}

static void
add_objective(const struct stage *stage, const struct pair *pair, const struct plan_model *model,
	      struct intent_list *out)
{
	const struct object *live =
		world_find(stage->world, KIND_OBJECTIVE, pair->ns, model->objective);
	struct json *json =
		convert_objective(pair->ns, model->objective, pair->ga, model->priority);
	char *body = json_text(json);
	struct intent *intent;

	intent = live == NULL ? intent_add(out, stage->arena, VERB_APPLY, KIND_OBJECTIVE, pair->ns,
					   model->objective)
			      : intent_add_on(out, stage->arena, VERB_APPLY, live);
	intent->body = arena_string(stage->arena, body);
	intent->step = STEP_OBJECTIVES;
	intent->pair = pair_title(pair, stage->arena);
	intent->after_others = stage->world->view[KIND_OBJECTIVE].state == VIEW_NOT_INSTALLED;
	intent->summary = arena_printf(stage->arena, "criticality %s → priority %lld",
				       model->criticality[0] != '\0' ? model->criticality : "unset",
				       (long long)model->priority);
	free(body);
	json_free(json);
}

static bool
objectives_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out,
		  struct err *err)
{
	(void)err;
	for (size_t i = 0; i < pair->model_count; i++)
		if (!pair->models[i].carried)
			add_objective(stage, pair, &pair->models[i], out);
	rewrite_carry(stage, pair, out);
	return true;
}

static enum verdict
objectives_verify(const struct stage *stage, const struct pair *pair, struct step_status *why)
{
	size_t missing = count_missing(pair), rewrites = rewrite_carry(stage, pair, NULL);

	if (missing + rewrites == 0)
		return VERDICT_PASS;
	if (missing == 0) {
		say_status(why, stage->arena, STATE_WAITING,
			   "%zu InferenceModelRewrites do not show yet", rewrites);
		return VERDICT_WAIT;
	}
	say_status(why, stage->arena, STATE_WAITING,
		   "%zu of %zu InferenceObjectives do not show yet", missing, pair->model_count);
	return VERDICT_WAIT;
}

static bool
objectives_back(const struct stage *stage, const struct pair *pair, struct intent_list *out,
		struct err *err)
{
	(void)err;
	for (size_t i = 0; i < stage->world->count[KIND_OBJECTIVE]; i++) {
		const struct object *found = stage->world->objects[KIND_OBJECTIVE][i];
		const struct ref *pool = &found->objective.pool;
		struct intent *intent;

		if (!intent_ours(found) || !text_equal(pool->group, GROUP_GA) ||
		    !text_equal(pool->ns, pair->ns) || !text_equal(pool->name, pair->ga))
			continue;
		intent = intent_add_on(out, stage->arena, VERB_DELETE, found);
		intent->step = STEP_OBJECTIVES;
		intent->pair = pair_title(pair, stage->arena);
		intent->undo = true;
		intent->summary = "made by this program; deleted again";
	}
	rewrite_uncarry(stage, pair, out);
	return true;
}
