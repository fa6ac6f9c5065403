/* ReferenceGrants: whom they let in, what of them is carried, and what goes again. */
#include "tests/unit/classic.h"

#include "core/migrate/grant.h"

#define ALPHA   "inference.networking.x-k8s.io"
#define GA      "inference.networking.k8s.io"
#define POOL    "vllm-llama3-8b-instruct"
#define GATEWAY "gateway.networking.k8s.io"
#define OURS    ", managedFields: [{manager: poolshift, operation: Apply}]"
#define FAR                                          \
	"---\n"                                      \
	"apiVersion: " GATEWAY "/v1\n"               \
	"kind: HTTPRoute\n"                          \
	"metadata: {name: far, namespace: team-a}\n" \
	"spec: {rules: [{backendRefs: [" CLASSIC_ALPHA_REF ", namespace: default}]}]}\n"
#define GRANT(meta, group, kind, ns, to)                                    \
	"---\n"                                                             \
	"apiVersion: " GATEWAY "/v1beta1\n"                                 \
	"kind: ReferenceGrant\n"                                            \
	"metadata: {" meta "}\n"                                            \
	"spec:\n"                                                           \
	"  from: [{group: " group ", kind: " kind ", namespace: " ns "}]\n" \
	"  to: [" to "]\n"
#define FROM_TEAM_A(meta, to) GRANT(meta, GATEWAY, "HTTPRoute", "team-a", to)
#define TO(group)             "{group: " group ", kind: InferencePool}"
#define TO_POOL(group, name)  "{group: " group ", kind: InferencePool, name: " name "}"
#define OTHER_POOL(ns)                                 \
	"---\n"                                        \
	"apiVersion: " ALPHA "/v1alpha2\n"             \
	"kind: InferencePool\n"                        \
	"metadata: {name: other, namespace: " ns "}\n" \
	"spec: {targetPortNumber: 8000, selector: {app: x}, extensionRef: {name: other-epp}}\n"

static const struct pair *
pair_of(struct classic *c, struct stage *stage)
{
	*stage = classic_stage(c, PPM_UNKNOWN);
	return assess_pair(&c->plan, "default/" POOL);
}

static const char *
blocked(struct classic *c)
{
	struct step_status status = { .reason = "" };
	struct stage stage;
	const struct pair *pair = pair_of(c, &stage);

	return grant_blocked(&stage, pair, &status) ? status.reason : "";
}

/* "delete x, patch y" */
static const char *
said(struct classic *c,
     void (*add)(const struct stage *, const struct pair *, struct intent_list *))
{
	struct stage stage;
	const struct pair *pair = pair_of(c, &stage);
	struct intent_list list = { 0 };
	const char *text = "";

	add(&stage, pair, &list);
	for (size_t i = 0; i < list.count; i++)
		text = arena_printf(&c->arena, "%s%s%s %s", text, i == 0 ? "" : ", ",
				    verb_name(list.items[i].verb), list.items[i].name);
	return text;
}

static void
carry(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	assert_int_equal(grant_carry(stage, pair, NULL), grant_carry(stage, pair, out));
}

static void
only_a_grant_for_these_routes_and_this_pool_lets_them_in(void **state)
{
	static const char *const others[] = {
		"",
		GRANT("name: g", "example.com", "HTTPRoute", "team-a", TO(ALPHA)),
		GRANT("name: g", GATEWAY, "GRPCRoute", "team-a", TO(ALPHA)),
		GRANT("name: g", GATEWAY, "HTTPRoute", "team-b", TO(ALPHA)),
		FROM_TEAM_A("name: g, namespace: team-a", TO(ALPHA)),
		FROM_TEAM_A("name: g", TO_POOL(ALPHA, "other")),
		FROM_TEAM_A("name: g", "{kind: Service}"),
		FROM_TEAM_A("name: g", "{group: " ALPHA ", kind: InferenceModel}"),
	};
	static const char *const own[] = {
		FROM_TEAM_A("name: g", TO(ALPHA)),
		FROM_TEAM_A("name: g", TO_POOL(ALPHA, POOL)),
		FROM_TEAM_A("name: g", TO_POOL(GA, POOL "-ga")),
	};
	struct classic c;

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		classic_init(&c, CLASSIC_POOL CLASSIC_GA FAR);
		if (*others[i] != '\0')
			worldtext_put(c.world, others[i]);
		assert_string_equal(blocked(&c),
				    "no ReferenceGrant in namespace default lets HTTPRoutes of "
				    "namespace team-a name pools of " GA);
		/* Those of team-b may come yet. */
		assert_string_equal(said(&c, carry), i == 3 ? "apply g-ga" : "");
		classic_release(&c);
	}
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		classic_init(&c, CLASSIC_POOL CLASSIC_GA FAR);
		worldtext_put(c.world, own[i]);
		assert_string_equal(blocked(&c), "");
		classic_release(&c);
	}
}

