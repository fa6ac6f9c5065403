/* talk - what a typed line means on a console without a screen, and what is said back.
 *
 * A line is the number of a line of the state, a command or its letter. What writes is shown first
 * and is written by a line of its own: `y`, or the name that is asked for where nothing takes it
 * back. An empty line never confirms. One thread; pure.
 */
#ifndef PLAIN_TALK_H
#define PLAIN_TALK_H

#include "core/engine/command.h"
#include "tui/plain/lines.h"

#define TALK_ROOM 512 /* bytes of a line, and of a name */

enum talk_answer {
	TALK_NOTHING,
	TALK_COMMAND, /* to be submitted; tell talk_sent() */
	TALK_SIGN_IN, /* the same, and the terminal is the plugin's until it has ended */
	TALK_REPORT,  /* the change record is to be made, saved and said */
	TALK_LIST,    /* the whole state again */
	TALK_QUIT,
};

enum talk_asked {
	ASKED_NOTHING,
	ASKED_PREVIEW,
	ASKED_ABORT,
	ASKED_RAMP,
	ASKED_FREEZE,
	ASKED_UNFREEZE
};

struct talk {
	bool may_write;       /* a person sits there: `y` of a pipe writes nothing */
	bool warned;          /* the line before asked to quit while a step ran */
	char pair[TALK_ROOM]; /* "ns/alpha" of the selected one; "": the first of the scope */
	enum talk_asked asked;
	enum step_id step;
	bool undo;
	int64_t goal;
	char asked_pair[TALK_ROOM]; /* "" for a step of the cluster */
	int64_t shown, left;    /* ids of the preview that was said, and of the one that was left */
	enum kind object;       /* details were asked for; KIND_COUNT: none */
	char reason[TALK_ROOM]; /* of a freeze that was asked for */
	char ns[TALK_ROOM], name[TALK_ROOM];
	int64_t sent, outcome; /* serials: of the last command, of the last outcome that was said */
};

void talk_init(struct talk *talk, bool may_write);
/* What the line wants; what is to be said at once goes into `out`. The command's strings are
 * borrowed from `talk` and hold until the next line. */
enum talk_answer
talk_hear(struct talk *talk, const struct snapshot *snapshot, const struct lines *lines,
	  const char *line, struct command *command, struct buf *out);
void talk_sent(struct talk *talk, int64_t serial);
/* Says what was asked for and has come: previews, details, ends of commands. */
void talk_see(struct talk *talk, const struct snapshot *snapshot, struct buf *out);

#endif
