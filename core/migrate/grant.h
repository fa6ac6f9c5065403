/* grant - the ReferenceGrants that let routes of other namespaces name a pool: carried to the GA
 * group before the attach, taken away for the alpha group at the clean-up.
 *
 * A grant names a group, so one for alpha pools lets nobody in to GA pools (DOMAIN §1). Pure; texts
 * and intents live in the stage's arena.
 */
#ifndef MIGRATE_GRANT_H
#define MIGRATE_GRANT_H

#include "core/migrate/step.h"

/* A route of another namespace would not be let in, cannot be seen, or a grant's new name is
 * taken. */
bool grant_blocked(const struct stage *stage, const struct pair *pair, struct step_status *status);
/* Routes that may name the alpha pool lie where nobody looks: it must not go. */
bool grant_unseen(const struct stage *stage, const struct pair *pair, struct step_status *status);
/* Grants for the GA group that are still to be made: for every one of the alpha group that covers
 * the pair's pool. Counts them; `out` NULL: only that. */
size_t grant_carry(const struct stage *stage, const struct pair *pair, struct intent_list *out);
/* Those that this program made for the pair go again, with the step attach. */
void grant_uncarry(const struct stage *stage, const struct pair *pair, struct intent_list *out);
/* With the step cleanup: what grants name of the pair's alpha pool goes, and a whole grant when it
 * names nothing else. */
void grant_remove(const struct stage *stage, const struct pair *pair, struct intent_list *out);
/* Takes back what grant_remove() took out of grants that stayed. */
void grant_put_back(const struct stage *stage, const struct pair *pair, struct intent_list *out);

#endif
