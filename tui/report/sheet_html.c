/* The report as one page of HTML: no script, nothing fetched, its style inside. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/embed.h"
#include "core/base/text.h"
#include "tui/report/chart.h"
#include "tui/report/chart_svg.h"
#include "tui/report/sheet.h"

enum { BLOCK_LINES = 60 /* longer ones are folded */ };

extern const struct embed_file report_style_files[];

static const char *const classes[TONE_COUNT] = {
	[TONE_PLAIN] = "plain", [TONE_GOOD] = "good",   [TONE_WARN] = "warn",
	[TONE_BAD] = "bad",     [TONE_FAINT] = "faint",
};

static void
put_escaped(struct buf *out, const char *text, size_t length)
{
	static const struct {
		char c;
		const char *entity;
	} entities[] = {
		{ '<', "&lt;" },   { '>', "&gt;" },   { '&', "&amp;" },
		{ '"', "&quot;" }, { '\'', "&#39;" },
	};

	for (size_t i = 0; i < length; i++) {
		const char *entity = NULL;

		for (size_t e = 0; e < sizeof(entities) / sizeof(entities[0]); e++)
			if (entities[e].c == text[i])
				entity = entities[e].entity;
		if (entity != NULL)
			buf_puts(out, entity);
		else
			buf_putc(out, text[i]);
	}
}

static void
put(struct sheet *sheet, const char *text)
{
	struct buf clean;

	sheet_clean(&clean, text);
	put_escaped(sheet->out, clean.bytes, clean.length);
	buf_release(&clean);
}

/* `before` and `after` are ours, the text between is not. */
static void
put_in(struct sheet *sheet, const char *before, const char *text, const char *after)
{
	buf_puts(sheet->out, before);
	put(sheet, text);
	buf_puts(sheet->out, after);
}

static void
html_begin(struct sheet *sheet, const char *title, const char *subject)
{
	buf_puts(sheet->out,
		 "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		 "<meta name=\"color-scheme\" content=\"light dark\">\n"
		 "<meta http-equiv=\"Content-Security-Policy\" "
		 "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
	put_in(sheet, "<title>", title, ": ");
	put_in(sheet, "", subject, "</title>\n<style>\n");
	buf_puts(sheet->out, report_style_files[0].bytes);
	put_in(sheet, "</style>\n</head>\n<body>\n<main>\n<header>\n<h1>", title, "</h1>\n");
	put_in(sheet, "<p>", subject, "</p>\n</header>\n");
}

static void
html_verdict(struct sheet *sheet, enum tone tone, const char *headline, const char *detail)
{
	buf_printf(sheet->out, "<section class=\"verdict %s\">\n<strong>%s ", classes[tone],
		   sheet_mark(tone));
	put_in(sheet, "", headline, "</strong>\n");
	put_in(sheet, "<p>", detail, "</p>\n</section>\n");
}

static void
html_section(struct sheet *sheet, const char *title)
{
	put_in(sheet, "<h2>", title, "</h2>\n");
}

static void
html_paragraph(struct sheet *sheet, enum tone tone, const char *text)
{
	bool marked = tone == TONE_WARN || tone == TONE_BAD;

	buf_printf(sheet->out, "<p class=\"%s\">%s%s", classes[tone],
		   marked ? sheet_mark(tone) : "", marked ? " " : "");
	put_in(sheet, "", text, "</p>\n");
}

static void
put_facts(struct sheet *sheet, const struct fact *facts, size_t count)
{
	buf_puts(sheet->out, "<dl>\n");
	for (size_t i = 0; i < count; i++) {
		if (*facts[i].value == '\0')
			continue;
		put_in(sheet, "<dt>", facts[i].name, "</dt>");
		put_in(sheet, "<dd>", facts[i].value, "</dd>\n");
	}
	buf_puts(sheet->out, "</dl>\n");
}

static void
html_facts(struct sheet *sheet, const struct fact *facts, size_t count)
{
	buf_puts(sheet->out, "<div class=\"card\">\n");
	put_facts(sheet, facts, count);
	buf_puts(sheet->out, "</div>\n");
}

static void
html_table(struct sheet *sheet, const struct sheet_table *table)
{
	buf_puts(sheet->out, "<div class=\"card\"><table>\n<thead><tr><th></th>");
	for (size_t c = 0; c < table->columns; c++)
		put_in(sheet, "<th>", table->heads[c], "</th>");
	buf_puts(sheet->out, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < table->count; i++) {
		const struct sheet_row *row = &table->rows[i];

		buf_printf(sheet->out, "<tr><td class=\"mark %s\">%s</td>", classes[row->tone],
			   sheet_mark(row->tone));
		for (size_t c = 0; c < table->columns; c++)
			put_in(sheet, "<td>", row->cells[c], "</td>");
		buf_puts(sheet->out, "</tr>\n");
	}
	buf_puts(sheet->out, "</tbody>\n</table></div>\n");
}

static void
put_line(struct buf *out, const char *line, size_t length, bool diff)
{
	struct buf clean;
	const char *tag = !diff            ? NULL
			  : line[0] == '+' ? "ins"
			  : line[0] == '-' ? "del"
			  : line[0] == '@' ? "i"
					   : NULL;

	buf_init(&clean, BUF_MIB);
	text_clean(&clean, line, length);
	if (tag != NULL)
		buf_printf(out, "<%s>", tag);
	put_escaped(out, clean.bytes, clean.length);
	/* What is a block ends its line itself. */
	if (tag != NULL)
		buf_printf(out, "</%s>", tag);
	if (tag == NULL || strcmp(tag, "i") == 0)
		buf_putc(out, '\n');
	buf_release(&clean);
}

static void
put_block(struct sheet *sheet, const char *text, const char *class, bool diff)
{
	size_t lines = sheet_count_lines(text);
	bool fold = lines > BLOCK_LINES;

	if (lines == 0)
		return;
	if (fold)
		buf_printf(sheet->out, "<details><summary>%zu lines%s</summary>", lines,
			   diff ? " of difference" : "");
	buf_printf(sheet->out, "<pre class=\"%s\">", class);
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		put_line(sheet->out, text, length, diff);
		text += length + (text[length] == '\n');
	}
	buf_printf(sheet->out, "</pre>%s\n", fold ? "</details>" : "");
}