static void
a_route_of_the_pools_own_namespace_needs_none(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA);
	classic_route(c.world, CLASSIC_ALPHA_REF "}", CLASSIC_RESOLVED, "");
	assert_string_equal(blocked(&c), "");
	classic_release(&c);
}

static void
one_for_any_pool_keeps_its_name_and_one_for_this_pool_gets_the_pools(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA FAR FROM_TEAM_A(
				 "name: team-a", TO_POOL(ALPHA, "other") ", " TO(ALPHA)));
	assert_string_equal(said(&c, carry), "apply team-a-ga");
	worldtext_put(c.world, FROM_TEAM_A("name: team-a", TO(ALPHA) ", " TO_POOL(ALPHA, POOL)));
	assert_string_equal(said(&c, carry), "apply team-a-" POOL "-ga");
	classic_release(&c);
}

static void
a_name_blocks_only_while_it_is_needed_and_another_has_it(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA FAR FROM_TEAM_A("name: team-a", TO(ALPHA))
				 FROM_TEAM_A("name: team-a-ga", "{kind: Service}"));
	assert_string_not_equal(blocked(&c), "");
	worldtext_put(c.world, FROM_TEAM_A("name: team-a-ga" OURS, "{kind: Service}"));
	assert_string_equal(blocked(&c), "");
	worldtext_put(c.world, FROM_TEAM_A("name: team-a-ga", TO(GA)));
	assert_string_equal(blocked(&c), "");
	classic_release(&c);
}

static void
taken_back_only_what_was_made_for_this_pool_goes(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c,
		     CLASSIC_POOL CLASSIC_GA FROM_TEAM_A("name: made" OURS, TO(GA))
			     FROM_TEAM_A("name: by-hand", TO(GA))
				     FROM_TEAM_A("name: of-other" OURS, TO_POOL(GA, "other-ga")));
	worldtext_put(c.world, FROM_TEAM_A("name: elsewhere, namespace: team-b" OURS, TO(GA)));
	assert_string_equal(said(&c, grant_uncarry), "delete made");
	classic_release(&c);
}

#define OTHER_ROUTE(ns, group, name)                                                        \
	"---\n"                                                                             \
	"apiVersion: " GATEWAY "/v1\n"                                                      \
	"kind: HTTPRoute\n"                                                                 \
	"metadata: {name: of-other, namespace: " ns "}\n"                                   \
	"spec: {rules: [{backendRefs: [{group: " group ", kind: InferencePool, name: " name \
	", namespace: default, weight: 1}]}]}\n"

