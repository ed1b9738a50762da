# Sourced after net/common.sh by the tests of Windows programs on the emulation of raw sockets: starts the programs, and reads
# what the relay was told. The caller sets `launch`, the program that loads the emulation.
# shellcheck shell=sh disable=SC2154

# start_windows NAME PROGRAM OPTION...: in the background. Its output is NAME.txt and NAME-err.txt.
start_windows() {
    name=$1
    shift
    wine "$launch" "$@" >"$work/$name.txt" 2>"$work/$name-err.txt" </dev/null &
    windows_process=$!
    remember
}

# ended PROCESS STATUS WHAT: it ends with that status.
ended() {
    await 100 has_ended "$1" || failed "$3 does not end"
    wait "$1"
    status=$?
    [ "$status" = "$2" ] || failed "$3 ended with $status, not $2"
}

# orders: what the relay was told of the socket that was made last, without numbers.
orders() {
    last=$(sed -n 's/^\([0-9]*\) socket .*/\1/p' "$work/relay.txt" | tail -n 1)
    sed -n "s/^$last //p" "$work/relay.txt"
}

says_closed() {
    orders | grep -q '^closed '
}

# ordered EXPECTED WHAT: the controls that the program gave, in order; and it closed its socket.
ordered() {
    await 20 says_closed || failed "$2 did not close its socket"
    orders | sed -n 's/^\(SIO_[A-Z]* RCVALL_[A-Z]*\) 0$/\1/p' >"$work/orders.txt"
    [ "$(cat "$work/orders.txt")" = "$1" ] || failed "$2 gave other orders"
}

# windows_lines FILE: without the ends of Windows' lines.
windows_lines() {
    tr -d '\r' <"$work/$1"
}
