#include "core/kube/execcred.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/proc.h"
#include "core/base/text.h"
#include "core/kube/accessfield.h"
#include "core/kube/redact.h"

#define RUN_MOST     (60 * SECOND)
#define PERSON_MOST  (10 * MINUTE) /* a person signs in */
#define OUT_CAP      (1 * BUF_MIB)
#define ERR_KEEP     (64 * BUF_KIB)
#define TOKEN_CAP    (256 * BUF_KIB)
#define EARLY_MOST   (60 * SECOND)
#define SKEWED_LIFE  (60 * SECOND) /* how long a credential that came expired is used */
#define STDERR_LINES 5
#define STDERR_SHOWN 600 /* bytes */
#define INFO_NAME    "KUBERNETES_EXEC_INFO="
#define WAKE_UP      (250 * MILLISECOND) /* a child that closed its pipes is reaped without a signal */

static const int64_t backoffs[] = { 5 * SECOND, 10 * SECOND, 20 * SECOND, 40 * SECOND,
				    60 * SECOND };

struct execcred {
	const struct access *access;
	struct clock clock;
	struct proc *proc; /* the run under way, or NULL */
	bool asking;       /* and it has the terminal */
	struct execcred_pass pass;
	bool usable;   /* pass may be used */
	int64_t renew; /* wall: from when on it is renewed in the background */
	uint64_t generation;
	size_t failures;   /* in a row */
	size_t rejections; /* by the server, in a row */
	int64_t retry;     /* mono: not asked again before */
	struct err failure;
	char odd[200]; /* about a credential that works */
};

void
execcred_pass_init(struct execcred_pass *pass)
{
	*pass = (struct execcred_pass){ .expires = NEVER };
	buf_init(&pass->token, TOKEN_CAP);
	buf_init(&pass->certificate, OUT_CAP);
	buf_init(&pass->key, OUT_CAP);
}

void
execcred_pass_release(struct execcred_pass *pass)
{
	buf_wipe(&pass->token);
	buf_wipe(&pass->certificate);
	buf_wipe(&pass->key);
}

struct execcred *
execcred_new(const struct access *access, const struct clock *clock)
{
	struct execcred *execcred = die_alloc(sizeof *execcred);

	execcred->access = access;
	execcred->clock = *clock;
	execcred_pass_init(&execcred->pass);
	return execcred;
}

void
execcred_free(struct execcred *execcred)
{
	if (execcred == NULL)
		return;
	proc_free(execcred->proc);
	execcred_pass_release(&execcred->pass);
	free(execcred);
}

static void
add_cluster(struct json *spec, const struct access *access)
{
	struct json *cluster = json_set_object(spec, "cluster");

	json_set_string(cluster, "server", access->server);
	json_set_string(cluster, "tls-server-name", access->tls_server_name);
	if (access->insecure)
		json_set_bool(cluster, "insecure-skip-tls-verify", true);
	if (access->ca.length > 0) {
		struct buf data;
		buf_init(&data, 8 * BUF_MIB);
		text_base64_encode(&data, access->ca.bytes, access->ca.length);
		json_set_string(cluster, "certificate-authority-data", data.bytes);
		buf_release(&data);
	}
	json_set_string(cluster, "proxy-url", access->proxy_url);
	if (access->disable_compression)
		json_set_bool(cluster, "disable-compression", true);
	const char *config = access->exec->cluster_config;
	if (config != NULL)
		json_set(cluster, "config", json_parse(config, strlen(config), NULL));
}

bool
execcred_info(struct buf *out, const struct access *access, bool interactive)
{
	struct json *info = json_new_object();

	json_set_string(info, "kind", "ExecCredential");
	json_set_string(info, "apiVersion", access->exec->api_version);
	struct json *spec = json_set_object(info, "spec");
	json_set_bool(spec, "interactive", interactive);
	if (access->exec->provide_cluster_info)
		add_cluster(spec, access);
	buf_puts(out, INFO_NAME);
	bool fine = json_print(info, out);
	json_free(info);
	return fine;
}

/* Some say 9999 for never; nanoseconds end in 2262. */
static bool
parse_expiry(const char *text, int64_t *wall)
{
	if (clock_parse_rfc3339(text, wall))
		return true;
	*wall = NEVER;
	return strlen(text) > 4 && text[4] == '-' && atoi(text) >= 2262;
}

