/* step_pool - the GA pool over the same pods, with an endpoint picker of its own. */
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/chart.h"
#include "core/migrate/convert.h"
#include "core/migrate/keeper.h"
#include "core/migrate/limits.h"
#include "core/migrate/memory.h"
#include "core/migrate/namesake.h"
#include "core/migrate/noticed.h"
#include "core/migrate/pair.h"
#include "core/migrate/picker.h"
#include "core/migrate/policy.h"
#include "core/migrate/release.h"
#include "core/migrate/rows.h"
#include "core/migrate/say.h"
#include "core/migrate/upgrade.h"
#include "core/migrate/variant.h"

static void pool_check(const struct stage *, const struct pair *, struct step_status *);
static bool
pool_writes(const struct stage *, const struct pair *, struct intent_list *, struct err *);
static enum verdict pool_verify(const struct stage *, const struct pair *, struct step_status *);
static bool
pool_back(const struct stage *, const struct pair *, struct intent_list *, struct err *);

static const enum kind pool_needs[] = {
	KIND_ALPHA_POOL, KIND_GA_POOL,      KIND_BACKEND_POLICY,  KIND_HEALTH_POLICY,
	KIND_DEPLOYMENT, KIND_SERVICE,      KIND_SERVICE_ACCOUNT, KIND_CONFIG_MAP,
	KIND_ROLE,       KIND_ROLE_BINDING, KIND_CLUSTER_ROLE,    KIND_CLUSTER_ROLE_BINDING,
	KIND_COUNT,
};

const struct step step_pool = {
	.id = STEP_POOL,
	.name = "pool",
	.key = 'P',
	.scope = SCOPE_POOL,
	.title = "make the GA pool and its endpoint picker",
	.help = "Applies the GA pool over the same model servers, and a new endpoint picker for "
		"it: ServiceAccount, roles, "
		"ConfigMap, Service and Deployment, as the official chart makes them; or has helm "
		"install that chart, or upgrade what it installed (--installer). Policies of "
		"GKE for the α pool are made for it, too. No route "
		"names the pool yet, so no "
		"traffic moves. It is done when the picker's Deployment is available.",
	.undo = "the GA pool and everything of its picker that this program made are deleted, by "
		"helm uninstall if helm made them",
	.risk = RISK_LOW,
	.patience = 180 * SECOND,
	.needs = pool_needs,
	.check = pool_check,
	.writes = pool_writes,
	.verify = pool_verify,
	.back = pool_back,
};

static void
block(const struct stage *stage, const struct object *object, struct step_status *status,
      const char *advice)
{
	status->object = object_title(object, stage->arena);
	status->advice = advice;
}

static bool
is_our_own(const struct stage *stage, enum kind kind, const char *name)
{
	const struct object *found = world_find(stage->world, kind, "", name);

	return found != NULL && intent_ours(found);
}

/* What helm has begun, helm ends. */
static bool
by_helm(const struct stage *stage, const struct pair *pair)
{
	return chart_wanted(stage, pair) || chart_is_half(stage, pair);
}

/* Another pair gets the name: its turn is first, or helm makes it, which has no other. */
static bool
goes_to_another(const struct stage *stage, const struct pair *pair)
{
	const struct pair *other;

	for (size_t at = 0; (other = namesake_next(stage, pair, &at)) != NULL;)
		if (namesake_goes_first(other, pair) || by_helm(stage, other))
			return true;
	return false;
}

/* The chart's name, unless the cluster has one of that name for somebody else, or will have: a
 * release of the same name in another namespace collides there (DOMAIN §5). What was made under one
 * of the two names keeps it, also when the other has become free. */
