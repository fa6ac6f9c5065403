/* The first two stations of a leg: may it start and what would it write; and the server's opinion
 * of that. */
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/engine/derive.h"
#include "core/engine/events.h"
#include "core/engine/leg.h"
#include "core/engine/named.h"
#include "core/engine/views.h"
#include "core/migrate/retreat.h"

/* For what a step needs to know to be known: longer than one list may take until it is given up
 * (60 s), so that a single answer that does not come ends nothing. */
#define VIEW_PATIENCE (75 * SECOND)

/* Lists that are only made now and then are made now. False while one is under way. */
static bool
everything_is_fresh(struct engine *engine, struct leg *leg)
{
	bool fresh = true;

	if (leg->order.urgent)
		return true;
	for (const enum kind *kind = leg->row->needs; *kind != KIND_COUNT; kind++) {
		enum view_state state = engine->world->view[*kind].state;
		enum kind_follow follow = kind_row(*kind)->follow;
		bool polled = follow == FOLLOW_POLL || follow == FOLLOW_POLL_POOLS ||
			      follow == FOLLOW_NAMED;

		if ((polled || leg->since != 0) && !leg->asked)
			views_poke(engine, *kind);
		if ((polled && !views_fresh(engine, *kind, leg->began)) ||
		    !views_listed(engine, *kind, leg->since) || state == VIEW_STARTING ||
		    state == VIEW_STALE || state == VIEW_BROKEN) {
			snprintf(leg->text, sizeof leg->text, "listing %s",
				 kind_row(*kind)->resource);
			fresh = false;
		}
	}
	leg->asked = true;
	return fresh;
}

static const struct step_status *
status_of(const struct plan *plan, const struct order *order)
{
	if (*order->pair != '\0') {
		const struct pair *pair = assess_pair(plan, order->pair);
		return pair == NULL ? NULL : &pair->steps[order->step];
	}
	for (size_t i = 0; i < plan->step_count; i++)
		if (plan->steps[i].id == order->step)
			return &plan->steps[i].status;
	return NULL;
}

/* The step before it that is not over; NULL when there is none. `verify` holds nothing up. */
static const struct step_status *
held_up_by(const struct plan *plan, enum path path, const struct order *order)
{
	const struct pair *pair = *order->pair == '\0' ? NULL : assess_pair(plan, order->pair);

	for (size_t i = 0; i < plan->step_count && plan->steps[i].id != order->step; i++) {
		enum step_id id = plan->steps[i].id;
		const struct step_status *status =
			pair != NULL ? &pair->steps[id] : &plan->steps[i].status;
		if (id != STEP_VERIFY && assess_holds_up(path, id, status))
			return status;
	}
	return NULL;
}

/* The preview says BLOCKED for whatever keeps the step from going on now. */
static enum leg_end
show_status(struct leg *leg, const struct step_status *status)
{
	struct step_status said = *status;

	if (said.state != STATE_DONE && said.state != STATE_SKIPPED)
		said.state = STATE_BLOCKED;
	shown_status(leg->shown, &said);
	leg->shown->preview.ready = true;
	return LEG_DONE;
}

static enum leg_end
wait_for(struct engine *engine, struct machine *machine, struct leg *leg,
	 const struct step_status *status)
{
	int64_t patience = engine->settings->wait > 0 ? engine->settings->wait : leg->row->patience;

	leg_wait_text(leg, status);
	if (status->until > engine->wall) {
		/* It may be minutes: said once, when it begins. */
		if (machine->state != MACHINE_DRAINING)
			events_add(engine, EVENT_INFO, leg->order.step, leg->order.pair,
				   "waiting: %s", leg->text);
		leg->patience = engine->mono + (status->until - engine->wall);
		machine_move(machine, MACHINE_DRAIN, engine->mono);
		return LEG_BUSY;
	}
	if (engine->mono - leg->began >= patience)
		return leg_block(engine, leg, status);
	leg_come_back(engine, leg, engine->mono + SECOND / 2);
	return LEG_BUSY;
}

static enum leg_end
wait_unknown(struct engine *engine, struct leg *leg, const struct step_status *status)
{
	if (engine->mono - leg->began >= VIEW_PATIENCE)
		return leg_block(engine, leg, status);
	leg_wait_text(leg, status);
	leg_come_back(engine, leg,
		      inside_sooner(leg->began + VIEW_PATIENCE, engine->mono + SECOND / 2));
	return LEG_BUSY;
}

/* For time or a controller it waits; for a step that nobody takes meanwhile it does not. A plan
 * shows what can be worked out all the same. */
