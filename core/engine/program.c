#include "core/engine/program.h"

#include <string.h>

#include "core/base/text.h"
#include "core/engine/book.h"
#include "core/engine/derive.h"

void
program_init(struct program *program)
{
	*program = (struct program){ 0 };
	arena_init(&program->arena);
}

void
program_release(struct program *program)
{
	arena_release(&program->arena);
	program_init(program);
}

static struct order *
add(struct program *program, enum step_id step, const char *pair)
{
	if (program->count == program->room) {
		size_t room = program->room == 0 ? 32 : program->room * 2;
		struct order *orders = arena_array(&program->arena, room, sizeof *orders);

		if (program->count > 0)
			memcpy(orders, program->orders, program->count * sizeof *orders);
		program->orders = orders;
		program->room = room;
	}
	struct order *order = &program->orders[program->count++];
	*order = (struct order){ .kind = ORDER_STEP, .step = step, .goal = PPM_UNKNOWN };
	order->pair = arena_string(&program->arena, pair);
	return order;
}

static const char *
title(struct program *program, const struct pair *pair)
{
	return arena_printf(&program->arena, "%s/%s", pair->ns, pair->alpha);
}

/* The pairs a command is about: the one it names, or all that are selected. */
/* A list that did not come is not an empty one: nothing is decided on it. */
static bool
pools_known(const struct engine *engine, struct err *err)
{
	static const enum kind pools[] = { KIND_ALPHA_POOL, KIND_GA_POOL };

	for (size_t i = 0; i < sizeof pools / sizeof *pools; i++) {
		const struct view *view = &engine->world->view[pools[i]];

		if (view->listed || view->state == VIEW_NOT_INSTALLED ||
		    view->state == VIEW_FORBIDDEN)
			continue;
		return err_set(err, ERR_EXPIRED,
			       "Which pools there are is not known yet: %s.%s could not be listed"
			       "%s%s. Nothing was decided; try again.",
			       kind_row(pools[i])->resource, kind_row(pools[i])->group,
			       *view->reason != '\0' ? ": " : "", view->reason);
	}
	return true;
}

static bool
choose(struct engine *engine, const struct command *command, struct program *program,
       const char ***pairs, size_t *count, struct err *err)
{
	const struct plan *plan = derive_plan(engine);
	const char **list = arena_array(&program->arena, plan->pair_count + 1, sizeof *list);
	bool named = command->pair != NULL && *command->pair != '\0';

	*count = 0;
	*pairs = list;
	if (!pools_known(engine, err))
		return false;
	for (size_t i = 0; i < plan->pair_count; i++) {
		const char *name = title(program, &plan->pairs[i]);
		if (named ? strcmp(name, command->pair) == 0 : plan->pairs[i].selected)
			list[(*count)++] = name;
	}
	program->pair_count = *count;
	if (named && *count == 0)
		return err_set(err, ERR_MISSING,
			       "There is no α pool %s, and no GA pool that took its place.",
			       command->pair);
	if (*count == 0 && plan->pair_count > 0)
		return err_set(err, ERR_INPUT,
			       "None of the %zu α pools is selected: look at --pool and -n.",
			       plan->pair_count);
	return true;
}

bool
program_one(struct engine *engine, const struct command *command, struct program *program,
	    struct err *err)
{
	bool cluster = step_row(command->step)->scope == SCOPE_CLUSTER;
	struct order *order;

	(void)engine;
	if (!cluster && (command->pair == NULL || *command->pair == '\0'))
		return err_set(err, ERR_INPUT, "Step %s is for one pool; say which.",
			       step_row(command->step)->name);
	order = add(program, command->step, cluster ? "" : command->pair);
	order->goal = command->goal;
	order->undo = command->undo;
	program->pair_count = !cluster;
	return true;
}

static int64_t
share_of(struct engine *engine, const char *pair)
{
	const struct pair *found = assess_pair(derive_plan(engine), pair);
	return found == NULL ? PPM_UNKNOWN : found->written;
}

