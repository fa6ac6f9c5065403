#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/base/yaml.h"

static void
assert_means_as(const char *yaml, enum yaml_scalars scalars, const char *json)
{
	struct err err = { .text = "" };
	struct json *value = yaml_parse(yaml, strlen(yaml), "f", scalars, &err);
	char *text;

	assert_string_equal(err.text, "");
	assert_non_null(value);
	text = json_text(value);
	assert_string_equal(text, json);
	free(text);
	json_free(value);
}

static void
assert_means(const char *yaml, const char *json)
{
	assert_means_as(yaml, YAML_TYPED, json);
}

static void
assert_refused(const char *yaml, const char *message)
{
	struct err err = { .text = "" };

	assert_null(yaml_parse(yaml, strlen(yaml), "f.yaml", YAML_TYPED, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.text, message);
}

static void
assert_printed(const char *json, const char *yaml)
{
	struct json *value = json_parse(json, strlen(json), NULL), *back;
	struct buf out;

	assert_non_null(value);
	buf_init(&out, BUF_MIB);
	assert_true(yaml_print(value, &out));
	assert_string_equal(out.bytes, yaml);
	back = yaml_parse(out.bytes, out.length, "back", YAML_TYPED, NULL);
	assert_true(json_equal(value, back));
	buf_release(&out);
	json_free(back);
	json_free(value);
}

static void
structure_is_read_in_block_and_flow_style(void **state)
{
	(void)state;
	assert_means("a: 1\nb:\n- x\n- {y: z, w: [1, 2]}\n",
		     "{\"a\":1,\"b\":[\"x\",{\"y\":\"z\",\"w\":[1,2]}]}");
	assert_means("a: |\n  one\n  two\nb: >-\n  one\n  two\n",
		     "{\"a\":\"one\\ntwo\\n\",\"b\":\"one two\"}");
	assert_means("---\na: b\n...\n", "{\"a\":\"b\"}");
}

static void
json_is_yaml(void **state)
{
	(void)state;
	assert_means("{\"a\":\"\\ud83d\\ude00\\/\",\"b\":[1]}", "{\"a\":\"😀/\",\"b\":[1]}");
	assert_means_as("{\"token\": 123, \"b\": true}", YAML_STRINGS,
			"{\"token\":\"123\",\"b\":true}");
}

static void
plain_scalars_have_the_types_of_yaml_core(void **state)
{
	(void)state;
	assert_means("{a: null, b: ~, c: Null, d: , e: true, f: FALSE}",
		     "{\"a\":null,\"b\":null,\"c\":null,\"d\":null,\"e\":true,\"f\":false}");
	assert_means("[1, -2, +3, 0x1F, 0o17, 0644, 1_000]", "[1,-2,3,31,15,420,1000]");
	assert_means("[1.5, -.5, 1., 1e3, 1.5E-3, 09]", "[1.5,-0.5,1,1000,0.0015,9]");
	assert_means("[yes, 1:30, 2026-01-31, .inf, 1.2.3, -, e3, 0x]",
		     "[\"yes\",\"1:30\",\"2026-01-31\",\".inf\",\"1.2.3\",\"-\",\"e3\",\"0x\"]");
	assert_means("['1', \"true\", !!str 5, ! 6]", "[\"1\",\"true\",\"5\",\"6\"]");
	assert_means("1: a\ntrue: b\n", "{\"1\":\"a\",\"true\":\"b\"}");
}

static void
only_words_are_typed_where_strings_are_asked_for(void **state)
{
	(void)state;
	assert_means_as("token: 0123\nid: 1e3\ninsecure: true\nnone: null\n", YAML_STRINGS,
			"{\"token\":\"0123\",\"id\":\"1e3\",\"insecure\":true,\"none\":null}");
}

static void
an_empty_document_is_null(void **state)
{
	(void)state;
	assert_means("", "null");
	assert_means("# only a comment\n", "null");
	assert_means("---\n", "null");
}

static void
aliases_are_copies(void **state)
{
	(void)state;
	assert_means("a: &x {k: [1]}\nb: *x\n", "{\"a\":{\"k\":[1]},\"b\":{\"k\":[1]}}");
	assert_refused("a: *x\n",
		       "f.yaml, line 1, column 4: the alias *x has no anchor that is complete.");
	assert_refused("a: &x [*x]\n",
		       "f.yaml, line 1, column 8: the alias *x has no anchor that is complete.");
}

static void
aliases_that_multiply_are_refused(void **state)
{
	struct buf laughs;

	(void)state;
	buf_init(&laughs, BUF_MIB);
	buf_puts(&laughs, "a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 9; i++) {
		buf_printf(&laughs, "a%d: &a%d [", i, i);
		for (int k = 0; k < 9; k++)
			buf_printf(&laughs, "%s*a%d", k > 0 ? ", " : "", i - 1);
		buf_puts(&laughs, "]\n");
	}
	assert_refused(laughs.bytes, "f.yaml, line 5, column 15: its aliases expand to too much.");
	buf_clear(&laughs);
	buf_puts(&laughs, "a: &a x\nb:\n");
	for (int i = 0; i < 101; i++)
		buf_puts(&laughs, "- *a\n");
	assert_refused(laughs.bytes, "f.yaml, line 103, column 3: its aliases expand to too much.");
	buf_release(&laughs);
}

static void
aliases_do_not_get_around_the_depth(void **state)
{
	struct buf deep;

	(void)state;
	buf_init(&deep, BUF_MIB);
	buf_puts(&deep, "a: &a ");
	for (int i = 0; i < 40; i++)
		buf_putc(&deep, '[');
	for (int i = 0; i < 40; i++)
		buf_putc(&deep, ']');
	buf_puts(&deep, "\nb: ");
	for (int i = 0; i < 40; i++)
		buf_putc(&deep, '[');
	buf_puts(&deep, "*a");
	for (int i = 0; i < 40; i++)
		buf_putc(&deep, ']');
	assert_refused(deep.bytes, "f.yaml, line 2, column 44: it is nested more than 64 deep.");
	buf_release(&deep);
}

static void
nesting_ends_at_64(void **state)
{
	char text[131];

	(void)state;
	memset(text, '[', 64);
	memset(text + 64, ']', 64);
	text[128] = '\0';
	json_free(yaml_parse(text, 128, "f", YAML_TYPED, NULL));
	memset(text, '[', 65);
	memset(text + 65, ']', 65);
	text[130] = '\0';
	assert_refused(text, "f.yaml, line 1, column 65: it is nested more than 64 deep.");
}

static void
mistakes_are_told_with_line_and_column(void **state)
{
	(void)state;
	assert_refused("a: 1\nb: 2\na: 3\n",
		       "f.yaml, line 3, column 1: the key \"a\" stands twice.");
	assert_refused("a: [1\nb: 2\n", "f.yaml, line 2, column 2: this is not valid YAML: "
					"did not find expected ',' or ']'.");
	assert_refused("a: b: c\n", "f.yaml, line 1, column 5: this is not valid YAML: "
				    "mapping values are not allowed in this context.");
	assert_refused("? [a]\n: b\n", "f.yaml, line 1, column 3: a key must be a plain text.");
	assert_refused("a: \"\\0\"\n",
		       "f.yaml, line 1, column 4: a string contains a NUL character.");
	assert_refused("a: &b {c: d}\ne:\n  <<: *b\n",
		       "f.yaml, line 3, column 3: "
		       "merge keys (<<) are not taken; write the keys out.");
	assert_refused("a: 1\n---\nb: 1\n", "f.yaml, line 4, column 1: there is more than one "
					    "document, and only one is taken.");
}

static void
a_key_twice_in_a_large_mapping_is_found(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, BUF_MIB);
	for (int i = 0; i < 20000; i++)
		buf_printf(&text, "k%d: 1\n", i);
	buf_puts(&text, "k100: 2\n");
	assert_refused(text.bytes, "f.yaml, line 1, column 1: the key \"k100\" stands twice in "
				   "the mapping that begins here.");
	buf_release(&text);
}

