#include "tui/option_row.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/nearest.h"
#include "core/base/text.h"

/* As Go's flags: a switch alone is true. */
static bool
take_switch(const char *value, bool *on, struct err *err)
{
	*on = value == NULL || strcmp(value, "true") == 0;
	return *on || strcmp(value, "false") == 0 ||
	       err_set(err, ERR_INPUT, "\"%s\" is neither true nor false", value);
}

#define TEXT(name, field)                                                             \
	static bool name(struct parsing *parsing, const char *value, struct err *err) \
	{                                                                             \
		parsing->options->field = value;                                      \
		return true;                                                          \
	}
#define FLAG(name, field, when_on)                                                    \
	static bool name(struct parsing *parsing, const char *value, struct err *err) \
	{                                                                             \
		bool on;                                                              \
		if (!take_switch(value, &on, err))                                    \
			return false;                                                 \
		parsing->options->field = on == when_on;                              \
		return true;                                                          \
	}
#define DURATION(name, field)                                                         \
	static bool name(struct parsing *parsing, const char *value, struct err *err) \
	{                                                                             \
		return text_duration(value, &parsing->options->field, err);           \
	}

TEXT(take_kubeconfig, session.kubeconfig)
TEXT(take_context, session.context)
TEXT(take_cluster, session.cluster)
TEXT(take_user, session.user)
TEXT(take_server, session.server)
TEXT(take_token, session.token)
TEXT(take_ca, session.certificate_authority)
TEXT(take_tls_name, session.tls_server_name)
TEXT(take_as, session.as)
TEXT(take_as_uid, session.as_uid)
FLAG(take_insecure, session.insecure_skip_tls_verify, true)
DURATION(take_timeout, settings.request_timeout)
TEXT(take_ga_name, settings.ga_name)
TEXT(take_image, settings.epp_image)
TEXT(take_chart_version, settings.chart_version)
DURATION(take_hold, settings.hold)
DURATION(take_drain, settings.drain)
DURATION(take_wait, settings.wait)
DURATION(take_interval, settings.interval)
TEXT(take_probe_model, settings.probe_model)
TEXT(take_probe_path, settings.probe_path)
FLAG(take_no_probe, settings.probe, false)
FLAG(take_delete_routes, settings.delete_routes, true)
FLAG(take_force_managed, settings.force_managed, true)
FLAG(take_unproven, settings.accept_unproven, true)
FLAG(take_unlisted, settings.accept_unlisted, true)
FLAG(take_dry_run, settings.dry_run, true)
FLAG(take_read_only, settings.read_only, true)
FLAG(take_no_lease, settings.no_lease, true)
TEXT(take_reason, settings.reason)
TEXT(take_state, settings.state_folder)
FLAG(take_yes, yes, true)
FLAG(take_help, help, true)
FLAG(take_kubectl, kubectl, true)
FLAG(take_verify, verify_journal, true)
TEXT(take_theme, theme)
FLAG(take_no_color, no_color, true)
FLAG(take_ascii, ascii, true)
FLAG(take_no_mouse, no_mouse, true)
FLAG(take_plain, plain, true)
TEXT(take_scenario, scenario)
TEXT(take_listen, listen)
TEXT(take_write_kubeconfig, write_kubeconfig)
TEXT(take_gke, gke_version)
TEXT(take_serves, serves)
FLAG(take_manifests, manifests, true)
FLAG(take_list, list, true)

static bool
take_namespace(struct parsing *parsing, const char *value, struct err *err)
{
	if (!text_is_dns_label(value))
		return err_set(err, ERR_INPUT, "\"%s\" is not the name of a namespace", value);
	parsing->options->session.ns = value;
	parsing->options->settings.ns = value;
	parsing->options->scope_given = true;
	return true;
}

static bool
take_all(struct parsing *parsing, const char *value, struct err *err)
{
	if (!take_switch(value, &parsing->options->all_namespaces, err))
		return false;
	parsing->options->scope_given |= parsing->options->all_namespaces;
	return true;
}

