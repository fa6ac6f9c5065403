#include "tui/options.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/die.h"
#include "core/base/file.h"
#include "core/base/text.h"

#define LIST_MAX 256 /* most times a repeatable option may stand */

/* What the rows write into: the options, and the lists that are still growing. */
struct parsing {
	struct options	 *options;
	const char	**pools, **groups;
	size_t		  pool_count, group_count;
	struct priority	 *priorities;
	int64_t		 *ramp;
	const char	 *bundle;
};

typedef bool (*take_fn)(struct parsing *parsing, const char *value, struct err *err);

struct row {
	struct option_row row;
	take_fn		  take;
};

#define TEXT(name, field)                                                            \
	static bool name(struct parsing *parsing, const char *value, struct err *err) \
	{                                                                             \
		parsing->options->field = value;                                      \
		return true;                                                          \
	}
#define FLAG(name, field, to)                                                        \
	static bool name(struct parsing *parsing, const char *value, struct err *err) \
	{                                                                             \
		parsing->options->field = to;                                         \
		return true;                                                          \
	}
#define DURATION(name, field)                                                        \
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
DURATION(take_hold, settings.hold)
DURATION(take_drain, settings.drain)
DURATION(take_wait, settings.wait)
DURATION(take_interval, settings.interval)
TEXT(take_probe_url, settings.probe_url)
TEXT(take_probe_model, settings.probe_model)
TEXT(take_probe_path, settings.probe_path)
FLAG(take_no_probe, settings.probe, false)
FLAG(take_unproven, settings.accept_unproven, true)
FLAG(take_dry_run, settings.dry_run, true)
FLAG(take_read_only, settings.read_only, true)
TEXT(take_reason, settings.reason)
TEXT(take_state, settings.state_folder)
FLAG(take_yes, yes, true)
FLAG(take_help, help, true)
FLAG(take_rollback_all, extent, EXTENT_ALL)
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
	parsing->options->all_namespaces = true;
	parsing->options->scope_given = true;
	return true;
}

static bool
take_group(struct parsing *parsing, const char *value, struct err *err)
{
	if (parsing->group_count + 1 >= LIST_MAX)
		return err_set(err, ERR_INPUT, "it stands there too often");
	parsing->groups[parsing->group_count++] = value;
	return true;
}

static bool
take_pool(struct parsing *parsing, const char *value, struct err *err)
{
	if (parsing->pool_count + 1 >= LIST_MAX)
		return err_set(err, ERR_INPUT, "it stands there too often");
	parsing->pools[parsing->pool_count++] = value;
	parsing->options->scope_given = true;
	return true;
}

static bool
take_output(struct parsing *parsing, const char *value, struct err *err)
{
	static const char *const names[] = { "text", "json", "markdown", "html" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(value, names[i]) == 0) {
			parsing->options->output = (enum output)i;
			return true;
		}
	return err_set(err, ERR_INPUT, "\"%s\" is not one of text, json, markdown, html", value);
}

