/* The last station of a leg: did it take? For the step verify, that is the checks and the probe. */
#include <stdio.h>
#include <string.h>

#include "core/engine/book.h"
#include "core/engine/derive.h"
#include "core/engine/events.h"
#include "core/engine/leg.h"
#include "core/engine/named.h"
#include "core/engine/views.h"
#include "core/migrate/release.h"
#include "core/migrate/pair.h"
#include "core/migrate/assess.h"

#define LOOK_AGAIN  (500 * MILLISECOND)
#define CRD_WAITING (1 * SECOND) /* how long after each turn CRDs are asked for often */
#define PROBE_AGAIN (1 * SECOND)
#define DOUBT_AFTER (10 * SECOND) /* of waiting: a watch may be standing still */

static bool
needs_crds(const struct step *row)
{
	for (const enum kind *kind = row->needs; *kind != KIND_COUNT; kind++)
		if (*kind == KIND_CRD)
			return true;
	return false;
}

static void
begin(struct engine *engine, struct leg *leg)
{
	int64_t patience = engine->settings->wait > 0 ? engine->settings->wait : leg->row->patience;

	leg->verifying = true;
	leg->verified = engine->mono;
	leg->patience = engine->mono + patience;
}

/* What was written must go again: at once, and whoever changed what in between (DOMAIN §3.1 step
 * 4). */
static enum leg_end
take_back(struct engine *engine, struct machine *machine, struct leg *leg,
	  const struct step_status *why)
{
	struct err err;
	char text[ERR_TEXT_MAX];

	snprintf(leg->text, sizeof leg->text, "%s of %s: %s.", leg->row->name, leg->order.pair,
		 step_status_why(why, text, sizeof text));
	events_add(engine, EVENT_ERROR, leg->order.step, leg->order.pair, "%s It is taken back.",
		   leg->text);
	leg->taking_back = true;
	leg->kept = false;
	leg->moved = 0;
	leg->at = 0;
	if (!leg_derive(engine, leg, &leg->arena, &leg->intents, &err))
		return leg_fail(leg, LEG_FAILED, 1, err.code, "%s It could not be taken back: %s",
				leg->text, err.text);
	if (leg->order.step == STEP_SHIFT)
		derive_want(engine, leg->order.pair, leg->before);
	machine_move(machine, MACHINE_WRITE, engine->mono);
	return LEG_BUSY;
}

static enum leg_end
patience_ended(struct engine *engine, struct leg *leg, const struct step_status *why)
{
	bool unproven = leg->order.step == STEP_ATTACH;

	if (unproven && leg->order.accepts_unproven) {
		events_add(engine, EVENT_WARNING, leg->order.step, leg->order.pair,
			   "%s. Gone on without that, as asked for.", why->reason);
		return LEG_DONE;
	}
	leg_block(engine, leg, why);
	leg->exit = unproven ? 3 : 1;
	if (unproven)
		return LEG_BLOCKED;
	return leg_fail(leg, LEG_FAILED, 1, ERR_EXPIRED, "Still waiting when its time was over: %s",
			leg->text);
}

/* What does not come may have come unseen: a watch that stands still looks like one that has
 * nothing to tell (KUBERNETES §3.4). */
static void
list_again(struct engine *engine, struct leg *leg)
{
	leg->doubted = engine->mono;
	for (const enum kind *kind = leg->row->needs; *kind != KIND_COUNT; kind++)
		views_poke(engine, *kind);
}

static void
doubt_views(struct engine *engine, struct leg *leg)
{
	int64_t since = leg->doubted > leg->verified ? leg->doubted : leg->verified;

	if (engine->mono - since >= DOUBT_AFTER)
		list_again(engine, leg);
}

