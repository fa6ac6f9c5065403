/* redact - cuts what signs people in out of text that others wrote: plugin output, server and proxy
 * messages.
 *
 * KUBERNETES §2.2, §7.2. It knows the shapes (JWT, Google and AWS tokens, "Bearer x", "--token=x",
 * user:password@ in a URL), not the values. Any thread; no state.
 */
#ifndef KUBE_REDACT_H
#define KUBE_REDACT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"

#define REDACT_MARK "[hidden]"

/* Appends the text with every secret replaced by REDACT_MARK; false when `out` is full. */
bool redact_secrets(struct buf *out, const char *text, size_t length);

#endif
