/* The arithmetic of weights: shares are exact, whoever else is in the rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/migrate/split.h"
#include "core/model/plan.h"

#define PERCENT(n) ((int64_t)(n)*10000)

static const char *const sides[] = {
	[SPLIT_OTHER] = "other", [SPLIT_ALPHA] = "alpha", [SPLIT_GA] = "ga"
};

/* "alpha 90, other 10" */
static struct split
split_of(const char *text)
{
	struct split split = { 0 };
	char side[8];
	long weight;
	int used;

	while (sscanf(text, " %7[a-z] %ld%n", side, &weight, &used) == 2) {
		struct split_part *part = &split.parts[split.count++];

		part->weight = weight;
		for (size_t i = 0; i < 3; i++)
			if (strcmp(side, sides[i]) == 0)
				part->side = (enum split_side)i;
		text += used;
		text += *text == ',';
	}
	return split;
}

static const char *
split_text(const struct split *split)
{
	static char text[512];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < split->count; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %lld",
					 i == 0 ? "" : ", ", sides[split->parts[i].side],
					 (long long)split->parts[i].weight);
	return text;
}

static const char *
moved(const char *from, int64_t ppm)
{
	struct split before = split_of(from), after;
	struct err err = { 0 };

	return split_move(&before, ppm, &after, &err) ? split_text(&after) : "refused";
}

static void
moving_a_share_leaves_the_other_backends_exact(void **state)
{
	(void)state;
	assert_string_equal(moved("alpha 90, ga 0, other 10", PERCENT(25)),
			    "alpha 675, ga 225, other 100");
	assert_string_equal(moved("alpha 675, ga 225, other 100", PERCENT(50)),
			    "alpha 45, ga 45, other 10");
	assert_string_equal(moved("other 1, alpha 2, ga 0", PERCENT(50)), "other 1, alpha 1, ga 1");
}

static void
a_plain_pair_reads_as_percent(void **state)
{
	(void)state;
	assert_string_equal(moved("alpha 1, ga 0", PERCENT(25)), "alpha 75, ga 25");
	assert_string_equal(moved("alpha 7, ga 0", PERCENT(100)), "alpha 0, ga 100");
	assert_string_equal(moved("alpha 75, ga 25", PERCENT(0)), "alpha 100, ga 0");
	assert_string_equal(moved("alpha 75, ga 25", 125000), "alpha 875, ga 125");
	assert_string_equal(moved("alpha 1, ga 0", 1), "alpha 999999, ga 1");
}

static void
where_no_round_total_is_exact_the_smallest_one_is_written(void **state)
{
	(void)state;
	assert_string_equal(moved("alpha 1, ga 0, other 2", PERCENT(25)), "alpha 3, ga 1, other 8");
	assert_string_equal(moved("alpha 3, ga 0, other 4", PERCENT(10)),
			    "alpha 27, ga 3, other 40");
}

