#!/usr/bin/env bash
# story_undo.sh - every step is taken back by itself, and all of it at once, to the cluster as it was.
. "$SRCDIR/tests/cluster/story.sh"

story() {
	local step start before after
	start=$(cluster)
	before=$start
	for step in crds pool objectives attach shift finalize cleanup; do
		ok "apply through $step" migrate --through "$step"
		after=$(cluster)
		ok "rollback takes $step back" run rollback -A --yes --drain 1s
		is "the cluster is what it was before $step" "$before" "$(cluster)"
		before=$after
	done
	ok "apply to the end" migrate
	ok "rollback --all takes all of it back" run rollback --all -A --yes --drain 1s
	is "the cluster is what it was at the start" "$start" "$(cluster)"
}

tell classic
