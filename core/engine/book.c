#include "core/engine/book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/engine/events.h"
#include "core/engine/helm.h"
#include "core/engine/link.h"
#include "core/engine/send.h"
#include "core/engine/views.h"
#include "core/migrate/backup.h"
#include "core/migrate/release.h"

#define LOOK_AGAIN (1 * SECOND)
#define HELM_WAIT  (8 * SECOND) /* for a run of helm that outlived us */
#define TRIED_FOR  (5 * MINUTE) /* at most, from the intent of a write to its last try */

struct book {
	struct journal *journal;
	bool tried;   /* to open it */
	bool adopted; /* what the copies tell was looked for */
	bool closed;  /* for good */
	char trouble[ERR_TEXT_MAX];
	char *damaged; /* path of a journal that is there and could not be opened; NULL */
	bool begun;    /* book_begin() has noted what runs */
	/* Why an outcome could not be written down; "" when all are. */
	char unwritten[ERR_TEXT_MAX];
	int64_t left; /* the newest record of earlier runs: later ones are on their way, not lost */
	/* the lookup of what was left open */
	int64_t request; /* 0: none under way */
	int64_t record;  /* the record it is about */
	int64_t due;
	int64_t late;     /* mono: from then on nothing that was left open is still executed */
	int64_t seen;     /* the record that was seen not done, and may still be; 0 */
	int64_t told;     /* the record that it was said of */
	int64_t repeats;  /* the newest record that was done and may be done once more */
	int64_t repeated; /* mono: from then on it is not */
	int64_t given_up; /* mono: helm's run counts as cut off then; 0: none is looked at */
	size_t open;      /* still unresolved */
};

struct book *
book_new(void)
{
	return die_alloc(sizeof(struct book));
}

void
book_free(struct engine *engine, struct book *book)
{
	if (book == NULL)
		return;
	if (book->request != 0)
		engine->transport.cancel(engine->transport.self, book->request);
	journal_close(book->journal);
	free(book->damaged);
	free(book);
}

static const struct journal_record *
first_open(const struct book *book, size_t *open)
{
	size_t count = 0;
	const struct journal_record *records = journal_records(book->journal, &count),
				    *first = NULL;

	*open = 0;
	for (size_t i = 0; i < count; i++)
		if (records[i].id <= book->left && records[i].end == JOURNAL_OPEN && (*open)++ == 0)
			first = &records[i];
	return first;
}

struct journal_where
book_where(const struct engine *engine)
{
	const struct server_facts *server = &engine->world->server;
	const struct settings *settings = engine->settings;

	return (struct journal_where){
		.state_folder = settings->state_folder != NULL ? settings->state_folder : "",
		.context = engine->access.context,
		.server = engine->access.server,
		.cluster = server->cluster,
		.user = server->user[0] != '\0' ? server->user : engine->access.user,
		.reason = settings->reason != NULL ? settings->reason : "",
	};
}

static const struct journal_record *
record_of(const struct book *book, int64_t id)
{
	size_t count;
	const struct journal_record *records = journal_records(book->journal, &count);

	for (size_t i = count; i-- > 0;)
		if (records[i].id == id)
			return &records[i];
	return NULL;
}

static void
mind_repeat(struct engine *engine, const struct journal_record *record)
{
	struct book *book = engine->book;
	int64_t left = inside_sooner(record->ended + BOOK_LATE - engine->wall, BOOK_LATE);

	if (!journal_repeats(record) || engine->mono + left <= book->repeated)
		return;
	book->repeats = record->id;
	book->repeated = engine->mono + left;
}

static void
open_journal(struct engine *engine)
{
	struct book *book = engine->book;
	struct err err = { .code = ERR_NONE };
	struct journal_where where = book_where(engine);
	size_t count;

	book->tried = true;
	book->journal = journal_open(&where, &err);
	engine->world->change++;
	if (book->journal == NULL) {
		inside_copy(book->trouble, sizeof book->trouble, err.text);
		book->damaged = journal_locate(&where);
		events_add(engine, EVENT_ERROR, STEP_COUNT, "", "%s", err.text);
		return;
	}
	if (journal_note(book->journal)[0] != '\0')
		events_add(engine, EVENT_WARNING, STEP_COUNT, "", "%s",
			   journal_note(book->journal));
	const struct journal_record *records = journal_records(book->journal, &count);
	book->left = count > 0 ? records[count - 1].id : 0;
	book->late = engine->mono + BOOK_LATE;
	for (size_t i = 0; i < count; i++)
		mind_repeat(engine, &records[i]);
	if (first_open(book, &book->open) != NULL)
		events_add(engine, EVENT_WARNING, STEP_COUNT, "",
			   "%zu writes of an earlier run have no outcome: the cluster is asked "
			   "what became of them.",
			   book->open);
}

