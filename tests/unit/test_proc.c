#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/proc.h"

#define SHELL(script) ((const char *const[]){ "sh", "-c", script, NULL })

static int64_t
now(void)
{
	const struct clock clock = clock_system();

	return clock_mono(&clock);
}

/* Steps `proc` with the true clock moved on by `ahead` until it has ended. */
static void
finish(struct proc *proc, int64_t ahead)
{
	int64_t limit = now() + 30 * SECOND;

	while (!proc_step(proc, now() + ahead)) {
		struct pollfd polls[2];
		size_t count;
		int fds[2];

		assert_true(now() < limit);
		proc_fds(proc, fds, &count);
		for (size_t i = 0; i < count; i++)
			polls[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
		poll(polls, count, 50);
	}
}

static struct proc *
started(const char *const *argv, const char *const *env)
{
	struct proc_spec spec = {
		.argv = argv,
		.env = env,
		.out_cap = 1000,
		.err_keep = 10,
		.deadline = NEVER,
	};
	struct proc *proc = proc_start(&spec, NULL);

	assert_non_null(proc);
	return proc;
}

static void
assert_runs(const char *const *argv, const char *const *env, int status, const char *out,
	    const char *err)
{
	struct proc *proc = started(argv, env);
	size_t length;

	finish(proc, 0);
	assert_string_equal(proc_stdout(proc, &length), out);
	assert_int_equal(length, strlen(out));
	assert_string_equal(proc_stderr(proc, &length), err);
	assert_int_equal(proc_status(proc), status);
	proc_free(proc);
}

static void
output_and_status_are_kept(void **state)
{
	(void)state;
	assert_runs(SHELL("echo out; echo err >&2; exit 3"), NULL, 3, "out\n", "err\n");
	assert_runs(SHELL("kill -9 $$"), NULL, -9, "", "");
	assert_runs(SHELL("echo 0123456789abcdef >&2"), NULL, 0, "", "789abcdef\n");
}

static void
the_environment_is_ours_with_theirs_over_it(void **state)
{
	const char *const env[] = { "POOLSHIFT_A=new", "POOLSHIFT_C=c", NULL };

	(void)state;
	setenv("POOLSHIFT_A", "old", 1);
	setenv("POOLSHIFT_AB", "kept", 1);
	assert_runs(SHELL("echo $POOLSHIFT_A $POOLSHIFT_AB $POOLSHIFT_C"), env, 0, "new kept c\n",
		    "");
}

static void
a_replaced_variable_is_there_once(void **state)
{
	const char *const argv[] = { "printenv", "POOLSHIFT_A", NULL };
	const char *const env[] = { "POOLSHIFT_A=new", NULL };

	(void)state;
	setenv("POOLSHIFT_A", "old", 1);
	assert_runs(argv, env, 0, "new\n", "");
}

static void
the_child_has_no_terminal_no_input_and_no_descriptor_of_ours(void **state)
{
	int fd = open("/dev/null", O_RDONLY);

	(void)state;
	assert_true(fd >= 3);
	assert_runs(SHELL("cat; ls /proc/self/fd | wc -l"), NULL, 0, "4\n", "");
	assert_runs(SHELL("(: </dev/tty) 2>/dev/null || echo none"), NULL, 0, "none\n", "");
	close(fd);
}

static void
the_child_has_default_signals(void **state)
{
	sigset_t all, old;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	/* 32 and 33 are the C library's own and stay as it wants them. */
	assert_runs(SHELL("for set in SigBlk SigIgn; do"
			  " echo $((0x$(sed -n \"s/$set:.//p\" /proc/self/status) & 0x7fffffff));"
			  " done"),
		    NULL, 0, "0\n0\n", "");
	sigprocmask(SIG_SETMASK, &old, NULL);
	signal(SIGPIPE, SIG_DFL);
}

static void
a_program_that_is_not_there_is_missing(void **state)
{
	const char *const nowhere[] = { "gke-gcloud-auth-plugin-absent", NULL };
	const char *const absolute[] = { "/nonexistent/plugin", NULL };
	struct proc_spec spec = { .argv = nowhere, .out_cap = 10, .deadline = NEVER };
	struct err err;

	(void)state;
	assert_null(proc_start(&spec, &err));
	assert_int_equal(err.code, ERR_MISSING);
	assert_string_equal(err.text,
			    "The program gke-gcloud-auth-plugin-absent was not found; install it.");
	spec.argv = absolute;
	assert_null(proc_start(&spec, &err));
	assert_int_equal(err.code, ERR_MISSING);
}

static void
relative_path_elements_are_skipped(void **state)
{
	char *path = strdup(getenv("PATH"));
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct buf found;

	(void)state;
	/* Where "bin" and "." would lead to a shell. */
	assert_int_equal(chdir("/"), 0);
	buf_init(&found, 4096);
	assert_true(proc_find("sh", &found));
	assert_int_equal(found.bytes[0], '/');
	setenv("PATH", "::bin:usr/bin:.", 1);
	assert_false(proc_find("sh", &found));
	setenv("PATH", ":.:/usr/bin:/bin", 1);
	assert_true(proc_find("sh", &found));
	assert_false(proc_find("", &found));
	assert_false(proc_find("absent-program", &found));
	setenv("PATH", path, 1);
	free(path);
	assert_int_equal(fchdir(here), 0);
	close(here);
	buf_release(&found);
}

static void
the_deadline_ends_it_and_what_it_started(void **state)
{
	struct proc_spec spec = {
		.argv = SHELL("echo a; sleep 600 & sleep 600"),
		.out_cap = 1000,
		.deadline = now() + 10 * SECOND,
	};
	struct proc *proc = proc_start(&spec, NULL);

	(void)state;
	assert_non_null(proc);
	assert_false(proc_step(proc, now()));
	finish(proc, 11 * SECOND);
	assert_int_equal(proc_status(proc), -1000);
	proc_free(proc);
}

/* Reads until the program has said that it is ready. */
static void
await_output(struct proc *proc)
{
	size_t length = 0;

	while (length == 0) {
		struct pollfd polls = { .events = POLLIN };
		size_t count;
		int fds[2];

		proc_fds(proc, fds, &count);
		assert_int_equal(count, 2);
		polls.fd = fds[0];
		assert_int_equal(poll(&polls, 1, 30000), 1);
		assert_false(proc_step(proc, now()));
		proc_stdout(proc, &length);
	}
}

static void
what_ignores_being_asked_is_killed_two_seconds_later(void **state)
{
	struct proc *proc =
		started(SHELL("trap '' TERM; echo a; while :; do sleep 600; done"), NULL);

	(void)state;
	await_output(proc);
	proc_cancel(proc);
	assert_false(proc_step(proc, now()));
	finish(proc, 3 * SECOND);
	assert_int_equal(proc_status(proc), -SIGKILL);
	proc_free(proc);
}

static void
cancelling_asks_it_to_end(void **state)
{
	struct proc *proc = started(SHELL("echo a; exec sleep 600"), NULL);

	(void)state;
	await_output(proc);
	proc_cancel(proc);
	finish(proc, 0);
	assert_int_equal(proc_status(proc), -SIGTERM);
	proc_free(proc);
}

static void
what_it_started_is_asked_too(void **state)
{
	struct proc *proc = started(SHELL("(trap 'echo asked; exit' TERM; echo ready;"
					  " sleep 600 & wait) & wait"),
				    NULL);
	size_t length;

	(void)state;
	await_output(proc);
	proc_cancel(proc);
	finish(proc, 0);
	assert_string_equal(proc_stdout(proc, &length), "ready\nasked\n");
	proc_free(proc);
}

static void
too_much_output_ends_it(void **state)
{
	struct proc *proc = started(SHELL("exec yes"), NULL);
	size_t length;

	(void)state;
	finish(proc, 0);
	assert_int_equal(proc_status(proc), -1001);
	proc_stdout(proc, &length);
	assert_true(length <= 1000);
	proc_free(proc);
}

static void
a_program_that_closes_its_output_is_waited_for(void **state)
{
	struct proc *proc =
		started(SHELL("exec >&- 2>&-; read x </dev/zero & kill $!; exit 5"), NULL);

	(void)state;
	finish(proc, 0);
	assert_int_equal(proc_status(proc), 5);
	proc_free(proc);
}

static void
freeing_kills_what_still_runs(void **state)
{
	struct proc *proc = started(SHELL("exec sleep 600"), NULL);

	(void)state;
	proc_free(proc);
	proc_free(NULL);
}

static void
a_text_given_as_input_can_be_opened_again_and_is_no_file(void **state)
{
	const char text[] = "one\ntwo\n";
	struct proc_spec spec = {
		.argv = SHELL("cat; cat /dev/stdin; stat -L -c %h /dev/stdin"),
		.out_cap = 1000,
		.deadline = NEVER,
		.input = text,
		.input_length = sizeof(text) - 1,
	};
	struct proc *proc = proc_start(&spec, NULL);
	size_t length;

	(void)state;
	assert_non_null(proc);
	finish(proc, 0);
	assert_int_equal(proc_status(proc), 0);
	assert_string_equal(proc_stdout(proc, &length), "one\ntwo\none\ntwo\n0\n");
	proc_free(proc);
}

static size_t
open_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(folder);
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count;
}