static enum leg_end
judge_waiting(struct engine *engine, struct machine *machine, struct leg *leg,
	      const struct plan *plan, const struct step_status *status, bool *go)
{
	const struct step_status *before = held_up_by(plan, engine->settings->path, &leg->order);

	if (before != NULL && before->until > engine->wall)
		status = before;
	if (leg->order.plans) { /* with what is known now */
		shown_status(leg->shown, status);
		*go = true;
		return LEG_BUSY;
	}
	if (leg->shown != NULL)
		return show_status(leg, status);
	if (engine->settings->dry_run) {
		*go = true;
		return LEG_BUSY;
	}
	/* A view that is read again may show it done all the same. */
	if (before != NULL && before->state == STATE_UNKNOWN)
		return wait_unknown(engine, leg, before);
	if (before != NULL && before != status)
		return leg_block(engine, leg, status);
	return wait_for(engine, machine, leg, status);
}

/* READY, or whatever goes on as if it were. */
static enum leg_end
judge(struct engine *engine, struct machine *machine, struct leg *leg, const struct plan *plan,
      const struct step_status *status, bool *go)
{
	bool has_goal = leg->order.step == STEP_SHIFT && leg->order.goal != PPM_UNKNOWN;

	switch (status->state) {
	case STATE_READY:
	case STATE_RUNNING:
		*go = true;
		return LEG_BUSY;
	case STATE_DONE:
	case STATE_SKIPPED:
		/* What was verified before the last shift says nothing about it. */
		*go = status->state == STATE_DONE &&
		      (has_goal || (leg->order.step == STEP_VERIFY && leg->order.moved));
		if (*go)
			return LEG_BUSY;
		return leg->shown != NULL ? show_status(leg, status)
		       : leg->wrote       ? LEG_DONE
					  : LEG_NOTHING;
	case STATE_UNKNOWN:
		if (leg->shown != NULL && engine->mono - leg->began >= VIEW_PATIENCE)
			break;
		return wait_unknown(engine, leg, status);
	case STATE_WAITING:
		return judge_waiting(engine, machine, leg, plan, status, go);
	case STATE_BLOCKED:
	case STATE_FAILED:
		/* A failed verification is run again: that is what the step is for. */
		*go = leg->order.step == STEP_VERIFY;
		break;
	}
	if (*go)
		return LEG_BUSY;
	return leg->shown != NULL ? show_status(leg, status) : leg_block(engine, leg, status);
}

/* Somebody moved the pair between two stops of a ramp: what they decided is not written over. */
static bool
moved_meanwhile(struct engine *engine, struct leg *leg)
{
	const struct order *order = &leg->order;
	const struct pair *pair =
		order->left ? assess_pair(derive_plan(engine), order->pair) : NULL;
	const struct intent *intent = leg->intents.items;
	struct buf text;
	char who[300];

	if (pair == NULL || leg->intents.count == 0 || pair->written == order->from)
		return false;
	leg_say_who(engine, intent, who, sizeof who);
	buf_init(&text, ERR_TEXT_MAX);
	buf_printf(&text, "The weights of %s were changed%s during the shift: GA was left at ",
		   intent->title, who);
	text_ppm(&text, order->from);
	if (pair->written >= 0) {
		buf_puts(&text, " and stands at ");
		text_ppm(&text, pair->written);
	} else {
		buf_puts(&text, " and its rules stand apart");
	}
	buf_puts(&text, ". They were not written over. Look at who did it and why; started again, "
			"the shift goes on from there");
	leg_fail(leg, LEG_FAILED, 1, ERR_CONFLICT, "%s", text.bytes);
	buf_release(&text);
	return true;
}

static enum leg_end
derive(struct engine *engine, struct machine *machine, struct leg *leg)
{
	struct err err;
	struct arena *arena = leg->shown != NULL ? &leg->shown->arena : &leg->arena;

	leg->at = 0;
	if (!leg_derive(engine, leg, arena, &leg->intents, &err)) {
		struct step_status refused = {
			.state = STATE_BLOCKED, .reason = err.text, .object = "", .advice = ""
		};
		if (leg->shown != NULL && leg->shown->preview.status.state == STATE_READY)
			return show_status(leg, &refused);
		if (leg->shown != NULL) {
			leg->shown->preview.ready = true;
			return LEG_DONE;
		}
		return leg_fail(leg, LEG_BLOCKED, 3, err.code, "%s", err.text);
	}
	if (moved_meanwhile(engine, leg))
		return LEG_FAILED;
	if (leg->shown != NULL)
		shown_intents(leg->shown, &leg->intents);
	if (leg->intents.count == 0 && leg->order.undo)
		return leg->shown != NULL
			       ? show_status(leg,
					     &(struct step_status){
						     .state = STATE_DONE,
						     .reason = "there is nothing to take back",
						     .object = "",
						     .advice = "" })
			       : LEG_NOTHING;
	/* Nothing was changed, so there is nothing to verify either. */
	if (leg->intents.count == 0 && engine->settings->dry_run && leg->shown == NULL)
		return LEG_NOTHING;
	if (leg->shown != NULL)
		machine_move(machine, MACHINE_REHEARSE, engine->mono);
	else if (leg->intents.count == 0)
		machine_move(machine, MACHINE_VERIFY, engine->mono);
	else
		machine_move(machine,
			     leg->order.urgent || engine->settings->dry_run ? MACHINE_WRITE
									    : MACHINE_REHEARSE,
			     engine->mono);
	return LEG_BUSY;
}

