#include "core/base/yamlprint.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/scalar.h"
#include "core/base/utf8.h"

/* Bytes; kubectl writes longer keys behind "? ", and YAML must at 1024 with quotes and escapes. */
#define SIMPLE_KEY_MAX 128

struct printer {
	struct buf *out;
	enum yamlprint_order order;
};

/* What keeps a text out of the plainer styles. */
struct traits {
	bool special;     /* a character that only double quotes can write */
	bool lines;       /* a line feed */
	bool space_break; /* a space before a line feed or at the end of several lines */
	bool syntax;      /* something YAML would read as structure */
};

static bool
is_printable(uint32_t code)
{
	if (code == 0x2028 || code == 0x2029 || code == 0xFEFF)
		return false;
	return (code >= 0x20 && code < 0x7F) || (code >= 0xA0 && code <= 0xFFFD);
}

/* Whether plain text that begins so would be an indicator (YAML 1.2 §5.3, §7.3.3). */
static bool
begins_syntax(const char *text)
{
	char next = text[0] == '\0' ? '\0' : text[1];

	if (strchr("#,[]{}&*!|>'\"%@` ", text[0]) != NULL)
		return true;
	if (strchr("-?:", text[0]) != NULL && (next == '\0' || next == ' '))
		return true;
	return strncmp(text, "---", 3) == 0 || strncmp(text, "...", 3) == 0;
}

static struct traits
traits_of(const char *text)
{
	struct traits traits = { .syntax = begins_syntax(text) };
	size_t length = strlen(text);
	uint32_t code;

	for (size_t i = 0, size; i < length; i += size) {
		char next = text[i + 1];

		size = utf8_decode(text + i, length - i, &code);
		traits.lines |= text[i] == '\n';
		traits.special |= text[i] != '\n' && (size == 0 || !is_printable(code));
		traits.space_break |= text[i] == ' ' && (next == '\n' || next == '\0');
		traits.syntax |= text[i] == ':' && (next == '\0' || next == ' ');
		traits.syntax |= text[i] == ' ' && (next == '\0' || next == '#');
		size += size == 0;
	}
	return traits;
}

static bool
single_quoted(struct buf *out, const char *text)
{
	buf_putc(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			buf_putc(out, '\'');
		buf_putc(out, *text);
	}
	return buf_putc(out, '\'');
}

static size_t
escaped(struct buf *out, const char *text)
{
	static const char names[0x60] = {
		['\a'] = 'a', ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\v'] = 'v',
		['\f'] = 'f', ['\r'] = 'r', [0x1B] = 'e', ['"'] = '"',  ['\\'] = '\\',
	};
	uint32_t code;
	size_t size = utf8_decode(text, strnlen(text, 4), &code);

	if (size == 0)
		buf_puts(out, UTF8_REPLACEMENT);
	else if (code < sizeof(names) && names[code] != 0)
		buf_printf(out, "\\%c", names[code]);
	else if (is_printable(code))
		buf_add(out, text, size);
	else if (code < 0x100)
		buf_printf(out, "\\x%02X", (unsigned)code);
	else
		buf_printf(out, code < 0x10000 ? "\\u%04X" : "\\U%08X", (unsigned)code);
	return size + (size == 0);
}

static bool
double_quoted(struct buf *out, const char *text)
{
	buf_putc(out, '"');
	while (*text != '\0')
		text += escaped(out, text);
	return buf_putc(out, '"');
}

/* "|" with what says how the end and the first line are meant, then the lines at `indent`. */
static bool
literal(struct buf *out, const char *text, int indent)
{
	size_t length = strlen(text);

	buf_putc(out, '|');
	if (text[0] == ' ' || text[0] == '\n')
		buf_printf(out, "%d", 2);
	if (text[length - 1] != '\n')
		buf_putc(out, '-');
	else if (length == 1 || text[length - 2] == '\n')
		buf_putc(out, '+');
	while (*text != '\0') {
		size_t line = strcspn(text, "\n");

		buf_printf(out, "\n%*s", line > 0 ? indent : 0, "");
		buf_add(out, text, line);
		text += line + (text[line] == '\n');
	}
	return !out->full;
}

/* A key is printed with a negative indent: on one line whatever it holds. */
static bool
print_string(struct buf *out, const char *text, int indent)
{
	struct traits traits = traits_of(text);

	if (traits.lines && indent >= 0 && !traits.special && !traits.space_break)
		return literal(out, text, indent);
	if (traits.lines || traits.special || scalar_is_ambiguous(text))
		return double_quoted(out, text);
	return traits.syntax ? single_quoted(out, text) : buf_puts(out, text);
}

static bool
print_scalar(struct buf *out, const struct json *json, int indent)
{
	switch (json_type(json)) {
	case JSON_STRING:
		return print_string(out, json_string(json), indent);
	case JSON_ARRAY:
		return buf_puts(out, "[]");
	case JSON_OBJECT:
		return buf_puts(out, "{}");
	case JSON_NULL:
	case JSON_BOOL:
	case JSON_NUMBER:
		return json_print(json, out);
	}
	return false;
}

static bool
print_key(struct buf *out, const char *key, int indent)
{
	bool explicit = strlen(key) > SIMPLE_KEY_MAX;

	if (explicit)
		buf_puts(out, "? ");
	print_string(out, key, -1);
	if (explicit)
		buf_printf(out, "\n%*s", indent, "");
	return buf_putc(out, ':');
}

static bool
print_members(const struct printer *printer, const struct json *json, int indent, bool begun);

/* One element or member at `indent`; whoever calls has written the spaces. */
static bool
print_member(const struct printer *printer, const struct json *member, bool object, int indent)
{
	struct buf *out = printer->out;
	bool deep = json_count(member) > 0;

	if (!object) {
		buf_puts(out, "- ");
		if (deep)
			return print_members(printer, member, indent + 2, true);
	} else {
		print_key(out, json_key(member), indent);
		buf_putc(out, deep ? '\n' : ' ');
		if (deep && json_type(member) == JSON_ARRAY)
			return print_members(printer, member, indent, false);
		if (deep)
			return print_members(printer, member, indent + 2, false);
	}
	print_scalar(out, member, indent + 2);
	return buf_putc(out, '\n');
}

/* `begun`: the first stands on a line that is already indented, behind "- ". */
static bool
print_members(const struct printer *printer, const struct json *json, int indent, bool begun)
{
	bool object = json_type(json) == JSON_OBJECT;
	const struct json *member = json_first(json);
	const struct json **sorted = NULL;
	size_t count = json_count(json);

	if (object && printer->order == YAMLPRINT_SORTED)
		sorted = json_sorted(json, &count);
	for (size_t i = 0; i < count; i++, member = json_next(member)) {
		if (i > 0 || !begun)
			buf_printf(printer->out, "%*s", indent, "");
		if (!print_member(printer, sorted != NULL ? sorted[i] : member, object, indent))
			break;
	}
	free(sorted);
	return !printer->out->full;
}

bool
yamlprint_value(struct buf *out, const struct json *json, enum yamlprint_order order)
{
	const struct printer printer = { .out = out, .order = order };

	if (json_count(json) > 0)
		return print_members(&printer, json, 0, false);
	print_scalar(out, json, 2);
	return buf_putc(out, '\n');
}
