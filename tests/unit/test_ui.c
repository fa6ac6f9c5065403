/* What the console does with keys and the mouse: slider, selection, filter, command line, locks. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/desk.h"

static struct snapshot *
silent(const struct settings *settings)
{
	struct snapshot *snapshot = desk_at_25(settings);

	scene_silence(snapshot, 14);
	return snapshot;
}

static struct snapshot *
many(const struct settings *settings)
{
	return scene_crowd(settings, 40);
}

static void
moving_the_slider_sends_nothing(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	assert_int_equal(desk_press(desk, "Right"), ANSWER_NOTHING);
	assert_int_equal(desk_press(desk, "L Shift-Right 4 2 . 5"), ANSWER_NOTHING);
	assert_true(desk_shows(desk, "wanted 42.5▌ % → written 25 % → observed not measured"));
	desk_clear(desk);
}

static void
a_silent_cluster_locks_every_key_that_writes(void **state)
{
	static const char *const keys[] = { "s", "u", "A", "S", "C", "Right Enter" };

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct desk *desk = desk_of(silent);

		assert_int_equal(desk_press(desk, keys[i]), ANSWER_NOTHING);
		assert_true(desk_shows(desk, "the cluster has not answered for 14 s"));
		assert_int_equal(desk_press(desk, "r"), ANSWER_COMMAND);
		assert_int_equal(desk->command.kind, COMMAND_REFRESH);
		desk_clear(desk);
	}
}

static void
an_engine_that_says_nothing_is_not_taken_for_a_live_cluster(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	desk_pass(desk, 4000);
	assert_true(desk_shows(desk, "NO NEWS for 4 s"));
	assert_int_equal(desk_press(desk, "s"), ANSWER_NOTHING);
	desk->snapshot->link.fresh = desk->now;
	assert_int_equal(desk_press(desk, "s"), ANSWER_COMMAND);
	desk_clear(desk);
}

static void
read_only_asks_for_nothing(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	desk->snapshot->read_only = true;
	assert_int_equal(desk_press(desk, "s"), ANSWER_NOTHING);
	assert_true(desk_shows(desk, "--read-only"));
	assert_true(desk_shows(desk, "READ-ONLY"));
	desk_clear(desk);
}

static void
every_step_has_a_letter_and_s_is_the_next(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	assert_int_equal(desk_press(desk, "F"), ANSWER_COMMAND);
	assert_int_equal(desk->command.step, STEP_FINALIZE);
	desk_press(desk, "Esc");
	assert_int_equal(desk_press(desk, "s"), ANSWER_COMMAND);
	assert_int_equal(desk->command.step, STEP_SHIFT);
	desk_press(desk, "Esc");
	assert_int_equal(desk_press(desk, "V"), ANSWER_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_VERIFY);
	desk_clear(desk);
}

static void
undo_takes_back_the_last_step_that_wrote(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	assert_int_equal(desk_press(desk, "u"), ANSWER_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_PREVIEW);
	assert_true(desk->command.undo);
	assert_int_equal(desk->command.step, STEP_SHIFT);
	desk_clear(desk);
}

static void
a_selection_stays_on_its_pair_when_others_come(void **state)
{
	struct desk *desk = desk_of(many);
	struct pair *pairs;

	(void)state;
	desk_press(desk, "j j");
	assert_true(desk_shows(desk, "Routes of team-02/pool-02"));
	pairs = arena_array(&desk->snapshot->arena, 41, sizeof(*pairs));
	memcpy(pairs + 1, desk->snapshot->plan.pairs, 40 * sizeof(*pairs));
	pairs[0] = pairs[1];
	pairs[0].alpha = "aaa";
	desk->snapshot->plan.pairs = pairs;
	desk->snapshot->plan.pair_count = 41;
	ui_see(desk->ui, desk->snapshot);
	assert_true(desk_shows(desk, "Routes of team-02/pool-02"));
	desk_clear(desk);
}

static void
the_report_is_made_when_its_page_opens_and_says_where_it_was_saved(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	desk->snapshot->journal_path = "";
	assert_int_equal(desk_press(desk, "R"), ANSWER_NOTHING);
	assert_true(desk_shows(desk, "Last checks"));
	assert_int_equal(desk_press(desk, "R"), ANSWER_NOTHING);
	desk->snapshot->journal_path = "/state/prod.jsonl";
	assert_int_equal(desk_press(desk, "R"), ANSWER_REPORT);
	ui_show_report(desk->ui, "Change record\n\nVerdict\n  Migrated.\n", true,
		       "Saved as /state/report.html and .md");
	assert_true(desk_shows(desk, "Saved as /state/report.html and .md"));
	assert_true(desk_shows(desk, "Migrated."));
	assert_int_equal(desk_press(desk, "R"), ANSWER_NOTHING);
	assert_true(desk_hides(desk, "Migrated."));
	desk_clear(desk);
}

static struct snapshot *
new_pair(const struct settings *settings)
{
	return scene_classic(settings, STEP_CRDS, 0);
}

static void
a_priority_is_chosen_for_its_model_and_a_word_is_none(void **state)
{
	struct desk *desk = desk_of(new_pair);

	(void)state;
	assert_int_equal(desk_press(desk, "e Down Enter Ctrl-u x Enter"), ANSWER_NOTHING);
	assert_true(desk_shows(desk, "not a priority"));
	assert_int_equal(desk_press(desk, "Enter Ctrl-u - 3 Enter"), ANSWER_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_CHOOSE);
	assert_int_equal(desk->command.choice, CHOICE_PRIORITY);
	assert_string_equal(desk->command.ns, "default");
	assert_string_equal(desk->command.name, "food-review");
	assert_int_equal(desk->command.value, -3);
	desk_clear(desk);
}

static void
a_freeze_wants_its_reason_ended_and_then_a_y(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	assert_int_equal(desk_press(desk, "f y e s Enter"), ANSWER_NOTHING);
	assert_int_equal(desk_press(desk, "y"), ANSWER_NOTHING); /* too early */
	desk_pass(desk, 400);
	assert_int_equal(desk_press(desk, "Enter"), ANSWER_NOTHING);
	desk_pass(desk, 400);
	assert_int_equal(desk_press(desk, "y"), ANSWER_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_FREEZE);
	assert_string_equal(desk->command.text, "yes");
	desk_clear(desk);
}

