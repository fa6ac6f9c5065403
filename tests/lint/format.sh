#!/bin/sh
# format.sh - every source is as clang-format and .clang-format have it. TAP.
set -u
cd "$SRCDIR" || exit 99

echo "1..1"
if ! command -v clang-format >/dev/null 2>&1; then
	echo "ok 1 - # SKIP no clang-format here"
	exit 0
fi
other=$(find core tui tests docs -name '*.[ch]' ! -name '*_data.c' -exec clang-format --dry-run -Werror {} + 2>&1 | grep ': error:' | cut -d: -f1 | sort -u)
if [ -z "$other" ]; then
	echo "ok 1 - every source is as clang-format has it"
else
	echo "not ok 1 - every source is as clang-format has it"
	echo "$other" | sed 's/^/# clang-format -i /'
	exit 1
fi
