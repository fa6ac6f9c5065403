#!/usr/bin/env bash
# story_conflict.sh - somebody else writes the route in the middle of a shift: their change stays, whatever it is.
. "$SRCDIR/tests/cluster/story.sh"

story() {
	local seen
	ok "apply through attach" migrate --through attach

	begin apply -A --yes --no-probe --drain 1s --ramp 20,50,100 --hold 4s --through shift
	ok "the first weight is written" world_until 30 weights_are "$pool=80 $pool-ga=20 "
	ok "somebody changes a timeout and a label of the route" other_change
	ok "the second weight is written none the less" world_until 30 weights_are "$pool=50 $pool-ga=50 "
	is "and the timeout is still theirs" 17s "$(kubectl get httproutes llm-route -o jsonpath='{.spec.rules[0].timeouts.request}')"

	ok "somebody changes the weights" patch_route '[{"op":"replace","path":"/spec/rules/0/backendRefs/0/weight","value":7}]'
	seen=$(kubectl get httproutes llm-route -o jsonpath='{.metadata.resourceVersion} {.spec}')
	ends 1 "apply ends with 1" finish
	ok "and says who changed them" said "kubectl"
	is "their weights are what stands in the route" "$pool=7 $pool-ga=50 " "$(weights)"
	ok "nothing was written after them" test "${seen#* }" = "$(route_spec)"
	ok "asked again, it goes on from there" migrate --through shift
	is "to the end of the shift" "$pool=0 $pool-ga=100 " "$(weights)"
	is "and the label is still theirs" theirs "$(kubectl get httproutes llm-route -o jsonpath='{.metadata.labels.whose}')"
}

weights_are() {
	[ "$(weights)" = "$1" ]
}

patch_route() {
	kubectl patch httproutes llm-route --type=json -p "$1"
}

other_change() {
	kubectl label httproutes llm-route whose=theirs &&
		patch_route '[{"op":"replace","path":"/spec/rules/0/timeouts/request","value":"17s"}]'
}

tell classic
