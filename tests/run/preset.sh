# Sourced by tests/run.sh: builds presets, and runs their tests.
# shellcheck shell=sh disable=SC2154

# The command that takes away what the tests may not have; none, usually.
privileges=
# The processes in the background.
builder=
ctest=

# start_builds: in the background, in the order of the parts, each preset once.
start_builds() {
    presets=
    for part in $parts; do
        for preset in $(presets_of "$part"); do
            case " $presets " in
            *" $preset "*) continue ;;
            esac
            presets="$presets $preset"
            rm -f "$logs/$preset.built"
        done
    done
    [ -n "$presets" ] || return 0
    # A process group of its own, to be ended as a whole.
    # shellcheck disable=SC2086
    setsid sh tests/run/build.sh "$logs" "$jobs" "$wine32" $presets &
    builder=$!
}

stop_builds() {
    [ -z "$builder" ] || kill -s TERM -- "-$builder" 2>/dev/null || true
    builder=
}

stop_everything() {
    stop_builds
    stop_tests
    stop_wine
}

# await_build PRESET: the status says whether it is built; the build is one test.
await_build() {
    while [ ! -e "$logs/$1.built" ]; do
        kill -0 "$builder" 2>/dev/null || [ -e "$logs/$1.built" ] || echo 1 >"$logs/$1.built"
        pause "$1 is being built" "$logs/$1-build.log"
    done
    counted_build "$1" || return
    [ "$(cat "$logs/$1.built")" = 0 ]
}

# counted_build PRESET: counts the build once, whichever part waits for it first.
counted_build() {
    case " $counted_builds " in
    *" $1 "*) return 0 ;;
    esac
    counted_builds="$counted_builds $1"
    if [ "$(cat "$logs/$1.built")" = 0 ]; then
        passed=$((passed + 1))
        progress "$1 is built"
    else
        tail -n 60 "$logs/$1-build.log"
        failure "$1-build (build/logs/$1-build.log)"
    fi
}
counted_builds=

# tests_at_once PRESET: most tests wait for most of their time, so there are more at once than
# processors, unless an emulator or a sanitizer makes them work.
tests_at_once() {
    case $1 in
    linux-s390x | linux-sanitize | linux-tsan) echo $((jobs * 3)) ;;
    linux-fuzz) echo "$jobs" ;;
    *) echo $((jobs * 6)) ;;
    esac
}

# build_of PRESET: the directory of its programs.
build_of() {
    case $1 in
    windows-behavior) echo build/mingw-x86_64 ;;
    *) echo "build/$1" ;;
    esac
}

# tests_of PRESET: the options by which ctest finds its tests. Not by the preset with --quick, since ctest excludes a test
# only if each expression matches that excludes labels, the preset's and ours.
tests_of() {
    if [ "$quick" = yes ]; then
        echo "--test-dir build/$1 --output-on-failure"
    else
        echo "--preset $1"
    fi
}

# run_ctest OPTION...: for run_tests.
run_ctest() {
    rm -rf "$logs/$where.xml" "$logs/$where.results" "$together"
    # Without the lock of Wine's prefix, which what Wine leaves running would keep.
    # A process group of its own, to be ended as a whole.
    # shellcheck disable=SC2046
    setsid $privileges ctest $(tests_of "$preset") --parallel "$(tests_at_once "$preset")" \
        --repeat "until-fail:$repeat" --output-junit "$logs/$where.xml" "$@" \
        >"$logs/$where.log" 2>&1 9>&- &
    ctest=$!
    while kill -0 "$ctest" 2>/dev/null; do
        pause "$where" "$logs/$where.log"
        ! wine_server_ended || stop_tests
    done
    ctest=
}

stop_tests() {
    [ -z "$ctest" ] || kill -s TERM -- "-$ctest" 2>/dev/null || true
}

# Whether Wine's server, which stays until it is told to end, has ended by itself. Its programs then end in the middle of a
# test with the status 0, or never.
wine_server_ended() {
    case $preset in
    mingw-* | windows-behavior) [ "$wine_started" = yes ] && ! wine_is_running ;;
    *) false ;;
    esac
}

# run_tests PART PRESET CTEST-OPTION...: runs the tests of a preset that is built.
run_tests() {
    where=$1
    preset=$2
    together=$(build_of "$2")/tests/results
    shift 2
    run_ctest "$@"
    if wine_server_ended; then
        server_status=0
        wait "$wine_server" || server_status=$?
        tail -n 20 "$PORTSOCK_CACHE/wineserver.log"
        say "$where: Wine's server has ended with the status $server_status, and its programs with it:" \
            "the tests run once more"
        release_wine
        ensure_wine
        run_ctest "$@"
    fi
    [ -e "$logs/$where.xml" ] &&
        $privileges python3 tests/run/judge.py "$preset" "$logs/$where.xml" \
            "$together" "$logs/$where.results" &&
        [ -s "$logs/$where.results" ] || {
        tail -n 20 "$logs/$where.log"
        failure "$where: ctest ran no tests"
        return
    }

    if grep -q '^failed ' "$logs/$where.results"; then
        # ctest has shown the output of tests that failed, one line of each other, and a summary.
        sed '/^[0-9]*% tests passed/,$d' "$logs/$where.log" |
            grep -v -e '^ *Start *[0-9]*: ' -e ' Passed  *[0-9.]* sec$' \
                -e ' Test *#[0-9]*: .*\*\*\*Skipped '
    fi
    add_results "$where"
}

# test_preset PRESET: its tests, once it is built; with --quick, not those that take long.
test_preset() {
    await_build "$1" || return
    if [ "$quick" = yes ]; then
        run_tests "$1" "$1" --label-exclude '^(behavior|bench|capture|consumer|heavy_tests|net|rcvall)$' \
            --exclude-regex '^(house\.(gate|headers|windows_arm64)|windows_check\.zip)'
    else
        run_tests "$1" "$1"
    fi
}
