#!/bin/sh
# Runs a 32-bit Windows program in the i386 Debian that tests/run.sh --wine32 made; CMake's emulator for mingw-i686.
#   wine32.sh PROGRAM ARGUMENT...
#   wine32.sh --start | --stop       makes the Wine prefix, if there is none; ends what runs in it
# Needs root.
set -eu

sources=$(cd "$(dirname "$0")/.." && pwd)
debian=${PORTSOCK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/portsock}/wine32

case $1 in
--start)
    cp /etc/hosts /etc/resolv.conf "$debian/etc/"
    set -- wineboot -i
    ;;
--stop) set -- wineserver -k ;;
*) set -- wine "$@" ;;
esac

WINEPREFIX=/var/wine
WINEDEBUG=-all
WINEDLLOVERRIDES="winedbg.exe=d;mscoree=;mshtml="
HOME=/
export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES HOME
unset DISPLAY || true

# The sources and what was built of them are at the same place inside. The mounts end with the program.
exec unshare --mount sh -eu -c '
    debian=$1 sources=$2
    shift 2
    mkdir -p "$debian$sources"
    mount -t proc proc "$debian/proc"
    mount --rbind /dev "$debian/dev"
    mount --bind "$sources" "$debian$sources"
    exec chroot "$debian" "$@"' wine32 "$debian" "$sources" "$@"
