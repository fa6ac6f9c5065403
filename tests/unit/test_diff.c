#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

#include "core/base/diff.h"

static const char *
difference(const char *old, const char *new)
{
	static char text[4096];
	struct buf out;

	buf_init(&out, sizeof(text) - 1);
	assert_true(diff_unified(&out, "live", old, "planned", new));
	memcpy(text, out.bytes, out.length + 1);
	buf_release(&out);
	return text;
}

static void
equal_texts_have_no_difference(void **state)
{
	(void)state;
	assert_string_equal(difference("a\n", "a\n"), "");
	assert_string_equal(difference("", ""), "");
}

static void
a_changed_line_stands_between_three_equal_ones(void **state)
{
	(void)state;
	assert_string_equal(
		difference("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n"),
		"--- live\n+++ planned\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
}

static void
an_empty_side_starts_at_line_zero(void **state)
{
	(void)state;
	assert_string_equal(difference("", "a\nb\n"),
			    "--- live\n+++ planned\n@@ -0,0 +1,2 @@\n+a\n+b\n");
	assert_string_equal(difference("a\n", ""), "--- live\n+++ planned\n@@ -1 +0,0 @@\n-a\n");
}

static void
near_changes_share_a_hunk_and_far_ones_do_not(void **state)
{
	(void)state;
	assert_string_equal(
		difference("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n"),
		"--- live\n+++ planned\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n"
		"-b\n+B\n");
	assert_string_equal(
		difference("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n"),
		"--- live\n+++ planned\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
		"@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

static void
a_missing_last_line_feed_is_a_difference(void **state)
{
	(void)state;
	assert_string_equal(difference("a\nb", "a\nb\n"),
			    "--- live\n+++ planned\n@@ -1,2 +1,2 @@\n a\n-b\n"
			    "\\ No newline at end of file\n+b\n");
}

static void
the_smallest_difference_is_found(void **state)
{
	(void)state;
	assert_string_equal(
		difference("a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n"),
		"--- live\n+++ planned\n@@ -1,7 +1,6 @@\n-a\n-b\n c\n+b\n a\n b\n-b\n a\n"
		"+c\n");
}

/* The new text as a reader of the difference of two whole texts would make it. */
static void
apply(const char *diff, struct buf *old, struct buf *new)
{
	for (int header = 3; *diff != '\0'; header--) {
		size_t length = strcspn(diff, "\n") + 1;

		if (header <= 0 && *diff != '+')
			buf_add(old, diff + 1, length - 1);
		if (header <= 0 && *diff != '-')
			buf_add(new, diff + 1, length - 1);
		diff += length;
	}
}

static void
any_difference_leads_from_one_text_to_the_other(void **state)
{
	unsigned seed = 7;
	struct buf a, b, out, old, new;

	(void)state;
	buf_init(&a, BUF_KIB);
	buf_init(&b, BUF_KIB);
	buf_init(&out, BUF_KIB);
	buf_init(&old, BUF_KIB);
	buf_init(&new, BUF_KIB);
	for (int round = 0; round < 20000; round++) {
		buf_clear(&a);
		buf_clear(&b);
		buf_clear(&out);
		buf_clear(&old);
		buf_clear(&new);
		/* At most seven lines, so that one hunk holds both texts whole. */
		for (int i = 0; i < 7; i++) {
			seed = seed * 1103515245u + 12345u;
			if (seed >> 30 != 0)
				buf_printf(&a, "%c\n", 'a' + (int)(seed >> 16) % 3);
			if ((seed >> 28 & 3) != 0)
				buf_printf(&b, "%c\n", 'a' + (int)(seed >> 20) % 3);
		}
		assert_true(diff_unified(&out, "a", a.bytes, "b", b.bytes));
		if (out.length == 0) {
			assert_string_equal(a.bytes, b.bytes);
			continue;
		}
		apply(out.bytes, &old, &new);
		assert_non_null(strstr(a.bytes, old.bytes));
		assert_non_null(strstr(b.bytes, new.bytes));
		assert_int_equal(a.length - old.length, b.length - new.length);
	}
	buf_release(&a);
	buf_release(&b);
	buf_release(&out);
	buf_release(&old);
	buf_release(&new);
}

static void
a_large_difference_becomes_a_replacement(void **state)
{
	struct buf a, b, out;

	(void)state;
	buf_init(&a, BUF_MIB);
	buf_init(&b, BUF_MIB);
	buf_init(&out, BUF_MIB);
	for (int i = 0; i < 5000; i++) {
		buf_printf(&a, "old %d\n", i);
		buf_printf(&b, "new %d\n", i);
	}
	assert_true(diff_unified(&out, "a", a.bytes, "b", b.bytes));
	assert_int_equal(out.length, strlen("--- a\n+++ b\n@@ -1,5000 +1,5000 @@\n") + 10000 +
					     a.length + b.length);
	buf_release(&a);
	buf_release(&b);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_texts_have_no_difference),
		cmocka_unit_test(a_changed_line_stands_between_three_equal_ones),
		cmocka_unit_test(an_empty_side_starts_at_line_zero),
		cmocka_unit_test(near_changes_share_a_hunk_and_far_ones_do_not),
		cmocka_unit_test(a_missing_last_line_feed_is_a_difference),
		cmocka_unit_test(the_smallest_difference_is_found),
		cmocka_unit_test(any_difference_leads_from_one_text_to_the_other),
		cmocka_unit_test(a_large_difference_becomes_a_replacement),
	};

	return cmocka_run_group_tests_name("diff", tests, NULL, NULL);
}
