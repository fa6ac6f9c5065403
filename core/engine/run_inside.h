/* run_inside - what the files of run share: the run itself. Nobody else includes it. */
#ifndef ENGINE_RUN_INSIDE_H
#define ENGINE_RUN_INSIDE_H

#include "core/engine/leg.h"
#include "core/engine/program.h"
#include "core/engine/run.h"
#include "core/migrate/target.h"

#define RUN_TROUBLES 3 /* said in full; the others are counted, and the events hold them all */

struct base { /* where a pair stood before the last command that shifted it */
	char *pair;
	int64_t ppm, serial;
	int64_t left; /* where that command has left it so far; PPM_UNKNOWN */
};

struct run {
	struct machine machine;
	struct command *command;  /* what runs; NULL when idle */
	struct command **waiting; /* for their turn, oldest first */
	struct command *aborting; /* begins as soon as no write is on its way */
	size_t waiting_count;
	int64_t stood_still;      /* of the program, as far as it was taken into account; ns */
	bool ended;               /* another cluster answers: what ran then was ended */
	int64_t asked, begun;     /* mono ns of the newest waiting, of the running one */
	struct settings settings; /* the engine's, as this command has them */
	struct program program;
	struct leg leg;
	bool leg_active, stopping;
	struct shown shown;  /* the preview */
	struct shown *plans; /* of COMMAND_PLAN */
	size_t plan_count;
	struct arena manifests; /* of the last plan */
	const char *rbac, *files_trouble;
	const struct target_file *files;
	size_t file_count;
	int64_t previews; /* given out so far: ids */
	struct base *bases;
	size_t base_count;
	int64_t hold_until; /* mono ns */
	/* what this command did */
	bool wrote;
	bool watched;   /* an abort: the weights are back, and what was left open may move them */
	bool kept_crds; /* α objects are left elsewhere: the new ones were made beside their CRDs */
	int64_t moved_to; /* the stop some pair was moved to last; PPM_UNKNOWN */
	int exit;
	enum err_code code;
	char trouble[4 * ERR_TEXT_MAX]; /* of pairs that were left out, sentence by sentence */
	size_t trouble_count;
	char waiting_text[200];
};

struct manner { /* of a command */
	bool (*program)(struct engine *, const struct command *, struct program *, struct err *);
	bool shows;                         /* it writes nothing */
	bool writes;                        /* and not without a journal */
	bool shifts;                        /* what a person wants is set as it goes */
	void (*end)(struct engine *engine); /* all orders are worked off */
};
/* The manner of every command that waits its turn, and of an abort. */
const struct manner *run_manner(enum command_kind kind);

/* Begins run->command, whose machine has just started. */
void run_begin(struct engine *engine);
/* One turn of the running command; mono ns of the next. */
int64_t run_turn(struct engine *engine);
/* What is in the way of a pool that nothing was done about yet, each told as an event; true with
 * err when something is. */
bool run_is_blocked(struct engine *engine, struct err *err);
/* A rollback goes by the procedure that led there, whatever --path says. */
bool run_find_way_back(struct engine *engine, struct err *err);
/* The rights for what the program would write, ordered before the first write; true with err
 * when one is denied. */
bool run_lacks_rights(struct engine *engine, struct err *err);
/* An event for each step of the program that could not be taken back for want of a right. */
void run_warn_of_no_return(struct engine *engine);
void run_make_manifests(struct engine *engine); /* at the end of a plan */
/* Of an abort that has just started: what goes back. */
void run_abort_begin(struct engine *engine);
/* At its end: false when the weights are back and nothing of before can move them again; otherwise
 * it goes on by itself. */
bool run_abort_goes_on(struct engine *engine);
/* Ended by a person. */
void run_stopped(struct engine *engine);
void run_finish(struct engine *engine, bool ok, int exit, enum err_code code, const char *text);
/* Where the pair stood before the first shift of this command, and where the last one left it. */
void run_remember_base(struct engine *engine, const char *pair, int64_t ppm);
int64_t run_base(const struct engine *engine, const char *pair); /* PPM_UNKNOWN: never shifted */
void run_remember_left(struct engine *engine, const char *pair, int64_t ppm);
int64_t run_left(const struct engine *engine, const char *pair); /* PPM_UNKNOWN: not moved yet */

#endif
