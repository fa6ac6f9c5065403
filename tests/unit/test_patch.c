#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/demo/patch.h"

static struct json *
parsed(const char *text)
{
	struct json *json = json_parse(text, strlen(text), NULL);

	assert_non_null(json);
	return json;
}

static void
assert_prints(struct json *json, const char *expected)
{
	char *text = json_text(json);

	assert_string_equal(text, expected);
	free(text);
	json_free(json);
}

static void
expect_json_patch(const char *value, const char *patch, const char *expected)
{
	struct json *from = parsed(value), *operations = parsed(patch), *result;

	assert_int_equal(patch_json(from, operations, &result), PATCH_DONE);
	assert_prints(result, expected);
	json_free(from);
	json_free(operations);
}

static void
expect_refusal(const char *value, const char *patch, enum patch_outcome expected)
{
	struct json *from = parsed(value), *operations = parsed(patch), *result;

	assert_int_equal(patch_json(from, operations, &result), expected);
	assert_null(result);
	json_free(from);
	json_free(operations);
}

static void
expect_merge(const char *value, const char *patch, const char *expected)
{
	struct json *from = parsed(value), *with = parsed(patch);

	assert_prints(patch_merge(from, with), expected);
	json_free(from);
	json_free(with);
}

static void
expect_strategic(const char *schema, const char *value, const char *patch, const char *expected)
{
	struct json *rules = parsed(schema), *from = parsed(value), *with = parsed(patch);

	assert_prints(patch_strategic(rules, from, with), expected);
	json_free(rules);
	json_free(from);
	json_free(with);
}

static void
operations_work_in_order(void **state)
{
	(void)state;
	expect_json_patch("{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/b\",\"value\":2}]",
			  "{\"a\":1,\"b\":2}");
	expect_json_patch("{\"a\":[1,3]}", "[{\"op\":\"add\",\"path\":\"/a/1\",\"value\":2}]",
			  "{\"a\":[1,2,3]}");
	expect_json_patch("{\"a\":[1]}", "[{\"op\":\"add\",\"path\":\"/a/-\",\"value\":2}]",
			  "{\"a\":[1,2]}");
	expect_json_patch("{\"a\":[1,2]}", "[{\"op\":\"remove\",\"path\":\"/a/0\"}]",
			  "{\"a\":[2]}");
	expect_json_patch("{\"a\":{\"w\":1}}",
			  "[{\"op\":\"replace\",\"path\":\"/a/w\",\"value\":9}]",
			  "{\"a\":{\"w\":9}}");
	expect_json_patch("{\"a\":1}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/b\"}]",
			  "{\"b\":1}");
	expect_json_patch("{\"a\":1}", "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"}]",
			  "{\"a\":1,\"b\":1}");
	expect_json_patch("{\"a\":1}",
			  "[{\"op\":\"test\",\"path\":\"/"
			  "a\",\"value\":1.0},{\"op\":\"replace\",\"path\":\"/a\",\"value\":2}]",
			  "{\"a\":2}");
}

static void
a_pointer_escapes_slash_and_tilde(void **state)
{
	(void)state;
	expect_json_patch("{\"x/y\":1,\"t~\":2}",
			  "[{\"op\":\"replace\",\"path\":\"/"
			  "x~1y\",\"value\":3},{\"op\":\"remove\",\"path\":\"/t~0\"}]",
			  "{\"x/y\":3}");
}

static void
what_cannot_be_done_leaves_nothing(void **state)
{
	(void)state;
	expect_refusal("{\"a\":1}", "[{\"op\":\"test\",\"path\":\"/a\",\"value\":2}]",
		       PATCH_FAILED);
	expect_refusal("{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"/b\",\"value\":2}]",
		       PATCH_FAILED);
	expect_refusal("{\"a\":1}", "[{\"op\":\"remove\",\"path\":\"/b/c\"}]", PATCH_FAILED);
	expect_refusal("{\"a\":[1]}", "[{\"op\":\"add\",\"path\":\"/a/2\",\"value\":2}]",
		       PATCH_FAILED);
	expect_refusal("{\"a\":[1]}", "[{\"op\":\"replace\",\"path\":\"/a/01\",\"value\":2}]",
		       PATCH_FAILED);
	expect_refusal("{\"a\":[1]}", "[{\"op\":\"remove\",\"path\":\"/a/1\"}]", PATCH_FAILED);
	expect_refusal("{}", "[{\"op\":\"frob\",\"path\":\"/a\"}]", PATCH_FAILED);
	expect_refusal("{}", "{}", PATCH_UNREADABLE);
	expect_refusal("{}", "[{\"path\":\"/a\"}]", PATCH_UNREADABLE);
}

static void
a_merge_replaces_lists_and_deletes_by_null(void **state)
{
	(void)state;
	expect_merge("{\"a\":{\"b\":1,\"c\":2},\"l\":[1,2]}",
		     "{\"a\":{\"c\":null,\"d\":3},\"l\":[9]}",
		     "{\"a\":{\"b\":1,\"d\":3},\"l\":[9]}");
	expect_merge("{\"a\":1}", "{\"a\":{\"b\":null,\"c\":1}}", "{\"a\":{\"c\":1}}");
}

static const char containers[] =
	"{\"properties\":{\"c\":{\"type\":\"array\",\"x-kubernetes-list-type\":\"map\",\"x-"
	"kubernetes-list-map-keys\":"
	"[\"name\"]},\"f\":{\"type\":\"array\",\"x-kubernetes-list-type\":\"set\"}}}";

static void
a_strategic_merge_meets_list_items_by_key(void **state)
{
	(void)state;
	expect_strategic(containers, "{\"c\":[{\"name\":\"x\",\"v\":1},{\"name\":\"y\",\"v\":1}]}",
			 "{\"c\":[{\"name\":\"y\",\"v\":2},{\"name\":\"z\",\"v\":3}]}",
			 "{\"c\":[{\"name\":\"x\",\"v\":1},{\"name\":\"y\",\"v\":2},{\"name\":"
			 "\"z\",\"v\":3}]}");
	expect_strategic(containers, "{\"c\":[{\"name\":\"x\"},{\"name\":\"y\"}]}",
			 "{\"c\":[{\"name\":\"x\",\"$patch\":\"delete\"}],\"$setElementOrder/"
			 "c\":[{\"name\":\"y\"}]}",
			 "{\"c\":[{\"name\":\"y\"}]}");
	expect_strategic(containers, "{\"f\":[\"a\",\"b\"],\"l\":[1]}",
			 "{\"f\":[\"b\",\"c\"],\"l\":[2],\"$deleteFromPrimitiveList/f\":[\"a\"]}",
			 "{\"f\":[\"b\",\"c\"],\"l\":[2]}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operations_work_in_order),
		cmocka_unit_test(a_pointer_escapes_slash_and_tilde),
		cmocka_unit_test(what_cannot_be_done_leaves_nothing),
		cmocka_unit_test(a_merge_replaces_lists_and_deletes_by_null),
		cmocka_unit_test(a_strategic_merge_meets_list_items_by_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
