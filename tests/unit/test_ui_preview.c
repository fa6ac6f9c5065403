/* From a preview to the write: what confirms it, and what never does. */
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

/* Asks for 50 % and shows its preview. */
static struct desk *
desk_with_preview(void)
{
	struct desk *desk = desk_of(desk_at_25);

	desk_press(desk, "= 5 0 Enter");
	scene_preview_shift(desk->snapshot, 500000);
	ui_see(desk->ui, desk->snapshot);
	return desk;
}

static void
enter_asks_for_the_preview_of_the_wanted_share(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	assert_int_equal(desk_press(desk, "Right Enter"), ANSWER_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_PREVIEW);
	assert_int_equal(desk->command.step, STEP_SHIFT);
	assert_int_equal(desk->command.goal, 260000);
	assert_string_equal(desk->command.pair, DESK_PAIR);
	assert_int_equal(desk->command.snapshot, 7);
	desk_clear(desk);
}

static void
y_writes_the_preview_that_was_shown(void **state)
{
	struct desk *desk = desk_with_preview();

	(void)state;
	desk_pass(desk, 400);
	assert_int_equal(desk_press(desk, "y"), ANSWER_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_ACCEPT);
	assert_int_equal(desk->command.preview, 3);
	assert_int_equal(desk->command.snapshot, 7);
	assert_int_equal(desk_press(desk, "y"), ANSWER_NOTHING);
	desk_clear(desk);
}

static void
enter_never_writes(void **state)
{
	struct desk *desk = desk_with_preview();

	(void)state;
	desk_pass(desk, 2000);
	assert_int_equal(desk_press(desk, "Enter Enter Space s"), ANSWER_NOTHING);
	assert_true(desk_shows(desk, "Enter does not"));
	desk_clear(desk);
}

static void
a_key_typed_ahead_of_the_preview_does_not_write(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	assert_int_equal(desk_press(desk, "= 5 0 Enter y y y"), ANSWER_NOTHING);
	scene_preview_shift(desk->snapshot, 500000);
	ui_see(desk->ui, desk->snapshot);
	assert_int_equal(desk_press(desk, "y y y"), ANSWER_NOTHING);
	desk_clear(desk);
}

static void
a_preview_that_changed_has_to_be_read_again(void **state)
{
	struct desk *desk = desk_with_preview();

	(void)state;
	desk_pass(desk, 400);
	desk->snapshot->preview.id = 4;
	ui_see(desk->ui, desk->snapshot);
	assert_int_equal(desk_press(desk, "y"), ANSWER_NOTHING);
	desk_pass(desk, 400);
	assert_int_equal(desk_press(desk, "y"), ANSWER_COMMAND);
	assert_int_equal(desk->command.preview, 4);
	desk_clear(desk);
}

static void
a_preview_of_another_share_is_not_taken_for_this_one(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	desk_press(desk, "= 6 0 Enter");
	scene_preview_shift(desk->snapshot, 500000);
	ui_see(desk->ui, desk->snapshot);
	desk_pass(desk, 1000);
	assert_int_equal(desk_press(desk, "y"), ANSWER_NOTHING);
	assert_true(desk_shows(desk, "asking the server"));
	desk_clear(desk);
}

static void
escape_or_q_leaves_the_preview_and_says_so_to_the_engine(void **state)
{
	struct desk *desk = desk_with_preview();

	(void)state;
	assert_int_equal(desk_press(desk, "Esc"), ANSWER_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_DISMISS);
	assert_int_equal(desk->command.preview, 3);
	desk_clear(desk);
	desk = desk_with_preview();
	assert_int_equal(desk_press(desk, "q"), ANSWER_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_DISMISS);
	desk_clear(desk);
}

static void
a_refused_or_blocked_preview_cannot_be_written(void **state)
{
	struct desk *desk = desk_with_preview();

	(void)state;
	desk->snapshot->preview.status.state = STATE_BLOCKED;
	desk->snapshot->preview.status.reason = "the mirror filter cannot be carried";
	desk_pass(desk, 1000);
	assert_int_equal(desk_press(desk, "y"), ANSWER_NOTHING);
	assert_true(desk_shows(desk, "blocked: the mirror filter cannot be carried"));
	assert_true(desk_shows(desk, "y writes nothing while this is so"));
	assert_true(desk_hides(desk, "y write "));
	desk_clear(desk);
}

static struct snapshot *
at_the_end(const struct settings *settings)
{
	return scene_classic(settings, STEP_REMOVE_CRDS, PPM_ALL);
}

