/* Journal, details, checks and report: what was done, what is, what was found, what is lost. */
#include <string.h>

#include "core/migrate/step.h"
#include "tui/screen/page.h"
#include "tui/screen/words.h"

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

void
page_report_build(const struct canvas *canvas, struct page_lines *lines)
{
	if (canvas->ui->report == NULL) {
		/* No journal is open yet to tell it from. */
		page_add(lines, ROLE_TITLE, "Last checks");
		page_checks_build(canvas, lines);
		page_add(lines, ROLE_TEXT, "");
		page_plan_build(canvas, lines);
		return;
	}
	page_in_the_way(canvas, lines);
	add_report(canvas, lines);
}
