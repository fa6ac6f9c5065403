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
		{ "token={a,{b},x=1", "token=***,x=1" },
		{ "token=a{b,x=1", "token=***,x=1" },
		{ "token=ab,cd,ef,x=1", "token=***,***,***,x=1" },
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
add_words(struct buf *out, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++)
		buf_printf(out, "%s%s", i > 0 ? " | " : "", words[i]);
}

/* Of helm's run with `sets` (NULL-terminated): its arguments, and the texts beside them. */
static void
assert_opened(const char *const *sets, const char *argv, const char *texts)
{
	const char *words[20] = { "helm", "install" };
	struct sealed_run run;
	struct arena arena;
	struct buf out;
	size_t count = 2;

	arena_init(&arena);
	for (size_t i = 0; sets[i] != NULL; i++) {
		words[count++] = "--set";
		words[count++] = sealed_word(sets[i], &arena);
	}
	assert_true(sealed_open(words, sets, &arena, &run));
	buf_init(&out, BUF_MIB);
	add_words(&out, run.argv + 2);
	assert_string_equal(out.length > 0 ? out.bytes : "", argv);
	buf_clear(&out);
	add_words(&out, (const char *const *)run.texts);
	assert_string_equal(out.length > 0 ? out.bytes : "", texts);
	buf_release(&out);
	arena_release(&arena);
}

static void
what_was_sealed_goes_beside_the_arguments(void **state)
{
	static const struct {
		const char *set, *argv, *texts;
	} rows[] = {
		{ "replicas=2", "--set | replicas=2", "" },
		{ "token=abc", "--set-file | token=/dev/fd/3", "abc" },
		{ "a=1,db.password=x y,b={c,d}",
		  "--set-file | db.password=/dev/fd/3 | --set | "
		  "a=1,b={c,d}",
		  "x y" },
		{ "token=a=b,key=c", "--set-file | token=/dev/fd/3 | --set-file | key=/dev/fd/4",
		  "a=b | c" },
		/* Escapes are of --set; those of a key are of --set-file, too. */
		{ "token=a\\,b\\\\c\\=d", "--set-file | token=/dev/fd/3", "a,b\\c=d" },
		{ "token=ab\\", "--set-file | token=/dev/fd/3", "ab" },
		{ "a\\.b/my\\,key=s3", "--set-file | a\\.b/my\\,key=/dev/fd/3", "s3" },
		{ "users[0].name=jane,users[0].password=s3",
		  "--set-file | users[0].password=/dev/fd/3 | --set | users[0].name=jane", "s3" },
		/* A list stays one. */
		{ "keys={a,b\\,c}", "--set-file | keys={/dev/fd/3,/dev/fd/4}", "a | b,c" },
		{ "keys={a,}x=1", "--set-file | keys={/dev/fd/3,/dev/fd/4} | --set | x=1", "a | " },
		{ "keys={a,1}", "--set-file | keys={/dev/fd/3,/dev/fd/4}", "a | 1" },
		{ "keys={a,b", "--set-file | keys={/dev/fd/3,/dev/fd/4", "a | b" },
		{ "token=a{b,x=1", "--set-file | token=/dev/fd/3 | --set | x=1", "a{b" },
		/* What would be no text. */
		{ "token.enabled=true,keyBits=2048,key=NULL",
		  "--set | token.enabled=true,keyBits=2048,key=NULL", "" },
		{ "keys={1,true},keySlot=0", "--set | keys={1,true},keySlot=0", "" },
		{ "keys={}", "--set | keys={}", "" },
		{ "key=-12,token=+7", "--set | key=-12,token=+7", "" },
		{ "key=012,token=-,pwd=1.5",
		  "--set-file | key=/dev/fd/3 | --set-file | token=/dev/fd/4 | --set-file | "
		  "pwd=/dev/fd/5",
		  "012 | - | 1.5" },
		{ "password=123456", "--set-file | password=/dev/fd/3", "123456" },
		/* Helm is to say what is wrong with it. */
		{ "token=ab,cd", "--set-file | token=/dev/fd/3 | --set | ***", "ab" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_opened((const char *const[]){ rows[i].set, NULL }, rows[i].argv,
			      rows[i].texts);
}

static void
the_last_of_a_key_wins_as_it_does_with_set(void **state)
{
	static const struct {
		const char *sets[4], *argv, *texts;
	} rows[] = {
		{ { "token=one", "a=1", "token=two" },
		  "--set-file | token=/dev/fd/3 | --set | a=1 | --set-file | token=/dev/fd/4",
		  "one | two" },
		{ { "token=abc", "token=null" }, "--set | token=null", "" },
		{ { "token=abc,token=" }, "--set | token=", "" },
		{ { "token=abc", "a=1,token=" }, "--set | a=1,token=", "" },
		{ { "auth.token=abc", "auth=null" }, "--set | auth=null", "" },
		{ { "auth[0].token=abc", "auth={}" }, "--set | auth={}", "" },
		{ { "token=null", "token=abc" },
		  "--set | token=null | --set-file | token=/dev/fd/3",
		  "abc" },
		{ { "token=abc", "tok=1", "token2=2,token.x=3" },
		  "--set-file | token=/dev/fd/3 | --set | tok=1 | --set | "
		  "token2=2,token.x=3",
		  "abc" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_opened(rows[i].sets, rows[i].argv, rows[i].texts);
}

static void
what_is_forgotten_is_overwritten(void **state)
{
	const char *const sets[] = { "tokens={abc,def}", NULL };
	const char *const words[] = { "helm", "--set", "tokens=***", NULL };
	struct sealed_run run;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_true(sealed_open(words, sets, &arena, &run));
	assert_string_equal(run.texts[1], "def");
	sealed_forget(&run);
	assert_memory_equal(run.texts[0], "\0\0\0", 4);
	assert_memory_equal(run.texts[1], "\0\0\0", 4);
	arena_release(&arena);
}

static void
the_order_in_which_values_are_given_again_is_free(void **state)
{
	const char *const sets[] = { "token=abcdef", "password=ghijkl", NULL };
	const char *const words[] = { "helm", "--set", "password=***", "--set", "token=***", NULL };
	struct sealed_run run;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_true(sealed_open(words, sets, &arena, &run));
	assert_string_equal(run.texts[0], "ghijkl");
	assert_string_equal(run.texts[1], "abcdef");
	arena_release(&arena);
}

static void
a_value_that_is_not_given_again_is_missed(void **state)
{
	const char *const others[] = { "password=x", NULL };
	const char *const argv[] = { "helm", "--set", "token=***", NULL };
	struct sealed_run run;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_false(sealed_open(argv, others, &arena, &run));
	assert_false(sealed_open(argv, NULL, &arena, &run));
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
				     "key=true", "keys={first-one,second-one}", NULL };
	struct buf out;

	(void)state;
	assert_string_equal(hidden("s3cr,et and s3cr,ets3cr,et, 400000", sets, &out),
			    "*** and ******, 400000");
	buf_release(&out);
	assert_string_equal(hidden("- first-one, - second-one", sets, &out), "- ***, - ***");
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
		cmocka_unit_test(what_was_sealed_goes_beside_the_arguments),
		cmocka_unit_test(the_last_of_a_key_wins_as_it_does_with_set),
		cmocka_unit_test(what_is_forgotten_is_overwritten),
		cmocka_unit_test(the_order_in_which_values_are_given_again_is_free),
		cmocka_unit_test(a_value_that_is_not_given_again_is_missed),
		cmocka_unit_test(it_is_hidden_wherever_it_stands_in_a_text),
		cmocka_unit_test(and_in_every_string_of_a_manifest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
