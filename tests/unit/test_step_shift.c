/* shift and finalize: weights and nothing else, back byte for byte, and the drain. */
#include "tests/unit/classic.h"

#define PROVEN     CLASSIC_POOL CLASSIC_GATEWAY CLASSIC_GA_ACCEPTED
#define PERCENT(n) ((int64_t)(n)*10000)
#define NOW        "2026-09-21T14:13:20Z" /* WORLDTEXT_NOW */

typedef bool
make_writes(const struct stage *, const struct pair *, struct intent_list *, struct err *);

/* The only intent, recorded in the journal when there is one; its body, or the error, or how many
 * there are. */
static const char *
patch_of(struct classic *c, make_writes *writes, int64_t goal)
{
	struct stage stage = classic_stage(c, goal);
	struct intent_list list = { 0 };
	struct err err = { 0 };

	if (!writes(&stage, &c->plan.pairs[0], &list, &err))
		return arena_string(&c->arena, err.text);
	if (list.count == 1 && c->journal != NULL)
		classic_record(c, &list.items[0]);
	return list.count == 1 ? list.items[0].body
			       : arena_printf(&c->arena, "%zu writes", list.count);
}

static const char *
checked(struct classic *c, enum step_id step)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);
	struct step_status status = { 0 };

	step_row(step)->check(&stage, &c->plan.pairs[0], &status);
	return classic_status(c, &status);
}

static const char *
verified(struct classic *c, int64_t goal)
{
	static const char *const names[] = { "pass", "wait", "fail", "take back" };
	struct stage stage = classic_stage(c, goal);
	struct step_status why = { 0 };

	return names[step_row(STEP_SHIFT)->verify(&stage, &c->plan.pairs[0], &why)];
}

static void
only_weights_are_written(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_route(c.world, CLASSIC_ALPHA_REF "}, " CLASSIC_GA_REF ", weight: 0}",
		      CLASSIC_RESOLVED, "");
	assert_string_equal(
		patch_of(&c, step_row(STEP_SHIFT)->writes, PERCENT(25)),
		"[{\"op\":\"add\",\"path\":\"/spec/rules/0/backendRefs/0/weight\",\"value\":75},"
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/1/"
		"weight\",\"value\":25}]");
	classic_release(&c);
}

static void
the_preview_names_each_weight_and_its_share(void **state)
{
	struct classic c;
	struct stage stage;
	struct intent_list list = { 0 };

	(void)state;
	classic_init(&c, PROVEN);
	classic_route(c.world,
		      CLASSIC_ALPHA_REF ", weight: 75}, " CLASSIC_GA_REF
					", weight: 0}, {name: web, port: 80, weight: 25}",
		      CLASSIC_RESOLVED, "");
	stage = classic_stage(&c, PERCENT(10));
	assert_true(step_row(STEP_SHIFT)->writes(&stage, &c.plan.pairs[0], &list, NULL));
	assert_string_equal(
		list.items[0].summary,
		"rules[0].backendRefs[0].weight  75 → 675  α vllm-llama3-8b-instruct (67.5 %)\n"
		"rules[0].backendRefs[1].weight  0 → 75  GA vllm-llama3-8b-instruct-ga (7.5 %)\n"
		"rules[0].backendRefs[2].weight  25 → 250  web (25 %)");
	assert_string_equal(list.items[0].pair, "default/vllm-llama3-8b-instruct");
	assert_string_equal(list.items[0].version_seen, "1");
	classic_release(&c);
}