static void
what_another_pair_comes_in_by_stays(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA OTHER_POOL("default") FROM_TEAM_A(
				 "name: made" OURS, TO(GA)) OTHER_ROUTE("team-a", GA, "other-ga"));
	assert_string_equal(said(&c, grant_uncarry), "");
	/* In its own namespace it needs no grant, and for the alpha pool not this one. */
	world_remove(c.world, KIND_ROUTE, "team-a", "of-other", NULL);
	worldtext_put(c.world, OTHER_ROUTE("default", GA, "other-ga"));
	assert_string_equal(said(&c, grant_uncarry), "delete made");
	world_remove(c.world, KIND_ROUTE, "default", "of-other", NULL);
	worldtext_put(c.world, OTHER_ROUTE("team-a", ALPHA, "other"));
	assert_string_equal(said(&c, grant_uncarry), "delete made");
	worldtext_put(c.world, OTHER_ROUTE("team-a", GA, "other-ga"));
	worldtext_put(c.world, FROM_TEAM_A("name: made" OURS, TO_POOL(GA, POOL "-ga")));
	assert_string_equal(said(&c, grant_uncarry), "delete made");
	classic_release(&c);
}

static void
the_clean_up_leaves_other_namespaces_and_what_is_going_alone(void **state)
{
	struct classic c;

	(void)state;
	classic_init(
		&c, CLASSIC_POOL CLASSIC_GA OTHER_POOL("team-b") FROM_TEAM_A("name: own", TO(ALPHA))
			    FROM_TEAM_A("name: elsewhere, namespace: team-b", TO(ALPHA))
				    FROM_TEAM_A("name: going, deletionTimestamp: "
						"'2026-01-01T00:00:00Z', finalizers: [a/b]",
						TO(ALPHA)));
	assert_string_equal(said(&c, grant_remove), "delete own");
	classic_release(&c);
}

static const char *
unseen(struct classic *c, const char *ns)
{
	struct step_status status = { .reason = "" };
	struct stage stage;
	const struct pair *pair = pair_of(c, &stage);

	snprintf(c->world->view[KIND_ROUTE].ns, sizeof c->world->view[KIND_ROUTE].ns, "%s", ns);
	return grant_unseen(&stage, pair, &status) ? status.reason : "";
}

static void
routes_that_may_come_in_unseen_are_told(void **state)
{
	static const enum view_state unknown = VIEW_STALE;
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GA FROM_TEAM_A("name: g", TO(ALPHA)));
	assert_string_equal(unseen(&c, ""), "");
	assert_string_equal(unseen(&c, "default"),
			    "HTTPRoutes of namespace team-a may name it, and "
			    "only namespace default is looked at");
	assert_string_equal(unseen(&c, "team-a"),
			    "HTTPRoutes of namespace default may name it, and "
			    "only namespace team-a is looked at");
	worldtext_put(c.world, GRANT("name: g", GATEWAY, "HTTPRoute", "default", TO(ALPHA)));
	assert_string_equal(unseen(&c, "default"), "");
	worldtext_put(c.world, GRANT("name: g", GATEWAY, "GRPCRoute", "team-a", TO(ALPHA)));
	assert_string_equal(unseen(&c, "default"), "");
	worldtext_put(c.world, GRANT("name: g", "example.com", "HTTPRoute", "team-a", TO(ALPHA)));
	assert_string_equal(unseen(&c, "default"), "");
	worldtext_put(c.world, FROM_TEAM_A("name: g", TO_POOL(ALPHA, "other")));
	assert_string_equal(unseen(&c, "default"), "");
	worldtext_put(c.world, FROM_TEAM_A("name: h, namespace: team-b", TO(ALPHA)));
	assert_string_equal(unseen(&c, "default"), "");
	c.world->view[KIND_GRANT].state = unknown;
	assert_string_not_equal(unseen(&c, "default"), "");
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_grant_for_these_routes_and_this_pool_lets_them_in),
		cmocka_unit_test(a_route_of_the_pools_own_namespace_needs_none),
		cmocka_unit_test(
			one_for_any_pool_keeps_its_name_and_one_for_this_pool_gets_the_pools),
		cmocka_unit_test(a_name_blocks_only_while_it_is_needed_and_another_has_it),
		cmocka_unit_test(taken_back_only_what_was_made_for_this_pool_goes),
		cmocka_unit_test(what_another_pair_comes_in_by_stays),
		cmocka_unit_test(the_clean_up_leaves_other_namespaces_and_what_is_going_alone),
		cmocka_unit_test(routes_that_may_come_in_unseen_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
