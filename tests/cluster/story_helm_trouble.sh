#!/usr/bin/env bash
# story_helm_trouble.sh - a chart that is not there, no helm, an install that fails half-way, one that is cut off, a release
# that holds more than the pool.
. "$SRCDIR/tests/cluster/story.sh"
. "$SRCDIR/tests/cluster/helmed.sh"

# Told to stop in the middle of an install that would take minutes.
stopped() {
	begin apply "${quick[@]}" --installer helm --chart "$charts/inferencepool" --set stall=true
	world_until 60 stands pending-install || return 1
	kill -INT "$running"
	finish
}

story() {
	ends 3 "helm asked for by name, and no helm on the PATH: blocked" without_helm migrate --installer helm
	ok "which is said, with the native way" said "--installer native"
	ends 1 "a chart that does not exist fails" migrate --installer helm --chart "$WORLD_DIR/no-such-chart"
	ok "named in helm's own words" said "no-such-chart"
	is "and nothing of a release was left" "" "$(releases)"

	ends 1 "an install that the server refuses half-way fails" migrate --installer helm --chart "$charts/inferencepool" \
		--set 'inferencePool.targetPorts[0].number=70000'
	ok "and the half release is told" said "with status failed"
	is "helm sees it, too" "$pool-ga failed 1" "$(releases)"
	ok "rollback removes it" run rollback --yes -A --drain 1s
	is "wholly" "" "$(releases)"
	ok "no ServiceAccount of it is left" absent serviceaccounts "$pool-ga-epp"

	ends 1 "a chart of a registry that does not answer fails" migrate --installer helm \
		--chart oci://127.0.0.1:1/charts/inferencepool
	ok "in helm's own words" said "127.0.0.1:1"
	is "and leaves nothing" "" "$(releases)"

	ends 1 "an install that takes longer than --wait is ended" migrate --installer helm --chart "$charts/inferencepool" \
		--set stall=true --wait 2s
	ok "which is said" said "helm was ended: it did not come to an end in 2 s."
	ok "helm sees the half" half
	ok "which is said, too" said "What helm had done stays, with status $(half):"
	ok "rollback removes that, too" run rollback --yes -A --drain 1s
	is "to the last" "" "$(releases)"

	ends 130 "interrupted, helm is ended, too" stopped
	ok "which is said" said "helm was ended, as asked for"
	ok "helm sees the half that stands" half
	ok "and it is said" said "What helm had done stays, with status $(half):"
	ok "rollback clears up" run rollback --yes -A --drain 1s
	is "after it" "" "$(releases)"

	ok "poolshift and helm are killed in the middle of an install" cut_off pending-install
	ok "helm's release hangs" stands pending-install
	ok "started again, it is removed and installed anew" migrate --installer helm --chart "$charts/inferencepool"
	is "as helm sees" "$pool-ga deployed 1" "$(releases)"
}

tell classic
