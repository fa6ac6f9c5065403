#include "core/base/wrap.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/text.h"

static int
word_width(const char *word, size_t length)
{
	struct buf text;

	buf_init(&text, 64 * BUF_KIB);
	buf_add(&text, word, length);
	int width = text_width(text.bytes);
	buf_release(&text);
	return width;
}

void
wrap_words(struct buf *out, const char *text, int at, int indent, int width)
{
	bool first = true;

	text += strspn(text, " ");
	while (*text != '\0') {
		size_t length = strcspn(text, " ");
		int cells = word_width(text, length);

		if (!first && at + 1 + cells > width) {
			buf_printf(out, "\n%*s", indent, "");
			at = indent;
			first = true;
		}
		if (!first)
			buf_putc(out, ' ');
		buf_add(out, text, length);
		at += cells + !first;
		first = false;
		text += length;
		text += strspn(text, " ");
	}
	buf_putc(out, '\n');
}
