#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/demo/schema.h"

static struct json *
parsed(const char *text)
{
	struct json *json = json_parse(text, strlen(text), NULL);

	assert_non_null(json);
	return json;
}

/* What the server would say of `value`, after "T \"x\" is invalid: "; "" when it is fine. */
static void
expect_verdict(const char *schema, const char *value, const char *expected)
{
	static const char lead[] = "T \"x\" is invalid: ";
	struct patterns *patterns = patterns_new();
	struct json *rules = parsed(schema), *object = parsed(value);
	struct status status;

	status_init(&status);
	schema_validate(patterns, rules, object, &status);
	status_invalid(&status, "", "T", "x");
	assert_string_equal(status.code ? status.message.bytes + sizeof(lead) - 1 : "", expected);
	status_release(&status);
	patterns_free(patterns);
	json_free(rules);
	json_free(object);
}

static void
expect_pruned(const char *schema, const char *value, const char *expected, const char *unknown)
{
	struct json *rules = parsed(schema), *object = parsed(value);
	struct buf lines;
	char *text;

	buf_init(&lines, BUF_KIB);
	schema_prune(rules, object, &lines);
	text = json_text(object);
	assert_string_equal(text, expected);
	assert_string_equal(lines.bytes, unknown);
	free(text);
	buf_release(&lines);
	json_free(rules);
	json_free(object);
}

static void
expect_defaulted(const char *schema, const char *value, const char *expected)
{
	struct json *rules = parsed(schema), *object = parsed(value);
	char *text;

	schema_default(rules, object);
	text = json_text(object);
	assert_string_equal(text, expected);
	free(text);
	json_free(rules);
	json_free(object);
}

#define ONE(schema) "{\"type\":\"object\",\"properties\":{\"a\":" schema "}}"

static void
a_value_out_of_bounds_is_named_with_its_path(void **state)
{
	(void)state;
	expect_verdict(ONE("{\"type\":\"integer\",\"minimum\":1,\"maximum\":9}"), "{\"a\":5}", "");
	expect_verdict(ONE("{\"type\":\"integer\",\"minimum\":1}"), "{\"a\":0}",
		       "a: Invalid value: 0: a in body should be greater than or equal to 1");
	expect_verdict(ONE("{\"type\":\"integer\",\"maximum\":9}"), "{\"a\":10}",
		       "a: Invalid value: 10: a in body should be less than or equal to 9");
	expect_verdict(ONE("{\"type\":\"string\",\"maxLength\":2}"), "{\"a\":\"xyz\"}",
		       "a: Too long: may not be more than 2 bytes");
	expect_verdict(ONE("{\"type\":\"string\",\"maxLength\":2}"), "{\"a\":\"\xc3\xa4\xc3\xa4\"}",
		       "");
	expect_verdict(ONE("{\"type\":\"string\",\"minLength\":1}"), "{\"a\":\"\"}",
		       "a: Invalid value: \"\": a in body should be at least 1 chars long");
	expect_verdict(ONE("{\"type\":\"array\",\"maxItems\":1}"), "{\"a\":[1,2]}",
		       "a: Too many: 2: must have at most 1 item");
	expect_verdict(ONE("{\"type\":\"array\",\"minItems\":1}"), "{\"a\":[]}",
		       "a: Invalid value: []: a in body should have at least 1 items");
	expect_verdict(ONE("{\"type\":\"string\",\"enum\":[\"x\",\"y\"]}"), "{\"a\":\"z\"}",
		       "a: Unsupported value: \"z\": supported values: \"x\", \"y\"");
}

static void
a_wrong_type_names_both(void **state)
{
	(void)state;
	expect_verdict(
		ONE("{\"type\":\"integer\"}"), "{\"a\":\"x\"}",
		"a: Invalid value: \"string\": a in body must be of type integer: \"string\"");
	expect_verdict(
		ONE("{\"type\":\"integer\"}"), "{\"a\":1.5}",
		"a: Invalid value: \"number\": a in body must be of type integer: \"number\"");
	expect_verdict(ONE("{\"type\":\"string\"}"), "{\"a\":null}",
		       "a: Invalid value: \"null\": a in body must be of type string: \"null\"");
	expect_verdict(ONE("{\"type\":\"string\",\"nullable\":true}"), "{\"a\":null}", "");
	expect_verdict(ONE("{\"x-kubernetes-int-or-string\":true}"), "{\"a\":\"80\"}", "");
}

static void
several_faults_are_one_refusal(void **state)
{
	(void)state;
	expect_verdict("{\"type\":\"object\",\"required\":[\"a\",\"b\"]}", "{}",
		       "[a: Required value, b: Required value]");
	expect_verdict(
		ONE("{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"n\"]}}"),
		"{\"a\":[{\"n\":1},{}]}", "a[1].n: Required value");
}

