#!/usr/bin/env bash
# story_killed.sh - apply is killed in the middle of its writes, again and again, and each time the next one goes on.
. "$SRCDIR/tests/cluster/story.sh"

story() {
	local moment before
	killed=0
	before=$(route_spec)
	for moment in "crds +apply" "apply RoleBinding" "apply InferencePool" "objectives +apply" \
		"attach +patch" "shift +patch" "finalize +patch" "cleanup +delete"; do
		ok "killed at \"$moment\", or done" killed_at "$moment"
	done
	ok "it was killed indeed" test "$killed" -gt 0
	ok "the last one goes to the end" migrate
	ok "no CRD of alpha pools is left" absent crd "inferencepools.$alpha"
	ok "nothing of the old picker is left" absent -A \
		deployments.apps,services,serviceaccounts "--field-selector=metadata.name=$pool-epp"
	is "the route names the GA pool and is otherwise byte for byte what it was" \
		"$(migrated_route "$before")" "$(route_spec)"
	ok "the journals are whole" run journal --verify
}

# As soon as a line of that kind is said. On a busy machine the signal may come so late that more is written than that,
# so that a later one finds its moment over: it then goes to its end.
killed_at() {
	local line lines code
	exec {lines}< <(exec "$BUILDDIR/poolshift" apply "${quick[@]}" 2>&1 >/dev/null </dev/null)
	running=$!
	world_pids+=("$running")
	while IFS= read -r -t 60 -u "$lines" line; do
		echo "$line"
		if [[ $line =~ $1 ]]; then
			kill -KILL "$running"
			break
		fi
	done
	exec {lines}<&-
	finish 2>/dev/null
	code=$?
	[ $code = 137 ] && killed=$((killed + 1))
	[ $code = 137 ] || [ $code = 0 ]
}

tell classic
