/* theme - how each role looks, read from a few lines of text.
 *
 * A theme file holds `ROLE = STYLE` lines, `about = SENTENCE`, blank lines and comments from `#`.
 * STYLE is a foreground, then `on` and a background, then any of bold, dim, underline, reverse,
 * each optional. A colour is `default`, one of the eight names (black red green yellow blue magenta
 * cyan white), `bright-` and a name, or a number of the 256. What a file leaves out stays as the
 * terminal's own. Six themes are built in; files of the person's own come first. One thread.
 */
#ifndef SCREEN_THEME_H
#define SCREEN_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "tui/screen/role.h"

#define THEME_NAME_MAX 32
#define THEMES_MAX     32
#define COLOUR_DEFAULT (-1)

enum { STYLE_BOLD = 1, STYLE_DIM = 2, STYLE_UNDERLINE = 4, STYLE_REVERSE = 8 };

struct style {
	int16_t fg, bg; /* 0 to 255, or COLOUR_DEFAULT */
	unsigned attributes;
};

struct theme {
	char name[THEME_NAME_MAX];
	char about[100];
	struct style styles[ROLE_COUNT];
};

struct theme_list {
	char names[THEMES_MAX][THEME_NAME_MAX];
	size_t count;
};

/* ERR_INPUT with the name, line, what is wrong and what may stand there. */
bool theme_parse(struct theme *theme, const char *name, const char *text, struct err *err);
/* By name: the person's own in `folder` (NULL for none), then the built-in one; or by path when
 * there is a '/' in it. */
bool theme_load(struct theme *theme, const char *name, const char *folder, struct err *err);
/* Built in and in `folder`, each name once. */
void theme_names(struct theme_list *list, const char *folder);
/* The name that suits the terminal: "mono" without colour, "16" below 256, else "dark". */
const char *theme_default(int colours, bool no_color);
/* The nearest of a terminal's `colours` (8, 16 or 256); COLOUR_DEFAULT stays. */
int theme_colour(int colour, int colours);

#endif
