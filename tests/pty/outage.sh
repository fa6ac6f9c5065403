#!/bin/sh
# outage.sh - a cluster that freezes, is gone, comes back and is another: what the console says, how soon, and that keys
# never wait for it. Times are measured and printed. TAP.
set -u
poolshift=$BUILDDIR/poolshift
. "$SRCDIR/tests/pty/screen.sh"

SLACK=3000 # ms that a machine with much else to do may add to what is measured here

# within MILLISECONDS WHAT TEXT...: seen so soon after $since; the time goes to the log.
within() {
	most=$1
	what=$2
	shift 2
	sees "$@" || return 1
	took=$(($(now_ms) - since))
	echo "# $what: $took ms"
	[ "$took" -le "$most" ]
}

since_now() {
	since=$(now_ms)
}

# Where the demo listens, to start another one in its place.
port() {
	sed -n 's/.*server: http:\/\/127.0.0.1:\([0-9]*\).*/\1/p' "$home/kubeconfig"
}

cluster "$home/kubeconfig" --seed 1
terminal 80 24 "'$poolshift' --kubeconfig '$home/kubeconfig'; echo ended with \$?; exec cat"
check 'the console is live' sees '● live' 'llm-route'
keys 5 Right
check 'a share is wanted' sees 'wanted 1 %'

kill -s STOP "$cluster"
since_now
check 'a frozen cluster is said within 3 s' within $((3000 + SLACK)) 'NO ANSWER after' 'NO ANSWER for'
check 'panes keep what they had, with its age' sees 'llm-route' 'stale,'
check 'what writes is locked, and says why' sees 'locked, the cluster has not answered for'
since_now
keys Right
check 'keys do not wait' within $((100 + SLACK)) 'key to frame in an outage' 'wanted 2 %'
keys C
check 'a step is refused with the reason' sees 'crds is locked:'
lacks 'y write' || failed=1
keys '?'
check 'pages open' sees 'Keys'
keys q J
check 'the journal, too' sees 'Journal'
keys q
kill -s CONT "$cluster"
since_now
check 'it heals by itself' within $((3000 + SLACK)) 'live again after' '● live'
check 'and is as before' loses 'stale,'
keys C
check 'steps go again' sees 'The server accepted it as a dry run'
kill -s STOP "$cluster"
check 'a preview that is open is locked as well' sees 'y does not write:'
kill -s CONT "$cluster"
check 'and open again when it heals' sees 'y write'
keys Escape

at=$(port)
kill -s KILL "$cluster"
since_now
check 'connections that are cut are said within 3 s' within $((3000 + SLACK)) 'cut, NO ANSWER after' 'NO ANSWER for'
wait "$cluster" 2>/dev/null
cluster "$home/kubeconfig" --listen "127.0.0.1:$at" --seed 1
since_now
check 'the same cluster, started again, is taken up' within 10000 'taken up after' '● live'
check 'with all it holds' loses 'stale,'
keys C
check 'and written to' sees 'The server accepted it as a dry run'
keys Escape

kill -s KILL "$cluster"
wait "$cluster" 2>/dev/null
cluster "$home/kubeconfig" --listen "127.0.0.1:$at" --seed 2
since_now
check 'another one at its address is not taken for it' within 10000 'told apart after' 'ANOTHER CLUSTER'
keys C
check 'and nothing is written to it' sees 'is locked:'
keys q
check 'it gives the terminal back' sees 'ended with 0'
finish
