#!/bin/sh
# embed.sh - text files as a table in C: embed.sh TABLE FILE... writes the C source to standard output.
#
# The source defines `const struct embed_file TABLE[]` (core/base/embed.h): one row a file in the
# order given, {name without its folder, bytes, length}, ended by a row whose name is NULL. The user
# declares it: `extern const struct embed_file TABLE[];`. Text only (no NUL, no CR); a last line
# without a newline gets one. sh and sed are all it needs. The source is made in the build tree and
# is never in git. In a local.mk:
#
#     nodist_core_x_libx_a_SOURCES = core/x/text_data.c
#     X_TEXTS = %D%/one.yaml %D%/two.yaml
#     EXTRA_DIST += $(X_TEXTS)
#     CLEANFILES += core/x/text_data.c
#     core/x/text_data.c: $(X_TEXTS) build-aux/embed.sh
#     	$(AM_V_GEN)$(MKDIR_P) core/x && (cd $(srcdir) && \
#     	$(SHELL) build-aux/embed.sh x_texts $(X_TEXTS)) >$@.new && mv $@.new $@
set -eu
LC_ALL=C
export LC_ALL

if [ $# -lt 1 ]; then
	echo "usage: embed.sh TABLE FILE..." >&2
	exit 2
fi
table=$1
shift

cat <<END
/* Made by build-aux/embed.sh; changes belong in the files it was made from. */
#include "core/base/embed.h"

#pragma GCC diagnostic ignored "-Woverlength-strings"

extern const struct embed_file $table[];
END

number=0
for file; do
	[ -r "$file" ] || { echo "embed.sh: cannot read $file" >&2; exit 1; }
	printf '\nstatic const char file_%d[] =\n' $number
	# The empty string first, so that an empty file is one, too.
	printf '\t""\n'
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/	/\\t/g' -e 's/^/	"/' -e 's/$/\\n"/' "$file"
	# A last line without a newline leaves the sed output without one.
	printf '\n\t;\n'
	number=$((number + 1))
done

printf '\nconst struct embed_file %s[] = {\n' "$table"
number=0
for file; do
	printf '\t{ "%s", file_%d, sizeof(file_%d) - 1 },\n' "${file##*/}" $number $number
	number=$((number + 1))
done
printf '\t{ NULL, NULL, 0 },\n};\n'