static void
html_entry(struct sheet *sheet, const struct entry *entry)
{
	buf_printf(sheet->out,
		   "<article class=\"card entry\">\n<h3><span class=\"%s\">%s</span><span>",
		   classes[entry->tone], sheet_mark(entry->tone));
	put_in(sheet, "", entry->title, "</span>");
	if (*entry->badge != '\0') {
		buf_printf(sheet->out, "<span class=\"badge %s\">", classes[entry->tone]);
		put_in(sheet, "", entry->badge, "</span>");
	}
	buf_puts(sheet->out, "</h3>\n");
	if (*entry->meta != '\0')
		put_in(sheet, "<p class=\"meta\">", entry->meta, "</p>\n");
	put_block(sheet, entry->lines, "lines", false);
	if (entry->fact_count > 0)
		put_facts(sheet, entry->facts, entry->fact_count);
	put_block(sheet, entry->block, entry->diff ? "diff" : "yaml", entry->diff);
	buf_puts(sheet->out, "</article>\n");
}

static void
html_share(struct sheet *sheet, const struct record_share *share)
{
	char from[CLOCK_RFC3339_MAX], to[CLOCK_RFC3339_MAX];
	bool gap = false;

	for (size_t i = 0; i < share->count; i++)
		gap |= share->points[i].ppm == PPM_UNKNOWN;
	clock_rfc3339(share->points[0].wall, false, from);
	clock_rfc3339(share->points[share->count - 1].wall, false, to);
	put_in(sheet, "<figure class=\"card\">\n<figcaption><b>", share->pair, "</b>");
	buf_printf(sheet->out,
		   "<span class=\"alpha\">α</span><span class=\"ga\">GA</span>%s"
		   "</figcaption>\n",
		   gap ? "<span class=\"gap\">no pool</span>" : "");
	chart_svg(sheet->out, share);
	buf_printf(sheet->out, "<p class=\"meta\">%s to %s, times in UTC</p>\n</figure>\n", from,
		   to);
}

static void
html_end(struct sheet *sheet)
{
	buf_puts(sheet->out, "</main>\n</body>\n</html>\n");
}

const struct form form_html = {
	.begin = html_begin,
	.verdict = html_verdict,
	.section = html_section,
	.paragraph = html_paragraph,
	.facts = html_facts,
	.table = html_table,
	.entry = html_entry,
	.share = html_share,
	.end = html_end,
};