static const char *
cluster_name(const struct stage *stage, const struct pair *pair, const char *name)
{
	const struct object *binding =
		world_find(stage->world, KIND_CLUSTER_ROLE_BINDING, "", name);
	const struct object *role = world_find(stage->world, KIND_CLUSTER_ROLE, "", name);
	const char *own = arena_printf(stage->arena, "%s-%s", pair->ns, name);

	if (is_our_own(stage, KIND_CLUSTER_ROLE, own) ||
	    is_our_own(stage, KIND_CLUSTER_ROLE_BINDING, own) ||
	    (role != NULL && !intent_ours(role)))
		return own;
	if (binding != NULL) {
		const struct binding *b = &binding->binding;

		return b->subject_count == 1 && text_equal(b->subjects[0].ns, pair->ns) &&
				       text_equal(b->subjects[0].name, name)
			       ? name
			       : own;
	}
	return goes_to_another(stage, pair) ? own : name;
}

static struct convert_picker
picker_of(const struct stage *stage, const struct pair *pair)
{
	const char *name = convert_picker_name(pair->ga, stage->arena);

	return (struct convert_picker){
		.ns = pair->ns,
		.ga = pair->ga,
		.name = name,
		.cluster = cluster_name(stage, pair, name),
		.image = stage->settings->epp_image,
	};
}

static const struct object *
find_part(const struct stage *stage, const struct convert_picker *picker, enum kind kind)
{
	bool namespaced = kind_row(kind)->namespaced;

	return world_find(stage->world, kind, namespaced ? picker->ns : "",
			  namespaced ? picker->name : picker->cluster);
}

static bool
blocked_by_name(const struct stage *stage, const struct object *found, struct step_status *status)
{
	if (found == NULL || intent_ours(found))
		return false;
	say_status(status, stage->arena, STATE_BLOCKED,
		   "an object of this name is there already and belongs to somebody else");
	block(stage, found, status,
	      "choose another name: --pool NAME --ga-name NAME; or delete that object");
	return true;
}

static bool
blocked_by_names(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	struct convert_picker picker = picker_of(stage, pair);

	for (const enum kind *kind = convert_parts(); *kind != KIND_COUNT; kind++)
		if (blocked_by_name(stage, find_part(stage, &picker, *kind), status))
			return true;
	return blocked_by_name(stage, find_part(stage, &picker, KIND_DEPLOYMENT), status);
}

static bool
ports_equal(const struct pool *a, const struct pool *b)
{
	return a->port_count == b->port_count &&
	       (a->port_count == 0 ||
		memcmp(a->ports, b->ports, a->port_count * sizeof(*a->ports)) == 0);
}

/* The same pods on the same ports: whoever made it, this is the pool's place taken. */
static bool
replaces(const struct object *ga, const struct object *alpha)
{
	return kv_equal(&ga->pool.selector, &alpha->pool.selector) &&
	       ports_equal(&ga->pool, &alpha->pool);
}

static bool
is_available(const struct object *deployment)
{
	const struct deployment *d = &deployment->deployment;

	return d->observed_generation >= deployment->meta.generation && d->available > 0 &&
	       condition_answer(&d->conditions, "Available", 0) == CONDITION_TRUE;
}

/* DONE, or WAITING for the picker; READY when something of it has still to be made. */
static void
check_picker(const struct stage *stage, const struct object *ga, struct step_status *status)
{
	const struct object *deployment = picker_find(stage->world, ga).deployment;

	if (deployment == NULL && intent_ours(ga) && *release_of(ga) == '\0') {
		say_status(status, stage->arena, STATE_READY, "%s", "");
	} else if (deployment == NULL) {
		say_status(status, stage->arena, STATE_WAITING,
			   "the pool's endpoint picker, Service %s, has no Deployment yet",
			   ga->pool.picker.name);
		block(stage, ga, status, "whoever made this pool has to make its picker");
	} else if (is_available(deployment)) {
		say_status(status, stage->arena, STATE_DONE, "%s", "");
	} else {
		say_status(status, stage->arena, STATE_WAITING,
			   "the endpoint picker is not available yet, %lld of %lld pods are ready",
			   (long long)deployment->deployment.ready,
			   (long long)deployment->deployment.desired);
		block(stage, deployment, status, "look at its pods' events and log if it stays so");
	}
}

