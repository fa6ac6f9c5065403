#include "core/migrate/assess.h"

#include <string.h>

#include "core/base/text.h"
#include "core/migrate/access.h"
#include "core/migrate/convert.h"
#include "core/migrate/memory.h"
#include "core/migrate/orphan.h"
#include "core/migrate/pairing.h"
#include "core/migrate/reflist.h"
#include "core/migrate/say.h"

/* What the derivation carries along: the stage every step looks at, and the plan it fills. */
struct deriving {
	struct stage stage;
	struct plan *plan;
	struct pair *pairs; /* plan->pairs, to be written */
	const enum step_id *order;
	size_t count;
	const struct access *access;
};

/* From the best to the worst: how bad a state is for a step seen over several pairs. */
static const int badness[] = {
	[STATE_SKIPPED] = 0, [STATE_DONE] = 1,    [STATE_READY] = 2,   [STATE_RUNNING] = 3,
	[STATE_WAITING] = 4, [STATE_UNKNOWN] = 5, [STATE_BLOCKED] = 6, [STATE_FAILED] = 7,
};

static bool
is_over(const struct step_status *status)
{
	return status->state == STATE_DONE || status->state == STATE_SKIPPED;
}

bool
assess_holds_up(enum path path, enum step_id id, const struct step_status *status)
{
	if (id == STEP_VERIFY)
		return status->state == STATE_FAILED;
	if (path == PATH_SIMPLE && status->state == STATE_BLOCKED &&
	    (id == STEP_CHECK || id == STEP_REMOVE_CRDS))
		return false;
	return !is_over(status);
}

/* The first step before order[at] that is not over, for a pair or, with pair NULL, among the
 * cluster's own. */
static enum step_id
held_up_by(const struct deriving *d, size_t at, const struct pair *pair)
{
	for (size_t i = 0; i < at; i++) {
		const struct step *row = step_row(d->order[i]);

		if (pair == NULL && row->scope != SCOPE_CLUSTER)
			continue;
		if (assess_holds_up(d->stage.settings->path, row->id,
				    pair != NULL ? &pair->steps[row->id]
						 : &d->plan->steps[i].status))
			return row->id;
	}
	return STEP_COUNT;
}

/* Views that are only polled matter when the step is about to begin: a step that is done needs no
 * list of roles. */
static bool
misses_view(const struct deriving *d, const struct step *row, bool polled,
	    struct step_status *status)
{
	for (const enum kind *kind = row->needs; *kind != KIND_COUNT; kind++) {
		enum kind_follow follow = kind_row(*kind)->follow;
		enum kind one[] = { *kind, KIND_COUNT };

		if ((follow == FOLLOW_POLL || follow == FOLLOW_POLL_POOLS) == polled &&
		    say_unknown(status, d->stage.arena, d->stage.world, one))
			return true;
	}
	return false;
}

static struct step_status
status_of(const struct deriving *d, size_t at, const struct pair *pair)
{
	const struct step *row = step_row(d->order[at]);
	enum step_id before = held_up_by(d, at, pair);
	struct step_status status = {
		.state = STATE_READY, .reason = "", .object = "", .advice = ""
	};

	if (!misses_view(d, row, false, &status)) {
		row->check(&d->stage, pair, &status);
		if (status.state != STATE_READY)
			return status;
		if (before == STEP_COUNT)
			misses_view(d, row, true, &status);
	}
	/* what cannot be seen yet does not matter before its turn */
	if (before != STEP_COUNT) {
		struct step_status advised = status;

		say_status(&status, d->stage.arena, STATE_WAITING, "comes after %s",
			   step_name(before));
		/* what the step says of an object is said before its turn */
		status.object = advised.object;
		if (*advised.object != '\0')
			status.advice = advised.advice;
	}
	if (status.state == STATE_READY || before != STEP_COUNT)
		access_blocks(&d->stage, d->access, pair, row->id, &status);
	return status;
}

