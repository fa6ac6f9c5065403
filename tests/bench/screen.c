#include "tests/bench/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"

#define PARAMETERS 16
#define TAB        8

enum state { TEXT, ESCAPE, CHARSET, CONTROL, COMMAND };

struct screen {
	int columns, rows;
	int column, row; /* of the cursor; column == columns: the next one wraps */
	int top, bottom; /* the rows that scroll */
	int kept_column, kept_row;
	enum state state;
	int parameters[PARAMETERS];
	int parameter_count;
	bool private;        /* CSI ? */
	unsigned rune, last; /* being read; the last one printed, for REP */
	int more;            /* bytes of the rune to come */
	unsigned *cells;
};

struct screen *
screen_new(int columns, int rows)
{
	struct screen *screen = die_alloc(sizeof(*screen));

	screen->columns = columns;
	screen->rows = rows;
	screen->bottom = rows - 1;
	screen->cells = die_alloc((size_t)(columns * rows) * sizeof(*screen->cells));
	return screen;
}

void
screen_free(struct screen *screen)
{
	if (screen == NULL)
		return;
	free(screen->cells);
	free(screen);
}

static int
within(int value, int least, int most)
{
	return value < least ? least : value > most ? most : value;
}

static unsigned *
row_of(const struct screen *screen, int row)
{
	return screen->cells + (size_t)row * (size_t)screen->columns;
}

static void
blank(struct screen *screen, int row, int from, int to)
{
	for (int i = within(from, 0, screen->columns); i < to && i < screen->columns; i++)
		row_of(screen, row)[i] = ' ';
}

static void
blank_rows(struct screen *screen, int from, int to)
{
	for (int row = from; row < to; row++)
		blank(screen, row, 0, screen->columns);
}

/* Rows from..to move by `by`, up when positive; what comes in is blank. */
static void
scroll(struct screen *screen, int from, int to, int by)
{
	size_t row = (size_t)screen->columns * sizeof(*screen->cells);
	int count = to - from + 1, away = within(abs(by), 0, count);

	if (by > 0) {
		memmove(row_of(screen, from), row_of(screen, from + away),
			row * (size_t)(count - away));
		blank_rows(screen, to + 1 - away, to + 1);
	} else {
		memmove(row_of(screen, from + away), row_of(screen, from),
			row * (size_t)(count - away));
		blank_rows(screen, from, from + away);
	}
}

static void
line_feed(struct screen *screen)
{
	if (screen->row == screen->bottom)
		scroll(screen, screen->top, screen->bottom, 1);
	else if (screen->row < screen->rows - 1)
		screen->row++;
}

static void
print(struct screen *screen, unsigned rune)
{
	if (screen->column >= screen->columns) {
		screen->column = 0;
		line_feed(screen);
	}
	row_of(screen, screen->row)[screen->column++] = rune;
	screen->last = rune;
}

/* The rest of the row from the cursor on moves by `by`, right when positive. */
static void
shift_cells(struct screen *screen, int by)
{
	int column = within(screen->column, 0, screen->columns - 1),
	    left = screen->columns - column;
	int away = within(abs(by), 0, left);
	unsigned *at = row_of(screen, screen->row) + column;

	if (by > 0) {
		memmove(at + away, at, (size_t)(left - away) * sizeof(*at));
		blank(screen, screen->row, column, column + away);
	} else {
		memmove(at, at + away, (size_t)(left - away) * sizeof(*at));
		blank(screen, screen->row, screen->columns - away, screen->columns);
	}
}

static void
erase_screen(struct screen *screen, int what)
{
	if (what == 0) {
		blank(screen, screen->row, screen->column, screen->columns);
		blank_rows(screen, screen->row + 1, screen->rows);
	} else if (what == 1) {
		blank_rows(screen, 0, screen->row);
		blank(screen, screen->row, 0, screen->column + 1);
	} else {
		blank_rows(screen, 0, screen->rows);
	}
}

