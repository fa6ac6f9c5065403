/* shown - a preview as it is being made and as it was shown: what was shown is what is written.
 *
 * It owns the intents it shows; accepting it sends those. Engine's thread.
 */
#ifndef ENGINE_SHOWN_H
#define ENGINE_SHOWN_H

#include "core/engine/write.h"
#include "core/migrate/step.h"

struct shown {
	struct arena arena; /* holds everything below */
	struct preview preview;
	struct intent_list intents;
	struct write_view *views; /* as many as intents, filled up to preview.write_count */
};

void shown_init(struct shown *shown);
void shown_release(struct shown *shown);
void shown_begin(struct engine *engine, struct shown *shown, int64_t id, const struct step *step,
		 const char *pair, bool undo, int64_t from, int64_t to);
/* The writes to be shown: the list lives in shown->arena. */
void shown_intents(struct shown *shown, const struct intent_list *intents);
/* The next one, rehearsed. */
void shown_add(struct engine *engine, struct shown *shown, const struct intent *intent,
	       const struct write_run *write);
/* It cannot go on, or there is nothing to do; strings are copied. */
void shown_status(struct shown *shown, const struct step_status *status);
struct preview shown_copy(const struct preview *preview, struct arena *arena);

#endif
