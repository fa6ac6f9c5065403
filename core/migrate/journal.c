#include "core/migrate/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/die.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/migrate/journal_line.h"
#include "core/migrate/journal_name.h"

#define JOURNAL_MAX (256 * BUF_MIB)

struct journal {
	char *path;
	struct arena arena; /* all texts of records, `where` and the note */
	struct journal_where where;
	struct journal_record *records;
	size_t count, room;
	int fd;                /* -1 until the first write */
	int64_t length;        /* bytes of whole lines in the file */
	int64_t size;          /* of the file when it was read */
	char last[SHA256_HEX]; /* sum of the last line, "" before the first */
	const char *note;
};

static const char *const end_names[] = {
	[JOURNAL_OPEN] = "open",
	[JOURNAL_DONE] = "done",
	[JOURNAL_FAILED] = "failed",
	[JOURNAL_NOT_SENT] = "notSent",
};

static const char *
keep(struct journal *journal, const char *text)
{
	return text == NULL || *text == '\0' ? "" : arena_string(&journal->arena, text);
}

static const char *
keep_at(struct journal *journal, const struct json *json, const char *path)
{
	return keep(journal, json_string_at(json, path));
}

/* An embedded value as text again; "" when there is none. */
static const char *
keep_value(struct journal *journal, const struct json *value)
{
	const char *kept;
	char *text;

	if (value == NULL)
		return "";
	if (json_string(value) != NULL)
		return keep(journal, json_string(value));
	text = json_text(value);
	kept = keep(journal, text);
	free(text);
	return kept;
}

static struct journal_record *
add_record(struct journal *journal)
{
	if (journal->count == journal->room) {
		journal->room = journal->room == 0 ? 64 : journal->room * 2;
		journal->records =
			die_realloc(journal->records, journal->room * sizeof(*journal->records));
	}
	journal->records[journal->count] = (struct journal_record){ 0 };
	return &journal->records[journal->count++];
}

static struct journal_record *
find_record(const struct journal *journal, int64_t id)
{
	for (size_t i = journal->count; i > 0; i--)
		if (journal->records[i - 1].id == id)
			return &journal->records[i - 1];
	return NULL;
}

static struct intent
read_write(struct journal *journal, const struct json *write)
{
	const char *verb = json_string_at(write, "verb");
	const char *step = json_string_at(write, "step");
	bool known;

	struct intent intent = {
		.verb = verb_by_name(verb != NULL ? verb : "", &known),
		.group = keep_at(journal, write, "group"),
		.version = keep_at(journal, write, "version"),
		.resource = keep_at(journal, write, "resource"),
		.ns = keep_at(journal, write, "namespace"),
		.name = keep_at(journal, write, "name"),
		.uid = keep_at(journal, write, "uid"),
		.version_seen = keep_at(journal, write, "resourceVersion"),
		.body = keep_value(journal, json_get(write, "body")),
		.force = json_bool_at(write, "force", false),
		.step = step_by_name(step != NULL ? step : ""),
		.pair = keep_at(journal, write, "pair"),
		.undo = json_bool_at(write, "undo", false),
		.title = keep_at(journal, write, "title"),
		.summary = keep_at(journal, write, "summary"),
	};
	intent.kind = kind_of(intent.group, intent.resource);
	return intent;
}

static int64_t
read_time(const struct json *line)
{
	const char *text = json_string_at(line, "time");
	int64_t wall;

	return text != NULL && clock_parse_rfc3339(text, &wall) ? wall : 0;
}

static void
read_intent(struct journal *journal, const struct json *line)
{
	struct journal_record *record = add_record(journal);

	*record = (struct journal_record){
		.id = json_integer_at(line, "id", 0),
		.wall = read_time(line),
		.intent = read_write(journal, json_get(line, "write")),
		.before = keep_value(journal, json_get(line, "before")),
		.before_version = keep_at(journal, line, "beforeVersion"),
		.result_uid = "",
		.result_version = "",
		.error = "",
		.dry_run = json_bool_at(line, "dryRun", false),
		.user = keep_at(journal, line, "user"),
		.reason = keep_at(journal, line, "reason"),
		.context = keep_at(journal, line, "context"),
		.undoes = json_integer_at(line, "undoes", 0),
	};
}

static enum journal_end
end_by_name(const char *name)
{
	for (size_t i = 0; name != NULL && i < sizeof(end_names) / sizeof(end_names[0]); i++)
		if (strcmp(end_names[i], name) == 0)
			return (enum journal_end)i;
	return JOURNAL_OPEN;
}