static bool
is_unfinished(const struct stage *stage, const struct pair *pair, const struct object *ga)
{
	return (chart_wanted(stage, pair) || chart_made(stage, pair)) &&
	       release_has(ga, pair->ns, pair->ga) && chart_finish(stage, pair, NULL) > 0;
}

/* Without its ServiceAccount, for one, no pod of the picker comes up: what is gone is made
 * again. */
static bool
lacks_part(const struct stage *stage, const struct pair *pair, const struct object *ga)
{
	struct convert_picker picker = picker_of(stage, pair);

	if (!intent_ours(ga) || *release_of(ga) != '\0')
		return false;
	for (const enum kind *kind = convert_parts(); *kind != KIND_COUNT; kind++)
		if (world_knows(stage->world, *kind) && find_part(stage, &picker, *kind) == NULL)
			return true;
	return false;
}

/* Said before the first write, for the clean-up is far away. */
static void
advise_without_helm(const struct stage *stage, const struct object *alpha,
		    struct step_status *status)
{
	const char *release = release_of(alpha);

	if (*release == '\0' || stage->settings->helm != NULL)
		return;
	status->object = object_title(alpha, stage->arena);
	status->advice = arena_printf(
		stage->arena,
		"it belongs to Helm release %s, and there is no helm on the PATH: the GA pool is "
		"made natively, and cleanup will stop until helm is there or somebody has run helm "
		"uninstall %s",
		say_text(stage->arena, release), say_text(stage->arena, release));
}

static void
pool_check(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct object *alpha = memory_alpha(stage, pair);
	const struct object *ga = pair_ga(stage->world, pair);

	say_status(status, stage->arena, STATE_DONE, "%s", "");
	if (alpha == NULL && ga != NULL)
		return;
	if (alpha == NULL) {
		say_status(status, stage->arena, STATE_UNKNOWN,
			   "neither the α pool nor GA pool %s is there", pair->ga);
		return;
	}
	if (noticed_ga_gone(stage, pair, status) || policy_blocked(stage, pair, status))
		return;
	if (ga != NULL && replaces(ga, alpha) && !chart_is_half(stage, pair)) {
		check_picker(stage, ga, status);
		if (status->state == STATE_WAITING && lacks_part(stage, pair, ga))
			say_status(status, stage->arena, STATE_READY,
				   "its picker is not available, and a part of it is gone");
		if (upgrade_wanted(stage, pair) && chart_blocked(stage, pair, status))
			return;
		if (upgrade_wanted(stage, pair))
			say_status(status, stage->arena, STATE_READY,
				   "its Helm release is to be upgraded");
		else if (policy_carry(stage, pair, NULL) > 0 || is_unfinished(stage, pair, ga))
			say_status(status, stage->arena, STATE_READY, "%s", "");
		return;
	}
	if (limits_blocked(stage, pair, status) || keeper_blocks_routes(stage, pair, status) ||
	    keeper_blocks_pool(stage, pair, status) ||
	    (by_helm(stage, pair)
		     ? chart_blocked(stage, pair, status)
		     : blocked_by_name(stage, ga, status) || blocked_by_names(stage, pair, status)))
		return;
	say_status(status, stage->arena, STATE_READY, "%s", "");
	advise_without_helm(stage, alpha, status);
}

static bool
stands(const struct object *live, const struct json *wanted)
{
	struct json *json = live == NULL ? NULL : object_json(live);
	bool covered = json != NULL && intent_covers(wanted, json);

	json_free(json);
	return covered;
}

/* Takes `wanted`; nothing is added when it stands there already. */
static void
add_object(const struct stage *stage, const struct pair *pair, enum kind kind, struct json *wanted,
	   struct intent_list *out, const char *summary)
{
	const char *ns = json_string_at(wanted, "metadata.namespace");
	const char *name = json_string_at(wanted, "metadata.name");
	const struct object *live = world_find(stage->world, kind, ns != NULL ? ns : "", name);
	struct intent *intent;
	char *body;

