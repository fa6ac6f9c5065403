#!/usr/bin/env bash
# story_go_on.sh - stopped after every step, the migration goes on from another machine, which knows nothing but the cluster.
. "$SRCDIR/tests/cluster/story.sh"

story() {
	local step machine=0
	for step in crds pool objectives attach shift verify finalize cleanup check remove-crds; do
		machine=$((machine + 1))
		ok "machine $machine goes on through $step" migrate --through "$step" --state-dir "$WORLD_DIR/machine-$machine"
		# Whether it was verified is not written in a cluster.
		[ "$step" = verify ] && continue
		eventually "a machine that was never here sees it done" step_is "$step" done "$WORLD_DIR/never-here"
		reached "$step"
	done
	ok "no CRD of alpha pools is left" absent crd "inferencepools.$alpha"
	ok "all the traffic is on the GA pool" test "$(weights)" = "$pool-ga=100 "
}

# What kubectl sees of a step that was the last.
reached() {
	case $1 in
	crds) ok "kubectl sees both new kinds" kubectl get "inferencepools.$ga,inferenceobjectives.$alpha" -A ;;
	pool) ok "kubectl sees the GA pool" kubectl get "inferencepools.$ga" "$pool-ga" ;;
	objectives) ok "kubectl sees the objectives" kubectl get "inferenceobjectives.$alpha" food-review base-model ;;
	attach) is "no traffic has moved" "$pool=1 $pool-ga=0 " "$(weights)" ;;
	shift) is "all traffic has moved" "$pool=0 $pool-ga=100 " "$(weights)" ;;
	finalize) is "the alpha pool is out of the route" "$pool-ga=100 " "$(weights)" ;;
	cleanup) ok "no object of alpha pools is left" absent -A "inferencepools.$alpha,inferencemodels.$alpha" ;;
	esac
}

tell classic
