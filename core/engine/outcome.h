/* outcome - the answer to the command that ended last, and how often something came that must be
 * shown at once.
 *
 * Whoever carries out a command says here how it ended; publish puts it into the next snapshot.
 * Engine's thread.
 */
#ifndef ENGINE_OUTCOME_H
#define ENGINE_OUTCOME_H

#include "core/engine/inside.h"
#include "core/model/snapshot.h"

struct outcome_book *outcome_new(void);
void outcome_free(struct outcome_book *book);
/* `outcome` without its text; control characters of the text go. Returns the text as it is told,
 * borrowed until the next call. */
const char *outcome_set(struct engine *engine, const struct outcome *outcome, const char *text);
/* ERR_NONE: it went well; else exit status 1. */
void outcome_tell(struct engine *engine, int64_t serial, enum err_code code, const char *text);
void outcome_hurry(struct engine *engine); /* a person waits for what changed now */

struct outcome outcome_view(const struct engine *engine, struct arena *arena);
int64_t outcome_urgent(const struct engine *engine); /* rises with what must be shown at once */

#endif
