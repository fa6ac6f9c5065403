/* What is particular to each command: a row for each, and how it ends. */
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/engine/book.h"
#include "core/engine/derive.h"
#include "core/engine/events.h"
#include "core/engine/run_inside.h"

static void
count_trouble(struct run *run)
{
	size_t length = strlen(run->trouble);

	if (run->trouble_count > RUN_TROUBLES)
		snprintf(run->trouble + length, sizeof run->trouble - length, " And %zu more.",
			 run->trouble_count - RUN_TROUBLES);
}

static void
end_preview(struct engine *engine)
{
	struct run *run = engine->run;
	const struct preview *preview = &run->shown.preview;
	bool blocked = preview->status.state == STATE_BLOCKED;

	if (*run->trouble != '\0') {
		shown_release(&run->shown);
		run_finish(engine, false, run->exit, run->code, run->trouble);
		return;
	}
	run_finish(engine, true, blocked ? 3 : 0, ERR_NONE, preview->status.reason);
}

static void
end_accept(struct engine *engine)
{
	struct run *run = engine->run;
	char text[300];

	inside_copy(text, sizeof text, run->shown.preview.title);
	shown_release(&run->shown);
	if (*run->trouble != '\0')
		run_finish(engine, false, run->exit, run->code, run->trouble);
	else {
		size_t length = strlen(text);
		snprintf(text + length, sizeof text - length, "%s",
			 engine->settings->dry_run ? ": dry run, nothing was changed" : ": done");
		run_finish(engine, true, 0, ERR_NONE, text);
	}
}

static void
end_plan(struct engine *engine)
{
	const struct plan *plan = derive_plan(engine);

	run_make_manifests(engine);
	if (plan->nothing_to_migrate)
		run_finish(engine, true, 4, ERR_NONE, "Fresh install: nothing to migrate.");
	else
		run_finish(engine, true, 0, ERR_NONE, "");
}

/* Still α objects elsewhere: the pools that were asked for are done (CLI §3). */
static bool
ended_at_check(const struct run *run)
{
	return run->kept_crds || (run->program.at < run->program.count &&
				  run->program.orders[run->program.at].step == STEP_CHECK);
}

/* In the simple procedure, how long requests had no pool: from the detach to the first 200. */
static void
tell_downtime(struct engine *engine)
{
	const struct downtime *downtime = &derive_plan(engine)->downtime;

	if (downtime->began == 0 || !engine->run->wrote)
		return;
	if (downtime->ended != 0)
		events_add(engine, EVENT_INFO, STEP_VERIFY, "",
			   "Downtime: %.1f s, from the detach to the first answer 200.",
			   (double)(downtime->ended - downtime->began) / SECOND);
	else
		events_add(engine, EVENT_INFO, STEP_VERIFY, "",
			   "Downtime: it began with the detach, %.1f s ago; no answer 200 has been "
			   "seen since%s.",
			   (double)(engine->wall - downtime->began) / SECOND,
			   engine->settings->probe ? "" : ", as none was asked for");
}

static void
end_apply(struct engine *engine)
{
	struct run *run = engine->run;
	size_t steps;
	const enum step_id *order = step_order(engine->settings->path, &steps);
	enum step_id through = run->command->step, last = order[steps - 1];
	char text[sizeof run->trouble + 200];

	count_trouble(run);
	if (run->program.dropped_count > 0 || run->exit != 0) {
		run_finish(engine, false, run->exit, run->code, run->trouble);
		return;
	}
	if (engine->settings->dry_run)
		snprintf(text, sizeof text, "Dry run: nothing was changed.%s%s",
			 *run->trouble != '\0' ? " Not tried: " : "", run->trouble);
	else if (ended_at_check(run))
		snprintf(text, sizeof text,
			 "The selected pools are migrated. What is left keeps the α CRDs: %s",
			 run->trouble);
	else if (!run->wrote)
		snprintf(text, sizeof text, "Nothing to do: %s.",
			 through < STEP_COUNT ? "that far it is done already"
					      : "the migration is finished");
	else if (through < STEP_COUNT && through != last)
		snprintf(text, sizeof text, "Done through %s.", step_name(through));
	else
		snprintf(text, sizeof text, "The migration is finished.");
	tell_downtime(engine);
	run_finish(engine, true, 0, ERR_NONE, text);
}

static void
end_plainly(struct engine *engine, const char *nothing, const char *done)
{
	struct run *run = engine->run;

	count_trouble(run);
	if (*run->trouble != '\0')
		run_finish(engine, false, run->exit, run->code, run->trouble);
	else
		run_finish(engine, true, 0, ERR_NONE,
			   !run->wrote                 ? nothing
			   : engine->settings->dry_run ? "Dry run: nothing was changed."
						       : done);
}

static void
end_ramp(struct engine *engine)
{
	end_plainly(engine, "Nothing to do: the pool is at the end of the ramp already.",
		    "The end of the ramp is reached.");
}

static void
end_shift(struct engine *engine)
{
	end_plainly(engine, "Nothing to do: the weights are there already.", "Shifted.");
}

static void
end_rollback(struct engine *engine)
{
	end_plainly(engine, "Nothing to take back.", "Taken back.");
}

static void
end_abort(struct engine *engine)
{
	if (run_abort_goes_on(engine))
		return;
	end_plainly(engine, "Aborted; no weight had to go back.", "Aborted: the weights are back.");
}

static void
end_verify(struct engine *engine)
{
	end_plainly(engine, "Every check passed.", "Every check passed.");
}

static const struct manner manners[] = {
	[COMMAND_PREVIEW] = { .program = program_one,
			      .shows = true,
			      .shifts = true,
			      .end = end_preview },
	[COMMAND_ACCEPT] = { .writes = true, .shifts = true, .end = end_accept },
	[COMMAND_PLAN] = { .program = program_plan, .shows = true, .end = end_plan },
	[COMMAND_APPLY] = { .writes = true,
			    .program = program_apply,
			    .shifts = true,
			    .end = end_apply },
	[COMMAND_SHIFT] = { .writes = true,
			    .program = program_shift,
			    .shifts = true,
			    .end = end_shift },
	[COMMAND_RAMP] = { .writes = true,
			   .program = program_ramp,
			   .shifts = true,
			   .end = end_ramp },
	[COMMAND_ROLLBACK] = { .writes = true, .program = program_rollback, .end = end_rollback },
	[COMMAND_ABORT] = { .end = end_abort },
	[COMMAND_VERIFY] = { .program = program_verify, .end = end_verify },
};

const struct manner *
run_manner(enum command_kind kind)
{
	return &manners[kind];
}
