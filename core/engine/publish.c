#include "core/engine/publish.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/engine/book.h"
#include "core/engine/choices.h"
#include "core/engine/derive.h"
#include "core/engine/door.h"
#include "core/engine/events.h"
#include "core/engine/inspect.h"
#include "core/engine/link.h"
#include "core/engine/outbox.h"
#include "core/engine/outcome.h"
#include "core/engine/preflight.h"
#include "core/engine/run.h"
#include "core/engine/tenure.h"
#include "core/engine/views.h"
#include "core/migrate/kubectl.h"
#include "core/migrate/record.h"

#define GAP_LEAST  (25 * MILLISECOND) /* 40 a second is more than anybody sees */
#define GAP_COST   4                  /* at most a fifth of the time goes into copies */
#define GAP_MOST   (50 * MILLISECOND) /* and the copy, and the drawing: 100 ms (UX §5) */
#define BEAT_SMALL (1 * SECOND)       /* the age of what is shown, when nothing else happens */
#define BEAT_LARGE (5 * SECOND)
#define LARGE      1000 /* objects */

/* The kinds no screen lists: they are the engine's own business. */
static const bool kept_back[KIND_COUNT] = {
	[KIND_POD] = true,
	[KIND_SERVICE_ACCOUNT] = true,
	[KIND_CONFIG_MAP] = true,
	[KIND_ROLE] = true,
	[KIND_ROLE_BINDING] = true,
	[KIND_CLUSTER_ROLE] = true,
	[KIND_CLUSTER_ROLE_BINDING] = true,
};

/* A record as a person reads it. Rendering one costs more than the rest of a snapshot, and only an
 * outcome changes it: it is kept. */
struct written {
	int64_t id; /* of the record; 0: none */
	enum journal_end end;
	char *text, *kubectl;
};

struct publish {
	struct written written[JOURNAL_LINES]; /* by id */
	int64_t number;
	int64_t last, gap; /* mono ns */
	uint64_t seen;     /* what the last one showed, as one number */
	int64_t urgent;
	size_t objects;
};

struct publish *
publish_new(void)
{
	struct publish *publish = die_alloc(sizeof *publish);

	publish->last = -GAP_MOST;
	return publish;
}

void
publish_free(struct publish *publish)
{
	for (size_t i = 0; publish != NULL && i < JOURNAL_LINES; i++) {
		free(publish->written[i].text);
		free(publish->written[i].kubectl);
	}
	free(publish);
}

/* Mixed so that one going up as another goes down is a change, too. */
static uint64_t
state_of(const struct engine *engine)
{
	const uint64_t parts[] = {
		engine->world->change,    views_moves(engine->views),
		link_moves(engine->link), (uint64_t)events_number(engine->events),
		run_moves(engine->run),   tenure_moves(engine->tenure),
	};
	uint64_t state = 0;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		state = state * 1000003 + parts[i];
	return state;
}

static void
copy_objects(const struct engine *engine, struct snapshot *snapshot, enum kind kind)
{
	const struct world *world = engine->world;
	size_t count = kept_back[kind] ? 0 : world->count[kind];
	const struct object **objects = arena_array(&snapshot->arena, count + 1, sizeof *objects);

	for (size_t i = 0; i < count; i++)
		objects[i] = object_copy(world->objects[kind][i], &snapshot->arena);
	snapshot->objects[kind] = objects;
	snapshot->count[kind] = count;
	snapshot->view[kind] = world->view[kind];
	engine->publish->objects += count;
}

static const struct written *
written_of(const struct engine *engine, const struct journal_record *record)
{
	struct written *written = &engine->publish->written[record->id % JOURNAL_LINES];
	struct arena arena;

	if (written->id == record->id && written->end == record->end)
		return written;
	arena_init(&arena);
	if (written->id != record->id) {
		free(written->kubectl);
		written->kubectl = die_strdup(
			kubectl_command(&record->intent, engine->access.context, &arena));
	}
	free(written->text);
	written->text = die_strdup(record_line(record, &arena));
	written->id = record->id;
	written->end = record->end;
	arena_release(&arena);
	return written;
}

static const char *
clean_copy(const char *raw, struct arena *arena)
{
	struct buf text;
	const char *copy;

	buf_init(&text, 64 * BUF_KIB);
	text_clean(&text, raw, strlen(raw));
	copy = arena_string(arena, text.bytes);
	buf_release(&text);
	return copy;
}

