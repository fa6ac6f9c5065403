#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "tui/options.h"

/* The words behind the program's name, and what they come to; no configuration is there. */
#define read(options, err, command, ...) \
	read_words(options, err, command, (const char *[]){ "poolshift", __VA_ARGS__, NULL })

static bool
read_words(struct options *options, struct err *err, unsigned command, const char *const *words)
{
	int count = 0;

	while (words[count] != NULL)
		count++;
	return options_parse(options, count, words, err) && options_settle(options, command, err);
}

static void
options_and_the_command_may_stand_in_any_order(void **state)
{
	struct options options;
	struct err err;

	(void)state;
	assert_true(read(&options, &err, FOR_SHIFT, "-n", "team-a", "shift", "--yes", "25",
			 "--reason=a change"));
	assert_string_equal(options.command, "shift");
	assert_int_equal(options.argument_count, 1);
	assert_string_equal(options.arguments[0], "25");
	assert_string_equal(options.settings.ns, "team-a");
	assert_string_equal(options.settings.reason, "a change");
	assert_true(options.yes && options.scope_given);
	options_release(&options);
}

static void
durations_percents_and_priorities_are_read_exactly(void **state)
{
	struct options options;
	struct err err;

	(void)state;
	assert_true(read(&options, &err, FOR_APPLY, "apply", "--hold", "1m30s", "--ramp",
			 "1,12.5,100", "--priority", "default/base-model=-3", "--priority",
			 "food-review=7"));
	assert_int_equal(options.settings.hold, 90 * SECOND);
	assert_int_equal(options.settings.ramp_count, 3);
	assert_int_equal(options.settings.ramp[1], 125000);
	assert_int_equal(options.settings.priority_count, 2);
	assert_string_equal(options.settings.priorities[0].model, "default/base-model");
	assert_int_equal(options.settings.priorities[0].value, -3);
	options_release(&options);
}

static void
models_without_a_pool_are_named_one_by_one(void **state)
{
	struct options options;
	struct err err;

	(void)state;
	assert_true(read(&options, &err, FOR_APPLY, "apply", "--orphan", "team-b/stray", "--orphan",
			 "lost"));
	assert_string_equal(options.settings.orphans[0], "team-b/stray");
	assert_string_equal(options.settings.orphans[1], "lost");
	assert_null(options.settings.orphans[2]);
	options_release(&options);
	assert_false(read(&options, &err, FOR_APPLY, "apply", "--orphan", "/stray"));
	assert_string_equal(err.text, "--orphan: \"/stray\" is not [NS/]NAME of an InferenceModel");
	options_release(&options);
	assert_false(read(&options, &err, FOR_SHIFT, "rollback", "--orphan", "team-b/"));
	options_release(&options);
}

static void
a_switch_takes_false(void **state)
{
	struct options options;
	struct err err;

	(void)state;
	assert_true(read(&options, &err, FOR_APPLY, "apply", "--yes", "--yes=false",
			 "--no-probe=false"));
	assert_false(options.yes);
	assert_true(options.settings.probe);
	options_release(&options);
}

static void
all_namespaces_wins_over_a_namespace_as_with_kubectl(void **state)
{
	struct options options;
	struct err err;

	(void)state;
	assert_true(read(&options, &err, FOR_STATUS, "status", "-A", "-n", "team-a"));
	assert_null(options.settings.ns);
	assert_null(options.session.ns);
	options_release(&options);
}

static void
a_secret_value_is_taken_out_of_the_argument_list(void **state)
{
	char words[][40] = { "poolshift",
			     "apply",
			     "--set",
			     "auth.token=abc",
			     "--set=a=1,key=x,y=2",
			     "--set",
			     "image.tag=v1.0.0",
			     "--set=key={}",
			     "--reason=auth.token=abc" };
	char *argv[sizeof words / sizeof *words];
	int count = sizeof words / sizeof *words;
	struct options options;
	struct err err;

	(void)state;
	for (int i = 0; i < count; i++)
		argv[i] = words[i];
	assert_true(options_parse(&options, count, (const char *const *)argv, &err));
	options_hide(&options, count, argv);
	assert_true(options_settle(&options, FOR_APPLY, &err));
	assert_string_equal(words[3], "auth.token=***");
	assert_string_equal(words[4], "--set=a=***********");
	assert_string_equal(words[6], "image.tag=v1.0.0");
	assert_string_equal(words[8], "--reason=auth.token=abc");
	assert_string_equal(options.settings.sets[0], "auth.token=abc");
	assert_string_equal(options.settings.sets[1], "a=1,key=x,y=2");
	assert_string_equal(options.settings.sets[2], "image.tag=v1.0.0");
	options_release(&options);
}

static void
words_after_two_dashes_are_no_options(void **state)
{
	struct options options;
	struct err err;

	(void)state;
	assert_true(read(&options, &err, FOR_STATUS, "status", "--", "--yes"));
	assert_string_equal(options.arguments[0], "--yes");
	assert_false(options.yes);
	options_release(&options);
}

