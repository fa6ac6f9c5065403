/* journal - every write of this migration, on disk before it is sent and after it was answered.
 *
 * Append-only JSON lines, 0600, one file per cluster under the state folder, each line carrying the checksum of the one
 * before (ARCHITECTURE §7). The only part of migrate that does I/O, through base/file. Owned by the engine's thread.
 */
#ifndef MIGRATE_JOURNAL_H
#define MIGRATE_JOURNAL_H

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/migrate/intent.h"

struct journal;

struct journal_where { /* whose writes these are; copied */
	const char *state_folder;
	const char *context, *server, *cluster, *user, *reason; /* cluster: uid, "" when not known */
};

enum journal_end { JOURNAL_OPEN /* no outcome stands: look at the cluster */, JOURNAL_DONE, JOURNAL_FAILED, JOURNAL_NOT_SENT };

struct journal_record { /* one write, intent and outcome together */
	int64_t		 id;   /* rising in the file */
	int64_t		 wall; /* of the intent */
	struct intent	 intent;
	const char	*before; /* JSON text of the whole object, sanitised; "" when there was none */
	const char	*before_version; /* its resourceVersion */
	enum journal_end end;
	int		 status;   /* HTTP */
	const char	*result_uid, *result_version;
	const char	*error;	   /* clean; "" */
	int64_t		 latency;  /* ns */
	bool		 dry_run;
	const char	*user, *reason, *context;
	int64_t		 undoes;   /* id of the record it takes back; 0 */
};

/* Reads what is there (creating the folder, not the file). A torn last line is dropped with a note; damage before it is
 * ERR_INPUT naming line and file, and nothing may be written then. */
struct journal *journal_open(const struct journal_where *where, struct err *err);
void		journal_close(struct journal *journal);
const char     *journal_path(const struct journal *journal);
const char     *journal_note(const struct journal *journal); /* "" or what was odd, for the person */

/* Before sending: on disk (fsync) when it returns true; sets the record's id. `before` NULL when nothing is there. */
bool journal_intent(struct journal *journal, const struct intent *intent, const struct json *before, bool dry_run, int64_t wall,
		    int64_t undoes, int64_t *id, struct err *err);
/* A write that is known from elsewhere to have been done, into a journal that has no file yet; it gets into the file
 * before the first write that follows. */
void journal_adopt(struct journal *journal, const struct intent *intent, const struct json *before, int64_t wall);
/* After: on disk when it returns true. */
bool journal_outcome(struct journal *journal, int64_t id, enum journal_end end, int status, const char *result_uid,
		     const char *result_version, const char *error, int64_t latency, int64_t wall, struct err *err);

/* Oldest first; borrowed until the next write or close. */
const struct journal_record *journal_records(const struct journal *journal, size_t *count);
/* The newest finished, real record of `verb` on an object that nothing later undid; NULL when there is none. */
const struct journal_record *journal_last(const struct journal *journal, enum step_id step, const char *pair, enum verb verb,
					  const char *ns, const char *name);
/* The same for one kind of object; KIND_COUNT: any. */
const struct journal_record *journal_last_of(const struct journal *journal, enum step_id step, const char *pair, enum verb verb,
					     enum kind kind, const char *ns, const char *name);
/* A later record took this one back. */
bool journal_undone(const struct journal *journal, const struct journal_record *record);
/* The file's own text for `journal -o json`; clean by construction. */
bool journal_print(const struct journal *journal, struct buf *out);
/* Every line's checksum, from the file: false with err naming the first line that does not fit. */
bool journal_check(const char *path, struct err *err);

#endif
