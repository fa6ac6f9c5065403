#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/kube/execcred.h"

#define V1 "client.authentication.k8s.io/v1"

/* A clock that the test can move ahead of the real one. */
struct ahead {
	struct clock real;
	int64_t by;
};

static int64_t
ahead_mono(void *self)
{
	const struct ahead *ahead = self;
	return clock_mono(&ahead->real) + ahead->by;
}

static int64_t
ahead_wall(void *self)
{
	const struct ahead *ahead = self;
	return clock_wall(&ahead->real) + ahead->by;
}

struct plugin {
	char folder[64], program[128], count[128];
	struct ahead ahead;
	struct clock clock;
	struct exec_spec spec;
	struct access access;
	struct execcred *execcred;
};

/* A plugin that is the script given; each run adds a byte to the file $COUNT. */
static void
plugin_open(struct plugin *plugin, const char *script)
{
	static const char *const none[] = { NULL };
	char text[4096];

	*plugin = (struct plugin){ .folder = "/tmp/test_execcred.XXXXXX" };
	assert_non_null(mkdtemp(plugin->folder));
	snprintf(plugin->program, sizeof plugin->program, "%s/plugin", plugin->folder);
	snprintf(plugin->count, sizeof plugin->count, "%s/count", plugin->folder);
	snprintf(text, sizeof text, "#!/bin/sh\nprintf x >> %s\n%s\n", plugin->count, script);
	assert_true(file_write(plugin->program, text, strlen(text), NULL));
	assert_int_equal(chmod(plugin->program, 0700), 0);
	plugin->ahead.real = clock_system();
	plugin->clock = (struct clock){
		.self = &plugin->ahead, .mono = ahead_mono, .wall = ahead_wall, .boot = ahead_mono
	};
	plugin->spec = (struct exec_spec){
		.api_version = V1, .command = plugin->program, .args = none, .env = none
	};
	plugin->access = (struct access){ .user = "admin",
					  .server = "https://10.0.0.1",
					  .exec = &plugin->spec };
	plugin->execcred = execcred_new(&plugin->access, &plugin->clock);
}

static void
plugin_close(struct plugin *plugin)
{
	execcred_free(plugin->execcred);
	unlink(plugin->program);
	unlink(plugin->count);
	rmdir(plugin->folder);
}

static size_t
runs(const struct plugin *plugin)
{
	struct file_stamp stamp;
	return file_stamp(plugin->count, &stamp) ? (size_t)stamp.size : 0;
}

static bool
is_running(const struct plugin *plugin)
{
	int fds[2];
	size_t count;
	execcred_fds(plugin->execcred, fds, &count);
	return count > 0;
}

/* Asks, and waits for the run that is under way. */
static enum execcred_state
plugin_want(struct plugin *plugin, struct err *err)
{
	int64_t limit = ahead_mono(&plugin->ahead) + 60 * SECOND;

	for (;;) {
		enum execcred_state state = execcred_want(plugin->execcred, err);
		if (state != EXECCRED_RUNNING)
			return state;
		struct pollfd polls[2];
		int fds[2];
		size_t count;
		execcred_fds(plugin->execcred, fds, &count);
		for (size_t i = 0; i < count; i++)
			polls[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
		poll(polls, count, 50);
		execcred_step(plugin->execcred);
		assert_true(ahead_mono(&plugin->ahead) < limit + 10 * MINUTE);
	}
}

#define ANSWER(status)                                                                            \
	"printf '%s' '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" V1 "\",\"status\":{" status \
	"}}'"

static void
a_token_is_taken_and_kept_until_it_expires(void **state)
{
	struct plugin plugin;
	struct err err;

	(void)state;
	plugin_open(&plugin,
		    ANSWER("\"token\":\"abc\",\"expirationTimestamp\":\"2999-01-01T00:00:00Z\""));
	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_READY);
	assert_string_equal(execcred_pass(plugin.execcred)->token.bytes, "abc");
	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_READY);
	assert_int_equal(runs(&plugin), 1);
	assert_null(execcred_problem(plugin.execcred));
	plugin_close(&plugin);
}

