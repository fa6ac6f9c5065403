/* noticed - what others did to the pools in the middle of a migration: it stops the step that would
 * write over it, and says who did what.
 *
 * Known from the cluster alone, so that any console notices. Pure.
 */
#ifndef MIGRATE_NOTICED_H
#define MIGRATE_NOTICED_H

#include "core/migrate/step.h"

/* Routes give a GA pool traffic that is not there: BLOCKED. */
bool
noticed_ga_gone(const struct stage *stage, const struct pair *pair, struct step_status *status);
/* The alpha pool is younger than the GA pool made from it, and not restored by this program:
 * BLOCKED, unless what others keep may be written (force_managed). */
bool
noticed_alpha_anew(const struct stage *stage, const struct pair *pair, struct step_status *status);

/* Who wrote a route of the pair after this program moved its traffic, by the field managers; NULL
 * when nobody, or when the journal knows of no such write. In the stage's arena. */
const char *
noticed_writer(const struct stage *stage, const struct pair *pair, const struct object *route);

#endif
