#!/bin/sh
# length.sh - no source file of the program is longer than 600 lines. TAP.
set -u
cd "$SRCDIR" || exit 99
long=$(find core tui -name '*.[ch]' ! -name '*_data.c' -exec wc -l {} + | awk '$2 != "total" && $1 > 600')
if [ -z "$long" ]; then
	echo "ok 1 - every file is at most 600 lines"
else
	echo "not ok 1 - every file is at most 600 lines"
	echo "$long" | sed 's/^/# /'
fi
echo "1..1"
[ -z "$long" ]
