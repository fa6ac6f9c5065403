#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/migrate/machine.h"

/* Plays "start rehearse write" and answers the state it ends in, or the event that was refused. */
static const char *
played(const char *events)
{
	struct machine machine = { .state = MACHINE_IDLE };
	char text[200];

	snprintf(text, sizeof text, "%s", events);
	for (char *save = NULL, *word = strtok_r(text, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		int event = 0;
		while (event < MACHINE_EVENTS &&
		       strcmp(machine_event_name((enum machine_event)event), word) != 0)
			event++;
		assert_true(event < MACHINE_EVENTS);
		if (!machine_move(&machine, (enum machine_event)event, 0))
			return machine_event_name((enum machine_event)event);
	}
	return machine_state_name(machine.state);
}

static void
a_leg_goes_from_check_to_verify(void **state)
{
	(void)state;
	assert_string_equal(played("start"), "checking");
	assert_string_equal(played("start rehearse"), "rehearsing");
	assert_string_equal(played("start rehearse write"), "writing");
	assert_string_equal(played("start rehearse write answered"), "settling");
	assert_string_equal(played("start rehearse write answered write answered verify"),
			    "verifying");
	assert_string_equal(played("start rehearse write answered verify end"), "idle");
}

static void
nothing_is_written_before_it_was_checked(void **state)
{
	(void)state;
	assert_string_equal(played("write"), "write");
	assert_string_equal(played("rehearse"), "rehearse");
	assert_string_equal(played("start answered"), "answered");
	assert_string_equal(played("start hold write"), "write");
	assert_string_equal(played("start drain write"), "write");
}

static void
an_unknown_outcome_is_resolved_before_the_next_write(void **state)
{
	(void)state;
	assert_string_equal(played("start write doubt"), "resolving");
	assert_string_equal(played("start write doubt write"), "write");
	assert_string_equal(played("start write doubt known"), "writing");
	assert_string_equal(played("start write doubt answered"), "settling");
	assert_string_equal(played("start write doubt verify"), "verify");
}

static void
stopping_waits_for_the_write_on_its_way(void **state)
{
	(void)state;
	assert_string_equal(played("start stop"), "idle");
	assert_string_equal(played("start hold stop"), "idle");
	assert_string_equal(played("start rehearse stop"), "idle");
	assert_string_equal(played("start write stop"), "stopping");
	assert_string_equal(played("start write doubt stop"), "stopping");
	assert_string_equal(played("start write stop write"), "write");
	assert_string_equal(played("start write stop end"), "idle");
}

static void
time_alone_ends_a_hold_and_a_drain(void **state)
{
	(void)state;
	assert_string_equal(played("start hold time"), "checking");
	assert_string_equal(played("start write answered verify drain time"), "checking");
	assert_string_equal(played("start time"), "time");
}

static void
every_state_can_be_left_and_has_a_name(void **state)
{
	(void)state;
	for (int i = 0; i < MACHINE_STATES; i++) {
		struct machine machine = { .state = (enum machine_state)i };
		assert_non_null(machine_state_name(machine.state));
		assert_true(machine_move(&machine, MACHINE_END, 5));
		assert_int_equal(machine.state, MACHINE_IDLE);
	}
}

static void
a_write_is_in_flight_in_exactly_the_states_that_wait_for_its_answer(void **state)
{
	(void)state;
	for (int i = 0; i < MACHINE_STATES; i++) {
		bool waits =
			i == MACHINE_WRITING || i == MACHINE_RESOLVING || i == MACHINE_STOPPING;
		assert_int_equal(machine_in_flight((enum machine_state)i), waits);
	}
}

static void
since_is_when_the_state_was_entered(void **state)
{
	struct machine machine = { .state = MACHINE_IDLE };

	(void)state;
	machine_move(&machine, MACHINE_START, 10);
	machine_move(&machine, MACHINE_NEXT, 20);
	assert_int_equal(machine.since, 10);
	machine_move(&machine, MACHINE_HOLD, 30);
	assert_int_equal(machine.since, 30);
	assert_int_equal(machine.moves, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_leg_goes_from_check_to_verify),
		cmocka_unit_test(nothing_is_written_before_it_was_checked),
		cmocka_unit_test(an_unknown_outcome_is_resolved_before_the_next_write),
		cmocka_unit_test(stopping_waits_for_the_write_on_its_way),
		cmocka_unit_test(time_alone_ends_a_hold_and_a_drain),
		cmocka_unit_test(every_state_can_be_left_and_has_a_name),
		cmocka_unit_test(
			a_write_is_in_flight_in_exactly_the_states_that_wait_for_its_answer),
		cmocka_unit_test(since_is_when_the_state_was_entered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
