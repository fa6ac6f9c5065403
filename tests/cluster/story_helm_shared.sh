#!/usr/bin/env bash
# story_helm_shared.sh - a release that holds more than the alpha pool: what has to stay blocks its uninstall.
. "$SRCDIR/tests/cluster/story.sh"
. "$SRCDIR/tests/cluster/helmed.sh"

story() {
	ok "an alpha release stands, with a Deployment that is none of the pool's" helm_alpha --set shared=true
	ends 3 "apply stops before the clean-up" migrate --chart "$charts/inferencepool"
	ok "and names the Deployment" said "$pool-shared"
	is "the release stands" "$pool deployed 1 $pool-ga deployed 1" "$(releases)"
	ok "told to keep it, helm does" kubectl annotate "deployment/$pool-shared" helm.sh/resource-policy=keep
	ok "helm reads that from the release" helm upgrade "$pool" "$charts/inferencepool-alpha" --reuse-values --set keep=true
	ok "apply goes on to the end" migrate --chart "$charts/inferencepool"
	is "the release is gone" "$pool uninstalled 2 $pool-ga deployed 1" "$(releases)"
	ok "the Deployment is not" kubectl get "deployment/$pool-shared"
}

tell classic