static void
undo_restores_the_route_byte_for_byte(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_journal(&c);
	classic_route(c.world,
		      CLASSIC_ALPHA_REF "}, " CLASSIC_GA_REF
					", weight: 0}, {name: web, port: 80, weight: 3}",
		      CLASSIC_RESOLVED, "");
	patch_of(&c, step_row(STEP_SHIFT)->writes, PERCENT(50));
	classic_route(c.world,
		      CLASSIC_ALPHA_REF ", weight: 125}, " CLASSIC_GA_REF
					", weight: 125}, {name: web, port: 80, weight: 750}",
		      CLASSIC_RESOLVED, NOW);
	assert_string_equal(
		patch_of(&c, step_row(STEP_SHIFT)->back, PPM_UNKNOWN),
		"[{\"op\":\"remove\",\"path\":\"/spec/rules/0/backendRefs/0/weight\"},"
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/1/weight\",\"value\":0},"
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/2/"
		"weight\",\"value\":3}]");
	classic_release(&c);
}

static void
a_neighbour_that_went_without_traffic_does_not_hide_the_written_form(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_journal(&c);
	classic_route(c.world,
		      CLASSIC_ALPHA_REF ", weight: 3}, " CLASSIC_GA_REF
					", weight: 0}, {name: web, port: 80, weight: 1}, "
					"{name: spare, port: 80, weight: 0}",
		      CLASSIC_RESOLVED, "");
	patch_of(&c, step_row(STEP_SHIFT)->writes, PERCENT(100));
	classic_route(c.world,
		      CLASSIC_ALPHA_REF ", weight: 0}, " CLASSIC_GA_REF
					", weight: 75}, {name: web, port: 80, weight: 25}",
		      CLASSIC_RESOLVED, NOW);
	assert_string_equal(
		patch_of(&c, step_row(STEP_SHIFT)->back, PPM_UNKNOWN),
		"[{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/0/weight\",\"value\":3},"
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/1/weight\",\"value\":0},"
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/2/"
		"weight\",\"value\":1}]");
	classic_release(&c);
}

static void
a_neighbour_that_had_traffic_and_is_gone_keeps_the_numbers_as_they_are(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_journal(&c);
	classic_route(c.world,
		      CLASSIC_ALPHA_REF ", weight: 3}, " CLASSIC_GA_REF
					", weight: 0}, {name: web, port: 80, weight: 1}, "
					"{name: spare, port: 80, weight: 1}",
		      CLASSIC_RESOLVED, "");
	patch_of(&c, step_row(STEP_SHIFT)->writes, PERCENT(100));
	classic_route(c.world,
		      CLASSIC_ALPHA_REF ", weight: 0}, " CLASSIC_GA_REF
					", weight: 75}, {name: web, port: 80, weight: 25}",
		      CLASSIC_RESOLVED, NOW);
	assert_string_equal(
		patch_of(&c, step_row(STEP_SHIFT)->back, PPM_UNKNOWN),
		"[{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/0/weight\",\"value\":75},"
		"{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/1/weight\",\"value\":0}]");
	classic_release(&c);
}

static void
where_others_changed_since_their_shares_win_over_the_copy(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_journal(&c);
	classic_route(c.world,
		      CLASSIC_ALPHA_REF ", weight: 90}, " CLASSIC_GA_REF
					", weight: 0}, {name: web, port: 80, weight: 10}",
		      CLASSIC_RESOLVED, "");
	patch_of(&c, step_row(STEP_SHIFT)->writes, PERCENT(50));
	classic_route(c.world,
		      CLASSIC_ALPHA_REF ", weight: 30}, " CLASSIC_GA_REF
					", weight: 30}, {name: web, port: 80, weight: 40}",
		      CLASSIC_RESOLVED, NOW);
	assert_string_equal(patch_of(&c, step_row(STEP_SHIFT)->back, PPM_UNKNOWN),
			    "[{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/0/"
			    "weight\",\"value\":60},"
			    "{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/1/"
			    "weight\",\"value\":0}]");
	classic_release(&c);
}

static void
without_a_journal_undo_goes_to_nothing_on_ga(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 75}, " CLASSIC_GA_REF ", weight: 25}",
		      CLASSIC_RESOLVED, NOW);
	assert_string_equal(patch_of(&c, step_row(STEP_SHIFT)->back, PPM_UNKNOWN),
			    "[{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/0/"
			    "weight\",\"value\":100},"
			    "{\"op\":\"replace\",\"path\":\"/spec/rules/0/backendRefs/1/"
			    "weight\",\"value\":0}]");
	classic_release(&c);
}

