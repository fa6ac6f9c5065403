/* The lines of the journal that are no writes: what the change record needs and the cluster
 * forgets.
 */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/die.h"
#include "core/migrate/journal_inside.h"

static void
set_given(struct json *json, const char *key, const char *text)
{
	if (text != NULL && *text != '\0')
		json_set_string(json, key, text);
}

static void
add_loss(struct json *losses, const struct loss *loss)
{
	struct json *item = json_append(losses, json_new_object());

	json_set_string(item, "object", loss->object);
	json_set_string(item, "field", loss->field);
	json_set_string(item, "value", loss->value);
	json_set_string(item, "why", loss->why);
	json_set_string(item, "instead", loss->instead);
	set_given(item, "yaml", loss->yaml);
	if (loss->carried)
		json_set_bool(item, "carried", true);
}

bool
journal_output(struct journal *journal, int64_t id, const char *output, int64_t wall,
	       struct err *err)
{
	struct json *line;

	if (!journal_ready(journal, err))
		return false;
	line = json_new_object();
	json_set_string(line, "type", "output");
	json_set_integer(line, "id", id);
	journal_set_time(line, wall);
	json_set_string(line, "text", output);
	journal_take_line(journal, line);
	return journal_append(journal, line, err);
}

bool
journal_note_run(struct journal *journal, const struct journal_run *run, struct err *err)
{
	const struct journal_where *where = &journal->where;
	struct json *line, *losses;

	if (!journal_ready(journal, err))
		return false;
	line = json_new_object();
	json_set_string(line, "type", "run");
	journal_set_time(line, run->wall);
	json_set_string(line, "program", run->program);
	json_set_string(line, "mark", run->mark);
	json_set_string(line, "serverVersion", run->server_version);
	json_set_string(line, "procedure", run->procedure);
	json_set_string(line, "user", where->user);
	json_set_string(line, "context", where->context);
	json_set_string(line, "server", where->server);
	set_given(line, "reason", where->reason);
	losses = json_set_array(line, "losses");
	for (size_t i = 0; i < run->loss_count; i++)
		add_loss(losses, &run->losses[i]);
	return journal_append(journal, line, err);
}

static struct json *
checks_line(const struct verification *verification)
{
	struct json *line = json_new_object(), *checks;
	const struct probe_view *probe = &verification->probe;

	json_set_string(line, "type", "checks");
	journal_set_time(line, verification->wall);
	json_set_string(line, "pair", verification->pair);
	json_set_bool(line, "ok", verification->ok);
	checks = json_set_array(line, "checks");
	for (size_t i = 0; i < verification->check_count; i++) {
		const struct check *check = &verification->checks[i];
		struct json *item = json_append(checks, json_new_object());

		json_set_string(item, "name", check->name);
		json_set_string(item, "object", check->object);
		json_set_bool(item, "ok", check->ok);
		json_set_string(item, "detail", check->detail);
	}
	if (verification->probed) {
		struct json *item = json_set_object(line, "probe");

		json_set_string(item, "url", probe->url);
		json_set_integer(item, "status", probe->status);
		json_set_integer(item, "milliseconds", probe->latency / MILLISECOND);
		set_given(item, "servedBy", probe->served_by);
		set_given(item, "error", probe->error);
	}
	return line;
}

bool
journal_note_checks(struct journal *journal, const struct verification *verification,
		    struct err *err)
{
	bool held = journal->fd >= 0, noted;

	if (journal->count == 0)
		return true;
	noted = journal_ready(journal, err) &&
		journal_append(journal, checks_line(verification), err);
	if (!held)
		journal_rest(journal);
	return noted;
}

static void
take_losses(struct journal *journal, const struct json *list, struct journal_run *run)
{
	size_t count = json_count(list);
	struct loss *losses = arena_array(&journal->arena, count + 1, sizeof(*losses));
	const struct json *item = json_first(list);

	for (size_t i = 0; i < count; i++, item = json_next(item))
		losses[i] = (struct loss){
			.object = journal_keep_at(journal, item, "object"),
			.field = journal_keep_at(journal, item, "field"),
			.value = journal_keep_at(journal, item, "value"),
			.why = journal_keep_at(journal, item, "why"),
			.instead = journal_keep_at(journal, item, "instead"),
			.yaml = journal_keep_at(journal, item, "yaml"),
			.carried = json_bool_at(item, "carried", false),
		};
	run->losses = losses;
	run->loss_count = count;
}

