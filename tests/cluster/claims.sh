# claims.sh - what a story is written in: claims in TAP; sourced.
#
#   ok "claim" COMMAND...           the command succeeds
#   refused CODE "claim" COMMAND... the command ends with that exit code
#   is "claim" WANTED GOT           two texts are equal
#   eventually "claim" COMMAND...   the command succeeds within 60 s
#   shift_run ARGS...               poolshift, its output kept in $out and $errors, its exit code in $code
#
# What a failed claim saw is printed as TAP diagnostics.

claims=0
claims_failed=0

claim() { # passed? text
	claims=$((claims + 1))
	if [ "$1" = 0 ]; then
		echo "ok $claims - $2"
	else
		echo "not ok $claims - $2"
		claims_failed=$((claims_failed + 1))
	fi
}

diagnose() {
	sed 's/^/# /' "$@"
}

ok() {
	local text=$1 status=0
	shift
	"$@" >"$WORLD_DIR/claim.out" 2>&1 || status=$?
	claim "$status" "$text"
	[ "$status" = 0 ] || { echo "# $* ended with $status"; tail -n 20 "$WORLD_DIR/claim.out" | diagnose; }
}

refused() {
	local code=$1 text=$2 status=0
	shift 2
	"$@" >"$WORLD_DIR/claim.out" 2>&1 || status=$?
	[ "$status" = "$code" ] && claim 0 "$text" || claim 1 "$text"
	[ "$status" = "$code" ] || { echo "# $* ended with $status, not $code"; tail -n 20 "$WORLD_DIR/claim.out" | diagnose; }
}

is() {
	if [ "$2" = "$3" ]; then
		claim 0 "$1"
	else
		claim 1 "$1"
		diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") | diagnose || :
	fi
}

eventually() {
	local text=$1
	shift
	if world_until 60 "$@"; then
		claim 0 "$text"
	else
		claim 1 "$text"
		"$@" 2>&1 | tail -n 20 | diagnose || :
	fi
}

# The last output is in the world's folder: out, errors.
shift_run() {
	code=0
	"$BUILDDIR/poolshift" "$@" >"$WORLD_DIR/out" 2>"$WORLD_DIR/errors" || code=$?
	return "$code"
}

# A route without what every write changes: to compare byte for byte.
route_spec() {
	kubectl get httproutes.gateway.networking.k8s.io "$1" -n "${2:-default}" -o jsonpath='{.spec}'
}

weights() {
	kubectl get httproutes.gateway.networking.k8s.io "$1" -n "${2:-default}" \
		-o jsonpath='{range .spec.rules[*].backendRefs[*]}{.group}/{.name}={.weight} {end}'
}

said() { # in the last run's output or errors
	grep -qF -- "$1" "$WORLD_DIR/out" "$WORLD_DIR/errors"
}

claims_end() {
	echo "1..$claims"
	[ "$claims_failed" = 0 ]
}
