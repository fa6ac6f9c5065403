#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/demo/schema.h"

#define PATH_CAP  (8 * BUF_KIB)
#define VALUE_CAP (64 * BUF_KIB)

struct check {
	struct patterns *patterns;
	struct status *errors;
	struct buf path;
};

static void check_value(struct check *check, const struct json *schema, const struct json *value);

/* As validation/field prints a bad value: strings quoted, the rest as JSON. */
static void
add_invalid(struct check *check, const struct json *value, const char *what)
{
	struct buf text;

	buf_init(&text, VALUE_CAP);
	json_print(value, &text);
	status_cause(check->errors, "FieldValueInvalid", check->path.bytes,
		     "Invalid value: %s: %s%s%s", text.bytes, check->path.bytes,
		     *what == ' ' ? " in body" : "", what);
	buf_release(&text);
}

static const char *
type_name(const struct json *value)
{
	switch (json_type(value)) {
	case JSON_NULL:
		return "null";
	case JSON_BOOL:
		return "boolean";
	case JSON_STRING:
		return "string";
	case JSON_ARRAY:
		return "array";
	case JSON_OBJECT:
		return "object";
	case JSON_NUMBER:
		break;
	}
	return json_number(value, 0) == floor(json_number(value, 0)) ? "integer" : "number";
}

static bool
has_type(const struct json *schema, const struct json *value)
{
	const char *wanted = json_string_at(schema, "type");
	const char *is = type_name(value);

	if (json_bool_at(schema, "x-kubernetes-int-or-string", false))
		return text_equal(is, "integer") || text_equal(is, "string");
	if (!wanted || text_equal(wanted, is) ||
	    (text_equal(wanted, "number") && text_equal(is, "integer")))
		return true;
	return text_equal(is, "null") && json_bool_at(schema, "nullable", false);
}

static bool
check_type(struct check *check, const struct json *schema, const struct json *value)
{
	const char *is = type_name(value);

	if (has_type(schema, value))
		return true;
	status_cause(check->errors, "FieldValueTypeInvalid", check->path.bytes,
		     "Invalid value: \"%s\": %s in body must be of type %s: \"%s\"", is,
		     check->path.bytes, json_string_at(schema, "type"), is);
	return false;
}

static void
check_enum(struct check *check, const struct json *schema, const struct json *value)
{
	const struct json *allowed = json_get(schema, "enum");
	struct buf text;

	if (!allowed)
		return;
	for (const struct json *a = json_first(allowed); a; a = json_next(a)) {
		if (json_equal(a, value))
			return;
	}
	buf_init(&text, VALUE_CAP);
	buf_puts(&text, "Unsupported value: ");
	json_print(value, &text);
	buf_puts(&text, ": supported values: ");
	for (const struct json *a = json_first(allowed); a; a = json_next(a)) {
		buf_puts(&text, a == json_first(allowed) ? "" : ", ");
		json_print(a, &text);
	}
	status_cause(check->errors, "FieldValueNotSupported", check->path.bytes, "%s", text.bytes);
	buf_release(&text);
}

