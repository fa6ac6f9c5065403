#include "core/engine/tenure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/engine/book.h"
#include "core/engine/events.h"
#include "core/engine/link.h"
#include "core/engine/send.h"
#include "core/engine/tenure_inside.h"

#define LOOK_IDLE     (10 * SECOND)
#define LOOK_WRITING  (2 * SECOND) /* how late a freeze is heard of, at most */
#define LOOK_DENIED   (60 * SECOND)
#define LOOK_AGAIN    (500 * MILLISECOND)
#define ANSWERED      (10 * SECOND) /* what comes later is not worth waiting for: it is asked again */
#define WATCHED       (15 * SECOND) /* a lapsed Lease that nobody renewed for so long is free */
#define RELEASE_TRIES 3
#define LINGER        (1 * SECOND) /* after a command: an abort, or the next, finds it still ours */
#define SAFE          (5 * SECOND) /* before its end nothing is written any more */
#define OLD           (5 * MINUTE) /* without a renewal, by any clock: nothing is on its way */

struct tenure *
tenure_new(void)
{
	return die_alloc(sizeof(struct tenure));
}

void
tenure_free(struct engine *engine, struct tenure *tenure)
{
	if (tenure == NULL)
		return;
	if (tenure->request != 0)
		engine->transport.cancel(engine->transport.self, tenure->request);
	free(tenure);
}

static struct lease_self
self_of(const struct engine *engine)
{
	return (struct lease_self){ .name = engine->self.name, .mark = engine->self.mark };
}

static enum lease_standing
standing(const struct engine *engine)
{
	const struct lease_self self = self_of(engine);

	return lease_standing(&engine->tenure->lease, &self, engine->wall);
}

static void
see(struct engine *engine, const struct json *object)
{
	struct tenure *tenure = engine->tenure;
	struct lease fresh;

	lease_read(object, &fresh);
	if (strcmp(fresh.uid, tenure->lease.uid) != 0 ||
	    strcmp(fresh.version, tenure->lease.version) != 0 || tenure->looked == 0)
		tenure->seen = engine->mono;
	if (fresh.frozen != tenure->lease.frozen || strcmp(fresh.holder, tenure->lease.holder) != 0)
		tenure->moves++;
	tenure->lease = fresh;
	tenure->trouble[0] = '\0';
}

/* Somebody took what was ours, or it was deleted: told, and nothing is written without it. */
static void
judge_ours(struct engine *engine)
{
	struct tenure *tenure = engine->tenure;
	char holder[400];
	bool ours = standing(engine) == LEASE_OURS;

	if (tenure->ours && !ours) {
		tenure->moves++;
		events_add(engine, EVENT_WARNING, STEP_COUNT, "", "%s is no longer ours%s%s.",
			   LEASE_TITLE, tenure->lease.holder[0] != '\0' ? "; it is held by " : "",
			   tenure->lease.holder[0] != '\0'
				   ? lease_say_holder(&tenure->lease, holder, sizeof holder)
				   : "");
	}
	if (ours && !tenure->ours)
		tenure->renewed = engine->mono - (engine->wall - tenure->lease.renewed);
	tenure->ours = ours;
}

/* `kept`: it was nobody else's since it was ours last. */
static void
note_ours(struct engine *engine, bool kept)
{
	struct tenure *tenure = engine->tenure;
	bool before = tenure->ours;

	judge_ours(engine);
	if (tenure->ours && !before && !kept)
		tenure->since = tenure->quiet > engine->mono ? tenure->quiet : engine->mono;
}

static bool
process_is_gone(const struct engine *engine)
{
	const char *mark = engine->tenure->lease.mark;

	return *mark != '\0' && engine->self.is_gone != NULL &&
	       engine->self.is_gone(engine->self.self, mark);
}

/* A Lease whose time is over by our clock may be renewed by a clock that is behind: it is watched
 * until it is certain that nobody does. */
