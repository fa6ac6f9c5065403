#include "core/migrate/chart.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/migrate/convert.h"
#include "core/migrate/memory.h"
#include "core/migrate/namesake.h"
#include "core/migrate/pair.h"
#include "core/migrate/policy.h"
#include "core/migrate/release.h"
#include "core/migrate/say.h"
#include "core/migrate/sealed.h"
#include "core/migrate/upgrade.h"
#include "core/migrate/values.h"

bool
chart_wanted(const struct stage *stage, const struct pair *pair)
{
	const struct object *alpha = memory_alpha(stage, pair);

	if (stage->settings->installer != INSTALLER_AUTO)
		return stage->settings->installer == INSTALLER_HELM;
	return stage->settings->helm != NULL && alpha != NULL && *release_of(alpha) != '\0';
}

static const struct journal_record *
standing(const struct stage *stage, const struct pair *pair)
{
	return release_standing(stage->journal, pair_title(pair, stage->arena));
}

bool
chart_is_half(const struct stage *stage, const struct pair *pair)
{
	const struct journal_record *record = standing(stage, pair);

	return record != NULL && release_is_half(record);
}

bool
chart_made(const struct stage *stage, const struct pair *pair)
{
	const struct object *ga = pair_ga(stage->world, pair);

	return standing(stage, pair) != NULL ||
	       (ga != NULL && intent_ours(ga) && release_has(ga, pair->ns, pair->ga));
}

/* ---- what is in the way ---- */

static bool
block(const struct stage *stage, const struct pair *pair, struct step_status *status,
      const char *reason, const char *advice)
{
	say_status(status, stage->arena, STATE_BLOCKED, "%s", reason);
	status->object = say_title(stage->arena, KIND_GA_POOL, pair->ns, pair->ga);
	status->advice = advice;
	return true;
}

static bool
anything_carried(const struct settings *settings)
{
	for (enum carry what = 0; what < CARRY_COUNT; what++)
		if (settings->carry[what])
			return true;
	return false;
}

/* A release of the same name in another namespace collides on its ClusterRole. */
static bool
blocked_by_name(const struct stage *stage, const struct pair *pair, enum kind kind,
		struct step_status *status)
{
	const char *name =
		kind == KIND_GA_POOL ? pair->ga : convert_picker_name(pair->ga, stage->arena);
	const struct object *found =
		world_find(stage->world, kind, kind_row(kind)->namespaced ? pair->ns : "", name);
	const char *release = found != NULL ? release_of(found) : "";

	if (found == NULL || (release_has(found, pair->ns, pair->ga) && chart_is_half(stage, pair)))
		return false;
	if (*release != '\0')
		say_status(status, stage->arena, STATE_BLOCKED,
			   "an object of this name is there already, of Helm release %s, and the "
			   "chart would make one, too",
			   release);
	else
		say_status(status, stage->arena, STATE_BLOCKED,
			   "an object of this name is there already, and the chart would make one, "
			   "too");
	status->object = object_title(found, stage->arena);
	status->advice = "choose another name: --pool NAME --ga-name NAME; or delete that object";
	return true;
}

static bool
blocked_by_names(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	for (const enum kind *kind = convert_parts(); *kind != KIND_COUNT; kind++)
		if (blocked_by_name(stage, pair, *kind, status))
			return true;
	return blocked_by_name(stage, pair, KIND_GA_POOL, status) ||
	       blocked_by_name(stage, pair, KIND_DEPLOYMENT, status);
}

static bool
blocked_by_place(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	bool gone = chart_is_half(stage, pair) && !upgrade_is_half(stage, pair);

	for (size_t i = 0; gone && i < pair->place_count; i++)
		if (pair->places[i].ga_weight >= 0)
			return block(
				stage, pair, status,
				"its install by helm was cut off, and a route names it already",
				"take back attach, then go on: what is left is removed and "
				"installed again");
	return false;
}

/* Two releases that are both still to come, and helm has one name for both. */
static bool
blocked_by_namesake(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct pair *other;

	for (size_t at = 0; (other = namesake_next(stage, pair, &at)) != NULL;) {
		if (!namesake_goes_first(other, pair) || !chart_wanted(stage, other))
			continue;
		say_status(status, stage->arena, STATE_BLOCKED,
			   "helm release %s of namespace %s comes first, and the chart would make "
			   "ClusterRole %s for both",
			   other->ga, other->ns, convert_picker_name(pair->ga, stage->arena));
		status->object = say_title(stage->arena, KIND_GA_POOL, pair->ns, pair->ga);
		status->advice = arena_printf(
			stage->arena,
			"migrate this pool alone under another name: --pool %s --ga-name NAME; or "
			"make them natively: --installer native",
			pair_title(pair, stage->arena));
		return true;
	}
	return false;
}

/* ---- the values ---- */

static bool
is_served(const struct world *world, enum kind kind)
{
	return world->view[kind].state != VIEW_NOT_INSTALLED;
}

/* The kind that provider gke makes objects of and that this cluster does not serve; NULL: all
 * are. */
