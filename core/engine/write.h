/* write - one intent on its way: the only place from which anything is written to the cluster.
 *
 * Every write passes the same stations in the same order: the guard, the journal (on disk), the
 * wire, the answer, the journal again, the world. When no answer tells whether it was executed, the
 * object is looked at first (KUBERNETES §4.10). A rehearsal is the same request with dryRun=All and
 * passes neither guard nor journal, for it changes nothing. Engine's thread.
 */
#ifndef ENGINE_WRITE_H
#define ENGINE_WRITE_H

#include "core/engine/inside.h"
#include "core/migrate/intent.h"

enum write_state {
	WRITE_IDLE,
	/* What no basis says is asked first: whether a CRD to be deleted has objects (KUBERNETES
	 * §4.9), at which revision a release to be upgraded is. */
	WRITE_ASKING,
	WRITE_HELD, /* the guard has a reason that passes; asked again at `due` */
	WRITE_DUE,  /* to be sent at `due` */
	WRITE_SENT,
	WRITE_LOOK_DUE, /* to be looked at, at `due` */
	WRITE_LOOKING,
	WRITE_SETTLING, /* deleted; the watch has not said so yet */
	WRITE_ENDED,
};

enum write_end {
	WRITE_BUSY,
	WRITE_DONE,
	WRITE_MOVED,  /* the basis is no longer what is there; the world has been brought up to date
		       */
	WRITE_FAILED, /* err says why */
};

struct write_run {
	enum write_state state;
	enum write_end end;
	const struct intent *intent; /* borrowed until the end */
	bool rehearsal;
	bool rendering; /* helm's dry run was not possible yet: what the chart says is shown */
	bool standing;  /* and of an upgrade, what stands before it */
	bool dry;       /* --dry-run: for real in everything but the effect */
	bool doubt;     /* it may have been executed */
	int64_t request, record, undoes;
	int64_t begun, due;
	int64_t latency;
	int tries, looks, status;
	struct json *before;  /* what it was made for, as it stands in the journal; of a rehearsed
				 upgrade, the manifests that stand; or NULL */
	struct json *result;  /* what the server made of it; NULL when gone or not known */
	enum dry_run verdict; /* of a rehearsal, or of a dry run */
	struct err err;
};

/* `rehearse`: as a dry run for the preview. `undoes`: the journal's record it takes back, or 0. */
void write_begin(struct engine *engine, struct write_run *write, const struct intent *intent,
		 bool rehearse, int64_t undoes);
/* Does what is due. *due gets the mono ns of its next turn. */
enum write_end write_step(struct engine *engine, struct write_run *write, int64_t *due);
bool write_take(struct engine *engine, struct write_run *write, struct transport_event *event);
/* A program that carries it out is asked to end; what it left is looked at as ever. */
void write_stop(struct engine *engine, struct write_run *write);
/* Gives up waiting: a rehearsal is cancelled; what was sent for real stays open in the journal. */
void write_drop(struct engine *engine, struct write_run *write);
void write_release(struct write_run *write);

#endif
