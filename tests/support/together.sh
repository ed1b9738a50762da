#!/bin/sh
# Runs tests in one process, for systems where the start of a process costs more than most tests.
#   sh together.sh RESULTS PREFIX SECONDS NAME... -- COMMAND...
# COMMAND gets --together and the names (main.c) and runs them until one does not pass; another process goes on after that one.
# A test has SECONDS, the start of its process included. RESULTS becomes a line for each test: "passed PREFIX.NAME",
# "skipped PREFIX.NAME (WHY)", or "failed PREFIX.NAME (WHY)". The exit status is 0 if none failed.
set -eu

results=$1
prefix=$2
limit=$3
shift 3
names=
while [ "$1" != -- ]; do
    names="$names $1"
    shift
done
shift

work=$(mktemp -d)
output=$work/output
process=
watcher=

# end: the process and what it has started.
end() {
    [ -z "$watcher" ] || kill "$watcher" 2>/dev/null || true
    [ -z "$process" ] || kill -s KILL -- "-$process" 2>/dev/null || true
    rm -rf "$work"
}
trap end EXIT
trap 'exit 1' HUP INT TERM

# watch: ends the process when a test has had its time.
watch() {
    begun=0
    left=$limit
    while sleep 1 && kill -0 "$process"; do
        left=$((left - 1))
        now=$(grep -c '^begin ' "$output") || true
        [ "$now" = "$begun" ] || left=$limit
        begun=$now
        [ "$left" -le 0 ] || continue
        : >"$work/hangs"
        kill -s KILL -- "-$process"
    done
}

# run COMMAND...: the results of the tests that ran into $work/results, the other names into $work/rest.
run() {
    : >"$output"
    rm -f "$work/hangs"
    # wine.sh writes there by itself, so that what was said can be seen before the end.
    PORTSOCK_OUTPUT=$output setsid "$@" >"$output" 2>&1 </dev/null &
    process=$!
    watch >/dev/null 2>&1 &
    watcher=$!
    status=0
    wait "$process" || status=$?
    kill "$watcher" 2>/dev/null || true
    process=
    watcher=

    tr -d '\r' <"$output" >"$work/said"
    grep -v -e '^Running suite(s): ' -e '^100%: Checks: 1, ' "$work/said" || true
    reason="exit status $status"
    [ ! -e "$work/hangs" ] || reason="ended after $limit s"
    # shellcheck disable=SC2086
    echo $names | tr ' ' '\n' | awk -v status="$status" -v reason="$reason" -v prefix="$prefix" -v rest="$work/rest" '
        FILENAME != "-" && $1 == "begin" { begun[$2] = 1; last = $2; some = 1 }
        FILENAME != "-" && $1 == "passed" { passed[$2] = 1 }
        FILENAME != "-" && sub(/^skipped: /, "") { why = " (" $0 ")" }
        FILENAME != "-" { next }
        # Before the first test began, or after the last passed, something went wrong: a test has to answer for it.
        !some { begun[$1] = 1; last = $1; some = 1 }
        !($1 in begun) { print >rest; next }
        status != 0 && $1 == last && ($1 in passed) { print "failed", prefix "." $1, "(passed, and then: " reason ")"; next }
        $1 in passed { print "passed", prefix "." $1; next }
        status == 77 { print "skipped", prefix "." $1 why; next }
        { print "failed", prefix "." $1, "(" reason ")" }
    ' "$work/said" - >>"$work/results"
}

# Who kills us finds the results of those that ran, and the others as failed.
hand_over() {
    {
        cat "$work/results"
        for name in $names; do
            echo "failed $prefix.$name (was not run)"
        done
    } >"$results.new"
    mv "$results.new" "$results"
}

mkdir -p "$(dirname "$results")"
: >"$work/results"
while hand_over && [ -n "$names" ]; do
    : >"$work/rest"
    # shellcheck disable=SC2086
    run "$@" --together $names
    names=$(cat "$work/rest")
done
sed -n 's/^failed /FAILED: /p' "$results"
! grep -q '^failed ' "$results"
