/* The report as files beside the journal. */
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "tui/report/report.h"

#define REPORT_MAX (64 * BUF_MIB)

/* "report-20261123T140211Z", so that the newest sorts last. */
static void
name_of(int64_t wall, struct buf *name)
{
	char time[CLOCK_RFC3339_MAX];

	clock_rfc3339(wall, false, time);
	buf_puts(name, "report-");
	for (const char *at = time; *at != '\0'; at++)
		if (*at != '-' && *at != ':')
			buf_putc(name, *at);
}

bool
report_save(const struct report_input *input, const char *folder, struct buf *path, struct err *err)
{
	static const struct {
		enum report_form form;
		const char *suffix;
	} files[] = { { REPORT_MARKDOWN, ".md" }, { REPORT_HTML, ".html" } };
	struct buf text;
	bool saved = file_make_folder(folder, err);

	buf_init(&text, REPORT_MAX);
	for (size_t i = 0; saved && i < sizeof(files) / sizeof(files[0]); i++) {
		buf_clear(&text);
		buf_clear(path);
		buf_printf(path, "%s/", folder);
		name_of(input->snapshot->wall, path);
		buf_puts(path, files[i].suffix);
		saved = (report_print(input, files[i].form, 0, &text) && !path->full) ||
			err_set(err, ERR_SYSTEM, "The report is too long to be saved.");
		saved = saved && file_write(path->bytes, text.bytes, text.length, err);
	}
	buf_release(&text);
	return saved;
}

bool
report_show(const struct snapshot *snapshot, const struct settings *settings, int width,
	    struct buf *text, struct buf *path, struct err *err)
{
	struct record *record = record_new(snapshot->journal_path, RECORD_WHOLE);
	const struct report_input input = {
		.snapshot = snapshot,
		.settings = settings,
		.record = record,
		.program = PACKAGE_STRING,
	};
	bool saved;

	report_print(&input, REPORT_TEXT, width, text);
	saved = report_save(&input, settings->state_folder, path, err);
	record_free(record);
	return saved;
}
