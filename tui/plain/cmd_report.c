#include "core/base/clock.h"
#include "tui/plain/command_row.h"
#include "tui/plain/follow.h"
#include "tui/plain/journal_file.h"
#include "tui/plain/page.h"

/* What a form of the report puts around a heading and a line; no cell of it is left unescaped. */
struct form {
	const char *start, *heading, *heading_end, *item, *item_end, *end;
	bool html, markdown;
};

static const struct form forms[] = {
	[OUTPUT_TEXT] = { "", "\n", "\n", "  ", "", "", false, false },
	[OUTPUT_MARKDOWN] = { "", "\n## ", "\n\n", "- ", "\n", "", false, true },
	[OUTPUT_HTML] = { "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>Change "
			  "record</title>\n",
			  "<h2>", "</h2>\n", "<p>", "</p>\n", "", true, false },
};

static void
put_escaped(struct buf *page, const struct form *form, const char *text)
{
	for (; *text != '\0'; text++) {
		if (form->html && *text == '<')
			buf_puts(page, "&lt;");
		else if (form->html && *text == '>')
			buf_puts(page, "&gt;");
		else if (form->html && *text == '&')
			buf_puts(page, "&amp;");
		else if (*text == '\n')
			buf_putc(page, ' ');
		else if (form->markdown && (*text == '*' || *text == '_' || *text == '`' ||
					    *text == '<' || *text == '[' || *text == '\\'))
			buf_printf(page, "\\%c", *text);
		else
			buf_putc(page, *text);
	}
}

static void
heading(struct buf *page, const struct form *form, const char *text)
{
	buf_puts(page, form->heading);
	put_escaped(page, form, text);
	buf_puts(page, form->heading_end);
}

static void __attribute__((format(printf, 3, 4)))
item(struct buf *page, const struct form *form, const char *format, ...)
{
	struct buf text;
	va_list args;

	buf_init(&text, 64 * BUF_KIB);
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	buf_puts(page, form->item);
	if (form->html || form->markdown) {
		put_escaped(page, form, text.bytes);
		buf_puts(page, form->item_end);
	} else {
		page_wrap(page, text.bytes, 2, 4, page_width());
	}
	buf_release(&text);
}

static void
report_steps(struct buf *page, const struct form *form, const struct plan *plan)
{
	char why[ERR_TEXT_MAX];

	heading(page, form, "Steps");
	for (size_t i = 0; i < plan->step_count; i++)
		item(page, form, "%s %s%s%s", step_name(plan->steps[i].id),
		     step_state_name(plan->steps[i].status.state),
		     *step_status_text(&plan->steps[i].status, why, sizeof why) != '\0' ? ": " : "",
		     why);
	if (plan->pair_count > 0)
		heading(page, form, "Pools");
	for (size_t i = 0; i < plan->pair_count; i++)
		item(page, form, "%s/%s → %s/%s", plan->pairs[i].ns, plan->pairs[i].alpha,
		     plan->pairs[i].ns, plan->pairs[i].ga);
}

static void
report(struct buf *page, const struct form *form, const struct snapshot *snapshot)
{
	const struct plan *plan = &snapshot->plan;
	char time[CLOCK_RFC3339_MAX];

	buf_puts(page, form->start);
	heading(page, form, "Change record");
	clock_rfc3339(snapshot->wall, false, time);
	item(page, form, "%s, context %s, %s, by %s", time, snapshot->link.context,
	     snapshot->link.server,
	     *snapshot->server.user != '\0' ? snapshot->server.user : snapshot->link.user);
	report_steps(page, form, plan);
	if (snapshot->journal_count > 0)
		heading(page, form, "Writes");
	for (size_t i = 0; i < snapshot->journal_count; i++) {
		const struct journal_line *line = &snapshot->journal[i];
		clock_rfc3339(line->wall, false, time);
		item(page, form, "%s %s%s%s%s", time, line->text, line->undone ? ", undone" : "",
		     *line->reason != '\0' ? ", reason: " : "", line->reason);
	}
	if (snapshot->verification.ran)
		heading(page, form, "Checks");
	for (size_t i = 0; i < snapshot->verification.check_count; i++) {
		const struct check *check = &snapshot->verification.checks[i];
		item(page, form, "%s %s: %s. %s", check->name, check->object,
		     check->ok ? "ok" : "failed", check->detail);
	}
	if (plan->loss_count > 0)
		heading(page, form, "Not carried over");
	for (size_t i = 0; i < plan->loss_count; i++)
		item(page, form, "%s %s = %s: %s %s", plan->losses[i].object, plan->losses[i].field,
		     plan->losses[i].value, plan->losses[i].why, plan->losses[i].instead);
	buf_puts(page, form->end);
}

int
cmd_report(struct options *options)
{
	struct follow follow;
	struct buf page;
	struct err err = { .code = ERR_NONE };
	int code;

	options->settings.whole_journal = true;
	code = follow_open(&follow, options);

	buf_init(&page, PAGE_CAP);
	if (code != 0)
		goto out;
	code = 1;
	if (options->output != OUTPUT_JSON) {
		report(&page, &forms[options->output], follow.snapshot);
	} else if (!journal_file_add(&page, follow.snapshot, &err)) {
		page_say("poolshift: %s", err.text);
		goto out;
	}
	code = page_print(&page, stdout);
out:
	buf_release(&page);
	follow_close(&follow);
	return code;
}
