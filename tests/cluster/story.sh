# story.sh - tells a story in both worlds, in TAP; sourced by every story_*.sh, which defines story() and calls tell.
#
#   tell [SCENARIO] [SERVES]    runs story() in a world of its own: `real`, then `demo` (WORLDS names others)
#
# Alone: POOLSHIFT_PROGRAMS=$(tests/cluster/programs) SRCDIR=. BUILDDIR=build/default tests/cluster/story_whole.sh
set -u
LC_ALL=C.UTF-8
export LC_ALL
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy
PROGRAMS=${POOLSHIFT_PROGRAMS:-${KUBEBUILDER_ASSETS:-}}
BUILDDIR=$(cd "$BUILDDIR" && pwd)
. "$SRCDIR/tests/cluster/world.sh"
. "$SRCDIR/tests/cluster/claims.sh"

world_end() {
	world_stop
	if [ "$claims_failed" = 0 ]; then rm -rf "$story_folder"; else echo "# what was left is in $story_folder"; fi
}

tell() {
	local world
	if [ ! -x "$PROGRAMS/kube-apiserver" ]; then
		echo "1..0 # SKIP POOLSHIFT_PROGRAMS names no folder with a kube-apiserver; tests/cluster/programs makes one"
		return
	fi
	story_folder=$(mktemp -d)
	for world in ${WORLDS:-real demo}; do
		if world_start "$world" "$story_folder/$world" "$@"; then
			story
		else
			claim 1 "the world starts"
		fi
		world_stop
	done
	echo "1..$claims"
	[ "$claims_failed" = 0 ]
}
