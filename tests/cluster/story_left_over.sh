#!/usr/bin/env bash
# story_left_over.sh - one alpha object somewhere else keeps the alpha CRDs, as deleting them would delete it; a model whose
# pool is missing goes only when it is named, and comes back.
. "$SRCDIR/tests/cluster/story.sh"

story() {
	ok "somebody has a model in another namespace" stray
	ok "the plan shows it" run plan
	ok "as a model whose pool is missing" said "Models whose pool is missing:"
	ends "$left_over_code" "apply migrates the pool" migrate
	ok "and names what is left" said "team-b/stray"
	ok "the pool is migrated" absent "inferencepools.$alpha" -A
	ok "the CRD of models stands" kubectl get crd "inferencemodels.$alpha"
	ok "the CRD of alpha pools stands" kubectl get crd "inferencepools.$alpha"
	ok "the model stands" kubectl get "inferencemodels.$alpha" stray -n team-b
	ok "status says what is in the way" step_is remove-crds "(blocked|waiting)"

	ok "and how it would go" said "--orphan team-b/stray"

	ok "named, it goes with the clean-up" migrate --orphan team-b/stray
	ok "the CRD of models is gone" absent crd "inferencemodels.$alpha"
	ok "the CRD of alpha pools is gone" absent crd "inferencepools.$alpha"
	ok "the CRD of objectives stands" kubectl get crd "inferenceobjectives.$alpha"
	ok "it is taken back to finalize" run rollback --to finalize --yes
	is "the model without a pool is there again" somewhere \
		"$(kubectl get "inferencemodels.$alpha" stray -n team-b -o 'jsonpath={.spec.poolRef.name}')"
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
