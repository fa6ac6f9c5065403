#include "core/engine/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/engine/book.h"
#include "core/engine/derive.h"
#include "core/engine/door.h"
#include "core/engine/events.h"
#include "core/engine/named.h"
#include "core/engine/send.h"
#include "core/engine/views.h"
#include "core/engine/write_inside.h"
#include "core/migrate/release.h"

#define TRIES_BUSY    10 /* as client-go (KUBERNETES §3.9) */
#define TRIES_UNSENT  4
#define BUSY_MOST     60 /* s */
#define FIRST_BACKOFF (500 * MILLISECOND)
#define HELD_MOST     (20 * SECOND) /* for a view or the link to be well again */
#define HELD_AGAIN    (200 * MILLISECOND)
#define GONE_WAIT     (2 * SECOND) /* for a watch to say that a deleted object is gone */

void
write_close(struct write_run *write, enum write_end how)
{
	write->state = WRITE_ENDED;
	write->end = how;
}

/* Made by a later try than one that got no answer, which nothing refuses when it comes after all:
 * what must not be there yet has no basis. */
static bool
repeats(const struct write_run *write)
{
	return write->doubt && write->tries > 1 && *write->intent->uid == '\0' &&
	       write->intent->verb != VERB_DELETE && !release_is(write->intent);
}

void
write_note(struct engine *engine, struct write_run *write, enum journal_end how,
	   const struct json *object)
{
	struct journal *journal = book_journal(engine->book);
	struct err err = { .code = ERR_NONE };

	if (write->record == 0 || journal == NULL)
		return;
	if (!journal_outcome(journal, write->record, how, write->status, object,
			     how != JOURNAL_DONE ? write->err.text
			     : repeats(write)    ? JOURNAL_REPEATS
						 : "",
			     write->latency, engine->wall, &err))
		book_unwritten(engine, write->record, &err);
	else if (how == JOURNAL_DONE && repeats(write))
		book_repeats(engine, write->record);
	engine->world->change++;
}

void
write_fail(struct engine *engine, struct write_run *write, enum journal_end how)
{
	write_note(engine, write, how, NULL);
	write_close(write, WRITE_FAILED);
}

static bool
ask_guard(struct engine *engine, struct write_run *write)
{
	enum guard_answer answer = door_ask(engine, write->intent, &write->err);

	write->dry = answer == GUARD_DRY_RUN;
	return answer != GUARD_REFUSE;
}

/* One answer that did not come makes a view stale for a moment: what was decided waits for it. */
static bool
is_passing(const struct engine *engine, const struct write_run *write)
{
	bool passes = write->err.code == ERR_EXPIRED || write->err.code == ERR_NETWORK;

	return passes && engine->mono - write->begun < HELD_MOST;
}

static void
ask(struct write_run *write, int64_t request)
{
	write->request = request;
	write->state = WRITE_ASKING;
	if (request == 0)
		write_close(write, WRITE_FAILED);
}

static int64_t
count(struct engine *engine, struct write_run *write)
{
	const char *title = write->intent->title;
	const struct object *crd = world_find(engine->world, KIND_CRD, "", write->intent->name);
	int64_t request = crd == NULL ? 0 : send_count(engine, crd, &write->err);

	if (request == 0)
		err_set(&write->err, ERR_EXPIRED,
			"%s is not known well enough to count its objects; nothing was deleted.",
			title);
	return request;
}

static void
pass_guard(struct engine *engine, struct write_run *write)
{
	const struct intent *intent = write->intent;

	if (!ask_guard(engine, write)) {
		if (!is_passing(engine, write)) {
			write_close(write, WRITE_FAILED);
			return;
		}
		/* A kind that is listed now and then would be well again later than this waits. */
		if (intent->kind != KIND_COUNT &&
		    engine->world->view[intent->kind].state == VIEW_BROKEN)
			views_poke(engine, intent->kind);
		write->state = WRITE_HELD;
		write->due = engine->mono + HELD_AGAIN;
		return;
	}
	write->state = WRITE_DUE;
	write->due = engine->mono;
	if (intent->verb == VERB_UPGRADE)
		ask(write, send_look(engine, intent, &write->err));
	else if (intent->kind == KIND_CRD && intent->verb == VERB_DELETE && !write->dry)
		ask(write, count(engine, write));
}

