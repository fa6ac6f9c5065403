#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/wrap.h"
#include "core/migrate/step.h"
#include "tui/plain/cmd.h"
#include "tui/plain/follow.h"
#include "tui/plain/page.h"
#include "tui/plain/status_json.h"

#define NAMED 24 /* most objects of a kind that are named; of more the number is said */

/* The kinds that are not as they should be, a line or two a state, and what is said of the first.
 */
static void
views_text(struct buf *page, const struct snapshot *snapshot)
{
	static const enum view_state bad[] = { VIEW_FORBIDDEN, VIEW_BROKEN, VIEW_STALE };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *reason = "";
		struct buf text;

		buf_init(&text, 64 * BUF_KIB);
		for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
			if (snapshot->view[kind].state != bad[i])
				continue;
			reason = text.length == 0 ? snapshot->view[kind].reason : reason;
			buf_printf(&text, "%s%s", text.length > 0 ? ", " : "",
				   kind_row(kind)->resource);
		}
		if (text.length > 0) {
			buf_printf(page, "\n%s: ", view_state_name(bad[i]));
			wrap_words(page, text.bytes, (int)strlen(view_state_name(bad[i])) + 2, 2,
				   page_width());
			buf_puts(page, "  ");
			wrap_words(page, reason, 2, 2, page_width());
		}
		buf_release(&text);
	}
}

/* Who writes, and whether anybody may; nothing when nobody does and everybody may. */
static void
lease_text(struct buf *page, const struct snapshot *snapshot)
{
	const struct lease_view *lease = &snapshot->lease;
	struct buf line;

	buf_init(&line, 8 * BUF_KIB);
	if (lease->state == LEASE_VIEW_OURS || lease->state == LEASE_VIEW_HELD ||
	    lease->state == LEASE_VIEW_LAPSED) {
		buf_printf(&line, "Lease %s is held by %s", lease->name, lease->holder);
		if (lease->since > 0) {
			buf_puts(&line, " for ");
			text_age(&line, snapshot->wall - lease->since);
		}
		buf_puts(&line, lease->state == LEASE_VIEW_LAPSED
					? ", who has not renewed it in time.\n"
					: ".\n");
	}
	if (lease->frozen) {
		buf_printf(&line, "FROZEN%s%s", *lease->frozen_by != '\0' ? " by " : "",
			   lease->frozen_by);
		if (lease->frozen_since > 0) {
			buf_puts(&line, " for ");
			text_age(&line, snapshot->wall - lease->frozen_since);
		}
		if (*lease->frozen_reason != '\0')
			buf_printf(&line, ": %s", lease->frozen_reason);
		buf_puts(&line, "; nobody writes until `poolshift unfreeze`.\n");
	}
	if (line.length > 0)
		buf_puts(page, line.bytes);
	buf_release(&line);
}

static void
head_text(struct buf *page, const struct snapshot *snapshot)
{
	buf_printf(page, "Context %s, %s, Kubernetes %s\n", snapshot->link.context,
		   snapshot->link.server, snapshot->server.version);
	if (snapshot->plan.nothing_to_migrate)
		buf_puts(page, "There is nothing to migrate: no α pool and no InferenceModel.\n");
	lease_text(page, snapshot);
	views_text(page, snapshot);
	buf_putc(page, '\n');
}

static void
put_percent(struct buf *rows, int64_t ppm)
{
	struct buf text;

	buf_init(&text, BUF_KIB);
	if (ppm == PPM_APART)
		buf_puts(&text, "apart");
	else if (ppm < 0)
		buf_putc(&text, '-');
	else
		text_ppm(&text, ppm);
	page_cell(rows, "%5s", text.bytes);
	buf_release(&text);
}

static void
put_picker(char text[32], const char *uid, const struct picker_view *picker)
{
	if (*uid == '\0')
		strcpy(text, "-");
	else
		snprintf(text, 32, "%d/%d", (int)picker->ready, (int)picker->desired);
}

