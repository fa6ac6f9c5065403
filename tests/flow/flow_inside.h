/* flow_inside - what the files of flow share: the story's state, and its requests under way.
 *
 * flow.c owns it; flow_transport.c answers requests in it, flow_admin.c asks beside the engine.
 * One thread.
 */
#ifndef TESTS_FLOW_INSIDE_H
#define TESTS_FLOW_INSIDE_H

#include "tests/flow/flow.h"

struct call { /* a request under way */
	struct call *next;
	int64_t id, due, started;
	struct transport_request request;
	int write;  /* number of the real write, or 0 */
	bool lease; /* of the Lease, which are numbered apart */
	const struct flow_fault *fault;
	struct demo_watch *watch; /* the stream, once it stands */
};

struct flow {
	struct flow_options options;
	struct demo *demo;
	struct engine *engine;
	struct snapshot *snapshot;
	struct call *calls;
	int64_t mono, wall_base, ids; /* wall is mono + wall_base */
	int writes, lease_writes, requests, cut, consoles;
	bool killed;
	uint64_t renewals;
	const char *warning; /* a Warning header of every write's answer, or NULL */
	int64_t date_off;    /* of the server's clock from ours, ns; 0: it does not say its time */
	char folder[64];
	struct buf log, weights;
	const char *forbidden;
	bool old_discovery; /* not aggregated */
	int act_at;
	void (*act)(struct flow *flow);
};

/* flow_transport.c: the engine's way to the cluster, as function calls. */
struct transport flow_transport(struct flow *flow);
int64_t flow_next_call(const struct flow *flow); /* mono ns when a request has something to say */
void flow_drop_calls(struct flow *flow);         /* without an answer */

#endif
