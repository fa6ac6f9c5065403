#!/usr/bin/env bash
# completion.sh - what `poolshift completion` prints works in bash and names everything in zsh and fish. TAP.
. "$SRCDIR/tests/cli/cli.sh"

# completes "claim" WANTED WORDS...: WANTED is among what the last word can become.
completes() {
	local text=$1 wanted=$2
	shift 2
	COMP_WORDS=(poolshift "$@")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMPREPLY=()
	_poolshift
	printf '%s\n' "${COMPREPLY[@]}" >"$out"
	[[ " ${COMPREPLY[*]} " == *" $wanted "* ]]
	claim "$text" $?
}

exits 0 "completion for bash" completion bash
bash -n "$out"
claim "is bash" $?
# shellcheck disable=SC1090 # it was just made
. "$out"
complete -p poolshift >"$err" 2>&1
claim "binds the program's name" $?
completes "a command" rollback ro
completes "an option of the command" --to rollback --t
[[ " ${COMPREPLY[*]} " != *" --theme "* ]]
claim "and none of another" $?
completes "the console's options without a command" --theme --th
completes "steps after --through" finalize apply --through fin
completes "formats after -o" json status -o js
completes "the shells of completion" fish completion f
completes "the commands of help" journal help jo
for shell in zsh fish; do
	exits 0 "completion for $shell" completion $shell
	named=0
	for word in status rollback kubeconfig through no-probe; do
		grep -q -- "$word" "$out" || named=1
	done
	claim "names commands and options" $named
done
exits 2 "another shell is refused" completion csh
finish
