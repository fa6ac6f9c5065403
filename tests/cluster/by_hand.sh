# by_hand.sh - scenario `estate` migrated by a person with kubectl and helm, and both ends of it as files; sourced after
# story.sh and helmed.sh.
#
#   hand_zero_downtime, hand_simple   the two procedures of the documentation, one command a step
#   end_in FOLDER                     every object of the cluster as YAML, one a file, without what a server fills in
#   ends_differ FOLDER FOLDER         how they differ: "FILE" and below it the lines, < by hand, > by poolshift
#
# A person writes what the documentation says and no more: nothing here asks poolshift.

chart=$charts/inferencepool
lora=vllm-llama3-8b-lora
llama70=vllm-llama3-70b-instruct
gemma=vllm-gemma3-27b
batch=vllm-llama3-8b-batch

# ---- the steps ----

# The α CRD is replaced by that of the bundle, which others wrote.
hand_crds() {
	kubectl apply --server-side --force-conflicts -f "$SRCDIR/core/migrate/crds"
	kubectl wait --for=condition=Established --timeout=60s crd "inferencepools.$ga" "inferenceobjectives.$alpha"
}

# values NAMESPACE NAME PORT: of the chart
values() {
	echo "--namespace $1 --set-string inferencePool.modelServers.matchLabels.app=$2" \
		"--set inferencePool.targetPorts[0].number=$3 --set inferencePool.targetPortNumber=$3"
}

# render NAMESPACE NAME PORT: what was installed by plain manifests stays so
render() {
	# shellcheck disable=SC2046 # words
	helm template "$2-ga" "$chart" $(values "$@") | kubectl apply -f -
}

# bare: a manifest as it would be given again
bare() {
	sed -E -e '/last-applied-configuration/,/^      /d' -e '/^  (uid|resourceVersion|creationTimestamp):/d'
}

# again KIND NAMESPACE NAME: the same for the GA pool, which as the copy is called "...-ga"
again() {
	kubectl get "$1" -n "$2" "$3" -o yaml | bare | sed -E -e "s/$alpha/$ga/" -e 's/^( +name: .*)$/\1-ga/' | kubectl apply -f -
}

# In prod the release's name is that of the one in default, and so would be that of its ClusterRole: that of prod is made apart.
hand_pools() {
	render prod "$pool" 8000
	kubectl get clusterrole "$pool-ga-epp" -o yaml | bare | sed 's/^  name: /&prod-/' | kubectl create -f -
	kubectl create clusterrolebinding "prod-$pool-ga-epp" --clusterrole="prod-$pool-ga-epp" --serviceaccount="prod:$pool-ga-epp"
	render default "$pool" 8000
	render prod "$batch" 8000
	render default "$gemma" 8000
	render default "$llama70" 8080
	kubectl patch "inferencepools.$ga" "$llama70-ga" --type=merge -p '{"spec":{"endpointPickerRef":{"failureMode":"FailOpen"}}}'
	# shellcheck disable=SC2046 # words
	helm install "$lora-ga" "$chart" $(values prod "$lora" 8000)
}

hand_policies() {
	again gcpbackendpolicies.networking.gke.io default "$pool"
	again healthcheckpolicies.networking.gke.io default "$pool"
	again gcpbackendpolicies.networking.gke.io prod long-answers
	again healthcheckpolicies.networking.gke.io default "$llama70"
}

objective() { # NAMESPACE NAME PRIORITY POOL
	kubectl apply -f - <<-END
	apiVersion: $alpha/v1alpha2
	kind: InferenceObjective
	metadata: {name: $2, namespace: $1}
	spec: {priority: $3, poolRef: {group: $ga, kind: InferencePool, name: $4-ga}}
	END
}

hand_objectives() {
	objective default base-model 2 "$pool"
	objective default food-review 1 "$pool"
	objective default batch-summary -1 "$pool"
	objective default base-model-70b 2 "$llama70"
	objective prod base-model 1 "$pool"
	objective prod food-review 2 "$pool"
	objective prod base-model-batch -1 "$batch"
	objective prod support-chat 2 "$lora"
}

hand_grants() {
	again "$grants" default llm-70b-route
	again "$grants" prod routes-of-gateways
}

patch() { # NAMESPACE ROUTE OPERATION...
	local IFS=,
	kubectl patch "$routes" -n "$1" "$2" --type=json -p "[${*:3}]"
}

