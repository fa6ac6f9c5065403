/* crew - copies of this process at work: as many at a time as there are processors, what they
 * counted and found wrong in memory that all share.
 *
 * A copy that dies, or does not end, is a failure like any other. For tests.
 */
#ifndef TESTS_CREW_H
#define TESTS_CREW_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/sim/explore.h"

struct crew;

struct crew *crew_new(void);
void crew_free(struct crew *crew); /* waits for all of them */
/* In the parent false; in the copy true, in a folder of its own. `title` tells which it is, should
 * it die. Waits until there is room. */
bool crew_fork(struct crew *crew, const char *title);
/* The same, waited for: for a copy that makes copies. */
bool crew_fork_and_wait(struct crew *crew, const char *title);
void crew_wait(struct crew *crew);                           /* until all have ended */
void crew_exit(struct crew *crew) __attribute__((noreturn)); /* of a copy, with its folder */

/* By anyone. */
void crew_add(struct crew *crew, const struct explore_tally *tally);
struct explore_tally crew_tally(const struct crew *crew);
void crew_fail(struct crew *crew, const char *title, const char *text);
/* True the first time anyone says this number. */
bool crew_first(struct crew *crew, uint64_t number);
/* Prints the failures. */
void crew_tell(const struct crew *crew);

#endif
