#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <locale.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/base/utf8.h"

/* Results are compared inside one statement; each call's text lives until the next. */
static const char *
kept(struct buf *out)
{
	static char text[2048];

	assert_true(out->length < sizeof(text));
	memcpy(text, out->bytes, out->length + 1);
	buf_release(out);
	return text;
}

static const char *
cleaned(const char *bytes)
{
	struct buf out;

	buf_init(&out, 2 * BUF_KIB);
	assert_true(text_clean(&out, bytes, strlen(bytes)));
	return kept(&out);
}

static const char *
fitted(const char *text, int cells)
{
	struct buf out;

	buf_init(&out, 2 * BUF_KIB);
	assert_true(text_fit(&out, text, cells, false));
	return kept(&out);
}

static void
what_a_terminal_could_act_on_becomes_visible(void **state)
{
	(void)state;
	assert_string_equal(cleaned("plain ~!"), "plain ~!");
	assert_string_equal(cleaned("a\x1b[31mred"), "a\uFFFD[31mred");
	assert_string_equal(cleaned("a\rb\bc\x7f"), "a\uFFFDb\uFFFDc\uFFFD");
	assert_string_equal(cleaned("a\tb\nc\r\nd"), "a b c d");
	assert_string_equal(cleaned("\xc2\x9b"
				    "31m"),
			    "\uFFFD31m");
}

static void
hidden_characters_become_visible(void **state)
{
	(void)state;
	assert_string_equal(cleaned("a\u202Eb"), "a\uFFFDb");
	assert_string_equal(cleaned("a\u2066b\u200Bc\u2028d\uFEFFe"),
			    "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe");
	assert_string_equal(cleaned("\U000E0041"), "\uFFFD");
}

static void
bytes_that_are_not_utf8_become_the_replacement_one_by_one(void **state)
{
	(void)state;
	assert_string_equal(cleaned("a\xff\xfe"
				    "b"),
			    "a\uFFFD\uFFFDb");
	assert_string_equal(cleaned("\xc0\xaf"), "\uFFFD\uFFFD");
	assert_string_equal(cleaned("\xe2\x82"), "\uFFFD\uFFFD");
	assert_string_equal(cleaned("日本 é µ"), "日本 é µ");
}

static void
at_most_four_marks_follow_a_character(void **state)
{
	(void)state;
	assert_string_equal(cleaned("e\u0301\u0301\u0301\u0301\u0301\u0301x"),
			    "e\u0301\u0301\u0301\u0301x");
	assert_string_equal(cleaned("\u0301x"), "\uFFFDx");
}

static void
lines_are_kept_where_they_are_wanted(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	assert_true(text_clean_lines(&out, "a\r\nb\n\tc\r", 8));
	assert_string_equal(kept(&out), "a\nb\n c\uFFFD");
}

static void
a_full_buffer_is_told(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 3);
	assert_false(text_clean(&out, "abcd", 4));
	buf_clear(&out);
	assert_false(text_clean(&out, "ab\x1b", 3));
	buf_release(&out);
}

static void
width_counts_cells(void **state)
{
	int width;

	(void)state;
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("日本"), 4);
	assert_int_equal(text_width("e\u0301x"), 2);
	assert_int_equal(text_grapheme("e\u0301x", &width), 3);
	assert_int_equal(text_grapheme("日x", &width), 3);
	assert_int_equal(width, 2);
	assert_int_equal(text_grapheme("", &width), 0);
}

static void
what_does_not_fit_ends_in_an_ellipsis(void **state)
{
	struct buf out;

	(void)state;
	assert_string_equal(fitted("vllm-llama3", 11), "vllm-llama3");
	assert_string_equal(fitted("vllm-llama3", 10), "vllm-llam…");
	assert_string_equal(fitted("日本語", 5), "日本…");
	assert_string_equal(fitted("日本語", 4), "日…");
	assert_string_equal(fitted("abc", 0), "");
	buf_init(&out, 100);
	assert_true(text_fit(&out, "abcd", 3, true));
	assert_string_equal(kept(&out), "ab~");
}

static void
filters_ignore_case(void **state)
{
	(void)state;
	assert_true(text_contains("Food-Review", "od-r"));
	assert_true(text_contains("x", ""));
	assert_false(text_contains("food", "foods"));
	assert_true(text_equal(NULL, NULL));
	assert_false(text_equal("", NULL));
	assert_true(text_starts("base-model", "base"));
	assert_false(text_ends("el", "model"));
}

