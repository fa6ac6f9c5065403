/* journal - every write of this migration, on disk before it is sent and after it was answered.
 *
 * Append-only JSON lines, 0600, one file per cluster under the state folder, each line carrying
 * the checksum of the one before (ARCHITECTURE §7). The only part of migrate that does I/O,
 * through base/file. Owned by the engine's thread.
 */
#ifndef MIGRATE_JOURNAL_H
#define MIGRATE_JOURNAL_H

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/migrate/intent.h"
#include "core/model/plan.h"

struct journal;

struct journal_where { /* whose writes these are; copied */
	const char *state_folder;
	const char *context, *server, *cluster, *user,
		*reason; /* cluster: uid, "" when not known */
};

enum journal_end {
	JOURNAL_OPEN /* no outcome stands: look at the cluster */,
	JOURNAL_DONE,
	JOURNAL_FAILED,
	JOURNAL_NOT_SENT,
	/* No answer came, and what could have told is gone: the object was changed or deleted by
	 * somebody before it was looked at. */
	JOURNAL_UNKNOWN
};

struct journal_run { /* a process that began to write: what it was, and what it knew to be lost */
	int64_t wall;
	const char *program; /* "poolshift 0.1.0" */
	const char *mark;    /* of its process (core/base/self.h) */
	const char *server_version, *procedure;
	const char *user, *context, *server, *reason;
	const struct loss *losses;
	size_t loss_count;
};

struct journal_state { /* of a file as it was found */
	size_t lines;  /* that end */
	size_t bad;    /* the first that does not fit, from 1; 0 for none */
	bool torn;     /* what follows the last of them is the beginning of another */
};

struct journal_record { /* one write, intent and outcome together */
	int64_t id;     /* rising in the file */
	int64_t wall;   /* of the intent */
	struct intent intent;
	const char *before; /* JSON text of the whole object, sanitised; "" when there was none */
	const char *before_version; /* its resourceVersion */
	enum journal_end end;
	int status; /* HTTP */
	const char *result_uid, *result_version;
	const char *error;  /* clean; "" */
	const char *output; /* what a program said that did it; clean lines; "" */
	int64_t latency;    /* ns */
	int64_t ended;      /* wall of the outcome; 0 */
	const char *
		after; /* of journal_read(): JSON text of what a change made of the object, sanitised; "" */
	bool dry_run;
	const char *user, *reason, *context;
	int64_t undoes; /* id of the record it takes back; 0 */
};

/* Reads what is there (creating the folder, not the file). A torn last line is dropped with a
 * note; damage before it is ERR_INPUT naming line and file, and nothing may be written then. */
struct journal *journal_open(const struct journal_where *where, struct err *err);
void journal_close(struct journal *journal);
const char *journal_path(const struct journal *journal);
const char *journal_note(const struct journal *journal); /* "" or what was odd, for the person */

/* Before sending: on disk (fsync) when it returns true; sets the record's id. `before` NULL when
 * nothing is there. */
bool journal_intent(struct journal *journal, const struct intent *intent, const struct json *before,
		    bool dry_run, int64_t wall, int64_t undoes, int64_t *id, struct err *err);
/* A write that is known from elsewhere to have been done, into a journal that knows of none; it
 * gets into the file before the first write that follows. */
void journal_adopt(struct journal *journal, const struct intent *intent, const struct json *before,
		   int64_t wall);
/* How a write ended that got no answer, by what a look at its object says of it; `there`: that
 * there is one. A deletion that did not come about, and a basis that still stands, are proof;
 * nothing there is none. */
enum journal_end journal_end_seen(const struct intent *intent, enum intent_met met, bool there);
/* After: on disk when it returns true. */
/* `result`: the object as the server answered; NULL for none. */
bool journal_outcome(struct journal *journal, int64_t id, enum journal_end end, int status,
		     const struct json *result, const char *error, int64_t latency, int64_t wall,
		     struct err *err);

/* What the change record needs and the cluster forgets, in lines of their own. Whose they are is
 * journal_where's. */
bool journal_note_run(struct journal *journal, const struct journal_run *run, struct err *err);
/* Nothing before the first write: looking at a cluster leaves no file. The lock is not kept. */
bool journal_note_checks(struct journal *journal, const struct verification *verification,
			 struct err *err);

/* What the program that carried it out had to say, beside its outcome; on disk when it returns
 * true. */
bool journal_output(struct journal *journal, int64_t id, const char *output, int64_t wall,
		    struct err *err);

/* Oldest first; borrowed until the next write or close. */
const struct journal_record *journal_records(const struct journal *journal, size_t *count);
/* The newest finished, real record of `verb` on an object that nothing later undid; NULL when
 * there is none. */
const struct journal_record *
journal_last(const struct journal *journal, enum step_id step, const char *pair, enum verb verb,
	     const char *ns, const char *name);
/* The same for one kind of object; KIND_COUNT: any. */
const struct journal_record *
journal_last_of(const struct journal *journal, enum step_id step, const char *pair, enum verb verb,
		enum kind kind, const char *ns, const char *name);
/* A later record took this one back. */
bool journal_undone(const struct journal *journal, const struct journal_record *record);
/* The file's own text for `journal -o json`; clean by construction. */
bool journal_print(const struct journal *journal, struct buf *out);
/* Every line's checksum, from the file: false with err naming the first line that does not fit,
 * and what still does. */
bool journal_check(const char *path, struct err *err);
bool journal_examine(const char *path, struct journal_state *state, struct err *err); /* the same */

/* Where journal_open() would look, damaged or not; the caller frees. NULL when the folder cannot
 * be used. */
char *journal_locate(const struct journal_where *where);
/* Everything that can still be read of a file, for reports: never written to. NULL with err when
 * there is none; err is filled as well, and what is returned incomplete, when a line is damaged:
 * those after it that are whole in themselves are read on. Close it. */
struct journal *journal_read(const char *path, struct err *err);
const struct journal_where *journal_whose(const struct journal *journal);
/* Of journal_read(), oldest first. */
/* What stands as the error of a write that was done all the same. */
#define JOURNAL_REPEATS "an earlier try got no answer; that one may still be done, too"
/* The record says so. */
bool journal_repeats(const struct journal_record *record);
const struct journal_run *journal_runs(const struct journal *journal, size_t *count);
/* The process of that mark has written into it. */
bool journal_ran(const struct journal *journal, const char *mark);
const struct verification *journal_checks(const struct journal *journal, size_t *count);

#endif