static void
read_outcome(struct journal *journal, const struct json *line)
{
	struct journal_record *record = find_record(journal, json_integer_at(line, "id", 0));

	if (record == NULL)
		return;
	record->end = end_by_name(json_string_at(line, "end"));
	record->status = (int)json_integer_at(line, "status", 0);
	record->result_uid = keep_at(journal, line, "uid");
	record->result_version = keep_at(journal, line, "resourceVersion");
	record->error = keep_at(journal, line, "error");
	record->latency = json_integer_at(line, "latencyNanoseconds", 0);
}

/* Lines of types that a later version added are kept in the file and otherwise passed over. */
static void
read_line(void *self, const struct json *line)
{
	struct journal *journal = self;
	const char *type = json_string_at(line, "type");

	if (type == NULL)
		return;
	if (strcmp(type, "intent") == 0)
		read_intent(journal, line);
	else if (strcmp(type, "outcome") == 0)
		read_outcome(journal, line);
}

/* From the start, forgetting what was known. */
static bool
load(struct journal *journal, struct err *err)
{
	struct buf text;
	struct journal_scan scan = { .self = journal, .take = read_line };
	struct err missing = { 0 };
	bool whole = true;

	journal->count = 0;
	journal->length = journal->size = 0;
	journal->last[0] = '\0';
	journal->note = "";
	buf_init(&text, JOURNAL_MAX);
	if (!file_read(journal->path, JOURNAL_MAX, &text, &missing)) {
		buf_release(&text);
		if (missing.code == ERR_MISSING)
			return true;
		if (err != NULL)
			*err = missing;
		return err_wrap(err, "The journal cannot be read, so nothing may be written");
	}
	whole = journal_scan(&scan, journal->path, text.bytes, text.length, err);
	journal->size = (int64_t)text.length;
	journal->length = (int64_t)scan.whole;
	memcpy(journal->last, scan.sum, sizeof(journal->last));
	if (whole && scan.whole < text.length)
		journal->note =
			arena_printf(&journal->arena,
				     "The last line of %s is incomplete: the program was stopped "
				     "while it wrote it, before anything was sent. It is left out.",
				     journal->path);
	buf_release(&text);
	return whole;
}

struct journal *
journal_open(const struct journal_where *where, struct err *err)
{
	struct journal *journal;
	char *path = journal_name_path(where, err);

	if (path == NULL) {
		err_wrap(err, "The journal's folder %s cannot be used, so nothing may be written",
			 where->state_folder);
		return NULL;
	}
	journal = die_alloc(sizeof(*journal));
	journal->path = path;
	journal->fd = -1;
	journal->note = "";
	arena_init(&journal->arena);
	journal->where = (struct journal_where){
		.state_folder = keep(journal, where->state_folder),
		.context = keep(journal, where->context),
		.server = keep(journal, where->server),
		.cluster = keep(journal, where->cluster),
		.user = keep(journal, where->user),
		.reason = keep(journal, where->reason),
	};
	if (load(journal, err))
		return journal;
	journal_close(journal);
	return NULL;
}

void
journal_close(struct journal *journal)
{
	if (journal == NULL)
		return;
	if (journal->fd >= 0)
		close(journal->fd);
	arena_release(&journal->arena);
	free(journal->records);
	free(journal->path);
	free(journal);
}

const char *
journal_path(const struct journal *journal)
{
	return journal->path;
}

const char *
journal_note(const struct journal *journal)
{
	return journal->note;
}

/* Takes `line`. */
static bool
append(struct journal *journal, struct json *line, struct err *err)
{
	struct buf out;
	char sum[SHA256_HEX];
	bool written;

	buf_init(&out, JOURNAL_MAX);
	journal_line(line, journal->last, &out, sum);
	json_free(line);
	written = !out.full || err_set(err, ERR_SYSTEM, "A record of the journal is too long.");
	written = written && file_append(journal->fd, out.bytes, out.length, err);
	if (written) {
		journal->length += (int64_t)out.length;
		memcpy(journal->last, sum, sizeof(sum));
	}
	buf_release(&out);
	return written ||
	       err_wrap(err, "Nothing is sent, since it cannot be recorded in %s", journal->path);
}

static bool begin_file(struct journal *journal, struct err *err);

/* Opened late, so that looking writes nothing; what another process added meanwhile is read first.
 */
