/* prompt - the line where a filter, a command or a number is typed, with completion.
 *
 * It does nothing of what is typed but moving about: it makes an order of it, which the ui carries
 * out. Commands are rows with their help; the help page walks them. Of the ui's thread; pure.
 */
#ifndef SCREEN_PROMPT_H
#define SCREEN_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/screen/state.h"

struct prompt_row { /* one command */
	const char *name, *argument, *help;
};

enum order_kind {
	ORDER_NOTHING,
	ORDER_ACTION,   /* `action` is to be done */
	ORDER_STEP,     /* the preview of `step` is to be asked for */
	ORDER_PRIORITY, /* the text is the highlighted priority */
	ORDER_FILTER,   /* the pane in focus shows other rows now */
};

struct order {
	enum order_kind kind;
	enum action action;
	enum step_id step;
	int64_t goal; /* ppm of GA, for shift only; PPM_UNKNOWN */
	bool undo, unproven;
};

const struct prompt_row *prompt_command(size_t place); /* NULL after the last */
void prompt_open(struct doing *doing, enum prompt_kind kind);
/* A key for the line, and what it orders. */
struct order prompt_handle(struct doing *doing);
void prompt_draw(const struct canvas *canvas);
/* The longest text all candidates begin with, put in place of what is being typed; the candidates
 * as one line in `hint`. */
bool prompt_complete(struct doing *doing, char *hint, size_t size);

#endif
