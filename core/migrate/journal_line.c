#include "core/migrate/journal_line.h"

#include <stdio.h>
#include <string.h>

#include "core/base/utf8.h"

/* ,"sum":"<64 hexadecimal digits>"} */
#define SUM_START  ",\"sum\":\""
#define SUM_LENGTH (sizeof(SUM_START) - 1 + SHA256_HEX - 1 + 2)

static void
add_escape(struct buf *out, uint32_t code)
{
	if (code > 0xFFFF) {
		code -= 0x10000;
		buf_printf(out, "\\u%04x\\u%04x", 0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF));
	} else {
		buf_printf(out, "\\u%04x", code);
	}
}

/* Only strings hold anything but ASCII, and there an escape means the same. */
static void
add_ascii(struct buf *out, const char *text, size_t length)
{
	size_t at = 0;

	while (at < length) {
		size_t plain = 0, bytes;
		uint32_t code;

		while (at + plain < length && (unsigned char)text[at + plain] < 0x80)
			plain++;
		buf_add(out, text + at, plain);
		at += plain;
		if (at == length)
			return;
		bytes = utf8_decode(text + at, length - at, &code);
		add_escape(out, bytes > 0 ? code : 0xFFFD);
		at += bytes > 0 ? bytes : 1;
	}
}

void
journal_line(const struct json *json, const char *previous, struct buf *out, char sum[SHA256_HEX])
{
	struct buf text;
	size_t start = out->length;

	buf_init(&text, out->cap);
	json_print(json, &text);
	if (text.full || text.length == 0) {
		out->full = true;
		buf_release(&text);
		return;
	}
	add_ascii(out, text.bytes, text.length - 1);
	buf_release(&text);
	buf_printf(out, ",\"prev\":\"%s\"", previous);
	sha256_hex(out->bytes + start, out->length - start, sum);
	buf_printf(out, SUM_START "%s\"}\n", sum);
}

static bool
sum_fits(const char *line, size_t length, char sum[SHA256_HEX])
{
	const char *end;

	if (length <= SUM_LENGTH)
		return false;
	end = line + length - SUM_LENGTH;
	sha256_hex(line, length - SUM_LENGTH, sum);
	return memcmp(end, SUM_START, sizeof(SUM_START) - 1) == 0 &&
	       memcmp(end + sizeof(SUM_START) - 1, sum, SHA256_HEX - 1) == 0 &&
	       memcmp(line + length - 2, "\"}", 2) == 0;
}

/* Whole in itself, and the one that followed the line before it. */
static void
scan_line(struct journal_scan *scan, const char *line, size_t length)
{
	char sum[SHA256_HEX];
	const char *previous;
	struct json *json = sum_fits(line, length, sum) ? json_parse(line, length, NULL) : NULL;

	scan->lines++;
	previous = json_string_at(json, "prev");
	if (scan->bad == 0 && (previous == NULL || strcmp(previous, scan->sum) != 0))
		scan->bad = scan->lines;
	if (previous != NULL)
		memcpy(scan->sum, sum, sizeof(sum));
	else if (scan->bad != scan->lines)
		scan->lost++;
	if (previous != NULL && scan->take != NULL && (scan->bad == 0 || scan->on))
		scan->take(scan->self, json);
	json_free(json);
}

static bool
damaged(const struct journal_scan *scan, const char *path, struct err *err)
{
	size_t after = scan->lines - scan->bad, good = after - scan->lost;
	char rest[120] = "";

	if (after > 0)
		snprintf(rest, sizeof(rest), ", and of the %zu after it %zu %s whole in %s", after,
			 good, good == 1 ? "is" : "are", good == 1 ? "itself" : "themselves");
	return err_set(err, ERR_INPUT,
		       "Line %zu of the journal %s is damaged or was changed: the %zu before it "
		       "can be relied on%s. Nothing may be written until that is understood: move "
		       "the file away to begin a new one, which will not know what stood before.",
		       scan->bad, path, scan->bad - 1, rest);
}

bool
journal_scan(struct journal_scan *scan, const char *path, const char *text, size_t length,
	     struct err *err)
{
	scan->whole = scan->lines = scan->bad = scan->lost = 0;
	scan->sum[0] = '\0';
	while (scan->whole < length) {
		const char *line = text + scan->whole;
		const char *end = memchr(line, '\n', length - scan->whole);

		scan->torn = end == NULL;
		if (end == NULL)
			break;
		scan_line(scan, line, (size_t)(end - line));
		scan->whole = (size_t)(end - text) + 1;
	}
	return scan->bad == 0 || damaged(scan, path, err);
}
