#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "tests/golden/scene.h"
#include "tui/screen/ui.h"

#define PAIR "default/vllm-llama3-8b-preview"

struct desk { /* a ui with a snapshot before it */
	struct settings settings;
	struct ui *ui;
	struct snapshot *snapshot;
	struct command command;
	int64_t now;
};

static struct desk *
desk_of(struct snapshot *(*make)(const struct settings *settings))
{
	static struct desk desk;
	struct ui_options options = { .settings = &desk.settings };

	desk = (struct desk){ .settings = settings_default(), .now = SCENE_MONO };
	desk.ui = ui_new(&options, NULL);
	desk.snapshot = make(&desk.settings);
	ui_resize(desk.ui, 80, 24);
	ui_tick(desk.ui, desk.now, SCENE_WALL);
	ui_see(desk.ui, desk.snapshot);
	return &desk;
}

static void
clear(struct desk *desk)
{
	ui_free(desk->ui);
	snapshot_free(desk->snapshot);
}

static void
pass(struct desk *desk, int64_t milliseconds)
{
	desk->now += milliseconds * MILLISECOND;
	ui_tick(desk->ui, desk->now, SCENE_WALL);
}

/* The answer to the last of the keys, which come 1 ms apart. */
static enum ui_answer
press(struct desk *desk, const char *keys)
{
	enum ui_answer answer = UI_NOTHING;
	char name[32];

	while (*keys != '\0') {
		int length = (int)strcspn(keys, " ");
		struct press key;

		snprintf(name, sizeof(name), "%.*s", length, keys);
		assert_true(press_parse(name, &key));
		keys += length + (keys[length] == ' ');
		pass(desk, 1);
		answer = ui_handle(desk->ui, desk->snapshot, &key, &desk->command);
		if (answer == UI_COMMAND)
			ui_sent(desk->ui, 5);
	}
	return answer;
}

static enum ui_answer
mouse(struct desk *desk, enum press_mouse what, int x, int y)
{
	struct press key = { .code = PRESS_MOUSE, .mouse = what, .x = x, .y = y };

	return ui_handle(desk->ui, desk->snapshot, &key, &desk->command);
}

/* What was drawn is told only when it is not as wanted: TAP is read from the same stream. */
static bool
finds(struct desk *desk, const char *text, bool wanted)
{
	struct grid grid;
	struct buf screen;
	bool found;

	grid_init(&grid, 80, 24, false);
	buf_init(&screen, BUF_MIB);
	ui_draw(desk->ui, desk->snapshot, &grid);
	grid_text(&grid, &screen);
	found = strstr(screen.bytes, text) != NULL;
	if (found != wanted)
		fprintf(stderr, "%s is%s on:\n%s\n", text, found ? "" : " not", screen.bytes);
	buf_release(&screen);
	grid_release(&grid);
	return found;
}

static bool
shows(struct desk *desk, const char *text)
{
	return finds(desk, text, true);
}

static bool
hides(struct desk *desk, const char *text)
{
	return !finds(desk, text, false);
}

static struct snapshot *
at_25(const struct settings *settings)
{
	return scene_classic(settings, STEP_SHIFT, 250000);
}

static struct snapshot *
at_the_end(const struct settings *settings)
{
	return scene_classic(settings, STEP_REMOVE_CRDS, PPM_ALL);
}

static struct snapshot *
silent(const struct settings *settings)
{
	struct snapshot *snapshot = at_25(settings);

	scene_silence(snapshot, 14);
	return snapshot;
}

static struct snapshot *
many(const struct settings *settings)
{
	return scene_crowd(settings, 40);
}

/* Asks for 50 % and shows its preview. */
static struct desk *
desk_with_preview(void)
{
	struct desk *desk = desk_of(at_25);

	press(desk, "= 5 0 Enter");
	scene_preview_shift(desk->snapshot, 500000);
	ui_see(desk->ui, desk->snapshot);
	return desk;
}

static void
moving_the_slider_sends_nothing(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	assert_int_equal(press(desk, "Right"), UI_NOTHING);
	assert_int_equal(press(desk, "L Shift-Right 4 2 . 5"), UI_NOTHING);
	assert_true(shows(desk, "wanted 42.5▌ % → written 25 % → observed not measured"));
	clear(desk);
}

static void
enter_asks_for_the_preview_of_the_wanted_share(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	assert_int_equal(press(desk, "Right Enter"), UI_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_PREVIEW);
	assert_int_equal(desk->command.step, STEP_SHIFT);
	assert_int_equal(desk->command.goal, 260000);
	assert_string_equal(desk->command.pair, PAIR);
	assert_int_equal(desk->command.snapshot, 7);
	clear(desk);
}

