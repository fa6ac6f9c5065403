/* step_crds - the v1 CRDs, as far as the cluster's platform does not bring them itself. */
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/bundle.h"
#include "core/migrate/limits.h"
#include "core/migrate/past.h"
#include "core/migrate/rows.h"
#include "core/migrate/say.h"

static void crds_check(const struct stage *, const struct pair *, struct step_status *);
static bool
crds_writes(const struct stage *, const struct pair *, struct intent_list *, struct err *);
static enum verdict crds_verify(const struct stage *, const struct pair *, struct step_status *);
static bool
crds_back(const struct stage *, const struct pair *, struct intent_list *, struct err *);

static const enum kind crds_needs[] = { KIND_CRD, KIND_COUNT };

const struct step step_crds = {
	.id = STEP_CRDS,
	.name = "crds",
	.key = 'C',
	.scope = SCOPE_CLUSTER,
	.title = "install the v1 CRDs",
	.help = "Applies the CRDs of the v1 bundle: GA pools, objectives, and the α pools' own in "
		"its newer form. A GKE server "
		"from 1.34.0-gke.1626000 on ships the GA pools' itself; there only the objectives' "
		"is applied. It is done "
		"when the API server has established them and lists their objects.",
	.undo = "the old α pool CRD is put back as it was; CRDs that were not there before are "
		"deleted, once no object of "
		"them is left",
	.risk = RISK_LOW,
	.patience = 120 * SECOND, /* a list that is never answered is given up after 60 */
	.needs = crds_needs,
	.check = crds_check,
	.writes = crds_writes,
	.verify = crds_verify,
	.back = crds_back,
};

/* In the order they are applied. */
static const enum kind crd_kinds[] = { KIND_GA_POOL, KIND_OBJECTIVE, KIND_ALPHA_POOL };
#define CRD_KINDS (sizeof(crd_kinds) / sizeof(crd_kinds[0]))

static const struct object *
find_crd(const struct stage *stage, const char *name)
{
	return world_find(stage->world, KIND_CRD, "", name);
}

/* Without a kind of the old API there is nothing to put beside it: the migration is over, or was
 * never needed. */
static bool
is_over(const struct stage *stage)
{
	/* The simple procedure takes the old API away first. */
	if (stage->settings->path == PATH_SIMPLE && stage->plan->pair_count > 0)
		return false;
	return find_crd(stage, "inferencepools." GROUP_ALPHA) == NULL &&
	       find_crd(stage, "inferencemodels." GROUP_ALPHA) == NULL;
}

/* Bundles before v1 carry no version, or one of v0. A newer v1 is never put back to an older. */
static bool
is_v1(const struct object *crd)
{
	return *crd->crd.bundle != '\0' && !text_starts(crd->crd.bundle, "v0.");
}

/* Later bundles have no α pools: the old CRD stays as it is. Looked for in the text, since this is
 * asked all the time. */
static bool
bundle_has_alpha(const struct settings *settings)
{
	return settings->bundle == NULL ||
	       strstr(settings->bundle, bundle_crd_name(KIND_ALPHA_POOL)) != NULL;
}

static bool
is_wanted(const struct stage *stage, enum kind kind)
{
	if (stage->world->server.ships_ga_crd)
		return kind == KIND_OBJECTIVE;
	if (kind == KIND_ALPHA_POOL)
		return find_crd(stage, bundle_crd_name(kind)) != NULL &&
		       bundle_has_alpha(stage->settings);
	return true;
}

static void
set_object(const struct stage *stage, const char *name, struct step_status *status)
{
	status->object = say_title(stage->arena, KIND_CRD, "", name);
}

/* PASS: the API server has taken the CRD. READY to be written is the caller's to see. */
static enum verdict
look_at(const struct stage *stage, const struct object *crd, struct step_status *why)
{
	const struct condition *names = condition_find(&crd->crd.conditions, "NamesAccepted");

	if (crd->crd.established && crd->crd.names_accepted && !crd->crd.terminating)
		return VERDICT_PASS;
	if (names != NULL && text_equal(names->status, "False")) {
		say_status(why, stage->arena, STATE_BLOCKED,
			   "the API server refuses the CRD's names: %s", names->message);
		why->advice = "remove the CRD that already uses these names";
		set_object(stage, crd->meta.name, why);
		return VERDICT_FAIL;
	}
	say_status(why, stage->arena, STATE_WAITING, "%s",
		   crd->crd.terminating ? "the CRD is being deleted"
					: "the API server has not established the CRD yet");
	set_object(stage, crd->meta.name, why);
	return VERDICT_WAIT;
}

