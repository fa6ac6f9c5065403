#include "core/migrate/journal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/die.h"
#include "core/base/file.h"
#include "core/migrate/journal_inside.h"

#define SUFFIX ".jsonl"

/* "prod-eu-3f2a....jsonl": the context for people, the cluster for us. */
static char *
file_name(const struct journal_where *where, const char *mark)
{
	struct buf out;
	char *name;

	buf_init(&out, 200);
	for (const char *c = where->context; *c != '\0' && out.length < 80; c++)
		buf_putc(&out, isalnum((unsigned char)*c) || (*c == '-' && c > where->context)
				       ? *c
				       : '_');
	if (out.length == 0)
		buf_puts(&out, "cluster");
	buf_puts(&out, mark);
	name = buf_take(&out);
	buf_release(&out);
	return name;
}

/* The file of this cluster, whatever the context was called when it was begun. */
static char *
choose_path(const struct journal_where *where, struct err *err)
{
	const char *identity = *where->cluster != '\0' ? where->cluster : where->server;
	char hex[SHA256_HEX], mark[32], *path, *name;
	char **names;
	size_t count;
	struct buf out;

	if (!file_make_folder(where->state_folder, err))
		return NULL;
	sha256_hex(identity, strlen(identity), hex);
	snprintf(mark, sizeof(mark), "-%.16s" SUFFIX, hex);
	if (!file_list(where->state_folder, mark, &names, &count, err))
		return NULL;
	name = count > 0 ? die_strdup(names[0]) : file_name(where, mark);
	buf_init(&out, 8 * BUF_KIB);
	buf_printf(&out, "%s/%s", where->state_folder, name);
	path = buf_take(&out);
	buf_release(&out);
	file_list_free(names, count);
	free(name);
	return path;
}

/* Takes `path`. */
static struct journal *
new_at(char *path)
{
	struct journal *journal = die_alloc(sizeof(*journal));

	journal->path = path;
	journal->fd = -1;
	journal->note = "";
	arena_init(&journal->arena);
	return journal;
}

struct journal *
journal_open(const struct journal_where *where, struct err *err)
{
	struct journal *journal;
	char *path = choose_path(where, err);

	if (path == NULL) {
		err_wrap(err, "The journal's folder %s cannot be used, so nothing may be written",
			 where->state_folder);
		return NULL;
	}
	journal = new_at(path);
	journal->where = (struct journal_where){
		.state_folder = journal_keep(journal, where->state_folder),
		.context = journal_keep(journal, where->context),
		.server = journal_keep(journal, where->server),
		.cluster = journal_keep(journal, where->cluster),
		.user = journal_keep(journal, where->user),
		.reason = journal_keep(journal, where->reason),
	};
	if (journal_load(journal, err))
		return journal;
	journal_close(journal);
	return NULL;
}

char *
journal_locate(const struct journal_where *where)
{
	return choose_path(where, NULL);
}

