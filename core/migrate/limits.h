/* limits - what the API allows of a rule (16 backendRefs, weights up to 1,000,000), looked at for
 * the whole way of a pair before anything is written. Pure.
 */
#ifndef MIGRATE_LIMITS_H
#define MIGRATE_LIMITS_H

#include "core/migrate/step.h"

/* Some rule has no room for its GA references, or a stop of the ramp cannot be written exactly. */
bool limits_blocked(const struct stage *stage, const struct pair *pair, struct step_status *status);
/* The same for every selected pair, for a step of the whole cluster. */
bool limits_block_any(const struct stage *stage, struct step_status *status);

#endif