static bool
take_rollback_all(struct parsing *parsing, const char *value, struct err *err)
{
	bool on;

	if (!take_switch(value, &on, err))
		return false;
	parsing->options->extent = on ? EXTENT_ALL : EXTENT_LAST;
	return true;
}

/* One more of an option that may stand several times; the list is ended by NULL. */
static bool
add_word(const char **words, size_t *count, const char *value, struct err *err)
{
	if (*count + 1 >= OPTION_LIST_MAX)
		return err_set(err, ERR_INPUT, "it stands there more than %d times",
			       OPTION_LIST_MAX - 1);
	words[(*count)++] = value;
	return true;
}

static bool
take_group(struct parsing *parsing, const char *value, struct err *err)
{
	return add_word(parsing->groups, &parsing->group_count, value, err);
}

static bool
take_pool(struct parsing *parsing, const char *value, struct err *err)
{
	parsing->options->scope_given = true;
	return add_word(parsing->pools, &parsing->pool_count, value, err);
}

static bool
take_orphan(struct parsing *parsing, const char *value, struct err *err)
{
	const char *slash = strchr(value, '/');

	if (*value == '\0' || slash == value || (slash != NULL && slash[1] == '\0'))
		return err_set(err, ERR_INPUT, "\"%s\" is not [NS/]NAME of an InferenceModel",
			       value);
	return add_word(parsing->orphans, &parsing->orphan_count, value, err);
}

static bool
take_carry(struct parsing *parsing, const char *value, struct err *err)
{
	for (enum carry what = 0; what < CARRY_COUNT; what++)
		if (strcmp(value, carry_name(what)) == 0) {
			parsing->options->settings.carry[what] = true;
			return true;
		}
	return err_set(err, ERR_INPUT,
		       "\"%s\" is not one of resources, scheduling, replicas, pull-secrets, "
		       "registry",
		       value);
}

static bool
take_output(struct parsing *parsing, const char *value, struct err *err)
{
	static const char *const names[] = { "text", "json", "markdown", "html", "yaml", "rbac" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(value, names[i]) == 0) {
			parsing->options->output = (enum output)i;
			return true;
		}
	return err_set(err, ERR_INPUT,
		       "\"%s\" is not one of text, json, markdown, html, yaml, rbac", value);
}

static bool
take_path(struct parsing *parsing, const char *value, struct err *err)
{
	static const char *const names[] = { "zero-downtime", "simple" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(value, names[i]) == 0) {
			parsing->options->settings.path = (enum path)i;
			return true;
		}
	return err_set(err, ERR_INPUT, "\"%s\" is not one of zero-downtime, simple", value);
}

static bool
take_installer(struct parsing *parsing, const char *value, struct err *err)
{
	static const char *const names[] = { "auto", "native", "helm" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(value, names[i]) == 0) {
			parsing->options->settings.installer = (enum installer)i;
			return true;
		}
	return err_set(err, ERR_INPUT, "\"%s\" is not one of auto, native, helm", value);
}

/* helm would read one that begins with a dash as an option of its own. */
/* "https://user:password@host" would stand in plans, the journal and the record. */
static bool
no_password(const char *value, const char *instead, struct err *err)
{
	const char *host = strstr(value, "://");

	if (host == NULL || memchr(host + 3, '@', strcspn(host + 3, "/?#")) == NULL)
		return true;
	return err_set(err, ERR_INPUT,
		       "the address has a user or a password in it, which plan, journal and record "
		       "would show; %s",
		       instead);
}

static bool
take_probe_url(struct parsing *parsing, const char *value, struct err *err)
{
	parsing->options->settings.probe_url = value;
	return no_password(value, "probe a listener that asks for none, or give --no-probe", err);
}

