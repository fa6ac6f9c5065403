EXTRA_DIST += %D%/README %D%/go.mod %D%/go.sum %D%/programs %D%/world.sh %D%/claims.sh

# Linked with the client's own layer: it follows and writes as a controller does.
check_PROGRAMS += %D%/controller
tests_cluster_controller_SOURCES = %D%/controller.c %D%/mirror.c %D%/mirror.h
tests_cluster_controller_LDADD = core/kube/libkube.a core/base/libbase.a $(CJSON_LIBS) $(YAML_LIBS) \
	$(CURL_LIBS) -lpthread -lm

# Each in both worlds; `make check STORIES=` leaves them out.
STORIES = %D%/story_bad_input.sh \
	%D%/story_blocked.sh \
	%D%/story_by_hand.sh \
	%D%/story_by_hand_simple.sh \
	%D%/story_conflict.sh \
	%D%/story_estate.sh \
	%D%/story_estate_simple.sh \
	%D%/story_simple.sh \
	%D%/story_fresh.sh \
	%D%/story_gke.sh \
	%D%/story_go_on.sh \
	%D%/story_helm.sh \
	%D%/story_kinds.sh \
	%D%/story_killed.sh \
	%D%/story_helm_release.sh \
	%D%/story_helm_shared.sh \
	%D%/story_helm_trouble.sh \
	%D%/story_helm_upgrade.sh \
	%D%/story_helm_values.sh \
	%D%/story_kubectl.sh \
	%D%/story_left_over.sh \
	%D%/story_safety.sh \
	%D%/story_undo.sh \
	%D%/story_unserved.sh \
	%D%/story_viewer.sh \
	%D%/story_whole.sh
TESTS += $(STORIES)
dist_check_SCRIPTS += %D%/story_bad_input.sh \
	%D%/story_blocked.sh \
	%D%/story_by_hand.sh \
	%D%/story_by_hand_simple.sh \
	%D%/story_conflict.sh \
	%D%/story_estate.sh \
	%D%/story_estate_simple.sh \
	%D%/story_simple.sh \
	%D%/story_fresh.sh \
	%D%/story_gke.sh \
	%D%/story_go_on.sh \
	%D%/story_helm.sh \
	%D%/story_kinds.sh \
	%D%/story_killed.sh \
	%D%/story_helm_release.sh \
	%D%/story_helm_shared.sh \
	%D%/story_helm_trouble.sh \
	%D%/story_helm_upgrade.sh \
	%D%/story_helm_values.sh \
	%D%/story_kubectl.sh \
	%D%/story_left_over.sh \
	%D%/story_safety.sh \
	%D%/story_undo.sh \
	%D%/story_unserved.sh \
	%D%/story_viewer.sh \
	%D%/story_whole.sh
EXTRA_DIST += %D%/story.sh %D%/helmed.sh %D%/estate.sh %D%/by_hand.sh

# Stand in for the official charts, which are fetched from a registry.
EXTRA_DIST += tests/charts/README \
	tests/charts/inferencepool/Chart.yaml \
	tests/charts/inferencepool/values.yaml \
	tests/charts/inferencepool/templates/NOTES.txt \
	tests/charts/inferencepool/templates/_names.tpl \
	tests/charts/inferencepool/templates/auth.yaml \
	tests/charts/inferencepool/templates/gke.yaml \
	tests/charts/inferencepool/templates/picker.yaml \
	tests/charts/inferencepool/templates/pool.yaml \
	tests/charts/inferencepool/templates/rights.yaml \
	tests/charts/inferencepool/templates/stall.yaml \
	tests/charts/inferencepool-alpha/Chart.yaml \
	tests/charts/inferencepool-alpha/values.yaml \
	tests/charts/inferencepool-alpha/templates/_names.tpl \
	tests/charts/inferencepool-alpha/templates/picker.yaml \
	tests/charts/inferencepool-alpha/templates/pool.yaml
