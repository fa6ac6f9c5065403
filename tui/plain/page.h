/* page - text for stdout and stderr: cells in columns, and everything cleaned before it leaves.
 *
 * A table is gathered row by row in a buf, cells ended by TAB, and set in columns at the end. One
 * thread.
 */
#ifndef PLAIN_PAGE_H
#define PLAIN_PAGE_H

#include <stdio.h>

#include "core/base/buf.h"

#define PAGE_CAP (64 * BUF_MIB) /* most bytes of one output */

/* One cell of the row that is being gathered, cleaned: no TAB or LF is left in it. */
void page_cell(struct buf *rows, const char *format, ...) __attribute__((format(printf, 2, 3)));
void page_end_row(struct buf *rows);
/* Appends `rows` to `out` with the columns aligned, the last one wrapped to page_width() where it
 * has some room, and empties `rows`. At most 12 columns. */
void page_table(struct buf *out, struct buf *rows);
/* Of the terminal on stdout, at most 100; 80 without one. */
int page_width(void);
/* Appends `text` with `indent` blanks before each line. */
void page_indent(struct buf *out, const char *text, int indent);
/* Writes it all, cleaned; 0, or exit code 1 when the stream refused it or the page was cut. */
int page_print(const struct buf *page, FILE *stream);
/* One line on stderr, cleaned. */
void page_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
