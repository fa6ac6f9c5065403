/* inbox - commands on their way to the engine, in the order they were given.
 *
 * Any thread puts, only the engine's takes. A put never waits: commands are pushed onto one atomic
 * pointer, and taken off it all at once.
 */
#ifndef ENGINE_INBOX_H
#define ENGINE_INBOX_H

#include "core/engine/command.h"

struct inbox;

struct inbox *inbox_new(void);
void inbox_free(struct inbox *inbox); /* and what was not taken */
/* Copies; sets and returns the serial, rising from 1 in the order of the calls. */
int64_t inbox_put(struct inbox *inbox, const struct command *command);
/* The oldest command, now the caller's: command_free(). NULL when there is none. */
struct command *inbox_take(struct inbox *inbox);

#endif
