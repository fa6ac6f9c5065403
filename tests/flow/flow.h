/* flow - a story: a real engine and the demo cluster in one thread, under a clock that moves only
 * when nothing is left to do.
 *
 * The transport is a function call; every request may be given a fault by its number. A second
 * engine can be started where the first one stopped or was killed, over the same cluster and the
 * same journal. For tests.
 */
#ifndef TESTS_FLOW_H
#define TESTS_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/json.h"
#include "core/demo/demo.h"
#include "core/engine/engine.h"

#define FLOW_PAIR "default/vllm-llama3-8b-instruct"

enum flow_fault_kind {
	FLOW_NOT_SENT,    /* the connection is refused */
	FLOW_LOST_REPLY,  /* executed, and no answer comes */
	FLOW_STATUS,      /* not executed, `status` comes */
	FLOW_DONE_STATUS, /* executed, and `status` comes all the same */
	FLOW_DELAY,       /* the answer takes `delay` */
	FLOW_KILL_BEFORE, /* the program ends before it is sent */
	FLOW_KILL_AFTER,  /* the program ends after it was executed, before it hears of it */
};

struct flow_fault {
	int write;  /* number of the real write, from 1 */
	bool lease; /* among those of the Lease, which are not counted with the others */
	enum flow_fault_kind kind;
	int status;
	int64_t delay;
};

struct flow_options {
	const char *scenario; /* NULL: classic */
	const char *yaml;
	const char *gke_version;
	const char *user; /* "admin" (NULL) or "viewer" */
	struct settings settings;
	const struct flow_fault *faults;
	size_t fault_count;
};
/* Defaults, with a short hold and drain. */
struct flow_options flow_options(void);

struct flow;

struct flow *flow_new(const struct flow_options *options);
void flow_free(struct flow *flow);
struct demo *flow_demo(struct flow *flow);
int64_t flow_mono(const struct flow *flow);
int64_t flow_wall(const struct flow *flow);

/* The engine; started when there is none. */
struct engine *flow_engine(struct flow *flow);
void
flow_kill(struct flow *flow); /* without a good-bye: the next flow_engine() is another console */
bool flow_killed(const struct flow *flow); /* by a fault */
void flow_lose_journal(struct flow *flow); /* of a killed one: its file is removed */
/* Settings of engines started from now on. */
struct settings *flow_settings(struct flow *flow);
/* What every request gets from now on instead of an answer; 0: answers again. -1: silence. */
void flow_cut(struct flow *flow, int how);
/* A new cluster of the same scenario answers from now on, after a short outage. */
void flow_replace_cluster(struct flow *flow);
/* The kubeconfig was read again; `other`: and names another cluster, which answers at once. */
void flow_renew(struct flow *flow, bool other);
/* Every answer to a write warns of this from now on, LF between; borrowed. */
void flow_warn(struct flow *flow, const char *warning);
/* The server's clock is this far ahead of ours, and its answers say so. */
void flow_skew(struct flow *flow, int64_t by);
/* Whatever has this in its path is forbidden from now on; NULL: nothing. */
void flow_forbid(struct flow *flow, const char *part);
/* Discovery answers group by group from now on, as servers before 1.26 do. */
void flow_old_discovery(struct flow *flow);
/* Before the real write of that number is executed; for another writer in mid-step. NULL: none. */
void flow_before_write(struct flow *flow, int write, void (*act)(struct flow *flow));

/* Lets time pass until `until` is true of the newest snapshot, at most `seconds` of the story's
 * time. */
bool flow_run(struct flow *flow, bool (*until)(const struct snapshot *snapshot, const void *self),
	      const void *self, int seconds);
void flow_pass(struct flow *flow, int64_t nanoseconds);
/* The program stands still as long as that, as under a stopped or starved machine; the cluster
 * goes on when it does. */
void flow_freeze(struct flow *flow, int64_t nanoseconds);
/* Submits and runs to its outcome; NULL after `seconds`, or when the program was killed. Borrowed
 * until the next call. */
const struct outcome *flow_do(struct flow *flow, const struct command *command, int seconds);
const struct outcome *flow_apply(struct flow *flow, enum step_id through, int seconds);
const struct snapshot *flow_snapshot(struct flow *flow); /* the newest; NULL before the first */

/* As an administrator with another client: the body of the answer, or NULL when it is not 2xx. */
struct json *flow_get(struct flow *flow, const char *path);
int flow_send(struct flow *flow, const char *method, const char *path, const char *content_type,
	      const char *body);
/* Weights of the first rule of the first route: "alpha 75, ga 25". */
const char *flow_weights(struct flow *flow);
int flow_writes(const struct flow *flow); /* real ones so far, but of the Lease */
int flow_lease_writes(const struct flow *flow);
const char *flow_log(const struct flow *flow); /* "PATCH /apis/...", one a line, real writes only */
const char *flow_folder(const struct flow *flow); /* of the journal and the copies */
int flow_requests(const struct flow *flow);       /* all so far */

#endif
