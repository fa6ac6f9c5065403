#include "core/engine/choices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/engine/derive.h"

#define CHOSEN_MAX 1000 /* of one console; more is no person's doing */

/* Lists only grow, and each change is a new one: what runs reads the one it began with. */
struct choices {
	struct settings settings; /* the engine's own from the first choice on */
	struct arena arena;
	size_t made;
};

struct choices *
choices_new(void)
{
	struct choices *choices = die_alloc(sizeof *choices);

	arena_init(&choices->arena);
	return choices;
}

void
choices_free(struct choices *choices)
{
	if (choices != NULL)
		arena_release(&choices->arena);
	free(choices);
}

static const struct plan_model *
find_model(const struct plan *plan, const struct command *command, const struct pair **of)
{
	for (size_t i = 0; i < plan->pair_count; i++)
		for (size_t k = 0; k < plan->pairs[i].model_count; k++)
			if (strcmp(plan->pairs[i].ns, command->ns) == 0 &&
			    strcmp(plan->pairs[i].models[k].name, command->name) == 0) {
				*of = &plan->pairs[i];
				return &plan->pairs[i].models[k];
			}
	return NULL;
}

static const char *
name_of(struct choices *choices, const struct command *command)
{
	return arena_printf(&choices->arena, "%s/%s", command->ns, command->name);
}

static bool
choose_priority(struct engine *engine, const struct command *command, struct err *err)
{
	struct choices *choices = engine->choices;
	struct settings *settings = &choices->settings;
	const struct pair *pair = NULL;
	const struct plan_model *model = find_model(derive_plan(engine), command, &pair);
	const char *name = name_of(choices, command);
	struct priority *list;
	size_t count = 0;

	if (model == NULL)
		return err_set(
			err, ERR_INPUT,
			"There is no InferenceModel %s that a pool of this plan has. Nothing "
			"was chosen.",
			name);
	if (model->carried)
		return err_set(err, ERR_INPUT,
			       "InferenceObjective %s is there already, with priority %lld. Take "
			       "objectives of %s/%s back first, then choose.",
			       name, (long long)model->priority, pair->ns, pair->alpha);
	if (command->value < INT32_MIN || command->value > INT32_MAX)
		return err_set(err, ERR_INPUT, "A priority is a whole number from %d to %d.",
			       INT32_MIN, INT32_MAX);
	list = arena_array(&choices->arena, settings->priority_count + 1, sizeof *list);
	for (size_t i = 0; i < settings->priority_count; i++)
		if (strcmp(settings->priorities[i].model, name) != 0)
			list[count++] = settings->priorities[i];
	list[count++] = (struct priority){ .model = name, .value = command->value };
	settings->priorities = list;
	settings->priority_count = count;
	return true;
}

static bool
choose_carry(struct engine *engine, const struct command *command, struct err *err)
{
	if (command->carry >= CARRY_COUNT)
		return err_set(err, ERR_INPUT, "There is nothing of that name to carry over.");
	engine->choices->settings.carry[command->carry] = command->value != 0;
	return true;
}

static bool
choose_routes(struct engine *engine, const struct command *command, struct err *err)
{
	(void)err;
	engine->choices->settings.delete_routes = command->value != 0;
	return true;
}

static bool
choose_managed(struct engine *engine, const struct command *command, struct err *err)
{
	(void)err;
	engine->choices->settings.force_managed = command->value != 0;
	return true;
}

static const struct orphan *
find_orphan(const struct plan *plan, const struct command *command)
{
	for (size_t i = 0; i < plan->orphan_count; i++)
		if (strcmp(plan->orphans[i].ns, command->ns) == 0 &&
		    strcmp(plan->orphans[i].name, command->name) == 0)
			return &plan->orphans[i];
	return NULL;
}

static bool
choose_orphan(struct engine *engine, const struct command *command, struct err *err)
{
	struct choices *choices = engine->choices;
	const char *const *before = choices->settings.orphans;
	const char *name = name_of(choices, command);
	/* A bare name of the command line is of the context's namespace. */
	const char *default_ns =
		choices->settings.default_ns != NULL ? choices->settings.default_ns : "default";
	const char **list;
	size_t count = 0, room = 2;

	if (find_orphan(derive_plan(engine), command) == NULL)
		return err_set(err, ERR_INPUT,
			       "There is no InferenceModel %s whose pool is missing. Nothing was "
			       "chosen.",
			       name);
	for (size_t i = 0; before != NULL && before[i] != NULL; i++)
		room++;
	list = arena_array(&choices->arena, room, sizeof *list);
	for (size_t i = 0; before != NULL && before[i] != NULL; i++)
		if (strcmp(before[i], name) != 0 &&
		    (strcmp(before[i], command->name) != 0 || strcmp(default_ns, command->ns) != 0))
			list[count++] = before[i];
	if (command->value != 0)
		list[count++] = name;
	list[count] = NULL;
	choices->settings.orphans = list;
	return true;
}

static bool (*const rows[])(struct engine *, const struct command *, struct err *) = {
	[CHOICE_PRIORITY] = choose_priority, [CHOICE_CARRY] = choose_carry,
	[CHOICE_ROUTES] = choose_routes,     [CHOICE_MANAGED] = choose_managed,
	[CHOICE_ORPHAN] = choose_orphan,
};

bool
choices_make(struct engine *engine, const struct command *command, struct err *err)
{
	struct choices *choices = engine->choices;

	if (choices->made >= CHOSEN_MAX)
		return err_set(err, ERR_INPUT,
			       "Too much was chosen in this console. Start another, with options.");
	if (choices->made++ == 0) {
		choices->settings = *engine->settings;
		engine->settings = &choices->settings;
	}
	if (!rows[command->choice](engine, command, err))
		return false;
	engine->world->change++;
	return true;
}

/* What would have done the same on the command line. */
static const char *
options_of(const struct settings *settings, struct arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < settings->priority_count; i++)
		text = arena_printf(arena, "%s --priority %s=%lld", text,
				    settings->priorities[i].model,
				    (long long)settings->priorities[i].value);
	for (enum carry what = 0; what < CARRY_COUNT; what++)
		if (settings->carry[what])
			text = arena_printf(arena, "%s --carry %s", text, carry_name(what));
	for (size_t i = 0; settings->orphans != NULL && settings->orphans[i] != NULL; i++)
		text = arena_printf(arena, "%s --orphan %s", text, settings->orphans[i]);
	return arena_printf(arena, "%s%s%s", text,
			    settings->delete_routes ? " --delete-routes" : "",
			    settings->force_managed ? " --force-managed" : "");
}

struct choices_view
choices_view(const struct engine *engine, struct arena *arena)
{
	const struct settings *settings = engine->settings;
	const char *options = options_of(settings, arena);
	struct choices_view view = {
		.delete_routes = settings->delete_routes,
		.force_managed = settings->force_managed,
		.options = *options == ' ' ? options + 1 : options,
	};

	memcpy(view.carry, settings->carry, sizeof view.carry);
	return view;
}