void
write_begin(struct engine *engine, struct write_run *write, const struct intent *intent,
	    bool rehearse, int64_t undoes)
{
	*write = (struct write_run){
		.intent = intent,
		.rehearsal = rehearse,
		.undoes = undoes,
		.begun = engine->mono,
		.due = engine->mono,
		.state = WRITE_DUE,
	};
	if (!rehearse)
		pass_guard(engine, write);
}

/* On disk before the first byte leaves (ARCHITECTURE §7). */
static bool
record(struct engine *engine, struct write_run *write)
{
	const struct intent *intent = write->intent;
	const struct object *known =
		intent->kind == KIND_COUNT
			? NULL
			: world_find(engine->world, intent->kind, intent->ns, intent->name);
	struct json *before = release_is(intent) ? release_copies(intent, engine->world)
			      : known == NULL    ? NULL
						 : object_json(known);
	bool recorded = book_begin(engine, derive_plan(engine), &write->err) &&
			journal_intent(book_journal(engine->book), intent, before, write->dry,
				       engine->wall, write->undoes, &write->record, &write->err);

	write->before = before;
	return recorded;
}

static void
send(struct engine *engine, struct write_run *write)
{
	if (!write->rehearsal && write->record == 0 && !record(engine, write)) {
		write_close(write, WRITE_FAILED);
		return;
	}
	write->tries++;
	write->request = send_intent(engine, write->intent,
				     write->rehearsal || write->dry ? API_DRY_RUN : API_FOR_REAL,
				     &write->err);
	write->state = WRITE_SENT;
	if (write->request == 0)
		write_fail(engine, write, JOURNAL_NOT_SENT);
}

void
write_again(struct engine *engine, struct write_run *write, int64_t after)
{
	write->state = WRITE_DUE;
	write->due = engine->mono + after;
}

void
write_hold(struct engine *engine, struct write_run *write, int64_t wait)
{
	write->state = WRITE_HELD;
	write->due = engine->mono + wait;
}

void
write_look(struct engine *engine, struct write_run *write, int64_t after)
{
	write->state = WRITE_LOOK_DUE;
	write->due = engine->mono + after;
}

static bool
is_watched(enum kind kind)
{
	enum kind_follow follow = kind_row(kind)->follow;
	return follow == FOLLOW_WATCH || follow == FOLLOW_POOLS;
}

static void
settle_deleted(struct engine *engine, struct write_run *write, const struct json *reply)
{
	const struct intent *intent = write->intent;

	/* A finalizer holds it: the object came back, on its way out (KUBERNETES §4.2). */
	if (json_string_at(reply, "metadata.deletionTimestamp") != NULL) {
		send_feed(engine, intent, reply);
		write_close(write, WRITE_DONE);
		return;
	}
	if (intent->kind != KIND_COUNT && is_watched(intent->kind)) {
		write->state = WRITE_SETTLING;
		write->due = engine->mono + GONE_WAIT;
		return;
	}
	send_feed(engine, intent, NULL);
	write_close(write, WRITE_DONE);
}

/* It was executed: into the journal, and into the world. */
void
write_settle(struct engine *engine, struct write_run *write, const struct json *reply)
{
	const struct intent *intent = write->intent;
	bool is_object = json_string_at(reply, "metadata.uid") != NULL;

	write_note(engine, write, JOURNAL_DONE, is_object ? reply : NULL);
	if (write->dry) {
		write->verdict = DRY_OK;
		write_close(write, WRITE_DONE);
		return;
	}
	if (intent->verb == VERB_DELETE) {
		settle_deleted(engine, write, reply);
	} else {
		if (is_object)
			send_feed(engine, intent, reply);
		write_close(write, WRITE_DONE);
	}
	/* A list that was under way when it was written would hide it until the next. */
	if (intent->kind != KIND_COUNT && !is_watched(intent->kind))
		views_poke(engine, intent->kind);
}

static void
rehearsal_ended(struct write_run *write, enum dry_run verdict, const char *text)
{
	write->verdict = verdict;
	if (text != write->err.text)
		inside_copy(write->err.text, sizeof write->err.text, text);
	write_close(write, WRITE_DONE);
}