static bool
take_chart(struct parsing *parsing, const char *value, struct err *err)
{
	if (*value == '-' || *value == '\0')
		return err_set(err, ERR_INPUT,
			       "\"%s\" is no chart: give a reference, folder or file", value);
	parsing->options->settings.chart = value;
	return no_password(value, "sign in by helm registry login, or give a file", err);
}

static bool
take_set(struct parsing *parsing, const char *value, struct err *err)
{
	const char *sign = strchr(value, '=');

	if (sign == NULL || sign == value)
		return err_set(err, ERR_INPUT, "\"%s\" is not K=V", value);
	return add_word(parsing->sets, &parsing->set_count, value, err);
}

static bool
take_priority(struct parsing *parsing, const char *value, struct err *err)
{
	struct options *options = parsing->options;
	struct priority *priority = &parsing->priorities[options->settings.priority_count];
	const char *sign = strrchr(value, '=');

	if (sign == NULL || options->settings.priority_count == OPTION_LIST_MAX)
		return err_set(err, ERR_INPUT, "\"%s\" is not MODEL=N", value);
	if (!text_integer(sign + 1, INT32_MIN, INT32_MAX, &priority->value, err))
		return false;
	priority->model = arena_bytes(&options->arena, value, (size_t)(sign - value));
	options->settings.priority_count++;
	return true;
}

static bool
take_ramp(struct parsing *parsing, const char *value, struct err *err)
{
	char *copy = arena_string(&parsing->options->arena, value), *rest = NULL;
	size_t count = 0;

	for (char *part = strtok_r(copy, ",", &rest); part != NULL;
	     part = strtok_r(NULL, ",", &rest)) {
		if (count == OPTION_LIST_MAX || !text_percent(part, &parsing->ramp[count], err))
			return false;
		if (count > 0 && parsing->ramp[count] <= parsing->ramp[count - 1])
			return err_set(err, ERR_INPUT, "the percents must rise");
		count++;
	}
	if (count == 0 || parsing->ramp[count - 1] != PPM_ALL)
		return err_set(err, ERR_INPUT, "the last percent must be 100");
	parsing->options->settings.ramp = parsing->ramp;
	parsing->options->settings.ramp_count = count;
	return true;
}

static bool
take_step(const char *value, enum step_id *step, struct err *err)
{
	struct nearest nearest;

	*step = step_by_name(value);
	if (*step != STEP_COUNT)
		return true;
	nearest_init(&nearest, value, strlen(value));
	for (enum step_id id = 0; id < STEP_COUNT; id++)
		nearest_try(&nearest, step_name(id));
	if (nearest_name(&nearest) != NULL)
		return err_set(err, ERR_INPUT, "\"%s\" is not a step; did you mean %s?", value,
			       nearest_name(&nearest));
	return err_set(err, ERR_INPUT, "\"%s\" is not a step; see `poolshift help`", value);
}

static bool
take_through(struct parsing *parsing, const char *value, struct err *err)
{
	return take_step(value, &parsing->options->through, err);
}

static bool
take_to(struct parsing *parsing, const char *value, struct err *err)
{
	parsing->options->extent = EXTENT_TO;
	return take_step(value, &parsing->options->to, err);
}

static bool
take_bundle(struct parsing *parsing, const char *value, struct err *err)
{
	parsing->bundle = value;
	return no_password(value, "give a file", err);
}

