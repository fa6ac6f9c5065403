#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "tui/options.h"

/* A configuration folder of the test's own, and what its file and some words come to. */
struct setup {
	char folder[64], path[128];
	struct options options;
	struct err err;
};

static int
begin(void **state)
{
	struct setup *setup = calloc(1, sizeof *setup);

	strcpy(setup->folder, "/tmp/config-XXXXXX");
	assert_non_null(mkdtemp(setup->folder));
	setenv("XDG_CONFIG_HOME", setup->folder, 1);
	setenv("XDG_STATE_HOME", setup->folder, 1);
	snprintf(setup->path, sizeof setup->path, "%s/poolshift", setup->folder);
	assert_true(file_make_folder(setup->path, NULL));
	snprintf(setup->path, sizeof setup->path, "%s/poolshift/config.yaml", setup->folder);
	*state = setup;
	return 0;
}

static int
end(void **state)
{
	struct setup *setup = *state;
	char inner[128];

	options_release(&setup->options);
	file_remove(setup->path, NULL);
	snprintf(inner, sizeof inner, "%s/poolshift", setup->folder);
	rmdir(inner);
	rmdir(setup->folder);
	free(setup);
	return 0;
}

static bool
configured(struct setup *setup, const char *file, const char *const *words)
{
	int count = 0;

	while (words[count] != NULL)
		count++;
	assert_true(file_write(setup->path, file, strlen(file), NULL));
	return options_parse(&setup->options, count, words, &setup->err) &&
	       options_settle(&setup->options, FOR_APPLY, &setup->err);
}

#define WORDS(...) ((const char *[]){ "poolshift", "apply", ##__VA_ARGS__, NULL })

static void
every_option_may_stand_under_its_long_name(void **state)
{
	struct setup *setup = *state;

	assert_true(configured(setup,
			       "# what we always want\n"
			       "theme: mono\n"
			       "hold: 1m\n"
			       "no-probe: true\n"
			       "pool:\n- default/a\n- default/b\n"
			       "ramp: [10, 100]\n",
			       WORDS()));
	assert_string_equal(setup->options.theme, "mono");
	assert_int_equal(setup->options.settings.hold, MINUTE);
	assert_false(setup->options.settings.probe);
	assert_string_equal(setup->options.settings.pools[1], "default/b");
	assert_null(setup->options.settings.pools[2]);
	assert_int_equal(setup->options.settings.ramp_count, 2);
	assert_true(setup->options.scope_given);
}

static void
the_command_line_wins(void **state)
{
	struct setup *setup = *state;

	assert_true(configured(setup,
			       "theme: mono\npool: [a, b]\nnamespace: team-a\nno-probe: true\n"
			       "dry-run: true\n",
			       WORDS("--theme=dark", "--pool", "c", "-A", "--probe-url",
				     "http://x/", "--dry-run=false")));
	assert_string_equal(setup->options.theme, "dark");
	assert_string_equal(setup->options.settings.pools[0], "c");
	assert_null(setup->options.settings.pools[1]);
	assert_null(setup->options.settings.ns);
	assert_true(setup->options.settings.probe);
	assert_false(setup->options.settings.dry_run);
}

static void
keys_become_lines_for_the_keymap(void **state)
{
	struct setup *setup = *state;

	assert_true(configured(setup, "keys:\n  verify: V\n  refresh: [F, Ctrl-R]\n", WORDS()));
	assert_string_equal(setup->options.keys_text, "verify: V\nrefresh: F Ctrl-R\n");
}

static void
an_empty_file_and_no_file_say_nothing(void **state)
{
	struct setup *setup = *state;

	assert_true(configured(setup, "", WORDS()));
	options_release(&setup->options);
	file_remove(setup->path, NULL);
	assert_true(options_parse(&setup->options, 2, WORDS(), &setup->err));
	assert_true(options_settle(&setup->options, FOR_APPLY, &setup->err));
	assert_null(setup->options.theme);
}

/* Each row: the file, and what is said after "FOLDER/poolshift/". */
static const struct {
	const char *file, *said;
} wrong[] = {
	{ "theme: mono\nthmee: dark\n",
	  "config.yaml line 2: thmee: there is no option thmee; did you mean theme?" },
	{ "\n\nhold: soon\n", "config.yaml line 3: hold: " },
	{ "theme:\n", "config.yaml line 1: theme: it has no value" },
	{ "theme: [a, b]\n",
	  "config.yaml line 1: theme: it takes one value, and a list stands there" },
	{ "hold: 1s\npool: {a: b}\n",
	  "config.yaml line 2: a: pool takes no such lines; only keys does" },
	{ "yes: perhaps\n", "config.yaml line 1: yes: \"perhaps\" is neither true nor false" },
	{ "- theme\n", "config.yaml: write NAME: VALUE, a line each" },
	{ "theme: dark\ntheme: mono\n", "config.yaml" },
	{ "theme: 'dark\n", "config.yaml" },
	{ "keys: q\n", "config.yaml line 1: keys: write ACTION: KEY, a line each below it" },
	{ "theme: dark\nkeys:\n  verfy: V\n",
	  "config.yaml line 3: verfy: the console has no such action; did you mean verify?" },
	{ "keys:\n  quit: Q\n  verify: Hyper-V\n",
	  "config.yaml line 3: verify: keys: verify: 'Hyper-V' is not a key" },
	{ "keys:\n  verify: u\n", "config.yaml line 2: verify: keys: u is the key of both" },
};

static void
what_is_wrong_is_named_by_file_line_and_key(void **state)
{
	struct setup *setup = *state;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_false(configured(setup, wrong[i].file, WORDS()));
		assert_int_equal(setup->err.code, ERR_INPUT);
		if (strstr(setup->err.text, setup->folder) != setup->err.text ||
		    strstr(setup->err.text, wrong[i].said) == NULL)
			fail_msg("%s gave \"%s\"", wrong[i].file, setup->err.text);
		options_release(&setup->options);
	}
	assert_true(configured(setup, "", WORDS()));
}

static void
help_and_version_do_not_read_it(void **state)
{
	struct setup *setup = *state;

	assert_false(configured(setup, "nonsense: 1\n", WORDS()));
	options_release(&setup->options);
	assert_true(options_parse(&setup->options, 2, WORDS(), &setup->err));
	assert_true(options_settle(&setup->options, FOR_WORDS, &setup->err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_option_may_stand_under_its_long_name, begin,
						end),
		cmocka_unit_test_setup_teardown(the_command_line_wins, begin, end),
		cmocka_unit_test_setup_teardown(keys_become_lines_for_the_keymap, begin, end),
		cmocka_unit_test_setup_teardown(an_empty_file_and_no_file_say_nothing, begin, end),
		cmocka_unit_test_setup_teardown(what_is_wrong_is_named_by_file_line_and_key, begin,
						end),
		cmocka_unit_test_setup_teardown(help_and_version_do_not_read_it, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
