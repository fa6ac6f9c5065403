#include "core/base/clock.h"
#include "core/migrate/record.h"
#include "tui/plain/cmd.h"
#include "tui/plain/follow.h"
#include "tui/plain/journal_file.h"
#include "tui/plain/page.h"

static void
journal_text(struct buf *page, const struct record *record, bool kubectl)
{
	char time[CLOCK_RFC3339_MAX];

	if (record->write_count == 0)
		page_say("Nothing was written yet.");
	for (size_t i = 0; i < record->write_count; i++) {
		const struct record_write *write = &record->writes[i];

		if (kubectl && (write->end != JOURNAL_DONE || write->dry_run))
			continue;
		if (kubectl) {
			buf_printf(page, "%s\n", write->kubectl);
			continue;
		}
		clock_rfc3339(write->wall, false, time);
		buf_printf(page, "%s  %s%s%s%s\n", time, write->line,
			   write->undone ? ", undone" : "",
			   *write->reason != '\0' ? ", reason: " : "", write->reason);
	}
}

/* Whether the file is as it was written; the sentence goes to stdout when it is. */
static bool
journal_verify(struct buf *page, const char *path, struct err *err)
{
	struct journal_state state;

	if (!journal_examine(path, &state, err))
		return err->code == ERR_MISSING && buf_puts(page, "No journal was written yet.\n");
	buf_printf(page, "%s is whole: %zu lines, each with the sum of the one before.\n", path,
		   state.lines);
	if (state.torn)
		buf_puts(page,
			 "What follows the last of them is incomplete, as when the program is "
			 "stopped while it writes; it is left out.\n");
	return true;
}

static bool
journal_put(struct buf *page, const char *path, const struct options *options,
	    const struct snapshot *snapshot, struct err *err)
{
	struct record *record;

	if (options->verify_journal)
		return journal_verify(page, path, err);
	record = record_new(path, RECORD_LINES);
	/* Not the end of it: what can be read is printed. */
	if (*record->damage != '\0')
		err_set(err, ERR_INPUT, "%s", record->damage);
	if (options->output != OUTPUT_JSON)
		journal_text(page, record, options->kubectl);
	record_free(record);
	return options->output != OUTPUT_JSON || journal_file_add(page, snapshot, err);
}

int
cmd_journal(struct options *options)
{
	struct follow follow;
	struct buf page;
	struct err err = { .code = ERR_NONE };
	int code = follow_open(&follow, options);

	buf_init(&page, PAGE_CAP);
	if (code != 0)
		goto out;
	bool put =
		journal_put(&page, follow.snapshot->journal_path, options, follow.snapshot, &err);
	code = put ? page_print(&page, stdout) : 1;
	if (!put || err.code == ERR_INPUT) {
		page_say("poolshift: %s", err.text);
		code = 1;
	}
out:
	buf_release(&page);
	follow_close(&follow);
	return code;
}
