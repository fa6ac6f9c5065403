/* folder - a working directory of its own for a process that keeps journals, and for its copies.
 *
 * In memory where the system has such a place: nothing of it outlives the test. For tests.
 */
#ifndef TESTS_FOLDER_H
#define TESTS_FOLDER_H

#include <stdbool.h>

/* Made, and gone into. */
bool folder_enter(void);
/* For a copy of the process: a folder beside, with what is here; open files of the old one are open
 * in the new one. */
bool folder_branch(void);
/* A folder below it, with all that is in it. */
void folder_drop(const char *name);
/* Everything in it goes, and the folder. */
void folder_leave(void);

#endif
