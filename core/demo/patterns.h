/* patterns - the regular expressions of schemas, compiled when first needed and kept.
 *
 * Written for Go's RE2, matched here by POSIX extended expressions: `\d`, `\w`, `\s` and `(?:` are
 * translated; what cannot be is taken to match. Not shared between threads.
 */
#ifndef DEMO_PATTERNS_H
#define DEMO_PATTERNS_H

#include <stdbool.h>

struct patterns;

struct patterns *patterns_new(void);
void patterns_free(struct patterns *patterns);
bool patterns_match(struct patterns *patterns, const char *pattern, const char *text);

#endif
