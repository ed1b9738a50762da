#!/bin/sh
# Runs the echo programs, in one command, on a Debian 12 machine, as root or with sudo: servers and
# clients of Linux and Windows talk to each other. What is missing is installed; Windows programs run
# under Wine.
#   sh examples/run.sh
# The exit status is 0 if every message came back.
# Test: examples.echo on linux-gcc, mingw-x86_64
# Rows: R170 R171 R172 R173.
set -u
cd "$(dirname "$0")/.." || exit 1
. cmake/setup.sh

build=$PWD/build
failures=0
server=

end() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    stop_wine
}
trap end EXIT
trap 'exit 1' HUP INT TERM

# build_for SYSTEM CMAKE-OPTION... With PORTSOCK_BUILT the programs of two presets are used, which
# tests/run.sh has built.
build_for() {
    [ -z "${PORTSOCK_BUILT:-}" ] || return 0
    system=$1
    shift
    say "Building the examples for $system"
    quietly "$build/logs/examples-$system.log" cmake -S . -B "$build/examples-$system" -G Ninja \
        -DCMAKE_BUILD_TYPE=Release -DPORTSOCK_TESTS=OFF -DPORTSOCK_BENCH=OFF "$@" &&
        quietly "$build/logs/examples-$system.log" cmake --build "$build/examples-$system" --parallel "$jobs"
}

programs_of() {
    case ${PORTSOCK_BUILT:+built-}$1 in
    built-Linux) echo "$build/linux-gcc/bin" ;;
    built-Windows) echo "$build/mingw-x86_64/bin" ;;
    *) echo "$build/examples-$1/bin" ;;
    esac
}

# start SYSTEM PROGRAM ARGUMENT...: becomes the program.
start() {
    program=$(programs_of "$1")/$2
    system=$1
    shift 2
    case $system in
    Linux) exec "$program" "$@" ;;
    Windows) exec wine "$program.exe" "$@" 9>&- ;; # Wine's services stay: not with the lock
    esac
}

# within SECONDS COMMAND...: tries the command until it succeeds, that long.
within() {
    tries=$(($1 * 20))
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.05
    done
}

listens() {
    grep -q '^Listening on ' "$build/server.txt"
}

has_ended() {
    ! kill -0 "$1" 2>/dev/null
}

# show WHO SYSTEM FILE: its lines; those of a Windows program end in their own way.
show() {
    tr -d '\r' <"$3" | sed "s/^/    $(printf '%-6s on %-7s' "$1" "$2") | /"
}

# talk SERVER-SYSTEM CLIENT-SYSTEM SUFFIX SERVER-HOST CLIENT-HOST: one server, one client, one
# message.
talk() {
    server_system=$1
    client_system=$2
    message="Hello from $client_system to $server_system"
    say
    say "echo_server$3 on $server_system, echo_client$3 on $client_system, over $5"

    : >"$build/server.txt" # now: what the server before said is not to be waited for
    start "$server_system" "echo_server$3" "$4" 0 >>"$build/server.txt" 2>&1 &
    server=$!
    answered=no
    if within 20 listens; then
        port=$(tr -d '\r' <"$build/server.txt" | sed -n 's/^Listening on .*://p')
        (start "$client_system" "echo_client$3" "$5" "$port" "$message") >"$build/client.txt" 2>&1 &
        client=$!
        within 20 has_ended "$client" || kill "$client" 2>/dev/null
        wait "$client" && tr -d '\r' <"$build/client.txt" | grep -qxF "Received '$message'" && answered=yes
    else
        : >"$build/client.txt"
    fi
    within 5 has_ended "$server" || answered=no
    [ "$answered" = yes ] || kill "$server" 2>/dev/null
    wait "$server" 2>/dev/null || answered=no
    server=

    show server "$server_system" "$build/server.txt"
    show client "$client_system" "$build/client.txt"
    if [ "$answered" = yes ]; then
        say "  The message came back."
    else
        say "  FAILED: the message did not come back."
        failures=$((failures + 1))
    fi
}

# talk_in_all_ways SERVER-SYSTEM CLIENT-SYSTEM
talk_in_all_ways() {
    talk "$1" "$2" "" 127.0.0.1 127.0.0.1
    talk "$1" "$2" _dual "" 127.0.0.1
    if grep -q '^0\{31\}1 ' /proc/net/if_inet6 2>/dev/null; then
        talk "$1" "$2" _dual "" ::1
    else
        say "  (This machine has no IPv6 on loopback.)"
    fi
}

windows_is_possible() {
    need gcc-mingw-w64-x86-64-win32 && have_wine && start_wine
}

mkdir -p "$build/logs"
need gcc libc6-dev cmake ninja-build || fail "packages could not be installed"
build_for Linux || fail "the examples do not build for Linux"
talk_in_all_ways Linux Linux

say
if windows_is_possible; then
    build_for Windows --toolchain "$PWD/cmake/mingw-w64-x86_64.cmake" || fail "the examples do not build for Windows"
    talk_in_all_ways Linux Windows
    talk_in_all_ways Windows Linux
else
    say "Wine cannot be had on this machine, so Windows programs cannot be shown."
fi

say
[ "$failures" = 0 ] || fail "$failures messages did not come back"
say "Every message came back."
