/* rows - the rows of the step table, one for each file step_<name>.c.
 *
 * Only step.c puts them in order, and only a step_<name>.c defines one: everybody else asks
 * step_row(). Constant data.
 */
#ifndef MIGRATE_ROWS_H
#define MIGRATE_ROWS_H

#include "core/migrate/step.h"

extern const struct step step_crds;
extern const struct step step_pool;
extern const struct step step_objectives;
extern const struct step step_attach;
extern const struct step step_shift;
extern const struct step step_verify;
extern const struct step step_finalize;
extern const struct step step_cleanup;
extern const struct step step_check;
extern const struct step step_remove_crds;
extern const struct step step_detach;

#endif
