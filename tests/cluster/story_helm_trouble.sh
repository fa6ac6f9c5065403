#!/usr/bin/env bash
# story_helm_trouble.sh - a chart that is not there, no helm, an install that fails half-way, one that is cut off, a release
# that holds more than the pool.
. "$SRCDIR/tests/cluster/story.sh"
. "$SRCDIR/tests/cluster/helmed.sh"

# The whole PATH but helm.
without_helm() {
	local folder=$WORLD_DIR/bin program
	mkdir -p "$folder"
	for program in kubectl; do ln -sf "$(command -v "$program")" "$folder/$program"; done
	PATH=$folder:/usr/bin:/bin "$@"
}

new_release_waits() {
	releases | grep -q "$pool-ga pending-install"
}

cut_off() {
	local child children
	begin apply "${quick[@]}" --installer helm --chart "$charts/inferencepool" --set stall=true
	world_until 60 new_release_waits || return 1
	read -r -a children < <(cat "/proc/$running/task/"*/children)
	kill -KILL "$running"
	for child in "${children[@]}"; do kill -KILL "$child"; done
	finish 2>/dev/null
	return 0
}

story() {
	ends 3 "helm asked for by name, and no helm on the PATH: blocked" without_helm migrate --installer helm
	ok "which is said, with the native way" said "--installer native"
	ends 1 "a chart that does not exist fails" migrate --installer helm --chart "$WORLD_DIR/no-such-chart"
	ok "named in helm's own words" said "no-such-chart"
	is "and nothing of a release was left" "" "$(releases)"

	ends 1 "an install that the server refuses half-way fails" migrate --installer helm --chart "$charts/inferencepool" \
		--set 'inferencePool.targetPorts[0].number=70000'
	ok "and the half release is told" said "with status failed"
	is "helm sees it, too" "$pool-ga failed 1" "$(releases)"
	ok "rollback removes it" run rollback --yes -A --drain 1s
	is "wholly" "" "$(releases)"
	ok "no ServiceAccount of it is left" absent serviceaccounts "$pool-ga-epp"

	ok "poolshift and helm are killed in the middle of an install" cut_off
	ok "helm's release hangs" new_release_waits
	ok "started again, it is removed and installed anew" migrate --installer helm --chart "$charts/inferencepool"
	is "as helm sees" "$pool-ga deployed 1" "$(releases)"
}

tell classic
