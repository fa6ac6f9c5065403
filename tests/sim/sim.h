/* sim - a demo cluster, its clients and time itself in one thread, where any request may go wrong.
 *
 * A sim is a cluster with up to SIM_CONSOLES consoles: each a real engine with a journal folder of
 * its own. Requests are numbered from 1 over all consoles; any number may be given a fault (the
 * table of sim_fault.c), and the world's invariants (sim_check.c) are looked at after every change
 * of the cluster and before every write. What is wrong is remembered, never thrown: the caller asks
 * for it. Journals lie below the working directory, so that a fork with a folder of its own goes on
 * alone. For tests.
 */
#ifndef TESTS_SIM_H
#define TESTS_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/demo/demo.h"
#include "core/engine/engine.h"

#define SIM_CONSOLES 2
#define SIM_FAULTS   16   /* most in one run */
#define SIM_WAIT     3600 /* s of the cluster's time until a command has ended, whatever goes wrong */

/* What a migration is tried on: one row, one world. */
struct sim_case {
	const char *name;
	const char *scenario; /* of demo_scenario_list() */
	enum path path;
	const char *host, *model; /* of a request that must be answered at any time */
	bool downtime;            /* the procedure takes the service away on purpose */
	bool everything;          /* and with all of everything.h */
	bool helm;                /* of a release, and installed as one */
	bool upgrade; /* begins with traffic on both pools, and other values asked for than the release
			 was made of */
	bool whole; /* `make check` kills a console after every fault at every request */
	int stride; /* of requests, in what it puts besides */
};
const struct sim_case *sim_cases(size_t *count);
const struct sim_case *sim_case_by_name(const char *name); /* NULL when unknown */

/* What may happen to a request; a row of sim_fault.c. */
struct sim_fault_row;
size_t sim_fault_count(void);
const char *sim_fault_name(size_t fault);
size_t sim_fault_by_name(const char *name); /* sim_fault_count() when unknown */
bool sim_fault_kills(size_t fault);
bool sim_fault_is_slow(size_t fault);  /* the true answer, and in time */
bool sim_fault_may_stop(size_t fault); /* a command may end badly by it; asked again, it goes on */

struct sim;

struct sim_request { /* as it is sent, for whoever decides what happens to it */
	int number;
	int console;
	bool write; /* a real one */
	bool stream, outside, program;
	int64_t timeout; /* ns until the client gives up */
	const char *method, *path;
};
/* Called when a request is sent; may give it a fault with sim_fault_now(). */
typedef void sim_watcher(void *self, const struct sim_request *request);

struct sim *sim_new(const struct sim_case *on, uint64_t seed);
/* Up to where its case begins, by console 0; what it is when it was killed. */
void sim_prepare(struct sim *sim);
void sim_free(struct sim *sim);
const struct sim_case *sim_on(const struct sim *sim);
struct demo *sim_demo(struct sim *sim);
struct settings *sim_settings(struct sim *sim, int console); /* of engines started from now on */
void sim_watch(struct sim *sim, sim_watcher *watcher, void *self);
void sim_fault_at(struct sim *sim, int request, size_t fault);
void sim_fault_now(struct sim *sim, size_t fault); /* of the request being sent */
/* sim_wait() returns when a console has heard what a fault said; until the next kill. */
void sim_stop_when_heard(struct sim *sim);
bool sim_program_failed(const struct sim *sim);  /* helm was given a fault */
bool sim_release_is_half(const struct sim *sim); /* helm was broken off at one */
bool sim_fault_applies(size_t fault, const struct sim_request *request);

/* The console's engine ends without a good-bye; the next command starts another. */
void sim_kill(struct sim *sim, int console);
bool sim_killed(const struct sim *sim, int console); /* by a fault */
/* What it had sent, and the cluster has still in hand, is done. */
void sim_let_late_ones_come(struct sim *sim);
/* Its journals are gone, too. */
void sim_lose_journal(struct sim *sim, int console);
/* The disk under the journals has room again. */
void sim_make_room(struct sim *sim);

/* Starts the console when there is none, and lets it see what there is and what became of writes
 * that were left open. */
void sim_look_around(struct sim *sim, int console);
int64_t sim_submit(struct sim *sim, int console, const struct command *command);
/* Until the console's command has ended: its outcome, borrowed until the next turn. NULL: killed,
 * or not within SIM_WAIT. */
const struct outcome *sim_wait(struct sim *sim, int console, int64_t serial);
const struct outcome *sim_do(struct sim *sim, int console, const struct command *command);
const struct snapshot *sim_snapshot(struct sim *sim, int console); /* NULL before the first */
void sim_turn(struct sim *sim); /* one: time goes to whatever comes next */
void sim_pass(struct sim *sim, int64_t nanoseconds);
/* As a stranger with kubectl: the HTTP status. What is gone by it is nobody else's doing. */
int sim_send(struct sim *sim, const char *method, const char *path, const char *content_type,
	     const char *body);
/* The place of the first backend of llm-route that has any weight. */
int sim_first_weighted(const struct sim *sim);
/* From now on a stranger may have taken the service away: whether it answers says nothing. */
void sim_strangers(struct sim *sim);
/* As a person does it whose journal is lost: routes and grants are put right from what they know of
 * them. */
void sim_mend_by_hand(struct sim *sim);
bool sim_route_is_empty(const struct sim *sim); /* one that was not has a rule without a backend */
/* Of every alpha object that is gone there is a whole copy in the console's folder. */
void sim_check_copies(struct sim *sim, int console);
bool sim_has_written(const struct sim *sim, int console); /* anything but the Lease */

int sim_requests(const struct sim *sim);
int sim_writes(const struct sim *sim);
int64_t sim_checks(const struct sim *sim); /* invariants looked at so far */
int64_t sim_mono(const struct sim *sim);

/* The first thing that was wrong; "" when nothing was. */
const char *sim_wrong(const struct sim *sim);
void sim_say_wrong(struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Everything a person made, as sorted YAML without what a server fills in; the caller frees. */
char *sim_state(struct sim *sim);
/* The same as one number. */
uint64_t sim_same(struct sim *sim);
/* Cluster, statuses, what comes late and the journal of a console as one number: where it is killed,
 * equal numbers go on equally. */
uint64_t sim_print(struct sim *sim, int console);
/* At rest: nothing is open in the journal, and it tells of every write that was done. */
void sim_check_journal(struct sim *sim, int console);

#endif
