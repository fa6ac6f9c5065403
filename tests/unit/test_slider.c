#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/model/plan.h"
#include "tui/screen/slider.h"

static void
it_follows_what_is_written_until_it_is_moved(void **state)
{
	struct slider slider = { 0 };

	(void)state;
	slider_follow(&slider, 250000);
	assert_int_equal(slider.ppm, 250000);
	slider_step(&slider, 1);
	slider_follow(&slider, 500000);
	assert_int_equal(slider.ppm, 260000);
	slider_reset(&slider, 500000);
	assert_int_equal(slider.ppm, 500000);
	slider_follow(&slider, PPM_UNKNOWN);
	assert_int_equal(slider.ppm, 0);
}

static void
steps_go_to_whole_percents_and_stop_at_the_ends(void **state)
{
	struct slider slider = { .ppm = 125000 };

	(void)state;
	slider_step(&slider, 1);
	assert_int_equal(slider.ppm, 130000);
	slider_set(&slider, 125000);
	slider_step(&slider, -1);
	assert_int_equal(slider.ppm, 120000);
	slider_step(&slider, -100);
	assert_int_equal(slider.ppm, 0);
	slider_step(&slider, 100);
	assert_int_equal(slider.ppm, PPM_ALL);
}

static void
digits_are_an_exact_share(void **state)
{
	struct slider slider = { 0 };

	(void)state;
	for (const char *c = "12.5"; *c != '\0'; c++)
		assert_true(slider_type(&slider, *c));
	assert_int_equal(slider.ppm, 125000);
	assert_true(slider_backspace(&slider));
	assert_true(slider_backspace(&slider));
	assert_int_equal(slider.ppm, 120000);
	assert_string_equal(slider.typed, "12");
}

static void
what_is_no_share_is_not_taken(void **state)
{
	struct slider slider = { 0 };

	(void)state;
	assert_false(slider_type(&slider, '.'));
	for (const char *c = "10"; *c != '\0'; c++)
		assert_true(slider_type(&slider, *c));
	assert_false(slider_type(&slider, '1'));
	assert_int_equal(slider.ppm, 100000);
	slider_typed_end(&slider);
	for (const char *c = "0.0001"; *c != '\0'; c++)
		assert_true(slider_type(&slider, *c));
	assert_int_equal(slider.ppm, 1);
	assert_false(slider_type(&slider, '5'));
	assert_false(slider_type(&slider, '.'));
}

static void
the_mouse_moves_the_line_between_the_sides(void **state)
{
	struct slider slider = { 0 };

	(void)state;
	slider_point(&slider, 0, 72);
	assert_int_equal(slider.ppm, PPM_ALL);
	slider_point(&slider, 71, 72);
	assert_int_equal(slider.ppm, 0);
	slider_point(&slider, 999, 72);
	assert_int_equal(slider.ppm, 0);
	slider_point(&slider, 36, 73);
	assert_int_equal(slider.ppm, 500000);
}

static void
the_bar_is_exact_to_an_eighth_of_a_cell(void **state)
{
	(void)state;
	assert_int_equal(slider_alpha_eighths(0, 10), 80);
	assert_int_equal(slider_alpha_eighths(PPM_ALL, 10), 0);
	assert_int_equal(slider_alpha_eighths(250000, 10), 60);
	assert_int_equal(slider_alpha_eighths(10000, 10), 79);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_follows_what_is_written_until_it_is_moved),
		cmocka_unit_test(steps_go_to_whole_percents_and_stop_at_the_ends),
		cmocka_unit_test(digits_are_an_exact_share),
		cmocka_unit_test(what_is_no_share_is_not_taken),
		cmocka_unit_test(the_mouse_moves_the_line_between_the_sides),
		cmocka_unit_test(the_bar_is_exact_to_an_eighth_of_a_cell),
	};

	return cmocka_run_group_tests_name("slider", tests, NULL, NULL);
}
