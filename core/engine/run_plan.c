/* What a run does besides its legs: the rights it would lack are found before the first write, and
 * a plan leaves manifests for others. */
#include <stdio.h>
#include <string.h>

#include "core/engine/derive.h"
#include "core/engine/preflight.h"
#include "core/engine/run_inside.h"
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

bool
run_lacks_rights(struct engine *engine, struct err *err)
{
	const struct program *program = &engine->run->program;
	struct arena arena;
	bool lacks = false;

	if (engine->settings->dry_run || engine->settings->read_only)
		return false;
	arena_init(&arena);
	struct stage stage = derive_stage(engine, "", PPM_UNKNOWN, &arena);
	for (size_t i = 0; !lacks && i < program->count; i++) {
		const struct order *order = &program->orders[i];
		const struct pair *pair;
		struct step_status status;
		char text[ERR_TEXT_MAX];

		if (!must_have(stage.plan, order, &pair) ||
		    !access_blocks(&stage, preflight_access(engine), pair, order->step, &status))
			continue;
		lacks = true;
		err_set(err, ERR_DENIED, "%s%s%s: %s. Nothing was written.", step_name(order->step),
			pair != NULL ? " of " : "", order->pair,
			step_status_text(&status, text, sizeof text));
	}
	arena_release(&arena);
	return lacks;
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
	run->rbac = rights_manifest(rights, count, ROLE_NAME, preflight_access(engine)->user, arena);
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
