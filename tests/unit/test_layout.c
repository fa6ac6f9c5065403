#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/screen/layout.h"

static bool
overlap(struct rect a, struct rect b)
{
	return a.w > 0 && b.w > 0 && a.h > 0 && b.h > 0 && a.x < b.x + b.w && b.x < a.x + a.w &&
	       a.y < b.y + b.h && b.y < a.y + a.h;
}

static bool
within(struct rect rect, int columns, int rows)
{
	return rect.w == 0 || (rect.x >= 0 && rect.y >= 0 && rect.h >= 0 &&
			       rect.x + rect.w <= columns && rect.y + rect.h <= rows);
}

/* What is drawn in: the panes' insides, the first line, the bar, the strip, the message. */
static size_t
parts_of(const struct layout *layout, struct rect parts[PANE_COUNT + 4])
{
	size_t count = 0;

	for (int i = 0; i < PANE_COUNT; i++)
		parts[count++] = layout->inside[i];
	parts[count++] = layout->head;
	parts[count++] = layout->bar;
	parts[count++] = layout->strip;
	parts[count++] = layout->message;
	return count;
}

static void
nothing_overlaps_or_leaves_the_screen_at_any_size(void **state)
{
	struct rect parts[PANE_COUNT + 4];
	struct layout layout;

	(void)state;
	for (int columns = 1; columns <= 200; columns++)
		for (int rows = 1; rows <= 60; rows++)
			for (int focus = 0; focus < 2 * PANE_COUNT; focus++) {
				size_t count;

				layout_make(columns, rows, (enum pane_id)(focus / 2), focus % 2,
					    &layout);
				count = parts_of(&layout, parts);
				for (size_t i = 0; i < count; i++) {
					assert_true(within(parts[i], columns, rows));
					for (size_t k = 0; k < i; k++)
						assert_false(overlap(parts[i], parts[k]));
				}
				for (int i = 0; i < PANE_COUNT; i++)
					assert_true(within(layout.frame[i], columns, rows));
			}
}

static void
the_reference_screen_is_filled_to_the_last_row(void **state)
{
	struct layout layout;

	(void)state;
	layout_make(80, 24, PANE_POOLS, false, &layout);
	assert_int_equal(layout.shape, SHAPE_STACK);
	assert_int_equal(layout.inside[PANE_POOLS].h, 3);
	assert_int_equal(layout.inside[PANE_ROUTES].h, 2);
	assert_int_equal(layout.inside[PANE_TRAFFIC].h, 2);
	assert_int_equal(layout.inside[PANE_MIGRATION].h, 4);
	assert_int_equal(layout.message_frame.y + layout.message_frame.h, 23);
	assert_int_equal(layout.bar.y, 23);
}

static void
a_wide_screen_puts_pools_routes_and_objectives_side_by_side(void **state)
{
	struct layout layout;

	(void)state;
	layout_make(120, 24, PANE_POOLS, false, &layout);
	assert_int_equal(layout.shape, SHAPE_WIDE);
	assert_int_equal(layout.frame[PANE_POOLS].y, layout.frame[PANE_ROUTES].y);
	assert_int_equal(layout.frame[PANE_POOLS].y, layout.frame[PANE_OBJECTIVES].y);
	assert_int_equal(layout.frame[PANE_OBJECTIVES].x + layout.frame[PANE_OBJECTIVES].w, 120);
}

static void
more_rows_make_the_steps_a_list(void **state)
{
	struct layout layout;

	(void)state;
	layout_make(80, 40, PANE_POOLS, false, &layout);
	assert_true(layout.inside[PANE_MIGRATION].h >= 11);
	assert_true(layout.inside[PANE_POOLS].h >= 5);
}

static void
the_zoomed_pane_takes_what_the_others_can_spare(void **state)
{
	struct layout layout;

	(void)state;
	layout_make(80, 24, PANE_ROUTES, true, &layout);
	assert_int_equal(layout.inside[PANE_POOLS].h, 2);
	assert_int_equal(layout.inside[PANE_ROUTES].h, 5);
	assert_int_equal(layout.inside[PANE_TRAFFIC].h, 2);
}

static void
small_screens_show_the_pane_in_focus_and_the_shares(void **state)
{
	struct layout layout;

	(void)state;
	layout_make(40, 12, PANE_ROUTES, false, &layout);
	assert_int_equal(layout.shape, SHAPE_COMPACT);
	assert_int_equal(layout.frame[PANE_POOLS].w, 0);
	assert_int_equal(layout.frame[PANE_ROUTES].w, 40);
	assert_int_equal(layout.strip.h, 3);
	layout_make(20, 6, PANE_ROUTES, false, &layout);
	assert_int_equal(layout.shape, SHAPE_TINY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_overlaps_or_leaves_the_screen_at_any_size),
		cmocka_unit_test(the_reference_screen_is_filled_to_the_last_row),
		cmocka_unit_test(a_wide_screen_puts_pools_routes_and_objectives_side_by_side),
		cmocka_unit_test(more_rows_make_the_steps_a_list),
		cmocka_unit_test(the_zoomed_pane_takes_what_the_others_can_spare),
		cmocka_unit_test(small_screens_show_the_pane_in_focus_and_the_shares),
	};

	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
