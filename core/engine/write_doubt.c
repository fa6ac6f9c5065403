/* What becomes of a write whose outcome is not known: looked at, sent again, or left to the book. */
#include <stdio.h>
#include <string.h>

#include "core/engine/book.h"
#include "core/engine/send.h"
#include "core/engine/tenure.h"
#include "core/engine/write_inside.h"

#define TRIES_DOUBT   4
#define LOOK_AGAIN    (1 * SECOND)
#define LEASE_AGAIN   (200 * MILLISECOND)
#define FIRST_BACKOFF (500 * MILLISECOND)

int64_t
write_backoff(const struct write_run *write)
{
	return FIRST_BACKOFF << (write->tries < 5 ? write->tries - 1 : 4);
}

/* An earlier try may still be executed, whatever this one was told. */
void
write_leave_open(struct engine *engine, struct write_run *write)
{
	size_t length = strlen(write->err.text);

	book_leave_open(engine, write->record);
	snprintf(write->err.text + length, sizeof write->err.text - length,
		 " A try of it got no answer that tells; whether it was done is looked at before "
		 "the next command writes anything.");
	write_close(write, WRITE_FAILED);
}

/* It was sent before, and that may be long ago: the Lease may have lapsed meanwhile, and somebody
 * else have written what this one was not decided on. */
bool
write_may_go_again(struct engine *engine, struct write_run *write)
{
	struct err err = { .code = ERR_NONE };
	enum tenure_answer answer;

	if (write->tries == 0 || write->rehearsal)
		return true;
	answer = tenure_ask(engine, &err);
	if (answer == TENURE_BUSY) {
		write_again(engine, write, LEASE_AGAIN);
		return false;
	}
	if (answer == TENURE_OURS && tenure_since(engine) <= write->begun)
		return true;
	if (answer == TENURE_OURS)
		err_set(&err, ERR_CONFLICT,
			"Somebody else has held the cluster's Lease since %s was sent. It was not "
			"sent again; look at the cluster, then start again.",
			write->intent->title);
	write->err = err;
	if (write->doubt)
		write_leave_open(engine, write);
	else
		write_fail(engine, write, JOURNAL_NOT_SENT);
	return false;
}

/* Looked at after an unknown outcome: done, to be sent again, or somebody else's now. All that is
 * sent again is guarded by uid and resourceVersion, so that the first one coming late after all
 * cannot do it twice. */
static void
cleared_up(struct engine *engine, struct write_run *write, const struct json *live)
{
	enum intent_met met = intent_met(write->intent, live, write->before);

	if (met == INTENT_MET) {
		write_settle(engine, write, live);
	} else if (met == INTENT_NOT_MET && write->tries < TRIES_DOUBT) {
		write_again(engine, write, write_backoff(write));
	} else if (met == INTENT_NOT_MET) {
		write_leave_open(engine, write);
	} else {
		write_note(engine, write, journal_end_seen(write->intent, met, live != NULL), NULL);
		write_close(write, WRITE_MOVED);
	}
}

void
write_looked(struct engine *engine, struct write_run *write, const struct api_reply *reply)
{
	const struct json *live = reply->outcome == API_OK ? reply->body : NULL;
	bool absent = reply->outcome == API_NOT_FOUND || reply->outcome == API_NOT_INSTALLED;

	if (live == NULL && !absent) {
		if (reply->outcome != API_FORBIDDEN) {
			write_look(engine, write, LOOK_AGAIN);
			return;
		}
		/* Whoever may look resolves it. */
		if (write->doubt) {
			write_leave_open(engine, write);
			return;
		}
		if (!write->rehearsal)
			write_note(engine, write, JOURNAL_FAILED, NULL);
		write_close(write, WRITE_FAILED);
		return;
	}
	send_feed(engine, write->intent, live);
	if (write->doubt) {
		cleared_up(engine, write, live);
		return;
	}
	if (!write->rehearsal)
		write_note(engine, write, JOURNAL_FAILED, NULL);
	write_close(write, WRITE_MOVED);
}
