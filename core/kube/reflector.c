#include "core/kube/reflector_inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/die.h"

#define BUSY_MOST      60 /* seconds */
#define MALFORMED_MOST 3

struct reflector *
reflector_new(const struct reflector_spec *spec, const struct transport *transport,
	      struct reflector_sink sink)
{
	struct reflector *r = die_alloc(sizeof *r);

	r->resource = spec->resource;
	r->ns = die_strdup(spec->ns);
	r->how = spec->how;
	r->interval = spec->interval;
	r->transport = *transport;
	r->sink = sink;
	r->ready = true;
	r->limit = REFLECTOR_PAGE;
	backoff_init(&r->backoff, spec->seed);
	buf_init(&r->token, 16 * BUF_KIB);
	buf_init(&r->version, 1 * BUF_KIB);
	watch_init(&r->watch);
	r->status = (struct reflector_status){ .state = REFLECTOR_STARTING, .retry = NEVER };
	return r;
}

static void
cancel(struct reflector *r)
{
	if (r->id != 0)
		r->transport.cancel(r->transport.self, r->id);
	r->id = 0;
}

void
reflector_free(struct reflector *r)
{
	if (r == NULL)
		return;
	cancel(r);
	free(r->ns);
	buf_release(&r->token);
	buf_release(&r->version);
	watch_release(&r->watch);
	free(r);
}

void
reflector_move(struct reflector *r, enum reflector_state state, const char *reason, int64_t mono)
{
	if (r->status.state != state || r->status.since == 0)
		r->status.since = mono;
	r->status.state = state;
	snprintf(r->reason, sizeof r->reason, "%s", reason);
	if (state == REFLECTOR_LIVE || state == REFLECTOR_POLLING)
		backoff_worked(&r->backoff, mono);
}

void
reflector_wait(struct reflector *r, enum reflector_next next, int64_t due)
{
	cancel(r);
	r->phase = PHASE_WAIT;
	r->next = next;
	r->due = due;
	if (next == NEXT_LIST) {
		buf_clear(&r->token);
		r->in_list = false;
	}
}

void
reflector_stale(struct reflector *r, const char *reason, int64_t mono)
{
	reflector_move(r, r->status.listed ? REFLECTOR_STALE : REFLECTOR_STARTING, reason, mono);
}

void
reflector_fail(struct reflector *r, enum reflector_next next, const char *reason, int64_t mono)
{
	reflector_stale(r, reason, mono);
	reflector_wait(r, next, backoff_failed(&r->backoff, mono));
}

void
reflector_busy(struct reflector *r, enum reflector_next next, const struct api_reply *reply,
	       const char *reason, int64_t mono)
{
	int seconds = reply->retry_after < 1 ? 1 : reply->retry_after;

	reflector_stale(r, reason, mono);
	reflector_wait(r, next,
		       backoff_asked(&r->backoff, mono, seconds < BUSY_MOST ? seconds : BUSY_MOST));
}

void
reflector_hand(const struct reflector *r, enum reflector_change change, const struct json *object)
{
	r->sink.change(r->sink.self, change, object);
}

void
reflector_describe(const struct reflector *r, char *what, size_t size)
{
	snprintf(what, size, "%s%s%s%s%s", r->resource.resource,
		 *r->resource.group != '\0' ? "." : "", r->resource.group,
		 r->ns != NULL ? " in namespace " : "", r->ns != NULL ? r->ns : "");
}

bool
reflector_keep_version(struct reflector *r, const char *version)
{
	if (version == NULL || *version == '\0')
		return false;
	buf_clear(&r->version);
	return buf_puts(&r->version, version);
}

void
reflector_malformed(struct reflector *r, const char *why, int64_t mono)
{
	if (++r->malformed < MALFORMED_MOST) {
		reflector_fail(r, NEXT_LIST, why, mono);
		return;
	}
	reflector_move(r, REFLECTOR_BROKEN, why, mono);
	reflector_wait(r, NEXT_LIST, mono + REFLECTOR_BROKEN_WAIT);
}

void
reflector_relist(struct reflector *r, const char *reason, int64_t mono)
{
	int64_t due = backoff_expired(&r->backoff, mono);
	if (due > mono)
		reflector_stale(r, reason, mono);
	reflector_wait(r, NEXT_LIST, due);
}

int64_t
reflector_step(struct reflector *r, int64_t mono)
{
	if (r->held_back && r->ready) {
		r->held_back = false;
		if (r->phase == PHASE_WAIT)
			r->due = mono;
	}
	if (r->phase == PHASE_WATCH && mono >= r->watch_deadline) {
		r->resumed = true;
		reflector_wait(r, NEXT_WATCH, mono);
	}
	if (r->phase == PHASE_WATCH && mono >= r->silence)
		reflector_wait(r, NEXT_LIST, mono);
	if (r->phase == PHASE_WAIT && mono >= r->due) {
		if (r->next == NEXT_WATCH && r->version.length > 0)
			reflector_start_watch(r, mono);
		else
			reflector_start_list(r, mono);
	}
	if (r->phase == PHASE_WAIT)
		return r->due;
	if (r->phase == PHASE_LIST)
		return NEVER; /* the transport ends it */
	return r->silence < r->watch_deadline ? r->silence : r->watch_deadline;
}

bool
reflector_take(struct reflector *r, struct transport_event *event, int64_t mono)
{
	if (r->id == 0 || event->id != r->id)
		return false;
	if (event->kind == TRANSPORT_DATA) {
		/* An error's body comes with DONE. */
		if (r->phase == PHASE_WATCH && event->status == 200)
			reflector_take_data(r, event, mono);
		return true;
	}
	r->id = 0;
	if (r->phase == PHASE_LIST)
		reflector_list_answered(r, event, mono);
	else
		reflector_watch_ended(r, event, mono);
	return true;
}

void
reflector_poke(struct reflector *r, int64_t mono)
{
	if (r->phase == PHASE_LIST) {
		r->again = true;
		return;
	}
	/* In an outage a hurry does not make more than a request a second. */
	bool healthy = r->status.state == REFLECTOR_LIVE || r->status.state == REFLECTOR_POLLING;
	bool hurried = !healthy && r->tried != 0 && mono - r->tried < SECOND;
	reflector_wait(r, NEXT_LIST, hurried ? r->tried + SECOND : mono);
}

void
reflector_reset(struct reflector *r, int64_t mono)
{
	reflector_wait(r, NEXT_LIST, mono);
	buf_clear(&r->version);
	r->again = r->held_back = false;
	r->limit = REFLECTOR_PAGE;
	r->watch_refused = 0;
	r->internal_since = 0;
	r->malformed = 0;
	backoff_reset(&r->backoff);
	r->status = (struct reflector_status){ .state = REFLECTOR_STARTING,
					       .since = mono,
					       .retry = NEVER };
	*r->reason = '\0';
	reflector_hand(r, REFLECTOR_CLEAR, NULL);
}

void
reflector_set_ready(struct reflector *r, bool ready)
{
	r->ready = ready;
}

struct reflector_status
reflector_status(const struct reflector *r)
{
	struct reflector_status status = r->status;
	bool healthy = status.state == REFLECTOR_LIVE || status.state == REFLECTOR_POLLING;

	status.retry = r->phase == PHASE_WAIT && !healthy ? r->due : NEVER;
	status.reason = healthy ? "" : r->reason;
	return status;
}