static void
dns_names_follow_rfc_1123(void **state)
{
	char long_label[65];

	(void)state;
	memset(long_label, 'a', 64);
	long_label[64] = '\0';
	assert_true(text_is_dns_label("vllm-llama3-8b-instruct"));
	assert_true(text_is_dns_label(long_label + 1));
	assert_false(text_is_dns_label(long_label));
	assert_false(text_is_dns_label("-a"));
	assert_false(text_is_dns_label("a."));
	assert_false(text_is_dns_label("A"));
	assert_false(text_is_dns_label(""));
	assert_false(text_is_dns_label(NULL));
	assert_true(text_is_dns_subdomain("inference.networking.k8s.io"));
	assert_false(text_is_dns_subdomain("a..b"));
	assert_false(text_is_dns_subdomain("a."));
}

static void
durations_are_those_of_go(void **state)
{
	int64_t ns = 7;
	struct err err;

	(void)state;
	assert_true(text_duration("0", &ns, NULL) && ns == 0);
	assert_true(text_duration("500ms", &ns, NULL) && ns == 500 * MILLISECOND);
	assert_true(text_duration("1m30s", &ns, NULL) && ns == 90 * SECOND);
	assert_true(text_duration("1.5h", &ns, NULL) && ns == 90 * MINUTE);
	assert_true(text_duration("3us", &ns, NULL) && ns == 3000);
	assert_false(text_duration("5", &ns, NULL));
	assert_false(text_duration("", &ns, NULL));
	assert_false(text_duration("-1s", &ns, NULL));
	assert_false(text_duration("9999999999999h", &ns, NULL));
	assert_false(text_duration("2 s", &ns, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.text, "\"2 s\" is not a duration; write 500ms, 2s, 1m30s or 0.");
}

static void
percentages_are_exact(void **state)
{
	int64_t ppm = 7;

	(void)state;
	assert_true(text_percent("25", &ppm, NULL) && ppm == 250000);
	assert_true(text_percent("12.5%", &ppm, NULL) && ppm == 125000);
	assert_true(text_percent("0.01 %", &ppm, NULL) && ppm == 100);
	assert_true(text_percent("100", &ppm, NULL) && ppm == 1000000);
	assert_true(text_percent("0", &ppm, NULL) && ppm == 0);
	assert_false(text_percent("100.0001", &ppm, NULL));
	assert_false(text_percent("0.00001", &ppm, NULL));
	assert_false(text_percent("-1", &ppm, NULL));
	assert_false(text_percent("1e1", &ppm, NULL));
	assert_false(text_percent("%", &ppm, NULL));
	assert_false(text_percent(".", &ppm, NULL));
}

static void
whole_numbers_stay_within_their_limits(void **state)
{
	int64_t value = 7;

	(void)state;
	assert_true(text_integer("-3", -5, 5, &value, NULL) && value == -3);
	assert_true(text_integer("5", -5, 5, &value, NULL) && value == 5);
	assert_true(text_integer("9223372036854775807", 0, INT64_MAX, &value, NULL));
	assert_true(value == INT64_MAX);
	assert_false(text_integer("9223372036854775808", INT64_MIN, INT64_MAX, &value, NULL));
	assert_true(text_integer("-9223372036854775808", INT64_MIN, 0, &value, NULL));
	assert_false(text_integer("6", -5, 5, &value, NULL));
	assert_false(text_integer("-", -5, 5, &value, NULL));
	assert_false(text_integer("4x", -5, 5, &value, NULL));
	assert_false(text_integer("", -5, 5, &value, NULL));
}

static void
ages_and_shares_are_short(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 200);
	text_age(&out, 400 * MILLISECOND);
	text_age(&out, 14 * SECOND);
	text_age(&out, 12 * MINUTE + 59 * SECOND);
	text_age(&out, 3 * HOUR);
	text_age(&out, 5 * 24 * HOUR);
	text_age(&out, -1);
	assert_string_equal(out.bytes, "0.4s14s12m3h5d0.0s");
	buf_clear(&out);
	text_ppm(&out, 250000);
	text_ppm(&out, 125000);
	text_ppm(&out, 1);
	text_ppm(&out, 0);
	assert_string_equal(kept(&out), "25 %12.5 %0.0001 %0 %");
}