static void
write_down(struct engine *engine, const struct journal_record *record, enum journal_end end,
	   int status, const struct json *live, const char *error)
{
	struct book *book = engine->book;
	struct err err;
	char title[300];

	snprintf(title, sizeof title, "%s %s", verb_name(record->intent.verb),
		 record->intent.title);
	if (!journal_outcome(book->journal, record->id, end, status, live, error, 0, engine->wall,
			     &err)) {
		inside_copy(book->unwritten, sizeof book->unwritten, err.text);
		book->due = engine->mono + LOOK_AGAIN;
		return;
	}
	book->unwritten[0] = '\0';
	engine->world->change++;
	events_add(engine, EVENT_INFO, STEP_COUNT, "", "An earlier %s: %s", title,
		   end == JOURNAL_DONE ? "it was done"
		   : *error != '\0'    ? error
				       : "it was not done");
}

/* Asks about the oldest; one at a time, there are never many. */
static void
look(struct engine *engine)
{
	struct book *book = engine->book;
	const struct journal_record *record = first_open(book, &book->open);
	struct err err;

	if (record == NULL)
		return;
	if (engine->mono < book->due)
		return;
	if (record->dry_run) {
		write_down(engine, record, JOURNAL_NOT_SENT, 0, NULL, "");
		return;
	}
	if (engine->settings->read_only || !link_live(engine->link))
		return;
	book->record = record->id;
	book->request = send_look(engine, &record->intent, &err);
	if (book->request == 0)
		write_down(engine, record, JOURNAL_FAILED, 0, NULL, err.text);
}

static void
say_pending(const struct engine *engine, const struct journal_record *record, char *text,
	    size_t size)
{
	const struct book *book = engine->book;
	const char *verb = verb_name(record->intent.verb), *title = record->intent.title;

	if (record->id == book->seen && engine->mono < book->late)
		snprintf(
			text, size,
			"Nothing is written for %lld s, since an earlier %s %s got no answer: it is "
			"not done, but the API server may still do it.",
			(long long)((book->late - engine->mono + SECOND - 1) / SECOND), verb,
			title);
	else
		snprintf(text, size,
			 "Nothing is written until it is known what became of an earlier %s %s.",
			 verb, title);
}

/* It was sent not long ago, and a server may be at it. Where the object has moved since, the
 * server refuses it. */
static bool
may_come(struct engine *engine, const struct journal_record *record, enum intent_met met)
{
	struct book *book = engine->book;
	bool guarded = *record->intent.uid != '\0';
	char text[ERR_TEXT_MAX];

	if (met == INTENT_MET || (met == INTENT_CHANGED_BY_OTHER && guarded) ||
	    engine->mono >= book->late || engine->wall - record->wall >= TRIED_FOR + BOOK_LATE)
		return false;
	book->seen = record->id;
	book->due = engine->mono + LOOK_AGAIN;
	if (book->told != record->id) {
		say_pending(engine, record, text, sizeof text);
		events_add(engine, EVENT_WARNING, STEP_COUNT, "", "%s", text);
	}
	book->told = record->id;
	return true;
}

static void
resolve(struct engine *engine, const struct journal_record *record, const struct api_reply *reply)
{
	const struct json *live = reply->outcome == API_OK ? reply->body : NULL;
	bool absent = reply->outcome == API_NOT_FOUND || reply->outcome == API_NOT_INSTALLED;

	if (live == NULL && !absent) {
		engine->book->due = engine->mono + LOOK_AGAIN;
		return;
	}
	struct json *before = json_parse(record->before, strlen(record->before), NULL);
	enum intent_met met = intent_met(&record->intent, live, before);
	enum journal_end end = journal_end_seen(&record->intent, met, live != NULL);

	json_free(before);
	/* It may be newer than what the watches have brought so far. */
	send_feed(engine, &record->intent, live);
	if (may_come(engine, record, met))
		return;
	write_down(engine, record, end, reply->status, live,
		   met == INTENT_CHANGED_BY_OTHER && live != NULL
			   ? "somebody else has changed the object since"
		   : end == JOURNAL_UNKNOWN
			   ? "it is not there: it was not done, or it was deleted since"
			   : "");
}