static bool
may_be_taken(const struct engine *engine)
{
	enum lease_standing how = standing(engine);

	if (how == LEASE_FREE || how == LEASE_OURS)
		return true;
	if (process_is_gone(engine))
		return true;
	return how == LEASE_LAPSED && engine->mono - engine->tenure->seen >= WATCHED;
}

/* It was not released, so that its holder may have died over a write, which the API server may
 * still do (BOOK_LATE). Of one whose journal is ours, that tells what is open. */
static int64_t
quiet_from(const struct engine *engine)
{
	const struct tenure *tenure = engine->tenure;
	const struct journal *journal = book_journal(engine->book);
	int64_t sent = inside_sooner(engine->mono, tenure->seen + LEASE_LASTS - SAFE);

	if (engine->wall - tenure->lease.renewed >= OLD ||
	    (journal != NULL && journal_ran(journal, tenure->lease.mark)))
		return engine->mono;
	return sent + BOOK_LATE;
}

static void
remember_from(struct engine *engine)
{
	struct tenure *tenure = engine->tenure;
	enum lease_standing how = standing(engine);
	char holder[400];

	tenure->from[0] = '\0';
	tenure->quiet = engine->mono;
	if (how == LEASE_FREE || how == LEASE_OURS)
		return;
	tenure->quiet = quiet_from(engine);
	snprintf(tenure->from, sizeof tenure->from, "%s, %s",
		 lease_say_holder(&tenure->lease, holder, sizeof holder),
		 process_is_gone(engine) ? "whose program runs no longer"
					 : "who has not renewed it in time");
}

static void
tell_taken_over(struct engine *engine)
{
	struct tenure *tenure = engine->tenure;

	if (tenure->from[0] != '\0')
		events_add(engine, EVENT_WARNING, STEP_COUNT, "", "%s was taken over from %s.%s",
			   LEASE_TITLE, tenure->from,
			   tenure->since > engine->mono
				   ? " What it sent last may still be done by the API server, "
				     "which is waited for."
				   : "");
	tenure->from[0] = '\0';
}

static const struct api_resource leases = { LEASE_GROUP, LEASE_VERSION, LEASE_RESOURCE };

static bool
make(struct engine *engine, struct api_request *request, enum tenure_job job)
{
	const struct tenure *tenure = engine->tenure;
	const struct lease *lease = &tenure->lease;
	const struct lease_self self = self_of(engine);
	const char *reason = tenure->freeze_reason;
	struct buf body;
	bool made;

	if (job == TENURE_LOOK)
		return api_get(request, leases, LEASE_NS, LEASE_NAME, API_WHOLE, NULL);
	buf_init(&body, 32 * BUF_KIB);
	switch (job) {
	case TENURE_LOOK:
	case TENURE_NOTHING:
		break;
	case TENURE_TAKE:
		if (lease->there)
			lease_write_take(lease, &self, engine->wall, &body);
		else
			lease_write_new(&self, engine->wall, &body);
		break;
	case TENURE_RENEW:
		lease_write_renew(engine->wall, &body);
		break;
	case TENURE_RELEASE:
		lease_write_release(engine->wall, &body);
		break;
	case TENURE_FREEZE:
		if (lease->there)
			lease_write_freeze(lease, &self, reason, engine->wall, &body);
		else
			lease_write_new_frozen(&self, reason, engine->wall, &body);
		break;
	case TENURE_THAW:
		lease_write_thaw(&body);
		break;
	}
	if (lease->there)
		made = api_patch(request, leases, LEASE_NS, LEASE_NAME, body.bytes, body.length,
				 lease->uid, lease->version, API_FOR_REAL, NULL);
	else
		made = api_create(request, leases, LEASE_NS, body.bytes, body.length, API_FOR_REAL,
				  NULL);
	buf_release(&body);
	return made;
}

