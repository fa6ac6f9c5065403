#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/migrate/journal.h"

#define BEFORE                                                                                   \
	"{\"kind\":\"Service\",\"metadata\":{\"name\":\"s\",\"uid\":\"u1\",\"resourceVersion\":" \
	"\"41\","                                                                                \
	"\"managedFields\":[]},\"spec\":{\"note\":\"\xE2\x80\xAE caf\xC3\xA9 \xF0\x9F\x98\x80\"}}"

#define AFTER                                                                                    \
	"{\"kind\":\"Service\",\"metadata\":{\"name\":\"s\",\"uid\":\"u1\",\"resourceVersion\":" \
	"\"42\"},\"spec\":{\"note\":\"changed\"}}"

/* A folder of its own for each test. */
static int
set_up(void **state)
{
	char *folder = strdup("/tmp/poolshift-journal-XXXXXX");

	assert_non_null(mkdtemp(folder));
	*state = folder;
	return 0;
}

static int
tear_down(void **state)
{
	char **names, path[500];
	size_t count;

	assert_true(file_list(*state, "", &names, &count, NULL));
	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", (char *)*state, names[i]);
		unlink(path);
	}
	file_list_free(names, count);
	rmdir(*state);
	free(*state);
	return 0;
}

static struct journal *
open_as(const char *folder, const char *context, struct err *err)
{
	return journal_open(
		&(struct journal_where){
			.state_folder = folder,
			.context = context,
			.server = "https://10.0.0.1",
			.cluster = "c-1",
			.user = "operator@example.com",
			.reason = "quarterly upgrade",
		},
		err);
}

static struct journal *
open_in(void **state)
{
	struct err err = { 0 };
	struct journal *journal = open_as(*state, "prod", &err);

	if (journal == NULL)
		fail_msg("%s", err.text);
	return journal;
}

static const struct intent patch = {
	.verb = VERB_PATCH,
	.kind = KIND_SERVICE,
	.group = "",
	.version = "v1",
	.resource = "services",
	.ns = "default",
	.name = "s",
	.uid = "u1",
	.version_seen = "41",
	.body = "[{\"op\":\"replace\",\"path\":\"/spec/x\",\"value\":1}]",
	.step = STEP_SHIFT,
	.pair = "default/p",
	.title = "Service default/s",
	.summary = "x  1 → 2",
};

static int64_t
write_one(struct journal *journal, const struct intent *intent, int64_t undoes, bool dry_run)
{
	struct json *before = json_parse(BEFORE, strlen(BEFORE), NULL);
	struct err err = { 0 };
	int64_t id = 0;

	if (!journal_intent(journal, intent, before, dry_run, 5 * SECOND, undoes, &id, &err))
		fail_msg("%s", err.text);
	json_free(before);
	return id;
}

static void
end_one(struct journal *journal, int64_t id, enum journal_end end)
{
	struct json *result = json_parse(AFTER, strlen(AFTER), NULL);

	assert_true(journal_outcome(journal, id, end, 200, result, "", 31 * MILLISECOND, 6 * SECOND,
				    NULL));
	json_free(result);
}

static void
read_file(const char *path, struct buf *out)
{
	buf_init(out, BUF_MIB);
	assert_true(file_read(path, BUF_MIB, out, NULL));
}

static void
what_was_written_is_read_back_by_another_process(void **state)
{
	struct journal *journal = open_in(state);
	const struct journal_record *record;
	size_t count;

	end_one(journal, write_one(journal, &patch, 0, false), JOURNAL_DONE);
	write_one(journal, &patch, 0, false);
	journal_close(journal);
	journal = open_in(state);
	record = journal_records(journal, &count);
	assert_int_equal(count, 2);
	assert_int_equal(record->id, 1);
	assert_int_equal(record->wall, 5 * SECOND);
	assert_int_equal(record->end, JOURNAL_DONE);
	assert_int_equal(record->status, 200);
	assert_int_equal(record->latency, 31 * MILLISECOND);
	assert_string_equal(record->result_version, "42");
	assert_string_equal(record->before_version, "41");
	assert_string_equal(record->before, "{\"kind\":\"Service\",\"metadata\":{\"name\":\"s\"},"
					    "\"spec\":{\"note\":\"\xE2\x80\xAE caf\xC3\xA9 "
					    "\xF0\x9F\x98\x80\"}}");
	assert_string_equal(record->user, "operator@example.com");
	assert_string_equal(record->reason, "quarterly upgrade");
	assert_string_equal(record->context, "prod");
	assert_int_equal(record->intent.verb, VERB_PATCH);
	assert_int_equal(record->intent.kind, KIND_SERVICE);
	assert_int_equal(record->intent.step, STEP_SHIFT);
	assert_string_equal(record->intent.body, patch.body);
	assert_string_equal(record->intent.pair, "default/p");
	assert_string_equal(record->intent.summary, "x  1 → 2");
	assert_int_equal(record[1].end, JOURNAL_OPEN);
	journal_close(journal);
}