static enum leg_end
wait_on(struct engine *engine, struct leg *leg, const struct step_status *why)
{
	char text[ERR_TEXT_MAX];

	if (strcmp(why->reason, leg->why.reason) != 0 || strcmp(why->object, leg->why.object) != 0)
		events_add(engine, EVENT_INFO, leg->order.step, leg->order.pair, "waiting: %s",
			   step_status_why(why, text, sizeof text));
	leg->why = *why;
	leg_wait_text(leg, why);
	if (engine->mono >= leg->patience)
		return patience_ended(engine, leg, why);
	doubt_views(engine, leg);
	if (needs_crds(leg->row) || leg->order.undo)
		named_hurry(engine, engine->mono + CRD_WAITING);
	leg_come_back(engine, leg, inside_sooner(leg->patience, engine->mono + LOOK_AGAIN));
	return LEG_BUSY;
}

/* The probe, then all checks. True once there is a result. */
static bool
prove(struct engine *engine, struct leg *leg, const struct stage *stage, const struct pair *pair)
{
	const char *url, *host, *body;
	struct err err;
	struct verification result;

	if (engine->settings->probe && !leg->probed && !leg->probing) {
		if (assess_probe(stage, pair, &url, &host, &body, &err)) {
			prober_start(engine, &leg->prober, url, host, body);
			snprintf(leg->text, sizeof leg->text, "POST %s", url);
		} else {
			leg->prober.view.error = arena_string(&leg->prober.arena, err.text);
		}
		leg->probing = true;
	}
	if (leg->prober.request != 0)
		return false;
	leg->probed = leg->probing;
	assess_verification(stage, pair, leg->probed ? &leg->prober.view : NULL, &result);
	derive_verified(engine, &result);
	return true;
}

/* Passing things pass, a failure is looked at again until the patience ends. */
static enum leg_end
verify_serving(struct engine *engine, struct leg *leg)
{
	struct stage stage = derive_stage(engine, leg->order.pair, PPM_UNKNOWN, &leg->arena);
	const struct pair *pair = assess_pair(stage.plan, leg->order.pair);
	struct step_status why = { .reason = "", .object = "", .advice = "" };
	int64_t patience = leg->order.kind == ORDER_PROOF ? 10 * SECOND : leg->row->patience;

	if (pair == NULL)
		return leg_fail(leg, LEG_FAILED, 1, ERR_MISSING, "There is no pool %s to verify.",
				leg->order.pair);
	if (!prove(engine, leg, &stage, pair))
		return LEG_BUSY;
	stage = derive_stage(engine, leg->order.pair, PPM_UNKNOWN, &leg->arena);
	pair = assess_pair(stage.plan, leg->order.pair);
	if (pair == NULL || leg->row->verify(&stage, pair, &why) == VERDICT_PASS) {
		book_note_checks(engine, stage.verification);
		return LEG_DONE;
	}
	/* One probe that nobody answers may outlast the patience, and says little. */
	if (leg->order.looks_once ||
	    (++leg->looks > 1 && leg->doubted != 0 && engine->mono - leg->began >= patience)) {
		book_note_checks(engine, stage.verification);
		return leg_block(engine, leg, &why);
	}
	leg_wait_text(leg, &why);
	if (leg->doubted == 0 && engine->mono - leg->began + DOUBT_AFTER >= patience)
		list_again(engine, leg);
	leg->probing = leg->probed = false;
	leg_come_back(engine, leg, engine->mono + PROBE_AGAIN);
	leg->patience = engine->mono + PROBE_AGAIN;
	return LEG_BUSY;
}

/* The kind that a CRD makes known, KIND_COUNT when it is none of ours. */
static enum kind
kind_of_crd(const char *name)
{
	const char *dot = strchr(name, '.');
	char plural[64];

	if (dot == NULL || (size_t)(dot - name) >= sizeof plural)
		return KIND_COUNT;
	memcpy(plural, name, (size_t)(dot - name));
	plural[dot - name] = '\0';
	return kind_of(dot + 1, plural);
}

