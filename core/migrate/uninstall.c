#include "core/migrate/uninstall.h"

#include <string.h>

#include "core/base/text.h"
#include "core/migrate/pair.h"
#include "core/migrate/picker.h"
#include "core/migrate/policy.h"
#include "core/migrate/release.h"
#include "core/migrate/restore.h"
#include "core/migrate/say.h"

#define KEEP "helm.sh/resource-policy" /* helm leaves such an object alone */

struct home {                  /* of a release */
	const char *ns, *name; /* name "" for none */
};

/* The newest try of an uninstall that no rollback has made good; one that was cut off has not. */
static const struct journal_record *
newest_try(const struct stage *stage, const struct pair *pair)
{
	const struct journal_record *record, *newest = NULL;

	for (size_t at = 0; (record = release_taken(stage->journal, STEP_CLEANUP,
						    pair_title(pair, stage->arena), &at)) != NULL;)
		newest = record;
	return newest;
}

static struct home
home_of(const struct stage *stage, const struct pair *pair)
{
	const struct object *alpha = pair_alpha(stage->world, pair);
	const struct journal_record *gone = newest_try(stage, pair), *last;
	const char *ns;

	if (alpha != NULL && *release_of(alpha) != '\0') {
		ns = kv_find(&alpha->meta.annotations, "meta.helm.sh/release-namespace");
		return (struct home){ arena_string(stage->arena, ns != NULL ? ns : pair->ns),
				      arena_string(stage->arena, release_of(alpha)) };
	}
	last = release_last(stage->journal, STEP_CLEANUP, pair_title(pair, stage->arena));
	if (gone != NULL && release_is_half(last))
		return (struct home){ arena_string(stage->arena, gone->intent.ns),
				      arena_string(stage->arena, gone->intent.name) };
	return (struct home){ "", "" };
}

bool
uninstall_wanted(const struct stage *stage, const struct pair *pair)
{
	return *home_of(stage, pair).name != '\0';
}

bool
uninstall_takes(const struct stage *stage, const struct pair *pair, const struct object *object)
{
	struct home home = home_of(stage, pair);

	return *home.name != '\0' && release_has(object, home.ns, home.name);
}

static const struct picker_part *
part_of(const struct picker_part *parts, size_t count, const struct object *object)
{
	for (size_t i = 0; i < count; i++)
		if (parts[i].object == object)
			return &parts[i];
	return NULL;
}

static bool
is_policy_of(const struct stage *stage, const struct pair *pair, const struct object *object)
{
	const struct object *policy;

	if (object->kind != KIND_BACKEND_POLICY && object->kind != KIND_HEALTH_POLICY)
		return false;
	for (size_t at = 0; (policy = policy_next(stage, pair, object->kind, &at)) != NULL;)
		if (policy == object)
			return true;
	return false;
}

static bool
block_for(const struct stage *stage, const struct home *home, const struct object *object,
	  const char *kept, struct step_status *status)
{
	say_status(status, stage->arena, STATE_BLOCKED,
		   "it belongs to Helm release %s like the α pool, would go with it, and has to "
		   "stay%s%s",
		   home->name, kept != NULL ? ": " : "", kept != NULL ? kept : "");
	status->object = object_title(object, stage->arena);
	status->advice = arena_printf(
		stage->arena,
		"take it out of the release first: annotate it with helm.sh/resource-policy: keep "
		"in the chart and upgrade, or uninstall %s by hand and put back what has to stay",
		say_text(stage->arena, home->name));
	return true;
}

static bool
blocked_without_helm(const struct stage *stage, const struct pair *pair, const struct home *home,
		     struct step_status *status)
{
	if (stage->settings->helm != NULL)
		return false;
	say_status(status, stage->arena, STATE_BLOCKED,
		   "the α pool belongs to Helm release %s, and there is no helm on the PATH",
		   home->name);
	status->object = say_title(stage->arena, KIND_ALPHA_POOL, pair->ns, pair->alpha);
	status->advice =
		say_text(stage->arena, arena_printf(stage->arena, "run: helm uninstall %s -n %s",
						    home->name, home->ns));
	return true;
}

