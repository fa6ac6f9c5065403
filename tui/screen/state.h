/* state - the inside of struct ui, and what everybody asks of it together with a snapshot: which
 * pair is selected, how its steps stand, whether anything may be written.
 *
 * It stands below all that draws or answers keys: pages, dialogs and the prompt read and change it,
 * and it knows none of them. Made and freed by ui.h; of the thread that draws. Selections are kept
 * by name, never by row number: what arrives from the cluster does not move them to another object.
 * Pure; times are ns.
 */
#ifndef SCREEN_STATE_H
#define SCREEN_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/engine/command.h"
#include "core/model/settings.h"
#include "core/model/snapshot.h"
#include "tui/screen/answer.h"
#include "tui/screen/grid.h"
#include "tui/screen/keymap.h"
#include "tui/screen/layout.h"
#include "tui/screen/press.h"
#include "tui/screen/slider.h"

#define NAME_ROOM        600 /* "namespace/name" and a little more */
#define FILTER_ROOM      64
#define PROMPT_ROOM      256
#define DIALOG_TYPED_MAX 300

struct list_state {
	char selected[NAME_ROOM]; /* the row's own name; "" for the first */
	size_t row;               /* where it stood, for when it is gone */
	int top;                  /* first row shown */
	char filter[FILTER_ROOM];
};

enum page_id {
	PAGE_NONE,
	PAGE_HELP,
	PAGE_JOURNAL,
	PAGE_DETAILS,
	PAGE_CHECKS,
	PAGE_REPORT,
	PAGE_PLAN,
	PAGE_LOSSES,
	PAGE_CHOICES,
	PAGE_COUNT
};

struct page {
	enum page_id id;
	int top;    /* first line shown */
	bool yaml;  /* of details */
	int cursor; /* of choices: the row that is highlighted */
};

enum dialog_kind {
	DIALOG_NONE,
	DIALOG_PREVIEW,
	DIALOG_ABORT,
	DIALOG_RAMP,
	DIALOG_FREEZE, /* the reason is typed first */
	DIALOG_UNFREEZE,
	DIALOG_FAILED, /* says why what was confirmed has not been done; any way out will do */
};
enum dialog_show { SHOW_WRITES, SHOW_DIFF, SHOW_KUBECTL };

struct dialog {
	enum dialog_kind kind;
	enum dialog_show show;
	enum step_id step;
	char pair[600];
	bool undo;
	int64_t goal;
	int64_t serial;      /* of the command that asked */
	int64_t preview;     /* id of what it shows; 0 while the server is being asked */
	int64_t armed;       /* mono ns from which on it may be confirmed; NEVER until ready */
	struct press opener; /* the key that opened it: never confirms */
	int top;
	char typed[DIALOG_TYPED_MAX]; /* the name of what is final, or the reason of a freeze */
	bool typing;                  /* the reason is not ended yet */
};

enum prompt_kind { PROMPT_NONE, PROMPT_FILTER, PROMPT_COMMAND, PROMPT_PRIORITY };

struct prompt {
	enum prompt_kind kind;
	char text[PROMPT_ROOM];
	char label[256]; /* of a priority: whose */
	char before[64]; /* the filter that was there, for Esc */
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

/* What a key's answer needs: the ui as it may change, the snapshot, and the command to fill. */
struct doing {
	struct ui *ui;
	const struct snapshot *snapshot;
	struct command *command;
	const struct press *press;
	struct arena *arena; /* of this call */
	enum action action;  /* the one being done */
};

/* The selected pair, or NULL when there is none. Its "ns/alpha" in `arena`. */
const struct pair *state_pair(const struct ui *ui, const struct snapshot *snapshot);
char *state_pair_name(const struct pair *pair, struct arena *arena);
void state_select_pair(struct ui *ui, const struct snapshot *snapshot, const char *name);
/* The slider begins anew with another pair, else follows what is written. */
void state_follow_slider(struct ui *ui, const struct snapshot *snapshot);

/* The steps in order with their states as the selected pair sees them; without a pair, the
 * cluster's. At most STEP_COUNT. */
size_t state_steps(const struct ui *ui, const struct snapshot *snapshot,
		   struct step_view steps[STEP_COUNT]);
/* The first that is neither done nor skipped; STEP_COUNT when there is none. */
enum step_id state_next_step(const struct ui *ui, const struct snapshot *snapshot);
/* The last that is done and wrote something, a begun shift included; STEP_COUNT when there is none.
 */
enum step_id state_last_step(const struct ui *ui, const struct snapshot *snapshot);

/* For how long, in ns, nothing has come of a connection that was well when something last did: the
 * cluster is asked every second, so that this program itself is held up. 0 when all is as it should
 * be. */
int64_t state_unheard(const struct ui *ui, const struct snapshot *snapshot);
/* "● live 0.4s" or what is wrong, with its role. */
const char *state_link(const struct canvas *canvas, enum role *role);
/* Why nothing may be written now; NULL when it may. */
const char *state_locked(const struct ui *ui, const struct snapshot *snapshot);
/* Or that no step may be begun, though an abort may. */
const char *state_step_locked(const struct ui *ui, const struct snapshot *snapshot);

/* A sentence of the program itself on the message line, for some seconds. */
void
state_say(struct ui *ui, bool bad, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Fills in the command for the selected pair, to which the caller adds what its kind wants:
 * ANSWER_COMMAND. */
enum answer state_command(struct doing *doing, enum command_kind kind);

#endif
