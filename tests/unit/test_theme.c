#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/screen/theme.h"

static void
a_line_gives_a_role_its_style(void **state)
{
	struct theme theme;

	(void)state;
	assert_true(theme_parse(
		&theme, "own",
		"# mine\nabout = my own\nalpha = 215 on bright-blue bold underline # note\n",
		NULL));
	assert_string_equal(theme.about, "my own");
	assert_int_equal(theme.styles[ROLE_ALPHA].fg, 215);
	assert_int_equal(theme.styles[ROLE_ALPHA].bg, 12);
	assert_int_equal(theme.styles[ROLE_ALPHA].attributes, STYLE_BOLD | STYLE_UNDERLINE);
	assert_int_equal(theme.styles[ROLE_GA].fg, COLOUR_DEFAULT);
}

static void
a_wrong_line_is_named_with_what_may_stand_there(void **state)
{
	static const struct {
		const char *text, *message;
	} wrong[] = {
		{ "text = 252\nnonsense = 1\n",
		  "theme own, line 2: there is no role 'nonsense'; see the help page for them" },
		{ "alpha\n", "theme own, line 1: there is no '='; write ROLE = STYLE" },
		{ "alpha = 256\n", "theme own, line 1: '256' is not understood; write a colour, "
				   "'on' and a colour, then bold, dim, "
				   "underline or reverse" },
	};
	struct theme theme;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_false(theme_parse(&theme, "own", wrong[i].text, &err));
		assert_int_equal(err.code, ERR_INPUT);
		assert_string_equal(err.text, wrong[i].message);
	}
}

static void
every_built_in_theme_is_read_and_tells_the_sides_apart(void **state)
{
	struct theme_list list;

	(void)state;
	theme_names(&list, NULL);
	assert_int_equal(list.count, 6);
	for (size_t i = 0; i < list.count; i++) {
		struct theme theme;
		struct err err = { 0 };

		assert_true(theme_load(&theme, list.names[i], NULL, &err));
		assert_true(theme.about[0] != '\0');
		assert_memory_not_equal(&theme.styles[ROLE_ALPHA], &theme.styles[ROLE_GA],
					sizeof(struct style));
		assert_memory_not_equal(&theme.styles[ROLE_TEXT], &theme.styles[ROLE_SELECTED],
					sizeof(struct style));
	}
}

static void
mono_has_no_colour_at_all(void **state)
{
	struct theme theme;

	(void)state;
	assert_true(theme_load(&theme, "mono", NULL, NULL));
	for (int i = 0; i < ROLE_COUNT; i++) {
		assert_int_equal(theme.styles[i].fg, COLOUR_DEFAULT);
		assert_int_equal(theme.styles[i].bg, COLOUR_DEFAULT);
	}
	assert_string_equal(theme_default(256, true), "mono");
	assert_string_equal(theme_default(0, false), "mono");
	assert_string_equal(theme_default(16, false), "16");
}

static void
fewer_colours_give_the_nearest(void **state)
{
	(void)state;
	assert_int_equal(theme_colour(215, 256), 215);
	assert_int_equal(theme_colour(COLOUR_DEFAULT, 8), COLOUR_DEFAULT);
	assert_int_equal(theme_colour(196, 16), 9);
	assert_int_equal(theme_colour(196, 8), 1);
	assert_int_equal(theme_colour(252, 16), 15);
	assert_int_equal(theme_colour(240, 16), 8);
	assert_int_equal(theme_colour(12, 8), 4);
}

static void
an_unknown_theme_is_refused_with_those_there_are(void **state)
{
	struct theme theme;
	struct err err;

	(void)state;
	assert_false(theme_load(&theme, "neon", NULL, &err));
	assert_true(strstr(err.text, "there is no theme 'neon'") != NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_gives_a_role_its_style),
		cmocka_unit_test(a_wrong_line_is_named_with_what_may_stand_there),
		cmocka_unit_test(every_built_in_theme_is_read_and_tells_the_sides_apart),
		cmocka_unit_test(mono_has_no_colour_at_all),
		cmocka_unit_test(fewer_colours_give_the_nearest),
		cmocka_unit_test(an_unknown_theme_is_refused_with_those_there_are),
	};

	return cmocka_run_group_tests_name("theme", tests, NULL, NULL);
}