/* helm may still be at it: it runs on when the program that started it is gone. */
static void
resolve_release(struct engine *engine, const struct journal_record *record,
		const struct transport_event *event)
{
	struct book *book = engine->book;
	struct json *live;
	struct err err;
	enum journal_end end;
	const char *status;
	char text[300] = "";

	book->due = engine->mono + LOOK_AGAIN;
	if (!helm_read(engine, &record->intent, RELEASE_LOOK, event, &live, &err)) {
		/* Without helm nobody here can say; who has it resolves it. */
		if (err.code == ERR_MISSING)
			inside_copy(book->trouble, sizeof book->trouble, err.text);
		return;
	}
	book->given_up = book->given_up == 0 ? engine->mono + HELM_WAIT : book->given_up;
	if (release_moves(live) && engine->mono < book->given_up) {
		json_free(live);
		return;
	}
	book->given_up = 0;
	status = json_string_at(live, "status");
	end = release_end_seen(&record->intent, live);
	if (end == JOURNAL_UNKNOWN)
		snprintf(text, sizeof text,
			 "it is not there: it was not done, or it was uninstalled since");
	else if (end == JOURNAL_FAILED)
		snprintf(text, sizeof text, "helm was cut off, and the release stands at %s",
			 status);
	write_down(engine, record, end, 0, live, text);
	views_poke_polled(engine);
	json_free(live);
}

bool
book_take(struct engine *engine, struct transport_event *event)
{
	struct book *book = engine->book;
	struct api_reply reply;
	size_t count;

	if (book->request == 0 || event->id != book->request)
		return false;
	if (event->kind != TRANSPORT_DONE)
		return true;
	book->request = 0;
	api_reply_init(&reply, event, false);
	const struct journal_record *records = journal_records(book->journal, &count);
	for (size_t i = 0; i < count; i++)
		if (records[i].id == book->record && records[i].end == JOURNAL_OPEN) {
			if (release_is(&records[i].intent))
				resolve_release(engine, &records[i], event);
			else
				resolve(engine, &records[i], &reply);
			break;
		}
	api_reply_release(&reply);
	return true;
}

/* With the journal lost, the copies of what was deleted say what is missing. Whether an object is
 * there again is known when everything was listed. */
static void
adopt(struct engine *engine)
{
	struct book *book = engine->book;
	const struct journal_where where = book_where(engine);
	size_t count, adopted;

	if (book->adopted || !views_answered(engine))
		return;
	book->adopted = true;
	journal_records(book->journal, &count);
	if (count > 0)
		return;
	adopted = backup_adopt(&where, engine->world, book->journal);
	if (adopted == 0)
		return;
	journal_records(book->journal, &count);
	book->left = (int64_t)count;
	engine->world->change++;
	events_add(
		engine, EVENT_WARNING, STEP_COUNT, "",
		"There is no journal of this cluster; the folder backup holds %zu objects that were "
		"deleted and are not there: they can be brought back.",
		adopted);
}

static void
close_for_good(struct engine *engine)
{
	struct book *book = engine->book;

	if (book->request != 0)
		engine->transport.cancel(engine->transport.self, book->request);
	book->request = 0;
	book->closed = true;
	snprintf(book->trouble, sizeof book->trouble, "Another cluster answers at this address.");
}

static void
say_repeat(const struct engine *engine, char *text, size_t size)
{
	const struct book *book = engine->book;
	const struct journal_record *record = record_of(book, book->repeats);

	snprintf(text, size,
		 "No other command begins for %lld s, since a try of %s %s got no answer: another "
		 "did it, but the API server may do it once more.",
		 (long long)((book->repeated - engine->mono + SECOND - 1) / SECOND),
		 verb_name(record->intent.verb), record->intent.title);
}

static int64_t
wait_for_repeat(struct engine *engine)
{
	struct book *book = engine->book;
	char text[ERR_TEXT_MAX];

	if (book->told != book->repeats) {
		say_repeat(engine, text, sizeof text);
		events_add(engine, EVENT_WARNING, STEP_COUNT, "", "%s", text);
	}
	book->told = book->repeats;
	return book->repeated;
}

