/* report - the change record as a document to attach to a ticket: text, Markdown or a page of
 * HTML.
 *
 * Told from the journal and the cluster alone, so that it says the same after the last alpha
 * object is gone; where the journal is missing or damaged it says what cannot be known. Pure;
 * the record and the snapshot are borrowed for the call.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/migrate/record.h"
#include "core/model/settings.h"
#include "core/model/snapshot.h"

enum report_form { REPORT_TEXT, REPORT_MARKDOWN, REPORT_HTML };

/* What is reported and from where; all borrowed. */
struct report_input {
	const struct snapshot *snapshot;
	const struct settings *settings;
	const struct record *record; /* RECORD_WHOLE */
	const char *program;         /* "poolshift 0.1.0" */
};

/* `width`: cells of a line of text. False when `out` is full. */
bool
report_print(const struct report_input *input, enum report_form form, int width, struct buf *out);
/* Writes report-TIME.html and report-TIME.md beside the journal, 0600; `path` gets the first of
 * them. */
bool report_save(const struct report_input *input, const char *folder, struct buf *path,
		 struct err *err);

/* Both for the console: the text in `text`, its lines `width` cells wide, and the files in the
 * state folder of the settings. False when they could not be written: the text stands all the
 * same. */
bool report_show(const struct snapshot *snapshot, const struct settings *settings, int width,
		 struct buf *text, struct buf *path, struct err *err);

#endif
