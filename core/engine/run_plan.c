/* What a run does besides its legs: what would be in the way of a pool and the rights it would lack
 * are found before the first write, a way back is taken by the procedure that led there, and a plan
 * leaves manifests for others. */
#include <stdio.h>
#include <string.h>

#include "core/engine/book.h"
#include "core/engine/derive.h"
#include "core/engine/events.h"
#include "core/engine/preflight.h"
#include "core/engine/run_inside.h"
#include "core/migrate/past.h"
#include "core/migrate/target.h"

#define ROLE_NAME "poolshift"

static bool
is_over(const struct step_status *status)
{
	return status->state == STATE_DONE || status->state == STATE_SKIPPED;
}

/* The CRDs come first; what the cluster's other steps lack stops them alone, when their turn comes.
 */
static bool
must_have(const struct plan *plan, const struct order *order, const struct pair **pair)
{
	*pair = *order->pair == '\0' ? NULL : assess_pair(plan, order->pair);
	if (order->kind != ORDER_STEP || order->undo)
		return false;
	if (*pair != NULL)
		return !is_over(&(*pair)->steps[order->step]);
	for (size_t i = 0; i < plan->step_count; i++)
		if (plan->steps[i].id == order->step)
			return order->step == STEP_CRDS && !is_over(&plan->steps[i].status);
	return false;
}

/* Of a way back every step's: half of one helps nobody. */
static bool
lacks(const struct engine *engine, const struct stage *stage, const struct order *order,
      struct step_status *status)
{
	const struct access *access = preflight_access(engine);
	const struct pair *pair;

	if (order->kind == ORDER_STEP && order->undo) {
		pair = *order->pair == '\0' ? NULL : assess_pair(stage->plan, order->pair);
		return access_blocks_back(stage, access, pair, order->step, status);
	}
	return must_have(stage->plan, order, &pair) &&
	       access_blocks(stage, access, pair, order->step, status);
}

bool
run_lacks_rights(struct engine *engine, struct err *err)
{
	const struct program *program = &engine->run->program;
	struct arena arena;
	bool found = false;

	if (engine->settings->dry_run || engine->settings->read_only)
		return false;
	arena_init(&arena);
	struct stage stage = derive_stage(engine, "", PPM_UNKNOWN, &arena);
	for (size_t i = 0; !found && i < program->count; i++) {
		const struct order *order = &program->orders[i];
		struct step_status status;
		char text[ERR_TEXT_MAX];

		if (!lacks(engine, &stage, order, &status))
			continue;
		found = true;
		err_set(err, ERR_DENIED, "%s%s%s%s: %s. Nothing was written.",
			order->undo ? "taking back " : "", step_name(order->step),
			*order->pair != '\0' ? " of " : "", order->pair,
			step_status_text(&status, text, sizeof text));
	}
	arena_release(&arena);
	return found;
}

void
run_warn_of_no_return(struct engine *engine)
{
	const struct program *program = &engine->run->program;
	struct arena arena;

	arena_init(&arena);
	struct stage stage = derive_stage(engine, "", PPM_UNKNOWN, &arena);
	for (size_t i = 0; i < program->count; i++) {
		const struct order *order = &program->orders[i];
		const struct pair *pair =
			*order->pair == '\0' ? NULL : assess_pair(stage.plan, order->pair);
		const char *text;

		if (order->kind != ORDER_STEP || order->undo ||
		    (i > 0 && program->orders[i - 1].step == order->step &&
		     strcmp(program->orders[i - 1].pair, order->pair) == 0))
			continue;
		text = access_no_return(&stage, preflight_access(engine), pair, order->step);
		if (text != NULL)
			events_add(engine, EVENT_WARNING, order->step, order->pair, "%s", text);
	}
	arena_release(&arena);
}

/* Once a pool is on its way, what comes in between stops that pool alone. */
static bool
has_begun(const struct engine *engine, const struct pair *pair)
{
	if (engine->settings->path == PATH_SIMPLE)
		return pair->steps[STEP_DETACH].state == STATE_DONE || pair->alpha_uid[0] == '\0';
	return is_over(&pair->steps[STEP_POOL]);
}

/* The steps whose checks look at the whole way of a pool. Not told again under another step. */
static bool
is_hurdle(const struct pair *pair, enum step_id step)
{
	static const enum step_id looking[] = { STEP_DETACH, STEP_POOL, STEP_OBJECTIVES,
						STEP_ATTACH };
	char text[ERR_TEXT_MAX], other[ERR_TEXT_MAX];
	bool looks = false;

	if (pair->steps[step].state != STATE_BLOCKED)
		return false;
	step_status_text(&pair->steps[step], text, sizeof text);
	for (size_t i = 0; !looks && i < sizeof looking / sizeof *looking; i++) {
		const struct step_status *status = &pair->steps[looking[i]];

		looks = looking[i] == step;
		if (!looks && status->state == STATE_BLOCKED &&
		    strcmp(step_status_text(status, other, sizeof other), text) == 0)
			return false;
	}
	return looks;
}

