/* journal_file - the journal's own lines for `-o json`: ASCII by construction, one object a
 * line. */
#ifndef PLAIN_JOURNAL_FILE_H
#define PLAIN_JOURNAL_FILE_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/model/snapshot.h"

/* Appends the file's text; nothing when no journal was written yet. */
bool journal_file_add(struct buf *page, const struct snapshot *snapshot, struct err *err);

#endif
