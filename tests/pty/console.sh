#!/bin/sh
# console.sh - the real binary on its own demo cluster under tmux: opens, shows the pair, runs the first step, quits. TAP.
set -u
. "$SRCDIR/tests/pty/screen.sh"

terminal 80 24 "'$BUILDDIR/poolshift' --demo; echo ended with \$?; exec cat"
check "the console opens on the demo cluster and is live" sees "● live"
check "the pair stands there" sees "vllm-llama3-8b-instruct"
check "the route stands there" sees "llm-route"
check "and the step that is next" sees "▶ crds ready"
keys s
check "a step is shown before it is written" sees "y write"
keys Enter
check "Enter writes nothing" sees "y write"
check "y writes it, and the step is done" sees_after y "✓ crds"
keys q
check "it gives the terminal back" sees "ended with 0"

coloured() {
	tmux -L "$socket" capture-pane -e -p | grep -aq "$(printf '\033')\[[34][0-8]"
}

no_colour() {
	! coloured
}

terminal 80 24 "TERM=xterm '$BUILDDIR/poolshift' --demo"
sees "● live" "llm-route" '▶ crds ready' || failed=1
check "a terminal of 16 colours gets colours" coloured
terminal 80 24 "TERM=xterm NO_COLOR=1 '$BUILDDIR/poolshift' --demo"
sees "● live" "llm-route" '▶ crds ready' || failed=1
check "NO_COLOR takes them away" no_colour
finish