# reference WEIGHT NAME [MORE]: to a GA pool
reference() {
	echo "{\"group\":\"$ga\",\"kind\":\"InferencePool\",\"name\":\"$2-ga\",\"weight\":$1${3:+,$3}}"
}

served_from='"port":8000,"filters":[{"type":"RequestHeaderModifier","requestHeaderModifier":{"set":[{"name":"x-served-from","value":"llama3-8b"}]}}]'

# place OPERATION RULE BACKEND [VALUE]
place() {
	echo "{\"op\":\"$1\",\"path\":\"/spec/rules/$2/backendRefs/$3\"${4:+,\"value\":$4}}"
}

weight() { # RULE BACKEND WEIGHT
	place replace "$1" "$2/weight" "$3"
}

mirror() {
	echo '{"op":"replace","path":"/spec/rules/1/filters/0/requestMirror/backendRef",' \
		"\"value\":{\"group\":\"$ga\",\"kind\":\"InferencePool\",\"name\":\"$batch-ga\"}}"
}

hand_attach() {
	patch default llm-route "$(place add 0 1 "$(reference 0 "$pool" "$served_from")")" \
		"$(place add 1 1 "$(reference 0 "$pool")")"
	patch prod llm-route "$(place add 0 1 "$(reference 0 "$batch")")" \
		"$(place add 1 2 "$(reference 0 "$batch")")" "$(place add 1 1 "$(reference 0 "$pool")")"
	patch prod lora-route "$(place add 0 1 "$(reference 0 "$lora")")"
	patch gateways prod-route "$(place add 0 1 "$(reference 0 "$pool" '"namespace":"prod","port":8000')")"
	patch gateways llm-70b-route "$(place add 0 1 "$(reference 0 "$llama70" '"namespace":"default","port":8080')")"
}

# Of hundred: the tenth of the archive and the fifth of the batch pool stay what they are.
hand_shift() {
	patch default llm-route "$(weight 0 0 0)" "$(weight 0 1 100)" \
		"$(weight 1 0 0)" "$(weight 1 1 90)" "$(weight 1 2 10)"
	patch prod llm-route "$(weight 0 0 0)" "$(weight 0 1 100)" \
		"$(weight 1 0 0)" "$(weight 1 1 80)" "$(weight 1 2 0)" "$(weight 1 3 20)"
	patch prod lora-route "$(weight 0 0 0)" "$(weight 0 1 100)"
	patch gateways prod-route "$(weight 0 0 0)" "$(weight 0 1 100)"
	patch gateways llm-70b-route "$(weight 0 0 0)" "$(weight 0 1 100)"
}

hand_finalize() {
	patch default llm-route "$(place remove 0 0)" "$(place remove 1 0)"
	patch prod llm-route "$(mirror)" "$(place remove 0 0)" "$(place remove 1 2)" "$(place remove 1 0)"
	patch prod lora-route "$(place remove 0 0)"
	patch gateways prod-route "$(place remove 0 0)"
	patch gateways llm-70b-route "$(place remove 0 0)"
}

hand_cleanup() {
	kubectl delete "inferencemodels.$alpha" -n default base-model food-review batch-summary base-model-70b
	kubectl delete "inferencemodels.$alpha" -n prod base-model food-review base-model-batch support-chat
	kubectl delete gcpbackendpolicies.networking.gke.io,healthcheckpolicies.networking.gke.io -n default "$pool"
	kubectl delete gcpbackendpolicies.networking.gke.io -n prod long-answers
	kubectl delete healthcheckpolicies.networking.gke.io -n default "$llama70"
	kubectl delete "$grants" -n default llm-70b-route
	kubectl delete "$grants" -n prod routes-of-gateways
	helm uninstall "$lora" --namespace prod --keep-history
	kubectl delete "inferencepools.$alpha" -n default "$pool" "$llama70" "$gemma"
	kubectl delete "inferencepools.$alpha" -n prod "$pool" "$batch"
	kubectl delete deployments.apps,services -n default "$pool-epp" "$llama70-epp" "$gemma-epp"
	kubectl delete configmaps,serviceaccounts -n default "$llama70-epp"
	kubectl delete deployments.apps,services,serviceaccounts -n prod vllm-llama3-8b-epp
	kubectl delete "clusterrolebindings.$rbac" "$llama70-epp" prod-vllm-llama3-8b-epp
	kubectl delete "clusterroles.$rbac" endpoint-picker
}

