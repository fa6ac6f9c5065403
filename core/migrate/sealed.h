/* sealed - what a person gives helm by --set and nobody else may see: values whose key looks
 * like that of a password, a token or a key.
 *
 * An intent has *** in their place, and with it the journal, the record, every command and every
 * screen; the values themselves stay in the settings and are handed to helm when it is run,
 * beside its arguments. What helm says then is searched for them. The words stand in one table
 * (sealed.c). Pure.
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

/* A run of helm with its values. */
struct sealed_run {
	const char **argv; /* NULL-terminated, without a secret */
	char **texts; /* NULL-terminated; what it finds at the descriptors from PROC_TEXTS on */
};
/* Puts the values back that sealed_word() took out of `sets` (NULL-terminated, NULL for none):
 * whoever is on this machine may read an argument, so each is a --set-file of a descriptor. What
 * helm takes as a number, true, false or null and is shorter than a password stays in --set, for
 * it would be text from there. False when one is not among them: it was planned with others. All
 * of `run` is in the arena. */
bool sealed_open(const char *const *argv, const char *const *sets, struct arena *arena,
		 struct sealed_run *run);
void sealed_forget(struct sealed_run *run); /* overwrites the texts */

/* Appends the text with SEALED_MARK for every secret value of `sets` that stands in it. Values that
 * are found everywhere, such as true, stay: they say nothing. */
void sealed_hide(struct buf *out, const char *text, size_t length, const char *const *sets);
/* The same in every string of `json`, keys apart. */
void sealed_hide_json(struct json *json, const char *const *sets);

#endif
