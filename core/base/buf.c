#include "core/base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"

#define ROOM_FIRST ((size_t)64)
#define ROOM_KEPT  BUF_MIB /* most that buf_clear() keeps */

void
buf_init(struct buf *buf, size_t cap)
{
	*buf = (struct buf){ .bytes = die_alloc(ROOM_FIRST), .room = ROOM_FIRST, .cap = cap };
}

void
buf_release(struct buf *buf)
{
	free(buf->bytes);
	*buf = (struct buf){ 0 };
}

void
buf_clear(struct buf *buf)
{
	size_t cap = buf->cap;

	if (buf->room > ROOM_KEPT) {
		buf_release(buf);
		buf_init(buf, cap);
		return;
	}
	buf->length = 0;
	buf->full = false;
	buf->bytes[0] = '\0';
}

/* Room for `more` bytes and the NUL, or false and full. */
static bool
make_room(struct buf *buf, size_t more)
{
	size_t need, room = buf->room;

	if (buf->full || more > buf->cap - buf->length) {
		buf->full = true;
		return false;
	}
	need = buf->length + more + 1;
	if (need <= room)
		return true;
	while (room < need)
		room = room > SIZE_MAX / 2 ? need : room * 2;
	if (room > buf->cap)
		room = buf->cap + 1;
	buf->bytes = die_realloc(buf->bytes, room);
	buf->room = room;
	return true;
}

bool
buf_add(struct buf *buf, const char *bytes, size_t length)
{
	if (!make_room(buf, length))
		return false;
	if (length > 0)
		memcpy(buf->bytes + buf->length, bytes, length);
	buf->length += length;
	buf->bytes[buf->length] = '\0';
	return true;
}

bool
buf_puts(struct buf *buf, const char *text)
{
	return buf_add(buf, text, strlen(text));
}

bool
buf_putc(struct buf *buf, char c)
{
	return buf_add(buf, &c, 1);
}

bool
buf_vprintf(struct buf *buf, const char *format, va_list args)
{
	va_list again;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		die("a text could not be formatted");
	if (!make_room(buf, (size_t)length))
		return false;
	vsnprintf(buf->bytes + buf->length, (size_t)length + 1, format, args);
	buf->length += (size_t)length;
	return true;
}

bool
buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	bool added;

	va_start(args, format);
	added = buf_vprintf(buf, format, args);
	va_end(args);
	return added;
}

void
buf_drop(struct buf *buf, size_t count)
{
	if (count > buf->length)
		count = buf->length;
	buf->length -= count;
	memmove(buf->bytes, buf->bytes + count, buf->length + 1);
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

void
buf_trim(struct buf *buf)
{
	size_t start = 0;

	while (buf->length > 0 && is_blank(buf->bytes[buf->length - 1]))
		buf->length--;
	buf->bytes[buf->length] = '\0';
	while (start < buf->length && is_blank(buf->bytes[start]))
		start++;
	buf_drop(buf, start);
}

char *
buf_take(struct buf *buf)
{
	char *bytes = buf->bytes;

	buf_init(buf, buf->cap);
	return bytes;
}

void
buf_wipe(struct buf *buf)
{
	if (buf->bytes != NULL)
		explicit_bzero(buf->bytes, buf->room);
	buf_release(buf);
}
