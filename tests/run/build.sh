#!/bin/sh
# Builds presets one after the other, at a low priority; tests/run.sh starts this beside the tests.
#   build.sh LOGS JOBS WINE32 PRESET...
# LOGS/PRESET-build.log is the output, LOGS/PRESET.built the exit status. WINE32 says whether 32-bit
# programs will be run.
set -u
logs=$1
jobs=$2
wine32=$3
shift 3

# What the preset does not say.
options_of() {
    case $1 in
    mingw-i686)
        if [ "$wine32" = yes ]; then
            echo "-DPORTSOCK_WINE32=$PWD/cmake/wine32.sh" \
                "-DPORTSOCK_FAKE_TESTS=ON -DPORTSOCK_HEAVY_TESTS=ON"
        else
            echo "-DPORTSOCK_WINE32= -DPORTSOCK_FAKE_TESTS=OFF -DPORTSOCK_HEAVY_TESTS=OFF"
        fi
        ;;
    esac
}

targets_of() {
    case $1 in
    linux-coverage) echo "--target fake_tests conformance endings_tests" ;;
    esac
}

for preset in "$@"; do
    # shellcheck disable=SC2046
    {
        cmake --preset "$preset" $(options_of "$preset") &&
            nice -n 5 cmake --build --preset "$preset" --parallel "$jobs" $(targets_of "$preset")
    } >"$logs/$preset-build.log" 2>&1
    echo $? >"$logs/$preset.status"
    mv "$logs/$preset.status" "$logs/$preset.built"
done
