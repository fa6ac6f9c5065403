#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/proc.h"
#include "core/kube/kubeconfig.h"

static const char *const variables[] = {
	"KUBECONFIG", "HTTPS_PROXY", "https_proxy",
	"HTTP_PROXY", "http_proxy",  "NO_PROXY",
	"no_proxy",   "ALL_PROXY",   "KUBERNETES_SERVICE_HOST",
};

/* A folder of its own for each test, and an environment that says nothing. */
static int
set_up(void **state)
{
	char *folder = strdup("/tmp/test_kubeconfig.XXXXXX");

	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		unsetenv(variables[i]);
	*state = mkdtemp(folder);
	setenv("HOME", folder, 1);
	return *state == NULL;
}

static void
remove_in(const char *folder)
{
	char **names, path[512];
	size_t count;

	if (file_list(folder, "", &names, &count, NULL)) {
		for (size_t i = 0; i < count; i++) {
			snprintf(path, sizeof path, "%s/%s", folder, names[i]);
			if (file_is_folder(path)) {
				remove_in(path);
				rmdir(path);
			} else
				unlink(path);
		}
		file_list_free(names, count);
	}
}

static int
tear_down(void **state)
{
	remove_in(*state);
	rmdir(*state);
	free(*state);
	return 0;
}

static const char *
put(char path[512], const char *folder, const char *name, const char *text)
{
	snprintf(path, 512, "%s/%s", folder, name);
	assert_true(file_write(path, text, strlen(text), NULL));
	return path;
}

#define USER(fields)                                                        \
	"apiVersion: v1\nkind: Config\ncurrent-context: alpha\n"            \
	"clusters: [{name: one, cluster: {server: 'https://10.0.0.1'}}]\n"  \
	"contexts: [{name: alpha, context: {cluster: one, user: admin}}]\n" \
	"users:\n- name: admin\n  user:\n" fields
#define CLUSTER(fields)                                                      \
	"current-context: alpha\nusers: [{name: admin, user: {token: t}}]\n" \
	"contexts: [{name: alpha, context: {cluster: one, user: admin}}]\n"  \
	"clusters:\n- name: one\n  cluster:\n" fields

static void
load_text(struct access *access, const char *text)
{
	struct err err = { .code = ERR_NONE };

	if (!access_load(access, &(struct access_options){ .text = text }, &err))
		fail_msg("%s", err.text);
}

static void
assert_refused(const char *text, const char *words)
{
	struct access access;
	struct err err;

	if (access_load(&access, &(struct access_options){ .text = text }, &err))
		fail_msg("accepted, but should say: %s", words);
	assert_int_equal(err.code, ERR_INPUT);
	if (strstr(err.text, words) == NULL)
		fail_msg("says: %s\nnot: %s", err.text, words);
}

static void
the_current_context_is_resolved_to_one_access(void **state)
{
	struct access access;

	(void)state;
	load_text(&access, "current-context: alpha\n"
			   "clusters: [{name: one, cluster: {server: "
			   "'https://10.0.0.1:6443/k8s/clusters/c-1/'}}]\n"
			   "contexts: [{name: alpha, context: {cluster: one, user: admin, "
			   "namespace: food-review}}]\n"
			   "users: [{name: admin, user: {token: 12345}}]\n");
	assert_string_equal(access.server, "https://10.0.0.1:6443/k8s/clusters/c-1");
	assert_string_equal(access.ns, "food-review");
	assert_string_equal(access.context, "alpha");
	assert_string_equal(access.user, "admin");
	assert_string_equal(access.token.bytes, "12345");
	assert_false(access.insecure);
	assert_null(access.proxy_url);
	access_release(&access);
}

static void
the_first_file_that_names_an_entry_wins_whole(void **state)
{
	char a[512], b[512], list[2048];
	struct access access;
	struct err err;

	put(a, *state, "a",
	    "clusters: [{name: one, cluster: {server: 'https://a'}}]\n"
	    "users: [{name: admin, user: {username: u, password: p}}]\n");
	put(b, *state, "b",
	    "current-context: alpha\n"
	    "clusters: [{name: one, cluster: {server: 'https://b', tls-server-name: b}}]\n"
	    "contexts: [{name: alpha, context: {cluster: one, user: admin}}]\n"
	    "users: [{name: admin, user: {token: b}}]\n");
	snprintf(list, sizeof list, "%s:%s/none::%s:%s", a, (char *)*state, b, a);
	setenv("KUBECONFIG", list, 1);
	assert_true(access_load(&access, &(struct access_options){ 0 }, &err));
	assert_string_equal(access.server, "https://a");
	assert_null(access.tls_server_name);
	assert_string_equal(access.basic.bytes, "u:p");
	assert_int_equal(access.token.length, 0);
	assert_int_equal(access.warning_count, 1);
	assert_non_null(strstr(access.warnings[0], "/none"));
	access_release(&access);
}

