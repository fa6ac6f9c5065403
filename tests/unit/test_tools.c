/* Other programs on our cluster as our user: what they get, and what they do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/kube/tools.h"

static const char config[] =
	"apiVersion: v1\n"
	"kind: Config\n"
	"current-context: c\n"
	"contexts: [{name: c, context: {cluster: k, user: u, namespace: team-a}}]\n"
	"clusters: [{name: k, cluster: {server: 'https://10.0.0.1:6443', insecure-skip-tls-verify: "
	"true, tls-server-name: api}}]\n"
	"users: [{name: u, user: {token: sesame, as: jane, as-groups: [dev], as-user-extra: "
	"{a/b: [x]}}}]\n";

struct desk {
	struct clock clock;
	struct access access;
	struct signin *signin;
	struct tools *tools;
};

static void
desk_init(struct desk *desk)
{
	struct access_options options = { .text = config };
	struct err err = { 0 };

	desk->clock = clock_system();
	if (!access_load(&desk->access, &options, &err))
		fail_msg("%s", err.text);
	desk->signin = signin_new(&desk->access, &desk->clock);
	desk->tools = tools_new(&desk->clock);
}

static void
desk_release(struct desk *desk)
{
	tools_free(desk->tools);
	signin_free(desk->signin);
	access_release(&desk->access);
}

/* One turn; waits for the program's pipes, a little. */
static void
turn(struct desk *desk)
{
	struct pollfd polls[TOOLS_FDS];
	int fds[TOOLS_FDS];
	size_t count;

	tools_step(desk->tools, &desk->access, desk->signin);
	count = tools_fds(desk->tools, fds, TOOLS_FDS);
	for (size_t i = 0; i < count; i++)
		polls[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	poll(polls, count, 20);
}

static struct transport_event
ended(struct desk *desk, int64_t id)
{
	int64_t limit = clock_mono(&desk->clock) + 30 * SECOND;
	struct transport_event event = { 0 };

	while (!tools_collect(desk->tools, &event)) {
		assert_true(clock_mono(&desk->clock) < limit);
		turn(desk);
	}
	assert_int_equal(event.id, id);
	assert_int_equal(event.kind, TRANSPORT_DONE);
	return event;
}

static struct transport_event
run(struct desk *desk, const char *script, int64_t timeout)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	struct transport_program program = { .argv = argv, .cap = 4000, .timeout = timeout };

	return ended(desk, tools_run(desk->tools, &program));
}

static void
it_gets_our_access_as_a_kubeconfig_it_can_read_again_and_again(void **state)
{
	struct desk desk;
	struct json *json;

	(void)state;
	desk_init(&desk);
	struct transport_event event =
		run(&desk, "cat \"$KUBECONFIG\" >/dev/null; cat \"$KUBECONFIG\"", 20 * SECOND);
	assert_int_equal(event.status, 0);
	assert_int_equal(event.err.code, ERR_NONE);
	json = json_parse(event.body.bytes, event.body.length, NULL);
	assert_string_equal(json_string_at(json, "clusters[0].cluster.server"),
			    "https://10.0.0.1:6443");
	assert_string_equal(json_string_at(json, "clusters[0].cluster.tls-server-name"), "api");
	assert_true(json_bool_at(json, "clusters[0].cluster.insecure-skip-tls-verify", false));
	assert_string_equal(json_string_at(json, "users[0].user.token"), "sesame");
	assert_string_equal(json_string_at(json, "users[0].user.as"), "jane");
	assert_string_equal(json_string_at(json, "users[0].user.as-groups[0]"), "dev");
	assert_string_equal(
		json_string(json_item(json_get(json_at(json, "users[0].user.as-user-extra"), "a/b"),
				      0)),
		"x");
	assert_string_equal(json_string_at(json, "contexts[0].context.namespace"), "team-a");
	json_free(json);
	transport_event_release(&event);
	desk_release(&desk);
}

static void
no_file_holds_what_it_gets_and_no_other_may_read_it(void **state)
{
	struct desk desk;

	(void)state;
	desk_init(&desk);
	struct transport_event event =
		run(&desk, "stat -L -c '%a %h' /dev/stdin; tr '\\0' ' ' </proc/$$/cmdline",
		    20 * SECOND);
	assert_true(strncmp(event.body.bytes, "600 0\n", 6) == 0);
	assert_null(strstr(event.body.bytes, "sesame"));
	transport_event_release(&event);
	desk_release(&desk);
}

static void
what_is_secret_comes_beside_its_arguments(void **state)
{
	char first[] = "hunter2", second[] = "sesame2";
	const char *const texts[] = { first, second, NULL };
	const char *const argv[] = {
		"sh",
		"-c",
		"cat /dev/fd/3 /dev/fd/4; tr '\\0' ' ' </proc/$$/cmdline; cat /dev/stdin",
		NULL,
	};
	struct transport_program program = {
		.argv = argv, .texts = texts, .cap = 4000, .timeout = 20 * SECOND
	};
	struct transport_event event;
	struct desk desk;
	int64_t id;

	(void)state;
	desk_init(&desk);
	id = tools_run(desk.tools, &program);
	/* The caller's are its own, and gone before it runs. */
	memset(first, '-', strlen(first));
	memset(second, '-', strlen(second));
	event = ended(&desk, id);
	assert_int_equal(event.err.code, ERR_NONE);
	assert_ptr_equal(strstr(event.body.bytes, "hunter2sesame2sh -c cat "), event.body.bytes);
	assert_null(strstr(event.body.bytes + 1, "hunter2"));
	assert_non_null(strstr(event.body.bytes, "10.0.0.1:6443"));
	transport_event_release(&event);
	desk_release(&desk);
}

