#!/usr/bin/env bash
# story_helm_upgrade.sh - a release that poolshift installed is upgraded to what is asked for later: while traffic goes
# through it, after a failure, after a kill, and not where somebody else was at it.
. "$SRCDIR/tests/cluster/story.sh"
. "$SRCDIR/tests/cluster/helmed.sh"

by_helm=(--installer helm --chart "$charts/inferencepool")

replicas() {
	kubectl get deployment "$pool-ga-epp" -o jsonpath='{.spec.replicas}'
}

uid() {
	kubectl get "inferencepools.$ga" "$pool-ga" -o jsonpath='{.metadata.uid}'
}

story() {
	local uid

	ok "the pool is made by helm and gets traffic" migrate "${by_helm[@]}" --set inferenceExtension.image.tag=v1.0.1 --through shift
	is "in its first revision" "$pool-ga deployed 1" "$(releases)"
	uid=$(uid)

	ok "started again without that value" migrate --installer helm --through pool
	ok "or with it" migrate "${by_helm[@]}" --set inferenceExtension.image.tag=v1.0.1 --through pool
	is "there is nothing to do" "$pool-ga deployed 1" "$(releases)"

	ok "with another value" run plan -A "${by_helm[@]}" --set inferenceExtension.replicas=2
	ok "the plan has an upgrade" said "upgrade Helm release default/$pool-ga"
	ok "and what it changes" said "+  replicas: 2"
	ok "of what" said "--- Deployment default/$pool-ga-epp (apps), as it is"
	ends 1 "and nothing else" said "+++ ConfigMap"
	ok "for programs" run plan -A -o json "${by_helm[@]}" --set inferenceExtension.replicas=2
	ok "with helm's command" said "--set inferenceExtension.image.tag=v1.0.1 --set inferenceExtension.replicas=2"
	ok "the dry run of apply changes nothing" migrate "${by_helm[@]}" --set inferenceExtension.replicas=2 --through pool --dry-run
	is "as helm sees" "$pool-ga deployed 1" "$(releases)"

	ok "apply upgrades it" migrate "${by_helm[@]}" --set inferenceExtension.replicas=2 --through pool
	is "to the second revision" "$pool-ga deployed 2" "$(releases)"
	is "the picker has what was asked for" 2 "$(replicas)"
	ok "and what was asked for before" grep -q ':v1.0.1$' <(kubectl get deployment "$pool-ga-epp" \
		-o jsonpath='{.spec.template.spec.containers[0].image}')
	is "the pool is the same object" "$uid" "$(uid)"
	ok "and knows whose place it takes" grep -q "$pool" <(kubectl get "inferencepools.$ga" "$pool-ga" \
		-o jsonpath='{.metadata.annotations.poolshift/alpha-pool}')

	ends 1 "an upgrade that the server refuses fails" migrate "${by_helm[@]}" --through pool \
		--set 'inferencePool.targetPorts[0].number=70000'
	ok "which is said with what stands" said "status failed"
	is "helm sees it" "$pool-ga failed 3" "$(releases)"
	is "the pool goes on" "$uid" "$(uid)"
	ok "started again without it" migrate --installer helm --through pool
	is "the revision before is back" "$pool-ga deployed 4" "$(releases)"
	is "with its values" 2 "$(replicas)"

	ok "poolshift and helm are killed in the middle of another" cut_off pending-upgrade --through pool
	is "which hangs" "$pool-ga pending-upgrade 5" "$(releases)"
	ok "started again with another value" migrate "${by_helm[@]}" --set inferenceExtension.replicas=3 --through pool
	is "it goes back and is upgraded" "$pool-ga deployed 7" "$(releases)"
	is "to that value" 3 "$(replicas)"
	is "under the same pool all the time" "$uid" "$(uid)"

	ok "somebody else upgrades it" helm upgrade "$pool-ga" "$charts/inferencepool" --reuse-values --set inferenceExtension.replicas=1
	ok "a plan says nothing of it as long as nothing is asked for" migrate --installer helm --through pool
	ends 3 "what is asked for now is not put over it" migrate "${by_helm[@]}" --set inferenceExtension.replicas=2 --through pool
	ok "which is said" said "somebody else has changed it"
	is "theirs stands" "$pool-ga deployed 8" "$(releases)"

	ok "rollback takes all of it away" run rollback --all --yes -A --drain 1s --installer helm
	is "with every revision" "" "$(releases)"
}

tell classic
