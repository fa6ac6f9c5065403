#!/bin/sh
# plain.sh - the console on a pipe: numbered lines, each change as a line, questions answered, nothing written. TAP.
. "$SRCDIR/tests/cli/cli.sh"

# until_says TEXT: on the console's output, in at most 30 seconds.
until_says() {
	end=$(($(date +%s) + 30))
	until grep -qF -- "$1" "$out"; do
		[ "$(date +%s)" -lt "$end" ] || return 1
	done
}

start_server --speed 50

exits 0 "at the end of its input it has told the state" --plain
says "line by line, each with a number" "$out" " 1  cluster: context demo"
says "the pair is a line" "$out" "pair default/vllm-llama3-8b-instruct: "
says "the next step is one" "$out" "step crds: next, ready"
! grep -q "$(printf '\033')" "$out"
claim "and nothing but text" $?
crds=$(sed -n 's/^ *\([0-9]*\)  step crds:.*/\1/p' "$out")

mkfifo "$here/typed"
"$program" <"$here/typed" >"$out" 2>"$err" &
running=$!
exec 4>"$here/typed"
code=0
until_says "step crds: next, ready"
claim "a pipe alone is enough for it" $?
echo "$crds" >&4
until_says "apply CustomResourceDefinition inferencepools.inference.networking.k8s.io"
claim "the number of a step shows its preview" $?
echo y >&4
until_says "there is no terminal to ask on"
claim "what comes from a pipe does not write" $?
"$program" apply --yes --through crds >"$here/other.out" 2>&1 </dev/null
until_says "$crds  step crds: done"
claim "what another one writes is told under the same number" $?
echo nosuch >&4
until_says "There is no command nosuch"
claim "an unknown command is said to be one" $?
[ "$(grep -c 'step crds: next, ready' "$out")" = 1 ]
claim "and what did not change is told once" $?
echo q >&4
wait "$running" || code=$?
running=
[ "$code" = 0 ]
claim "q ends it" $?
exec 4>&-

timeout 60 "$program" --plain 2>"$err" <"$here/kubeconfig" | head -n 1 >"$out"
says "a reader that leaves ends it" "$out" "cluster: context demo"
kill "$server" && wait "$server"
server=
exits 1 "without an answer it says so, and fails at the end of its input" --plain
says "in the first line" "$out" "NO ANSWER"
finish