static void
unchecked_rules_are_confessed(void **state)
{
	(void)state;
	expect_verdict("{\"type\":\"object\",\"required\":[\"a\"],\"x-kubernetes-validations\":[{"
		       "\"rule\":\"true\"}]}",
		       "{}",
		       "[a: Required value, <nil>: Invalid value: null: some validation rules were "
		       "not checked because the "
		       "object was invalid; correct the existing errors to complete validation]");
}

static void
patterns_of_go_are_understood(void **state)
{
	(void)state;
	expect_verdict(ONE("{\"type\":\"string\",\"pattern\":\"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$\"}"),
		       "{\"a\":\"llm-route\"}", "");
	expect_verdict(ONE("{\"type\":\"string\",\"pattern\":\"^\\\\d+(?:ms|s)$\"}"),
		       "{\"a\":\"300ms\"}", "");
	expect_verdict(ONE("{\"type\":\"string\",\"pattern\":\"^[\\\\-x\\\\x60]+$\"}"),
		       "{\"a\":\"x-`\"}", "");
	expect_verdict(ONE("{\"type\":\"string\",\"pattern\":\"^[a-z]+$\"}"), "{\"a\":\"A\"}",
		       "a: Invalid value: \"A\": a in body should match '^[a-z]+$'");
}

static void
a_key_twice_in_a_keyed_list_is_refused(void **state)
{
	(void)state;
	expect_verdict(ONE("{\"type\":\"array\",\"x-kubernetes-list-type\":\"map\",\"x-kubernetes-"
			   "list-map-keys\":[\"n\"]}"),
		       "{\"a\":[{\"n\":\"x\"},{\"n\":\"x\"}]}",
		       "a[1]: Duplicate value: {\"n\":\"x\"}");
}

static void
branches_are_counted(void **state)
{
	(void)state;
	expect_verdict(ONE("{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}"),
		       "{\"a\":\"x\"}", "");
	expect_verdict(ONE("{\"not\":{\"enum\":[\"x\"]}}"), "{\"a\":\"x\"}",
		       "a: Invalid value: \"\": \"a\" must not validate the schema (not)");
	expect_verdict(
		ONE("{\"oneOf\":[{\"type\":\"integer\"},{\"minimum\":1}]}"), "{\"a\":2}",
		"a: Invalid value: \"\": \"a\" must validate one and only one schema (oneOf)");
}

static void
what_is_not_declared_goes(void **state)
{
	(void)state;
	expect_pruned(ONE("{\"type\":\"object\",\"properties\":{\"b\":{}}}"),
		      "{\"a\":{\"b\":1,\"c\":2},\"d\":3}", "{\"a\":{\"b\":1}}",
		      "unknown field \"a.c\"\nunknown field \"d\"\n");
	expect_pruned(ONE("{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{}}}"),
		      "{\"a\":[{\"x\":1}]}", "{\"a\":[{}]}", "unknown field \"a[0].x\"\n");
	expect_pruned(ONE("{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}"),
		      "{\"a\":{\"x\":1}}", "{\"a\":{\"x\":1}}", "");
	expect_pruned(ONE("{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}"),
		      "{\"a\":{\"x\":\"1\"}}", "{\"a\":{\"x\":\"1\"}}", "");
}

static void
defaults_fill_what_is_missing_at_any_depth(void **state)
{
	(void)state;
	expect_defaulted(ONE("{\"default\":{},\"properties\":{\"b\":{\"default\":\"Service\"}}}"),
			 "{}", "{\"a\":{\"b\":\"Service\"}}");
	expect_defaulted(ONE("{\"items\":{\"properties\":{\"w\":{\"default\":1}}}}"),
			 "{\"a\":[{\"w\":0},{}]}", "{\"a\":[{\"w\":0},{\"w\":1}]}");
	expect_defaulted(ONE("{\"default\":\"x\"}"), "{\"a\":null}", "{\"a\":\"x\"}");
	expect_defaulted(ONE("{\"default\":\"x\",\"nullable\":true}"), "{\"a\":null}",
			 "{\"a\":null}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_out_of_bounds_is_named_with_its_path),
		cmocka_unit_test(a_wrong_type_names_both),
		cmocka_unit_test(several_faults_are_one_refusal),
		cmocka_unit_test(unchecked_rules_are_confessed),
		cmocka_unit_test(patterns_of_go_are_understood),
		cmocka_unit_test(a_key_twice_in_a_keyed_list_is_refused),
		cmocka_unit_test(branches_are_counted),
		cmocka_unit_test(what_is_not_declared_goes),
		cmocka_unit_test(defaults_fill_what_is_missing_at_any_depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
