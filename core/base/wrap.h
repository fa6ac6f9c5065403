/* wrap - words set in lines of a width. Any thread; no state. */
#ifndef BASE_WRAP_H
#define BASE_WRAP_H

#include "core/base/buf.h"

/* Appends clean `text`, whose first line begins at cell `at`, broken between words before cell
 * `width`; further lines begin at cell `indent`. Ends the line. A word that is wider than a line
 * stays whole. */
void wrap_words(struct buf *out, const char *text, int at, int indent, int width);

#endif
