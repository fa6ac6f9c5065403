#include "core/migrate/policy.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/migrate/convert.h"
#include "core/migrate/memory.h"
#include "core/migrate/pair.h"
#include "core/migrate/say.h"

static const enum kind kinds[] = { KIND_BACKEND_POLICY, KIND_HEALTH_POLICY };
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static bool
targets(const struct ref *target, const char *group, const char *pool)
{
	return text_equal(target->group, group) && text_equal(target->kind, "InferencePool") &&
	       text_equal(target->name, pool);
}

const struct object *
policy_next(const struct stage *stage, const struct pair *pair, enum kind kind, size_t *at)
{
	while (*at < stage->world->count[kind]) {
		const struct object *policy = stage->world->objects[kind][(*at)++];

		if (text_equal(policy->meta.ns, pair->ns) &&
		    targets(&policy->policy.target, GROUP_ALPHA, pair->alpha))
			return policy;
	}
	return NULL;
}

/* As the API decides between two: the older, then the name. Of those that are gone the age is not
 * known any more; they come in the order of their names. */
static bool
goes_before(const struct object *a, const struct object *b)
{
	if (a->meta.created != b->meta.created)
		return a->meta.created < b->meta.created;
	return strcmp(a->meta.name, b->meta.name) < 0;
}

static const struct object *
alpha_policy(const struct stage *stage, const struct pair *pair, enum kind kind)
{
	const char *title = pair_title(pair, stage->arena);
	const struct object *first = NULL, *policy;

	for (size_t at = 0; (policy = policy_next(stage, pair, kind, &at)) != NULL;)
		if (first == NULL || goes_before(policy, first))
			first = policy;
	if (first != NULL)
		return first;
	for (size_t at = 0; (policy = memory_next(stage->memory, title, kind, &at)) != NULL;)
		if (first == NULL || goes_before(policy, first))
			first = policy;
	return first;
}

static bool
has_ga_policy(const struct stage *stage, const struct pair *pair, enum kind kind)
{
	for (size_t i = 0; i < stage->world->count[kind]; i++) {
		const struct object *policy = stage->world->objects[kind][i];

		if (text_equal(policy->meta.ns, pair->ns) &&
		    targets(&policy->policy.target, GROUP_GA, pair->ga))
			return true;
	}
	return false;
}

/* The alpha policy that has to be carried; NULL when there is none, or the GA pool has one. */
static const struct object *
to_carry(const struct stage *stage, const struct pair *pair, enum kind kind)
{
	return has_ga_policy(stage, pair, kind) ? NULL : alpha_policy(stage, pair, kind);
}

static bool
blocked_by_name(const struct stage *stage, const struct object *alpha, struct step_status *status)
{
	const char *name = convert_ga_name(alpha->meta.name, stage->arena);
	const struct object *taken = world_find(stage->world, alpha->kind, alpha->meta.ns, name);

	if (taken == NULL || intent_ours(taken))
		return false;
	say_status(status, stage->arena, STATE_BLOCKED,
		   "an object of this name is there already and belongs to somebody else");
	status->object = object_title(taken, stage->arena);
	status->advice = arena_printf(
		stage->arena, "let it target the GA pool in group %s, or delete it", GROUP_GA);
	return true;
}

/* A policy of the same kind for the GA pool: somebody has carried it by hand. */
static bool
is_answered(const struct stage *stage, const struct pair *pair, const struct stranger *alpha)
{
	for (size_t i = 0; i < stage->world->stranger_count; i++) {
		const struct stranger *other = &stage->world->strangers[i];

		if (text_equal(other->group, alpha->group) &&
		    text_equal(other->kind, alpha->kind) && text_equal(other->ns, pair->ns) &&
		    targets(&other->target, GROUP_GA, pair->ga))
			return true;
	}
	return false;
}

