#!/usr/bin/env bash
# story_helm_release.sh - an alpha pool that is a release of Helm: the GA pool made by helm, the old release uninstalled, and back.
. "$SRCDIR/tests/cluster/story.sh"
. "$SRCDIR/tests/cluster/helmed.sh"

story() {
	local before

	ok "an alpha release stands" helm_alpha --set inferencePool.failureMode=FailOpen
	before=$(route_spec)
	is "helm lists it" "$pool deployed 1" "$(releases)"

	ok "the plan shows what helm would make" run plan -o json --chart "$charts/inferencepool"
	ok "with its command" said "helm --kube-context"
	ok "and the chart's manifest as a difference" said "+  name: $pool-ga-epp"
	ok "and what its uninstall would delete" said "-  name: $pool-epp"
	is "and changed nothing" "$pool deployed 1" "$(releases)"

	ok "without helm on the PATH there is a plan" without_helm run plan -o json
	ok "the pool is made natively, and helm is missed" said "there is no helm on the PATH"
	ends 3 "and apply goes no further than what can be taken back" without_helm migrate
	ok "which it says" said "there is no helm on the PATH"
	ok "the α pool serves" kubectl get "inferencepools.$alpha/$pool"
	ok "rollback needs no helm" without_helm run rollback --all --yes -A --drain 1s

	ok "apply goes as far as the objectives" migrate --chart "$charts/inferencepool" --through objectives
	is "helm lists the GA pool's release, too" "$pool deployed 1 $pool-ga deployed 1" "$(releases)"
	is "the FailOpen, which the chart cannot say, is there" "FailOpen" \
		"$(kubectl get "inferencepools.$ga" "$pool-ga" -o jsonpath='{.spec.endpointPickerRef.failureMode}')"
	ok "rollback takes the new release away" run rollback --to crds --yes -A --drain 1s
	is "and only that" "$pool deployed 1" "$(releases)"
	ok "no Deployment of it is left" absent deployments.apps "$pool-ga-epp"

	ok "apply migrates it to the end" migrate --chart "$charts/inferencepool"
	is "the old release is uninstalled, with its history" "$pool uninstalled 1 $pool-ga deployed 1" "$(releases)"
	is "the route names the GA pool and is otherwise byte for byte what it was" \
		"$(migrated_route "$before")" "$(route_spec)"
	ok "nothing of the old picker is left" absent -A \
		deployments.apps,services,serviceaccounts "--field-selector=metadata.name=$pool-epp"
	ok "a copy of the old pool is kept for kubectl" grep -q "^kind: InferencePool" \
		"$XDG_STATE_HOME"/poolshift/backup/default.inferencepool*."$pool".yaml
	ok "the journal prints helm's commands" run journal --kubectl
	ok "among them the uninstall" said "uninstall $pool --keep-history --namespace default"
	ok "and keeps no token" not grep -rqF "${world_admin:-no token in this world}" "$XDG_STATE_HOME"

	ok "a second apply ends with 0" migrate --chart "$charts/inferencepool"
	is "and helm sees no new revision" "$pool uninstalled 1 $pool-ga deployed 1" "$(releases)"

	ok "rollback --all brings everything back" run rollback --all --yes -A --drain 1s --chart "$charts/inferencepool"
	is "the old release by helm rollback, the new one gone" "$pool deployed 2" "$(releases)"
	is "the route as it was" "$before" "$(route_spec)"
	ok "the old picker is there" kubectl get "deployment/$pool-epp"
}

tell classic
