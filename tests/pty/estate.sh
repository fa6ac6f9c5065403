#!/bin/sh
# estate.sh - everything that can hang on α pools, on one screen: what is in the way and who keeps it, what is lost and
# what to paste, what can be chosen, what the step pool carries along, and a freeze that everybody sees. TAP.
set -u
poolshift=$BUILDDIR/poolshift
. "$SRCDIR/tests/pty/screen.sh"

cluster "$home/kubeconfig" --scenario estate

unfrozen() {
	keys y
	lacks FROZEN
}

# So high that a whole page stands on it.
terminal 110 260 "'$poolshift' --kubeconfig '$home/kubeconfig'; echo ended with \$?; exec cat"
check 'six pairs, in two namespaces' sees 'Pools 6' 'prod vllm-llama3-8b-batch' '▶ crds ready [C]'

keys p
check 'the plan says what is in the way, and who keeps it' sees 'it is kept by Argo CD' \
	'poolshift plan -o yaml prints it' 'in this console: e'
check 'and the models without a pool' sees 'InferenceModel prod/retired-model (inference.networking.x-k8s.io): stays'
check 'how each step is taken back' sees 'undo: the CRDs are created again from their copies'
keys q o
check 'the losses: object, field, value, why, instead' sees 'InferenceModel default/base-model' \
	'spec.modelName = meta-llama/Llama-3.1-8B-Instruct' 'why' 'instead'
check 'and what to paste' sees 'into the rule of the HTTPRoute' 'name: x-gateway-model-name-rewrite'
keys q ']' e
check 'the choices of a pair, off by default' sees 'base-model-70b (' '[ ] resources' '[ ] force-managed' \
	'default/retired-model'
keys Down Space
check 'what the old picker has is offered, and taken on a key' sees '[x] resources' '--carry resources'
keys Space
check 'and left again' sees '[ ] resources'
keys Home Enter
check 'a priority is typed' sees 'priority of base-model-70b'
keys C-u
type_text 99999999999
keys Enter
check 'one that is none is refused, in words' sees 'not a priority'
keys Enter C-u
type_text 7
keys Enter
check 'one that is one stands there' sees '7 base-model-70b' '--priority default/base-model-70b=7'
keys End Space
check 'an orphan is taken along' sees '[x] prod/retired-model' '--orphan prod/retired-model'
keys Space q
check 'the plan goes by it' sees 'prio 7 *'

keys f
check 'a freeze wants a reason' sees 'nobody writes' 'type the reason'
type_text 'yes, incident 12'
check 'in which y is a letter' sees 'Reason yes, incident 12'
keys Enter
check 'y freezes' sees_after y 'FROZEN'
check 'for every console and command' sees 'Frozen by' 'incident 12'
XDG_STATE_HOME=$home/other "$poolshift" status --kubeconfig "$home/kubeconfig" >"$home/status" 2>&1
check 'so says another' grep -q 'incident 12' "$home/status"
keys C
check 'a step says who' sees 'crds is locked' 'is frozen by'
keys f
check 'unfreezing says whose it is' sees 'Takes the freeze off Lease default/poolshift'
check 'and lets go on' until_true unfrozen
keys q
check 'it gives the terminal back' sees 'ended with 0'
finish
