#include "core/engine/inside.h"

#include <string.h>

void
inside_copy(char *to, size_t size, const char *text)
{
	size_t length = strnlen(text, size);

	if (length == size)
		for (length--; length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80;)
			length--;
	memcpy(to, text, length);
	to[length] = '\0';
}