static bool
take_demo(struct parsing *parsing, const char *value, struct err *err)
{
	parsing->options->demo = value == NULL || strcmp(value, "false") != 0;
	if (value != NULL && strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
		parsing->options->scenario = value;
	return true;
}

static bool
take_seed(struct parsing *parsing, const char *value, struct err *err)
{
	return text_integer(value, 0, INT64_MAX, &parsing->options->seed, err);
}

static bool
take_speed(struct parsing *parsing, const char *value, struct err *err)
{
	char *end;

	parsing->options->speed = strtod(value, &end);
	if (*value == '\0' || *end != '\0' || !(parsing->options->speed >= 0))
		return err_set(err, ERR_INPUT, "\"%s\" is not a number of at least 0", value);
	return true;
}

/* Two lines a row. */
/* clang-format off */
const struct row option_rows[] = {
	{ { "kubeconfig", 0, "FILE", "which kubeconfig; nothing else is read",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_kubeconfig, NULL },
	{ { "context", 0, "NAME", "which context of it",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_context, NULL },
	{ { "cluster", 0, "NAME", "another cluster than the context's",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_cluster, NULL },
	{ { "user", 0, "NAME", "another user than the context's",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_user, NULL },
	{ { "server", 's', "URL", "another address of the API server",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_server, NULL },
	{ { "token", 0, "TOKEN", "a bearer token",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_token, NULL },
	{ { "certificate-authority", 0, "FILE", "the CA of the API server",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_ca, NULL },
	{ { "tls-server-name", 0, "NAME", "the name its certificate must carry",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_tls_name, NULL },
	{ { "insecure-skip-tls-verify", 0, NULL, "do not verify its certificate",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_insecure, NULL },
	{ { "namespace", 'n', "NS", "limit reading and writing to one namespace",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_namespace, "all-namespaces" },
	{ { "all-namespaces", 'A', NULL, "every namespace, knowingly",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_all, "namespace" },
	{ { "as", 0, "USER", "impersonate a user",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_as, NULL },
	{ { "as-group", 0, "GROUP", "impersonate a group",
	    "kubectl", FOR_CLUSTER, OPTION_MANY }, take_group, NULL },
	{ { "as-uid", 0, "UID", "impersonate a uid",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_as_uid, NULL },
	{ { "request-timeout", 0, "DURATION", "patience for one request, and for the first answer",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_timeout, NULL },
	{ { "output", 'o', "FORMAT", "text, json; report: markdown, html; plan: yaml, rbac",
	    "kubectl", FOR_CLUSTER, OPTION_ONCE }, take_output, NULL },
	{ { "path", 0, "NAME", "which procedure: zero-downtime or simple",
	    "migration", FOR_CLUSTER, OPTION_ONCE }, take_path, NULL },
	{ { "pool", 0, "[NS/]NAME", "an α pool to migrate: every one in scope",
	    "migration", FOR_CLUSTER, OPTION_MANY }, take_pool, NULL },
	{ { "ga-name", 0, "NAME", "the GA pool's name, with one --pool",
	    "migration", FOR_CLUSTER, OPTION_ONCE }, take_ga_name, NULL },
	{ { "priority", 0, "MODEL=N", "the priority of that model's objective",
	    "migration", FOR_PLANS, OPTION_MANY }, take_priority, NULL },
	{ { "bundle", 0, "WHERE", "folder, file or URL with the v1 CRDs: built in, v1.0.0",
	    "migration", FOR_PLANS, OPTION_ONCE }, take_bundle, NULL },
	{ { "installer", 0, "HOW", "how the GA pool is made: native, helm or auto",
	    "migration", FOR_PLANS | FOR_ROLLBACK, OPTION_ONCE }, take_installer, NULL },
	{ { "chart", 0, "REF", "helm's chart: reference, folder or file; the official one",
	    "migration", FOR_PLANS, OPTION_ONCE }, take_chart, NULL },
	{ { "chart-version", 0, "V", "its version: v1.0.0 of the official one",
	    "migration", FOR_PLANS, OPTION_ONCE }, take_chart_version, NULL },
	{ { "set", 0, "K=V", "a value of the chart, as helm --set takes it; helm gets secret text at /dev/fd/N",
	    "migration", FOR_PLANS, OPTION_MANY }, take_set, NULL },
	{ { "epp-image", 0, "IMAGE", "the endpoint picker's image",
	    "migration", FOR_PLANS, OPTION_ONCE }, take_image, NULL },
	{ { "carry", 0, "WHAT", "what of the old picker the new one gets, too: its resources ...",
	    "migration", FOR_PLANS, OPTION_MANY }, take_carry, NULL },
	{ { "ramp", 0, "P,P,...", "the percents of shift in apply: 1,5,10,25,50,75,100",
	    "migration", FOR_PLANS, OPTION_LIST }, take_ramp, NULL },
	{ { "hold", 0, "DURATION", "how long each of them is held: 30s",
	    "migration", FOR_PLANS, OPTION_ONCE }, take_hold, NULL },
	{ { "probe-url", 0, "URL", "where verify POSTs: the Gateway's address and HTTP port",
	    "migration", FOR_CHECKS, OPTION_ONCE }, take_probe_url, "no-probe" },
	{ { "probe-model", 0, "NAME", "the model it asks for: one of the pool's",
	    "migration", FOR_CHECKS, OPTION_ONCE }, take_probe_model, NULL },
	{ { "probe-path", 0, "PATH", "the path it asks: /v1/completions",
	    "migration", FOR_CHECKS, OPTION_ONCE }, take_probe_path, NULL },
	{ { "no-probe", 0, NULL, "send no request to the gateway",
	    "migration", FOR_CHECKS, OPTION_ONCE }, take_no_probe, "probe-url" },
	{ { "through", 0, "STEP", "stop after that step",
	    "migration", FOR_PLAN | FOR_APPLY, OPTION_ONCE }, take_through, NULL },
	{ { "to", 0, "STEP", "take back what came after it",
	    "migration", FOR_ROLLBACK, OPTION_ONCE }, take_to, "all" },
	{ { "all", 0, NULL, "take back everything",
	    "migration", FOR_ROLLBACK, OPTION_ONCE }, take_rollback_all, "to" },
	{ { "delete-routes", 0, NULL, "simple: delete a route that is left without backends",
	    "migration", FOR_PLANS, OPTION_ONCE }, take_delete_routes, NULL },
	{ { "orphan", 0, "[NS/]NAME", "a model without a pool that cleanup takes along",
	    "migration", FOR_PLANS, OPTION_MANY }, take_orphan, NULL },
	{ { "force-managed", 0, NULL, "write what Argo CD, Flux, Config Sync or Helm keep",
	    "migration", FOR_PLANS | FOR_SHIFT, OPTION_ONCE }, take_force_managed, NULL },
	{ { "accept-unproven", 0, NULL, "go on when no controller said it serves the GA pool",
	    "migration", FOR_PLANS | FOR_SHIFT, OPTION_ONCE }, take_unproven, NULL },
	{ { "accept-unlisted", 0, NULL, "go on without having seen policies you may not list",
	    "migration", FOR_PLANS, OPTION_ONCE }, take_unlisted, NULL },
	{ { "drain", 0, "DURATION", "after finalize, before anything of α is deleted: 130s",
	    "migration", FOR_PLANS, OPTION_ONCE }, take_drain, NULL },
	{ { "wait", 0, "DURATION", "patience for each wait, instead of the step's own",
	    "migration", FOR_WRITES, OPTION_ONCE }, take_wait, NULL },
	{ { "dry-run", 0, NULL, "send every write as a dry run, print it, change nothing",
	    "migration", FOR_WRITES, OPTION_ONCE }, take_dry_run, NULL },
	{ { "read-only", 0, NULL, "refuse every write",
	    "migration", FOR_WRITES | FOR_FREEZE, OPTION_ONCE }, take_read_only, NULL },
	{ { "no-lease", 0, NULL, "write where the cluster's Lease may not be had",
	    "migration", FOR_WRITES, OPTION_ONCE }, take_no_lease, NULL },
	{ { "yes", 0, NULL, "do not ask; wanted where there is no terminal to ask on",
	    "migration", FOR_APPLY | FOR_SHIFT | FOR_ROLLBACK, OPTION_ONCE }, take_yes, NULL },
	{ { "reason", 0, "TEXT", "goes into the journal, the report and a freeze",
	    "migration", FOR_WRITES | FOR_FREEZE, OPTION_ONCE }, take_reason, NULL },
	{ { "interval", 0, "DURATION", "polling where watching is not possible: 2s",
	    "migration", FOR_CLUSTER, OPTION_ONCE }, take_interval, NULL },
	{ { "state-dir", 0, "DIR", "journals, copies and reports: $XDG_STATE_HOME/poolshift",
	    "migration", FOR_CLUSTER, OPTION_ONCE }, take_state, NULL },
	{ { "kubectl", 0, NULL, "print the equivalent commands",
	    "migration", FOR_JOURNAL, OPTION_ONCE }, take_kubectl, NULL },
	{ { "verify", 0, NULL, "check the chain of sums in its file: exit 1 names what is damaged",
	    "migration", FOR_JOURNAL, OPTION_ONCE }, take_verify, NULL },
	{ { "theme", 0, "NAME", "dark, light, 16, mono, high-contrast, colour-blind, or a file",
	    "screen", FOR_CONSOLE, OPTION_ONCE }, take_theme, NULL },
	{ { "no-color", 0, NULL, "no colour; NO_COLOR says the same",
	    "screen", FOR_CONSOLE, OPTION_ONCE }, take_no_color, NULL },
	{ { "ascii", 0, NULL, "ASCII only, of the screen and of the progress bar",
	    "screen", FOR_WRITES, OPTION_ONCE }, take_ascii, NULL },
	{ { "no-mouse", 0, NULL, "leave the mouse to the terminal",
	    "screen", FOR_CONSOLE, OPTION_ONCE }, take_no_mouse, NULL },
	{ { "plain", 0, NULL, "no screen: numbered lines, and commands line by line",
	    "screen", FOR_CONSOLE, OPTION_ONCE }, take_plain, NULL },
	{ { "demo", 0, "[=SCENARIO]", "the console on a private demo cluster",
	    "demo", FOR_CLUSTER, OPTION_ONCE }, take_demo, NULL },
	{ { "scenario", 0, "NAME", "a built-in scenario, or a file",
	    "demo", FOR_DEMO, OPTION_ONCE }, take_scenario, NULL },
	{ { "listen", 0, "ADDRESS", "a loopback address and port",
	    "demo", FOR_DEMO, OPTION_ONCE }, take_listen, NULL },
	{ { "write-kubeconfig", 0, "FILE", "where the demo's kubeconfig goes",
	    "demo", FOR_DEMO, OPTION_ONCE }, take_write_kubeconfig, NULL },
	{ { "gke-version", 0, "V", "the version the demo cluster reports",
	    "demo", FOR_DEMO, OPTION_ONCE }, take_gke, NULL },
	{ { "serves", 0, "GROUPS", "the pools its gateway controller knows: both, alpha or ga",
	    "demo", FOR_DEMO, OPTION_ONCE }, take_serves, NULL },
	{ { "manifests", 0, NULL, "print the scenario as YAML for kubectl apply",
	    "demo", FOR_DEMO, OPTION_ONCE }, take_manifests, NULL },
	{ { "seed", 0, "N", "of the demo's uids",
	    "demo", FOR_DEMO, OPTION_ONCE }, take_seed, NULL },
	{ { "speed", 0, "X", "its controllers' delays are divided by it",
	    "demo", FOR_DEMO, OPTION_ONCE }, take_speed, NULL },
	{ { "list", 0, NULL, "name the scenarios",
	    "demo", FOR_DEMO, OPTION_ONCE }, take_list, NULL },
	{ { "help", 'h', NULL, "what a command takes",
	    "screen", FOR_ALL, OPTION_ONCE }, take_help, NULL },
	{ { NULL, 0, NULL, NULL, NULL, 0, OPTION_ONCE }, NULL, NULL },
};
/* clang-format on */

const struct option_row *
options_row(size_t index)
{
	return index < sizeof option_rows / sizeof *option_rows - 1 ? &option_rows[index].row
								    : NULL;
}