/* What is α stands left, what is GA right. */
static void
pairs_text(struct buf *page, struct buf *rows, const struct plan *plan)
{
	bool some_gone = false;

	page_cell(rows, "α POOL");
	page_cell(rows, "GA POOL");
	page_cell(rows, "ON GA");
	page_cell(rows, "PICKERS");
	page_end_row(rows);
	for (size_t i = 0; i < plan->pair_count; i++) {
		const struct pair *pair = &plan->pairs[i];
		bool gone = *pair->alpha_uid == '\0';
		char alpha[32], ga[32];

		some_gone |= gone;
		put_picker(alpha, pair->alpha_uid, &pair->alpha_picker);
		put_picker(ga, pair->ga_uid, &pair->ga_picker);
		page_cell(rows, "%s%s/%s%s", gone ? "(" : "", pair->ns, pair->alpha,
			  gone ? ")" : "");
		page_cell(rows, "%s", *pair->ga_uid == '\0' ? "not yet" : pair->ga);
		put_percent(rows, pair->written);
		page_cell(rows, "%s %s", alpha, ga);
		page_end_row(rows);
	}
	if (plan->pair_count > 0)
		page_table(page, rows);
	buf_clear(rows);
	if (some_gone)
		buf_puts(page, "A pool in brackets is gone.\n");
	if (plan->pair_count > 0)
		buf_putc(page, '\n');
}

/* Where the rules of a pair stand at different shares, each of them. */
static void
apart_text(struct buf *page, struct buf *rows, const struct plan *plan)
{
	for (size_t i = 0; i < plan->pair_count; i++) {
		const struct pair *pair = &plan->pairs[i];

		for (size_t p = 0; p < pair->place_count && pair->written == PPM_APART; p++) {
			const struct place *place = &pair->places[p];

			page_cell(rows, "%s/%s", pair->ns, pair->alpha);
			page_cell(rows, "%s/%s rule %d", place->route_ns, place->route,
				  place->rule);
			put_percent(rows, place->ppm);
			page_end_row(rows);
		}
	}
	if (rows->length > 0) {
		page_table(page, rows);
		buf_putc(page, '\n');
	}
}

static const char *
trouble_of(const struct object *object)
{
	if (object->kind == KIND_GATEWAY &&
	    condition_answer(&object->gateway.conditions, "Programmed", object->meta.generation) !=
		    CONDITION_TRUE)
		return " (not programmed)";
	if (object->kind != KIND_ROUTE)
		return "";
	if (status_json_route(object, "Accepted") != CONDITION_TRUE)
		return " (not accepted)";
	return status_json_route(object, "ResolvedRefs") != CONDITION_TRUE ? " (not resolved)" : "";
}

/* The names, each namespace said once; of many objects only those in trouble and how many there
 * are. */
static void
kind_text(struct buf *rows, const struct snapshot *snapshot, enum kind kind)
{
	size_t count = snapshot->count[kind], spaces = 0;
	const char *ns = "";
	struct buf names;

	buf_init(&names, PAGE_CAP);
	for (size_t i = 0; i < count; i++) {
		const struct object *object = snapshot->objects[kind][i];
		const char *trouble = trouble_of(object);
		bool new = i == 0 || strcmp(ns, object->meta.ns) != 0;

		spaces += new;
		ns = object->meta.ns;
		if (count <= NAMED)
			buf_printf(&names, "%s%s%s%s%s", new ? (i > 0 ? "; " : "") : ", ",
				   new ? ns : "", new ? ": " : "", object->meta.name, trouble);
		else if (*trouble != '\0')
			buf_printf(&names, "; %s/%s%s", ns, object->meta.name, trouble);
	}
	page_cell(rows, "%s", kind_row(kind)->label);
	if (count <= NAMED)
		page_cell(rows, "%s", count > 0 ? names.bytes : "none");
	else
		page_cell(rows, "%zu in %zu namespaces%s", count, spaces, names.bytes);
	page_end_row(rows);
	buf_release(&names);
}

