#include "tui/plain/page.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/base/wrap.h"

enum { COLUMNS = 12, GAP = 2, WIDTH = 80, WIDEST = 100, ROOM = 24 };

void
page_cell(struct buf *rows, const char *format, ...)
{
	struct buf raw;
	va_list args;

	buf_init(&raw, 64 * BUF_KIB);
	va_start(args, format);
	buf_vprintf(&raw, format, args);
	va_end(args);
	text_clean(rows, raw.bytes, raw.length);
	buf_putc(rows, '\t');
	buf_release(&raw);
}

void
page_end_row(struct buf *rows)
{
	buf_putc(rows, '\n');
}

static int
cell_width(const char *cell, size_t length)
{
	struct buf text;

	buf_init(&text, 64 * BUF_KIB);
	buf_add(&text, cell, length);
	int width = text_width(text.bytes);
	buf_release(&text);
	return width;
}

static void
measure(const char *rows, int widths[COLUMNS])
{
	int column = 0;

	while (*rows != '\0') {
		if (*rows == '\n') {
			column = 0;
			rows++;
			continue;
		}
		size_t length = strcspn(rows, "\t");
		int width = cell_width(rows, length);
		if (column < COLUMNS && width > widths[column])
			widths[column] = width;
		column++;
		rows += length + (rows[length] == '\t');
	}
}

int
page_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return WIDTH;
	return size.ws_col < WIDEST ? size.ws_col : WIDEST;
}

/* The last cell of a row that begins at cell `at`, with the end of its line. */
static void
put_last(struct buf *out, const char *cell, size_t length, int at)
{
	struct buf text;
	int width = page_width();

	buf_init(&text, 64 * BUF_KIB);
	buf_add(&text, cell, length);
	if (at + text_width(text.bytes) > width && at + ROOM <= width) {
		wrap_words(out, text.bytes, at, at, width);
	} else {
		buf_puts(out, text.bytes);
		buf_putc(out, '\n');
	}
	buf_release(&text);
}

void
page_table(struct buf *out, struct buf *rows)
{
	int widths[COLUMNS] = { 0 };
	int column = 0, cell = 0;

	measure(rows->bytes, widths);
	for (const char *at = rows->bytes; *at != '\0';) {
		size_t length = strcspn(at, "\t");
		bool last = at[length] == '\0' || at[length + 1] == '\n';

		if (last) {
			put_last(out, at, length, cell);
			at += length + (at[length] == '\t') + (at[length] == '\t');
			column = cell = 0;
			continue;
		}
		buf_add(out, at, length);
		int wide = (column < COLUMNS ? widths[column] : cell_width(at, length)) + GAP;
		buf_printf(out, "%*s", wide - cell_width(at, length), "");
		cell += wide;
		column++;
		at += length + 1;
	}
	buf_clear(rows);
}

void
page_indent(struct buf *out, const char *text, int indent)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		buf_printf(out, "%*s", indent, "");
		buf_add(out, text, length);
		buf_putc(out, '\n');
		text += length + (text[length] == '\n');
	}
}

int
page_print(const struct buf *page, FILE *stream)
{
	struct buf clean;

	buf_init(&clean, 3 * PAGE_CAP);
	text_clean_lines(&clean, page->bytes, page->length);
	bool whole = fwrite(clean.bytes, 1, clean.length, stream) == clean.length;
	whole = fflush(stream) == 0 && whole;
	buf_release(&clean);
	if (whole && !page->full)
		return 0;
	fputs("poolshift: The output could not be written whole.\n", stderr);
	return 1;
}

void
page_say(const char *format, ...)
{
	struct buf raw, clean;
	va_list args;

	buf_init(&raw, 64 * BUF_KIB);
	buf_init(&clean, 256 * BUF_KIB);
	va_start(args, format);
	buf_vprintf(&raw, format, args);
	va_end(args);
	text_clean_lines(&clean, raw.bytes, raw.length);
	fprintf(stderr, "%s\n", clean.bytes);
	buf_release(&raw);
	buf_release(&clean);
}
