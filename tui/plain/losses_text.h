/* losses_text - the loss report as text: object, field, value, why, what to do instead, and what to
 * paste for it. For `plan` and the console of lines. Pure.
 */
#ifndef PLAIN_LOSSES_TEXT_H
#define PLAIN_LOSSES_TEXT_H

#include "core/base/buf.h"
#include "core/model/plan.h"

/* Nothing where there is nothing to tell. */
void losses_text(struct buf *out, const struct plan *plan);

#endif
