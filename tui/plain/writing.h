/* writing - the one road of every command that writes: scope, consent, then the command.
 *
 * Main thread. The value returned is the exit code of CLI §4.
 */
#ifndef PLAIN_WRITING_H
#define PLAIN_WRITING_H

#include "core/engine/command.h"
#include "tui/options.h"

/* `title` says what is about to be done, for the question. */
int writing_run(struct options *options, const struct command *command, const char *title);

#endif
