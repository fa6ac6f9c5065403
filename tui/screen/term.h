/* term - the terminal: the only file that knows curses, colours and escape sequences.
 *
 * One at a time, on the main thread. It is put back as it was on every way out: term_close(),
 * die(), a fatal signal, a suspend. Output is what changed since the frame before. The window's
 * title is left alone.
 */
#ifndef SCREEN_TERM_H
#define SCREEN_TERM_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "tui/screen/grid.h"
#include "tui/screen/press.h"
#include "tui/screen/theme.h"

struct term;

struct term_options {
	bool mouse;
	bool ascii; /* forced; otherwise found out from the locale */
};

/* Takes the terminal of stdin and stdout. ERR_INPUT when they are none or TERM names one that
 * cannot be moved about in. */
struct term *term_open(const struct term_options *options, struct err *err);
void term_close(struct term *term);
int term_fd(const struct term *term); /* readable when keys wait */
bool term_is_ascii(const struct term *term);
int term_colours(const struct term *term);                        /* 0, 8, 16 or 256 */
void term_use(struct term *term, const struct theme *theme);      /* copied */
void term_size(const struct term *term, int *columns, int *rows); /* asks the terminal */
/* Shows a frame. A frame of another size than the one before, and `whole`, draw everything anew. */
void term_show(struct term *term, const struct grid *grid, bool whole);
/* The next key without waiting; false when there is none. A lone Esc is Esc once `late`: nothing
 * came for ESC_WAIT. */
bool term_press(struct term *term, bool late, struct press *press);
/* Bytes wait that may be the start of a key: ask again with `late` after TERM_ESC_WAIT
 * milliseconds. */
bool term_is_amid(const struct term *term);
#define TERM_ESC_WAIT 25
bool term_is_gone(const struct term *term); /* it was hung up */
/* Gives the terminal back for another program, and takes it again; the next frame draws
 * everything. */
void term_lend(struct term *term);
void term_reclaim(struct term *term);
/* Gives the terminal back, stops the process as Ctrl-Z does, and takes it again when it goes on. */
void term_suspend(struct term *term);

#endif
