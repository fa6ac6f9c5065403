#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/engine/inbox.h"
#include "core/engine/outbox.h"

#define PUTTERS 4
#define EACH    2000

static void
commands_come_out_in_the_order_they_went_in(void **state)
{
	struct inbox *inbox = inbox_new();
	const struct command first = { .kind = COMMAND_REFRESH },
			     second = { .kind = COMMAND_VERIFY };

	(void)state;
	assert_int_equal(inbox_put(inbox, &first), 1);
	assert_int_equal(inbox_put(inbox, &second), 2);
	struct command *command = inbox_take(inbox);
	assert_int_equal(command->kind, COMMAND_REFRESH);
	assert_int_equal(command->serial, 1);
	command_free(command);
	assert_int_equal(inbox_put(inbox, &first), 3);
	for (int64_t serial = 2; serial <= 3; serial++) {
		command = inbox_take(inbox);
		assert_int_equal(command->serial, serial);
		command_free(command);
	}
	assert_null(inbox_take(inbox));
	inbox_free(inbox);
}

static void
a_command_is_a_copy_of_its_own(void **state)
{
	struct inbox *inbox = inbox_new();
	char pair[] = "default/p", name[] = "llm-route";
	struct command command = { .kind = COMMAND_PREVIEW, .pair = pair, .name = name };

	(void)state;
	inbox_put(inbox, &command);
	pair[0] = name[0] = 'X';
	struct command *copy = inbox_take(inbox);
	assert_string_equal(copy->pair, "default/p");
	assert_string_equal(copy->name, "llm-route");
	assert_null(copy->ns);
	command_free(copy);
	inbox_put(inbox, &command);
	inbox_free(inbox); /* what was not taken goes, too */
}

static void *
put_many(void *self)
{
	const struct command command = { .kind = COMMAND_REFRESH, .pair = "default/p" };

	for (int i = 0; i < EACH; i++)
		inbox_put(self, &command);
	return NULL;
}

static void
nothing_is_lost_or_doubled_between_threads(void **state)
{
	struct inbox *inbox = inbox_new();
	pthread_t threads[PUTTERS];
	char *seen = calloc(PUTTERS * EACH + 1, 1);

	(void)state;
	for (int i = 0; i < PUTTERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, put_many, inbox), 0);
	for (int taken = 0; taken < PUTTERS * EACH;) {
		struct command *command = inbox_take(inbox);
		if (command == NULL)
			continue;
		assert_in_range(command->serial, 1, PUTTERS * EACH);
		assert_int_equal(seen[command->serial]++, 0);
		command_free(command);
		taken++;
	}
	for (int i = 0; i < PUTTERS; i++)
		pthread_join(threads[i], NULL);
	assert_null(inbox_take(inbox));
	free(seen);
	inbox_free(inbox);
}

static bool
is_readable(const struct outbox *outbox)
{
	struct pollfd fd = { .fd = outbox_fd(outbox), .events = POLLIN };
	return poll(&fd, 1, 0) == 1;
}

static void
only_the_newest_snapshot_is_handed_over(void **state)
{
	struct outbox *outbox = outbox_new();

	(void)state;
	assert_false(is_readable(outbox));
	assert_null(outbox_take(outbox));
	for (int64_t number = 1; number <= 3; number++) {
		struct snapshot *snapshot = snapshot_new();
		snapshot->number = number;
		outbox_put(outbox, snapshot);
	}
	assert_true(is_readable(outbox));
	struct snapshot *taken = outbox_take(outbox);
	assert_int_equal(taken->number, 3);
	assert_false(is_readable(outbox));
	assert_null(outbox_take(outbox));
	snapshot_free(taken);
	outbox_put(outbox, snapshot_new());
	outbox_free(outbox); /* what was not taken goes, too */
}

static void *
put_snapshots(void *self)
{
	for (int64_t number = 1; number <= EACH; number++) {
		struct snapshot *snapshot = snapshot_new();
		snapshot->number = number;
		outbox_put(self, snapshot);
	}
	return NULL;
}

static void
the_last_snapshot_never_waits_unseen(void **state)
{
	struct outbox *outbox = outbox_new();
	struct pollfd fd = { .fd = outbox_fd(outbox), .events = POLLIN };
	pthread_t thread;
	int64_t last = 0;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, put_snapshots, outbox), 0);
	while (last < EACH) {
		/* A descriptor that is not readable while the last one waits would stop here. */
		assert_int_equal(poll(&fd, 1, 10000), 1);
		struct snapshot *snapshot = outbox_take(outbox);
		if (snapshot == NULL)
			continue;
		assert_true(snapshot->number > last);
		last = snapshot->number;
		snapshot_free(snapshot);
	}
	pthread_join(thread, NULL);
	outbox_free(outbox);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_come_out_in_the_order_they_went_in),
		cmocka_unit_test(a_command_is_a_copy_of_its_own),
		cmocka_unit_test(nothing_is_lost_or_doubled_between_threads),
		cmocka_unit_test(only_the_newest_snapshot_is_handed_over),
		cmocka_unit_test(the_last_snapshot_never_waits_unseen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
