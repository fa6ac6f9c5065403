#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/kube/api.h"

/* One row an outcome: how it reads, whether the server's own words are worth showing, and what to
 * do. In `happened`, what follows "Cannot VERB WHAT: ". */
static const struct row {
	enum err_code code;
	bool quoted;
	const char *happened, *next;
} rows[] = {
	[API_OK] = { .code = ERR_NONE, .happened = "", .next = "" },
	[API_NOT_INSTALLED] = { ERR_MISSING, false, "this cluster does not serve that kind",
				"Install its CRD, or choose a cluster that has it." },
	[API_NOT_FOUND] = { ERR_MISSING, true, "it is not there",
			    "It was removed or never made; look at the list again." },
	[API_CONFLICT] = { ERR_CONFLICT, true,
			   "somebody changed it since it was read; nothing was written",
			   "Look at what changed and try again." },
	[API_OWNED] = { ERR_CONFLICT, true,
			"other field managers own what would change; nothing was written",
			"Adopt their value, leave the field out, or force it." },
	[API_EXISTS] = { ERR_CONFLICT, true,
			 "an object of that name exists already; nothing was written",
			 "Compare it with what was to be made." },
	[API_EXPIRED] = { ERR_EXPIRED, false, "what was asked for is too old for the server",
			  "It is read again from the start." },
	[API_INVALID] = { ERR_REJECTED, true, "the server refused it; nothing was written",
			  "Correct what it names; trying again the same way will not help." },
	[API_UNAUTHORIZED] = { ERR_AUTH, true,
			       "the cluster does not accept who you are; nothing was done",
			       "Sign in again." },
	[API_FORBIDDEN] = { ERR_DENIED, true, "you may not do this; nothing was done",
			    "Ask an administrator of the cluster for that right." },
	[API_TERMINATING] = { ERR_REJECTED, false,
			      "its CRD is being deleted and takes no new objects; nothing was "
			      "written",
			      "Wait until the CRD is gone, or find which object's finalizer holds "
			      "it." },
	[API_BUSY] = { ERR_NETWORK, false, "the server is busy and did not do it",
		       "It can be tried again in a moment." },
	[API_TOO_LARGE] = { ERR_REJECTED, true, "it is too large", "Ask for less at a time." },
	[API_FAILED] = { ERR_NETWORK, true, "the server failed",
			 "Try again; if it stays, look at the API server's health." },
	[API_NO_ANSWER] = { ERR_NETWORK, true, "no whole answer came", "Try again." },
	[API_NOT_KUBERNETES] = { ERR_NETWORK, true, "what answered is not a Kubernetes API server",
				 "Look at the server address of the context, the VPN, and the "
				 "proxy in between." },
};

/* "spec.rules: conflict with "x"" for each cause, at most `most`. */
static void
add_causes(struct buf *text, const struct api_reply *reply, size_t most)
{
	size_t shown = 0;

	for (size_t i = 0; i < reply->cause_count && shown < most; i++) {
		const struct api_cause *cause = &reply->causes[i];
		/* "<nil>" only says that other rules were not looked at (KUBERNETES §8). */
		if (*cause->message == '\0' || strcmp(cause->field, "<nil>") == 0)
			continue;
		buf_puts(text, shown++ == 0 ? " (" : "; ");
		if (*cause->field != '\0') {
			text_clean(text, cause->field, strnlen(cause->field, 120));
			buf_puts(text, ": ");
		}
		text_clean(text, cause->message, strnlen(cause->message, 160));
	}
	if (shown > 0)
		buf_putc(text, ')');
}

static const char *
next_step(const struct api_reply *reply, const struct row *row)
{
	if (reply->maybe_executed)
		return "It may have been done all the same: look at the object before anything "
		       "else.";
	if (reply->outcome == API_INVALID && reply->status == 422 && reply->cause_count == 0)
		return "Something the change relies on is no longer there: read the object again "
		       "and compare.";
	return row->next;
}

/* Whose words end up in the sentence: the server's message, unless it only repeats the causes. */
static void
add_message(struct buf *text, const char *message)
{
	size_t length = strlen(message);
	while (length > 0 && strchr(". ", message[length - 1]) != NULL)
		length--;
	if (length == 0)
		return;
	buf_puts(text, ": ");
	size_t most = length;
	if (most > 480) {
		most = 480;
		while (most > 0 && ((unsigned char)message[most] & 0xC0) == 0x80)
			most--;
	}
	buf_add(text, message, most);
	if (most < length)
		buf_puts(text, "…");
}

bool
api_reply_explain(const struct api_reply *reply, const struct transport_event *event,
		  const char *verb, const char *what, struct err *err)
{
	const struct row *row = &rows[reply->outcome];
	struct buf text;

	if (reply->outcome == API_OK)
		return true;
	buf_init(&text, 4 * BUF_KIB);
	buf_printf(&text, "Cannot %s %s: %s", verb, what, row->happened);
	if (reply->outcome == API_BUSY && reply->retry_after > 0)
		buf_printf(&text, "; it asks to wait %d s", reply->retry_after);
	if (reply->outcome == API_FAILED && reply->status > 0)
		buf_printf(&text, " (HTTP %d)", reply->status);
	if (reply->outcome == API_NOT_KUBERNETES && reply->status >= 300 && reply->status < 400)
		buf_printf(&text, " (HTTP %d, a redirect, which is never followed)", reply->status);
	if (row->quoted)
		add_message(&text, reply->message);
	if (reply->outcome == API_OWNED || reply->outcome == API_INVALID)
		add_causes(&text, reply, 3);
	char last = text.length > 0 ? text.bytes[text.length - 1] : '.';
	buf_printf(&text, "%s %s", strchr(".!?", last) != NULL ? "" : ".", next_step(reply, row));

	enum err_code code = row->code;
	if (reply->outcome == API_NO_ANSWER && event != NULL && event->err.code != ERR_NONE)
		code = event->err.code;
	err_set(err, code, "%s", text.bytes);
	buf_release(&text);
	return false;
}