/* Two alpha pools that would become one GA pool: neither may begin. */
static void
block_clashes(struct deriving *d)
{
	for (size_t i = 0; i < d->plan->pair_count; i++)
		for (size_t j = 0; j < d->plan->pair_count; j++) {
			struct pair *pair = &d->pairs[i], *other = &d->pairs[j];

			if (i == j || is_over(&pair->steps[STEP_POOL]) ||
			    strcmp(pair->ns, other->ns) != 0 || strcmp(pair->ga, other->ga) != 0)
				continue;
			say_status(&pair->steps[STEP_POOL], d->stage.arena, STATE_BLOCKED,
				   "α pools %s and %s would both become GA pool %s", pair->alpha,
				   other->alpha, pair->ga);
			pair->steps[STEP_POOL].object =
				say_title(d->stage.arena, KIND_ALPHA_POOL, pair->ns, pair->alpha);
			pair->steps[STEP_POOL].advice =
				"give one of them another name: --pool NAME --ga-name NAME";
		}
}

/* A pool that the simple procedure deleted, seen by the other one: nothing here would make its GA
 * pool. */
static void
block_halfway(struct deriving *d)
{
	for (size_t i = 0; i < d->plan->pair_count; i++) {
		struct pair *pair = &d->pairs[i];

		if (pair->alpha_uid[0] != '\0' || pair->ga_uid[0] != '\0')
			continue;
		say_status(&pair->steps[STEP_POOL], d->stage.arena, STATE_BLOCKED,
			   "the α pool was deleted and has no GA pool yet: a simple migration is "
			   "under way");
		pair->steps[STEP_POOL].advice = "go on with --path simple, or roll it back so";
	}
}

static bool
is_worse(const struct step_status *a, const struct step_status *b)
{
	return badness[a->state] > badness[b->state] ||
	       (a->state == b->state && *a->object != '\0' && *b->object == '\0');
}

/* A pool step seen as one: the worst of the selected pairs, of equals one that names an object. */
static struct step_status
worst_of(const struct deriving *d, enum step_id id)
{
	static const enum kind pools[] = { KIND_ALPHA_POOL, KIND_GA_POOL, KIND_COUNT };
	const struct pair *worst = NULL;
	struct step_status status;

	for (size_t i = 0; i < d->plan->pair_count; i++) {
		const struct pair *pair = &d->plan->pairs[i];

		if (pair->selected &&
		    (worst == NULL || is_worse(&pair->steps[id], &worst->steps[id])))
			worst = pair;
	}
	if (worst != NULL)
		return worst->steps[id];
	if (!say_unknown(&status, d->stage.arena, d->stage.world, pools))
		say_status(&status, d->stage.arena, STATE_SKIPPED,
			   d->plan->pair_count > 0 ? "no pool is selected" : "there is no α pool");
	return status;
}

static void
derive_step(struct deriving *d, size_t at)
{
	const struct step *row = step_row(d->order[at]);
	struct step_view *view = &d->plan->steps[at];

	view->id = row->id;
	d->plan->step_count = at + 1;
	if (row->scope == SCOPE_CLUSTER) {
		view->status = status_of(d, at, NULL);
		for (size_t i = 0; i < d->plan->pair_count; i++)
			d->pairs[i].steps[row->id] = view->status;
		return;
	}
	for (size_t i = 0; i < d->plan->pair_count; i++)
		d->pairs[i].steps[row->id] = status_of(d, at, &d->pairs[i]);
	if (row->id == STEP_POOL)
		block_clashes(d);
	if (row->id == STEP_POOL && d->stage.settings->path != PATH_SIMPLE)
		block_halfway(d);
	view->status = worst_of(d, row->id);
}

static void
skip_everything(struct deriving *d)
{
	for (size_t i = 0; i < d->count; i++) {
		d->plan->steps[i].id = d->order[i];
		say_status(&d->plan->steps[i].status, d->stage.arena, STATE_SKIPPED,
			   "there is nothing to migrate: no α pool and no InferenceModel");
	}
	d->plan->step_count = d->count;
}

static bool
was_migrated(const struct assess_input *input)
{
	const struct world *world = input->world;
	size_t count = 0;
	const struct journal_record *records =
		input->journal == NULL ? NULL : journal_records(input->journal, &count);

	for (size_t i = 0; i < count; i++)
		if (records[i].end == JOURNAL_DONE && !records[i].dry_run)
			return true;
	for (size_t i = 0; i < world->count[KIND_GA_POOL]; i++)
		if (kv_find(&world->objects[KIND_GA_POOL][i]->meta.annotations,
			    CONVERT_ALPHA_POOL) != NULL)
			return true;
	return false;
}

