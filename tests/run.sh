#!/bin/sh
# The whole test suite, in one command, on a Debian 12 machine, as root or with sudo. What is missing is installed.
#   sh tests/run.sh [--quick] [--wine32] [--heavy] [--repeat N]
#     --quick      only Linux with gcc and 64-bit Windows
#     --wine32     run the 32-bit Windows tests, too, in an i386 Debian made in the cache folder (needs root)
#     --heavy      the long runs of the tests that are bounded otherwise (tests/heavy)
#     --repeat N   each test N times, until it fails
# The presets of CMakePresets.json are built in build/, with their output in build/logs. Windows programs run under Wine.
# A test that is skipped must have a tag that says so (tests/parity/tags.py). The last line is
#     N passed, N failed, N skipped
# and the exit status 0 only if nothing failed.
set -u
cd "$(dirname "$0")/.." || exit 1
. cmake/setup.sh

passed=0
failed=0
skipped=0
quick=no
wine32=no
repeat=1
logs=$PWD/build/logs

usage() {
    sed -n '3,7s/^# *//p' "$0" >&2
    exit 2
}

finish() {
    say "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
    exit
}

give_up() {
    say "FAILED: $*"
    failed=$((failed + 1))
    finish
}

# counted NAME COMMAND...: a command that is one test.
counted() {
    name=$1
    shift
    if "$@" >"$logs/$name.log" 2>&1; then
        passed=$((passed + 1))
        return 0
    fi
    failed=$((failed + 1))
    say "FAILED: $name (build/logs/$name.log)"
    tail -n 60 "$logs/$name.log"
    return 1
}

# The command that takes away what the tests may not have; none, usually.
privileges=

# ---- a preset -----------------------------------------------------------------------------------------------

count_results() {
    grep -c "^$1 " "$2"
}

# add_results WHERE: adds build/logs/WHERE.results to the sums; `begin` is when it began.
add_results() {
    where_passed=$(count_results passed "$logs/$1.results")
    where_failed=$(count_results failed "$logs/$1.results")
    where_skipped=$(count_results skipped "$logs/$1.results")
    passed=$((passed + where_passed))
    failed=$((failed + where_failed))
    skipped=$((skipped + where_skipped))
    sed -n "s/^failed /FAILED: $1: /p" "$logs/$1.results"
    say "$1: $where_passed passed, $where_failed failed, $where_skipped skipped ($(($(date +%s) - begin)) s)"
}

# build_preset PRESET CMAKE-OPTION...
build_preset() {
    cmake --preset "$@" && cmake --build --preset "$1" --parallel "$jobs"
}

# run_tests WHERE PRESET CTEST-OPTION...: runs the tests of a preset that is built, with the results named after WHERE. Most tests wait
# for most of their time, so there are more at once than processors.
run_tests() {
    where=$1
    preset=$2
    shift 2
    rm -rf "$logs/$where.xml" "build/$preset/tests/results"
    $privileges ctest --preset "$preset" --parallel $((jobs * 3)) --repeat "until-fail:$repeat" \
        --output-junit "$logs/$where.xml" "$@" >"$logs/$where.log" 2>&1 9>&- # what Wine leaves running must not hold its lock
    [ -e "$logs/$where.xml" ] &&
        $privileges python3 tests/run/judge.py "$preset" "$logs/$where.xml" "build/$preset/tests/results" "$logs/$where.results" &&
        [ -s "$logs/$where.results" ] || {
        tail -n 20 "$logs/$where.log"
        say "FAILED: $where: ctest ran no tests"
        failed=$((failed + 1))
        return
    }

    if grep -q '^failed ' "$logs/$where.results"; then
        # ctest has shown the output of tests that failed, one line of each other, and a summary.
        sed '/^[0-9]*% tests passed/,$d' "$logs/$where.log" |
            grep -v -e '^ *Start *[0-9]*: ' -e ' Passed  *[0-9.]* sec$' -e ' Test *#[0-9]*: .*\*\*\*Skipped '
    fi
    add_results "$where"
}

# test_preset PRESET CMAKE-OPTION...: builds it and runs its tests.
test_preset() {
    begin=$(date +%s)
    counted "$1-build" build_preset "$@" || return
    run_tests "$1" "$1"
}

# ---- the parts ----------------------------------------------------------------------------------------------

check_format() {
    find . \( -name .git -o -path ./build \) -prune -o \( -name '*.[ch]' -o -name '*.cpp' \) -print0 |
        xargs -0 clang-format --dry-run --Werror
}

test_linux() {
    test_preset linux-gcc
    [ "$quick" = no ] || return
    test_ordinary_user
    test_guest
    test_preset linux-clang
    test_preset linux-shared
    test_preset linux-sanitize
    test_preset linux-tsan
    test_preset linux-fuzz
    test_preset linux-plain
    counted coverage sh tests/coverage/run.sh
}

# The same programs without the capabilities of root, as most users run theirs. The long suites do not ask who runs them.
test_ordinary_user() {
    [ "$(id -u)" = 0 ] || return 0
    begin=$(date +%s)
    privileges='setpriv --bounding-set=-all --inh-caps=-all'
    run_tests linux-ordinary-user linux-gcc --label-regex '^(conformance|posix_tests|internal_tests)$' \
        --exclude-regex '^(beside|broken|deadline(_setting|_stream)?|endings|left_calls)\.'
    privileges=
}