/* The descriptors of texts are apart from those of the pipes: more of them than those take. */
static void
a_text_beside_the_arguments_is_read_at_its_descriptor(void **state)
{
	const char *const texts[] = { "first",   "",       "third,\n", "fourth", "fifth", "sixth",
				      "seventh", "eighth", "ninth",    "tenth",  NULL };
	struct proc_spec spec = {
		.argv = SHELL("cat /dev/fd/3 /dev/fd/3 /dev/fd/4 /dev/fd/5 /dev/fd/12;"
			      " stat -L -c ' %a %h' /dev/fd/3; tr '\\0' ' ' </proc/$$/cmdline;"
			      " grep -c tenth /proc/$$/environ; cat; ls /proc/self/fd | wc -l"),
		.out_cap = 1000,
		.deadline = NEVER,
		.texts = texts,
	};
	struct proc *proc;
	const char *out;
	size_t length, before = open_descriptors();

	(void)state;
	proc = proc_start(&spec, NULL);
	assert_non_null(proc);
	/* Its two pipes and its pidfd. */
	assert_int_equal(open_descriptors(), before + 3);
	finish(proc, 0);
	out = proc_stdout(proc, &length);
	assert_int_equal(proc_status(proc), 0);
	assert_ptr_equal(strstr(out, "firstfirstthird,\ntenth 600 0\nsh -c "), out);
	assert_null(strstr(out, "fourth"));
	/* Not in the environment, no input, and no descriptor but these. */
	assert_string_equal(out + length - strlen("0\n14\n"), "0\n14\n");
	proc_free(proc);
	assert_int_equal(open_descriptors(), before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_given_as_input_can_be_opened_again_and_is_no_file),
		cmocka_unit_test(a_text_beside_the_arguments_is_read_at_its_descriptor),
		cmocka_unit_test(output_and_status_are_kept),
		cmocka_unit_test(the_environment_is_ours_with_theirs_over_it),
		cmocka_unit_test(a_replaced_variable_is_there_once),
		cmocka_unit_test(the_child_has_no_terminal_no_input_and_no_descriptor_of_ours),
		cmocka_unit_test(the_child_has_default_signals),
		cmocka_unit_test(a_program_that_is_not_there_is_missing),
		cmocka_unit_test(relative_path_elements_are_skipped),
		cmocka_unit_test(the_deadline_ends_it_and_what_it_started),
		cmocka_unit_test(what_ignores_being_asked_is_killed_two_seconds_later),
		cmocka_unit_test(cancelling_asks_it_to_end),
		cmocka_unit_test(what_it_started_is_asked_too),
		cmocka_unit_test(too_much_output_ends_it),
		cmocka_unit_test(a_program_that_closes_its_output_is_waited_for),
		cmocka_unit_test(freeing_kills_what_still_runs),
	};

	return cmocka_run_group_tests_name("proc", tests, NULL, NULL);
}
