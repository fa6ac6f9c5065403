/* The station of a leg that writes, intent by intent, each through write.c. */
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/engine/book.h"
#include "core/engine/events.h"
#include "core/engine/leg.h"
#include "core/engine/tenure.h"

static void
tell(struct engine *engine, const struct leg *leg)
{
	const struct intent *intent = leg->write.intent;
	struct buf joined;

	buf_init(&joined, 16 * BUF_KIB);
	text_clean_joined(&joined, intent->summary);
	const char *lines = joined.bytes;
	if (leg->write.dry)
		events_add(engine, EVENT_INFO, leg->order.step, leg->order.pair,
			   "dry run: %s %s%s%s%s", verb_name(intent->verb), intent->title,
			   leg->write.verdict == DRY_UNSUPPORTED ? " (cannot be tried yet)" : "",
			   *lines != '\0' ? ": " : "", lines);
	else
		events_add(engine, EVENT_INFO, leg->order.step, leg->order.pair,
			   "%s %s%s%s, %lld ms", verb_name(intent->verb), intent->title,
			   *lines != '\0' ? ": " : "", lines,
			   (long long)(leg->write.latency / MILLISECOND));
	buf_release(&joined);
}

/* Follows the write's own state on the machine, so that the screen says when an outcome is unknown.
 */
static void
follow(struct engine *engine, struct machine *machine, const struct leg *leg)
{
	bool looking = leg->write.doubt &&
		       (leg->write.state == WRITE_LOOK_DUE || leg->write.state == WRITE_LOOKING);

	if (machine->state == MACHINE_WRITING && looking)
		machine_move(machine, MACHINE_DOUBT, engine->mono);
	else if (machine->state == MACHINE_RESOLVING && !looking && leg->write.state != WRITE_ENDED)
		machine_move(machine, MACHINE_KNOWN, engine->mono);
}

static enum leg_end
all_written(struct engine *engine, struct machine *machine, struct leg *leg)
{
	if (leg->taking_back)
		return leg_fail(leg, LEG_BLOCKED, 3, ERR_REJECTED, "%s Taken back after %.1f s.",
				leg->text, (double)(engine->mono - leg->written) / (double)SECOND);
	if (leg->order.urgent || engine->settings->dry_run)
		return leg->wrote ? LEG_DONE : LEG_NOTHING;
	if (machine->state == MACHINE_WRITING)
		machine_move(machine, MACHINE_ANSWERED, engine->mono);
	machine_move(machine, MACHINE_VERIFY, engine->mono);
	return LEG_BUSY;
}

static enum leg_end
wrote_one(struct engine *engine, struct machine *machine, struct leg *leg)
{
	bool stopping = machine->state == MACHINE_STOPPING;

	tell(engine, leg);
	leg->wrote = true;
	if (!leg->taking_back)
		leg->written = engine->mono;
	leg_next(leg);
	write_release(&leg->write);
	if (stopping)
		return leg_fail(leg, LEG_STOPPED, 130, ERR_CANCELLED, "Stopped.");
	machine_move(machine, MACHINE_ANSWERED, engine->mono);
	if (leg->at < leg->intents.count)
		machine_move(machine, MACHINE_WRITE, engine->mono);
	return LEG_BUSY;
}

static enum leg_end
basis_moved(struct engine *engine, struct machine *machine, struct leg *leg)
{
	struct err err = { .code = ERR_NONE };

	write_release(&leg->write);
	if (machine->state == MACHINE_STOPPING)
		return leg_fail(leg, LEG_STOPPED, 130, ERR_CANCELLED, "Stopped.");
	if (machine->state == MACHINE_RESOLVING)
		machine_move(machine, MACHINE_KNOWN, engine->mono);
	leg->kept = false; /* of what it is now */
	if (!leg_reconcile(engine, leg, &err))
		return leg_fail(leg, LEG_FAILED, 1, err.code, "%s", err.text);
	return LEG_BUSY;
}

static enum leg_end
failed(struct engine *engine, struct machine *machine, struct leg *leg)
{
	struct err err = leg->write.err;

	(void)engine;
	leg->broke = machine->state == MACHINE_STOPPING;
	if (leg->broke)
		return leg_fail(leg, LEG_STOPPED, 130, ERR_CANCELLED, "%s", err.text);
	if (leg->taking_back)
		return leg_fail(leg, LEG_FAILED, 1, err.code, "%s It could not be taken back: %s",
				leg->text, err.text);
	/* What the guard refused before it was sent is a check that says no (CLI §4). */
	return leg_fail(leg, LEG_FAILED, leg->write.tries == 0 && leg->write.record == 0 ? 3 : 1,
			err.code, "%s", err.text);
}

