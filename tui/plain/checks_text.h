/* checks_text - a verification as text for people: a line a check, and the probe's. One thread. */
#ifndef PLAIN_CHECKS_TEXT_H
#define PLAIN_CHECKS_TEXT_H

#include "core/base/buf.h"
#include "core/model/plan.h"

void checks_text(struct buf *page, const struct verification *verification);

#endif
