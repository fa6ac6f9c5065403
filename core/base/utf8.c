#include "core/base/utf8.h"

size_t
utf8_decode(const char *bytes, size_t length, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *b = (const unsigned char *)bytes;
	uint32_t value;
	size_t size;

	if (length == 0)
		return 0;
	if (b[0] < 0x80) {
		*code = b[0];
		return 1;
	}
	if (b[0] >= 0xC2 && b[0] <= 0xDF)
		size = 2;
	else if ((b[0] & 0xF0) == 0xE0)
		size = 3;
	else if (b[0] >= 0xF0 && b[0] <= 0xF4)
		size = 4;
	else
		return 0;
	if (size > length)
		return 0;
	value = b[0] & (0x7Fu >> size);
	for (size_t i = 1; i < size; i++) {
		if ((b[i] & 0xC0) != 0x80)
			return 0;
		value = value << 6 | (b[i] & 0x3F);
	}
	if (value < least[size] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 0;
	*code = value;
	return size;
}

bool
utf8_add(struct buf *out, uint32_t code)
{
	char bytes[4];
	size_t size;

	if (code < 0x80)
		return buf_putc(out, (char)code);
	size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = size - 1; i > 0; i--) {
		bytes[i] = (char)(0x80 | (code & 0x3F));
		code >>= 6;
	}
	bytes[0] = (char)((0xF00u >> size) | code);
	return buf_add(out, bytes, size);
}
