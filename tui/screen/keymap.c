#include "tui/screen/keymap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

enum { EVERYWHERE = ON_MAIN | ON_PAGE | ON_DETAILS | ON_CHOICES };

/* In the order of the help page and of the bar. */
static const struct action_row rows[ACTION_COUNT] = {
	[ACTION_NONE] = { ACTION_NONE, "", "", 0, NULL, NULL, "" },
	[ACTION_LESS] = { ACTION_LESS, "less", "Left h", ON_MAIN, "weight", "←→",
			  "want one percent less on GA: traffic moves to the left" },
	[ACTION_MORE] = { ACTION_MORE, "more", "Right l", ON_MAIN, NULL, NULL,
			  "want one percent more on GA: traffic moves to the right" },
	[ACTION_LESS_10] = { ACTION_LESS_10, "less-10", "Shift-Left H", ON_MAIN, NULL, NULL,
			     "want ten percent less on GA" },
	[ACTION_MORE_10] = { ACTION_MORE_10, "more-10", "Shift-Right L", ON_MAIN, NULL, NULL,
			     "want ten percent more on GA" },
	[ACTION_NO_SHARE] = { ACTION_NO_SHARE, "none", "0", ON_MAIN, NULL, NULL,
			      "want nothing on GA, everything on α" },
	[ACTION_ALL_SHARE] = { ACTION_ALL_SHARE, "all", "$", ON_MAIN, NULL, NULL,
			       "want everything on GA" },
	[ACTION_TYPE_SHARE] = { ACTION_TYPE_SHARE, "exactly", "= %", ON_MAIN, NULL, NULL,
				"go to the slider and type an exact share, decimals allowed" },
	[ACTION_ENTER] = { ACTION_ENTER, "enter", "Enter", ON_MAIN, "preview", NULL,
			   "with the slider moved: preview of its writes; elsewhere: details. "
			   "Never writes" },
	[ACTION_STEP] = { ACTION_STEP, "step", "s", ON_MAIN, "step", NULL,
			  "preview of the highlighted or else the next step of the pair" },
	[ACTION_UNDO] = { ACTION_UNDO, "undo", "u", ON_MAIN, "undo", NULL,
			  "preview of taking the last step of the pair back" },
	[ACTION_VERIFY] = { ACTION_VERIFY, "verify", "v", EVERYWHERE, "verify", NULL,
			    "run every check and the probe, and show them; writes nothing" },
	[ACTION_ABORT] = { ACTION_ABORT, "abort", "A", EVERYWHERE, "abort", NULL,
			   "stop what runs and put the pair's weights back at once, after one "
			   "confirmation" },
	[ACTION_RAMP] = { ACTION_RAMP, "ramp", "g", ON_MAIN, "ramp", NULL,
			  "move the pair's share stop by stop (--ramp, --hold), every check passing "
			  "before the next, after one confirmation" },
	[ACTION_DETAILS] = { ACTION_DETAILS, "details", "d", ON_MAIN, NULL, NULL,
			     "conditions, references and YAML of the selected row's object" },
	[ACTION_FILTER] = { ACTION_FILTER, "filter", "/", ON_MAIN, "find", NULL,
			    "show only the rows of the pane that hold some text" },
	[ACTION_COMMAND] = { ACTION_COMMAND, "command", ":", EVERYWHERE, NULL, NULL,
			     "type a command; Tab completes" },
	[ACTION_JOURNAL] = { ACTION_JOURNAL, "journal", "J", EVERYWHERE, NULL, NULL,
			     "every write of this migration, with the equivalent kubectl" },
	[ACTION_REPORT] = { ACTION_REPORT, "report", "R", EVERYWHERE, NULL, NULL,
			    "the change record, saved as HTML and Markdown, too" },
	[ACTION_PLAN] = { ACTION_PLAN, "plan", "p", EVERYWHERE, "plan", NULL,
			  "what is in the way, what every step takes back, the rights that are "
			  "missing, what is lost" },
	[ACTION_LOSSES] = { ACTION_LOSSES, "losses", "o", EVERYWHERE, "losses", NULL,
			    "what no new object can hold, why, what to do instead, and the YAML to "
			    "paste for it" },
	[ACTION_CHOICES] = { ACTION_CHOICES, "choices", "e", EVERYWHERE, "choices", NULL,
			     "priorities of the objectives, what the new picker gets of the old "
			     "one, --force-managed, orphaned models; writes nothing" },
	[ACTION_CHANGE] = { ACTION_CHANGE, "change", "Enter Space", ON_CHOICES, "change", NULL,
			    "in choices: the highlighted one on or off, or a number for it" },
	[ACTION_FREEZE] = { ACTION_FREEZE, "freeze", "f", EVERYWHERE, "freeze", NULL,
			    "stop everybody's writes to this cluster, or let them go on, after one "
			    "confirmation" },
	[ACTION_WATCH] = { ACTION_WATCH, "watch", "w", ON_MAIN | ON_PAGE, NULL, NULL,
			   "the pair's traffic, readable across a room" },
	[ACTION_UP] = { ACTION_UP, "up", "Up k", EVERYWHERE | ON_DIALOG, NULL, NULL, "one row up" },
	[ACTION_DOWN] = { ACTION_DOWN, "down", "Down j", EVERYWHERE | ON_DIALOG, NULL, NULL,
			  "one row down" },
	[ACTION_PAGE_UP] = { ACTION_PAGE_UP, "page-up", "PageUp Ctrl-B", EVERYWHERE | ON_DIALOG,
			     NULL, NULL, "a page up" },
	[ACTION_PAGE_DOWN] = { ACTION_PAGE_DOWN, "page-down", "PageDown Ctrl-F",
			       EVERYWHERE | ON_DIALOG, NULL, NULL, "a page down" },
	[ACTION_TOP] = { ACTION_TOP, "top", "Home", EVERYWHERE | ON_DIALOG, NULL, NULL,
			 "the first row" },
	[ACTION_BOTTOM] = { ACTION_BOTTOM, "bottom", "End", EVERYWHERE | ON_DIALOG, NULL, NULL,
			    "the last row" },
	[ACTION_PANE_NEXT] = { ACTION_PANE_NEXT, "pane-next", "Tab", ON_MAIN, NULL, NULL,
			       "the next pane" },
	[ACTION_PANE_PREVIOUS] = { ACTION_PANE_PREVIOUS, "pane-previous", "Shift-Tab", ON_MAIN,
				   NULL, NULL, "the pane before" },
	[ACTION_PANE_1] = { ACTION_PANE_1, "pools", "1", ON_MAIN, NULL, NULL, "go to the pools" },
	[ACTION_PANE_2] = { ACTION_PANE_2, "routes", "2", ON_MAIN, NULL, NULL, "go to the routes" },
	[ACTION_PANE_3] = { ACTION_PANE_3, "objectives", "3", ON_MAIN, NULL, NULL,
			    "go to the objectives" },
	[ACTION_PANE_4] = { ACTION_PANE_4, "gateway", "4", ON_MAIN, NULL, NULL,
			    "go to the gateways" },
	[ACTION_PANE_5] = { ACTION_PANE_5, "traffic", "5", ON_MAIN, NULL, NULL,
			    "go to the slider; there digits are an exact share" },
	[ACTION_PANE_6] = { ACTION_PANE_6, "migration", "6", ON_MAIN, NULL, NULL,
			    "go to the steps" },
	[ACTION_PAIR_NEXT] = { ACTION_PAIR_NEXT, "pair-next", "]", EVERYWHERE, NULL, NULL,
			       "select the next pair" },
	[ACTION_PAIR_PREVIOUS] = { ACTION_PAIR_PREVIOUS, "pair-previous", "[", EVERYWHERE, NULL,
				   NULL, "select the pair before" },
	[ACTION_ZOOM] = { ACTION_ZOOM, "zoom", "z", ON_MAIN, NULL, NULL,
			  "let the pane in focus grow, the others keep a line or two" },
	[ACTION_THEME] = { ACTION_THEME, "theme", "t", EVERYWHERE, NULL, NULL, "the next theme" },
	[ACTION_REFRESH] = { ACTION_REFRESH, "refresh", "r", EVERYWHERE, NULL, NULL,
			     "read everything again; try the connection and the credentials now" },
	[ACTION_SIGN_IN] = { ACTION_SIGN_IN, "sign-in", "r L", ON_SIGN_IN, NULL, NULL,
			     "when a sign-in is needed: the credential plugin gets the terminal and "
			     "may ask; Ctrl-C gives up" },
	[ACTION_REDRAW] = { ACTION_REDRAW, "redraw", "Ctrl-L", EVERYWHERE | ON_DIALOG, NULL, NULL,
			    "draw the whole screen again" },
	[ACTION_SUSPEND] = { ACTION_SUSPEND, "suspend", "Ctrl-Z", EVERYWHERE | ON_DIALOG, NULL,
			     NULL, "go to the background; fg comes back" },
	[ACTION_HELP] = { ACTION_HELP, "help", "?", EVERYWHERE, "help", NULL, "this page" },
	[ACTION_WRITE] = { ACTION_WRITE, "write", "y", ON_DIALOG, "write", NULL,
			   "in a preview: write exactly what it shows. Enter never does" },
	[ACTION_DIFF] = { ACTION_DIFF, "diff", "d", ON_DIALOG, "YAML diff", NULL,
			  "in a preview: what is there against what the server made of the dry "
			  "run" },
	[ACTION_KUBECTL] = { ACTION_KUBECTL, "kubectl", "K", ON_DIALOG, "kubectl", NULL,
			     "in a preview: the equivalent kubectl commands" },
	[ACTION_ROUTES] = { ACTION_ROUTES, "routes-left", "e", ON_DIALOG, "routes", NULL,
			    "in the preview of detach: a route left without backends is kept, empty, "
			    "or deleted with a copy" },
	[ACTION_YAML] = { ACTION_YAML, "yaml", "y", ON_DETAILS, "YAML", NULL,
			  "in details: the whole object as YAML, and back" },
	[ACTION_BACK] = { ACTION_BACK, "back", "Esc", EVERYWHERE | ON_DIALOG, "leave", NULL,
			  "leave a page, a preview, a filter; put a moved slider back" },
	[ACTION_QUIT] = { ACTION_QUIT, "quit", "q", EVERYWHERE, "quit", NULL,
			  "leave a page; on the main screen end the program. Nothing in the "
			  "cluster depends on it" },
};

