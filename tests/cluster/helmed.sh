# helmed.sh - what the stories with helm share; sourced after story.sh.
#
#   helm_alpha ARGS...   the alpha pool of the scenario and its picker replaced by a release of helm's
#   without_helm COMMAND...   the command with the whole PATH but helm
#   releases             "NAME STATUS REVISION" of every release, by helm itself, on one line
#   stands STATUS        the GA pool's release has it
#   cut_off STATUS ARGS...    an apply that never ends, with ARGS; killed with its helm once the release has STATUS

charts=$(cd "$SRCDIR/tests/charts" && pwd)
# The cache and the plugins of whoever runs this have no part in it.
unset "${!HELM_@}"

releases() {
	helm list -A -a -o json | tr '{' '\n' |
		sed -nE 's/.*"name":"([^"]*)".*"revision":"([^"]*)".*"status":"([^"]*)".*/\1 \3 \2/p' | sort | xargs
}

# How the release of an install stands that was ended in the middle: helm ended early cannot say "failed".
half() {
	releases | grep -E "^$pool-ga (failed|pending-install) 1$" | cut -d' ' -f2 | grep .
}

drop_alpha() {
	kubectl delete --wait=false "inferencepools.$alpha/$pool" &&
		kubectl delete --ignore-not-found deployments.apps,services,serviceaccounts,configmaps "$pool-epp" &&
		kubectl delete --ignore-not-found "roles.$rbac,rolebindings.$rbac" "$pool-epp" &&
		kubectl delete --ignore-not-found "clusterroles.$rbac,clusterrolebindings.$rbac" "$pool-epp"
}

helm_alpha() {
	drop_alpha >"$WORLD_DIR/drop.log" 2>&1 &&
		helm install "$pool" "$charts/inferencepool-alpha" --set-string "inferencePool.modelServers.matchLabels.app=$pool" \
			"$@" >"$WORLD_DIR/helm.log" 2>&1 &&
		world_until 60 world_settled || world_trouble "the alpha release does not stand" "$WORLD_DIR/helm.log"
}

without_helm() {
	local folder=$WORLD_DIR/bin program
	mkdir -p "$folder"
	for program in kubectl; do ln -sf "$(command -v "$program")" "$folder/$program"; done
	PATH=$folder:/usr/bin:/bin "$@"
}

stands() { # STATUS
	releases | grep -q "$pool-ga $1"
}

cut_off() { # STATUS, ARGS...
	local child children
	begin apply "${quick[@]}" --installer helm --chart "$charts/inferencepool" --set stall=true "${@:2}"
	world_until 60 stands "$1" || return 1
	read -r -a children < <(cat "/proc/$running/task/"*/children)
	kill -KILL "$running"
	for child in "${children[@]}"; do kill -KILL "$child"; done
	finish 2>/dev/null
	return 0
}
