/* The migration as it may really go: several faults, a stranger and a second operator, by a seed.
 *
 * As a program with a number it repeats that seed and tells what happens in it. SEEDS=N: that many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "tests/sim/chaos.h"

#ifdef __SANITIZE_ADDRESS__
#define USUAL 6
#else
#define USUAL 24
#endif

static void
a_migration_comes_to_its_end_whoever_and_whatever_comes_between(void **state)
{
	const char *asked = getenv("SEEDS"), *first = getenv("FIRST_SEED");
	uint64_t seeds = asked != NULL && *asked != '\0' ? strtoull(asked, NULL, 10) : USUAL;
	struct clock real = clock_system();
	int64_t began = clock_mono(&real);
	struct explore_tally tally;
	bool well = chaos(first != NULL && *first != '\0' ? strtoull(first, NULL, 10) : 1, seeds,
			  &tally);

	(void)state;
	print_message("# %lld seeds, %lld faults put, %lld requests sent, %lld invariants checked, "
		      "%lld commands given again, %lld failures, %.1f s\n",
		      (long long)tally.runs, (long long)tally.faults, (long long)tally.sent,
		      (long long)tally.checks, (long long)tally.asked_again,
		      (long long)tally.failures, (double)(clock_mono(&real) - began) / 1e9);
	assert_true(well);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_migration_comes_to_its_end_whoever_and_whatever_comes_between),
	};

	if (argc == 2)
		return chaos_repeat(strtoull(argv[1], NULL, 10)) ? 0 : 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
