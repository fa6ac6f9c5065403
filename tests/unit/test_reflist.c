/* The places in routes that name pools, whoever else they name. */
#include "tests/unit/classic.h"
#include "core/migrate/places.h"
#include "core/migrate/reflist.h"

#define ROUTE(name, backends)                                                          \
	"---\n"                                                                        \
	"{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {" name \
	"}, spec: {rules: ["                                                           \
	"{backendRefs: [" backends "]}]}}\n"
#define ALPHA(name) "{group: inference.networking.x-k8s.io, kind: InferencePool, name: " name "}"
#define GA(name)    "{group: inference.networking.k8s.io, kind: InferencePool, name: " name "}"

/* "a/r0.1": namespace, route, rule and backendRef, or "m" for a mirror. */
static const char *
places_text(const struct reflist *list, enum kind pool, const char *ns, const char *name,
	    struct arena *arena)
{
	size_t count;
	const struct reflist_item *items = reflist_find(list, pool, ns, name, &count);
	const char *text = "";

	for (size_t i = 0; i < count; i++)
		text = arena_printf(arena, "%s%s%s/%s%d.%s", text, i == 0 ? "" : " ",
				    items[i].route->meta.ns, items[i].route->meta.name,
				    items[i].rule->index,
				    items[i].backend == NULL
					    ? "m"
					    : arena_printf(arena, "%d", items[i].backend->index));
	return text;
}

static void
a_pool_is_named_by_group_and_namespace_never_by_name_alone(void **state)
{
	struct world *world = worldtext_new(
		ROUTE("name: r, namespace: a", ALPHA("p") ", " GA("p"))
			ROUTE("name: r, namespace: b", ALPHA("p") ", {name: p, port: 80}"));
	struct arena arena;
	struct reflist *list;

	(void)state;
	arena_init(&arena);
	list = reflist_new(world, &arena);
	assert_string_equal(places_text(list, KIND_ALPHA_POOL, "a", "p", &arena), "a/r0.0");
	assert_string_equal(places_text(list, KIND_GA_POOL, "a", "p", &arena), "a/r0.1");
	assert_string_equal(places_text(list, KIND_ALPHA_POOL, "b", "p", &arena), "b/r0.0");
	assert_string_equal(places_text(list, KIND_GA_POOL, "b", "p", &arena), "");
	arena_release(&arena);
	world_free(world);
}

static void
routes_of_other_namespaces_and_mirrors_are_found(void **state)
{
	struct world *world = worldtext_new(ROUTE(
		"name: far, namespace: b",
		"{group: inference.networking.x-k8s.io, kind: InferencePool, name: p, namespace: "
		"a}") "---\n"
		      "apiVersion: gateway.networking.k8s.io/v1\n"
		      "kind: HTTPRoute\n"
		      "metadata: {name: copies, namespace: a}\n"
		      "spec:\n"
		      "  rules:\n"
		      "  - backendRefs: [{name: web, port: 80}]\n"
		      "    filters: [{type: RequestMirror, requestMirror: {backendRef: " ALPHA(
			      "p") "}}]\n");
	struct arena arena;
	struct reflist *list;
	size_t count;

	(void)state;
	arena_init(&arena);
	list = reflist_new(world, &arena);
	assert_string_equal(places_text(list, KIND_ALPHA_POOL, "a", "p", &arena),
			    "a/copies0.m b/far0.0");
	assert_non_null(reflist_group(list, KIND_ALPHA_POOL, &count));
	assert_int_equal(count, 2);
	assert_null(reflist_group(list, KIND_GA_POOL, &count));
	assert_int_equal(count, 0);
	arena_release(&arena);
	world_free(world);
}

static void
the_same_name_in_many_namespaces_is_as_many_pools(void **state)
{
	struct world *world = worldtext_new("");
	struct arena arena;
	struct reflist *list;
	char text[400], ns[16];

	(void)state;
	for (int i = 0; i < 300; i++) {
		snprintf(text, sizeof(text), ROUTE("name: r, namespace: n%d", ALPHA("p")), i);
		worldtext_put(world, text);
	}
	arena_init(&arena);
	list = reflist_new(world, &arena);
	for (int i = 0; i < 300; i++) {
		snprintf(ns, sizeof(ns), "n%d", i);
		snprintf(text, sizeof(text), "n%d/r0.0", i);
		assert_string_equal(places_text(list, KIND_ALPHA_POOL, ns, "p", &arena), text);
	}
	arena_release(&arena);
	world_free(world);
}

static void
a_world_without_routes_has_no_places(void **state)
{
	struct world *world = worldtext_new(CLASSIC_POOL);
	struct arena arena;
	size_t count;

	(void)state;
	arena_init(&arena);
	assert_null(reflist_find(reflist_new(world, &arena), KIND_ALPHA_POOL, "default",
				 "vllm-llama3-8b-instruct", &count));
	assert_int_equal(count, 0);
	arena_release(&arena);
	world_free(world);
}

static void
one_rule_is_one_place_with_the_weights_of_each_side(void **state)
{
	struct world *world = worldtext_new("");
	struct place *places;
	struct arena arena;
	size_t count;

	(void)state;
	classic_route(world,
		      CLASSIC_ALPHA_REF ", weight: 30}, " CLASSIC_GA_REF
					", weight: 10}, " CLASSIC_ALPHA_REF ", weight: 30}, "
					"{name: web, port: 80}",
		      CLASSIC_RESOLVED, "");
	arena_init(&arena);
	places = places_new(reflist_new(world, &arena), "default", "vllm-llama3-8b-instruct",
			    "vllm-llama3-8b-instruct-ga", &arena, &count);
	assert_int_equal(count, 1);
	assert_int_equal(places[0].alpha_weight, 60);
	assert_int_equal(places[0].ga_weight, 10);
	assert_int_equal(places[0].other_weight, 1);
	assert_int_equal(places[0].ppm, 142857);
	assert_true(places[0].accepted && places[0].resolved && !places[0].pending);
	arena_release(&arena);
	world_free(world);
}

static void
a_condition_of_an_older_generation_is_pending(void **state)
{
	struct world *world = worldtext_new("");
	struct place *places;
	struct arena arena;
	size_t count;

	(void)state;
	classic_route(world, CLASSIC_ALPHA_REF "}",
		      "{type: ResolvedRefs, status: 'True', observedGeneration: 0}", "");
	arena_init(&arena);
	places = places_new(reflist_new(world, &arena), "default", "vllm-llama3-8b-instruct", "x",
			    &arena, &count);
	assert_int_equal(count, 1);
	assert_true(places[0].accepted && !places[0].resolved && places[0].pending);
	assert_int_equal(places[0].ga_weight, -1);
	arena_release(&arena);
	world_free(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pool_is_named_by_group_and_namespace_never_by_name_alone),
		cmocka_unit_test(routes_of_other_namespaces_and_mirrors_are_found),
		cmocka_unit_test(the_same_name_in_many_namespaces_is_as_many_pools),
		cmocka_unit_test(a_world_without_routes_has_no_places),
		cmocka_unit_test(one_rule_is_one_place_with_the_weights_of_each_side),
		cmocka_unit_test(a_condition_of_an_older_generation_is_pending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
