#include "core/demo/repeat.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* Digits a sum may have, so that it cannot overflow. */
#define DIGITS_MAX 9
#define TEXT_MAX   (64 * BUF_KIB)

static bool
read_number(const char **at, int64_t i, int64_t *number)
{
	int digits = 0;

	if (**at == 'i') {
		(*at)++;
		*number = i;
		return true;
	}
	for (*number = 0; isdigit((unsigned char)**at) && digits < DIGITS_MAX; (*at)++, digits++)
		*number = *number * 10 + (**at - '0');
	return digits > 0;
}

static bool
apply(int64_t *sum, char sign, int64_t number)
{
	switch (sign) {
	case '+':
		return !__builtin_add_overflow(*sum, number, sum);
	case '-':
		return !__builtin_sub_overflow(*sum, number, sum);
	case '*':
		return !__builtin_mul_overflow(*sum, number, sum);
	case '/':
		*sum = number == 0 ? 0 : *sum / number;
		return number != 0;
	case '%':
		*sum = number == 0 ? 0 : *sum % number;
		return number != 0;
	default:
		return false;
	}
}

/* What stands between "${" and "}"; `at` is left behind the brace. */
static bool
expand(struct buf *out, const char **at, int64_t i)
{
	int64_t sum;
	int64_t number;
	int64_t width = 0;
	char sign;

	if (!read_number(at, i, &sum))
		return false;
	while (**at != '}') {
		sign = *(*at)++;
		if (sign == '\0' || !read_number(at, i, &number))
			return false;
		if (sign == ':') {
			width = number;
			break;
		}
		if (!apply(&sum, sign, number))
			return false;
	}
	if (*(*at)++ != '}' || width > DIGITS_MAX)
		return false;
	return buf_printf(out, "%0*" PRId64, (int)width, sum);
}

bool
repeat_text(struct buf *out, const char *template, int64_t i, struct err *err)
{
	const char *at = template;
	const char *mark;

	while ((mark = strstr(at, "${")) != NULL) {
		buf_add(out, at, (size_t)(mark - at));
		at = mark + 2;
		if (!expand(out, &at, i))
			return err_set(err, ERR_INPUT,
				       "\"%.200s\" holds a ${...} that is none: it takes i and "
				       "whole numbers with + - * / %%, "
				       "and :width at the end",
				       template);
	}
	buf_puts(out, at);
	if (out->full)
		return err_set(err, ERR_INPUT, "\"%.200s...\" is too long", template);
	return true;
}

static struct json *
repeat_string(const char *text, int64_t i, struct err *err)
{
	struct json *value = NULL;
	struct buf out;

	if (strstr(text, "${") == NULL)
		return json_new_string(text);
	buf_init(&out, TEXT_MAX);
	if (repeat_text(&out, text, i, err))
		value = json_new_string(out.bytes);
	buf_release(&out);
	return value;
}

static struct json *
repeat_object(const struct json *template, int64_t i, struct err *err)
{
	struct json *object = json_new_object();
	struct json *value;
	const struct json *member;
	struct buf key;
	bool fine = true;

	buf_init(&key, TEXT_MAX);
	for (member = json_first(template); fine && member != NULL; member = json_next(member)) {
		buf_clear(&key);
		value = repeat_value(member, i, err);
		fine = value != NULL && repeat_text(&key, json_key(member), i, err);
		if (fine)
			json_set(object, key.bytes, value);
		else
			json_free(value);
	}
	buf_release(&key);
	if (fine)
		return object;
	json_free(object);
	return NULL;
}

static struct json *
repeat_array(const struct json *template, int64_t i, struct err *err)
{
	struct json *array = json_new_array();
	struct json *value;
	const struct json *element;

	for (element = json_first(template); element != NULL; element = json_next(element)) {
		value = repeat_value(element, i, err);
		if (value == NULL) {
			json_free(array);
			return NULL;
		}
		json_append(array, value);
	}
	return array;
}

struct json *
repeat_value(const struct json *template, int64_t i, struct err *err)
{
	switch (json_type(template)) {
	case JSON_STRING:
		return repeat_string(json_string(template), i, err);
	case JSON_OBJECT:
		return repeat_object(template, i, err);
	case JSON_ARRAY:
		return repeat_array(template, i, err);
	default:
		return template == NULL ? json_new_null() : json_clone(template);
	}
}