static const char *
unserved_gke(const struct world *world)
{
	static const enum kind kinds[] = { KIND_BACKEND_POLICY, KIND_HEALTH_POLICY };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!is_served(world, kinds[i]))
			return kind_row(kinds[i])->object;
	return world->no_pod_monitoring ? "ClusterPodMonitoring" : NULL;
}

/* Provider gke makes objects of its own: they need their kinds, and the policies would meet those
 * carried over from the alpha pool, for one target has one policy. Why not, or NULL for gke. */
static const char *
no_gke(const struct stage *stage, const struct pair *pair)
{
	const char *unserved = unserved_gke(stage->world);
	size_t at = 0, other = 0;

	if (!stage->world->server.gke)
		return "the cluster is not GKE's";
	if (unserved != NULL)
		return arena_printf(stage->arena, "the cluster does not serve %s, which gke makes",
				    unserved);
	if (policy_next(stage, pair, KIND_BACKEND_POLICY, &at) != NULL ||
	    policy_next(stage, pair, KIND_HEALTH_POLICY, &other) != NULL)
		return "the α pool's own policies are carried over";
	return NULL;
}

/* The last of the person's own words on it; NULL: none. */
static const char *
asked_provider(const struct settings *settings)
{
	static const char key[] = "provider.name=";
	const char *asked = NULL;

	for (size_t i = 0; settings->sets != NULL && settings->sets[i] != NULL; i++)
		if (text_starts(settings->sets[i], key))
			asked = settings->sets[i] + sizeof key - 1;
	return asked;
}

bool
chart_for_gke(const struct stage *stage, const struct pair *pair)
{
	const char *asked = asked_provider(stage->settings);

	return asked != NULL ? text_equal(asked, "gke") : no_gke(stage, pair) == NULL;
}

/* Half an install would be left behind. */
static bool
blocked_by_provider(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const char *unserved = unserved_gke(stage->world);

	if (unserved == NULL || !chart_for_gke(stage, pair))
		return false;
	return block(stage, pair, status,
		     arena_printf(stage->arena,
				  "--set provider.name=gke has the chart make a %s, which the "
				  "cluster does not serve: the install would fail half-way",
				  unserved),
		     "leave that --set away, or give --set provider.name=none");
}

bool
chart_blocked(const struct stage *stage, const struct pair *pair, struct step_status *status)
{
	const struct settings *settings = stage->settings;

	if (settings->helm == NULL)
		return block(stage, pair, status,
			     "it was asked for by helm, and there is no helm on the PATH",
			     "make it natively, the same objects: --installer native; or install "
			     "helm");
	if (settings->epp_image != NULL && !values_image_fits(settings->epp_image))
		return block(stage, pair, status,
			     "the chart takes an image as HUB/NAME:TAG, which --epp-image is not",
			     "give it so, or make the pool natively: --installer native");
	if (anything_carried(settings))
		return block(
			stage, pair, status,
			"--carry is of the native way; the chart has values of its own",
			"give them by --set K=V, or make the pool natively: --installer native");
	if (blocked_by_provider(stage, pair, status))
		return true;
	if (upgrade_wanted(stage, pair))
		return false;
	return blocked_by_place(stage, pair, status) || blocked_by_names(stage, pair, status) ||
	       blocked_by_namesake(stage, pair, status);
}

static const char *
reference_of(const struct settings *settings)
{
	return settings->chart != NULL ? settings->chart : CHART_REFERENCE;
}

static const char *
version_of(const struct settings *settings)
{
	return settings->chart_version != NULL ? settings->chart_version
	       : settings->chart == NULL       ? CHART_VERSION
					       : "";
}

/* The person's own values come last and win; the secret ones are put in when helm is run. */
static const char *
install_body(const struct stage *stage, const struct pair *pair, const struct object *alpha)
{
	const struct settings *settings = stage->settings;
	const char *version = version_of(settings);
	struct values values;

	values_init(&values, stage->arena);
	values_pair(&values, "install", pair->ga);
	values_word(&values, reference_of(settings));
	values_pair(&values, "--namespace", pair->ns);
	if (*version != '\0')
		values_pair(&values, "--version", version);
	values_labels(&values, &alpha->pool.selector);
	values_ports(&values, &alpha->pool);
	values_pair(&values, "--set",
		    no_gke(stage, pair) == NULL ? "provider.name=gke" : "provider.name=none");
	if (settings->epp_image != NULL)
		values_image(&values, settings->epp_image);
	for (size_t i = 0; settings->sets != NULL && settings->sets[i] != NULL; i++)
		values_pair(&values, "--set", sealed_word(settings->sets[i], stage->arena));
	return release_body(values.items, stage->arena);
}

static bool
any_sealed(const struct settings *settings, struct arena *arena)
{
	for (size_t i = 0; settings->sets != NULL && settings->sets[i] != NULL; i++)
		if (sealed_word(settings->sets[i], arena) != settings->sets[i])
			return true;
	return false;
}