	if (stands(live, wanted)) {
		json_free(wanted);
		return;
	}
	body = json_text(wanted);
	intent = live == NULL ? intent_add(out, stage->arena, VERB_APPLY, kind,
					   ns != NULL ? ns : "", name)
			      : intent_add_on(out, stage->arena, VERB_APPLY, live);
	intent->body = arena_string(stage->arena, body);
	intent->step = STEP_POOL;
	intent->pair = pair_title(pair, stage->arena);
	intent->after_others =
		stage->world->view[kind].state == VIEW_NOT_INSTALLED || intent_binds(kind);
	intent->summary = summary;
	free(body);
	json_free(wanted);
}

static const char *
pool_summary(const struct stage *stage, const struct object *alpha, const char *picker)
{
	struct buf out;
	const char *text;

	buf_init(&out, 4 * BUF_KIB);
	buf_puts(&out, "selector");
	for (size_t i = 0; i < alpha->pool.selector.count; i++)
		buf_printf(&out, " %s=%s", alpha->pool.selector.items[i].key,
			   alpha->pool.selector.items[i].value);
	buf_puts(&out, ", port");
	for (size_t i = 0; i < alpha->pool.port_count; i++)
		buf_printf(&out, " %d", alpha->pool.ports[i]);
	buf_printf(&out, ", picker %s", picker);
	if (*alpha->pool.failure_mode != '\0')
		buf_printf(&out, ", %s", alpha->pool.failure_mode);
	text = say_text(stage->arena, out.bytes);
	buf_release(&out);
	return text;
}

/* ", with replicas, resources of the old one" */
static const char *
carried_text(const struct stage *stage, const struct object *old)
{
	size_t count;
	const struct offer *offers = variant_offers(stage->settings, old, stage->arena, &count);
	const char *text = "";

	for (size_t i = 0; i < count; i++)
		if (offers[i].taken)
			text = arena_printf(stage->arena, "%s%s %s", text,
					    text[0] == '\0' ? ", with" : ",",
					    carry_name(offers[i].what));
	return text[0] == '\0' ? "" : arena_printf(stage->arena, "%s of the old one", text);
}

static bool
pool_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	    struct err *err)
{
	const struct object *alpha = memory_alpha(stage, pair);
	const struct object *ga = pair_ga(stage->world, pair);
	struct convert_picker picker = picker_of(stage, pair);
	const char *as_chart = "as chart inferencepool v1.0.0 makes it";
	struct step_status status = { .state = STATE_READY };
	const struct object *old =
		memory_old_picker(stage->world, stage->memory, pair, stage->arena);
	struct json *deployment;
	const char *image;

	(void)err;
	if (alpha == NULL)
		return true;
	if (by_helm(stage, pair) &&
	    (ga == NULL || chart_is_half(stage, pair) || upgrade_wanted(stage, pair))) {
		chart_writes(stage, pair, out);
		return true;
	}
	if (ga != NULL && is_unfinished(stage, pair, ga))
		chart_finish(stage, pair, out);
	if (ga != NULL)
		check_picker(stage, ga, &status);
	/* What was tuned since on a picker at work, such as its replicas, is not ours to put back.
	 */
	if (status.state == STATE_DONE ||
	    (ga != NULL && (!intent_ours(ga) || release_has(ga, pair->ns, pair->ga)))) {
		policy_carry(stage, pair, out);
		return true;
	}
	deployment = convert_part(&picker, KIND_DEPLOYMENT);
	variant_apply(stage->settings, old, deployment, stage->arena);
	image = arena_string(stage->arena,
			     json_string_at(deployment, "spec.template.spec.containers[0].image"));
	for (const enum kind *kind = convert_parts(); *kind != KIND_COUNT; kind++)
		add_object(stage, pair, *kind, convert_part(&picker, *kind), out, as_chart);
	policy_carry(stage, pair, out);
	add_object(stage, pair, KIND_GA_POOL, convert_pool(alpha, pair->ga, picker.name), out,
		   pool_summary(stage, alpha, picker.name));
	add_object(stage, pair, KIND_DEPLOYMENT, deployment, out,
		   arena_printf(stage->arena, "image %s, %s%s", say_text(stage->arena, image),
				as_chart, carried_text(stage, old)));
	return true;
}

