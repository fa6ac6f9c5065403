/* accessfield - single fields of a kubeconfig entry: text, truth, bytes given as data or as a file.
 *
 * KUBERNETES §1.2, §1.3. `place` names the entry in messages: `user "admin" in
 * /home/x/.kube/config`. Any thread.
 */
#ifndef KUBE_ACCESSFIELD_H
#define KUBE_ACCESSFIELD_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"

struct accessfield_place {
	const struct json *entry;
	const char *origin; /* the file relative paths lead from; "" for none */
	const char *place;
};

/* NULL when absent or empty. Any scalar counts as the text that stands there. */
const char *accessfield_text(struct arena *arena, const struct json *object, const char *key);
/* Only a real YAML boolean; absent is false. */
bool
accessfield_bool(const struct accessfield_place *at, const char *key, bool *value, struct err *err);
/* PEM from `key`-data (base64) or from the file `key`, never both; `file` is the resolved path or
 * NULL. Absent: empty. */
bool accessfield_pem(struct arena *arena, const struct accessfield_place *at, const char *key,
		     struct buf *out, const char **file, struct err *err);
/* A file that the configuration names: that it is not there is ERR_INPUT, too. */
bool accessfield_file(const char *path, size_t cap, struct buf *out, struct err *err);
/* `path` against the folder of the entry's file. */
const char *
accessfield_path(struct arena *arena, const struct accessfield_place *at, const char *path);
/* A token or header value may hold no CR, LF or NUL (§1.4). */
bool accessfield_is_header(const char *text, size_t length);

#endif
