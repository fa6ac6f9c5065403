/* A console without a screen: the numbers of its lines, and what a typed line means. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/golden/scene.h"
#include "tui/plain/talk.h"

#define PAIR "default/vllm-llama3-8b-preview"

struct chat {
	struct settings settings;
	struct snapshot *snapshot;
	struct lines lines;
	struct talk talk;
	struct command command;
	struct buf said; /* by the last line, or by the last snapshot */
};

static void
open_chat(struct chat *chat, enum step_id next, int64_t ppm)
{
	struct lines none;

	*chat = (struct chat){ .settings = settings_default() };
	chat->snapshot = scene_classic(&chat->settings, next, ppm);
	lines_init(&none);
	lines_take(&chat->lines, chat->snapshot, &none);
	lines_release(&none);
	talk_init(&chat->talk, true);
	buf_init(&chat->said, BUF_MIB);
}

static void
close_chat(struct chat *chat)
{
	lines_release(&chat->lines);
	snapshot_free(chat->snapshot);
	buf_release(&chat->said);
}

static enum talk_answer
types(struct chat *chat, const char *line)
{
	enum talk_answer answer;

	buf_clear(&chat->said);
	answer = talk_hear(&chat->talk, chat->snapshot, &chat->lines, line, &chat->command,
			   &chat->said);
	if (answer == TALK_COMMAND)
		talk_sent(&chat->talk, 5);
	return answer;
}

static void
sees(struct chat *chat)
{
	buf_clear(&chat->said);
	talk_see(&chat->talk, chat->snapshot, &chat->said);
}

static bool
is_said(const struct chat *chat, const char *text)
{
	return strstr(chat->said.bytes, text) != NULL;
}

/* Another state of the same things: what is told of it. */
static void
changes_to(struct chat *chat, struct snapshot *snapshot)
{
	struct lines lines;

	lines_take(&lines, snapshot, &chat->lines);
	buf_clear(&chat->said);
	lines_put_changes(&chat->said, &lines, &chat->lines);
	lines_release(&chat->lines);
	snapshot_free(chat->snapshot);
	chat->snapshot = snapshot;
	chat->lines = lines;
}

static int
number_of(const struct chat *chat, const char *name)
{
	for (size_t i = 0; i < chat->lines.count; i++)
		if (strcmp(chat->lines.line[i].name, name) == 0)
			return chat->lines.line[i].number;
	return 0;
}

static void
a_change_is_the_lines_that_changed_with_their_numbers(void **state)
{
	struct chat chat;
	char line[64];

	(void)state;
	open_chat(&chat, STEP_SHIFT, 250000);
	snprintf(line, sizeof(line), "%2d  pair " PAIR ": ", number_of(&chat, "pair " PAIR));
	changes_to(&chat, scene_classic(&chat.settings, STEP_SHIFT, 250000));
	assert_string_equal(chat.said.bytes, "");
	changes_to(&chat, scene_classic(&chat.settings, STEP_SHIFT, 500000));
	assert_true(is_said(&chat, line));
	assert_true(is_said(&chat, "on GA 50 %"));
	assert_false(is_said(&chat, "step crds"));
	close_chat(&chat);
}

static void
the_number_of_a_step_asks_for_its_preview(void **state)
{
	struct chat chat;
	char line[16];

	(void)state;
	open_chat(&chat, STEP_SHIFT, 250000);
	snprintf(line, sizeof(line), "%d", number_of(&chat, "step finalize"));
	assert_int_equal(types(&chat, line), TALK_COMMAND);
	assert_int_equal(chat.command.kind, COMMAND_PREVIEW);
	assert_int_equal(chat.command.step, STEP_FINALIZE);
	assert_string_equal(chat.command.pair, PAIR);
	assert_int_equal(types(&chat, "999"), TALK_NOTHING);
	assert_true(is_said(&chat, "There is no line 999"));
	close_chat(&chat);
}

static void
y_writes_what_was_said_and_an_empty_line_does_not(void **state)
{
	struct chat chat;

	(void)state;
	open_chat(&chat, STEP_SHIFT, 250000);
	assert_int_equal(types(&chat, "shift 50"), TALK_COMMAND);
	assert_int_equal(chat.command.goal, 500000);
	scene_preview_shift(chat.snapshot, 500000);
	assert_int_equal(types(&chat, "y"), TALK_NOTHING);
	assert_true(is_said(&chat, "it has not been shown yet"));
	sees(&chat);
	assert_true(is_said(&chat, "rules[0].backendRefs[0].weight"));
	assert_true(is_said(&chat, "y writes this"));
	assert_int_equal(types(&chat, ""), TALK_NOTHING);
	assert_int_equal(types(&chat, "  "), TALK_NOTHING);
	assert_int_equal(types(&chat, "y"), TALK_COMMAND);
	assert_int_equal(chat.command.kind, COMMAND_ACCEPT);
	assert_int_equal(chat.command.preview, 3);
	assert_int_equal(types(&chat, "y"), TALK_NOTHING);
	assert_true(is_said(&chat, "nothing was asked"));
	close_chat(&chat);
}

static void
a_preview_that_changed_has_to_be_said_again(void **state)
{
	struct chat chat;

	(void)state;
	open_chat(&chat, STEP_SHIFT, 250000);
	types(&chat, "shift 50");
	scene_preview_shift(chat.snapshot, 500000);
	sees(&chat);
	chat.snapshot->preview.id = 4;
	assert_int_equal(types(&chat, "y"), TALK_NOTHING);
	sees(&chat);
	assert_int_equal(types(&chat, "y"), TALK_COMMAND);
	assert_int_equal(chat.command.preview, 4);
	close_chat(&chat);
}