static bool
blocked_by_platform(const struct stage *stage, struct step_status *status)
{
	const char *name = bundle_crd_name(KIND_GA_POOL);

	if (!stage->world->server.ships_ga_crd || find_crd(stage, name) != NULL)
		return false;
	say_status(status, stage->arena, STATE_BLOCKED,
		   "GKE %s ships this CRD itself, but it is not there",
		   stage->world->server.version);
	status->advice = "enable the Gateway API on the cluster (gcloud container clusters update "
			 "--gateway-api=standard), and look again";
	set_object(stage, name, status);
	return true;
}

/* The first version in which objects were stored and which this CRD does not have: they could
 * not be read any more. NULL when there is none. */
static const char *
lost_version(const struct object *live, const struct json *crd)
{
	for (size_t i = 0; i < live->crd.stored.count; i++) {
		bool kept = false;

		for (const struct json *v = json_first(json_at(crd, "spec.versions")); v != NULL;
		     v = json_next(v))
			kept |= text_equal(json_string_at(v, "name"), live->crd.stored.items[i]);
		if (!kept)
			return live->crd.stored.items[i];
	}
	return NULL;
}

static bool
say_lost(const struct stage *stage, enum kind kind, const struct object *live, const char *lost,
	 struct step_status *status)
{
	struct arena *arena = stage->arena;
	const char *name = say_text(arena, live->meta.name);

	say_status(
		status, arena, STATE_BLOCKED,
		"objects were stored in version %s of it, which the new CRD does not have: their "
		"data would be lost, and the API server refuses it",
		say_text(arena, lost));
	status->advice = arena_printf(
		arena,
		"make %s its storage version, store them anew (kubectl get %s -A -o yaml | kubectl "
		"replace -f -), and take %s out of the list: kubectl patch crd %s "
		"--subresource=status --type=merge -p '{\"status\":{\"storedVersions\":[\"%s\"]}}'",
		kind_row(kind)->version, name, say_text(arena, lost), name,
		kind_row(kind)->version);
	set_object(stage, live->meta.name, status);
	return true;
}

/* The built-in bundle has the one version that is known here. One of the person's own is only read
 * when another was ever stored, since this is asked all the time; crds_writes() always looks. */
static bool
blocked_by_stored(const struct stage *stage, struct step_status *status)
{
	struct bundle bundle;
	bool blocked = false;

	for (size_t i = 0; !blocked && i < CRD_KINDS; i++) {
		const struct object *live = find_crd(stage, bundle_crd_name(crd_kinds[i]));
		const char *known = kind_row(crd_kinds[i])->version, *lost;
		bool other = false;

		if (live == NULL || is_v1(live) || !is_wanted(stage, crd_kinds[i]))
			continue;
		for (size_t j = 0; j < live->crd.stored.count; j++)
			other |= !text_equal(live->crd.stored.items[j], known);
		if (!other || !bundle_load(stage->settings, &bundle, NULL))
			continue;
		const struct bundle_crd *crd = bundle_find(&bundle, crd_kinds[i]);
		lost = crd != NULL ? lost_version(live, crd->json) : NULL;
		blocked = lost != NULL && say_lost(stage, crd_kinds[i], live, lost, status);
		bundle_release(&bundle);
	}
	return blocked;
}

