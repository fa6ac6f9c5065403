#!/bin/sh
# refused.sh - exit codes, and what is said where nothing is written: one sentence on stderr, nothing on stdout. TAP.
. "$SRCDIR/tests/cli/cli.sh"

# refuses CODE "claim" TEXT WORDS...: stderr holds the text, stdout nothing.
refuses() {
	wanted=$1
	text=$2
	part=$3
	shift 3
	run "$@"
	[ "$code" = "$wanted" ] && grep -qF -- "$part" "$err" && [ ! -s "$out" ]
	claim "$text" $?
}

refuses 2 "an unknown command names the nearest" "did you mean status?" stauts
refuses 2 "an unknown option names the nearest" "did you mean --namespace?" status --namespaces x
refuses 2 "an option of a later version is unknown" "there is no option --prometheus;" apply --prometheus x
refuses 2 "another command's option is refused" "--to is not an option of this command" apply --to attach
refuses 2 "a word too many is refused" "\"extra\" is too much" status extra
refuses 2 "shift wants its percent" "shift wants PERCENT" shift --yes
refuses 2 "a percent is at most 100" "not a percentage" shift 101 --demo --yes
refuses 2 "a kubeconfig that is not there" "no kubeconfig at /nonexistent" status --kubeconfig /nonexistent
refuses 2 "no kubeconfig at all" "No cluster is configured" status
refuses 2 "an unknown context" "no context \"nope\"" status --demo --context nope
refuses 2 "an unknown scenario" "there are classic, fresh, " status --demo=nope
refuses 2 "a scenario file that is not there" "no file /nonexistent.yaml" status --demo --scenario /nonexistent.yaml
refuses 2 "a bundle that is not there" "--bundle: There is no file /nonexistent" plan --demo --bundle /nonexistent
refuses 2 "no terminal and no --yes: nothing is written" "without --yes" apply --demo
refuses 2 "the same for shift" "without --yes" shift 5 --demo
refuses 2 "the same for rollback" "without --yes" rollback --demo
refuses 2 "several pools and none chosen: they are listed" "team-12/vllm-llama3-8b-35" apply --demo=crowd --yes
refuses 2 "a pool that does not exist is not selected" "None of the" apply --demo --yes --pool nope
refuses 1 "nobody answers" "Nobody answers at 127.0.0.1:1" status --demo --server http://127.0.0.1:1 --request-timeout 5s
refuses 3 "a step that comes too early is blocked" "comes after crds" shift 5 --demo --yes
refuses 3 "--read-only refuses the first write" "Read-only: nothing is written" apply --demo --yes --read-only
refuses 3 "who may not write is told so" "may not, nor" apply --demo --yes --context demo-viewer
for command in apply "shift 5" rollback verify; do
	# shellcheck disable=SC2086 # words
	refuses 4 "nothing to migrate: $command" "nothing to" $command --demo=fresh --yes
done
exits 4 "nothing to migrate: plan" plan --demo=fresh
says "and it says so as data" "$out" "There is nothing to migrate"
exits 0 "status of nothing to migrate" status --demo=fresh
exits 0 "status of a pool that does not exist" status --demo --pool nope
says "says so" "$err" "the one that --pool names"
exits 0 "nothing taken back is no failure" rollback --demo --yes
silent "and prints no data" "$out"

printf '# a broken key\nkubeconfig: /nonexistent\n: : :\n' >"$here/broken"
refuses 2 "a kubeconfig that is not YAML" "$here/broken" status --kubeconfig "$here/broken"
printf '<html>no</html>' >"$here/page.html"
refuses 2 "a scenario that is not YAML" "page.html" status --demo --scenario "$here/page.html"

mkdir -p "$XDG_CONFIG_HOME/poolshift"
echo 'thmee: dark' >"$XDG_CONFIG_HOME/poolshift/config.yaml"
refuses 2 "a configuration's fault has file, line and key" "config.yaml line 1: thmee: " status --demo
exits 0 "help does not mind it" help
exits 0 "nor does version" version
says "version names the program" "$out" "poolshift "
printf 'output: json\nscenario: fresh\n' >"$XDG_CONFIG_HOME/poolshift/config.yaml"
exits 0 "the configuration is read" status --demo
says "and obeyed" "$out" '"nothingToMigrate":true'
exits 0 "the command line is read too" status --demo=classic -o text
says "and wins" "$out" "default/vllm-llama3-8b-instruct"
rm "$XDG_CONFIG_HOME/poolshift/config.yaml"

run status --demo --context "$(printf 'a\033[31mb')"
! grep -q "$(printf '\033')" "$err"
claim "what a name holds does not reach the terminal" $?
[ "$("$program" help | awk '{ if (length($0) > 100) print }')" = "" ]
claim "no line of help is wider than 100 columns" $?
for command in status plan apply shift verify rollback report journal demo completion version; do
	run "$command" --help
	[ "$code" = 0 ] && grep -q "^poolshift $command" "$out" && grep -q "^Example" "$out"
	claim "$command --help shows that command and an example" $?
done
run help apply
! grep -q -- "--listen" "$out" && grep -q -- "--through" "$out"
claim "and the options of no other" $?
finish
