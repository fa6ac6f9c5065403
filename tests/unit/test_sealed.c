/* What is given to helm by --set and nobody else may see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/migrate/sealed.h"

static void
a_value_is_sealed_when_its_key_looks_like_a_secret(void **state)
{
	static const struct {
		const char *set, *shown;
	} rows[] = {
		{ "auth.password=hunter2hunter2", "auth.password=***" },
		{ "apiToken=abc", "apiToken=***" },
		{ "API_KEY=abc", "API_KEY=***" },
		{ "client.secretRef[0].value=x", "client.secretRef[0].value=***" },
		{ "registry.Credentials={a,b}", "registry.Credentials=***" },
		{ "replicas=2,db.passwd=a\\,b,x=y", "replicas=2,db.passwd=***,x=y" },
		{ "token=a=b", "token=***" },
		{ "replicas=2", "replicas=2" },
		{ "image.tag=token", "image.tag=token" },
		{ "token=", "token=" },
		{ "token", "token" },
		{ "", "" },
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(sealed_word(rows[i].set, &arena), rows[i].shown);
	assert_ptr_equal(sealed_word(rows[7].set, &arena), rows[7].set);
	arena_release(&arena);
}

static void
what_was_sealed_is_put_back_in_its_order(void **state)
{
	const char *const sets[] = { "replicas=2", "token=one", "token=two", NULL };
	const char *argv[] = { "helm",      "install", "--set",     "replicas=2", "--set",
			       "token=***", "--set",   "token=***", NULL };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_true(sealed_open(argv, sets, &arena));
	assert_string_equal(argv[3], "replicas=2");
	assert_string_equal(argv[5], "token=one");
	assert_string_equal(argv[7], "token=two");
	arena_release(&arena);
}

static void
a_value_that_is_not_given_again_is_missed(void **state)
{
	const char *const others[] = { "password=x", NULL };
	const char *argv[] = { "helm", "--set", "token=***", NULL };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_false(sealed_open(argv, others, &arena));
	assert_false(sealed_open(argv, NULL, &arena));
	arena_release(&arena);
}

static const char *
hidden(const char *text, const char *const *sets, struct buf *out)
{
	buf_init(out, BUF_MIB);
	sealed_hide(out, text, strlen(text), sets);
	return out->length > 0 ? out->bytes : "";
}

static void
it_is_hidden_wherever_it_stands_in_a_text(void **state)
{
	const char *const sets[] = { "a.token=s3cr\\,et,replicas=400000", "tls.key=enabled",
				     "key=true", NULL };
	struct buf out;

	(void)state;
	assert_string_equal(hidden("s3cr,et and s3cr,ets3cr,et, 400000", sets, &out),
			    "*** and ******, 400000");
	buf_release(&out);
	assert_string_equal(hidden("it is enabled: true", sets, &out), "it is enabled: true");
	buf_release(&out);
	assert_string_equal(hidden("", sets, &out), "");
	buf_release(&out);
	assert_string_equal(hidden("as it is", NULL, &out), "as it is");
	buf_release(&out);
}

static void
and_in_every_string_of_a_manifest(void **state)
{
	const char *const sets[] = { "token=hunter22", NULL };
	const char *text = "{\"a\":[\"x\",\"Bearer hunter22\"],\"b\":{\"c\":\"hunter22\",\"d\":1}}";
	struct json *json = json_parse(text, strlen(text), NULL);
	char *shown;

	(void)state;
	sealed_hide_json(json, sets);
	shown = json_text(json);
	assert_string_equal(shown, "{\"a\":[\"x\",\"Bearer ***\"],\"b\":{\"c\":\"***\",\"d\":1}}");
	free(shown);
	json_free(json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_sealed_when_its_key_looks_like_a_secret),
		cmocka_unit_test(what_was_sealed_is_put_back_in_its_order),
		cmocka_unit_test(a_value_that_is_not_given_again_is_missed),
		cmocka_unit_test(it_is_hidden_wherever_it_stands_in_a_text),
		cmocka_unit_test(and_in_every_string_of_a_manifest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
