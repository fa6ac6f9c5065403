#include "tui/report/report.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "tui/report/sheet.h"
#include "tui/report/verdict.h"

struct writing { /* one report while it is written */
	const struct report_input *in;
	struct sheet sheet;
	struct arena arena;
	bool reasons; /* several, so that each write says its own */
};

static const char *
time_text(struct writing *w, int64_t wall)
{
	char text[CLOCK_RFC3339_MAX];

	clock_rfc3339(wall, false, text);
	return arena_string(&w->arena, text);
}

static const char *
span_text(struct writing *w, int64_t nanoseconds)
{
	struct buf text;
	const char *kept;
	int64_t seconds = (nanoseconds + SECOND / 2) / SECOND;

	if (nanoseconds < SECOND)
		return arena_printf(&w->arena, "%lld ms", (long long)(nanoseconds / MILLISECOND));
	buf_init(&text, 64);
	if (seconds >= 3600)
		buf_printf(&text, "%lld h ", (long long)(seconds / 3600));
	if (seconds >= 60)
		buf_printf(&text, "%lld min ", (long long)(seconds / 60 % 60));
	buf_printf(&text, "%lld s", (long long)(seconds % 60));
	kept = arena_string(&w->arena, text.bytes);
	buf_release(&text);
	return kept;
}

/* Each of several texts once, commas between. */
struct gathered {
	const char *seen[16];
	size_t count, more;
};

static void
gather(struct gathered *all, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->seen[i], text) == 0)
			return;
	if (all->count < sizeof(all->seen) / sizeof(all->seen[0]))
		all->seen[all->count++] = text;
	else
		all->more++;
}

static const char *
gathered_text(struct writing *w, const struct gathered *all, const char *between)
{
	const char *text = "";

	for (size_t i = 0; i < all->count; i++)
		text = arena_printf(&w->arena, "%s%s%s", text, i > 0 ? between : "", all->seen[i]);
	if (all->more > 0)
		text = arena_printf(&w->arena, "%s and others", text);
	return text;
}

static const char *
downtime_text(struct writing *w)
{
	const struct downtime *seen = &w->in->snapshot->plan.downtime,
			      *noted = &w->in->record->downtime;
	int64_t began = seen->began != 0 ? seen->began : noted->began;
	int64_t ended = noted->ended != 0 ? noted->ended : seen->ended;
	bool stood = true;

	for (size_t i = 0; i < w->in->record->share_count; i++)
		for (size_t k = 0; k < w->in->record->shares[i].count; k++)
			stood &= w->in->record->shares[i].points[k].ppm != PPM_UNKNOWN;
	if (began != 0 && ended != 0)
		return arena_printf(&w->arena,
				    "%s: from %s, the first route without its pool, to %s, "
				    "the first answer 200 seen after the attach",
				    span_text(w, ended - began), time_text(w, began),
				    time_text(w, ended));
	if (began != 0)
		return arena_printf(&w->arena,
				    "since %s, when the first route lost its pool; no "
				    "answer 200 has been seen since",
				    time_text(w, began));
	if (w->in->record->share_count == 0)
		return "";
	return stood ? "none: at every write a pool stood behind every rule"
		     : "a rule stood without a pool for a time; see the shares";
}

static void
write_facts(struct writing *w)
{
	const struct snapshot *snapshot = w->in->snapshot;
	const struct record *record = w->in->record;
	struct gathered users = { .count = 0 }, reasons = { .count = 0 }, programs = { .count = 0 },
			versions = { .count = 0 }, paths = { .count = 0 };

	for (size_t i = 0; i < record->run_count; i++) {
		gather(&programs, record->runs[i].program);
		gather(&versions, record->runs[i].server_version);
		gather(&paths, record->runs[i].procedure);
	}
	for (size_t i = 0; i < record->write_count; i++) {
		gather(&users, record->writes[i].user);
		gather(&reasons, record->writes[i].reason);
	}
	w->reasons = reasons.count > 1;
	gather(&reasons, w->in->settings->reason);
	gather(&versions, snapshot->server.version);
	gather(&programs, w->in->program);
	if (paths.count == 0)
		gather(&paths, w->in->settings->path == PATH_SIMPLE ? "simple" : "zero-downtime");
	const char *user =
		*snapshot->server.user != '\0' ? snapshot->server.user : snapshot->link.user;
	const struct fact facts[] = {
		{ "Context", snapshot->link.context },
		{ "Server", snapshot->link.server },
		{ "Cluster",
		  *snapshot->server.cluster != '\0'
			  ? arena_printf(&w->arena, "kube-system %s", snapshot->server.cluster)
			  : record->cluster },
		{ "Kubernetes", gathered_text(w, &versions, ", ") },
		{ "Program", gathered_text(w, &programs, ", ") },
		{ "Procedure", gathered_text(w, &paths, ", ") },
		{ "Written by", gathered_text(w, &users, ", ") },
		{ "Reason", gathered_text(w, &reasons, "; ") },
		{ "Downtime", downtime_text(w) },
		{ "Reported",
		  arena_printf(&w->arena, "%s by %s", time_text(w, snapshot->wall), user) },
	};
	w->sheet.form->section(&w->sheet, "What and who");
	w->sheet.form->facts(&w->sheet, facts, sizeof(facts) / sizeof(facts[0]));
}