bool
run_is_blocked(struct engine *engine, struct err *err)
{
	const struct program *program = &engine->run->program;
	const struct plan *plan = derive_plan(engine);
	char first[2 * ERR_TEXT_MAX] = "", text[ERR_TEXT_MAX];
	size_t count = 0;

	if (engine->settings->dry_run || engine->settings->read_only)
		return false;
	for (size_t i = 0; i < program->count; i++) {
		const struct order *order = &program->orders[i];
		const struct pair *pair =
			*order->pair == '\0' ? NULL : assess_pair(plan, order->pair);

		if (pair == NULL || order->kind != ORDER_STEP || has_begun(engine, pair) ||
		    !is_hurdle(pair, order->step))
			continue;
		step_status_text(&pair->steps[order->step], text, sizeof text);
		if (count++ == 0)
			snprintf(first, sizeof first, "%s of %s: %s", step_name(order->step),
				 order->pair, text);
		events_add(engine, EVENT_ERROR, order->step, order->pair, "%s of %s: %s",
			   step_name(order->step), order->pair, text);
	}
	if (count == 1)
		err_set(err, ERR_REJECTED, "%s. Nothing was written.", first);
	else if (count > 1)
		err_set(err, ERR_REJECTED,
			"%zu things are in the way, the first: %s. Nothing was written. Do what each "
			"asks for, or choose other pools: --pool.",
			count, first);
	return count > 0;
}

/* What only one of the procedures writes tells which it was. */
bool
run_find_way_back(struct engine *engine, struct err *err)
{
	static const struct {
		enum step_id step;
		enum path path;
	} tells[] = { { STEP_DETACH, PATH_SIMPLE },
		      { STEP_SHIFT, PATH_ZERO_DOWNTIME },
		      { STEP_FINALIZE, PATH_ZERO_DOWNTIME } };
	struct run *run = engine->run;
	const struct plan *plan = derive_plan(engine);
	const char *wanted = run->command->pair;
	const char *one[2] = { NULL, NULL }; /* a pool that went each way */
	struct arena arena;
	bool clear;

	arena_init(&arena);
	for (size_t i = 0; i < plan->pair_count; i++) {
		const struct pair *pair = &plan->pairs[i];
		const char *name = arena_printf(&arena, "%s/%s", pair->ns, pair->alpha);

		if (wanted != NULL && *wanted != '\0' ? strcmp(name, wanted) != 0 : !pair->selected)
			continue;
		for (size_t k = 0; k < sizeof tells / sizeof *tells; k++)
			if (past_stands(book_journal(engine->book),
					(struct past_of){ .step = tells[k].step, .pair = name }))
				one[tells[k].path] = name;
	}
	clear = one[PATH_SIMPLE] == NULL || one[PATH_ZERO_DOWNTIME] == NULL ||
		err_set(err, ERR_INPUT,
			"Pool %s was migrated by the simple procedure and %s by the other, and each goes "
			"back the way it came. Take them back one after the other: --pool.",
			one[PATH_SIMPLE], one[PATH_ZERO_DOWNTIME]);
	if (clear && (one[PATH_SIMPLE] != NULL || one[PATH_ZERO_DOWNTIME] != NULL)) {
		run->settings.path = one[PATH_SIMPLE] != NULL ? PATH_SIMPLE : PATH_ZERO_DOWNTIME;
		derive_settings(engine, &run->settings);
	}
	arena_release(&arena);
	return clear;
}

void
run_make_manifests(struct engine *engine)
{
	struct run *run = engine->run;
	struct arena *arena = &run->manifests;
	struct err err = { .code = ERR_NONE };
	size_t count;

	arena_release(arena);
	struct stage stage = derive_stage(engine, "", PPM_UNKNOWN, arena);
	const struct right *rights = rights_of(&stage, &count);
	run->rbac =
		rights_manifest(rights, count, ROLE_NAME, preflight_access(engine)->user, arena);
	run->files = target_files(&stage, &run->file_count, &err);
	run->files_trouble = "";
	if (run->files == NULL) {
		run->file_count = 0;
		run->files_trouble = arena_string(arena, err.text);
	}
}

void
run_manifests(const struct engine *engine, struct snapshot *snapshot)
{
	const struct run *run = engine->run;
	struct arena *arena = &snapshot->arena;
	struct manifest_file *files = arena_array(arena, run->file_count + 1, sizeof *files);

	snapshot->rbac = arena_string(arena, run->rbac != NULL ? run->rbac : "");
	snapshot->files_trouble =
		arena_string(arena, run->files_trouble != NULL ? run->files_trouble : "");
	for (size_t i = 0; i < run->file_count; i++)
		files[i] = (struct manifest_file){
			.name = arena_string(arena, run->files[i].name),
			.yaml = arena_string(arena, run->files[i].yaml),
		};
	snapshot->files = files;
	snapshot->file_count = run->file_count;
}
