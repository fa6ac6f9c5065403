#include "core/migrate/access.h"

#include "core/base/text.h"
#include "core/migrate/orphan.h"
#include "core/migrate/say.h"

#define BUNDLE                                                                               \
	"https://github.com/kubernetes-sigs/gateway-api-inference-extension/releases/download/" \
	"v1.0.0/manifests.yaml"

/* Whoever else holds the right says this. */
static const struct {
	enum step_id step;
	const char *command;
} commands[] = {
	{ STEP_CRDS, "kubectl apply --server-side -f " BUNDLE },
	{ STEP_REMOVE_CRDS, "kubectl delete crd inferencemodels." GROUP_ALPHA
			    " inferencepools." GROUP_ALPHA },
};

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

static const char *
command_of(enum step_id step)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (commands[i].step == step)
			return commands[i].command;
	return NULL;
}

bool
access_blocks(const struct stage *stage, const struct access *access, const struct pair *pair,
	      enum step_id step, struct step_status *status)
{
	const struct right *first = NULL;
	struct arena *arena = stage->arena;
	size_t count = 0;
	const char *more = "", *user, *command = command_of(step);

	for (size_t i = 0; access != NULL && i < access->count; i++) {
		const struct right *right = &access->denied[i];

		if (right->step != step || right->undo || !is_near(stage, right, pair))
			continue;
		if (count++ == 0)
			first = right;
	}
	if (first == NULL)
		return false;
	if (count > 1)
		more = arena_printf(arena, ", nor %zu more of its writes", count - 1);
	user = *access->user != '\0' ? arena_printf(arena, "User \"%s\"", access->user) : "You";
	if (command != NULL) {
		say_status(status, arena, STATE_BLOCKED,
			   "somebody with the right to %s must do this; %s may not%s",
			   right_text(arena, first), user, more);
		status->advice = arena_printf(
			arena, "%s; `poolshift plan -o rbac` prints the Role",
			step == STEP_CRDS && stage->world->server.ships_ga_crd
				? "let them run `poolshift apply --through crds`"
				: arena_printf(arena, "let them run `%s`", command));
		return true;
	}
	say_status(status, arena, STATE_BLOCKED, "%s may not %s%s", user, right_text(arena, first),
		   more);
	status->advice = "ask for it: `poolshift plan -o rbac` prints the Role to be made";
	return true;
}