static void
write_gaps(struct writing *w)
{
	const struct form *form = w->sheet.form;
	const struct record *record = w->in->record;

	if (!record->known && w->in->snapshot->plan.ever_migrated)
		form->paragraph(
			&w->sheet, TONE_WARN,
			arena_printf(&w->arena,
				     "This machine has no journal of this cluster%s%s. Who "
				     "wrote what, when and why, the differences, the checks "
				     "and the shares over time cannot be known from the "
				     "cluster: the machine it was migrated from knows "
				     "them. What follows is what the cluster says now.",
				     *record->path != '\0' ? " at " : "", record->path));
	if (*record->torn != '\0')
		form->paragraph(&w->sheet, TONE_WARN, record->torn);
	if (record->write_count > 0 && record->run_count == 0)
		form->paragraph(
			&w->sheet, TONE_WARN,
			"The journal does not say which version wrote it and what was known "
			"to be lost: it was begun by a version that did not note them.");
}

static enum tone
step_tone(enum step_state state)
{
	static const enum tone tones[] = {
		[STATE_DONE] = TONE_GOOD,     [STATE_READY] = TONE_PLAIN,
		[STATE_WAITING] = TONE_PLAIN, [STATE_RUNNING] = TONE_WARN,
		[STATE_BLOCKED] = TONE_BAD,   [STATE_FAILED] = TONE_BAD,
		[STATE_UNKNOWN] = TONE_WARN,  [STATE_SKIPPED] = TONE_FAINT,
	};

	return tones[state];
}

static void
write_steps(struct writing *w)
{
	const struct plan *plan = &w->in->snapshot->plan;
	struct sheet_row *rows = arena_array(&w->arena, plan->step_count + 1, sizeof(*rows));
	char why[ERR_TEXT_MAX];

	if (plan->step_count == 0)
		return;
	for (size_t i = 0; i < plan->step_count; i++) {
		const struct step_status *status = &plan->steps[i].status;

		/* The cluster keeps no trace of a verification; the journal does. */
		if (plan->steps[i].id == STEP_VERIFY &&
		    ((status->state == STATE_SKIPPED && w->in->record->check_count > 0) ||
		     verdict_verified(w->in, &w->arena))) {
			rows[i] = (struct sheet_row){
				.tone = TONE_GOOD,
				.cells = { step_name(STEP_VERIFY), "recorded", "see the checks" },
			};
			continue;
		}
		rows[i] = (struct sheet_row){
			.tone = step_tone(status->state),
			.cells = { step_name(plan->steps[i].id), step_state_name(status->state),
				   arena_string(&w->arena,
						step_status_text(status, why, sizeof(why))) },
		};
	}
	const struct sheet_table table = { .heads = { "Step", "State", "Why" },
					   .columns = 3,
					   .rows = rows,
					   .count = plan->step_count };
	w->sheet.form->section(&w->sheet, "Plan");
	w->sheet.form->table(&w->sheet, &table);
}

static const char *
share_text(struct writing *w, int64_t ppm)
{
	struct buf text;
	const char *kept;

	if (ppm < 0)
		return ppm == PPM_APART ? "rules apart" : "not known";
	buf_init(&text, 64);
	text_ppm(&text, ppm);
	kept = arena_string(&w->arena, text.bytes);
	buf_release(&text);
	return kept;
}

static void
write_pairs(struct writing *w)
{
	const struct plan *plan = &w->in->snapshot->plan;
	struct sheet_row *rows = arena_array(&w->arena, plan->pair_count + 1, sizeof(*rows));

	if (plan->pair_count == 0)
		return;
	for (size_t i = 0; i < plan->pair_count; i++) {
		const struct pair *pair = &plan->pairs[i];
		bool there = *pair->alpha_uid != '\0', made = *pair->ga_uid != '\0';

		rows[i] = (struct sheet_row){
			.tone = made ? TONE_GOOD : TONE_PLAIN,
			.cells = { arena_printf(&w->arena, "%s/%s%s", pair->ns, pair->alpha,
						there ? "" : " (gone)"),
				   arena_printf(&w->arena, "%s%s", pair->ga,
						made ? "" : " (not there)"),
				   made ? share_text(w, pair->written) : "–" },
		};
	}
	const struct sheet_table table = {
		.heads = { "α pool", "GA pool", "On GA now" },
		.columns = 3,
		.rows = rows,
		.count = plan->pair_count,
	};
	w->sheet.form->section(&w->sheet, "Pools");
	w->sheet.form->table(&w->sheet, &table);
}

