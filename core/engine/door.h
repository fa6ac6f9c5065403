/* door - what the guard is told of this engine: one place for every write, and for what a screen
 * says of all of them. Engine's thread.
 */
#ifndef ENGINE_DOOR_H
#define ENGINE_DOOR_H

#include "core/engine/inside.h"
#include "core/migrate/guard.h"

/* May it be written? `intent` NULL asks in general. */
enum guard_answer
door_ask(const struct engine *engine, const struct intent *intent, struct err *err);

#endif