bool
uninstall_blocked(const struct stage *stage, const struct pair *pair,
		  bool (*goes)(const struct stage *, const struct object *, const struct pair *),
		  struct step_status *status)
{
	struct home home = home_of(stage, pair);
	const struct object *alpha = pair_alpha(stage->world, pair);
	size_t count;
	const struct picker_part *parts = picker_parts(stage->world, alpha, stage->arena, &count);

	if (*home.name == '\0')
		return false;
	if (blocked_without_helm(stage, pair, &home, status))
		return true;
	for (enum kind kind = 0; alpha != NULL && kind < KIND_COUNT; kind++)
		for (size_t i = 0; i < stage->world->count[kind]; i++) {
			const struct object *object = stage->world->objects[kind][i];
			const struct picker_part *part = part_of(parts, count, object);

			if (!release_has(object, home.ns, home.name) || object == alpha ||
			    text_equal(kv_find(&object->meta.annotations, KEEP), "keep") ||
			    (part != NULL && part->kept == NULL) ||
			    (kind == KIND_MODEL && goes(stage, object, pair)) ||
			    is_policy_of(stage, pair, object))
				continue;
			return block_for(stage, &home, object, part != NULL ? part->kept : NULL,
					 status);
		}
	return false;
}

static struct intent *
add_run(const struct stage *stage, const struct pair *pair, enum verb verb, const char *ns,
	const char *name, struct intent_list *out)
{
	struct intent *intent = release_add(out, stage->arena, verb, ns, name);

	intent->step = STEP_CLEANUP;
	intent->pair = pair_title(pair, stage->arena);
	return intent;
}

static void
add_uninstall(const struct stage *stage, const struct pair *pair, const char *ns, const char *name,
	      const char *summary, struct intent_list *out)
{
	const char *const words[] = {
		"uninstall", name, "--keep-history", "--namespace", ns, NULL
	};
	struct intent *intent = add_run(stage, pair, VERB_UNINSTALL, ns, name, out);

	intent->body = release_body(words, stage->arena);
	intent->summary = summary;
}

void
uninstall_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	struct home home = home_of(stage, pair);

	if (*home.name != '\0')
		add_uninstall(stage, pair, home.ns, home.name,
			      "the α pool, its picker and all else of the release are deleted; its "
			      "history is kept for helm rollback, copies in the journal",
			      out);
}

/* The first try knew all of it. */
static size_t
restore_all(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	const struct journal_record *record;
	size_t count = 0;

	for (size_t at = 0; (record = release_taken(stage->journal, STEP_CLEANUP,
						    pair_title(pair, stage->arena), &at)) != NULL;)
		count += restore_copies(stage, record, out);
	return count;
}

size_t
uninstall_back(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	const struct journal_record *last = newest_try(stage, pair);
	const struct journal_record *newest =
		release_last(stage->journal, STEP_CLEANUP, pair_title(pair, stage->arena));
	struct intent *intent;
	bool by_helm;

	if (last == NULL)
		return 0;
	/* A half uninstall, too: helm makes what is missing, and its release is whole again. */
	by_helm = stage->settings->installer != INSTALLER_NATIVE && stage->settings->helm != NULL &&
		  *last->result_version != '\0';
	if (!by_helm)
		return restore_all(stage, pair, out);
	/* helm does nothing more with a release whose rollback was cut off, but for this. */
	if (newest->intent.verb == VERB_ROLLBACK)
		add_uninstall(stage, pair, last->intent.ns, last->intent.name,
			      "what a rollback that was cut off has left goes first", out);
	const char *const words[] = { "rollback",    last->intent.name, last->result_version,
				      "--namespace", last->intent.ns,   NULL };
	intent = add_run(stage, pair, VERB_ROLLBACK, last->intent.ns, last->intent.name, out);
	intent->body = release_body(words, stage->arena);
	intent->undo = true;
	intent->summary = arena_printf(
		stage->arena,
		"brought back as revision %s had it; without its history: --installer native, "
		"from the copies",
		say_text(stage->arena, last->result_version));
	return 1;
}
