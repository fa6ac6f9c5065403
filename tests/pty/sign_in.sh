#!/bin/sh
# sign_in.sh - a credential plugin that asks: the console offers it, lends it the terminal, and comes back. TAP.
set -u
. "$SRCDIR/tests/pty/screen.sh"

# Nobody answers at this address: signed in or not is all that is asked here.
cat >"$home/config.yaml" <<EOF
current-context: inference
contexts: [{name: inference, context: {cluster: inference, user: person}}]
clusters: [{name: inference, cluster: {server: "https://127.0.0.1:1"}}]
users:
- name: person
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: $home/plugin
      interactiveMode: Always
EOF
chmod 600 "$home/config.yaml"
cat >"$home/plugin" <<'EOF'
#!/bin/sh
printf 'the plugin asks for a word: ' >&2
read word
[ "$word" = sesame ] || { echo 'that is not it' >&2; exit 1; }
echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t"}}'
EOF
chmod 700 "$home/plugin"

terminal 80 24 "'$BUILDDIR/poolshift' --kubeconfig '$home/config.yaml'; echo ended with \$?; cat"
check "a plugin that must ask is not run unasked" sees "SIGN-IN NEEDED"
check "and the key that lets it ask is named" sees "r sign in"
keys r
check "it gets the terminal" sees "the plugin asks for a word:"
check "which the console has left" loses "┌ Pools"
keys wrong Enter
check "a failed sign-in comes back to the console and says so" sees "SIGN-IN NEEDED" "failed with exit code 1"
keys Escape
loses "failed with exit code 1"
keys r
until_true has "the plugin asks for a word:"
keys C-c
check "Ctrl-C ends the plugin, not the console" sees "┌ Pools" "SIGN-IN NEEDED" "signal 2"
keys Escape
loses "signal 2"
keys R
check "the report says in full what is in the way" sees "In the way" "signal 2"
keys q L
until_true has "the plugin asks for a word:"
keys sesame Enter
check "a sign-in that succeeds is used" sees "NO ANSWER"
keys q
check "the terminal is given back" sees "ended with 0"

terminal 200 24 "'$BUILDDIR/poolshift' status --kubeconfig '$home/config.yaml'; echo ended with \$?; cat"
check "a command without a screen offers it, too" sees "Sign in at this terminal? [y/N]"
keys y Enter
until_true has "the plugin asks for a word:"
keys sesame Enter
check "and goes on with it" sees "127.0.0.1:1" "ended with 1"
terminal 200 24 "'$BUILDDIR/poolshift' status --kubeconfig '$home/config.yaml'; echo ended with \$?; cat"
until_true has "[y/N]"
keys n Enter
check "or leaves it, and says why nothing came" sees "signs in by asking" "ended with 1"
echo "1..$number"
exit $failed
