#include "core/migrate/keeper.h"

#include <string.h>

#include "core/base/text.h"
#include "core/migrate/pair.h"
#include "core/migrate/say.h"
#include "core/migrate/surgery.h"

#define MARKS 4

/* A mark is a label or annotation that only this keeper sets; its value names the source where
 * `names` says so. */
static const struct {
	const char *name;
	struct {
		const char *key;
		const char *value; /* NULL: any */
		bool names;
	} marks[MARKS];
	const char *managers[MARKS];
	const char *pause;
} keepers[] = {
	{
		.name = "Argo CD",
		.marks = { { "argocd.argoproj.io/tracking-id", NULL, true },
			   { "argocd.argoproj.io/instance", NULL, true } },
		.managers = { "argocd-controller", "argocd-application-controller" },
		.pause = "switch off automated sync of the application",
	},
	{
		.name = "Flux",
		.marks = { { "kustomize.toolkit.fluxcd.io/name", NULL, true },
			   { "helm.toolkit.fluxcd.io/name", NULL, true } },
		.managers = { "kustomize-controller", "helm-controller" },
		.pause = "flux suspend what reconciles it",
	},
	{
		.name = "Config Sync",
		.marks = { { "configsync.gke.io/resource-id", NULL, false },
			   { "configmanagement.gke.io/managed", "enabled", false },
			   { "app.kubernetes.io/managed-by", "configmanagement.gke.io", false } },
		.managers = { "configsync.gke.io" },
		.pause = "annotate it with configmanagement.gke.io/managed: disabled at its source",
	},
	{
		.name = "Helm",
		.marks = { { "meta.helm.sh/release-name", NULL, true },
			   { "app.kubernetes.io/managed-by", "Helm", false } },
		.managers = { "helm" },
		.pause = "do not upgrade the release before its chart says the same",
	},
};
#define KEEPERS (sizeof(keepers) / sizeof(keepers[0]))

static const char *
mark_of(const struct object *object, const char *key)
{
	const char *value = kv_find(&object->meta.annotations, key);

	return value != NULL ? value : kv_find(&object->meta.labels, key);
}

static bool
has_mark(const struct object *object, size_t keeper, const char **source)
{
	bool found = false;

	for (size_t i = 0; i < MARKS && keepers[keeper].marks[i].key != NULL; i++) {
		const char *wanted = keepers[keeper].marks[i].value;
		const char *value = mark_of(object, keepers[keeper].marks[i].key);

		if (value == NULL || (wanted != NULL && !text_equal(value, wanted)))
			continue;
		found = true;
		if (keepers[keeper].marks[i].names && (*source)[0] == '\0')
			*source = value;
	}
	return found;
}

static bool
has_manager(const struct object *object, size_t keeper)
{
	for (size_t i = 0; i < MARKS && keepers[keeper].managers[i] != NULL; i++)
		for (size_t j = 0; j < object->meta.manager_count; j++)
			if (!object->meta.managers[j].status &&
			    text_equal(object->meta.managers[j].name, keepers[keeper].managers[i]))
				return true;
	return false;
}

/* Marks before managers: Argo CD and Flux install charts, too, and then both have written. */
bool
keeper_of(const struct object *object, struct keeper *out)
{
	for (int by_manager = 0; by_manager < 2; by_manager++)
		for (size_t i = 0; i < KEEPERS; i++) {
			const char *source = "";

			if (by_manager == 1 ? !has_manager(object, i)
					    : !has_mark(object, i, &source))
				continue;
			*out = (struct keeper){ .name = keepers[i].name,
						.source = source,
						.pause = keepers[i].pause };
			return true;
		}
	return false;
}

static void
block(const struct stage *stage, const struct object *object, const struct keeper *keeper,
      struct step_status *status)
{
	struct arena *arena = stage->arena;

	say_status(
		status, arena, STATE_BLOCKED,
		"it is kept by %s%s%s%s, which puts a change back unless it is made at the source",
		keeper->name, keeper->source[0] == '\0' ? "" : " (", keeper->source,
		keeper->source[0] == '\0' ? "" : ")");
	status->object = say_title(arena, object->kind, object->meta.ns, object->meta.name);
	status->advice = arena_printf(
		arena,
		"commit what it shall be, poolshift plan -o yaml prints it, or %s and go on "
		"knowingly: --force-managed",
		keeper->pause);
}

bool
keeper_blocks_routes(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct object *route;
	struct keeper keeper;

	if (stage->settings->force_managed)
		return false;
	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;) {
		if (!keeper_of(route, &keeper))
			continue;
		block(stage, route, &keeper, status);
		return true;
	}
	return false;
}

bool
keeper_blocks_pool(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct object *alpha = pair_alpha(stage->world, pair);
	struct keeper keeper;

	if (stage->settings->force_managed || alpha == NULL || !keeper_of(alpha, &keeper) ||
	    text_equal(keeper.name, "Helm"))
		return false;
	block(stage, alpha, &keeper, status);
	return true;
}
