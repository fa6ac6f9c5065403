/* restore - intents that create again what the journal saw before it was deleted. Pure. */
#ifndef MIGRATE_RESTORE_H
#define MIGRATE_RESTORE_H

#include "core/migrate/past.h"
#include "core/migrate/step.h"

/* What the step deleted and is still missing in the world, in the order a cluster needs: accounts
 * and rights, settings, Services, pools, models, and the Deployments that look at all of them last
 * (DOMAIN §3.1 step 2, §3.3). Returns how many deletions the journal knows. */
size_t restore_deleted(const struct stage *stage, struct past_of of, struct intent_list *out);

/* What an undoing of the step has created again and is still there, one after the other; NULL at
 * the end. `at` begins at 0. */
const struct object *restore_next(const struct stage *stage, struct past_of of, size_t *at);
/* The same of what a release of Helm held, from the record of its uninstall: a List. What `out`
 * makes already is left out. */
size_t restore_copies(const struct stage *stage, const struct journal_record *record,
		      struct intent_list *out);

#endif
