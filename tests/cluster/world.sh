# world.sh - a cluster of its own for one story; sourced.
#
# world_start real|demo FOLDER [SCENARIO] [SERVES]   starts one, waits until it is ready, exports KUBECONFIG, PATH
# world_stop                      ends everything it started
# Sets: WORLD, WORLD_DIR. The caller sets PROGRAMS (tests/cluster/programs), BUILDDIR and SRCDIR.
# Ports are picked at random and tried again when taken; etcd listens on a socket file.

world_pids=()

# world_until SECONDS COMMAND...: tries a command until it succeeds; false when the time is over.
world_until() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		read -r -t 0.1 <> <(:) || :
	done
}

world_port() {
	echo $((20000 + (RANDOM * 32768 + RANDOM) % 40000))
}

world_keys() {
	local d=$1
	openssl genrsa -out "$d/sa.key" 2048 2>/dev/null
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$d/ca.key" -out "$d/ca.crt" -days 2 -subj /CN=test-ca 2>/dev/null
	openssl req -newkey rsa:2048 -nodes -keyout "$d/server.key" -out "$d/server.csr" -subj /CN=127.0.0.1 2>/dev/null
	openssl x509 -req -in "$d/server.csr" -CA "$d/ca.crt" -CAkey "$d/ca.key" -CAcreateserial -days 2 -out "$d/server.crt" \
		-extfile <(echo "subjectAltName=IP:127.0.0.1,DNS:localhost") 2>/dev/null
	# Made for this run alone; they open nothing else.
	world_admin=$(openssl rand -hex 16)
	world_viewer=$(openssl rand -hex 16)
	(umask 077 && printf '%s,admin,1,"system:masters"\n%s,viewer,2,"viewers"\n' "$world_admin" "$world_viewer" >"$d/tokens.csv")
}

world_etcd() {
	local d=$1
	mkdir -p "$d/etcd"
	"$PROGRAMS/etcd" --data-dir "$d/etcd" --unsafe-no-fsync --log-level error \
		--listen-client-urls "unix://$d/etcd.sock" --advertise-client-urls "unix://$d/etcd.sock" \
		--listen-peer-urls "unix://$d/peer.sock" --initial-advertise-peer-urls "unix://$d/peer.sock" \
		--initial-cluster "default=unix://$d/peer.sock" >"$d/etcd.log" 2>&1 &
	world_pids+=($!)
	world_until 20 test -S "$d/etcd.sock"
}

# world_apiserver FOLDER [EXTRA FLAGS...]: on a free port; the port is in world_api.
world_apiserver() {
	local d=$1 try pid
	shift
	for try in 1 2 3 4 5; do
		world_api=$(world_port)
		"$PROGRAMS/${WORLD_APISERVER:-kube-apiserver}" --etcd-servers="unix://$d/etcd.sock" \
			--service-account-issuer=https://test --service-account-key-file="$d/sa.key" \
			--service-account-signing-key-file="$d/sa.key" --bind-address=127.0.0.1 --secure-port="$world_api" \
			--tls-cert-file="$d/server.crt" --tls-private-key-file="$d/server.key" --client-ca-file="$d/ca.crt" \
			--authorization-mode=RBAC --token-auth-file="$d/tokens.csv" --service-cluster-ip-range=10.0.0.0/24 \
			--disable-admission-plugins=ServiceAccount "$@" >"$d/apiserver.log" 2>&1 &
		pid=$!
		world_pids+=("$pid")
		if world_until 60 world_answers "$d" "$pid"; then
			world_api_pid=$pid
			return 0
		fi
		kill "$pid" 2>/dev/null || :
	done
	echo "the API server did not start: $(tail -n 3 "$d/apiserver.log")" >&2
	return 1
}

# True when it is ready; when it died, world_until goes on to its end only for the next port.
world_answers() {
	kill -0 "$2" 2>/dev/null || return 1
	curl -sf --cacert "$1/ca.crt" "https://127.0.0.1:$world_api/readyz"
}

world_kubeconfig() {
	local d=$1
	(umask 077 && cat >"$d/kubeconfig" <<-END
	apiVersion: v1
	kind: Config
	current-context: test
	clusters:
	- name: test
	  cluster:
	    server: https://127.0.0.1:$world_api
	    certificate-authority: $d/ca.crt
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

# Every manifest of a scenario, CRDs first, as a person would install it.
world_seed() {
	local d=$1 scenario=$2
	"$BUILDDIR/poolshift" demo --manifests --scenario "$scenario" >"$d/seed.yaml"
	awk -v RS='---\n' '/kind: CustomResourceDefinition/ { printf "---\n%s", $0 }' "$d/seed.yaml" >"$d/crds.yaml"
	awk -v RS='---\n' '!/kind: CustomResourceDefinition/ { printf "---\n%s", $0 }' "$d/seed.yaml" >"$d/objects.yaml"
	kubectl create clusterrolebinding viewers --clusterrole=view --group=viewers >/dev/null
	kubectl create clusterrole view-all --verb=get,list,watch --resource='*.*' >/dev/null
	kubectl create clusterrolebinding view-all --clusterrole=view-all --group=viewers >/dev/null
	kubectl apply --server-side -f "$d/crds.yaml" >"$d/seed.log" 2>&1
	kubectl wait --for=condition=Established crd --all --timeout=60s >/dev/null
	world_until 20 kubectl apply -f "$d/objects.yaml"
}

world_start_real() {
	local d=$1 scenario=$2 serves=$3
	world_keys "$d"
	world_etcd "$d"
	world_apiserver "$d"
	world_kubeconfig "$d"
	world_seed "$d" "$scenario"
	"$BUILDDIR/tests/cluster/controller" --serves "$serves" >"$d/controller.log" 2>&1 &
	world_pids+=($!)
}

world_start_demo() {
	local d=$1 scenario=$2 serves=$3
	"$BUILDDIR/poolshift" demo --scenario "$scenario" --serves "$serves" --write-kubeconfig "$d/kubeconfig" \
		>"$d/demo.out" 2>"$d/demo.err" &
	world_pids+=($!)
	world_until 20 grep -q "^demo cluster at" "$d/demo.out"
}

world_start() {
	WORLD=$1 WORLD_DIR=$2
	mkdir -p "$WORLD_DIR"
	export PATH=$PROGRAMS:$PATH KUBECONFIG=$WORLD_DIR/kubeconfig XDG_STATE_HOME=$WORLD_DIR/state
	export XDG_CONFIG_HOME=$WORLD_DIR/config HOME=$WORLD_DIR
	"world_start_$WORLD" "$WORLD_DIR" "${3:-classic}" "${4:-both}"
	world_until 60 world_settled
}

# The controllers have looked at everything once: what every story starts from.
world_settled() {
	local route
	route=$(kubectl get httproutes.gateway.networking.k8s.io -A -o json) || return 1
	case $route in *'"items": []'*) return 0 ;; esac
	[ "$(kubectl get httproutes.gateway.networking.k8s.io -A \
		-o jsonpath='{.items[*].status.parents[0].conditions[?(@.type=="Accepted")].status}')" != "" ]
}

world_stop() {
	local pid
	for pid in "${world_pids[@]}"; do kill "$pid" 2>/dev/null || :; done
	for pid in "${world_pids[@]}"; do wait "$pid" 2>/dev/null || :; done
	world_pids=()
}
