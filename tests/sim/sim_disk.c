/* The disk under the journals: how it gets full, and what stands in them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/file.h"
#include "core/demo/inside.h"
#include "core/migrate/journal.h"
#include "core/migrate/release.h"
#include "tests/sim/sim_inside.h"

#define FULL_FOR (5 * SECOND)
#define TORN     10 /* bytes that still fit */

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

static void
limit(rlim_t bytes)
{
	struct rlimit now;

	getrlimit(RLIMIT_FSIZE, &now);
	now.rlim_cur = bytes > now.rlim_max ? now.rlim_max : bytes;
	setrlimit(RLIMIT_FSIZE, &now);
}

/* A line no longer fits whole: from here on every append ends in the middle. */
void
sim_fill_disk(struct sim *sim, int console)
{
	struct file_stamp stamp;
	char path[400];

	if (sim_journal_path(sim, console, path, sizeof path) && file_stamp(path, &stamp))
		limit((rlim_t)stamp.size + TORN);
	sim->full_until = sim->mono + FULL_FOR;
}

void
sim_make_room(struct sim *sim)
{
	limit(RLIM_INFINITY);
	sim->full_until = 0;
}

/* The last whole line, parsed; NULL when there is none. */
struct json *
sim_journal_last(const struct sim *sim, int console)
{
	struct buf text;
	struct json *line = NULL;
	char path[400];

	buf_init(&text, 64 * BUF_MIB);
	if (sim_journal_path(sim, console, path, sizeof path) &&
	    file_read(path, 64 * BUF_MIB, &text, NULL) && text.length > 1 &&
	    text.bytes[text.length - 1] == '\n') {
		const char *at = text.bytes + text.length - 1;
		while (at > text.bytes && at[-1] != '\n')
			at--;
		line = json_parse(at, strlen(at) - 1, NULL);
	}
	buf_release(&text);
	return line;
}

static struct journal *
open_journal(const struct sim *sim, int console)
{
	const struct store_object *home =
		store_get(sim->demo->store, "", "namespaces", "", "kube-system");
	const struct journal_where where = {
		.state_folder = sim->consoles[console].folder,
		.context = "demo",
		.server = "http://127.0.0.1",
		.cluster = home != NULL ? home->uid : "",
		.user = "admin",
		.reason = "",
	};

	return journal_open(&where, NULL);
}

/* Done, or where somebody else may have taken away what would tell, that nobody knows. */
static bool
may_be_done(const struct sim *sim, int console, const struct journal_record *record)
{
	bool alone = !sim->strangers;

	for (int i = 0; i < SIM_CONSOLES; i++)
		alone = alone && (i == console || !sim_has_written(sim, i));
	return !record->dry_run &&
	       (record->end == JOURNAL_DONE || (!alone && record->end == JOURNAL_UNKNOWN));
}

static bool
is_write_of(const struct journal_record *record, const char *what)
{
	static const char *const methods[] = { [VERB_CREATE] = "POST",
					       [VERB_APPLY] = "PATCH",
					       [VERB_PATCH] = "PATCH",
					       [VERB_DELETE] = "DELETE" };
	const struct intent *intent = &record->intent;
	char text[1000];

	if (release_is(intent)) {
		snprintf(text, sizeof text, "RUN /helm/releases/%s/%s/%s", verb_name(intent->verb),
			 intent->ns, intent->name);
		return strcmp(text, what) == 0;
	}
	snprintf(text, sizeof text, "%s /api%s%s/%s%s%s/%s%s%s", methods[intent->verb],
		 *intent->group != '\0' ? "s/" : "", intent->group, intent->version,
		 *intent->ns != '\0' ? "/namespaces/" : "", intent->ns, intent->resource,
		 intent->verb != VERB_CREATE ? "/" : "",
		 intent->verb != VERB_CREATE ? intent->name : "");
	return strcmp(text, what) == 0;
}

static void
check_executed(struct sim *sim, int console, const struct journal_record *records, size_t count)
{
	for (size_t i = 0; i < sim->executed_count; i++) {
		const struct sim_executed *executed = &sim->executed[i];
		size_t at = 0;

		if (executed->console != console || executed->lost)
			continue;
		while (at < count && !(may_be_done(sim, console, &records[at]) &&
				       is_write_of(&records[at], executed->what)))
			at++;
		sim->checks++;
		if (at == count)
			sim_say_wrong(sim, "the journal does not say that it was done: %s",
				      executed->what);
	}
}

void
sim_check_journal(struct sim *sim, int console)
{
	struct err err = { .code = ERR_NONE };
	struct journal *journal;
	char path[400];
	size_t count;

	if (!sim_journal_path(sim, console, path, sizeof path))
		return;
	sim->checks++;
	if (!journal_check(path, &err))
		sim_say_wrong(sim, "the journal is damaged: %s", err.text);
	journal = open_journal(sim, console);
	if (journal == NULL)
		return;
	const struct journal_record *records = journal_records(journal, &count);
	for (size_t i = 0; i < count; i++) {
		sim->checks++;
		if (records[i].end == JOURNAL_OPEN)
			sim_say_wrong(sim, "the journal does not say how it ended: %s %s",
				      verb_name(records[i].intent.verb), records[i].intent.title);
	}
	check_executed(sim, console, records, count);
	journal_close(journal);
}

bool
sim_journal_is_open(const struct sim *sim, int console)
{
	struct journal *journal;
	size_t count = 0;
	char path[400];
	bool open = false;

	if (!sim_journal_path(sim, console, path, sizeof path))
		return false;
	journal = journal_read(path, NULL); /* its owner may have it open */
	if (journal == NULL)
		return false;
	const struct journal_record *records = journal_records(journal, &count);
	for (size_t i = 0; i < count && !open; i++)
		open = records[i].end == JOURNAL_OPEN;
	journal_close(journal);
	return open;
}

/* What of a journal decides how another start goes on. */
uint64_t
sim_journal_print(struct sim *sim, int console, uint64_t print)
{
	struct journal *journal = open_journal(sim, console);
	size_t count = 0;

	if (journal == NULL)
		return print;
	const struct journal_record *records = journal_records(journal, &count);
	for (size_t i = 0; i < count; i++) {
		const struct intent *intent = &records[i].intent;
		char text[1000];

		snprintf(text, sizeof text, "%d %d %d %d %s %s %s %s %d", intent->verb,
			 records[i].end, intent->step, intent->undo, intent->group,
			 intent->resource, intent->ns, intent->name, *records[i].before != '\0');
		for (const char *c = text; *c != '\0'; c++)
			print = (print ^ (unsigned char)*c) * UINT64_C(1099511628211);
	}
	journal_close(journal);
	return print;
}