/* Said even when the person has chosen to go on without having seen them. */
static void
add_unlisted(const struct world *world, struct arena *arena, struct plan *out)
{
	const char **texts = arena_array(arena, world->unlisted_count + 1, sizeof(*texts));

	for (size_t i = 0; i < world->unlisted_count; i++) {
		const struct unlisted *kind = &world->unlisted[i];

		texts[i] = say_text(
			arena, arena_printf(arena, "%s (%s)%s%s", kind->kind, kind->group,
					    *kind->ns != '\0' ? " in namespace " : "", kind->ns));
	}
	out->unlisted = texts;
	out->unlisted_count = world->unlisted_count;
}

static struct stage
stage_with(const struct assess_input *input, const struct plan *plan, const struct memory *memory,
	   struct arena *arena, int64_t goal)
{
	return (struct stage){
		.world = input->world,
		.settings = input->settings,
		.journal = input->journal,
		.plan = plan,
		.arena = arena,
		.goal = goal,
		.verification = input->verification,
		.memory = memory,
	};
}

static void
derive_downtime(struct deriving *d, const struct assess_input *input)
{
	const struct verification *seen = input->verification;
	size_t count = 0;
	const struct journal_record *records =
		input->journal == NULL ? NULL : journal_records(input->journal, &count);
	int64_t attached = 0;

	for (size_t i = 0; i < count; i++) {
		const struct intent *intent = &records[i].intent;

		if (records[i].end != JOURNAL_DONE || records[i].dry_run)
			continue;
		if (intent->step == STEP_DETACH && intent->undo)
			d->plan->downtime.began = attached = 0;
		else if (intent->step == STEP_DETACH && d->plan->downtime.began == 0)
			d->plan->downtime.began = records[i].wall;
		else if (intent->step == STEP_ATTACH)
			attached = intent->undo ? 0 : records[i].wall;
	}
	if (d->plan->downtime.began == 0 || attached == 0)
		return;
	if (input->served >= attached)
		d->plan->downtime.ended = input->served;
	else if (seen != NULL && seen->probed && seen->probe.status == 200 &&
		 seen->wall >= attached)
		d->plan->downtime.ended = seen->wall;
}

void
assess(const struct assess_input *input, struct arena *arena, struct plan *out)
{
	const struct world *world = input->world;
	struct deriving d = { .plan = out };
	const struct memory *memory;

	*out = (struct plan){ .next = STEP_COUNT };
	memory = memory_new(input->journal, world, input->settings, arena);
	d.pairs = pairing_new(input, memory, reflist_new(world, arena), arena, &out->pair_count);
	out->pairs = d.pairs;
	d.stage = stage_with(input, out, memory, arena, PPM_UNKNOWN);
	d.access = input->access;
	d.order = step_order(input->settings->path, &d.count);
	out->ever_migrated = was_migrated(input);
	out->nothing_to_migrate = !out->ever_migrated && world_knows(world, KIND_ALPHA_POOL) &&
				  world_knows(world, KIND_MODEL) &&
				  world->count[KIND_ALPHA_POOL] == 0 &&
				  world->count[KIND_MODEL] == 0;
	out->orphans = orphan_all(&d.stage, &out->orphan_count);
	add_unlisted(world, arena, out);
	out->losses = convert_losses(world, out->pairs, out->pair_count, arena, &out->loss_count);
	if (out->nothing_to_migrate) {
		skip_everything(&d);
		return;
	}
	for (size_t i = 0; i < d.count; i++)
		derive_step(&d, i);
	if (input->settings->path == PATH_SIMPLE)
		derive_downtime(&d, input);
	for (size_t i = d.count; i-- > 0;)
		if (!is_over(&out->steps[i].status))
			out->next = out->steps[i].id;
}

struct stage
assess_stage(const struct assess_input *input, const struct plan *plan, struct arena *arena,
	     int64_t goal)
{
	return stage_with(input, plan,
			  memory_new(input->journal, input->world, input->settings, arena), arena,
			  goal);
}

const struct pair *
assess_pair(const struct plan *plan, const char *title)
{
	const char *slash = strchr(title, '/');

	if (slash == NULL)
		return NULL;
	for (size_t i = 0; i < plan->pair_count; i++) {
		const struct pair *pair = &plan->pairs[i];

		if (strlen(pair->ns) == (size_t)(slash - title) &&
		    strncmp(pair->ns, title, strlen(pair->ns)) == 0 &&
		    strcmp(pair->alpha, slash + 1) == 0)
			return pair;
	}
	return NULL;
}
