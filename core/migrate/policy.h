/* policy - GCPBackendPolicy and HealthCheckPolicy: carried from the alpha pool to the GA pool with
 * all their settings, and taken away with the alpha pool.
 *
 * A policy's target names a group, so the GA pool would run without it (DOMAIN §3.1 step 2). One
 * target has one policy of a kind: the oldest counts, and a GA pool that has one is left alone.
 * Pure; intents live in the stage's arena.
 */
#ifndef MIGRATE_POLICY_H
#define MIGRATE_POLICY_H

#include "core/migrate/step.h"

/* A policy of a kind that is not known names the alpha pool, one may that cannot be seen, or a new
 * name is taken. */
bool policy_blocked(const struct stage *stage, const struct pair *pair, struct step_status *status);
/* Those that are still to be made, for the step pool. Counts them; `out` NULL: only that. */
size_t policy_carry(const struct stage *stage, const struct pair *pair, struct intent_list *out);
/* What this program made for the GA pool goes again. */
void policy_uncarry(const struct stage *stage, const struct pair *pair, struct intent_list *out);
/* All policies of known kinds that target the alpha pool: start with *at 0; NULL at the end. */
const struct object *
policy_next(const struct stage *stage, const struct pair *pair, enum kind kind, size_t *at);

#endif
