#include "core/migrate/guard.h"

#include <string.h>

/* A rule refuses with its sentence, or lets pass. `intent` may be NULL: is anything allowed at all?
 */
struct guard_rule {
	const char *name;
	bool dry_too; /* holds for dry runs, which change nothing, as well */
	bool (*refuses)(const struct guard_facts *facts, const struct intent *intent,
			struct err *err);
};

static bool
read_only(const struct guard_facts *facts, const struct intent *intent, struct err *err)
{
	(void)intent;
	if (!facts->settings->read_only)
		return false;
	err_set(err, ERR_DENIED,
		"Read-only: nothing is written. Start without --read-only to change the cluster.");
	return true;
}

static bool
other_cluster(const struct guard_facts *facts, const struct intent *intent, struct err *err)
{
	(void)intent;
	if (!facts->other_cluster)
		return false;
	err_set(err, ERR_CONFLICT,
		"Another cluster answers at this address than at the start. Nothing is written to "
		"it; "
		"quit and look at the kubeconfig.");
	return true;
}

static bool
no_answer(const struct guard_facts *facts, const struct intent *intent, struct err *err)
{
	(void)intent;
	if (facts->link_live)
		return false;
	err_set(err, ERR_NETWORK,
		"The API server does not answer. Nothing is written until it does; it is tried "
		"again by itself.");
	return true;
}

static bool
no_journal(const struct guard_facts *facts, const struct intent *intent, struct err *err)
{
	(void)intent;
	if (facts->journal_ok)
		return false;
	err_set(err, ERR_SYSTEM, "Nothing is written, since it could not be recorded. %s",
		facts->journal_trouble);
	return true;
}

static bool
foreign_lease(const struct guard_facts *facts, const struct intent *intent, struct err *err)
{
	(void)intent;
	if (*facts->lease_holder == '\0')
		return false;
	err_set(err, ERR_CONFLICT,
		"%s is writing to this cluster now. Nothing is written from here until that ends.",
		facts->lease_holder);
	return true;
}

static bool
frozen(const struct guard_facts *facts, const struct intent *intent, struct err *err)
{
	(void)intent;
	if (*facts->frozen == '\0')
		return false;
	err_set(err, ERR_REJECTED, "%s. Nothing is written; `poolshift unfreeze` ends that.",
		facts->frozen);
	return true;
}

static bool
other_namespace(const struct guard_facts *facts, const struct intent *intent, struct err *err)
{
	const char *ns = facts->settings->ns;

	if (intent == NULL || ns == NULL || *intent->ns == '\0' || strcmp(intent->ns, ns) == 0)
		return false;
	err_set(err, ERR_DENIED,
		"%s lies outside namespace %s, to which this run is limited. It stays as it is; "
		"start without -n to change it.",
		intent->title, ns);
	return true;
}

/* What the preview was made from must still be what is there. */
static bool
stale_view(const struct guard_facts *facts, const struct intent *intent, struct err *err)
{
	const struct view *view;

	if (intent == NULL || intent->kind == KIND_COUNT)
		return false;
	view = &facts->world->view[intent->kind];
	if (view->state != VIEW_STALE && view->state != VIEW_BROKEN && view->state != VIEW_STARTING)
		return false;
	err_set(err, ERR_EXPIRED,
		"The view of %s (%s) is not up to date%s%s, so %s is not written. Wait until it is "
		"live again.",
		intent->resource, *intent->group != '\0' ? intent->group : "core",
		*view->reason != '\0' ? ": " : "", view->reason, intent->title);
	return true;
}

/* A write without its basis could hit what somebody else has made since (KUBERNETES §4.4, §4.7). */
static bool
no_basis(const struct guard_facts *facts, const struct intent *intent, struct err *err)
{
	(void)facts;
	if (intent == NULL || (intent->verb != VERB_PATCH && intent->verb != VERB_DELETE))
		return false;
	if (*intent->uid != '\0' && *intent->version_seen != '\0')
		return false;
	err_set(err, ERR_INPUT,
		"The %s of %s does not say which object was looked at. It is not sent; look again.",
		verb_name(intent->verb), intent->title);
	return true;
}

static bool
is_crd_of(const struct intent *intent, enum kind kind)
{
	const struct kind_row *row = kind_row(kind);
	size_t length = strlen(row->resource);

	return intent != NULL && intent->kind == KIND_CRD &&
	       strncmp(intent->name, row->resource, length) == 0 && intent->name[length] == '.' &&
	       strcmp(intent->name + length + 1, row->group) == 0;
}

static bool
crd_of_the_platform(const struct guard_facts *facts, const struct intent *intent, struct err *err)
{
	if (!facts->world->server.ships_ga_crd || !is_crd_of(intent, KIND_GA_POOL))
		return false;
	err_set(err, ERR_DENIED, "%s belongs to GKE, which ships it; it is not touched.",
		intent->title);
	return true;
}

/* Deleting a CRD deletes every object of it in every namespace (KUBERNETES §4.9). */
static bool
crd_in_use(const struct guard_facts *facts, const struct intent *intent, struct err *err)
{
	if (intent == NULL || intent->verb != VERB_DELETE)
		return false;
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		if (!is_crd_of(intent, kind))
			continue;
		if (!world_knows(facts->world, kind)) {
			err_set(err, ERR_EXPIRED,
				"%s is not deleted: whether an object of it is left is not known "
				"now.",
				intent->title);
			return true;
		}
		if (facts->world->count[kind] == 0)
			continue;
		err_set(err, ERR_REJECTED,
			"%s is not deleted: %zu of its objects are there, the first is %s/%s, and "
			"all would go "
			"with it.",
			intent->title, facts->world->count[kind],
			facts->world->objects[kind][0]->meta.ns,
			facts->world->objects[kind][0]->meta.name);
		return true;
	}
	return false;
}

static const struct guard_rule rules[] = {
	{ .name = "read-only", .dry_too = true, .refuses = read_only },
	{ .name = "other cluster", .dry_too = true, .refuses = other_cluster },
	{ .name = "no answer", .dry_too = true, .refuses = no_answer },
	{ .name = "namespace", .dry_too = true, .refuses = other_namespace },
	{ .name = "no basis", .dry_too = true, .refuses = no_basis },
	{ .name = "platform", .dry_too = true, .refuses = crd_of_the_platform },
	{ .name = "crd in use", .dry_too = true, .refuses = crd_in_use },
	{ .name = "journal", .refuses = no_journal },
	{ .name = "frozen", .refuses = frozen },
	{ .name = "lease", .refuses = foreign_lease },
	{ .name = "stale view", .refuses = stale_view },
};

enum guard_answer
guard_ask(const struct guard_facts *facts, const struct intent *intent, struct err *err)
{
	bool dry = facts->settings->dry_run;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if ((!dry || rules[i].dry_too) && rules[i].refuses(facts, intent, err))
			return GUARD_REFUSE;
	return dry ? GUARD_DRY_RUN : GUARD_SEND;
}