# Another C library, and another byte order.
test_linux_elsewhere() {
    need musl-tools && need_check "$(uname -m)-linux-musl" || give_up "musl is missing, and could not be installed"
    test_preset linux-musl
    need gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user-static && need_check s390x-linux-gnu ||
        give_up "no compiler for s390x, or no QEMU"
    test_preset linux-s390x
}

test_windows() {
    need gcc-mingw-w64-x86-64-win32 g++-mingw-w64-x86-64-win32 && need_check x86_64-w64-mingw32 ||
        give_up "no compiler for 64-bit Windows"
    have_wine || give_up "Wine is missing, and could not be installed"
    start_wine || give_up "Wine does not start"
    test_preset mingw-x86_64
    [ "$quick" = yes ] || test_preset mingw-x86_64-shared
    stop_wine
}

test_windows_32() {
    need gcc-mingw-w64-i686-win32 g++-mingw-w64-i686-win32 && need_check i686-w64-mingw32 ||
        give_up "no compiler for 32-bit Windows"
    if [ "$wine32" = no ]; then
        test_preset mingw-i686 -DPORTSOCK_WINE32= -DPORTSOCK_FAKE_TESTS=OFF -DPORTSOCK_HEAVY_TESTS=OFF
        return
    fi
    make_wine32 || give_up "32-bit Wine could not be made"
    test_preset mingw-i686 -DPORTSOCK_WINE32="$PWD/cmake/wine32.sh" -DPORTSOCK_FAKE_TESTS=ON -DPORTSOCK_HEAVY_TESTS=ON
    sh cmake/wine32.sh --stop
}

# An i386 Debian with nothing but Wine: one for amd64 has no 32-bit Wine without a second architecture in apt.
make_wine32() {
    [ "$(id -u)" = 0 ] || give_up "--wine32 needs root"
    [ -d "$PORTSOCK_CACHE/wine32" ] || {
        need mmdebstrap arch-test || return 1
        say "Making an i386 Debian with Wine"
        rm -rf "$PORTSOCK_CACHE/wine32.new"
        # shellcheck disable=SC2016
        mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
            awk '$1 == "bookworm" && $2 == "main" { print $3; exit }')
        quietly "$logs/mmdebstrap.log" mmdebstrap --variant=minbase --architectures=i386 --include=wine,wine32 \
            --aptopt='APT::Install-Recommends "false"' bookworm "$PORTSOCK_CACHE/wine32.new" "$mirror" || return 1
        mv "$PORTSOCK_CACHE/wine32.new" "$PORTSOCK_CACHE/wine32"
    }
    quietly "$logs/wine32.log" sh cmake/wine32.sh --start
}

# The examples of the reference, talking to each other across the systems. They start and stop a Wine of their own.
test_examples() {
    begin=$(date +%s)
    result=passed
    sh examples/run.sh >"$logs/examples.log" 2>&1 || {
        result=failed
        tail -n 60 "$logs/examples.log"
    }
    echo "$result examples.echo" >"$logs/examples.results"
    add_results examples
}

# What each system answered, in build/logs/parity.md, and whether it is what it must.
check_parity() {
    counted parity python3 tests/parity/parity.py "$logs"
}

# What most kernels lack, in a guest machine with a kernel that has it; the program is linux-gcc's.
test_guest() {
    begin=$(date +%s)
    if ! is_debian || [ "$(dpkg --print-architecture)" != amd64 ]; then
        say "guest: not run: its kernel is Debian's for amd64"
        return
    fi
    need qemu-system-x86 seabios busybox-static cpio iproute2 || give_up "no QEMU"
    rm -f "$logs/guest.results"
    sh tests/guest/run.sh build/linux-gcc/bin/guest_tests "$logs/guest.results" >"$logs/guest.log" 2>&1 ||
        cat "$logs/guest.log"
    [ -s "$logs/guest.results" ] || echo "failed guest (see build/logs/guest.log)" >"$logs/guest.results"
    add_results guest
}

while [ $# -gt 0 ]; do
    case $1 in
    --quick) quick=yes ;;
    --wine32) wine32=yes ;;
    --heavy)
        PORTSOCK_HEAVY=1
        export PORTSOCK_HEAVY
        ;;
    --repeat)
        repeat=${2:-}
        case $repeat in '' | *[!0-9]* | 0*) usage ;; esac
        shift
        ;;
    *) usage ;;
    esac
    shift
done

mkdir -p "$logs"
trap stop_wine EXIT
trap 'exit 1' HUP INT TERM

need gcc g++ clang clang-format libc6-dev cmake ninja-build check pkgconf iproute2 iputils-ping libclang-rt-14-dev libidn2-0 \
    netbase python3 strace tcpdump tshark valgrind || give_up "packages could not be installed"
counted clang-format check_format
test_linux
[ "$quick" = yes ] || test_examples
[ "$quick" = yes ] || test_linux_elsewhere
test_windows
[ "$quick" = yes ] && [ "$wine32" = no ] || test_windows_32
[ "$quick" = yes ] || check_parity
finish
