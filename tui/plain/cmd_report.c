#include "tui/plain/cmd.h"
#include "tui/plain/follow.h"
#include "tui/plain/journal_file.h"
#include "tui/plain/page.h"
#include "tui/report/report.h"

static bool
report_put(struct buf *page, const struct follow *follow, const struct options *options,
	   const struct record *record, struct err *err)
{
	static const enum report_form forms[] = {
		[OUTPUT_TEXT] = REPORT_TEXT,
		[OUTPUT_MARKDOWN] = REPORT_MARKDOWN,
		[OUTPUT_HTML] = REPORT_HTML,
	};
	const struct report_input input = {
		.snapshot = follow->snapshot,
		.settings = &options->settings,
		.record = record,
		.program = PACKAGE_STRING,
	};

	if (options->output == OUTPUT_JSON)
		return journal_file_add(page, follow->snapshot, err);
	/* A page that is cut is noticed when it is printed. */
	report_print(&input, forms[options->output], page_width(), page);
	return true;
}

int
cmd_report(struct options *options)
{
	struct follow follow;
	struct record *record = NULL;
	struct buf page;
	struct err err = { .code = ERR_NONE };
	int code = follow_open(&follow, options);

	buf_init(&page, PAGE_CAP);
	if (code != 0)
		goto out;
	record = record_new(follow.snapshot->journal_path, RECORD_WHOLE);
	code = 1;
	if (!report_put(&page, &follow, options, record, &err)) {
		page_say("poolshift: %s", err.text);
		goto out;
	}
	code = page_print(&page, stdout);
	/* What could be read is told; that it is not all is a failure. */
	if (*record->damage != '\0') {
		page_say("poolshift: %s", record->damage);
		code = 1;
	}
out:
	record_free(record);
	buf_release(&page);
	follow_close(&follow);
	return code;
}
