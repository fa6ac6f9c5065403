#!/bin/sh
# terminal.sh - start, resize, suspend, kill and theme of the console under tmux (still.sh), on the built program.
exec sh "$SRCDIR/tests/pty/still.sh" "$BUILDDIR/tests/pty/still"