static bool
parse_status(struct execcred_pass *pass, const struct json *status, struct err *err)
{
	const char *token = json_string_at(status, "token");
	const char *certificate = json_string_at(status, "clientCertificateData");
	const char *key = json_string_at(status, "clientKeyData");
	const char *expires = json_string_at(status, "expirationTimestamp");

	if ((certificate == NULL) != (key == NULL))
		return err_set(err, ERR_AUTH,
			       "its answer holds a client certificate or a key, but not both");
	if ((token == NULL || *token == '\0') && certificate == NULL)
		return err_set(err, ERR_AUTH,
			       "its answer holds neither a token nor a client certificate");
	if (token != NULL && !accessfield_is_header(token, strlen(token)))
		return err_set(err, ERR_AUTH, "the token in its answer holds more than one line");
	if (expires != NULL && !parse_expiry(expires, &pass->expires))
		return err_set(err, ERR_AUTH,
			       "the expirationTimestamp in its answer is not a time");
	if (token != NULL && !buf_puts(&pass->token, token))
		return err_set(err, ERR_AUTH, "the token in its answer is longer than 256 KiB");
	if (certificate != NULL) {
		buf_puts(&pass->certificate, certificate);
		buf_puts(&pass->key, key);
	}
	return true;
}

bool
execcred_parse(struct execcred_pass *pass, const char *text, size_t length, const char *api_version,
	       struct err *err)
{
	struct json *answer = json_parse(text, length, NULL);
	const char *version = json_string_at(answer, "apiVersion");
	bool fine;

	/* The parser's words could quote the token. */
	if (json_type(answer) != JSON_OBJECT)
		fine = err_set(err, ERR_AUTH, "its answer is not one JSON object");
	else if (!text_equal(json_string_at(answer, "kind"), "ExecCredential"))
		fine = err_set(err, ERR_AUTH, "its answer is not an ExecCredential");
	else if (!text_equal(version, api_version))
		fine = err_set(err, ERR_AUTH,
			       "it answered in %.80s, but the kubeconfig asks for %s",
			       version != NULL ? version : "no version", api_version);
	else if (json_type(json_get(answer, "status")) != JSON_OBJECT)
		fine = err_set(err, ERR_AUTH, "its answer has no status");
	else
		fine = parse_status(pass, json_get(answer, "status"), err);
	json_free(answer);
	return fine;
}

/* The last lines, redacted and clean, " | " between them. */
static void
add_stderr(struct buf *out, const struct proc *proc)
{
	size_t length, lines = 0;
	const char *text = proc_stderr(proc, &length);
	struct buf hidden;

	while (length > 0 && strchr(" \r\n\t", text[length - 1]) != NULL)
		length--;
	size_t from = length;
	while (from > 0 && length - from < STDERR_SHOWN) {
		if (text[from - 1] == '\n' && ++lines == STDERR_LINES)
			break;
		from--;
	}
	/* A cut through a word could hide that it is a secret. */
	if (from > 0 && text[from - 1] != '\n')
		while (from < length && strchr(" \n", text[from]) == NULL)
			from++;
	buf_init(&hidden, 8 * BUF_KIB);
	redact_secrets(&hidden, text + from, length - from);
	for (char *line = hidden.bytes; line != NULL && *line != '\0';) {
		size_t n = strcspn(line, "\n");
		text_clean(out, line, n);
		line += n + (line[n] == '\n');
		if (*line != '\0')
			buf_puts(out, " | ");
	}
	buf_release(&hidden);
}

/* What a plugin's last words usually mean (§2.3). */
static const struct {
	const char *said, *advice;
} hints[] = {
	{ "Reauthentication", "Run: gcloud auth login" },
	{ "gcloud auth login", "Run: gcloud auth login" },
	{ "SSO", "Run: aws sso login" },
	{ "aws sso login", "Run: aws sso login" },
	{ "az login", "Run: az login" },
	{ "", "Run it in a shell to see what it wants, sign in there, then refresh here" },
};

static const char *
advice_for(const char *said)
{
	size_t i = 0;
	while (strstr(said, hints[i].said) == NULL)
		i++;
	return hints[i].advice;
}

static void
rest(struct execcred *execcred, size_t *times)
{
	const size_t last = sizeof backoffs / sizeof *backoffs - 1;
	size_t step = *times < last ? *times : last;

	(*times)++;
	execcred->retry = clock_mono(&execcred->clock) + backoffs[step];
}

