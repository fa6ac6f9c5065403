#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/die.h"
#include "core/base/err.h"
#include "core/base/sha256.h"

static void
a_failure_is_false_with_a_code_and_a_sentence(void **state)
{
	struct err err;

	(void)state;
	assert_false(err_set(&err, ERR_CONFLICT, "The pool %s changed.", "food-review"));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.text, "The pool food-review changed.");
	assert_false(err_wrap(&err, "Step %d", 4));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.text, "Step 4: The pool food-review changed.");
	assert_false(err_set(NULL, ERR_INPUT, "nobody asks"));
	assert_string_equal(err_name(ERR_CANCELLED), "cancelled");
	assert_string_equal(err_name((enum err_code)99), "unknown");
}

static void
a_long_failure_is_cut_between_characters(void **state)
{
	char text[2000] = "";
	struct err err;
	size_t length;

	(void)state;
	for (int i = 0; i < 600; i++)
		strcat(text, "é");
	err_set(&err, ERR_INPUT, "x%s", text);
	length = strlen(err.text);
	assert_true(length < ERR_TEXT_MAX && length > ERR_TEXT_MAX - 8);
	assert_string_equal(err.text + length - 5, "é…");
	err_set(&err, ERR_INPUT, "%s", text);
	assert_string_equal(err.text + strlen(err.text) - 5, "é…");
}

static void
a_buf_never_passes_its_cap(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 5);
	assert_string_equal(buf.bytes, "");
	assert_true(buf_puts(&buf, "abc"));
	assert_false(buf_puts(&buf, "def"));
	assert_true(buf.full);
	assert_false(buf_putc(&buf, 'd'));
	assert_string_equal(buf.bytes, "abc");
	buf_clear(&buf);
	assert_true(buf_printf(&buf, "%d", 12345));
	assert_false(buf_printf(&buf, "%d", 6));
	assert_string_equal(buf.bytes, "12345");
	buf_release(&buf);
}

static void
a_buf_grows_drops_trims_and_is_taken(void **state)
{
	struct buf buf;
	char *text;

	(void)state;
	buf_init(&buf, BUF_MIB);
	for (int i = 0; i < 1000; i++)
		buf_puts(&buf, "0123456789");
	assert_int_equal(buf.length, 10000);
	buf_drop(&buf, 9995);
	assert_string_equal(buf.bytes, "56789");
	buf_drop(&buf, 99);
	buf_puts(&buf, " \t x y\r\n");
	buf_trim(&buf);
	assert_string_equal(buf.bytes, "x y");
	text = buf_take(&buf);
	assert_string_equal(text, "x y");
	assert_string_equal(buf.bytes, "");
	assert_int_equal(buf.cap, BUF_MIB);
	free(text);
	buf_wipe(&buf);
	assert_null(buf.bytes);
}

static void
arena_memory_is_zero_aligned_and_lasts(void **state)
{
	struct arena arena;
	char *first, *large;

	(void)state;
	arena_init(&arena);
	first = arena_string(&arena, "first");
	assert_null(arena_string(&arena, NULL));
	large = arena_alloc(&arena, 1000000);
	for (int i = 0; i < 10000; i++) {
		unsigned char *memory = arena_alloc(&arena, 1 + (size_t)i % 100);

		assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
		assert_int_equal(memory[i % 100], 0);
		memset(memory, 0xFF, 1 + (size_t)i % 100);
	}
	assert_int_equal(large[999999], 0);
	assert_string_equal(first, "first");
	assert_string_equal(arena_bytes(&arena, "abcdef", 3), "abc");
	assert_string_equal(arena_printf(&arena, "%s-%d", "route", 7), "route-7");
	assert_int_equal(strlen(arena_printf(&arena, "%0*d", 300, 7)), 300);
	assert_true(arena.used > 1000000);
	arena_release(&arena);
	assert_null(arena.blocks);
	assert_int_equal(arena.used, 0);
}

static int64_t
fixed(void *self)
{
	return *(int64_t *)self;
}

static void
a_clock_may_be_owned_by_a_test(void **state)
{
	int64_t now = 5 * SECOND;
	struct clock clock = { .self = &now, .mono = fixed, .wall = fixed, .boot = fixed };
	struct clock ours = clock_system();
	int64_t before = clock_mono(&ours);

	(void)state;
	assert_true(clock_mono(&clock) == 5 * SECOND);
	assert_true(clock_wall(&clock) == clock_boot(&clock));
	assert_true(clock_mono(&ours) >= before);
	assert_true(clock_boot(&ours) >= before);
	assert_true(clock_wall(&ours) > 1700000000 * SECOND);
}

