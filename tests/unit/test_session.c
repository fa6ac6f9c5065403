#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/engine/session.h"

/* Port 9 of the loopback: nobody answers there. */
#define NOBODY                                                                     \
	"apiVersion: v1\nkind: Config\ncurrent-context: c\n"                       \
	"clusters: [{name: k, cluster: {server: \"http://127.0.0.1:9\"}}]\n"       \
	"users: [{name: u, user: {}}]\n"                                           \
	"contexts: [{name: c, context: {cluster: k, user: u, namespace: team-a}}," \
	" {name: d, context: {cluster: k, user: u}}]\n"

static struct session *
opened(struct settings *settings, const char *text)
{
	const struct session_options options = { .kubeconfig_text = text,
						 .user_agent = "poolshift/0" };
	struct err err = { .code = ERR_NONE };
	struct session *session = session_open(&options, settings, &err);

	if (session == NULL)
		fail_msg("%s", err.text);
	return session;
}

/* The next snapshot, or NULL after three seconds. */
static struct snapshot *
next(struct engine *engine)
{
	struct pollfd fd = { .fd = engine_fd(engine), .events = POLLIN };

	return poll(&fd, 1, 3000) == 1 ? engine_take(engine) : NULL;
}

static void
the_context_says_who_where_and_which_namespace(void **state)
{
	struct settings settings = settings_default();
	struct session *session = opened(&settings, NOBODY);

	(void)state;
	assert_string_equal(session_context(session), "c");
	assert_string_equal(session_server(session), "http://127.0.0.1:9");
	assert_string_equal(settings.default_ns, "team-a");
	session_close(session);
}

static void
a_context_that_is_not_there_is_named(void **state)
{
	const struct session_options options = { .kubeconfig_text = NOBODY, .context = "prod" };
	struct settings settings = settings_default();
	struct err err;

	(void)state;
	assert_null(session_open(&options, &settings, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_non_null(strstr(err.text, "prod"));
}

static void
contexts_are_listed_one_a_line(void **state)
{
	const struct session_options options = { .kubeconfig_text = NOBODY };
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_true(session_contexts(&options, &out, NULL));
	assert_string_equal(out.bytes, "c\nd\n");
	buf_release(&out);
}

static void
nobody_answering_is_shown_and_does_not_keep_the_end(void **state)
{
	struct settings settings = settings_default();
	struct session *session = opened(&settings, NOBODY);
	struct engine *engine = session_engine(session);
	enum link_state seen = LINK_STARTING;

	(void)state;
	assert_true(session_start(session, NULL));
	while (seen != LINK_NO_ANSWER) {
		struct snapshot *snapshot = next(engine);
		assert_non_null(snapshot);
		seen = snapshot->link.state;
		assert_true(seen == LINK_STARTING || seen == LINK_NO_ANSWER);
		assert_true(snapshot->locked);
		snapshot_free(snapshot);
	}
	session_close(session);
}

static void
a_command_is_answered_while_nothing_else_is(void **state)
{
	const struct command refresh = { .kind = COMMAND_REFRESH };
	struct settings settings = settings_default();
	struct session *session = opened(&settings, NOBODY);
	struct engine *engine = session_engine(session);
	int64_t serial, answered = 0;

	(void)state;
	assert_true(session_start(session, NULL));
	serial = engine_submit(engine, &refresh);
	while (answered != serial) {
		struct snapshot *snapshot = next(engine);
		assert_non_null(snapshot);
		answered = snapshot->outcome.serial;
		snapshot_free(snapshot);
	}
	session_close(session);
}

static void
a_bundle_comes_from_a_file_or_all_files_of_a_folder(void **state)
{
	char folder[] = "/tmp/poolshift-bundle-XXXXXX", path[100];
	struct buf out;
	struct err err;

	(void)state;
	assert_non_null(mkdtemp(folder));
	buf_init(&out, BUF_MIB);
	assert_false(session_read_bundle(folder, &out, &err));
	assert_non_null(strstr(err.text, "holds no"));
	for (int i = 1; i <= 2; i++) {
		snprintf(path, sizeof path, "%s/%d.yaml", folder, i);
		FILE *file = fopen(path, "w");
		fprintf(file, "kind: K%d\n", i);
		fclose(file);
	}
	assert_true(session_read_bundle(path, &out, &err));
	assert_string_equal(out.bytes, "kind: K2\n");
	buf_clear(&out);
	assert_true(session_read_bundle(folder, &out, &err));
	assert_string_equal(out.bytes, "---\nkind: K1\n\n---\nkind: K2\n\n");
	assert_false(session_read_bundle("http://example.com/m.yaml", &out, &err));
	assert_non_null(strstr(err.text, "unprotected"));
	for (int i = 1; i <= 2; i++) {
		snprintf(path, sizeof path, "%s/%d.yaml", folder, i);
		unlink(path);
	}
	rmdir(folder);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_context_says_who_where_and_which_namespace),
		cmocka_unit_test(a_context_that_is_not_there_is_named),
		cmocka_unit_test(contexts_are_listed_one_a_line),
		cmocka_unit_test(nobody_answering_is_shown_and_does_not_keep_the_end),
		cmocka_unit_test(a_command_is_answered_while_nothing_else_is),
		cmocka_unit_test(a_bundle_comes_from_a_file_or_all_files_of_a_folder),
	};
	session_global_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
