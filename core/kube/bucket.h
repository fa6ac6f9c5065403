/* bucket - at most so many requests a second, with a burst: 20 and 40 (KUBERNETES §3.9).
 *
 * A token bucket in mono ns. Not shared between threads.
 */
#ifndef KUBE_BUCKET_H
#define KUBE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct bucket {
	int64_t full; /* mono when the bucket will be full again */
};

/* Takes one when there is one; otherwise false, and *when is the mono at which there will be. */
bool bucket_take(struct bucket *bucket, int64_t mono, int64_t *when);

#endif
