#!/usr/bin/env bash
# story_kubectl.sh - somebody migrates by hand: every command that plan prints is run with kubectl, step by step.
. "$SRCDIR/tests/cluster/story.sh"

story() {
	local step
	for step in crds pool objectives attach shift finalize cleanup remove-crds; do
		ok "plan has commands for $step" commands_of "$step"
		ok "kubectl takes them" bash -e "$WORLD_DIR/commands"
		eventually "$step is done" step_is "$step" done
	done
	ok "no CRD of alpha pools is left" absent crd "inferencepools.$alpha"
	is "all the traffic is on the GA pool" "$pool-ga=100 " "$(weights)"
	ok "apply finds nothing more to do" migrate
	run journal --kubectl
	is "and wrote nothing" "" "$(cat "$WORLD_DIR/out")"
}

# The plan's commands for one step, as a script; fails when there is none.
commands_of() {
	run plan -A -o json --drain 1s || return 1
	perl -MJSON::PP -e 'binmode STDOUT, ":utf8"; local $/; my $plan = decode_json(<STDIN>);
		print map { "$_->{kubectl}\n" } map { @{$_->{writes}} } grep { $_->{name} eq $ARGV[0] } @{$plan->{steps}}' \
		"$1" <"$WORLD_DIR/out" >"$WORLD_DIR/commands"
	[ -s "$WORLD_DIR/commands" ]
}

tell classic
