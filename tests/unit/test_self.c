/* Who runs: told for people, and as a mark by which a dead process is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/self.h"

static void
the_name_says_user_host_and_process(void **state)
{
	char name[SELF_NAME_MAX], end[40];

	(void)state;
	self_name(name);
	snprintf(end, sizeof end, ", pid %ld", (long)getpid());
	assert_non_null(strchr(name, '@'));
	assert_string_equal(name + strlen(name) - strlen(end), end);
}

static void
a_running_process_is_not_gone(void **state)
{
	char mark[SELF_MARK_MAX];

	(void)state;
	self_mark(mark);
	assert_string_not_equal(mark, "");
	assert_false(self_is_gone(mark));
}

static void
one_that_has_ended_is_gone(void **state)
{
	char mark[SELF_MARK_MAX] = "";
	int ends[2], status;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		self_mark(mark);
		_exit(write(ends[1], mark, sizeof mark) == (ssize_t)sizeof mark ? 0 : 1);
	}
	assert_int_equal(read(ends[0], mark, sizeof mark), sizeof mark);
	waitpid(child, &status, 0);
	assert_true(self_is_gone(mark));
	close(ends[0]);
	close(ends[1]);
}

static void
a_number_that_is_used_again_is_another_process(void **state)
{
	char mark[SELF_MARK_MAX], *start;

	(void)state;
	self_mark(mark);
	start = strrchr(mark, '/') + 1;
	*start = *start == '1' ? '2' : '1';
	assert_true(self_is_gone(mark));
}

static void
of_another_machine_nothing_is_known(void **state)
{
	(void)state;
	assert_false(self_is_gone("0123456789abcdef/1/1"));
	assert_false(self_is_gone("what is this"));
	assert_false(self_is_gone(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_name_says_user_host_and_process),
		cmocka_unit_test(a_running_process_is_not_gone),
		cmocka_unit_test(one_that_has_ended_is_gone),
		cmocka_unit_test(a_number_that_is_used_again_is_another_process),
		cmocka_unit_test(of_another_machine_nothing_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