static void
many_who_wait_share_one_run(void **state)
{
	struct plugin plugin;
	struct err err;

	(void)state;
	plugin_open(&plugin, ANSWER("\"token\":\"abc\""));
	for (int i = 0; i < 20; i++)
		assert_int_equal(execcred_want(plugin.execcred, &err), EXECCRED_RUNNING);
	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_READY);
	assert_int_equal(runs(&plugin), 1);
	plugin_close(&plugin);
}

static void
what_the_server_refused_is_asked_for_anew_once(void **state)
{
	struct plugin plugin;
	struct err err;

	(void)state;
	plugin_open(&plugin, ANSWER("\"token\":\"abc\""));
	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_READY);
	uint64_t first = execcred_pass(plugin.execcred)->generation;
	assert_true(execcred_invalidate(plugin.execcred, first));
	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_READY);
	assert_int_equal(runs(&plugin), 2);
	/* A late 401 of the first generation asks for nothing. */
	assert_true(execcred_invalidate(plugin.execcred, first));
	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_READY);
	assert_int_equal(runs(&plugin), 2);
	execcred_rejected(plugin.execcred);
	assert_false(
		execcred_invalidate(plugin.execcred, execcred_pass(plugin.execcred)->generation));
	plugin_close(&plugin);
}

static void
a_failure_tells_the_last_words_redacted_and_rests(void **state)
{
	struct plugin plugin;
	struct err err;

	(void)state;
	plugin_open(&plugin, "i=0; while [ $i -lt 9 ]; do echo line $i >&2; i=$((i+1)); done\n"
			     "printf 'bad \\033[31mred\\n--token=s3cret ya29.a0Af-xyz\\n"
			     "Reauthentication failed\\n' >&2; exit 3");
	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_FAILED);
	assert_int_equal(err.code, ERR_AUTH);
	assert_non_null(strstr(err.text, "failed with exit code 3: line 7 | line 8 | bad"));
	assert_non_null(strstr(err.text, "Run: gcloud auth login"));
	assert_null(strstr(err.text, "line 6"));
	assert_null(strstr(err.text, "s3cret"));
	assert_null(strstr(err.text, "a0Af"));
	assert_null(strchr(err.text, '\033'));
	assert_string_equal(execcred_problem(plugin.execcred), err.text);

	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_FAILED);
	assert_int_equal(runs(&plugin), 1);
	static const int64_t pauses[] = { 5, 10, 20, 40, 60, 60 };
	for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++) {
		plugin.ahead.by += pauses[i] * SECOND - SECOND / 2;
		assert_int_equal(plugin_want(&plugin, &err), EXECCRED_FAILED);
		assert_int_equal(runs(&plugin), i + 1);
		plugin.ahead.by += SECOND / 2;
		assert_int_equal(plugin_want(&plugin, &err), EXECCRED_FAILED);
		assert_int_equal(runs(&plugin), i + 2);
	}
	execcred_hurry(plugin.execcred);
	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_FAILED);
	assert_int_equal(runs(&plugin), 8);
	plugin_close(&plugin);
}

static void
assert_fails(const char *script, const char *words)
{
	struct plugin plugin;
	struct err err;

	plugin_open(&plugin, script);
	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_FAILED);
	if (strstr(err.text, words) == NULL)
		fail_msg("says: %s\nnot: %s", err.text, words);
	plugin_close(&plugin);
}

static void
an_answer_that_is_none_is_refused_without_quoting_it(void **state)
{
	(void)state;
	assert_fails("echo not json", "not one JSON object");
	assert_fails("echo '{\"kind\":\"Pod\"}'", "not an ExecCredential");
	assert_fails("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" V1
		     "beta1\",\"status\":{\"token\":\"x\"}}'",
		     "it answered in " V1 "beta1, but the kubeconfig asks for " V1);
	assert_fails("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" V1 "\"}'",
		     "has no status");
	assert_fails(ANSWER(""), "neither a token nor a client certificate");
	assert_fails(ANSWER("\"clientCertificateData\":\"x\""), "not both");
	assert_fails(ANSWER("\"token\":\"a\\nb\""), "more than one line");
	assert_fails(ANSWER("\"token\":\"a\",\"expirationTimestamp\":\"soon\""), "is not a time");
	assert_fails("head -c 2000000 /dev/zero", "more than 1 MiB");
	assert_fails("kill -9 $$", "signal 9");
}