static bool
blocked_by_stranger(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	for (size_t i = 0; i < stage->world->stranger_count; i++) {
		const struct stranger *policy = &stage->world->strangers[i];

		if (!text_equal(policy->ns, pair->ns) ||
		    !targets(&policy->target, GROUP_ALPHA, pair->alpha) ||
		    is_answered(stage, pair, policy))
			continue;
		say_status(
			status, stage->arena, STATE_BLOCKED,
			"this policy is for the α pool, and a policy of a kind that is not known "
			"is not carried over");
		status->object = say_text(stage->arena,
					  arena_printf(stage->arena, "%s %s/%s (%s)", policy->kind,
						       policy->ns, policy->name, policy->group));
		status->advice = arena_printf(stage->arena,
					      "make a copy of it whose targetRef names group %s "
					      "and pool %s, or delete it",
					      GROUP_GA, pair->ga);
		return true;
	}
	return false;
}

/* Nobody here can say that there is none for the pool. */
static bool
blocked_unseen(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct unlisted *first = NULL;
	struct arena *arena = stage->arena;
	size_t count = 0;

	for (size_t i = 0; i < stage->world->unlisted_count; i++) {
		const struct unlisted *kind = &stage->world->unlisted[i];

		if (*kind->ns != '\0' && !text_equal(kind->ns, pair->ns))
			continue;
		if (count++ == 0)
			first = kind;
	}
	if (first == NULL || stage->settings->accept_unlisted)
		return false;
	say_status(status, arena, STATE_BLOCKED,
		   "a %s (%s) may be for the α pool and would not be carried over, and you may not "
		   "list %s in namespace %s%s",
		   say_text(arena, first->kind), say_text(arena, first->group),
		   say_text(arena, first->resource), pair->ns,
		   count > 1 ? arena_printf(arena, ", nor %zu more kinds of policies", count - 1)
			     : "");
	status->object = say_title(arena, KIND_ALPHA_POOL, pair->ns, pair->alpha);
	status->advice = "ask for that right (`poolshift plan -o rbac` prints the Role), or go on "
			 "without having seen them: --accept-unlisted";
	return true;
}

bool
policy_blocked(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	if (blocked_by_stranger(stage, pair, status) || blocked_unseen(stage, pair, status))
		return true;
	for (size_t i = 0; i < KINDS; i++) {
		const struct object *alpha = to_carry(stage, pair, kinds[i]);

		if (alpha != NULL && blocked_by_name(stage, alpha, status))
			return true;
	}
	return false;
}

static void
add_carried(const struct stage *stage, const struct pair *pair, const struct object *alpha,
	    struct intent_list *out)
{
	struct arena *arena = stage->arena;
	const char *name = convert_ga_name(alpha->meta.name, arena);
	const struct object *live = world_find(stage->world, alpha->kind, pair->ns, name);
	struct json *json = convert_policy(alpha, name, pair->ga);
	char *body = json_text(json);
	struct intent *intent =
		live == NULL ? intent_add(out, arena, VERB_APPLY, alpha->kind, pair->ns, name)
			     : intent_add_on(out, arena, VERB_APPLY, live);

	intent->body = arena_string(arena, body);
	intent->step = STEP_POOL;
	intent->pair = pair_title(pair, arena);
	intent->summary = arena_printf(arena, "as %s, for GA pool %s",
				       say_text(arena, alpha->meta.name), pair->ga);
	free(body);
	json_free(json);
}

size_t
policy_carry(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	size_t count = 0;

	for (size_t i = 0; i < KINDS; i++) {
		const struct object *alpha = to_carry(stage, pair, kinds[i]);

		if (alpha == NULL)
			continue;
		count++;
		if (out != NULL)
			add_carried(stage, pair, alpha, out);
	}
	return count;
}

void
policy_uncarry(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	for (size_t k = 0; k < KINDS; k++)
		for (size_t i = 0; i < stage->world->count[kinds[k]]; i++) {
			const struct object *policy = stage->world->objects[kinds[k]][i];
			struct intent *intent;

			if (!text_equal(policy->meta.ns, pair->ns) || !intent_ours(policy) ||
			    !targets(&policy->policy.target, GROUP_GA, pair->ga))
				continue;
			intent = intent_add_on(out, stage->arena, VERB_DELETE, policy);
			intent->step = STEP_POOL;
			intent->pair = pair_title(pair, stage->arena);
			intent->undo = true;
			intent->summary = "made by this program; deleted again";
		}
}
