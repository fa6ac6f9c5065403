/* say - the sentences a step returns, clean for a terminal and complete in every field.
 *
 * Names come from the cluster and may hold anything: whatever ends in a plan passes here.
 * Everything is made in the arena given. Any thread; no state.
 */
#ifndef MIGRATE_SAY_H
#define MIGRATE_SAY_H

#include "core/base/arena.h"
#include "core/model/plan.h"
#include "core/model/world.h"

/* A clean copy, LF and TAB as spaces; NULL gives "". */
const char *say_text(struct arena *arena, const char *text);
/* A clean copy with its lines. */
const char *say_lines(struct arena *arena, const char *text);
/* "ns/name", or "name" for what is cluster-scoped. */
const char *say_name(struct arena *arena, const char *ns, const char *name);
/* "HTTPRoute default/llm-route (gateway.networking.k8s.io)" */
const char *say_title(struct arena *arena, enum kind kind, const char *ns, const char *name);
/* Fills every field: object and advice become "", until 0. */
void say_status(struct step_status *status, struct arena *arena, enum step_state state,
		const char *format, ...) __attribute__((format(printf, 4, 5)));
/* One kind of `kinds` (KIND_COUNT ends) whose view cannot be believed: UNKNOWN with the verb and
 * kind, and why. False when all can be. */
bool say_unknown(struct step_status *status, struct arena *arena, const struct world *world,
		 const enum kind *kinds);

#endif
