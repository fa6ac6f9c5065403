#include "core/kube/reflector_inside.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

#define FORBIDDEN_RETRY (60 * SECOND)
#define MISSING_RETRY   (30 * SECOND)
#define WATCH_AGAIN \
	(10 * MINUTE) /* how long polling goes on before a refused watch is tried again */

void
reflector_start_list(struct reflector *r, int64_t mono)
{
	struct api_request request;
	struct err err;

	if (r->token.length == 0)
		r->list_began = mono;
	r->tried = mono;
	if (!api_list(&request, r->resource, r->ns, API_WHOLE, r->limit, r->token.bytes, &err)) {
		reflector_move(r, REFLECTOR_BROKEN, err.text, mono);
		reflector_wait(r, NEXT_LIST, mono + REFLECTOR_BROKEN_WAIT);
		return;
	}
	r->phase = PHASE_LIST;
	r->id = r->transport.start(r->transport.self, &request.request);
	api_request_release(&request);
}

/* Items of built-in lists lack apiVersion and kind (§3.2). */
static void
hand_items(struct reflector *r, struct json *list)
{
	const char *api_version = json_string_at(list, "apiVersion");
	const char *kind = json_string_at(list, "kind");
	char item_kind[128];
	size_t length = kind != NULL ? strlen(kind) - strlen("List") : 0;

	snprintf(item_kind, sizeof item_kind, "%.*s", (int)length, kind != NULL ? kind : "");
	struct json *items = json_get_mutable(list, "items");
	for (struct json *item = json_first_mutable(items); item != NULL;
	     item = json_next_mutable(item)) {
		if (json_string_at(item, "kind") == NULL)
			json_set_string(item, "kind", item_kind);
		if (json_string_at(item, "apiVersion") == NULL)
			json_set_string(item, "apiVersion", api_version);
		reflector_hand(r, REFLECTOR_UPSERT, item);
	}
}

static void
list_ended(struct reflector *r, int64_t mono)
{
	reflector_hand(r, REFLECTOR_END, NULL);
	r->in_list = false;
	r->malformed = 0;
	r->internal_since = 0;
	r->limit = REFLECTOR_PAGE;
	r->status.listed = true;
	r->status.list_started = r->list_began;
	r->status.fresh = mono;
	if (r->again) {
		r->again = false;
		reflector_move(r, r->how == REFLECTOR_POLLS ? REFLECTOR_POLLING : REFLECTOR_LIVE,
			       "", mono);
		reflector_wait(r, NEXT_LIST, mono);
		return;
	}
	if (r->watch_refused != 0 && mono - r->watch_refused >= WATCH_AGAIN)
		r->watch_refused = 0;
	if (r->how == REFLECTOR_POLLS || r->watch_refused != 0) {
		reflector_move(r, REFLECTOR_POLLING, "", mono);
		reflector_wait(r, NEXT_LIST, mono + r->interval);
		return;
	}
	r->resumed = false;
	reflector_move(r, REFLECTOR_LIVE, "", mono);
	reflector_start_watch(r, mono);
}

static void
take_page(struct reflector *r, struct json *list, int64_t mono)
{
	const char *kind = json_string_at(list, "kind");
	const char *version = json_string_at(list, "metadata.resourceVersion");
	char what[256], text[512];

	if (kind == NULL || !text_ends(kind, "List") ||
	    json_type(json_get(list, "items")) == JSON_OBJECT) {
		reflector_describe(r, what, sizeof what);
		snprintf(text, sizeof text, "The server's answer about %s is not a list.", what);
		reflector_malformed(r, text, mono);
		return;
	}
	if (!r->in_list)
		reflector_hand(r, REFLECTOR_BEGIN, NULL);
	r->in_list = true;
	hand_items(r, list);
	reflector_keep_version(r, version);

	const char *more = json_string_at(list, "metadata.continue");
	buf_clear(&r->token);
	if (more == NULL || *more == '\0') {
		list_ended(r, mono);
		return;
	}
	buf_puts(&r->token, more);
	reflector_start_list(r, mono);
}