/* Each row: the words, the command they are for, and a part of the one sentence. */
static const struct {
	unsigned command;
	const char *words[4], *said;
} refused[] = {
	{ FOR_STATUS,
	  { "--kubecofnig", "x" },
	  "there is no option --kubecofnig; did you mean --kubeconfig?" },
	{ FOR_STATUS, { "--frobnicate" }, "there is no option --frobnicate; see `poolshift help`" },
	{ FOR_APPLY, { "--chart=--post-renderer" }, "--chart: \"--post-renderer\" is no chart" },
	{ FOR_APPLY,
	  { "--chart", "https://user:hunter2@charts.example/pool.tgz" },
	  "--chart: the address has a user or a password in it" },
	{ FOR_APPLY,
	  { "--bundle", "https://user:hunter2@files.example/crds.yaml" },
	  "--bundle: the address has a user or a password in it" },
	{ FOR_APPLY,
	  { "--probe-url", "http://hunter2@gateway.example" },
	  "--probe-url: the address has a user or a password in it" },
	{ FOR_APPLY, { "--set", "provider.name" }, "--set: \"provider.name\" is not K=V" },
	{ FOR_STATUS, { "--prometheus", "x" }, "there is no option --prometheus" },
	{ FOR_STATUS, { "-Z" }, "there is no option -Z" },
	{ FOR_STATUS, { "-Ah" }, "there is no option -Ah; write -A alone" },
	{ FOR_STATUS, { "--context" }, "--context wants NAME" },
	{ FOR_STATUS, { "--yes=maybe" }, "--yes: \"maybe\" is neither true nor false" },
	{ FOR_STATUS,
	  { "-n", "Team_A" },
	  "--namespace: \"Team_A\" is not the name of a namespace" },
	{ FOR_STATUS, { "-o", "xml" }, "--output: \"xml\" is not one of text, json" },
	{ FOR_STATUS, { "-o", "html" }, "forms of the report; use text or json" },
	{ FOR_STATUS, { "--path", "slow" }, "\"slow\" is not one of zero-downtime, simple" },
	{ FOR_APPLY,
	  { "--through", "shfit" },
	  "--through: \"shfit\" is not a step; did you mean shift?" },
	{ FOR_APPLY, { "--to", "attach" }, "--to is not an option of this command" },
	{ FOR_APPLY, { "--hold", "30" }, "--hold: " },
	{ FOR_APPLY, { "--ramp", "50,25,100" }, "--ramp: the percents must rise" },
	{ FOR_APPLY, { "--ramp", "50" }, "--ramp: the last percent must be 100" },
	{ FOR_APPLY, { "--priority", "base-model" }, "--priority: \"base-model\" is not MODEL=N" },
	{ FOR_APPLY, { "--ga-name", "x" }, "--ga-name goes with exactly one --pool" },
	{ FOR_APPLY, { "--bundle", "/nonexistent/crds" }, "--bundle: There is no file" },
	{ FOR_DEMO, { "--speed", "fast" }, "--speed: \"fast\" is not a number of at least 0" },
};

static void
what_is_wrong_is_named_in_one_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		const char *words[6] = { "poolshift" };
		struct options options;
		struct err err = { .text = "" };

		for (int w = 0; w < 4 && refused[i].words[w] != NULL; w++)
			words[w + 1] = refused[i].words[w];
		bool ok = read_words(&options, &err, refused[i].command, words);
		if (ok || strstr(err.text, refused[i].said) == NULL ||
		    strstr(err.text, "hunter2") != NULL)
			fail_msg("%s gave \"%s\"", words[1], err.text);
		options_release(&options);
	}
}

static void
every_row_says_who_takes_it_and_fits_a_line(void **state)
{
	const struct option_row *row;

	(void)state;
	for (size_t i = 0; (row = options_row(i)) != NULL; i++) {
		const char *value = row->value != NULL ? row->value : "";

		assert_true(row->commands != 0);
		assert_true(strlen(row->help) > 5);
		assert_true(strlen(row->name) + strlen(value) + strlen(row->help) < 88);
		for (size_t other = 0; other < i; other++)
			assert_string_not_equal(row->name, options_row(other)->name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_and_the_command_may_stand_in_any_order),
		cmocka_unit_test(durations_percents_and_priorities_are_read_exactly),
		cmocka_unit_test(models_without_a_pool_are_named_one_by_one),
		cmocka_unit_test(a_switch_takes_false),
		cmocka_unit_test(all_namespaces_wins_over_a_namespace_as_with_kubectl),
		cmocka_unit_test(a_secret_value_is_taken_out_of_the_argument_list),
		cmocka_unit_test(words_after_two_dashes_are_no_options),
		cmocka_unit_test(what_is_wrong_is_named_in_one_sentence),
		cmocka_unit_test(every_row_says_who_takes_it_and_fits_a_line),
	};

	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_STATE_HOME", "/nonexistent", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
