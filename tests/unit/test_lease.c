/* The Lease read as it may stand in a cluster, and what is written into it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/migrate/lease.h"

#define AT (INT64_C(1769868131) * SECOND) /* 2026-01-31T14:02:11Z */

static const struct lease_self me = { .name = "me@here, pid 1", .mark = "m" };

static struct lease
lease_of(const char *text)
{
	struct lease lease;
	struct json *json = json_parse(text, strlen(text), NULL);

	assert_non_null(json);
	lease_read(json, &lease);
	json_free(json);
	return lease;
}

static void
one_that_is_not_there_or_has_no_holder_is_free(void **state)
{
	struct lease lease;

	(void)state;
	lease_read(NULL, &lease);
	assert_int_equal(lease_standing(&lease, &me, AT), LEASE_FREE);
	lease = lease_of("{\"metadata\":{\"uid\":\"u\"},\"spec\":{\"holderIdentity\":\"\"}}");
	assert_int_equal(lease_standing(&lease, &me, AT), LEASE_FREE);
	lease = lease_of("{\"metadata\":{\"uid\":\"u\"}}");
	assert_int_equal(lease_standing(&lease, &me, AT), LEASE_FREE);
}

static void
it_is_held_until_its_time_is_over(void **state)
{
	struct lease lease =
		lease_of("{\"spec\":{\"holderIdentity\":\"x\",\"leaseDurationSeconds\":"
			 "30,\"renewTime\":\"2026-01-31T14:02:11.000000Z\"}}");

	(void)state;
	assert_int_equal(lease_standing(&lease, &me, AT + 29 * SECOND), LEASE_HELD);
	assert_int_equal(lease_standing(&lease, &me, AT + 30 * SECOND), LEASE_LAPSED);
	assert_int_equal(lease_standing(&lease, &me, AT - HOUR), LEASE_HELD);
}

static void
only_name_and_mark_together_make_it_ours(void **state)
{
	struct lease lease =
		lease_of("{\"metadata\":{\"annotations\":{\"poolshift/process\":\"m\"}},"
			 "\"spec\":{\"holderIdentity\":\"me@here, pid 1\"}}");

	(void)state;
	assert_int_equal(lease_standing(&lease, &me, AT), LEASE_OURS);
	snprintf(lease.mark, sizeof lease.mark, "another");
	assert_int_equal(lease_standing(&lease, &me, AT), LEASE_LAPSED);
	snprintf(lease.mark, sizeof lease.mark, "m");
	snprintf(lease.holder, sizeof lease.holder, "you@here, pid 1");
	assert_int_equal(lease_standing(&lease, &me, AT), LEASE_LAPSED);
}

static void
a_freeze_says_by_whom_since_when_and_why(void **state)
{
	struct lease lease = lease_of(
		"{\"metadata\":{\"annotations\":{\"poolshift/frozen\":\"{\\\"by\\\":\\\"x@y\\\","
		"\\\"reason\\\":\\\"incident 12\\\",\\\"since\\\":\\\"2026-01-31T14:02:11Z\\\"}\"}}}");
	char text[300];

	(void)state;
	assert_true(lease.frozen);
	assert_string_equal(lease_say_freeze(&lease, text, sizeof text),
			    "Writing to this cluster is frozen by x@y since 2026-01-31T14:02:11Z: "
			    "incident 12");
}

static void
what_a_person_annotates_by_hand_freezes_as_well(void **state)
{
	struct lease lease = lease_of(
		"{\"metadata\":{\"annotations\":{\"poolshift/frozen\":\"wait\\u001b[2J\"}}}");
	char text[300];

	(void)state;
	assert_true(lease.frozen);
	lease_say_freeze(&lease, text, sizeof text);
	assert_non_null(strstr(text, "is frozen: wait"));
	assert_null(strchr(text, '\033'));
	lease = lease_of("{\"metadata\":{\"annotations\":{\"poolshift/frozen\":\"\"}}}");
	assert_false(lease.frozen);
}

static void
assert_written(struct buf *out, const char *expected)
{
	assert_string_equal(out->bytes, expected);
	buf_release(out);
}

static void
a_patch_makes_room_for_what_it_adds(void **state)
{
	struct lease bare = lease_of("{\"metadata\":{\"uid\":\"u\"}}");
	struct buf out;

	(void)state;
	buf_init(&out, BUF_MIB);
	lease_write_take(&bare, &me, AT, &out);
	assert_written(
		&out,
		"[{\"op\":\"add\",\"path\":\"/spec\",\"value\":{}},"
		"{\"op\":\"add\",\"path\":\"/spec/holderIdentity\",\"value\":\"me@here, pid 1\"},"
		"{\"op\":\"add\",\"path\":\"/spec/leaseDurationSeconds\",\"value\":30},"
		"{\"op\":\"add\",\"path\":\"/spec/acquireTime\",\"value\":\"2026-01-31T14:02:11.000000Z\"},"
		"{\"op\":\"add\",\"path\":\"/spec/renewTime\",\"value\":\"2026-01-31T14:02:11.000000Z\"},"
		"{\"op\":\"add\",\"path\":\"/spec/leaseTransitions\",\"value\":1},"
		"{\"op\":\"add\",\"path\":\"/metadata/annotations\",\"value\":{}},"
		"{\"op\":\"add\",\"path\":\"/metadata/annotations/poolshift~1process\",\"value\":\"m\"}]");
	buf_init(&out, BUF_MIB);
	lease_write_release(AT, &out);
	assert_written(
		&out,
		"[{\"op\":\"add\",\"path\":\"/spec/holderIdentity\",\"value\":\"\"},"
		"{\"op\":\"add\",\"path\":\"/spec/renewTime\",\"value\":\"2026-01-31T14:02:11.000000Z\"}]");
}

static void
what_is_made_reads_back_as_ours(void **state)
{
	struct lease lease;
	struct buf out;

	(void)state;
	buf_init(&out, BUF_MIB);
	lease_write_new(&me, AT, &out);
	lease = lease_of(out.bytes);
	assert_int_equal(lease_standing(&lease, &me, AT), LEASE_OURS);
	assert_int_equal(lease.renewed, AT);
	buf_clear(&out);
	lease_write_new_frozen(&me, "a \"reason\"", AT, &out);
	lease = lease_of(out.bytes);
	assert_int_equal(lease_standing(&lease, &me, AT), LEASE_FREE);
	assert_true(lease.frozen);
	assert_string_equal(lease.frozen_reason, "a \"reason\"");
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_is_not_there_or_has_no_holder_is_free),
		cmocka_unit_test(it_is_held_until_its_time_is_over),
		cmocka_unit_test(only_name_and_mark_together_make_it_ours),
		cmocka_unit_test(a_freeze_says_by_whom_since_when_and_why),
		cmocka_unit_test(what_a_person_annotates_by_hand_freezes_as_well),
		cmocka_unit_test(a_patch_makes_room_for_what_it_adds),
		cmocka_unit_test(what_is_made_reads_back_as_ours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
