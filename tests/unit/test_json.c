#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/base/json.h"

static struct json *
parsed(const char *text)
{
	struct err err = { .text = "" };
	struct json *json = json_parse(text, strlen(text), &err);

	assert_string_equal(err.text, "");
	assert_non_null(json);
	return json;
}

static void
assert_prints(const struct json *json, const char *expected)
{
	char *text = json_text(json);

	assert_string_equal(text, expected);
	free(text);
}

static void
assert_reprints(const char *text, const char *expected)
{
	struct json *json = parsed(text);

	assert_prints(json, expected);
	json_free(json);
}

static void
assert_refused(const char *text, const char *message)
{
	struct err err = { .text = "" };

	assert_null(json_parse(text, strlen(text), &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.text, message);
}

static void
values_are_printed_as_they_were_read(void **state)
{
	(void)state;
	assert_reprints(" {\"a\" : [1, -2.5, true, false, null], \"b\":{}, \"c\":[]} \n",
			"{\"a\":[1,-2.5,true,false,null],\"b\":{},\"c\":[]}");
	assert_reprints("\"plain\"", "\"plain\"");
}

static void
strings_are_printed_so_that_a_yaml_reader_takes_them(void **state)
{
	(void)state;
	assert_reprints("\"\\/\\ud83d\\ude00\"", "\"/😀\"");
	assert_reprints("\"\x7f \xc2\x85 \\u009f \xc2\xa0\"",
			"\"\\u007f \\u0085 \\u009f \xc2\xa0\"");
	assert_reprints("\"\\u0001\\n\\t\\\"\\\\\"", "\"\\u0001\\n\\t\\\"\\\\\"");
	assert_reprints("\"\xef\xbf\xbe\"", "\"\\ufffe\"");
}

static void
numbers_keep_their_value(void **state)
{
	(void)state;
	assert_reprints("[9007199254740991, -9007199254740991, 4294967296, 1e3]",
			"[9007199254740991,-9007199254740991,4294967296,1000]");
	assert_reprints("[0.1, 0.30000000000000004, 1e300, 1.5E-7]",
			"[0.1,0.30000000000000004,1e+300,1.5e-07]");
}

static void
integers_beyond_an_int_are_set_and_got_exactly(void **state)
{
	struct json *object = json_new_object();

	(void)state;
	json_set_integer(object, "n", INT64_C(1767225600123));
	assert_prints(object, "{\"n\":1767225600123}");
	assert_true(json_integer_at(object, "n", -1) == INT64_C(1767225600123));
	json_free(object);
}

static void
an_integer_that_is_none_gives_the_fallback(void **state)
{
	struct json *json = parsed("{\"a\":1.5,\"b\":1e300,\"c\":\"7\",\"d\":2.0}");

	(void)state;
	assert_int_equal(json_integer_at(json, "a", -1), -1);
	assert_int_equal(json_integer_at(json, "b", -1), -1);
	assert_int_equal(json_integer_at(json, "c", -1), -1);
	assert_int_equal(json_integer_at(json, "d", -1), 2);
	assert_int_equal(json_integer_at(json, "e", -1), -1);
	json_free(json);
}

static void
what_is_not_strict_json_is_refused_with_its_place(void **state)
{
	(void)state;
	assert_refused("", "This is not valid JSON: a value is missing (byte 1).");
	assert_refused("[1] x", "This is not valid JSON: something follows the value (byte 5).");
	assert_refused("[1,]", "This is not valid JSON: a value is missing (byte 4).");
	assert_refused("{\"a\" 1}", "This is not valid JSON: ':' is missing after a key (byte 6).");
	assert_refused("{a:1}", "This is not valid JSON: a key in quotes is missing (byte 2).");
	assert_refused("[1", "This is not valid JSON: it ends too early (byte 3).");
	assert_refused("\"a", "This is not valid JSON: it ends inside a string (byte 3).");
	assert_refused("\"\\u0000\"",
		       "This is not valid JSON: a string contains \\u0000 (byte 8).");
	assert_refused("\"a\nb\"",
		       "This is not valid JSON: a control character in a string (byte 3).");
	assert_refused("\"\xff\"", "This is not valid JSON: a string is not UTF-8 (byte 2).");
	assert_refused("\"\\ud800x\"",
		       "This is not valid JSON: half of a surrogate pair stands alone (byte 8).");
	assert_refused("\"\\x\"",
		       "This is not valid JSON: an escape that JSON does not have (byte 3).");
	assert_refused("01", "This is not valid JSON: a number begins with 0 (byte 2).");
	assert_refused("1.", "This is not valid JSON: a number lacks a digit (byte 3).");
	assert_refused("nul", "This is not valid JSON: a value is missing (byte 1).");
	assert_refused("1e999", "This JSON has a number too large to keep.");
}

static void
a_nul_byte_does_not_end_the_text(void **state)
{
	struct err err;

	(void)state;
	assert_null(json_parse("[1]\0[2]", 7, &err));
	assert_string_equal(err.text,
			    "This is not valid JSON: something follows the value (byte 4).");
}

/* `depth` brackets open and close. */
static char *
nested(size_t depth)
{
	char *text = malloc(2 * depth + 1);

	assert_non_null(text);
	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	text[2 * depth] = '\0';
	return text;
}

static void
nesting_ends_at_200(void **state)
{
	char *fine = nested(200), *deep = nested(201), *abyss = nested(1000000);

	(void)state;
	json_free(parsed(fine));
	assert_refused(deep, "This is not valid JSON: it is nested more than 200 deep (byte 201).");
	assert_refused(abyss,
		       "This is not valid JSON: it is nested more than 200 deep (byte 201).");
	free(fine);
	free(deep);
	free(abyss);
}

/* {"k0":0,"k1":1,...} with the last key being `last`. */
static char *
wide(size_t count, const char *last)
{
	struct buf out;
	char *text;

	buf_init(&out, 8 * BUF_MIB);
	buf_putc(&out, '{');
	for (size_t i = 0; i < count; i++)
		buf_printf(&out, "\"k%zu\":%zu,", i, i);
	buf_printf(&out, "\"%s\":0}", last);
	text = buf_take(&out);
	buf_release(&out);
	return text;
}

static void
a_key_that_stands_twice_is_refused(void **state)
{
	char *large = wide(200000, "k7"), *fine = wide(200000, "last");

	(void)state;
	assert_refused("{\"a\":1,\"b\":{\"c\":1,\"c\":2}}",
		       "This JSON has the key \"c\" twice in one object.");
	assert_refused(large, "This JSON has the key \"k7\" twice in one object.");
	json_free(parsed(fine));
	json_free(parsed("{\"a\":1,\"A\":2}"));
	free(large);
	free(fine);
}

static void
paths_name_members_and_elements(void **state)
{
	struct json *json =
		parsed("{\"spec\":{\"rules\":[{\"refs\":[10,20]}]},\"a.b\":\"dotted\"}");

	(void)state;
	assert_int_equal(json_integer_at(json, "spec.rules[0].refs[1]", 0), 20);
	assert_null(json_at(json, "spec.rules[1].refs"));
	assert_null(json_at(json, "spec.rule"));
	assert_null(json_at(json, "spec.rules.refs"));
	assert_ptr_equal(json_at(json, ""), json);
	assert_string_equal(json_string(json_get(json, "a.b")), "dotted");
	assert_null(json_get(json, "Spec"));
	json_free(json);
}

static void
lookups_take_nothing_and_wrong_types(void **state)
{
	struct json *text = json_new_string("x");

	(void)state;
	assert_null(json_get(NULL, "a"));
	assert_null(json_get(text, "a"));
	assert_null(json_at(NULL, "a.b"));
	assert_null(json_first(text));
	assert_null(json_item(text, 0));
	assert_int_equal(json_count(NULL), 0);
	assert_true(json_bool(text, true));
	assert_null(json_string(NULL));
	assert_int_equal(json_type(NULL), JSON_NULL);
	json_free(text);
}

static void
setting_replaces_in_place_and_keeps_the_order(void **state)
{
	struct json *object = parsed("{\"a\":1,\"b\":2,\"c\":3}");

	(void)state;
	json_set_string(object, "b", "two");
	json_set_bool(object, "d", true);
	json_set_string(object, "e", NULL);
	json_set_object(object, "c");
	json_set_string(json_set_object(object, "c"), "x", "y");
	assert_prints(object, "{\"a\":1,\"b\":\"two\",\"c\":{\"x\":\"y\"},\"d\":true}");
	assert_true(json_remove(object, "d"));
	assert_false(json_remove(object, "d"));
	json_append(json_set_array(object, "l"), json_new_null());
	assert_prints(object, "{\"a\":1,\"b\":\"two\",\"c\":{\"x\":\"y\"},\"l\":[null]}");
	json_free(object);
}

static void
arrays_are_edited_at_any_place(void **state)
{
	struct json *array = parsed("[1,2,3]");

	(void)state;
	json_insert(array, 0, json_new_integer(0));
	json_insert(array, 4, json_new_integer(9));
	json_insert(array, 1, json_new_string("half"));
	assert_prints(array, "[0,\"half\",1,2,3,9]");
	json_remove_item(array, 1);
	json_replace(array, 2, json_new_string("two"));
	assert_prints(array, "[0,1,\"two\",3,9]");
	assert_true(json_remove_item(array, 4));
	assert_false(json_remove_item(array, 4));
	assert_true(json_remove_item(array, 0));
	json_append(array, json_new_bool(false));
	assert_prints(array, "[1,\"two\",3,false]");
	assert_null(json_replace(array, 7, json_new_null()));
	json_free(array);
}

static void
a_detached_member_moves_to_another_parent(void **state)
{
	struct json *from = parsed("{\"a\":{\"x\":1},\"b\":2}"), *to = json_new_array();
	struct json *moved = json_detach(from, "a");

	(void)state;
	assert_null(json_detach(from, "a"));
	json_append(to, moved);
	assert_null(json_key(moved));
	assert_prints(to, "[{\"x\":1}]");
	assert_prints(from, "{\"b\":2}");
	json_free(from);
	json_free(to);
}

static void
a_value_given_to_the_wrong_parent_is_freed(void **state)
{
	struct json *array = json_new_array(), *object = json_new_object();

	(void)state;
	assert_null(json_set(array, "a", json_new_string("x")));
	assert_null(json_append(object, json_new_string("x")));
	assert_null(json_append(object, NULL));
	json_free(array);
	json_free(object);
}

static bool
equal(const char *a, const char *b)
{
	struct json *x = parsed(a), *y = parsed(b);
	bool same = json_equal(x, y);

	json_free(x);
	json_free(y);
	return same;
}

static void
equality_ignores_key_order_and_nothing_else(void **state)
{
	(void)state;
	assert_true(equal("{\"a\":1,\"b\":[1,2]}", "{\"b\":[1,2.0],\"a\":1.0}"));
	assert_false(equal("[1,2]", "[2,1]"));
	assert_false(equal("[1,2]", "[1]"));
	assert_false(equal("{\"a\":1}", "{\"a\":1,\"b\":1}"));
	assert_false(equal("{\"a\":null}", "{\"b\":null}"));
	assert_false(equal("true", "false"));
	assert_false(equal("1", "\"1\""));
	assert_true(json_equal(NULL, NULL));
}

static void
a_clone_is_equal_and_apart(void **state)
{
	struct json *json = parsed("{\"a\":[1,{\"b\":\"c\"}]}"), *copy = json_clone(json);

	(void)state;
	assert_true(json_equal(json, copy));
	json_set_string(copy, "a", "other");
	assert_prints(json, "{\"a\":[1,{\"b\":\"c\"}]}");
	json_free(json);
	json_free(copy);
}

static void
pretty_printing_indents_by_two(void **state)
{
	struct json *json = parsed("{\"a\":[1,{}],\"b\":\"c\"}");
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_true(json_print_pretty(json, &out));
	assert_string_equal(out.bytes, "{\n"
				       "  \"a\": [\n"
				       "    1,\n"
				       "    {}\n"
				       "  ],\n"
				       "  \"b\": \"c\"\n"
				       "}");
	buf_release(&out);
	json_free(json);
}

static void
printing_into_too_little_room_is_told(void **state)
{
	struct json *json = parsed("{\"a\":\"bcdef\"}");
	struct buf out;

	(void)state;
	buf_init(&out, 8);
	assert_false(json_print(json, &out));
	buf_release(&out);
	json_free(json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_printed_as_they_were_read),
		cmocka_unit_test(strings_are_printed_so_that_a_yaml_reader_takes_them),
		cmocka_unit_test(numbers_keep_their_value),
		cmocka_unit_test(integers_beyond_an_int_are_set_and_got_exactly),
		cmocka_unit_test(an_integer_that_is_none_gives_the_fallback),
		cmocka_unit_test(what_is_not_strict_json_is_refused_with_its_place),
		cmocka_unit_test(a_nul_byte_does_not_end_the_text),
		cmocka_unit_test(nesting_ends_at_200),
		cmocka_unit_test(a_key_that_stands_twice_is_refused),
		cmocka_unit_test(paths_name_members_and_elements),
		cmocka_unit_test(lookups_take_nothing_and_wrong_types),
		cmocka_unit_test(setting_replaces_in_place_and_keeps_the_order),
		cmocka_unit_test(arrays_are_edited_at_any_place),
		cmocka_unit_test(a_detached_member_moves_to_another_parent),
		cmocka_unit_test(a_value_given_to_the_wrong_parent_is_freed),
		cmocka_unit_test(equality_ignores_key_order_and_nothing_else),
		cmocka_unit_test(a_clone_is_equal_and_apart),
		cmocka_unit_test(pretty_printing_indents_by_two),
		cmocka_unit_test(printing_into_too_little_room_is_told),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