static bool
take_path(struct parsing *parsing, const char *value, struct err *err)
{
	if (strcmp(value, "zero-downtime") == 0)
		return true;
	return err_set(err, ERR_INPUT, "\"%s\" is not offered by this version; use zero-downtime",
		       value);
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

static bool
take_priority(struct parsing *parsing, const char *value, struct err *err)
{
	struct options	*options = parsing->options;
	struct priority *priority = &parsing->priorities[options->settings.priority_count];
	const char	*sign = strrchr(value, '=');

	if (sign == NULL || options->settings.priority_count == LIST_MAX)
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
	char  *copy = arena_string(&parsing->options->arena, value), *rest = NULL;
	size_t count = 0;

	for (char *part = strtok_r(copy, ",", &rest); part != NULL; part = strtok_r(NULL, ",", &rest)) {
		if (count == LIST_MAX || !text_percent(part, &parsing->ramp[count], err))
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
	*step = step_by_name(value);
	return *step != STEP_COUNT ||
	       err_set(err, ERR_INPUT, "\"%s\" is not a step; see `poolshift help`", value);
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
	return true;
}

static bool
take_demo(struct parsing *parsing, const char *value, struct err *err)
{
	parsing->options->demo = true;
	if (value != NULL)
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

static const struct row rows[] = {
	{ { "kubeconfig", 0, "FILE", "which kubeconfig; nothing else is read", "kubectl" }, take_kubeconfig },
	{ { "context", 0, "NAME", "which context of it", "kubectl" }, take_context },
	{ { "cluster", 0, "NAME", "another cluster than the context's", "kubectl" }, take_cluster },
	{ { "user", 0, "NAME", "another user than the context's", "kubectl" }, take_user },
	{ { "server", 's', "URL", "another address of the API server", "kubectl" }, take_server },
	{ { "token", 0, "TOKEN", "a bearer token", "kubectl" }, take_token },
	{ { "certificate-authority", 0, "FILE", "the CA of the API server", "kubectl" }, take_ca },
	{ { "tls-server-name", 0, "NAME", "the name its certificate must carry", "kubectl" }, take_tls_name },
	{ { "insecure-skip-tls-verify", 0, NULL, "do not verify its certificate", "kubectl" }, take_insecure },
	{ { "namespace", 'n', "NS", "limit reading and writing to one namespace", "kubectl" }, take_namespace },
	{ { "all-namespaces", 'A', NULL, "every namespace, knowingly", "kubectl" }, take_all },
	{ { "as", 0, "USER", "impersonate a user", "kubectl" }, take_as },
	{ { "as-group", 0, "GROUP", "impersonate a group (repeatable)", "kubectl" }, take_group },
	{ { "as-uid", 0, "UID", "impersonate a uid", "kubectl" }, take_as_uid },
	{ { "request-timeout", 0, "DURATION", "patience for one request", "kubectl" }, take_timeout },
	{ { "output", 'o', "FORMAT", "text, json; for report also markdown, html", "kubectl" }, take_output },
	{ { "path", 0, "NAME", "which procedure: zero-downtime", "migration" }, take_path },
	{ { "pool", 0, "[NS/]NAME", "an α pool to migrate (repeatable)", "migration" }, take_pool },
	{ { "ga-name", 0, "NAME", "the GA pool's name", "migration" }, take_ga_name },
	{ { "priority", 0, "MODEL=N", "an objective's priority (repeatable)", "migration" }, take_priority },
	{ { "bundle", 0, "WHERE", "a folder, file or URL with the v1 CRDs", "migration" }, take_bundle },
	{ { "installer", 0, "HOW", "native, helm or auto", "migration" }, take_installer },
	{ { "epp-image", 0, "IMAGE", "the endpoint picker's image", "migration" }, take_image },
	{ { "ramp", 0, "P,P,...", "the percents of shift in apply", "migration" }, take_ramp },
	{ { "hold", 0, "DURATION", "how long each is watched", "migration" }, take_hold },
	{ { "probe-url", 0, "URL", "where verify POSTs", "migration" }, take_probe_url },
	{ { "probe-model", 0, "NAME", "the model it asks for", "migration" }, take_probe_model },
	{ { "probe-path", 0, "PATH", "the path it asks", "migration" }, take_probe_path },
	{ { "no-probe", 0, NULL, "send no request to the gateway", "migration" }, take_no_probe },
	{ { "through", 0, "STEP", "stop after that step", "migration" }, take_through },
	{ { "to", 0, "STEP", "rollback: that step stays done", "migration" }, take_to },
	{ { "all", 0, NULL, "rollback: take back everything", "migration" }, take_rollback_all },
	{ { "accept-unproven", 0, NULL, "go on when no controller said it serves the GA pool", "migration" }, take_unproven },
	{ { "drain", 0, "DURATION", "wait before anything of α is deleted", "migration" }, take_drain },
	{ { "wait", 0, "DURATION", "patience for each wait", "migration" }, take_wait },
	{ { "dry-run", 0, NULL, "send every write as a dry run, change nothing", "migration" }, take_dry_run },
	{ { "read-only", 0, NULL, "refuse every write", "migration" }, take_read_only },
	{ { "yes", 0, NULL, "do not ask", "migration" }, take_yes },
	{ { "reason", 0, "TEXT", "goes into the journal and the report", "migration" }, take_reason },
	{ { "interval", 0, "DURATION", "polling where watching is not possible", "migration" }, take_interval },
	{ { "state-dir", 0, "DIR", "journals", "migration" }, take_state },
	{ { "kubectl", 0, NULL, "journal: print the equivalent commands", "migration" }, take_kubectl },
	{ { "verify", 0, NULL, "journal: check every line of its file", "migration" }, take_verify },
	{ { "theme", 0, "NAME", "dark, light, 16, mono, high-contrast, colour-blind, or a file", "screen" }, take_theme },
	{ { "no-color", 0, NULL, "no colour", "screen" }, take_no_color },
	{ { "ascii", 0, NULL, "ASCII only", "screen" }, take_ascii },
	{ { "no-mouse", 0, NULL, "leave the mouse to the terminal", "screen" }, take_no_mouse },
	{ { "plain", 0, NULL, "no screen: print the status", "screen" }, take_plain },
	{ { "demo", 0, "[=SCENARIO]", "the console on a private demo cluster", "demo" }, take_demo },
	{ { "scenario", 0, "NAME", "a built-in scenario, or a file", "demo" }, take_scenario },
	{ { "listen", 0, "ADDRESS", "a loopback address and port", "demo" }, take_listen },
	{ { "write-kubeconfig", 0, "FILE", "where the demo's kubeconfig goes", "demo" }, take_write_kubeconfig },
	{ { "gke-version", 0, "V", "the version the demo cluster reports", "demo" }, take_gke },
	{ { "serves", 0, "GROUPS", "the pools its gateway controller knows: both, alpha or ga", "demo" }, take_serves },
	{ { "manifests", 0, NULL, "print the scenario as YAML for kubectl apply", "demo" }, take_manifests },
	{ { "seed", 0, "N", "of the demo's uids", "demo" }, take_seed },
	{ { "speed", 0, "X", "its controllers' delays are divided by it", "demo" }, take_speed },
	{ { "list", 0, NULL, "name the scenarios", "demo" }, take_list },
	{ { "help", 'h', NULL, "how to use it", "screen" }, take_help },
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

const struct option_row *
options_row(size_t index)
{
	return index < ROW_COUNT ? &rows[index].row : NULL;
}

static const struct row *
find_long(const char *name, size_t length)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (strncmp(rows[i].row.name, name, length) == 0 && rows[i].row.name[length] == '\0')
			return &rows[i];
	return NULL;
}

static const struct row *
find_letter(char letter)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (rows[i].row.letter == letter)
			return &rows[i];
	return NULL;
}

/* One word that starts with '-'; takes the next word too when the option wants a value. */
static bool
take_word(struct parsing *parsing, int argc, char **argv, int *at, struct err *err)
{
	const char	 *word = argv[*at], *value = NULL;
	bool		  is_long = word[1] == '-';
	size_t		  length = is_long ? strcspn(word + 2, "=") : 1;
	const struct row *row = is_long ? find_long(word + 2, length) : find_letter(word[1]);
	bool		  optional;

	if (row == NULL)
		return err_set(err, ERR_INPUT, "there is no option %s; see `poolshift help`", word);
	optional = row->row.value != NULL && row->row.value[0] == '[' && row->take == take_demo;
	if (is_long && word[2 + length] == '=')
		value = word + 2 + length + 1;
	else if (!is_long && word[2] != '\0' && row->row.value != NULL)
		value = word + 2;
	else if (!is_long && word[2] != '\0')
		return err_set(err, ERR_INPUT, "there is no option %s", word);
	else if (row->row.value != NULL && !optional && *at + 1 < argc)
		value = argv[++*at];
	if (row->row.value != NULL && value == NULL && !optional)
		return err_set(err, ERR_INPUT, "--%s wants %s", row->row.name, row->row.value);
	if (row->row.value == NULL && value != NULL)
		return err_set(err, ERR_INPUT, "--%s takes no value", row->row.name);
	return row->take(parsing, value, err) || err_wrap(err, "--%s", row->row.name);
}

static bool
take_words(struct parsing *parsing, int argc, char **argv, struct err *err)
{
	struct options *options = parsing->options;
	const char    **arguments = arena_array(&options->arena, (size_t)argc + 1, sizeof *arguments);

	options->arguments = arguments;
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] == '-' && argv[i][1] != '\0') {
			if (!take_word(parsing, argc, argv, &i, err))
				return false;
		} else if (options->command == NULL) {
			options->command = argv[i];
		} else {
			arguments[options->argument_count++] = argv[i];
		}
	}
	return true;
}

