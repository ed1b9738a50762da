#!/bin/sh
# Builds the Check library for a cross compiler, from Debian's source package: no Debian has it for Windows.
#   sh cmake/build-check.sh TRIPLET [FOLDER]        TRIPLET: x86_64-w64-mingw32, i686-w64-mingw32, s390x-linux-gnu, ...
# FOLDER is where CMake looks (cmake/check.cmake) unless given: check-TRIPLET in the cache folder, which is
# PORTSOCK_CACHE, or portsock in XDG_CACHE_HOME, or portsock in ~/.cache.
# Needs the cross compiler, cmake and ninja. The system's own package lists and configuration stay as they are.
set -eu

triplet=${1:?usage: build-check.sh TRIPLET [FOLDER]}
cache=${PORTSOCK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/portsock}
folder=${2:-$cache/check-$triplet}
source_archive=$cache/check-source.tar

say() { printf 'build-check: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Runs a command quietly; shows its output only if it fails.
quietly() {
    "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "failed: $*"; }
}

# The address of this machine's package mirror, from its own configuration.
mirror() {
    apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
        awk -v codename="$VERSION_CODENAME" '$1 == codename && $2 == "main" { print $3; exit }'
}

# Puts Check's source archive into the cache, by a package list of our own.
fetch_source() {
    . /etc/os-release
    uri=$(mirror)
    [ -n "$uri" ] || fail "apt knows no mirror of Debian $VERSION_CODENAME; run apt-get update first"
    mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
    : >"$work/apt/status"
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $VERSION_CODENAME main" \
        >"$work/apt/sources.list"
    set -- -o Dir::State="$work/apt" -o Dir::State::lists="$work/apt/lists" -o Dir::State::status="$work/apt/status" \
        -o Dir::Etc::sourcelist="$work/apt/sources.list" -o Dir::Etc::sourceparts=- -o Dir::Cache="$work/apt/cache" \
        -o APT::Sandbox::User=root
    quietly apt-get "$@" update
    cd "$work/apt"
    quietly apt-get "$@" source --download-only check
    mv check_*.orig.tar.* "$source_archive"
    cd "$start"
}

write_toolchain() {
    case $triplet in
    *mingw32) system=Windows ;;
    *) system=Linux ;;
    esac
    cat >"$work/toolchain.cmake" <<END
set(CMAKE_SYSTEM_NAME $system)
set(CMAKE_SYSTEM_PROCESSOR ${triplet%%-*})
set(CMAKE_C_COMPILER $triplet-gcc)
set(CMAKE_FIND_ROOT_PATH /usr/$triplet)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
END
}

build() {
    # Programs that go to other machines (tests/win32/check) do not say where this directory was.
    flags="-w -fmacro-prefix-map=$work/source/="
    [ "$system" = Linux ] || flags="$flags -D__USE_MINGW_ANSI_STDIO=1"
    quietly cmake -S "$work/source" -B "$work/build" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake" \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS="$flags" -DCHECK_ENABLE_TESTS=OFF -DCHECK_ENABLE_SUBUNIT=OFF
    quietly cmake --build "$work/build" --target check --parallel "$(nproc)"
}

# Hands the result over in one step, so that a folder that is there is whole; with this script, so that a folder which
# another version of it made is known.
hand_over() {
    mkdir -p "$work/result/include" "$work/result/lib" "$(dirname "$folder")"
    cp "$work/build/src/libcheck.a" "$work/result/lib/"
    cp "$work/build/check_stdint.h" "$work/result/include/"
    # On Windows: printf's format means the one of Microsoft's library, which has no %jd, but Check is built with
    # MinGW's own; and a failed assertion does not return there either, so the compiler may know it.
    if [ "$system" = Windows ]; then
        sed -e 's/format (a, b, c)/format (gnu_printf, b, c)/' \
            -e '/longjmp() is like a return/,/^#else/s/^#if 0$/#if 1/' \
            "$work/build/src/check.h" >"$work/result/include/check.h"
    else
        cp "$work/build/src/check.h" "$work/result/include/"
    fi
    cp "$script" "$work/result/"
    rm -rf "$folder"
    mv "$work/result" "$folder"
}

command -v "$triplet-gcc" >/dev/null || fail "there is no $triplet-gcc"
command -v apt-get >/dev/null || fail "no Debian: build Check by hand, and name its folder in PORTSOCK_CHECK_ROOT"
start=$PWD
script=$(cd "$(dirname "$0")" && pwd)/build-check.sh
mkdir -p "$cache"
work=$(mktemp -d "$cache/build-check.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
case $folder in /*) ;; *) folder=$start/$folder ;; esac

[ -e "$source_archive" ] || fetch_source
mkdir "$work/source"
quietly tar -xf "$source_archive" -C "$work/source" --strip-components=1
write_toolchain
build
hand_over
say "Check for $triplet is in $folder"
