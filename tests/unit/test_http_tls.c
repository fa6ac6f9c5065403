#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/proc.h"
#include "tests/unit/http_client.h"

/* openssl's own server with a certificate of its own. */
struct tls {
	char folder[64], cert[128], key[128];
	struct clock clock;
	struct proc *proc;
	int port;
};

static void
run_openssl(struct tls *tls, const char *const *argv)
{
	static const char *const env[] = { NULL };
	const struct proc_spec spec = { .argv = argv,
					.env = env,
					.out_cap = BUF_MIB,
					.err_keep = 4096,
					.deadline = clock_mono(&tls->clock) + MINUTE };
	struct err err;

	tls->proc = proc_start(&spec, &err);
	assert_non_null(tls->proc);
}

static void
tls_pause(struct tls *tls)
{
	struct pollfd polls[2];
	int fds[2];
	size_t count;

	proc_fds(tls->proc, fds, &count);
	for (size_t i = 0; i < count; i++)
		polls[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	poll(polls, count, 100);
}

/* A certificate for `name` ("IP:127.0.0.1", "DNS:api.example.org") and a server that has it. */
static void
tls_open(struct tls *tls, const char *name)
{
	char san[128];
	size_t length;

	*tls = (struct tls){ .folder = "/tmp/test_http.XXXXXX", .clock = clock_system() };
	assert_non_null(mkdtemp(tls->folder));
	snprintf(tls->cert, sizeof tls->cert, "%s/cert", tls->folder);
	snprintf(tls->key, sizeof tls->key, "%s/key", tls->folder);
	snprintf(san, sizeof san, "subjectAltName=%s", name);
	run_openssl(tls,
		    (const char *const[]){ "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
					   "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
					   "/CN=test", "-days", "2", "-addext", san, "-keyout",
					   tls->key, "-out", tls->cert, NULL });
	while (!proc_step(tls->proc, clock_mono(&tls->clock)))
		tls_pause(tls);
	if (proc_status(tls->proc) != 0)
		fail_msg("openssl: %s", proc_stderr(tls->proc, &length));
	proc_free(tls->proc);
	run_openssl(tls,
		    (const char *const[]){ "openssl", "s_server", "-accept", "127.0.0.1:0", "-www",
					   "-cert", tls->cert, "-key", tls->key, NULL });
	const char *said = NULL;
	while (said == NULL || strchr(said, '\n') == NULL) {
		assert_false(proc_step(tls->proc, clock_mono(&tls->clock)));
		tls_pause(tls);
		said = strstr(proc_stdout(tls->proc, &length), "ACCEPT 127.0.0.1:");
	}
	tls->port = atoi(said + strlen("ACCEPT 127.0.0.1:"));
	assert_true(tls->port > 0);
}

static void
tls_close(struct tls *tls)
{
	proc_free(tls->proc);
	unlink(tls->cert);
	unlink(tls->key);
	rmdir(tls->folder);
}

/* words NULL: it must work. */
static void
assert_over_tls(struct tls *tls, bool trusted, bool insecure, const char *server_name,
		const char *words)
{
	struct client client;

	client_open(&client, "https", tls->port);
	buf_init(&client.access.ca, BUF_MIB);
	if (trusted)
		assert_true(file_read(tls->cert, BUF_MIB, &client.access.ca, NULL));
	client.access.insecure = insecure;
	client.access.tls_server_name = server_name;
	client_start(&client);
	start(&client, TRANSPORT_READ, "GET", "/");
	struct transport_event event = next_event(&client);
	if (words == NULL && event.status == 0)
		fail_msg("%s", event.err.text);
	if (words != NULL) {
		assert_int_equal(event.sent, SENT_NO);
		if (strstr(event.err.text, words) == NULL)
			fail_msg("says: %s\nnot: %s", event.err.text, words);
	}
	transport_event_release(&event);
	client_close(&client);
	buf_release(&client.access.ca);
}

static void
only_the_given_ca_is_trusted(void **state)
{
	struct tls tls, other;

	(void)state;
	tls_open(&tls, "IP:127.0.0.1");
	assert_over_tls(&tls, true, false, NULL, NULL);
	assert_over_tls(&tls, false, true, NULL, NULL);
	assert_over_tls(&tls, false, false, NULL,
			"is not signed by a CA that is trusted (this system's)");
	tls_open(&other, "IP:127.0.0.1");
	int port = other.port;
	other.port = tls.port;
	assert_over_tls(&other, true, false, NULL,
			"is not signed by a CA that is trusted (the one in the kubeconfig)");
	other.port = port;
	tls_close(&other);
	tls_close(&tls);
}

static void
a_certificate_for_another_name_is_refused_unless_it_is_named(void **state)
{
	struct tls tls;

	(void)state;
	tls_open(&tls, "DNS:api.example.org");
	assert_over_tls(&tls, true, false, NULL, "is for another name");
	assert_over_tls(&tls, true, false, "api.example.org", NULL);
	assert_over_tls(&tls, true, false, "other.example.org", "is for another name");
	tls_close(&tls);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_given_ca_is_trusted),
		cmocka_unit_test(a_certificate_for_another_name_is_refused_unless_it_is_named),
	};
	http_global_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