static void
what_cannot_be_exact_below_a_million_is_refused(void **state)
{
	struct split from = split_of("alpha 999983, ga 0, other 999979"), to;
	struct err err = { 0 };

	(void)state;
	assert_false(split_move(&from, 1, &to, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_non_null(strstr(err.text, "cannot be written exactly"));
}

static void
standing_there_already_nothing_is_rewritten(void **state)
{
	(void)state;
	assert_string_equal(moved("alpha 1, ga 1", PERCENT(50)), "alpha 1, ga 1");
	assert_string_equal(moved("alpha 3, ga 0, other 1", PERCENT(0)), "alpha 3, ga 0, other 1");
}

static void
several_references_of_a_pool_move_each_with_its_twin(void **state)
{
	(void)state;
	assert_string_equal(moved("alpha 60, ga 0, alpha 40, ga 0", PERCENT(50)),
			    "alpha 30, ga 30, alpha 20, ga 20");
	assert_string_equal(moved("alpha 30, ga 30, alpha 0, ga 40", PERCENT(100)),
			    "alpha 0, ga 60, alpha 0, ga 40");
}

static void
unequal_numbers_of_references_keep_the_proportions_within_a_side(void **state)
{
	(void)state;
	assert_string_equal(moved("alpha 60, alpha 20, ga 20", PERCENT(40)),
			    "alpha 45, alpha 15, ga 40");
	assert_string_equal(moved("alpha 0, alpha 0, ga 1", PERCENT(50)),
			    "alpha 25, alpha 25, ga 50");
}

static void
a_pair_without_any_weight_has_no_share_to_move(void **state)
{
	struct split nothing = split_of("alpha 0, ga 0, other 5");

	(void)state;
	assert_int_equal(split_ppm(&nothing), PPM_UNKNOWN);
	assert_string_equal(moved("alpha 0, ga 0, other 5", PERCENT(50)), "alpha 0, ga 0, other 5");
}

static void
a_side_that_is_not_named_gets_nothing(void **state)
{
	(void)state;
	assert_string_equal(moved("alpha 1", PERCENT(10)), "refused");
	assert_string_equal(moved("ga 1", PERCENT(10)), "refused");
	assert_string_equal(moved("ga 1", PERCENT(100)), "ga 1");
	assert_string_equal(moved("alpha 1, other 1", PERCENT(0)), "alpha 1, other 1");
	assert_string_equal(moved("alpha 1, ga 1", PERCENT(101)), "refused");
}

static void
an_end_is_an_end_only_when_the_other_side_has_nothing(void **state)
{
	struct split crumbs = split_of("alpha 1, ga 1000000, ga 1000000"),
		     ends = split_of("alpha 0, ga 3");

	(void)state;
	assert_int_equal(split_ppm(&crumbs), PPM_ALL - 1);
	assert_int_equal(split_ppm(&ends), PPM_ALL);
	crumbs = split_of("alpha 1000000, alpha 1000000, ga 1");
	assert_int_equal(split_ppm(&crumbs), 1);
}

/* Every share of `after` against the one wanted, by cross multiplication: no division, no rounding.
 */
static void
assert_exact(const struct split *before, const struct split *after, int64_t ppm)
{
	typedef __int128 wide;
	wide old_total = 0, new_total = 0;
	wide pair = split_sum(before, SPLIT_ALPHA) + split_sum(before, SPLIT_GA);

	for (size_t i = 0; i < before->count; i++) {
		old_total += before->parts[i].weight;
		new_total += after->parts[i].weight;
		assert_in_range(after->parts[i].weight, 0, SPLIT_WEIGHT_MAX);
	}
	for (size_t i = 0; i < before->count; i++)
		if (before->parts[i].side == SPLIT_OTHER)
			assert_true(after->parts[i].weight * old_total ==
				    before->parts[i].weight * new_total);
	assert_true((wide)split_sum(after, SPLIT_GA) * old_total * PPM_ALL ==
		    pair * ppm * new_total);
	assert_true((wide)split_sum(after, SPLIT_ALPHA) * old_total * PPM_ALL ==
		    pair * (PPM_ALL - ppm) * new_total);
}

static void
every_small_rule_moves_exactly_or_is_refused(void **state)
{
	static const int64_t stops[] = { 0, 1, 333333, PERCENT(1), PERCENT(50), 999999, PPM_ALL };
	struct split from = split_of("alpha 0, ga 0, other 0"), to;

	(void)state;
	for (int64_t a = 0; a <= 12; a++)
		for (int64_t g = 0; g <= 12; g++)
			for (int64_t o = 0; o <= 12; o++)
				for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
					from.parts[0].weight = a;
					from.parts[1].weight = g;
					from.parts[2].weight = o;
					if (a + g > 0 && split_move(&from, stops[i], &to, NULL))
						assert_exact(&from, &to, stops[i]);
				}
}

static void
random_large_rules_move_exactly_or_are_refused(void **state)
{
	unsigned int seed = 1;
	size_t exact = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct split from = { .count = 2 + (size_t)rand_r(&seed) % (SPLIT_MAX - 1) }, to;
		int64_t ppm = rand_r(&seed) % 3 == 0 ? rand_r(&seed) % 1000001
						     : PERCENT(rand_r(&seed) % 101);
		int64_t most = rand_r(&seed) % 2 == 0 ? 100 : SPLIT_WEIGHT_MAX;

		for (size_t i = 0; i < from.count; i++)
			from.parts[i] =
				(struct split_part){ .side = (enum split_side)(rand_r(&seed) % 3),
						     .weight = rand_r(&seed) % (most + 1) };
		if (split_ppm(&from) == PPM_UNKNOWN || !split_move(&from, ppm, &to, NULL))
			continue;
		exact++;
		assert_exact(&from, &to, ppm);
	}
	assert_true(exact > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moving_a_share_leaves_the_other_backends_exact),
		cmocka_unit_test(a_plain_pair_reads_as_percent),
		cmocka_unit_test(where_no_round_total_is_exact_the_smallest_one_is_written),
		cmocka_unit_test(what_cannot_be_exact_below_a_million_is_refused),
		cmocka_unit_test(standing_there_already_nothing_is_rewritten),
		cmocka_unit_test(several_references_of_a_pool_move_each_with_its_twin),
		cmocka_unit_test(unequal_numbers_of_references_keep_the_proportions_within_a_side),
		cmocka_unit_test(a_pair_without_any_weight_has_no_share_to_move),
		cmocka_unit_test(a_side_that_is_not_named_gets_nothing),
		cmocka_unit_test(an_end_is_an_end_only_when_the_other_side_has_nothing),
		cmocka_unit_test(every_small_rule_moves_exactly_or_is_refused),
		cmocka_unit_test(random_large_rules_move_exactly_or_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
