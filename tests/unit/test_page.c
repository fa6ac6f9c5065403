#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/wrap.h"
#include "tui/plain/page.h"
#include "tui/plain/progress.h"

static int
begin(void **state)
{
	static struct buf page;

	buf_init(&page, BUF_MIB);
	*state = &page;
	return 0;
}

static int
end(void **state)
{
	buf_release(*state);
	return 0;
}

static void
columns_are_as_wide_as_their_widest_cell_and_lines_have_no_tail(void **state)
{
	struct buf *page = *state, rows;

	buf_init(&rows, BUF_MIB);
	page_cell(&rows, "α POOL");
	page_cell(&rows, "ON GA");
	page_end_row(&rows);
	page_cell(&rows, "default/a");
	page_cell(&rows, "25 %%");
	page_end_row(&rows);
	page_table(page, &rows);
	assert_string_equal(page->bytes, "α POOL     ON GA\n"
					 "default/a  25 %\n");
	buf_release(&rows);
}

static void
a_cell_from_outside_breaks_neither_row_nor_column(void **state)
{
	struct buf *page = *state, rows;

	buf_init(&rows, BUF_MIB);
	page_cell(&rows, "%s", "a\tb\nc");
	page_cell(&rows, "d");
	page_end_row(&rows);
	page_table(page, &rows);
	assert_string_equal(page->bytes, "a b c  d\n");
	buf_release(&rows);
}

static void
text_is_broken_between_words_and_long_words_stay_whole(void **state)
{
	struct buf *page = *state;

	wrap_words(page, "one two three inferencepools.inference.networking.k8s.io end", 2, 4, 16);
	assert_string_equal(page->bytes, "one two three\n"
					 "    inferencepools.inference.networking.k8s.io\n"
					 "    end\n");
}

/* A migration of one pair whose first step is done, and whose shift stands at a half. */
static void
the_bar_says_how_much_of_the_migration_is_done(void **state)
{
	const struct pair pair = {
		.ns = "default",
		.alpha = "a",
		.selected = true,
		.written = PPM_ALL / 2,
		.steps = { [STEP_SHIFT] = { .state = STATE_READY } },
	};
	struct snapshot snapshot = {
		.plan = { .pairs = &pair,
			  .pair_count = 1,
			  .steps = { { STEP_CRDS, { .state = STATE_DONE } },
				     { STEP_SHIFT, { .state = STATE_READY } } },
			  .step_count = 2 },
		.run = { .phase = RUN_HOLDING,
			 .step = STEP_SHIFT,
			 .pair = "default/a",
			 .text = "holding" },
	};
	struct buf *page = *state;

	progress_bar(page, &snapshot, 79, true);
	assert_string_equal(page->bytes, "[###############-----]  75 %  shift: holding");
	buf_clear(page);
	progress_bar(page, &snapshot, 32, false);
	assert_string_equal(page->bytes, "[███████████████░░░░░]  75 %  s…");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			columns_are_as_wide_as_their_widest_cell_and_lines_have_no_tail, begin,
			end),
		cmocka_unit_test_setup_teardown(a_cell_from_outside_breaks_neither_row_nor_column,
						begin, end),
		cmocka_unit_test_setup_teardown(
			text_is_broken_between_words_and_long_words_stay_whole, begin, end),
		cmocka_unit_test_setup_teardown(the_bar_says_how_much_of_the_migration_is_done,
						begin, end),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