static void
a_plugin_has_60_seconds(void **state)
{
	struct plugin plugin;
	struct err err;

	(void)state;
	plugin_open(&plugin, "exec sleep 1000");
	assert_int_equal(execcred_want(plugin.execcred, &err), EXECCRED_RUNNING);
	plugin.ahead.by += 61 * SECOND;
	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_FAILED);
	assert_non_null(strstr(err.text, "longer than 60 s"));
	plugin_close(&plugin);
}

static void
a_plugin_that_is_not_there_gives_its_hint(void **state)
{
	struct plugin plugin;
	struct err err;

	(void)state;
	plugin_open(&plugin, "");
	plugin.spec.command = "no-such-credential-plugin";
	plugin.spec.install_hint = "Install \033it\nfrom there";
	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_FAILED);
	assert_non_null(strstr(err.text, "not on this machine"));
	assert_non_null(strstr(err.text, "it from there"));
	assert_null(strchr(err.text, '\033'));
	plugin_close(&plugin);
}

static void
a_plugin_that_must_ask_is_not_run_unasked(void **state)
{
	struct plugin plugin;
	struct err err;

	(void)state;
	plugin_open(&plugin, ANSWER("\"token\":\"abc\""));
	plugin.spec.interactive = EXEC_ALWAYS;
	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_FAILED);
	assert_int_equal(runs(&plugin), 0);
	plugin_close(&plugin);
}

/* What a plugin that asks makes of the person's answer, told by the exit code of a process that has
 * a terminal of its own. */
static int
asks_at_a_terminal(struct plugin *plugin)
{
	struct err err;

	if (!execcred_ask_person(plugin->execcred, &err) || !execcred_is_asking(plugin->execcred) ||
	    plugin_want(plugin, &err) != EXECCRED_READY || execcred_is_asking(plugin->execcred))
		return 1;
	return strcmp(execcred_pass(plugin->execcred)->token.bytes, "s3same") == 0 ? 0 : 2;
}

static void
the_person_is_asked_at_the_terminal(void **state)
{
	struct plugin plugin;
	char said[512] = "";
	size_t length = 0;
	int terminal, status;

	(void)state;
	plugin_open(
		&plugin,
		"case \"$KUBERNETES_EXEC_INFO\" in *'\"interactive\":true'*) ;; *) exit 8;; esac\n"
		"test -t 0 && test -t 2 || exit 9\nprintf 'password: ' >&2\nread word\n" ANSWER(
			"\"token\":\"'$word'\""));
	plugin.spec.interactive = EXEC_ALWAYS;
	pid_t pid = forkpty(&terminal, NULL, NULL, NULL);
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(asks_at_a_terminal(&plugin));
	while (strstr(said, "password: ") == NULL) {
		ssize_t got = read(terminal, said + length, sizeof said - 1 - length);
		assert_true(got > 0);
		length += (size_t)got;
	}
	assert_int_equal(write(terminal, "s3same\n", 7), 7);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(terminal);
	plugin_close(&plugin);
}

static void
a_plugin_that_never_asks_is_not_given_the_terminal(void **state)
{
	struct plugin plugin;
	struct err err;

	(void)state;
	plugin_open(&plugin, ANSWER("\"token\":\"abc\""));
	plugin.spec.interactive = EXEC_NEVER;
	assert_false(execcred_ask_person(plugin.execcred, &err));
	assert_non_null(strstr(err.text, "interactiveMode: Never"));
	assert_int_equal(runs(&plugin), 0);
	plugin_close(&plugin);
}

static void
a_plugin_has_no_terminal_and_knows_it(void **state)
{
	struct plugin plugin;
	struct err err;
	const char *const env[] = { "SAID=there", "KUBERNETES_EXEC_INFO=lies", NULL };

	(void)state;
	plugin_open(
		&plugin,
		"if (: </dev/tty) 2>/dev/null; then exit 9; fi\n"
		"case \"$KUBERNETES_EXEC_INFO\" in *'\"interactive\":false'*) ;; *) exit 8;; esac\n"
		"[ \"$SAID\" = there ] || exit 7\n"
		"read x && exit 6\n" ANSWER("\"token\":\"abc\""));
	plugin.spec.env = env;
	if (plugin_want(&plugin, &err) != EXECCRED_READY)
		fail_msg("%s", err.text);
	plugin_close(&plugin);
}

