#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/text.h"
#include "core/migrate/record.h"
#include "tests/unit/journal_made.h"

/* "0 % at 10, 25 % at 21": seconds since the first write was ten seconds away. */
static void
shares_are(const struct record *record, const struct made *made, size_t writes,
	   const char *expected)
{
	int64_t start = made->wall - (int64_t)writes * 10 * SECOND;
	struct buf text;

	buf_init(&text, 64 * BUF_KIB);
	for (size_t i = 0; record->share_count > 0 && i < record->shares[0].count; i++) {
		const struct record_point *point = &record->shares[0].points[i];

		buf_puts(&text, i > 0 ? ", " : "");
		if (point->ppm == PPM_UNKNOWN)
			buf_puts(&text, "nothing");
		else
			text_ppm(&text, point->ppm);
		buf_printf(&text, " at %lld", (long long)((point->wall - start) / SECOND));
	}
	assert_string_equal(text.bytes, expected);
	buf_release(&text);
}

static void
the_share_over_time_is_read_from_the_routes_alone(void **state)
{
	struct made made;
	struct record *record;

	(void)state;
	made_begin(&made, "");
	made_shift(&made, STEP_ATTACH, 1, -1, 1, 0);
	made_shift(&made, STEP_SHIFT, 1, 0, 90, 10);
	made_shift(&made, STEP_SHIFT, 90, 10, 0, 1);
	made_shift(&made, STEP_FINALIZE, 0, 1, -1, 1);
	record = record_new(made.path, RECORD_WHOLE);
	assert_int_equal(record->share_count, 1);
	assert_string_equal(record->shares[0].pair, "default/p");
	shares_are(record, &made, 4, "0 % at 10, 10 % at 21, 100 % at 31");
	record_free(record);
	made_end(&made);
}

static void
a_time_without_a_pool_is_a_gap_and_the_downtime_ends_with_a_200(void **state)
{
	const struct verification seen = {
		.ok = true,
		.pair = "default/p",
		.probed = true,
		.probe = { .url = "u", .status = 200, .served_by = "", .error = "" }
	};
	struct verification late = seen;
	struct made made;
	struct record *record;
	int64_t began;

	(void)state;
	made_begin(&made, "");
	made_shift(&made, STEP_DETACH, 1, -1, -1, -1);
	began = made.wall;
	made_write(&made,
		   &(struct intent){ .verb = VERB_CREATE,
				     .kind = KIND_GA_POOL,
				     .group = "inference.networking.k8s.io",
				     .version = "v1",
				     .resource = "inferencepools",
				     .ns = "default",
				     .name = "p-ga",
				     .uid = "",
				     .version_seen = "",
				     .body = "{}",
				     .step = STEP_POOL,
				     .pair = "default/p",
				     .title = "t",
				     .summary = "" },
		   NULL, NULL, JOURNAL_DONE, 0);
	made_shift(&made, STEP_ATTACH, -1, -1, -1, 1);
	late.wall = made.wall + 5 * SECOND;
	assert_true(journal_note_checks(made.journal, &late, NULL));
	record = record_new(made.path, RECORD_WHOLE);
	shares_are(record, &made, 3, "0 % at 10, nothing at 11, 100 % at 31");
	assert_int_equal(record->downtime.began, began);
	assert_int_equal(record->downtime.ended, late.wall);
	record_free(record);
	made_end(&made);
}

static void
a_write_is_told_with_its_difference_and_without_what_servers_keep(void **state)
{
	struct made made;
	struct record *record;

	(void)state;
	made_begin(&made, "quarterly");
	made_shift(&made, STEP_SHIFT, 90, 10, 75, 25);
	record = record_new(made.path, RECORD_WHOLE);
	assert_int_equal(record->write_count, 1);
	assert_non_null(strstr(record->writes[0].diff, "-      weight: 90\n+      weight: 75\n"));
	assert_null(strstr(record->writes[0].diff, "uid"));
	assert_true(record->writes[0].diff[0] == '@');
	assert_string_equal(record->writes[0].user, "operator@example.com");
	assert_string_equal(record->writes[0].reason, "quarterly");
	record_free(record);
	made_end(&made);
}

