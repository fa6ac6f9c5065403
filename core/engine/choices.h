/* choices - what a person still chooses while the engine runs: priorities, what the new picker
 * gets of the old one, what becomes of routes left empty, and what is done knowingly.
 *
 * A choice writes nothing: it changes what the steps would write from then on, in this engine
 * alone, and says which option would have done the same. A command under way keeps the settings
 * it began with. Engine's thread.
 */
#ifndef ENGINE_CHOICES_H
#define ENGINE_CHOICES_H

#include "core/engine/command.h"
#include "core/engine/inside.h"
#include "core/model/snapshot.h"

struct choices *choices_new(void);
void choices_free(struct choices *choices);
/* Makes what the command chooses count; ERR_INPUT with the reason when it cannot be chosen
 * (now). */
bool choices_make(struct engine *engine, const struct command *command, struct err *err);
struct choices_view choices_view(const struct engine *engine, struct arena *arena);

#endif
