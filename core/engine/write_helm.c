/* A write that helm carries out: rehearsed by its dry run, run, and looked at when it has ended. */
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/engine/book.h"
#include "core/engine/events.h"
#include "core/engine/helm.h"
#include "core/engine/views.h"
#include "core/engine/write_inside.h"
#include "core/migrate/sealed.h"

#define HELM_LOOKS 5
#define LOOK_AGAIN (1 * SECOND)
#define OUTPUT_MAX (16 * BUF_MIB)
#define TOLD_MAX   (16 * BUF_KIB) /* of its output that is kept */
#define LINES_TOLD 40

/* Before the CRDs are there, helm cannot try; what the chart says can be shown all the same. */
static void
render(struct engine *engine, struct write_run *write)
{
	struct err err;

	write->rendering = true;
	write->request = helm_run(engine, write->intent, RELEASE_RENDER, &err);
	if (write->request == 0)
		write_close(write, WRITE_DONE);
}

static void
rendered(struct engine *engine, struct write_run *write, const struct transport_event *event)
{
	struct err err;

	if (!helm_read(engine, write->intent, RELEASE_RENDER, event, &write->result, &err)) {
		write->verdict = DRY_REFUSED;
		write->err = err;
	}
	write_close(write, WRITE_DONE);
}

/* Of an upgrade the difference to what stands is shown, which helm is asked for besides. */
static void
ask_standing(struct engine *engine, struct write_run *write)
{
	struct err err;

	write->standing = true;
	write->request = helm_run(engine, write->intent, RELEASE_STAND, &err);
	if (write->request == 0)
		write_close(write, WRITE_DONE);
}

static void
stood(struct engine *engine, struct write_run *write, const struct transport_event *event)
{
	if (!helm_read(engine, write->intent, RELEASE_STAND, event, &write->before, &write->err))
		write->verdict = DRY_REFUSED;
	write_close(write, WRITE_DONE);
}

/* Only from the revision it was decided on: helm itself has no basis that it would keep to. */
static void
based(struct engine *engine, struct write_run *write, const struct transport_event *event)
{
	const struct intent *intent = write->intent;
	const char *ours = release_revision(book_journal(engine->book), intent->pair);
	struct json *live;

	if (!helm_read(engine, intent, RELEASE_LOOK, event, &live, &write->err)) {
		if (++write->looks < HELM_LOOKS)
			write_hold(engine, write, LOOK_AGAIN);
		else
			write_close(write, WRITE_FAILED);
		return;
	}
	if (!release_moved_on(intent, live)) {
		write_again(engine, write, 0);
	} else if (!text_equal(ours, intent->version_seen)) {
		write_close(write, WRITE_MOVED); /* by a write before this one */
	} else {
		const char *revision = json_string_at(live, "metadata.resourceVersion");

		err_set(&write->err, ERR_CONFLICT,
			"%s is at revision %s, not at %s, which this program made: somebody else "
			"has changed it. Nothing was written; what they made stays. Upgrade it by "
			"hand, or leave the options for the chart away.",
			intent->title, revision != NULL ? revision : "none",
			*intent->version_seen != '\0' ? intent->version_seen : "none");
		write_close(write, WRITE_FAILED);
	}
	json_free(live);
}

/* What helm would do; what it would not is no reason to ask again. */
static void
tried(struct engine *engine, struct write_run *write, const struct transport_event *event)
{
	bool ok = helm_read(engine, write->intent, RELEASE_TRY, event, &write->result, &write->err);
	bool early = !ok && write->intent->after_others && event->sent == SENT_YES;

	write->verdict = ok ? DRY_OK : early ? DRY_UNSUPPORTED : DRY_REFUSED;
	if (ok)
		write->err.text[0] = '\0';
	else if (early)
		inside_copy(write->err.text, sizeof write->err.text,
			    "it can only be tried after the writes before it");
	if (!write->rehearsal && write->verdict == DRY_REFUSED) {
		write_fail(engine, write, JOURNAL_FAILED);
		return;
	}
	write_note(engine, write, ok ? JOURNAL_DONE : JOURNAL_FAILED, NULL);
	if (early && write->intent->verb == VERB_INSTALL)
		render(engine, write);
	else if (ok && write->rehearsal && write->intent->verb == VERB_UPGRADE)
		ask_standing(engine, write);
	else
		write_close(write, WRITE_DONE);
}

static void
tell_lines(struct engine *engine, const struct intent *intent, char *text)
{
	char *rest = NULL;
	int told = 0;

	for (char *line = strtok_r(text, "\n", &rest); line != NULL && told < LINES_TOLD;
	     line = strtok_r(NULL, "\n", &rest), told++)
		events_add(engine, EVENT_INFO, intent->step, intent->pair, "helm: %s", line);
}