static void
crds_check(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	(void)pair;
	say_status(status, stage->arena, STATE_DONE, "%s", "");
	if (is_over(stage))
		return;
	if (stage->world->server.version[0] == '\0') {
		say_status(status, stage->arena, STATE_UNKNOWN,
			   "the API server has not said its version yet, which decides what is "
			   "installed");
		return;
	}
	if (blocked_by_platform(stage, status))
		return;
	/* One on its way out, by a way back that was broken off, is made anew with the others. */
	for (size_t i = 0; i < CRD_KINDS; i++) {
		const struct object *crd = find_crd(stage, bundle_crd_name(crd_kinds[i]));

		if (is_wanted(stage, crd_kinds[i]) && crd != NULL && crd->crd.terminating) {
			look_at(stage, crd, status);
			return;
		}
	}
	for (size_t i = 0; i < CRD_KINDS; i++) {
		const struct object *crd = find_crd(stage, bundle_crd_name(crd_kinds[i]));

		if (is_wanted(stage, crd_kinds[i]) && (crd == NULL || !is_v1(crd))) {
			if (!blocked_by_stored(stage, status) && !limits_block_any(stage, status))
				say_status(status, stage->arena, STATE_READY, "%s", "");
			return;
		}
	}
	for (size_t i = 0; i < CRD_KINDS; i++)
		if (is_wanted(stage, crd_kinds[i]) &&
		    look_at(stage, find_crd(stage, bundle_crd_name(crd_kinds[i])), status) !=
			    VERDICT_PASS)
			return;
}

static void
add_crd(const struct stage *stage, const struct bundle *bundle, const struct bundle_crd *crd,
	struct intent_list *out)
{
	const struct object *live = find_crd(stage, crd->name);
	struct intent *intent;
	char *body = json_text(crd->json);

	intent = live == NULL ? intent_add(out, stage->arena, VERB_APPLY, KIND_CRD, "", crd->name)
			      : intent_add_on(out, stage->arena, VERB_APPLY, live);
	intent->step = STEP_CRDS;
	/* Whoever installed the old one with kubectl apply owns its fields. */
	intent->force = true;
	intent->body = arena_string(stage->arena, body);
	intent->summary =
		arena_printf(stage->arena, "%s → bundle %s, %s",
			     live == NULL                ? "not installed"
			     : *live->crd.bundle == '\0' ? "no bundle version"
							 : say_text(stage->arena, live->crd.bundle),
			     say_text(stage->arena, bundle->version),
			     stage->settings->bundle == NULL
				     ? "built in"
				     : say_text(stage->arena, stage->settings->bundle_name));
	free(body);
}

static bool
refuse_lost(const struct object *live, const char *lost, struct arena *arena, struct err *err)
{
	return err_set(
		err, ERR_REJECTED,
		"%s stays as it is: objects of it were stored in version %s, which the other "
		"one does not have, and their data would be lost. Store them anew in a version "
		"that both have, and take %s out of its status.storedVersions.",
		object_title(live, arena), say_text(arena, lost), say_text(arena, lost));
}

static bool
crds_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	    struct err *err)
{
	struct bundle bundle;
	bool complete = true;

	(void)pair;
	if (is_over(stage))
		return true;
	if (!bundle_load(stage->settings, &bundle, err))
		return false;
	for (size_t i = 0; complete && i < CRD_KINDS; i++) {
		const struct bundle_crd *crd = bundle_find(&bundle, crd_kinds[i]);
		const struct object *live = find_crd(stage, bundle_crd_name(crd_kinds[i]));

		if (!is_wanted(stage, crd_kinds[i]) || (live != NULL && is_v1(live)))
			continue;
		if (crd != NULL && live != NULL && lost_version(live, crd->json) != NULL)
			complete =
				refuse_lost(live, lost_version(live, crd->json), stage->arena, err);
		else if (crd != NULL)
			add_crd(stage, &bundle, crd, out);
		else if (crd_kinds[i] != KIND_ALPHA_POOL)
			complete = err_set(
				err, ERR_INPUT,
				"%s does not hold the CRD %s, which this cluster lacks; nothing "
				"is installed from it.",
				stage->settings->bundle_name, bundle_crd_name(crd_kinds[i]));
	}
	bundle_release(&bundle);
	return complete;
}

static enum verdict
crds_verify(const struct stage *stage, const struct pair *pair, struct step_status *why)
{
	(void)pair;
	for (size_t i = 0; i < CRD_KINDS; i++) {
		const char *name = bundle_crd_name(crd_kinds[i]);
		const struct object *crd = find_crd(stage, name);
		enum verdict verdict;

		if (!is_wanted(stage, crd_kinds[i]))
			continue;
		if (crd == NULL || !is_v1(crd)) {
			say_status(why, stage->arena, STATE_WAITING,
				   "the CRD does not show the new version yet");
			set_object(stage, name, why);
			return VERDICT_WAIT;
		}
		verdict = look_at(stage, crd, why);
		if (verdict != VERDICT_PASS)
			return verdict;
		/* Right after Established the first list may still be refused (DOMAIN §3.1 step 2).
		 */
		if (stage->world->view[crd_kinds[i]].state == VIEW_NOT_INSTALLED ||
		    !world_knows(stage->world, crd_kinds[i])) {
			say_status(why, stage->arena, STATE_WAITING,
				   "its objects cannot be listed yet");
			set_object(stage, name, why);
			return VERDICT_WAIT;
		}
	}
	return VERDICT_PASS;
}

