/* The journals, as whoever has only their files reads them. A journal only grows, so that what was
 * read is not read again: a copy of the process begins where the first one was. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "tests/sim/sim_inside.h"

#define SUM_START ",\"sum\":\""

struct sim_note { /* a write that a journal tells of */
	int64_t id;
	char *what; /* "PATCH /apis/...", without the query */
	bool dry_run, ended, done, unknown;
};

bool
sim_journal_path(const struct sim *sim, int console, char *path, size_t size)
{
	const char *folder = sim->consoles[console].folder;
	char **names;
	size_t count;

	if (!file_is_folder(folder) || !file_list(folder, ".jsonl", &names, &count, NULL))
		return false;
	if (count > 0)
		snprintf(path, size, "%s/%s", folder, names[0]);
	file_list_free(names, count);
	return count > 0;
}

void
sim_journal_forget(struct sim *sim, int console)
{
	struct sim_journal *journal = &sim->consoles[console].journal;

	for (size_t i = 0; i < journal->count; i++)
		free(journal->notes[i].what);
	free(journal->notes);
	json_free(journal->last);
	*journal = (struct sim_journal){ 0 };
}

/* The request it is. */
static char *
what_of(const struct json *write)
{
	static const struct {
		const char *verb, *method;
		bool named;
	} requests[] = { { "create", "POST", false },
			 { "apply", "PATCH", true },
			 { "patch", "PATCH", true },
			 { "delete", "DELETE", true } };
	const char *verb = json_string_at(write, "verb"), *ns = json_string_at(write, "namespace"),
		   *group = json_string_at(write, "group"), *name = json_string_at(write, "name");
	char text[1000];

	snprintf(text, sizeof text, "RUN /helm/releases/%s/%s/%s", verb, ns, name);
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
		if (text_equal(requests[i].verb, verb))
			snprintf(text, sizeof text, "%s /api%s%s/%s%s%s/%s%s%s", requests[i].method,
				 *group != '\0' ? "s/" : "", group,
				 json_string_at(write, "version"),
				 *ns != '\0' ? "/namespaces/" : "", ns,
				 json_string_at(write, "resource"), requests[i].named ? "/" : "",
				 requests[i].named ? name : "");
	return die_strdup(text);
}

static void
add_note(struct sim_journal *journal, const struct json *line)
{
	journal->notes = die_realloc(journal->notes, (journal->count + 1) * sizeof *journal->notes);
	journal->notes[journal->count++] =
		(struct sim_note){ .id = json_integer_at(line, "id", 0),
				   .what = what_of(json_get(line, "write")),
				   .dry_run = json_bool_at(line, "dryRun", false) };
}

static void
end_note(struct sim_journal *journal, const struct json *line)
{
	const char *end = json_string_at(line, "end");
	int64_t id = json_integer_at(line, "id", 0);

	for (size_t i = journal->count; i > 0; i--)
		if (journal->notes[i - 1].id == id) {
			journal->notes[i - 1].ended = true;
			journal->notes[i - 1].done = text_equal(end, "done");
			journal->notes[i - 1].unknown = text_equal(end, "unknown");
			return;
		}
}

/* What of a line decides how another start goes on. */
static uint64_t
line_print(const struct json *line, uint64_t print)
{
	static const char *const words[] = { "type",
					     "end",
					     "write.verb",
					     "write.step",
					     "write.group",
					     "write.resource",
					     "write.namespace",
					     "write.name" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *word = json_string_at(line, words[i]);

		for (const char *c = word != NULL ? word : ""; *c != '\0'; c++)
			print = (print ^ (unsigned char)*c) * UINT64_C(1099511628211);
		print = (print ^ 0x100) * UINT64_C(1099511628211);
	}
	print ^= (uint64_t)json_integer_at(line, "id", 0) << 2;
	print ^= json_bool_at(line, "write.undo", false) ? 1 : 0;
	print ^= json_get(line, "before") != NULL ? 2 : 0;
	return print * UINT64_C(1099511628211);
}

