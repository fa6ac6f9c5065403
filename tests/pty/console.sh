#!/bin/sh
# console.sh - the real binary on its own demo cluster under tmux: opens, shows the pair, runs the first step, quits. TAP.
set -u
socket=console-$$
number=0
failed=0
home=$(mktemp -d)
LC_ALL=C.UTF-8
export LC_ALL
trap 'tmux -L "$socket" kill-server 2>/dev/null; rm -rf "$home"' EXIT

keys() {
	tmux -L "$socket" send-keys "$@"
}

# Asks until the screen shows the text, some seconds at the longest: each question is a round trip to the server.
sees() {
	tries=0
	while [ $tries -lt 3000 ]; do
		tmux -L "$socket" capture-pane -p | grep -aqF -- "$1" && return 0
		tries=$((tries + 1))
	done
	tmux -L "$socket" capture-pane -p | sed 's/^/# /'
	return 1
}

# Presses a key until the screen shows the text: a dialog takes none until it has stood for a moment.
sees_after() {
	presses=0
	while [ $presses -lt 300 ]; do
		keys "$1"
		tmux -L "$socket" capture-pane -p | grep -aqF -- "$2" && return 0
		presses=$((presses + 1))
	done
	sees "$2"
}

check() {
	number=$((number + 1))
	claim=$1
	shift
	if "$@"; then
		echo "ok $number - $claim"
	else
		echo "not ok $number - $claim"
		failed=1
	fi
}

HOME=$home XDG_STATE_HOME=$home/state tmux -L "$socket" -f /dev/null new-session -d -x 80 -y 24 \
	"'$BUILDDIR/poolshift' --demo; echo ended with \$?; cat"
check "the console opens on the demo cluster and is live" sees "● live"
check "the pair stands there" sees "vllm-llama3-8b-instruct"
check "the route stands there" sees "llm-route"
keys s
check "a step is shown before it is written" sees "y write"
keys Enter
check "Enter writes nothing" sees "y write"
check "y writes it, and the step is done" sees_after y "✓ crds"
keys q
check "it gives the terminal back" sees "ended with 0"
echo "1..$number"
exit $failed
