#!/bin/sh
# Compiles the library by the compiler alone, without CMake and without a -D, as a project does that
# has a build of its own, and runs programs with it; ctest starts this (consumer.cmake).
#   plain.sh SETTINGS [counts]
#     counts   the limits of bench/run.py hold for this library, too
# SETTINGS: root, build, platform, cc and emulator of the build that is tested
# shellcheck disable=SC1090,SC2154
set -eu
. "$1"
counts=${2:-}

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

# compile: every source of the sockets and their backend, each into an object of its own name.
compile() {
    for source in src/common/*.c src/common/*/*.c src/family/*.c "src/$backend"/*.c; do
        object=$(echo "$source" | tr / -)
        "$cc" -O2 -Wall -Wextra -Wundef -Werror -Iinclude -Isrc -c "$source" -o "$work/$object.o"
    done
}

# build_program NAME SOURCE
build_program() {
    # shellcheck disable=SC2086
    "$cc" -O2 -Iinclude "$2" "$work"/*.o $libraries -o "$work/$1"
}

# run NAME: it must say "ok"; a Windows program ends its lines in its own way.
run() {
    answer=$(${emulator:+"$emulator"} "$work/$1" | tr -d '\r')
    [ "$answer" = ok ] || {
        echo "$1 said '$answer'"
        exit 1
    }
}

compile
for name in exchange broken_pipe; do
    build_program "$name.exe" "$here/$name.c"
    run "$name.exe"
done
[ "$counts" = counts ] || exit 0
build_program transfer bench/transfer.c
python3 bench/run.py "$work/transfer" --check
