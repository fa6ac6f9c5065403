#include "core/engine/command.h"

#include <stdlib.h>

#include "core/base/die.h"

static const char *const names[] = {
	[COMMAND_PREVIEW] = "preview", [COMMAND_ACCEPT] = "accept", [COMMAND_CHOOSE] = "choose",
	[COMMAND_DISMISS] = "dismiss", [COMMAND_PLAN] = "plan",     [COMMAND_APPLY] = "apply",
	[COMMAND_SHIFT] = "shift",     [COMMAND_RAMP] = "ramp",     [COMMAND_ROLLBACK] = "rollback",
	[COMMAND_ABORT] = "abort",     [COMMAND_VERIFY] = "verify", [COMMAND_INSPECT] = "inspect",
	[COMMAND_SIGN_IN] = "sign-in", [COMMAND_FREEZE] = "freeze", [COMMAND_UNFREEZE] = "unfreeze",
	[COMMAND_REFRESH] = "refresh", [COMMAND_STOP] = "stop",     [COMMAND_QUIT] = "quit",
};

struct command *
command_copy(const struct command *command)
{
	struct command *copy = die_alloc(sizeof *copy);

	*copy = *command;
	copy->pair = die_strdup(command->pair);
	copy->ns = die_strdup(command->ns);
	copy->name = die_strdup(command->name);
	copy->text = die_strdup(command->text);
	return copy;
}

void
command_free(struct command *command)
{
	if (command == NULL)
		return;
	/* A copy owns its strings: they are constant only for those who look at it. */
	free((char *)(uintptr_t)command->pair);
	free((char *)(uintptr_t)command->ns);
	free((char *)(uintptr_t)command->name);
	free((char *)(uintptr_t)command->text);
	free(command);
}

const char *
command_name(enum command_kind kind)
{
	return names[kind];
}
