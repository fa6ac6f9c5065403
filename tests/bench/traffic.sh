#!/bin/sh
# traffic.sh - test_traffic on a folder of its own. TAP.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
HOME=$folder XDG_STATE_HOME=$folder/state "$BUILDDIR/tests/bench/test_traffic" "$BUILDDIR/poolshift" "$folder"
