/* backoff - when to try again: delays that grow with failures, spread by chance, and forget when
 * all was well.
 *
 * KUBERNETES §3.4, §8. 0.8 s doubling to 30 s, each times 1 to 2; after 2 minutes of health the
 * next failure counts as the first. From the second failure in a row on, never sooner than 1 s. All
 * times mono ns; the answers are moments, not delays. Not shared between threads.
 */
#ifndef KUBE_BACKOFF_H
#define KUBE_BACKOFF_H

#include <stdint.h>

struct backoff {
	uint64_t random;
	int failures;         /* in a row */
	int64_t healthy;      /* since when it works; 0: it does not */
	int64_t window_began; /* of counting expiries */
	int window_expired;
};

void backoff_init(struct backoff *backoff, uint64_t seed);
void backoff_reset(struct backoff *backoff); /* keeps its chance */
void backoff_worked(struct backoff *backoff, int64_t mono);
/* When to try again after a failure at `mono`. */
int64_t backoff_failed(struct backoff *backoff, int64_t mono);
/* When to try again after the server asked to wait: that, plus up to a second. */
int64_t backoff_asked(struct backoff *backoff, int64_t mono, int seconds);
/* When to list again after a resourceVersion expired: at once, but from the fourth in a minute on
 * as after a failure. */
int64_t backoff_expired(struct backoff *backoff, int64_t mono);
uint64_t backoff_random(struct backoff *backoff);

#endif