# The models of pools that are not there stay, and with them the α CRDs.
hand_zero_downtime() {
	hand_crds
	hand_pools
	hand_policies
	hand_objectives
	hand_grants
	hand_attach
	hand_shift
	hand_finalize
	hand_cleanup
}

hand_detach() {
	patch default llm-route "$(place remove 0 0)" "$(place remove 1 0)"
	patch prod llm-route '{"op":"remove","path":"/spec/rules/1/filters/0"}' \
		"$(place remove 0 0)" "$(place remove 1 1)" "$(place remove 1 0)"
	patch prod lora-route "$(place remove 0 0)"
	patch gateways prod-route "$(place remove 0 0)"
	patch gateways llm-70b-route "$(place remove 0 0)"
}

# With the weights that the references to the α pools had.
hand_reattach() {
	patch default llm-route "$(place add 0 0 "$(reference 1 "$pool" "$served_from")")" \
		"$(place add 1 0 "$(reference 9 "$pool")")"
	patch prod llm-route '{"op":"add","path":"/spec/rules/1/filters/0","value":{"type":"RequestMirror","requestMirror":{"percent":10,"backendRef":{}}}}' \
		"$(mirror)" "$(place add 0 0 "$(reference 1 "$batch")")" \
		"$(place add 1 0 "$(reference 80 "$pool")")" "$(place add 1 1 "$(reference 20 "$batch")")"
	patch prod lora-route "$(place add 0 0 "$(reference 1 "$lora")")"
	patch gateways prod-route "$(place add 0 0 "$(reference 1 "$pool" '"namespace":"prod","port":8000')")"
	patch gateways llm-70b-route "$(place add 0 0 "$(reference 1 "$llama70" '"namespace":"default","port":8080')")"
}

hand_simple() {
	hand_detach
	hand_policies
	hand_grants
	hand_cleanup
	hand_crds
	hand_pools
	hand_objectives
	hand_reattach
}

# ---- the ends ----

# What a server, a controller or kubectl itself fills in; helm's own Secrets hold times.
end_in() { # FOLDER
	local kinds=$routes,$grants,$policies,deployments.apps,services,serviceaccounts kind
	kinds=$kinds,configmaps,roles.$rbac,rolebindings.$rbac,leases.coordination.k8s.io,pods
	for kind in "inferencepools.$alpha" "inferencemodels.$alpha" "inferenceobjectives.$alpha" "inferencepools.$ga"; do
		kubectl get crd "$kind" >/dev/null 2>&1 && kinds=$kinds,$kind
	done
	mkdir -p "$1"
	{
		kubectl get -A "$kinds" -o yaml
		kubectl get "clusterroles.$rbac,clusterrolebindings.$rbac,customresourcedefinitions.apiextensions.k8s.io" -o yaml
	} | awk -v folder="$1" '
		function close_object() {
			if (kind != "" && kind != "Pod" && ns !~ /^kube-/ && name !~ /^(system:|viewers$|kube-root-ca|kubernetes$)/) {
				file = folder "/" kind "." (ns == "" ? "" : ns ".") name group ".yaml"
				printf "%s", text >file
				close(file)
			}
			kind = ns = name = group = text = held = ""
		}
		/^(- |[a-z])/ { close_object(); skip = -1; part = "" }
		!/^(- |  )/ { next }
		{ line = $0; sub(/^- /, "  ", line); match(line, /^ */); depth = RLENGTH }
		skip >= 0 && (depth > skip || (depth == skip && line ~ /^ *- /)) { next }
		{ skip = -1 }
		depth == 2 { part = $0; sub(/^(- |  )/, "", part); sub(/:.*/, "", part) }
		line ~ /^  status:/ || line ~ /^    (creationTimestamp|generation|resourceVersion|uid|managedFields):/ && part == "metadata" ||
			line ~ /^      (kubectl.kubernetes.io\/last-applied-configuration|deployment.kubernetes.io\/revision):/ ||
			line ~ /^    clusterIPs?:/ && part == "spec" { skip = depth; next }
		line ~ /^  kind: / { kind = $2 }
		line ~ /^  apiVersion: inference/ { group = "." $NF; sub(/\/.*/, "", group) }
		part == "metadata" && line ~ /^    name: / { name = $2 }
		part == "metadata" && line ~ /^    namespace: / { ns = $2 }
		line ~ /^    annotations:$/ && part == "metadata" { held = "  annotations:\n"; next }
		{ text = text (depth > 4 ? held : "") substr(line, 3) "\n"; held = "" }
		END { close_object() }'
}

