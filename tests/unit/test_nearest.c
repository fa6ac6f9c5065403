#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/nearest.h"

static const char *
meant(const char *word)
{
	static const char *const names[] = { "status", "plan",   "apply",
					     "shift",  "report", "rollback" };
	struct nearest nearest;

	nearest_init(&nearest, word, strlen(word));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		nearest_try(&nearest, names[i]);
	return nearest_name(&nearest);
}

static void
a_slip_is_a_letter_missing_added_wrong_or_exchanged(void **state)
{
	(void)state;
	assert_string_equal(meant("aply"), "apply");
	assert_string_equal(meant("appply"), "apply");
	assert_string_equal(meant("repost"), "report");
	assert_string_equal(meant("sihft"), "shift");
}

static void
the_beginning_of_a_name_means_it(void **state)
{
	(void)state;
	assert_string_equal(meant("roll"), "rollback");
	assert_string_equal(meant("stat"), "status");
}

static void
what_is_far_from_every_name_means_none(void **state)
{
	(void)state;
	assert_null(meant("frobnicate"));
	assert_null(meant("x"));
	assert_null(meant(""));
	assert_null(meant("a-word-that-is-longer-than-any-name-of-ours-could-ever-be"));
}

static void
of_equally_near_names_the_first_is_meant(void **state)
{
	struct nearest nearest;

	(void)state;
	nearest_init(&nearest, "cat=1", 3);
	nearest_try(&nearest, "bat");
	nearest_try(&nearest, "rat");
	assert_string_equal(nearest_name(&nearest), "bat");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slip_is_a_letter_missing_added_wrong_or_exchanged),
		cmocka_unit_test(the_beginning_of_a_name_means_it),
		cmocka_unit_test(what_is_far_from_every_name_means_none),
		cmocka_unit_test(of_equally_near_names_the_first_is_meant),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
