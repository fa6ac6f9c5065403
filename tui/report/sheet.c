#include "tui/report/sheet.h"

#include <string.h>

#include "core/base/text.h"

const char *
sheet_mark(enum tone tone)
{
	static const char *const marks[TONE_COUNT] = {
		[TONE_PLAIN] = "·", [TONE_GOOD] = "✓",  [TONE_WARN] = "!",
		[TONE_BAD] = "✗",   [TONE_FAINT] = "–",
	};

	return marks[tone];
}

void
sheet_clean(struct buf *clean, const char *text)
{
	buf_init(clean, 4 * BUF_MIB);
	text_clean(clean, text, strlen(text));
}

size_t
sheet_count_lines(const char *text)
{
	size_t lines = 0;

	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		text += length + (text[length] == '\n');
		lines++;
	}
	return lines;
}
