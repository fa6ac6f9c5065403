/* The report as text for a terminal: headings at the margin, everything else indented. */
#include <string.h>

#include "core/base/text.h"
#include "core/base/wrap.h"
#include "tui/report/chart.h"
#include "tui/report/sheet.h"

enum { INDENT = 2, DEEP = 6, NAME_MOST = 22, ROOM = 24, BLOCK_LINES = 40 };

static void
put_words(struct sheet *sheet, const char *text, int at, int indent)
{
	struct buf clean;

	sheet_clean(&clean, text);
	wrap_words(sheet->out, clean.bytes, at, indent, sheet->width);
	buf_release(&clean);
}

static void
text_begin(struct sheet *sheet, const char *title, const char *subject)
{
	put_words(sheet, title, 0, INDENT);
	buf_puts(sheet->out, "  ");
	put_words(sheet, subject, INDENT, INDENT);
}

static void
text_section(struct sheet *sheet, const char *title)
{
	buf_putc(sheet->out, '\n');
	put_words(sheet, title, 0, INDENT);
}

static void
text_verdict(struct sheet *sheet, enum tone tone, const char *headline, const char *detail)
{
	text_section(sheet, "Verdict");
	buf_printf(sheet->out, "  %s ", sheet_mark(tone));
	put_words(sheet, headline, 4, 4);
	if (*detail == '\0')
		return;
	buf_puts(sheet->out, "    ");
	put_words(sheet, detail, 4, 4);
}

static void
text_paragraph(struct sheet *sheet, enum tone tone, const char *text)
{
	bool marked = tone == TONE_WARN || tone == TONE_BAD;

	buf_printf(sheet->out, "  %s%s", marked ? sheet_mark(tone) : "", marked ? " " : "");
	put_words(sheet, text, marked ? 4 : INDENT, marked ? 4 : INDENT);
}

/* Clean `text` and blanks up to `width` cells. */
static int
put_cell(struct buf *out, const char *text, int width)
{
	struct buf clean;
	int cells;

	sheet_clean(&clean, text);
	cells = text_width(clean.bytes);
	buf_puts(out, clean.bytes);
	if (cells < width)
		buf_printf(out, "%*s", width - cells, "");
	buf_release(&clean);
	return cells < width ? width : cells;
}

static int
width_of(const char *text)
{
	struct buf clean;
	int cells;

	sheet_clean(&clean, text);
	cells = text_width(clean.bytes);
	buf_release(&clean);
	return cells;
}

static void
put_facts(struct sheet *sheet, const struct fact *facts, size_t count, int indent)
{
	int widest = 0;

	for (size_t i = 0; i < count; i++)
		if (*facts[i].value != '\0' && width_of(facts[i].name) > widest)
			widest = width_of(facts[i].name);
	widest = widest > NAME_MOST ? NAME_MOST : widest;
	for (size_t i = 0; i < count; i++) {
		if (*facts[i].value == '\0')
			continue;
		buf_printf(sheet->out, "%*s", indent, "");
		int at = indent + put_cell(sheet->out, facts[i].name, widest) + 2;
		buf_puts(sheet->out, "  ");
		put_words(sheet, facts[i].value, at, indent + widest + 2);
	}
}

static void
text_facts(struct sheet *sheet, const struct fact *facts, size_t count)
{
	put_facts(sheet, facts, count, INDENT);
}

static void
trim(struct buf *out)
{
	while (out->length > 0 && out->bytes[out->length - 1] == ' ')
		out->bytes[--out->length] = '\0';
}

static void
text_table(struct sheet *sheet, const struct sheet_table *table)
{
	int widths[SHEET_CELLS] = { 0 };

	for (size_t i = 0; i < table->count; i++)
		for (size_t c = 0; c < table->columns; c++) {
			int width = width_of(table->rows[i].cells[c]);
			widths[c] = width > widths[c] ? width : widths[c];
		}
	for (size_t i = 0; i < table->count; i++) {
		const struct sheet_row *row = &table->rows[i];
		int at = 4, indent;

		buf_printf(sheet->out, "  %s ", sheet_mark(row->tone));
		for (size_t c = 0; c + 1 < table->columns; c++)
			at += put_cell(sheet->out, row->cells[c], widths[c] + 2);
		indent = at + ROOM > sheet->width ? DEEP : at;
		if (indent != at || *row->cells[table->columns - 1] == '\0')
			trim(sheet->out);
		if (indent != at && *row->cells[table->columns - 1] != '\0')
			buf_printf(sheet->out, "\n%*s", indent, "");
		put_words(sheet, row->cells[table->columns - 1], indent, indent);
	}
}

/* Each line as it is, at most `most` of them. */
static void
put_lines(struct sheet *sheet, const char *text, int indent, size_t most)
{
	size_t lines = sheet_count_lines(text);

	/* What would be left out takes a line to say so. */
	most = lines <= most + 1 ? lines : most;
	for (size_t i = 0; i < most; i++) {
		size_t length = strcspn(text, "\n");

		buf_printf(sheet->out, "%*s", length > 0 ? indent : 0, "");
		text_clean(sheet->out, text, length);
		buf_putc(sheet->out, '\n');
		text += length + (text[length] == '\n');
	}
	if (lines > most)
		buf_printf(sheet->out,
			   "%*s… %zu more lines; `poolshift report -o html` has all of them\n",
			   indent, "", lines - most);
}

static void
text_entry(struct sheet *sheet, const struct entry *entry)
{
	buf_printf(sheet->out, "  %s ", sheet_mark(entry->tone));
	if (*entry->badge == '\0') {
		put_words(sheet, entry->title, 4, 4);
	} else {
		struct buf both;
		buf_init(&both, 64 * BUF_KIB);
		buf_printf(&both, "%s: %s", entry->title, entry->badge);
		put_words(sheet, both.bytes, 4, 4);
		buf_release(&both);
	}
	if (*entry->meta != '\0') {
		buf_puts(sheet->out, "    ");
		put_words(sheet, entry->meta, 4, 4);
	}
	put_lines(sheet, entry->lines, DEEP, BLOCK_LINES);
	put_facts(sheet, entry->facts, entry->fact_count, 4);
	put_lines(sheet, entry->block, DEEP, BLOCK_LINES);
}

static void
text_share(struct sheet *sheet, const struct record_share *share)
{
	buf_puts(sheet->out, "  ");
	put_words(sheet, share->pair, INDENT, INDENT);
	chart_blocks(sheet->out, share, sheet->width, INDENT);
}

static void
text_end(struct sheet *sheet)
{
	(void)sheet;
}

const struct form form_text = {
	.begin = text_begin,
	.verdict = text_verdict,
	.section = text_section,
	.paragraph = text_paragraph,
	.facts = text_facts,
	.table = text_table,
	.entry = text_entry,
	.share = text_share,
	.end = text_end,
};
