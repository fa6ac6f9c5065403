#include "core/migrate/leftover.h"

#include <string.h>

#include "core/base/text.h"
#include "core/migrate/orphan.h"
#include "core/migrate/reflist.h"
#include "core/migrate/say.h"

#define NAMED 5 /* as many are named; the rest is counted */

struct left {
	const struct stage *stage;
	size_t ours, others;         /* ours: a selected pair will take it away */
	const struct object *orphan; /* the first of the others that is one */
	const char *first;           /* title of the first of the others */
	struct buf names;            /* of the first NAMED others */
};

static void
add_left(struct left *left, enum kind kind, const struct object *object, bool ours)
{
	if (ours) {
		left->ours++;
		return;
	}
	if (left->others++ == 0)
		left->first =
			say_title(left->stage->arena, kind, object->meta.ns, object->meta.name);
	if (left->others <= NAMED)
		buf_printf(&left->names, "%s%s %s", left->others == 1 ? "" : ", ",
			   kind_row(kind)->label,
			   say_name(left->stage->arena, object->meta.ns, object->meta.name));
}

static bool
is_selected(const struct stage *stage, const char *ns, const char *alpha)
{
	for (size_t i = 0; i < stage->plan->pair_count; i++) {
		const struct pair *pair = &stage->plan->pairs[i];

		if (pair->selected && strcmp(pair->alpha, alpha) == 0 && strcmp(pair->ns, ns) == 0)
			return true;
	}
	return false;
}

/* Every place of the group, in a route each once. */
static void
add_routes(struct left *left)
{
	const struct world *world = left->stage->world;

	for (size_t i = 0; i < world->count[KIND_ROUTE]; i++) {
		const struct object *object = world->objects[KIND_ROUTE][i];
		bool named = false, ours = true;

		for (size_t j = 0; j < object->route.rule_count; j++) {
			const struct rule *rule = &object->route.rules[j];

			for (size_t k = 0; k < rule->backend_count + rule->mirror_count; k++) {
				const struct ref *ref =
					k < rule->backend_count
						? &rule->backends[k].ref
						: &rule->mirrors[k - rule->backend_count].ref;

				if (!text_equal(ref->group, GROUP_ALPHA))
					continue;
				named = true;
				ours &= is_selected(left->stage, ref->ns, ref->name);
			}
		}
		if (named)
			add_left(left, KIND_ROUTE, object, ours);
	}
}

static void
add_objects(struct left *left)
{
	const struct world *world = left->stage->world;

	for (size_t i = 0; i < world->count[KIND_ALPHA_POOL]; i++) {
		const struct object *pool = world->objects[KIND_ALPHA_POOL][i];

		add_left(left, KIND_ALPHA_POOL, pool,
			 is_selected(left->stage, pool->meta.ns, pool->meta.name));
	}
	for (size_t i = 0; i < world->count[KIND_MODEL]; i++) {
		const struct object *model = world->objects[KIND_MODEL][i];

		if (left->orphan == NULL && orphan_is(world, model) &&
		    orphan_taker(left->stage, model) == NULL)
			left->orphan = model;
		add_left(left, KIND_MODEL, model,
			 (text_equal(model->model.pool.group, GROUP_ALPHA) &&
			  is_selected(left->stage, model->meta.ns, model->model.pool.name)) ||
				 orphan_taker(left->stage, model) != NULL);
	}
}

/* No clean-up of any pair would take an orphan along by itself. */
static const char *
advice_on(const struct left *left)
{
	const struct plan *plan = left->stage->plan;
	const struct object *orphan = left->orphan;
	struct arena *arena = left->stage->arena;

	if (orphan == NULL)
		return "migrate those pools too, or take away what no pool needs any more";
	if (plan->pair_count == 0)
		return say_text(arena,
				arena_printf(arena,
					     "no pool is left to whose clean-up it could "
					     "belong: kubectl delete inferencemodels.%s -n "
					     "%s %s",
					     GROUP_ALPHA, orphan->meta.ns, orphan->meta.name));
	return arena_printf(arena,
			    "a model whose pool is missing goes with cleanup when it is named: "
			    "--orphan %s; migrate pools that are left, too",
			    say_name(arena, orphan->meta.ns, orphan->meta.name));
}

static void
say_left(struct left *left, struct step_status *status)
{
	struct arena *arena = left->stage->arena;
	const char *more = left->others > NAMED
				   ? arena_printf(arena, " and %zu more", left->others - NAMED)
				   : "";

	if (left->others > 0) {
		say_status(status, arena, STATE_BLOCKED, "left of the α group: %s%s",
			   left->names.bytes, more);
		status->object = left->first;
		status->advice = advice_on(left);
	} else if (left->ours > 0) {
		say_status(status, arena, STATE_WAITING,
			   "comes after cleanup: %zu objects and routes of the α group are left",
			   left->ours);
	} else {
		*status = (struct step_status){
			.state = STATE_DONE, .reason = "", .object = "", .advice = ""
		};
	}
}

void
leftover_check(const struct stage *stage, struct step_status *status)
{
	const struct world *world = stage->world;
	struct left left = { .stage = stage, .first = "" };
	bool gone = world->view[KIND_ALPHA_POOL].state == VIEW_NOT_INSTALLED &&
		    world->view[KIND_MODEL].state == VIEW_NOT_INSTALLED;

	buf_init(&left.names, 4 * BUF_KIB);
	add_objects(&left);
	add_routes(&left);
	say_left(&left, status);
	buf_release(&left.names);
	if (status->state == STATE_DONE && stage->settings->ns != NULL && !gone) {
		say_status(status, stage->arena, STATE_BLOCKED,
			   "only namespace %s is looked at, and others may hold α objects",
			   stage->settings->ns);
		status->advice = "look at all namespaces: without -n, or with -A";
	}
}