void
tenure_start(struct engine *engine, enum tenure_job job)
{
	struct tenure *tenure = engine->tenure;
	struct api_request request;

	if (!make(engine, &request, job))
		return;
	if (job == TENURE_TAKE)
		remember_from(engine);
	tenure->job = job;
	tenure->asked = engine->mono;
	request.request.timeout = ANSWERED;
	if (engine->settings->request_timeout > 0)
		request.request.timeout =
			inside_sooner(ANSWERED, engine->settings->request_timeout);
	tenure->request = send_start(engine, &request);
}

static void
note_trouble(struct engine *engine, const struct api_reply *reply,
	     const struct transport_event *event, const char *verb)
{
	struct tenure *tenure = engine->tenure;
	struct err err = { .code = ERR_NONE };

	api_reply_explain(reply, event, verb, LEASE_TITLE, &err);
	inside_copy(tenure->trouble, sizeof tenure->trouble, err.text);
	tenure->denied = reply->outcome == API_FORBIDDEN || reply->outcome == API_NOT_INSTALLED;
	tenure->moves++;
}

static void
looked(struct engine *engine, const struct api_reply *reply, const struct transport_event *event)
{
	struct tenure *tenure = engine->tenure;

	if (reply->outcome == API_OK || reply->outcome == API_NOT_FOUND) {
		tenure->denied = tenure->unsure = false;
		see(engine, reply->outcome == API_OK ? reply->body : NULL);
		tenure->looked = tenure->asked;
		note_ours(engine, tenure->ours);
		return;
	}
	note_trouble(engine, reply, event, "get");
	if (tenure->denied)
		tenure->looked = tenure->asked;
}

static void
wrote(struct engine *engine, enum tenure_job job, const struct api_reply *reply,
      const struct transport_event *event)
{
	struct tenure *tenure = engine->tenure;

	/* Nobody but us has touched it: then nobody else has written in between. */
	bool kept = tenure->ours || text_equal(tenure->lease.version, tenure->left);

	if (reply->outcome != API_OK) {
		tenure->unsure = true;
		if (reply->outcome != API_CONFLICT && reply->outcome != API_EXISTS)
			note_trouble(engine, reply, event,
				     tenure->lease.there ? "patch" : "create");
		return;
	}
	see(engine, reply->body);
	if (job == TENURE_RELEASE)
		tenure->ours = false;
	inside_copy(tenure->left, sizeof tenure->left, tenure->lease.version);
	note_ours(engine, kept);
	if (job == TENURE_TAKE || job == TENURE_RENEW)
		tenure->renewed = tenure->asked;
	if (job == TENURE_TAKE)
		tell_taken_over(engine);
}

static int64_t
next_look(const struct tenure *tenure)
{
	bool urgent = tenure->wanted || tenure->ours || tenure->freeze_serial != 0;

	/* A renewal that was refused once is tried again as long as it is ours. */
	if (tenure->denied)
		return tenure->ours ? LOOK_WRITING : LOOK_DENIED;
	if (tenure->unsure && tenure->trouble[0] == '\0') /* somebody was faster */
		return 0;
	if (urgent && (tenure->unsure || tenure->trouble[0] != '\0'))
		return LOOK_AGAIN;
	return urgent ? LOOK_WRITING : LOOK_IDLE;
}

bool
tenure_take(struct engine *engine, struct transport_event *event)
{
	struct tenure *tenure = engine->tenure;
	enum tenure_job job = tenure->job;
	struct api_reply reply;

	if (tenure->request == 0 || event->id != tenure->request)
		return false;
	if (event->kind != TRANSPORT_DONE)
		return true;
	tenure->request = 0;
	tenure->job = TENURE_NOTHING;
	api_reply_init(&reply, event, job != TENURE_LOOK);
	if (job == TENURE_LOOK)
		looked(engine, &reply, event);
	else
		wrote(engine, job, &reply, event);
	tenure->due = engine->mono + next_look(tenure);
	api_reply_release(&reply);
	return true;
}

