/* strategy - what the API server does for one built-in kind and not for others, one row each.
 *
 * A new Service gets an address, a Pod its phase, a Namespace its finalizer, a CRD its names. Pure;
 * any thread.
 */
#ifndef DEMO_STRATEGY_H
#define DEMO_STRATEGY_H

#include "core/demo/inside.h"
#include "core/demo/kinds.h"
#include "core/demo/status.h"

/* Completes `object`, which is about to be stored; `before` is NULL when it is new. */
void strategy_prepare(struct demo *demo, const struct kinds_row *row, const struct json *before,
		      struct json *object);
/* Adds causes for what the schema cannot say. */
void strategy_validate(const struct kinds_row *row, const struct json *before,
		       const struct json *object, struct status *errors);
/* Completes `object`, which somebody wants deleted: what has to wait for it to be taken down in
 * order gets a finalizer. */
void strategy_end(struct demo *demo, const struct kinds_row *row, struct json *object);
/* Whether objects of the kind carry metadata.generation. */
bool strategy_counts_generation(const struct kinds_row *row);

#endif
