/* reattach - the attach step of the simple procedure: the routes as they were before the detach,
 * with the GA pool wherever the alpha pool stood, at its weight.
 *
 * What stood there is known from the journal alone. Has the shape of a step's functions (step.h).
 * Pure.
 */
#ifndef MIGRATE_REATTACH_H
#define MIGRATE_REATTACH_H

#include "core/migrate/step.h"

/* Something that the detach took away waits for its GA pool. */
bool reattach_pending(const struct stage *stage, const struct pair *pair);
void reattach_check(const struct stage *stage, const struct pair *pair, struct step_status *status);
bool reattach_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out,
		     struct err *err);
enum verdict
reattach_verify(const struct stage *stage, const struct pair *pair, struct step_status *why);
bool reattach_back(const struct stage *stage, const struct pair *pair, struct intent_list *out,
		   struct err *err);

#endif