static void
take_run(struct journal *journal, const struct json *line)
{
	struct journal_run *run;

	if (journal->run_count == journal->run_room) {
		journal->run_room = journal->run_room == 0 ? 8 : journal->run_room * 2;
		journal->runs =
			die_realloc(journal->runs, journal->run_room * sizeof(*journal->runs));
	}
	run = &journal->runs[journal->run_count++];
	*run = (struct journal_run){
		.wall = journal_time(line),
		.program = journal_keep_at(journal, line, "program"),
		.mark = journal_keep_at(journal, line, "mark"),
		.server_version = journal_keep_at(journal, line, "serverVersion"),
		.procedure = journal_keep_at(journal, line, "procedure"),
		.user = journal_keep_at(journal, line, "user"),
		.context = journal_keep_at(journal, line, "context"),
		.server = journal_keep_at(journal, line, "server"),
		.reason = journal_keep_at(journal, line, "reason"),
	};
	if (journal->reading)
		take_losses(journal, json_get(line, "losses"), run);
}

static const struct check *
take_check_list(struct journal *journal, const struct json *list)
{
	size_t count = json_count(list);
	struct check *checks = arena_array(&journal->arena, count + 1, sizeof(*checks));
	const struct json *item = json_first(list);

	for (size_t i = 0; i < count; i++, item = json_next(item))
		checks[i] = (struct check){
			.name = journal_keep_at(journal, item, "name"),
			.object = journal_keep_at(journal, item, "object"),
			.ok = json_bool_at(item, "ok", false),
			.detail = journal_keep_at(journal, item, "detail"),
		};
	return checks;
}

static void
take_checks(struct journal *journal, const struct json *line)
{
	const struct json *probe = json_get(line, "probe");

	if (journal->check_count == journal->check_room) {
		journal->check_room = journal->check_room == 0 ? 8 : journal->check_room * 2;
		journal->checks = die_realloc(journal->checks,
					      journal->check_room * sizeof(*journal->checks));
	}
	journal->checks[journal->check_count++] = (struct verification){
		.ran = true,
		.ok = json_bool_at(line, "ok", false),
		.wall = journal_time(line),
		.pair = journal_keep_at(journal, line, "pair"),
		.checks = take_check_list(journal, json_get(line, "checks")),
		.check_count = json_count(json_get(line, "checks")),
		.probed = probe != NULL,
		.probe = {
			.url = journal_keep_at(journal, probe, "url"),
			.status = (int)json_integer_at(probe, "status", 0),
			.latency = json_integer_at(probe, "milliseconds", 0) * MILLISECOND,
			.served_by = journal_keep_at(journal, probe, "servedBy"),
			.error = journal_keep_at(journal, probe, "error"),
		},
	};
}

/* The line that begins a file says whose it is. */
static void
take_head(struct journal *journal, const struct json *line)
{
	journal->where.context = journal_keep_at(journal, line, "context");
	journal->where.server = journal_keep_at(journal, line, "server");
	journal->where.cluster = journal_keep_at(journal, line, "cluster");
}

void
journal_take_note(struct journal *journal, const char *type, const struct json *line)
{
	static const struct {
		const char *type;
		void (*take)(struct journal *journal, const struct json *line);
	} notes[] = {
		{ "journal", take_head },
		{ "run", take_run },
		{ "checks", take_checks },
	};

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if (strcmp(notes[i].type, type) == 0)
			notes[i].take(journal, line);
}

const struct journal_where *
journal_whose(const struct journal *journal)
{
	return &journal->where;
}

const struct journal_run *
journal_runs(const struct journal *journal, size_t *count)
{
	*count = journal->run_count;
	return journal->runs;
}

bool
journal_ran(const struct journal *journal, const char *mark)
{
	for (size_t i = 0; i < journal->run_count; i++)
		if (*mark != '\0' && strcmp(journal->runs[i].mark, mark) == 0)
			return true;
	return false;
}

const struct verification *
journal_checks(const struct journal *journal, size_t *count)
{
	*count = journal->check_count;
	return journal->checks;
}
