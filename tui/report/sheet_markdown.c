/* The report as Markdown, as change tickets and pull requests show it. */
#include <string.h>

#include "core/base/text.h"
#include "tui/report/chart.h"
#include "tui/report/sheet.h"

enum { CHART_WIDTH = 80, BLOCK_LINES = 200 };

/* One line in which nothing is markup, a link or the end of a table's cell. */
static void
put(struct sheet *sheet, const char *text)
{
	struct buf clean;

	sheet_clean(&clean, text);
	for (const char *at = clean.bytes; *at != '\0'; at++) {
		if (strchr("\\`*_[]<>|&~#$", *at) != NULL)
			buf_putc(sheet->out, '\\');
		buf_putc(sheet->out, *at);
	}
	buf_release(&clean);
}

static void
markdown_begin(struct sheet *sheet, const char *title, const char *subject)
{
	buf_puts(sheet->out, "# ");
	put(sheet, title);
	buf_puts(sheet->out, "\n\n");
	put(sheet, subject);
	buf_puts(sheet->out, "\n");
}

static void
markdown_verdict(struct sheet *sheet, enum tone tone, const char *headline, const char *detail)
{
	buf_printf(sheet->out, "\n> %s **", sheet_mark(tone));
	put(sheet, headline);
	buf_puts(sheet->out, "** ");
	put(sheet, detail);
	buf_putc(sheet->out, '\n');
}

static void
markdown_section(struct sheet *sheet, const char *title)
{
	buf_puts(sheet->out, "\n## ");
	put(sheet, title);
	buf_puts(sheet->out, "\n");
}

static void
markdown_paragraph(struct sheet *sheet, enum tone tone, const char *text)
{
	bool marked = tone == TONE_WARN || tone == TONE_BAD;

	buf_printf(sheet->out, "\n%s%s", marked ? sheet_mark(tone) : "", marked ? " " : "");
	put(sheet, text);
	buf_putc(sheet->out, '\n');
}

static void
markdown_facts(struct sheet *sheet, const struct fact *facts, size_t count)
{
	buf_puts(sheet->out, "\n| | |\n|---|---|\n");
	for (size_t i = 0; i < count; i++) {
		if (*facts[i].value == '\0')
			continue;
		buf_puts(sheet->out, "| ");
		put(sheet, facts[i].name);
		buf_puts(sheet->out, " | ");
		put(sheet, facts[i].value);
		buf_puts(sheet->out, " |\n");
	}
}

static void
markdown_table(struct sheet *sheet, const struct sheet_table *table)
{
	buf_puts(sheet->out, "\n| |");
	for (size_t c = 0; c < table->columns; c++) {
		buf_putc(sheet->out, ' ');
		put(sheet, table->heads[c]);
		buf_puts(sheet->out, " |");
	}
	buf_puts(sheet->out, "\n|---|");
	for (size_t c = 0; c < table->columns; c++)
		buf_puts(sheet->out, "---|");
	buf_putc(sheet->out, '\n');
	for (size_t i = 0; i < table->count; i++) {
		buf_printf(sheet->out, "| %s |", sheet_mark(table->rows[i].tone));
		for (size_t c = 0; c < table->columns; c++) {
			buf_putc(sheet->out, ' ');
			put(sheet, table->rows[i].cells[c]);
			buf_puts(sheet->out, " |");
		}
		buf_putc(sheet->out, '\n');
	}
}

/* Backticks enough that no line of the block can end it. */
static size_t
fence_of(const char *text)
{
	size_t longest = 2, run = 0;

	for (; *text != '\0'; text++) {
		run = *text == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest + 1;
}

static void
put_block(struct sheet *sheet, const char *text, const char *language)
{
	size_t fence = fence_of(text), lines = sheet_count_lines(text), shown = 0;

	if (*text == '\0')
		return;
	buf_putc(sheet->out, '\n');
	for (size_t i = 0; i < fence; i++)
		buf_putc(sheet->out, '`');
	buf_printf(sheet->out, "%s\n", language);
	for (; *text != '\0' && shown < BLOCK_LINES; shown++) {
		size_t length = strcspn(text, "\n");

		text_clean(sheet->out, text, length);
		buf_putc(sheet->out, '\n');
		text += length + (text[length] == '\n');
	}
	for (size_t i = 0; i < fence; i++)
		buf_putc(sheet->out, '`');
	buf_putc(sheet->out, '\n');
	if (lines > shown)
		buf_printf(sheet->out, "\n%zu more lines: `poolshift report -o html` has them.\n",
			   lines - shown);
}

static void
markdown_entry(struct sheet *sheet, const struct entry *entry)
{
	bool first = true;

	buf_printf(sheet->out, "\n### %s ", sheet_mark(entry->tone));
	put(sheet, entry->title);
	if (*entry->badge != '\0')
		buf_puts(sheet->out, ": ");
	put(sheet, entry->badge);
	buf_puts(sheet->out, "\n");
	if (*entry->meta != '\0') {
		buf_putc(sheet->out, '\n');
		put(sheet, entry->meta);
		buf_putc(sheet->out, '\n');
	}
	put_block(sheet, entry->lines, "text");
	for (size_t i = 0; i < entry->fact_count; i++) {
		if (*entry->facts[i].value == '\0')
			continue;
		buf_puts(sheet->out, first ? "\n- **" : "- **");
		put(sheet, entry->facts[i].name);
		buf_puts(sheet->out, "** ");
		put(sheet, entry->facts[i].value);
		buf_putc(sheet->out, '\n');
		first = false;
	}
	put_block(sheet, entry->block, entry->diff ? "diff" : "yaml");
}

static void
markdown_share(struct sheet *sheet, const struct record_share *share)
{
	struct buf drawing;

	buf_init(&drawing, 64 * BUF_KIB);
	chart_blocks(&drawing, share, CHART_WIDTH, 0);
	buf_puts(sheet->out, "\n**");
	put(sheet, share->pair);
	buf_printf(sheet->out, "**\n\n```text\n%s```\n", drawing.bytes);
	buf_release(&drawing);
}

static void
markdown_end(struct sheet *sheet)
{
	(void)sheet;
}

const struct form form_markdown = {
	.begin = markdown_begin,
	.verdict = markdown_verdict,
	.section = markdown_section,
	.paragraph = markdown_paragraph,
	.facts = markdown_facts,
	.table = markdown_table,
	.entry = markdown_entry,
	.share = markdown_share,
	.end = markdown_end,
};