static void
rehearsed(struct engine *engine, struct write_run *write, struct api_reply *reply)
{
	switch (reply->outcome) {
	case API_OK:
		write->result = write->intent->verb == VERB_DELETE ? NULL : reply->body;
		if (write->result != NULL)
			reply->body = NULL;
		rehearsal_ended(write, DRY_OK, "");
		return;
	case API_NOT_INSTALLED:
		rehearsal_ended(write, DRY_UNSUPPORTED, "its kind is not served yet");
		return;
	case API_BUSY:
	case API_NO_ANSWER:
	case API_FAILED: /* passing as often as not, and a dry run may be asked again at will */
	case API_NOT_KUBERNETES:
		if (write->tries < TRIES_UNSENT) {
			write_again(engine, write,
				    reply->retry_after > 0 ? reply->retry_after * SECOND
							   : FIRST_BACKOFF);
			return;
		}
		break;
	case API_CONFLICT:
	case API_EXISTS:
	case API_NOT_FOUND:
		if (!write->intent->after_others) {
			write_look(engine, write, 0);
			return;
		}
		break;
	default:
		break;
	}
	if (write->intent->after_others)
		rehearsal_ended(write, DRY_UNSUPPORTED,
				"it can only be tried after the writes before it");
	else if (strstr(reply->message, "does not support dry run") != NULL)
		rehearsal_ended(write, DRY_UNSUPPORTED, reply->message);
	else
		rehearsal_ended(write, DRY_REFUSED, write->err.text);
}

/* A plain patch whose path has moved is refused without a word (KUBERNETES §0.7). */
static bool
is_about_basis(const struct write_run *write, const struct api_reply *reply)
{
	switch (reply->outcome) {
	case API_CONFLICT:
	case API_EXISTS:
	case API_NOT_FOUND:
		return true;
	case API_INVALID:
		return reply->status == 422 && write->intent->verb == VERB_PATCH &&
		       reply->cause_count == 0;
	default:
		return false;
	}
}

static void
answered(struct engine *engine, struct write_run *write, struct api_reply *reply)
{
	int wait = reply->retry_after < 1           ? 1
		   : reply->retry_after > BUSY_MOST ? BUSY_MOST
						    : reply->retry_after;

	write->status = reply->status;
	if (reply->outcome == API_OK) {
		write_settle(engine, write, reply->body);
	} else if (reply->maybe_executed && !write->dry) {
		write->doubt = true;
		write_look(engine, write, 0);
	} else if (reply->outcome == API_BUSY && write->tries < TRIES_BUSY) {
		write_again(engine, write, wait * SECOND);
	} else if (reply->outcome == API_NO_ANSWER && write->tries < TRIES_UNSENT) {
		write_again(engine, write, write_backoff(write));
	} else if (write->dry &&
		   (reply->outcome == API_NOT_INSTALLED || write->intent->after_others)) {
		write_note(engine, write, JOURNAL_FAILED, NULL);
		write->verdict = DRY_UNSUPPORTED;
		write_close(write, WRITE_DONE);
	} else if (write->intent->verb == VERB_DELETE && reply->outcome == API_NOT_FOUND) {
		/* Gone either way; ours only when an earlier try may have been executed. */
		write_note(engine, write, write->doubt ? JOURNAL_DONE : JOURNAL_FAILED, NULL);
		send_feed(engine, write->intent, NULL);
		write_close(write, WRITE_DONE);
	} else if (is_about_basis(write, reply)) {
		write_look(engine, write, 0);
	} else if (write->doubt) {
		write_leave_open(engine, write);
	} else {
		write_fail(engine, write,
			   reply->outcome == API_NO_ANSWER ? JOURNAL_NOT_SENT : JOURNAL_FAILED);
	}
}

