#include "core/engine/inbox.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "core/base/die.h"

struct letter {
	struct letter *next;
	struct command *command;
};

struct inbox {
	_Atomic(struct letter *) newest; /* a stack, newest first */
	atomic_int_least64_t serial;
	struct letter *taken; /* oldest first; the engine's alone */
};

struct inbox *
inbox_new(void)
{
	return die_alloc(sizeof(struct inbox));
}

void
inbox_free(struct inbox *inbox)
{
	if (inbox == NULL)
		return;
	for (struct command *command; (command = inbox_take(inbox)) != NULL;)
		command_free(command);
	free(inbox);
}

int64_t
inbox_put(struct inbox *inbox, const struct command *command)
{
	struct letter *letter = die_alloc(sizeof *letter);

	letter->command = command_copy(command);
	letter->command->serial = atomic_fetch_add(&inbox->serial, 1) + 1;
	int64_t serial = letter->command->serial;
	letter->next = atomic_load(&inbox->newest);
	while (!atomic_compare_exchange_weak(&inbox->newest, &letter->next, letter))
		continue;
	return serial;
}

struct command *
inbox_take(struct inbox *inbox)
{
	if (inbox->taken == NULL) {
		struct letter *letter = atomic_exchange(&inbox->newest, NULL);
		while (letter != NULL) {
			struct letter *older = letter->next;
			letter->next = inbox->taken;
			inbox->taken = letter;
			letter = older;
		}
	}
	struct letter *oldest = inbox->taken;
	if (oldest == NULL)
		return NULL;
	struct command *command = oldest->command;
	inbox->taken = oldest->next;
	free(oldest);
	return command;
}