static void
nothing_in_the_environment_leads_it_elsewhere_and_the_rest_is_kept(void **state)
{
	struct desk desk;

	(void)state;
	setenv("HELM_KUBECONTEXT", "production", 1);
	setenv("HELM_KUBETOKEN", "other", 1);
	setenv("HELM_CACHE_HOME", "/cache", 1);
	desk_init(&desk);
	struct transport_event event = run(
		&desk, "echo \"[$HELM_KUBECONTEXT$HELM_KUBETOKEN$HELM_CACHE_HOME]\"", 20 * SECOND);
	assert_string_equal(event.body.bytes, "[/cache]\n");
	transport_event_release(&event);
	desk_release(&desk);
}

static void
how_it_ended_is_said_in_a_sentence(void **state)
{
	struct desk desk;

	(void)state;
	desk_init(&desk);
	struct transport_event event = run(&desk, "echo no >&2; exit 3", 20 * SECOND);
	assert_int_equal(event.err.code, ERR_REJECTED);
	assert_int_equal(event.sent, SENT_YES);
	assert_string_equal(event.err.text, "sh ended with 3.");
	assert_string_equal(event.warnings.bytes, "no\n");
	transport_event_release(&event);
	event = run(&desk, "exec sleep 60", 0);
	assert_int_equal(event.err.code, ERR_EXPIRED);
	transport_event_release(&event);
	event = run(&desk, "yes", 20 * SECOND);
	assert_int_equal(event.err.code, ERR_REJECTED);
	assert_non_null(strstr(event.err.text, "4000 bytes"));
	transport_event_release(&event);
	desk_release(&desk);
}

static void
a_program_that_is_not_there_was_not_run(void **state)
{
	const char *const argv[] = { "no-such-program", NULL };
	struct transport_program program = { .argv = argv, .cap = 100, .timeout = SECOND };
	struct transport_event event;
	struct desk desk;

	(void)state;
	desk_init(&desk);
	tools_run(desk.tools, &program);
	tools_step(desk.tools, &desk.access, desk.signin);
	assert_true(tools_collect(desk.tools, &event));
	assert_int_equal(event.sent, SENT_NO);
	assert_int_equal(event.err.code, ERR_MISSING);
	transport_event_release(&event);
	desk_release(&desk);
}

static void
a_cancelled_one_is_ended_and_never_heard_of_again(void **state)
{
	const char *const argv[] = { "sleep", "60", NULL };
	struct transport_program program = { .argv = argv, .cap = 100, .timeout = 60 * SECOND };
	struct transport_event event;
	struct desk desk;

	(void)state;
	desk_init(&desk);
	int64_t id = tools_run(desk.tools, &program);
	tools_step(desk.tools, &desk.access, desk.signin);
	assert_true(tools_cancel(desk.tools, id));
	assert_false(tools_cancel(desk.tools, id));
	assert_false(tools_collect(desk.tools, &event));
	desk_release(&desk);
}

static void
a_stopped_one_is_asked_to_end_and_what_it_says_is_heard(void **state)
{
	char ready[] = "/tmp/poolshift-ready-XXXXXX";
	const char *const argv[] = {
		"sh",
		"-c",
		"trap 'echo cleared up; exit 1' TERM; rm \"$1\"; while :; do sleep 0.01; done",
		"sh",
		ready,
		NULL,
	};
	struct transport_program program = { .argv = argv, .cap = 100, .timeout = 60 * SECOND };
	struct transport_event event;
	struct desk desk;
	int64_t id, limit;

	(void)state;
	desk_init(&desk);
	close(mkstemp(ready));
	id = tools_run(desk.tools, &program);
	limit = clock_mono(&desk.clock) + 30 * SECOND;
	while (access(ready, F_OK) == 0 && clock_mono(&desk.clock) < limit)
		turn(&desk);
	tools_stop(desk.tools, id);
	event = ended(&desk, id);
	assert_int_equal(event.err.code, ERR_CANCELLED);
	assert_string_equal(event.err.text, "sh was ended, as asked for.");
	assert_string_equal(event.body.bytes, "cleared up\n");
	transport_event_release(&event);
	desk_release(&desk);
}

static void
one_that_is_stopped_before_it_began_is_not_run(void **state)
{
	const char *const argv[] = { "sleep", "60", NULL };
	struct transport_program program = { .argv = argv, .cap = 100, .timeout = 60 * SECOND };
	struct transport_event event;
	struct desk desk;

	(void)state;
	desk_init(&desk);
	tools_stop(desk.tools, tools_run(desk.tools, &program));
	assert_true(tools_collect(desk.tools, &event));
	assert_int_equal(event.sent, SENT_NO);
	assert_int_equal(event.err.code, ERR_CANCELLED);
	transport_event_release(&event);
	desk_release(&desk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_gets_our_access_as_a_kubeconfig_it_can_read_again_and_again),
		cmocka_unit_test(no_file_holds_what_it_gets_and_no_other_may_read_it),
		cmocka_unit_test(what_is_secret_comes_beside_its_arguments),
		cmocka_unit_test(
			nothing_in_the_environment_leads_it_elsewhere_and_the_rest_is_kept),
		cmocka_unit_test(how_it_ended_is_said_in_a_sentence),
		cmocka_unit_test(a_program_that_is_not_there_was_not_run),
		cmocka_unit_test(a_stopped_one_is_asked_to_end_and_what_it_says_is_heard),
		cmocka_unit_test(one_that_is_stopped_before_it_began_is_not_run),
		cmocka_unit_test(a_cancelled_one_is_ended_and_never_heard_of_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