static void
what_is_too_large_is_not_read(void **state)
{
	size_t length = 4 * BUF_MIB + 1;
	char *text = malloc(length);
	struct err err;

	(void)state;
	assert_non_null(text);
	memset(text, '#', length);
	assert_null(yaml_parse(text, length, "f.yaml", YAML_TYPED, &err));
	assert_string_equal(err.text, "f.yaml is larger than 4 MiB; it was not read.");
	free(text);
}

static void
all_documents_of_a_stream_are_read_but_the_empty_ones(void **state)
{
	static const char text[] = "a: &x 1\n---\n# nothing\n---\n- b\n---\n";
	struct json *all = yaml_parse_all(text, strlen(text), "f", BUF_MIB, NULL);
	char *json = json_text(all);
	struct err err;

	(void)state;
	assert_string_equal(json, "[{\"a\":1},[\"b\"]]");
	free(json);
	json_free(all);
	assert_null(yaml_parse_all("a: &x 1\n---\nb: *x\n", 18, "f", BUF_MIB, &err));
	assert_string_equal(err.text,
			    "f, line 3, column 4: the alias *x has no anchor that is complete.");
	assert_null(yaml_parse_all("a: 1\n", 5, "f", 4, &err));
}

static void
objects_look_as_kubectl_prints_them(void **state)
{
	(void)state;
	assert_printed("{\"apiVersion\":\"inference.networking.k8s.io/v1\",\"metadata\":"
		       "{\"creationTimestamp\":\"2026-01-31T14:02:11Z\",\"labels\":{}},"
		       "\"rules\":[{\"refs\":[{\"name\":\"food-review\",\"weight\":25},"
		       "{\"name\":\"base-model\"}]},[],[[1,2],3]],\"none\":null}",
		       "apiVersion: inference.networking.k8s.io/v1\n"
		       "metadata:\n"
		       "  creationTimestamp: \"2026-01-31T14:02:11Z\"\n"
		       "  labels: {}\n"
		       "rules:\n"
		       "- refs:\n"
		       "  - name: food-review\n"
		       "    weight: 25\n"
		       "  - name: base-model\n"
		       "- []\n"
		       "- - - 1\n"
		       "    - 2\n"
		       "  - 3\n"
		       "none: null\n");
}

