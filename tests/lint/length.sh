#!/bin/sh
# length.sh - no file of ours is longer than 600 lines, no function longer than 60, tests included. TAP.
set -u
cd "$SRCDIR" || exit 99
failed=0

# claim NUMBER "text" FOUND: it holds when nothing was found.
claim() {
	if [ -z "$3" ]; then
		echo "ok $1 - $2"
	else
		echo "not ok $1 - $2"
		echo "$3" | sed 's/^/# /'
		failed=1
	fi
}

sources() {
	find core tui tests -name '*.[ch]' ! -name '*_data.c' -o -name '*.sh' -o -name '*.py'
}

claim 1 "every file is at most 600 lines" \
	"$(sources | xargs wc -l | awk '$2 != "total" && $1 > 600')"
# A body opens and closes in the first column, and nothing else does.
claim 2 "every function is at most 60 lines" \
	"$(sources | grep '\.[ch]$' | xargs awk '
		/^{$/ { from = FNR }
		/^}$/ && from { if (FNR - from >= 60) print FILENAME ":" from, FNR - from + 1; from = 0 }')"

echo "1..2"
exit $failed
