#!/usr/bin/env bash
# story_simple.sh - the simple procedure: the same end as the other one, its downtime said, and the way back to the start.
. "$SRCDIR/tests/cluster/story.sh"

simple=(--path simple)

# A route's spec with the group and name of its one reference changed: here no weight is touched.
renamed_route() {
	local old="{\"group\":\"$alpha\",\"kind\":\"InferencePool\",\"name\":\"$pool\",\"weight\":1}"
	local new="{\"group\":\"$ga\",\"kind\":\"InferencePool\",\"name\":\"$pool-ga\",\"weight\":1}"
	printf '%s\n' "${1/"$old"/"$new"}"
}

# The only weight of a rule is all of it, whatever its number.
but_weights() {
	cluster | sed -E "/^HTTPRoute/s/(\"name\":\"$pool-ga\",\"weight\":)[0-9]+/\\1all/"
}

killed_after() { # words of a line of the progress
	local lines line
	exec {lines}< <(exec "$BUILDDIR/poolshift" apply "${quick[@]}" "${simple[@]}" 2>&1 >/dev/null </dev/null)
	running=$!
	world_pids+=("$running")
	while IFS= read -r -t 60 -u "$lines" line; do
		[[ $line =~ $1 ]] || continue
		kill -KILL "$running"
		break
	done
	exec {lines}<&-
	finish 2>/dev/null
	case $? in 0 | 137) ;; *) return 1 ;; esac
}

story() {
	local start route ends seen
	start=$(cluster)
	route=$(route_spec)

	ok "apply migrates it by the simple procedure" migrate "${simple[@]}"
	ok "and says how long there was no pool" said "Downtime: it began with the detach, "
	ok "and why the end of that was not seen" said "no answer 200 has been seen since, as none was asked for"
	is "the route names the GA pool and is otherwise byte for byte what it was" "$(renamed_route "$route")" "$(route_spec)"
	is "each model became an objective with its priority, of the GA pool" \
		"base-model 2 $ga/$pool-ga,food-review 1 $ga/$pool-ga," \
		"$(kubectl get "inferenceobjectives.$alpha" -o jsonpath='{range .items[*]}{.metadata.name} {.spec.priority} {.spec.poolRef.group}/{.spec.poolRef.name},{end}')"
	ok "no CRD of alpha pools is left" absent crd "inferencepools.$alpha"
	ok "nothing of the old picker is left" absent -A \
		deployments.apps,services,serviceaccounts "--field-selector=metadata.name=$pool-epp"
	ok "the report has the downtime" run report
	ok "from the first route without its pool on" grep -qE 'Downtime +since .*Z, when the first route lost its pool' "$WORLD_DIR/out"
	ends=$(but_weights)

	seen=$(versions)
	ok "a second apply ends with 0" migrate "${simple[@]}"
	is "and wrote nothing" "$seen" "$(versions)"

	ok "rollback --all finds the way back by itself" run rollback --all -A --yes --drain 1s
	is "to the cluster as it was" "$start" "$(cluster)"

	ok "killed after the detach, or done" killed_after "detach +patch"
	ok "killed in the clean-up, or done" killed_after "cleanup +delete InferencePool"
	ok "killed on the way to the new CRDs, or done" killed_after "remove-crds +delete"
	ok "killed with half a picker, or done" killed_after "pool +apply Service"
	ok "what is left goes to the end" migrate "${simple[@]}"
	is "which is the same" "$ends" "$(but_weights)"
	ok "the journals are whole" run journal --verify
	ok "rollback --all after all that" run rollback --all -A --yes --drain 1s
	is "brings the start back" "$start" "$(cluster)"

	ok "the other procedure migrates it, too" migrate
	is "to the same end" "$ends" "$(but_weights)"
}

tell classic
