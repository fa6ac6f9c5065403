/* explore - every request of a migration, or of its way back, with every fault.
 *
 * The migration runs once. Whenever a request is sent, a copy of the whole process (fork) takes it
 * from there with one fault, so that what came before costs nothing: the cluster, the engine and
 * the clock are all in it, and the journal is copied into a folder of its own. What happens after
 * the fault is a row of the table below. Two copies that were killed over the same cluster with the
 * same journal go on equally, so only the first of them does. For tests.
 */
#ifndef TESTS_EXPLORE_H
#define TESTS_EXPLORE_H

#include "tests/sim/sim.h"

enum explore_way { WAY_FORTH, WAY_BACK }; /* the migration; rollback --all of a finished one */

/* What happens after the fault. */
enum explore_after {
	AFTER_SAME,  /* the same console goes on */
	AFTER_FRESH, /* it is killed, another goes on */
	AFTER_LOST,  /* the same, and the journal is lost */
	AFTER_OTHER, /* it is killed, another goes the other way: rollback --all, or the migration */
	AFTER_COUNT
};

struct explore_tally {
	int64_t runs;     /* ended */
	int64_t known;    /* killed in a state that another run was killed in */
	int64_t requests; /* of the run without a fault */
	int64_t sent;     /* of all runs */
	int64_t faults;
	int64_t checks;
	int64_t asked_again; /* commands that had to be given once more */
	int64_t mended; /* stopped without their journal, and went on when a route was mended */
	int64_t failures;
};

/* Both procedures on what has little and what has everything, each fault at each request, and a
 * console that is killed after it: whole; and all the rest of it, of which there is a share: what
 * only asks gets every eighth fault in turn, at every so many requests as the case's row says. */
enum explore_part { PART_WHOLE, PART_SHARE };

/* By the environment: SIM_ALL takes the rest whole, too, SIM_STRIDE=N every Nth request at most,
 * SIM_CASE=NAME one case alone. With the sanitizers it is few.
 * True when nothing was wrong; what was is printed with the words that repeat it. */
bool explore(enum explore_part part, enum explore_way way);
/* One run: "CASE forth|back REQUEST FAULT same|fresh|lost|other", told in detail. */
bool explore_repeat(char *const words[5]);

#endif
