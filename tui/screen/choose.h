/* choose - what is chosen from the console: the rows of the page of choices, the priority typed,
 * and what becomes of routes that a detach leaves empty.
 *
 * A choice writes nothing and asks for nothing: the next preview shows what it changes. Pure.
 */
#ifndef SCREEN_CHOOSE_H
#define SCREEN_CHOOSE_H

#include <stddef.h>

#include "core/engine/command.h"
#include "tui/screen/answer.h"

struct canvas;
struct doing;
struct plan_model;

struct choice_row { /* one that can be chosen on the page */
	enum choice what;
	enum carry carry;               /* of CHOICE_CARRY */
	const struct plan_model *model; /* of CHOICE_PRIORITY */
	const char *ns, *name;          /* of a priority or an orphan; "" */
	const char *label, *value, *help;
	bool on;
	bool fixed; /* it stands in the cluster already */
};

/* The rows of the page for the selected pair, in the frame's or call's arena. */
const struct choice_row *choose_rows(const struct canvas *canvas, size_t *count);

/* The page has been opened: the model selected among the objectives is highlighted. */
void choose_begin(struct doing *doing);
enum answer choose_change(struct doing *doing); /* the highlighted row: on, off, or a number */
void choose_move(struct doing *doing, int by);
/* The number typed for the highlighted priority. */
enum answer choose_priority(struct doing *doing, const char *text);
/* Of the detach that is being previewed: kept empty, or deleted with a copy; shown anew. */
enum answer choose_routes(struct doing *doing);

#endif