static bool
times(const char *text, const char *expected)
{
	char back[CLOCK_RFC3339_MAX];
	int64_t wall;

	if (!clock_parse_rfc3339(text, &wall))
		return false;
	clock_rfc3339(wall, true, back);
	return strcmp(back, expected) == 0;
}

static void
times_are_read_in_any_zone_and_written_in_utc(void **state)
{
	char text[CLOCK_RFC3339_MAX];
	int64_t wall;

	(void)state;
	assert_true(times("2026-01-31T14:02:11Z", "2026-01-31T14:02:11.000000Z"));
	assert_true(times("2026-01-31T14:02:11.5+02:30", "2026-01-31T11:32:11.500000Z"));
	assert_true(times("2024-02-29t23:59:59.123456789-00:01", "2024-03-01T00:00:59.123456Z"));
	assert_true(times("1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.250000Z"));
	assert_true(clock_parse_rfc3339("1970-01-01T00:00:01Z", &wall) && wall == SECOND);
	clock_rfc3339(SECOND, false, text);
	assert_string_equal(text, "1970-01-01T00:00:01Z");
	clock_time_of_day(0, text);
	assert_int_equal(strlen(text), 8);
}

static void
what_is_no_time_is_refused(void **state)
{
	int64_t wall;

	(void)state;
	assert_false(clock_parse_rfc3339(NULL, &wall));
	assert_false(clock_parse_rfc3339("", &wall));
	assert_false(clock_parse_rfc3339("2026-01-31", &wall));
	assert_false(clock_parse_rfc3339("2026-01-31T14:02:11", &wall));
	assert_false(clock_parse_rfc3339("2026-01-31T14:02:11Zx", &wall));
	assert_false(clock_parse_rfc3339("2026-02-29T14:02:11Z", &wall));
	assert_false(clock_parse_rfc3339("2026-13-01T14:02:11Z", &wall));
	assert_false(clock_parse_rfc3339("2026-01-31T24:02:11Z", &wall));
	assert_false(clock_parse_rfc3339("2026-01-31T14:02:11.Z", &wall));
	assert_false(clock_parse_rfc3339("2026-01-31T14:02:11+24:00", &wall));
	assert_false(clock_parse_rfc3339("9999-01-31T14:02:11Z", &wall));
}

static const char *
digest(const char *bytes, size_t length)
{
	static char hex[SHA256_HEX];

	sha256_hex(bytes, length, hex);
	return hex;
}

static void
digests_are_those_of_the_standard(void **state)
{
	char *million = malloc(1000000);

	(void)state;
	assert_string_equal(digest("", 0),
			    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_string_equal(digest("abc", 3),
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_string_equal(digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56),
			    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	assert_non_null(million);
	memset(million, 'a', 1000000);
	assert_string_equal(digest(million, 1000000),
			    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(million);
}

static void
say_restored(void)
{
	if (write(STDERR_FILENO, "restored\n", 9) != 9)
		_exit(1);
}

/* What a child writes to standard error while it dies, and how it ended. */
static int
death(char *said, size_t size)
{
	int ends[2], status;
	pid_t child;
	ssize_t got, total = 0;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		die_restores(say_restored);
		die("the %s broke", "plan");
	}
	close(ends[1]);
	while ((got = read(ends[0], said + total, size - 1 - (size_t)total)) > 0)
		total += got;
	said[total] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void
dying_restores_the_terminal_first_and_says_why(void **state)
{
	char said[200];
	int status = death(said, sizeof(said));

	(void)state;
	assert_string_equal(said, "restored\npoolshift: the plan broke\n");
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_is_false_with_a_code_and_a_sentence),
		cmocka_unit_test(a_long_failure_is_cut_between_characters),
		cmocka_unit_test(a_buf_never_passes_its_cap),
		cmocka_unit_test(a_buf_grows_drops_trims_and_is_taken),
		cmocka_unit_test(arena_memory_is_zero_aligned_and_lasts),
		cmocka_unit_test(a_clock_may_be_owned_by_a_test),
		cmocka_unit_test(times_are_read_in_any_zone_and_written_in_utc),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(digests_are_those_of_the_standard),
		cmocka_unit_test(dying_restores_the_terminal_first_and_says_why),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
