/* split - the weights of one rule, and how they change when a pair's share moves: exact, never
 * rounded.
 *
 * Weights are relative integers 0 to 1,000,000 (DOMAIN §4); a share is a weight over the sum of its
 * rule. Moving changes what the pair's two sides have and leaves every other share exactly as it
 * was. Written form: a rule's weights add up to 100 when that is exact, else to 1,000, 10,000,
 * 100,000, 1,000,000, else to the smallest exact total. No memory is allocated. Any thread.
 */
#ifndef MIGRATE_SPLIT_H
#define MIGRATE_SPLIT_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

#define SPLIT_MAX        16               /* backendRefs one rule may hold (Gateway API v1) */
#define SPLIT_WEIGHT_MAX INT64_C(1000000) /* of one backendRef */

enum split_side { SPLIT_OTHER, SPLIT_ALPHA, SPLIT_GA };

struct split_part {
	enum split_side side;
	int64_t weight;
};

struct split { /* one rule, in the order of its backendRefs */
	size_t count;
	struct split_part parts[SPLIT_MAX];
};

/* What one side of the rule weighs together. */
int64_t split_sum(const struct split *split, enum split_side side);
/* GA's share of what the pair has: 0 to 1,000,000, and an end only when the other side has nothing.
 * PPM_UNKNOWN when the pair has weight 0 altogether. */
int64_t split_ppm(const struct split *split);
int64_t split_ppm_of(int64_t alpha, int64_t ga); /* the same from the two sums */
/* Moves the pair's share to `ppm` on GA. Where the rule names as many alpha as GA backends, the
 * first goes with the first and so on, for their filters may differ; else each side keeps its inner
 * proportions. A rule that stands there already is left as it is written. ERR_INPUT when a weight
 * would pass 1,000,000, or a side that should get traffic is not named. */
bool split_move(const struct split *from, int64_t ppm, struct split *to, struct err *err);

#endif