static void
a_refused_share_goes_back_and_a_passing_one_is_waited_for(void **state)
{
	static const char *const backends =
		CLASSIC_ALPHA_REF ", weight: 99}, " CLASSIC_GA_REF ", weight: 1}";
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_route(c.world, backends, CLASSIC_RESOLVED, NOW);
	assert_string_equal(verified(&c, PERCENT(1)), "pass");
	assert_string_equal(verified(&c, PERCENT(5)), "wait");
	classic_route(c.world, backends,
		      "{type: ResolvedRefs, status: Unknown, observedGeneration: 1}", NOW);
	assert_string_equal(verified(&c, PERCENT(1)), "wait");
	classic_route(c.world, backends, CLASSIC_REFUSED("InvalidKind", NOW), NOW);
	assert_string_equal(verified(&c, PERCENT(1)), "take back");
	classic_route(c.world, backends, CLASSIC_REFUSED("RefNotPermitted", NOW), NOW);
	assert_string_equal(verified(&c, PERCENT(1)), "take back");
	classic_route(c.world, backends, CLASSIC_REFUSED("BackendNotFound", NOW), NOW);
	assert_string_equal(verified(&c, PERCENT(1)), "wait");
	c.world->wall += 6 * INT64_C(1000000000);
	assert_string_equal(verified(&c, PERCENT(1)), "take back");
	classic_release(&c);
}

static void
what_was_unresolved_before_is_about_another_reference(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 99}, " CLASSIC_GA_REF ", weight: 1}",
		      CLASSIC_REFUSED("BackendNotFound", "2026-09-01T00:00:00Z"), NOW);
	assert_string_equal(verified(&c, PERCENT(1)), "pass");
	classic_release(&c);
}

static void
the_shift_is_done_only_when_every_rule_is_at_all(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_route(c.world,
		      CLASSIC_ALPHA_REF ", weight: 1}, " CLASSIC_GA_REF ", weight: 1000000}",
		      CLASSIC_RESOLVED, "");
	assert_string_equal(checked(&c, STEP_SHIFT), "ready");
	assert_string_equal(checked(&c, STEP_FINALIZE),
			    "waiting: rules[0] still sends traffic to the α pool");
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 0}, " CLASSIC_GA_REF ", weight: 100}",
		      CLASSIC_RESOLVED, "");
	assert_string_equal(checked(&c, STEP_SHIFT), "done");
	assert_string_equal(checked(&c, STEP_FINALIZE), "ready");
	classic_release(&c);
}

static void
finalize_removes_from_the_end_and_refuses_while_alpha_has_weight(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_route(c.world,
		      CLASSIC_ALPHA_REF ", weight: 0}, " CLASSIC_GA_REF
					", weight: 50}, " CLASSIC_ALPHA_REF
					", weight: 0}, " CLASSIC_GA_REF ", weight: 50}",
		      CLASSIC_RESOLVED, "");
	assert_string_equal(patch_of(&c, step_row(STEP_FINALIZE)->writes, PPM_UNKNOWN),
			    "[{\"op\":\"remove\",\"path\":\"/spec/rules/0/backendRefs/2\"},"
			    "{\"op\":\"remove\",\"path\":\"/spec/rules/0/backendRefs/0\"}]");
	classic_route(c.world, CLASSIC_ALPHA_REF ", weight: 1}, " CLASSIC_GA_REF ", weight: 99}",
		      CLASSIC_RESOLVED, "");
	assert_non_null(strstr(patch_of(&c, step_row(STEP_FINALIZE)->writes, PPM_UNKNOWN),
			       "shift it to 100 % first"));
	classic_release(&c);
}

