/* leg - one step for one pair, done or taken back: checked, rehearsed, written, verified.
 *
 * A leg is a value that is turned until it ends. What it wants to write it derives from the world;
 * when that moves under it, it derives again and goes on only when what was shown or planned is
 * still what it would write (KUBERNETES §4.5). A leg that only shows ends after the rehearsal.
 * Engine's thread; leg_check.c, leg_write.c and leg_verify.c are its stations.
 */
#ifndef ENGINE_LEG_H
#define ENGINE_LEG_H

#include "core/engine/prober.h"
#include "core/engine/shown.h"
#include "core/engine/write.h"
#include "core/migrate/machine.h"
#include "core/migrate/step.h"

enum order_kind {
	ORDER_STEP,
	ORDER_HOLD,  /* watch for the settings' hold, when something was shifted to `goal` */
	ORDER_PROOF, /* verify whatever the plan says; between two stops of the ramp when something
			was shifted to `goal` */
};

struct order { /* what a leg is to do; strings are borrowed from the program */
	enum order_kind kind;
	enum step_id step;
	const char *pair; /* "" for a cluster step */
	int64_t goal;     /* ppm, for shift */
	bool undo;
	bool urgent; /* abort: no rehearsal, no waiting, derived again as often as it takes */
	bool ramp;   /* a stop that is skipped when the pair is past it */
	bool left; /* the command has moved the pair before, to `from`, where it must still stand */
	int64_t from; /* ppm */
	/* of the command it belongs to */
	bool plans;            /* with what is known now: nothing is waited for */
	bool looks_once;       /* a verification is not waited for to get better */
	bool moved;            /* the command has moved some share */
	bool accepts_unproven; /* goes on without a controller's word for the GA pool */
};

enum leg_end { LEG_BUSY, LEG_DONE, LEG_NOTHING, LEG_BLOCKED, LEG_FAILED, LEG_STOPPED };

struct leg {
	struct order order;
	const struct step *row;
	struct arena arena; /* holds the intents and `why` */
	struct intent_list intents;
	size_t at; /* the intent that is rehearsed or written */
	struct write_run write;
	struct prober prober;
	struct shown *shown;          /* not NULL: it only shows */
	int64_t began, patience, due; /* mono ns */
	int64_t since; /* mono ns: everything it rests on is listed from then on; 0: as it is known */
	int64_t before;   /* the pair's ppm when it began */
	int64_t written;  /* mono ns of the last write */
	int64_t verified; /* mono ns since it is verified */
	int64_t doubted;  /* mono ns when what it waits for was last listed again */
	int moved;        /* how often intent `at` was moved under it; of a rehearsal, any */
	int looks;        /* how often it was verified in vain */
	bool given;       /* the intents were accepted as shown */
	bool kept;        /* copies of what is to be deleted are on disk */
	bool broke;       /* told to stop, its last write failed */
	bool wrote, asked, taking_back, verifying, probing, probed;
	struct step_status why;
	char text[ERR_TEXT_MAX]; /* what it waits for */
	struct err err;
	int exit; /* CLI §4, when it did not end well */
};

void
leg_begin(struct engine *engine, struct leg *leg, const struct order *order, struct shown *shown);
/* The accepted preview's own intents are written; `shown` gives them away. False with err when the
 * world has moved. */
bool leg_accept(struct engine *engine, struct leg *leg, const struct order *order,
		struct shown *shown, struct err *err);
void leg_release(struct engine *engine, struct leg *leg);
/* Turns it as far as it goes now. */
enum leg_end leg_step(struct engine *engine, struct machine *machine, struct leg *leg);
bool leg_take(struct engine *engine, struct leg *leg, struct transport_event *event);

/* The stations; each returns LEG_BUSY when it waits or has moved the machine. */
enum leg_end leg_check(struct engine *engine, struct machine *machine, struct leg *leg);
enum leg_end leg_rehearse(struct engine *engine, struct machine *machine, struct leg *leg);
enum leg_end leg_write(struct engine *engine, struct machine *machine, struct leg *leg);
enum leg_end leg_verify(struct engine *engine, struct machine *machine, struct leg *leg);

/* What they share. */
enum leg_end leg_fail(struct leg *leg, enum leg_end how, int exit, enum err_code code,
		      const char *format, ...) __attribute__((format(printf, 5, 6)));
enum leg_end leg_block(struct engine *engine, struct leg *leg,
		       const struct step_status *status); /* exit 3, with everything it says */
/* It starts over: false with err when what was decided or shown would be another write now. */
bool leg_still(struct engine *engine, struct leg *leg, struct err *err);
void leg_wait_text(struct leg *leg, const struct step_status *status);
bool leg_derive(struct engine *engine, struct leg *leg, struct arena *arena,
		struct intent_list *out, struct err *err);
/* Times that one object may move under its write; more is a quarrel (KUBERNETES §4.5). */
#define LEG_MOVED_MOST 3
/* On to the next intent. */
void leg_next(struct leg *leg);
/* After the basis of intent `leg->at` moved: true when it may go on (it was replaced, or is done
 * already). */
bool leg_reconcile(struct engine *engine, struct leg *leg, struct err *err);
/* " by kubectl-edit", or "" when nobody signed: whose change of the intent's object was the
 * last. */
void leg_say_who(struct engine *engine, const struct intent *intent, char *text, size_t size);
void leg_come_back(struct engine *engine, struct leg *leg,
		   int64_t mono); /* wants a turn then, at the latest */

#endif
