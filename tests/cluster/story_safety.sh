#!/usr/bin/env bash
# story_safety.sh - one writes at a time, a freeze stops all, a right that is missing is named before the first write and
# given by the Role that is printed, and what was deleted comes back by kubectl apply.
. "$SRCDIR/tests/cluster/story.sh"

someone_else() {
	local now
	now=$(date -u +%Y-%m-%dT%H:%M:%S.000000Z)
	kubectl apply -f - <<-END
	apiVersion: coordination.k8s.io/v1
	kind: Lease
	metadata: {name: poolshift, namespace: default}
	spec: {holderIdentity: "second@elsewhere, pid 7", leaseDurationSeconds: 3600, acquireTime: "$now", renewTime: "$now"}
	END
}

lease() {
	kubectl get leases.coordination.k8s.io poolshift -o "jsonpath=$1"
}

one_at_a_time() {
	local seen
	ok "somebody else takes the Lease" someone_else
	seen=$(versions)
	ends 3 "apply is refused" migrate
	ok "with who holds it, and since when" said "second@elsewhere, pid 7 (since 20"
	ends 3 "--no-lease is no way around" migrate --no-lease
	is "nothing was written" "$seen" "$(versions)"
	ok "status says who" run status
	ok "by name" said "is held by second@elsewhere, pid 7"
	is "the Lease is still theirs" "second@elsewhere, pid 7" "$(lease '{.spec.holderIdentity}')"
	ok "they give it back" kubectl delete leases.coordination.k8s.io poolshift
}

frozen() {
	local seen
	ok "freeze" run freeze --reason "incident 12"
	seen=$(versions)
	ends 3 "apply is refused" migrate
	ok "with the reason" said "incident 12"
	ok "status says so in JSON" run status -o json
	ok "with the reason there, too" said '"reason":"incident 12"'
	is "nothing was written" "$seen" "$(versions)"
	ok "unfreeze" run unfreeze
	is "the annotation is gone" "" "$(lease '{.metadata.annotations.poolshift/frozen}')"
}

# Somebody with rights in one namespace, who may look at all.
namespace_only() {
	kubectl create clusterrolebinding team-looks --clusterrole=cluster-reader --user=team
	kubectl create clusterrole cluster-reader --verb=get,list,watch --resource='*.*'
}

rights() {
	local seen
	ok "somebody may only look" namespace_only
	seen=$(versions)
	ends 3 "apply is blocked before the first write" migrate --as team
	ok "the step of the cluster is for somebody else" said "somebody with the right to"
	ok "with the command" said "kubectl apply --server-side --force-conflicts -f https://"
	ok "and who may not" said 'User "team" may not'
	is "nothing was written" "$seen" "$(versions)"
	ok "an administrator makes the CRDs" migrate --through crds
	ends 3 "apply is still blocked" migrate --as team
	ok "by verb, resource and namespace" said "in namespace default"
	ok "the plan counts what is missing" run plan --as team
	ok "and points to the Role" said "poolshift plan -o rbac"
	ok "the Role is printed" run plan -o rbac --as team
	cp "$WORLD_DIR/out" "$WORLD_DIR/rbac.yaml"
	ok "kubectl makes it" kubectl apply -f "$WORLD_DIR/rbac.yaml"
	ok "with it the migration goes to its end" migrate --as team
	is "and nobody holds the Lease" "" "$(lease '{.spec.holderIdentity}')"
	ok "no CRD of alpha pools is left" absent crd "inferencepools.$alpha"
}

copies() {
	local folder=$XDG_STATE_HOME/poolshift/backup
	is "copies are for their owner alone" "700 600" \
		"$(stat -c %a "$folder") $(stat -c %a "$folder"/*.yaml | sort -u)"
	ok "kubectl brings the CRDs back" kubectl apply --server-side \
		-f "$folder/cluster.customresourcedefinition.inferencepools.$alpha.yaml" \
		-f "$folder/cluster.customresourcedefinition.inferencemodels.$alpha.yaml"
	eventually "and the pool" kubectl apply -f "$folder/default.inferencepool.$pool.yaml"
	ok "and its models" kubectl apply -f "$folder/default.inferencemodel.food-review.yaml"
	is "the pool is what it was" "$pool_before" \
		"$(kubectl get "inferencepools.$alpha" "$pool" -o 'jsonpath={.spec}')"
}

story() {
	pool_before=$(kubectl get "inferencepools.$alpha" "$pool" -o 'jsonpath={.spec}')
	one_at_a_time
	frozen
	rights
	copies
}

tell classic