/* Sets `failure`, and when it may be tried again. */
static void
run_failed(struct execcred *execcred, const char *why, const char *said, const char *advice)
{
	rest(execcred, &execcred->failures);
	err_set(&execcred->failure, ERR_AUTH,
		"The credential plugin %s of user \"%s\" gave no credentials: %s%s%s. %s.",
		execcred->access->exec->command, execcred->access->user, why,
		*said != '\0' ? ": " : "", said, advice);
}

static void
start_failed(struct execcred *execcred, const struct err *err)
{
	const char *hint = execcred->access->exec->install_hint;
	struct buf clean;

	if (err->code != ERR_MISSING) {
		run_failed(execcred, "it could not be started", err->text, "Try again");
		return;
	}
	buf_init(&clean, 4 * BUF_KIB);
	if (hint != NULL)
		text_clean(&clean, hint, strnlen(hint, 500));
	run_failed(execcred, "the program is not on this machine", "",
		   clean.length > 0 ? clean.bytes : "Install it, or put its folder on PATH");
	buf_release(&clean);
}

static void
run_start(struct execcred *execcred, bool terminal)
{
	const struct exec_spec *exec = execcred->access->exec;
	size_t args = 0, envs = 0, kept = 0;
	struct buf info;
	struct err err;

	while (exec->args != NULL && exec->args[args] != NULL)
		args++;
	while (exec->env != NULL && exec->env[envs] != NULL)
		envs++;
	const char **argv = die_alloc((args + 2) * sizeof *argv);
	const char **env = die_alloc((envs + 2) * sizeof *env);
	argv[0] = exec->command;
	for (size_t i = 0; i < args; i++)
		argv[i + 1] = exec->args[i];
	for (size_t i = 0; i < envs; i++)
		if (!text_starts(exec->env[i], INFO_NAME))
			env[kept++] = exec->env[i];
	buf_init(&info, 16 * BUF_MIB);
	execcred_info(&info, execcred->access, terminal);
	env[kept] = info.bytes;

	struct proc_spec spec = {
		.argv = argv,
		.env = env,
		.out_cap = OUT_CAP,
		.err_keep = ERR_KEEP,
		.deadline = clock_mono(&execcred->clock) + (terminal ? PERSON_MOST : RUN_MOST),
		.terminal = terminal,
	};
	execcred->proc = proc_start(&spec, &err);
	execcred->asking = terminal && execcred->proc != NULL;
	execcred->generation++;
	if (execcred->proc == NULL)
		start_failed(execcred, &err);
	buf_release(&info);
	free(env);
	free(argv);
}

/* In the background, where nobody can be asked. */
static void
run_quietly(struct execcred *execcred)
{
	if (execcred->access->exec->interactive == EXEC_ALWAYS)
		run_failed(execcred, "it signs in by asking (interactiveMode: Always)", "",
			   "Sign in at this terminal");
	else
		run_start(execcred, false);
}

/* Renewed at expiry less a minute or a tenth of its life, whichever is less (§2.2). */
static void
plan_renewal(struct execcred *execcred)
{
	int64_t wall = clock_wall(&execcred->clock), expires = execcred->pass.expires;

	execcred->renew = NEVER;
	*execcred->odd = '\0';
	if (expires == NEVER)
		return;
	if (expires <= wall) {
		execcred->pass.expires = execcred->renew = wall + SKEWED_LIFE;
		snprintf(execcred->odd, sizeof execcred->odd,
			 "The credential plugin gave a credential that has expired: is this "
			 "machine's clock right?");
		return;
	}
	int64_t early = (expires - wall) / 10;
	execcred->renew = expires - (early < EARLY_MOST ? early : EARLY_MOST);
}

static void
run_succeeded(struct execcred *execcred, struct execcred_pass *pass)
{
	pass->generation = execcred->generation;
	execcred_pass_release(&execcred->pass);
	execcred->pass = *pass;
	execcred->usable = true;
	execcred->failures = 0;
	execcred->retry = 0;
	execcred->failure.code = ERR_NONE;
	plan_renewal(execcred);
}

static const char *
end_words(int status, bool asked, char *text, size_t size)
{
	if (status == -1000)
		snprintf(text, size, "it took longer than %s and was ended",
			 asked ? "10 minutes" : "60 s");
	else if (status == -1001)
		snprintf(text, size, "it printed more than 1 MiB");
	else if (status < 0)
		snprintf(text, size, "it was ended by signal %d", -status);
	else
		snprintf(text, size, "it failed with exit code %d", status);
	return text;
}

