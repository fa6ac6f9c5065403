#include "core/engine/leg.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/engine/derive.h"
#include "core/migrate/release.h"

#define MOVED_MOST_URGENT 10

static const struct step_status nothing = {
	.state = STATE_READY, .reason = "", .object = "", .advice = ""
};

static int64_t
share_of(struct engine *engine, const char *pair)
{
	const struct pair *found = assess_pair(derive_plan(engine), pair);
	return found == NULL ? PPM_UNKNOWN : found->written;
}

static void
prepare(struct engine *engine, struct leg *leg, const struct order *order)
{
	leg_release(engine, leg);
	leg->order = *order;
	leg->row = step_row(order->step);
	leg->began = engine->mono;
	leg->before = *order->pair != '\0' ? share_of(engine, order->pair) : PPM_UNKNOWN;
}

void
leg_begin(struct engine *engine, struct leg *leg, const struct order *order, struct shown *shown)
{
	prepare(engine, leg, order);
	leg->shown = shown;
}

void
leg_release(struct engine *engine, struct leg *leg)
{
	if (leg->row != NULL) {
		write_drop(engine, &leg->write);
		prober_release(engine, &leg->prober);
		arena_release(&leg->arena);
	}
	*leg = (struct leg){ .why = nothing, .due = NEVER };
	arena_init(&leg->arena);
	prober_init(&leg->prober);
}

enum leg_end
leg_fail(struct leg *leg, enum leg_end how, int exit, enum err_code code, const char *format, ...)
{
	char text[ERR_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	err_set(&leg->err, code, "%s", text);
	leg->exit = exit;
	return how;
}

static void
describe(const struct leg *leg, const struct step_status *status, char *text, size_t size)
{
	char why[ERR_TEXT_MAX];

	snprintf(text, size, "%s%s%s: %s", leg->row->name, *leg->order.pair != '\0' ? " of " : "",
		 leg->order.pair, step_status_text(status, why, sizeof why));
}

enum leg_end
leg_block(struct engine *engine, struct leg *leg, const struct step_status *status)
{
	char text[ERR_TEXT_MAX];

	(void)engine;
	describe(leg, status, text, sizeof text);
	return leg_fail(leg, LEG_BLOCKED, 3, ERR_REJECTED, "%s", text);
}

void
leg_wait_text(struct leg *leg, const struct step_status *status)
{
	step_status_why(status, leg->text, sizeof leg->text);
}

void
leg_come_back(struct engine *engine, struct leg *leg, int64_t mono)
{
	(void)engine;
	leg->due = inside_sooner(leg->due, mono);
}

bool
leg_derive(struct engine *engine, struct leg *leg, struct arena *arena, struct intent_list *out,
	   struct err *err)
{
	const struct order *order = &leg->order;
	bool back = order->undo || (leg->taking_back && leg->before <= 0);
	int64_t goal = leg->taking_back ? leg->before : order->goal;
	struct stage stage = derive_stage(engine, order->pair, goal, arena);
	const struct pair *pair =
		*order->pair == '\0' ? NULL : assess_pair(stage.plan, order->pair);

	*out = (struct intent_list){ 0 };
	if (pair == NULL && *order->pair != '\0')
		return err_set(err, ERR_MISSING,
			       "There is no α pool %s, and no GA pool that took its place.",
			       order->pair);
	return back ? leg->row->back(&stage, pair, out, err)
		    : leg->row->writes(&stage, pair, out, err);
}

static const struct intent *
same_object(const struct intent_list *list, const struct intent *intent)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct intent *other = &list->items[i];
		if (strcmp(other->group, intent->group) == 0 &&
		    strcmp(other->resource, intent->resource) == 0 &&
		    strcmp(other->ns, intent->ns) == 0 && strcmp(other->name, intent->name) == 0 &&
		    (!release_is(intent) || other->verb == intent->verb))
			return other;
	}
	return NULL;
}

/* The person decided on what was shown; that must be what is written (ARCHITECTURE §3). */
static bool
same_write(const struct intent *a, const struct intent *b)
{
	/* What an intent before it makes was not there yet when this one was shown. */
	bool same = strcmp(a->uid, b->uid) == 0 || (a->after_others && *a->uid == '\0');

	return same && a->verb == b->verb && strcmp(a->body, b->body) == 0 &&
	       strcmp(a->summary, b->summary) == 0;
}

void
leg_say_who(struct engine *engine, const struct intent *intent, char *text, size_t size)
{
	const struct object *now =
		intent->kind == KIND_COUNT
			? NULL
			: world_find(engine->world, intent->kind, intent->ns, intent->name);
	const struct manager *newest = NULL;
	struct buf clean;

	*text = '\0';
	for (size_t i = 0; now != NULL && i < now->meta.manager_count; i++) {
		const struct manager *manager = &now->meta.managers[i];
		if (!manager->status && (newest == NULL || manager->wall >= newest->wall))
			newest = manager;
	}
	if (newest == NULL)
		return;
	buf_init(&clean, 1 * BUF_KIB);
	text_clean(&clean, newest->name, strnlen(newest->name, 128));
	snprintf(text, size, " by %s", clean.bytes);
	buf_release(&clean);
}