static void
objects_text(struct buf *page, struct buf *rows, const struct snapshot *snapshot)
{
	static const enum kind shown[] = { KIND_MODEL, KIND_OBJECTIVE, KIND_ROUTE, KIND_GATEWAY };

	/* Without pairs the table above does not name them. */
	if (snapshot->plan.pair_count == 0)
		kind_text(rows, snapshot, KIND_GA_POOL);
	for (size_t k = 0; k < sizeof shown / sizeof *shown; k++)
		kind_text(rows, snapshot, shown[k]);
	page_table(page, rows);
}

/* "12 of 40 done", where there are more pairs than one and the step is theirs. */
static void
put_tally(struct buf *text, const struct plan *plan, enum step_id id)
{
	size_t done = 0, all = 0;

	for (size_t i = 0; i < plan->pair_count; i++) {
		all += plan->pairs[i].selected;
		done += plan->pairs[i].selected && plan->pairs[i].steps[id].state == STATE_DONE;
	}
	if (all > 1 && step_row(id)->scope == SCOPE_POOL)
		buf_printf(text, "%zu of %zu pools; ", done, all);
}

static void
steps_text(struct buf *page, struct buf *rows, const struct plan *plan)
{
	char why[ERR_TEXT_MAX];
	struct buf text;

	buf_init(&text, 64 * BUF_KIB);
	buf_putc(page, '\n');
	page_cell(rows, "STEP");
	page_cell(rows, "STATE");
	page_end_row(rows);
	for (size_t i = 0; i < plan->step_count; i++) {
		const struct step_view *view = &plan->steps[i];

		buf_clear(&text);
		if (view->status.state != STATE_DONE)
			put_tally(&text, plan, view->id);
		buf_puts(&text, step_status_text(&view->status, why, sizeof why));
		page_cell(rows, "%s", step_name(view->id));
		page_cell(rows, "%s", step_state_name(view->status.state));
		if (text.length > 0)
			page_cell(rows, "%s", text.bytes);
		page_end_row(rows);
	}
	page_table(page, rows);
	buf_release(&text);
	if (plan->next < STEP_COUNT)
		buf_printf(page, "\nNext: %s, %s.\n", step_name(plan->next),
			   step_row(plan->next)->title);
	else
		buf_puts(page, "\nNext: nothing, all is done.\n");
}

static void
status_text(struct buf *page, const struct snapshot *snapshot)
{
	struct buf rows;

	buf_init(&rows, PAGE_CAP);
	head_text(page, snapshot);
	pairs_text(page, &rows, &snapshot->plan);
	apart_text(page, &rows, &snapshot->plan);
	objects_text(page, &rows, snapshot);
	if (!snapshot->plan.nothing_to_migrate)
		steps_text(page, &rows, &snapshot->plan);
	buf_release(&rows);
}

/* A --pool that names none is a slip, though looking does no harm. */
static void
say_none_selected(const struct options *options, const struct plan *plan)
{
	size_t selected = 0;

	for (size_t i = 0; i < plan->pair_count; i++)
		selected += plan->pairs[i].selected;
	if (options->settings.pools != NULL && selected == 0)
		page_say("poolshift: No pool of this cluster is the one that --pool names.");
}

int
cmd_status(struct options *options)
{
	struct follow follow;
	struct buf page;
	int code = follow_open(&follow, options);

	buf_init(&page, PAGE_CAP);
	if (code != 0)
		goto out;
	say_none_selected(options, &follow.snapshot->plan);
	if (options->output == OUTPUT_JSON)
		status_json_print(&page, follow.snapshot, &options->settings);
	else
		status_text(&page, follow.snapshot);
	code = page_print(&page, stdout);
out:
	buf_release(&page);
	follow_close(&follow);
	return code;
}
