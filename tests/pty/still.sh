#!/bin/sh
# still.sh - the terminal's own part, on a console that stands still, under a tmux server of its own: still.sh PROGRAM
# where PROGRAM is tests/pty/still. Prints TAP.
set -u
program=$1
socket=still-$$
number=0
failed=0

command -v tmux >/dev/null || { echo '1..0 # SKIP tmux is not installed'; exit 0; }
LC_ALL=C.UTF-8
export LC_ALL
trap 'tmux -L "$socket" kill-server 2>/dev/null' EXIT

keys() {
	tmux -L "$socket" send-keys "$@"
}

# Asks until the screen shows the text, some seconds at the longest: each question is a round trip to the server.
sees() {
	tries=0
	while [ $tries -lt 1000 ]; do
		tmux -L "$socket" capture-pane -p | grep -aqF -- "$1" && return 0
		tries=$((tries + 1))
	done
	tmux -L "$socket" capture-pane -p >&2
	return 1
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

# In the shell that is left: is the terminal as a shell wants it?
sane() {
	keys "clear; stty -a | grep -qw -- '-icanon' || stty -a | grep -qw -- '-echo' || echo 'terminal is ''cooked'" Enter
	sees 'terminal is cooked'
}

child() {
	pgrep -P "$(tmux -L "$socket" list-panes -F '#{pane_pid}')" | head -n 1
}

tmux -L "$socket" -f /dev/null new -d -x 80 -y 24 'sh -i'
keys "$program dark" Enter
check 'the first screen stands' sees 'written 25 %'
keys l l l
check 'keys arrive' sees 'wanted'
tmux -L "$socket" resize-window -x 120 -y 40
check 'a wider terminal is filled' sees '┬'
keys C-z
check 'Ctrl-Z gives the terminal back' sane
keys 'fg' Enter
check 'fg shows the screen again' sees 'Enter preview'
keys '?'
check 'the help page opens' sees 'want one percent less on GA'
keys q q
check 'q gives the terminal back' sane
for signal in TERM HUP INT SEGV ABRT; do
	keys "clear; $program mono" Enter
	sees 'written 25 %' || failed=1
	kill -s $signal "$(child)"
	check "SIG$signal gives the terminal back" sane
done
keys "clear; TERM=vt100 LC_ALL=C $program" Enter
check 'a terminal without colour and UTF-8 gets ASCII' sees '+ Pools ---'
keys q
sane
keys "clear; $program nosuch" Enter
check 'an unknown theme is one clear line' sees "there is no theme 'nosuch'"
echo "1..$number"
exit $failed
