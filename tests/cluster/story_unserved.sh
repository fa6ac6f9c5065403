#!/usr/bin/env bash
# story_unserved.sh - the gateway's controller knows only alpha pools: no request is sent where nobody answers.
. "$SRCDIR/tests/cluster/story.sh"

story() {
	ends 3 "apply ends with 3" migrate --wait 2s
	ok "and says that no controller serves the GA pool" said "no controller has said"
	is "no weight is on it" "$pool=1 $pool-ga=0 " "$(weights)"
	ok "the alpha pool stands" kubectl get "inferencepools.$alpha" "$pool"
	ok "a status says what is missing" step_is attach "(blocked|waiting)"

	ends 3 "gone on knowingly, it ends with 3 at the first weight" migrate --wait 2s --accept-unproven
	ok "as the controller refuses the kind" said InvalidKind
	is "the weight is taken back" "$pool=1 $pool-ga=0 " "$(weights)"
	is "and the route resolves again" True "$(kubectl get httproutes llm-route -o jsonpath='{.status.parents[0].conditions[?(@.type=="ResolvedRefs")].status}')"
	ok "the alpha pool still stands" kubectl get "inferencepools.$alpha" "$pool"
	ok "all of it is taken back" run rollback --all -A --yes --drain 1s
	is "to the route as it was" "$pool=1 " "$(weights)"
}

tell classic alpha
