#include "core/base/json_print.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/utf8.h"

/* The largest range in which every integer is a double. */
#define EXACT 9007199254740992.0

/* What follows the backslash for a byte below 0x60; 0 for \u00XX. */
static const char shorts[0x60] = {
	['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',  ['\f'] = 'f',
	['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\',
};

static bool
is_plain(char c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/* One character that needs thought: returns how many bytes it took. */
static size_t
print_character(struct buf *out, const char *text)
{
	uint32_t code;
	size_t size = utf8_decode(text, strnlen(text, 4), &code);

	if (size == 0) {
		buf_puts(out, UTF8_REPLACEMENT);
		return 1;
	}
	if (code < sizeof(shorts) && shorts[code] != 0) {
		buf_putc(out, '\\');
		buf_putc(out, shorts[code]);
	} else if (code < 0xA0 || code == 0xFEFF || code == 0xFFFE || code == 0xFFFF) {
		buf_printf(out, "\\u%04x", (unsigned)code);
	} else {
		buf_add(out, text, size);
	}
	return size;
}

bool
json_print_string(struct buf *out, const char *text)
{
	buf_putc(out, '"');
	while (*text != '\0') {
		size_t run = 0;

		while (is_plain(text[run]))
			run++;
		if (run == 0)
			run = print_character(out, text);
		else if (!buf_add(out, text, run))
			return false;
		text += run;
	}
	return buf_putc(out, '"');
}

/* The C library writes the decimal point of the user's locale; JSON has only one. */
static bool
add_with_point(struct buf *out, const char *digits)
{
	size_t whole = strspn(digits, "+-0123456789eE");
	size_t point = strcspn(digits + whole, "0123456789");

	buf_add(out, digits, whole);
	if (point > 0)
		buf_putc(out, '.');
	return buf_puts(out, digits + whole + point);
}

bool
json_print_number(struct buf *out, double number)
{
	char digits[40];

	if (!isfinite(number))
		return buf_puts(out, "null");
	if (fabs(number) <= EXACT && number == trunc(number))
		return buf_printf(out, "%lld", (long long)number);
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(digits, sizeof(digits), "%.*g", precision, number);
		if (strtod(digits, NULL) == number)
			break;
	}
	return add_with_point(out, digits);
}

static bool
line(struct buf *out, enum json_print_style style, int depth)
{
	if (style == JSON_PRINT_COMPACT)
		return true;
	return buf_printf(out, "\n%*s", 2 * depth, "");
}

static bool
print_at(struct buf *out, const struct json *json, enum json_print_style style, int depth);

static bool
print_members(struct buf *out, const struct json *json, enum json_print_style style, int depth)
{
	bool object = json_type(json) == JSON_OBJECT;
	const struct json *member = json_first(json);

	if (member == NULL)
		return buf_puts(out, object ? "{}" : "[]");
	buf_putc(out, object ? '{' : '[');
	for (; member != NULL; member = json_next(member)) {
		line(out, style, depth + 1);
		if (object) {
			json_print_string(out, json_key(member));
			buf_puts(out, style == JSON_PRINT_PRETTY ? ": " : ":");
		}
		if (!print_at(out, member, style, depth + 1))
			return false;
		if (json_next(member) != NULL)
			buf_putc(out, ',');
	}
	line(out, style, depth);
	return buf_putc(out, object ? '}' : ']');
}

static bool
print_at(struct buf *out, const struct json *json, enum json_print_style style, int depth)
{
	switch (json_type(json)) {
	case JSON_NULL:
		return buf_puts(out, "null");
	case JSON_BOOL:
		return buf_puts(out, json_bool(json, false) ? "true" : "false");
	case JSON_NUMBER:
		return json_print_number(out, json_number(json, 0));
	case JSON_STRING:
		return json_print_string(out, json_string(json));
	case JSON_ARRAY:
	case JSON_OBJECT:
		return print_members(out, json, style, depth);
	}
	return false;
}

bool
json_print_value(struct buf *out, const struct json *json, enum json_print_style style)
{
	return print_at(out, json, style, 0);
}