static void
relative_paths_lead_from_their_own_file(void **state)
{
	char sub[512], path[512], expected[1024];
	struct access access;
	struct err err;

	snprintf(sub, sizeof sub, "%s/sub", (char *)*state);
	assert_true(file_make_folder(sub, NULL));
	put(path, sub, "ca.crt", "CA");
	put(path, sub, "token", " secret \n");
	put(path, sub, "config",
	    "current-context: alpha\n"
	    "clusters: [{name: one, cluster: {server: 'https://a', certificate-authority: "
	    "ca.crt}}]\n"
	    "contexts: [{name: alpha, context: {cluster: one, user: admin}}, {name: beta, context: "
	    "{cluster: one, user: x}}]\n"
	    "users:\n- {name: admin, user: {tokenFile: token}}\n"
	    "- {name: x, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: "
	    "./plugin, interactiveMode: Never}}}\n");
	assert_true(access_load(&access, &(struct access_options){ .kubeconfig = path }, &err));
	assert_string_equal(access.ca.bytes, "CA");
	snprintf(expected, sizeof expected, "%s/ca.crt", sub);
	assert_string_equal(access.ca_file, expected);
	assert_string_equal(access.token.bytes, "secret");
	access_release(&access);
	assert_true(access_load(
		&access, &(struct access_options){ .kubeconfig = path, .context = "beta" }, &err));
	assert_non_null(strstr(access.exec->command, sub));
	access_release(&access);
}

static void
what_kubectl_refuses_is_refused_with_what_to_do(void **state)
{
	(void)state;
	assert_refused(USER("    token: a\n    username: b\n"), "More than one way to sign in");
	assert_refused(USER("    client-certificate-data: YQ==\n"), "no client-key");
	assert_refused(USER("    client-certificate: /a\n    client-certificate-data: YQ==\n"),
		       "Keep one");
	assert_refused(USER("    client-certificate-data: '!!'\n"), "not base64");
	assert_refused(USER("    as-groups: [a]\n"), "Add \"as\"");
	assert_refused(USER("    as: \"a\\nX-Y: z\"\n"), "more than one line");
	assert_refused(USER("    token: \"a\\nX-Y: z\"\n"), "more than one line");
	assert_refused(USER("    tokenFile: /nonexistent/token\n"), "/nonexistent/token");
	assert_refused(USER("    auth-provider: {name: gcp}\n"), "gke-gcloud-auth-plugin");
	assert_refused(USER("    auth-provider: {name: oidc}\n"), "kubelogin");
	assert_refused(
		USER("    exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}\n"),
		"no longer supported");
	assert_refused(
		USER("    exec: {apiVersion: client.authentication.k8s.io/v1, command: x}\n"),
		"interactiveMode");
	assert_refused(USER("    exec: {apiVersion: client.authentication.k8s.io/v1beta1}\n"),
		       "names no command");
	assert_refused(USER("    exec: {command: x}\n"), "needs apiVersion");
	assert_refused(CLUSTER("    server: http://10.0.0.1\n"), "plain http to another machine");
	assert_refused(CLUSTER("    server: 10.0.0.1:6443\n"), "must start with https://");
	assert_refused(CLUSTER("    tls-server-name: x\n"), "has no server");
	assert_refused(CLUSTER("    server: https://a\n    insecure-skip-tls-verify: 'true'\n"),
		       "true or false, without quotes");
	assert_refused(CLUSTER("    server: https://a\n    insecure-skip-tls-verify: true\n"
			       "    certificate-authority-data: YQ==\n"),
		       "Keep the certificate authority");
	assert_refused(CLUSTER("    server: https://a\n    proxy-url: ftp://b\n"), "proxy-url");
	assert_refused("kind: Pod\n", "is \"Pod\"");
	assert_refused("current-context: alpha\n", "There is no context \"alpha\"");
	assert_refused("contexts: [{name: a}, {name: a}]\n",
		       "two entries of contexts are named \"a\"");
	assert_refused("contexts: [{name: a}]\n", "No context is chosen");
	assert_refused(
		"current-context: a\ncontexts: [{name: a, context: {cluster: x, user: y}}]\n",
		"There is no cluster \"x\"");
	assert_refused("", "No cluster is configured");
}

