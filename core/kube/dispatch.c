#include "core/kube/dispatch.h"

#include <string.h>

#define KEPT_MOST (60 * SECOND) /* what was started before a drop gets no kept connection so long */
#define LOOK_REST (1 * SECOND)  /* between two looks at the files */

static bool
use(struct dispatch *d, const struct access *access, struct err *err)
{
	struct address server;

	if (!address_parse(access->server, &server))
		return err_set(err, ERR_INPUT, "The server address %.200s cannot be used.",
			       access->server);
	signin_free(d->signin);
	d->access = access;
	d->server = server;
	d->signin = signin_new(access, &d->clock);
	d->certificate_generation = 1;
	return true;
}

bool
dispatch_init(struct dispatch *d, const struct access *access, const struct clock *clock,
	      void (*end)(struct transfer *), struct err *err)
{
	*d = (struct dispatch){ .clock = *clock, .end = end, .next_id = 1, .bucket_due = NEVER };
	return use(d, access, err);
}

void
dispatch_release(struct dispatch *d)
{
	while (d->transfers != NULL) {
		struct transfer *t = d->transfers;
		d->transfers = t->next;
		d->end(t);
		transfer_free(t);
	}
	signin_free(d->signin);
	accessrenew_free(d->renew);
}

void
dispatch_watch(struct dispatch *d, const struct access_options *options)
{
	accessrenew_free(d->renew);
	d->renew = accessrenew_new(d->access, options);
}

struct transfer *
dispatch_add(struct dispatch *d, const struct transport_request *request)
{
	struct transfer *t = transfer_new(request, d->next_id++, clock_mono(&d->clock));

	transfer_append(&d->transfers, t);
	return t;
}

void
dispatch_cancel(struct dispatch *d, int64_t id)
{
	struct transfer *t = transfer_unlink(&d->transfers, id);

	if (t == NULL)
		return;
	d->end(t);
	transfer_free(t);
}

static void
fail(struct dispatch *d, struct transfer *t, enum fault_kind kind, const char *detail,
     int64_t after, enum transport_sent sent)
{
	transfer_fail(t, d->access, kind, detail, after, sent);
	d->end(t);
}

void
dispatch_drop(struct dispatch *d)
{
	for (struct transfer *t = d->transfers; t != NULL; t = t->next)
		if (t->call != NULL && t->mode != TRANSPORT_WRITE)
			fail(d, t, FAULT_DROPPED, "", 0, SENT_MAYBE);
	d->fresh_until = clock_mono(&d->clock) + KEPT_MOST;
}

/* A write under way keeps the access it was begun with; its end is waited for. */
static bool
is_writing(const struct dispatch *d)
{
	for (const struct transfer *t = d->transfers; t != NULL; t = t->next)
		if (t->call != NULL && t->mode == TRANSPORT_WRITE)
			return true;
	return false;
}

/* The files have something new to say: from now on everything goes by that. */
static bool
read_again(struct dispatch *d)
{
	const struct access *fresh;
	int64_t mono = clock_mono(&d->clock);

	if (d->renew == NULL || mono < d->look_allowed || is_writing(d))
		return false;
	d->look_allowed = mono + LOOK_REST;
	fresh = accessrenew_look(d->renew);
	if (fresh == NULL || !use(d, fresh, NULL))
		return false;
	d->renewals++;
	dispatch_drop(d);
	return true;
}

/* True when it may begin. */
static bool
may_begin(struct dispatch *d, struct transfer *t, struct signin_pass *pass)
{
	int64_t due = NEVER;

	*pass = (struct signin_pass){ 0 };
	if (t->where != TRANSPORT_CLUSTER)
		return true;
	switch (signin_ask(d->signin, pass, &t->err)) {
	case SIGNIN_WAITING:
		return false;
	case SIGNIN_FAILED:
		d->doubt = true;
		t->sent = SENT_NO;
		t->done = true;
		return false;
	case SIGNIN_READY:
		t->err.code = ERR_NONE;
	}
	if (pass->certificate_generation != d->certificate_generation) {
		d->certificate_generation = pass->certificate_generation;
		dispatch_drop(d);
	}
	if (t->mode == TRANSPORT_STREAM || t->next_page ||
	    bucket_take(&d->bucket, clock_mono(&d->clock), &due))
		return true;
	d->bucket_due = due < d->bucket_due ? due : d->bucket_due;
	return false;
}

struct transfer *
dispatch_next(struct dispatch *d, const struct transfer *after, struct signin_pass *pass)
{
	if (after == NULL) {
		d->bucket_due = NEVER;
		if (d->doubt)
			read_again(d);
	}
	for (struct transfer *t = after == NULL ? d->transfers : after->next; t != NULL;
	     t = t->next)
		if (t->call == NULL && !t->done && may_begin(d, t, pass)) {
			t->heard = clock_mono(&d->clock);
			t->generation = pass->generation;
			return t;
		}
	return NULL;
}

bool
dispatch_may_reuse(const struct dispatch *d, const struct transfer *t)
{
	return t->mode == TRANSPORT_READ && t->heard >= d->fresh_until;
}

void
dispatch_broke(struct dispatch *d, struct transfer *t, enum fault_kind kind, const char *detail,
	       int64_t after, enum transport_sent sent)
{
	if (t->where == TRANSPORT_CLUSTER)
		d->doubt = true;
	fail(d, t, kind, detail, after, sent);
}

/* 401 means not executed: any verb may go once more (KUBERNETES §2.2), but a write not to an
 * address that was not there when it was decided on. */
static bool
may_replay(struct dispatch *d, const struct transfer *t)
{
	if (t->replayed)
		return false;
	return signin_refused(d->signin, t->generation) ||
	       (read_again(d) && t->mode != TRANSPORT_WRITE);
}

void
dispatch_answered(struct dispatch *d, struct transfer *t)
{
	uint64_t before = d->renewals;

	d->end(t);
	if (t->where == TRANSPORT_CLUSTER && t->head.status != 401)
		signin_accepted(d->signin);
	else if (t->where == TRANSPORT_CLUSTER && may_replay(d, t)) {
		transfer_put_back(t);
		return;
	} else if (t->where == TRANSPORT_CLUSTER && d->renewals == before)
		signin_rejected(d->signin);
	if (t->where == TRANSPORT_CLUSTER)
		d->doubt = t->head.status == 401 || t->head.status == 403;
	t->sent = SENT_YES;
	t->done = true;
}

void
dispatch_hurry(struct dispatch *d)
{
	d->doubt = true;
	signin_hurry(d->signin);
	dispatch_drop(d);
}

/* Our own: the library's speed check would wake up every second for each stream (§3.4). */
static int64_t
cut_silent(struct dispatch *d)
{
	int64_t mono = clock_mono(&d->clock), due = NEVER;

	for (struct transfer *t = d->transfers; t != NULL; t = t->next) {
		int64_t at = t->call != NULL ? transfer_silent_at(t) : NEVER;

		if (at <= mono)
			dispatch_broke(d, t, FAULT_SILENT, "", transfer_silence(t), SENT_MAYBE);
		else if (at < due)
			due = at;
	}
	return due;
}

int64_t
dispatch_step(struct dispatch *d)
{
	int64_t due = signin_step(d->signin), silent = cut_silent(d);

	due = silent < due ? silent : due;
	return d->bucket_due < due ? d->bucket_due : due;
}

const char *
dispatch_problem(const struct dispatch *d)
{
	const char *problem = signin_problem(d->signin), *changed;

	if (problem == NULL || d->renew == NULL)
		return problem;
	changed = accessrenew_problem(d->renew);
	return changed != NULL ? changed : problem;
}
