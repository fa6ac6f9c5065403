/* diff - the difference of two texts by lines, as `diff -u` prints it. Any thread; no state. */
#ifndef BASE_DIFF_H
#define BASE_DIFF_H

#include <stdbool.h>

#include "core/base/buf.h"

/* Appends the unified difference with 3 lines around each change, headed "--- old" and "+++ new" by
 * the names given; nothing when the texts are equal. The smallest difference is sought up to 1000
 * changed lines; beyond that the part between the common beginning and end is replaced whole.
 * False when `out` is full. */
bool diff_unified(struct buf *out, const char *old_name, const char *old_text, const char *new_name,
		  const char *new_text);

#endif
