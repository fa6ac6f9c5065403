#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/unit/reflector_world.h"

/* Listed at version 10 with pod a, and watching. */
static void
world_live(struct world *world)
{
	world_open(world, REFLECTOR_WATCHES);
	until_request(world);
	answers(world, 200, LIST("10", "", POD("a", "5")));
	assert_told(world, "BEGIN +a END");
	assert_state(world, REFLECTOR_LIVE);
	assert_non_null(
		strstr(world->path,
		       "watch=1&allowWatchBookmarks=true&resourceVersion=10&timeoutSeconds="));
}

static void
pages_are_handed_over_one_by_one_and_followed_by_a_watch(void **state)
{
	struct world world;

	(void)state;
	world_open(&world, REFLECTOR_WATCHES);
	assert_state(&world, REFLECTOR_STARTING);
	until_request(&world);
	assert_string_equal(world.path, "/api/v1/pods?limit=500");
	answers(&world, 200, LIST("10", "next", POD("a", "5") "," POD("b", "6")));
	assert_string_equal(world.path, "/api/v1/pods?limit=500&continue=next");
	assert_false(reflector_status(world.reflector).listed);
	answers(&world, 200, LIST("10", "", POD("c", "7")));
	assert_told(&world, "BEGIN +a +b +c END");
	assert_state(&world, REFLECTOR_LIVE);
	assert_true(reflector_status(world.reflector).listed);
	assert_non_null(strstr(world.path, "resourceVersion=10"));
	world_close(&world);
}

static void
events_are_handed_over_and_move_the_version(void **state)
{
	struct world world;

	(void)state;
	world_live(&world);
	world.now += 5 * SECOND;
	streams(&world,
		EVENT("ADDED", "b", "11") EVENT("MODIFIED", "a", "12") EVENT("DELETED", "b", "13"));
	assert_told(&world, "+b +a -b");
	streams(&world, BOOKMARK("20"));
	assert_told(&world, "");
	assert_int_equal(reflector_status(world.reflector).fresh, world.now);
	answers(&world, 200, "");
	assert_true(until_request(&world) < SECOND);
	assert_non_null(strstr(world.path, "resourceVersion=20&"));
	assert_state(&world, REFLECTOR_LIVE);
	world_close(&world);
}

static void
an_expired_version_is_listed_again_at_once_in_both_forms(void **state)
{
	struct world world;

	(void)state;
	world_live(&world);
	streams(&world, ERROR_EVENT("410", "Expired"));
	assert_int_equal(until_request(&world), 0);
	assert_string_equal(world.path, "/api/v1/pods?limit=500");
	assert_state(&world, REFLECTOR_LIVE);
	answers(&world, 200, LIST("30", "", ""));
	assert_told(&world, "BEGIN END");
	answers(&world, 410, STATUS("Expired"));
	assert_int_equal(until_request(&world), 0);
	assert_string_equal(world.path, "/api/v1/pods?limit=500");
	world_close(&world);
}

static void
expiry_after_expiry_slows_down(void **state)
{
	struct world world;

	(void)state;
	world_live(&world);
	for (int i = 0; i < 3; i++) {
		streams(&world, ERROR_EVENT("410", "Expired"));
		assert_int_equal(until_request(&world), 0);
		answers(&world, 200, LIST("30", "", ""));
	}
	streams(&world, ERROR_EVENT("410", "Expired"));
	assert_true(until_request(&world) >= 800 * MILLISECOND);
	world_close(&world);
}

static void
a_forgotten_page_starts_the_list_again_in_one_piece(void **state)
{
	struct world world;

	(void)state;
	world_open(&world, REFLECTOR_WATCHES);
	until_request(&world);
	answers(&world, 200, LIST("10", "next", POD("a", "5")));
	answers(&world, 410, STATUS("Expired"));
	assert_int_equal(until_request(&world), 0);
	assert_string_equal(world.path, "/api/v1/pods");
	answers(&world, 200, LIST("12", "", POD("a", "5")));
	assert_told(&world, "BEGIN +a BEGIN +a END");
	world_close(&world);
}

