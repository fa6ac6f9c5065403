/* ui - the console without a terminal: what a key means, and what the screen shows.
 *
 * ui_handle() and ui_draw() are pure functions of the state, the snapshot and what is passed in: no
 * terminal, no clock, no engine. Time comes in through ui_tick(). A ui belongs to the thread that
 * draws; the snapshot is borrowed for each call. Nothing here writes to a cluster: it only says
 * which command the person has decided on.
 */
#ifndef SCREEN_UI_H
#define SCREEN_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/engine/command.h"
#include "core/model/settings.h"
#include "core/model/snapshot.h"
#include "tui/screen/answer.h"
#include "tui/screen/grid.h"
#include "tui/screen/press.h"

struct ui;

struct ui_options {
	const struct settings *settings; /* borrowed */
	const char *keys_text;           /* lines of the configuration's `keys:`; NULL for none */
	const char *theme;               /* the one in use */
	const char *const *themes;       /* NULL-terminated, borrowed; NULL for none */
};

/* NULL with `err` (ERR_INPUT) when the keys are not understood. */
struct ui *ui_new(const struct ui_options *options, struct err *err);
void ui_free(struct ui *ui);
void ui_resize(struct ui *ui, int columns, int rows);
void ui_tick(struct ui *ui, int64_t mono, int64_t wall);
/* A snapshot has come: selections, dialogs and the slider follow it. Before the next ui_handle() or
 * ui_draw() of it. */
void ui_see(struct ui *ui, const struct snapshot *snapshot);
/* Strings of `command` are borrowed from the ui until its next call. */
enum answer ui_handle(struct ui *ui, const struct snapshot *snapshot, const struct press *press,
		      struct command *command);
/* The command just answered was submitted under this serial: its failure belongs to the dialog that
 * asked. */
void ui_sent(struct ui *ui, int64_t serial);
void ui_draw(const struct ui *ui, const struct snapshot *snapshot, struct grid *grid);
const char *ui_theme(const struct ui *ui);
void ui_use_theme(struct ui *ui, const char *name); /* the one in use now */
/* The change record for the page that is open, and where it was saved or why it was not; copied. */
void ui_show_report(struct ui *ui, const char *text, bool saved, const char *where);
/* A sentence of the program itself on the message line, for some seconds. */
void ui_say(struct ui *ui, bool bad, const char *text);

/* The state before the first snapshot: everything is still being read. Owned by the caller:
 * snapshot_free(). */
struct snapshot *
ui_first_snapshot(const char *context, const char *server, const struct settings *settings);

#endif
