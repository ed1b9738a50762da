#!/bin/sh
# Branch coverage of src/common by the fake's tests and the conformance suites, on Linux with gcc.
#   sh tests/coverage/run.sh [SUITE...]
#     SUITE   the suites to run, all of "fake_tests conformance endings_tests" unless given
# Prints how many branches of each file are covered, and each branch that is neither covered nor explained in
# unreachable.txt; the exit status is 0 if there is none, and no explanation that is not needed.
set -eu
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- fake_tests conformance endings_tests
build=build/linux-coverage
jobs=$(nproc 2>/dev/null || echo 2)

mkdir -p "$build"
cmake --preset linux-coverage >"$build/configure.log" 2>&1 || { cat "$build/configure.log"; exit 1; }
cmake --build --preset linux-coverage --parallel "$jobs" --target "$@" >"$build/build.log" 2>&1 ||
    { cat "$build/build.log"; exit 1; }

find "$build" -name '*.gcda' -exec rm -f {} +
labels=$(printf '|^%s$' "$@")
# What fails here fails in another preset, too, where it is counted; here it is the branches that count.
ctest --preset linux-coverage --parallel $((jobs * 3)) --label-regex "${labels#|}" \
    --exclude-regex '^unload\.' >"$build/tests.log" 2>&1 ||
    sed -n '/^The following tests FAILED/,$p' "$build/tests.log"
python3 tests/coverage/report.py "$build" tests/coverage/unreachable.txt
