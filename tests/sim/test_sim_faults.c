/* The migration and the way back, with every fault at every request.
 *
 * As a program with five words it repeats one run and tells what happens in it:
 *   tests/sim/test_sim_faults classic forth 123 lost fresh
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "tests/sim/explore.h"

static void
explored(enum explore_way way)
{
	struct clock real = clock_system();
	size_t count;
	const struct sim_case *cases = sim_cases(&count);
	const char *only = getenv("SIM_CASE");
	bool well = true;

	for (size_t i = 0; i < count; i++) {
		int64_t began = clock_mono(&real);
		struct explore_tally tally = { 0 };

		if (only != NULL && *only != '\0' && strcmp(only, cases[i].name) != 0)
			continue;
		well = explore(&cases[i], way, &tally) && well;
		print_message(
			"# %s %s: %lld requests, %lld faults put, %lld runs (%lld of them "
			"killed where another was), %lld requests sent, %lld invariants "
			"checked, %lld commands given again, %lld routes mended by hand, %lld "
			"failures, %.1f s\n",
			cases[i].name, way == WAY_FORTH ? "forth" : "back",
			(long long)tally.requests, (long long)tally.faults, (long long)tally.runs,
			(long long)tally.known, (long long)tally.sent, (long long)tally.checks,
			(long long)tally.asked_again, (long long)tally.mended,
			(long long)tally.failures, (double)(clock_mono(&real) - began) / 1e9);
	}
	assert_true(well);
}

static void
a_migration_survives_every_fault_at_every_request(void **state)
{
	(void)state;
	explored(WAY_FORTH);
}

static void
the_way_back_survives_every_fault_at_every_request(void **state)
{
	(void)state;
	explored(WAY_BACK);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_migration_survives_every_fault_at_every_request),
		cmocka_unit_test(the_way_back_survives_every_fault_at_every_request),
	};

	if (argc == 6)
		return explore_repeat(argv + 1) ? 0 : 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
