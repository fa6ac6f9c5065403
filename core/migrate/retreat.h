/* retreat - may a step be taken back now, so that no request is lost on the way back?
 *
 * What holds forth holds back (DOMAIN §3.1 steps 5 and 7): a pool gets traffic only when its picker
 * is there and the controller knows the reference; what served is deleted only when the controller
 * has followed and open answers had their time. An abort does not ask. Pure.
 */
#ifndef MIGRATE_RETREAT_H
#define MIGRATE_RETREAT_H

#include "core/migrate/step.h"

/* READY, or WAITING with the reason and, when time alone will end it, until when. */
void retreat_check(const struct stage *stage, const struct pair *pair, enum step_id step,
		   struct step_status *status);

#endif
