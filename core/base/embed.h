/* embed - text files built into the program: a row of a table that build-aux/embed.sh writes.
 *
 * Constant data; any thread. A table ends with a row whose name is NULL.
 */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

struct embed_file {
	const char *name;  /* without its folder: "classic.yaml" */
	const char *bytes; /* NUL-terminated */
	size_t length;     /* without the NUL */
};

#endif
