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

#include "core/base/file.h"
#include "core/kube/signin.h"

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

struct person {
	char folder[64], file[128];
	struct ahead ahead;
	struct clock clock;
	struct access access;
	struct signin *signin;
};

static void
person_open(struct person *person, const char *server)
{
	*person = (struct person){ .folder = "/tmp/test_signin.XXXXXX" };
	assert_non_null(mkdtemp(person->folder));
	snprintf(person->file, sizeof person->file, "%s/file", person->folder);
	person->ahead.real = clock_system();
	person->clock = (struct clock){
		.self = &person->ahead, .mono = ahead_mono, .wall = ahead_wall, .boot = ahead_mono
	};
	person->access = (struct access){ .user = "admin", .server = server };
	buf_init(&person->access.token, 1000);
	buf_init(&person->access.basic, 1000);
	buf_init(&person->access.certificate, 1000);
	buf_init(&person->access.key, 1000);
}

static void
person_start(struct person *person)
{
	person->signin = signin_new(&person->access, &person->clock);
}

static void
person_close(struct person *person)
{
	signin_free(person->signin);
	buf_release(&person->access.token);
	buf_release(&person->access.basic);
	buf_release(&person->access.certificate);
	buf_release(&person->access.key);
	unlink(person->file);
	rmdir(person->folder);
}

static void
put(struct person *person, const char *text)
{
	assert_true(file_write(person->file, text, strlen(text), NULL));
}

static struct signin_pass
ask(struct person *person)
{
	struct signin_pass pass;
	struct err err;

	while (signin_ask(person->signin, &pass, &err) == SIGNIN_WAITING) {
		struct pollfd polls[2];
		int fds[2];
		size_t count;
		signin_fds(person->signin, fds, &count);
		for (size_t i = 0; i < count; i++)
			polls[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
		poll(polls, count, 50);
		signin_step(person->signin);
	}
	return pass;
}

static void
assert_says(struct person *person, const char *authorization)
{
	struct signin_pass pass = ask(person);

	if (authorization == NULL)
		assert_null(pass.authorization);
	else
		assert_string_equal(pass.authorization, authorization);
}

static void
a_token_and_a_password_become_a_header(void **state)
{
	struct person person;

	(void)state;
	person_open(&person, "https://a");
	buf_puts(&person.access.token, "abc");
	person_start(&person);
	assert_says(&person, "Authorization: Bearer abc");
	person_close(&person);

	person_open(&person, "https://a");
	buf_puts(&person.access.basic, "u:p");
	person_start(&person);
	assert_says(&person, "Authorization: Basic dTpw");
	person_close(&person);
}

static void
nothing_is_said_over_plain_http(void **state)
{
	struct person person;

	(void)state;
	person_open(&person, "http://127.0.0.1:8001");
	buf_puts(&person.access.token, "abc");
	buf_puts(&person.access.certificate, "C");
	buf_puts(&person.access.key, "K");
	person_start(&person);
	assert_says(&person, NULL);
	assert_null(ask(&person).certificate);
	assert_false(signin_refused(person.signin, ask(&person).generation));
	person_close(&person);
}

static void
a_token_file_is_read_again_every_50_seconds_and_after_a_401(void **state)
{
	struct person person;

	(void)state;
	person_open(&person, "https://a");
	buf_puts(&person.access.token, "one");
	person.access.token_file = person.file;
	put(&person, "two\n");
	person_start(&person);
	person.ahead.by += 45 * SECOND;
	assert_says(&person, "Authorization: Bearer one");
	person.ahead.by += 5 * SECOND;
	assert_says(&person, "Authorization: Bearer two");
	uint64_t generation = ask(&person).generation;
	assert_false(signin_refused(person.signin, generation));
	put(&person, "three\n");
	assert_true(signin_refused(person.signin, generation));
	assert_says(&person, "Authorization: Bearer three");
	unlink(person.file);
	person.ahead.by += MINUTE;
	assert_says(&person, "Authorization: Bearer three");
	put(&person, "four\nInjected: header\n");
	person.ahead.by += MINUTE;
	assert_says(&person, "Authorization: Bearer three");
	person_close(&person);
}

static void
a_new_certificate_is_noticed_after_five_minutes(void **state)
{
	struct person person;

	(void)state;
	person_open(&person, "https://a");
	buf_puts(&person.access.certificate, "C1");
	buf_puts(&person.access.key, "K");
	person.access.certificate_file = person.file;
	put(&person, "C1");
	person_start(&person);
	struct signin_pass first = ask(&person);
	assert_string_equal(first.certificate->bytes, "C1");
	put(&person, "C2");
	person.ahead.by += 4 * MINUTE;
	assert_int_equal(ask(&person).certificate_generation, first.certificate_generation);
	person.ahead.by += MINUTE;
	struct signin_pass second = ask(&person);
	assert_string_equal(second.certificate->bytes, "C2");
	assert_int_not_equal(second.certificate_generation, first.certificate_generation);
	person_close(&person);
}

static void
a_plugin_is_asked_anew_after_a_401_but_not_again_at_once(void **state)
{
	static const char *const none[] = { NULL };
	struct exec_spec exec = { .api_version = "client.authentication.k8s.io/v1",
				  .args = none,
				  .env = none };
	struct person person;
	char script[1024];

	(void)state;
	person_open(&person, "https://a");
	snprintf(script, sizeof script,
		 "#!/bin/sh\nread n < %s/n; echo $((n + 1)) > %s/n\n"
		 "echo "
		 "'{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/"
		 "v1\",\"status\":"
		 "{\"token\":\"t'$n'\"}}'\n",
		 person.folder, person.folder);
	put(&person, script);
	chmod(person.file, 0700);
	char count[128];
	snprintf(count, sizeof count, "%s/n", person.folder);
	assert_true(file_write(count, "1\n", 2, NULL));
	exec.command = person.file;
	person.access.exec = &exec;
	person_start(&person);
	assert_says(&person, "Authorization: Bearer t1");
	assert_true(signin_refused(person.signin, ask(&person).generation));
	assert_says(&person, "Authorization: Bearer t2");
	assert_null(signin_problem(person.signin));
	signin_rejected(person.signin);
	assert_non_null(strstr(signin_problem(person.signin),
			       "does not accept the credentials of user \"admin\""));
	assert_false(signin_refused(person.signin, ask(&person).generation));
	assert_says(&person, "Authorization: Bearer t2");
	signin_accepted(person.signin);
	assert_null(signin_problem(person.signin));
	unlink(count);
	person_close(&person);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_and_a_password_become_a_header),
		cmocka_unit_test(nothing_is_said_over_plain_http),
		cmocka_unit_test(a_token_file_is_read_again_every_50_seconds_and_after_a_401),
		cmocka_unit_test(a_new_certificate_is_noticed_after_five_minutes),
		cmocka_unit_test(a_plugin_is_asked_anew_after_a_401_but_not_again_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
