/* leftover - what of the alpha group is still anywhere in the cluster: objects, and routes that
 * name the group.
 *
 * Deleting a CRD deletes every object of it in every namespace (DOMAIN §3.1 step 9), so this looks
 * at the whole cluster and not at what was selected. Pure.
 */
#ifndef MIGRATE_LEFTOVER_H
#define MIGRATE_LEFTOVER_H

#include "core/migrate/step.h"

/* DONE when nothing is left; WAITING while only selected pairs hold something; BLOCKED, naming it,
 * when something is left that no selected pair will take away, or when namespaces are out of sight.
 */
void leftover_check(const struct stage *stage, struct step_status *status);

#endif