static size_t
count_characters(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

static void
check_string(struct check *check, const struct json *schema, const struct json *value)
{
	const char *text = json_string(value);
	int64_t least = json_integer_at(schema, "minLength", 0),
		most = json_integer_at(schema, "maxLength", INT64_MAX);
	int64_t length = (int64_t)count_characters(text);
	const char *pattern = json_string_at(schema, "pattern");
	const char *format = json_string_at(schema, "format");
	int64_t when;
	char what[1200];

	if (length > most)
		status_cause(check->errors, "FieldValueTooLong", check->path.bytes,
			     "Too long: may not be more than %" PRId64 " %s", most,
			     most == 1 ? "byte" : "bytes");
	if (length < least) {
		snprintf(what, sizeof(what), " should be at least %" PRId64 " chars long", least);
		add_invalid(check, value, what);
	}
	if (pattern && !patterns_match(check->patterns, pattern, text)) {
		snprintf(what, sizeof(what), " should match '%s'", pattern);
		add_invalid(check, value, what);
	}
	if (text_equal(format, "date-time") && !clock_parse_rfc3339(text, &when)) {
		snprintf(what, sizeof(what), " must be of type date-time: \"%.900s\"", text);
		add_invalid(check, value, what);
	}
}

static void
check_number(struct check *check, const struct json *schema, const struct json *value)
{
	double number = json_number(value, 0);
	const char *format = json_string_at(schema, "format");
	double least = json_number(json_get(schema, "minimum"), -INFINITY);
	double most = json_number(json_get(schema, "maximum"), INFINITY);
	char what[120];

	if (text_equal(format, "int32") && most > INT32_MAX)
		most = INT32_MAX;
	if (text_equal(format, "int32") && least < INT32_MIN)
		least = INT32_MIN;
	if (number < least) {
		snprintf(what, sizeof(what), " should be greater than or equal to %.15g", least);
		add_invalid(check, value, what);
	}
	if (number > most) {
		snprintf(what, sizeof(what), " should be less than or equal to %.15g", most);
		add_invalid(check, value, what);
	}
}

static void
check_count(struct check *check, const struct json *value, int64_t least, int64_t most,
	    const char *of)
{
	int64_t count = (int64_t)json_count(value);
	char what[120];

	if (count > most)
		status_cause(check->errors, "FieldValueTooMany", check->path.bytes,
			     "Too many: %" PRId64 ": must have at most %" PRId64 " %s", count, most,
			     most == 1 ? "item" : "items");
	if (count < least) {
		snprintf(what, sizeof(what), " should have at least %" PRId64 " %s", least, of);
		add_invalid(check, value, what);
	}
}

static void
check_duplicates(struct check *check, const struct json *schema, const struct json *value)
{
	const char *type = json_string_at(schema, "x-kubernetes-list-type");
	const struct json *keys = text_equal(type, "map") ? schema_keys(schema) : NULL;
	size_t here = check->path.length, index = 0;

	if (!keys && !text_equal(type, "set"))
		return;
	for (const struct json *e = json_first(value); e; e = json_next(e), index++) {
		struct json *identity = keys ? json_new_object() : json_clone(e);
		struct buf text;
		bool twice = false;

		for (const struct json *k = json_first(keys); k; k = json_next(k))
			json_set(identity, json_string(k), json_clone(json_get(e, json_string(k))));
		for (const struct json *o = json_first(value); o != e && !twice; o = json_next(o)) {
			twice = !keys && json_equal(o, e);
			if (keys) {
				twice = true;
				for (const struct json *k = json_first(keys); k; k = json_next(k))
					twice = twice && json_equal(json_get(o, json_string(k)),
								    json_get(e, json_string(k)));
			}
		}
		if (twice) {
			buf_init(&text, VALUE_CAP);
			json_print(identity, &text);
			buf_printf(&check->path, "[%zu]", index);
			status_cause(check->errors, "FieldValueDuplicate", check->path.bytes,
				     "Duplicate value: %s", text.bytes);
			check->path.length = here;
			check->path.bytes[here] = '\0';
			buf_release(&text);
		}
		json_free(identity);
	}
}

static void
check_array(struct check *check, const struct json *schema, const struct json *value)
{
	size_t here = check->path.length, index = 0;

	check_count(check, value, json_integer_at(schema, "minItems", 0),
		    json_integer_at(schema, "maxItems", INT64_MAX), "items");
	check_duplicates(check, schema, value);
	if (!schema_items(schema))
		return;
	for (const struct json *e = json_first(value); e; e = json_next(e)) {
		buf_printf(&check->path, "[%zu]", index++);
		check_value(check, schema_items(schema), e);
		check->path.length = here;
		check->path.bytes[here] = '\0';
	}
}

static void
check_object(struct check *check, const struct json *schema, const struct json *value)
{
	size_t here = check->path.length;

	check_count(check, value, json_integer_at(schema, "minProperties", 0),
		    json_integer_at(schema, "maxProperties", INT64_MAX), "properties");
	for (const struct json *r = json_first(json_get(schema, "required")); r; r = json_next(r)) {
		if (json_get(value, json_string(r)))
			continue;
		buf_printf(&check->path, "%s%s", here ? "." : "", json_string(r));
		status_cause(check->errors, "FieldValueRequired", check->path.bytes,
			     "Required value");
		check->path.length = here;
		check->path.bytes[here] = '\0';
	}
	for (const struct json *m = json_first(value); m; m = json_next(m)) {
		const struct json *member = schema_member(schema, json_key(m));

		if (!member)
			continue;
		buf_puts(&check->path, here ? "." : "");
		buf_puts(&check->path, json_key(m));
		check_value(check, member, m);
		check->path.length = here;
		check->path.bytes[here] = '\0';
	}
}

/* Whether the value would pass one branch of anyOf, oneOf or not. */
static bool
passes(struct check *check, const struct json *schema, const struct json *value)
{
	struct status quiet;
	struct check inner = { .patterns = check->patterns, .errors = &quiet };
	bool good;

	status_init(&quiet);
	buf_init(&inner.path, PATH_CAP);
	check_value(&inner, schema, value);
	good = json_count(quiet.causes) == 0;
	buf_release(&inner.path);
	status_release(&quiet);
	return good;
}

static size_t
count_passes(struct check *check, const struct json *branches, const struct json *value)
{
	size_t good = 0;

	for (const struct json *b = json_first(branches); b; b = json_next(b))
		good += passes(check, b, value);
	return good;
}

static void
check_branches(struct check *check, const struct json *schema, const struct json *value)
{
	const struct json *any = json_get(schema, "anyOf"), *one = json_get(schema, "oneOf");
	const struct json *not = json_get(schema, "not");
	const char *path = check->path.bytes;

	if (any && count_passes(check, any, value) == 0)
		status_cause(
			check->errors, "FieldValueInvalid", path,
			"Invalid value: \"\": \"%s\" must validate at least one schema (anyOf)",
			path);
	if (one && count_passes(check, one, value) != 1)
		status_cause(
			check->errors, "FieldValueInvalid", path,
			"Invalid value: \"\": \"%s\" must validate one and only one schema (oneOf)",
			path);
	if (not &&passes(check, not, value))
		status_cause(check->errors, "FieldValueInvalid", path,
			     "Invalid value: \"\": \"%s\" must not validate the schema (not)",
			     path);
	for (const struct json *b = json_first(json_get(schema, "allOf")); b; b = json_next(b))
		check_value(check, b, value);
}

static void
check_value(struct check *check, const struct json *schema, const struct json *value)
{
	if (!schema || !check_type(check, schema, value))
		return;
	check_enum(check, schema, value);
	switch (json_type(value)) {
	case JSON_STRING:
		check_string(check, schema, value);
		break;
	case JSON_NUMBER:
		check_number(check, schema, value);
		break;
	case JSON_ARRAY:
		check_array(check, schema, value);
		break;
	case JSON_OBJECT:
		check_object(check, schema, value);
		break;
	case JSON_NULL:
	case JSON_BOOL:
		break;
	}
	check_branches(check, schema, value);
}

void
schema_validate(struct patterns *patterns, const struct json *schema, const struct json *value,
		struct status *errors)
{
	struct check check = { .patterns = patterns, .errors = errors };
	size_t before = json_count(errors->causes);

	buf_init(&check.path, PATH_CAP);
	check_value(&check, schema, value);
	buf_release(&check.path);
	if (json_count(errors->causes) > before && schema_has_rules(schema))
		status_cause(errors, "FieldValueInvalid", "<nil>",
			     "Invalid value: null: some validation rules were not checked because "
			     "the object was "
			     "invalid; correct the existing errors to complete validation");
}
