#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/model/kind.h"
#include "core/model/plan.h"

static void
both_pool_groups_are_told_apart_by_group(void **state)
{
	(void)state;
	assert_int_equal(kind_of("inference.networking.x-k8s.io", "inferencepools"),
			 KIND_ALPHA_POOL);
	assert_int_equal(kind_of("inference.networking.k8s.io", "inferencepools"), KIND_GA_POOL);
	assert_int_equal(kind_of_object("inference.networking.x-k8s.io/v1alpha2", "InferencePool"),
			 KIND_ALPHA_POOL);
	assert_int_equal(kind_of_object("inference.networking.k8s.io/v1", "InferencePool"),
			 KIND_GA_POOL);
}

static void
a_foreign_group_or_kind_is_none_of_ours(void **state)
{
	(void)state;
	assert_int_equal(kind_of("inference.networking", "inferencepools"), KIND_COUNT);
	assert_int_equal(kind_of("", "secrets"), KIND_COUNT);
	assert_int_equal(kind_of_object("v1", "Secret"), KIND_COUNT);
	assert_int_equal(kind_of_object("inference.networking/v1", "InferencePool"), KIND_COUNT);
}

static void
the_core_group_has_an_empty_name_and_a_bare_version(void **state)
{
	(void)state;
	assert_int_equal(kind_of("", "services"), KIND_SERVICE);
	assert_int_equal(kind_of_object("v1", "Service"), KIND_SERVICE);
	assert_string_equal(kind_api_version(KIND_SERVICE), "v1");
	assert_string_equal(kind_api_version(KIND_DEPLOYMENT), "apps/v1");
}

static void
every_row_stands_at_its_kind_and_is_found_by_its_words(void **state)
{
	(void)state;
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		const struct kind_row *row = kind_row(kind);
		const char *api_version = kind_api_version(kind);
		size_t length = strlen(row->group);

		assert_int_equal(row->kind, kind);
		assert_int_equal(kind_of(row->group, row->resource), kind);
		assert_int_equal(kind_of_object(api_version, row->object), kind);
		assert_memory_equal(api_version, row->group, length);
		assert_string_equal(api_version + (length > 0 ? length + 1 : 0), row->version);
		assert_true(strlen(row->help) > 10);
	}
}

static void
steps_have_the_stable_names_of_the_command_line(void **state)
{
	(void)state;
	assert_string_equal(step_name(STEP_CRDS), "crds");
	assert_string_equal(step_name(STEP_REMOVE_CRDS), "remove-crds");
	for (enum step_id id = 0; id < STEP_COUNT; id++)
		assert_int_equal(step_by_name(step_name(id)), id);
	assert_int_equal(step_by_name("all"), STEP_COUNT);
	assert_string_equal(step_state_name(STATE_SKIPPED), "skipped");
}

static void
what_a_status_says_is_joined_with_marks_between_its_parts(void **state)
{
	const struct step_status status = { .reason = "rules[0] still sends traffic to the α pool",
					    .object = "HTTPRoute default/llm-route",
					    .advice = "shift it to 100 % first" };
	const struct step_status bare = { .reason = "comes after attach",
					  .object = "",
					  .advice = "" };
	char text[200];

	(void)state;
	assert_string_equal(step_status_text(&status, text, sizeof text),
			    "HTTPRoute default/llm-route: rules[0] still sends traffic to the α "
			    "pool; shift it to 100 % first");
	assert_string_equal(step_status_why(&status, text, sizeof text),
			    "HTTPRoute default/llm-route: rules[0] still sends traffic to the α "
			    "pool");
	assert_string_equal(step_status_text(&bare, text, sizeof text), "comes after attach");
	assert_string_equal(step_status_text(&status, text, 10), "HTTPRoute");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_pool_groups_are_told_apart_by_group),
		cmocka_unit_test(a_foreign_group_or_kind_is_none_of_ours),
		cmocka_unit_test(the_core_group_has_an_empty_name_and_a_bare_version),
		cmocka_unit_test(every_row_stands_at_its_kind_and_is_found_by_its_words),
		cmocka_unit_test(steps_have_the_stable_names_of_the_command_line),
		cmocka_unit_test(what_a_status_says_is_joined_with_marks_between_its_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
