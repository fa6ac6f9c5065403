/* Both procedures, on the documentation's example and on everything: every fault at every request,
 * and another console goes on to the end, or all the way back. `make check` leaves nothing out.
 *
 * As a program with five words it repeats one run and tells what happens in it:
 *   tests/sim/test_sim_faults classic forth 123 lost fresh
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/explore.h"

static void
a_migration_survives_every_fault_at_every_request(void **state)
{
	(void)state;
	assert_true(explore(PART_WHOLE, WAY_FORTH));
}

static void
the_way_back_survives_every_fault_at_every_request(void **state)
{
	(void)state;
	assert_true(explore(PART_WHOLE, WAY_BACK));
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
