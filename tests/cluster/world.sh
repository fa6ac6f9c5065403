# world.sh - a cluster of its own for one story; sourced.
#
# world_start real|demo FOLDER [SCENARIO] [SERVES]
#                   starts one, waits until it is settled, exports KUBECONFIG, PATH, HOME and XDG_*
# world_stop        ends everything it started; also done on every way out, SIGTERM included
# world_until SECONDS COMMAND...   tries a command until it succeeds; false when the time is over
#
# Sets WORLD, WORLD_DIR, and world_viewer_context of somebody who may only look. The caller sets PROGRAMS (tests/cluster/programs) and BUILDDIR. WORLD_APISERVER names another
# program than kube-apiserver for the real world, WORLD_GKE the version that the demo reports.
# Every server listens on the loopback at a port picked at random, and at another when that is taken.

world_pids=()

# Dies with this shell, even when that is killed.
if setpriv --pdeathsig KILL true 2>/dev/null; then
	world_bound=(setpriv --pdeathsig KILL)
else
	world_bound=()
fi

# A pause without a program: nobody writes to this descriptor.
exec {world_nothing}<> <(:)
world_pause() {
	read -r -t "${1:-0.05}" -u "$world_nothing" || :
}

world_until() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -le "$end" ] || return 1
		world_pause
	done
}

world_port() {
	echo $((20000 + (RANDOM * 32768 + RANDOM) % 12000))
}

# world_launch LOG COMMAND...: in the background; its process is world_pid.
world_launch() {
	local log=$1
	shift
	"${world_bound[@]}" "$@" >"$log" 2>&1 </dev/null &
	world_pid=$!
	world_pids+=("$world_pid")
}

# world_serve LOG ANSWERS COMMAND...: true when `ANSWERS` succeeds while the command runs, false when it ended before.
world_serve() {
	local log=$1 answers=$2 end=$((SECONDS + 60))
	shift 2
	world_launch "$log" "$@"
	while kill -0 "$world_pid" 2>/dev/null && [ "$SECONDS" -le "$end" ]; do
		"$answers" >/dev/null 2>&1 && return 0
		world_pause
	done
	kill -KILL "$world_pid" 2>/dev/null || :
	return 1
}

# Made for this run alone; they open nothing else.
world_keys() {
	local d=$WORLD_DIR
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$d/sa.key"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$d/server.key" -out "$d/server.crt" \
		-days 2 -subj /CN=127.0.0.1 -addext "subjectAltName=IP:127.0.0.1,DNS:localhost"
	world_admin=$(openssl rand -hex 16)
	world_viewer=$(openssl rand -hex 16)
	(umask 077 && printf '%s,admin,1,"system:masters"\n%s,viewer,2,"viewers"\n' "$world_admin" "$world_viewer" \
		>"$d/tokens.csv")
} 2>/dev/null

world_etcd_answers() {
	curl -sf --noproxy '*' "http://127.0.0.1:$world_etcd/health"
}

world_etcd() {
	local try peer
	for try in 1 2 3 4 5; do
		world_etcd=$(world_port)
		peer=$((world_etcd + 12000))
		rm -rf "$WORLD_DIR/etcd"
		world_serve "$WORLD_DIR/etcd.log" world_etcd_answers "$PROGRAMS/etcd" --data-dir "$WORLD_DIR/etcd" \
			--unsafe-no-fsync --log-level error \
			--listen-client-urls "http://127.0.0.1:$world_etcd" \
			--advertise-client-urls "http://127.0.0.1:$world_etcd" \
			--listen-peer-urls "http://127.0.0.1:$peer" \
			--initial-advertise-peer-urls "http://127.0.0.1:$peer" \
			--initial-cluster "default=http://127.0.0.1:$peer" && return 0
	done
	world_trouble "etcd did not start" "$WORLD_DIR/etcd.log"
}

world_api_answers() {
	curl -sf --noproxy '*' --cacert "$WORLD_DIR/server.crt" "https://127.0.0.1:$world_api/readyz"
}

world_apiserver() {
	local try d=$WORLD_DIR
	for try in 1 2 3 4 5; do
		world_api=$(world_port)
		world_serve "$d/apiserver.log" world_api_answers "$PROGRAMS/${WORLD_APISERVER:-kube-apiserver}" \
			--etcd-servers="http://127.0.0.1:$world_etcd" \
			--service-account-issuer=https://test --service-account-key-file="$d/sa.key" \
			--service-account-signing-key-file="$d/sa.key" --bind-address=127.0.0.1 --secure-port="$world_api" \
			--tls-cert-file="$d/server.crt" --tls-private-key-file="$d/server.key" \
			--authorization-mode=RBAC --token-auth-file="$d/tokens.csv" --service-cluster-ip-range=10.0.0.0/24 \
			--disable-admission-plugins=ServiceAccount && return 0
	done
	world_trouble "the API server did not start" "$d/apiserver.log"
}