static void
shell_words_are_quoted_only_where_they_must(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 200);
	text_shell_word(&out, "--type=merge");
	buf_putc(&out, ' ');
	text_shell_word(&out, "it's $HOME");
	buf_putc(&out, ' ');
	text_shell_word(&out, "");
	assert_string_equal(kept(&out), "--type=merge 'it'\\''s $HOME' ''");
}

static const char *
decoded(const char *text)
{
	struct buf out;

	buf_init(&out, 200);
	if (text_base64_decode(&out, text, strlen(text)))
		return kept(&out);
	buf_release(&out);
	return "refused";
}

static void
base64_is_read_with_line_ends_and_nothing_else_between(void **state)
{
	(void)state;
	assert_string_equal(decoded("Zm9v\r\nYmFy"), "foobar");
	assert_string_equal(decoded("Zm8="), "fo");
	assert_string_equal(decoded(" Zg = =\n"), "f");
	assert_string_equal(decoded(""), "");
	assert_string_equal(decoded("Zg=a"), "refused");
	assert_string_equal(decoded("Zg"), "refused");
	assert_string_equal(decoded("Zg==Zg=="), "refused");
	assert_string_equal(decoded("Z==="), "refused");
	assert_string_equal(decoded("Zm9v="), "refused");
	assert_string_equal(decoded("Zm-v"), "refused");
}

static void
base64_comes_back_as_it_was(void **state)
{
	char bytes[256];
	struct buf text, back;

	(void)state;
	for (int i = 0; i < 256; i++)
		bytes[i] = (char)i;
	buf_init(&text, 1000);
	buf_init(&back, 1000);
	for (size_t length = 253; length <= 256; length++) {
		buf_clear(&text);
		buf_clear(&back);
		assert_true(text_base64_encode(&text, bytes, length));
		assert_true(text_base64_decode(&back, text.bytes, text.length));
		assert_int_equal(back.length, length);
		assert_memory_equal(back.bytes, bytes, length);
	}
	buf_release(&text);
	buf_release(&back);
}

static void
only_shortest_utf8_within_unicode_is_decoded(void **state)
{
	uint32_t code = 0;

	(void)state;
	assert_int_equal(utf8_decode("\xf4\x8f\xbf\xbf", 4, &code), 4);
	assert_int_equal(code, 0x10FFFF);
	assert_int_equal(utf8_decode("\xf4\x90\x80\x80", 4, &code), 0);
	assert_int_equal(utf8_decode("\xed\xa0\x80", 3, &code), 0);
	assert_int_equal(utf8_decode("\xe0\x80\x80", 3, &code), 0);
	assert_int_equal(utf8_decode("\xe2\x82\xac", 2, &code), 0);
	assert_int_equal(utf8_decode("", 0, &code), 0);
}

static void
code_points_are_written_as_they_are_read(void **state)
{
	static const uint32_t codes[] = { 0x41, 0x7FF, 0x800, 0x20AC, 0xFFFD, 0x10000, 0x10FFFF };

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct buf out;
		uint32_t code = 0;

		buf_init(&out, 8);
		assert_true(utf8_add(&out, codes[i]));
		assert_int_equal(utf8_decode(out.bytes, out.length, &code), out.length);
		assert_int_equal(code, codes[i]);
		buf_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_terminal_could_act_on_becomes_visible),
		cmocka_unit_test(hidden_characters_become_visible),
		cmocka_unit_test(bytes_that_are_not_utf8_become_the_replacement_one_by_one),
		cmocka_unit_test(at_most_four_marks_follow_a_character),
		cmocka_unit_test(lines_are_kept_where_they_are_wanted),
		cmocka_unit_test(a_full_buffer_is_told),
		cmocka_unit_test(width_counts_cells),
		cmocka_unit_test(what_does_not_fit_ends_in_an_ellipsis),
		cmocka_unit_test(filters_ignore_case),
		cmocka_unit_test(dns_names_follow_rfc_1123),
		cmocka_unit_test(durations_are_those_of_go),
		cmocka_unit_test(percentages_are_exact),
		cmocka_unit_test(whole_numbers_stay_within_their_limits),
		cmocka_unit_test(ages_and_shares_are_short),
		cmocka_unit_test(shell_words_are_quoted_only_where_they_must),
		cmocka_unit_test(base64_is_read_with_line_ends_and_nothing_else_between),
		cmocka_unit_test(base64_comes_back_as_it_was),
		cmocka_unit_test(only_shortest_utf8_within_unicode_is_decoded),
		cmocka_unit_test(code_points_are_written_as_they_are_read),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
