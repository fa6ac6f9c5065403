/* Journal, details, checks and report: what was done, what is, what was found, what is lost. */
#include <string.h>

#include "core/migrate/step.h"
#include "tui/screen/page.h"
#include "tui/screen/pane.h"

static const char *
time_of(const struct canvas *canvas, int64_t wall)
{
	char text[16];

	clock_time_of_day(wall, text);
	return arena_string(canvas->arena, text);
}

#define KUBECTL_LINES 6 /* of a command that carries a whole object on its stdin */

static void
add_kubectl(const struct canvas *canvas, const char *text, struct page_lines *lines)
{
	const char *end = text;
	size_t more = 0;

	for (int i = 0; i < KUBECTL_LINES && *end != '\0'; i++)
		end += strcspn(end, "\n") + (end[strcspn(end, "\n")] == '\n');
	for (const char *at = end; *at != '\0'; at++)
		more += *at == '\n' || at[1] == '\0';
	page_add_under(lines, 12, ROLE_FAINT,
		       arena_bytes(canvas->arena, text, (size_t)(end - text)));
	if (more > 0)
		page_add_under(lines, 12, ROLE_FAINT,
			       arena_printf(canvas->arena,
					    "… %zu lines more: poolshift journal --kubectl", more));
}

void
page_journal_build(const struct canvas *canvas, struct page_lines *lines)
{
	const struct snapshot *snapshot = canvas->snapshot;

	page_add(lines, ROLE_FAINT,
		 snapshot->journal_path[0] == '\0' ? "no journal is open yet"
						   : snapshot->journal_path);
	if (snapshot->journal_trouble[0] != '\0')
		page_add(lines, ROLE_BAD, snapshot->journal_trouble);
	if (snapshot->journal_count == 0)
		page_add(lines, ROLE_TEXT, "nothing has been written in this migration");
	for (size_t i = 0; i < snapshot->journal_count; i++) {
		const struct journal_line *line = &snapshot->journal[i];
		const char *mark = !line->ok ? "✗" : line->undone ? "–" : "✓";

		const char *text = words_one_line(canvas->arena, line->text);

		page_add_lead(
			lines, ROLE_FAINT,
			arena_printf(canvas->arena, "%s %s", time_of(canvas, line->wall), mark), 12,
			line->ok ? ROLE_TEXT : ROLE_BAD,
			arena_printf(canvas->arena, "%s%s%s", text,
				     line->undone ? "  (taken back)" : "",
				     line->dry_run ? "  (dry run)" : ""));
		add_kubectl(canvas, line->kubectl, lines);
	}
}

void
page_details_build(const struct canvas *canvas, struct page_lines *lines)
{
	const struct detail *detail = &canvas->snapshot->detail;
	bool ours = strcmp(detail->name, canvas->ui->name_sent) == 0 &&
		    strcmp(detail->ns, canvas->ui->ns_sent) == 0;

	if (!ours) {
		page_add(lines, ROLE_WARN,
			 arena_printf(canvas->arena, "◐ reading %s/%s …", canvas->ui->ns_sent,
				      canvas->ui->name_sent));
		return;
	}
	page_add(lines, ROLE_TITLE, detail->title);
	page_add(lines, ROLE_TEXT, "");
	if (!detail->found)
		page_add(lines, ROLE_BAD, "it is not there, or no longer");
	page_add_text(lines, ROLE_TEXT, canvas->ui->page.yaml ? detail->yaml : detail->describe,
		      false);
}

static void
add_probe(const struct canvas *canvas, const struct probe_view *probe, struct page_lines *lines)
{
	bool ok = probe->error[0] == '\0' && probe->status >= 200 && probe->status < 300;

	page_add_lead(lines, ok ? ROLE_GOOD : ROLE_BAD, ok ? "✓ probe" : "✗ probe", 26, ROLE_TEXT,
		      probe->error[0] != '\0'
			      ? arena_printf(canvas->arena, "POST %s: %s", probe->url, probe->error)
			      : arena_printf(canvas->arena, "POST %s: %d in %lld ms%s%s",
					     probe->url, probe->status,
					     (long long)(probe->latency / MILLISECOND),
					     probe->served_by[0] != '\0' ? ", served by " : "",
					     probe->served_by));
}

void
page_checks_build(const struct canvas *canvas, struct page_lines *lines)
{
	const struct verification *verification = &canvas->snapshot->verification;
	const struct run_view *run = &canvas->snapshot->run;

	if (run->phase == RUN_VERIFYING || run->phase == RUN_CHECKING)
		page_add(lines, ROLE_WARN,
			 arena_printf(canvas->arena, "◐ checking: %s", run->text));
	if (!verification->ran) {
		page_add(lines, ROLE_FAINT, "no checks have been run yet");
		return;
	}
	page_add(lines, verification->ok ? ROLE_GOOD : ROLE_BAD,
		 arena_printf(canvas->arena, "%s %s at %s",
			      verification->ok ? "✓ every check passed,"
					       : "✗ not every check passed,",
			      verification->pair[0] == '\0' ? "all pairs" : verification->pair,
			      time_of(canvas, verification->wall)));
	page_add(lines, ROLE_TEXT, "");
	for (size_t i = 0; i < verification->check_count; i++) {
		const struct check *check = &verification->checks[i];

		/* Said below, with who served it. */
		if (verification->probed && strcmp(check->name, "probe") == 0)
			continue;
		page_add_lead(
			lines, check->ok ? ROLE_GOOD : ROLE_BAD,
			arena_printf(canvas->arena, "%s %s", check->ok ? "✓" : "✗", check->name),
			26, check->ok ? ROLE_TEXT : ROLE_BAD,
			arena_printf(canvas->arena, "%s%s%s", check->object,
				     check->detail[0] == '\0' ? "" : ": ", check->detail));
	}
	if (verification->probed)
		add_probe(canvas, &verification->probe, lines);
}

