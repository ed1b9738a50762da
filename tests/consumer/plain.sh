#!/bin/sh
# Compiles the libraries by the compiler alone, without CMake and without a -D, as a project does that
# has a build of its own, and runs programs with it; ctest starts this (consumer.cmake).
#   plain.sh SETTINGS [counts]
#     counts   the limits of bench/run.py hold for this library, too
# SETTINGS: root, build, platform, cc and emulator of the build that is tested
# shellcheck disable=SC1090,SC2154
set -eu
. "$1"
counts=${2:-}
# Only what is counted need be fast.
optimization=-O0
[ "$counts" != counts ] || optimization=-O2

here=$root/tests/consumer
work=$build/consumer/plain
rm -rf "$work"
mkdir -p "$work"
cd "$root"

backend=$platform
libraries=
if [ "$platform" = windows ]; then
    backend=win32
    libraries='-lws2_32 -liphlpapi -ladvapi32'
fi

# The system's headers of Windows are large: they are read once, and platform.h with them.
first=
if [ "$platform" = windows ]; then
    first=$work/first.h
    printf '#include "config.h"\n#include "portsock/platform.h"\n' >"$first"
    "$cc" "$optimization" -Iinclude -Isrc -x c-header "$first" -o "$first.gch"
fi

# compile DIRECTORY SOURCE...: each source into an object of its own name, two at a time.
compile() {
    objects=$work/$1
    shift
    mkdir -p "$objects"
    # shellcheck disable=SC2016
    printf '%s\n' "$@" | xargs -P 2 -I SOURCE sh -c \
        '"$1" "$2" -Wall -Wextra -Wundef -Werror -Iinclude -Isrc ${5:+-include "$5"} -c "$3" -o "$4/$(echo "$3" | tr / -).o"' \
        sh "$cc" "$optimization" SOURCE "$objects" "$first"
}

# build_program NAME SOURCE OBJECT...
build_program() {
    name=$1
    shift
    # shellcheck disable=SC2086
    "$cc" $optimization -Iinclude "$@" $libraries -o "$work/$name"
}

# run NAME: it must say "ok"; a Windows program ends its lines in its own way.
run() {
    answer=$(${emulator:+"$emulator"} "$work/$1" | tr -d '\r')
    [ "$answer" = ok ] || {
        echo "$1 said '$answer'"
        exit 1
    }
}

# The sockets and their backend; then what captures add to them.
compile sockets src/common/*.c src/common/*/*.c src/family/*.c "src/$backend"/*.c
for program in exchange broken_pipe; do
    build_program "$program.exe" "$here/$program.c" "$work"/sockets/*.o
    run "$program.exe"
done
compile capture $(find src/capture -name '*.c') "src/$backend/capture"/*.c
build_program capture.exe "$here/capture.c" "$work"/capture/*.o "$work"/sockets/*.o
run capture.exe
[ "$counts" = counts ] || exit 0
build_program transfer bench/transfer.c "$work"/sockets/*.o
python3 bench/run.py --counts "$work/transfer"