static void
release_step(struct engine *engine)
{
	struct tenure *tenure = engine->tenure;

	if (tenure->release_tries++ >= RELEASE_TRIES) {
		tenure->ours = false;
		events_add(engine, EVENT_WARNING, STEP_COUNT, "",
			   "%s could not be released; it is free %d s after its last renewal.",
			   LEASE_TITLE, (int)(LEASE_LASTS / SECOND));
		return;
	}
	tenure_start(engine, TENURE_RELEASE);
}

static bool
wants_take(const struct engine *engine)
{
	const struct tenure *tenure = engine->tenure;

	return tenure->wanted && !tenure->ours && !tenure->denied &&
	       tenure->looked >= tenure->wanted_since && !tenure->lease.frozen &&
	       !engine->settings->no_lease && may_be_taken(engine);
}

static int64_t
next_renewal(const struct engine *engine)
{
	const struct tenure *tenure = engine->tenure;
	bool kept = tenure->wanted || book_may_come(engine);

	return kept && tenure->ours && !tenure->unsure ? tenure->renewed + LEASE_RENEW : NEVER;
}

/* What of ours may still come is nobody else's to run into: as long as that lasts it is kept, by
 * the end of a program left to lapse. */

static int64_t
next_release(const struct engine *engine)
{
	const struct tenure *tenure = engine->tenure;

	if (!tenure->ours || tenure->wanted || book_may_come(engine))
		return NEVER;
	return engine->quit ? engine->mono : tenure->idle_since + LINGER;
}

static void
write_step(struct engine *engine)
{
	struct tenure *tenure = engine->tenure;

	if (tenure->freeze_serial != 0)
		tenure_freeze_step(engine);
	else if (tenure->unsure)
		return;
	else if (engine->mono >= next_release(engine))
		release_step(engine);
	else if (wants_take(engine))
		tenure_start(engine, TENURE_TAKE);
	else if (engine->mono >= next_renewal(engine))
		tenure_start(engine, TENURE_RENEW);
}

int64_t
tenure_step(struct engine *engine)
{
	struct tenure *tenure = engine->tenure;

	if (link_other_cluster(engine->link) || !link_identified(engine->link))
		return NEVER;
	if (tenure->request == 0)
		write_step(engine);
	if (tenure->request == 0 && engine->mono >= tenure->due)
		tenure_start(engine, TENURE_LOOK);
	return tenure->request != 0
		       ? NEVER
		       : inside_sooner(inside_sooner(tenure->due, next_renewal(engine)),
				       next_release(engine));
}

static enum tenure_answer
refuse_other(struct engine *engine, struct err *err)
{
	char holder[400];

	err_set(err, ERR_CONFLICT,
		"%s is writing to this cluster now: %s is theirs. Nothing is written from "
		"here until that ends.",
		lease_say_holder(&engine->tenure->lease, holder, sizeof holder), LEASE_TITLE);
	return TENURE_REFUSED;
}

static enum tenure_answer
refuse_denied(struct engine *engine, struct err *err)
{
	err_set(err, ERR_DENIED,
		"%s Without it nobody is kept from writing at the same time; --no-lease goes on all "
		"the same.",
		engine->tenure->trouble);
	return TENURE_REFUSED;
}

/* Nothing keeps it from being taken but time. */
static enum tenure_answer
wait_for(struct engine *engine, const char *what, struct err *err)
{
	struct tenure *tenure = engine->tenure;
	int64_t waits_since =
		tenure->had > tenure->wanted_since ? tenure->had : tenure->wanted_since;

	if (engine->mono - waits_since < TENURE_PATIENCE)
		return TENURE_BUSY;
	err_set(err, ERR_NETWORK, "%s could not be %s, so nothing was written. %s", LEASE_TITLE,
		what, tenure->trouble);
	return TENURE_REFUSED;
}

