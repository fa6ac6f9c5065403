# estate.sh - what the stories of scenario `estate` share; sourced after story.sh and helmed.sh. The procedure is in `path`.
#
#   estate         everything in it, as kubectl sees it
#   go             migrates all of it
#   ends_well      the claims about its end
#   there_and_back the whole story

release=vllm-llama3-8b-lora
routes=httproutes.gateway.networking.k8s.io
grants=referencegrants.gateway.networking.k8s.io
policies=gcpbackendpolicies.networking.gke.io,healthcheckpolicies.networking.gke.io

# All namespaces, without what a server, helm or a controller fills in.
estate() {
	local kinds=$routes,$grants,$policies,deployments.apps,services,serviceaccounts,configmaps,roles.$rbac,rolebindings.$rbac kind
	for kind in "inferencepools.$alpha" "inferencemodels.$alpha" "inferenceobjectives.$alpha" "inferencepools.$ga"; do
		kubectl get crd "$kind" >/dev/null 2>&1 && kinds=$kinds,$kind
	done
	{
		kubectl get -A "$kinds" -o jsonpath="$cluster_form"
		kubectl get "clusterroles.$rbac,clusterrolebindings.$rbac" -o jsonpath="$cluster_form"
	} | sed -E 's/"clusterIPs?":("[^"]*"|\[[^]]*\]),//g; s/"(kubectl\.kubernetes\.io\/last-applied-configuration)":"([^"\\]|\\.)*",?//g' |
		grep -v -e '^[A-Za-z]*//\(system:\|viewers\)' -e '^[A-Za-z]*/kube-' -e '/kube-root-ca' | sort
}

# Every reference of a route: "rule group/ns/name:port=weight+filters", mirrors as "rule ~group/name percent".
references() { # NAMESPACE ROUTE
	kubectl get "$routes" -n "$1" "$2" -o go-template='{{range $i, $r := .spec.rules}}{{range .backendRefs}}{{$i}} {{.group}}/{{or .namespace "-"}}/{{.name}}:{{or .port "-"}}={{.weight}}+{{len (or .filters "")}} {{end}}{{range .filters}}{{with .requestMirror}}{{$i}} ~{{.backendRef.group}}/{{.backendRef.name}} {{.percent}} {{end}}{{end}}{{end}}'
}

specs() { # KIND NAMESPACE NAME: without its targetRef
	kubectl get "$1" -n "$2" "$3" -o jsonpath='{.spec.default}'
}

target() {
	kubectl get "$1" -n "$2" "$3" -o jsonpath='{.spec.targetRef.group}/{.spec.targetRef.name}'
}

names() {
	kubectl get "$1" -A -o jsonpath='{range .items[*]}{.metadata.namespace}/{.metadata.name} {end}'
}

# A weight of its own is kept by the simple procedure, which moves none.
weigh() {
	if [ "$path" = simple ]; then echo "$1"; else echo "$2"; fi
}

ends_well() {
	is "default/llm-route has the GA pool with filter and port, and the Service keeps its tenth" \
		"0 $ga/-/$pool-ga:8000=$(weigh 1 100)+1 1 $ga/-/$pool-ga:-=$(weigh 9 90)+0 1 /-/completions-archive:80=$(weigh 1 10)+0 " \
		"$(references default llm-route)"
	is "prod/llm-route keeps the shares of its two pools, and mirrors to a GA pool" \
		"0 $ga/-/vllm-llama3-8b-batch-ga:-=$(weigh 1 100)+0 1 $ga/-/$pool-ga:-=80+0 1 $ga/-/vllm-llama3-8b-batch-ga:-=20+0 1 ~$ga/vllm-llama3-8b-batch-ga 10 " \
		"$(references prod llm-route)"
	is "a route of another namespace names its GA pool there" "0 $ga/prod/$pool-ga:8000=$(weigh 1 100)+0 " \
		"$(references gateways prod-route)"
	is "so does the one that Argo CD keeps" "0 $ga/default/vllm-llama3-70b-instruct-ga:8080=$(weigh 1 100)+0 " \
		"$(references gateways llm-70b-route)"
	is "the release's route names the GA pool" "0 $ga/-/$release-ga:-=$(weigh 1 100)+0 " "$(references prod lora-route)"
	is "the grants are those of the GA group, as narrow as they were" \
		"$ga vllm-llama3-70b-instruct-ga,$ga ," \
		"$(kubectl get "$grants" -A -o jsonpath='{range .items[*]}{.spec.to[0].group} {.spec.to[0].name},{end}')"
	is "every policy is one of a GA pool" "default/$pool-ga prod/long-answers-ga default/vllm-llama3-70b-instruct-ga default/$pool-ga " \
		"$(names "$policies")"
	is "with all its settings" "$settings" "$(specs gcpbackendpolicies.networking.gke.io default "$pool-ga")"
	is "and its target" "$ga/$pool-ga" "$(target healthcheckpolicies.networking.gke.io default "$pool-ga")"
	is "helm made the GA pool of the release and uninstalled the old one" \
		"$release uninstalled 1 $release-ga deployed 1" "$(releases)"
	is "FailOpen is carried" FailOpen \
		"$(kubectl get "inferencepools.$ga" vllm-llama3-70b-instruct-ga -o jsonpath='{.spec.endpointPickerRef.failureMode}')"
	is "every model has its objective" "default/base-model 2 default/base-model-70b 2 default/batch-summary -1 default/food-review 1 prod/base-model 1 prod/base-model-batch -1 prod/food-review 2 prod/support-chat 2 " \
		"$(kubectl get "inferenceobjectives.$alpha" -A -o jsonpath='{range .items[*]}{.metadata.namespace}/{.metadata.name} {.spec.priority} {end}')"
	is "no alpha pool is left" "" "$(names "inferencepools.$alpha")"
	is "only the models of pools that are not there" "default/retired-model prod/retired-model " "$(names "inferencemodels.$alpha")"
	ok "the role whose binding others use is kept" kubectl get "clusterrolebindings.$rbac/pod-read-binding" "clusterroles.$rbac/pod-read"
	ok "so is the other backend" kubectl get deployments.apps/completions-archive services/completions-archive
	ok "no old picker is" absent -A deployments.apps,services "--field-selector=metadata.name=vllm-llama3-8b-epp"
}

go() { # OPTIONS
	migrate --path "$path" --force-managed --chart "$charts/inferencepool" "$@"
}

there_and_back() {
	local start seen settings
	start=$(estate)
	settings=$(specs gcpbackendpolicies.networking.gke.io default "$pool")
	ends 3 "what Argo CD keeps is in the way" migrate --path "$path" --chart "$charts/inferencepool"
	is "and nothing was written" "$start" "$(estate)"
	ok "apply goes to the end, knowingly" go
	ok "and names what keeps the alpha CRDs" said "InferenceModel prod/retired-model"
	ends_well
	seen=$(versions)
	ok "a second apply ends with 0" go
	is "and wrote nothing" "$seen" "$(versions)"
	ok "with the models of missing pools named, it goes on to the last step" \
		go --orphan default/retired-model --orphan prod/retired-model
	is "and nothing of the old API is left" "" \
		"$(kubectl get crd -o name | grep -E "inference(pools|models)\.$alpha")"
	ok "rollback --all" run rollback --all -A --yes --drain 1s --force-managed --chart "$charts/inferencepool"
	is "brings the start back" "$start" "$(estate)"
	is "and the release, by helm rollback" "$release deployed" "$(releases | cut -d' ' -f1,2)"
}
