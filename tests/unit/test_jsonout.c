#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/json.h"
#include "tui/plain/jsonout.h"

static int
begin(void **state)
{
	static struct buf page;

	buf_init(&page, BUF_MIB);
	*state = &page;
	return 0;
}

static int
end(void **state)
{
	buf_release(*state);
	return 0;
}

static void
members_stand_in_the_order_of_the_calls(void **state)
{
	struct jsonout out = { .buf = *state };

	jsonout_open(&out, NULL, '{');
	jsonout_string(&out, "kind", "Status");
	jsonout_open(&out, "pools", '[');
	jsonout_name(&out, NULL, "default", "a");
	jsonout_name(&out, NULL, "", "b");
	jsonout_close(&out, ']');
	jsonout_open(&out, "none", '{');
	jsonout_close(&out, '}');
	jsonout_bool(&out, "ok", false);
	jsonout_integer(&out, "port", 9002);
	jsonout_close(&out, '}');
	assert_string_equal(out.buf->bytes, "{\"kind\":\"Status\",\"pools\":[\"default/a\",\"b\"],"
					    "\"none\":{},\"ok\":false,\"port\":9002}");
}

static void
nothing_is_null_and_a_ratio_has_no_more_digits_than_it_needs(void **state)
{
	struct jsonout out = { .buf = *state };

	jsonout_open(&out, NULL, '[');
	jsonout_text(&out, NULL, "");
	jsonout_string(&out, NULL, NULL);
	jsonout_ratio(&out, NULL, -1, 10000);
	jsonout_ratio(&out, NULL, 250000, 10000);
	jsonout_ratio(&out, NULL, 125000, 10000);
	jsonout_ratio(&out, NULL, 1, 3);
	jsonout_close(&out, ']');
	assert_string_equal(out.buf->bytes, "[null,null,null,25,12.5,0.333333]");
}

static void
what_stands_in_a_string_reads_back_and_moves_no_terminal(void **state)
{
	struct jsonout out = { .buf = *state };
	struct json *json;

	jsonout_open(&out, NULL, '[');
	jsonout_string(&out, NULL, "a \"b\" \\ c\nd \033[31m é");
	jsonout_close(&out, ']');
	assert_null(strchr(out.buf->bytes, '\033'));
	json = json_parse(out.buf->bytes, out.buf->length, NULL);
	assert_string_equal(json_string(json_item(json, 0)), "a \"b\" \\ c\nd �[31m é");
	json_free(json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(members_stand_in_the_order_of_the_calls, begin,
						end),
		cmocka_unit_test_setup_teardown(
			nothing_is_null_and_a_ratio_has_no_more_digits_than_it_needs, begin, end),
		cmocka_unit_test_setup_teardown(
			what_stands_in_a_string_reads_back_and_moves_no_terminal, begin, end),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
