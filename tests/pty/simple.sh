#!/bin/sh
# simple.sh - the simple procedure by keys, on a demo cluster in another process: the choice of what becomes of a
# route left empty, the downtime clock, every step to the last, and every step taken back, α CRDs included. TAP.
set -u
poolshift=$BUILDDIR/poolshift
. "$SRCDIR/tests/pty/screen.sh"

cluster "$home/kubeconfig"

# step KEY NAME TEXT SEEN: its preview, which says TEXT, then its write, after which SEEN stands there.
step() {
	keys "$1"
	check "$2: its preview" sees "$3" 'The server accepted it as a dry run'
	check "$2: y writes it" sees_after y "$4"
}

# back NAME SEEN: the last step taken back.
back() {
	keys u
	check "undo $1: its preview" sees "undo $1" 'The server accepted it as a dry run'
	check "undo $1: y takes it back" sees_after y "$2"
}

there() {
	"$kubectl" --kubeconfig "$home/kubeconfig" get "$@" >/dev/null 2>&1
}

gone() {
	! there "$@"
}

kubectl=$(command -v kubectl) || { echo '1..0 # SKIP kubectl is not installed'; exit 0; }
terminal 80 24 "'$poolshift' --kubeconfig '$home/kubeconfig' --path simple --drain 1s; echo ended with \$?; exec cat"
check 'it begins with the detach, and attach is not done before it' sees '── simple' '▶ detach ready [E]' '· attach'

check 'detach shows its write' sees_after E 'patch HTTPRoute default/llm-route'
check 'and says what becomes of a route left empty' sees 'stays, empty; e deletes it instead' \
	'The server accepted it as a dry run'
keys e
check 'e chooses the other, and shows its write' sees 'delete HTTPRoute default/llm-route' 'e keeps it instead' \
	'The server accepted it as a dry run'
check 'which has written nothing' there httproute llm-route
check 'y writes what is shown' sees_after y '✓ detach'
check 'the clock runs' sees 'DOWN for'
check 'the route is gone' gone httproute llm-route
check 'and the screen says what that means' sees 'detached: no route names'
back detach '▶ detach'
check 'the deleted route is there again' there httproute llm-route
keys E
check 'the choice stays' sees 'delete HTTPRoute default/llm-route' 'The server accepted it as a dry run'
keys e
check 'and is taken back as it was made' sees 'patch HTTPRoute default/llm-route' 'The server accepted it as a dry run'
check 'y empties the route' sees_after y '✓ detach'
check 'which stays' there httproute llm-route

step D cleanup 'delete ServiceAccount default/vllm-llama3-8b-instruct-epp' '✓ check'
keys X
check 'remove-crds wants a name' sees 'Type demo to go on'
type_text demo
check 'with it y may' sees 'y write'
check 'the α CRDs go' sees_after y '✓ remove-crds'
check 'for everybody' gone crd inferencemodels.inference.networking.x-k8s.io
back remove-crds '▶ remove-crds'
check 'undo brings the α CRDs back' there crd inferencemodels.inference.networking.x-k8s.io
keys X
sees 'Type demo to go on' >/dev/null
type_text demo
sees 'y write' >/dev/null
check 'and they go again' sees_after y '✓ remove-crds'

step C crds 'inferencepools.inference.networking.k8s.io' '✓ crds'
step P pool 'ServiceAccount default/vllm-llama3-8b-instruct-ga-epp' '✓ pool'
step O objectives 'priority 2' '✓ objectives'
step T attach 'GA vllm-llama3-8b-instruct-ga' '✓ attach'
keys V
# Conditions are true before the data plane follows.
check 'verify asks the gateway, again and again' sees_after v '✓ every check passed'
check 'which answers' sees '200 in'
keys q
check 'and the downtime is over' sees 'downtime was'
# In a file first: a pipe that is closed at the first match is an error of whoever writes.
report_says() {
	XDG_STATE_HOME=$home/state "$poolshift" report --kubeconfig "$home/kubeconfig" --path simple >"$home/report" &&
		grep -q "$1" "$home/report"
}
check 'so says the record, made elsewhere' report_says '✓ Migrated\.'
check 'and how long it was' report_says 'Downtime.*the first route without'

back attach '▶ attach'
back objectives '▶ objectives'
back pool '▶ pool'
back crds '▶ crds'
back remove-crds '▶ remove-crds'
back cleanup '▶ cleanup'
check 'the α pool is there again' there inferencepools.inference.networking.x-k8s.io vllm-llama3-8b-instruct
check 'and its models' there inferencemodel food-review base-model
back detach '▶ detach'
check 'the route names it as before' sees 'α 100'
keys q
check 'it gives the terminal back' sees 'ended with 0'
finish