static void
y_writes_the_preview_that_was_shown(void **state)
{
	struct desk *desk = desk_with_preview();

	(void)state;
	pass(desk, 400);
	assert_int_equal(press(desk, "y"), UI_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_ACCEPT);
	assert_int_equal(desk->command.preview, 3);
	assert_int_equal(desk->command.snapshot, 7);
	assert_int_equal(press(desk, "y"), UI_NOTHING);
	clear(desk);
}

static void
enter_never_writes(void **state)
{
	struct desk *desk = desk_with_preview();

	(void)state;
	pass(desk, 2000);
	assert_int_equal(press(desk, "Enter Enter Space s"), UI_NOTHING);
	assert_true(shows(desk, "Enter does not"));
	clear(desk);
}

static void
a_key_typed_ahead_of_the_preview_does_not_write(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	assert_int_equal(press(desk, "= 5 0 Enter y y y"), UI_NOTHING);
	scene_preview_shift(desk->snapshot, 500000);
	ui_see(desk->ui, desk->snapshot);
	assert_int_equal(press(desk, "y y y"), UI_NOTHING);
	clear(desk);
}

static void
a_preview_that_changed_has_to_be_read_again(void **state)
{
	struct desk *desk = desk_with_preview();

	(void)state;
	pass(desk, 400);
	desk->snapshot->preview.id = 4;
	ui_see(desk->ui, desk->snapshot);
	assert_int_equal(press(desk, "y"), UI_NOTHING);
	pass(desk, 400);
	assert_int_equal(press(desk, "y"), UI_COMMAND);
	assert_int_equal(desk->command.preview, 4);
	clear(desk);
}

static void
a_preview_of_another_share_is_not_taken_for_this_one(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	press(desk, "= 6 0 Enter");
	scene_preview_shift(desk->snapshot, 500000);
	ui_see(desk->ui, desk->snapshot);
	pass(desk, 1000);
	assert_int_equal(press(desk, "y"), UI_NOTHING);
	assert_true(shows(desk, "asking the server"));
	clear(desk);
}

static void
escape_or_q_leaves_the_preview_and_says_so_to_the_engine(void **state)
{
	struct desk *desk = desk_with_preview();

	(void)state;
	assert_int_equal(press(desk, "Esc"), UI_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_DISMISS);
	assert_int_equal(desk->command.preview, 3);
	clear(desk);
	desk = desk_with_preview();
	assert_int_equal(press(desk, "q"), UI_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_DISMISS);
	clear(desk);
}

static void
a_refused_or_blocked_preview_cannot_be_written(void **state)
{
	struct desk *desk = desk_with_preview();

	(void)state;
	desk->snapshot->preview.status.state = STATE_BLOCKED;
	desk->snapshot->preview.status.reason = "the mirror filter cannot be carried";
	pass(desk, 1000);
	assert_int_equal(press(desk, "y"), UI_NOTHING);
	assert_true(shows(desk, "blocked: the mirror filter cannot be carried"));
	assert_true(shows(desk, "y writes nothing while this is so"));
	assert_true(hides(desk, "y write "));
	clear(desk);
}

static void
what_is_final_wants_its_name_typed(void **state)
{
	struct desk *desk = desk_of(at_the_end);

	(void)state;
	assert_int_equal(press(desk, "X"), UI_COMMAND);
	assert_string_equal(desk->command.pair, "");
	scene_preview_final(desk->snapshot);
	ui_see(desk->ui, desk->snapshot);
	pass(desk, 1000);
	assert_int_equal(press(desk, "y"), UI_NOTHING);
	assert_int_equal(press(desk, "q Backspace"), UI_NOTHING); /* a letter, here */
	press(desk, "Backspace g k e _ p r o d _ u s - c e n t r a l 1 _ i n f");
	assert_int_equal(press(desk, "y Enter"), UI_NOTHING);
	pass(desk, 1000);
	assert_int_equal(press(desk, "y"), UI_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_ACCEPT);
	clear(desk);
}

static void
abort_is_one_key_and_one_confirmation(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	assert_int_equal(press(desk, "A"), UI_NOTHING);
	assert_int_equal(press(desk, "y"), UI_NOTHING); /* too soon */
	pass(desk, 200);
	assert_int_equal(press(desk, "A Enter"), UI_NOTHING);
	assert_int_equal(press(desk, "y"), UI_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_ABORT);
	assert_string_equal(desk->command.pair, PAIR);
	clear(desk);
}

