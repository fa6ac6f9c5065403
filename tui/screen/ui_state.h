/* ui_state - the inside of struct ui, for the modules of this folder that share it.
 *
 * Selections are kept by name, never by row number: what arrives from the cluster does not move
 * them to another object.
 */
#ifndef SCREEN_UI_STATE_H
#define SCREEN_UI_STATE_H

#include "core/base/arena.h"
#include "tui/screen/dialog.h"
#include "tui/screen/keymap.h"
#include "tui/screen/layout.h"
#include "tui/screen/page.h"
#include "tui/screen/prompt.h"
#include "tui/screen/slider.h"
#include "tui/screen/ui.h"
#include "tui/screen/words.h"

#define NAME_ROOM   600 /* "namespace/name" and a little more */
#define FILTER_ROOM 64
#define NOTICE_TIME (8 * SECOND)

struct list_state {
	char selected[NAME_ROOM]; /* the row's own name; "" for the first */
	size_t row;               /* where it stood, for when it is gone */
	int top;                  /* first row shown */
	char filter[FILTER_ROOM];
};

struct notice { /* of the program itself */
	char text[400];
	bool bad;
	int64_t until; /* mono ns */
};

struct ui {
	const struct settings *settings;
	struct keymap keymap;
	struct slider slider;
	char slider_pair[NAME_ROOM]; /* whose share it is */
	bool dragging;
	int columns, rows;
	int64_t mono, wall;
	enum pane_id focus;
	bool zoom, watch;
	struct list_state list[PANE_COUNT];
	struct page page;
	struct dialog dialog;
	struct prompt prompt;
	struct notice notice;
	char failed[1100];    /* text of DIALOG_FAILED */
	int64_t sent;         /* serial of the last command */
	int64_t dismissed;    /* id of the preview that was left or accepted last */
	int64_t outcome_seen; /* serial of the last outcome shown to the end */
	char pair_sent[NAME_ROOM], ns_sent[NAME_ROOM],
		name_sent[NAME_ROOM]; /* of the last command */
	char reason_sent[DIALOG_TYPED_MAX];
	bool tells;             /* how the command ends is said, when it went well, too */
	int64_t telling;        /* its serial */
	char *report;           /* the change record as it was made for its page; NULL */
	char report_note[1100]; /* where it was saved, or why it was not; "" */
	bool report_saved;
	char theme[40];
	const char *const *themes;
};

/* Everything a pane, a page or a dialog draws from and into. */
struct canvas {
	const struct ui *ui;
	const struct snapshot *snapshot;
	struct grid *grid;
	struct arena *arena; /* of this frame */
	struct rect at;
	bool focus;
};

/* The selected pair, or NULL when there is none. Its "ns/alpha" in `arena`. */
const struct pair *ui_pair(const struct ui *ui, const struct snapshot *snapshot);
char *ui_pair_name(const struct pair *pair, struct arena *arena);
/* The steps in order with their states as the selected pair sees them; without a pair, the
 * cluster's. At most STEP_COUNT. */
size_t
ui_steps(const struct ui *ui, const struct snapshot *snapshot, struct step_view steps[STEP_COUNT]);
/* The first that is neither done nor skipped; STEP_COUNT when there is none. */
enum step_id ui_next_step(const struct ui *ui, const struct snapshot *snapshot);
/* The last that is done and wrote something, a begun shift included; STEP_COUNT when there is none.
 */
enum step_id ui_last_step(const struct ui *ui, const struct snapshot *snapshot);

/* For how long, in ns, nothing has come of a connection that was well when something last did: the cluster is asked every
 * second, so that this program itself is held up. 0 when all is as it should be. */
int64_t ui_unheard(const struct ui *ui, const struct snapshot *snapshot);
#define UNHEARD (3 * SECOND)
/* Why nothing may be written now; NULL when it may. */
const char *ui_locked(const struct ui *ui, const struct snapshot *snapshot);

/* What an answer needs: the ui as it may change, the snapshot, and the command to fill. */
struct doing {
	struct ui *ui;
	const struct snapshot *snapshot;
	struct command *command;
	const struct press *press;
	struct arena *arena; /* of this call */
	enum action action;  /* the one being done, for ui_do() */
};

enum ui_answer ui_do(struct doing *doing, enum action action);
/* Asks for the preview of a step for the selected pair, or says why not. `goal` counts for shift
 * only. */
enum ui_answer
ui_ask(struct doing *doing, enum step_id step, bool undo, int64_t goal, bool unproven);
enum ui_answer ui_command(struct doing *doing, enum command_kind kind);
enum ui_answer ui_select_pair(struct doing *doing, const char *name);
/* Selects the row that is highlighted, when a filter has hidden the one selected. */
void ui_settle(struct doing *doing);
enum ui_answer ui_pane_open(struct doing *doing); /* details of the selected row */
void ui_follow_slider(struct ui *ui, const struct snapshot *snapshot);
enum ui_answer ui_mouse(struct doing *doing);

#endif
