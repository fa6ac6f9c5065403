#include "tui/screen/grid.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"

enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

/* By the directions a line leaves the cell. */
static const char *const lines[16] = {
	" ", "│", "│", "│", "─", "┘", "┐", "┤", "─", "└", "┌", "├", "─", "┴", "┬", "┼",
};

/* What stands for it where only ASCII can be shown; anything else becomes '?'. */
static const struct {
	const char *glyph, *ascii;
} plain[] = {
	{ "→", ">" }, { "←", "<" }, { "↑", "^" }, { "↓", "v" }, { "·", "." }, { "✓", "+" },
	{ "✗", "x" }, { "▶", ">" }, { "▸", ">" }, { "–", "-" }, { "…", "~" }, { "█", "#" },
	{ "░", "." }, { "▊", "#" }, { "▋", "#" }, { "▌", "#" }, { "▍", "#" }, { "▉", "#" },
	{ "▎", "." }, { "▏", "." }, { "│", "|" }, { "─", "-" }, { "┌", "+" }, { "┐", "+" },
	{ "└", "+" }, { "┘", "+" }, { "├", "+" }, { "┤", "+" }, { "┬", "+" }, { "┴", "+" },
	{ "┼", "+" }, { "●", "*" }, { "◐", "o" }, { "▲", "!" }, { "α", "a" }, { "⏎", "E" },
	{ "▾", "v" }, { "▼", "v" }, { "×", "x" }, { "±", "~" }, { "≥", ">" }, { "┃", "|" },
};

void
grid_init(struct grid *grid, int columns, int rows, bool ascii)
{
	*grid = (struct grid){
		.columns = columns < 1                  ? 1
			   : columns > GRID_COLUMNS_MAX ? GRID_COLUMNS_MAX
							: columns,
		.rows = rows < 1               ? 1
			: rows > GRID_ROWS_MAX ? GRID_ROWS_MAX
					       : rows,
		.ascii = ascii,
	};
	grid->cells = die_alloc((size_t)grid->columns * (size_t)grid->rows * sizeof(struct cell));
	grid_clear(grid);
}

void
grid_release(struct grid *grid)
{
	free(grid->cells);
	*grid = (struct grid){ 0 };
}

void
grid_clear(struct grid *grid)
{
	grid_fill(grid, (struct rect){ 0, 0, grid->columns, grid->rows }, ROLE_TEXT);
}

static struct cell *
cell_at(struct grid *grid, int x, int y)
{
	if (x < 0 || y < 0 || x >= grid->columns || y >= grid->rows)
		return NULL;
	return &grid->cells[(size_t)y * (size_t)grid->columns + (size_t)x];
}

const struct cell *
grid_at(const struct grid *grid, int x, int y)
{
	if (x < 0 || y < 0 || x >= grid->columns || y >= grid->rows)
		return NULL;
	return &grid->cells[(size_t)y * (size_t)grid->columns + (size_t)x];
}

/* A half that is left of a wide grapheme becomes a blank. */
static void
part_wide(struct grid *grid, int x, int y)
{
	struct cell *cell = cell_at(grid, x, y), *left = cell_at(grid, x - 1, y);
	struct cell *right = cell_at(grid, x + 1, y);

	if (cell == NULL)
		return;
	if (cell->width == 0 && left != NULL)
		*left = (struct cell){ .bytes = " ", .width = 1, .role = left->role };
	if (cell->width == 2 && right != NULL)
		*right = (struct cell){ .bytes = " ", .width = 1, .role = right->role };
}

static const char *
in_ascii(const char *glyph)
{
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (strcmp(plain[i].glyph, glyph) == 0)
			return plain[i].ascii;
	return "?";
}