/* Of another object, step, pair, namespace, kind or group. */
static void
an_undo_of_something_else_leaves_a_write_standing(void **state)
{
	struct intent made_it = made_intent(VERB_CREATE, KIND_SERVICE, "s", STEP_POOL);
	struct intent failed = made_intent(VERB_CREATE, KIND_SERVICE, "failed", STEP_POOL);
	struct intent undo = made_it;
	struct made made;
	struct record *record;

	(void)state;
	undo.undo = true;
	made_begin(&made, "");
	made_write(&made, &made_it, NULL, NULL, JOURNAL_DONE, 0);
	made_write(&made, &failed, NULL, NULL, JOURNAL_FAILED, 0);
	for (int other = 0; other < 6; other++) {
		struct intent else_where = undo;

		else_where.name = other == 0 ? "t" : undo.name;
		else_where.step = other == 1 ? STEP_CLEANUP : undo.step;
		else_where.pair = other == 2 ? "default/q" : undo.pair;
		else_where.ns = other == 3 ? "team-b" : undo.ns;
		else_where.resource = other == 4 ? "configmaps" : undo.resource;
		else_where.group = other == 5 ? "apps" : undo.group;
		made_write(&made, &else_where, NULL, NULL, JOURNAL_DONE, 0);
	}
	record = record_new(made.path, RECORD_LINES);
	assert_int_equal(record->write_count, 8);
	assert_true(record->writes[0].stands);
	for (size_t i = 1; i < record->write_count; i++)
		assert_false(record->writes[i].stands);
	record_free(record);
	made_write(&made, &undo, NULL, NULL, JOURNAL_DONE, 0);
	record = record_new(made.path, RECORD_LINES);
	assert_false(record->writes[0].stands);
	record_free(record);
	made_end(&made);
}

static void
only_what_no_undo_came_after_stands(void **state)
{
	struct intent undo = made_intent(VERB_PATCH, KIND_ROUTE, "r", STEP_SHIFT);
	struct intent other = made_intent(VERB_DELETE, KIND_SERVICE, "s", STEP_CLEANUP);
	struct made made;
	struct record *record;
	int64_t second;

	(void)state;
	undo.undo = true;
	made_begin(&made, "");
	made_shift(&made, STEP_SHIFT, 1, 0, 90, 10);
	second = made_shift(&made, STEP_SHIFT, 90, 10, 50, 50);
	made_write(&made, &other, "{}", NULL, JOURNAL_DONE, 0);
	made_write(&made, &undo, NULL, NULL, JOURNAL_FAILED, second);
	record = record_new(made.path, RECORD_LINES);
	assert_true(record->writes[0].stands && record->writes[1].stands);
	record_free(record);
	made_write(&made, &undo, NULL, NULL, JOURNAL_DONE, second);
	record = record_new(made.path, RECORD_LINES);
	assert_false(record->writes[0].stands || record->writes[1].stands);
	assert_true(record->writes[2].stands);
	assert_true(record->writes[1].undone);
	record_free(record);
	made_end(&made);
}

static void
a_loss_that_a_later_run_no_longer_sees_is_still_told_once(void **state)
{
	const struct loss losses[] = {
		{ "InferenceModel default/m", "spec.modelName", "m", "old words", "i", "", false },
		{ "InferenceModel default/n", "spec.modelName", "n", "w", "i", "", false },
	};
	struct loss again = losses[0];
	struct journal_run run = { .program = "p", .server_version = "v", .procedure = "simple" };
	struct made made;
	struct record *record;

	(void)state;
	again.why = "new words";
	made_begin(&made, "");
	run.losses = losses;
	run.loss_count = 2;
	assert_true(journal_note_run(made.journal, &run, NULL));
	run.losses = &again;
	run.loss_count = 1;
	assert_true(journal_note_run(made.journal, &run, NULL));
	run.loss_count = 0;
	assert_true(journal_note_run(made.journal, &run, NULL));
	record = record_new(made.path, RECORD_WHOLE);
	assert_int_equal(record->loss_count, 2);
	assert_string_equal(record->losses[0].why, "new words");
	assert_string_equal(record->losses[1].object, "InferenceModel default/n");
	assert_int_equal(record->run_count, 3);
	record_free(record);
	made_end(&made);
}