bool
program_plan(struct engine *engine, const struct command *command, struct program *program,
	     struct err *err)
{
	size_t steps, count;
	const enum step_id *order = step_order(engine->settings->path, &steps);
	const char **pairs;

	if (!choose(engine, command, program, &pairs, &count, err))
		return false;
	for (size_t s = 0; s < steps; s++) {
		if (step_row(order[s])->scope == SCOPE_CLUSTER)
			add(program, order[s], "");
		for (size_t i = 0; i < count && step_row(order[s])->scope == SCOPE_POOL; i++)
			add(program, order[s], pairs[i]);
	}
	return true;
}

/* All pairs go to a stop together, are watched together, and are verified before the next. */
static void
add_ramp(struct engine *engine, struct program *program, const char **pairs, size_t count)
{
	static const int64_t whole[] = { PPM_ALL };
	const int64_t *ramp = engine->settings->ramp_count > 0 ? engine->settings->ramp : whole;
	size_t stops = engine->settings->ramp_count > 0 ? engine->settings->ramp_count : 1;

	/* In a dry run every stop would say the same. */
	for (size_t stop = engine->settings->dry_run ? stops - 1 : 0; stop < stops; stop++) {
		for (size_t i = 0; i < count; i++) {
			struct order *order = add(program, STEP_SHIFT, pairs[i]);
			order->goal = ramp[stop];
			order->ramp = true;
		}
		if (stop + 1 == stops)
			continue;
		for (size_t i = 0; i <= count; i++) {
			struct order *order = add(program, STEP_VERIFY, i == 0 ? "" : pairs[i - 1]);
			order->kind = i == 0 ? ORDER_HOLD : ORDER_PROOF;
			order->goal = ramp[stop];
		}
	}
}

bool
program_apply(struct engine *engine, const struct command *command, struct program *program,
	      struct err *err)
{
	size_t steps, count;
	const enum step_id *order = step_order(engine->settings->path, &steps);
	const char **pairs;

	if (!choose(engine, command, program, &pairs, &count, err))
		return false;
	for (size_t s = 0; s < steps; s++) {
		if (step_row(order[s])->scope == SCOPE_CLUSTER)
			add(program, order[s], "");
		else if (order[s] == STEP_SHIFT)
			add_ramp(engine, program, pairs, count);
		else
			for (size_t i = 0; i < count; i++)
				add(program, order[s], pairs[i]);
		if (order[s] == command->step)
			break;
	}
	return true;
}

bool
program_shift(struct engine *engine, const struct command *command, struct program *program,
	      struct err *err)
{
	size_t count;
	const char **pairs;

