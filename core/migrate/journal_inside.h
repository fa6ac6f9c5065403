/* journal_inside - what the files of the journal share: its state, and reading it line by line.
 *
 * For journal*.c alone.
 */
#ifndef MIGRATE_JOURNAL_INSIDE_H
#define MIGRATE_JOURNAL_INSIDE_H

#include "core/migrate/journal.h"
#include "core/migrate/journal_line.h"

#define JOURNAL_MAX (256 * BUF_MIB)

struct journal {
	char *path;
	struct arena arena; /* all texts of records, `where` and the note */
	struct journal_where where;
	struct journal_record *records;
	size_t count, room;
	size_t adopted;        /* as many of the first records are not in the file yet */
	int fd;                /* -1 until the first write */
	int64_t length;        /* bytes of whole lines in the file */
	int64_t size;          /* of the file when it was read */
	char last[SHA256_HEX]; /* sum of the last line, "" before the first */
	const char *note;
	/* of journal_read() alone */
	bool reading; /* notes and results are kept, and nothing is ever written */
	struct journal_run *runs;
	struct verification *checks;
	size_t run_count, run_room, check_count, check_room;
};

const char *journal_end_name(enum journal_end end);
/* A copy that lives as long as the journal; "" for NULL. */
const char *journal_keep(struct journal *journal, const char *text);
const char *journal_keep_at(struct journal *journal, const struct json *json, const char *path);
struct journal_record *journal_find(const struct journal *journal, int64_t id);
/* Takes in what a line says, `self` being the journal. Lines of types that a later version added
 * are kept in the file and otherwise passed over. */
void journal_take_line(void *self, const struct json *line);
/* The notes among the lines; another type is passed over. */
void journal_take_note(struct journal *journal, const char *type, const struct json *line);
/* From the start, forgetting what was known. */
bool journal_load(struct journal *journal, struct err *err);
/* Ready for journal_append(): locked, and what another process wrote meanwhile read. */
bool journal_ready(struct journal *journal, struct err *err);
bool journal_append(struct journal *journal, struct json *line, struct err *err); /* takes `line` */
/* Lets other processes write until the next journal_ready(). */
void journal_rest(struct journal *journal);
void journal_set_time(struct json *line, int64_t wall);
int64_t journal_time(const struct json *line);

#endif
