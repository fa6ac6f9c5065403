#include "core/base/scalar.h"

#include <stdint.h>
#include <string.h>

#define NUMBER_MAX 60 /* characters; longer ones are strings */

static const struct word {
	const char *text;
	enum json_type type; /* JSON_STRING: another reader takes it for something else */
	bool value;
} words[] = {
	{ .text = "", .type = JSON_NULL },
	{ .text = "~", .type = JSON_NULL },
	{ .text = "null", .type = JSON_NULL },
	{ .text = "Null", .type = JSON_NULL },
	{ .text = "NULL", .type = JSON_NULL },
	{ .text = "true", .type = JSON_BOOL, .value = true },
	{ .text = "True", .type = JSON_BOOL, .value = true },
	{ .text = "TRUE", .type = JSON_BOOL, .value = true },
	{ .text = "false", .type = JSON_BOOL },
	{ .text = "False", .type = JSON_BOOL },
	{ .text = "FALSE", .type = JSON_BOOL },
	{ .text = "y", .type = JSON_STRING },
	{ .text = "Y", .type = JSON_STRING },
	{ .text = "yes", .type = JSON_STRING },
	{ .text = "Yes", .type = JSON_STRING },
	{ .text = "YES", .type = JSON_STRING },
	{ .text = "on", .type = JSON_STRING },
	{ .text = "On", .type = JSON_STRING },
	{ .text = "ON", .type = JSON_STRING },
	{ .text = "n", .type = JSON_STRING },
	{ .text = "N", .type = JSON_STRING },
	{ .text = "no", .type = JSON_STRING },
	{ .text = "No", .type = JSON_STRING },
	{ .text = "NO", .type = JSON_STRING },
	{ .text = "off", .type = JSON_STRING },
	{ .text = "Off", .type = JSON_STRING },
	{ .text = "OFF", .type = JSON_STRING },
	{ .text = ".inf", .type = JSON_STRING },
	{ .text = ".Inf", .type = JSON_STRING },
	{ .text = ".INF", .type = JSON_STRING },
	{ .text = "+.inf", .type = JSON_STRING },
	{ .text = "+.Inf", .type = JSON_STRING },
	{ .text = "+.INF", .type = JSON_STRING },
	{ .text = "-.inf", .type = JSON_STRING },
	{ .text = "-.Inf", .type = JSON_STRING },
	{ .text = "-.INF", .type = JSON_STRING },
	{ .text = ".nan", .type = JSON_STRING },
	{ .text = ".NaN", .type = JSON_STRING },
	{ .text = ".NAN", .type = JSON_STRING },
	{ .text = "<<", .type = JSON_STRING },
	{ .text = "=", .type = JSON_STRING },
};

static const struct word *
word_of(const char *text)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].text, text) == 0)
			return &words[i];
	return NULL;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
digit_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/* All of `text` as digits of `base`; false when empty, something else, or beyond 64 bits. */
static bool
whole(const char *text, unsigned base, uint64_t *value)
{
	*value = 0;
	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		int digit = digit_value(*text);

		if (digit >= (int)base || __builtin_mul_overflow(*value, base, value) ||
		    __builtin_add_overflow(*value, (unsigned)digit, value))
			return false;
	}
	return true;
}

/* 0x1F, 0o17, 0b11 and 017; the sign is behind. */
static struct json *
prefixed(const char *digits, bool negative)
{
	uint64_t value;
	bool fits;

	if (digits[0] != '0' || digits[1] == '\0')
		return NULL;
	if (digits[1] == 'x')
		fits = whole(digits + 2, 16, &value);
	else if (digits[1] == 'o')
		fits = whole(digits + 2, 8, &value);
	else if (digits[1] == 'b')
		fits = whole(digits + 2, 2, &value);
	else
		fits = whole(digits + 1, 8, &value);
	return fits ? json_new_number(negative ? -(double)value : (double)value) : NULL;
}

/* A decimal number put into JSON's form (one zero at most in front, digits on both sides of the
 * point) and read there, which knows no locale; the sign is behind. NULL when it is none. */
static struct json *
decimal(const char *digits, bool negative)
{
	char json[NUMBER_MAX + 8], *out = json;
	const char *start = digits;
	size_t behind;

	if (negative)
		*out++ = '-';
	while (digits[0] == '0' && is_digit(digits[1]))
		digits++;
	if (!is_digit(*digits))
		*out++ = '0';
	while (is_digit(*digits))
		*out++ = *digits++;
	if (*digits == '.') {
		behind = strspn(digits + 1, "0123456789");
		if (behind == 0 && digits == start)
			return NULL;
		if (behind > 0) {
			memcpy(out, digits, behind + 1);
			out += behind + 1;
		}
		digits += behind + 1;
	}
	if (digits == start)
		return NULL;
	memcpy(out, digits, strlen(digits) + 1);
	/* What is left may only be an exponent. */
	if (*digits != '\0' && *digits != 'e' && *digits != 'E')
		return NULL;
	return json_parse(json, strlen(json), NULL);
}

static struct json *
number(const char *text)
{
	char digits[NUMBER_MAX + 1];
	bool negative = *text == '-';
	size_t length = 0;
	struct json *value;

	if (*text == '-' || *text == '+')
		text++;
	if (!is_digit(*text) && *text != '.')
		return NULL;
	for (; *text != '\0'; text++) {
		if (*text == '_')
			continue;
		if (length == NUMBER_MAX)
			return NULL;
		digits[length++] = *text;
	}
	digits[length] = '\0';
	value = prefixed(digits, negative);
	return value != NULL ? value : decimal(digits, negative);
}

struct json *
scalar_word(const char *text)
{
	const struct word *word = word_of(text);

	if (word == NULL || word->type == JSON_STRING)
		return NULL;
	return word->type == JSON_NULL ? json_new_null() : json_new_bool(word->value);
}

struct json *
scalar_value(const char *text)
{
	struct json *value = scalar_word(text);

	if (value == NULL)
		value = number(text);
	return value != NULL ? value : json_new_string(text);
}

/* 2026-01-31, alone or before a time. */
static bool
is_date(const char *text)
{
	if (strspn(text, "0123456789") != 4 || text[4] != '-')
		return false;
	text += 5;
	for (int part = 0; part < 2; part++) {
		size_t length = strspn(text, "0123456789");

		if (length < 1 || length > 2)
			return false;
		text += length;
		if (part == 0 && *text++ != '-')
			return false;
	}
	return *text == '\0' || *text == 'T' || *text == 't' || *text == ' ' || *text == '\t';
}

/* 1:30, which YAML 1.1 reads as ninety. */
static bool
is_sexagesimal(const char *text)
{
	bool colon = false;

	if (*text == '-' || *text == '+')
		text++;
	if (!is_digit(*text))
		return false;
	for (; *text != '\0'; text++) {
		colon |= *text == ':';
		if (!is_digit(*text) && *text != ':' && *text != '.' && *text != '_')
			return false;
	}
	return colon;
}

bool
scalar_is_ambiguous(const char *text)
{
	struct json *value;

	if (word_of(text) != NULL || is_date(text) || is_sexagesimal(text))
		return true;
	value = number(text);
	json_free(value);
	return value != NULL;
}