static void
erase_row(struct screen *screen, int what)
{
	int from = what == 0 ? screen->column : 0;
	int to = what == 1 ? screen->column + 1 : screen->columns;

	blank(screen, screen->row, from, to);
}

static void
go_to(struct screen *screen, int row, int column)
{
	screen->row = within(row, 0, screen->rows - 1);
	screen->column = within(column, 0, screen->columns - 1);
}

static void
keep_cursor(struct screen *screen, bool restore)
{
	if (restore) {
		go_to(screen, screen->kept_row, screen->kept_column);
		return;
	}
	screen->kept_row = screen->row;
	screen->kept_column = screen->column;
}

static void
set_region(struct screen *screen, int top, int bottom)
{
	screen->top = within(top - 1, 0, screen->rows - 1);
	screen->bottom = within(bottom - 1, screen->top, screen->rows - 1);
	go_to(screen, 0, 0);
}

static void
move(struct screen *screen, char final, int n)
{
	int row = screen->row, column = within(screen->column, 0, screen->columns - 1);

	switch (final) {
	case 'A':
		go_to(screen, row - n, column);
		break;
	case 'B':
	case 'e':
		go_to(screen, row + n, column);
		break;
	case 'C':
	case 'a':
		go_to(screen, row, column + n);
		break;
	case 'D':
		go_to(screen, row, column - n);
		break;
	case 'E':
		go_to(screen, row + n, 0);
		break;
	case 'F':
		go_to(screen, row - n, 0);
		break;
	case 'G':
	case '`':
		go_to(screen, row, n - 1);
		break;
	case 'd':
		go_to(screen, n - 1, column);
		break;
	case 'I':
		go_to(screen, row, (column / TAB + n) * TAB);
		break;
	case 'Z':
		go_to(screen, row, ((column + TAB - 1) / TAB - n) * TAB);
		break;
	}
}

/* ECMA-48 and xterm's control sequences, by their final byte. */
static void
control(struct screen *screen, char final)
{
	int first = screen->parameters[0], n = first == 0 ? 1 : first;
	int second = screen->parameters[1];

	if (screen->private) {
		/* The alternate screen starts and ends blank. */
		if ((final == 'h' || final == 'l') && first == 1049)
			blank_rows(screen, 0, screen->rows);
		return;
	}
	switch (final) {
	case 'H':
	case 'f':
		go_to(screen, n - 1, (second == 0 ? 1 : second) - 1);
		break;
	case 'J':
		erase_screen(screen, first);
		break;
	case 'K':
		erase_row(screen, first);
		break;
	case 'X':
		blank(screen, screen->row, screen->column, screen->column + n);
		break;
	case '@':
		shift_cells(screen, n);
		break;
	case 'P':
		shift_cells(screen, -n);
		break;
	case 'L':
		scroll(screen, screen->row, screen->bottom, -n);
		break;
	case 'M':
		scroll(screen, screen->row, screen->bottom, n);
		break;
	case 'S':
		scroll(screen, screen->top, screen->bottom, n);
		break;
	case 'T':
		scroll(screen, screen->top, screen->bottom, -n);
		break;
	case 'r':
		set_region(screen, n, second == 0 ? screen->rows : second);
		break;
	case 's':
		keep_cursor(screen, false);
		break;
	case 'u':
		keep_cursor(screen, true);
		break;
	case 'b':
		for (int i = 0; i < n && i < screen->columns; i++)
			print(screen, screen->last);
		break;
	default:
		move(screen, final, n);
		break;
	}
}

static void
take_control(struct screen *screen, unsigned char byte)
{
	int *parameter = &screen->parameters[screen->parameter_count];

	if (byte >= '0' && byte <= '9') {
		*parameter = within(*parameter * 10 + byte - '0', 0, 9999);
	} else if (byte == ';' || byte == ':') {
		if (screen->parameter_count < PARAMETERS - 1)
			screen->parameter_count++;
	} else if (byte >= '<' && byte <= '?') {
		screen->private = true;
	} else if (byte >= 0x40) {
		screen->state = TEXT;
		control(screen, (char)byte);
	}
}