static void
add_blockers(const struct canvas *canvas, struct page_lines *lines)
{
	const struct plan *plan = &canvas->snapshot->plan;

	size_t found = 0;

	page_add(lines, ROLE_TITLE, "Blocked");
	for (size_t i = 0; i < plan->pair_count; i++)
		for (size_t k = 0; k < plan->step_count; k++) {
			const struct pair *pair = &plan->pairs[i];
			enum step_id id = plan->steps[k].id;
			const struct step_status *status = &pair->steps[id];

			if (status->state != STATE_BLOCKED && status->state != STATE_FAILED)
				continue;
			found++;
			page_add_lead(lines, ROLE_BAD,
				      arena_printf(canvas->arena, "✗ %s", step_name(id)), 16,
				      ROLE_TEXT,
				      arena_printf(canvas->arena, "%s/%s: %s", pair->ns,
						   pair->alpha, status->reason));
			if (status->object[0] != '\0')
				page_add_lead(lines, ROLE_FAINT, "", 16, ROLE_FAINT,
					      status->object);
			if (status->advice[0] != '\0')
				page_add_lead(lines, ROLE_KEY, "", 16, ROLE_KEY,
					      arena_printf(canvas->arena, "→ %s", status->advice));
		}
	if (found == 0)
		page_add(lines, ROLE_TEXT, "nothing");
	page_add(lines, ROLE_TEXT, "");
}

/* In full what the first and the last line of the screen have no room for; nothing when all is
 * well. */
static void
add_connection(const struct canvas *canvas, struct page_lines *lines)
{
	const struct snapshot *snapshot = canvas->snapshot;
	const char *texts[] = { snapshot->link.state == LINK_POLLING ? "" : snapshot->link.text,
				snapshot->locked_why, snapshot->journal_trouble,
				snapshot->link.warnings };
	size_t before = lines->count;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i][0] == '\0')
			continue;
		if (lines->count == before)
			page_add(lines, ROLE_TITLE, "In the way");
		page_add_text(lines, i == 0 ? ROLE_BAD : ROLE_TEXT, texts[i], false);
	}
	if (lines->count > before)
		page_add(lines, ROLE_TEXT, "");
}

static enum role
report_role(const char *line)
{
	size_t indent = strspn(line, " ");

	if (indent == 0)
		return ROLE_TITLE;
	/* Differences stand deepest. */
	if (indent == 6 && line[6] == '+')
		return ROLE_ADDED;
	if (indent == 6 && line[6] == '-')
		return ROLE_REMOVED;
	return indent == 6 && line[6] == '@' ? ROLE_FAINT : ROLE_TEXT;
}

static void
add_report(const struct canvas *canvas, struct page_lines *lines)
{
	const struct ui *ui = canvas->ui;

	page_add(lines, ui->report_saved ? ROLE_GOOD : ROLE_BAD, ui->report_note);
	page_add(lines, ROLE_TEXT, "");
	for (const char *text = ui->report; *text != '\0';) {
		size_t length = strcspn(text, "\n");
		const char *line = arena_bytes(lines->arena, text, length);

		page_add(lines, report_role(line), line);
		text += length + (text[length] == '\n');
	}
}

static void
add_losses(const struct canvas *canvas, struct page_lines *lines)
{
	const struct plan *plan = &canvas->snapshot->plan;

	page_add(lines, ROLE_TITLE,
		 arena_printf(canvas->arena, "Lost, or to be done by hand: %zu", plan->loss_count));
	for (size_t i = 0; i < plan->loss_count; i++) {
		const struct loss *loss = &plan->losses[i];

		page_add(lines, ROLE_WARN,
			 arena_printf(canvas->arena, "%s  %s = %s", loss->object, loss->field,
				      loss->value));
		page_add_lead(lines, ROLE_FAINT, "why", 10, ROLE_TEXT, loss->why);
		page_add_lead(lines, ROLE_FAINT, "instead", 10, ROLE_TEXT, loss->instead);
	}
	page_add(lines, ROLE_TEXT, "");
}

void
page_report_build(const struct canvas *canvas, struct page_lines *lines)
{
	const struct plan *plan = &canvas->snapshot->plan;

	add_connection(canvas, lines);
	if (canvas->ui->report != NULL) {
		add_report(canvas, lines);
		return;
	}
	add_blockers(canvas, lines);
	add_losses(canvas, lines);
	for (size_t i = 0; i < plan->orphan_count; i++)
		page_add(lines, ROLE_WARN,
			 arena_printf(canvas->arena, "%s names a pool that is not there",
				      plan->orphans[i]));
	page_add(lines, ROLE_TITLE, "Last checks");
	page_checks_build(canvas, lines);
}
