/* ui_inside - what the files of ui have of each other. */
#ifndef SCREEN_UI_INSIDE_H
#define SCREEN_UI_INSIDE_H

#include "tui/screen/state.h"

enum answer ui_do(struct doing *doing, enum action action);
/* Asks for the preview of a step for the selected pair, or says why not. `goal` counts for shift
 * only. */
enum answer ui_ask(struct doing *doing, enum step_id step, bool undo, int64_t goal, bool unproven);
/* Selects the row that is highlighted, when a filter has hidden the one selected. */
void ui_settle(struct doing *doing);

#endif
