#include "core/base/text.h"

#include <string.h>
#include <strings.h>
#include <wchar.h>

#include "core/base/clock.h"
#include "core/base/utf8.h"

#define COMBINING_MAX 4
#define NO_BASE       (-1)

#define DNS_LABEL_MAX     63
#define DNS_SUBDOMAIN_MAX 253

/* What a terminal could act on or nobody could see, beyond C0, DEL and C1: bidi controls,
 * zero-width characters, line separators, invisible operators, annotations and tags. */
static const struct range {
	uint32_t first, last;
} hidden[] = {
	{ 0x00AD, 0x00AD }, { 0x061C, 0x061C }, { 0x180E, 0x180E },
	{ 0x200B, 0x200F }, { 0x2028, 0x202E }, { 0x2060, 0x206F },
	{ 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0xE0000, 0xE0FFF },
};

static bool
is_hidden(uint32_t code)
{
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return true;
	return false;
}

/* One character that is not printable ASCII: returns how many bytes it took. `marks` counts the
 * combining marks on the last base character; NO_BASE when there is none to stand on. */
static size_t
clean_one(struct buf *out, const char *at, size_t left, bool keep_lines, int *marks)
{
	uint32_t code;
	size_t size = utf8_decode(at, left, &code);
	int width;

	if (size == 1) {
		size = code == '\r' && left > 1 && at[1] == '\n' ? 2 : 1;
		*marks = 0;
		if ((size == 2 || code == '\n') && keep_lines) {
			*marks = NO_BASE;
			buf_putc(out, '\n');
		} else {
			buf_puts(out, size == 2 || code == '\n' || code == '\t' ? " "
										: UTF8_REPLACEMENT);
		}
		return size;
	}
	width = size == 0 || code < 0xA0 || is_hidden(code) ? -1 : wcwidth((wchar_t)code);
	if (width > 0) {
		*marks = 0;
		buf_add(out, at, size);
	} else if (width < 0 || *marks == NO_BASE) {
		*marks = 0;
		buf_puts(out, UTF8_REPLACEMENT);
	} else if (*marks < COMBINING_MAX) {
		++*marks;
		buf_add(out, at, size);
	}
	return size > 0 ? size : 1;
}

static bool
clean(struct buf *out, const char *bytes, size_t length, bool keep_lines)
{
	int marks = NO_BASE;

	for (size_t i = 0; i < length;) {
		size_t plain = i;

		while (plain < length && bytes[plain] >= 0x20 && bytes[plain] < 0x7F)
			plain++;
		if (plain > i) {
			marks = 0;
			if (!buf_add(out, bytes + i, plain - i))
				return false;
			i = plain;
			continue;
		}
		i += clean_one(out, bytes + i, length - i, keep_lines, &marks);
	}
	return !out->full;
}

bool
text_clean(struct buf *out, const char *bytes, size_t length)
{
	return clean(out, bytes, length, false);
}

bool
text_clean_lines(struct buf *out, const char *bytes, size_t length)
{
	return clean(out, bytes, length, true);
}

bool
text_clean_joined(struct buf *out, const char *text)
{
	bool whole = true;

	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		whole = text_clean(out, text, length) && whole;
		text += length + strspn(text + length, "\n");
		if (*text != '\0')
			buf_puts(out, "; ");
	}
	return whole;
}

size_t
text_grapheme(const char *text, int *width)
{
	uint32_t code;
	size_t length, more;
	int cells;

	*width = 1;
	if (*text == '\0')
		return 0;
	/* Printable ASCII followed by ASCII: nothing can combine with it. */
	if ((unsigned char)text[0] < 0x80 && (unsigned char)text[1] < 0x80)
		return 1;
	length = utf8_decode(text, strnlen(text, 4), &code);
	if (length == 0)
		return 1;
	cells = wcwidth((wchar_t)code);
	if (cells > 1)
		*width = 2;
	while ((unsigned char)text[length] >= 0x80) {
		more = utf8_decode(text + length, strnlen(text + length, 4), &code);
		if (more == 0 || wcwidth((wchar_t)code) != 0)
			break;
		length += more;
	}
	return length;
}

int
text_width(const char *text)
{
	int cells = 0, width;
	size_t length;

	while ((length = text_grapheme(text, &width)) > 0) {
		cells += width;
		text += length;
	}
	return cells;
}