static void
the_drain_runs_from_the_last_write_and_only_while_the_pool_is_there(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_route(c.world, CLASSIC_GA_REF ", weight: 100}", CLASSIC_RESOLVED, NOW);
	assert_string_equal(checked(&c, STEP_FINALIZE),
			    "waiting: open answers of the α pool get 130 s to end");
	c.world->wall += 130 * INT64_C(1000000000);
	assert_string_equal(checked(&c, STEP_FINALIZE),
			    "waiting: open answers of the α pool get 130 s to end");
	c.world->wall += 1 * INT64_C(1000000000);
	assert_string_equal(checked(&c, STEP_FINALIZE), "done");
	c.world->wall -= 131 * INT64_C(1000000000);
	assert_true(
		world_remove(c.world, KIND_ALPHA_POOL, "default", "vllm-llama3-8b-instruct", NULL));
	assert_string_equal(checked(&c, STEP_FINALIZE), "done");
	classic_release(&c);
}

static void
undoing_finalize_puts_the_references_back_where_they_were(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_journal(&c);
	classic_route(c.world,
		      "{name: web, port: 80, weight: 0}, " CLASSIC_ALPHA_REF
		      ", weight: 0, port: 8000}, " CLASSIC_GA_REF ", weight: 100}",
		      CLASSIC_RESOLVED, "");
	patch_of(&c, step_row(STEP_FINALIZE)->writes, PPM_UNKNOWN);
	classic_route(c.world, "{name: web, port: 80, weight: 0}, " CLASSIC_GA_REF ", weight: 100}",
		      CLASSIC_RESOLVED, NOW);
	assert_string_equal(
		patch_of(&c, step_row(STEP_FINALIZE)->back, PPM_UNKNOWN),
		"[{\"op\":\"add\",\"path\":\"/spec/rules/0/backendRefs/1\",\"value\":{"
		"\"group\":\"inference.networking.x-k8s.io\",\"kind\":\"InferencePool\","
		"\"name\":\"vllm-llama3-8b-instruct\",\"weight\":0,\"port\":8000}}]");
	classic_release(&c);
}

static void
without_a_journal_finalize_is_undone_in_front_of_the_ga_reference(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, PROVEN);
	classic_route(c.world, "{name: web, port: 80, weight: 10}, " CLASSIC_GA_REF ", weight: 90}",
		      CLASSIC_RESOLVED, NOW);
	assert_string_equal(
		patch_of(&c, step_row(STEP_FINALIZE)->back, PPM_UNKNOWN),
		"[{\"op\":\"add\",\"path\":\"/spec/rules/0/backendRefs/1\",\"value\":{"
		"\"group\":\"inference.networking.x-k8s.io\",\"kind\":\"InferencePool\","
		"\"name\":\"vllm-llama3-8b-instruct\",\"weight\":0}}]");
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_weights_are_written),
		cmocka_unit_test(the_preview_names_each_weight_and_its_share),
		cmocka_unit_test(undo_restores_the_route_byte_for_byte),
		cmocka_unit_test(
			a_neighbour_that_went_without_traffic_does_not_hide_the_written_form),
		cmocka_unit_test(
			a_neighbour_that_had_traffic_and_is_gone_keeps_the_numbers_as_they_are),
		cmocka_unit_test(where_others_changed_since_their_shares_win_over_the_copy),
		cmocka_unit_test(without_a_journal_undo_goes_to_nothing_on_ga),
		cmocka_unit_test(a_refused_share_goes_back_and_a_passing_one_is_waited_for),
		cmocka_unit_test(what_was_unresolved_before_is_about_another_reference),
		cmocka_unit_test(the_shift_is_done_only_when_every_rule_is_at_all),
		cmocka_unit_test(finalize_removes_from_the_end_and_refuses_while_alpha_has_weight),
		cmocka_unit_test(
			the_drain_runs_from_the_last_write_and_only_while_the_pool_is_there),
		cmocka_unit_test(undoing_finalize_puts_the_references_back_where_they_were),
		cmocka_unit_test(without_a_journal_finalize_is_undone_in_front_of_the_ga_reference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
