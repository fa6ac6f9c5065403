#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/migrate/bundle.h"

#define CRD(plural, group, version)                                                  \
	"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"      \
	"metadata:\n  name: " plural "." group "\n  creationTimestamp: null\n"       \
	"  annotations: {inference.networking.k8s.io/bundle-version: " version "}\n" \
	"spec: {group: " group ", names: {plural: " plural "}}\n"                    \
	"status: {storedVersions: null}\n---\n"
#define OBJECTIVES CRD("inferenceobjectives", "inference.networking.x-k8s.io", "v1.0.0")
#define GA_POOLS   CRD("inferencepools", "inference.networking.k8s.io", "v1.0.0")

static void
assert_refused(const char *text, const char *words)
{
	struct bundle bundle;
	struct err err = { 0 };

	assert_false(bundle_parse(text, strlen(text), "v1-manifests.yaml", &bundle, &err));
	assert_int_equal(err.code, ERR_INPUT);
	if (strstr(err.text, words) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", words, err.text);
}

static void
the_built_in_bundle_holds_the_three_crds_of_v1(void **state)
{
	struct settings settings = settings_default();
	struct bundle bundle;
	struct err err = { 0 };

	(void)state;
	if (!bundle_load(&settings, &bundle, &err))
		fail_msg("%s", err.text);
	assert_string_equal(bundle.version, "v1.0.0");
	assert_string_equal(bundle_find(&bundle, KIND_GA_POOL)->name,
			    "inferencepools.inference.networking.k8s.io");
	assert_string_equal(
		json_string_at(bundle_find(&bundle, KIND_ALPHA_POOL)->json, "spec.group"),
		"inference.networking.x-k8s.io");
	assert_string_equal(
		json_string_at(bundle_find(&bundle, KIND_OBJECTIVE)->json, "spec.names.kind"),
		"InferenceObjective");
	bundle_release(&bundle);
}

static void
what_a_server_fills_in_is_not_applied(void **state)
{
	const char *text = OBJECTIVES GA_POOLS;
	const struct json *json;
	struct bundle bundle;

	(void)state;
	assert_true(bundle_parse(text, strlen(text), "b", &bundle, NULL));
	json = bundle_find(&bundle, KIND_GA_POOL)->json;
	assert_null(json_get(json, "status"));
	assert_null(json_get(json_get(json, "metadata"), "creationTimestamp"));
	assert_non_null(json_get(json_get(json, "metadata"), "annotations"));
	assert_null(bundle_find(&bundle, KIND_ALPHA_POOL));
	bundle_release(&bundle);
}

static void
anything_foreign_is_an_error_that_names_it(void **state)
{
	(void)state;
	assert_refused(OBJECTIVES "apiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n",
		       "v1-manifests.yaml holds Namespace default");
	assert_refused(OBJECTIVES CRD("gateways", "gateway.networking.k8s.io", "v1.4.0"),
		       "CustomResourceDefinition gateways.gateway.networking.k8s.io");
	assert_refused(OBJECTIVES CRD("inferencemodels", "inference.networking.x-k8s.io", "v0.3.0"),
		       "inferencemodels.inference.networking.x-k8s.io");
	assert_refused(OBJECTIVES "just text\n", "document 2");
}

static void
an_expected_name_must_not_carry_another_kind(void **state)
{
	(void)state;
	assert_refused("apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
		       "metadata: {name: inferenceobjectives.inference.networking.x-k8s.io}\n"
		       "spec: {group: gateway.networking.k8s.io, names: {plural: gateways}}\n",
		       "none of the inference CRDs");
	assert_refused("apiVersion: v1\nkind: Secret\n"
		       "metadata: {name: inferenceobjectives.inference.networking.x-k8s.io}\n"
		       "spec: {group: inference.networking.x-k8s.io,\n"
		       "  names: {plural: inferenceobjectives}}\n",
		       "Secret");
}

static void
a_bundle_that_cannot_serve_is_refused(void **state)
{
	(void)state;
	assert_refused(GA_POOLS, "inferenceobjectives.inference.networking.x-k8s.io");
	assert_refused("", "inferenceobjectives");
	assert_refused(OBJECTIVES OBJECTIVES, "twice");
	assert_refused(CRD("inferenceobjectives", "inference.networking.x-k8s.io", "v0.5.1"),
		       "bundle version of v1.0.0");
	assert_refused("a: b: c\n", "v1-manifests.yaml");
}

static void
crds_of_later_bundles_are_accepted_but_not_needed(void **state)
{
	const char *text = OBJECTIVES GA_POOLS CRD("inferencepoolimports",
						   "inference.networking.x-k8s.io", "v1.5.0")
		CRD("inferencemodelrewrites", "inference.networking.x-k8s.io", "v1.5.0");
	struct bundle bundle;

	(void)state;
	assert_true(bundle_parse(text, strlen(text), "b", &bundle, NULL));
	assert_null(bundle_find(&bundle, KIND_REWRITE));
	bundle_release(&bundle);
	assert_null(bundle_crd_name(KIND_REWRITE));
	assert_null(bundle_crd_name(KIND_COUNT));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_built_in_bundle_holds_the_three_crds_of_v1),
		cmocka_unit_test(what_a_server_fills_in_is_not_applied),
		cmocka_unit_test(anything_foreign_is_an_error_that_names_it),
		cmocka_unit_test(an_expected_name_must_not_carry_another_kind),
		cmocka_unit_test(a_bundle_that_cannot_serve_is_refused),
		cmocka_unit_test(crds_of_later_bundles_are_accepted_but_not_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
