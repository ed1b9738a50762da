# Sourced by tests/run.sh: the parts, in the order in which they run.
# shellcheck shell=sh disable=SC2154

# NAME|SECONDS|SYSTEM|COMPILER|WHAT. The seconds are those on a machine with two processors, and
# those with --quick.
parts_table='
format|4|-|clang-format|the form of every source file
linux-gcc|150,60|Linux, glibc|gcc|every suite, the rules of the house, consumers, counts
mingw-x86_64|330,90|Windows x86_64, Wine|x86_64-w64-mingw32-gcc|every suite, the rules, consumers
linux-ordinary-user|11|Linux, glibc|gcc|the suites without the rights of root
guest|15|Linux, guest in QEMU|gcc|TIPC, AF_VSOCK, AF_CAN
linux-clang|36|Linux, glibc|clang|the suites and the rules of the house with another compiler
linux-shared|10|Linux, glibc|gcc|the shared library
linux-sanitize|70|Linux, glibc|gcc|every suite with address and undefined behavior sanitizers
linux-tsan|80|Linux, glibc|gcc|the suites with the thread sanitizer
linux-fuzz|12|Linux, glibc|clang|the fuzz targets, a fixed number of runs
linux-plain|25|Linux, glibc|gcc|the suites without what other Unixes lack
coverage|36|Linux, glibc|gcc|the branches of the frontend
linux-musl|27|Linux, musl|x86_64-linux-musl-gcc|the suites with another C library, static
linux-s390x|80|Linux s390x, QEMU|s390x-linux-gnu-gcc|the suites on a big-endian machine, static
mingw-x86_64-shared|29|Windows x86_64, Wine|x86_64-w64-mingw32-gcc|the suites with the DLL
windows-behavior|150|Windows x86_64, Wine|x86_64-w64-mingw32-gcc|conformance over Windows as it is documented, by version and by condition
mingw-i686|16|Windows i686|i686-w64-mingw32-gcc|the 32-bit build; with --wine32 every suite
examples|4|Linux and Windows|gcc|the examples, from one system to the other
parity|1|-|python3|what each system answered, promise by promise
'

# field PART NUMBER
field() {
    printf '%s\n' "$parts_table" |
        awk -F '|' -v part="$1" -v number="$2" '$1 == part { print $number }'
}

all_parts() {
    printf '%s\n' "$parts_table" | sed -n 's/|.*//p'
}

is_part() {
    [ -n "$(field "$1" 1)" ]
}

expected_seconds() {
    seconds=$(field "$1" 2)
    case $quick in
    yes) echo "${seconds#*,}" ;;
    no) echo "${seconds%,*}" ;;
    esac
}

system_of() {
    field "$1" 3
}

describe() {
    field "$1" 5
}

# compiler_of PART: with its version.
compiler_of() {
    compiler=$(field "$1" 4)
    version=$("$compiler" --version 2>/dev/null | sed -n '1s/^.* \([0-9][^ ]*\)$/\1/p')
    case $compiler in
    *-gcc) compiler=gcc ;;
    esac
    echo "$compiler $version"
}

# is_by_default PART: whether it runs when no part is named.
is_by_default() {
    case $1 in
    format | linux-gcc | mingw-x86_64) ;;
    mingw-i686) [ "$quick" = no ] || [ "$wine32" = yes ] ;;
    linux-ordinary-user) [ "$quick" = no ] && [ "$(id -u)" = 0 ] ;;
    *) [ "$quick" = no ] ;;
    esac
}

# presets_of PART: what must be built for it.
presets_of() {
    case $1 in
    format | parity) ;;
    linux-ordinary-user | guest) echo linux-gcc ;;
    coverage) echo linux-coverage ;;
    examples) echo linux-gcc mingw-x86_64 ;;
    windows-behavior) echo mingw-x86_64 ;;
    *) echo "$1" ;;
    esac
}