static void
a_token_is_renewed_in_the_background_before_it_expires(void **state)
{
	struct plugin plugin;
	struct err err;
	char script[512], stamp[CLOCK_RFC3339_MAX];

	(void)state;
	struct clock real = clock_system();
	clock_rfc3339(clock_wall(&real) + HOUR, false, stamp);
	snprintf(script, sizeof script, "stamp=%s; cat <<END\n%s$stamp\"}}\nEND\n", stamp,
		 "{\"kind\":\"ExecCredential\",\"apiVersion\":\"" V1
		 "\",\"status\":{\"token\":\"abc\",\"expirationTimestamp\":\"");
	plugin_open(&plugin, script);
	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_READY);
	int64_t due = execcred_step(plugin.execcred) - ahead_mono(&plugin.ahead);
	assert_in_range(due, 58 * MINUTE, 59 * MINUTE);
	assert_false(is_running(&plugin));
	plugin.ahead.by += 59 * MINUTE + SECOND;
	execcred_step(plugin.execcred);
	assert_true(is_running(&plugin));
	assert_int_equal(execcred_want(plugin.execcred, &err), EXECCRED_READY);
	plugin_close(&plugin);
}

static void
a_credential_that_came_expired_is_used_and_the_clock_doubted(void **state)
{
	struct plugin plugin;
	struct err err;

	(void)state;
	plugin_open(&plugin,
		    ANSWER("\"token\":\"old\",\"expirationTimestamp\":\"2001-01-01T00:00:00Z\""));
	assert_int_equal(plugin_want(&plugin, &err), EXECCRED_READY);
	assert_non_null(strstr(execcred_problem(plugin.execcred), "clock"));
	plugin_close(&plugin);
}

static void
the_plugin_is_told_about_the_cluster_when_it_asks(void **state)
{
	struct plugin plugin;
	struct buf info;

	(void)state;
	plugin_open(&plugin, "");
	plugin.spec.provide_cluster_info = true;
	plugin.spec.cluster_config = "{\"audience\":\"x\"}";
	buf_init(&plugin.access.ca, 100);
	buf_puts(&plugin.access.ca, "CA");
	buf_init(&info, 4096);
	assert_true(execcred_info(&info, &plugin.access, false));
	assert_string_equal(
		info.bytes,
		"KUBERNETES_EXEC_INFO={\"kind\":\"ExecCredential\",\"apiVersion\":\"" V1
		"\",\"spec\":{\"interactive\":false,\"cluster\":{\"server\":\"https://10.0.0.1\","
		"\"certificate-authority-data\":\"Q0E=\",\"config\":{\"audience\":\"x\"}}}}");
	buf_release(&info);
	buf_release(&plugin.access.ca);
	plugin_close(&plugin);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_taken_and_kept_until_it_expires),
		cmocka_unit_test(many_who_wait_share_one_run),
		cmocka_unit_test(what_the_server_refused_is_asked_for_anew_once),
		cmocka_unit_test(a_failure_tells_the_last_words_redacted_and_rests),
		cmocka_unit_test(an_answer_that_is_none_is_refused_without_quoting_it),
		cmocka_unit_test(a_plugin_has_60_seconds),
		cmocka_unit_test(a_plugin_that_is_not_there_gives_its_hint),
		cmocka_unit_test(a_plugin_that_must_ask_is_not_run_unasked),
		cmocka_unit_test(the_person_is_asked_at_the_terminal),
		cmocka_unit_test(a_plugin_that_never_asks_is_not_given_the_terminal),
		cmocka_unit_test(a_plugin_has_no_terminal_and_knows_it),
		cmocka_unit_test(a_token_is_renewed_in_the_background_before_it_expires),
		cmocka_unit_test(a_credential_that_came_expired_is_used_and_the_clock_doubted),
		cmocka_unit_test(the_plugin_is_told_about_the_cluster_when_it_asks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
