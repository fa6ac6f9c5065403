/* buf - a growing string that is born with its ceiling.
 *
 * `bytes` is always NUL-terminated and never NULL after buf_init(). Adding past `cap` adds nothing,
 * sets `full` and returns false; later additions are refused too, so that a caller may check once
 * at the end. Not shared between threads.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *bytes;
	size_t length; /* without the NUL */
	size_t room;   /* allocated */
	size_t cap;    /* most bytes it may ever hold, without the NUL */
	bool full;     /* something was refused */
};

#define BUF_KIB ((size_t)1024)
#define BUF_MIB ((size_t)1024 * 1024)

void buf_init(struct buf *buf, size_t cap);
void buf_release(struct buf *buf);
void buf_clear(struct buf *buf); /* empty, keeps its memory up to 1 MiB; clears `full` */
bool buf_add(struct buf *buf, const char *bytes, size_t length);
bool buf_puts(struct buf *buf, const char *text);
bool buf_putc(struct buf *buf, char c);
bool buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool buf_vprintf(struct buf *buf, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
void buf_drop(struct buf *buf, size_t count); /* forgets the first `count` bytes */
void buf_trim(struct buf *buf);               /* white space off both ends */
char *buf_take(struct buf *buf);              /* the caller frees; the buf is as after buf_init() */
void buf_wipe(struct buf *buf);               /* release after overwriting: for tokens and keys */

#endif