# prepare PART: installs what it needs. Before any part begins, so that builds and tests find it.
prepare() {
    need gcc g++ clang clang-format doxygen libc6-dev cmake ninja-build check pkgconf iproute2 \
        iputils-ping libclang-rt-14-dev libidn2-0 netbase python3 python3-yaml strace tcpdump \
        tshark valgrind ||
        give_up "packages could not be installed"
    case $1 in
    linux-musl)
        need musl-tools && need_check "$(uname -m)-linux-musl" || give_up "no compiler for musl"
        ;;
    linux-s390x)
        need gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user-static &&
            need_check s390x-linux-gnu ||
            give_up "no compiler for s390x, or no QEMU"
        ;;
    mingw-x86_64 | mingw-x86_64-shared | windows-behavior | examples)
        need gcc-mingw-w64-x86-64-win32 g++-mingw-w64-x86-64-win32 &&
            need_check x86_64-w64-mingw32 ||
            give_up "no compiler for 64-bit Windows"
        have_wine || give_up "Wine is missing, and could not be installed"
        ;;
    mingw-i686)
        need gcc-mingw-w64-i686-win32 g++-mingw-w64-i686-win32 && need_check i686-w64-mingw32 ||
            give_up "no compiler for 32-bit Windows"
        [ "$wine32" = no ] || make_wine32 || give_up "32-bit Wine could not be made"
        ;;
    guest)
        guest_is_possible || return 0
        need qemu-system-x86 seabios busybox-static cpio iproute2 || give_up "no QEMU"
        ;;
    esac
}

run_part() {
    case $1 in
    format) counted format check_format ;;
    linux-ordinary-user) test_ordinary_user ;;
    guest) test_guest ;;
    coverage) await_build linux-coverage && counted coverage sh tests/coverage/run.sh ;;
    mingw-i686) test_windows_32 ;;
    mingw-*)
        ensure_wine
        test_preset "$1"
        ;;
    windows-behavior) test_behavior ;;
    examples) test_examples ;;
    parity) check_parity ;;
    *) test_preset "$1" ;;
    esac
}

check_format() {
    find . \( -name .git -o -path ./build \) -prune \
        -o \( -name '*.[ch]' -o -name '*.cpp' \) -print0 |
        xargs -0 -n 20 -P "$jobs" clang-format --dry-run --Werror
}

# The same programs without the capabilities of root, as most users run theirs. The long suites do
# not ask who runs them.
test_ordinary_user() {
    [ "$(id -u)" = 0 ] || {
        say "linux-ordinary-user: not run: linux-gcc has run as one"
        return
    }
    await_build linux-gcc || return
    privileges='setpriv --bounding-set=-all --inh-caps=-all'
    run_tests linux-ordinary-user linux-gcc \
        --label-regex '^(conformance|(posix_)?capture_tests|posix_tests|internal_tests)$' \
        --exclude-regex '^(beside|broken|deadline(_setting|_stream)?|endings|left_calls)\.'
    privileges=
}

guest_is_possible() {
    is_debian && [ "$(dpkg --print-architecture)" = amd64 ]
}

# What most kernels lack, in a guest machine with a kernel that has it; the program is linux-gcc's.
test_guest() {
    guest_is_possible || {
        say "guest: not run: its kernel is Debian's for amd64"
        return
    }
    await_build linux-gcc || return
    rm -f "$logs/guest.results"
    sh tests/guest/run.sh build/linux-gcc/bin/guest_tests "$logs/guest.results" \
        >"$logs/guest.log" 2>&1 ||
        cat "$logs/guest.log"
    [ -s "$logs/guest.results" ] ||
        echo "failed guest (see build/logs/guest.log)" >"$logs/guest.results"
    add_results guest
}

test_windows_32() {
    test_preset mingw-i686
    [ "$wine32" = no ] || sh cmake/wine32.sh --stop
}

# all_behaviors: the profiles of the behavior layer, tests/win32/behavior/layer.h.
all_behaviors() {
    sed -n 's/^PROFILE("\([^"]*\)".*/\1/p' tests/win32/behavior/profiles.def
}

is_behavior() {
    all_behaviors | grep -qxF -e "$1"
}

# The oldest and the newest version and one condition, and what --behavior adds.
test_behavior() {
    await_build mingw-x86_64 || return
    ensure_wine
    # shellcheck disable=SC2086
    profiles=$(echo windows-7 windows-11 layered-provider $behaviors | tr ' ' '|')
    run_tests windows-behavior windows-behavior --tests-regex "^($profiles)/"
}

# They start and stop a Wine of their own.
test_examples() {
    await_build linux-gcc && await_build mingw-x86_64 || return
    release_wine
    result=passed
    PORTSOCK_BUILT=yes sh examples/run.sh >"$logs/examples.log" 2>&1 || {
        result=failed
        tail -n 60 "$logs/examples.log"
    }
    echo "$result examples.echo" >"$logs/examples.results"
    add_results examples
}

# What each system answered, in build/logs/parity.md, and whether it is what it must.
check_parity() {
    set --
    while read -r file; do
        [ -z "$file" ] || set -- "$@" --add-results "$file"
    done <<END
$added_results
END
    counted parity python3 tests/parity/parity.py "$@" "$logs"
}
