#include "core/engine/derive.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/engine/book.h"

#define PLAN_MAX_AGE (250 * MILLISECOND) /* some of a plan is about time: drains, patience */

struct wanted {
	char *pair;
	int64_t ppm;
};

struct verified {
	struct arena arena;
	struct verification verification;
};

struct derive {
	struct arena arena;
	struct plan plan;
	bool made;
	uint64_t change;
	int64_t mono;
	const struct settings *settings;
	const struct access *access; /* borrowed; NULL before it is known */
	struct wanted *wanted;
	size_t wanted_count;
	struct verified *verified; /* the newest last */
	size_t verified_count;
};

struct derive *
derive_new(void)
{
	struct derive *derive = die_alloc(sizeof *derive);

	arena_init(&derive->arena);
	return derive;
}

void
derive_free(struct derive *derive)
{
	if (derive == NULL)
		return;
	for (size_t i = 0; i < derive->wanted_count; i++)
		free(derive->wanted[i].pair);
	for (size_t i = 0; i < derive->verified_count; i++)
		arena_release(&derive->verified[i].arena);
	free(derive->wanted);
	free(derive->verified);
	arena_release(&derive->arena);
	free(derive);
}

static int64_t
wanted_of(void *self, const char *ns, const char *alpha)
{
	const struct derive *derive = self;
	size_t length = strlen(ns);

	for (size_t i = 0; i < derive->wanted_count; i++) {
		const char *pair = derive->wanted[i].pair;
		if (strncmp(pair, ns, length) == 0 && pair[length] == '/' &&
		    strcmp(pair + length + 1, alpha) == 0)
			return derive->wanted[i].ppm;
	}
	return PPM_UNKNOWN;
}

static const struct verification *
verification_of(const struct derive *derive, const char *pair)
{
	for (size_t i = derive->verified_count; i-- > 0;)
		if (pair == NULL || strcmp(derive->verified[i].verification.pair, pair) == 0)
			return &derive->verified[i].verification;
	return NULL;
}

static struct assess_input
input_of(struct engine *engine, const char *pair)
{
	struct derive *derive = engine->derive;

	return (struct assess_input){
		.world = engine->world,
		.settings = derive->settings != NULL ? derive->settings : engine->settings,
		.journal = book_journal(engine->book),
		.verification = verification_of(derive, pair),
		.wanted_self = derive,
		.wanted = wanted_of,
		.access = derive->access,
	};
}

void
derive_into(struct engine *engine, struct arena *arena, struct plan *plan)
{
	struct assess_input input = input_of(engine, NULL);

	assess(&input, arena, plan);
}

const struct plan *
derive_plan(struct engine *engine)
{
	struct derive *derive = engine->derive;

	if (derive->made && derive->change == engine->world->change &&
	    engine->mono - derive->mono < PLAN_MAX_AGE)
		return &derive->plan;
	arena_release(&derive->arena);
	derive_into(engine, &derive->arena, &derive->plan);
	derive->made = true;
	derive->change = engine->world->change;
	derive->mono = engine->mono;
	return &derive->plan;
}

struct stage
derive_stage(struct engine *engine, const char *pair, int64_t goal, struct arena *arena)
{
	const struct plan *plan = derive_plan(engine);
	struct assess_input input = input_of(engine, pair);

	return assess_stage(&input, plan, arena, goal);
}

void
derive_want(struct engine *engine, const char *pair, int64_t ppm)
{
	struct derive *derive = engine->derive;

	engine->world->change++;
	for (size_t i = 0; i < derive->wanted_count; i++)
		if (strcmp(derive->wanted[i].pair, pair) == 0) {
			derive->wanted[i].ppm = ppm;
			return;
		}
	derive->wanted =
		die_realloc(derive->wanted, (derive->wanted_count + 1) * sizeof *derive->wanted);
	derive->wanted[derive->wanted_count++] =
		(struct wanted){ .pair = die_strdup(pair), .ppm = ppm };
}

void
derive_allow(struct engine *engine, const struct access *access)
{
	engine->derive->access = access;
	engine->derive->made = false;
}

void
derive_settings(struct engine *engine, const struct settings *settings)
{
	engine->derive->settings = settings;
	engine->world->change++;
}

static struct verification
copied(const struct verification *from, struct arena *arena)
{
	struct verification to = *from;
	struct check *checks = arena_array(arena, from->check_count + 1, sizeof *checks);

	for (size_t i = 0; i < from->check_count; i++)
		checks[i] = (struct check){
			.name = arena_string(arena, from->checks[i].name),
			.object = arena_string(arena, from->checks[i].object),
			.ok = from->checks[i].ok,
			.detail = arena_string(arena, from->checks[i].detail),
		};
	to.checks = checks;
	to.pair = arena_string(arena, from->pair);
	to.probe.url = arena_string(arena, from->probe.url);
	to.probe.served_by = arena_string(arena, from->probe.served_by);
	to.probe.error = arena_string(arena, from->probe.error);
	return to;
}

void
derive_verified(struct engine *engine, const struct verification *verification)
{
	struct derive *derive = engine->derive;
	struct verified fresh;
	size_t kept = 0;

	arena_init(&fresh.arena);
	fresh.verification = copied(verification, &fresh.arena);
	for (size_t i = 0; i < derive->verified_count; i++)
		if (strcmp(derive->verified[i].verification.pair, verification->pair) == 0)
			arena_release(&derive->verified[i].arena);
		else
			derive->verified[kept++] = derive->verified[i];
	derive->verified = die_realloc(derive->verified, (kept + 1) * sizeof *derive->verified);
	derive->verified[kept] = fresh;
	derive->verified_count = kept + 1;
	engine->world->change++;
}

struct verification
derive_verification(const struct engine *engine, struct arena *arena)
{
	const struct derive *derive = engine->derive;
	const struct verification *newest = verification_of(derive, NULL);

	if (newest == NULL)
		return (struct verification){
			.pair = "", .probe = { .url = "", .served_by = "", .error = "" }
		};
	return copied(newest, arena);
}
