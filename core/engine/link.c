#include "core/engine/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/engine/events.h"
#include "core/engine/outcome.h"
#include "core/engine/send.h"
#include "core/engine/views.h"

#define BEAT_EVERY   (1 * SECOND)
#define BEAT_PATIENT (1500 * MILLISECOND)
#define SLEPT \
	(2 * SECOND) /* suspended at least so long: connections are gone (KUBERNETES §3.7) \
			    */
#define SKEW       (5 * MINUTE)  /* more between two clocks is told (KUBERNETES §8) */
#define LATE       (15 * SECOND) /* a turn so late means the same */
#define FACTS_WAIT (3 * SECOND)  /* for who asks, before the journal is opened without */
#define FACT_MOST  (5 * SECOND)  /* for one answer, before it is asked for again */

enum fact { FACT_VERSION, FACT_USER, FACT_CLUSTER, FACT_COUNT };

struct link_watch {
	enum link_state state;
	char text[ERR_TEXT_MAX];
	int64_t since, fresh;
	uint64_t moves;
	int64_t beat, beat_at, beat_next; /* request, when it was sent, when the next is due */
	bool answered;                    /* the last question, in time */
	bool failed;                      /* the last question was not */
	bool broken;                      /* an outage since the identity was last asked */
	int64_t fact[FACT_COUNT];         /* requests */
	bool asked[FACT_COUNT], known[FACT_COUNT];
	bool skewed;         /* and it was told */
	int64_t first;       /* mono ns of the first answer */
	int64_t slept, turn; /* boot - mono, and when it was looked at */
	int64_t stood_still; /* ns, in all */
	uint64_t renewals;   /* of the kubeconfig, seen so far */
	bool unproven;       /* it was read again: is this still the cluster from the start? */
	int64_t sign_in, signed_in; /* serials: of the command under way, of the last that ended */
};

struct link_watch *
link_new(void)
{
	struct link_watch *link = die_alloc(sizeof *link);

	link->state = LINK_STARTING;
	return link;
}

void
link_free(struct engine *engine, struct link_watch *link)
{
	if (link == NULL)
		return;
	if (link->beat != 0)
		engine->transport.cancel(engine->transport.self, link->beat);
	for (int i = 0; i < FACT_COUNT; i++)
		if (link->fact[i] != 0)
			engine->transport.cancel(engine->transport.self, link->fact[i]);
	free(link);
}

static void
move(struct engine *engine, enum link_state state, const char *text)
{
	struct link_watch *link = engine->link;

	if (link->state == state && strcmp(link->text, text) == 0)
		return;
	if (link->state != state)
		link->since = engine->mono;
	link->state = state;
	link->moves++;
	inside_copy(link->text, sizeof link->text, text);
}

static bool
make_fact(struct api_request *request, enum fact fact, struct err *err)
{
	static const struct api_resource namespaces = { .group = "",
							.version = "v1",
							.resource = "namespaces" };

	switch (fact) {
	case FACT_VERSION:
		return api_raw_get(request, "/version", err);
	case FACT_USER:
		return api_self_review(request, err);
	case FACT_CLUSTER:
	case FACT_COUNT:
		break;
	}
	return api_get(request, namespaces, NULL, "kube-system", API_METADATA, err);
}

static void
ask(struct engine *engine, enum fact fact)
{
	struct link_watch *link = engine->link;
	struct api_request request;

	if (link->fact[fact] != 0 || !make_fact(&request, fact, NULL))
		return;
	link->asked[fact] = true;
	if (engine->settings->request_timeout == 0)
		request.request.timeout = FACT_MOST;
	link->fact[fact] = send_start(engine, &request);
}

static void
take_version(struct engine *engine, const struct json *body)
{
	struct server_facts *server = &engine->world->server;
	struct api_git_version version;
	/* From this version on GKE ships the GA pool's CRD (DOMAIN §3.1 step 1). */
	const struct api_git_version ships = {
		.major = 1, .minor = 34, .patch = 0, .gke = 1626000
	};
	const char *text = json_string_at(body, "gitVersion");
	struct buf clean;

	if (text == NULL)
		return;
	buf_init(&clean, 1 * BUF_KIB);
	text_clean(&clean, text, strnlen(text, sizeof server->version - 1));
	inside_copy(server->version, sizeof server->version, clean.bytes);
	buf_release(&clean);
	if (api_git_version(text, &version)) {
		server->gke = version.gke >= 0;
		server->ships_ga_crd = server->gke && api_git_version_at_least(&version, &ships);
	}
	engine->world->change++;
}

