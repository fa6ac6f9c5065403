/* keymap - what every key does: one row an action, with its help and its place in the bottom bar.
 *
 * The help page, the bottom bar, the configuration and the tests walk the rows. A keymap starts
 * with the rows' keys; lines `ACTION: KEY KEY ...` of the configuration's `keys:` replace them. One
 * thread.
 */
#ifndef SCREEN_KEYMAP_H
#define SCREEN_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "tui/screen/press.h"

enum action {
	ACTION_NONE,
	ACTION_LESS,
	ACTION_MORE,
	ACTION_LESS_10,
	ACTION_MORE_10,
	ACTION_NO_SHARE,
	ACTION_ALL_SHARE,
	ACTION_TYPE_SHARE,
	ACTION_ENTER,
	ACTION_STEP,
	ACTION_UNDO,
	ACTION_VERIFY,
	ACTION_ABORT,
	ACTION_RAMP,
	ACTION_DETAILS,
	ACTION_FILTER,
	ACTION_COMMAND,
	ACTION_JOURNAL,
	ACTION_REPORT,
	ACTION_PLAN,
	ACTION_LOSSES,
	ACTION_CHOICES,
	ACTION_CHANGE,
	ACTION_FREEZE,
	ACTION_WATCH,
	ACTION_UP,
	ACTION_DOWN,
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_TOP,
	ACTION_BOTTOM,
	ACTION_PANE_NEXT,
	ACTION_PANE_PREVIOUS,
	ACTION_PANE_1,
	ACTION_PANE_2,
	ACTION_PANE_3,
	ACTION_PANE_4,
	ACTION_PANE_5,
	ACTION_PANE_6,
	ACTION_PAIR_NEXT,
	ACTION_PAIR_PREVIOUS,
	ACTION_ZOOM,
	ACTION_THEME,
	ACTION_REFRESH,
	ACTION_SIGN_IN,
	ACTION_REDRAW,
	ACTION_SUSPEND,
	ACTION_HELP,
	ACTION_WRITE,
	ACTION_DIFF,
	ACTION_KUBECTL,
	ACTION_ROUTES,
	ACTION_YAML,
	ACTION_BACK,
	ACTION_QUIT,
	ACTION_COUNT
};

enum {
	ON_MAIN = 1,
	ON_PAGE = 2,
	ON_DIALOG = 4,
	ON_DETAILS = 8,
	ON_SIGN_IN = 16,
	ON_CHOICES = 32
}; /* where a row's keys count; ON_DETAILS and ON_CHOICES are pages, too; ON_SIGN_IN anywhere while it is needed */

struct action_row {
	enum action action;
	const char *name; /* in the configuration and on the command line */
	const char *keys; /* blanks between */
	unsigned where;
	const char *bar;   /* the word in the bottom bar; NULL: not there */
	const char *shown; /* the keys in the bar when not simply the first; NULL */
	const char *help;
};

#define KEYMAP_KEYS_MAX 4

struct keymap {
	struct press keys[ACTION_COUNT][KEYMAP_KEYS_MAX]; /* PRESS_NONE ends */
};

const struct action_row *keymap_row(enum action action);
enum action keymap_by_name(const char *name); /* ACTION_COUNT when there is none */
void keymap_init(struct keymap *keymap);
/* Lines of the configuration; NULL or "" changes nothing. ERR_INPUT with the line. A key may do one
 * thing in one place. */
bool keymap_configure(struct keymap *keymap, const char *text, struct err *err);
/* What `press` does in `where` (one of ON_*); ACTION_NONE when nothing. */
enum action keymap_find(const struct keymap *keymap, const struct press *press, unsigned where);
/* The keys of an action as a person reads them, "←" for arrows: "h ←". At most `size` bytes. */
void
keymap_keys(const struct keymap *keymap, enum action action, bool all, char *text, size_t size);

#endif
