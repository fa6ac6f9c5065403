#!/bin/sh
# helm.sh - the GA pool as a release, by keys: what its preview shows, a run of helm that is aborted, one that is not,
# and the release taken back. The real helm, on a demo cluster in another process. TAP.
set -u
poolshift=$BUILDDIR/poolshift
helm=${POOLSHIFT_PROGRAMS:+$POOLSHIFT_PROGRAMS/helm}
[ -n "$helm" ] || helm=$(command -v helm)
[ -x "$helm" ] || { echo '1..0 # SKIP there is no helm: POOLSHIFT_PROGRAMS names its folder'; exit 0; }
. "$SRCDIR/tests/pty/screen.sh"

chart=$SRCDIR/tests/charts/inferencepool
case $chart in /*) ;; *) chart=$PWD/$chart ;; esac
cluster "$home/kubeconfig"
mkdir "$home/bin"
# A helm that is held up at the gate, but for the dry run of the preview.
cat >"$home/bin/helm" <<END
#!/bin/sh
case "\$*" in *dry-run*) ;; *install*) [ ! -p "$home/gate" ] || read -r opened <"$home/gate" ;; esac
exec "$helm" "\$@"
END
chmod +x "$home/bin/helm"
mkfifo "$home/gate"

released() {
	"$helm" --kubeconfig "$home/kubeconfig" list -A --all -q >"$home/releases" &&
		grep -q '^vllm-llama3-8b-instruct-ga$' "$home/releases"
}

not_released() {
	! released
}

console() { # OPTIONS...
	echo "PATH='$home/bin:$PATH' '$poolshift' --kubeconfig '$home/kubeconfig' --drain 1s --installer helm --chart '$chart' $*; \
echo ended with \$?"
}

second_revision() {
	"$helm" --kubeconfig "$home/kubeconfig" list -A >"$home/releases" && grep -q 'vllm-llama3-8b-instruct-ga.*[[:space:]]2[[:space:]].*deployed' "$home/releases"
}

terminal 80 24 "$(console); read -r again; $(console --set inferenceExtension.replicas=2); exec cat"
check 'the first step' sees '▶ crds ready [C]'
keys C
check 'is previewed' sees 'The server accepted it as a dry run'
check 'and done' sees_after y '▶ pool ready'
keys P
check 'the preview names release, chart and values' sees 'install Helm release default/vllm-llama3-8b-instruct-ga' \
	'selector app=vllm-llama3-8b-instruct, port 8000' 'y write'
check 'd shows its manifest as a diff' sees_after d '+kind: ServiceAccount'
check 'K the command' sees_after K 'helm --kube-context demo install vllm-llama3-8b-instruct-ga'
keys K
check 'which has installed nothing' not_released
check 'y runs it' sees_after y '◐ pool'
keys A
check 'A says what it ends while helm runs' sees 'Stops pool, which is running, after the write in flight' \
	'install Helm release'
check 'y ends it, and the step with it' sees_after y '▶ pool ready [P]'
check 'nothing was released' not_released
rm "$home/gate"
check 'the step can be gone on with' sees_after P 'it takes the place of α pool'
sees 'y write' >/dev/null
check 'to its end' sees_after y '✓ pool'
check 'the release is there' released
keys J
check 'the journal has the command' sees 'helm --kube-context demo install'
keys q q
check 'it gives the terminal back' sees 'ended with 0'
keys Enter
check 'started again with another value, the step is to be done again' sees '▶ pool ready [P]'
keys P
check 'as an upgrade for that value' sees 'upgrade Helm release default/vllm-llama3-8b-instruct-ga' \
	'now with --set inferenceExtension.replicas=2' 'y write'
check 'd shows what it changes' sees_after d '+ replicas: 2'
check 'and y does it' sees_after y '✓ pool'
check 'to the second revision' until_true second_revision
keys u
check 'undo says what helm would delete' sees 'undo pool' 'uninstall Helm release default/vllm-llama3-8b-instruct-ga'
check 'and y takes it back' sees_after y '▶ pool'
check 'by helm' until_true not_released
keys q
check 'it gives the terminal back' sees 'ended with 0'
finish
