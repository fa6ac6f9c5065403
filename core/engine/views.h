/* views - keeps the world in step with the cluster, kind by kind, as each kind's row says.
 *
 * A kind is followed by one reflector for all namespaces, or one for each namespace that holds
 * pools, and its state is the worst of theirs. Where listing all namespaces is not allowed, the
 * selected one is listed instead and the view says so (KUBERNETES §3.1). Engine's thread.
 */
#ifndef ENGINE_VIEWS_H
#define ENGINE_VIEWS_H

#include "core/engine/inside.h"

struct views *views_new(void);
void views_free(struct views *views);
int64_t views_step(struct engine *engine); /* mono ns of its next turn */
bool views_take(struct engine *engine, struct transport_event *event);

/* Follow the namespace as one that holds pools: what is known of it by the journal may be gone. */
void views_follow(struct engine *engine, const char *ns);
/* List again as soon as may be. */
void views_poke(struct engine *engine, enum kind kind);
void views_poke_all(struct engine *engine);
void views_poke_polled(struct engine *engine); /* those that are listed now and then */
/* All namespaces are asked for once more where that was refused. */
void views_widen(struct engine *engine);
void views_poke_troubled(struct engine *engine); /* those that are not well */
void views_reset(struct engine *engine);         /* everything known is void */
void views_set_ready(struct engine *engine, bool ready);
/* Whether the API server answers, and mono ns of its last answer, 0 when there was none: a view
 * never looks better than the link it came over. */
void views_set_heard(struct engine *engine, bool live, int64_t fresh);

/* Whatever is known of the kind was asked for at `mono` or later, or is watched, or cannot be
 * known. */
bool views_fresh(const struct engine *engine, enum kind kind, int64_t mono);
/* A list of the kind that was asked for at `mono` or later is there, or none can be: what a
 * watch has not told yet does not count. */
bool views_listed(const struct engine *engine, enum kind kind, int64_t mono);
/* Every kind has been answered about, well or not. */
bool views_answered(const struct engine *engine);
bool views_polling(const struct engine *engine); /* somewhere watching is not possible */
bool views_forbidden(const struct engine *engine, char *text,
		     size_t size); /* what may not be listed, for the first line */
bool views_in_question(
	const struct engine *engine); /* a kind that may be missing is forbidden: which is it? */
uint64_t views_moves(const struct views *views); /* counts changes of state */

#endif
