/* role - what a cell of the screen means; a theme says how it looks.
 *
 * Nothing but the terminal module knows a colour. The letter stands for the role in the goldens.
 * Constant data; any thread.
 */
#ifndef SCREEN_ROLE_H
#define SCREEN_ROLE_H

enum role {
	ROLE_TEXT,
	ROLE_FAINT,
	ROLE_BRAND,
	ROLE_FRAME,
	ROLE_FOCUS,
	ROLE_TITLE,
	ROLE_COLUMN,
	ROLE_SELECTED,
	ROLE_KEY,
	ROLE_ALPHA,
	ROLE_GA,
	ROLE_GOOD,
	ROLE_WARN,
	ROLE_BAD,
	ROLE_STALE,
	ROLE_ADDED,
	ROLE_REMOVED,
	ROLE_INPUT,
	ROLE_COUNT
};

struct role_row {
	const char *name; /* in theme files */
	char letter;
	const char *help;
};

const struct role_row *role_row(enum role role);
/* ROLE_COUNT when there is none of that name. */
enum role role_by_name(const char *name);

#endif
