#!/bin/sh
# Runs a Windows program under Wine. Wine's own start, beside other starts, ends now and then before the program begins:
# "recvmsg: Connection reset by peer", or without a word. A run that failed and said nothing is started again, twice at
# the most; every program of the tests says something first.
# With PORTSOCK_OUTPUT in the environment, what a run says goes into that file as it comes, else out when the run is over.
output=${PORTSOCK_OUTPUT:-}
[ -n "$output" ] || {
    output=$(mktemp) || exit 1
    trap 'rm -f "$output"' EXIT
}
for try in 1 2 3; do
    wine "$@" >"$output" 2>&1
    status=$?
    if [ "$status" = 0 ] || { [ -s "$output" ] && ! grep -q '^wine client error' "$output"; }; then
        break
    fi
done
[ -n "${PORTSOCK_OUTPUT:-}" ] || cat "$output"
exit "$status"
