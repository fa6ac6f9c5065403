/* upgrade - a release that this program installed, brought to what is asked for now.
 *
 * What stands is read from the journal: the words of the last install or upgrade that was done.
 * What the person asks for this time (--chart, --chart-version, --epp-image, --set) is put over
 * it; what they leave out stays as it is, for a console started again without its options must
 * not take anything back. A cut-off upgrade is rolled back to the revision before it, for a
 * route may name the pool; only then is it tried again. Pure; intents live in the stage's arena.
 */
#ifndef MIGRATE_UPGRADE_H
#define MIGRATE_UPGRADE_H

#include "core/migrate/step.h"

/* The release stands whole, and something is asked for that it was not made of. */
bool upgrade_wanted(const struct stage *stage, const struct pair *pair);
/* An upgrade of it, or the rollback after one, failed or was cut off. */
bool upgrade_is_half(const struct stage *stage, const struct pair *pair);
/* Back to the revision before a half one; then the upgrade, where one is wanted. */
void upgrade_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out);

#endif