static void
what_is_final_wants_its_name_typed(void **state)
{
	struct desk *desk = desk_of(at_the_end);

	(void)state;
	assert_int_equal(desk_press(desk, "X"), ANSWER_COMMAND);
	assert_string_equal(desk->command.pair, "");
	scene_preview_final(desk->snapshot);
	ui_see(desk->ui, desk->snapshot);
	desk_pass(desk, 1000);
	assert_int_equal(desk_press(desk, "y"), ANSWER_NOTHING);
	assert_int_equal(desk_press(desk, "q Backspace"), ANSWER_NOTHING); /* a letter, here */
	desk_press(desk, "Backspace g k e _ p r o d _ u s - c e n t r a l 1 _ i n f");
	assert_int_equal(desk_press(desk, "y Enter"), ANSWER_NOTHING);
	desk_pass(desk, 1000);
	assert_int_equal(desk_press(desk, "y"), ANSWER_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_ACCEPT);
	desk_clear(desk);
}

static void
abort_is_one_key_and_one_confirmation(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	assert_int_equal(desk_press(desk, "A"), ANSWER_NOTHING);
	assert_int_equal(desk_press(desk, "y"), ANSWER_NOTHING); /* too soon */
	desk_pass(desk, 200);
	assert_int_equal(desk_press(desk, "A Enter"), ANSWER_NOTHING);
	assert_int_equal(desk_press(desk, "y"), ANSWER_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_ABORT);
	assert_string_equal(desk->command.pair, DESK_PAIR);
	desk_clear(desk);
}

/* Traffic can always go back at once. */
static void
what_may_still_be_done_locks_the_steps_and_not_the_abort(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	scene_pending(desk->snapshot);
	ui_see(desk->ui, desk->snapshot);
	assert_int_equal(desk_press(desk, "s"), ANSWER_NOTHING);
	assert_true(desk_shows(
		desk, "shift is locked: Nothing is written for 43 s, since an earlier patch"));
	assert_int_equal(desk_press(desk, "g"), ANSWER_NOTHING);
	assert_true(desk_shows(desk, "ramp: Nothing is written for 43 s"));
	desk_press(desk, "A");
	desk_pass(desk, 200);
	assert_int_equal(desk_press(desk, "y"), ANSWER_COMMAND);
	assert_int_equal(desk->command.kind, COMMAND_ABORT);
	desk_clear(desk);
}

static void
a_connection_lost_under_a_preview_locks_it(void **state)
{
	struct desk *desk = desk_with_preview();

	(void)state;
	desk_pass(desk, 1000);
	scene_silence(desk->snapshot, 5);
	ui_see(desk->ui, desk->snapshot);
	assert_int_equal(desk_press(desk, "y"), ANSWER_NOTHING);
	desk_clear(desk);
}

static void
a_failed_preview_says_why_in_its_dialog(void **state)
{
	struct desk *desk = desk_of(desk_at_25);

	(void)state;
	desk_press(desk, "s");
	desk->snapshot->outcome =
		(struct outcome){ .serial = 5,
				  .ok = false,
				  .code = ERR_DENIED,
				  .exit = 1,
				  .text = "patch httproutes is forbidden to viewer in default" };
	ui_see(desk->ui, desk->snapshot);
	assert_true(desk_shows(desk, "patch httproutes is forbidden to viewer in default"));
	desk_clear(desk);
}

static void
a_failed_write_stays_on_the_screen_until_it_is_left(void **state)
{
	struct desk *desk = desk_with_preview();

	(void)state;
	desk_pass(desk, 1000);
	desk_press(desk, "y");
	desk->snapshot->outcome = (struct outcome){ .serial = 5,
						    .ok = false,
						    .code = ERR_CONFLICT,
						    .exit = 1,
						    .text = "kubectl-edit changed llm-route" };
	ui_see(desk->ui, desk->snapshot);
	desk_pass(desk, 60000);
	assert_true(desk_shows(desk, "kubectl-edit changed llm-route"));
	desk_press(desk, "s y");
	assert_true(desk_shows(desk, "kubectl-edit changed llm-route"));
	desk->snapshot->link.fresh = desk->now;
	assert_int_equal(desk_press(desk, "Esc"), ANSWER_NOTHING);
	assert_int_equal(desk_press(desk, "s"), ANSWER_COMMAND);
	desk_clear(desk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
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
		cmocka_unit_test(what_may_still_be_done_locks_the_steps_and_not_the_abort),
		cmocka_unit_test(a_connection_lost_under_a_preview_locks_it),
		cmocka_unit_test(a_failed_preview_says_why_in_its_dialog),
		cmocka_unit_test(a_failed_write_stays_on_the_screen_until_it_is_left),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests_name("ui_preview", tests, NULL, NULL);
}
