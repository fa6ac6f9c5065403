#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/kube/watch.h"

/* Everything that must not end a document early: braces and quotes in strings, escapes, UTF-8,
 * spaces between. */
static const char stream[] =
	"{\"type\":\"ADDED\",\"object\":{\"a\":\"}{][\",\"b\":\"\\\"}\\\\\"}}\n"
	"  \r\n{\"type\":\"MODIFIED\",\"object\":{\"name\":\"caf\xc3\xa9\",\"l\":[[],{}]}}"
	"{\"type\":\"BOOKMARK\",\"object\":{}}\n";
static const char *const documents[] = {
	"{\"type\":\"ADDED\",\"object\":{\"a\":\"}{][\",\"b\":\"\\\"}\\\\\"}}",
	"{\"type\":\"MODIFIED\",\"object\":{\"name\":\"caf\xc3\xa9\",\"l\":[[],{}]}}",
	"{\"type\":\"BOOKMARK\",\"object\":{}}",
};

/* Feeds one piece and checks each document that ends in it. */
static void
feed(struct watch *watch, const char *piece, size_t length, size_t *seen)
{
	struct err err;

	while (length > 0 && watch_next(watch, &piece, &length, &err)) {
		assert_true(*seen < 3);
		assert_string_equal(watch->event.bytes, documents[*seen]);
		(*seen)++;
	}
	assert_int_equal(length, 0);
}

static void
a_stream_split_at_any_two_places_gives_the_same_documents(void **state)
{
	const size_t length = sizeof stream - 1;

	(void)state;
	for (size_t first = 0; first <= length; first++)
		for (size_t second = first; second <= length; second++) {
			struct watch watch;
			size_t seen = 0;
			watch_init(&watch);
			feed(&watch, stream, first, &seen);
			feed(&watch, stream + first, second - first, &seen);
			feed(&watch, stream + second, length - second, &seen);
			assert_int_equal(seen, 3);
			watch_release(&watch);
		}
}

static void
a_stream_that_comes_byte_by_byte_gives_the_same_documents(void **state)
{
	struct watch watch;
	size_t seen = 0;

	(void)state;
	watch_init(&watch);
	for (size_t i = 0; i < sizeof stream - 1; i++)
		feed(&watch, stream + i, 1, &seen);
	assert_int_equal(seen, 3);
	watch_release(&watch);
}

static void
assert_refused(const char *text, size_t length, const char *words)
{
	struct watch watch;
	struct err err;

	watch_init(&watch);
	assert_false(watch_next(&watch, &text, &length, &err));
	assert_int_equal(err.code, ERR_REJECTED);
	assert_non_null(strstr(err.text, words));
	watch_release(&watch);
}

static void
what_is_no_object_is_refused(void **state)
{
	(void)state;
	assert_refused("<html>", 6, "not a JSON object");
	assert_refused("  42", 4, "not a JSON object");
}

static void
nesting_up_to_200_is_read_and_deeper_is_refused(void **state)
{
	char deep[1000] = "{\"a\":";

	(void)state;
	memset(deep + 5, '[', 200);
	assert_refused(deep, 205, "nested deeper");

	struct watch watch;
	struct err err;
	const char *text = deep;
	size_t length = 204;
	watch_init(&watch);
	assert_false(watch_next(&watch, &text, &length, &err));
	assert_int_equal(err.code, ERR_NONE);
	watch_release(&watch);
}

static void
an_event_over_16_MiB_is_refused(void **state)
{
	struct watch watch;
	struct err err = { .code = ERR_NONE };
	char *chunk = malloc(BUF_MIB);
	size_t taken = 0;

	(void)state;
	memset(chunk, 'x', BUF_MIB);
	watch_init(&watch);
	const char *open = "{\"a\":\"";
	size_t length = 6;
	assert_false(watch_next(&watch, &open, &length, &err));
	while (err.code == ERR_NONE && taken < 20) {
		const char *piece = chunk;
		length = BUF_MIB;
		assert_false(watch_next(&watch, &piece, &length, &err));
		taken++;
	}
	assert_int_equal(taken, 16);
	assert_int_equal(err.code, ERR_REJECTED);
	assert_non_null(strstr(err.text, "16 MiB"));
	watch_release(&watch);
	free(chunk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stream_split_at_any_two_places_gives_the_same_documents),
		cmocka_unit_test(a_stream_that_comes_byte_by_byte_gives_the_same_documents),
		cmocka_unit_test(what_is_no_object_is_refused),
		cmocka_unit_test(nesting_up_to_200_is_read_and_deeper_is_refused),
		cmocka_unit_test(an_event_over_16_MiB_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
