/* jsonout - writes JSON text for `-o json`, member by member, in the order of the calls.
 *
 * The caller opens and closes what it nests; `key` is NULL inside an array. Strings pass
 * text_clean_lines(), so that the output is harmless on a terminal. One thread.
 */
#ifndef PLAIN_JSONOUT_H
#define PLAIN_JSONOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"

struct jsonout {
	struct buf *buf; /* borrowed */
	bool more;       /* something stands before at this level */
};

void jsonout_open(struct jsonout *out, const char *key, char bracket);       /* '{' or '[' */
void jsonout_close(struct jsonout *out, char bracket);                       /* '}' or ']' */
void jsonout_string(struct jsonout *out, const char *key, const char *text); /* NULL: null */
/* The same with null for "" too. */
void jsonout_text(struct jsonout *out, const char *key, const char *text);
/* "NS/NAME", or NAME when ns is "". */
void jsonout_name(struct jsonout *out, const char *key, const char *ns, const char *name);
void jsonout_integer(struct jsonout *out, const char *key, int64_t value);
void jsonout_bool(struct jsonout *out, const char *key, bool value);
void jsonout_null(struct jsonout *out, const char *key);
/* value / scale with at most 6 decimals; null when value is negative. scale > 0. */
void jsonout_ratio(struct jsonout *out, const char *key, int64_t value, int64_t scale);
void jsonout_time(struct jsonout *out, const char *key, int64_t wall); /* RFC 3339 UTC */

#endif
