#!/usr/bin/env bash
# story_helm_values.sh - what a person gives helm by --set reaches the chart as it is, and what is secret of it reaches nobody else.
. "$SRCDIR/tests/cluster/story.sh"
. "$SRCDIR/tests/cluster/helmed.sh"

password=correct-horse-battery
tokens='first,one-of-two second-one-of-two'
note='$(touch run-by-a-shell); `touch run-by-a-shell` "x'

# helm, and what a list of processes shows of it and of who started it, which looks so when its values come.
watched_helm() {
	mkdir -p "$WORLD_DIR/watched"
	cat >"$WORLD_DIR/watched/helm" <<-EOF
		#!/bin/sh
		cat /proc/\$\$/cmdline /proc/\$PPID/cmdline | tr '\\0\\n' '  ' >>"$WORLD_DIR/seen"
		echo >>"$WORLD_DIR/seen"
		exec "$PROGRAMS/helm" "\$@"
	EOF
	chmod +x "$WORLD_DIR/watched/helm"
	printf '%s\n' "$password" $tokens >"$WORLD_DIR/secrets"
}

values() { # COMMAND...
	PATH=$WORLD_DIR/watched:$PATH "$@" --set 'auth.tokens={first\,one-of-two,second-one-of-two},auth.keyBits=2048' \
		--installer helm --chart "$WORLD_DIR/inferencepool-v1.0.0.tgz" --set "auth.password=$password" \
		--set "note=$note" --set inferenceExtension.replicas=2
}

# Nothing that poolshift said or wrote has it.
nobody_knows() {
	! grep -rqFf "$WORLD_DIR/secrets" "$WORLD_DIR/out" "$WORLD_DIR/errors" "$XDG_STATE_HOME" "$WORLD_DIR/said"
}

seen() { # WORDS...: of a run of helm
	grep -qF -- "$*" "$WORLD_DIR/seen"
}

no_process_shows_it() {
	! grep -qFf "$WORLD_DIR/secrets" "$WORLD_DIR/seen"
}

# As `run`, and what it said is kept.
saying() {
	local status=0
	run "$@" || status=$?
	cat "$WORLD_DIR/out" "$WORLD_DIR/errors" >>"$WORLD_DIR/said"
	return "$status"
}

of() { # KIND JSONPATH, of what helm made beside the picker
	kubectl get "$1" "$pool-ga-epp-auth" -o "jsonpath=$2"
}

story() {
	: >"$WORLD_DIR/said"
	watched_helm
	ok "a chart may be a file" helm package "$charts/inferencepool" -d "$WORLD_DIR"
	ok "a plan before there are CRDs" values saying plan -A
	ok "has helm render the chart" seen helm template
	ends 0 "with the CRDs there" migrate --through crds

	ok "the plan with them" values saying plan -A -o json
	ok "shows a Secret" said "+++ Secret default/$pool-ga-epp-auth, as it will be"
	ok "as how long it is" said "+  password: '*** (${#password} bytes)'"
	ok "and elsewhere not at all" said "url: https://picker:***@metrics.example.com"
	ok "nor in helm's command" said "auth.password=***"
	ok "the same as text" values saying plan -A
	ok "the dry run of apply shows it no more" values saying apply "${quick[@]}" --through pool --dry-run
	is "and leaves no release" "" "$(releases)"

	ok "apply installs the chart" values saying apply "${quick[@]}" --through objectives
	ok "and says what is not shown" said "*** stands for a value that is kept nowhere"
	is "helm lists the release" "$pool-ga deployed 1" "$(releases)"
	is "the chart got the password" "$password" "$(of secret '{.data.password}' | base64 -d)"
	is "and helm has all of the values as they were meant" \
		"\"auth\":{\"keyBits\":2048,\"password\":\"$password\",\"tokens\":[\"first,one-of-two\",\"second-one-of-two\"]}" \
		"$(helm get values "$pool-ga" -o json | grep -o '"auth":{[^}]*}')"
	ok "the list of processes showed its runs" seen "--set-file auth.password=/dev/fd/"
	ok "the dry one, too" seen "--dry-run=server"
	ok "and who started them" seen "poolshift apply"
	ok "and in none of them a secret" no_process_shows_it
	is "and a value with everything a shell would touch" "$note" "$(of configmap '{.data.note}')"
	ok "none looked at it" not test -e run-by-a-shell
	is "a value of the person's wins over the chart's" 2 \
		"$(kubectl get deployment "$pool-ga-epp" -o jsonpath='{.spec.replicas}')"

	ok "the journal" saying journal -o json
	ok "has helm's output" said "InferencePool $pool-ga deployed."
	ok "without the password that it says" said "Log in with ***."
	ok "so has the report" saying report -o html
	ok "and the commands" saying journal --kubectl
	ok "nobody else knows it" nobody_knows

	ends 1 "an upgrade needs the secret again" migrate --installer helm --set auth.user=picker --through pool
	ok "which is said" said "it needs a value that is kept nowhere. Give it again by --set."
	is "and is not done without" "$pool-ga deployed 1" "$(releases)"
	ok "with it" values saying apply "${quick[@]}" --through pool --set auth.user=picker
	is "it is" "$pool-ga deployed 2" "$(releases)"
	is "and the secret is what it was" "$password" "$(of secret '{.data.password}' | base64 -d)"
	ok "nobody knows it after that" nobody_knows
	ok "nor did a process show it" no_process_shows_it

	ok "rollback needs no value" saying rollback -A --yes --drain 1s --to crds
	is "and leaves none" "" "$(releases)"
	ok "nobody knows it still" nobody_knows
}

tell classic
