#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/screen/grid.h"

static const char *
row_of(const struct grid *grid)
{
	static char row[500];
	struct buf text;

	buf_init(&text, sizeof(row) - 1);
	grid_text(grid, &text);
	snprintf(row, sizeof(row), "%s", text.bytes);
	buf_release(&text);
	return row;
}

static void
text_is_clipped_at_its_right_edge_and_at_the_screen(void **state)
{
	struct grid grid;

	(void)state;
	grid_init(&grid, 6, 1, false);
	assert_int_equal(grid_put(&grid, 1, 0, 4, ROLE_TEXT, "abcdef"), 4);
	assert_string_equal(row_of(&grid), " abc\n");
	grid_put(&grid, 4, 0, 100, ROLE_TEXT, "xyz");
	grid_put(&grid, 0, 7, 100, ROLE_TEXT, "below");
	grid_put(&grid, -2, 0, 100, ROLE_TEXT, "12345");
	assert_string_equal(row_of(&grid), "345cxy\n");
	grid_release(&grid);
}

static void
escapes_never_reach_a_cell(void **state)
{
	struct grid grid;

	(void)state;
	grid_init(&grid, 20, 1, false);
	grid_put(&grid, 0, 0, 20, ROLE_TEXT, "\x1b[2Ja\x07\r\nb\x9b\xff");
	for (int x = 0; x < 20; x++)
		for (const char *c = grid_at(&grid, x, 0)->bytes; *c != '\0'; c++)
			assert_true((unsigned char)*c >= 0x20 && *c != 0x7F);
	grid_release(&grid);
}

static void
a_wide_grapheme_takes_two_cells_and_is_never_cut_in_half(void **state)
{
	struct grid grid;

	(void)state;
	grid_init(&grid, 5, 1, false);
	assert_int_equal(grid_put(&grid, 0, 0, 5, ROLE_TEXT, "日本語"), 4);
	assert_int_equal(grid_at(&grid, 1, 0)->width, 0);
	grid_put(&grid, 1, 0, 5, ROLE_TEXT, "x");
	assert_string_equal(row_of(&grid), " x本\n");
	grid_put(&grid, 2, 0, 5, ROLE_TEXT, "y");
	assert_string_equal(row_of(&grid), " xy\n");
	grid_release(&grid);
}

static void
what_does_not_fit_ends_in_an_ellipsis(void **state)
{
	struct grid grid;

	(void)state;
	grid_init(&grid, 8, 1, false);
	grid_fit(&grid, 0, 0, 8, ROLE_TEXT, "vllm-llama3");
	assert_string_equal(row_of(&grid), "vllm-ll…\n");
	grid_release(&grid);
}

static void
boxes_that_share_lines_join(void **state)
{
	struct grid grid;

	(void)state;
	grid_init(&grid, 5, 5, false);
	grid_box(&grid, (struct rect){ 0, 0, 3, 3 }, ROLE_FRAME);
	grid_box(&grid, (struct rect){ 2, 0, 3, 3 }, ROLE_FRAME);
	grid_box(&grid, (struct rect){ 0, 2, 5, 3 }, ROLE_FOCUS);
	assert_string_equal(row_of(&grid), "┌─┬─┐\n│ │ │\n├─┴─┤\n│   │\n└───┘\n");
	grid_release(&grid);
}

static void
ascii_screens_hold_ascii_of_the_same_width(void **state)
{
	struct grid grid;

	(void)state;
	grid_init(&grid, 12, 3, true);
	grid_box(&grid, (struct rect){ 0, 0, 12, 3 }, ROLE_FRAME);
	grid_put(&grid, 1, 1, 11, ROLE_TEXT, "α → GA 日é");
	assert_string_equal(row_of(&grid), "+----------+\n|a > GA ???|\n+----------+\n");
	for (int x = 0; x < 12; x++)
		assert_true((unsigned char)grid_at(&grid, x, 1)->bytes[0] < 0x80);
	grid_release(&grid);
}

static void
roles_are_told_apart_by_their_letters(void **state)
{
	struct grid grid;
	struct buf letters;

	(void)state;
	grid_init(&grid, 4, 1, false);
	grid_put(&grid, 0, 0, 4, ROLE_ALPHA, "ab");
	grid_put(&grid, 2, 0, 4, ROLE_GA, "cd");
	grid_tint(&grid, (struct rect){ 1, 0, 1, 1 }, ROLE_SELECTED);
	buf_init(&letters, 100);
	grid_letters(&grid, &letters);
	assert_string_equal(letters.bytes, "asgg\n");
	buf_release(&letters);
	grid_release(&grid);
}

static void
long_text_wraps_at_words_and_says_that_it_goes_on(void **state)
{
	struct grid grid;

	(void)state;
	grid_init(&grid, 12, 2, false);
	assert_int_equal(grid_wrap(&grid, (struct rect){ 0, 0, 12, 2 }, 0, ROLE_TEXT,
				   "one two three four five six"),
			 2);
	assert_string_equal(row_of(&grid), "one two\nthree four …\n");
	grid_release(&grid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_clipped_at_its_right_edge_and_at_the_screen),
		cmocka_unit_test(escapes_never_reach_a_cell),
		cmocka_unit_test(a_wide_grapheme_takes_two_cells_and_is_never_cut_in_half),
		cmocka_unit_test(what_does_not_fit_ends_in_an_ellipsis),
		cmocka_unit_test(boxes_that_share_lines_join),
		cmocka_unit_test(ascii_screens_hold_ascii_of_the_same_width),
		cmocka_unit_test(roles_are_told_apart_by_their_letters),
		cmocka_unit_test(long_text_wraps_at_words_and_says_that_it_goes_on),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("grid", tests, NULL, NULL);
}