static void
take_user(struct engine *engine, const struct json *body)
{
	struct server_facts *server = &engine->world->server;
	const char *name = json_string_at(body, "status.userInfo.username");
	struct buf clean;

	if (name == NULL)
		return;
	buf_init(&clean, 2 * BUF_KIB);
	text_clean(&clean, name, strnlen(name, sizeof server->user - 1));
	inside_copy(server->user, sizeof server->user, clean.bytes);
	buf_release(&clean);
}

/* Everything known is of a cluster that no longer answers here. */
static void
other_cluster(struct engine *engine)
{
	move(engine, LINK_OTHER_CLUSTER, "another cluster answers at this address");
	events_add(engine, EVENT_ERROR, STEP_COUNT, "",
		   "Another cluster answers at %s than at the start: nothing is written any more. "
		   "Quit and look at the "
		   "kubeconfig.",
		   engine->access.server);
	views_reset(engine);
}

static void
take_cluster(struct engine *engine, const struct json *body)
{
	struct server_facts *server = &engine->world->server;
	const char *uid = json_string_at(body, "metadata.uid");

	if (uid == NULL || strlen(uid) >= sizeof server->cluster)
		return;
	if (server->cluster[0] != '\0' && strcmp(server->cluster, uid) != 0) {
		other_cluster(engine);
		return;
	}
	inside_copy(server->cluster, sizeof server->cluster, uid);
	engine->world->change++;
}

static void
take_fact(struct engine *engine, enum fact fact, const struct transport_event *event)
{
	static void (*const take[FACT_COUNT])(struct engine *, const struct json *) = {
		[FACT_VERSION] = take_version,
		[FACT_USER] = take_user,
		[FACT_CLUSTER] = take_cluster,
	};
	struct link_watch *link = engine->link;
	struct api_reply reply;

	link->fact[fact] = 0;
	api_reply_init(&reply, event, false);
	/* Only what is there, what is not, and what may not be known is an answer: anything else is
	 * asked again with the next beat. */
	link->known[fact] = reply.outcome == API_OK || reply.outcome == API_NOT_FOUND ||
			    reply.outcome == API_NOT_INSTALLED ||
			    (reply.outcome == API_FORBIDDEN && fact != FACT_VERSION);
	link->asked[fact] = link->known[fact];
	if (reply.outcome == API_OK)
		take[fact](engine, reply.body);
	if (fact == FACT_CLUSTER && link->known[fact])
		link->unproven = false;
	api_reply_release(&reply);
}

/* Words of the transport about certificates mean that somebody answers, but not whom we trust. */
static bool
is_tls(const struct err *err)
{
	return strstr(err->text, "certificate") != NULL ||
	       strstr(err->text, "secure connection") != NULL;
}

/* The page itself tells a person nothing that the address does not. */
static void
not_kubernetes(struct engine *engine, const struct api_reply *reply)
{
	char text[ERR_TEXT_MAX];

	snprintf(text, sizeof text,
		 "%s answers with HTTP %d and no word of an API server. Look at the server address "
		 "of the context, the VPN, and the proxy in between.",
		 engine->access.server, reply->status);
	move(engine, LINK_NOT_KUBERNETES, text);
}

static void
beat_failed(struct engine *engine, const struct api_reply *reply,
	    const struct transport_event *event)
{
	struct link_watch *link = engine->link;

	link->answered = false;
	link->failed = link->broken = true;
	if (link->state == LINK_OTHER_CLUSTER)
		return;
	if (reply->outcome == API_UNAUTHORIZED)
		move(engine, LINK_SIGN_IN, reply->message);
	else if (reply->outcome == API_NOT_KUBERNETES)
		not_kubernetes(engine, reply);
	else
		move(engine, is_tls(&event->err) ? LINK_TLS : LINK_NO_ANSWER, reply->message);
}

static void
beat_answered(struct engine *engine, bool ready)
{
	struct link_watch *link = engine->link;

	if (link->first == 0)
		link->first = engine->mono;
	if (link->failed && link->state != LINK_OTHER_CLUSTER)
		views_poke_troubled(engine);
	link->answered = true;
	link->failed = false;
	views_set_ready(engine, ready);
	if (link->broken && ready) {
		link->broken = false;
		link->asked[FACT_CLUSTER] = link->asked[FACT_VERSION] = false;
	}
	for (int i = 0; i < FACT_COUNT; i++)
		if (!link->asked[i])
			ask(engine, (enum fact)i);
}