const struct action_row *
keymap_row(enum action action)
{
	return &rows[action];
}

enum action
keymap_by_name(const char *name)
{
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
		if (strcmp(rows[i].name, name) == 0)
			return (enum action)i;
	return ACTION_COUNT;
}

/* Fills the action's keys from words with blanks between; false with the odd word in `odd`. */
static bool
bind(struct keymap *keymap, enum action action, const char *words, char odd[32])
{
	struct press *keys = keymap->keys[action];
	size_t count = 0;

	memset(keys, 0, sizeof(keymap->keys[action]));
	while (*(words += strspn(words, " \t\r,\"'[]")) != '\0') {
		int length = (int)strcspn(words, " \t\r\"'");

		snprintf(odd, 32, "%.*s", length, words);
		if (count == KEYMAP_KEYS_MAX || !press_parse(odd, &keys[count]))
			return false;
		count++;
		words += length;
	}
	return true;
}

void
keymap_init(struct keymap *keymap)
{
	char odd[32];

	*keymap = (struct keymap){ 0 };
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const char *words = rows[i].keys;
		size_t count = 0;

		for (; *words != '\0'; words += *words == ' ') {
			int length = (int)strcspn(words, " ");

			snprintf(odd, sizeof(odd), "%.*s", length, words);
			press_parse(odd, &keymap->keys[i][count++]);
			words += length;
		}
	}
}

