#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/migrate/journal.h"
#include "tui/plain/command_row.h"
#include "tui/plain/follow.h"
#include "tui/plain/journal_file.h"
#include "tui/plain/page.h"

static void
journal_text(struct buf *page, const struct snapshot *snapshot, bool kubectl)
{
	char time[CLOCK_RFC3339_MAX];

	for (size_t i = 0; i < snapshot->journal_count; i++) {
		const struct journal_line *line = &snapshot->journal[i];
		if (kubectl && (!line->ok || line->dry_run))
			continue;
		if (kubectl) {
			buf_printf(page, "%s\n", line->kubectl);
			continue;
		}
		clock_rfc3339(line->wall, false, time);
		buf_printf(page, "%s  %s%s%s%s\n", time, line->text, line->undone ? ", undone" : "",
			   *line->reason != '\0' ? ", reason: " : "", line->reason);
	}
}

static bool
journal_put(struct buf *page, const struct snapshot *snapshot, const struct options *options,
	    struct err *err)
{
	if (options->verify_journal) {
		if (!file_exists(snapshot->journal_path))
			return buf_puts(page, "No journal was written yet.\n");
		if (!journal_check(snapshot->journal_path, err))
			return false;
		return buf_printf(page, "%s is whole.\n", snapshot->journal_path);
	}
	if (options->output == OUTPUT_JSON)
		return journal_file_add(page, snapshot, err);
	if (snapshot->journal_count == 0)
		page_say("Nothing was written yet.");
	journal_text(page, snapshot, options->kubectl);
	return true;
}

int
cmd_journal(struct options *options)
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
	if (*follow.snapshot->journal_trouble != '\0')
		page_say("poolshift: %s", follow.snapshot->journal_trouble);
	code = 1;
	if (!journal_put(&page, follow.snapshot, options, &err)) {
		page_say("poolshift: %s", err.text);
		goto out;
	}
	code = page_print(&page, stdout);
out:
	buf_release(&page);
	follow_close(&follow);
	return code;
}
