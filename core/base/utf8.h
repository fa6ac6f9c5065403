/* utf8 - one code point read from or written as UTF-8 (RFC 3629). Any thread; no state. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"

#define UTF8_REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* The code point at `bytes`, of which `length` may be read: returns its length in bytes, 1 to 4; 0
 * when they do not begin one (overlong, surrogate, above U+10FFFF, cut short, or length 0). */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *code);
bool utf8_add(struct buf *out, uint32_t code);

#endif
