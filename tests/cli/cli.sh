# cli.sh - what the scripts here share: claims in TAP, the program run with its three results kept, a demo server.
#
# A script sources it and ends with `finish`. A run that takes longer than a minute is a failure.
set -u
number=0
failed=0
server=
running=
here=$(mktemp -d)
out=$here/out
err=$here/err
program=$BUILDDIR/poolshift
HOME=$here
XDG_STATE_HOME=$here/state
XDG_CONFIG_HOME=$here/config
LC_ALL=C.UTF-8
unset KUBECONFIG
export HOME XDG_STATE_HOME XDG_CONFIG_HOME LC_ALL
trap 'end_all' EXIT
trap 'exit 1' HUP INT TERM

# Whatever way the script ends, nothing it started goes on.
end_all() {
	stop "$running"
	stop "$server"
	rm -rf "$here"
}

# stop PROCESS: ends it, if there is one, and waits until it has.
stop() {
	[ -n "$1" ] && kill "$1" 2>/dev/null && wait "$1"
}

# run WORDS...: stdout, stderr and the exit code stay in $out, $err and $code. Waited for, not run in the foreground:
# there a signal to this script would be left until the program is done.
run() {
	code=0
	timeout 60 "$program" "$@" >"$out" 2>"$err" </dev/null &
	running=$!
	wait "$running" || code=$?
	running=
}

claim() { # "text" STATUS
	number=$((number + 1))
	if [ "$2" = 0 ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		echo "# exit code $code"
		head -n 20 "$out" "$err" | sed 's/^/# /'
		failed=1
	fi
}

# exits CODE "claim" WORDS...
exits() {
	wanted=$1
	text=$2
	shift 2
	run "$@"
	[ "$code" = "$wanted" ]
	claim "$text" $?
}

# says "claim" FILE TEXT: the text stands in it.
says() {
	grep -qF -- "$3" "$2"
	claim "$1" $?
}

silent() { # "claim" FILE
	[ ! -s "$2" ]
	claim "$1" $?
}

# Starts `poolshift demo` and waits for its line: $kubeconfig is where it can be reached.
start_server() {
	kubeconfig=$here/kubeconfig
	mkfifo "$here/ready"
	"$program" demo --write-kubeconfig "$kubeconfig" "$@" >"$here/ready" 2>"$here/demo.err" </dev/null &
	server=$!
	read -r line <"$here/ready"
	rm -f "$here/ready"
	KUBECONFIG=$kubeconfig
	export KUBECONFIG
	echo "# $line"
}

finish() {
	echo "1..$number"
	exit $failed
}
