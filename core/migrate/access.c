#include "core/migrate/access.h"

#include "core/base/text.h"
#include "core/migrate/orphan.h"
#include "core/migrate/say.h"

#define BUNDLE                                                                                  \
	"https://github.com/kubernetes-sigs/gateway-api-inference-extension/releases/download/" \
	"v1.0.0/manifests.yaml"

static bool
is_near(const struct stage *stage, const struct right *right, const struct pair *pair)
{
	const struct world *world = stage->world;

	if (pair == NULL || *right->ns == '\0' || text_equal(right->ns, pair->ns))
		return true;
	for (size_t i = 0; i < pair->place_count; i++)
		if (text_equal(right->ns, pair->places[i].route_ns))
			return true;
	for (size_t i = 0; i < world->count[KIND_MODEL]; i++)
		if (text_equal(right->ns, world->objects[KIND_MODEL][i]->meta.ns) &&
		    orphan_taker(stage, world->objects[KIND_MODEL][i]) == pair)
			return true;
	return false;
}

/* "create customresourcedefinitions (apiextensions.k8s.io) x in namespace y" */
static const char *
right_text(struct arena *arena, const struct right *right)
{
	return arena_printf(arena, "%s %s (%s)%s%s%s%s", right->verb, right->resource,
			    *right->group != '\0' ? right->group : "core",
			    *right->name != '\0' ? " " : "", say_text(arena, right->name),
			    *right->ns != '\0' ? " in namespace " : "", say_text(arena, right->ns));
}

/* What somebody who holds the right runs for a cluster's step, or for what a pool's step does
 * across namespaces. */
static const char *
advice_on(const struct stage *stage, const struct pair *pair, enum step_id step)
{
	const struct settings *settings = stage->settings;
	struct arena *arena = stage->arena;

	if (pair != NULL)
		return arena_printf(
			arena,
			"let them run `poolshift apply --pool %s/%s --through %s`; `poolshift plan -o "
			"rbac` prints the Role",
			pair->ns, pair->alpha, step_name(step));
	if (step == STEP_REMOVE_CRDS)
		return "once check is done, let them run `kubectl delete crd inferencemodels." GROUP_ALPHA
		       " inferencepools." GROUP_ALPHA "`, which deletes every object of both; "
		       "`poolshift plan -o rbac` prints the Role";
	if (stage->world->server.ships_ga_crd)
		return "let them run `poolshift apply --through crds`; `poolshift plan -o rbac` prints "
		       "the Role";
	return arena_printf(arena,
			    "let them run `kubectl apply --server-side --force-conflicts -f %s`; "
			    "`poolshift plan -o rbac` prints the Role",
			    *settings->bundle_name != '\0' ? say_text(arena, settings->bundle_name)
							   : BUNDLE);
}

/* "User "team"" or "You" */
static const char *
user_text(const struct stage *stage, const struct access *access)
{
	return *access->user != '\0' ? arena_printf(stage->arena, "User \"%s\"", access->user)
				     : "You";
}

struct lack { /* what is denied of one step's rights */
	const struct right *first;
	const char *more; /* ", nor 3 more of its writes" */
};

static struct lack
lack_of(const struct stage *stage, const struct access *access, const struct pair *pair,
	enum step_id step, bool undo)
{
	struct lack lack = { .more = "" };
	size_t count = 0;

	for (size_t i = 0; access != NULL && i < access->count; i++) {
		const struct right *right = &access->denied[i];

		if (right->step != step || right->undo != undo || !is_near(stage, right, pair))
			continue;
		if (count++ == 0)
			lack.first = right;
	}
	if (count > 1)
		lack.more = arena_printf(stage->arena, ", nor %zu more of its writes", count - 1);
	return lack;
}

bool
access_blocks(const struct stage *stage, const struct access *access, const struct pair *pair,
	      enum step_id step, struct step_status *status)
{
	struct lack lack = lack_of(stage, access, pair, step, false);
	struct arena *arena = stage->arena;

	if (lack.first == NULL)
		return false;
	if (pair == NULL || *lack.first->ns == '\0') {
		say_status(status, arena, STATE_BLOCKED,
			   "somebody with the right to %s must do this; %s may not%s",
			   right_text(arena, lack.first), user_text(stage, access), lack.more);
		status->advice = advice_on(stage, pair, step);
		return true;
	}
	say_status(status, arena, STATE_BLOCKED, "%s may not %s%s", user_text(stage, access),
		   right_text(arena, lack.first), lack.more);
	status->advice = "ask for it: `poolshift plan -o rbac` prints the Role to be made";
	return true;
}

const char *
access_no_return(const struct stage *stage, const struct access *access, const struct pair *pair,
		 enum step_id step)
{
	struct lack lack = lack_of(stage, access, pair, step, true);

	if (lack.first == NULL)
		return NULL;
	return arena_printf(stage->arena,
			    "%s%s%s could not be taken back: %s may not %s%s. Ask for it before: "
			    "`poolshift plan -o rbac` prints the Role.",
			    step_name(step), pair != NULL ? " of " : "",
			    pair != NULL ? say_name(stage->arena, pair->ns, pair->alpha) : "",
			    user_text(stage, access), right_text(stage->arena, lack.first),
			    lack.more);
}

static bool
is_denied(const struct access *access, const struct right *right)
{
	for (size_t i = 0; access != NULL && i < access->count; i++) {
		const struct right *denied = &access->denied[i];

		if (text_equal(denied->verb, right->verb) &&
		    text_equal(denied->group, right->group) &&
		    text_equal(denied->resource, right->resource) &&
		    text_equal(denied->ns, right->ns) && text_equal(denied->name, right->name))
			return true;
	}
	return false;
}

bool
access_blocks_back(const struct stage *stage, const struct access *access, const struct pair *pair,
		   enum step_id step, struct step_status *status)
{
	size_t count, denied = 0;
	const struct right *rights = rights_back(stage, pair, step, &count), *first = NULL;

	for (size_t i = 0; i < count; i++)
		if (is_denied(access, &rights[i]) && denied++ == 0)
			first = &rights[i];
	if (first == NULL)
		return false;
	say_status(status, stage->arena, STATE_BLOCKED, "%s may not %s%s", user_text(stage, access),
		   right_text(stage->arena, first),
		   denied > 1
			   ? arena_printf(stage->arena,
					  ", nor %zu more of what taking it back takes", denied - 1)
			   : "");
	status->advice = "ask for it: `poolshift plan -o rbac` prints the Role to be made";
	return true;
}