static void
add_operation(struct json *operations, const char *op, const char *path, const struct json *value)
{
	struct json *operation = json_append(operations, json_new_object());

	json_set_string(operation, "op", op);
	json_set_string(operation, "path", path);
	json_set(operation, "value", json_clone(value));
}

/* A patch, since applying the old text would leave what the new one added. */
static bool
put_back(const struct stage *stage, const struct object *crd, const struct journal_record *record,
	 struct intent_list *out, struct err *err)
{
	static const char *const parts[] = { "annotations", "labels" };
	struct json *before = json_parse(record->before, strlen(record->before), err);
	struct json *live = object_json(crd), *operations;
	struct intent *intent;
	char *body;

	if (before == NULL) {
		json_free(live);
		return err_wrap(err, "What %s was before cannot be read from the journal",
				record->intent.title);
	}
	if (lost_version(crd, before) != NULL) {
		refuse_lost(crd, lost_version(crd, before), stage->arena, err);
		json_free(before);
		json_free(live);
		return false;
	}
	operations = json_new_array();
	add_operation(operations, "replace", "/spec", json_get(before, "spec"));
	for (size_t i = 0; i < 2; i++) {
		const struct json *old = json_get(json_get(before, "metadata"), parts[i]);
		const struct json *now = json_get(json_get(live, "metadata"), parts[i]);
		const char *path = arena_printf(stage->arena, "/metadata/%s", parts[i]);

		if (old != NULL)
			add_operation(operations, "add", path, old);
		else if (now != NULL)
			add_operation(operations, "remove", path, NULL);
	}
	body = json_text(operations);
	intent = intent_add_on(out, stage->arena, VERB_PATCH, crd);
	intent->step = STEP_CRDS;
	intent->undo = true;
	intent->body = arena_string(stage->arena, body);
	intent->summary = arena_printf(stage->arena, "bundle %s → what it was before",
				       say_text(stage->arena, crd->crd.bundle));
	free(body);
	json_free(operations);
	json_free(before);
	json_free(live);
	return true;
}

static bool
take_away(const struct stage *stage, const struct object *crd, enum kind kind,
	  struct intent_list *out, struct err *err)
{
	const struct world *world = stage->world;
	const char *title = object_title(crd, stage->arena);
	struct intent *intent;

	if (!world_knows(world, kind))
		return err_set(err, ERR_EXPIRED,
			       "Whether objects of %s are left is not known now, so it is not "
			       "deleted. Try "
			       "again when its view is live.",
			       title);
	if (world->count[kind] > 0)
		return err_set(err, ERR_REJECTED,
			       "%s is still used by %s and would take it along, so it is not "
			       "deleted. Take back "
			       "the steps after crds first, or delete that object.",
			       title, object_title(world->objects[kind][0], stage->arena));
	intent = intent_add_on(out, stage->arena, VERB_DELETE, crd);
	intent->step = STEP_CRDS;
	intent->undo = true;
	intent->summary = "was not there before the migration, and no object of it is left";
	return true;
}

static bool
crds_back(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	  struct err *err)
{
	const struct past_of of = { .step = STEP_CRDS, .pair = "" };

	(void)pair;
	for (size_t i = CRD_KINDS; i-- > 0;) {
		const char *name = bundle_crd_name(crd_kinds[i]);
		const struct object *crd = find_crd(stage, name);
		const struct journal_record *record =
			past_first(stage->journal, of, KIND_CRD, "", name);

		if (crd == NULL || record == NULL)
			continue;
		if (*record->before != '\0' ? !put_back(stage, crd, record, out, err)
					    : !take_away(stage, crd, crd_kinds[i], out, err))
			return false;
	}
	return true;
}
