/* headers - the lines of an HTTP answer's head that matter here, read one at a time.
 *
 * KUBERNETES §3.9, §4.1, §7.5: at most 64 KiB of head; Retry-After only in seconds. Knows no HTTP
 * library; no I/O.
 */
#ifndef KUBE_HEADERS_H
#define KUBE_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"

struct headers {
	int status;
	bool complete; /* the empty line after the final (not 1xx) status came */
	size_t size;   /* bytes of all lines so far */
	char content_type[96];
	int retry_after; /* seconds */
	bool apf;
	char served_by[300];
	int64_t date;        /* wall ns, 0 when absent */
	struct buf warnings; /* texts of Warning: 299, one a line */
};

void headers_init(struct headers *headers);
void headers_release(struct headers *headers);
/* One line as it came, with or without its CR LF; a status line begins anew. False when the head is
 * too long. */
bool headers_take(struct headers *headers, const char *line, size_t length);

#endif
