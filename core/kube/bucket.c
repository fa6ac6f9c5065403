#include "core/kube/bucket.h"

#include "core/base/clock.h"

#define BURST 40
#define PRICE (SECOND / 20) /* how long one takes to grow */

bool
bucket_take(struct bucket *bucket, int64_t mono, int64_t *when)
{
	int64_t full = bucket->full > mono ? bucket->full : mono;

	if (full + PRICE - mono > BURST * PRICE) {
		*when = full + PRICE - BURST * PRICE;
		return false;
	}
	bucket->full = full + PRICE;
	return true;
}
