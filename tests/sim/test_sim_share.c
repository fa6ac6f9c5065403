/* What test_sim_faults leaves out, and of which `make check` takes a share, `make sim` all: the same
 * console goes on after the fault, or another without the journal; and the cases with helm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/explore.h"

static void
a_migration_goes_on_after_a_share_of_the_faults(void **state)
{
	(void)state;
	assert_true(explore(PART_SHARE, WAY_FORTH));
}

static void
the_way_back_goes_on_after_a_share_of_the_faults(void **state)
{
	(void)state;
	assert_true(explore(PART_SHARE, WAY_BACK));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_migration_goes_on_after_a_share_of_the_faults),
		cmocka_unit_test(the_way_back_goes_on_after_a_share_of_the_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
