#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/text.h"
#include "core/kube/api.h"
#include "core/kube/redact.h"

#define TERMINATING_TEXT "create not allowed while custom resource definition is terminating"
#define TYPED_PATCH_TEXT "failed to create typed patch object"
#define STRICT_TEXT      "strict decoding error"

static const char *
string_or_empty(const struct json *json, const char *path)
{
	const char *text = json_string_at(json, path);
	return text != NULL ? text : "";
}

static bool
holds(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

/* Without case, for media types. */
static bool
is_media(const struct transport_event *event, const char *type)
{
	return strncasecmp(event->content_type, type, strlen(type)) == 0;
}

static bool
is_page(const struct transport_event *event)
{
	if (is_media(event, "text/html"))
		return true;
	const char *text = event->body.bytes;
	return *event->content_type == '\0' && text != NULL && *text == '<';
}

static bool
is_json(const struct transport_event *event)
{
	if (is_media(event, "application/json"))
		return true;
	const char *text = event->body.bytes;
	return text != NULL && *text == '{' && !is_media(event, "text/html");
}

static void
read_causes(struct api_reply *reply)
{
	const size_t most = sizeof reply->causes / sizeof *reply->causes;
	const struct json *cause = json_first(json_at(reply->body, "details.causes"));

	for (; cause != NULL && reply->cause_count < most; cause = json_next(cause))
		reply->causes[reply->cause_count++] = (struct api_cause){
			.reason = string_or_empty(cause, "reason"),
			.message = string_or_empty(cause, "message"),
			.field = string_or_empty(cause, "field"),
		};
}

static bool
has_cause(const struct api_reply *reply, const char *reason)
{
	for (size_t i = 0; i < reply->cause_count; i++)
		if (strcmp(reply->causes[i].reason, reason) == 0)
			return true;
	return false;
}

static enum api_outcome
not_found_outcome(const struct api_reply *reply, const struct transport_event *event)
{
	const struct json *details = json_get(reply->body, "details");

	/* An object has a name; "404 page not found" and empty details are about the resource
	 * (KUBERNETES §4.2). */
	if (*string_or_empty(details, "name") != '\0')
		return API_NOT_FOUND;
	/* Which of the two it was is in the part that did not come. */
	if (reply->body == NULL && event->body.bytes != NULL && *event->body.bytes == '{')
		return API_FAILED;
	if (reply->body == NULL || strcmp(reply->reason, "NotFound") == 0)
		return is_page(event) ? API_NOT_KUBERNETES : API_NOT_INSTALLED;
	return API_NOT_FOUND;
}

static enum api_outcome
conflict_outcome(const struct api_reply *reply)
{
	if (has_cause(reply, "FieldManagerConflict"))
		return API_OWNED;
	return strcmp(reply->reason, "AlreadyExists") == 0 ? API_EXISTS : API_CONFLICT;
}

static enum api_outcome
server_error_outcome(const struct api_reply *reply, bool was_write, const char *said)
{
	if (reply->status == 500 && text_starts(said, TYPED_PATCH_TEXT))
		return API_INVALID;
	if (was_write)
		return API_FAILED;
	if (reply->status == 504 && has_cause(reply, "ResourceVersionTooLarge"))
		return API_EXPIRED;
	return reply->status == 503 && reply->retry_after > 0 ? API_BUSY : API_FAILED;
}

/* HTTP codes whose meaning needs no look at the answer; 0 ends it. */
static const struct {
	int status;
	enum api_outcome outcome;
} plain_outcomes[] = {
	{ 400, API_INVALID }, { 401, API_UNAUTHORIZED }, { 406, API_INVALID },
	{ 410, API_EXPIRED }, { 413, API_TOO_LARGE },    { 415, API_INVALID },
	{ 422, API_INVALID }, { 429, API_BUSY },
};

/* The HTTP code first, the reason second (KUBERNETES §4.2). `said` is what the server wrote, uncut.
 */
static enum api_outcome
error_outcome(const struct api_reply *reply, const struct transport_event *event, bool was_write,
	      const char *said)
{
	if (reply->status == 401)
		return API_UNAUTHORIZED;
	if (reply->status < 400 || is_page(event))
		return API_NOT_KUBERNETES;
	if ((reply->status == 403 || reply->status == 405) && holds(said, TERMINATING_TEXT))
		return API_TERMINATING;
	for (size_t i = 0; i < sizeof plain_outcomes / sizeof *plain_outcomes; i++)
		if (plain_outcomes[i].status == reply->status)
			return plain_outcomes[i].outcome;
	if (reply->status == 403)
		return API_FORBIDDEN;
	if (reply->status == 404)
		return not_found_outcome(reply, event);
	if (reply->status == 405)
		return API_INVALID;
	if (reply->status == 409)
		return conflict_outcome(reply);
	if (reply->status >= 500)
		return server_error_outcome(reply, was_write, said);
	return API_FAILED;
}

/* §4.10's middle row, and everything that is in no row: what may have been executed. */
static bool
may_be_executed(const struct api_reply *reply, const struct transport_event *event, bool was_write)
{
	if (!was_write || event->sent == SENT_NO)
		return false;
	switch (reply->outcome) {
	case API_NO_ANSWER:
	case API_FAILED:
	case API_NOT_KUBERNETES:
		return true;
	case API_TOO_LARGE:
		return reply->status != 413;
	default:
		return false;
	}
}

/* Cuts to what fits, without half a character. */
static void
keep_message(struct api_reply *reply, const char *text, size_t length)
{
	struct buf hidden, clean;

	buf_init(&hidden, 16 * BUF_KIB);
	buf_init(&clean, 64 * BUF_KIB);
	/* Twice what is kept is enough to look for secrets in. */
	redact_secrets(&hidden, text,
		       length < 2 * sizeof reply->message ? length : 2 * sizeof reply->message);
	text_clean(&clean, hidden.bytes, hidden.length);
	buf_trim(&clean);
	size_t most = sizeof reply->message - 1;
	if (clean.length <= most)
		most = clean.length;
	else
		while (most > 0 && ((unsigned char)clean.bytes[most] & 0xC0) == 0x80)
			most--;
	memcpy(reply->message, clean.bytes, most);
	reply->message[most] = '\0';
	buf_release(&hidden);
	buf_release(&clean);
}

/* A strict decoding error is followed or led by the whole object (KUBERNETES §4.1). */
static void
read_message(struct api_reply *reply, const char *said, size_t length)
{
	const char *strict = strstr(said, STRICT_TEXT);
	if (strict != NULL) {
		length -= (size_t)(strict - said);
		said = strict;
	}
	keep_message(reply, said, length);
}

static void
read_failure(struct api_reply *reply, const struct transport_event *event, bool was_write)
{
	const char *said = json_string_at(reply->body, "message");
	if (said == NULL)
		said = event->body.bytes != NULL && reply->body == NULL ? event->body.bytes : "";
	reply->outcome = error_outcome(reply, event, was_write, said);
	read_message(reply, said, strlen(said));
}

/* The answer did not come whole: nothing at all, cut, over its cap, or never asked for want of
 * credentials. */
static void
read_no_answer(struct api_reply *reply, const struct transport_event *event)
{
	switch (event->err.code) {
	case ERR_AUTH:
		reply->outcome = API_UNAUTHORIZED;
		break;
	case ERR_REJECTED:
		reply->outcome = API_TOO_LARGE;
		break;
	default:
		reply->outcome = API_NO_ANSWER;
	}
	keep_message(reply, event->err.text, strlen(event->err.text));
}

static void
read_success(struct api_reply *reply, const struct transport_event *event, const struct err *parse,
	     bool was_write)
{
	reply->outcome = API_OK;
	if (is_page(event)) {
		reply->outcome = API_NOT_KUBERNETES;
		keep_message(reply, event->body.bytes, event->body.length);
		return;
	}
	if (is_json(event) && reply->body == NULL) {
		reply->outcome = API_FAILED;
		keep_message(reply, parse->text, strlen(parse->text));
		return;
	}
	if (strcmp(string_or_empty(reply->body, "kind"), "Status") == 0 &&
	    strcmp(string_or_empty(reply->body, "status"), "Failure") == 0) {
		reply->status = (int)json_integer_at(reply->body, "code", 500);
		read_failure(reply, event, was_write);
	}
}

void
api_reply_init(struct api_reply *reply, const struct transport_event *event, bool was_write)
{
	struct err parse = { .code = ERR_NONE };

	*reply = (struct api_reply){ .status = event->status,
				     .reason = "",
				     .retry_after = event->retry_after };
	if (event->err.code != ERR_NONE) {
		read_no_answer(reply, event);
		reply->maybe_executed = may_be_executed(reply, event, was_write);
		return;
	}
	if (event->body.length > 0 && is_json(event))
		reply->body = json_parse(event->body.bytes, event->body.length, &parse);
	if (json_type(reply->body) == JSON_OBJECT &&
	    strcmp(string_or_empty(reply->body, "kind"), "Status") == 0) {
		reply->reason = string_or_empty(reply->body, "reason");
		read_causes(reply);
		if (reply->retry_after == 0)
			reply->retry_after =
				(int)json_integer_at(reply->body, "details.retryAfterSeconds", 0);
	}
	if (event->status >= 200 && event->status < 300)
		read_success(reply, event, &parse, was_write);
	else
		read_failure(reply, event, was_write);
	reply->maybe_executed = may_be_executed(reply, event, was_write);
}

void
api_reply_release(struct api_reply *reply)
{
	if (reply == NULL)
		return;
	json_free(reply->body);
	*reply = (struct api_reply){ .reason = "" };
}

bool
api_access_allowed(const struct api_reply *reply, bool *allowed, bool *unknown)
{
	*allowed = false;
	*unknown = true;
	const struct json *status = json_get(reply->body, "status");
	if (reply->outcome != API_OK || json_type(status) != JSON_OBJECT)
		return false;
	*allowed = json_bool_at(status, "allowed", false);
	/* A webhook that could not be asked says no and why (KUBERNETES §5). */
	*unknown = !*allowed && *string_or_empty(status, "evaluationError") != '\0';
	return true;
}
