#include "core/migrate/namesake.h"

#include <string.h>

#include "core/migrate/convert.h"

const struct pair *
namesake_next(const struct stage *stage, const struct pair *pair, size_t *at)
{
	const char *name = convert_picker_name(pair->ga, stage->arena);

	while (stage->plan != NULL && *at < stage->plan->pair_count) {
		const struct pair *other = &stage->plan->pairs[(*at)++];

		if (other->selected && strcmp(other->ns, pair->ns) != 0 &&
		    strcmp(convert_picker_name(other->ga, stage->arena), name) == 0)
			return other;
	}
	return NULL;
}

/* As pairing_new() has them: by namespace. */
bool
namesake_goes_first(const struct pair *other, const struct pair *pair)
{
	return strcmp(other->ns, pair->ns) < 0;
}
