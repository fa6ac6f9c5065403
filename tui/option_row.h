/* option_row - the rows of the options and what each writes: shared by options.c, which holds them,
 * and option_words.c, which reads words and file by them. Main thread.
 */
#ifndef TUI_OPTION_ROW_H
#define TUI_OPTION_ROW_H

#include "tui/options.h"

#define OPTION_LIST_MAX 256 /* most times a repeatable option may stand */

/* What the rows write into: the options, and the lists that are still growing. */
struct parsing {
	struct options *options;
	const char **pools, **groups;
	const char **sets, **orphans;
	size_t pool_count, group_count, set_count, orphan_count;
	struct priority *priorities;
	int64_t *ramp;
	const char *bundle;
};

typedef bool (*take_fn)(struct parsing *parsing, const char *value, struct err *err);

struct row {
	struct option_row row;
	take_fn take;      /* value NULL: a switch alone */
	const char *rival; /* an option that says the opposite; NULL */
};

/* Ended by a row whose name is NULL. */
extern const struct row option_rows[];

#endif