static void
run_ended(struct execcred *execcred)
{
	struct proc *proc = execcred->proc;
	int status = proc_status(proc);
	struct buf said;
	char words[80];

	bool asked = execcred->asking;

	execcred->proc = NULL;
	execcred->asking = false;
	buf_init(&said, 16 * BUF_KIB);
	add_stderr(&said, proc);
	if (status != 0)
		run_failed(execcred, end_words(status, asked, words, sizeof words), said.bytes,
			   advice_for(said.bytes));
	else {
		struct execcred_pass pass;
		struct err err;
		size_t length;
		const char *text = proc_stdout(proc, &length);
		execcred_pass_init(&pass);
		if (execcred_parse(&pass, text, length, execcred->access->exec->api_version, &err))
			run_succeeded(execcred, &pass);
		else {
			run_failed(execcred, err.text, said.bytes, advice_for(said.bytes));
			execcred_pass_release(&pass);
		}
	}
	buf_release(&said);
	proc_free(proc);
}

static bool
is_good(const struct execcred *execcred)
{
	return execcred->usable && clock_wall(&execcred->clock) < execcred->pass.expires;
}

enum execcred_state
execcred_want(struct execcred *execcred, struct err *err)
{
	if (is_good(execcred))
		return EXECCRED_READY;
	if (execcred->proc == NULL && clock_mono(&execcred->clock) >= execcred->retry)
		run_quietly(execcred);
	if (execcred->proc != NULL)
		return EXECCRED_RUNNING;
	err_set(err, ERR_AUTH, "%s", execcred->failure.text);
	return EXECCRED_FAILED;
}

const struct execcred_pass *
execcred_pass(const struct execcred *execcred)
{
	return &execcred->pass;
}

bool
execcred_invalidate(struct execcred *execcred, uint64_t generation)
{
	if (execcred->pass.generation != generation)
		return true;
	if (clock_mono(&execcred->clock) < execcred->retry)
		return false;
	execcred->usable = false;
	return true;
}

void
execcred_rejected(struct execcred *execcred)
{
	rest(execcred, &execcred->rejections);
}

void
execcred_accepted(struct execcred *execcred)
{
	execcred->rejections = 0;
}

void
execcred_hurry(struct execcred *execcred)
{
	execcred->retry = 0;
	if (execcred->usable && execcred->renew != NEVER &&
	    clock_wall(&execcred->clock) + EARLY_MOST >= execcred->renew)
		execcred->renew = 0;
}

bool
execcred_ask_person(struct execcred *execcred, struct err *err)
{
	if (execcred->access->exec->interactive == EXEC_NEVER)
		return err_set(
			err, ERR_INPUT,
			"The credential plugin %s asks nobody (interactiveMode: Never): sign "
			"in with its own tool.",
			execcred->access->exec->command);
	if (execcred->asking)
		return true;
	proc_free(execcred->proc);
	execcred->proc = NULL;
	run_start(execcred, true);
	return execcred->proc != NULL || err_set(err, ERR_AUTH, "%s", execcred->failure.text);
}

bool
execcred_is_asking(const struct execcred *execcred)
{
	return execcred->asking;
}

void
execcred_fds(const struct execcred *execcred, int fds[2], size_t *count)
{
	*count = 0;
	if (execcred->proc != NULL)
		proc_fds(execcred->proc, fds, count);
}

int64_t
execcred_step(struct execcred *execcred)
{
	int64_t mono = clock_mono(&execcred->clock), wall = clock_wall(&execcred->clock);

	if (execcred->proc != NULL && proc_step(execcred->proc, mono))
		run_ended(execcred);
	if (execcred->proc == NULL && execcred->usable && wall >= execcred->renew &&
	    mono >= execcred->retry)
		run_quietly(execcred);
	if (execcred->proc != NULL)
		return mono + WAKE_UP;
	if (!execcred->usable || execcred->renew == NEVER)
		return NEVER;
	int64_t due = mono + (execcred->renew > wall ? execcred->renew - wall : 0);
	return due > execcred->retry ? due : execcred->retry;
}

const char *
execcred_problem(const struct execcred *execcred)
{
	if (execcred->failure.code != ERR_NONE && !is_good(execcred))
		return execcred->failure.text;
	return *execcred->odd != '\0' ? execcred->odd : NULL;
}
