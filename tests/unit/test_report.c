#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "core/base/text.h"
#include "tests/unit/journal_made.h"
#include "tui/report/chart.h"
#include "tui/report/report.h"

#define HOSTILE "<script>alert(1)</script> | **bold** `x` [l](javascript:1) \"' &amp; \033[31m"

struct told { /* a report in every form, and what it is told from */
	struct made made;
	struct snapshot *snapshot;
	struct settings settings;
	struct buf text;
};

static struct pair pairs[1];
static const struct step_status done = { STATE_DONE, "", "", "", 0 };
static const struct step_status stuck = { STATE_BLOCKED, "the controller serves one group only",
					  "HTTPRoute default/r", "wait for it", 0 };

static void
begin(struct told *told, const char *reason)
{
	struct snapshot *snapshot = snapshot_new();

	*told = (struct told){ .snapshot = snapshot, .settings = settings_default() };
	made_begin(&told->made, reason);
	told->settings.state_folder = told->made.folder;
	snapshot->wall = told->made.wall;
	snapshot->link = (struct link){ .context = "prod",
					.server = "https://10.0.0.1",
					.user = "me",
					.text = "",
					.ns = "",
					.warnings = "" };
	snapshot->journal_path = told->made.path;
	snapshot->verification.pair = "";
	pairs[0] = (struct pair){ .ns = "default",
				  .alpha = "p",
				  .ga = "p-ga",
				  .alpha_uid = "",
				  .ga_uid = "u2",
				  .written = PPM_ALL };
	snapshot->plan = (struct plan){ .pairs = pairs,
					.pair_count = 1,
					.next = STEP_COUNT,
					.ever_migrated = true,
					.steps = { { STEP_CRDS, done }, { STEP_ATTACH, done } },
					.step_count = 2 };
	buf_init(&told->text, 16 * BUF_MIB);
}

static const char *
print(struct told *told, enum report_form form)
{
	struct record *record = record_new(told->made.path, RECORD_WHOLE);
	const struct report_input input = { told->snapshot, &told->settings, record,
					    "poolshift 9" };

	buf_clear(&told->text);
	assert_true(report_print(&input, form, 80, &told->text));
	record_free(record);
	return told->text.bytes;
}

static void
end(struct told *told)
{
	buf_release(&told->text);
	snapshot_free(told->snapshot);
	made_end(&told->made);
}

static void
every_form_tells_the_same(void **state)
{
	static const enum report_form forms[] = { REPORT_TEXT, REPORT_MARKDOWN, REPORT_HTML };
	static const char *const parts[] = {
		"Change record",
		"Migrated.",
		"https://10.0.0.1",
		"operator@example.com",
		"quarterly",
		"weight: 75",
		"none: at every write a pool stood behind",
		"attach",
		"HTTP 200 in 41 ms",
		"--verify",
	};
	struct told told;

	(void)state;
	begin(&told, "quarterly");
	made_shift(&told.made, STEP_SHIFT, 90, 10, 75, 25);
	for (size_t f = 0; f < sizeof(forms) / sizeof(forms[0]); f++) {
		const char *text = print(&told, forms[f]);

		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			if (strstr(text, parts[i]) == NULL)
				fail_msg("form %zu does not say \"%s\"", f, parts[i]);
	}
	end(&told);
}

