#!/bin/sh
# traffic.sh - test_traffic on a folder of its own. TAP.
set -u
folder=$(mktemp -d)
running=
leave() {
	if test -n "$running"; then
		kill "$running" 2>/dev/null
		wait "$running"
	fi
	rm -rf "$folder"
}
trap leave EXIT
trap 'exit 1' HUP INT TERM
HOME=$folder XDG_STATE_HOME=$folder/state "$BUILDDIR/tests/bench/test_traffic" "$BUILDDIR/poolshift" "$folder" &
running=$!
code=0
wait "$running" || code=$?
running=
exit $code
