#!/bin/sh
# layers.sh - an include points down, never up; an outside library has one file; core neither prints nor exits. TAP.
set -u
cd "$SRCDIR" || exit 99
number=0
failed=0

# claim "text" FOUND: it holds when nothing was found.
claim() {
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		echo "$2" | sed 's/^/# /'
		failed=1
	fi
}

# includes LAYER ALLOWED...: the includes of ours in LAYER that name no allowed folder.
includes() {
	layer=$1
	shift
	allowed=$(printf '|%s/' "$@")
	grep -nE '^#include "' -r "$layer" --include='*.[ch]' | grep -vE "\"(${allowed#|})" || :
}

claim "base includes base" "$(includes core/base core/base)"
claim "kube includes base" "$(includes core/kube core/kube core/base)"
claim "model includes base" "$(includes core/model core/model core/base)"
claim "migrate includes model and base" "$(includes core/migrate core/migrate core/model core/base)"
claim "engine includes kube, model, migrate and base" \
	"$(includes core/engine core/engine core/kube core/migrate core/model core/base)"
claim "demo includes model and base" "$(includes core/demo core/demo core/model core/base)"
claim "the screen includes engine, model, migrate and base" \
	"$(includes tui/screen tui/screen core/engine core/migrate core/model core/base)"
claim "the report includes model, migrate and base" \
	"$(includes tui/report tui/report core/migrate core/model core/base)"
claim "the screen sees neither JSON nor HTTP nor a lock" \
	"$(grep -nE '#include.*(base/json\.h|core/kube/|pthread\.h|curl/)' -r tui --include='*.[ch]' || :)"

# only HEADER FILE...: who else includes HEADER.
only() {
	header=$1
	shift
	found=$(grep -lE "#include <$header>" -r core tui --include='*.[ch]' || :)
	for file in "$@"; do found=$(echo "$found" | grep -vx "$file" || :); done
	echo "$found"
}

claim "curses is term.c's" "$(only 'n?curses(w/curses)?\.h' tui/screen/term.c)"
claim "libcurl is http.c's" "$(only 'curl/curl\.h' core/kube/http.c)"
claim "cJSON is json.c's" "$(only 'cjson/cJSON\.h' core/base/json.c)"
claim "libyaml is yaml.c's" "$(only 'yaml\.h' core/base/yaml.c)"
claim "libmicrohttpd is server.c's" "$(only 'microhttpd\.h' core/demo/server.c)"
claim "threads are the engine's and the demo's" \
	"$(grep -lE '#include <pthread\.h>' -r core tui --include='*.[ch]' | grep -vE '^core/(engine|demo)/' || :)"

for archive in kube model migrate engine; do
	claim "lib$archive neither prints nor exits nor knows a screen" \
		"$(nm -u "$BUILDDIR/core/$archive/lib$archive.a" 2>/dev/null |
			grep -wE 'stdout|stderr|printf|puts|exit|initscr' || :)"
done

echo "1..$number"
exit $failed
