#include "core/migrate/pair.h"

#include "core/migrate/say.h"

const struct object *
pair_alpha(const struct world *world, const struct pair *pair)
{
	return world_find(world, KIND_ALPHA_POOL, pair->ns, pair->alpha);
}

const struct object *
pair_ga(const struct world *world, const struct pair *pair)
{
	return pair->ga_uid[0] == '\0' ? NULL : world_find(world, KIND_GA_POOL, pair->ns, pair->ga);
}

const char *
pair_title(const struct pair *pair, struct arena *arena)
{
	return say_name(arena, pair->ns, pair->alpha);
}
