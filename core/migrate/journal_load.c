/* Reading the journal: lines into records. */
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/die.h"
#include "core/base/file.h"
#include "core/migrate/journal_inside.h"

static const char *const end_names[] = {
	[JOURNAL_OPEN] = "open",        [JOURNAL_DONE] = "done",       [JOURNAL_FAILED] = "failed",
	[JOURNAL_NOT_SENT] = "notSent", [JOURNAL_UNKNOWN] = "unknown",
};

const char *
journal_keep(struct journal *journal, const char *text)
{
	return text == NULL || *text == '\0' ? "" : arena_string(&journal->arena, text);
}

const char *
journal_keep_at(struct journal *journal, const struct json *json, const char *path)
{
	return journal_keep(journal, json_string_at(json, path));
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
		return journal_keep(journal, json_string(value));
	text = json_text(value);
	kept = journal_keep(journal, text);
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

struct journal_record *
journal_find(const struct journal *journal, int64_t id)
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
		.group = journal_keep_at(journal, write, "group"),
		.version = journal_keep_at(journal, write, "version"),
		.resource = journal_keep_at(journal, write, "resource"),
		.ns = journal_keep_at(journal, write, "namespace"),
		.name = journal_keep_at(journal, write, "name"),
		.uid = journal_keep_at(journal, write, "uid"),
		.version_seen = journal_keep_at(journal, write, "resourceVersion"),
		.body = keep_value(journal, json_get(write, "body")),
		.force = json_bool_at(write, "force", false),
		.step = step_by_name(step != NULL ? step : ""),
		.pair = journal_keep_at(journal, write, "pair"),
		.undo = json_bool_at(write, "undo", false),
		.title = journal_keep_at(journal, write, "title"),
		.summary = journal_keep_at(journal, write, "summary"),
	};
	intent.kind = kind_of(intent.group, intent.resource);
	return intent;
}

int64_t
journal_time(const struct json *line)
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
		.wall = journal_time(line),
		.intent = read_write(journal, json_get(line, "write")),
		.before = keep_value(journal, json_get(line, "before")),
		.before_version = journal_keep_at(journal, line, "beforeVersion"),
		.result_uid = "",
		.result_version = "",
		.error = "",
		.output = "",
		.after = "",
		.dry_run = json_bool_at(line, "dryRun", false),
		.user = journal_keep_at(journal, line, "user"),
		.reason = journal_keep_at(journal, line, "reason"),
		.context = journal_keep_at(journal, line, "context"),
		.undoes = json_integer_at(line, "undoes", 0),
	};
}

const char *
journal_end_name(enum journal_end end)
{
	return end_names[end];
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
	struct journal_record *record = journal_find(journal, json_integer_at(line, "id", 0));

	if (record == NULL)
		return;
	record->end = end_by_name(json_string_at(line, "end"));
	record->status = (int)json_integer_at(line, "status", 0);
	record->result_uid = journal_keep_at(journal, line, "uid");
	record->result_version = journal_keep_at(journal, line, "resourceVersion");
	record->error = journal_keep_at(journal, line, "error");
	record->latency = json_integer_at(line, "latencyNanoseconds", 0);
	record->ended = journal_time(line);
	if (journal->reading)
		record->after = keep_value(journal, json_get(line, "after"));
}

static void
read_output(struct journal *journal, const struct json *line)
{
	struct journal_record *record = journal_find(journal, json_integer_at(line, "id", 0));

	if (record != NULL)
		record->output = journal_keep_at(journal, line, "text");
}

void
journal_take_line(void *self, const struct json *line)
{
	struct journal *journal = self;
	const char *type = json_string_at(line, "type");

	if (type == NULL)
		return;
	if (strcmp(type, "intent") == 0)
		read_intent(journal, line);
	else if (strcmp(type, "outcome") == 0)
		read_outcome(journal, line);
	else if (strcmp(type, "output") == 0)
		read_output(journal, line);
	else if (journal->reading || strcmp(type, "run") == 0)
		journal_take_note(journal, type, line);
}

bool
journal_load(struct journal *journal, struct err *err)
{
	struct buf text;
	struct journal_scan scan = { .self = journal,
				     .take = journal_take_line,
				     .on = journal->reading };
	struct err missing = { 0 };
	bool whole = true;

	journal->count = journal->adopted = 0;
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
