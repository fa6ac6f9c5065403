/* Who keeps an object elsewhere, and that nothing of theirs is written unasked. */
#include "tests/unit/classic.h"
#include "core/migrate/keeper.h"

#define KEPT(meta)                                                               \
	"---\n"                                                                  \
	"apiVersion: gateway.networking.k8s.io/v1\n"                             \
	"kind: HTTPRoute\n"                                                      \
	"metadata: {name: llm-route, " meta "}\n"                                \
	"spec: {parentRefs: [{name: inference-gateway}], rules: [{backendRefs: " \
	"[" CLASSIC_ALPHA_REF "}]}]}\n"

/* "Argo CD of shop", "-" when nobody does. */
static const char *
keeper(struct classic *c, const char *meta)
{
	struct keeper found;

	worldtext_put(c->world, meta);
	if (!keeper_of(world_find(c->world, KIND_ROUTE, "default", "llm-route"), &found))
		return "-";
	return arena_printf(&c->arena, "%s%s%s", found.name, found.source[0] == '\0' ? "" : " of ",
			    found.source);
}

static const char *
checked(struct classic *c, enum step_id step, struct step_status *status)
{
	struct stage stage = classic_stage(c, PPM_UNKNOWN);

	step_row(step)->check(&stage, &c->plan.pairs[0], status);
	return classic_status(c, status);
}

static void
each_is_known_by_what_only_it_writes(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	assert_string_equal(keeper(&c, KEPT("labels: {app: x}")), "-");
	assert_string_equal(
		keeper(&c, KEPT("annotations: {argocd.argoproj.io/tracking-id: 'shop:x/y'}")),
		"Argo CD of shop:x/y");
	assert_string_equal(keeper(&c, KEPT("labels: {kustomize.toolkit.fluxcd.io/name: apps}")),
			    "Flux of apps");
	assert_string_equal(
		keeper(&c, KEPT("annotations: {configmanagement.gke.io/managed: enabled}")),
		"Config Sync");
	assert_string_equal(
		keeper(&c, KEPT("annotations: {configmanagement.gke.io/managed: disabled}")), "-");
	assert_string_equal(keeper(&c, KEPT("labels: {app.kubernetes.io/managed-by: Helm}, "
					    "annotations: {meta.helm.sh/release-name: shop}")),
			    "Helm of shop");
	assert_string_equal(
		keeper(&c, KEPT("managedFields: [{manager: argocd-controller, operation: Apply}]")),
		"Argo CD");
	assert_string_equal(
		keeper(&c, KEPT("managedFields: [{manager: argocd-controller, operation: Update, "
				"subresource: status}]")),
		"-");
	assert_string_equal(
		keeper(&c, KEPT("managedFields: [{manager: kubectl, operation: Apply}]")), "-");
	assert_string_equal(keeper(&c, KEPT("annotations: {argocd.argoproj.io/tracking-id: first, "
					    "argocd.argoproj.io/instance: second}")),
			    "Argo CD of first");
	classic_release(&c);
}

static void
a_chart_that_flux_installs_is_kept_by_flux(void **state)
{
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL);
	assert_string_equal(keeper(&c, KEPT("labels: {helm.toolkit.fluxcd.io/name: shop, "
					    "app.kubernetes.io/managed-by: Helm}")),
			    "Flux of shop");
	classic_release(&c);
}

static void
a_kept_route_blocks_every_step_that_would_write_it(void **state)
{
	struct step_status status = { 0 };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL KEPT("labels: {kustomize.toolkit.fluxcd.io/name: apps}"));
	assert_string_equal(
		checked(&c, STEP_POOL, &status),
		"blocked: it is kept by Flux (apps), which puts a change back unless it "
		"is made at the source");
	assert_string_equal(status.object,
			    "HTTPRoute default/llm-route (gateway.networking.k8s.io)");
	assert_string_equal(status.advice,
			    "commit what it shall be, poolshift plan -o yaml prints it, or flux "
			    "suspend what reconciles it and go on knowingly: --force-managed");
	worldtext_put(c.world, CLASSIC_GA);
	assert_int_equal((checked(&c, STEP_ATTACH, &status), status.state), STATE_BLOCKED);
	assert_int_equal((checked(&c, STEP_SHIFT, &status), status.state), STATE_BLOCKED);
	c.settings.path = PATH_SIMPLE;
	assert_int_equal((checked(&c, STEP_DETACH, &status), status.state), STATE_BLOCKED);
	c.settings.force_managed = true;
	assert_string_equal(checked(&c, STEP_DETACH, &status), "ready");
	c.settings.path = PATH_ZERO_DOWNTIME;
	assert_string_equal(checked(&c, STEP_ATTACH, &status), "ready");
	assert_non_null(strstr(status.advice, "is kept by Flux"));
	classic_release(&c);
}

static void
a_route_that_was_changed_at_its_source_blocks_nothing(void **state)
{
	struct step_status status = { 0 };
	struct classic c;

	(void)state;
	classic_init(&c, CLASSIC_POOL CLASSIC_GATEWAY CLASSIC_GA
		     "---\n"
		     "apiVersion: gateway.networking.k8s.io/v1\n"
		     "kind: HTTPRoute\n"
		     "metadata: {name: llm-route, labels: {kustomize.toolkit.fluxcd.io/name: a}}\n"
		     "spec: {rules: [{backendRefs: [" CLASSIC_GA_REF "}]}]}\n");
	assert_string_equal(checked(&c, STEP_SHIFT, &status), "done");
	assert_string_equal(checked(&c, STEP_CLEANUP, &status), "ready");
	classic_release(&c);
}

static void
a_kept_pool_is_not_deleted_unasked(void **state)
{
	struct step_status status = { 0 };
	struct classic c;

	(void)state;
	classic_init(&c,
		     "apiVersion: inference.networking.x-k8s.io/v1alpha2\n"
		     "kind: InferencePool\n"
		     "metadata: {name: p, annotations: {argocd.argoproj.io/tracking-id: shop}}\n"
		     "spec: {targetPortNumber: 8000, selector: {app: x}, extensionRef: "
		     "{name: x}}\n");
	assert_string_equal(
		checked(&c, STEP_CLEANUP, &status),
		"blocked: it is kept by Argo CD (shop), which puts a change back unless "
		"it is made at the source");
	c.settings.force_managed = true;
	assert_string_equal(checked(&c, STEP_CLEANUP, &status), "ready");
	classic_release(&c);
}

/* Its release is uninstalled by helm; there is nothing to commit anywhere. */
static void
a_pool_of_a_release_is_not_in_the_way(void **state)
{
	struct step_status status = { 0 };
	struct classic c;

	(void)state;
	classic_init(&c, "apiVersion: inference.networking.x-k8s.io/v1alpha2\n"
			 "kind: InferencePool\n"
			 "metadata: {name: p, annotations: {meta.helm.sh/release-name: p}}\n"
			 "spec: {targetPortNumber: 8000, selector: {app: x}, extensionRef: "
			 "{name: x}}\n");
	c.settings.helm = "/usr/bin/helm";
	assert_string_equal(checked(&c, STEP_CLEANUP, &status), "ready");
	classic_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_known_by_what_only_it_writes),
		cmocka_unit_test(a_chart_that_flux_installs_is_kept_by_flux),
		cmocka_unit_test(a_kept_route_blocks_every_step_that_would_write_it),
		cmocka_unit_test(a_route_that_was_changed_at_its_source_blocks_nothing),
		cmocka_unit_test(a_kept_pool_is_not_deleted_unasked),
		cmocka_unit_test(a_pool_of_a_release_is_not_in_the_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
