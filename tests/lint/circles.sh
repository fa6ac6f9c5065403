#!/bin/sh
# circles.sh - inside a folder, too, things point one way: no module needs another that needs it. TAP.
#
# A module is a file with all that begin with its name and "_". What one takes from another is seen in the archives.
set -u
number=0
failed=0

# needs ARCHIVE: "module module" for each that takes a function from another.
needs() {
	nm -A "$1" 2>/dev/null | awk '
	{
		split($1, at, ":")
		file = at[2]
		sub(/\.o$/, "", file)
		sub(/_.*/, "", file)
		type = $(NF - 1)
		if (type ~ /[TRDB]/) defined[$NF] = file
		else if (type == "U") wanted[file " " $NF] = 1
	}
	END {
		for (want in wanted) {
			split(want, part, " ")
			if (part[2] in defined && defined[part[2]] != part[1]) print part[1], defined[part[2]]
		}
	}' | sort -u
}

for layer in core/base core/model core/kube core/migrate core/engine core/demo tui/report tui/screen tui/plain; do
	archive=$layer/lib${layer#*/}.a
	number=$((number + 1))
	circles=$(needs "$BUILDDIR/$archive" | tsort 2>&1 >/dev/null)
	if [ -s "$BUILDDIR/$archive" ] && [ -z "$circles" ]; then
		echo "ok $number - no module of $layer needs one that needs it"
	else
		echo "not ok $number - no module of $layer needs one that needs it"
		echo "$circles" | sed 's/^/# /'
		failed=1
	fi
done
echo "1..$number"
exit $failed