int64_t
book_step(struct engine *engine)
{
	struct book *book = engine->book;

	if (!book->closed && link_other_cluster(engine->link))
		close_for_good(engine);
	if (book->closed)
		return NEVER;
	if (!book->tried && link_identified(engine->link))
		open_journal(engine);
	if (book->journal == NULL || book->request != 0 || book->trouble[0] != '\0')
		return NEVER;
	adopt(engine);
	look(engine);
	first_open(book, &book->open);
	if (book->open == 0)
		book->unwritten[0] = '\0';
	if (book->open == 0 && book->request == 0 && engine->mono < book->repeated)
		return wait_for_repeat(engine);
	if (book->open == 0 || book->request != 0)
		return NEVER;
	return book->due > engine->mono ? book->due : engine->mono + LOOK_AGAIN;
}

bool
book_settled(const struct engine *engine)
{
	const struct book *book = engine->book;

	if (book->closed || book->trouble[0] != '\0')
		return true;
	/* Who may write nothing leaves it to who may. */
	return book->journal != NULL &&
	       ((book->open == 0 && engine->mono >= book->repeated) || engine->settings->read_only);
}

bool
book_looks(const struct engine *engine)
{
	return engine->book->journal != NULL && !book_settled(engine);
}

bool
book_may_come(const struct engine *engine)
{
	const struct book *book = engine->book;

	return engine->mono < book->repeated || (book->open > 0 && engine->mono < book->late);
}

const char *
book_pending(const struct engine *engine, char *text, size_t size)
{
	const struct journal_record *record = NULL;
	size_t open;

	*text = '\0';
	if (!book_looks(engine))
		return text;
	record = first_open(engine->book, &open);
	if (record == NULL)
		say_repeat(engine, text, size);
	else
		say_pending(engine, record, text, size);
	return text;
}

void
book_tell_again(struct engine *engine)
{
	engine->book->told = 0;
}

struct journal *
book_journal(const struct book *book)
{
	return book->journal;
}

const char *
book_trouble(const struct book *book)
{
	return book->trouble[0] != '\0' ? book->trouble : book->unwritten;
}

void
book_unwritten(struct engine *engine, int64_t record, const struct err *err)
{
	struct book *book = engine->book;

	inside_copy(book->unwritten, sizeof book->unwritten, err->text);
	if (record > book->left)
		book->left = record;
	book->due = engine->mono + LOOK_AGAIN;
	events_add(engine, EVENT_ERROR, STEP_COUNT, "", "%s", err->text);
}

void
book_leave_open(struct engine *engine, int64_t record)
{
	struct book *book = engine->book;

	if (record > book->left)
		book->left = record;
	book->late = engine->mono + BOOK_LATE;
	book->due = engine->mono + LOOK_AGAIN;
	first_open(book, &book->open);
}

void
book_repeats(struct engine *engine, int64_t record)
{
	mind_repeat(engine, record_of(engine->book, record));
}

const char *
book_path(const struct book *book)
{
	if (book->journal != NULL)
		return journal_path(book->journal);
	return book->damaged != NULL ? book->damaged : "";
}

bool
book_begin(struct engine *engine, const struct plan *plan, struct err *err)
{
	struct book *book = engine->book;
	struct journal_run run;

	if (book->begun)
		return true;
	run = (struct journal_run){
		.wall = engine->wall,
		.program = PACKAGE_STRING,
		.mark = engine->self.mark,
		.server_version = engine->world->server.version,
		.procedure = engine->settings->path == PATH_SIMPLE ? "simple" : "zero-downtime",
		.losses = plan->losses,
		.loss_count = plan->loss_count,
	};
	book->begun = journal_note_run(book->journal, &run, err);
	return book->begun;
}

void
book_note_checks(struct engine *engine, const struct verification *verification)
{
	struct book *book = engine->book;

	if (book->journal == NULL || book->closed || book->trouble[0] != '\0' ||
	    engine->settings->read_only || engine->settings->dry_run || verification == NULL)
		return;
	/* A check that cannot be noted is no reason to stop: the record will not have it. */
	journal_note_checks(book->journal, verification, NULL);
	engine->world->change++;
}

int64_t
book_undoes(const struct book *book, const struct intent *intent)
{
	static const enum verb verbs[] = {
		VERB_CREATE,  VERB_APPLY,   VERB_PATCH,     VERB_DELETE,
		VERB_INSTALL, VERB_UPGRADE, VERB_UNINSTALL, VERB_ROLLBACK
	};
	int64_t newest = 0;

	if (book->journal == NULL || !intent->undo)
		return 0;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		const struct journal_record *record =
			journal_last_of(book->journal, intent->step, intent->pair, verbs[i],
					intent->kind, intent->ns, intent->name);
		if (record != NULL && record->id > newest)
			newest = record->id;
	}
	return newest;
}
