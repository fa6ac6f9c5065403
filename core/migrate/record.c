#include "core/migrate/record.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/die.h"
#include "core/base/text.h"
#include "core/migrate/kubectl.h"
#include "core/migrate/say.h"

const char *
record_line(const struct journal_record *record, struct arena *arena)
{
	static const char *const ends[] = {
		[JOURNAL_OPEN] = "no answer yet",
		[JOURNAL_DONE] = "",
		[JOURNAL_FAILED] = "failed",
		[JOURNAL_NOT_SENT] = "not sent",
		[JOURNAL_UNKNOWN] = "not known whether done",
	};
	const struct intent *intent = &record->intent;
	struct buf text;
	const char *copy;

	buf_init(&text, 16 * BUF_KIB);
	buf_printf(&text, "%s%s%s: %s ", intent->undo ? "undo " : "",
		   intent->step < STEP_COUNT ? step_name(intent->step) : "",
		   record->dry_run ? " (dry run)" : "", verb_name(intent->verb));
	text_clean(&text, intent->title, strlen(intent->title));
	if (*intent->summary != '\0') {
		buf_puts(&text, ": ");
		text_clean_joined(&text, intent->summary);
	}
	if (record->end == JOURNAL_DONE)
		buf_printf(&text, ", %lld ms", (long long)(record->latency / MILLISECOND));
	else
		buf_printf(&text, ", %s%s%s", ends[record->end], *record->error != '\0' ? ": " : "",
			   record->error);
	copy = arena_string(arena, text.bytes);
	buf_release(&text);
	return copy;
}

/* Without the two lines that name it: it stands under the title of its write. */
static const char *
body_of(const char *diff)
{
	for (int i = 0; i < 2 && (text_starts(diff, "--- ") || text_starts(diff, "+++ ")); i++) {
		diff += strcspn(diff, "\n");
		diff += *diff == '\n';
	}
	return diff;
}

static const char *
diff_of(const struct journal_record *from, struct arena *arena)
{
	const struct intent *intent = &from->intent;
	bool made = intent->verb == VERB_CREATE ||
		    (intent->verb == VERB_APPLY && *from->before == '\0');
	const char *result = *from->after != '\0' ? from->after : made ? intent->body : "";
	struct json *before, *after;
	const char *diff = "";

	if (intent->verb != VERB_DELETE && *result == '\0')
		return "";
	before = made ? NULL : json_parse(from->before, strlen(from->before), NULL);
	after = intent->verb == VERB_DELETE ? NULL : json_parse(result, strlen(result), NULL);
	if (before != NULL || after != NULL)
		diff = body_of(intent_diff(intent, before, after, arena));
	json_free(before);
	json_free(after);
	return diff;
}

static bool
same_object(const struct intent *a, const struct intent *b)
{
	return text_equal(a->resource, b->resource) && text_equal(a->group, b->group) &&
	       text_equal(a->ns, b->ns) && text_equal(a->name, b->name);
}

static bool
is_done(const struct journal_record *record)
{
	return record->end == JOURNAL_DONE && !record->dry_run;
}

static bool
stands(const struct journal_record *records, size_t count, size_t at)
{
	const struct intent *intent = &records[at].intent;

	if (!is_done(&records[at]) || intent->undo)
		return false;
	for (size_t i = at + 1; i < count; i++)
		if (is_done(&records[i]) && records[i].intent.undo &&
		    records[i].intent.step == intent->step &&
		    text_equal(records[i].intent.pair, intent->pair) &&
		    same_object(&records[i].intent, intent))
			return false;
	return true;
}

static struct record_write
write_of(const struct journal *journal, const struct journal_record *from, bool whole,
	 struct arena *arena)
{
	const struct intent *intent = &from->intent;

	return (struct record_write){
		.id = from->id,
		.undoes = from->undoes,
		.wall = from->wall,
		.latency = from->latency,
		.end = from->end,
		.status = from->status,
		.step = intent->step,
		.pair = say_lines(arena, intent->pair),
		.verb = verb_name(intent->verb),
		.title = say_lines(arena, intent->title),
		.summary = say_lines(arena, intent->summary),
		.error = say_lines(arena, from->error),
		.user = say_lines(arena, from->user),
		.reason = say_lines(arena, from->reason),
		.line = record_line(from, arena),
		.diff = whole ? diff_of(from, arena) : "",
		.kubectl = kubectl_command(intent, from->context, arena),
		.undo = intent->undo,
		.dry_run = from->dry_run,
		.undone = journal_undone(journal, from),
	};
}

static void
add_writes(struct record *record, const struct journal *journal, bool whole)
{
	size_t count;
	const struct journal_record *records = journal_records(journal, &count);
	struct record_write *writes = arena_array(&record->arena, count + 1, sizeof(*writes));

	for (size_t i = 0; i < count; i++) {
		writes[i] = write_of(journal, &records[i], whole, &record->arena);
		writes[i].stands = stands(records, count, i);
	}
	record->writes = writes;
	record->write_count = count;
}

static struct loss
clean_loss(const struct loss *from, struct arena *arena)
{
	return (struct loss){
		.object = say_lines(arena, from->object),
		.field = say_lines(arena, from->field),
		.value = say_lines(arena, from->value),
		.why = say_lines(arena, from->why),
		.instead = say_lines(arena, from->instead),
		.yaml = say_lines(arena, from->yaml),
		.carried = from->carried,
	};
}