struct journal *
journal_read(const char *path, struct err *err)
{
	struct journal *journal;

	if (!file_exists(path)) {
		err_set(err, ERR_MISSING, "There is no journal at %s.", path);
		return NULL;
	}
	journal = new_at(die_strdup(path));
	journal->reading = true;
	journal->where = (struct journal_where){ "", "", "", "", "", "" };
	/* What can be read is what there is to show; err says what could not. */
	journal_load(journal, err);
	return journal;
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
	free(journal->runs);
	free(journal->checks);
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

bool
journal_append(struct journal *journal, struct json *line, struct err *err)
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

static bool
begin_file(struct journal *journal, struct err *err)
{
	struct json *line = json_new_object();

	json_set_string(line, "type", "journal");
	json_set_integer(line, "version", 1);
	json_set_string(line, "context", journal->where.context);
	json_set_string(line, "server", journal->where.server);
	json_set_string(line, "cluster", journal->where.cluster);
	return journal_append(journal, line, err);
}

static bool write_adopted(struct journal *journal, struct err *err);

/* Opened late, so that looking writes nothing; what another process added meanwhile is read first.
 */
bool
journal_ready(struct journal *journal, struct err *err)
{
	struct file_stamp stamp;

	if (journal->fd >= 0)
		return write_adopted(journal, err);
	journal->fd = file_open_append(journal->path, err);
	if (journal->fd < 0)
		return err_wrap(err, "Nothing is sent, since it cannot be recorded");
	if (file_stamp(journal->path, &stamp) && stamp.size != journal->size &&
	    !journal_load(journal, err))
		goto out;
	if (journal->length < journal->size && !file_truncate(journal->fd, journal->length, err))
		goto out;
	if ((journal->length > 0 || begin_file(journal, err)) && write_adopted(journal, err))
		return true;
out:
	close(journal->fd);
	journal->fd = -1;
	return false;
}

void
journal_rest(struct journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = -1;
	journal->size = journal->length;
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

void
journal_set_time(struct json *line, int64_t wall)
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
	journal_set_time(line, wall);
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

bool
journal_intent(struct journal *journal, const struct intent *intent, const struct json *before,
	       bool dry_run, int64_t wall, int64_t undoes, int64_t *id, struct err *err)
{
	struct json *line;

	if (!journal_ready(journal, err))
		return false;
	*id = journal->count == 0 ? 1 : journal->records[journal->count - 1].id + 1;
	line = intent_line(journal, intent, before, *id, wall);
	if (dry_run)
		json_set_bool(line, "dryRun", true);
	if (undoes != 0)
		json_set_integer(line, "undoes", undoes);
	if (!journal_append(journal, json_clone(line), err)) {
		json_free(line);
		return false;
	}
	/* Read back as a later start will read it, so that both see the same. */
	journal_take_line(journal, line);
	json_free(line);
	return true;
}

/* What a new object became is its body; of what was changed, the change is told by both sides. */
static bool
keeps_result(const struct journal_record *record, enum journal_end end)
{
	enum verb verb = record->intent.verb;

	return end == JOURNAL_DONE && !record->dry_run && !is_secret(&record->intent) &&
	       (verb == VERB_PATCH || (verb == VERB_APPLY && *record->before != '\0'));
}

static struct json *
outcome_line(const struct journal_record *record, enum journal_end end, int status,
	     const struct json *result, const char *error, int64_t latency, int64_t wall)
{
	struct json *line = json_new_object();
	const char *uid = json_string_at(result, "metadata.uid"),
		   *version = json_string_at(result, "metadata.resourceVersion");

	json_set_string(line, "type", "outcome");
	json_set_integer(line, "id", record->id);
	journal_set_time(line, wall);
	json_set_string(line, "end", journal_end_name(end));
	json_set_integer(line, "status", status);
	json_set_string(line, "uid", uid != NULL ? uid : "");
	json_set_string(line, "resourceVersion", version != NULL ? version : "");
	if (error != NULL && *error != '\0')
		json_set_string(line, "error", error);
	json_set_integer(line, "latencyNanoseconds", latency);
	if (result != NULL && keeps_result(record, end))
		json_set(line, "after", intent_sanitised(result));
	return line;
}

bool
journal_repeats(const struct journal_record *record)
{
	return record->end == JOURNAL_DONE && strcmp(record->error, JOURNAL_REPEATS) == 0;
}

static bool
write_adopted(struct journal *journal, struct err *err)
{
	for (size_t i = 0; i < journal->adopted; i++) {
		const struct journal_record *record = &journal->records[i];
		struct json *before = json_parse(record->before, strlen(record->before), NULL),
			    *line = intent_line(journal, &record->intent, before, record->id,
						record->wall);

		json_free(before);
		if (!journal_append(journal, line, err) ||
		    !journal_append(
			    journal,
			    outcome_line(record, JOURNAL_DONE, 0, NULL, "", 0, record->wall), err))
			return false;
	}
	journal->adopted = 0;
	return true;
}

void
journal_adopt(struct journal *journal, const struct intent *intent, const struct json *before,
	      int64_t wall)
{
	struct json *line = intent_line(journal, intent, before, (int64_t)journal->count + 1, wall);

	journal_take_line(journal, line);
	json_free(line);
	journal->records[journal->count - 1].end = JOURNAL_DONE;
	journal->adopted = journal->count;
}

enum journal_end
journal_end_seen(const struct intent *intent, enum intent_met met, bool there)
{
	if (met == INTENT_MET)
		return JOURNAL_DONE;
	if (intent->verb == VERB_DELETE)
		return met == INTENT_NOT_MET ? JOURNAL_NOT_SENT : JOURNAL_FAILED;
	return met == INTENT_NOT_MET && there ? JOURNAL_NOT_SENT : JOURNAL_UNKNOWN;
}

bool
journal_outcome(struct journal *journal, int64_t id, enum journal_end end, int status,
		const struct json *result, const char *error, int64_t latency, int64_t wall,
		struct err *err)
{
	struct json *line;

	if (journal_find(journal, id) == NULL)
		return err_set(err, ERR_SYSTEM, "The journal %s has no write %lld to end.",
			       journal->path, (long long)id);
	if (!journal_ready(journal, err))
		return false;
	line = outcome_line(journal_find(journal, id), end, status, result, error, latency, wall);
	if (!journal_append(journal, json_clone(line), err)) {
		json_free(line);
		return false;
	}
	journal_take_line(journal, line);
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
journal_examine(const char *path, struct journal_state *state, struct err *err)
{
	struct buf text;
	struct journal_scan scan = { 0 };
	bool fits;

	buf_init(&text, JOURNAL_MAX);
	fits = file_read(path, JOURNAL_MAX, &text, err) &&
	       journal_scan(&scan, path, text.bytes, text.length, err);
	*state = (struct journal_state){
		.lines = scan.lines,
		.bad = scan.bad,
		.torn = scan.torn,
	};
	buf_release(&text);
	return fits;
}

bool
journal_check(const char *path, struct err *err)
{
	struct journal_state state;

	return journal_examine(path, &state, err);
}
