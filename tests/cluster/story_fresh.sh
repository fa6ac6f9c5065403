#!/usr/bin/env bash
# story_fresh.sh - a cluster on the v1 API from the start: there is nothing to migrate.
. "$SRCDIR/tests/cluster/story.sh"

story() {
	local seen
	seen=$(versions)
	ends 4 "apply ends with 4" migrate
	ok "and says that there is nothing to migrate" said "othing to migrate"
	ends 4 "so does plan" run plan
	ok "status says so, too" run status -o json
	ok "in a field of its own" said '"nothingToMigrate":true'
	is "nothing was written" "$seen" "$(versions)"
}

tell fresh