static void
counted(struct engine *engine, struct write_run *write, const struct api_reply *reply)
{
	const struct intent *intent = write->intent;
	size_t left = json_count(json_get(reply->body, "items"));

	if (reply->outcome == API_NOT_INSTALLED || (reply->outcome == API_OK && left == 0)) {
		write_again(engine, write, 0);
		return;
	}
	/* Nothing is known yet and nothing was done: it is counted again. */
	if (reply->outcome != API_OK && reply->outcome != API_FORBIDDEN &&
	    ++write->looks < TRIES_UNSENT) {
		write_hold(engine, write, FIRST_BACKOFF << write->looks);
		return;
	}
	if (reply->outcome == API_OK)
		err_set(&write->err, ERR_REJECTED,
			"%s is not deleted: %s/%s and what else is left would go with it.",
			intent->title,
			json_string_at(json_item(json_get(reply->body, "items"), 0),
				       "metadata.namespace"),
			json_string_at(json_item(json_get(reply->body, "items"), 0),
				       "metadata.name"));
	else
		err_wrap(&write->err,
			 "%s is not deleted, since it could not be seen that no object of it is "
			 "left",
			 intent->title);
	write_close(write, WRITE_FAILED);
}

/* Warning: 299 of the API server, one a line (KUBERNETES §4.1); a rehearsal brings them first. */
static void
tell_warnings(struct engine *engine, const struct transport_event *event)
{
	const char *line = event->warnings.length > 0 ? event->warnings.bytes : "";

	for (size_t length; *line != '\0'; line += length + (line[length] == '\n')) {
		length = strcspn(line, "\n");
		events_warn_once(engine, STEP_COUNT, "", line, length);
	}
}

bool
write_take(struct engine *engine, struct write_run *write, struct transport_event *event)
{
	struct api_reply reply;
	bool sent = write->state == WRITE_SENT;

	if (write->request == 0 || event->id != write->request)
		return false;
	if (event->kind != TRANSPORT_DONE)
		return true;
	write->request = 0;
	if (release_is(write->intent)) {
		write_take_helm(engine, write, event);
		return true;
	}
	tell_warnings(engine, event);
	api_reply_init(&reply, event, sent && !write->rehearsal);
	if (sent)
		write->latency = event->latency;
	/* What the write itself was told is worth more than what a look was. */
	if (sent || write->state == WRITE_ASKING)
		api_reply_explain(&reply, event, sent ? verb_name(write->intent->verb) : "list",
				  write->intent->title, &write->err);
	if (write->state == WRITE_ASKING)
		counted(engine, write, &reply);
	else if (write->state == WRITE_LOOKING)
		write_looked(engine, write, &reply);
	else if (write->rehearsal)
		rehearsed(engine, write, &reply);
	else
		answered(engine, write, &reply);
	api_reply_release(&reply);
	return true;
}

static void
start_look(struct engine *engine, struct write_run *write)
{
	struct err err;

	write->looks++;
	write->request = send_look(engine, write->intent, &err);
	write->state = WRITE_LOOKING;
	if (write->request == 0)
		write_close(write, WRITE_FAILED);
}

static bool
is_gone(const struct engine *engine, const struct write_run *write)
{
	const struct intent *intent = write->intent;
	const struct object *object =
		world_find(engine->world, intent->kind, intent->ns, intent->name);

	return object == NULL || strcmp(object->meta.uid, intent->uid) != 0;
}

enum write_end
write_step(struct engine *engine, struct write_run *write, int64_t *due)
{
	bool now = engine->mono >= write->due;

	if (write->state == WRITE_HELD && now)
		pass_guard(engine, write);
	now = engine->mono >= write->due;
	if (write->state == WRITE_DUE && now) {
		if (write_may_go_again(engine, write))
			send(engine, write);
	} else if (write->state == WRITE_LOOK_DUE && now) {
		start_look(engine, write);
	} else if (write->state == WRITE_SETTLING && is_gone(engine, write)) {
		write_close(write, WRITE_DONE);
	} else if (write->state == WRITE_SETTLING && now) {
		send_feed(engine, write->intent, NULL);
		views_poke(engine, write->intent->kind);
		write_close(write, WRITE_DONE);
	}
	*due = write->state == WRITE_HELD || write->state == WRITE_DUE ||
			       write->state == WRITE_LOOK_DUE || write->state == WRITE_SETTLING
		       ? write->due
		       : NEVER;
	return write->state == WRITE_ENDED ? write->end : WRITE_BUSY;
}

void
write_drop(struct engine *engine, struct write_run *write)
{
	if (write->request != 0)
		engine->transport.cancel(engine->transport.self, write->request);
	write_release(write);
}

void
write_release(struct write_run *write)
{
	json_free(write->before);
	json_free(write->result);
	*write = (struct write_run){ .state = WRITE_IDLE };
}
