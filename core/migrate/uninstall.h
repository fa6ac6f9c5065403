/* uninstall - an alpha pool that belongs to a release of Helm taken away by helm, and brought back.
 *
 * The release's history is kept, so that helm rollback brings it back; where that is not possible,
 * the copies in the journal do. Pure; intents live in the stage's arena.
 */
#ifndef MIGRATE_UNINSTALL_H
#define MIGRATE_UNINSTALL_H

#include "core/migrate/step.h"

/* The pool belongs to a release, or an uninstall of it was cut off. */
bool uninstall_wanted(const struct stage *stage, const struct pair *pair);
/* The object goes with the release and is not deleted by itself. */
bool
uninstall_takes(const struct stage *stage, const struct pair *pair, const struct object *object);
/* helm is not there, or the release holds what has to stay. `goes`: the models that go with the
 * pair. */
bool
uninstall_blocked(const struct stage *stage, const struct pair *pair,
		  bool (*goes)(const struct stage *, const struct object *, const struct pair *),
		  struct step_status *status);
void uninstall_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out);
/* Counts what brings it back; none when the journal knows of no uninstall. */
size_t uninstall_back(const struct stage *stage, const struct pair *pair, struct intent_list *out);

#endif
