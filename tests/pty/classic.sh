#!/bin/sh
# classic.sh - `classic` from the first screen to the last α CRD by keys and mouse, on a demo cluster in another
# process: what stands on the screen at each step, and what the cluster says of it meanwhile. TAP.
set -u
poolshift=$BUILDDIR/poolshift
. "$SRCDIR/tests/pty/screen.sh"

cluster "$home/kubeconfig"

# What another reader finds in the cluster now.
found() {
	XDG_STATE_HOME=$home/other "$poolshift" status -o json --drain 2s --kubeconfig "$home/kubeconfig" |
		grep -q "$1"
}

# stands STEP STATE
stands() {
	found "\"name\":\"$1\",\"scope\":\"[a-z]*\",\"state\":\"$2\""
}

# share PERCENT: what is on GA.
share() {
	found "\"percent\":{[^}]*\"written\":$1[,}]"
}

# step KEY NAME TEXT: the step's preview, which writes nothing, then its write.
step() {
	keys "$1"
	check "$2: its preview says what will be written" sees "$3" 'The server accepted it as a dry run'
	keys Enter
	check "$2: nothing is written yet" stands "$2" ready
	check "$2: y writes it" sees_after y "✓ $2"
	check "$2: it is in the cluster" until_true stands "$2" done
}

# wanted KEYS PERCENT
wanted() {
	wanted_percent=$1
	shift
	keys "$@"
	check "$* wants $wanted_percent %" sees "wanted $wanted_percent"
}

# mouse BUTTON COLUMN ROW M|m: a press, a drag or a release as a terminal sends it (xterm, SGR 1006).
mouse() {
	type_text "$(printf '\033[<%s;%s;%s%s' "$1" "$2" "$3" "$4")"
}

row_of() {
	screen | grep -anF -- "$1" | head -n 1 | cut -d: -f1
}

terminal 80 24 "'$poolshift' --kubeconfig '$home/kubeconfig' --drain 2s; echo ended with \$?; exec cat"
check 'the first screen: live, the pair, its route, the step to begin with' \
	sees '● live' 'vllm-llama3-8b-instruct' 'llm-route' 'inference-gateway' '▶ crds ready [C]'

step C crds 'CustomResourceDefinition inferencepools.inference.networking.k8s.io'
keys P
check 'd shows the diff' sees_after d '+++ '
check 'K shows kubectl' sees_after K 'kubectl --context demo apply'
keys q
check 'q leaves the preview' loses 'YAML diff'
check 'and nothing was written' stands pool ready
step P pool 'ServiceAccount default/vllm-llama3-8b-instruct-ga-epp'
step s objectives 'criticality Critical → priority 2'
step T attach 'rules[0].backendRefs[1] + GA vllm-llama3-8b-instruct-ga weight 0'
check 'attached at weight 0' sees 'α 100 GA 0'
keys u
check 'undo is shown first, too' sees 'undo attach' 'The server accepted it as a dry run'
check 'and takes it back' sees_after y '▶ attach'
check 'in the cluster as well' until_true stands attach ready
step T attach 'weight 0'

wanted 2 Right Right
wanted 12 L
wanted 2 H
wanted 100 '$'
wanted 12.5 = 1 2 . 5
keys Escape
check 'Esc puts the slider back' sees 'wanted 0 %'
row=$(row_of 'α ██')
mouse 0 40 "$row" M
mouse 32 41 "$row" M
mouse 0 41 "$row" m
check 'the mouse drags it' sees 'Enter preview Esc back' 'wanted 49 %'
wanted 25 = 2 5
check 'moving the slider has written nothing' share 0
keys Enter
check 'Enter shows the weights' sees '0 % → 25 %' 'weight 1 → 75' 'weight 0 → 25' 'The server accepted it as a dry run'
keys Enter
check 'and writes nothing' share 0
check 'y writes them' sees_after y 'α 75 GA 25'
check 'as another reader finds it' until_true share 25
keys A
check 'abort asks once' sees 'weights back now'
check 'and puts the weights back' sees_after y 'α 100 GA 0'
check 'for everybody' until_true share 0
wanted 50 = 5 0
keys Enter
sees '0 % → 50 %' >/dev/null
check 'half of it' sees_after y 'α 50 GA 50'
keys V
check 'verify asks the gateway' sees 'every check passed' 'route-accepted' 'POST http://127.0.0.1' 'served by'
keys q
wanted 100 = 1 0 0
keys Enter
sees '50 % → 100 %' >/dev/null
check 'all of it' sees_after y '✓ shift'

keys F
check 'finalize says what leaves the route' sees 'rules[0].backendRefs[0] - α vllm-llama3-8b-instruct' \
	'The server accepted it as a dry run'
check 'it drains, with what is left of it' sees_after y ' to go'
check 'the drain ends by itself' sees '✓ finalize' '▶ cleanup ready [D]'
step D cleanup 'delete ServiceAccount default/vllm-llama3-8b-instruct-epp'
keys u
check 'even cleanup can be taken back' sees 'undo cleanup' 'The server accepted it as a dry run'
check 'from the copies' sees_after y '▶ cleanup'
check 'which are in the cluster again' until_true stands cleanup ready
step D cleanup 'delete ServiceAccount default/vllm-llama3-8b-instruct-epp'
check 'nothing of α remains' sees '✓ check'
keys X
check 'the last step wants a name' sees 'Type demo to go on'
keys y Enter
check 'y is only a letter there' sees 'Type demo to go on: y'
keys BSpace
type_text demo
check 'with the name typed y writes' sees 'y write'
check 'it is in the cluster' stands remove-crds ready
check 'the α CRDs go' sees_after y 'everything is done for this pair'
check 'for everybody, too' until_true stands remove-crds done

keys J
check 'the journal holds the last write' sees 'Journal' \
	'delete CustomResourceDefinition inferencepools.inference.networking.x-k8s.io'
keys q R
check 'the report says how it ended, and where it was saved' sees 'Report' 'Saved as ' '✓ Migrated.'
check 'as a page and as Markdown' [ "$(find "$home/state/poolshift" -name 'report-*' -perm 600 | sed 's/.*\.//' | sort | xargs)" = 'html md' ]
keys q '?'
check 'help stands behind a key' sees 'Keys' 'want one percent less on GA'
keys q t
check 't is another theme' sees 'theme '
keys 2 d
check 'd shows the route' sees 'HTTPRoute default/llm-route' 'Accepted'
keys y
check 'and y its YAML' sees 'apiVersion: gateway.networking.k8s.io/v1'
keys q q
check 'it gives the terminal back' sees 'ended with 0'
finish
