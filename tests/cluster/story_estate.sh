#!/usr/bin/env bash
# story_estate.sh - everything an alpha installation can hold, migrated at once, and back.
. "$SRCDIR/tests/cluster/story.sh"
. "$SRCDIR/tests/cluster/helmed.sh"
. "$SRCDIR/tests/cluster/estate.sh"

path=zero-downtime

story() {
	there_and_back
}

tell estate
