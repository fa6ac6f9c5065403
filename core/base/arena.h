/* arena - memory that is freed all at once: one per snapshot, decoded reply, frame.
 *
 * Not shared between threads while it grows; ownership may move between threads whole. Out of
 * memory is die(). Everything returned is aligned for any type, zeroed, and lives until
 * arena_release().
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first */
	size_t used;                /* bytes handed out, for the figures */
};

void arena_init(struct arena *arena);
void arena_release(struct arena *arena); /* leaves it as after arena_init() */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_array(struct arena *arena, size_t count, size_t size);        /* overflow is die() */
char *arena_string(struct arena *arena, const char *text);                /* NULL stays NULL */
char *arena_bytes(struct arena *arena, const char *bytes, size_t length); /* adds a NUL */
char *
arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

#endif
