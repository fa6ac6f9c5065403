#!/bin/sh
# migrate.sh - a migration from scripts: every command at every stage, each run twice, its JSON key by key, and an interruption. TAP.
. "$SRCDIR/tests/cli/cli.sh"

# keeps "claim" PROMISE: the document in $out has every key of the promise.
keeps() {
	"$BUILDDIR/tests/cli/shape" "$out" "$SRCDIR/tests/cli/$2.shape" >"$here/missing"
	status=$?
	sed 's/^/# not kept: /' "$here/missing"
	claim "$1" $status
}

# Every command answers once more what it answered, and writes nothing.
lines() {
	"$program" journal 2>/dev/null | wc -l
}

# twice CODE "claim" WORDS...
twice() {
	wanted=$1
	text=$2
	shift 2
	exits "$wanted" "$text" "$@"
	before=$(lines)
	run "$@"
	[ "$code" = "$wanted" ] && [ "$(lines)" = "$before" ]
	claim "$text, twice: nothing is written again" $?
}

start_server --speed 50

exits 0 "plan before anything was written" plan -o json
keeps "a plan has every key it was promised with" plan
silent "and nothing on stderr" "$err"
exits 0 "plan as text" plan
says "it begins with one line a step" "$out" "objectives   waiting       2  make the InferenceObjectives"
says "a long diff says where the rest is" "$out" "more lines; \`poolshift plan -o json\` has all of them"
[ "$(grep -vE '^ {6}' "$out" | awk 'length > 84' | wc -l)" = 0 ]
claim "and but for the diffs it fits 80 columns" $?
exits 0 "plan --through stops there" plan --through pool
! grep -q "^attach" "$out"
claim "and names no later step" $?

exits 0 "a dry run of everything" apply --dry-run
says "says that nothing was changed" "$err" "Dry run: nothing was changed"
exits 3 "the first step is still to be done" shift 5 --yes

twice 0 "apply through attach" apply --yes --through attach
silent "apply prints no data as text" "$out"
exits 0 "status as JSON" status -o json
keeps "a status has every key it was promised with" status
silent "and nothing on stderr" "$err"
exits 0 "status as text" status
says "one line names the pair" "$out" "default/vllm-llama3-8b-instruct  vllm-llama3-8b-instruct-ga    0 %  1/1 1/1"
says "one line says what is next" "$out" "Next: shift, move the share to the GA pool."
[ "$(awk 'length > 84' "$out" | wc -l)" = 0 ]
claim "it fits 80 columns" $?

twice 0 "shift to an eighth" shift 12.5 --yes --reason "change 4711 & more"
exits 0 "shift as JSON ends with the status" shift 12.5 --yes -o json
keeps "which has every key" status
says "and the share that was written" "$out" '"percent":{"wanted":12.5,"written":12.5,'
exits 0 "verify" verify -o json
keeps "a verification has every key it was promised with" verify
exits 0 "verify as text" verify
says "every check is a line" "$out" "ok  picker-available"

# SIGINT while a percent is held: the write in flight is finished and written down, and it goes on from there.
mkfifo "$here/events"
"$program" apply --yes --hold 20s --ramp 50,100 2>"$here/events" >"$out" </dev/null &
running=$!
exec 3<"$here/events"
while read -r line <&3; do
	case $line in *"shift of default/vllm-llama3-8b-instruct done"*) break ;; esac
done
kill -INT "$running"
cat <&3 >"$err"
exec 3<&-
code=0
wait "$running" || code=$?
running=
[ "$code" = 130 ]
claim "SIGINT ends apply with 130" $?
exits 0 "the journal is whole" journal --verify
exits 0 "half is on GA" status -o json
says "as it was written" "$out" '"written":50,'

twice 0 "rollback --to attach" rollback --to attach --yes
says "takes the share back" "$err" "Nothing to take back"
twice 0 "apply to its end" apply -A --yes --hold 0 --drain 0
exits 0 "status of a finished migration" status
says "says so" "$out" "Next: nothing, all is done."
says "and that the α pool is gone" "$out" "(default/vllm-llama3-8b-instruct)"

exits 0 "journal" journal
says "names what was written" "$out" "shift: patch HTTPRoute default/llm-route"
says "and why" "$out" ", reason: change 4711 & more"
exits 0 "journal --kubectl" journal --kubectl
says "prints commands" "$out" "kubectl --context demo patch"
exits 0 "journal as JSON" journal -o json
[ "$(wc -l <"$out")" -gt 20 ] && [ "$(grep -vc '^{.*}$' "$out")" = 0 ]
claim "prints a line an entry" $?
cp "$out" "$here/journal"
[ "$(grep -c '"type":"intent"' "$out")" = "$(lines)" ]
claim "for every write that the text has a line for" $?
exits 0 "report as JSON" report -o json
cmp -s "$out" "$here/journal"
claim "prints the same" $?
for form in text markdown html; do
	exits 0 "report as $form" report -o "$form"
	says "is the change record" "$out" "Change record"
	says "with the reason" "$out" "change 4711"
done
twice 0 "rollback --all" rollback --all --yes --drain 0
exits 0 "everything is as it was" status
says "and the first step is next" "$out" "Next: crds, install the v1 CRDs."
finish
