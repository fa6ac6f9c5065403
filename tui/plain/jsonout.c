#include "tui/plain/jsonout.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"

static void
quote(struct buf *buf, const char *text)
{
	struct buf clean;

	buf_init(&clean, buf->cap);
	text_clean_lines(&clean, text, strlen(text));
	buf_putc(buf, '"');
	for (const char *at = clean.bytes; *at != '\0'; at++) {
		if (*at == '"' || *at == '\\')
			buf_printf(buf, "\\%c", *at);
		else if ((unsigned char)*at < 0x20)
			buf_printf(buf, "\\u%04x", (unsigned int)*at);
		else
			buf_putc(buf, *at);
	}
	buf_putc(buf, '"');
	buf_release(&clean);
}

static void
begin(struct jsonout *out, const char *key)
{
	if (out->more)
		buf_putc(out->buf, ',');
	out->more = true;
	if (key == NULL)
		return;
	quote(out->buf, key);
	buf_putc(out->buf, ':');
}

void
jsonout_open(struct jsonout *out, const char *key, char bracket)
{
	begin(out, key);
	buf_putc(out->buf, bracket);
	out->more = false;
}

void
jsonout_close(struct jsonout *out, char bracket)
{
	buf_putc(out->buf, bracket);
	out->more = true;
}

void
jsonout_string(struct jsonout *out, const char *key, const char *text)
{
	begin(out, key);
	if (text == NULL)
		buf_puts(out->buf, "null");
	else
		quote(out->buf, text);
}

void
jsonout_text(struct jsonout *out, const char *key, const char *text)
{
	jsonout_string(out, key, text != NULL && *text != '\0' ? text : NULL);
}

void
jsonout_name(struct jsonout *out, const char *key, const char *ns, const char *name)
{
	struct buf joined;

	buf_init(&joined, BUF_KIB);
	if (*ns != '\0')
		buf_printf(&joined, "%s/", ns);
	buf_puts(&joined, name);
	jsonout_string(out, key, joined.bytes);
	buf_release(&joined);
}

void
jsonout_integer(struct jsonout *out, const char *key, int64_t value)
{
	begin(out, key);
	buf_printf(out->buf, "%" PRId64, value);
}

void
jsonout_bool(struct jsonout *out, const char *key, bool value)
{
	begin(out, key);
	buf_puts(out->buf, value ? "true" : "false");
}

void
jsonout_null(struct jsonout *out, const char *key)
{
	jsonout_string(out, key, NULL);
}

void
jsonout_ratio(struct jsonout *out, const char *key, int64_t value, int64_t scale)
{
	char digits[8];

	if (value < 0) {
		jsonout_null(out, key);
		return;
	}
	begin(out, key);
	buf_printf(out->buf, "%" PRId64, value / scale);
	double rest = (double)(value % scale) / (double)scale;
	unsigned int micro = (unsigned int)(rest * 1e6 + 0.5);
	if (micro == 0)
		return;
	if (micro > 999999)
		micro = 999999;
	int length = 6;
	for (int i = 5; i >= 0; i--, micro /= 10)
		digits[i] = (char)('0' + micro % 10);
	while (length > 1 && digits[length - 1] == '0')
		length--;
	buf_putc(out->buf, '.');
	buf_add(out->buf, digits, (size_t)length);
}

void
jsonout_time(struct jsonout *out, const char *key, int64_t wall)
{
	char text[CLOCK_RFC3339_MAX];

	clock_rfc3339(wall, false, text);
	jsonout_string(out, key, text);
}
