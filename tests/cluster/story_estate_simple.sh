#!/usr/bin/env bash
# story_estate_simple.sh - everything an alpha installation can hold, migrated by the simple procedure, and back.
. "$SRCDIR/tests/cluster/story.sh"
. "$SRCDIR/tests/cluster/helmed.sh"
. "$SRCDIR/tests/cluster/estate.sh"

path=simple

story() {
	there_and_back
}

tell estate