	if (!choose(engine, command, program, &pairs, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		add(program, STEP_SHIFT, pairs[i])->goal = command->goal;
	return true;
}

bool
program_ramp(struct engine *engine, const struct command *command, struct program *program,
	     struct err *err)
{
	size_t count;
	const char **pairs;

	if (!choose(engine, command, program, &pairs, &count, err))
		return false;
	add_ramp(engine, program, pairs, count);
	return true;
}

static size_t
place_of(const enum step_id *order, size_t count, enum step_id step)
{
	size_t at = 0;

	while (at < count && order[at] != step)
		at++;
	return at;
}

static bool
holds(const enum step_id *steps, size_t count, enum step_id step)
{
	return place_of(steps, count, step) < count;
}

struct standing { /* which steps of a pair can be taken back */
	enum step_id steps[STEP_COUNT];
	size_t count;
};

/* Taking the v1 CRDs away takes every GA pool of the cluster along: only when all that have one are
 * taken back. */
static bool
others_need_crds(struct program *program, const struct plan *plan, const char *const *pairs,
		 size_t count)
{
	for (size_t i = 0; i < plan->pair_count; i++) {
		const char *name = title(program, &plan->pairs[i]);
		size_t at = 0;

		while (at < count && strcmp(pairs[at], name) != 0)
			at++;
		if (at == count && plan->pairs[i].ga_uid[0] != '\0')
			return true;
	}
	return false;
}

/* Newest first, over all pairs; a cluster's step is taken back when all pairs are past it. */
bool
program_rollback(struct engine *engine, const struct command *command, struct program *program,
		 struct err *err)
{
	size_t steps, count;
	/* As the command has it, see run_find_way_back(). */
	enum path path = derive_stage(engine, "", PPM_UNKNOWN, &program->arena).settings->path;
	const enum step_id *order = step_order(path, &steps);
	const char **pairs;
	struct standing *standing;

	if (!choose(engine, command, program, &pairs, &count, err))
		return false;
	const struct plan *plan = derive_plan(engine);
	standing = arena_array(&program->arena, count + 1, sizeof *standing);
	for (size_t i = 0; i < count; i++) {
		const struct pair *pair = assess_pair(plan, pairs[i]);
		if (pair != NULL)
			standing[i].count = assess_undoable(pair, book_journal(engine->book), path,
							    standing[i].steps);
	}
	for (size_t s = steps; s-- > 0;) {
		bool cluster = step_row(order[s])->scope == SCOPE_CLUSTER, found = false;

		if (command->extent == ROLLBACK_TO && order[s] == command->step)
			break;
		if (order[s] == STEP_CRDS && others_need_crds(program, plan, pairs, count))
			continue;
		for (size_t i = 0; i < count; i++) {
			if (!holds(standing[i].steps, standing[i].count, order[s]) ||
			    (cluster && found))
				continue;
			add(program, order[s], cluster ? "" : pairs[i])->undo = true;
			found = true;
		}
		if (found && command->extent == ROLLBACK_LAST)
			break;
	}
	return true;
}

bool
program_verify(struct engine *engine, const struct command *command, struct program *program,
	       struct err *err)
{
	size_t count;
	const char **pairs;

	if (!choose(engine, command, program, &pairs, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		add(program, STEP_VERIFY, pairs[i])->kind = ORDER_PROOF;
	return true;
}

void
program_abort(struct engine *engine, const struct command *command, struct program *program,
	      int64_t (*base)(const struct engine *engine, const char *pair))
{
	size_t count;
	const char **pairs;

	if (!choose(engine, command, program, &pairs, &count, NULL))
		return;
	for (size_t i = 0; i < count; i++) {
		int64_t before = base(engine, pairs[i]);
		struct order *order;

		if (share_of(engine, pairs[i]) == before)
			continue;
		order = add(program, STEP_SHIFT, pairs[i]);
		order->urgent = true;
		/* Back to nothing means back to what stood there, byte for byte: the journal knows.
		 */
		order->undo = before <= 0;
		order->goal = before <= 0 ? PPM_UNKNOWN : before;
	}
}

void
program_insert_first(struct program *program, int64_t goal)
{
	const struct order next = program->orders[program->at];
	size_t more = next.ramp ? 3 : 2, behind = program->count - program->at;
	struct order *at;

	for (size_t i = 0; i < more; i++)
		add(program, next.step, next.pair);
	at = &program->orders[program->at];
	memmove(at + more, at, behind * sizeof *at);
	*at = next;
	at->goal = goal;
	for (size_t i = 1; i < more; i++)
		at[i] = (struct order){ .kind = i + 1 < more ? ORDER_HOLD : ORDER_PROOF,
					.step = STEP_VERIFY,
					.pair = i + 1 < more ? "" : next.pair,
					.goal = goal };
}

void
program_drop(struct program *program, const char *pair)
{
	const char **dropped =
		arena_array(&program->arena, program->dropped_count + 1, sizeof *dropped);

	if (program->dropped_count > 0)
		memcpy(dropped, program->dropped, program->dropped_count * sizeof *dropped);
	dropped[program->dropped_count++] = arena_string(&program->arena, pair);
	program->dropped = dropped;
}

bool
program_dropped(const struct program *program, const char *pair)
{
	for (size_t i = 0; i < program->dropped_count; i++)
		if (strcmp(program->dropped[i], pair) == 0)
			return true;
	return false;
}