static void
a_page_of_html_needs_nothing_and_runs_nothing(void **state)
{
	static const char *const never[] = { "<script", "<link", "<img",   "src=", "href=",
					     "@import", "url(",  "onload", "\033" };
	struct intent intent = made_intent(VERB_PATCH, KIND_SERVICE, HOSTILE, STEP_CLEANUP);
	struct told told;
	const char *page;

	(void)state;
	begin(&told, HOSTILE);
	intent.summary = HOSTILE "\n</pre>" HOSTILE;
	intent.pair = "default/" HOSTILE;
	made_write(&told.made, &intent, "{\"</pre><script>\":\"<script>\"}",
		   "{\"a\":\"</pre><script>\"}", JOURNAL_FAILED, 0);
	told.snapshot->link.context = HOSTILE;
	pairs[0].ga = HOSTILE;
	page = print(&told, REPORT_HTML);
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (strstr(page, never[i]) != NULL)
			fail_msg("the page holds \"%s\"", never[i]);
	assert_non_null(strstr(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
	assert_non_null(strstr(page, "&amp;amp;"));
	assert_non_null(strstr(page, "default-src 'none'"));
	assert_non_null(strstr(page, "@media screen and (prefers-color-scheme: dark)"));
	end(&told);
}

static void
nothing_from_outside_is_markup_in_markdown(void **state)
{
	struct intent intent = made_intent(VERB_DELETE, KIND_SERVICE, HOSTILE, STEP_CLEANUP);
	struct told told;
	const char *page;

	(void)state;
	begin(&told, HOSTILE);
	made_write(&told.made, &intent, "{\"a\":\"````\\n# big\"}", NULL, JOURNAL_DONE, 0);
	page = print(&told, REPORT_MARKDOWN);
	assert_null(strstr(page, "\033"));
	assert_null(strstr(page, " **bold**"));
	assert_non_null(strstr(page,
			       "\\<script\\>alert(1)\\</script\\> \\| \\*\\*bold\\*\\* \\`x\\` "
			       "\\[l\\](javascript:1)"));
	assert_non_null(strstr(page, "\n`````diff\n"));
	end(&told);
}

static void
without_a_journal_it_says_what_it_cannot_know(void **state)
{
	struct told told;

	(void)state;
	begin(&told, "");
	assert_non_null(strstr(print(&told, REPORT_MARKDOWN), "This machine has no journal of this "
							      "cluster at "));
	assert_non_null(strstr(told.text.bytes, "cannot be known from the cluster"));
	assert_non_null(strstr(told.text.bytes, "Not known: the objects it would be read from"));
	assert_null(strstr(told.text.bytes, "## Writes"));
	told.snapshot->plan.ever_migrated = false;
	assert_non_null(strstr(print(&told, REPORT_MARKDOWN), "No trace of a migration."));
	end(&told);
}

static void
the_verdict_is_what_the_cluster_and_the_journal_say_together(void **state)
{
	struct intent undo = made_intent(VERB_PATCH, KIND_ROUTE, "r", STEP_SHIFT);
	struct told told;
	int64_t id;

	(void)state;
	undo.undo = true;
	begin(&told, "");
	told.snapshot->plan.next = STEP_ATTACH;
	told.snapshot->plan.steps[1].status = stuck;
	id = made_shift(&told.made, STEP_SHIFT, 1, 0, 1, 1);
	assert_non_null(
		strstr(print(&told, REPORT_TEXT), "✗ Not finished: attach is next, blocked."));
	assert_non_null(strstr(told.text.bytes, "the controller serves one group only"));
	made_write(&told.made, &undo, NULL, NULL, JOURNAL_DONE, id);
	assert_non_null(strstr(print(&told, REPORT_TEXT), "✓ Rolled back."));
	made_write(&told.made, &undo, NULL, NULL, JOURNAL_OPEN, id);
	assert_non_null(strstr(print(&told, REPORT_TEXT), "✗ Not settled: of 1 writes"));
	end(&told);
}

static void
a_share_over_time_is_drawn_in_blocks(void **state)
{
	const struct record_point points[] = { { 0, 0 },
					       { 16 * SECOND, PPM_ALL / 2 },
					       { 32 * SECOND, PPM_UNKNOWN },
					       { 48 * SECOND, PPM_ALL } };
	const struct record_share share = { "default/p", points, 4 };
	struct buf out;

	(void)state;
	buf_init(&out, 64 * BUF_KIB);
	chart_blocks(&out, &share, 52, 0);
	assert_string_equal(out.bytes, "100 % ┤                             ××××××××××××××██\n"
				       "      │                             ××××××××××××××██\n"
				       "      │                             ××××××××××××××██\n"
				       " 50 % ┤                █████████████××××××××××××××██\n"
				       "      │                █████████████××××××××××××××██\n"
				       "      │                █████████████××××××××××××××██\n"
				       "  0 % ┼─────────────────────────────────────────────\n"
				       "        1969-12-31T23:59:57Z    1970-01-01T00:00:51Z\n"
				       "        × no pool of the pair behind any rule\n");
	buf_release(&out);
}

static void
a_gap_shorter_than_a_column_is_still_seen(void **state)
{
	const struct record_point points[] = { { 0, 0 },
					       { 500 * SECOND, PPM_UNKNOWN },
					       { 501 * SECOND, PPM_ALL },
					       { 900 * SECOND, 0 } };
	const struct record_share share = { "default/p", points, 4 };

	(void)state;
	assert_int_equal(chart_during(&share, 490 * SECOND, 510 * SECOND), PPM_UNKNOWN);
	assert_int_equal(chart_during(&share, 502 * SECOND, 510 * SECOND), PPM_ALL);
	assert_int_equal(chart_at(&share, -SECOND), 0);
}

static void
ticks_are_round_and_as_fine_as_they_fit(void **state)
{
	char text[16];

	(void)state;
	assert_int_equal(chart_tick((struct chart_span){ 0, 8 * SECOND }, 9), SECOND);
	assert_int_equal(chart_tick((struct chart_span){ 0, 5 * MINUTE }, 9), MINUTE);
	assert_int_equal(chart_tick((struct chart_span){ 0, 20 * HOUR }, 9), 3 * HOUR);
	chart_time(INT64_C(1790000000) * SECOND, SECOND, text);
	assert_string_equal(text, "14:13:20");
	chart_time(INT64_C(1790000000) * SECOND, HOUR, text);
	assert_string_equal(text, "14:13");
	chart_time(INT64_C(1790000000) * SECOND, 24 * HOUR, text);
	assert_string_equal(text, "09-21");
}

static void
it_is_saved_for_its_owner_alone_and_says_where(void **state)
{
	struct told told;
	struct buf text, path;
	struct stat st;
	char other[600];

	(void)state;
	begin(&told, "");
	made_shift(&told.made, STEP_SHIFT, 1, 0, 1, 1);
	buf_init(&text, BUF_MIB);
	buf_init(&path, BUF_KIB);
	assert_true(report_show(told.snapshot, &told.settings, 76, &text, &path, NULL));
	assert_true(text_ends(path.bytes, "/report-20260921T141320Z.html"));
	assert_int_equal(stat(path.bytes, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	snprintf(other, sizeof(other), "%.*s.md", (int)(path.length - 5), path.bytes);
	assert_int_equal(stat(other, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(text_starts(text.bytes, "Change record\n"));
	told.settings.state_folder = "/proc/nowhere";
	buf_clear(&text);
	assert_false(report_show(told.snapshot, &told.settings, 76, &text, &path, NULL));
	assert_true(text_starts(text.bytes, "Change record\n"));
	buf_release(&text);
	buf_release(&path);
	end(&told);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_tells_the_same),
		cmocka_unit_test(a_page_of_html_needs_nothing_and_runs_nothing),
		cmocka_unit_test(nothing_from_outside_is_markup_in_markdown),
		cmocka_unit_test(without_a_journal_it_says_what_it_cannot_know),
		cmocka_unit_test(the_verdict_is_what_the_cluster_and_the_journal_say_together),
		cmocka_unit_test(a_share_over_time_is_drawn_in_blocks),
		cmocka_unit_test(a_gap_shorter_than_a_column_is_still_seen),
		cmocka_unit_test(ticks_are_round_and_as_fine_as_they_fit),
		cmocka_unit_test(it_is_saved_for_its_owner_alone_and_says_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