static void
nothing_that_acts_on_a_terminal_comes_out(void **state)
{
	struct intent intent = made_intent(VERB_DELETE, KIND_SERVICE, "s", STEP_CLEANUP);
	struct made made;
	struct record *record;

	(void)state;
	intent.title = "\033[31mred\xE2\x80\xAE";
	intent.summary = "a\rb\nc";
	made_begin(&made, "\033]0;title\007");
	made_write(&made, &intent, "{\"note\":\"\033[2J\"}", NULL, JOURNAL_DONE, 0);
	record = record_new(made.path, RECORD_WHOLE);
	const char *texts[] = { record->writes[0].title,  record->writes[0].summary,
				record->writes[0].reason, record->writes[0].diff,
				record->writes[0].line,   record->writes[0].kubectl };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_null(strpbrk(texts[i], "\033\r\007"));
	assert_non_null(strstr(record->writes[0].title, "red"));
	assert_null(strstr(record->writes[0].title, "\xE2\x80\xAE"));
	record_free(record);
	made_end(&made);
}

static void
a_journal_that_is_not_there_is_an_empty_record_that_says_so(void **state)
{
	struct record *record = record_new("/nonexistent/x.jsonl", RECORD_WHOLE);

	(void)state;
	assert_false(record->known);
	assert_string_equal(record->damage, "");
	assert_int_equal(record->write_count, 0);
	assert_string_equal(record->path, "/nonexistent/x.jsonl");
	record_free(record);
}

static void
what_is_whole_in_a_damaged_journal_is_told(void **state)
{
	struct made made;
	struct record *record;
	struct buf text;
	char *at;

	(void)state;
	made_begin(&made, "");
	made_shift(&made, STEP_SHIFT, 1, 0, 90, 10);
	made_shift(&made, STEP_SHIFT, 90, 10, 50, 50);
	made_close(&made);
	buf_init(&text, BUF_MIB);
	assert_true(file_read(made.path, BUF_MIB, &text, NULL));
	at = strstr(text.bytes, "\"id\":1");
	at[5] = '7';
	assert_true(file_write(made.path, text.bytes, text.length, NULL));
	buf_release(&text);
	record = record_new(made.path, RECORD_WHOLE);
	assert_true(record->known);
	assert_non_null(strstr(record->damage, "Line 2 of the journal"));
	assert_int_equal(record->write_count, 1);
	assert_int_equal(record->writes[0].id, 2);
	assert_int_equal(record->writes[0].end, JOURNAL_DONE);
	record_free(record);
	made_end(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_share_over_time_is_read_from_the_routes_alone),
		cmocka_unit_test(a_time_without_a_pool_is_a_gap_and_the_downtime_ends_with_a_200),
		cmocka_unit_test(a_write_is_told_with_its_difference_and_without_what_servers_keep),
		cmocka_unit_test(an_undo_of_something_else_leaves_a_write_standing),
		cmocka_unit_test(only_what_no_undo_came_after_stands),
		cmocka_unit_test(a_loss_that_a_later_run_no_longer_sees_is_still_told_once),
		cmocka_unit_test(nothing_that_acts_on_a_terminal_comes_out),
		cmocka_unit_test(a_journal_that_is_not_there_is_an_empty_record_that_says_so),
		cmocka_unit_test(what_is_whole_in_a_damaged_journal_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
