#!/bin/sh
# dumb.sh - the console on a terminal that can do nothing but print: lines in, lines out, y writes. TAP.
set -u
. "$SRCDIR/tests/pty/screen.sh"

terminal 100 50 "TERM=dumb '$BUILDDIR/poolshift' --demo; echo ended with \$?; exec cat"
check 'the state stands there as numbered lines' sees '1 cluster: context demo' 'step crds: next, ready'
check 'and how to go on' sees '? lists them'
keys crds Enter
check 'a step is shown first' sees 'apply CustomResourceDefinition' 'dry run ok' 'y writes this'
keys Enter
keys l Enter
check 'an empty line writes nothing' loses 'step crds: done'
keys y Enter
check 'y on a line of its own writes it' sees 'step crds: done' 'step pool: next, ready' 'crds crds: done'
keys q Enter
check 'q ends it' sees 'ended with 0'
terminal 100 50 "TERM=dumb '$BUILDDIR/poolshift' --demo; echo ended with \$?; exec cat"
sees '? lists them' >/dev/null
keys C-d
check 'so does the end of the input' sees 'ended with 0'
terminal 100 50 "'$BUILDDIR/poolshift' --demo --plain; echo ended with \$?; exec cat"
sees '? lists them' >/dev/null
keys C-c
check 'and Ctrl-C, with 130' sees 'ended with 130'
finish
