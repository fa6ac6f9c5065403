/* chaos - a migration as it may really go, from a seed: several faults, programs that are killed,
 * somebody else who writes, and a second operator.
 *
 * A seed says everything: the case, what goes wrong with which request, who kills what and when.
 * After a while nothing goes wrong any more, and the migration, or the way back, must come to its
 * end. The invariants of sim.h hold all the time. Each seed is a copy of the process. For tests.
 */
#ifndef TESTS_CHAOS_H
#define TESTS_CHAOS_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/sim/explore.h"

/* Seeds `first` and the `count - 1` after it. True when nothing was wrong; what was is printed with
 * the command that repeats it. */
bool chaos(uint64_t first, uint64_t count, struct explore_tally *tally);
bool chaos_repeat(uint64_t seed); /* told in detail */

#endif