static void
an_outage_is_tried_less_and_less_often_from_the_same_version(void **state)
{
	struct world world;
	int64_t least[] = { 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000 };

	(void)state;
	world_live(&world);
	world.now += SECOND;
	streams(&world, EVENT("ADDED", "b", "11"));
	breaks(&world, 200);
	assert_state(&world, REFLECTOR_STALE);
	assert_string_equal(reflector_status(world.reflector).reason,
			    "Nobody answers at 10.0.0.1:443.");
	for (size_t i = 0; i < sizeof least / sizeof *least; i++) {
		int64_t delay = until_request(&world);
		assert_in_range(delay, least[i] * MILLISECOND, 2 * least[i] * MILLISECOND);
		assert_non_null(strstr(world.path, "resourceVersion=11&"));
		breaks(&world, 0);
	}
	until_request(&world);
	streams(&world, "");
	assert_state(&world, REFLECTOR_LIVE);
	assert_string_equal(reflector_status(world.reflector).reason, "");
	world.now += 3 * MINUTE;
	streams(&world, BOOKMARK("12"));
	breaks(&world, 200);
	assert_in_range(until_request(&world), 800 * MILLISECOND, 1600 * MILLISECOND);
	world_close(&world);
}

static void
a_watch_that_ends_at_once_is_a_failure(void **state)
{
	struct world world;

	(void)state;
	world_live(&world);
	int64_t waited = 0;
	for (int i = 0; i < 5; i++) {
		streams(&world, "");
		answers(&world, 200, "");
		waited += until_request(&world);
	}
	assert_true(waited >= 20 * SECOND);
	world_close(&world);
}

static void
a_refused_watch_becomes_polling(void **state)
{
	struct world world;

	(void)state;
	world_live(&world);
	answers(&world, 403, STATUS("Forbidden"));
	until_request(&world);
	assert_string_equal(world.path, "/api/v1/pods?limit=500");
	answers(&world, 200, LIST("30", "", POD("a", "5")));
	assert_state(&world, REFLECTOR_POLLING);
	assert_int_equal(until_request(&world), 2 * SECOND);
	assert_string_equal(world.path, "/api/v1/pods?limit=500");
	answers(&world, 200, LIST("31", "", ""));
	assert_told(&world, "BEGIN +a END BEGIN END");
	/* Ten minutes later it is tried again. */
	until_request(&world);
	world.now += 11 * MINUTE;
	answers(&world, 200, LIST("32", "", ""));
	assert_non_null(strstr(world.path, "watch=1"));
	world_close(&world);
}

static void
polling_never_watches(void **state)
{
	struct world world;

	(void)state;
	world_open(&world, REFLECTOR_POLLS);
	for (int i = 0; i < 3; i++) {
		int64_t delay = until_request(&world);
		assert_int_equal(delay, i == 0 ? 0 : 2 * SECOND);
		answers(&world, 200, LIST("30", "", ""));
		assert_state(&world, REFLECTOR_POLLING);
	}
	world_close(&world);
}

static void
what_is_not_served_or_not_allowed_is_said_and_looked_at_again(void **state)
{
	struct world world;

	(void)state;
	world_live(&world);
	answers(&world, 404, "404 page not found");
	until_request(&world);
	answers(&world, 404, STATUS("NotFound"));
	assert_state(&world, REFLECTOR_NOT_INSTALLED);
	assert_told(&world, "CLEAR");
	assert_false(reflector_status(world.reflector).listed);
	assert_int_equal(until_request(&world), 30 * SECOND);
	answers(&world, 403, STATUS("Forbidden"));
	assert_state(&world, REFLECTOR_FORBIDDEN);
	assert_int_equal(reflector_status(world.reflector).retry, world.now + 60 * SECOND);
	assert_int_equal(until_request(&world), 60 * SECOND);
	answers(&world, 200, LIST("30", "", ""));
	assert_state(&world, REFLECTOR_LIVE);
	world_close(&world);
}

