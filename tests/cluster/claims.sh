# claims.sh - what a story is written in: claims in TAP; sourced.
#
#   ok "claim" COMMAND...           the command succeeds
#   ends CODE "claim" COMMAND...    the command ends with that exit code
#   is "claim" WANTED GOT           two texts are equal
#   eventually "claim" COMMAND...   the command succeeds within 60 s
#   run ARGS...                     poolshift; its output is in $WORLD_DIR/out and errors
#   migrate ARGS...                 poolshift apply without a probe and with short waits
#   begin ARGS..., finish           poolshift in the background, and its end
#   said TEXT                       it stands in the last run's output or errors
#
# Before each claim stands the world it was made in. What a failed one saw is printed as TAP diagnostics.

claims=0
claims_failed=0

claim() { # passed? text
	claims=$((claims + 1))
	if [ "$1" = 0 ]; then
		echo "ok $claims - $WORLD: $2"
	else
		echo "not ok $claims - $WORLD: $2"
		claims_failed=$((claims_failed + 1))
	fi
}

diagnose() {
	cut -c1-600 | tail -n 20 | sed 's/^/# /'
}

ends() {
	local wanted=$1 text=$2 status=0
	shift 2
	"$@" >"$WORLD_DIR/claim" 2>&1 || status=$?
	if [ "$status" = "$wanted" ]; then
		claim 0 "$text"
	else
		claim 1 "$text"
		echo "# $* ended with $status, not $wanted"
		diagnose <"$WORLD_DIR/claim"
		case $1 in run | migrate) diagnose <"$WORLD_DIR/errors" ;; esac
	fi
}

ok() {
	ends 0 "$@"
}

not() {
	! "$@"
}

is() {
	if [ "$2" = "$3" ]; then
		claim 0 "$1"
	else
		claim 1 "$1"
		diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") | diagnose || :
	fi
}

eventually() {
	local text=$1
	shift
	world_until 60 "$@" || :
	ok "$text" "$@"
}

run() {
	"${world_bound[@]}" "$BUILDDIR/poolshift" "$@" >"$WORLD_DIR/out" 2>"$WORLD_DIR/errors" </dev/null
}

# begin ARGS...: poolshift in the background; finish waits for it and has its exit code.
begin() {
	"$BUILDDIR/poolshift" "$@" >"$WORLD_DIR/out" 2>"$WORLD_DIR/errors" </dev/null &
	running=$!
	world_pids+=("$running")
}

finish() {
	wait "$running"
}

quick=(-A --yes --no-probe --drain 1s --ramp "50,100" --hold 0s)

migrate() {
	run apply "${quick[@]}" "$@"
}

said() {
	grep -qF -- "$1" "$WORLD_DIR/out" "$WORLD_DIR/errors" || {
		cat "$WORLD_DIR/out" "$WORLD_DIR/errors"
		return 1
	}
}

# step_is STEP STATE [STATE-FOLDER]: as a status asked now shows it.
step_is() {
	run status --drain 0s ${3:+--state-dir "$3"}
	grep -E "^$1 +$2( |$)" "$WORLD_DIR/out" || {
		cat "$WORLD_DIR/out"
		return 1
	}
}

# ---- the cluster as kubectl sees it ----

alpha=inference.networking.x-k8s.io
ga=inference.networking.k8s.io
pool=vllm-llama3-8b-instruct

route_spec() {
	kubectl get httproutes.gateway.networking.k8s.io llm-route -o jsonpath='{.spec}'
}

# A route's spec with its one reference to the alpha pool replaced by that to the GA pool.
migrated_route() {
	local old="{\"group\":\"$alpha\",\"kind\":\"InferencePool\",\"name\":\"$pool\",\"weight\":1}"
	local new="{\"group\":\"$ga\",\"kind\":\"InferencePool\",\"name\":\"$pool-ga\",\"weight\":100}"
	printf '%s\n' "${1/"$old"/"$new"}"
}

# "NAME=WEIGHT NAME=WEIGHT" of the route's only rule.
weights() {
	kubectl get httproutes.gateway.networking.k8s.io llm-route \
		-o jsonpath='{range .spec.rules[*].backendRefs[*]}{.name}={.weight} {end}'
}

absent() { # KIND NAME [ARGS...]
	local found
	found=$(kubectl get --ignore-not-found -o name "$@") && [ "$found" = "" ]
}

# Everything that a person made or a migration changes, without what a server or a controller fills in.
cluster() {
	local kinds=deployments.apps,services,serviceaccounts,configmaps,roles.$rbac,rolebindings.$rbac kind
	local cluster_kinds=clusterroles.$rbac,clusterrolebindings.$rbac,customresourcedefinitions.apiextensions.k8s.io
	for kind in $(kubectl get customresourcedefinitions.apiextensions.k8s.io -o name); do
		kind=${kind#*/}
		case $kind in gatewayclasses.*) ;; *) kinds=$kinds,$kind ;; esac
	done
	{
		kubectl get -n default "$kinds" -o jsonpath="$cluster_form"
		kubectl get "$cluster_kinds" -o jsonpath="$cluster_form"
	} | sed -E 's/"clusterIPs?":("[^"]*"|\[[^]]*\]),//g' | grep -v -e '^[A-Za-z]*//system:' -e '^ConfigMap/default/kube-root-ca' | sort
}
rbac=rbac.authorization.k8s.io
cluster_form='{range .items[*]}{.kind}/{.metadata.namespace}/{.metadata.name} {.apiVersion} {.metadata.labels} {.metadata.annotations} {.spec} {.data} {.rules} {.subjects} {.roleRef} {.secrets}{"\n"}{end}'

# Of everything, so that a write of any kind shows; the status, which controllers write when they like, does not.
versions() {
	local kind kinds=deployments.apps,services,serviceaccounts
	for kind in $(kubectl get customresourcedefinitions.apiextensions.k8s.io -o name); do
		kinds=$kinds,${kind#*/}
	done
	kubectl get -A "$kinds,customresourcedefinitions.apiextensions.k8s.io" \
		--show-managed-fields -o go-template="$versions_form"
}
versions_form='{{range .items}}{{.kind}}/{{.metadata.name}} {{.metadata.uid}} {{.metadata.generation}}{{range .metadata.managedFields}}{{if not .subresource}} {{.manager}} {{.time}}{{end}}{{end}}{{"\n"}}{{end}}'
