/* grid - a screen as cells: one grapheme and one role each, no colour, no terminal.
 *
 * Whoever draws puts text here; the terminal module flushes it, a test prints it. All text passes
 * text_clean() on its way into a cell, so that nothing from outside can act on the terminal.
 * Everything is clipped: any coordinate is fine. A wide grapheme takes its cell and an empty one of
 * width 0. With `ascii`, what is not ASCII is written in ASCII of the same width. Owned by one
 * thread.
 */
#ifndef SCREEN_GRID_H
#define SCREEN_GRID_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "tui/screen/rect.h"
#include "tui/screen/role.h"

#define GRID_COLUMNS_MAX 500
#define GRID_ROWS_MAX    200

struct cell {
	char bytes[14]; /* one grapheme, NUL-terminated; marks that do not fit are left out */
	uint8_t width;  /* 1 or 2; 0 for the right half of a wide one */
	uint8_t role;
};

struct grid {
	int columns, rows;
	bool ascii;
	struct cell *cells;
};

void grid_init(struct grid *grid, int columns, int rows,
	       bool ascii); /* blank; sizes are cut to the maxima */
void grid_release(struct grid *grid);
void grid_clear(struct grid *grid);
const struct cell *grid_at(const struct grid *grid, int x, int y); /* NULL outside */

/* Puts text from x on, cut at column `right` (exclusive); returns the column after it. */
int grid_put(struct grid *grid, int x, int y, int right, enum role role, const char *text);
/* The same, cut with an ellipsis when it does not fit. */
int grid_fit(struct grid *grid, int x, int y, int right, enum role role, const char *text);
/* Right-aligned, ending before `right`; nothing when it does not fit after `left`. Returns the
 * column it starts at. */
int grid_put_right(struct grid *grid, int left, int y, int right, enum role role, const char *text);
/* Words wrapped into `rect` from its row `y` on; returns the row after the last one used. */
int grid_wrap(struct grid *grid, struct rect rect, int y, enum role role, const char *text);
void grid_fill(struct grid *grid, struct rect rect, enum role role); /* with blanks */
void grid_tint(struct grid *grid, struct rect rect, enum role role); /* the role only; text stays */
/* Lines that meet lines already there join them. */
void grid_box(struct grid *grid, struct rect rect, enum role role);
bool grid_equal(const struct grid *a, const struct grid *b);

/* Rows with LF, trailing blanks cut: the text, and the letters of the roles. For tests. */
void grid_text(const struct grid *grid, struct buf *out);
void grid_letters(const struct grid *grid, struct buf *out);

#endif