static void
a_silent_cluster_locks_every_key_that_writes(void **state)
{
	static const char *const keys[] = { "s", "u", "A", "S", "C", "Right Enter" };

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct desk *desk = desk_of(silent);

		assert_int_equal(press(desk, keys[i]), UI_NOTHING);
		assert_true(shows(desk, "the cluster has not answered for 14 s"));
		assert_int_equal(press(desk, "r"), UI_COMMAND);
		assert_int_equal(desk->command.kind, COMMAND_REFRESH);
		clear(desk);
	}
}

static void
a_connection_lost_under_a_preview_locks_it(void **state)
{
	struct desk *desk = desk_with_preview();

	(void)state;
	pass(desk, 1000);
	scene_silence(desk->snapshot, 5);
	ui_see(desk->ui, desk->snapshot);
	assert_int_equal(press(desk, "y"), UI_NOTHING);
	clear(desk);
}

static void
an_engine_that_says_nothing_is_not_taken_for_a_live_cluster(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	pass(desk, 4000);
	assert_true(shows(desk, "NO NEWS for 4 s"));
	assert_int_equal(press(desk, "s"), UI_NOTHING);
	desk->snapshot->link.fresh = desk->now;
	assert_int_equal(press(desk, "s"), UI_COMMAND);
	clear(desk);
}

static void
read_only_asks_for_nothing(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	desk->snapshot->read_only = true;
	assert_int_equal(press(desk, "s"), UI_NOTHING);
	assert_true(shows(desk, "--read-only"));
	assert_true(shows(desk, "READ-ONLY"));
	clear(desk);
}

static void
every_step_has_a_letter_and_s_is_the_next(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	assert_int_equal(press(desk, "F"), UI_COMMAND);
	assert_int_equal(desk->command.step, STEP_FINALIZE);
	press(desk, "Esc");
	assert_int_equal(press(desk, "s"), UI_COMMAND);
	assert_int_equal(desk->command.step, STEP_SHIFT);
	press(desk, "Esc");
	assert_int_equal(press(desk, "V"), UI_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_VERIFY);
	clear(desk);
}

static void
undo_takes_back_the_last_step_that_wrote(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	assert_int_equal(press(desk, "u"), UI_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_PREVIEW);
	assert_true(desk->command.undo);
	assert_int_equal(desk->command.step, STEP_SHIFT);
	clear(desk);
}

static void
a_selection_stays_on_its_pair_when_others_come(void **state)
{
	struct desk *desk = desk_of(many);
	struct pair *pairs;

	(void)state;
	press(desk, "j j");
	assert_true(shows(desk, "Routes of team-02/pool-02"));
	pairs = arena_array(&desk->snapshot->arena, 41, sizeof(*pairs));
	memcpy(pairs + 1, desk->snapshot->plan.pairs, 40 * sizeof(*pairs));
	pairs[0] = pairs[1];
	pairs[0].alpha = "aaa";
	desk->snapshot->plan.pairs = pairs;
	desk->snapshot->plan.pair_count = 41;
	ui_see(desk->ui, desk->snapshot);
	assert_true(shows(desk, "Routes of team-02/pool-02"));
	clear(desk);
}

static void
a_filter_selects_what_it_shows(void **state)
{
	struct desk *desk = desk_of(many);

	(void)state;
	press(desk, "/ p o o l - 2 7 Enter");
	assert_true(shows(desk, "Routes of team-03/pool-27"));
	press(desk, "Esc");
	assert_true(shows(desk, "Routes of team-03/pool-27"));
	clear(desk);
}

static void
dragging_the_bar_sets_the_wanted_share_and_sends_nothing(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	assert_int_equal(mouse(desk, MOUSE_DOWN, 39, 13), UI_NOTHING);
	assert_int_equal(mouse(desk, MOUSE_DRAG, 4, 13), UI_NOTHING);
	assert_int_equal(mouse(desk, MOUSE_UP, 4, 13), UI_NOTHING);
	assert_true(shows(desk, "wanted 100 % → written 25 %"));
	clear(desk);
}

static void
the_bar_answers_to_a_click(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	assert_int_equal(mouse(desk, MOUSE_DOWN, 36, 23), UI_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_PREVIEW);
	assert_true(desk->command.undo);
	clear(desk);
}

static void
details_ask_for_the_selected_object(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	assert_int_equal(press(desk, "2 j d"), UI_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_INSPECT);
	assert_int_equal(desk->command.object, KIND_ROUTE);
	assert_string_equal(desk->command.name, "admin-route");
	assert_int_equal(press(desk, "Esc"), UI_COMMAND);
	assert_int_equal(desk->command.object, KIND_COUNT);
	clear(desk);
}