static bool
ready_to_append(struct journal *journal, struct err *err)
{
	struct file_stamp stamp;

	if (journal->fd >= 0)
		return true;
	journal->fd = file_open_append(journal->path, err);
	if (journal->fd < 0)
		return err_wrap(err, "Nothing is sent, since it cannot be recorded");
	if (file_stamp(journal->path, &stamp) && stamp.size != journal->size && !load(journal, err))
		goto out;
	if (journal->length < journal->size && !file_truncate(journal->fd, journal->length, err))
		goto out;
	if (journal->length > 0 || begin_file(journal, err))
		return true;
out:
	close(journal->fd);
	journal->fd = -1;
	return false;
}

/* A body or an object stands in the line as JSON, not as a string of JSON. */
static void
set_value(struct json *line, const char *key, const char *text)
{
	struct json *value;

	if (*text == '\0')
		return;
	value = json_parse(text, strlen(text), NULL);
	json_set(line, key, value != NULL ? value : json_new_string(text));
}

/* No Secret is ever written by a step; should one come this way, its content stays out of the file.
 */
static bool
is_secret(const struct intent *intent)
{
	return *intent->group == '\0' && strcmp(intent->resource, "secrets") == 0;
}

static struct json *
write_json(const struct intent *intent)
{
	struct json *write = json_new_object();

	json_set_string(write, "verb", verb_name(intent->verb));
	json_set_string(write, "group", intent->group);
	json_set_string(write, "version", intent->version);
	json_set_string(write, "resource", intent->resource);
	json_set_string(write, "namespace", intent->ns);
	json_set_string(write, "name", intent->name);
	json_set_string(write, "uid", intent->uid);
	json_set_string(write, "resourceVersion", intent->version_seen);
	if (!is_secret(intent))
		set_value(write, "body", intent->body);
	if (intent->force)
		json_set_bool(write, "force", true);
	json_set_string(write, "step", step_name(intent->step));
	json_set_string(write, "pair", intent->pair);
	json_set_bool(write, "undo", intent->undo);
	json_set_string(write, "title", intent->title);
	json_set_string(write, "summary", intent->summary);
	return write;
}

static void
set_time(struct json *line, int64_t wall)
{
	char text[CLOCK_RFC3339_MAX];

	clock_rfc3339(wall, true, text);
	json_set_string(line, "time", text);
}

static struct json *
intent_line(const struct journal *journal, const struct intent *intent, const struct json *before,
	    int64_t id, int64_t wall)
{
	struct json *line = json_new_object();

	json_set_string(line, "type", "intent");
	json_set_integer(line, "id", id);
	set_time(line, wall);
	json_set_string(line, "user", journal->where.user);
	json_set_string(line, "context", journal->where.context);
	if (*journal->where.reason != '\0')
		json_set_string(line, "reason", journal->where.reason);
	json_set(line, "write", write_json(intent));
	if (before != NULL && !is_secret(intent)) {
		json_set(line, "before", intent_sanitised(before));
		json_set_string(line, "beforeVersion",
				json_string_at(before, "metadata.resourceVersion"));
	}
	return line;
}

static struct json *
outcome_line(int64_t id, enum journal_end end, int64_t wall)
{
	struct json *line = json_new_object();

	json_set_string(line, "type", "outcome");
	json_set_integer(line, "id", id);
	set_time(line, wall);
	json_set_string(line, "end", end_names[end]);
	return line;
}

static bool
append_adopted(struct journal *journal, const struct journal_record *record, struct err *err)
{
	struct json *before = json_parse(record->before, strlen(record->before), NULL),
		    *line = intent_line(journal, &record->intent, before, record->id, record->wall);

	json_free(before);
	return append(journal, line, err) &&
	       append(journal, outcome_line(record->id, JOURNAL_DONE, record->wall), err);
}

/* What was adopted before there was a file stands at its beginning. */
static bool
begin_file(struct journal *journal, struct err *err)
{
	struct json *line = json_new_object();

	json_set_string(line, "type", "journal");
	json_set_integer(line, "version", 1);
	json_set_string(line, "context", journal->where.context);
	json_set_string(line, "server", journal->where.server);
	json_set_string(line, "cluster", journal->where.cluster);
	if (!append(journal, line, err))
		return false;
	for (size_t i = 0; i < journal->count; i++)
		if (!append_adopted(journal, &journal->records[i], err))
			return false;
	return true;
}