/* Another action that has one of this one's keys in a place they share; ACTION_NONE when there is
 * none. */
static enum action
rival(const struct keymap *keymap, enum action action, struct press *key)
{
	for (int other = ACTION_NONE + 1; other < ACTION_COUNT; other++)
		for (int i = 0; i < KEYMAP_KEYS_MAX && keymap->keys[action][i].code != PRESS_NONE;
		     i++)
			for (int k = 0; k < KEYMAP_KEYS_MAX; k++) {
				*key = keymap->keys[action][i];
				if (other != (int)action &&
				    (rows[other].where & rows[action].where) != 0 &&
				    press_equal(key, &keymap->keys[other][k]))
					return (enum action)other;
			}
	return ACTION_NONE;
}

static bool
configure_line(struct keymap *keymap, char *line, bool named[ACTION_COUNT], struct err *err)
{
	char *colon = strchr(line, ':'), *end, odd[32] = "";
	enum action action;

	line += strspn(line, " \t\r");
	if (*line == '\0' || *line == '#')
		return true;
	if (colon == NULL)
		return err_set(err, ERR_INPUT,
			       "keys: '%s' is not understood; write ACTION: KEY KEY", line);
	for (end = colon; end > line && (end[-1] == ' ' || end[-1] == '\t'); end--)
		;
	*end = '\0';
	action = keymap_by_name(line);
	if (action == ACTION_COUNT)
		return err_set(err, ERR_INPUT,
			       "keys: there is no action '%s'; the help page (?) lists them", line);
	if (!bind(keymap, action, colon + 1, odd))
		return err_set(err, ERR_INPUT,
			       "keys: %s: '%s' is not a key, or more than %d keys; write q, "
			       "Ctrl-L, Shift-Left, "
			       "Enter, Space",
			       line, odd, KEYMAP_KEYS_MAX);
	named[action] = true;
	return true;
}