static void
the_command_line_completes_and_runs(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	assert_int_equal(press(desk, ": s h i f t Space 3 3 . 3 Enter"), UI_COMMAND);
	assert_int_equal(desk->command.goal, 333000);
	press(desk, "Esc");
	assert_int_equal(press(desk, ": u n d o Space a t Tab Enter"), UI_COMMAND);
	assert_int_equal(desk->command.step, STEP_ATTACH);
	assert_true(desk->command.undo);
	press(desk, "Esc");
	assert_int_equal(press(desk, ": n o s u c h Enter"), UI_NOTHING);
	assert_true(shows(desk, "there is no command 'nosuch'"));
	clear(desk);
}

static void
a_failed_preview_says_why_in_its_dialog(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	press(desk, "s");
	desk->snapshot->outcome =
		(struct outcome){ .serial = 5,
				  .ok = false,
				  .code = ERR_DENIED,
				  .exit = 1,
				  .text = "patch httproutes is forbidden to viewer in default" };
	ui_see(desk->ui, desk->snapshot);
	assert_true(shows(desk, "patch httproutes is forbidden to viewer in default"));
	clear(desk);
}

static void
a_failed_write_stays_on_the_screen_until_it_is_left(void **state)
{
	struct desk *desk = desk_with_preview();

	(void)state;
	pass(desk, 1000);
	press(desk, "y");
	desk->snapshot->outcome = (struct outcome){ .serial = 5, .ok = false, .code = ERR_CONFLICT,
						    .exit = 1,
						    .text = "kubectl-edit changed llm-route" };
	ui_see(desk->ui, desk->snapshot);
	pass(desk, 60000);
	assert_true(shows(desk, "kubectl-edit changed llm-route"));
	press(desk, "s y");
	assert_true(shows(desk, "kubectl-edit changed llm-route"));
	desk->snapshot->link.fresh = desk->now;
	assert_int_equal(press(desk, "Esc"), UI_NOTHING);
	assert_int_equal(press(desk, "s"), UI_COMMAND);
	clear(desk);
}

static void
quitting_in_mid_step_asks_once(void **state)
{
	struct desk *desk = desk_of(at_25);

	(void)state;
	scene_run(desk->snapshot, STEP_POOL, RUN_WRITING, "");
	assert_int_equal(press(desk, "q"), UI_NOTHING);
	assert_int_equal(press(desk, "q"), UI_QUIT);
	clear(desk);
}

static void
every_size_is_drawn_without_harm(void **state)
{
	static const char *const keys[] = { "Esc", "?", "Esc J", "Esc w", "Esc Esc A", "Esc : a" };
	struct desk *desk = desk_of(at_25);

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		press(desk, keys[i]);
		for (int columns = 1; columns <= 170; columns += 7)
			for (int rows = 1; rows <= 55; rows += 3) {
				struct grid grid;

				grid_init(&grid, columns, rows, columns % 2);
				ui_resize(desk->ui, columns, rows);
				ui_draw(desk->ui, desk->snapshot, &grid);
				grid_release(&grid);
			}
	}
	clear(desk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moving_the_slider_sends_nothing),
		cmocka_unit_test(enter_asks_for_the_preview_of_the_wanted_share),
		cmocka_unit_test(y_writes_the_preview_that_was_shown),
		cmocka_unit_test(enter_never_writes),
		cmocka_unit_test(a_key_typed_ahead_of_the_preview_does_not_write),
		cmocka_unit_test(a_preview_that_changed_has_to_be_read_again),
		cmocka_unit_test(a_preview_of_another_share_is_not_taken_for_this_one),
		cmocka_unit_test(escape_or_q_leaves_the_preview_and_says_so_to_the_engine),
		cmocka_unit_test(a_refused_or_blocked_preview_cannot_be_written),
		cmocka_unit_test(what_is_final_wants_its_name_typed),
		cmocka_unit_test(abort_is_one_key_and_one_confirmation),
		cmocka_unit_test(a_silent_cluster_locks_every_key_that_writes),
		cmocka_unit_test(a_connection_lost_under_a_preview_locks_it),
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
		cmocka_unit_test(a_failed_preview_says_why_in_its_dialog),
		cmocka_unit_test(a_failed_write_stays_on_the_screen_until_it_is_left),
		cmocka_unit_test(quitting_in_mid_step_asks_once),
		cmocka_unit_test(every_size_is_drawn_without_harm),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests_name("ui", tests, NULL, NULL);
}