/* Its output, cleaned and without the secret values it was given, into the journal under
 * `record` and line by line into the events. */
static void
tell(struct engine *engine, const struct intent *intent, int64_t record,
     const struct transport_event *event)
{
	struct journal *journal = book_journal(engine->book);
	struct buf clean, both;

	buf_init(&both, OUTPUT_MAX);
	buf_init(&clean, TOLD_MAX);
	sealed_hide(&both, event->body.bytes, event->body.length, engine->settings->sets);
	sealed_hide(&both, event->warnings.bytes, event->warnings.length, engine->settings->sets);
	text_clean_lines(&clean, both.bytes,
			 both.length < TOLD_MAX / 4 ? both.length : TOLD_MAX / 4);
	buf_trim(&clean);
	if (clean.length > 0) {
		if (record != 0 && journal != NULL)
			journal_output(journal, record, clean.bytes, engine->wall, NULL);
		tell_lines(engine, intent, clean.bytes);
	}
	buf_release(&both);
	buf_release(&clean);
}

/* It has run, well or not: how the release stands now is what counts. Not run, nothing was done. */
static void
ran(struct engine *engine, struct write_run *write, const struct transport_event *event)
{
	struct json *nothing;

	if (helm_read(engine, write->intent, RELEASE_DO, event, &nothing, &write->err)) {
		write->err.text[0] = '\0';
	} else if (event->sent == SENT_NO) {
		write_fail(engine, write, JOURNAL_NOT_SENT);
		return;
	}
	tell(engine, write->intent, write->record, event);
	write->doubt = true;
	write_look(engine, write, 0);
}

static const char *const what_then[] = {
	[VERB_INSTALL] = "rollback removes it; started again, it is removed and tried anew",
	[VERB_UPGRADE] = "rollback removes the whole release; started again, it goes back to the "
			 "revision before and is upgraded anew",
	[VERB_UNINSTALL] = "rollback brings back what is gone; started again, the rest goes",
	[VERB_ROLLBACK] = "started again, it is tried anew",
};

/* Half of it stands: said so, and how it becomes whole. */
static void
stands_half(struct engine *engine, struct write_run *write, const struct json *live)
{
	const char *status = json_string_at(live, "status");
	const char *then = what_then[write->intent->verb];
	size_t length;

	if (write->err.text[0] == '\0')
		err_set(&write->err, ERR_REJECTED,
			"%s: helm ended well, and yet it does not stand.", write->intent->title);
	length = strlen(write->err.text);
	snprintf(write->err.text + length, sizeof write->err.text - length,
		 "%s What helm had done stays, with status %s: %s.",
		 length > 0 && write->err.text[length - 1] == '.' ? "" : ".",
		 status != NULL ? status : "unknown", then);
	/* With the revision that a way back goes to. */
	write_note(engine, write, JOURNAL_FAILED, live);
	write_close(write, WRITE_FAILED);
}

static void
seen(struct engine *engine, struct write_run *write, const struct transport_event *event)
{
	struct json *live;
	struct err err;

	if (!helm_read(engine, write->intent, RELEASE_LOOK, event, &live, &err)) {
		if (write->looks < HELM_LOOKS) {
			write_look(engine, write, LOOK_AGAIN);
			return;
		}
		if (write->err.text[0] == '\0')
			write->err = err;
		write_close(write,
			    WRITE_FAILED); /* the record stays open: the next start looks again */
		return;
	}
	views_poke_polled(engine);
	switch (release_met(write->intent, live)) {
	case INTENT_MET:
		write_note(engine, write, JOURNAL_DONE, live);
		write_close(write, WRITE_DONE);
		break;
	case INTENT_NOT_MET:
		write_fail(engine, write, JOURNAL_NOT_SENT);
		break;
	case INTENT_CHANGED_BY_OTHER:
		stands_half(engine, write, live);
		break;
	}
	json_free(live);
}

void
write_take_helm(struct engine *engine, struct write_run *write, const struct transport_event *event)
{
	if (write->state == WRITE_SENT)
		write->latency = event->latency;
	if (write->state == WRITE_ASKING)
		based(engine, write, event);
	else if (write->state == WRITE_LOOKING)
		seen(engine, write, event);
	else if (write->standing)
		stood(engine, write, event);
	else if (write->rendering)
		rendered(engine, write, event);
	else if (write->rehearsal || write->dry)
		tried(engine, write, event);
	else
		ran(engine, write, event);
}

void
write_stop(struct engine *engine, struct write_run *write)
{
	if (write->state == WRITE_SENT && write->request != 0 && release_is(write->intent) &&
	    engine->transport.stop != NULL)
		engine->transport.stop(engine->transport.self, write->request);
}
