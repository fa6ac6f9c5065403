/* json_print - JSON values as text that every Kubernetes server reads back unchanged.
 *
 * Apply bodies are read as YAML there, which takes no "\/", no surrogate escapes and no raw 0x7F to
 * 0x9F (KUBERNETES §0.8). False when `out` is full. Any thread; no state.
 */
#ifndef BASE_JSON_PRINT_H
#define BASE_JSON_PRINT_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/json.h"

enum json_print_style { JSON_PRINT_COMPACT, JSON_PRINT_PRETTY };

bool json_print_value(struct buf *out, const struct json *json, enum json_print_style style);
/* In quotes; bytes that are not UTF-8 become U+FFFD. */
bool json_print_string(struct buf *out, const char *text);
/* Integers up to 2^53 without point or exponent, others with the fewest digits that read back. */
bool json_print_number(struct buf *out, double number);

#endif