static void
write_shares(struct writing *w)
{
	const struct record *record = w->in->record;

	if (record->share_count == 0)
		return;
	w->sheet.form->section(&w->sheet, "Share of the GA pool over time");
	for (size_t i = 0; i < record->share_count; i++)
		w->sheet.form->share(&w->sheet, &record->shares[i]);
}

static void
write_one_verification(struct writing *w, const struct verification *checked)
{
	struct sheet_row *rows = arena_array(&w->arena, checked->check_count + 1, sizeof(*rows));
	const struct probe_view *probe = &checked->probe;
	size_t count = 0;

	for (size_t i = 0; i < checked->check_count; i++) {
		const struct check *check = &checked->checks[i];
		const char *detail = check->detail;

		if (checked->probed && strcmp(check->name, "probe") == 0 &&
		    *probe->served_by != '\0')
			detail = arena_printf(&w->arena, "%s, served by %s", detail,
					      probe->served_by);
		rows[count++] = (struct sheet_row){
			.tone = check->ok ? TONE_GOOD : TONE_BAD,
			.cells = { check->name, check->object, detail },
		};
	}
	const struct sheet_table table = {
		.heads = { "Check", "Object", "Found" }, .columns = 3, .rows = rows, .count = count
	};
	w->sheet.form->paragraph(
		&w->sheet, checked->ok ? TONE_PLAIN : TONE_BAD,
		arena_printf(&w->arena, "%s%s%s at %s", *checked->pair != '\0' ? checked->pair : "",
			     *checked->pair != '\0' ? ": " : "",
			     checked->ok ? "every check passed" : "not every check passed",
			     time_text(w, checked->wall)));
	w->sheet.form->table(&w->sheet, &table);
}

/* The newest of each pair in full; how many there were before. */
static void
write_checks(struct writing *w)
{
	const struct record *record = w->in->record;
	size_t earlier = 0, failed = 0;

	if (record->check_count == 0 && !w->in->snapshot->verification.ran)
		return;
	w->sheet.form->section(&w->sheet, "Checks");
	if (record->check_count == 0)
		write_one_verification(w, &w->in->snapshot->verification);
	for (size_t i = 0; i < record->check_count; i++) {
		bool newest = true;

		for (size_t k = i + 1; k < record->check_count; k++)
			newest &= strcmp(record->checks[i].pair, record->checks[k].pair) != 0;
		if (newest)
			write_one_verification(w, &record->checks[i]);
		earlier += !newest;
		failed += !newest && !record->checks[i].ok;
	}
	if (earlier > 0)
		w->sheet.form->paragraph(
			&w->sheet, TONE_FAINT,
			arena_printf(&w->arena,
				     "Made %zu times before that, %zu of them without "
				     "passing.",
				     earlier, failed));
}

static void
write_one_loss(struct writing *w, const struct loss *loss)
{
	const struct fact facts[] = {
		{ loss->field, loss->value },
		{ "Why", loss->why },
		{ "Instead", loss->instead },
	};
	const struct entry entry = {
		.tone = loss->carried ? TONE_GOOD : TONE_WARN,
		.title = loss->object,
		.badge = loss->carried ? "carried over" : "",
		.meta = "",
		.lines = "",
		.facts = facts,
		.fact_count = sizeof(facts) / sizeof(facts[0]),
		.block = loss->yaml != NULL ? loss->yaml : "",
	};

	w->sheet.form->entry(&w->sheet, &entry);
}

static bool
is_recorded(const struct record *record, const struct loss *loss)
{
	for (size_t i = 0; i < record->loss_count; i++)
		if (text_equal(record->losses[i].object, loss->object) &&
		    text_equal(record->losses[i].field, loss->field))
			return true;
	return false;
}

static void
write_losses(struct writing *w)
{
	const struct record *record = w->in->record;
	const struct plan *plan = &w->in->snapshot->plan;
	size_t shown = record->loss_count;

	w->sheet.form->section(&w->sheet, "Lost, or to be done by hand");
	for (size_t i = 0; i < record->loss_count; i++)
		write_one_loss(w, &record->losses[i]);
	for (size_t i = 0; i < plan->loss_count; i++)
		if (!is_recorded(record, &plan->losses[i])) {
			write_one_loss(w, &plan->losses[i]);
			shown++;
		}
	if (shown > 0)
		return;
	w->sheet.form->paragraph(&w->sheet, TONE_PLAIN,
				 record->run_count > 0 || !plan->ever_migrated
					 ? "Nothing."
					 : "Not known: the objects it would be read from are gone, "
					   "and no journal here noted it.");
}

