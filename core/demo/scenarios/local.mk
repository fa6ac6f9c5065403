# The scenarios and the CRDs they install, as tables in C (build-aux/embed.sh), made in the build tree.
DEMO_SCENARIOS = \
	%D%/big.yaml \
	%D%/blocked.yaml \
	%D%/classic.yaml \
	%D%/crowd.yaml \
	%D%/estate.yaml \
	%D%/fresh.yaml \
	%D%/rewrites.yaml

DEMO_CRDS = \
	core/demo/crds/gateway-api-v1.4.0_gatewayclasses.yaml \
	core/demo/crds/gateway-api-v1.4.0_gateways.yaml \
	core/demo/crds/gateway-api-v1.4.0_httproutes.yaml \
	core/demo/crds/gateway-api-v1.4.0_referencegrants.yaml \
	core/demo/crds/gke-policies_gcpsessionaffinitypolicies.yaml \
	core/demo/crds/gke_gcpbackendpolicies.yaml \
	core/demo/crds/gke_healthcheckpolicies.yaml \
	core/demo/crds/inference-v0.3.0_inferencemodels.yaml \
	core/demo/crds/inference-v0.3.0_inferencepools.yaml \
	core/demo/crds/inference-v1.0.0_inferenceobjectives.yaml \
	core/demo/crds/inference-v1.0.0_inferencepools.yaml \
	core/demo/crds/inference-v1.5.0_inferencemodelrewrites.yaml \
	core/demo/crds/inference-v1.5.0_inferenceobjectives.yaml \
	core/demo/crds/inference-v1.5.0_inferencepools.yaml

nodist_core_demo_libdemo_a_SOURCES = core/demo/scenario_data.c core/demo/crd_data.c
EXTRA_DIST += $(DEMO_SCENARIOS) $(DEMO_CRDS) core/demo/crds/README %D%/README
CLEANFILES += core/demo/scenario_data.c core/demo/crd_data.c

core/demo/scenario_data.c: $(DEMO_SCENARIOS) build-aux/embed.sh
	$(AM_V_GEN)$(MKDIR_P) core/demo && (cd $(srcdir) && \
	$(SHELL) build-aux/embed.sh demo_scenario_files $(DEMO_SCENARIOS)) >$@.new && mv $@.new $@

core/demo/crd_data.c: $(DEMO_CRDS) build-aux/embed.sh
	$(AM_V_GEN)$(MKDIR_P) core/demo && (cd $(srcdir) && \
	$(SHELL) build-aux/embed.sh demo_crd_files $(DEMO_CRDS)) >$@.new && mv $@.new $@
