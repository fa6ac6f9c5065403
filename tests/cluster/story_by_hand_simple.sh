#!/usr/bin/env bash
# story_by_hand_simple.sh - the estate migrated by the simple procedure, by poolshift and by a person with kubectl and helm: the ends differ where the plan says so.
. "$SRCDIR/tests/cluster/story.sh"
. "$SRCDIR/tests/cluster/helmed.sh"
. "$SRCDIR/tests/cluster/estate.sh"
. "$SRCDIR/tests/cluster/by_hand.sh"

path=simple

story() {
	same_end
}

tell estate