world_trouble() {
	echo "# $1: $(tail -n 3 "$2")" >&2
	return 1
}

world_kubeconfig() {
	(umask 077 && cat >"$WORLD_DIR/kubeconfig" <<-END
	apiVersion: v1
	kind: Config
	current-context: test
	clusters:
	- name: test
	  cluster:
	    server: https://127.0.0.1:$world_api
	    certificate-authority: $WORLD_DIR/server.crt
	users:
	- name: admin
	  user: {token: $world_admin}
	- name: viewer
	  user: {token: $world_viewer}
	contexts:
	- name: test
	  context: {cluster: test, user: admin, namespace: default}
	- name: test-viewer
	  context: {cluster: test, user: viewer, namespace: default}
	END
	)
}

# Every manifest of a scenario, CRDs first, as a person would install it; and somebody who may only look.
world_seed() {
	local d=$WORLD_DIR kind
	"$BUILDDIR/poolshift" demo --manifests --scenario "$1" >"$d/seed.yaml"
	for kind in crds objects; do
		awk -v RS='---\n' -v kind="$kind" \
			'NF && /(^|\n)kind: CustomResourceDefinition/ == (kind == "crds") { printf "---\n%s", $0 }' \
			"$d/seed.yaml" >"$d/$kind.yaml"
	done
	kubectl create clusterrole viewers --verb=get,list,watch --resource='*.*'
	kubectl create clusterrolebinding viewers --clusterrole=viewers --group=viewers
	kubectl create --validate=false -f "$d/crds.yaml"
	kubectl wait --for=condition=Established crd --all --timeout=60s
	world_until 20 kubectl apply --validate=false -f "$d/objects.yaml"
}

world_start_real() {
	world_keys &&
		world_etcd &&
		world_apiserver &&
		world_kubeconfig &&
		world_seed "$1" >"$WORLD_DIR/seed.log" 2>&1 &&
		world_launch "$WORLD_DIR/controller.log" "$BUILDDIR/tests/cluster/controller" --serves "$2" ||
		world_trouble "the real world did not start" "$WORLD_DIR/seed.log"
}

world_demo_answers() {
	grep -q "^demo cluster at" "$WORLD_DIR/demo.log"
}

world_start_demo() {
	world_serve "$WORLD_DIR/demo.log" world_demo_answers "$BUILDDIR/poolshift" demo --scenario "$1" --serves "$2" \
		--speed 4 ${WORLD_GKE:+--gke-version "$WORLD_GKE"} --write-kubeconfig "$WORLD_DIR/kubeconfig" ||
		world_trouble "the demo cluster did not start" "$WORLD_DIR/demo.log"
}

world_start() {
	WORLD=$1 WORLD_DIR=$2
	mkdir -p "$WORLD_DIR"
	export PATH=$PROGRAMS:$PATH KUBECONFIG=$WORLD_DIR/kubeconfig HOME=$WORLD_DIR
	export XDG_STATE_HOME=$WORLD_DIR/state XDG_CONFIG_HOME=$WORLD_DIR/config XDG_CACHE_HOME=$WORLD_DIR/cache
	trap world_end EXIT
	trap 'exit 143' TERM HUP
	trap 'exit 130' INT
	world_viewer_context=$([ "$WORLD" = real ] && echo test-viewer || echo demo-viewer)
	"world_start_$WORLD" "${3:-classic}" "${4:-both}" || return 1
	world_until 60 world_settled || world_trouble "the controllers did not settle" "$WORLD_DIR/controller.log"
}

# Every route has a word about each reference, every Gateway an address, every Deployment its replicas.
world_settled() {
	local waiting
	waiting=$(kubectl get gateways.gateway.networking.k8s.io,httproutes.gateway.networking.k8s.io,deployments.apps \
		-A -o go-template='{{range .items}}{{if eq .kind "Deployment"}}{{if ne .spec.replicas .status.availableReplicas}}-{{end}}{{else if eq .kind "Gateway"}}{{if not .status.addresses}}-{{end}}{{else if not .status.parents}}-{{end}}{{end}}') &&
		[ "$waiting" = "" ]
}

# On every way out of the shell; whoever has more to do then defines it anew.
world_end() {
	world_stop
}

# What they hold is thrown away, so nobody is asked to end in order.
world_stop() {
	local pid
	for pid in "${world_pids[@]}"; do kill -KILL "$pid" 2>/dev/null || :; done
	for pid in "${world_pids[@]}"; do wait "$pid" 2>/dev/null || :; done
	world_pids=()
}