/* What is taken back waits for whoever would lose a request by it. */
static enum leg_end
judge_undo(struct engine *engine, struct machine *machine, struct leg *leg, bool *go)
{
	struct stage stage = derive_stage(engine, leg->order.pair, PPM_UNKNOWN, &leg->arena);
	struct step_status status;

	retreat_check(&stage,
		      *leg->order.pair == '\0' ? NULL : assess_pair(stage.plan, leg->order.pair),
		      leg->order.step, &status);
	*go = status.state == STATE_READY;
	if (*go)
		return LEG_BUSY;
	if (leg->shown != NULL)
		return show_status(leg, &status);
	return wait_for(engine, machine, leg, &status);
}

enum leg_end
leg_check(struct engine *engine, struct machine *machine, struct leg *leg)
{
	const struct plan *plan;
	const struct step_status *status;
	enum leg_end end;
	struct err err;
	bool go = leg->order.undo || leg->order.urgent || leg->order.kind == ORDER_PROOF;

	if (!everything_is_fresh(engine, leg) && engine->mono - leg->began < VIEW_PATIENCE) {
		leg_come_back(engine, leg, leg->began + VIEW_PATIENCE);
		return LEG_BUSY;
	}
	if (leg->since != 0 && !leg_still(engine, leg, &err))
		return leg_fail(leg, LEG_FAILED, 1, err.code, "%s", err.text);
	if (leg->order.undo && !leg->order.urgent) {
		end = judge_undo(engine, machine, leg, &go);
		if (!go)
			return end;
	}
	if (!go) {
		plan = derive_plan(engine);
		status = status_of(plan, &leg->order);
		if (status == NULL)
			return leg_fail(leg, LEG_FAILED, 1, ERR_MISSING,
					"There is no pool %s for step %s.", leg->order.pair,
					leg->row->name);
		end = judge(engine, machine, leg, plan, status, &go);
		if (!go)
			return end;
	}
	if (!leg->given)
		return derive(engine, machine, leg);
	machine_move(machine, MACHINE_WRITE, engine->mono);
	return LEG_BUSY;
}

static enum leg_end
rehearsed(struct engine *engine, struct machine *machine, struct leg *leg)
{
	if (leg->shown != NULL) {
		leg->shown->preview.ready = true;
		return LEG_DONE;
	}
	leg->at = 0;
	leg->moved = 0;
	machine_move(machine, leg->intents.count > 0 ? MACHINE_WRITE : MACHINE_VERIFY,
		     engine->mono);
	return LEG_BUSY;
}

static enum leg_end
rehearsal_moved(struct engine *engine, struct machine *machine, struct leg *leg)
{
	/* It begins anew each time, and what a step before has just written, its controllers still
	 * mark: once each is no quarrel. */
	if (++leg->moved > LEG_MOVED_MOST + (int)leg->intents.count)
		return leg_fail(leg, LEG_FAILED, 1, ERR_CONFLICT, "%s", leg->write.err.text);
	write_release(&leg->write);
	machine_move(machine, MACHINE_NEXT, engine->mono);
	return LEG_BUSY;
}

/* One after the other: what the server says about one may be said about all, and a person waits for
 * the first. */
enum leg_end
leg_rehearse(struct engine *engine, struct machine *machine, struct leg *leg)
{
	int64_t due;

	while (leg->at < leg->intents.count) {
		const struct intent *intent = &leg->intents.items[leg->at];

		if (leg->write.state == WRITE_IDLE) {
			write_begin(engine, &leg->write, intent, true, 0);
			snprintf(leg->text, sizeof leg->text, "dry run of %s", intent->title);
		}
		enum write_end end = write_step(engine, &leg->write, &due);
		leg_come_back(engine, leg, due);
		if (end == WRITE_BUSY)
			return LEG_BUSY;
		if (end == WRITE_MOVED)
			return rehearsal_moved(engine, machine, leg);
		if (end == WRITE_FAILED) {
			leg->write.verdict = DRY_REFUSED;
			end = WRITE_DONE;
		}
		if (leg->shown != NULL)
			shown_add(engine, leg->shown, intent, &leg->write);
		else if (leg->write.verdict == DRY_REFUSED)
			return leg_fail(leg, LEG_FAILED, 1, leg->write.err.code, "%s",
					leg->write.err.text);
		write_release(&leg->write);
		leg->at++;
	}
	return rehearsed(engine, machine, leg);
}