static const char *
write_badge(const struct record_write *write)
{
	static const char *const ends[] = {
		[JOURNAL_OPEN] = "no outcome known",
		[JOURNAL_DONE] = "done",
		[JOURNAL_FAILED] = "failed",
		[JOURNAL_NOT_SENT] = "not sent",
		[JOURNAL_UNKNOWN] = "not known whether done",
	};

	if (write->dry_run)
		return "dry run";
	return write->end == JOURNAL_DONE && write->undone ? "done, taken back later"
							   : ends[write->end];
}

static enum tone
write_tone(const struct record_write *write)
{
	if (write->end == JOURNAL_OPEN || write->end == JOURNAL_FAILED)
		return write->dry_run ? TONE_FAINT : TONE_BAD;
	if (write->end == JOURNAL_UNKNOWN)
		return TONE_WARN;
	return write->dry_run || write->undone || write->end == JOURNAL_NOT_SENT ? TONE_FAINT
										 : TONE_GOOD;
}

static void
write_one_write(struct writing *w, const struct record_write *write)
{
	long long latency = (long long)(write->latency / MILLISECOND);
	/* A program that ran has no status. */
	const char *status =
		write->status > 0
			? arena_printf(&w->arena, "HTTP %d in %lld ms", write->status, latency)
		: write->end == JOURNAL_DONE ? arena_printf(&w->arena, "%lld ms", latency)
					     : "no answer";
	const char *step = write->step < STEP_COUNT ? step_name(write->step) : "";
	const struct fact facts[] = { { write->end == JOURNAL_DONE ? "Note" : "Error",
					write->error } };
	const struct entry entry = {
		.tone = write_tone(write),
		.title = arena_printf(&w->arena, "%lld  %s %s", (long long)write->id, write->verb,
				      write->title),
		.badge = write_badge(write),
		.meta = arena_printf(&w->arena, "%s · %s%s%s%s · %s · by %s%s%s",
				     time_text(w, write->wall), write->undo ? "undo of " : "", step,
				     *write->pair != '\0' ? " of " : "", write->pair, status,
				     *write->user != '\0' ? write->user : "?",
				     w->reasons && *write->reason != '\0' ? " · " : "",
				     w->reasons ? write->reason : ""),
		.lines = write->summary,
		.facts = facts,
		.fact_count = *write->error != '\0',
		.block = write->diff,
		.diff = true,
	};

	w->sheet.form->entry(&w->sheet, &entry);
}

static void
write_writes(struct writing *w)
{
	const struct record *record = w->in->record;
	size_t done = 0, undone = 0;
	int64_t from = 0, to = 0;

	if (!record->known)
		return;
	w->sheet.form->section(&w->sheet, "Writes");
	for (size_t i = 0; i < record->write_count; i++) {
		if (record->writes[i].dry_run)
			continue;
		done += record->writes[i].end == JOURNAL_DONE;
		undone += record->writes[i].undone;
		from = from == 0 ? record->writes[i].wall : from;
		to = record->writes[i].wall;
	}
	w->sheet.form->paragraph(
		&w->sheet, TONE_PLAIN,
		record->write_count == 0
			? "None."
			: arena_printf(&w->arena,
				       "%zu, of which %zu were done and %zu of those taken "
				       "back later. From the first to the last: %s.",
				       record->write_count, done, undone, span_text(w, to - from)));
	for (size_t i = 0; i < record->write_count; i++)
		write_one_write(w, &record->writes[i]);
	w->sheet.form->paragraph(
		&w->sheet, TONE_FAINT,
		arena_printf(&w->arena,
			     "From the journal %s, each line of which carries the checksum "
			     "of the one before: `poolshift journal --verify`.",
			     record->path));
}

bool
report_print(const struct report_input *input, enum report_form form, int width, struct buf *out)
{
	static const struct form *const forms[] = {
		[REPORT_TEXT] = &form_text,
		[REPORT_MARKDOWN] = &form_markdown,
		[REPORT_HTML] = &form_html,
	};
	struct writing w = { .in = input,
			     .sheet = { .form = forms[form], .out = out, .width = width } };
	struct verdict verdict;

	arena_init(&w.arena);
	verdict = verdict_of(input, &w.arena);
	w.sheet.form->begin(&w.sheet, "Change record",
			    arena_printf(&w.arena, "Inference Gateway, from v1alpha2 to v1, on %s",
					 input->snapshot->link.context));
	w.sheet.form->verdict(&w.sheet, verdict.tone, verdict.headline, verdict.detail);
	write_gaps(&w);
	write_facts(&w);
	write_steps(&w);
	write_pairs(&w);
	write_shares(&w);
	write_checks(&w);
	write_losses(&w);
	write_writes(&w);
	w.sheet.form->end(&w.sheet);
	arena_release(&w.arena);
	return !out->full;
}
