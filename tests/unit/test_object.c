#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/clock.h"
#include "core/model/object.h"

#define META(ns, name) \
	"'metadata':{'namespace':'" ns "','name':'" name "','uid':'u1','resourceVersion':'7'"

/* JSON written with ' in the place of ", so that a test can be read. */
static struct object *
decode(enum kind kind, const char *text)
{
	char *json_text = strdup(text);
	struct err err;
	struct json *json;
	struct object *object;

	for (char *c = json_text; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	json = json_parse(json_text, strlen(json_text), &err);
	if (json == NULL)
		fail_msg("%s", err.text);
	object = object_decode(kind, json, &err);
	json_free(json);
	free(json_text);
	return object;
}

static void
an_alpha_pool_takes_the_defaults_of_its_crd(void **state)
{
	struct object *o =
		decode(KIND_ALPHA_POOL,
		       "{" META("default",
				"vllm-llama3-8b-instruct") "},"
							   "'spec':{'targetPortNumber':8000,'"
							   "selector':{'app':'vllm'},"
							   "'extensionRef':{'name':'vllm-epp'}}}");

	(void)state;
	assert_false(o->pool.ga);
	assert_int_equal(o->pool.port_count, 1);
	assert_int_equal(o->pool.ports[0], 8000);
	assert_string_equal(kv_find(&o->pool.selector, "app"), "vllm");
	assert_string_equal(o->pool.picker.name, "vllm-epp");
	assert_string_equal(o->pool.picker.kind, "Service");
	assert_string_equal(o->pool.picker.group, "");
	assert_string_equal(o->pool.picker.ns, "default");
	assert_int_equal(o->pool.picker_port, 9002);
	assert_string_equal(o->pool.failure_mode, "");
	object_free(o);
}

static void
a_ga_pool_says_port_picker_and_failure_mode_in_its_own_fields(void **state)
{
	struct object *o = decode(
		KIND_GA_POOL,
		"{" META("default", "pool-ga") "},'spec':{'targetPorts':[{'number':8000}],"
					       "'selector':{'matchLabels':{'app':'vllm'}},'"
					       "endpointPickerRef':{'name':'pool-ga-epp',"
					       "'port':{'number':9002},'failureMode':'FailOpen'}},"
					       "'status':{'parents':[{'parentRef':{'name':'"
					       "inference-gateway'},'conditions':["
					       "{'type':'Accepted','status':'True','reason':'"
					       "Accepted','message':'',"
					       "'observedGeneration':3,'lastTransitionTime':'1970-"
					       "01-01T00:00:02Z'}]}]}}");

	(void)state;
	assert_true(o->pool.ga);
	assert_int_equal(o->pool.ports[0], 8000);
	assert_string_equal(kv_find(&o->pool.selector, "app"), "vllm");
	assert_int_equal(o->pool.picker_port, 9002);
	assert_string_equal(o->pool.failure_mode, "FailOpen");
	assert_int_equal(o->pool.parent_count, 1);
	assert_string_equal(o->pool.parents[0].gateway.kind, "Gateway");
	assert_string_equal(o->pool.parents[0].gateway.ns, "default");
	assert_int_equal(o->pool.parents[0].conditions.items[0].since, 2 * SECOND);
	object_free(o);
}

static void
the_default_status_of_the_alpha_crd_is_no_parent(void **state)
{
	struct object *o = decode(
		KIND_ALPHA_POOL,
		"{" META("default",
			 "p") "},'spec':{},'status':{'parent':["
			      "{'parentRef':{'kind':'Status','name':'default'},'conditions':[]},"
			      "{'parentRef':{'apiVersion':'gateway.networking.k8s.io/v1',"
			      "'kind':'Gateway','name':'inference-gateway'}}]}}");

	(void)state;
	assert_int_equal(o->pool.parent_count, 1);
	assert_string_equal(o->pool.parents[0].gateway.name, "inference-gateway");
	assert_string_equal(o->pool.parents[0].gateway.group, "gateway.networking.k8s.io");
	object_free(o);
}

static void
an_unset_criticality_weight_or_priority_is_seen_as_unset(void **state)
{
	struct object *model = decode(
		KIND_MODEL,
		"{" META("default",
			 "food-review") "},'spec':{"
					"'modelName':'food-review','poolRef':{'name':'p'},"
					"'targetModels':[{'name':'a'},{'name':'b','weight':0}]}}");
	struct object *none =
		decode(KIND_OBJECTIVE, "{" META("default", "a") "},'spec':{"
								"'poolRef':{'name':'p'}}}");
	struct object *zero = decode(
		KIND_OBJECTIVE, "{" META("default", "a") "},'spec':{"
							 "'priority':0,'poolRef':{'name':'p'}}}");

	(void)state;
	assert_string_equal(model->model.criticality, "");
	assert_string_equal(model->model.pool.group, "inference.networking.x-k8s.io");
	assert_int_equal(model->model.targets[0].weight, -1);
	assert_int_equal(model->model.targets[1].weight, 0);
	assert_false(none->objective.has_priority);
	assert_true(zero->objective.has_priority);
	assert_string_equal(zero->objective.pool.group, "inference.networking.k8s.io");
	object_free(model);
	object_free(none);
	object_free(zero);
}

#define ROUTE                                                                                      \
	"{" META(                                                                                  \
		"default",                                                                         \
		"llm-route") ",'generation':4,'managedFields':[{'manager':'kubectl','operation':'" \
			     "Update',"                                                            \
			     "'time':'1970-01-01T00:00:01Z','fieldsV1':{'f:spec':{}}},{'manager':" \
			     "'gateway',"                                                          \
			     "'operation':'Update','subresource':'status'}],'labels':{'team':'"    \
			     "llm'}},"                                                             \
			     "'spec':{'parentRefs':[{'name':'inference-gateway'}],'hostnames':['"  \
			     "llm.example.com'],"                                                  \
			     "'rules':[{'matches':[{'path':{'type':'PathPrefix','value':'/v1/"     \
			     "chat'}},{},{}],"                                                     \
			     "'filters':[{'type':'RequestHeaderModifier'},{'type':'RequestMirror'" \
			     ",'requestMirror':"                                                   \
			     "{'backendRef':{'group':'inference.networking.x-k8s.io','kind':'"     \
			     "InferencePool',"                                                     \
			     "'name':'p'}}}],'backendRefs':[{'group':'inference.networking.x-k8s." \
			     "io',"                                                                \
			     "'kind':'InferencePool','name':'p','weight':90,'filters':[{'type':'"  \
			     "RequestMirror',"                                                     \
			     "'requestMirror':{'backendRef':{'name':'shadow','port':80}}}]},"      \
			     "{'name':'other','namespace':'apps','port':8080}]},{}]},"             \
			     "'status':{'parents':[{'parentRef':{'name':'inference-gateway'},"     \
			     "'controllerName':'example.com/gateway','conditions':["               \
			     "{'type':'Accepted','status':'True','observedGeneration':4},"         \
			     "{'type':'ResolvedRefs','status':'True','observedGeneration':3}]}]}}"

static void
a_route_names_every_backend_and_mirror_with_its_place(void **state)
{
	struct object *o = decode(KIND_ROUTE, ROUTE);
	const struct rule *rule = &o->route.rules[0];

	(void)state;
	assert_int_equal(o->route.rule_count, 2);
	assert_string_equal(rule->match, "/v1/chat +2");
	assert_string_equal(o->route.rules[1].match, "/");
	assert_int_equal(rule->backend_count, 2);
	assert_int_equal(rule->backends[0].weight, 90);
	assert_true(rule->backends[0].has_filters);
	assert_int_equal(rule->backends[1].weight, 1);
	assert_false(rule->backends[1].has_weight);
	assert_true(rule->backends[1].has_ns);
	assert_string_equal(rule->backends[1].ref.ns, "apps");
	assert_string_equal(rule->backends[1].ref.kind, "Service");
	assert_int_equal(rule->mirror_count, 2);
	assert_string_equal(rule->mirrors[0].ref.name, "p");
	assert_int_equal(rule->mirrors[0].filter, 1);
	assert_int_equal(rule->mirrors[0].backend, -1);
	assert_int_equal(rule->mirrors[1].backend, 0);
	assert_string_equal(rule->mirrors[1].ref.name, "shadow");
	object_free(o);
}

static void
managers_are_known_but_not_kept_in_the_raw_object(void **state)
{
	struct object *o = decode(KIND_ROUTE, ROUTE);
	struct json *json = object_json(o);

	(void)state;
	assert_int_equal(o->meta.manager_count, 2);
	assert_string_equal(o->meta.managers[0].name, "kubectl");
	assert_int_equal(o->meta.managers[0].wall, SECOND);
	assert_false(o->meta.managers[0].status);
	assert_true(o->meta.managers[1].status);
	assert_null(json_at(json, "metadata.managedFields"));
	assert_string_equal(json_string_at(json, "apiVersion"), "gateway.networking.k8s.io/v1");
	assert_string_equal(json_string_at(json, "kind"), "HTTPRoute");
	assert_string_equal(json_string_at(json, "metadata.labels.team"), "llm");
	assert_int_equal(json_integer_at(json, "spec.rules[0].backendRefs[0].weight", 0), 90);
	json_free(json);
	object_free(o);
}

static void
a_condition_of_an_older_generation_is_pending(void **state)
{
	struct object *o = decode(KIND_ROUTE, ROUTE);
	const struct condition_list *list = &o->route.parents[0].conditions;

	(void)state;
	assert_int_equal(condition_answer(list, "Accepted", 4), CONDITION_TRUE);
	assert_int_equal(condition_answer(list, "ResolvedRefs", 4), CONDITION_PENDING);
	assert_int_equal(condition_answer(list, "ResolvedRefs", 3), CONDITION_TRUE);
	assert_int_equal(condition_answer(list, "Reconciled", 4), CONDITION_PENDING);
	object_free(o);
}

static void
a_condition_without_generation_counts_only_where_none_has_one(void **state)
{
	const struct condition plain[] = { { .type = "Established", .status = "True" } };
	const struct condition mixed[] = { { .type = "Accepted", .status = "True" },
					   { .type = "Other", .status = "True", .generation = 2 } };
	const struct condition unknown[] = { { .type = "Accepted", .status = "Unknown" } };

	(void)state;
	assert_int_equal(condition_answer(&(struct condition_list){ plain, 1 }, "Established", 5),
			 CONDITION_TRUE);
	assert_int_equal(condition_answer(&(struct condition_list){ mixed, 2 }, "Accepted", 1),
			 CONDITION_PENDING);
	assert_int_equal(condition_answer(&(struct condition_list){ unknown, 1 }, "Accepted", 0),
			 CONDITION_PENDING);
}

static void
a_copy_outlives_the_object_and_says_the_same(void **state)
{
	struct object *o = decode(KIND_ROUTE, ROUTE);
	struct arena arena;
	const struct object *copy;

	(void)state;
	arena_init(&arena);
	copy = object_copy(o, &arena);
	object_free(o);
	assert_null(copy->raw);
	assert_null(object_json(copy));
	assert_string_equal(copy->meta.name, "llm-route");
	assert_string_equal(kv_find(&copy->meta.labels, "team"), "llm");
	assert_string_equal(copy->meta.managers[1].name, "gateway");
	assert_string_equal(copy->route.hostnames.items[0], "llm.example.com");
	assert_string_equal(copy->route.rules[0].match, "/v1/chat +2");
	assert_string_equal(copy->route.rules[0].backends[1].ref.ns, "apps");
	assert_string_equal(copy->route.rules[0].mirrors[1].ref.name, "shadow");
	assert_string_equal(copy->route.parents[0].controller, "example.com/gateway");
	assert_int_equal(condition_answer(&copy->route.parents[0].conditions, "Accepted", 4),
			 CONDITION_TRUE);
	arena_release(&arena);
}

static void
every_kind_decodes_and_copies_an_object_with_nothing_in_it(void **state)
{
	(void)state;
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		struct object *o = decode(kind, "{" META("default", "x") "}}");
		struct arena arena;
		const struct object *copy;

		assert_non_null(o);
		arena_init(&arena);
		copy = object_copy(o, &arena);
		assert_string_equal(copy->meta.ns, kind_row(kind)->namespaced ? "default" : "");
		arena_release(&arena);
		object_free(o);
	}
}

