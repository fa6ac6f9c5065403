#!/usr/bin/env bash
# story_left_over.sh - one alpha object somewhere else keeps the alpha CRDs, as deleting them would delete it.
. "$SRCDIR/tests/cluster/story.sh"

story() {
	ok "somebody has a model in another namespace" stray
	ends "$left_over_code" "apply migrates the pool" migrate
	ok "and names what is left" said "team-b/stray"
	ok "the pool is migrated" absent "inferencepools.$alpha" -A
	ok "the CRD of models stands" kubectl get crd "inferencemodels.$alpha"
	ok "the CRD of alpha pools stands" kubectl get crd "inferencepools.$alpha"
	ok "the model stands" kubectl get "inferencemodels.$alpha" stray -n team-b
	ok "status says what is in the way" step_is remove-crds "(blocked|waiting)"

	ok "somebody deletes it" kubectl delete "inferencemodels.$alpha" stray -n team-b
	ok "apply goes on" migrate
	ok "the CRD of models is gone" absent crd "inferencemodels.$alpha"
	ok "the CRD of alpha pools is gone" absent crd "inferencepools.$alpha"
	ok "the CRD of objectives stands" kubectl get crd "inferenceobjectives.$alpha"
}

left_over_code=0

stray() {
	kubectl create namespace team-b && kubectl create -f - <<-END
	apiVersion: $alpha/v1alpha2
	kind: InferenceModel
	metadata: {name: stray, namespace: team-b}
	spec: {modelName: stray, poolRef: {name: somewhere}}
	END
}

tell classic
