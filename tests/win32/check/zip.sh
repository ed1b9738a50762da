#!/bin/sh
# Makes the zip of the target windows-check, and does with it what a person on Windows does, without
# a console; then what a developer does with the file of results.
#   zip.sh SOURCES BUILD ZIP [EMULATOR]
# Runs some tests of each kind, with PORTSOCK_HEAVY in the environment (tests/run.sh --heavy) all.
set -eu
. "$(dirname "$0")/../common.sh"

sources=$1
build=$2
zip=$3
shift 3

cmake --build "$build" --target windows-check >"$work/build.log" 2>&1 || {
    cat "$work/build.log"
    exit 1
}
# The name of a directory can be anything.
mkdir "$work/Übung (1) & 日本"
cd "$work/Übung (1) & 日本"
cmake -E tar xf "$zip"
cd portsock-windows-check-*
! grep -rlF -e "$sources" -e /build-check. . || failed "has a path of this machine"

only="address. filter. explain_rows. families_everywhere. fake.lookup_ processes. raw_option."
[ -z "${PORTSOCK_HEAVY:-}" ] || only=
status=0
# shellcheck disable=SC2086
"$@" cmd /c check.cmd $only >"$work/said" 2>&1 </dev/null || status=$?
results=$(echo "$PWD"/portsock-results-*.txt)
tr -d '\r' <"$results" >"$work/results" || {
    cat "$work/said"
    failed "no results"
}
[ "$status" = 0 ] || {
    cat "$work/said" "$work/results"
    failed "exit status $status"
}

# Every test of the list has one line.
tr -d '\r' <programs/tests.txt | grep -v '^#' | cut -d ' ' -f 3- | tr ' ' '\n' >"$work/all"
for prefix in ${only:-ALL}; do
    awk -v prefix="$prefix" 'prefix == "ALL" || index($0, prefix) == 1' "$work/all"
done | sort >"$work/expected"
grep -v '^#' "$work/results" | cut -d ' ' -f 2 | sort | diff -u "$work/expected" - ||
    failed "not the tests of the list"

# The head, and the counts at the end.
count() {
    grep -c "^$1 " "$work/results" || true
}
for line in 'Wine .* as [0-9.]+ x86_64|Windows [0-9.]+ .*' \
    'build: [0-9.]+, service pack [0-9]+, .+' 'processor: .+' 'administrator: (yes|no)' \
    'portsock [0-9.]+, (commit [0-9a-f]{12}(, changed)?|no commit)' \
    'built for .+' "tests: $(wc -l <"$work/expected")(, only .*)?" \
    "$(count passed) passed, $(count failed) failed, $(count skipped) skipped"; do
    grep -qxE "# ($line)" "$work/results" || {
        cat "$work/results"
        failed "no line: $line"
    }
done
! grep -iwF -e "$PWD" -e "$work" "$work/results" || failed "has a path of this machine"

# The table of results has a column for the file.
command -v python3 >/dev/null || exit 0
mkdir "$work/logs"
python3 "$sources/tests/parity/parity.py" --add-results "$results" "$work/logs" \
    >"$work/faults" || true
title=$(sed -n '1s/^# //p' "$work/results")
! grep -F ": $title: " "$work/faults" || failed "the table finds faults in the results"
grep -qF "| $title |" "$work/logs/parity.md" || failed "the table has no column $title"
grep -qE '^\| R[0-9]+ .*\| ok' "$work/logs/parity.md" || failed "the column shows no promise"