/* Each line ends with the checksum of what stands before it, the one of the line above included. */
static bool
fits(struct sim_journal *journal, const struct json *line, const char *text, size_t length)
{
	const size_t tail = strlen(SUM_START) + SHA256_HEX - 1 + strlen("\"}");
	char sum[SHA256_HEX];

	if (line == NULL || length <= tail)
		return false;
	sha256_hex(text, length - tail, sum);
	if (!text_equal(json_string_at(line, "prev"), journal->sum) ||
	    !text_equal(json_string_at(line, "sum"), sum))
		return false;
	memcpy(journal->sum, sum, sizeof sum);
	return true;
}

static void
take_line(struct sim *sim, struct sim_journal *journal, const char *text, size_t length)
{
	struct json *line = json_parse(text, length, NULL);
	const char *type = json_string_at(line, "type");

	sim->checks++;
	if (!fits(journal, line, text, length))
		sim_say_wrong(sim, "the journal is damaged: %.*s", (int)length, text);
	journal->print = line_print(line, journal->print);
	if (text_equal(type, "intent"))
		add_note(journal, line);
	else if (text_equal(type, "outcome"))
		end_note(journal, line);
	json_free(journal->last);
	journal->last = line;
}

/* Whole lines that were added since. */
static struct sim_journal *
read_on(struct sim *sim, int console)
{
	struct sim_journal *journal = &sim->consoles[console].journal;
	char path[400], *line = NULL;
	size_t room = 0;
	ssize_t got;
	FILE *file = sim_journal_path(sim, console, path, sizeof path) ? fopen(path, "re") : NULL;

	if (file == NULL)
		return journal;
	fseek(file, (long)journal->read, SEEK_SET);
	while ((got = getline(&line, &room, file)) > 0 && line[got - 1] == '\n') {
		take_line(sim, journal, line, (size_t)got - 1);
		journal->read += (size_t)got;
	}
	free(line);
	fclose(file);
	return journal;
}

uint64_t
sim_journal_print(struct sim *sim, int console)
{
	return read_on(sim, console)->print;
}

const struct json *
sim_journal_last(struct sim *sim, int console)
{
	return read_on(sim, console)->last;
}

bool
sim_journal_is_open(struct sim *sim, int console)
{
	const struct sim_journal *journal = read_on(sim, console);

	for (size_t i = 0; i < journal->count; i++)
		if (!journal->notes[i].ended)
			return true;
	return false;
}

/* Done, or where somebody else may have taken away what would tell, that nobody knows. */
static bool
may_be_done(const struct sim *sim, int console, const struct sim_note *note)
{
	bool alone = !sim->strangers;

	for (int i = 0; i < SIM_CONSOLES; i++)
		alone = alone && (i == console || !sim_has_written(sim, i));
	return !note->dry_run && (note->done || (!alone && note->unknown));
}

static void
check_executed(struct sim *sim, int console, const struct sim_journal *journal)
{
	for (size_t i = 0; i < sim->executed_count; i++) {
		const struct sim_executed *executed = &sim->executed[i];
		size_t at = 0;

		if (executed->console != console || executed->lost)
			continue;
		while (at < journal->count &&
		       !(may_be_done(sim, console, &journal->notes[at]) &&
			 text_equal(journal->notes[at].what, executed->what)))
			at++;
		sim->checks++;
		if (at == journal->count)
			sim_say_wrong(sim, "the journal does not say that it was done: %s",
				      executed->what);
	}
}

void
sim_check_journal(struct sim *sim, int console)
{
	const struct sim_journal *journal = read_on(sim, console);

	for (size_t i = 0; i < journal->count; i++) {
		sim->checks++;
		if (!journal->notes[i].ended)
			sim_say_wrong(sim, "the journal does not say how it ended: %s",
				      journal->notes[i].what);
	}
	if (journal->read > 0)
		check_executed(sim, console, journal);
}
