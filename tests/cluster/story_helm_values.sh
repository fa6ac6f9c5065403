#!/usr/bin/env bash
# story_helm_values.sh - what a person gives helm by --set reaches the chart as it is, and what is secret of it reaches nobody else.
. "$SRCDIR/tests/cluster/story.sh"
. "$SRCDIR/tests/cluster/helmed.sh"

password=correct-horse-battery
note='$(touch run-by-a-shell); `touch run-by-a-shell` "x'

values() { # COMMAND...
	"$@" --installer helm --chart "$WORLD_DIR/inferencepool-v1.0.0.tgz" --set "auth.password=$password" \
		--set "note=$note" --set inferenceExtension.replicas=2
}

# Nothing that poolshift said or wrote has it.
nobody_knows() {
	! grep -rqF -- "$password" "$WORLD_DIR/out" "$WORLD_DIR/errors" "$XDG_STATE_HOME" "$WORLD_DIR/said"
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
	ok "a chart may be a file" helm package "$charts/inferencepool" -d "$WORLD_DIR"
	ends 0 "with the CRDs there" migrate --through crds

	ok "the plan" values saying plan -A -o json
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

	ok "rollback needs no value" saying rollback -A --yes --drain 1s --to crds
	is "and leaves none" "" "$(releases)"
	ok "nobody knows it still" nobody_knows
}

tell classic