static void
set_cell(struct grid *grid, int x, int y, enum role role, const char *glyph, size_t length,
	 int width)
{
	struct cell *cell = cell_at(grid, x, y), *next;
	const char *instead;

	if (cell == NULL)
		return;
	part_wide(grid, x, y);
	while (length >= sizeof(cell->bytes) ||
	       (length > 0 && ((unsigned char)glyph[length] & 0xC0) == 0x80))
		length--;
	*cell = (struct cell){ .width = (uint8_t)width, .role = (uint8_t)role };
	memcpy(cell->bytes, glyph, length);
	if (grid->ascii && ((unsigned char)glyph[0] >= 0x80 || length > 1)) {
		instead = in_ascii(cell->bytes);
		memset(cell->bytes, 0, sizeof(cell->bytes));
		cell->bytes[0] = instead[0];
		cell->width = 1;
	}
	if (width < 2)
		return;
	part_wide(grid, x + 1, y);
	next = cell_at(grid, x + 1, y);
	*next = (struct cell){ .width = 0, .role = (uint8_t)role };
	if (grid->ascii)
		*next = (struct cell){ .bytes = "?", .width = 1, .role = (uint8_t)role };
}

static bool
is_plain(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] < 0x20 || text[i] >= 0x7F)
			return false;
	return true;
}

static int
put_clean(struct grid *grid, int x, int y, int right, enum role role, const char *text)
{
	size_t length;
	int width;

	if (right > grid->columns)
		right = grid->columns;
	while ((length = text_grapheme(text, &width)) > 0) {
		if (x + width > right)
			break;
		if (x >= 0)
			set_cell(grid, x, y, role, text, length, width);
		x += width;
		text += length;
	}
	return x;
}

/* No row is longer than this, and no cell takes more than a base and four marks. */
static size_t
useful(const char *text)
{
	return strnlen(text, (size_t)GRID_COLUMNS_MAX * 20);
}

int
grid_put(struct grid *grid, int x, int y, int right, enum role role, const char *text)
{
	size_t length = useful(text);
	struct buf safe;

	if (is_plain(text, length))
		return put_clean(grid, x, y, right, role, text);
	buf_init(&safe, 64 * BUF_KIB);
	text_clean(&safe, text, length);
	x = put_clean(grid, x, y, right, role, safe.bytes);
	buf_release(&safe);
	return x;
}

int
grid_fit(struct grid *grid, int x, int y, int right, enum role role, const char *text)
{
	struct buf safe, cut;

	if (right > grid->columns)
		right = grid->columns;
	buf_init(&safe, 64 * BUF_KIB);
	buf_init(&cut, 64 * BUF_KIB);
	text_clean(&safe, text, useful(text));
	text_fit(&cut, safe.bytes, right - x, grid->ascii);
	x = put_clean(grid, x, y, right, role, cut.bytes);
	buf_release(&cut);
	buf_release(&safe);
	return x;
}

int
grid_put_right(struct grid *grid, int left, int y, int right, enum role role, const char *text)
{
	struct buf safe;
	int start;

	buf_init(&safe, 64 * BUF_KIB);
	text_clean(&safe, text, useful(text));
	start = right - text_width(safe.bytes);
	if (start >= left)
		put_clean(grid, start, y, right, role, safe.bytes);
	else
		start = right;
	buf_release(&safe);
	return start;
}

/* Bytes of `text` that fill one row of `w` cells, ending before a blank where there is one. */
static size_t
row_of(const char *text, int w)
{
	size_t length, used = 0, word = 0;
	int cells = 0, width;

	while ((length = text_grapheme(text + used, &width)) > 0) {
		if (text[used] == '\n')
			return used;
		if (text[used] == ' ')
			word = used;
		if (cells + width > w)
			return word > 0 ? word : used;
		cells += width;
		used += length;
	}
	return used;
}

int
grid_wrap(struct grid *grid, struct rect rect, int y, enum role role, const char *text)
{
	struct buf safe, row;
	size_t at = 0, length;

	buf_init(&safe, 256 * BUF_KIB);
	buf_init(&row, 64 * BUF_KIB);
	text_clean_lines(&safe, text, strnlen(text, 128 * BUF_KIB));
	while (rect.w > 1 && y < rect.y + rect.h && safe.bytes[at] != '\0') {
		/* The last row takes all that is left, to be cut with an ellipsis where it ends. */
		length = y + 1 == rect.y + rect.h ? strlen(safe.bytes + at)
						  : row_of(safe.bytes + at, rect.w);
		buf_clear(&row);
		text_clean(&row, safe.bytes + at, length);
		at += length;
		grid_fit(grid, rect.x, y++, rect.x + rect.w, role, row.bytes);
		if (safe.bytes[at] == '\n' || safe.bytes[at] == ' ')
			at++;
	}
	buf_release(&row);
	buf_release(&safe);
	return y;
}