/* What can only be settled once all words were read. */
static bool
finish(struct parsing *parsing, struct err *err)
{
	struct options *options = parsing->options;
	struct buf	text;
	bool		ok = true;

	if (parsing->pool_count > 0)
		options->settings.pools = parsing->pools;
	if (parsing->group_count > 0)
		options->session.as_groups = parsing->groups;
	options->settings.priorities = parsing->priorities;
	buf_init(&text, 16 * BUF_MIB);
	if (options->settings.ga_name != NULL && parsing->pool_count != 1)
		ok = err_set(err, ERR_INPUT, "--ga-name goes with exactly one --pool");
	if (ok && parsing->bundle != NULL) {
		ok = session_read_bundle(parsing->bundle, &text, err);
		options->settings.bundle = arena_bytes(&options->arena, text.bytes, text.length);
		options->settings.bundle_name = parsing->bundle;
	}
	buf_clear(&text);
	if (ok && options->settings.state_folder == NULL) {
		ok = file_state_folder(&text, err);
		options->settings.state_folder = arena_string(&options->arena, text.bytes);
	}
	buf_release(&text);
	return ok;
}

bool
options_parse(struct options *options, int argc, char **argv, struct err *err)
{
	struct parsing parsing = { .options = options };

	*options = (struct options){
		.through = STEP_COUNT, .to = STEP_COUNT, .speed = 1.0, .settings = settings_default()
	};
	arena_init(&options->arena);
	options->session.user_agent = "poolshift/" PACKAGE_VERSION " (linux)";
	parsing.pools = arena_array(&options->arena, LIST_MAX, sizeof *parsing.pools);
	parsing.groups = arena_array(&options->arena, LIST_MAX, sizeof *parsing.groups);
	parsing.priorities = arena_array(&options->arena, LIST_MAX + 1, sizeof *parsing.priorities);
	parsing.ramp = arena_array(&options->arena, LIST_MAX + 1, sizeof *parsing.ramp);
	return take_words(&parsing, argc, argv, err) && finish(&parsing, err);
}

void
options_release(struct options *options)
{
	arena_release(&options->arena);
}