bool
keymap_configure(struct keymap *keymap, const char *text, struct err *err)
{
	bool named[ACTION_COUNT] = { false }, ok = true;
	char *copy, *next, key[32];
	struct press press;

	if (text == NULL)
		return true;
	next = copy = strdup(text);
	while (ok && next != NULL)
		ok = configure_line(keymap, strsep(&next, "\n"), named, err);
	for (int i = 0; ok && i < ACTION_COUNT; i++) {
		enum action other = named[i] ? rival(keymap, (enum action)i, &press) : ACTION_NONE;

		if (other == ACTION_NONE)
			continue;
		press_name(&press, key);
		ok = err_set(err, ERR_INPUT,
			     "keys: %s is the key of both '%s' and '%s'; give one of them another",
			     key, rows[i].name, rows[other].name);
	}
	free(copy);
	return ok;
}

enum action
keymap_find(const struct keymap *keymap, const struct press *press, unsigned where)
{
	if (press->code == PRESS_NONE || press->code == PRESS_MOUSE)
		return ACTION_NONE;
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
		for (int k = 0; (rows[i].where & where) != 0 && k < KEYMAP_KEYS_MAX; k++)
			if (press_equal(&keymap->keys[i][k], press))
				return (enum action)i;
	return ACTION_NONE;
}

static const char *
arrow_of(const char *name)
{
	static const struct {
		const char *name, *arrow;
	} arrows[] = {
		{ "Left", "←" },
		{ "Right", "→" },
		{ "Up", "↑" },
		{ "Down", "↓" },
	};

	for (size_t i = 0; i < sizeof(arrows) / sizeof(arrows[0]); i++)
		if (strcmp(arrows[i].name, name) == 0)
			return arrows[i].arrow;
	return name;
}

void
keymap_keys(const struct keymap *keymap, enum action action, bool all, char *text, size_t size)
{
	char name[32];
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; i < KEYMAP_KEYS_MAX && keymap->keys[action][i].code != PRESS_NONE; i++) {
		if ((i > 0 && !all) || used >= size)
			return;
		press_name(&keymap->keys[action][i], name);
		used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? " " : "",
					 arrow_of(name));
	}
}