static void
http_is_for_the_loopback_only(void **state)
{
	static const char *const fine[] = { "http://127.0.0.1:8001", "http://localhost:8001",
					    "http://[::1]:8001" };

	(void)state;
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
		char text[512];
		struct access access;
		snprintf(text, sizeof text, CLUSTER("    server: '%s'\n"), fine[i]);
		load_text(&access, text);
		assert_string_equal(access.server, fine[i]);
		access_release(&access);
	}
}

static void
static_credentials_win_over_a_plugin(void **state)
{
	struct access access;

	(void)state;
	load_text(&access, USER("    exec: {apiVersion: client.authentication.k8s.io/v1beta1, "
				"command: x, args: [a, b],\n"
				"      env: [{name: N, value: v}]}\n"));
	assert_non_null(access.exec);
	assert_string_equal(access.exec->args[1], "b");
	assert_null(access.exec->args[2]);
	assert_string_equal(access.exec->env[0], "N=v");
	access_release(&access);
	load_text(&access, USER("    token: t\n    exec: {apiVersion: "
				"client.authentication.k8s.io/v1beta1, command: x}\n"));
	assert_null(access.exec);
	access_release(&access);
}

static void
impersonation_becomes_headers(void **state)
{
	struct access access;

	(void)state;
	load_text(&access, USER("    as: jane\n    as-uid: '7'\n    as-groups: [a, b]\n"
				"    as-user-extra: {Example.org/Scope: [x]}\n"));
	assert_int_equal(access.impersonate_count, 5);
	assert_string_equal(access.impersonate[0].name, "Impersonate-User");
	assert_string_equal(access.impersonate[0].value, "jane");
	assert_string_equal(access.impersonate[1].name, "Impersonate-Uid");
	assert_string_equal(access.impersonate[3].value, "b");
	assert_string_equal(access.impersonate[4].name, "Impersonate-Extra-example.org%2Fscope");
	access_release(&access);
}

static void
the_command_line_wins(void **state)
{
	char ca[512];
	struct access access;
	struct err err;
	const char *const groups[] = { "g", NULL };
	const char *text =
		"current-context: alpha\n"
		"clusters:\n- {name: one, cluster: {server: 'https://one', "
		"insecure-skip-tls-verify: true}}\n"
		"- {name: two, cluster: {server: 'https://two'}}\n"
		"contexts: [{name: alpha, context: {cluster: one, user: admin, namespace: x}}]\n"
		"users: [{name: admin, user: {username: u, password: p, as: them}}]\n";
	struct access_options options = { .text = text,
					  .cluster = "two",
					  .token = "t",
					  .ns = "default",
					  .as = "jane",
					  .as_groups = groups };

	assert_true(access_load(&access, &options, &err));
	assert_string_equal(access.server, "https://two");
	assert_string_equal(access.token.bytes, "t");
	assert_int_equal(access.basic.length, 0);
	assert_string_equal(access.ns, "default");
	assert_int_equal(access.impersonate_count, 2);
	access_release(&access);

	options = (struct access_options){ .text = text,
					   .certificate_authority = put(ca, *state, "ca", "CA") };
	assert_true(access_load(&access, &options, &err));
	assert_false(access.insecure);
	access_release(&access);

	options = (struct access_options){ .text = "", .server = "https://three", .token = "t" };
	assert_true(access_load(&access, &options, &err));
	assert_string_equal(access.server, "https://three");
	access_release(&access);
	options.ns = "No/Namespace";
	assert_false(access_load(&access, &options, &err));
}

static void
assert_proxy(const char *server, const char *expected)
{
	char text[512];
	struct access access;

	snprintf(text, sizeof text, CLUSTER("    server: '%s'\n"), server);
	load_text(&access, text);
	if (expected == NULL)
		assert_null(access.proxy_url);
	else
		assert_string_equal(access.proxy_url, expected);
	access_release(&access);
}

