#!/usr/bin/env bash
# story_helm.sh - a release of the test chart comes, changes, goes back and goes: what the real helm needs of a world.
. "$SRCDIR/tests/cluster/story.sh"

name=chart-pool
chart=$SRCDIR/tests/charts/inferencepool-alpha
set_app=inferencePool.modelServers.matchLabels.app=vllm-llama3-8b-instruct
pool=inferencepools.inference.networking.x-k8s.io/$name
made=deployments,services,serviceaccounts,configmaps,roles,rolebindings,clusterroles,clusterrolebindings

alpha() { # verb, ARGS...
	helm "$1" "$name" "$chart" --set "$set_app" "${@:2}"
}

releases() {
	kubectl get secrets -l owner=helm -o name
}

of() { # object, jsonpath
	kubectl get "$1" -o "jsonpath=$2"
}

newest() {
	helm history "$name" | awk 'END { print $1, $7 }'
}

replicas_are() {
	[ "$(of "deployment/$name-epp" '{.spec.replicas} {.status.readyReplicas}')" = "$1" ]
}

story() {
	local wait=
	export HELM_CACHE_HOME=$WORLD_DIR/helm HELM_CONFIG_HOME=$WORLD_DIR/helm HELM_DATA_HOME=$WORLD_DIR/helm
	ok "the server's dry run is taken" alpha install --dry-run=server
	is "and leaves nothing" "" "$(releases)"

	ok "a release is installed" alpha install
	is "it is a Secret of helm's own type" "helm.sh/release.v1" "$(of "secret/sh.helm.release.v1.$name.v1" '{.type}')"
	is "its pool says whose it is" "$name default Helm" "$(of "$pool" \
		'{.metadata.annotations.meta\.helm\.sh/release-name} {.metadata.annotations.meta\.helm\.sh/release-namespace} {.metadata.labels.app\.kubernetes\.io/managed-by}')"
	is "what the chart leaves out is there by default" "FailClose Service" \
		"$(of "$pool" '{.spec.extensionRef.failureMode} {.spec.extensionRef.kind}')"
	is "a selector finds the release" "secret/sh.helm.release.v1.$name.v1" \
		"$(kubectl get secrets -l "owner=helm,name=$name,status in (deployed)" -o name)"
	ends 1 "the name is taken now" alpha install

	# What --wait looks for in a Deployment are its ReplicaSets; the real world's controller has none.
	[ "$WORLD" = demo ] && wait='--wait --timeout 60s'
	ok "it is upgraded" alpha upgrade --install --set inferenceExtension.replicas=2 $wait
	eventually "until the picker's Pods are ready" replicas_are "2 2"
	ok "it is rolled back" helm rollback "$name" 1 $wait
	eventually "to what it was" replicas_are "1 1"
	is "in a revision of its own" "3 deployed" "$(newest | sed 's/ [^ ]*$/ deployed/')"

	ends 1 "an upgrade with an object that no server takes is refused" alpha upgrade --set broken="not a label"
	ok "and on record as failed" grep -q failed <(helm history "$name")
	ends 1 "an installation that fails leaves its half behind" helm install half "$chart" --set "$set_app" \
		--set broken="not a label"
	ok "with a release that says so" grep -q failed <(helm list --all --filter half)
	ok "and is cleaned up by uninstall" helm uninstall half

	ok "a preview of the end" helm uninstall "$name" --dry-run
	ok "leaves it" kubectl get "$pool"
	ok "it is uninstalled, and waited for" helm uninstall "$name" --wait --timeout 60s
	is "with all it made" "" "$(kubectl get "$made" -A -o name | grep "$name")"
	ends 1 "its pool too" kubectl get "$pool"
	is "and its Secrets" "" "$(releases)"
}

tell