# ends_differ FOLDER FOLDER: an object that only one end has is a line "only by hand: FILE" or "only by poolshift: FILE".
ends_differ() {
	(cd "$1/.." && diff -r -U 0 "${1##*/}" "${2##*/}") | sed -E -e '/^(---|@@)/d' -e '/^diff /d' \
		-e "s/^\+\+\+ ${2##*/}\/([^\t]*).*/\1/" -e "s/^Only in ${1##*/}: /only by hand: /" \
		-e "s/^Only in ${2##*/}: /only by poolshift: /" -e 's/^-/</; s/^\+/>/'
}

# The only ones: whose place a pool takes, the Lease, and the name of a grant that is for one pool.
known_differences() {
	local name
	for name in "default.$gemma" "default.$llama70" "default.$pool" "prod.$batch" "prod.$pool"; do
		printf '%s\n' "InferencePool.$name-ga.$ga.yaml" ">  annotations:" ">    poolshift/alpha-pool: ${name#*.}"
	done
	printf '%s\n' "InferencePool.prod.$lora-ga.$ga.yaml" ">    poolshift/alpha-pool: $lora"
	cat <<-END
	only by poolshift: Lease.default.poolshift.yaml
	only by hand: ReferenceGrant.default.llm-70b-route-ga.yaml
	only by poolshift: ReferenceGrant.default.llm-70b-route-$llama70-ga.yaml
	END
}

# plan_has FILE LINE: the plan's manifest of that name has the line
plan_has() {
	awk -v "file=# $1" -v "line=$2" '/^# / { inside = $0 == file } inside && $0 == line { found = 1 } END { exit !found }' \
		"$WORLD_DIR/plan.yaml"
}

planned() {
	run plan -A --path "$path" --force-managed --chart "$chart" -o yaml && mv "$WORLD_DIR/out" "$WORLD_DIR/plan.yaml" &&
		run plan -A --path "$path" --force-managed --chart "$chart"
}

# Every command has to succeed; those that did not are told.
by_hand() (
	failed=$WORLD_DIR/hand.failed
	: >"$failed"
	kubectl() { command kubectl "$@" || echo "kubectl $*" >>"$failed"; }
	helm() { command helm "$@" || echo "helm $*" >>"$failed"; }
	"hand_${path/-/_}" >"$WORLD_DIR/hand.log" 2>&1
	cat "$failed"
	not test -s "$failed"
)

same_end() {
	local name tool=$WORLD_DIR/by-poolshift hand=$WORLD_DIR/by-hand
	ok "poolshift plans the estate" planned
	for name in "default.inferencepool.$gemma" "default.inferencepool.$llama70" "default.inferencepool.$pool" \
		"prod.inferencepool.$batch" "prod.inferencepool.$pool" "prod.inferencepool.$lora"; do
		ok "the plan says that ${name##*.}-ga of ${name%%.*} is marked" \
			plan_has "$name-ga.yaml" "    poolshift/alpha-pool: ${name##*.}"
	done
	ok "it names the grant" plan_has "default.referencegrant.llm-70b-route-$llama70-ga.yaml" "kind: ReferenceGrant"
	ok "and the Lease that stays" said "Lease default/poolshift (coordination.k8s.io) is taken"
	ok "poolshift migrates it" go
	ok "what stands is what the plan said, as kubectl sees it" kubectl diff -f "$WORLD_DIR/plan.yaml"
	end_in "$tool"
	world_stop
	world_start "$WORLD" "$WORLD_DIR/again" estate || claim 1 "a second world starts"
	ok "a person migrates the same by kubectl and helm" by_hand
	end_in "$hand"
	is "the two ends differ in what the plan said, and in nothing else" "$(known_differences)" "$(ends_differ "$hand" "$tool")"
	is "their releases do not" "$lora uninstalled 1 $lora-ga deployed 1" "$(releases)"
}
