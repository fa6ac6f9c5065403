/* sealed - what a person gives helm by --set and nobody else may see: values whose key looks like
 * that of a password, a token or a key.
 *
 * An intent has *** in their place, and with it the journal, the record, every command and every
 * screen; the values themselves stay in the settings and are put in when helm is run. What helm
 * says then is searched for them. The words stand in one table (sealed.c). Pure.
 */
#ifndef MIGRATE_SEALED_H
#define MIGRATE_SEALED_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/json.h"

#define SEALED_MARK "***"

/* "auth.token=x,replicas=2" as "auth.token=***,replicas=2"; `set` itself when it has no secret. */
const char *sealed_word(const char *set, struct arena *arena);
/* Puts the values back into the arguments that sealed_word() made of `sets` (NULL-terminated, NULL
 * for none). False when one is not among them: it was planned with others. */
bool sealed_open(const char **argv, const char *const *sets, struct arena *arena);
/* Appends the text with SEALED_MARK for every secret value of `sets` that stands in it. Values that
 * are found everywhere, such as true, stay: they say nothing. */
void sealed_hide(struct buf *out, const char *text, size_t length, const char *const *sets);
/* The same in every string of `json`, keys apart. */
void sealed_hide_json(struct json *json, const char *const *sets);

#endif