static void
a_pipe_looks_and_writes_nothing(void **state)
{
	struct chat chat;

	(void)state;
	open_chat(&chat, STEP_SHIFT, 250000);
	talk_init(&chat.talk, false);
	types(&chat, "shift 50");
	scene_preview_shift(chat.snapshot, 500000);
	sees(&chat);
	assert_true(is_said(&chat, "rules[0]"));
	assert_int_equal(types(&chat, "y"), TALK_NOTHING);
	assert_true(is_said(&chat, "no terminal to ask on"));
	types(&chat, "abort");
	assert_int_equal(types(&chat, "y"), TALK_NOTHING);
	close_chat(&chat);
}

static void
what_is_final_wants_its_name(void **state)
{
	struct chat chat;

	(void)state;
	open_chat(&chat, STEP_REMOVE_CRDS, PPM_ALL);
	assert_int_equal(types(&chat, "remove-crds"), TALK_COMMAND);
	assert_string_equal(chat.command.pair, "");
	scene_preview_final(chat.snapshot);
	sees(&chat);
	assert_true(is_said(&chat, "Type gke_prod_us-central1_inf to write this"));
	assert_int_equal(types(&chat, "y"), TALK_NOTHING);
	assert_int_equal(types(&chat, "gke_prod_us-central1_inf"), TALK_COMMAND);
	assert_int_equal(chat.command.kind, COMMAND_ACCEPT);
	close_chat(&chat);
}

static void
a_lost_connection_locks_what_was_shown(void **state)
{
	struct chat chat;

	(void)state;
	open_chat(&chat, STEP_SHIFT, 250000);
	types(&chat, "shift 50");
	scene_preview_shift(chat.snapshot, 500000);
	sees(&chat);
	scene_silence(chat.snapshot, 14);
	assert_int_equal(types(&chat, "y"), TALK_NOTHING);
	assert_true(is_said(&chat, "Nothing is written: "));
	assert_int_equal(types(&chat, "s"), TALK_NOTHING);
	close_chat(&chat);
}

static void
abort_wants_one_y(void **state)
{
	struct chat chat;

	(void)state;
	open_chat(&chat, STEP_SHIFT, 250000);
	assert_int_equal(types(&chat, "A"), TALK_NOTHING);
	assert_int_equal(types(&chat, "y"), TALK_COMMAND);
	assert_int_equal(chat.command.kind, COMMAND_ABORT);
	assert_string_equal(chat.command.pair, PAIR);
	close_chat(&chat);
}

static void
what_may_still_be_done_locks_the_steps_and_not_the_abort(void **state)
{
	struct chat chat;

	(void)state;
	open_chat(&chat, STEP_SHIFT, 250000);
	scene_pending(chat.snapshot);
	assert_int_equal(types(&chat, "s"), TALK_NOTHING);
	assert_true(is_said(&chat, "shift: Nothing is written for 43 s, since an earlier patch"));
	assert_int_equal(types(&chat, "A"), TALK_NOTHING);
	assert_int_equal(types(&chat, "y"), TALK_COMMAND);
	assert_int_equal(chat.command.kind, COMMAND_ABORT);
	close_chat(&chat);
}

static void
undo_is_of_the_last_step_that_wrote(void **state)
{
	struct chat chat;

	(void)state;
	open_chat(&chat, STEP_SHIFT, 250000);
	assert_int_equal(types(&chat, "u"), TALK_COMMAND);
	assert_true(chat.command.undo);
	assert_int_equal(chat.command.step, STEP_SHIFT);
	assert_int_equal(types(&chat, "undo attach"), TALK_COMMAND);
	assert_int_equal(chat.command.step, STEP_ATTACH);
	assert_int_equal(types(&chat, "undo nosuch"), TALK_NOTHING);
	assert_true(is_said(&chat, "There is no step nosuch."));
	close_chat(&chat);
}

static void
quitting_in_mid_step_asks_once(void **state)
{
	struct chat chat;

	(void)state;
	open_chat(&chat, STEP_POOL, 0);
	scene_run(chat.snapshot, STEP_POOL, RUN_WRITING, "");
	assert_int_equal(types(&chat, "q"), TALK_NOTHING);
	assert_int_equal(types(&chat, "l"), TALK_LIST);
	assert_int_equal(types(&chat, "q"), TALK_NOTHING);
	assert_int_equal(types(&chat, "q"), TALK_QUIT);
	close_chat(&chat);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_is_the_lines_that_changed_with_their_numbers),
		cmocka_unit_test(the_number_of_a_step_asks_for_its_preview),
		cmocka_unit_test(y_writes_what_was_said_and_an_empty_line_does_not),
		cmocka_unit_test(a_preview_that_changed_has_to_be_said_again),
		cmocka_unit_test(a_pipe_looks_and_writes_nothing),
		cmocka_unit_test(what_is_final_wants_its_name),
		cmocka_unit_test(a_lost_connection_locks_what_was_shown),
		cmocka_unit_test(abort_wants_one_y),
		cmocka_unit_test(what_may_still_be_done_locks_the_steps_and_not_the_abort),
		cmocka_unit_test(undo_is_of_the_last_step_that_wrote),
		cmocka_unit_test(quitting_in_mid_step_asks_once),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("talk", tests, NULL, NULL);
}
