/* sim_inside - what the files of sim share: the run's state and its requests under way.
 *
 * sim.c owns it; sim_transport.c answers requests in it, sim_check.c looks at it. One thread.
 */
#ifndef TESTS_SIM_INSIDE_H
#define TESTS_SIM_INSIDE_H

#include "core/base/json.h"
#include "core/base/sha256.h"
#include "tests/sim/sim.h"

#define SIM_LATENCY (1 * MILLISECOND)
#define SIM_FOLDER  32

enum sim_on_stream { STREAM_AS_IT_IS, STREAM_CUT, STREAM_STALE, STREAM_GONE, STREAM_GARBLED };

/* Is it for requests, for runs of helm as well, or for these alone? */
enum sim_of_programs { OF_REQUESTS, OF_BOTH, OF_PROGRAMS };

struct sim_fault_row {
	const char *name;
	const char *help;         /* what happens, in one sentence */
	bool executed;            /* the cluster does what was asked */
	bool late;                /* it does it when the client has given up */
	int status;               /* answered; 0: nothing is, or with `executed` the true answer */
	const char *content_type; /* NULL: a Status of that code */
	const char *body;
	int retry_after;          /* s */
	enum transport_sent sent; /* when nothing is answered */
	bool silent;              /* nothing is answered until the client gives up */
	bool half;                /* the answer breaks off in the middle */
	bool garbled;             /* the answer is cut and still said to be whole */
	int64_t delay;            /* before the answer, ns */
	bool kill_before, kill_after;
	bool full;                 /* the disk under the journal is full for a while */
	enum sim_on_stream stream; /* to an open watch */
	bool streams_only, writes_only;
	enum sim_of_programs programs;
	bool begun;        /* of a program: the first half of it is done */
	enum err_code err; /* of a program that ended by itself */
	bool may_stop;     /* a command may end badly by it; asked again, it goes on */
};
const struct sim_fault_row *sim_fault_row(size_t fault);

struct sim_call { /* a request under way */
	struct sim_call *next;
	int64_t id, due, started;
	struct transport_request request; /* its texts are the call's */
	int console, start;               /* which of the console's engines sent it */
	const char **argv; /* of a program, "" and NULL at its end; NULL: a request */
	bool write, executed;
	bool begun;         /* a program: half of it is done */
	bool lease;         /* of the cluster's Lease, which is no step's and in no journal */
	bool told, spoiled; /* a stream: it has begun; its fault has come */
	struct transport_event held;       /* the answer, until it is due */
	const struct sim_fault_row *fault; /* or NULL */
	struct demo_watch *watch;          /* the stream, once it stands */
	bool orphan;                       /* nobody waits for it any more; it is still executed */
};

struct sim_note; /* of sim_journal.c */

struct sim_journal {    /* what was read of one so far */
	size_t read;    /* bytes, whole lines */
	uint64_t print; /* of these */
	char sum[SHA256_HEX];
	struct json *last; /* line, or NULL */
	struct sim_note *notes;
	size_t count;
};

struct sim_console {
	struct sim *sim;
	int index;
	struct engine *engine;
	struct snapshot *snapshot;
	struct settings settings;
	char folder[SIM_FOLDER];
	int starts; /* of engines */
	bool killed;
	struct sim_journal journal;
};

struct sim_executed { /* a real write that the cluster has done */
	int console;
	bool lost;  /* the journal that held it is gone */
	char *what; /* "PATCH /apis/...", without the query */
};

struct sim_world; /* of sim_check.c */
struct sim_helm;  /* of sim_helm.c */

struct sim {
	const struct sim_case *on;
	struct demo *demo;
	struct sim_console consoles[SIM_CONSOLES];
	struct sim_call *calls;
	int64_t mono, ids;
	int requests, writes;
	struct {
		int request;
		size_t fault;
	} faults[SIM_FAULTS];
	size_t fault_count;
	struct sim_call *sending; /* for sim_fault_now() */
	sim_watcher *watcher;
	void *watcher_self;
	struct sim_executed *executed;
	size_t executed_count;
	struct sim_world *world;
	struct sim_helm *helm;
	bool program_failed; /* since the last kill a run of helm had a fault */
	int64_t checks;
	bool strangers;
	bool heard, stop_when_heard; /* the answer of a fault */
	int64_t full_until;          /* mono ns: the disk has no room; 0: it has */
	char wrong[16000];
};

/* sim_transport.c */
struct transport sim_transport(struct sim_console *console);
int64_t sim_next_call(const struct sim *sim);      /* mono ns when a request has something to say */
void sim_drop_calls(struct sim *sim, int console); /* without an answer; what is late still comes */
void sim_run_due(struct sim *sim); /* what the cluster does now, heard later or never */
void sim_drop_orphans(struct sim *sim);
bool sim_has_late(const struct sim *sim); /* what nobody waits for any more, and still comes */

/* sim_guard.c */
bool sim_is_guarded(const struct sim_call *call); /* it says what it was made for */
bool sim_is_refused(struct sim *sim,
		    const struct sim_call *call); /* its object has moved: now and for ever */

/* sim.c: as an administrator with that client; the HTTP status. */
int sim_ask(struct sim *sim, const char *method, const char *path, const char *content_type,
	    const char *client, const char *body);

/* sim_journal.c */
bool sim_journal_path(const struct sim *sim, int console, char *path, size_t size);
const struct json *sim_journal_last(struct sim *sim, int console); /* line; borrowed, or NULL */
uint64_t sim_journal_print(struct sim *sim, int console);
bool sim_journal_is_open(struct sim *sim, int console); /* some record has no end */
void sim_journal_forget(struct sim *sim, int console);

/* sim_disk.c */
void sim_fill_disk(struct sim *sim, int console);

/* sim_state.c */
struct json *sim_sanitised(const struct json *value); /* without what a server fills in */

/* sim_hand.c */
/* Each of these routes names all it named, with the GA pools where there are any. */
void sim_mend_routes(struct sim *sim, const struct json *routes);
void sim_mend_grants(struct sim *sim, const struct json *grants);
bool sim_has_empty_route(const struct sim *sim, const struct json *routes);
bool sim_has_copy(const struct sim *sim, int console, const struct json *value);

/* sim_check.c */
struct sim_world *sim_world_new(struct sim *sim); /* as it is now: the start */
void sim_world_free(struct sim_world *world);
void sim_world_adopt(struct sim *sim);   /* what stands there now was a stranger's doing */
void sim_check_cluster(struct sim *sim); /* when it has changed */
void sim_check_write(struct sim *sim, const struct sim_call *call); /* as it is sent */
void sim_note_executed(struct sim *sim, const struct sim_call *call);

#endif
