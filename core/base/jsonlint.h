/* jsonlint - whether bytes are exactly one JSON text (RFC 8259), before anything is built from
 * them.
 *
 * Stricter than cJSON, which takes raw control characters, bad UTF-8, \u0000 and numbers like 01.
 * Any thread; no allocation; the stack is bounded by the depth.
 */
#ifndef BASE_JSONLINT_H
#define BASE_JSONLINT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

#define JSONLINT_DEPTH 200 /* KUBERNETES §7.5 */

/* ERR_INPUT naming what is wrong and at which byte, counted from 1; never the content. */
bool jsonlint_check(const char *text, size_t length, struct err *err);

#endif
