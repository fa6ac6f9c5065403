/* screen - what stands in a terminal after the bytes it got: enough of xterm for curses programs.
 *
 * Cells hold code points, each taken as one column wide; colours and attributes are ignored. Owned
 * by whoever made it; one thread.
 */
#ifndef BENCH_SCREEN_H
#define BENCH_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

struct screen;

struct screen *screen_new(int columns, int rows);
void screen_free(struct screen *screen); /* NULL is fine */
void screen_take(struct screen *screen, const char *bytes, size_t length);

/* ASCII text in one row, anywhere. */
bool screen_has(const struct screen *screen, const char *text);
/* The lowest row with `name` also has `word`, to the right of it. */
bool screen_has_after(const struct screen *screen, const char *name, const char *word);
/* Row by row to stderr, when something that was waited for did not come. */
void screen_show(const struct screen *screen);

#endif
