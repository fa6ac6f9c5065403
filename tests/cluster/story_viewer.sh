#!/usr/bin/env bash
# story_viewer.sh - somebody who may only look sees everything, writes nothing, and is told which right is missing.
. "$SRCDIR/tests/cluster/story.sh"

story() {
	local seen
	seen=$(versions)
	ok "status shows the pool" run status --context "$world_viewer_context"
	ok "with its route" said "llm-route"
	ends 3 "apply is refused" migrate --context "$world_viewer_context"
	ok "with the verb and the kind" said 'create customresourcedefinitions (apiextensions.k8s.io)'
	ok "and who may not do it" said 'User "viewer"'
	ok "and what to do about it" said "poolshift plan -o rbac"
	is "nothing was written" "$seen" "$(versions)"
	ok "the journal holds no write that was done" run journal --kubectl --context "$world_viewer_context"
	is "not one" "" "$(cat "$WORLD_DIR/out")"

	ok "an administrator goes as far as the pools" migrate --through attach
	seen=$(versions)
	ends 3 "shift is refused, too" run shift 10 -A --yes --context "$world_viewer_context"
	ok "with the verb and the kind again" said 'may not patch httproutes'
	ends 3 "so is rollback, before its first write" run rollback -A --yes --context "$world_viewer_context"
	ok "with what cannot be taken back" said 'taking back attach of'
	is "nothing was written again" "$seen" "$(versions)"
}

tell classic
