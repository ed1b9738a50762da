# Sourced by the tests that need networks of their own: makes network namespaces that nobody else sees, and that are gone
# when the test is, however it ends.
# shellcheck shell=sh

# capability BIT: whether this process has that one of linux/capability.h.
capability() {
    mask=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
    [ $((0x$mask >> $1 & 1)) = 1 ]
}

# own_network SCRIPT ARGUMENT...: starts the script again in network and mount namespaces of its own, once; skips the test where
# that is not allowed.
own_network() {
    [ "${PORTSOCK_OWN_NETWORK:-}" != yes ] || return 0
    if ! capability 12 || ! capability 13 || ! capability 21; then
        echo "skipped: network and mount namespaces need CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_ADMIN"
        exit 77
    fi
    PORTSOCK_OWN_NETWORK=yes exec unshare -nm sh "$@"
}

failed() {
    echo "FAILED: $*"
    exit 1
}

# await SECONDS COMMAND...: tries the command until it succeeds, that long.
await() {
    tries=$(($1 * 20))
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.05
    done
}

# says FILE PATTERN: whether a line of the file matches.
says() {
    grep -q -- "$2" "$1" 2>/dev/null
}

has_ended() {
    ! kill -0 "$1" 2>/dev/null
}

# ---- what is started, and ended in any case --------------------------------------------------------------------------

work=$(mktemp -d)
started=

# Remembers the process that was started last.
remember() {
    started="$started $!"
}

clean_up() {
    status=$?
    trap - EXIT
    [ "$status" = 0 ] || show_work
    for process in $started; do
        kill "$process" 2>/dev/null
    done
    [ -z "${own_prefix:-}" ] || {
        wineserver -k
        wineserver -w
    }
    for process in $started; do
        wait "$process" 2>/dev/null
    done
    rm -rf "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# What a failed test leaves to read.
show_work() {
    for file in "$work"/*.txt; do
        [ -s "$file" ] || continue
        echo "--- $(basename "$file")"
        tail -n 20 "$file" | cut -c 1-200
    done
}

# ---- Wine ------------------------------------------------------------------------------------------------------------

# own_wine: a Wine server in this namespace, since it is the server that makes the sockets. One server serves one prefix,
# so a prefix of our own, whose files are those of the usual one.
own_wine() {
    usual=${WINEPREFIX:-$HOME/.wine}
    own_prefix=$work/prefix
    mkdir "$own_prefix"
    cp -a "$usual"/*.reg "$usual/.update-timestamp" "$usual/dosdevices" "$own_prefix/"
    ln -s "$usual/drive_c" "$own_prefix/drive_c"
    WINEPREFIX=$own_prefix
    WINEDEBUG=-all
    export WINEPREFIX WINEDEBUG
    unset DISPLAY WAYLAND_DISPLAY || true
}

# start_relay RELAY: the Linux half of the emulation; its log is $work/relay.txt.
start_relay() {
    "$1" >"$work/relay.txt" &
    remember
    await 20 says "$work/relay.txt" '^ready ' || failed "the relay does not start"
    PORTSOCK_RCVALL_RELAY=$(sed -n 's/^ready //p' "$work/relay.txt")
    export PORTSOCK_RCVALL_RELAY
}
