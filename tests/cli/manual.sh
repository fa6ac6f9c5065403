#!/bin/sh
# manual.sh - poolshift(1) is clean and names everything that help names. TAP.
. "$SRCDIR/tests/cli/cli.sh"
page=$BUILDDIR/docs/poolshift.1
code=0

if command -v mandoc >/dev/null; then
	mandoc -Tlint -Wwarning "$page" >"$err" 2>&1
else
	man --warnings -l "$page" >"$out" 2>"$err"
fi
[ ! -s "$err" ]
claim "the formatter has nothing to say of it" $?
! LC_ALL=C grep -q '[^ -~]' "$page"
claim "it is plain ASCII" $?
! grep -q '@[A-Z]*@' "$page"
claim "every table of the frame is filled in" $?

# named "claim" PREFIX NAMES: each of them begins an entry.
named() {
	missing=
	for name in $3; do
		grep -qF -- "$(printf '%s%s\\fP' "$2" "$name" | sed 's/-/\\-/g')" "$page" ||
			missing="$missing $name"
	done
	[ -z "$missing" ]
	claim "$1${missing:+: missing:$missing}" $?
}

run help
options=$(sed -n 's/^ *\(-[a-zA-Z],\)\{0,1\} *--\([a-z-]*\).*/\2/p' "$out")
[ "$(echo "$options" | wc -l)" -gt 50 ]
claim "help names the options" $?
named "every option has an entry" "--" "$options"
named "every command has an entry" "" \
	"$("$program" completion fish | sed -n 's/.*use_subcommand -f -a \([a-z]*\).*/\1/p')"
named "every step has an entry" "" "crds pool objectives attach shift verify finalize cleanup check remove-crds"
named "every scenario has an entry" "" "$("$program" demo --list | awk '{ print $1 }')"
named "the console's actions have entries" "" "step undo verify abort write quit"
finish
