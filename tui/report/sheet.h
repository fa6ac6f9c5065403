/* sheet - a document written part by part, in the form its reader wants: text, Markdown or HTML.
 *
 * A form is a table of functions, one for each part a document may have; what stands in the
 * document is decided by report.c alone. Every text given passes text_clean() and the form's own
 * escaping: names from the cluster and reasons may hold anything. One thread; no I/O.
 */
#ifndef REPORT_SHEET_H
#define REPORT_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "core/migrate/record.h"

enum tone { TONE_PLAIN, TONE_GOOD, TONE_WARN, TONE_BAD, TONE_FAINT, TONE_COUNT };

struct fact {
	const char *name, *value; /* one line; a fact whose value is "" is left out */
};

#define SHEET_CELLS 5

struct sheet_row {
	enum tone tone;
	const char *cells[SHEET_CELLS];
};

struct sheet_table {
	const char *heads[SHEET_CELLS];
	size_t columns;
	const struct sheet_row *rows;
	size_t count;
};

struct entry { /* something with a heading and what belongs to it */
	enum tone tone;
	const char *title, *badge; /* badge: "done"; "" */
	const char *meta;          /* a line in small print; "" */
	const char *lines;         /* as they are, LF between; "" */
	const struct fact *facts;
	size_t fact_count;
	const char *block; /* a diff, or YAML to copy; LF between; "" */
	bool diff;
};

struct sheet;

struct form {
	void (*begin)(struct sheet *sheet, const char *title, const char *subject);
	void (*verdict)(struct sheet *sheet, enum tone tone, const char *headline,
			const char *detail);
	void (*section)(struct sheet *sheet, const char *title);
	void (*paragraph)(struct sheet *sheet, enum tone tone, const char *text);
	void (*facts)(struct sheet *sheet, const struct fact *facts, size_t count);
	void (*table)(struct sheet *sheet, const struct sheet_table *table);
	void (*entry)(struct sheet *sheet, const struct entry *entry);
	void (*share)(struct sheet *sheet, const struct record_share *share);
	void (*end)(struct sheet *sheet);
};

struct sheet {
	const struct form *form;
	struct buf *out;
	int width; /* cells a line of text may have */
};

extern const struct form form_text, form_markdown, form_html;

/* "✓", "✗", "!", "–", "·": colour never carries alone. */
const char *sheet_mark(enum tone tone);
/* Clean, in one line; release it. */
void sheet_clean(struct buf *clean, const char *text);
/* Lines of a text with LF. */
size_t sheet_count_lines(const char *text);

#endif