static void
fields_of_the_wrong_type_are_as_if_missing(void **state)
{
	struct object *o = decode(
		KIND_ROUTE,
		"{" META("default", "x") ",'labels':[1],"
					 "'generation':'4','finalizers':{'a':1}},"
					 "'spec':{'rules':[7,{'backendRefs':'no','matches':3}],"
					 "'parentRefs':{'a':{'name':'g'}},'hostnames':[null,2]},"
					 "'status':'gone'}");

	(void)state;
	assert_int_equal(o->meta.labels.count, 0);
	assert_int_equal(o->meta.generation, 0);
	assert_int_equal(o->meta.finalizers.count, 0);
	assert_int_equal(o->route.rule_count, 2);
	assert_int_equal(o->route.rules[1].backend_count, 0);
	assert_int_equal(o->route.hostnames.count, 0);
	object_free(o);
}

static void
an_object_without_name_or_uid_is_refused(void **state)
{
	(void)state;
	assert_null(decode(KIND_ROUTE, "{'metadata':{'name':'x'}}"));
	assert_null(decode(KIND_ROUTE, "{'metadata':{'uid':'x'}}"));
	assert_null(decode(KIND_ROUTE, "[]"));
}

static void
a_picker_says_who_it_is_and_what_it_reads(void **state)
{
	struct object *o = decode(
		KIND_DEPLOYMENT,
		"{" META(
			"default",
			"p-epp") "},'spec':{'replicas':2,'selector':{'matchLabels':"
				 "{'app':'p-epp'}},'template':{'metadata':{'labels':{'app':'p-epp',"
				 "'x':'y'}},'spec':"
				 "{'serviceAccountName':'p-epp','containers':[{'image':'epp:v1','"
				 "args':['--pool-name',"
				 "'p'],'envFrom':[{'configMapRef':{'name':'env'}}]}],'volumes':[{'"
				 "name':'tmp'},"
				 "{'configMap':{'name':'plugins'}}]}}},'status':{'readyReplicas':1,"
				 "'availableReplicas':1,'observedGeneration':5}}");
	const struct deployment *d = &o->deployment;

	(void)state;
	assert_int_equal(d->desired, 2);
	assert_int_equal(d->available, 1);
	assert_int_equal(d->observed_generation, 5);
	assert_true(kv_covers(&d->pod_labels, &d->selector));
	assert_string_equal(d->service_account, "p-epp");
	assert_string_equal(d->image, "epp:v1");
	assert_string_equal(d->args.items[1], "p");
	assert_int_equal(d->config_maps.count, 2);
	assert_string_equal(d->config_maps.items[0], "plugins");
	assert_string_equal(d->config_maps.items[1], "env");
	object_free(o);
}

