#include "core/demo/inside.h"

#include <string.h>

#include "core/base/text.h"
#include "core/demo/kinds.h"

/* splitmix64: any seed will do, and a run repeats by its seed. */
uint64_t
inside_random(struct demo *demo)
{
	uint64_t z = demo->random += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

int64_t
inside_delay(const struct demo *demo, int64_t nanoseconds)
{
	return demo->speed > 0 ? (int64_t)((double)nanoseconds / demo->speed) : 0;
}

int64_t
inside_mono(const struct demo *demo)
{
	return clock_mono(&demo->clock);
}

void
inside_now(const struct demo *demo, char *text)
{
	clock_rfc3339(clock_wall(&demo->clock), false, text);
}

const char *
inside_resource(const struct demo *demo, const char *api_version, const char *kind)
{
	const struct kinds_row *row;
	char group[256], version[256];

	if (!api_version || !kind)
		return NULL;
	kinds_part(api_version, group, version);
	row = kinds_of(demo->kinds, group, kind);
	return row ? row->resource : NULL;
}

bool
inside_serves(const struct demo *demo, const char *group, const char *resource)
{
	return kinds_find(demo->kinds, group, resource) != NULL;
}