void
journal_adopt(struct journal *journal, const struct intent *intent, const struct json *before,
	      int64_t wall)
{
	struct json *line = intent_line(journal, intent, before, (int64_t)journal->count + 1, wall);

	read_line(journal, line);
	json_free(line);
	journal->records[journal->count - 1].end = JOURNAL_DONE;
}

bool
journal_intent(struct journal *journal, const struct intent *intent, const struct json *before,
	       bool dry_run, int64_t wall, int64_t undoes, int64_t *id, struct err *err)
{
	struct json *line;

	if (!ready_to_append(journal, err))
		return false;
	*id = journal->count == 0 ? 1 : journal->records[journal->count - 1].id + 1;
	line = intent_line(journal, intent, before, *id, wall);
	if (dry_run)
		json_set_bool(line, "dryRun", true);
	if (undoes != 0)
		json_set_integer(line, "undoes", undoes);
	if (!append(journal, json_clone(line), err)) {
		json_free(line);
		return false;
	}
	/* Read back as a later start will read it, so that both see the same. */
	read_line(journal, line);
	json_free(line);
	return true;
}

bool
journal_outcome(struct journal *journal, int64_t id, enum journal_end end, int status,
		const char *result_uid, const char *result_version, const char *error,
		int64_t latency, int64_t wall, struct err *err)
{
	struct json *line;

	if (find_record(journal, id) == NULL)
		return err_set(err, ERR_SYSTEM, "The journal %s has no write %lld to end.",
			       journal->path, (long long)id);
	if (!ready_to_append(journal, err))
		return false;
	line = outcome_line(id, end, wall);
	json_set_integer(line, "status", status);
	json_set_string(line, "uid", result_uid);
	json_set_string(line, "resourceVersion", result_version);
	if (error != NULL && *error != '\0')
		json_set_string(line, "error", error);
	json_set_integer(line, "latencyNanoseconds", latency);
	if (!append(journal, json_clone(line), err)) {
		json_free(line);
		return false;
	}
	read_line(journal, line);
	json_free(line);
	return true;
}

const struct journal_record *
journal_records(const struct journal *journal, size_t *count)
{
	*count = journal->count;
	return journal->records;
}

bool
journal_undone(const struct journal *journal, const struct journal_record *record)
{
	for (size_t i = journal->count; i > 0; i--) {
		const struct journal_record *later = &journal->records[i - 1];

		if (later->id <= record->id)
			return false;
		if (later->undoes == record->id && later->end == JOURNAL_DONE && !later->dry_run)
			return true;
	}
	return false;
}

const struct journal_record *
journal_last_of(const struct journal *journal, enum step_id step, const char *pair, enum verb verb,
		enum kind kind, const char *ns, const char *name)
{
	for (size_t i = journal->count; i > 0; i--) {
		const struct journal_record *record = &journal->records[i - 1];
		const struct intent *intent = &record->intent;

		if (record->end == JOURNAL_DONE && !record->dry_run && !intent->undo &&
		    intent->step == step && intent->verb == verb &&
		    (kind == KIND_COUNT || intent->kind == kind) &&
		    strcmp(intent->pair, pair) == 0 && strcmp(intent->ns, ns) == 0 &&
		    strcmp(intent->name, name) == 0 && !journal_undone(journal, record))
			return record;
	}
	return NULL;
}

const struct journal_record *
journal_last(const struct journal *journal, enum step_id step, const char *pair, enum verb verb,
	     const char *ns, const char *name)
{
	return journal_last_of(journal, step, pair, verb, KIND_COUNT, ns, name);
}

bool
journal_print(const struct journal *journal, struct buf *out)
{
	struct buf text;
	bool printed = true;

	if (journal->length == 0)
		return true;
	buf_init(&text, JOURNAL_MAX);
	printed = file_read(journal->path, JOURNAL_MAX, &text, NULL) &&
		  text.length >= (size_t)journal->length &&
		  buf_add(out, text.bytes, (size_t)journal->length);
	buf_release(&text);
	return printed;
}

bool
journal_check(const char *path, struct err *err)
{
	struct buf text;
	struct journal_scan scan = { 0 };
	bool fits;

	buf_init(&text, JOURNAL_MAX);
	fits = file_read(path, JOURNAL_MAX, &text, err) &&
	       journal_scan(&scan, path, text.bytes, text.length, err);
	buf_release(&text);
	return fits;
}
