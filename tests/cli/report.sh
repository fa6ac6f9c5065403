#!/bin/sh
# report.sh - the change record: every form after the last α object is gone, from the journal alone, without one, and with a
# damaged one, of which nothing is lost. TAP.
. "$SRCDIR/tests/cli/cli.sh"

lacks() { # "claim" FILE TEXT
	! grep -qF -- "$3" "$2"
	claim "$1" $?
}

start_server --speed 50
exits 0 "a report before anything was done" report
says "knows of nothing" "$out" "No trace of a migration."
[ ! -e "$XDG_STATE_HOME/poolshift" ] || [ -z "$(ls "$XDG_STATE_HOME/poolshift")" ]
claim "and leaves no file" $?
exits 3 "verify before the first write" verify --no-probe
[ -z "$(ls "$XDG_STATE_HOME/poolshift")" ]
claim "leaves none, either" $?

exits 0 "the whole migration" apply -A --yes --hold 0 --drain 0 --reason "change <4711> & more"
journal=$(echo "$XDG_STATE_HOME"/poolshift/*.jsonl)

exits 0 "report as text" report
says "says how it ended" "$out" "✓ Migrated."
says "who" "$out" "Written by  admin"
says "why" "$out" "Reason      change <4711> & more"
says "which cluster" "$out" "Cluster     kube-system "
says "that nothing was down" "$out" "Downtime    none"
says "draws the share over time" "$out" "100 % ┤"
says "and what the weights became" "$out" "+      weight: 1"
says "has the checks" "$out" "✓ picker-available"
says "and the probe" "$out" "answered 200"
says "the losses, whose objects are gone" "$out" "InferenceModel default/food-review (inference.networking.x-k8s.io)"
says "cuts what is long and says where the rest is" "$out" "more lines; \`poolshift report -o html\` has all of them"
[ "$(grep -v '^      ' "$out" | grep -v '[┤│┼]' | awk 'length > 84' | wc -l)" = 0 ]
claim "and but for the differences it fits 80 columns" $?

exits 0 "report as Markdown" report -o markdown
says "begins as Markdown does" "$out" "# Change record"
says "escapes what is markup" "$out" 'change \<4711\> \& more'
says "fences the differences" "$out" '```diff'

exits 0 "report as HTML" report -o html
says "is a page" "$out" "<!DOCTYPE html>"
says "escapes what is markup" "$out" "change &lt;4711&gt; &amp; more"
says "draws the share over time" "$out" "<svg viewBox="
for part in "<script" "<link" "<img" "href=" "src=" "url(" "@import" "<4711>"; do
	lacks "needs nothing from elsewhere: $part" "$out" "$part"
done
[ "$(grep -c '<article' "$out")" -gt "$("$program" journal 2>/dev/null | wc -l)" ]
claim "has every write and every loss" $?

exits 0 "report as JSON" report -o json
{
	separator='{'
	for type in journal run intent outcome checks; do
		printf '%s"%s":[' "$separator" "$type"
		grep "^{\"type\":\"$type\"" "$out" | paste -sd, -
		separator='],'
	done
	for key in before after; do
		printf '],"%s":[' "$key"
		grep "\"$key\":{" "$out" | paste -sd, -
	done
	echo ']}'
} >"$here/lines"
"$BUILDDIR/tests/cli/shape" "$here/lines" "$SRCDIR/tests/cli/journal.shape" >"$here/missing"
status=$?
sed 's/^/# not kept: /' "$here/missing"
claim "has every key it was promised with" $status

exits 0 "the chain holds" journal --verify
says "and it says over how many lines" "$out" "is whole: $(wc -l <"$journal") lines"

# Another machine.
XDG_STATE_HOME=$here/elsewhere
exits 0 "report where there is no journal" report
says "says what it cannot know" "$out" "This machine has no journal of this cluster"
says "and what the cluster says" "$out" "✓ Migrated."
says "not what was lost" "$out" "Not known: the objects it would be read from are gone"
lacks "and tells of no writes" "$out" "Writes"
XDG_STATE_HOME=$here/state

# One byte in the middle is not what it was.
cp "$journal" "$here/whole"
lines=$(wc -l <"$journal")
sed '20s/"type"/"tyqe"/' "$here/whole" >"$here/changed"
cp "$here/changed" "$journal"
exits 1 "a changed line is found" journal --verify
says "by its number" "$err" "Line 20 of the journal $journal is damaged or was changed"
says "and what still holds is said" "$err" "the 19 before it can be relied on, and of the $((lines - 20)) after it $((lines - 20)) are whole"
silent "with nothing else" "$out"
exits 1 "the rest of it is still told" journal
[ "$(wc -l <"$out")" -ge $((lines / 3)) ] && grep -q "remove-crds: delete" "$out" && grep -q "crds: apply" "$out"
claim "what came before and what came after" $?
exits 1 "report tells the rest, too" report
says "and that it is not all" "$out" "✗ The journal is damaged: this record is incomplete."
exits 1 "as JSON nothing is left out" report -o json
[ "$(wc -l <"$out")" = "$lines" ]
claim "the damaged line included" $?
run rollback --all --yes --drain 0
[ "$code" = 1 ] && grep -qF "Line 20 of the journal" "$err" && cmp -s "$journal" "$here/changed"
claim "nothing is written to the cluster or to it" $?
cp "$here/whole" "$journal"
exits 0 "as it was it is whole again" journal --verify
printf '{"type":"intent","id":99' >>"$journal"
exits 0 "a torn last line is no damage" journal --verify
says "but it is said" "$out" "incomplete"
exits 0 "everything can be taken back with it" rollback --all --yes --drain 0
exits 0 "report after that" report
says "says so" "$out" "✓ Rolled back."
stop "$server"
server=

# The simple procedure: a clock from the detach to the first answer.
XDG_STATE_HOME=$here/simple
start_server --speed 50
exits 0 "the simple procedure" apply -A --yes --path simple --drain 0
exits 0 "its report" report --path simple
says "names it" "$out" "Procedure   simple"
says "and for how long nothing was served" "$out" "the first route without its pool"
says "shows when" "$out" "×"
finish