static bool
refuse(struct engine *engine, const struct intent *was, const struct intent *is, struct err *err)
{
	char who[300];
	const struct object *now =
		was->kind == KIND_COUNT ? NULL
					: world_find(engine->world, was->kind, was->ns, was->name);

	leg_say_who(engine, was, who, sizeof who);
	if (now == NULL)
		return err_set(
			err, ERR_CONFLICT,
			"%s is gone since it was looked at. Nothing was written to it; look again.",
			was->title);
	if (strcmp(now->meta.uid, was->uid) != 0)
		return err_set(err, ERR_CONFLICT,
			       "%s is another object of the same name than the one looked at. "
			       "Nothing was written to it; look "
			       "again.",
			       was->title);
	return err_set(err, ERR_CONFLICT,
		       "%s was changed%s since it was looked at, so it was not written. Shown was: "
		       "%s. Now it would be: %s. "
		       "Look at it and decide again.",
		       was->title, who, was->summary, is->summary);
}

void
leg_next(struct leg *leg)
{
	leg->at++;
	leg->moved = 0;
}

bool
leg_reconcile(struct engine *engine, struct leg *leg, struct err *err)
{
	struct intent *was = &leg->intents.items[leg->at];
	struct intent_list fresh;
	const struct intent *is;
	bool urgent = leg->order.urgent || leg->taking_back;

	if (++leg->moved > (urgent ? MOVED_MOST_URGENT : LEG_MOVED_MOST))
		return err_set(err, ERR_CONFLICT,
			       "%s is changed by others again and again; it was not written. See "
			       "who does, then try again.",
			       was->title);
	if (!leg_derive(engine, leg, &leg->arena, &fresh, err))
		return false;
	is = same_object(&fresh, was);
	if (is == NULL) {
		leg_next(leg); /* somebody else has done it */
		return true;
	}
	if (!urgent && !same_write(was, is))
		return refuse(engine, was, is, err);
	*was = *is;
	return true;
}

/* What is still to be written is still the same, or the difference in err. */
static bool
none_differs(struct engine *engine, const struct intent_list *decided,
	     const struct intent_list *fresh, struct err *err)
{
	for (size_t i = 0; i < decided->count; i++) {
		const struct intent *was = &decided->items[i], *is = same_object(fresh, was);
		if (is != NULL && !same_write(was, is))
			return refuse(engine, was, is, err);
	}
	return true;
}

/* All of them as shown, and no more, or the difference in err. */
static bool
still_as_shown(struct engine *engine, const struct intent_list *shown,
	       const struct intent_list *fresh, struct err *err)
{
	for (size_t i = 0; i < shown->count; i++)
		if (same_object(fresh, &shown->items[i]) == NULL)
			return err_set(err, ERR_CONFLICT,
				       "%s needs no change any more: somebody else made it. "
				       "Nothing was written; look again.",
				       shown->items[i].title);
	if (!none_differs(engine, shown, fresh, err))
		return false;
	for (size_t i = 0; i < fresh->count; i++)
		if (same_object(shown, &fresh->items[i]) == NULL)
			return err_set(err, ERR_CONFLICT,
				       "%s would have to be written, too, and was not shown. "
				       "Nothing was written; look again.",
				       fresh->items[i].title);
	return true;
}

bool
leg_accept(struct engine *engine, struct leg *leg, const struct order *order, struct shown *shown,
	   struct err *err)
{
	prepare(engine, leg, order);
	if (!leg_derive(engine, leg, &leg->arena, &leg->intents, err))
		return false;
	leg->given = true;
	return still_as_shown(engine, &shown->intents, &leg->intents, err);
}

bool
leg_still(struct engine *engine, struct leg *leg, struct err *err)
{
	const struct intent_list left = { .items = leg->intents.items + leg->at,
					  .count = leg->intents.count - leg->at };
	struct intent_list fresh;

	if (!leg->wrote && *leg->order.pair != '\0')
		leg->before = share_of(engine, leg->order.pair);
	if (!leg_derive(engine, leg, &leg->arena, &fresh, err) ||
	    !(leg->given ? still_as_shown : none_differs)(engine, &left, &fresh, err))
		return false;
	leg->intents = fresh;
	leg->at = 0;
	return true;
}

enum leg_end
leg_step(struct engine *engine, struct machine *machine, struct leg *leg)
{
	static enum leg_end (*const stations[MACHINE_STATES])(struct engine *, struct machine *,
							      struct leg *) = {
		[MACHINE_CHECKING] = leg_check,   [MACHINE_REHEARSING] = leg_rehearse,
		[MACHINE_WRITING] = leg_write,    [MACHINE_RESOLVING] = leg_write,
		[MACHINE_SETTLING] = leg_write,   [MACHINE_STOPPING] = leg_write,
		[MACHINE_VERIFYING] = leg_verify,
	};
	enum leg_end end = LEG_BUSY;
	uint64_t moves;

	leg->due = NEVER;
	do {
		moves = machine->moves;
		if (stations[machine->state] != NULL)
			end = stations[machine->state](engine, machine, leg);
	} while (end == LEG_BUSY && machine->moves != moves);
	return end;
}

bool
leg_take(struct engine *engine, struct leg *leg, struct transport_event *event)
{
	if (leg->row == NULL)
		return false;
	return write_take(engine, &leg->write, event) || prober_take(&leg->prober, event);
}