static void
no_verdict_is_made_before_the_server_is_ready(void **state)
{
	struct world world;

	(void)state;
	world_open(&world, REFLECTOR_WATCHES);
	reflector_set_ready(world.reflector, false);
	until_request(&world);
	answers(&world, 404, STATUS("NotFound"));
	assert_state(&world, REFLECTOR_STARTING);
	until_request(&world);
	answers(&world, 403, STATUS("Forbidden"));
	assert_state(&world, REFLECTOR_STARTING);
	assert_told(&world, "");
	reflector_set_ready(world.reflector, true);
	assert_int_equal(until_request(&world), 0);
	world_close(&world);
}

static void
a_silent_resumed_watch_is_checked_with_a_list(void **state)
{
	struct world world;

	(void)state;
	world_live(&world);
	world.now += MINUTE;
	answers(&world, 200, "");
	until_request(&world);
	streams(&world, "");
	assert_int_equal(reflector_step(world.reflector, world.now), world.now + 90 * SECOND);
	world.now += 90 * SECOND;
	reflector_step(world.reflector, world.now);
	assert_string_equal(world.path, "/api/v1/pods?limit=500");
	assert_state(&world, REFLECTOR_LIVE);
	world_close(&world);
}

static void
garbage_is_listed_again_and_the_third_time_broken(void **state)
{
	struct world world;

	(void)state;
	world_live(&world);
	streams(&world, "<html>");
	assert_state(&world, REFLECTOR_STALE);
	until_request(&world);
	answers(&world, 200, "{\"kind\":\"PodLi");
	assert_state(&world, REFLECTOR_STALE);
	until_request(&world);
	answers(&world, 200, "{\"kind\":\"Pod\"}");
	assert_state(&world, REFLECTOR_BROKEN);
	assert_int_equal(until_request(&world), 60 * SECOND);
	assert_told(&world, "");
	answers(&world, 200, LIST("30", "", ""));
	assert_state(&world, REFLECTOR_LIVE);
	world_close(&world);
}

static void
an_unknown_event_is_listed_again(void **state)
{
	struct world world;

	(void)state;
	world_live(&world);
	streams(&world, EVENT("RENAMED", "a", "11"));
	assert_told(&world, "");
	until_request(&world);
	assert_string_equal(world.path, "/api/v1/pods?limit=500");
	world_close(&world);
}

static void
an_internal_error_keeps_the_version_for_a_minute(void **state)
{
	struct world world;
	int watches = 0;

	(void)state;
	world_live(&world);
	int64_t began = world.now;
	do {
		streams(&world, ERROR_EVENT("500", "InternalError"));
		until_request(&world);
		watches++;
	} while (strstr(world.path, "watch=1") != NULL);
	assert_true(watches > 3);
	assert_in_range(world.now - began, MINUTE, 3 * MINUTE);
	world_close(&world);
}

static void
a_busy_server_is_asked_again_when_it_said(void **state)
{
	struct world world;
	struct transport_event busy = {
		.kind = TRANSPORT_DONE, .status = 429, .sent = SENT_YES, .retry_after = 7
	};

	(void)state;
	world_live(&world);
	deliver(&world, busy, "");
	assert_in_range(until_request(&world), 7 * SECOND, 8 * SECOND);
	assert_non_null(strstr(world.path, "watch=1"));
	assert_state(&world, REFLECTOR_STALE);
	world_close(&world);
}

static void
a_list_cut_short_is_asked_for_in_smaller_pages(void **state)
{
	struct world world;

	(void)state;
	world_open(&world, REFLECTOR_WATCHES);
	until_request(&world);
	breaks(&world, 200);
	until_request(&world);
	assert_string_equal(world.path, "/api/v1/pods?limit=250");
	world_close(&world);
}

