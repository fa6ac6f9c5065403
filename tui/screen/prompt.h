/* prompt - the line where a filter or a command is typed, with completion.
 *
 * Commands are rows with their help; the help page walks them. Pure.
 */
#ifndef SCREEN_PROMPT_H
#define SCREEN_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/screen/state.h"

struct prompt_row { /* one command */
	const char *name, *argument, *help;
};

const struct prompt_row *prompt_command(size_t place); /* NULL after the last */
void prompt_open(struct doing *doing, enum prompt_kind kind);
enum answer prompt_handle(struct doing *doing);
void prompt_draw(const struct canvas *canvas);
/* The longest text all candidates begin with, put in place of what is being typed; the candidates
 * as one line in `hint`. */
bool prompt_complete(struct doing *doing, char *hint, size_t size);

#endif