static enum verdict
pool_verify(const struct stage *stage, const struct pair *pair, struct step_status *why)
{
	const struct object *ga = pair_ga(stage->world, pair);
	const struct object *deployment;

	if (ga == NULL) {
		say_status(why, stage->arena, STATE_WAITING, "GA pool %s is not there yet",
			   pair->ga);
		why->object = say_title(stage->arena, KIND_GA_POOL, pair->ns, pair->ga);
		return VERDICT_WAIT;
	}
	if (policy_carry(stage, pair, NULL) > 0) {
		say_status(why, stage->arena, STATE_WAITING, "its policies do not show yet");
		return VERDICT_WAIT;
	}
	if (is_unfinished(stage, pair, ga)) {
		say_status(why, stage->arena, STATE_WAITING,
			   "what was written to it beside the chart does not show yet");
		return VERDICT_WAIT;
	}
	check_picker(stage, ga, why);
	if (why->state == STATE_DONE)
		return VERDICT_PASS;
	deployment = picker_find(stage->world, ga).deployment;
	if (deployment != NULL && condition_answer(&deployment->deployment.conditions,
						   "Progressing", 0) == CONDITION_FALSE)
		return VERDICT_FAIL;
	why->state = STATE_WAITING;
	return VERDICT_WAIT;
}

static void
add_deletion(const struct stage *stage, const struct pair *pair, const struct object *object,
	     struct intent_list *out)
{
	struct intent *intent;

	if (object == NULL || !intent_ours(object))
		return;
	intent = intent_add_on(out, stage->arena, VERB_DELETE, object);
	intent->step = STEP_POOL;
	intent->pair = pair_title(pair, stage->arena);
	intent->undo = true;
	intent->summary = "made by this program; deleted again";
}

static bool
is_in_use(const struct stage *stage, const struct pair *pair, struct err *err)
{
	for (size_t i = 0; i < pair->place_count; i++)
		if (pair->places[i].ga_weight >= 0) {
			err_set(err, ERR_REJECTED,
				"HTTPRoute %s/%s (%s) names GA pool %s, which therefore stays. "
				"Take back "
				"attach first.",
				pair->places[i].route_ns, pair->places[i].route, GROUP_GATEWAY,
				pair->ga);
			return true;
		}
	for (size_t i = 0; i < stage->world->count[KIND_OBJECTIVE]; i++) {
		const struct object *objective = stage->world->objects[KIND_OBJECTIVE][i];

		if (!intent_ours(objective) ||
		    !text_equal(objective->objective.pool.group, GROUP_GA) ||
		    !text_equal(objective->objective.pool.ns, pair->ns) ||
		    !text_equal(objective->objective.pool.name, pair->ga))
			continue;
		err_set(err, ERR_REJECTED,
			"%s names GA pool %s, which therefore stays. Take back objectives first.",
			object_title(objective, stage->arena), pair->ga);
		return true;
	}
	return false;
}

/* In the reverse order: what remains after a stop is found again by its names. */
static bool
pool_back(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	  struct err *err)
{
	struct convert_picker picker = picker_of(stage, pair);
	const enum kind *kinds = convert_parts();
	size_t count = 0;

	if (is_in_use(stage, pair, err))
		return false;
	if (chart_made(stage, pair)) {
		chart_back(stage, pair, out);
		return true;
	}
	add_deletion(stage, pair, find_part(stage, &picker, KIND_DEPLOYMENT), out);
	add_deletion(stage, pair, pair_ga(stage->world, pair), out);
	policy_uncarry(stage, pair, out);
	while (kinds[count] != KIND_COUNT)
		count++;
	while (count-- > 0)
		add_deletion(stage, pair, find_part(stage, &picker, kinds[count]), out);
	return true;
}
