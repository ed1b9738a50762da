# Sourced by the tests of Windows programs: a directory of their own in which they are, failures, servers in the background.
# shellcheck shell=sh disable=SC2154

# Wine reads its own arguments, and the names of files, in the encoding of the locale.
LC_ALL=C.UTF-8
export LC_ALL
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

failed() {
    echo "FAILED: $*"
    exit 1
}

# start_server PROGRAM ARGUMENT...: until it listens. Sets server and port. The caller sets `wine`, the emulator.
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