bool
text_fit(struct buf *out, const char *text, int cells, bool ascii)
{
	size_t length, kept = 0, whole = 0;
	int used = 0, width;

	if (cells <= 0)
		return !out->full;
	while ((length = text_grapheme(text + whole, &width)) > 0) {
		if (used + width > cells) {
			buf_add(out, text, kept);
			return buf_puts(out, ascii ? "~" : "…");
		}
		used += width;
		whole += length;
		if (used <= cells - 1)
			kept = whole;
	}
	return buf_add(out, text, whole);
}

bool
text_equal(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

bool
text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
text_ends(const char *text, const char *suffix)
{
	size_t length = strlen(text), tail = strlen(suffix);

	return length >= tail && strcmp(text + length - tail, suffix) == 0;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
text_contains(const char *text, const char *needle)
{
	for (;; text++) {
		size_t i = 0;

		while (needle[i] != '\0' && lower(text[i]) == lower(needle[i]))
			i++;
		if (needle[i] == '\0')
			return true;
		if (*text == '\0')
			return false;
	}
}

static bool
is_dns_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_dns_part(const char *text, size_t length)
{
	if (length == 0 || !is_dns_character(text[0]) || !is_dns_character(text[length - 1]))
		return false;
	for (size_t i = 1; i < length; i++)
		if (!is_dns_character(text[i]) && text[i] != '-')
			return false;
	return true;
}

bool
text_is_dns_label(const char *text)
{
	size_t length = text == NULL ? 0 : strlen(text);

	return length <= DNS_LABEL_MAX && is_dns_part(text, length);
}

/* As Kubernetes checks it: only the whole is limited, not each label. */
bool
text_is_dns_subdomain(const char *text)
{
	size_t part;

	if (text == NULL || strlen(text) > DNS_SUBDOMAIN_MAX)
		return false;
	for (;; text += part + 1) {
		part = strcspn(text, ".");
		if (!is_dns_part(text, part))
			return false;
		if (text[part] == '\0')
			return true;
	}
}

/* Digits with at most one point and `places` digits behind it, into value times 10^places; moves
 * `text` behind them. False without a digit, with too many places, or when too large. */
static bool
decimal(const char **text, int places, int64_t *value)
{
	bool point = false, any = false;
	int behind = 0;

	*value = 0;
	for (;; (*text)++) {
		if (**text == '.' && !point) {
			point = true;
			continue;
		}
		if (**text < '0' || **text > '9')
			break;
		any = true;
		if (point && behind == places) {
			if (**text != '0')
				return false;
			continue;
		}
		behind += point;
		if (__builtin_mul_overflow(*value, INT64_C(10), value) ||
		    __builtin_add_overflow(*value, (int64_t)(**text - '0'), value))
			return false;
	}
	for (; behind < places; behind++)
		if (__builtin_mul_overflow(*value, INT64_C(10), value))
			return false;
	return any;
}

static const struct unit {
	const char *name; /* a longer name stands before its beginning */
	int64_t nanoseconds;
} units[] = {
	{ "ns", 1 },           { "us", 1000 },  { "µs", 1000 },  { "μs", 1000 },
	{ "ms", MILLISECOND }, { "s", SECOND }, { "m", MINUTE }, { "h", HOUR },
};

static const struct unit *
unit_at(const char *text)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (text_starts(text, units[i].name))
			return &units[i];
	return NULL;
}

bool
text_duration(const char *text, int64_t *nanoseconds, struct err *err)
{
	const char *at = text;
	int64_t total = 0;

	if (strcmp(text, "0") == 0) {
		*nanoseconds = 0;
		return true;
	}
	do {
		const struct unit *unit;
		int64_t micro; /* of the unit: six places */
		int64_t part;

		if (!decimal(&at, 6, &micro) || (unit = unit_at(at)) == NULL)
			goto bad;
		at += strlen(unit->name);
		if (__builtin_mul_overflow(micro / 1000000, unit->nanoseconds, &part) ||
		    __builtin_add_overflow(total, part, &total) ||
		    __builtin_add_overflow(total, micro % 1000000 * unit->nanoseconds / 1000000,
					   &total))
			goto bad;
	} while (*at != '\0');
	*nanoseconds = total;
	return true;
bad:
	return err_set(err, ERR_INPUT, "\"%s\" is not a duration; write 500ms, 2s, 1m30s or 0.",
		       text);
}

bool
text_percent(const char *text, int64_t *ppm, struct err *err)
{
	const char *at = text;
	int64_t value; /* percent times 10^4 is parts per million */

	if (!decimal(&at, 4, &value) || value > 1000000)
		goto bad;
	if (*at == ' ')
		at++;
	if (*at == '%')
		at++;
	if (*at != '\0')
		goto bad;
	*ppm = value;
	return true;
bad:
	return err_set(err, ERR_INPUT,
		       "\"%s\" is not a percentage; write 0 to 100 with up to 4 decimals, "
		       "such as 25 or 12.5.",
		       text);
}

bool
text_integer(const char *text, int64_t low, int64_t high, int64_t *value, struct err *err)
{
	const char *at = text + (*text == '-');
	int64_t number = 0;

	if (*at == '\0')
		goto bad;
	for (; *at >= '0' && *at <= '9'; at++)
		if (__builtin_mul_overflow(number, INT64_C(10), &number) ||
		    __builtin_sub_overflow(number, (int64_t)(*at - '0'), &number))
			goto bad;
	if (*at != '\0' || (*text != '-' && number == INT64_MIN))
		goto bad;
	if (*text != '-')
		number = -number;
	if (number < low || number > high)
		goto bad;
	*value = number;
	return true;
bad:
	return err_set(err, ERR_INPUT, "\"%s\" is not a whole number from %lld to %lld.", text,
		       (long long)low, (long long)high);
}

bool
text_age(struct buf *out, int64_t nanoseconds)
{
	if (nanoseconds < 0)
		nanoseconds = 0;
	if (nanoseconds < 10 * SECOND)
		return buf_printf(out, "%d.%ds", (int)(nanoseconds / SECOND),
				  (int)(nanoseconds % SECOND / (SECOND / 10)));
	if (nanoseconds < MINUTE)
		return buf_printf(out, "%ds", (int)(nanoseconds / SECOND));
	if (nanoseconds < HOUR)
		return buf_printf(out, "%dm", (int)(nanoseconds / MINUTE));
	if (nanoseconds < 24 * HOUR)
		return buf_printf(out, "%dh", (int)(nanoseconds / HOUR));
	return buf_printf(out, "%lldd", (long long)(nanoseconds / (24 * HOUR)));
}

bool
text_ppm(struct buf *out, int64_t ppm)
{
	char decimals[8];
	int length = 4;

	if (ppm < 0) {
		buf_putc(out, '-');
		ppm = -ppm;
	}
	for (int64_t rest = ppm % 10000, i = 4; i > 0; i--, rest /= 10)
		decimals[i - 1] = (char)('0' + rest % 10);
	while (length > 0 && decimals[length - 1] == '0')
		length--;
	return buf_printf(out, "%lld%s%.*s %%", (long long)(ppm / 10000), length > 0 ? "." : "",
			  length, decimals);
}

bool
text_shell_word(struct buf *out, const char *text)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "_@%+=:,./-";

	if (*text != '\0' && text[strspn(text, safe)] == '\0')
		return buf_puts(out, text);
	buf_putc(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *text);
	}
	return buf_putc(out, '\'');
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The value of a base64 character, 0 to 63, or -1. */
static int
sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool
text_base64_decode(struct buf *out, const char *text, size_t length)
{
	uint32_t bits = 0;
	size_t count = 0, padding = 0; /* characters of the group so far */

	for (size_t i = 0; i < length; i++) {
		int value = sextet(text[i]);

		if (text[i] == '\r' || text[i] == '\n' || text[i] == ' ')
			continue;
		if (text[i] == '=' && count >= 2 && padding < 2)
			padding++;
		else if (value < 0 || padding > 0)
			return false;
		bits = bits << 6 | (uint32_t)(value < 0 ? 0 : value);
		if (++count < 4)
			continue;
		for (size_t byte = 0; byte < 3 - padding; byte++)
			if (!buf_putc(out, (char)(bits >> (16 - 8 * byte))))
				return false;
		count = 0;
		bits = 0;
	}
	return count == 0;
}

bool
text_base64_encode(struct buf *out, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i;
		uint32_t bits = (uint32_t)(unsigned char)bytes[i] << 16;
		char four[4] = { 0, 0, '=', '=' };

		if (left > 1)
			bits |= (uint32_t)(unsigned char)bytes[i + 1] << 8;
		if (left > 2)
			bits |= (unsigned char)bytes[i + 2];
		for (size_t k = 0; k < (left > 2 ? 4 : left + 1); k++)
			four[k] = alphabet[bits >> (18 - 6 * k) & 63];
		if (!buf_add(out, four, 4))
			return false;
	}
	return !out->full;
}