static void
strings_that_would_read_as_something_else_are_quoted(void **state)
{
	(void)state;
	assert_printed(
		"[\"\",\"true\",\"12\",\"1e3\",\"yes\",\"n\",\"~\",\"1:30\",\"0x1f\",\"<<\"]",
		"- \"\"\n- \"true\"\n- \"12\"\n- \"1e3\"\n- \"yes\"\n- \"n\"\n- \"~\"\n"
		"- \"1:30\"\n- \"0x1f\"\n- \"<<\"\n");
	assert_printed("[\"a: b\",\"# a\",\"a #b\",\"it's\",\"'q'\",\"- x\",\"*\",\"{}\",\" x\","
		       "\"x \",\"a:\",\"%\",\"---\"]",
		       "- 'a: b'\n- '# a'\n- 'a #b'\n- it's\n- '''q'''\n- '- x'\n- '*'\n- '{}'\n"
		       "- ' x'\n- 'x '\n- 'a:'\n- '%'\n- '---'\n");
	assert_printed("[\"a\\tb\",\"\\u0085\",\"\\ud83d\\ude00\",\"\xc3\xa9\",\"\\u001b\"]",
		       "- \"a\\tb\"\n- \"\\x85\"\n- \"\\U0001F600\"\n- \xc3\xa9\n- \"\\e\"\n");
	assert_printed("{\"yes\":1,\"a: b\":2,\"\":3,\"l\\nm\":4}",
		       "\"yes\": 1\n'a: b': 2\n\"\": 3\n\"l\\nm\": 4\n");
}

static void
several_lines_are_printed_as_a_block(void **state)
{
	(void)state;
	assert_printed("{\"a\":\"one\\ntwo\\n\",\"b\":[\"one\\n\\n  two\"],\"c\":\"x\\n\\n\"}",
		       "a: |\n  one\n  two\nb:\n- |-\n  one\n\n    two\nc: |+\n  x\n\n");
	assert_printed("[\" a\\nb\",\"\\n\",\"\\na\"]",
		       "- |2-\n   a\n  b\n- |2+\n\n- |2-\n\n  a\n");
	assert_printed("[\"a \\nb\",\"a\\n \",\"a\\r\\nb\"]",
		       "- \"a \\nb\"\n- \"a\\n \"\n- \"a\\r\\nb\"\n");
	assert_printed("\"a\\nb\\n\"", "|\n  a\n  b\n");
}

static void
a_long_key_is_printed_so_that_it_can_be_read(void **state)
{
	char json[2048], yaml[2048], key[1501];

	(void)state;
	memset(key, 'k', 1500);
	key[1500] = '\0';
	snprintf(json, sizeof(json), "{\"a\":{\"%s\":[1]}}", key);
	snprintf(yaml, sizeof(yaml), "a:\n  ? %s\n  :\n  - 1\n", key);
	assert_printed(json, yaml);
}

