/* journal_name - which file of the state folder is the journal of a cluster. For journal.c alone.
 * The engine's thread.
 */
#ifndef MIGRATE_JOURNAL_NAME_H
#define MIGRATE_JOURNAL_NAME_H

#include "core/migrate/journal.h"

/* The path, allocated; the folder is made. NULL with err when it cannot be used. */
char *journal_name_path(const struct journal_where *where, struct err *err);

#endif
