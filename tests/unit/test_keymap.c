#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/migrate/step.h"
#include "tui/screen/keymap.h"

static enum action
does(const struct keymap *keymap, const char *key, unsigned where)
{
	struct press press;

	assert_true(press_parse(key, &press));
	return keymap_find(keymap, &press, where);
}

static void
every_action_has_a_name_a_key_and_help(void **state)
{
	struct keymap keymap;

	(void)state;
	keymap_init(&keymap);
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const struct action_row *row = keymap_row((enum action)i);

		assert_int_equal(row->action, i);
		assert_true(row->help[0] != '\0' && row->where != 0);
		assert_int_not_equal(keymap.keys[i][0].code, PRESS_NONE);
		assert_int_equal(keymap_by_name(row->name), i);
	}
}

static void
no_key_does_two_things_in_one_place(void **state)
{
	struct keymap keymap;

	(void)state;
	keymap_init(&keymap);
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
		for (int k = 0; k < KEYMAP_KEYS_MAX; k++)
			for (unsigned where = ON_MAIN; where <= ON_DETAILS; where <<= 1)
				if (keymap.keys[i][k].code != PRESS_NONE &&
				    (keymap_row((enum action)i)->where & where))
					assert_int_equal(
						keymap_find(&keymap, &keymap.keys[i][k], where), i);
}

static void
every_step_has_a_letter_of_its_own(void **state)
{
	struct keymap keymap;

	(void)state;
	keymap_init(&keymap);
	for (int i = 0; i < STEP_COUNT; i++) {
		char key[2] = { step_row((enum step_id)i)->key, '\0' };

		assert_int_equal(does(&keymap, key, ON_MAIN), ACTION_NONE);
		for (int k = 0; k < i; k++)
			assert_int_not_equal(step_row((enum step_id)k)->key, key[0]);
	}
}

static void
the_configuration_replaces_an_actions_keys(void **state)
{
	struct keymap keymap;

	(void)state;
	keymap_init(&keymap);
	assert_true(
		keymap_configure(&keymap, "quit: Q Ctrl-Q\n# a note\n  zoom: [ \"+\" ]\n", NULL));
	assert_int_equal(does(&keymap, "q", ON_MAIN), ACTION_NONE);
	assert_int_equal(does(&keymap, "Q", ON_MAIN), ACTION_QUIT);
	assert_int_equal(does(&keymap, "Ctrl-Q", ON_MAIN), ACTION_QUIT);
	assert_int_equal(does(&keymap, "+", ON_MAIN), ACTION_ZOOM);
}

static void
a_wrong_configuration_says_what_is_wrong(void **state)
{
	static const struct {
		const char *text, *message;
	} wrong[] = {
		{ "fly: f", "keys: there is no action 'fly'; the help page (?) lists them" },
		{ "quit: Hyper-Q", "keys: quit: 'Hyper-Q' is not a key, or more than 4 keys; write "
				   "q, Ctrl-L, Shift-Left, Enter, Space" },
		{ "quit: u",
		  "keys: u is the key of both 'quit' and 'undo'; give one of them another" },
		{ "quit q", "keys: 'quit q' is not understood; write ACTION: KEY KEY" },
	};
	struct keymap keymap;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		keymap_init(&keymap);
		assert_false(keymap_configure(&keymap, wrong[i].text, &err));
		assert_string_equal(err.text, wrong[i].message);
	}
}

static void
bytes_of_a_terminal_become_keys(void **state)
{
	static const struct {
		const char *bytes, *name;
	} known[] = {
		{ "q", "q" },
		{ "\033[A", "Up" },
		{ "\033OD", "Left" },
		{ "\033[1;2D", "Shift-Left" },
		{ "\033[Z", "Shift-Tab" },
		{ "\r", "Enter" },
		{ "\x0c", "Ctrl-L" },
		{ "\x1a", "Ctrl-Z" },
		{ "\x7f", "Backspace" },
		{ "\033[5~", "PageUp" },
		{ "α", "α" },
		{ "\033x", "Alt-x" },
		{ " ", "Space" },
		{ "\033[H", "Home" },
		{ "\033[4~", "End" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct press press;
		char name[32];

		assert_int_equal(
			press_decode(known[i].bytes, strlen(known[i].bytes), false, &press),
			strlen(known[i].bytes));
		press_name(&press, name);
		assert_string_equal(name, known[i].name);
	}
}

static void
a_lone_escape_waits_for_what_may_follow(void **state)
{
	struct press press;

	(void)state;
	assert_int_equal(press_decode("\033", 1, false, &press), 0);
	assert_int_equal(press_decode("\033", 1, true, &press), 1);
	assert_int_equal(press.code, PRESS_ESC);
	assert_int_equal(press_decode("\033[1;", 4, false, &press), 0);
	assert_int_equal(press_decode("\xce", 1, false, &press), 0);
}

static void
mouse_reports_carry_their_place(void **state)
{
	struct press press;

	(void)state;
	press_decode("\033[<0;11;5M", 10, false, &press);
	assert_int_equal(press.code, PRESS_MOUSE);
	assert_int_equal(press.mouse, MOUSE_DOWN);
	assert_int_equal(press.x, 10);
	assert_int_equal(press.y, 4);
	press_decode("\033[<32;12;5M", 11, false, &press);
	assert_int_equal(press.mouse, MOUSE_DRAG);
	press_decode("\033[<0;12;5m", 10, false, &press);
	assert_int_equal(press.mouse, MOUSE_UP);
	press_decode("\033[<65;12;5M", 11, false, &press);
	assert_int_equal(press.mouse, MOUSE_WHEEL_DOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_has_a_name_a_key_and_help),
		cmocka_unit_test(no_key_does_two_things_in_one_place),
		cmocka_unit_test(every_step_has_a_letter_of_its_own),
		cmocka_unit_test(the_configuration_replaces_an_actions_keys),
		cmocka_unit_test(a_wrong_configuration_says_what_is_wrong),
		cmocka_unit_test(bytes_of_a_terminal_become_keys),
		cmocka_unit_test(a_lone_escape_waits_for_what_may_follow),
		cmocka_unit_test(mouse_reports_carry_their_place),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("keymap", tests, NULL, NULL);
}
