#!/usr/bin/env bash
# story_blocked.sh - what is in the way of any pool is named, all of it, before anything is written, by either procedure.
. "$SRCDIR/tests/cluster/story.sh"

named() { # pool, what
	grep -F "default/vllm-llama3-8b-$1: " "$WORLD_DIR/errors" | grep -F -- "$2"
}

# What a weight may be stops only the procedure that writes weights.
story() {
	local seen path
	seen=$(versions)
	for path in zero-downtime simple; do
		ends 3 "$path: apply is blocked" migrate --path "$path"
		ok "$path: 1, a foreign objective" named 1 "InferenceObjective default/food-review-1"
		ok "$path: 2, a policy of a kind that nobody knows" \
			named 2 "GCPSessionAffinityPolicy default/vllm-llama3-8b-2 (networking.gke.io)"
		ok "$path: 5, Flux" named 5 "HTTPRoute default/llm-route-5 (gateway.networking.k8s.io): it is kept by Flux"
		ok "$path: 6, Config Sync" named 6 "HTTPRoute default/llm-route-6 (gateway.networking.k8s.io): it is kept by Config Sync"
		ok "$path: 7, Argo CD" named 7 "HTTPRoute default/llm-route-7 (gateway.networking.k8s.io): it is kept by Argo CD"
		ok "$path: 8, a foreign GA pool" named 8 "InferencePool default/vllm-llama3-8b-8-ga (inference.networking.k8s.io)"
		ok "$path: not 9" not named 9 ""
		ok "$path: it says that nothing was written" said "Nothing was written."
		is "$path: nor was it" "$seen" "$(versions)"
		[ "$path" = simple ] && continue
		ok "$path: 3, sixteen backendRefs" named 3 "rules[0] has 16 backendRefs and the API allows 16"
		ok "$path: 4, weights without room" named 4 "rules[0] cannot go to 50 %"
	done
	ok "the plan names the policy, too" run plan --pool vllm-llama3-8b-2 -o json
	ok "with what to do about it" said "make a copy of it whose targetRef names group inference.networking.k8s.io and pool vllm-llama3-8b-2-ga"
	is "and nothing is written by it" "$seen" "$(versions)"
	ok "the pool without any goes its way alone" migrate --pool vllm-llama3-8b-9
	ok "to its end" absent "inferencepools.$alpha" vllm-llama3-8b-9
}

tell blocked