static void
the_environment_chooses_the_proxy_as_for_kubectl(void **state)
{
	struct access access;

	(void)state;
	setenv("ALL_PROXY", "http://all:1", 1);
	assert_proxy("https://a.example.org", NULL);
	setenv("https_proxy", "proxy:3128", 1);
	setenv("HTTP_PROXY", "http://other:1", 1);
	assert_proxy("https://a.example.org", "http://proxy:3128");
	assert_proxy("https://127.0.0.1:6443", NULL);
	assert_proxy("https://localhost:6443", NULL);
	setenv("NO_PROXY", "10.0.0.0/8, .internal,example.net,host.org:6443,fd00::/8,192.0.2.7", 1);
	assert_proxy("https://10.1.2.3", NULL);
	assert_proxy("https://11.1.2.3", "http://proxy:3128");
	assert_proxy("https://[fd00::1]", NULL);
	assert_proxy("https://192.0.2.7", NULL);
	assert_proxy("https://a.internal", NULL);
	assert_proxy("https://internal", "http://proxy:3128");
	assert_proxy("https://example.net", NULL);
	assert_proxy("https://a.example.net", NULL);
	assert_proxy("https://notexample.net", "http://proxy:3128");
	assert_proxy("https://host.org:6443", NULL);
	assert_proxy("https://host.org", "http://proxy:3128");
	setenv("NO_PROXY", "*", 1);
	assert_proxy("https://a.example.org", NULL);
	load_text(&access, CLUSTER("    server: https://a\n    proxy-url: socks5://b:1\n"));
	assert_string_equal(access.proxy_url, "socks5://b:1");
	access_release(&access);
}

static void
a_kubeconfig_that_others_may_read_is_warned_about(void **state)
{
	char path[512];
	struct access access;

	put(path, *state, "config", USER("    token: t\n"));
	chmod(path, 0644);
	assert_true(access_load(&access, &(struct access_options){ .kubeconfig = path }, NULL));
	assert_int_equal(access.warning_count, 1);
	assert_non_null(strstr(access.warnings[0], "chmod 600"));
	access_release(&access);
	chmod(path, 0600);
	assert_true(access_load(&access, &(struct access_options){ .kubeconfig = path }, NULL));
	assert_int_equal(access.warning_count, 0);
	access_release(&access);
}

static void
an_explicit_file_must_exist_and_a_bad_one_is_named(void **state)
{
	char a[512], b[512], list[1100];
	struct access access;
	struct err err;

	assert_false(access_load(
		&access, &(struct access_options){ .kubeconfig = "/nonexistent/config" }, &err));
	assert_non_null(strstr(err.text, "/nonexistent/config"));
	put(a, *state, "a", "clusters: [");
	put(b, *state, "b", "kind: Secret");
	snprintf(list, sizeof list, "%s:%s", a, b);
	setenv("KUBECONFIG", list, 1);
	assert_false(access_load(&access, &(struct access_options){ 0 }, &err));
	assert_non_null(strstr(err.text, a));
	assert_non_null(strstr(err.text, "is \"Secret\""));
}

static void
every_context_is_named(void **state)
{
	struct arena arena;
	const char *const *names;

	(void)state;
	arena_init(&arena);
	assert_true(access_contexts(
		&(struct access_options){ .text = "contexts: [{name: b}, {name: a}]" }, &arena,
		&names, NULL));
	assert_string_equal(names[0], "b");
	assert_string_equal(names[1], "a");
	assert_null(names[2]);
	arena_release(&arena);
}