/* A continue token that the server has forgotten: once more, in one piece (§3.2). */
static void
list_expired(struct reflector *r, const char *reason, int64_t mono)
{
	if (r->token.length > 0 && r->limit != 0) {
		r->limit = 0;
		reflector_wait(r, NEXT_LIST, mono);
		return;
	}
	r->limit = REFLECTOR_PAGE;
	reflector_fail(r, NEXT_LIST, reason, mono);
}

static void
verdict(struct reflector *r, enum reflector_state state, const char *reason, int64_t again,
	int64_t mono)
{
	if (!r->ready) {
		r->held_back = true;
		reflector_fail(r, NEXT_LIST, reason, mono);
		return;
	}
	if (state == REFLECTOR_NOT_INSTALLED && r->status.state != state) {
		reflector_hand(r, REFLECTOR_CLEAR, NULL);
		r->status.listed = false;
	}
	r->status.fresh = state == REFLECTOR_NOT_INSTALLED ? mono : r->status.fresh;
	reflector_move(r, state, reason, mono);
	reflector_wait(r, NEXT_LIST, mono + again);
}

/* What the server said instead of a page. */
static void
list_failed(struct reflector *r, const struct api_reply *reply, const char *reason, int64_t mono)
{
	switch (reply->outcome) {
	case API_NOT_INSTALLED:
	case API_NOT_FOUND:
		verdict(r, REFLECTOR_NOT_INSTALLED, reason, MISSING_RETRY, mono);
		return;
	case API_FORBIDDEN:
		verdict(r, REFLECTOR_FORBIDDEN, reason, FORBIDDEN_RETRY, mono);
		return;
	case API_EXPIRED:
		list_expired(r, reason, mono);
		return;
	case API_BUSY:
		reflector_busy(r, NEXT_LIST, reply, reason, mono);
		return;
	case API_TOO_LARGE:
	case API_INVALID:
	case API_NOT_KUBERNETES:
		if (r->limit == 0)
			r->limit = REFLECTOR_PAGE;
		reflector_move(r, REFLECTOR_BROKEN, reason, mono);
		reflector_wait(r, NEXT_LIST, mono + REFLECTOR_BROKEN_WAIT);
		return;
	default:
		reflector_fail(r, NEXT_LIST, reason, mono);
	}
}

void
reflector_list_answered(struct reflector *r, const struct transport_event *event, int64_t mono)
{
	struct api_reply reply;
	struct err err = { .code = ERR_NONE };
	char what[256];

	reflector_describe(r, what, sizeof what);
	api_reply_init(&reply, event, false);
	bool began = event->status == 200 && event->err.code != ERR_NONE;
	if (reply.outcome == API_OK && reply.body != NULL)
		take_page(r, reply.body, mono);
	else if (reply.outcome == API_OK || (reply.outcome == API_FAILED && reply.status == 200)) {
		if (*reply.message != '\0')
			err_set(&err, ERR_NETWORK, "The list of %s cannot be read: %s", what,
				reply.message);
		else
			err_set(&err, ERR_NETWORK, "The server's answer about %s is not JSON.",
				what);
		reflector_malformed(r, err.text, mono);
	} else if (began && r->limit > REFLECTOR_PAGE_LEAST) {
		/* It was too slow or too large for one answer: ask for less at a time (§8). */
		api_reply_explain(&reply, event, "list", what, &err);
		r->limit =
			r->limit / 2 < REFLECTOR_PAGE_LEAST ? REFLECTOR_PAGE_LEAST : r->limit / 2;
		reflector_fail(r, NEXT_LIST, err.text, mono);
	} else {
		api_reply_explain(&reply, event, "list", what, &err);
		list_failed(r, &reply, err.text, mono);
	}
	api_reply_release(&reply);
}
