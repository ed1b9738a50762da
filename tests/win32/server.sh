# Sourced by the tests of Windows programs: a server in the background. The caller sets `wine`, the emulator, and `work`, a
# directory of its own in which it is, and has a function `failed`.
# shellcheck shell=sh disable=SC2154

# start_server PROGRAM ARGUMENT...: until it listens. Sets server and port.
start_server() {
    rm -f server.txt
    PORTSOCK_OUTPUT=$work/server.txt "$wine" "$@" >>server.txt 2>&1 </dev/null & # cmake/wine.sh writes there
    # shellcheck disable=SC2034
    server=$!
    tries=400
    until grep -q '^Listening on ' server.txt 2>/dev/null; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || failed "$1 does not listen: $(cat server.txt)"
        sleep 0.05
    done
    # shellcheck disable=SC2034
    port=$(tr -d '\r' <server.txt | sed -n 's/^Listening on .*://p')
}
