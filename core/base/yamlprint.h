/* yamlprint - JSON values as block-style YAML, the way kubectl writes it.
 *
 * Two spaces, lists not indented below their key, plain scalars where every YAML reader sees the
 * same string, "|" for several lines; lines are never folded. False when `out` is full. Any thread.
 */
#ifndef BASE_YAMLPRINT_H
#define BASE_YAMLPRINT_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/json.h"

enum yamlprint_order { YAMLPRINT_AS_IS, YAMLPRINT_SORTED };

bool yamlprint_value(struct buf *out, const struct json *json, enum yamlprint_order order);

#endif
