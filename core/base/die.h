/* die - the end of the program when memory is gone or an invariant broke.
 *
 * The terminal's owner registers how to restore it; that runs first, once, async-signal-safe. Any
 * thread.
 */
#ifndef BASE_DIE_H
#define BASE_DIE_H

#include <stddef.h>

void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
/* `restore` may be NULL to take it back. */
void die_restores(void (*restore)(void));

/* Never NULL; die() when there is no memory. */
void *die_alloc(size_t size); /* zeroed */
void *die_realloc(void *old, size_t size);
char *die_strdup(const char *text); /* NULL stays NULL */

#endif
