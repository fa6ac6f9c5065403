/* release - releases of Helm: what belongs to one, helm's runs as intents, and what helm
 * answers.
 *
 * An intent of a release has verb INSTALL, UPGRADE, UNINSTALL or ROLLBACK, no kind, and helm's
 * arguments as its body: a JSON array. It goes the way of every write: previewed, guarded,
 * journalled, then looked at. Pure; no program is run here.
 */
#ifndef MIGRATE_RELEASE_H
#define MIGRATE_RELEASE_H

#include "core/migrate/step.h"

#define RELEASE_GROUP "helm.sh"

bool release_is(const struct intent *intent);

/* What helm is run for. */
enum release_run {
	RELEASE_DO,     /* for real */
	RELEASE_TRY,    /* what it would do, changing nothing: manifests */
	RELEASE_RENDER, /* an install's manifests, where the cluster has not all kinds for a TRY yet */
	RELEASE_STAND, /* the manifests of what stands now */
	RELEASE_LOOK,  /* how the release stands */
};
/* The whole argument list, NULL-terminated, "helm" first; NULL when the body is none. */
const char **release_argv(const struct intent *intent, enum release_run run, struct arena *arena);
/* As a person would type it, with --kube-context; clean. */
const char *release_command(const struct intent *intent, const char *context, struct arena *arena);

/* Appends an intent whose body the caller sets with release_body(). */
struct intent *release_add(struct intent_list *list, struct arena *arena, enum verb verb,
			   const char *ns, const char *name);
/* `words` end with NULL. */
const char *release_body(const char *const *words, struct arena *arena);

/* What a LOOK answered: {status, metadata.resourceVersion: the revision, ...}, JSON null when there
 * is no such release; NULL with err when it is neither. The caller frees. */
struct json *release_found(const char *text, size_t length, struct err *err);
/* What a TRY, RENDER or STAND answered, as an array of objects with their namespace; of what
 * Secrets hold only how long it is. The caller frees. */
struct json *release_manifests(const struct intent *intent, enum release_run run, const char *text,
			       size_t length, struct err *err);
/* `live` NULL or JSON null: there is no such release. CHANGED_BY_OTHER: it stands half done. */
enum intent_met release_met(const struct intent *intent, const struct json *live);
/* How a run of helm ended that nobody waited for: nothing there is no proof that it was not done. */
enum journal_end release_end_seen(const struct intent *intent, const struct json *live);
/* helm is at it, or was ended at it: "pending-install", "uninstalling". */
bool release_moves(const struct json *live);
/* What is there against what the manifests say, object by object; clean. */
const char *release_diff(const struct intent *intent, const struct world *world,
			 const struct json *manifests, struct arena *arena);
/* Of an upgrade: the manifests before and after it, object by object; clean. */
const char *
release_change(const struct json *before, const struct json *after, struct arena *arena);
/* The revision of a LOOK is not the one that the intent was made for: somebody else was at it. */
bool release_moved_on(const struct intent *intent, const struct json *live);

/* By the annotations that helm puts on all it makes; `ns` is the release's. */
bool release_has(const struct object *object, const char *ns, const char *name);
/* Of an object, "" when it belongs to none. */
const char *release_of(const struct object *object);
/* Copies of all known objects of an intent's release as a List, fit to be created again. */
struct json *release_copies(const struct intent *intent, const struct world *world);

/* The newest run of a step for a pair that the journal knows for real; NULL when there is none. */
const struct journal_record *
release_last(const struct journal *journal, enum step_id step, const char *pair);
/* The tries of the uninstall that the journal ends with for that step and pair, oldest first:
 * what a try that failed took away is in no later one. Start at 0; NULL at the end. */
const struct journal_record *
release_taken(const struct journal *journal, enum step_id step, const char *pair, size_t *at);
/* An install that stands, whole or half; NULL when nothing of it is left. */
const struct journal_record *release_standing(const struct journal *journal, const char *pair);
/* The last install or upgrade that was done of what stands: its body says what it was made of. NULL
 * where none is known. */
const struct journal_record *release_made(const struct journal *journal, const char *pair);
/* Helm's number of what stands, or stood before a half upgrade; "" where it is not known. */
const char *release_revision(const struct journal *journal, const char *pair);
/* It stands half: it failed, was cut off, or is not known to have ended. */
bool release_is_half(const struct journal_record *record);

#endif