static void
take_escape(struct screen *screen, unsigned char byte)
{
	screen->state = TEXT;
	switch (byte) {
	case '[':
		screen->state = CONTROL;
		memset(screen->parameters, 0, sizeof(screen->parameters));
		screen->parameter_count = 0;
		screen->private = false;
		break;
	case ']':
	case 'P':
		screen->state = COMMAND;
		break;
	case '(':
	case ')':
	case '#':
		screen->state = CHARSET;
		break;
	case '7':
		keep_cursor(screen, false);
		break;
	case '8':
		keep_cursor(screen, true);
		break;
	case 'D':
		line_feed(screen);
		break;
	case 'E':
		screen->column = 0;
		line_feed(screen);
		break;
	case 'M':
		if (screen->row == screen->top)
			scroll(screen, screen->top, screen->bottom, -1);
		else
			go_to(screen, screen->row - 1, screen->column);
		break;
	}
}

/* UTF-8; what is not well formed becomes something that matches no text. */
static void
take_text(struct screen *screen, unsigned char byte)
{
	if (byte < 0x80) {
		print(screen, byte);
	} else if (byte < 0xc0) {
		screen->rune = screen->rune << 6 | (byte & 0x3f);
		if (screen->more > 0 && --screen->more == 0)
			print(screen, screen->rune);
	} else {
		screen->more = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
		screen->rune = byte & (0x3f >> screen->more);
	}
}

static void
take_byte(struct screen *screen, unsigned char byte)
{
	if (screen->state == COMMAND) {
		if (byte == '\a' || byte == '\\')
			screen->state = TEXT;
		return;
	}
	switch (byte) {
	case 0x1b:
		screen->state = ESCAPE;
		return;
	case '\r':
		screen->column = 0;
		return;
	case '\n':
		line_feed(screen);
		return;
	case '\b':
		go_to(screen, screen->row, screen->column - 1);
		return;
	case '\t':
		move(screen, 'I', 1);
		return;
	}
	if (byte < 0x20 || byte == 0x7f)
		return;
	switch (screen->state) {
	case ESCAPE:
		take_escape(screen, byte);
		break;
	case CHARSET:
		screen->state = TEXT;
		break;
	case CONTROL:
		take_control(screen, byte);
		break;
	default:
		take_text(screen, byte);
		break;
	}
}

void
screen_take(struct screen *screen, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		take_byte(screen, (unsigned char)bytes[i]);
}

/* The column after `text`, looked for from `column` on; -1: it is not there. */
static int
find(const struct screen *screen, int row, int column, const char *text)
{
	int length = (int)strlen(text);

	for (int at = column; at + length <= screen->columns; at++) {
		const unsigned *cells = row_of(screen, row) + at;
		int same = 0;

		while (same < length && cells[same] == (unsigned char)text[same])
			same++;
		if (same == length)
			return at + length;
	}
	return -1;
}

bool
screen_has(const struct screen *screen, const char *text)
{
	for (int row = 0; row < screen->rows; row++)
		if (find(screen, row, 0, text) >= 0)
			return true;
	return false;
}

bool
screen_has_after(const struct screen *screen, const char *name, const char *word)
{
	for (int row = screen->rows - 1; row >= 0; row--) {
		int after = find(screen, row, 0, name);

		if (after >= 0)
			return find(screen, row, after, word) >= 0;
	}
	return false;
}

void
screen_show(const struct screen *screen)
{
	for (int row = 0; row < screen->rows; row++) {
		for (int i = 0; i < screen->columns; i++) {
			unsigned rune = row_of(screen, row)[i];

			fputc(rune >= ' ' && rune < 0x7f ? (int)rune
			      : rune == 0                ? ' '
							 : '?',
			      stderr);
		}
		fputc('\n', stderr);
	}
}