static void
sorted_printing_compares_line_by_line(void **state)
{
	static const char text[] = "{\"b\":{\"z\":1,\"y\":2},\"a\":[{\"d\":1,\"c\":2}]}";
	struct json *json = json_parse(text, strlen(text), NULL);
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_true(yaml_print_sorted(json, &out));
	assert_string_equal(out.bytes, "a:\n- c: 2\n  d: 1\nb:\n  \"y\": 2\n  z: 1\n");
	buf_release(&out);
	json_free(json);
}

/* A fixed sequence, so that a failure can be looked at again. */
static unsigned
chance(unsigned *seed, unsigned below)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 16) % below;
}

static void
random_text(unsigned *seed, char *text)
{
	static const char *const pieces[] = {
		"a", " ", "\n", ":",  "#",  "-",      "'",   "\"",       "\\",
		"1", ".", "e",  "\t", "\r", "\u00e9", "😀",   "\xc2\x85", "[",
		"]", "{", ",",  "&",  "*",  "?",      "|",   "true",     "\u2028",
		"~", "%", "!",  "@",  "0",  "_",      "---", "\x7f",     "\ufeff",
	};
	unsigned count = chance(seed, 8);

	text[0] = '\0';
	for (unsigned i = 0; i < count; i++)
		strcat(text, pieces[chance(seed, sizeof(pieces) / sizeof(pieces[0]))]);
}

static struct json *
random_value(unsigned *seed, int depth)
{
	struct json *value;
	unsigned count = chance(seed, 4);
	char text[64];

	switch (depth > 4 ? 2 : chance(seed, 6)) {
	case 0:
	case 1:
		value = json_new_object();
		for (unsigned i = 0; i < count; i++) {
			random_text(seed, text);
			json_set(value, text, random_value(seed, depth + 1));
		}
		return value;
	case 3:
		value = json_new_array();
		for (unsigned i = 0; i < count; i++)
			json_append(value, random_value(seed, depth + 1));
		return value;
	case 4:
		return json_new_number((double)chance(seed, 100000) / 8 - 100);
	default:
		random_text(seed, text);
		return json_new_string(text);
	}
}

static void
whatever_is_printed_is_read_back_equal(void **state)
{
	unsigned seed = 1;
	struct buf out;

	(void)state;
	buf_init(&out, BUF_MIB);
	for (int i = 0; i < 20000; i++) {
		struct json *value = random_value(&seed, 0), *back;
		struct err err = { .text = "" };

		buf_clear(&out);
		assert_true(yaml_print(value, &out));
		back = yaml_parse(out.bytes, out.length, "back", YAML_TYPED, &err);
		if (!json_equal(value, back))
			fail_msg("%s\n%s", err.text, out.bytes);
		json_free(back);
		json_free(value);
	}
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(structure_is_read_in_block_and_flow_style),
		cmocka_unit_test(json_is_yaml),
		cmocka_unit_test(plain_scalars_have_the_types_of_yaml_core),
		cmocka_unit_test(only_words_are_typed_where_strings_are_asked_for),
		cmocka_unit_test(an_empty_document_is_null),
		cmocka_unit_test(aliases_are_copies),
		cmocka_unit_test(aliases_that_multiply_are_refused),
		cmocka_unit_test(aliases_do_not_get_around_the_depth),
		cmocka_unit_test(nesting_ends_at_64),
		cmocka_unit_test(mistakes_are_told_with_line_and_column),
		cmocka_unit_test(a_key_twice_in_a_large_mapping_is_found),
		cmocka_unit_test(what_is_too_large_is_not_read),
		cmocka_unit_test(all_documents_of_a_stream_are_read_but_the_empty_ones),
		cmocka_unit_test(objects_look_as_kubectl_prints_them),
		cmocka_unit_test(strings_that_would_read_as_something_else_are_quoted),
		cmocka_unit_test(several_lines_are_printed_as_a_block),
		cmocka_unit_test(a_long_key_is_printed_so_that_it_can_be_read),
		cmocka_unit_test(sorted_printing_compares_line_by_line),
		cmocka_unit_test(whatever_is_printed_is_read_back_equal),
	};

	return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
