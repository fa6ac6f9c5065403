/* intent - one API request as data: previewed, dry-run, executed, journalled and printed from
 * the same value.
 *
 * Lives in the arena it was made in. The basis (uid, version_seen) is what was looked at when it
 * was made: the server refuses it when that is no longer so. Any thread; no I/O.
 */
#ifndef MIGRATE_INTENT_H
#define MIGRATE_INTENT_H

#include "core/base/arena.h"
#include "core/base/json.h"
#include "core/model/object.h"
#include "core/model/plan.h"

/* From INSTALL on they are helm's, of a release (release.h): no request of ours, but the same
 * value on the same way. */
enum verb {
	VERB_CREATE,
	VERB_APPLY,
	VERB_PATCH,
	VERB_DELETE,
	VERB_INSTALL,
	VERB_UPGRADE,
	VERB_UNINSTALL,
	VERB_ROLLBACK
};
const char *verb_name(enum verb verb); /* "create", "apply", "patch", "delete", "install", ... */
enum verb verb_by_name(const char *name, bool *known);

struct intent {
	enum verb verb;
	enum kind
		kind; /* KIND_COUNT for a kind that is not in the table; group, version, resource always stand */
	const char *group, *version, *resource;
	const char *ns, *name;    /* ns "" when cluster-scoped */
	const char *uid;          /* "" for what must not be there yet */
	const char *version_seen; /* resourceVersion of the basis; "" with uid "" */
	const char *
		body; /* CREATE, APPLY: the object; PATCH: RFC 6902 operations without the guards; DELETE: "" */
	bool force;        /* APPLY only: take fields over from other managers */
	bool after_others; /* its dry run cannot succeed before the intents before it were executed */
	enum step_id step;
	const char *pair; /* "ns/alpha"; "" for a cluster step */
	bool undo;
	const char *title;   /* clean: "HTTPRoute default/llm-route (gateway.networking.k8s.io)" */
	const char *summary; /* clean lines for the preview (SCREENS §2) */
};

struct intent_list {
	struct intent *items;
	size_t count, room;
};

/* A binding to a role that is not there is refused to whoever may not bind any role: it comes
 * after the role. */
bool intent_binds(enum kind kind);
/* Appends a zeroed intent with the kind's words filled in; `arena` holds the list. */
struct intent *intent_add(struct intent_list *list, struct arena *arena, enum verb verb,
			  enum kind kind, const char *ns, const char *name);
/* With uid and version_seen of `basis` (not NULL) taken over. */
struct intent *intent_add_on(struct intent_list *list, struct arena *arena, enum verb verb,
			     const struct object *basis);

const char *intent_content_type(const struct intent *intent); /* "" for a delete */
/* Unified diff of YAML: what is there (NULL: nothing) against what it will be (NULL: gone);
 * status, managedFields and the fields a server fills in are left out. Clean for a terminal. */
const char *intent_diff(const struct intent *intent, const struct json *live,
			const struct json *result, struct arena *arena);
/* Is what the intent wants already so in `live` (NULL: absent)? `before` is the object it was
 * made for, NULL when that is not known: then a removal from a list never counts as done.
 * Answers an unknown outcome (KUBERNETES §4.10). */
enum intent_met { INTENT_MET, INTENT_NOT_MET, INTENT_CHANGED_BY_OTHER };
enum intent_met
intent_met(const struct intent *intent, const struct json *live, const struct json *before);
/* Everything that stands in `wanted` stands in `live`, too; what a server adds does not count.
 * Lists compare by place. */
bool intent_covers(const struct json *wanted, const struct json *live);
/* This program applied it: server-side apply under its field manager made or shares it. */
bool intent_ours(const struct object *object);
/* The object ready to be created again: without uid, resourceVersion, managedFields, status and
 * the rest (DOMAIN §3.3). */
struct json *intent_sanitised(const struct json *object);

#endif