/* Whoever held the Lease before may have died over a write. An abort cannot wait for that. */
static bool
waits_for_former(struct engine *engine, struct leg *leg)
{
	int64_t since = tenure_since(engine);

	if (engine->mono >= since || leg->order.urgent || leg->taking_back)
		return false;
	snprintf(leg->text, sizeof leg->text,
		 "what the former holder of the Lease sent last may still be done");
	leg_come_back(engine, leg, since);
	return true;
}

/* The cluster's Lease is ours before anything is sent. */
static enum leg_end
wait_for_lease(struct engine *engine, struct machine *machine, struct leg *leg, bool *ours)
{
	struct err err = { .code = ERR_NONE };
	enum tenure_answer answer = tenure_ask(engine, &err);

	*ours = answer == TENURE_OURS && !waits_for_former(engine, leg);
	if (*ours)
		return LEG_BUSY;
	if (machine->state == MACHINE_STOPPING)
		return leg_fail(leg, LEG_STOPPED, 130, ERR_CANCELLED, "Stopped.");
	if (answer == TENURE_OURS)
		return LEG_BUSY;
	if (answer == TENURE_REFUSED)
		return leg_fail(leg, LEG_BLOCKED, 3, err.code, "%s", err.text);
	if (!leg->taking_back)
		snprintf(leg->text, sizeof leg->text, "taking the cluster's Lease");
	leg_come_back(engine, leg, engine->mono + SECOND / 10);
	return LEG_BUSY;
}

/* Somebody else may have written until the Lease was ours: it is decided again, on lists of now.
 * An abort cannot wait; its guards hold all the same. */
static bool
starts_over(struct engine *engine, struct machine *machine, struct leg *leg)
{
	int64_t since = tenure_since(engine);

	if (since <= leg->began || leg->order.urgent || leg->taking_back ||
	    machine->state == MACHINE_STOPPING)
		return false;
	leg->began = engine->mono;
	leg->since = since;
	leg->asked = leg->kept = false;
	machine_move(machine, MACHINE_NEXT, engine->mono);
	return true;
}

/* All copies before the first deletion: a disk that is full in its middle would come too late. */
static bool
keep_copies(struct engine *engine, struct leg *leg, struct err *err)
{
	if (leg->kept || engine->settings->dry_run || engine->settings->read_only)
		return true;
	leg->kept =
		book_keep(engine, leg->intents.items + leg->at, leg->intents.count - leg->at, err);
	return leg->kept;
}

enum leg_end
leg_write(struct engine *engine, struct machine *machine, struct leg *leg)
{
	struct err err = { .code = ERR_NONE };
	int64_t due;

	while (leg->at < leg->intents.count) {
		const struct intent *intent = &leg->intents.items[leg->at];

		if (leg->write.state == WRITE_IDLE) {
			bool ours;
			enum leg_end refused = wait_for_lease(engine, machine, leg, &ours);

			if (!ours)
				return refused;
			if (starts_over(engine, machine, leg))
				return LEG_BUSY;
			if (!keep_copies(engine, leg, &err))
				return leg_fail(leg, LEG_FAILED, 1, err.code, "%s", err.text);
			if (machine->state == MACHINE_SETTLING)
				machine_move(machine, MACHINE_WRITE, engine->mono);
			if (!leg->taking_back)
				snprintf(leg->text, sizeof leg->text, "%s %s",
					 verb_name(intent->verb), intent->title);
			write_begin(engine, &leg->write, intent, false,
				    book_undoes(engine->book, intent));
		}
		enum write_end end = write_step(engine, &leg->write, &due);
		follow(engine, machine, leg);
		leg_come_back(engine, leg, due);
		if (end == WRITE_BUSY)
			return LEG_BUSY;
		enum leg_end leg_end = end == WRITE_DONE    ? wrote_one(engine, machine, leg)
				       : end == WRITE_MOVED ? basis_moved(engine, machine, leg)
							    : failed(engine, machine, leg);
		if (leg_end != LEG_BUSY)
			return leg_end;
	}
	return all_written(engine, machine, leg);
}
