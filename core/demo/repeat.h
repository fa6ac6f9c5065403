/* repeat - an object of a scenario written out for one number: ${i} and small sums in its strings
 * and keys.
 *
 * ${i} is the number; ${i%12+1} computes from left to right with + - * / % and whole numbers;
 * ${i:2} pads with zeros to two digits. The result of a string is a string. No state; any thread.
 */
#ifndef DEMO_REPEAT_H
#define DEMO_REPEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"

/* A new value the caller frees; NULL with ERR_INPUT for an expression that is none. */
struct json *repeat_value(const struct json *template, int64_t i, struct err *err);
bool repeat_text(struct buf *out, const char *template, int64_t i, struct err *err);

#endif
