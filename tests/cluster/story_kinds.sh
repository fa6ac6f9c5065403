#!/usr/bin/env bash
# story_kinds.sh - what hangs on a pool, as kubectl writes it: created, applied, watched, patched and deleted, kind by kind.
. "$SRCDIR/tests/cluster/story.sh"

target='targetRef: {group: inference.networking.x-k8s.io, kind: InferencePool, name: vllm-llama3-8b-instruct}'

# manifest KIND: an object named "made" of it
manifest() {
	case $1 in
	gcpbackendpolicies.networking.gke.io) echo "apiVersion: networking.gke.io/v1
kind: GCPBackendPolicy
metadata: {name: made}
spec: {$target, default: {timeoutSec: 300, logging: {enabled: true, sampleRate: 500000}}}" ;;
	healthcheckpolicies.networking.gke.io) echo "apiVersion: networking.gke.io/v1
kind: HealthCheckPolicy
metadata: {name: made}
spec:
  $target
  default: {config: {type: HTTP, httpHealthCheck: {portSpecification: USE_FIXED_PORT, port: 8000, requestPath: /health}}}" ;;
	referencegrants.gateway.networking.k8s.io) echo "apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: made}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: gateways}]
  to: [{group: inference.networking.k8s.io, kind: InferencePool}]" ;;
	inferencemodelrewrites.inference.networking.x-k8s.io) echo "apiVersion: inference.networking.x-k8s.io/v1alpha2
kind: InferenceModelRewrite
metadata: {name: made}
spec:
  poolRef: {name: vllm-llama3-8b-instruct-ga}
  rules: [{matches: [{model: {value: food-review}}], targets: [{modelRewrite: food-review-1, weight: 100}]}]" ;;
	leases.coordination.k8s.io) echo "apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: made}
spec: {holderIdentity: console-1, leaseDurationSeconds: 30, renewTime: \"2026-01-15T09:00:00.000000Z\"}" ;;
	secrets) echo "apiVersion: v1
kind: Secret
metadata: {name: made, labels: {owner: helm, name: made, status: deployed}}
type: helm.sh/release.v1
data: {release: bWFkZQ==}" ;;
	esac
}

kinds='gcpbackendpolicies.networking.gke.io healthcheckpolicies.networking.gke.io
	referencegrants.gateway.networking.k8s.io inferencemodelrewrites.inference.networking.x-k8s.io
	leases.coordination.k8s.io secrets'

annotation() { # KIND KEY
	kubectl get "$1" made -o "jsonpath={.metadata.annotations.$2}"
}

version_of() {
	kubectl get "$1" made -o jsonpath='{.metadata.resourceVersion}'
}

sees() { # FILE TEXT
	grep -q -- "$2" "$1"
}

# The kind's life, with all of kubectl's checks on.
live() {
	local kind=$1 file=$WORLD_DIR/$1.yaml seen=$WORLD_DIR/$1.seen watcher version
	manifest "$kind" >"$file"
	kubectl get "$kind" --watch --output-watch-events >"$seen" 2>/dev/null &
	watcher=$!
	ok "$kind: the server's dry run is taken" kubectl apply --dry-run=server -f "$file"
	ends 1 "and leaves nothing" kubectl get "$kind" made
	ok "applied" kubectl apply -f "$file"
	version=$(version_of "$kind")
	is "the same again changes nothing" "$version" "$(kubectl apply -f "$file" >/dev/null && version_of "$kind")"
	ok "patched" kubectl patch "$kind" made --type=merge -p '{"metadata":{"annotations":{"by":"merge"}}}'
	ok "and by operations" kubectl patch "$kind" made --type=json \
		-p '[{"op":"replace","path":"/metadata/annotations/by","value":"operations"}]'
	is "as asked for" operations "$(annotation "$kind" by)"
	ends 1 "an applier that takes over is told of the conflict" kubectl apply --server-side -f <(manifest "$kind" |
		sed 's/^metadata: {/metadata: {annotations: {by: apply}, /')
	ok "and may force it" kubectl apply --server-side --force-conflicts -f <(manifest "$kind" |
		sed 's/^metadata: {/metadata: {annotations: {by: apply}, /')
	is "which then stands" apply "$(annotation "$kind" by)"
	# The demo keeps what it does not know in kinds that no CRD describes.
	case $kind in *networking*)
		ends 1 "a field that the kind does not have is refused" \
			kubectl apply -f <(sed 's/^metadata:/nonsense: 1\nmetadata:/' "$file")
	esac
	ends 0 "deleted" kubectl delete "$kind" made
	ends 1 "and gone" kubectl get "$kind" made
	eventually "a watcher saw it come" sees "$seen" '^ADDED .*made'
	eventually "and go" sees "$seen" '^DELETED .*made'
	kill "$watcher" 2>/dev/null
	wait "$watcher" 2>/dev/null
}

can() { # USER VERB RESOURCE [ARGS...]: "yes" or "no"
	kubectl auth can-i --as "$1" "${@:2}" 2>/dev/null
}

rights() {
	kubectl create namespace prod >/dev/null
	kubectl create role mover -n prod --verb=get,list,patch --resource=httproutes.gateway.networking.k8s.io >/dev/null
	kubectl create rolebinding mover -n prod --role=mover --user=operator >/dev/null
	is "a right holds in its namespace" yes "$(can operator patch httproutes.gateway.networking.k8s.io -n prod)"
	is "for its verb" no "$(can operator delete httproutes.gateway.networking.k8s.io -n prod)"
	is "its resource" no "$(can operator patch leases.coordination.k8s.io -n prod)"
	is "and group" no "$(can operator patch httproutes.example.com -n prod)"
	is "not in another namespace" no "$(can operator patch httproutes.gateway.networking.k8s.io -n default)"
	is "nor in all" no "$(can operator patch httproutes.gateway.networking.k8s.io -A)"
}

story() {
	local kind
	for kind in $kinds; do live "$kind"; done
	rights
}

tell rewrites
