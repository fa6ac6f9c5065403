#!/bin/sh
# ways_out.sh - the real console ended by signals in every mode, resized in a storm, and left by its terminal: each time
# the terminal is as it was before. TAP.
set -u
. "$SRCDIR/tests/pty/screen.sh"

# In the shell that is left: stty says what it said, the cursor is there, no other screen, no mouse.
as_before() {
	until_true no_child || return 1
	keys "clear; stty -a | cmp -s - $home/before && echo 'terminal is ''as before'" Enter
	sees 'terminal is as before' &&
		[ "$(tmux -L "$socket" display -p '#{alternate_on} #{cursor_flag} #{mouse_any_flag}')" = '0 1 0' ]
}

# tmux tells the terminal of a second size a while after it shows it.
is_small() {
	[ "$(stty -F "$(tmux -L "$socket" display -p '#{pane_tty}')" size)" = '24 80' ]
}

cluster "$home/kubeconfig"
start="clear; $BUILDDIR/poolshift --kubeconfig $home/kubeconfig"
terminal 80 24 'sh -i'
keys "stty -a >$home/before; echo a shell ''stands" Enter
check 'a shell stands' sees 'a shell stands'
# Keys that open each mode, and what stands there then.
for mode in 'C|y write' 'A|weights back now' '?|want one percent less' 'w|not measured' ':|Tab completes' 'Right|wanted 1 %'; do
	for signal in TERM HUP INT; do
		keys "$start" Enter
		sees '● live' '▶ crds ready' || failed=1
		keys "${mode%%|*}"
		sees "${mode#*|}" || failed=1
		kill -s $signal "$(child)"
		check "SIG$signal with '${mode#*|}' on the screen" as_before
	done
done

keys "$start" Enter
sees '● live' '▶ crds ready' || failed=1
keys C-c
check 'Ctrl-C' as_before
keys "$start" Enter
sees '● live' '▶ crds ready' || failed=1
for size in 20x6 300x90 1x1 80x24 10x3 40x12 79x19 200x5 5x50 120x40; do
	tmux -L "$socket" resize-window -x "${size%x*}" -y "${size#*x}"
	keys Right
done
tmux -L "$socket" resize-window -x 80 -y 24
check 'a storm of sizes ends in a whole screen' sees '● live' '▶ crds ready' 'wanted 10 %' '? help'
check 'the terminal has its size again' until_true is_small
keys q
check 'and the terminal is as before' as_before
keys "$start" Enter
sees '● live' '▶ crds ready' || failed=1
gone=$(child)
tmux -L "$socket" kill-server
check 'a terminal that goes away ends it' until_true [ ! -d "/proc/$gone" ]
finish
