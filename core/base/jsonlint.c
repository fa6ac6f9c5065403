#include "core/base/jsonlint.h"

#include <string.h>

#include "core/base/utf8.h"

struct lint {
	const char *at, *end;
	const char *wrong; /* why it stopped; NULL as long as all is well */
	int depth;
};

static bool check_value(struct lint *lint);

static bool
stop(struct lint *lint, const char *wrong)
{
	lint->wrong = wrong;
	return false;
}

static void
skip_space(struct lint *lint)
{
	while (lint->at < lint->end &&
	       (*lint->at == ' ' || *lint->at == '\n' || *lint->at == '\r' || *lint->at == '\t'))
		lint->at++;
}

/* The next byte that is not white space, 0 at the end. */
static char
peek(struct lint *lint)
{
	skip_space(lint);
	return lint->at < lint->end ? *lint->at : '\0';
}

static bool
is_digit(const struct lint *lint)
{
	return lint->at < lint->end && *lint->at >= '0' && *lint->at <= '9';
}

/* Four hexadecimal digits into `unit`, a UTF-16 code unit. */
static bool
check_hex(struct lint *lint, unsigned *unit)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";

	*unit = 0;
	for (int i = 0; i < 4; i++, lint->at++) {
		const char *digit = NULL;

		if (lint->at < lint->end && *lint->at != '\0')
			digit = strchr(digits, *lint->at);
		if (digit == NULL)
			return stop(lint, "\\u needs four hexadecimal digits");
		*unit = *unit << 4 | ((unsigned)(digit - digits) & 15);
	}
	return true;
}

static bool
check_unicode(struct lint *lint)
{
	unsigned unit, low;

	if (!check_hex(lint, &unit))
		return false;
	if (unit == 0)
		return stop(lint, "a string contains \\u0000");
	if (unit < 0xD800 || unit > 0xDFFF)
		return true;
	if (unit > 0xDBFF || lint->end - lint->at < 2 || lint->at[0] != '\\' || lint->at[1] != 'u')
		return stop(lint, "half of a surrogate pair stands alone");
	lint->at += 2;
	if (!check_hex(lint, &low))
		return false;
	if (low < 0xDC00 || low > 0xDFFF)
		return stop(lint, "half of a surrogate pair stands alone");
	return true;
}

static bool
check_escape(struct lint *lint)
{
	char kind = ++lint->at < lint->end ? *lint->at : '\0';

	if (kind == '\0' || strchr("\"\\/bfnrtu", kind) == NULL)
		return stop(lint, "an escape that JSON does not have");
	lint->at++;
	return kind == 'u' ? check_unicode(lint) : true;
}

static bool
check_string(struct lint *lint)
{
	uint32_t code;
	size_t size;

	lint->at++;
	while (lint->at < lint->end) {
		unsigned char byte = (unsigned char)*lint->at;

		if (byte == '"') {
			lint->at++;
			return true;
		}
		if (byte == '\\') {
			if (!check_escape(lint))
				return false;
		} else if (byte < 0x20) {
			return stop(lint, "a control character in a string");
		} else if (byte < 0x80) {
			lint->at++;
		} else {
			size = utf8_decode(lint->at, (size_t)(lint->end - lint->at), &code);
			if (size == 0)
				return stop(lint, "a string is not UTF-8");
			lint->at += size;
		}
	}
	return stop(lint, "it ends inside a string");
}

static bool
check_digits(struct lint *lint)
{
	if (!is_digit(lint))
		return stop(lint, "a number lacks a digit");
	while (is_digit(lint))
		lint->at++;
	return true;
}

static bool
check_number(struct lint *lint)
{
	if (*lint->at == '-')
		lint->at++;
	if (is_digit(lint) && *lint->at == '0') {
		lint->at++;
		if (is_digit(lint))
			return stop(lint, "a number begins with 0");
	} else if (!check_digits(lint)) {
		return false;
	}
	if (lint->at < lint->end && *lint->at == '.') {
		lint->at++;
		if (!check_digits(lint))
			return false;
	}
	if (lint->at < lint->end && (*lint->at == 'e' || *lint->at == 'E')) {
		lint->at++;
		if (lint->at < lint->end && (*lint->at == '+' || *lint->at == '-'))
			lint->at++;
		return check_digits(lint);
	}
	return true;
}

static bool
check_word(struct lint *lint)
{
	static const char *const words[] = { "true", "false", "null" };

	for (int i = 0; i < 3; i++) {
		size_t length = strlen(words[i]);

		if ((size_t)(lint->end - lint->at) >= length &&
		    memcmp(lint->at, words[i], length) == 0) {
			lint->at += length;
			return true;
		}
	}
	return stop(lint, "a value is missing");
}

/* Members up to and with `close`; the opening bracket is behind. */
static bool
check_members(struct lint *lint, char close)
{
	if (peek(lint) == close) {
		lint->at++;
		return true;
	}
	for (;;) {
		char next;

		if (close == '}') {
			if (peek(lint) != '"')
				return stop(lint, "a key in quotes is missing");
			if (!check_string(lint))
				return false;
			if (peek(lint) != ':')
				return stop(lint, "':' is missing after a key");
			lint->at++;
		}
		if (!check_value(lint))
			return false;
		next = peek(lint);
		if (next != ',' && next != close)
			return stop(lint, lint->at == lint->end ? "it ends too early"
								: "',' or a bracket is missing");
		lint->at++;
		if (next == close)
			return true;
	}
}

static bool
check_value(struct lint *lint)
{
	char next = peek(lint);
	bool fine;

	if (next == '"')
		return check_string(lint);
	if (next == '-' || is_digit(lint))
		return check_number(lint);
	if (next != '{' && next != '[')
		return check_word(lint);
	if (++lint->depth > JSONLINT_DEPTH)
		return stop(lint, "it is nested more than 200 deep");
	lint->at++;
	fine = check_members(lint, next == '{' ? '}' : ']');
	lint->depth--;
	return fine;
}

bool
jsonlint_check(const char *text, size_t length, struct err *err)
{
	struct lint lint = { .at = text, .end = text + length };

	if (check_value(&lint)) {
		skip_space(&lint);
		if (lint.at == lint.end)
			return true;
		lint.wrong = "something follows the value";
	}
	return err_set(err, ERR_INPUT, "This is not valid JSON: %s (byte %zu).", lint.wrong,
		       (size_t)(lint.at - text) + 1);
}
