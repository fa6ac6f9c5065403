/* traffic - a migration of a demo cluster from α to its end while requests go through its gateway:
 * how many were lost, and which pool served what share under which written weights.
 *
 * The weights and their times come from a watch on the route, not from what the migrating program
 * says. One thread; everything it starts has ended when it returns.
 */
#ifndef BENCH_TRAFFIC_H
#define BENCH_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/bench/samples.h"

#define TRAFFIC_STAGES 32

struct traffic_options {
	const char *program; /* poolshift */
	const char *folder;  /* for its journal and the demo's kubeconfig; exists */
	int rate;            /* requests a second */
	const char *ramp, *hold, *drain;
};

/* From one set of weights to the next one. */
struct traffic_stage {
	int64_t alpha, ga; /* weights; -1: the route does not name that pool */
	int64_t begun;     /* mono ns */
	size_t settled;    /* requests due when the gateway knew the weights for sure */
	size_t served_ga;  /* of these */
};

struct traffic {
	size_t requests, lost;
	int64_t time;         /* ns, of the migration */
	bool finished;        /* it ended with 0 */
	char first_lost[160]; /* when and how, for a person; "" */
	struct samples
		latency; /* ns, counted from when the request was due; every so many of them */
	struct traffic_stage stages[TRAFFIC_STAGES];
	size_t stage_count;
};

void traffic_run(const struct traffic_options *options, struct traffic *traffic);

#endif
