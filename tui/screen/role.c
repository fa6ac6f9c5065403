#include "tui/screen/role.h"

#include <stddef.h>
#include <string.h>

static const struct role_row rows[ROLE_COUNT] = {
	[ROLE_TEXT] = { "text", '.', "ordinary text" },
	[ROLE_FAINT] = { "faint", 'f', "what matters less: units, ages, hints" },
	[ROLE_BRAND] = { "brand", 'p', "the program's name in the first line" },
	[ROLE_FRAME] = { "frame", 'b', "frames of panes" },
	[ROLE_FOCUS] = { "focus", 'B', "the frame of the pane in focus" },
	[ROLE_TITLE] = { "title", 't', "titles of panes and dialogs" },
	[ROLE_COLUMN] = { "column", 'c', "column headings" },
	[ROLE_SELECTED] = { "selected", 's', "the selected row" },
	[ROLE_KEY] = { "key", 'k', "a key that may be pressed" },
	[ROLE_ALPHA] = { "alpha", 'a', "the alpha side: pools, shares, the bar" },
	[ROLE_GA] = { "ga", 'g', "the GA side" },
	[ROLE_GOOD] = { "good", '+', "done, accepted, live" },
	[ROLE_WARN] = { "warn", '!', "waiting, pending, unproven" },
	[ROLE_BAD] = { "bad", 'x', "blocked, failed, refused" },
	[ROLE_STALE] = { "stale", '~', "data of a view that no longer answers" },
	[ROLE_ADDED] = { "added", '>', "a line that a write adds" },
	[ROLE_REMOVED] = { "removed", '<', "a line that a write takes away" },
	[ROLE_INPUT] = { "input", 'i', "what is being typed" },
};

const struct role_row *
role_row(enum role role)
{
	return &rows[role];
}

enum role
role_by_name(const char *name)
{
	for (size_t i = 0; i < ROLE_COUNT; i++)
		if (strcmp(rows[i].name, name) == 0)
			return (enum role)i;
	return ROLE_COUNT;
}
