# Sourced by tests/run.sh and examples/run.sh: gets what they need onto a Debian machine.
# shellcheck shell=sh

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

jobs=$(nproc 2>/dev/null || echo 2)

# Where things are kept between runs: Check for Windows, the Wine prefix.
[ -n "${HOME:-}" ] || HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
export HOME
PORTSOCK_CACHE=${PORTSOCK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/portsock}
export PORTSOCK_CACHE
mkdir -p "$PORTSOCK_CACHE"

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "not root, and there is no sudo, for: $*"
    fi
}

is_debian() {
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# quietly LOG COMMAND...: the output goes into LOG, and is shown only if the command fails.
quietly() {
    quiet_log=$1
    shift
    "$@" >"$quiet_log" 2>&1 || {
        tail -n 40 "$quiet_log" >&2
        return 1
    }
}

apt_updated=no

# need PACKAGE...: installs those that are missing; the status says whether all are there.
need() {
    if ! is_debian; then
        say "This is no Debian: make sure that there is what Debian calls $*"
        return 0
    fi
    missing=
    for package in "$@"; do
        is_installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    say "Installing$missing"
    if [ "$apt_updated" = no ]; then
        # One list of many that cannot be had need not be in the way of what is missing.
        quietly "$PORTSOCK_CACHE/apt.log" as_root apt-get -q update || say "apt-get update failed; going on"
        apt_updated=yes
    fi
    # shellcheck disable=SC2086
    quietly "$PORTSOCK_CACHE/apt.log" as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q install -y --no-install-recommends $missing
}

# need_check TRIPLET: the Check library for a cross compiler.
need_check() {
    ! cmp -s cmake/build-check.sh "$PORTSOCK_CACHE/check-$1/build-check.sh" || return 0
    say "Building Check for $1"
    sh cmake/build-check.sh "$1"
}

# ---- Wine: a prefix of our own, and one server for the whole run -------------------------------------------

# have_wine: installs Wine if need be; fails where Debian has none for this machine.
have_wine() {
    command -v wine >/dev/null || need wine wine64
    command -v wine >/dev/null && command -v wineserver >/dev/null
}

# Everything that runs a Windows program afterwards finds the prefix and the server by these. Sets wine_server, the server's
# process.
start_wine() {
    WINEPREFIX=$PORTSOCK_CACHE/wine
    WINEDEBUG=-all
    WINEDLLOVERRIDES="winedbg.exe=d;mscoree=;mshtml="
    export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES
    unset DISPLAY WAYLAND_DISPLAY || true

    # The prefix and its server belong to one run at a time.
    exec 9>"$PORTSOCK_CACHE/wine.lock"
    flock -n 9 || {
        say "Waiting for another run to be done with Wine"
        flock 9
    }
    if [ ! -d "$WINEPREFIX" ]; then
        say "Making a Wine prefix"
        rm -rf "$WINEPREFIX.new"
        quietly "$PORTSOCK_CACHE/wineboot.log" env WINEPREFIX="$WINEPREFIX.new" wineboot -i 9>&- || return 1
        env WINEPREFIX="$WINEPREFIX.new" wineserver -w 9>&-
        mv "$WINEPREFIX.new" "$WINEPREFIX"
    fi
    # A server left over by a run that was killed would serve us as that run's environment had it.
    wineserver -k 9>&- 2>/dev/null || true
    wineserver -w 9>&-
    wineserver -f -p 9>&- >"$PORTSOCK_CACHE/wineserver.log" 2>&1 &
    wine_server=$!
    until wineserver -k0 9>&- 2>/dev/null; do
        kill -0 "$wine_server" 2>/dev/null || return 1
        sleep 0.1
    done
    wine_started=yes
}

wine_started=no

wine_is_running() {
    [ "$wine_started" = yes ] && kill -0 "$wine_server" 2>/dev/null
}

stop_wine() {
    [ "$wine_started" = yes ] || return 0
    wineserver -k 9>&- 2>/dev/null || true
    wine_started=no
}
