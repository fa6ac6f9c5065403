#include "core/kube/backoff.h"

#include "core/base/clock.h"

#define DELAY_FIRST  (800 * MILLISECOND)
#define DELAY_MOST   (30 * SECOND)
#define DELAY_LEAST  (1 * SECOND)
#define HEALTHY_LONG (2 * MINUTE)
#define EXPIRED_MOST 3 /* in a minute, without a pause */

void
backoff_init(struct backoff *backoff, uint64_t seed)
{
	*backoff = (struct backoff){ .random = seed };
}

void
backoff_reset(struct backoff *backoff)
{
	backoff_init(backoff, backoff->random);
}

/* splitmix64 (Steele, Lea, Flood 2014): any seed will do. */
uint64_t
backoff_random(struct backoff *backoff)
{
	uint64_t z = backoff->random += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

void
backoff_worked(struct backoff *backoff, int64_t mono)
{
	if (backoff->healthy == 0)
		backoff->healthy = mono;
}

int64_t
backoff_failed(struct backoff *backoff, int64_t mono)
{
	if (backoff->healthy != 0 && mono - backoff->healthy >= HEALTHY_LONG)
		backoff->failures = 0;
	backoff->healthy = 0;

	int64_t delay = DELAY_FIRST;
	for (int i = 0; i < backoff->failures && delay < DELAY_MOST; i++)
		delay *= 2;
	if (delay > DELAY_MOST)
		delay = DELAY_MOST;
	delay += (int64_t)(backoff_random(backoff) % (uint64_t)delay);
	if (backoff->failures > 0 && delay < DELAY_LEAST)
		delay = DELAY_LEAST;
	backoff->failures++;
	return mono + delay;
}

int64_t
backoff_asked(struct backoff *backoff, int64_t mono, int seconds)
{
	return mono + seconds * SECOND + (int64_t)(backoff_random(backoff) % (uint64_t)SECOND);
}

int64_t
backoff_expired(struct backoff *backoff, int64_t mono)
{
	if (backoff->window_began == 0 || mono - backoff->window_began >= MINUTE) {
		backoff->window_began = mono;
		backoff->window_expired = 0;
	}
	if (++backoff->window_expired <= EXPIRED_MOST)
		return mono;
	return backoff_failed(backoff, mono);
}