static void
without_an_answer_only_proof_says_whether_it_was_done(void **state)
{
	static const struct {
		enum verb verb;
		enum intent_met met;
		bool there;
		enum journal_end end;
	} rows[] = {
		{ VERB_PATCH, INTENT_MET, true, JOURNAL_DONE },
		{ VERB_PATCH, INTENT_NOT_MET, true, JOURNAL_NOT_SENT },
		{ VERB_PATCH, INTENT_CHANGED_BY_OTHER, true, JOURNAL_UNKNOWN },
		{ VERB_PATCH, INTENT_CHANGED_BY_OTHER, false, JOURNAL_UNKNOWN },
		{ VERB_APPLY, INTENT_NOT_MET, false, JOURNAL_UNKNOWN },
		{ VERB_CREATE, INTENT_NOT_MET, false, JOURNAL_UNKNOWN },
		{ VERB_DELETE, INTENT_MET, false, JOURNAL_DONE },
		{ VERB_DELETE, INTENT_NOT_MET, true, JOURNAL_NOT_SENT },
		{ VERB_DELETE, INTENT_CHANGED_BY_OTHER, true, JOURNAL_FAILED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct intent intent = { .verb = rows[i].verb };

		assert_int_equal(journal_end_seen(&intent, rows[i].met, rows[i].there),
				 rows[i].end);
	}
}

static void
looking_creates_no_file_and_what_is_created_is_private(void **state)
{
	struct journal *journal = open_in(state);
	struct stat st;

	assert_false(file_exists(journal_path(journal)));
	write_one(journal, &patch, 0, false);
	assert_int_equal(stat(journal_path(journal), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	journal_close(journal);
}

static void
the_intent_is_in_the_file_before_anything_is_answered(void **state)
{
	struct journal *journal = open_in(state);
	struct buf text;

	write_one(journal, &patch, 0, false);
	read_file(journal_path(journal), &text);
	assert_non_null(strstr(text.bytes, "\"type\":\"intent\""));
	assert_int_equal(text.bytes[text.length - 1], '\n');
	buf_release(&text);
	journal_close(journal);
}

static void
a_line_is_ascii_whatever_it_says(void **state)
{
	struct journal *journal = open_in(state);
	struct buf text;

	write_one(journal, &patch, 0, false);
	buf_init(&text, BUF_MIB);
	assert_true(journal_print(journal, &text));
	for (size_t i = 0; i < text.length; i++)
		assert_true(text.bytes[i] == '\n' ||
			    (text.bytes[i] >= ' ' && text.bytes[i] <= '~'));
	assert_non_null(strstr(text.bytes, "\\u202e caf\\u00e9 \\ud83d\\ude00"));
	buf_release(&text);
	journal_close(journal);
}

static void
append_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "a");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void
a_torn_last_line_is_dropped_with_a_note_and_written_over(void **state)
{
	struct journal *journal = open_in(state);
	size_t count;

	end_one(journal, write_one(journal, &patch, 0, false), JOURNAL_DONE);
	append_text(journal_path(journal), "{\"type\":\"intent\",\"id\":2,\"ti");
	journal_close(journal);
	journal = open_in(state);
	journal_records(journal, &count);
	assert_int_equal(count, 1);
	assert_non_null(strstr(journal_note(journal), "incomplete"));
	write_one(journal, &patch, 0, false);
	journal_close(journal);
	journal = open_in(state);
	assert_int_equal(journal_records(journal, &count)[1].id, 2);
	assert_int_equal(count, 2);
	assert_string_equal(journal_note(journal), "");
	assert_true(journal_check(journal_path(journal), NULL));
	journal_close(journal);
}

/* Changes one byte of the text `what` in the file. */
static void
change(const char *path, const char *what)
{
	struct buf text;
	char *at;

	read_file(path, &text);
	at = strstr(text.bytes, what);
	assert_non_null(at);
	at[0] ^= 1;
	assert_true(file_write(path, text.bytes, text.length, NULL));
	buf_release(&text);
}

static void
damage_in_the_middle_is_named_by_line_and_stops_everything(void **state)
{
	struct journal *journal = open_in(state);
	struct err err = { 0 };
	char path[500];

	end_one(journal, write_one(journal, &patch, 0, false), JOURNAL_DONE);
	write_one(journal, &patch, 0, false);
	snprintf(path, sizeof(path), "%s", journal_path(journal));
	journal_close(journal);
	assert_true(journal_check(path, NULL));
	change(path, "quarterly");
	assert_null(open_as(*state, "prod", &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_non_null(strstr(err.text, "Line 2 of the journal"));
	assert_non_null(strstr(err.text, path));
	assert_false(journal_check(path, NULL));
}

static void
a_line_taken_out_breaks_the_chain(void **state)
{
	struct journal *journal = open_in(state);
	struct buf text;
	struct err err = { 0 };
	char path[500], *second, *third;

	end_one(journal, write_one(journal, &patch, 0, false), JOURNAL_DONE);
	snprintf(path, sizeof(path), "%s", journal_path(journal));
	journal_close(journal);
	read_file(path, &text);
	second = strchr(text.bytes, '\n') + 1;
	third = strchr(second, '\n') + 1;
	memmove(second, third, strlen(third) + 1);
	assert_true(file_write(path, text.bytes, strlen(text.bytes), NULL));
	buf_release(&text);
	assert_false(journal_check(path, &err));
	assert_non_null(strstr(err.text, "Line 2"));
}

static void
the_last_write_is_found_until_it_is_taken_back(void **state)
{
	struct journal *journal = open_in(state);
	struct intent back = patch, other = patch;
	int64_t first, second, third;

	back.undo = true;
	other.kind = KIND_CONFIG_MAP;
	other.resource = "configmaps";
	assert_null(journal_last(journal, STEP_SHIFT, "default/p", VERB_PATCH, "default", "s"));
	first = write_one(journal, &patch, 0, false);
	end_one(journal, first, JOURNAL_DONE);
	second = write_one(journal, &patch, 0, false);
	end_one(journal, second, JOURNAL_DONE);
	end_one(journal, write_one(journal, &patch, 0, false), JOURNAL_FAILED);
	end_one(journal, write_one(journal, &patch, 0, true), JOURNAL_DONE);
	end_one(journal, write_one(journal, &other, 0, false), JOURNAL_DONE);
	assert_int_equal(journal_last_of(journal, STEP_SHIFT, "default/p", VERB_PATCH, KIND_SERVICE,
					 "default", "s")
				 ->id,
			 second);
	assert_null(journal_last(journal, STEP_SHIFT, "default/q", VERB_PATCH, "default", "s"));
	assert_null(journal_last(journal, STEP_ATTACH, "default/p", VERB_PATCH, "default", "s"));
	third = write_one(journal, &back, second, false);
	assert_int_equal(journal_last_of(journal, STEP_SHIFT, "default/p", VERB_PATCH, KIND_SERVICE,
					 "default", "s")
				 ->id,
			 second);
	end_one(journal, third, JOURNAL_DONE);
	assert_int_equal(journal_last_of(journal, STEP_SHIFT, "default/p", VERB_PATCH, KIND_SERVICE,
					 "default", "s")
				 ->id,
			 first);
	journal_close(journal);
}

static void
a_secret_leaves_nothing_but_its_name(void **state)
{
	struct journal *journal = open_in(state);
	struct intent secret = patch;
	struct buf text;

	secret.resource = "secrets";
	write_one(journal, &secret, 0, false);
	read_file(journal_path(journal), &text);
	assert_null(strstr(text.bytes, "caf"));
	assert_null(strstr(text.bytes, "/spec/x"));
	buf_release(&text);
	journal_close(journal);
}

static void
one_cluster_has_one_file_whatever_its_context_is_called(void **state)
{
	struct journal *journal = open_as(*state, "../../etc/a b\033[31m", NULL);
	struct journal *again;
	size_t count;

	assert_non_null(journal);
	write_one(journal, &patch, 0, false);
	assert_string_equal(strrchr(journal_path(journal), '/'),
			    "/______etc_a_b__31m-a6f7ef47ee8dc84a.jsonl");
	journal_close(journal);
	again = open_as(*state, "prod", NULL);
	journal_records(again, &count);
	assert_int_equal(count, 1);
	journal_close(again);
}

static void
two_processes_do_not_write_at_once(void **state)
{
	struct journal *one = open_in(state), *other = open_in(state);
	struct err err = { 0 };
	int64_t id;

	write_one(one, &patch, 0, false);
	assert_false(journal_intent(other, &patch, NULL, false, SECOND, 0, &id, &err));
	assert_int_not_equal(err.code, ERR_NONE);
	journal_close(one);
	assert_true(journal_intent(other, &patch, NULL, false, SECOND, 0, &id, NULL));
	assert_int_equal(id, 2);
	journal_close(other);
}

static void
damage_is_read_around_and_the_sentence_says_what_still_holds(void **state)
{
	struct journal *journal = open_in(state);
	struct journal_state found;
	struct err err = { 0 };
	char path[500];
	size_t count;

	end_one(journal, write_one(journal, &patch, 0, false), JOURNAL_DONE); /* lines 2 and 3 */
	end_one(journal, write_one(journal, &patch, 0, false), JOURNAL_DONE);
	snprintf(path, sizeof(path), "%s", journal_path(journal));
	journal_close(journal);
	change(path, "\"type\":\"outcome\"");
	assert_false(journal_examine(path, &found, &err));
	assert_int_equal(found.lines, 5);
	assert_int_equal(found.bad, 3);
	assert_non_null(strstr(err.text, "Line 3 of the journal"));
	assert_non_null(strstr(err.text, "the 2 before it can be relied on, and of the 2 after it "
					 "2 are whole in themselves"));
	err = (struct err){ 0 };
	journal = journal_read(path, &err);
	assert_non_null(journal);
	assert_int_equal(err.code, ERR_INPUT);
	assert_int_equal(journal_records(journal, &count)[0].end, JOURNAL_OPEN);
	assert_int_equal(count, 2);
	assert_int_equal(journal_records(journal, &count)[1].end, JOURNAL_DONE);
	assert_string_equal(journal_whose(journal)->cluster, "c-1");
	journal_close(journal);
}

static void
a_damaged_journal_is_found_where_it_lies_and_left_as_it_is(void **state)
{
	const struct journal_where where = { .state_folder = *state,
					     .context = "prod",
					     .server = "https://10.0.0.1",
					     .cluster = "c-1" };
	struct journal *journal = open_in(state);
	struct buf before, after;
	char path[500], *found;

	write_one(journal, &patch, 0, false);
	snprintf(path, sizeof(path), "%s", journal_path(journal));
	journal_close(journal);
	change(path, "quarterly");
	read_file(path, &before);
	assert_null(open_as(*state, "prod", NULL));
	found = journal_locate(&where);
	assert_string_equal(found, path);
	read_file(path, &after);
	assert_string_equal(after.bytes, before.bytes);
	buf_release(&before);
	buf_release(&after);
	free(found);
}

static void
what_a_change_made_of_the_object_is_kept_for_the_reader_alone(void **state)
{
	struct journal *journal = open_in(state);
	char path[500];
	size_t count;

	end_one(journal, write_one(journal, &patch, 0, false), JOURNAL_DONE);
	assert_true(journal_records(journal, &count)[0].after[0] == '\0');
	snprintf(path, sizeof(path), "%s", journal_path(journal));
	journal_close(journal);
	journal = journal_read(path, NULL);
	assert_string_equal(journal_records(journal, &count)[0].after,
			    "{\"kind\":\"Service\",\"metadata\":{\"name\":\"s\"},"
			    "\"spec\":{\"note\":\"changed\"}}");
	assert_int_equal(journal_records(journal, &count)[0].ended, 6 * SECOND);
	journal_close(journal);
}

static const struct check checks[] = {
	{ .name = "picker-available",
	  .object = "default/p-ga-epp",
	  .ok = true,
	  .detail = "1 of 1" },
};
static const struct verification passed = {
	.ran = true,
	.ok = true,
	.wall = 7 * SECOND,
	.pair = "default/p",
	.checks = checks,
	.check_count = 1,
	.probed = true,
	.probe = { .url = "http://10.0.0.7/",
		   .status = 200,
		   .latency = 41 * MILLISECOND,
		   .served_by = "ga",
		   .error = "" },
};

static void
runs_and_checks_are_noted_and_the_chain_holds(void **state)
{
	const struct loss loss = {
		.object = "InferenceModel default/m",
		.field = "spec.modelName",
		.value = "m",
		.why = "no field",
		.instead = "a header",
		.yaml = "a: 1\n",
	};
	struct journal *journal = open_in(state);
	char path[500];
	size_t count;

	assert_true(journal_note_run(journal,
				     &(struct journal_run){ .wall = SECOND,
							    .program = "poolshift 9",
							    .server_version = "v1.34.4",
							    .procedure = "simple",
							    .losses = &loss,
							    .loss_count = 1 },
				     NULL));
	end_one(journal, write_one(journal, &patch, 0, false), JOURNAL_DONE);
	assert_true(journal_note_checks(journal, &passed, NULL));
	end_one(journal, write_one(journal, &patch, 0, false), JOURNAL_DONE);
	snprintf(path, sizeof(path), "%s", journal_path(journal));
	journal_close(journal);
	assert_true(journal_check(path, NULL));
	journal = journal_read(path, NULL);
	assert_string_equal(journal_runs(journal, &count)->program, "poolshift 9");
	assert_string_equal(journal_runs(journal, &count)->user, "operator@example.com");
	assert_string_equal(journal_runs(journal, &count)->losses[0].yaml, "a: 1\n");
	assert_int_equal(count, 1);
	assert_int_equal(journal_checks(journal, &count)->probe.status, 200);
	assert_string_equal(journal_checks(journal, &count)->checks[0].detail, "1 of 1");
	assert_int_equal(count, 1);
	journal_close(journal);
}

static void
checks_before_the_first_write_leave_no_file_and_later_ones_no_lock(void **state)
{
	struct journal *looker = open_in(state), *writer = open_in(state);

	assert_true(journal_note_checks(looker, &passed, NULL));
	assert_false(file_exists(journal_path(looker)));
	journal_close(looker);
	end_one(writer, write_one(writer, &patch, 0, false), JOURNAL_DONE);
	journal_close(writer);
	looker = open_in(state);
	writer = open_in(state);
	assert_true(journal_note_checks(looker, &passed, NULL));
	end_one(writer, write_one(writer, &patch, 0, false), JOURNAL_DONE);
	assert_true(journal_check(journal_path(writer), NULL));
	journal_close(looker);
	journal_close(writer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_written_is_read_back_by_another_process),
		TEST(without_an_answer_only_proof_says_whether_it_was_done),
		TEST(looking_creates_no_file_and_what_is_created_is_private),
		TEST(the_intent_is_in_the_file_before_anything_is_answered),
		TEST(a_line_is_ascii_whatever_it_says),
		TEST(a_torn_last_line_is_dropped_with_a_note_and_written_over),
		TEST(damage_in_the_middle_is_named_by_line_and_stops_everything),
		TEST(a_line_taken_out_breaks_the_chain),
		TEST(the_last_write_is_found_until_it_is_taken_back),
		TEST(a_secret_leaves_nothing_but_its_name),
		TEST(one_cluster_has_one_file_whatever_its_context_is_called),
		TEST(two_processes_do_not_write_at_once),
		TEST(damage_is_read_around_and_the_sentence_says_what_still_holds),
		TEST(a_damaged_journal_is_found_where_it_lies_and_left_as_it_is),
		TEST(what_a_change_made_of_the_object_is_kept_for_the_reader_alone),
		TEST(runs_and_checks_are_noted_and_the_chain_holds),
		TEST(checks_before_the_first_write_leave_no_file_and_later_ones_no_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
