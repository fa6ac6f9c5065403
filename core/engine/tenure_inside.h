/* tenure_inside - what tenure.c and tenure_freeze.c share: the tenure itself. Nobody else includes
 * it. */
#ifndef ENGINE_TENURE_INSIDE_H
#define ENGINE_TENURE_INSIDE_H

#include "core/engine/tenure.h"
#include "core/migrate/lease.h"

#define TENURE_PATIENCE (60 * SECOND) /* longer than a lapsed Lease is watched */

enum tenure_job {
	TENURE_NOTHING,
	TENURE_LOOK,
	TENURE_TAKE,
	TENURE_RENEW,
	TENURE_RELEASE,
	TENURE_FREEZE,
	TENURE_THAW,
};

#define FREEZE_REASON_MAX 1024

struct tenure {
	struct lease lease; /* as last seen */
	int64_t seen;       /* mono ns since which it stands unchanged */
	int64_t looked;     /* mono ns when the last answered look was asked for; 0: never */
	int64_t asked, due; /* mono ns of the last request, of the next look */
	enum tenure_job job;
	int64_t request;
	bool denied; /* it may not be read or written, or is not served */
	bool unsure; /* a write was not plainly answered: nothing is written before a look */
	char trouble[ERR_TEXT_MAX];
	bool wanted, ours;
	char left[64]; /* its resourceVersion after our last write of it; "" before the first */
	int64_t had;   /* mono ns when it was last asked for and ours */
	int64_t since; /* mono ns: from then on nobody else writes to the cluster; may be to come */
	int64_t wanted_since, idle_since, renewed; /* mono ns */
	int release_tries;
	char from[600]; /* whose it was before it is taken over; "" */
	int64_t quiet;  /* mono ns from which nothing that they sent is still done */
	int64_t freeze_serial, freeze_began; /* 0: none under way; mono ns */
	bool freeze_on;
	char freeze_reason[FREEZE_REASON_MAX];
	int freeze_tries;
	uint64_t moves;
};

/* Sends what the job wants, for the Lease as it was seen. */
void tenure_start(struct engine *engine, enum tenure_job job);
/* One turn of the freeze or thaw under way. */
void tenure_freeze_step(struct engine *engine);

#endif
