#!/bin/sh
# Builds the project here against portsock in one way, and runs its programs; ctest starts this (consumer.cmake).
#   run.sh SETTINGS WAY CMAKE-OPTION...
# WAY: find_package, subdirectory, fetchcontent, pkg_config, or moved: find_package of an installed tree that was moved,
# to a folder with a space in its name.
set -eu
# root, build, shared, capture_library, tools, cc, cxx and emulator of the build that is tested
# shellcheck disable=SC1090,SC2154
. "$1"
way=$2
shift 2

here=$root/tests/consumer
work=$build/consumer/$way
rm -rf "$work"
mkdir -p "$work"

install_library() {
    cmake --install "$build" --prefix "$1"
}

# run PROGRAM: it must say "ok"; a Windows program ends its lines in its own way.
run() {
    answer=$(${emulator:+"$emulator"} "$1" | tr -d '\r')
    [ "$answer" = ok ] || {
        echo "$1 said '$answer'"
        exit 1
    }
}

programs='consumer_c consumer_cxx'
[ -z "$capture_library" ] || programs="$programs consumer_capture"

run_in() {
    for program in $programs; do
        [ -e "$1/$program" ] || program=$program.exe
        run "$1/$program"
    done
}

# run_tool PREFIX: the installed program begins, whatever folder it is in.
run_tool() {
    [ "$tools" = 1 ] || return 0
    tool=$(find "$1/bin" -name 'portsock-sniff*')
    ${emulator:+"$emulator"} "$tool" --version | grep '^portsock-sniff [0-9]'
}

# by_cmake WAY CMAKE-OPTION...: a build of the project here.
by_cmake() {
    cmake_way=$1
    shift
    cmake -S "$here" -B "$work/project" -DWAY="$cmake_way" "$@"
    cmake --build "$work/project" --parallel 2 # other tests run at the same time
    run_in "$work/project"
}

# by_pkg_config PREFIX: what a makefile would do.
by_pkg_config() {
    PKG_CONFIG_LIBDIR=$(dirname "$(find "$1" -name portsock.pc)")
    PKG_CONFIG_PATH=
    LD_LIBRARY_PATH=$(dirname "$PKG_CONFIG_LIBDIR")
    export PKG_CONFIG_LIBDIR PKG_CONFIG_PATH LD_LIBRARY_PATH
    static=--static
    [ "$shared" = 0 ] || static=
    # shellcheck disable=SC2086
    cflags=$(pkg-config $static --cflags portsock) libs=$(pkg-config $static --libs portsock)
    mkdir "$work/project"
    if [ -n "$capture_library" ]; then
        # shellcheck disable=SC2046,SC2086
        "$cc" -o "$work/project/consumer_capture" "$here/capture.c" $(pkg-config $static --cflags --libs portsock-capture) \
            -static-libgcc
    fi
    # shellcheck disable=SC2086
    "$cc" -o "$work/project/consumer_c" "$here/exchange.c" $cflags $libs -static-libgcc
    # shellcheck disable=SC2086
    "$cxx" -o "$work/project/consumer_cxx" "$here/exchange.cpp" $cflags $libs -static-libgcc -static-libstdc++
    find "$1" -name '*.dll' -exec cp {} "$work/project" \;
    run_in "$work/project"
}

case $way in
find_package)
    install_library "$work/prefix"
    run_tool "$work/prefix"
    by_cmake find_package -DCMAKE_PREFIX_PATH="$work/prefix" "$@"
    ;;
pkg_config)
    install_library "$work/prefix"
    by_pkg_config "$work/prefix"
    ;;
moved)
    install_library "$work/first"
    mv "$work/first" "$work/second place"
    run_tool "$work/second place"
    by_cmake find_package -DCMAKE_PREFIX_PATH="$work/second place" "$@"
    ;;
subdirectory | fetchcontent)
    # The sources are compiled a second time: without optimization, and where headers of the system are large from
    # precompiled ones.
    by_cmake "$way" -DCMAKE_BUILD_TYPE=Debug -DPORTSOCK_SOURCE="$root" ${emulator:+-DPORTSOCK_PRECOMPILE=ON} "$@"
    ;;
*)
    echo "no such way: $way"
    exit 2
    ;;
esac