static void
take_beat(struct engine *engine, const struct transport_event *event)
{
	struct link_watch *link = engine->link;
	struct api_reply reply;

	link->beat = 0;
	api_reply_init(&reply, event, false);
	switch (reply.outcome) {
	case API_OK:
	case API_FORBIDDEN: /* some hide it; it answers, and that is what counts */
	case API_NOT_FOUND:
	case API_NOT_INSTALLED:
		beat_answered(engine, true);
		break;
	case API_UNAUTHORIZED:
	case API_NOT_KUBERNETES:
		beat_failed(engine, &reply, event);
		break;
	case API_NO_ANSWER:
		/* Something else was heard since it was asked: slow, not gone. */
		if (link->fresh < link->beat_at)
			beat_failed(engine, &reply, event);
		break;
	default:
		beat_answered(engine, false);
	}
	api_reply_release(&reply);
}

bool
link_take(struct engine *engine, struct transport_event *event)
{
	struct link_watch *link = engine->link;

	if (event->kind != TRANSPORT_DONE)
		return false;
	if (link->beat != 0 && event->id == link->beat) {
		take_beat(engine, event);
		return true;
	}
	for (int i = 0; i < FACT_COUNT; i++)
		if (link->fact[i] != 0 && event->id == link->fact[i]) {
			take_fact(engine, (enum fact)i, event);
			return true;
		}
	return false;
}

void
link_saw(struct engine *engine, const struct transport_event *event)
{
	struct link_watch *link = engine->link;
	int64_t ahead = engine->wall - event->server_date;

	if (event->status != 0 && event->err.code == ERR_NONE)
		link->fresh = engine->mono;
	if (event->server_date == 0 || link->skewed || (ahead < SKEW && ahead > -SKEW))
		return;
	link->skewed = true;
	events_add(engine, EVENT_WARNING, STEP_COUNT, "",
		   "This machine's clock is %lld min %s the API server's: credentials may be taken "
		   "for expired, and times shown are wrong by as much.",
		   (long long)((ahead < 0 ? -ahead : ahead) / MINUTE),
		   ahead < 0 ? "behind" : "ahead of");
}

static void
notice_sleep(struct engine *engine)
{
	struct link_watch *link = engine->link;
	int64_t slept = clock_boot(&engine->clock) - engine->mono;

	if (link->turn != 0 && (slept - link->slept > SLEPT || engine->mono - link->turn > LATE)) {
		events_add(engine, EVENT_INFO, STEP_COUNT, "",
			   "This machine slept: everything is connected and listed again.");
		engine->transport.refresh(engine->transport.self);
		link->stood_still += engine->mono - link->turn;
		link->broken = true;
		views_poke_all(engine);
		link_try_now(engine);
	}
	link->slept = slept;
	link->turn = engine->mono;
}

/* The kubeconfig says something else now: nothing is written before it is known that the same
 * cluster answers (KUBERNETES §1.1, §3.7). */
static void
notice_renewal(struct engine *engine)
{
	struct link_watch *link = engine->link;
	uint64_t renewals = engine->transport.renewals(engine->transport.self);

	if (renewals == link->renewals)
		return;
	link->renewals = renewals;
	link->unproven = link->broken = link->failed = true;
	events_add(engine, EVENT_INFO, STEP_COUNT, "",
		   "The kubeconfig was changed, and is used as it is now.");
	views_poke_all(engine);
	link_try_now(engine);
}

static void
sign_in_ended(struct engine *engine, int64_t serial, bool ok, const char *text)
{
	engine->link->signed_in = serial;
	outcome_tell(engine, serial, ok ? ERR_NONE : ERR_AUTH, text);
}

static void
notice_login(struct engine *engine)
{
	struct link_watch *link = engine->link;
	const char *problem;

	if (link->sign_in == 0 || engine->transport.login(engine->transport.self) == LOGIN_RUNNING)
		return;
	problem = engine->transport.sign_in(engine->transport.self);
	if (problem == NULL && link->state == LINK_SIGN_IN)
		move(engine, LINK_STARTING, "");
	sign_in_ended(engine, link->sign_in, problem == NULL,
		      problem != NULL ? problem : "Signed in.");
	link->sign_in = 0;
	views_poke_all(engine);
	link_try_now(engine);
}

