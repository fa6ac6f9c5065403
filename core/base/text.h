/* text - text from outside made safe and measured; the small languages of options (durations,
 * percent, names).
 *
 * Any thread; no state, no allocation but in the buf given.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"

/* Appends `bytes` with everything a terminal could act on made visible: bad UTF-8 becomes U+FFFD;
 * C0 (ESC, CR, BS ...), DEL and C1 become U+FFFD or a space (TAB, LF and
 * CR LF: a space); bidi controls, zero-width characters and line separators become U+FFFD;
 * at most 4 combining marks follow one base character (KUBERNETES §7.4). This is the one function
 * all outside text passes before a cell, a line of output or a message. */
bool text_clean(struct buf *out, const char *bytes, size_t length);
/* The same keeping LF; CR LF becomes LF. */
bool text_clean_lines(struct buf *out, const char *bytes, size_t length);

/* The same in one line: "; " where a line ends and another follows. */
bool text_clean_joined(struct buf *out, const char *text);

/* The next grapheme of clean UTF-8: returns its length in bytes (0 at the end) and sets its width
 * in cells (1 or 2). */
size_t text_grapheme(const char *text, int *width);
/* Width of clean UTF-8 in cells. */
int text_width(const char *text);
/* Copies at most `cells` cells of clean `text` into out, ending in "…" ("~" when ascii) when it was
 * cut. */
bool text_fit(struct buf *out, const char *text, int cells, bool ascii);

bool text_equal(const char *a, const char *b); /* NULL equals only NULL */
bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);
/* Case-insensitive substring (ASCII), for filters; an empty needle matches. */
bool text_contains(const char *text, const char *needle);

bool text_is_dns_label(const char *text);     /* RFC 1123 label, at most 63 */
bool text_is_dns_subdomain(const char *text); /* RFC 1123 subdomain, at most 253 */

/* Go's durations ("500ms", "2s", "1m30s", "0"), into nanoseconds >= 0. */
bool text_duration(const char *text, int64_t *nanoseconds, struct err *err);
/* "25", "12.5", "0.01", with or without "%", 0 to 100 with up to 4 decimals, into parts per million
 * (25 % = 250000). */
bool text_percent(const char *text, int64_t *ppm, struct err *err);
bool text_integer(const char *text, int64_t low, int64_t high, int64_t *value, struct err *err);

/* Ages as kubectl and k9s print them: "0.4s" below 10 s with tenths, "14s", "12m", "3h", "5d". */
bool text_age(struct buf *out, int64_t nanoseconds);
/* "25 %", "12.5 %": as few decimals as are exact, at most 4. */
bool text_ppm(struct buf *out, int64_t ppm);

/* A word of a POSIX shell: quoted with '' only where it must be. */
bool text_shell_word(struct buf *out, const char *text);

/* base64 with CR, LF and spaces ignored (KUBERNETES §1.3); false on any other stray byte. */
bool text_base64_decode(struct buf *out, const char *text, size_t length);
bool text_base64_encode(struct buf *out, const char *bytes, size_t length);

#endif