/* What the official client makes of the same file. */
static const char *const fixtures[] = {
	USER("    token: abc\n"),
	USER("    username: u\n    password: p\n    as: jane\n    as-groups: [a]\n    "
	     "as-user-extra: {k: [v]}\n"),
	USER("    client-certificate: ../c.pem\n    client-key-data: YWJj\n"),
	USER("    exec:\n      apiVersion: client.authentication.k8s.io/v1beta1\n      command: "
	     "gke-gcloud-auth-plugin\n"
	     "      installHint: Install it\n      provideClusterInfo: true\n"),
	USER("    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: aws\n   "
	     "   args: [eks, get-token]\n"
	     "      env: [{name: AWS_PROFILE, value: dev}]\n      interactiveMode: IfAvailable\n"),
	"apiVersion: v1\nkind: Config\nunknown: 1\n" CLUSTER(
		"    server: https://a:6443\n    tls-server-name: b\n"
		"    certificate-authority: ca.crt\n"
		"    proxy-url: http://p:1\n    disable-compression: true\n"
		"    nothing-known: {a: 1}\n"),
	CLUSTER("    server: https://a\n    insecure-skip-tls-verify: true\n    "
		"certificate-authority-data: \"YW\\nJj\"\n"
		"    extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: "
		"x, size: 3}}]\n"),
	"{\"apiVersion\":\"v1\",\"kind\":\"Config\",\"current-context\":\"a\",\"contexts\":[{"
	"\"name\":\"a\",\"context\":"
	"{\"cluster\":\"c\",\"user\":\"u\",\"namespace\":\"n\"}},{\"name\":\"b\",\"context\":{"
	"\"cluster\":\"c\",\"user\":\"u\"}}],"
	"\"clusters\":[{\"name\":\"c\",\"cluster\":{\"server\":\"https://a/"
	"b\"}},{\"name\":\"d\",\"cluster\":{\"server\":"
	"\"https://d\"}}],\"users\":[{\"name\":\"u\",\"user\":{}}]}",
};

static struct json *
official_view(const char *kubectl, const char *path)
{
	const struct clock clock = clock_system();
	const char *const argv[] = { kubectl, "config", "view",         "--raw", "--minify",
				     "-o",    "json",   "--kubeconfig", path,    NULL };
	const char *const env[] = { NULL };
	const struct proc_spec spec = { .argv = argv,
					.env = env,
					.out_cap = BUF_MIB,
					.err_keep = 4096,
					.deadline = clock_mono(&clock) + 60 * SECOND };
	struct err err;
	struct proc *proc = proc_start(&spec, &err);

	assert_non_null(proc);
	while (!proc_step(proc, clock_mono(&clock))) {
		struct pollfd polls[2];
		int fds[2];
		size_t count;
		proc_fds(proc, fds, &count);
		for (size_t i = 0; i < count; i++)
			polls[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
		poll(polls, count, 50);
	}
	size_t length;
	const char *text = proc_stdout(proc, &length);
	if (proc_status(proc) != 0)
		fail_msg("kubectl: %s", proc_stderr(proc, &length));
	struct json *view = json_parse(text, length, &err);
	assert_non_null(view);
	proc_free(proc);
	return view;
}

static void
our_view_is_the_official_one(void **state)
{
	const char *kubectl = getenv("KUBECTL");
	struct buf found;
	char path[512];

	buf_init(&found, 4096);
	if (kubectl == NULL && proc_find("kubectl", &found))
		kubectl = found.bytes;
	if (kubectl == NULL) {
		const char *ci = getenv("CI");
		buf_release(&found);
		if (ci != NULL && strcmp(ci, "true") == 0)
			fail_msg("there is no kubectl: name one with KUBECTL");
		skip();
	}
	for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++) {
		put(path, *state, "config", fixtures[i]);
		struct json *official = official_view(kubectl, path);
		struct json *ours =
			access_view(&(struct access_options){ .kubeconfig = path }, NULL);
		if (!json_equal(official, ours))
			fail_msg("fixture %zu\nkubectl %s\nours    %s", i, json_text(official),
				 json_text(ours));
		json_free(official);
		json_free(ours);
	}
	buf_release(&found);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(the_current_context_is_resolved_to_one_access),
		IN_FOLDER(the_first_file_that_names_an_entry_wins_whole),
		IN_FOLDER(relative_paths_lead_from_their_own_file),
		IN_FOLDER(what_kubectl_refuses_is_refused_with_what_to_do),
		IN_FOLDER(http_is_for_the_loopback_only),
		IN_FOLDER(static_credentials_win_over_a_plugin),
		IN_FOLDER(impersonation_becomes_headers),
		IN_FOLDER(the_command_line_wins),
		IN_FOLDER(the_environment_chooses_the_proxy_as_for_kubectl),
		IN_FOLDER(a_kubeconfig_that_others_may_read_is_warned_about),
		IN_FOLDER(an_explicit_file_must_exist_and_a_bad_one_is_named),
		IN_FOLDER(every_context_is_named),
		IN_FOLDER(our_view_is_the_official_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
