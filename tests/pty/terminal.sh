#!/bin/sh
# terminal.sh - start, resize, suspend, kill and theme of a console that stands still (still.c). TAP.
set -u
program=$BUILDDIR/tests/pty/still
. "$SRCDIR/tests/pty/screen.sh"

# In the shell that is left: is the terminal as it was before?
sane() {
	keys "clear; stty -a | cmp -s - $home/before && echo 'terminal is ''as before'" Enter
	sees 'terminal is as before' &&
		[ "$(tmux -L "$socket" display -p '#{alternate_on} #{cursor_flag} #{mouse_any_flag}')" = '0 1 0' ]
}

# tmux tells the terminal of a second size a while after it shows it.
is_small() {
	[ "$(stty -F "$(tmux -L "$socket" display -p '#{pane_tty}')" size)" = '24 80' ]
}

# The program has ended, and the shell reads keys again.
ended() {
	until_true no_child && sane
}

terminal 80 24 'sh -i'
keys "stty -a >$home/before; echo a shell ''stands" Enter
check 'a shell stands' sees 'a shell stands'
keys "$program dark" Enter
check 'the first screen stands' sees 'written 25 %'
keys l l l
check 'keys arrive' sees 'wanted 28 %'
tmux -L "$socket" resize-window -x 120 -y 40
check 'a wider terminal is filled' sees '┬'
tmux -L "$socket" resize-window -x 80 -y 24
check 'a narrower one, too' loses '┬'
check 'the terminal has its size again' until_true is_small
keys C-z
check 'Ctrl-Z stops it' sees 'Stopped'
check 'Ctrl-Z gives the terminal back' sane
keys 'fg' Enter
check 'fg shows the screen again' sees 'Enter preview'
keys '?'
check 'the help page opens' sees 'want one percent less on GA'
keys q
check 'q leaves the page' sees 'Enter preview'
keys q
check 'q gives the terminal back' ended
for signal in TERM HUP INT SEGV ABRT; do
	keys "clear; $program mono" Enter
	sees 'written 25 %' || failed=1
	kill -s $signal "$(child)"
	check "SIG$signal gives the terminal back" ended
done
keys "clear; TERM=vt100 LC_ALL=C $program" Enter
check 'a terminal without colour and UTF-8 gets ASCII' sees '+ Pools ---'
keys q
check 'there, too, q gives the terminal back' ended
keys "clear; $program nosuch" Enter
check 'an unknown theme is one clear line' sees "there is no theme 'nosuch'"
finish
