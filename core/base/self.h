/* self - who runs this program, and whether a process that said so of itself still runs.
 *
 * The name is for people: "user@host, pid 4711". The mark is for programs: it tells the same
 * process on the same machine from any other, and names neither. Any thread; reads /proc.
 */
#ifndef BASE_SELF_H
#define BASE_SELF_H

#include <stdbool.h>
#include <stddef.h>

#define SELF_NAME_MAX 200
#define SELF_MARK_MAX 80

void self_name(char name[SELF_NAME_MAX]); /* clean for a terminal */
void self_mark(char mark[SELF_MARK_MAX]);
/* The process of that mark ran on this machine, in these process ids, and does so no longer. False
 * when that cannot be told from here. */
bool self_is_gone(const char *mark);

#endif
