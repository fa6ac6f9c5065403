/* samples - measured values of one figure: median, quantiles, spread. */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

#define SAMPLES_MAX 1000

struct samples {
	int64_t values[SAMPLES_MAX]; /* of one unit */
	size_t count;
};

void samples_add(struct samples *samples, int64_t value); /* beyond SAMPLES_MAX: dropped */
/* The smallest value that `part` (0…1) of them do not exceed; 0 when there is none. */
int64_t samples_quantile(const struct samples *samples, double part);

#endif
