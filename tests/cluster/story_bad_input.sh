#!/usr/bin/env bash
# story_bad_input.sh - objects stored in a version that the new CRD lacks, a journal damaged in the middle, a backup folder
# that takes no file: each is said, nothing is lost, and once it is put right the migration goes on.
. "$SRCDIR/tests/cluster/story.sh"

crd=inferencepools.$alpha

another_version() {
	kubectl patch crd "$crd" --type=json -p '[{"op": "add", "path": "/spec/versions/-", "value": {"name": "v1alpha1",
		"served": false, "storage": false, "schema": {"openAPIV3Schema": {"type": "object",
		"x-kubernetes-preserve-unknown-fields": true}}}}]' &&
		kubectl patch crd "$crd" --subresource=status --type=merge \
			-p '{"status":{"storedVersions":["v1alpha1","v1alpha2"]}}'
}

stored_anew() {
	kubectl get "$crd" -A -o yaml | kubectl replace -f - &&
		kubectl patch crd "$crd" --subresource=status --type=merge -p '{"status":{"storedVersions":["v1alpha2"]}}'
}

story() {
	local seen journal
	ok "objects of alpha pools were stored in another version" another_version
	seen=$(versions)
	ends 3 "apply is blocked" migrate
	ok "by the version" said "objects were stored in version v1alpha1 of it"
	ok "with what to do" said "--subresource=status --type=merge"
	is "nothing was written" "$seen" "$(versions)"
	ok "that is done" stored_anew
	ok "apply goes on, up to finalize" migrate --through finalize

	seen=$(versions)
	journal=$(echo "$XDG_STATE_HOME"/poolshift/*.jsonl)
	cp "$journal" "$WORLD_DIR/whole"
	sed -i '5s/./#/20' "$journal"
	ends 1 "a line in the middle of the journal is damaged: apply is refused" migrate
	ok "with the line and the file" said "Line 5 of the journal $journal is damaged or was changed"
	ends 1 "so is rollback" run rollback --all -A --yes
	is "nothing was written" "$seen" "$(versions)"
	cp "$WORLD_DIR/whole" "$journal"

	mkdir -p "$XDG_STATE_HOME/poolshift"
	mv "$XDG_STATE_HOME/poolshift/backup" "$WORLD_DIR/backup" 2>/dev/null
	touch "$XDG_STATE_HOME/poolshift/backup"
	ends 1 "without a folder for copies the clean-up is refused" migrate
	ok "with its name" said "poolshift/backup"
	is "nothing was deleted" "$seen" "$(versions)"
	rm "$XDG_STATE_HOME/poolshift/backup"
	ok "with one, it goes to its end" migrate
	ok "no alpha pool is left" absent crd "$crd"
}

tell classic