static void
a_crd_is_established_by_its_own_words(void **state)
{
	struct object *o = decode(
		KIND_CRD,
		"{'metadata':{'name':'inferencepools.inference.networking.k8s.io','uid':'u',"
		"'annotations':{'inference.networking.k8s.io/bundle-version':'v1.0.0'}},"
		"'spec':{'group':'inference.networking.k8s.io','names':{'plural':'inferencepools',"
		"'kind':'InferencePool'},'versions':[{'name':'v1','served':true},"
		"{'name':'v0','served':false}]},'status':{'storedVersions':['v1'],'conditions':["
		"{'type':'Established','status':'True'},{'type':'NamesAccepted','status':'False'}]}"
		"}");

	(void)state;
	assert_string_equal(o->crd.bundle, "v1.0.0");
	assert_int_equal(o->crd.served.count, 1);
	assert_string_equal(o->crd.stored.items[0], "v1");
	assert_true(o->crd.established);
	assert_false(o->crd.names_accepted);
	assert_false(o->crd.terminating);
	object_free(o);
}

static void
an_empty_selector_covers_nothing_and_equals_only_itself(void **state)
{
	const struct kv a[] = { { "app", "x" }, { "tier", "y" } },
			b[] = { { "tier", "y" }, { "app", "x" } };
	const struct kv_list none = { 0 }, ab = { a, 2 }, ba = { b, 2 }, one = { a, 1 };

	(void)state;
	assert_false(kv_covers(&ab, &none));
	assert_true(kv_covers(&ab, &one));
	assert_false(kv_covers(&one, &ab));
	assert_true(kv_equal(&ab, &ba));
	assert_false(kv_equal(&ab, &one));
	assert_true(kv_equal(&none, &none));
}

