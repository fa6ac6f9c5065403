#include "core/demo/crd.h"

#include <stdlib.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/demo/author.h"
#include "core/demo/kinds.h"
#include "core/model/kind.h"

#define RESOURCE  "customresourcedefinitions"
#define FINALIZER "customresourcecleanup.apiextensions.k8s.io"
#define MANAGER   "kube-apiserver"

#define UP_AFTER (20 * MILLISECOND) /* from created to Established */
#define READY_AFTER \
	(20 * MILLISECOND) /* from Established until it stops answering 429 (KUBERNETES §3.9) */
#define DOWN_AFTER (100 * MILLISECOND) /* from empty to gone */
#define HELD_AFTER \
	(1 * SECOND) /* the same when finalizers had held something (KUBERNETES §4.9) \
				 */

enum way { WAY_UP, WAY_DOWN };

struct pending {
	char *name;
	enum way way;
	int64_t due; /* NEVER while objects are left */
	bool held;
	struct pending *next;
};

struct crds {
	int64_t place; /* in the store's history */
	struct pending *first;
};

struct crds *
crd_new(void)
{
	return die_alloc(sizeof(struct crds));
}

static void
pending_free(struct pending *pending)
{
	free(pending->name);
	free(pending);
}

void
crd_free(struct crds *crds)
{
	if (!crds)
		return;
	while (crds->first) {
		struct pending *pending = crds->first;

		crds->first = pending->next;
		pending_free(pending);
	}
	free(crds);
}

static const struct json *
crd_value(struct demo *demo, const char *name)
{
	const struct store_object *object = store_get(demo->store, GROUP_CRD, RESOURCE, "", name);

	return object ? store_value(demo->store, object) : NULL;
}

static bool
has_condition(const struct json *crd, const char *type)
{
	for (const struct json *c = json_first(json_at(crd, "status.conditions")); c;
	     c = json_next(c)) {
		if (text_equal(json_string_at(c, "type"), type))
			return text_equal(json_string_at(c, "status"), "True");
	}
	return false;
}

/* `conditions` with the one of that type replaced or added. */
static void
set_condition(const struct demo *demo, struct json *status, const char *type, const char *reason,
	      const char *message)
{
	struct json *conditions = json_set_array(status, "conditions"), *condition = NULL;
	char now[CLOCK_RFC3339_MAX];

	for (struct json *c = json_first_mutable(conditions); c && !condition;
	     c = json_next_mutable(c)) {
		if (text_equal(json_string_at(c, "type"), type))
			condition = c;
	}
	if (!condition)
		condition = json_append(conditions, json_new_object());
	inside_now(demo, now);
	json_set_string(condition, "lastTransitionTime", now);
	json_set_string(condition, "message", message);
	json_set_string(condition, "reason", reason);
	json_set_string(condition, "status", "True");
	json_set_string(condition, "type", type);
}

static struct json *
status_of(const struct json *crd)
{
	return json_get(crd, "status") ? json_clone(json_get(crd, "status")) : json_new_object();
}

/* Versions that were ever stored stay in storedVersions. */
static void
set_stored_versions(struct json *status, const struct json *crd)
{
	struct json *stored = json_set_array(status, "storedVersions");

	for (const struct json *v = json_first(json_at(crd, "spec.versions")); v;
	     v = json_next(v)) {
		bool known = !json_bool_at(v, "storage", false);

		for (const struct json *s = json_first(stored); s; s = json_next(s))
			known = known || json_equal(s, json_get(v, "name"));
		if (!known)
			json_append(stored, json_clone(json_get(v, "name")));
	}
}

static void
serve(struct demo *demo, const struct json *crd)
{
	bool established = has_condition(crd, "Established");
	int64_t ready = demo->loading || !established
				? 0
				: inside_mono(demo) + inside_delay(demo, READY_AFTER);

	kinds_learn(demo->kinds, crd, ready);
}

static void
establish(struct demo *demo, const char *name)
{
	const struct json *crd = crd_value(demo, name);
	struct json *status;

	if (!crd || json_at(crd, "metadata.deletionTimestamp"))
		return;
	status = status_of(crd);
	json_set(status, "acceptedNames", json_clone(json_at(crd, "spec.names")));
	set_stored_versions(status, crd);
	set_condition(demo, status, "NamesAccepted", "NoConflicts", "no conflicts found");
	set_condition(demo, status, "Established", "InitialNamesAccepted",
		      "the initial names have been accepted");
	author_status(demo, MANAGER, GROUP_CRD, RESOURCE, "", name, status, NULL);
	serve(demo, crd_value(demo, name));
}

void
crd_establish(struct demo *demo, const char *name)
{
	establish(demo, name);
}