static const char *
install_summary(const struct stage *stage, const struct pair *pair, const struct object *alpha)
{
	const char *why = no_gke(stage, pair), *version = version_of(stage->settings);
	struct buf out;
	const char *text;

	buf_init(&out, 16 * BUF_KIB);
	buf_printf(&out, "chart %s%s%s, selector",
		   say_text(stage->arena, reference_of(stage->settings)),
		   *version != '\0' ? " " : "", say_text(stage->arena, version));
	for (size_t i = 0; i < alpha->pool.selector.count; i++)
		buf_printf(&out, " %s=%s",
			   say_text(stage->arena, alpha->pool.selector.items[i].key),
			   say_text(stage->arena, alpha->pool.selector.items[i].value));
	for (size_t i = 0; i < alpha->pool.port_count; i++)
		buf_printf(&out, ", port %d", alpha->pool.ports[i]);
	if (asked_provider(stage->settings) != NULL)
		buf_printf(&out, ", provider %s, as --set says",
			   say_text(stage->arena, asked_provider(stage->settings)));
	else
		buf_printf(&out, ", provider %s%s", why == NULL ? "gke" : "none, since ",
			   why == NULL ? "" : why);
	if (any_sealed(stage->settings, stage->arena))
		buf_puts(&out, "; " SEALED_MARK " stands for a value that is kept nowhere");
	text = arena_string(stage->arena, out.bytes);
	buf_release(&out);
	return text;
}

/* ---- the writes ---- */

static struct intent *
add_run(const struct stage *stage, const struct pair *pair, enum verb verb, struct intent_list *out)
{
	struct intent *intent = release_add(out, stage->arena, verb, pair->ns, pair->ga);

	intent->step = STEP_POOL;
	intent->pair = pair_title(pair, stage->arena);
	return intent;
}

static void
add_uninstall(const struct stage *stage, const struct pair *pair, struct intent_list *out,
	      const char *summary)
{
	const char *const words[] = { "uninstall", pair->ga, "--namespace", pair->ns, NULL };
	struct intent *intent = add_run(stage, pair, VERB_UNINSTALL, out);

	intent->body = release_body(words, stage->arena);
	intent->undo = true;
	intent->summary = summary;
}

void
chart_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	const struct object *alpha = memory_alpha(stage, pair);
	bool half = chart_is_half(stage, pair);
	struct intent *intent;

	if (upgrade_is_half(stage, pair) || upgrade_wanted(stage, pair)) {
		upgrade_writes(stage, pair, out);
		policy_carry(stage, pair, out);
		chart_finish(stage, pair, out);
		return;
	}
	if (half)
		add_uninstall(stage, pair, out, "what a failed install left is removed first");
	intent = add_run(stage, pair, VERB_INSTALL, out);
	intent->body = install_body(stage, pair, alpha);
	intent->summary = install_summary(stage, pair, alpha);
	intent->after_others = half || !is_served(stage->world, KIND_GA_POOL);
	policy_carry(stage, pair, out);
	chart_finish(stage, pair, out);
}

size_t
chart_finish(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	const struct object *alpha = memory_alpha(stage, pair), *ga = pair_ga(stage->world, pair);
	bool open, marked = false;
	struct json *object, *metadata;
	struct intent *intent;
	char *body;

	if (alpha == NULL)
		return 0;
	if (chart_is_half(stage, pair) && !upgrade_is_half(stage, pair))
		ga = NULL; /* as it is after it was installed again */
	open = strcmp(alpha->pool.failure_mode, "FailOpen") == 0;
	if (ga != NULL) {
		marked = kv_find(&ga->meta.annotations, CONVERT_ALPHA_POOL) != NULL;
		if (marked && (!open || strcmp(ga->pool.failure_mode, "FailOpen") == 0))
			return 0;
	}
	if (out == NULL)
		return 1;
	object = json_new_object();
	json_set_string(object, "apiVersion", GROUP_GA "/v1");
	json_set_string(object, "kind", "InferencePool");
	metadata = json_set_object(object, "metadata");
	json_set_string(metadata, "name", pair->ga);
	json_set_string(metadata, "namespace", pair->ns);
	json_set_string(json_set_object(metadata, "annotations"), CONVERT_ALPHA_POOL, pair->alpha);
	if (open)
		json_set_string(
			json_set_object(json_set_object(object, "spec"), "endpointPickerRef"),
			"failureMode", "FailOpen");
	intent = ga != NULL ? intent_add_on(out, stage->arena, VERB_APPLY, ga)
			    : intent_add(out, stage->arena, VERB_APPLY, KIND_GA_POOL, pair->ns,
					 pair->ga);
	body = json_text(object);
	intent->body = arena_string(stage->arena, body);
	intent->step = STEP_POOL;
	intent->pair = pair_title(pair, stage->arena);
	intent->after_others = ga == NULL;
	/* The server's default counts as helm's own word, although no value of the chart says
	 * it. */
	intent->force = open;
	intent->summary =
		arena_printf(stage->arena, "it takes the place of α pool %s%s", pair->alpha,
			     open ? ", FailOpen, which the chart cannot say" : "");
	free(body);
	json_free(object);
	return 1;
}

void
chart_back(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	policy_uncarry(stage, pair, out);
	add_uninstall(stage, pair, out, "installed by this program; everything of it goes again");
}
