#include "tests/bench/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void
samples_add(struct samples *samples, int64_t value)
{
	if (samples->count < SAMPLES_MAX)
		samples->values[samples->count++] = value;
}

static int
by_size(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

int64_t
samples_quantile(const struct samples *samples, double part)
{
	int64_t sorted[SAMPLES_MAX];
	double rank = ceil(part * (double)samples->count);

	if (samples->count == 0)
		return 0;
	memcpy(sorted, samples->values, samples->count * sizeof(*sorted));
	qsort(sorted, samples->count, sizeof(*sorted), by_size);
	return sorted[rank < 1 ? 0 : (size_t)rank - 1];
}
