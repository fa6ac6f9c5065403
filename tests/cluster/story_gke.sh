#!/usr/bin/env bash
# story_gke.sh - a server that brings the GA pool's CRD itself: of the bundle only the objectives are installed.
. "$SRCDIR/tests/cluster/story.sh"

WORLD_APISERVER=kube-apiserver-gke
WORLD_GKE=v1.34.1-gke.2909000

story() {
	local seen
	[ "$WORLD" = demo ] || kubectl create -f "$SRCDIR/core/migrate/crds/${ga}_inferencepools.yaml" >/dev/null
	ok "the server brings its own CRD, which is established" kubectl wait --for=condition=Established --timeout=30s crd "inferencepools.$ga"
	seen=$(crd_versions)
	ok "status reads the version" run status -o json
	ok "as that of a GKE server" said "\"gke\":\"${WORLD_GKE#v}\""
	ok "apply through crds" migrate --through crds
	ok "the objectives are served" kubectl get "inferenceobjectives.$alpha"
	is "no other CRD was touched" "$seen" "$(crd_versions)"
	ok "apply to the end" migrate
	ok "no CRD of alpha pools is left" absent crd "inferencepools.$alpha"
	is "all the traffic is on the GA pool" "$pool-ga=100 " "$(weights)"
}

crd_versions() {
	kubectl get crd -o jsonpath='{range .items[*]}{.metadata.name} {.metadata.resourceVersion}{"\n"}{end}' | grep -v ^inferenceobjectives
}

tell classic