static void
titles_name_the_group_and_are_clean(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_string_equal(object_title_of(KIND_ROUTE, "default", "llm-route", &arena),
			    "HTTPRoute default/llm-route (gateway.networking.k8s.io)");
	assert_string_equal(object_title_of(KIND_SERVICE, "default", "x-epp", &arena),
			    "Service default/x-epp");
	assert_null(strchr(object_title_of(KIND_SERVICE, "default", "a\033[31m", &arena), '\033'));
	arena_release(&arena);
}

static void
a_decoded_route_stays_small(void **state)
{
	struct object *o = decode(KIND_ROUTE, ROUTE);

	(void)state;
	assert_true(sizeof(*o) + o->arena.used < 4096);
	object_free(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_alpha_pool_takes_the_defaults_of_its_crd),
		cmocka_unit_test(a_ga_pool_says_port_picker_and_failure_mode_in_its_own_fields),
		cmocka_unit_test(the_default_status_of_the_alpha_crd_is_no_parent),
		cmocka_unit_test(an_unset_criticality_weight_or_priority_is_seen_as_unset),
		cmocka_unit_test(a_route_names_every_backend_and_mirror_with_its_place),
		cmocka_unit_test(managers_are_known_but_not_kept_in_the_raw_object),
		cmocka_unit_test(a_condition_of_an_older_generation_is_pending),
		cmocka_unit_test(a_condition_without_generation_counts_only_where_none_has_one),
		cmocka_unit_test(a_copy_outlives_the_object_and_says_the_same),
		cmocka_unit_test(every_kind_decodes_and_copies_an_object_with_nothing_in_it),
		cmocka_unit_test(fields_of_the_wrong_type_are_as_if_missing),
		cmocka_unit_test(an_object_without_name_or_uid_is_refused),
		cmocka_unit_test(a_picker_says_who_it_is_and_what_it_reads),
		cmocka_unit_test(a_crd_is_established_by_its_own_words),
		cmocka_unit_test(an_empty_selector_covers_nothing_and_equals_only_itself),
		cmocka_unit_test(titles_name_the_group_and_are_clean),
		cmocka_unit_test(a_decoded_route_stays_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