static void
copy_journal(const struct engine *engine, struct snapshot *snapshot)
{
	const struct journal *journal = book_journal(engine->book);
	struct arena *arena = &snapshot->arena;
	size_t count = 0, first;

	snapshot->journal_path = arena_string(arena, book_path(engine->book));
	snapshot->journal_trouble = arena_string(arena, book_trouble(engine->book));
	if (journal == NULL)
		return;
	const struct journal_record *records = journal_records(journal, &count);
	first = count > JOURNAL_LINES ? count - JOURNAL_LINES : 0;
	struct journal_line *lines = arena_array(arena, count - first + 1, sizeof *lines);
	for (size_t i = first; i < count; i++) {
		const struct written *written = written_of(engine, &records[i]);

		lines[i - first] = (struct journal_line){
			.wall = records[i].wall,
			.text = arena_string(arena, written->text),
			.kubectl = arena_string(arena, written->kubectl),
			.reason = clean_copy(records[i].reason, arena),
			.ok = records[i].end == JOURNAL_DONE,
			.undone = journal_undone(journal, &records[i]),
			.dry_run = records[i].dry_run,
		};
	}
	snapshot->journal = lines;
	snapshot->journal_count = count - first;
}

/* The same door every write passes, asked in general. */
static void
add_lock(const struct engine *engine, struct snapshot *snapshot)
{
	struct err err;
	char pending[ERR_TEXT_MAX];

	snapshot->pending =
		arena_string(&snapshot->arena, book_pending(engine, pending, sizeof pending));
	snapshot->locked = door_ask(engine, NULL, &err) == GUARD_REFUSE;
	snapshot->locked_why = snapshot->locked ? arena_string(&snapshot->arena, err.text) : "";
	snapshot->read_only = engine->settings->read_only;
	snapshot->dry_run = engine->settings->dry_run;
}

static struct snapshot *
make(struct engine *engine)
{
	struct snapshot *snapshot = snapshot_new();
	struct arena *arena = &snapshot->arena;

	snapshot->number = ++engine->publish->number;
	snapshot->mono = engine->mono;
	snapshot->wall = engine->wall;
	snapshot->link = link_view(engine, arena);
	snapshot->server = engine->world->server;
	engine->publish->objects = 0;
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		copy_objects(engine, snapshot, kind);
	derive_into(engine, arena, &snapshot->plan);
	snapshot->preview = run_preview(engine, arena);
	snapshot->previews = run_previews(engine, arena, &snapshot->preview_count);
	snapshot->verification = derive_verification(engine, arena);
	snapshot->run = run_view(engine, arena);
	snapshot->outcome = outcome_view(engine, arena);
	copy_journal(engine, snapshot);
	snapshot->events = events_copy(engine->events, arena, &snapshot->event_count);
	snapshot->detail = inspect_detail(engine, arena);
	snapshot->lease = tenure_view(engine, arena);
	snapshot->choices = choices_view(engine, arena);
	snapshot->rights = preflight_view(engine, arena, &snapshot->right_count);
	run_manifests(engine, snapshot);
	add_lock(engine, snapshot);
	return snapshot;
}

static bool
is_due(struct engine *engine, int64_t *due)
{
	struct publish *publish = engine->publish;
	int64_t beat = publish->last + (publish->objects > LARGE ? BEAT_LARGE : BEAT_SMALL);

	if (publish->urgent != outcome_urgent(engine))
		return true;
	*due = beat;
	if (publish->seen != state_of(engine))
		*due = inside_sooner(beat, publish->last + publish->gap);
	return engine->mono >= *due;
}

int64_t
publish_step(struct engine *engine)
{
	struct publish *publish = engine->publish;
	int64_t due = NEVER;

	if (!is_due(engine, &due))
		return due;
	publish->urgent = outcome_urgent(engine);
	publish->seen = state_of(engine);
	outbox_put(engine->outbox, make(engine));
	int64_t cost = clock_mono(&engine->clock) - engine->mono;
	publish->last = engine->mono;
	publish->gap = cost * GAP_COST;
	if (publish->gap < GAP_LEAST)
		publish->gap = GAP_LEAST;
	if (publish->gap > GAP_MOST)
		publish->gap = GAP_MOST;
	return publish->last + (publish->objects > LARGE ? BEAT_LARGE : BEAT_SMALL);
}