void
link_sign_in(struct engine *engine, int64_t serial)
{
	struct link_watch *link = engine->link;
	struct err err;

	if (link->sign_in != 0)
		sign_in_ended(engine, serial, false, "Somebody is being asked to sign in already.");
	else if (engine->transport.log_in(engine->transport.self, &err))
		link->sign_in = serial;
	else
		sign_in_ended(engine, serial, false, err.text);
}

static void
start_beat(struct engine *engine)
{
	struct link_watch *link = engine->link;
	struct api_request request;

	if (!api_raw_get(&request, "/readyz", NULL))
		return;
	request.request.timeout = BEAT_PATIENT;
	link->beat_at = engine->mono;
	link->beat_next = engine->mono + BEAT_EVERY;
	link->beat = send_start(engine, &request);
}

/* What stands in the way when it does answer. */
static void
judge(struct engine *engine)
{
	struct link_watch *link = engine->link;
	char text[ERR_TEXT_MAX];
	const char *sign_in = engine->transport.sign_in(engine->transport.self);

	if (link->state == LINK_OTHER_CLUSTER)
		return;
	if (sign_in != NULL)
		move(engine, LINK_SIGN_IN, sign_in);
	else if (!link->answered || link->failed)
		return;
	else if (views_forbidden(engine, text, sizeof text))
		move(engine, LINK_FORBIDDEN, text);
	else if (views_polling(engine))
		move(engine, LINK_POLLING, "");
	else
		move(engine, LINK_LIVE, "");
}

int64_t
link_step(struct engine *engine)
{
	struct link_watch *link = engine->link;

	notice_sleep(engine);
	notice_renewal(engine);
	notice_login(engine);
	if (link->beat == 0 && engine->mono >= link->beat_next)
		start_beat(engine);
	judge(engine);
	views_set_heard(engine, link_live(link), link->fresh);
	return link->beat == 0 ? link->beat_next : NEVER;
}

void
link_try_now(struct engine *engine)
{
	struct link_watch *link = engine->link;

	/* Never more than one a second, however often it is asked for. */
	if (link->beat == 0 && engine->mono - link->beat_at >= BEAT_EVERY)
		link->beat_next = engine->mono;
}

bool
link_live(const struct link_watch *link)
{
	return link->answered && !link->unproven &&
	       (link->state == LINK_LIVE || link->state == LINK_POLLING ||
		link->state == LINK_FORBIDDEN);
}

bool
link_other_cluster(const struct link_watch *link)
{
	return link->state == LINK_OTHER_CLUSTER;
}

bool
link_identified(const struct link_watch *link)
{
	if (link->state == LINK_OTHER_CLUSTER || link->first == 0)
		return false;
	/* The journal is the cluster's: opened without knowing which, it would be another one. */
	return link->known[FACT_CLUSTER] &&
	       (link->known[FACT_USER] || link->turn - link->first >= FACTS_WAIT);
}

int64_t
link_stood_still(const struct link_watch *link)
{
	return link->stood_still;
}

uint64_t
link_moves(const struct link_watch *link)
{
	return link->moves;
}

struct link
link_view(const struct engine *engine, struct arena *arena)
{
	const struct link_watch *link = engine->link;
	const struct engine_access *access = &engine->access;
	const char *user =
		engine->world->server.user[0] != '\0' ? engine->world->server.user : access->user;
	bool live = link_live(link) || link->state == LINK_STARTING ||
		    link->state == LINK_OTHER_CLUSTER;

	return (struct link){
		.state = link->state,
		.text = arena_string(arena, link->text),
		.fresh = link->fresh,
		.since = link->since,
		.retry = live              ? NEVER
			 : link->beat != 0 ? engine->mono
					   : link->beat_next,
		.context = arena_string(arena, access->context),
		.server = arena_string(arena, access->server),
		.user = arena_string(arena, user),
		.ns = arena_string(arena, access->ns),
		.insecure = access->insecure,
		.may_log_in = engine->transport.login(engine->transport.self) == LOGIN_POSSIBLE,
		.signed_in = link->signed_in,
		.warnings = arena_string(arena, access->warnings),
	};
}
