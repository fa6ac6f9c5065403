#include "tui/report/verdict.h"

#include <string.h>

struct tally { /* of the writes that were no dry runs */
	size_t stand, undos, open, failed;
};

static struct tally
count_writes(const struct record *record)
{
	struct tally tally = { 0 };

	for (size_t i = 0; i < record->write_count; i++) {
		const struct record_write *write = &record->writes[i];

		if (write->dry_run)
			continue;
		tally.stand += write->stands;
		tally.undos += write->undo && write->end == JOURNAL_DONE;
		tally.open += write->end == JOURNAL_OPEN;
		tally.failed += write->end == JOURNAL_FAILED;
	}
	return tally;
}

/* The newest verification of each pair passed. */
static bool
checks_failed(const struct record *record)
{
	for (size_t i = 0; i < record->check_count; i++) {
		bool newest = true;

		for (size_t k = i + 1; k < record->check_count; k++)
			newest &= strcmp(record->checks[i].pair, record->checks[k].pair) != 0;
		if (newest && !record->checks[i].ok)
			return true;
	}
	return false;
}

/* The newest verification that the journal has of a pair; NULL for none. */
static const struct verification *
newest_of(const struct record *record, const struct pair *pair, struct arena *arena)
{
	const char *title = arena_printf(arena, "%s/%s", pair->ns, pair->alpha);

	for (size_t i = record->check_count; i-- > 0;)
		if (strcmp(record->checks[i].pair, title) == 0)
			return &record->checks[i];
	return NULL;
}

bool
verdict_verified(const struct report_input *input, struct arena *arena)
{
	const struct plan *plan = &input->snapshot->plan;
	const struct record *record = input->record;
	int64_t written = 0;

	if (plan->next != STEP_VERIFY || plan->steps[plan->step_count - 1].id != STEP_VERIFY)
		return false;
	for (size_t i = 0; i < record->write_count; i++)
		if (!record->writes[i].dry_run && record->writes[i].wall > written)
			written = record->writes[i].wall;
	for (size_t i = 0; i < plan->pair_count; i++) {
		const struct pair *pair = &plan->pairs[i];
		const struct verification *checks = newest_of(record, pair, arena);
		enum step_state state = pair->steps[STEP_VERIFY].state;

		if (!pair->selected || state == STATE_DONE || state == STATE_SKIPPED)
			continue;
		if (checks == NULL || !checks->ok || checks->wall < written)
			return false;
	}
	return true;
}

static struct verdict
under_way(const struct plan *plan, struct arena *arena)
{
	char why[ERR_TEXT_MAX];

	for (size_t i = 0; i < plan->step_count; i++) {
		const struct step_view *step = &plan->steps[i];
		bool bad =
			step->status.state == STATE_BLOCKED || step->status.state == STATE_FAILED;

		if (step->id != plan->next)
			continue;
		step_status_text(&step->status, why, sizeof(why));
		return (struct verdict){
			bad ? TONE_BAD : TONE_WARN,
			arena_printf(arena, "Not finished: %s is next, %s.", step_name(step->id),
				     step_state_name(step->status.state)),
			arena_string(arena, why),
		};
	}
	return (struct verdict){ TONE_WARN, "Not finished.", "" };
}

static struct verdict
finished(const struct record *record)
{
	if (checks_failed(record))
		return (struct verdict){ TONE_WARN, "Migrated, but the last checks did not pass.",
					 "Every step is done; see the checks below." };
	return (struct verdict){
		TONE_GOOD, "Migrated.",
		record->check_count > 0
			? "Every step is done, and every check passed the last time it was made."
			: "Every step is done. No checks were recorded."
	};
}

struct verdict
verdict_of(const struct report_input *input, struct arena *arena)
{
	const struct plan *plan = &input->snapshot->plan;
	const struct record *record = input->record;
	struct tally tally = count_writes(record);

	if (*record->damage != '\0')
		return (struct verdict){ TONE_BAD,
					 "The journal is damaged: this record is incomplete.",
					 record->damage };
	if (tally.open > 0)
		return (struct verdict){
			TONE_BAD,
			arena_printf(arena,
				     "Not settled: of %zu writes it is not known whether they "
				     "were done.",
				     tally.open),
			"The next start on the machine of this journal asks the cluster."
		};
	if (!record->known && !plan->ever_migrated)
		return (struct verdict){ TONE_FAINT, "No trace of a migration.",
					 "Neither the cluster nor a journal on this machine knows "
					 "of one." };
	if (plan->nothing_to_migrate ||
	    (tally.stand == 0 && tally.undos == 0 && !plan->ever_migrated))
		return (struct verdict){ TONE_FAINT, "Nothing has been migrated.",
					 "Nothing was written to the cluster." };
	if (tally.stand == 0 && tally.undos > 0)
		return (struct verdict){ TONE_GOOD, "Rolled back.",
					 "Everything that was written has been taken back." };
	if (plan->next == STEP_COUNT || verdict_verified(input, arena))
		return finished(record);
	return under_way(plan, arena);
}