/* Of a Lease that is still ours nothing has to be asked first: an abort cannot wait. */
static void
begin(struct engine *engine)
{
	struct tenure *tenure = engine->tenure;

	tenure->wanted = true;
	tenure->wanted_since = engine->mono;
	tenure->release_tries = 0;
	if (tenure->ours && tenure->request == 0 && !tenure->unsure) {
		tenure->wanted_since = tenure->looked;
		return;
	}
	tenure->due = engine->mono;
	tenure_step(engine);
}

enum tenure_answer
tenure_ask(struct engine *engine, struct err *err)
{
	struct tenure *tenure = engine->tenure;
	char text[1000];

	if (engine->settings->read_only || engine->settings->dry_run)
		return TENURE_OURS;
	if (!tenure->wanted)
		begin(engine);
	if (tenure->looked < tenure->wanted_since)
		return wait_for(engine, "read", err);
	if (tenure->lease.frozen) {
		err_set(err, ERR_REJECTED,
			"%s. Nothing more is written; `poolshift unfreeze` ends that.",
			lease_say_freeze(&tenure->lease, text, sizeof text));
		return TENURE_REFUSED;
	}
	if (tenure->ours && engine->mono - tenure->renewed < LEASE_LASTS - SAFE) {
		tenure->had = engine->mono;
		return TENURE_OURS;
	}
	if (tenure->denied)
		return engine->settings->no_lease ? TENURE_OURS : refuse_denied(engine, err);
	if (standing(engine) == LEASE_HELD && !process_is_gone(engine))
		return refuse_other(engine, err);
	return engine->settings->no_lease ? TENURE_OURS : wait_for(engine, "taken", err);
}

int64_t
tenure_since(const struct engine *engine)
{
	return engine->tenure->ours ? engine->tenure->since : 0;
}

void
tenure_release(struct engine *engine)
{
	engine->tenure->wanted = false;
	engine->tenure->idle_since = engine->mono;
	engine->tenure->release_tries = 0;
}

bool
tenure_busy(const struct engine *engine)
{
	const struct tenure *tenure = engine->tenure;

	return tenure->freeze_serial != 0 || (tenure->ours && !book_may_come(engine)) ||
	       tenure->job == TENURE_TAKE || tenure->job == TENURE_RELEASE;
}

const char *
tenure_other(const struct engine *engine, char *text, size_t size)
{
	if (standing(engine) != LEASE_HELD || process_is_gone(engine))
		return "";
	return lease_say_holder(&engine->tenure->lease, text, size);
}

const char *
tenure_frozen(const struct engine *engine, char *text, size_t size)
{
	return engine->tenure->lease.frozen ? lease_say_freeze(&engine->tenure->lease, text, size)
					    : "";
}

struct lease_view
tenure_view(const struct engine *engine, struct arena *arena)
{
	const struct tenure *tenure = engine->tenure;
	const struct lease *lease = &tenure->lease;
	enum lease_standing how = standing(engine);

	return (struct lease_view){
		.state = tenure->looked == 0   ? LEASE_VIEW_UNKNOWN
			 : tenure->denied      ? LEASE_VIEW_DENIED
			 : how == LEASE_OURS   ? LEASE_VIEW_OURS
			 : how == LEASE_HELD   ? LEASE_VIEW_HELD
			 : how == LEASE_LAPSED ? LEASE_VIEW_LAPSED
					       : LEASE_VIEW_FREE,
		.name = LEASE_NS "/" LEASE_NAME,
		.holder = arena_string(arena, lease->holder),
		.since = lease->acquired,
		.frozen = lease->frozen,
		.frozen_by = arena_string(arena, lease->frozen_by),
		.frozen_reason = arena_string(arena, lease->frozen_reason),
		.frozen_since = lease->frozen_at,
		.trouble = arena_string(arena, tenure->trouble),
	};
}

uint64_t
tenure_moves(const struct tenure *tenure)
{
	return tenure->moves;
}
