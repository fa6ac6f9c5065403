/* scalar - what a plain YAML scalar means as JSON, and when text must be quoted to stay text.
 *
 * YAML 1.2 core with the octal 0644 and the 1_000 that sigs.k8s.io/yaml takes; .inf and .nan, which
 * JSON cannot say, stay strings, and so do yes, no, on and off. Any thread; no state.
 */
#ifndef BASE_SCALAR_H
#define BASE_SCALAR_H

#include <stdbool.h>

#include "core/base/json.h"

/* Only null, true and false in their spellings; NULL for anything else. */
struct json *scalar_word(const char *text);
/* A word, a number or the string itself; never NULL. */
struct json *scalar_value(const char *text);
/* True when this or another YAML reader (1.1: yes, 1:30, dates) would read a plain `text` as
 * something other than a string. */
bool scalar_is_ambiguous(const char *text);

#endif