/* What an early run knew is gone from the cluster when a later one begins. */
static void
add_losses(struct record *record)
{
	struct loss *losses;
	size_t most = 0, count = 0;

	for (size_t i = 0; i < record->run_count; i++)
		most += record->runs[i].loss_count;
	losses = arena_array(&record->arena, most + 1, sizeof(*losses));
	for (size_t i = 0; i < record->run_count; i++)
		for (size_t k = 0; k < record->runs[i].loss_count; k++) {
			const struct loss *loss = &record->runs[i].losses[k];
			size_t at = 0;

			while (at < count && (!text_equal(losses[at].object, loss->object) ||
					      !text_equal(losses[at].field, loss->field)))
				at++;
			losses[at] = *loss;
			count += at == count;
		}
	record->losses = losses;
	record->loss_count = count;
}

static void
add_runs(struct record *record, const struct journal *journal)
{
	struct arena *arena = &record->arena;
	const struct journal_run *from = journal_runs(journal, &record->run_count);
	struct journal_run *runs = arena_array(arena, record->run_count + 1, sizeof(*runs));

	for (size_t i = 0; i < record->run_count; i++) {
		struct loss *losses = arena_array(arena, from[i].loss_count + 1, sizeof(*losses));

		for (size_t k = 0; k < from[i].loss_count; k++)
			losses[k] = clean_loss(&from[i].losses[k], arena);
		runs[i] = (struct journal_run){
			.wall = from[i].wall,
			.program = say_lines(arena, from[i].program),
			.server_version = say_lines(arena, from[i].server_version),
			.procedure = say_lines(arena, from[i].procedure),
			.user = say_lines(arena, from[i].user),
			.context = say_lines(arena, from[i].context),
			.server = say_lines(arena, from[i].server),
			.reason = say_lines(arena, from[i].reason),
			.losses = losses,
			.loss_count = from[i].loss_count,
		};
	}
	record->runs = runs;
	add_losses(record);
}

static void
add_checks(struct record *record, const struct journal *journal)
{
	struct arena *arena = &record->arena;
	const struct verification *from = journal_checks(journal, &record->check_count);
	struct verification *list = arena_array(arena, record->check_count + 1, sizeof(*list));

	for (size_t i = 0; i < record->check_count; i++) {
		struct check *checks = arena_array(arena, from[i].check_count + 1, sizeof(*checks));

		for (size_t k = 0; k < from[i].check_count; k++)
			checks[k] = (struct check){
				.name = say_lines(arena, from[i].checks[k].name),
				.object = say_lines(arena, from[i].checks[k].object),
				.ok = from[i].checks[k].ok,
				.detail = say_lines(arena, from[i].checks[k].detail),
			};
		list[i] = from[i];
		list[i].pair = say_lines(arena, from[i].pair);
		list[i].checks = checks;
		list[i].probe.url = say_lines(arena, from[i].probe.url);
		list[i].probe.served_by = say_lines(arena, from[i].probe.served_by);
		list[i].probe.error = say_lines(arena, from[i].probe.error);
	}
	record->checks = list;
}

/* From the first detach to the first 200 after the attach. */
static void
find_downtime(struct record *record)
{
	struct downtime *downtime = &record->downtime;
	int64_t attached = 0;

	for (size_t i = 0; i < record->write_count; i++) {
		const struct record_write *write = &record->writes[i];

		if (write->end != JOURNAL_DONE || write->dry_run)
			continue;
		if (write->step == STEP_DETACH && write->undo)
			downtime->began = attached = 0;
		else if (write->step == STEP_DETACH && downtime->began == 0)
			downtime->began = write->wall;
		else if (write->step == STEP_ATTACH)
			attached = write->undo ? 0 : write->wall;
	}
	for (size_t i = 0; downtime->began != 0 && attached != 0 && i < record->check_count; i++)
		if (downtime->ended == 0 && record->checks[i].probed &&
		    record->checks[i].probe.status == 200 && record->checks[i].wall >= attached)
			downtime->ended = record->checks[i].wall;
}

struct record *
record_new(const char *path, enum record_depth depth)
{
	struct record *record = die_alloc(sizeof(*record));
	struct err err = { .code = ERR_NONE };
	struct journal *journal = journal_read(path, &err);

	arena_init(&record->arena);
	record->path = say_lines(&record->arena, path);
	record->damage = record->torn = record->context = record->server = record->cluster = "";
	record->known = err.code != ERR_MISSING;
	if (record->known && err.code != ERR_NONE)
		record->damage = say_lines(&record->arena, err.text);
	if (journal == NULL)
		return record;
	record->torn = say_lines(&record->arena, journal_note(journal));
	record->context = say_lines(&record->arena, journal_whose(journal)->context);
	record->server = say_lines(&record->arena, journal_whose(journal)->server);
	record->cluster = say_lines(&record->arena, journal_whose(journal)->cluster);
	add_runs(record, journal);
	add_checks(record, journal);
	add_writes(record, journal, depth == RECORD_WHOLE);
	if (depth == RECORD_WHOLE)
		record->shares = record_shares(journal, &record->arena, &record->share_count);
	find_downtime(record);
	journal_close(journal);
	return record;
}

void
record_free(struct record *record)
{
	if (record == NULL)
		return;
	arena_release(&record->arena);
	free(record);
}