/* "" when the world is as an undoing intent wanted it, else what is missing. */
static const char *
missing(const struct engine *engine, const struct intent *intent)
{
	const struct object *now =
		world_find(engine->world, intent->kind, intent->ns, intent->name);

	if (intent->verb == VERB_DELETE)
		return now != NULL && strcmp(now->meta.uid, intent->uid) == 0 ? "still there" : "";
	if (now == NULL)
		return "not there yet";
	if (intent->kind != KIND_CRD)
		return "";
	/* What comes back after it needs it served. */
	enum kind made = kind_of_crd(intent->name);
	if (!now->crd.established)
		return "the API server has not established it yet";
	if (made != KIND_COUNT && (engine->world->view[made].state == VIEW_NOT_INSTALLED ||
				   !world_knows(engine->world, made)))
		return "its objects cannot be listed yet";
	return "";
}

/* What helm brings back is known by its α pool, which everything after it needs. */
static const char *
missing_pool(struct engine *engine, const struct intent *intent)
{
	const struct pair *pair = assess_pair(derive_plan(engine), intent->pair);

	return intent->verb != VERB_ROLLBACK ||
			       (pair != NULL && pair_alpha(engine->world, pair) != NULL)
		       ? ""
		       : "its α pool is not there yet";
}

static enum leg_end
verify_undone(struct engine *engine, struct leg *leg)
{
	for (size_t i = 0; i < leg->intents.count; i++) {
		const struct intent *intent = &leg->intents.items[i];
		struct step_status why = { .state = STATE_WAITING, .advice = "" };

		why.reason = intent->kind == KIND_COUNT ? missing_pool(engine, intent)
							: missing(engine, intent);
		why.object = intent->title;
		if (*why.reason != '\0')
			return wait_on(engine, leg, &why);
	}
	return LEG_DONE;
}

/* What helm has done comes in no answer, and a watch may still show what was before. */
static bool
helm_is_seen(struct engine *engine, struct leg *leg)
{
	bool by_helm = false;

	for (size_t i = 0; leg->wrote && i < leg->intents.count; i++)
		by_helm |= release_is(&leg->intents.items[i]);
	if (!by_helm)
		return true;
	if (leg->doubted < leg->written)
		list_again(engine, leg);
	for (const enum kind *kind = leg->row->needs; *kind != KIND_COUNT; kind++)
		if (!views_listed(engine, *kind, leg->written))
			return false;
	return true;
}

enum leg_end
leg_verify(struct engine *engine, struct machine *machine, struct leg *leg)
{
	struct step_status why = { .reason = "", .object = "", .advice = "" };
	struct stage stage;
	const struct pair *pair;

	if (leg->order.step == STEP_VERIFY) {
		/* Between two tries nothing is sent. */
		if (leg->verifying && !leg->probing && engine->mono < leg->patience) {
			leg_come_back(engine, leg, leg->patience);
			return LEG_BUSY;
		}
		leg->verifying = true;
		return verify_serving(engine, leg);
	}
	if (!leg->verifying)
		begin(engine, leg);
	if (leg->order.undo)
		return leg->wrote ? verify_undone(engine, leg) : LEG_NOTHING;
	if (!helm_is_seen(engine, leg)) {
		why.reason = "what helm has done is not listed yet";
		return wait_on(engine, leg, &why);
	}
	stage = derive_stage(engine, leg->order.pair, leg->order.goal, &leg->arena);
	pair = *leg->order.pair == '\0' ? NULL : assess_pair(stage.plan, leg->order.pair);
	if (pair == NULL && *leg->order.pair != '\0')
		return LEG_DONE;
	switch (leg->row->verify(&stage, pair, &why)) {
	case VERDICT_PASS:
		return leg->wrote ? LEG_DONE : LEG_NOTHING;
	case VERDICT_WAIT:
		return wait_on(engine, leg, &why);
	case VERDICT_FAIL:
		return leg_block(engine, leg, &why);
	case VERDICT_TAKE_BACK:
		break;
	}
	return take_back(engine, machine, leg, &why);
}