static struct pending *
schedule(struct crds *crds, const char *name, enum way way, int64_t due)
{
	struct pending *pending;

	for (pending = crds->first; pending; pending = pending->next) {
		if (pending->way == way && text_equal(pending->name, name))
			return pending;
	}
	pending = die_alloc(sizeof(*pending));
	*pending = (struct pending){
		.name = die_strdup(name), .way = way, .due = due, .next = crds->first
	};
	crds->first = pending;
	return pending;
}

/* Deletes every object of the kind; how many are left because finalizers hold them. */
static size_t
empty(struct demo *demo, const char *group, const char *resource)
{
	const struct store_object *object = NULL;

	while ((object = store_next(demo->store, group, resource, NULL, object)))
		author_delete(demo, group, resource, object->namespace, object->name, NULL, NULL);
	return store_count(demo->store, group, resource);
}

static void
terminate(struct demo *demo, const char *name, const struct json *crd)
{
	const char *group = json_string_at(crd, "spec.group"),
		   *resource = json_string_at(crd, "spec.names.plural");
	struct json *status = status_of(crd);

	kinds_terminate(demo->kinds, group, resource);
	schedule(demo->crds, name, WAY_DOWN, NEVER)->held = empty(demo, group, resource) > 0;
	set_condition(demo, status, "Terminating", "InstanceDeletionInProgress",
		      "CustomResource deletion is in progress");
	author_status(demo, MANAGER, GROUP_CRD, RESOURCE, "", name, status, NULL);
}

static bool
is_pending(const struct crds *crds, const char *name, enum way way)
{
	for (const struct pending *p = crds->first; p; p = p->next) {
		if (p->way == way && text_equal(p->name, name))
			return true;
	}
	return false;
}

static void
notice(struct demo *demo, const struct store_event *event)
{
	const struct json *crd = crd_value(demo, event->last->name);
	const struct json *last = store_value(demo->store, event->last);
	int64_t now = inside_mono(demo);

	if (!crd) {
		kinds_forget(demo->kinds, json_string_at(last, "spec.group"),
			     json_string_at(last, "spec.names.plural"));
	} else if (json_at(crd, "metadata.deletionTimestamp")) {
		if (!is_pending(demo->crds, event->last->name, WAY_DOWN))
			terminate(demo, event->last->name, crd);
	} else if (!has_condition(crd, "Established")) {
		schedule(demo->crds, event->last->name, WAY_UP, now + inside_delay(demo, UP_AFTER));
	} else {
		struct json *status = status_of(crd);

		set_stored_versions(status, crd);
		json_set(status, "acceptedNames", json_clone(json_at(crd, "spec.names")));
		author_status(demo, MANAGER, GROUP_CRD, RESOURCE, "", event->last->name, status,
			      NULL);
		serve(demo, crd_value(demo, event->last->name));
	}
}

/* The CRD itself goes, and with it what it served. */
static void
let_go(struct demo *demo, const char *name)
{
	const struct json *crd = crd_value(demo, name);
	struct json *object, *finalizers;
	size_t index = 0;

	if (!crd)
		return;
	object = json_clone(crd);
	finalizers = json_at_mutable(object, "metadata.finalizers");
	for (const struct json *f = json_first(finalizers); f; f = json_next(f), index++) {
		if (text_equal(json_string(f), FINALIZER)) {
			json_remove_item(finalizers, index);
			break;
		}
	}
	author_update(demo, MANAGER, object, NULL);
}

/* True when nothing is left to wait for. */
static bool
act(struct demo *demo, struct pending *pending)
{
	const struct json *crd = crd_value(demo, pending->name);
	int64_t now = inside_mono(demo);

	if (!crd)
		return true;
	if (pending->way == WAY_UP) {
		if (now < pending->due)
			return false;
		establish(demo, pending->name);
		return true;
	}
	if (pending->due == NEVER && empty(demo, json_string_at(crd, "spec.group"),
					   json_string_at(crd, "spec.names.plural")) == 0)
		pending->due = now + inside_delay(demo, pending->held ? HELD_AFTER : DOWN_AFTER);
	if (now < pending->due)
		return false;
	let_go(demo, pending->name);
	return true;
}

static void
catch_up(struct demo *demo)
{
	struct crds *crds = demo->crds;
	const struct store_event *event;

	while ((event = store_after(demo->store, crds->place, GROUP_CRD, RESOURCE))) {
		crds->place = event->version;
		notice(demo, event);
	}
	crds->place = store_version(demo->store);
}

int64_t
crd_step(struct demo *demo)
{
	int64_t next = NEVER;

	catch_up(demo);
	for (struct pending **at = &demo->crds->first; *at;) {
		struct pending *pending = *at;

		if (act(demo, pending)) {
			*at = pending->next;
			pending_free(pending);
			continue;
		}
		if (pending->due < next)
			next = pending->due;
		at = &pending->next;
	}
	catch_up(demo);
	return next;
}