static void
a_filter_selects_what_it_shows(void **state)
{
	struct desk *desk = desk_of(many);

	(void)state;
	desk_press(desk, "/ p o o l - 2 7 Enter");
	assert_true(desk_shows(desk, "Routes of team-03/pool-27"));
	desk_press(desk, "Esc");
	assert_true(desk_shows(desk, "Routes of team-03/pool-27"));
	desk_clear(desk);
}

static void
dragging_the_bar_sets_the_wanted_share_and_sends_nothing(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	assert_int_equal(desk_mouse(desk, MOUSE_DOWN, 39, 13), ANSWER_NOTHING);
	assert_int_equal(desk_mouse(desk, MOUSE_DRAG, 4, 13), ANSWER_NOTHING);
	assert_int_equal(desk_mouse(desk, MOUSE_UP, 4, 13), ANSWER_NOTHING);
	assert_true(desk_shows(desk, "wanted 100 % → written 25 %"));
	desk_clear(desk);
}

static void
the_bar_answers_to_a_click(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	assert_int_equal(desk_mouse(desk, MOUSE_DOWN, 36, 23), ANSWER_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_PREVIEW);
	assert_true(desk->command.undo);
	desk_clear(desk);
}

static void
details_ask_for_the_selected_object(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	assert_int_equal(desk_press(desk, "2 j d"), ANSWER_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_INSPECT);
	assert_int_equal(desk->command.object, KIND_ROUTE);
	assert_string_equal(desk->command.name, "admin-route");
	assert_int_equal(desk_press(desk, "Esc"), ANSWER_COMMAND);
	assert_int_equal(desk->command.object, KIND_COUNT);
	desk_clear(desk);
}

static void
the_command_line_completes_and_runs(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	assert_int_equal(desk_press(desk, ": s h i f t Space 3 3 . 3 Enter"), ANSWER_COMMAND);
	assert_int_equal(desk->command.goal, 333000);
	desk_press(desk, "Esc");
	assert_int_equal(desk_press(desk, ": u n d o Space a t Tab Enter"), ANSWER_COMMAND);
	assert_int_equal(desk->command.step, STEP_ATTACH);
	assert_true(desk->command.undo);
	desk_press(desk, "Esc");
	assert_int_equal(desk_press(desk, ": n o s u c h Enter"), ANSWER_NOTHING);
	assert_true(desk_shows(desk, "there is no command 'nosuch'"));
	desk_clear(desk);
}

static void
quitting_in_mid_step_asks_once(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	scene_run(desk->snapshot, STEP_POOL, RUN_WRITING, "");
	assert_int_equal(desk_press(desk, "q"), ANSWER_NOTHING);
	assert_int_equal(desk_press(desk, "q"), ANSWER_QUIT);
	desk_clear(desk);
}

static void
every_size_is_drawn_without_harm(void **state)
{
	static const char *const keys[] = { "Esc", "?", "Esc J", "Esc w", "Esc Esc A", "Esc : a" };
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		desk_press(desk, keys[i]);
		for (int columns = 1; columns <= 170; columns += 7)
			for (int rows = 1; rows <= 55; rows += 3) {
				struct grid grid;

				grid_init(&grid, columns, rows, columns % 2);
				ui_resize(desk->ui, columns, rows);
				ui_draw(desk->ui, desk->snapshot, &grid);
				grid_release(&grid);
			}
	}
	desk_clear(desk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moving_the_slider_sends_nothing),
		cmocka_unit_test(a_silent_cluster_locks_every_key_that_writes),
		cmocka_unit_test(an_engine_that_says_nothing_is_not_taken_for_a_live_cluster),
		cmocka_unit_test(read_only_asks_for_nothing),
		cmocka_unit_test(every_step_has_a_letter_and_s_is_the_next),
		cmocka_unit_test(undo_takes_back_the_last_step_that_wrote),
		cmocka_unit_test(a_selection_stays_on_its_pair_when_others_come),
		cmocka_unit_test(a_filter_selects_what_it_shows),
		cmocka_unit_test(dragging_the_bar_sets_the_wanted_share_and_sends_nothing),
		cmocka_unit_test(the_bar_answers_to_a_click),
		cmocka_unit_test(details_ask_for_the_selected_object),
		cmocka_unit_test(the_command_line_completes_and_runs),
		cmocka_unit_test(quitting_in_mid_step_asks_once),
		cmocka_unit_test(
			the_report_is_made_when_its_page_opens_and_says_where_it_was_saved),
		cmocka_unit_test(a_priority_is_chosen_for_its_model_and_a_word_is_none),
		cmocka_unit_test(a_freeze_wants_its_reason_ended_and_then_a_y),
		cmocka_unit_test(every_size_is_drawn_without_harm),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests_name("ui", tests, NULL, NULL);
}
