#!/usr/bin/env bash
# story_whole.sh - the example of the documentation, migrated from its first object to its last by one command.
. "$SRCDIR/tests/cluster/story.sh"

story() {
	local before seen
	before=$(route_spec)

	ok "apply migrates it and ends with 0" migrate
	ok "no CRD of alpha pools is left" absent crd "inferencepools.$alpha"
	ok "no CRD of models is left" absent crd "inferencemodels.$alpha"
	ok "nothing of the old picker is left" absent -A \
		deployments.apps,services,serviceaccounts "--field-selector=metadata.name=$pool-epp"
	ok "nor its rights" absent "clusterroles.$rbac,clusterrolebindings.$rbac" \
		"--field-selector=metadata.name=$pool-epp"
	is "the route names the GA pool and is otherwise byte for byte what it was" \
		"$(migrated_route "$before")" "$(route_spec)"
	is "the GA pool has the ports, the selector and the new picker" \
		"{\"endpointPickerRef\":{\"failureMode\":\"FailClose\",\"group\":\"\",\"kind\":\"Service\",\"name\":\"$pool-ga-epp\",\"port\":{\"number\":9002}},\"selector\":{\"matchLabels\":{\"app\":\"$pool\"}},\"targetPorts\":[{\"number\":8000}]}" \
		"$(kubectl get "inferencepools.$ga" "$pool-ga" -o jsonpath='{.spec}')"
	is "each model became an objective with its priority, of the GA pool" \
		"base-model 2 $ga/$pool-ga,food-review 1 $ga/$pool-ga," \
		"$(kubectl get "inferenceobjectives.$alpha" -o jsonpath='{range .items[*]}{.metadata.name} {.spec.priority} {.spec.poolRef.group}/{.spec.poolRef.name},{end}')"
	eventually "the new picker is available" kubectl wait --for=condition=Available --timeout=1s "deployment/$pool-ga-epp"
	is "the route resolves for its newest generation" "True" "$(route_condition ResolvedRefs)"

	seen=$(versions)
	ok "a second apply ends with 0" migrate
	is "and wrote nothing" "$seen" "$(versions)"
	ok "a look from elsewhere shows all steps done" run status --state-dir "$WORLD_DIR/elsewhere"
	ok "and says that there is nothing more to do" not grep -qE ' (ready|blocked|failed|unknown) ' "$WORLD_DIR/out"
}

route_condition() {
	local form='{range .status.parents[0].conditions[?(@.type=="'$1'")]}{.status} {.observedGeneration}{end} {.metadata.generation}'
	kubectl get httproutes.gateway.networking.k8s.io llm-route -o jsonpath="$form" |
		awk '{ print $2 == $3 ? $1 : "not looked at yet" }'
}

tell classic