void
grid_fill(struct grid *grid, struct rect rect, enum role role)
{
	for (int y = rect.y; y < rect.y + rect.h; y++)
		for (int x = rect.x; x < rect.x + rect.w; x++)
			set_cell(grid, x, y, role, " ", 1, 1);
}

void
grid_tint(struct grid *grid, struct rect rect, enum role role)
{
	for (int y = rect.y; y < rect.y + rect.h; y++)
		for (int x = rect.x; x < rect.x + rect.w; x++) {
			struct cell *cell = cell_at(grid, x, y);

			if (cell != NULL)
				cell->role = (uint8_t)role;
		}
}

/* The directions of the line that is there already. */
static unsigned
line_there(const struct cell *cell)
{
	if (cell->bytes[0] == '+')
		return UP | DOWN | LEFT | RIGHT;
	if (cell->bytes[0] == '-')
		return LEFT | RIGHT;
	if (cell->bytes[0] == '|')
		return UP | DOWN;
	for (unsigned i = 1; i < 16; i++)
		if (strcmp(lines[i], cell->bytes) == 0)
			return strcmp(lines[i], "─") == 0 ? LEFT | RIGHT : i == 1 ? UP | DOWN : i;
	return 0;
}

static void
draw_line(struct grid *grid, int x, int y, unsigned ways, enum role role)
{
	struct cell *cell = cell_at(grid, x, y);

	if (cell == NULL)
		return;
	if (cell->role == ROLE_FRAME || cell->role == ROLE_FOCUS)
		ways |= line_there(cell);
	set_cell(grid, x, y, role, lines[ways], strlen(lines[ways]), 1);
}

void
grid_box(struct grid *grid, struct rect rect, enum role role)
{
	int last_x = rect.w - 1, last_y = rect.h - 1;

	if (rect.w < 2 || rect.h < 2)
		return;
	for (int y = 0; y <= last_y; y++)
		for (int x = 0; x <= last_x; x += y == 0 || y == last_y ? 1 : last_x) {
			bool side = x == 0 || x == last_x, edge = y == 0 || y == last_y;
			unsigned ways = 0;

			ways |= side && y > 0 ? UP : 0;
			ways |= side && y < last_y ? DOWN : 0;
			ways |= edge && x > 0 ? LEFT : 0;
			ways |= edge && x < last_x ? RIGHT : 0;
			draw_line(grid, rect.x + x, rect.y + y, ways, role);
		}
}

bool
grid_equal(const struct grid *a, const struct grid *b)
{
	return a->columns == b->columns && a->rows == b->rows &&
	       memcmp(a->cells, b->cells,
		      (size_t)a->columns * (size_t)a->rows * sizeof(struct cell)) == 0;
}

static int
row_end(const struct grid *grid, int y)
{
	int end = grid->columns;

	while (end > 0) {
		const struct cell *cell = grid_at(grid, end - 1, y);

		if (strcmp(cell->bytes, " ") != 0 || cell->role == ROLE_SELECTED)
			break;
		end--;
	}
	return end;
}

void
grid_text(const struct grid *grid, struct buf *out)
{
	for (int y = 0; y < grid->rows; y++) {
		int end = row_end(grid, y);

		for (int x = 0; x < end; x++)
			buf_puts(out, grid_at(grid, x, y)->bytes);
		buf_putc(out, '\n');
	}
}

void
grid_letters(const struct grid *grid, struct buf *out)
{
	for (int y = 0; y < grid->rows; y++) {
		int end = row_end(grid, y);

		for (int x = 0; x < end; x++)
			buf_putc(out, role_row(grid_at(grid, x, y)->role)->letter);
		buf_putc(out, '\n');
	}
}
