/* access - what the rights a person lacks mean for the steps: blocked, with the right, the object
 * and who lacks it; a step of the cluster is for somebody else to do, with the command.
 *
 * Pure; texts live in the stage's arena.
 */
#ifndef MIGRATE_ACCESS_H
#define MIGRATE_ACCESS_H

#include "core/migrate/rights.h"

struct access {                     /* what the server said of the plan's rights */
	const char *user;           /* clean; "" when not known */
	const struct right *denied; /* borrowed */
	size_t count;
};

/* BLOCKED, when the step needs a right that is denied; `pair` NULL for a cluster step. What is only
 * for taking back blocks nothing. */
bool access_blocks(const struct stage *stage, const struct access *access, const struct pair *pair,
		   enum step_id step, struct step_status *status);
/* BLOCKED, when taking back a step that is done needs a right that is denied. */
bool access_blocks_back(const struct stage *stage, const struct access *access,
			const struct pair *pair, enum step_id step, struct step_status *status);
/* A sentence on a step that may be taken and could then not be taken back; NULL when it could. */
const char *access_no_return(const struct stage *stage, const struct access *access,
			     const struct pair *pair, enum step_id step);

#endif
