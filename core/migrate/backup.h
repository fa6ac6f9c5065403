/* backup - a copy of every object before it is deleted, as YAML that `kubectl apply -f` takes.
 *
 * One file for each object, backup/NS.kind.name.yaml below the state folder, 0600, on disk when
 * backup_write() returns; of what has no namespace NS is "cluster", and of the second kind of a
 * name in the table the group stands behind the kind. Lines of comment at its head say whose it
 * was. A copy that another deletion of that name left is kept beside it under a number. With the
 * journal lost it is from here that deletions are known. Engine's thread; files through base/file.
 */
#ifndef MIGRATE_BACKUP_H
#define MIGRATE_BACKUP_H

#include "core/migrate/journal.h"
#include "core/model/world.h"

/* `object` is the whole of what intent, a deletion, takes away. ERR_SYSTEM: it must not be sent. */
bool backup_write(const struct journal_where *where, const struct intent *intent,
		  const struct json *object, int64_t wall, struct err *err);
/* Tells `journal`, which knows of nothing, what this cluster's copies say was deleted and is not
 * there; the number of them. What was made and deleted again is left out. */
size_t
backup_adopt(const struct journal_where *where, const struct world *world, struct journal *journal);

#endif
