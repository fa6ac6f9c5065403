/* record - the change record: everything a journal's file still tells of a migration, as plain
 * data.
 *
 * Needs no cluster and no object of it: what the migration deleted is told as well. Everything
 * lives in the record's arena; strings are never NULL and clean for a terminal, diffs and
 * commands with LF between lines. Any thread; reads the file once, through the journal.
 */
#ifndef MIGRATE_RECORD_H
#define MIGRATE_RECORD_H

#include "core/migrate/journal.h"

enum record_depth {
	RECORD_LINES, /* without diffs and shares */
	RECORD_WHOLE,
};

struct record_write {
	int64_t id, undoes;
	int64_t wall;    /* of the intent */
	int64_t latency; /* ns */
	enum journal_end end;
	int status; /* HTTP; 0 when none came */
	enum step_id step;
	const char *pair, *verb, *title, *summary, *error, *user, *reason;
	const char *line;    /* all of it in one line */
	const char *diff;    /* unified, of YAML; "" when the journal has not both sides of it */
	const char *kubectl; /* the equivalent command */
	bool undo, dry_run;
	bool undone; /* a later write took it back */
	bool stands; /* done for real, and no undo of its step came after it on that object */
};

struct record_point {
	int64_t wall;
	int64_t ppm; /* from then on; the mean of its rules; PPM_UNKNOWN: no pool of the pair stood there */
};

struct record_share {                      /* the GA pool's share of a pair, over time */
	const char *pair;                  /* "ns/alpha" */
	const struct record_point *points; /* rising in time; the first is what was there before */
	size_t count;
};

struct record {
	struct arena arena;
	bool known; /* there is a file */
	const char *path;
	const char *damage; /* "" or the sentence that says what could not be read */
	const char *torn;   /* "" or that the last line is incomplete */
	const char *context, *server, *cluster; /* of the file's first line */
	const struct journal_run *runs;         /* oldest first */
	size_t run_count;
	const struct record_write *writes; /* oldest first */
	size_t write_count;
	const struct record_share *shares; /* of the pairs whose routes were written */
	size_t share_count;
	const struct verification *checks; /* oldest first */
	size_t check_count;
	const struct loss *losses; /* of all runs, each once */
	size_t loss_count;
	struct downtime downtime; /* of the simple procedure, as far as checks were noted */
};

/* A file that is not there gives an empty record, not known; one that cannot be read at all says
 * why in `damage`. Never NULL; the caller frees. */
struct record *record_new(const char *path, enum record_depth depth);
void record_free(struct record *record);
/* "shift: patch HTTPRoute default/llm-route: rules[0] ... 75 → 50, 31 ms" */
const char *record_line(const struct journal_record *record, struct arena *arena);

/* For record.c: the shares of every pair in the journal. */
const struct record_share *
record_shares(const struct journal *journal, struct arena *arena, size_t *count);

#endif
