#include "core/kube/reflector_inside.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

#define WATCH_SHORT \
	(1 * SECOND) /* a watch that ends sooner without an event is a failure (§3.3) \
		      */
#define WATCH_SILENCE \
	(90 *         \
	 SECOND) /* a resumed watch without a bookmark: the version may be in the future (§3.7) */
#define WATCH_OVERTIME (30 * SECOND)
#define SAME_VERSION \
	(1 * MINUTE) /* how long InternalError is retried from the same version (§3.3) */

void
reflector_start_watch(struct reflector *r, int64_t mono)
{
	struct api_request request;
	struct err err;
	int seconds = 300 + (int)(backoff_random(&r->backoff) % 301);

	if (!api_watch(&request, r->resource, r->ns, API_WHOLE, r->version.bytes, seconds, &err)) {
		reflector_move(r, REFLECTOR_BROKEN, err.text, mono);
		reflector_wait(r, NEXT_LIST, mono + REFLECTOR_BROKEN_WAIT);
		return;
	}
	watch_release(&r->watch);
	watch_init(&r->watch);
	r->phase = PHASE_WATCH;
	r->watch_began = mono;
	r->watch_deadline = mono + seconds * SECOND + WATCH_OVERTIME;
	r->watch_events = 0;
	r->silence = r->resumed ? mono + WATCH_SILENCE : NEVER;
	r->id = r->transport.start(r->transport.self, &request.request);
	api_request_release(&request);
}

/* An ERROR event is a Status about the watch itself (§3.3). */
static void
take_error(struct reflector *r, const struct json *status, int64_t mono)
{
	int64_t code = json_integer_at(status, "code", 500);
	const char *reason = json_string_at(status, "reason");
	char what[256], text[512];

	reflector_describe(r, what, sizeof what);
	snprintf(text, sizeof text, "The server ended the watch of %s (%s, %d).", what,
		 reason != NULL ? reason : "no reason", (int)code);
	if (code == 410 || text_equal(reason, "Expired") || text_equal(reason, "Gone")) {
		reflector_relist(r, text, mono);
		return;
	}
	if (code == 429) {
		reflector_fail(r, NEXT_WATCH, text, mono);
		return;
	}
	if (r->internal_since == 0)
		r->internal_since = mono;
	bool same = (code == 500 || text_equal(reason, "InternalError")) &&
		    mono - r->internal_since < SAME_VERSION;
	reflector_fail(r, same ? NEXT_WATCH : NEXT_LIST, text, mono);
	if (!same)
		r->internal_since = 0;
}

static const struct {
	const char *type;
	enum reflector_change change;
} event_types[] = {
	{ "ADDED", REFLECTOR_UPSERT },
	{ "MODIFIED", REFLECTOR_UPSERT },
	{ "DELETED", REFLECTOR_DELETE },
};

/* False when the watch does not go on. */
static bool
take_event(struct reflector *r, const struct json *event, int64_t mono)
{
	const char *type = json_string_at(event, "type");
	const struct json *object = json_get(event, "object");

	if (text_equal(type, "ERROR")) {
		take_error(r, object, mono);
		return false;
	}
	bool known = text_equal(type, "BOOKMARK");
	for (size_t i = 0; i < sizeof event_types / sizeof *event_types && !known; i++) {
		if (!text_equal(type, event_types[i].type))
			continue;
		known = json_type(object) == JSON_OBJECT;
		if (known)
			reflector_hand(r, event_types[i].change, object);
	}
	if (!known ||
	    !reflector_keep_version(r, json_string_at(object, "metadata.resourceVersion"))) {
		reflector_malformed(r,
				    "The watch brought a change of a kind that is not known; the "
				    "list is read again.",
				    mono);
		return false;
	}
	r->watch_events++;
	r->malformed = 0;
	r->internal_since = 0;
	r->silence = NEVER;
	return true;
}

void
reflector_take_data(struct reflector *r, struct transport_event *event, int64_t mono)
{
	const char *data = event->body.bytes;
	size_t length = event->body.length;
	struct err err = { .code = ERR_NONE };

	/* The answer has begun: the watch stands, even when there is nothing to tell yet. */
	r->status.fresh = mono;
	reflector_move(r, REFLECTOR_LIVE, "", mono);
	while (length > 0 && watch_next(&r->watch, &data, &length, &err)) {
		struct json *document =
			json_parse(r->watch.event.bytes, r->watch.event.length, &err);
		if (document == NULL) {
			reflector_malformed(r, err.text, mono);
			return;
		}
		bool goes_on = take_event(r, document, mono);
		json_free(document);
		if (!goes_on)
			return;
	}
	if (err.code != ERR_NONE)
		reflector_malformed(r, err.text, mono);
}

static void
watch_refused(struct reflector *r, int64_t mono)
{
	r->watch_refused = mono;
	reflector_wait(r, NEXT_LIST, mono);
}

/* What the server said instead of a stream. */
static void
watch_failed(struct reflector *r, const struct transport_event *event, int64_t mono)
{
	struct api_reply reply;
	struct err err = { .code = ERR_NONE };
	char what[256];

	reflector_describe(r, what, sizeof what);
	api_reply_init(&reply, event, false);
	if (api_reply_explain(&reply, event, "watch", what, &err))
		err_set(&err, ERR_NETWORK, "The watch of %s was not answered with a stream.", what);
	if (reply.outcome == API_FORBIDDEN || reply.status == 405)
		watch_refused(r, mono);
	else if (reply.outcome == API_EXPIRED || reply.outcome == API_NOT_INSTALLED ||
		 reply.outcome == API_NOT_FOUND)
		reflector_relist(r, err.text, mono);
	else if (reply.outcome == API_BUSY)
		reflector_busy(r, NEXT_WATCH, &reply, err.text, mono);
	else
		reflector_fail(r, reply.outcome == API_INVALID ? NEXT_LIST : NEXT_WATCH, err.text,
			       mono);
	api_reply_release(&reply);
}

void
reflector_watch_ended(struct reflector *r, const struct transport_event *event, int64_t mono)
{
	r->resumed = true;
	if (event->status != 200) {
		watch_failed(r, event, mono);
		return;
	}
	if (event->err.code != ERR_NONE) {
		reflector_fail(r, NEXT_WATCH, event->err.text, mono);
		return;
	}
	if (mono - r->watch_began < WATCH_SHORT && r->watch_events == 0) {
		reflector_fail(
			r, NEXT_WATCH,
			"The server ends watches at once; they are taken up again more slowly.",
			mono);
		return;
	}
	/* The server's own time limit: nothing is wrong (§3.3). */
	reflector_wait(r, NEXT_WATCH,
		       mono + (int64_t)(backoff_random(&r->backoff) % (uint64_t)SECOND));
}
