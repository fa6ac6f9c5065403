# screen.sh - sourced by the scripts beside it: a terminal under a tmux server of its own, the keys that go in, the
# screen that comes out, and TAP. Every wait is for something to be seen or to happen, and ends after PATIENCE seconds.
command -v tmux >/dev/null || { echo '1..0 # SKIP tmux is not installed'; exit 0; }
PATIENCE=${PATIENCE:-30}
socket=poolshift-$$-0
terminals=0
number=0
failed=0
home=$(mktemp -d)
others=''
LC_ALL=C.UTF-8
export LC_ALL

end_all() {
	tmux -L "$socket" kill-server 2>/dev/null
	for other in $others; do
		kill -s CONT "$other" 2>/dev/null
		kill -s KILL "$other" 2>/dev/null
	done
	rm -rf "$home"
}
trap end_all EXIT
trap 'exit 1' HUP INT TERM

# terminal COLUMNS ROWS COMMAND: a new one, instead of the one before, whose server may take its time to end.
terminal() {
	tmux -L "$socket" kill-server 2>/dev/null
	terminals=$((terminals + 1))
	socket=poolshift-$$-$terminals
	HOME=$home XDG_STATE_HOME=$home/state XDG_CONFIG_HOME=$home/config \
		tmux -L "$socket" -f /dev/null new-session -d -x "$1" -y "$2" "$3"
}

# cluster KUBECONFIG [OPTION...]: a demo cluster as a server of its own; its process is $cluster.
cluster() {
	cluster_kubeconfig=$1
	shift
	: >"$home/cluster.out"
	XDG_STATE_HOME=$home/cluster "$BUILDDIR/poolshift" demo --write-kubeconfig "$cluster_kubeconfig" "$@" \
		>"$home/cluster.out" 2>&1 &
	cluster=$!
	others="$others $cluster"
	until_true grep -q '^demo cluster at' "$home/cluster.out" || { cat "$home/cluster.out" >&2; exit 1; }
}

keys() {
	tmux -L "$socket" send-keys "$@"
}

# type_text TEXT: as it is, no name of a key in it.
type_text() {
	tmux -L "$socket" send-keys -l -- "$1"
}

screen() {
	tmux -L "$socket" capture-pane -p
}

# The screen as one line with single blanks, for texts that are wrapped or stand in columns.
screen_joined() {
	screen | sed 's/│//g' | tr -s ' \n' ' '
}

show_screen() {
	screen | sed 's/^/# /'
	return 1
}

# until_true COMMAND...: asks again and again; each question is a round trip to the terminal.
until_true() {
	end=$(($(date +%s) + PATIENCE))
	until "$@"; do
		[ "$(date +%s)" -lt $end ] || return 1
	done
}

has() {
	screen | grep -aqF -- "$1"
}

# Several texts: all of them on the same screen.
has_all() {
	seen=$(screen_joined)
	for text in "$@"; do
		case $seen in
		*"$text"*) ;;
		*) return 1 ;;
		esac
	done
}

lacks() {
	! has_all "$1"
}

sees() {
	until_true has_all "$@" && return
	printf '# looked for: %s\n' "$@"
	show_screen
}

loses() {
	until_true lacks "$1" || show_screen
}

press_and_see() {
	keys "$1"
	has_all "$2"
}

# sees_after KEY TEXT: presses until the text is there: a dialog takes no key until it has stood for a moment.
sees_after() {
	until_true press_and_see "$1" "$2" || show_screen
}

# check CLAIM COMMAND...: one line of TAP.
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

# The first process of the terminal's shell.
child() {
	pgrep -P "$(tmux -L "$socket" list-panes -F '#{pane_pid}')" | head -n 1
}

no_child() {
	[ -z "$(child)" ]
}

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

finish() {
	echo "1..$number"
	exit $failed
}