static void
a_poke_lists_now_but_not_more_than_once_a_second_in_an_outage(void **state)
{
	struct world world;

	(void)state;
	world_live(&world);
	world.now += SECOND;
	reflector_poke(world.reflector, world.now);
	assert_int_equal(until_request(&world), 0);
	assert_string_equal(world.path, "/api/v1/pods?limit=500");
	reflector_poke(world.reflector, world.now);
	answers(&world, 200, LIST("30", "", ""));
	assert_int_equal(until_request(&world), 0);
	assert_string_equal(world.path, "/api/v1/pods?limit=500");
	breaks(&world, 0);
	reflector_poke(world.reflector, world.now);
	assert_int_equal(until_request(&world), SECOND);
	world_close(&world);
}

static void
a_reset_forgets_everything(void **state)
{
	struct world world;

	(void)state;
	world_live(&world);
	reflector_reset(world.reflector, world.now);
	assert_told(&world, "CLEAR");
	assert_state(&world, REFLECTOR_STARTING);
	assert_false(reflector_status(world.reflector).listed);
	assert_int_equal(until_request(&world), 0);
	assert_string_equal(world.path, "/api/v1/pods?limit=500");
	world_close(&world);
}

static void
a_watch_that_outlives_its_time_is_taken_up_again(void **state)
{
	struct world world;

	(void)state;
	world_live(&world);
	streams(&world, BOOKMARK("15"));
	int requests = world.requests;
	int64_t due = reflector_step(world.reflector, world.now);
	assert_in_range(due - world.now, 330 * SECOND, 630 * SECOND);
	world.now = due;
	reflector_step(world.reflector, world.now);
	assert_int_equal(world.requests, requests + 1);
	assert_non_null(strstr(world.path, "resourceVersion=15&"));
	world_close(&world);
}

static void
an_event_of_another_request_is_left_alone(void **state)
{
	struct world world;
	struct transport_event other = { .kind = TRANSPORT_DONE, .id = 4711 };

	(void)state;
	world_live(&world);
	assert_false(reflector_take(world.reflector, &other, world.now));
	world_close(&world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_handed_over_one_by_one_and_followed_by_a_watch),
		cmocka_unit_test(events_are_handed_over_and_move_the_version),
		cmocka_unit_test(an_expired_version_is_listed_again_at_once_in_both_forms),
		cmocka_unit_test(expiry_after_expiry_slows_down),
		cmocka_unit_test(a_forgotten_page_starts_the_list_again_in_one_piece),
		cmocka_unit_test(an_outage_is_tried_less_and_less_often_from_the_same_version),
		cmocka_unit_test(a_watch_that_ends_at_once_is_a_failure),
		cmocka_unit_test(a_refused_watch_becomes_polling),
		cmocka_unit_test(polling_never_watches),
		cmocka_unit_test(what_is_not_served_or_not_allowed_is_said_and_looked_at_again),
		cmocka_unit_test(no_verdict_is_made_before_the_server_is_ready),
		cmocka_unit_test(a_silent_resumed_watch_is_checked_with_a_list),
		cmocka_unit_test(garbage_is_listed_again_and_the_third_time_broken),
		cmocka_unit_test(an_unknown_event_is_listed_again),
		cmocka_unit_test(an_internal_error_keeps_the_version_for_a_minute),
		cmocka_unit_test(a_busy_server_is_asked_again_when_it_said),
		cmocka_unit_test(a_list_cut_short_is_asked_for_in_smaller_pages),
		cmocka_unit_test(a_poke_lists_now_but_not_more_than_once_a_second_in_an_outage),
		cmocka_unit_test(a_reset_forgets_everything),
		cmocka_unit_test(a_watch_that_outlives_its_time_is_taken_up_again),
		cmocka_unit_test(an_event_of_another_request_is_left_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
