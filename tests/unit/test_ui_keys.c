/* The keys whose meaning hangs on where the console stands: ramp and sign-in; and that every key of
 * the help page does something. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "tests/golden/scene.h"
#include "tui/screen/keymap.h"
#include "tui/screen/ui.h"

struct desk {
	struct settings settings;
	struct ui *ui;
	struct snapshot *snapshot;
	struct command command;
	int64_t now;
};

static void
open_desk(struct desk *desk, int64_t ppm)
{
	struct ui_options options = { .settings = &desk->settings };

	*desk = (struct desk){ .settings = settings_default(), .now = SCENE_MONO };
	desk->ui = ui_new(&options, NULL);
	desk->snapshot = scene_classic(&desk->settings, STEP_SHIFT, ppm);
	ui_resize(desk->ui, 80, 24);
	ui_tick(desk->ui, desk->now, SCENE_WALL);
	ui_see(desk->ui, desk->snapshot);
}

static void
close_desk(struct desk *desk)
{
	ui_free(desk->ui);
	snapshot_free(desk->snapshot);
}

static enum answer
press(struct desk *desk, const char *name)
{
	struct press key;

	assert_true(press_parse(name, &key));
	return ui_handle(desk->ui, desk->snapshot, &key, &desk->command);
}

static void
pass(struct desk *desk, int64_t milliseconds)
{
	desk->now += milliseconds * MILLISECOND;
	desk->snapshot->link.fresh = desk->now;
	ui_tick(desk->ui, desk->now, SCENE_WALL);
}

static bool
shows(const struct desk *desk, const char *text)
{
	struct grid grid;
	struct buf screen;
	bool found;

	grid_init(&grid, 80, 24, false);
	buf_init(&screen, BUF_MIB);
	ui_draw(desk->ui, desk->snapshot, &grid);
	grid_text(&grid, &screen);
	found = strstr(screen.bytes, text) != NULL;
	buf_release(&screen);
	grid_release(&grid);
	return found;
}

static void
a_ramp_says_its_stops_and_wants_one_confirmation(void **state)
{
	static const int64_t ramp[] = { 100000, 250000, 500000, PPM_ALL };
	struct desk desk;

	(void)state;
	open_desk(&desk, 250000);
	desk.settings.ramp = ramp;
	desk.settings.ramp_count = 4;
	assert_int_equal(press(&desk, "g"), ANSWER_NOTHING);
	assert_true(shows(&desk, "│ 25 % → 50 % → 100 %"));
	assert_true(shows(&desk, "not measured yet"));
	assert_int_equal(press(&desk, "y"), ANSWER_NOTHING); /* too soon */
	pass(&desk, 200);
	assert_int_equal(press(&desk, "g"), ANSWER_NOTHING);
	assert_int_equal(press(&desk, "Enter"), ANSWER_NOTHING);
	assert_int_equal(press(&desk, "y"), ANSWER_COMMAND);
	assert_int_equal(desk.command.kind, COMMAND_RAMP);
	assert_string_equal(desk.command.pair, "default/vllm-llama3-8b-preview");
	close_desk(&desk);
}

static void
a_ramp_is_not_begun_where_there_is_nothing_to_move(void **state)
{
	struct desk desk;

	(void)state;
	open_desk(&desk, PPM_ALL);
	press(&desk, "g");
	assert_true(shows(&desk, "ramp: all of the pair's traffic is on GA already"));
	pass(&desk, 200);
	assert_int_equal(press(&desk, "y"), ANSWER_NOTHING);
	close_desk(&desk);

	open_desk(&desk, 250000);
	desk.snapshot->locked = true;
	desk.snapshot->locked_why = "the journal cannot be written";
	press(&desk, "g");
	assert_true(shows(&desk, "ramp: the journal cannot be written"));
	close_desk(&desk);
}

static void
r_signs_in_where_that_is_needed_and_possible(void **state)
{
	struct desk desk;

	(void)state;
	open_desk(&desk, 250000);
	desk.snapshot->link.may_log_in = true;
	assert_int_equal(press(&desk, "r"), ANSWER_COMMAND);
	assert_int_equal(desk.command.kind, COMMAND_REFRESH);
	desk.snapshot->link.state = LINK_SIGN_IN;
	assert_int_equal(press(&desk, "r"), ANSWER_SIGN_IN);
	assert_int_equal(desk.command.kind, COMMAND_SIGN_IN);
	assert_int_equal(press(&desk, "L"), ANSWER_SIGN_IN);
	desk.snapshot->link.may_log_in = false;
	assert_int_equal(press(&desk, "r"), ANSWER_COMMAND);
	assert_int_equal(desk.command.kind, COMMAND_REFRESH);
	close_desk(&desk);
}

/* What the frame and the answer were before a key, against after it. */
static bool
does_something(const char *name, unsigned where)
{
	struct desk desk;
	struct grid before, after;
	bool other = false;

	open_desk(&desk, 250000);
	if (where == ON_PAGE)
		press(&desk, "?");
	else if (where == ON_DETAILS) {
		press(&desk, "2");
		press(&desk, "d");
		scene_detail(desk.snapshot);
		ui_see(desk.ui, desk.snapshot);
	}
	pass(&desk, 10);
	grid_init(&before, 80, 24, false);
	ui_draw(desk.ui, desk.snapshot, &before);
	enum answer answer = press(&desk, name);
	grid_init(&after, 80, 24, false);
	ui_draw(desk.ui, desk.snapshot, &after);
	for (int y = 0; y < 24; y++)
		for (int x = 0; x < 80; x++)
			other = other ||
				strcmp(grid_at(&before, x, y)->bytes,
				       grid_at(&after, x, y)->bytes) != 0 ||
				grid_at(&before, x, y)->role != grid_at(&after, x, y)->role;
	grid_release(&before);
	grid_release(&after);
	close_desk(&desk);
	return other || answer != ANSWER_NOTHING;
}

static void
every_key_of_the_help_page_does_something(void **state)
{
	/* Where one row stands, there is none above or below; a filter, a zoom, a page are left. */
	static const char *const idle = " up down page-up page-down top bottom pair-next "
					"pair-previous back theme ";

	(void)state;
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const struct action_row *row = keymap_row((enum action)i);
		char key[32], name[40];

		snprintf(name, sizeof(name), " %s ", row->name);
		snprintf(key, sizeof(key), "%.*s", (int)strcspn(row->keys, " "), row->keys);
		if ((row->where & ON_MAIN) != 0 && strstr(idle, name) == NULL &&
		    !does_something(key, ON_MAIN))
			fail_msg("%s (%s) does nothing on the main screen", key, row->name);
		if (row->where == ON_DETAILS && !does_something(key, ON_DETAILS))
			fail_msg("%s (%s) does nothing in details", key, row->name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ramp_says_its_stops_and_wants_one_confirmation),
		cmocka_unit_test(a_ramp_is_not_begun_where_there_is_nothing_to_move),
		cmocka_unit_test(r_signs_in_where_that_is_needed_and_possible),
		cmocka_unit_test(every_key_of_the_help_page_does_something),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
