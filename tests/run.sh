#!/bin/sh
# The whole test suite, in one command, on a Debian 12 machine, as root or with sudo.
#   sh tests/run.sh [OPTION...] [PART...]
#     PART...             only these parts
#     --list              print the parts, with what each does and the seconds it takes
#     --quick             only Linux with gcc and 64-bit Windows, the short tests: 1 minute, 3 with the first build
#     --wine32            run the 32-bit Windows tests, too, in an i386 Debian made in the cache
#                         directory (needs root)
#     --heavy             the long runs of the tests that are bounded otherwise (tests/heavy)
#     --behavior NAME     windows-behavior also as NAME, a profile of
#                         tests/win32/behavior/profiles.def; all: as every one
#     --repeat N          each test N times, until it fails
#     --add-results FILE  a column of the parity table: results of another machine
# What is missing on the machine is installed. A part builds presets of CMakePresets.json in build/,
# or runs what is built; its output is in build/logs. Windows programs run under Wine. While the
# tests of a part run, the next ones are built. A test that is skipped must have a tag that says so
# (tests/parity/tags.py). The last line is
#     N passed, N failed, N skipped
# and the exit status 0 only if nothing failed.
set -u
cd "$(dirname "$0")/.." || exit 1
. cmake/setup.sh
. tests/run/report.sh
. tests/run/preset.sh
. tests/run/wine.sh
. tests/run/parts.sh

quick=no
wine32=no
repeat=1
behaviors=
added_results=
chosen=
logs=$PWD/build/logs

usage() {
    sed -n '3,13s/^# //p' "$0" >&2
    exit 2
}

list_parts() {
    say "Parts, and about how many seconds each takes on a machine with two processors:"
    for part in $(all_parts); do
        printf '  %4s  %-20s %s\n' "$(expected_seconds "$part")" "$part" "$(describe "$part")"
    done
}

# Which parts will run: those that were named, or all that the options do not exclude.
choose_parts() {
    parts=
    for part in $(all_parts); do
        case " $chosen " in
        '  ') is_by_default "$part" || continue ;;
        *" $part "*) ;;
        *) continue ;;
        esac
        parts="$parts $part"
    done
}

announce() {
    set -- $parts
    part_count=$#
    sum=0
    say "To do, with the seconds expected on a machine with two processors:"
    for part in $parts; do
        seconds=$(expected_seconds "$part")
        sum=$((sum + seconds))
        printf '  %4s  %-20s %s\n' "$seconds" "$part" "$(describe "$part")"
    done
    say "In all about $(((sum + 59) / 60)) minutes. The output is in build/logs."
}

while [ $# -gt 0 ]; do
    case $1 in
    --list)
        list_parts
        exit 0
        ;;
    --quick) quick=yes ;;
    --wine32) wine32=yes ;;
    --heavy)
        PORTSOCK_HEAVY=1
        export PORTSOCK_HEAVY
        ;;
    --behavior)
        case ${2:-} in
        all) behaviors=$(all_behaviors) ;;
        *)
            is_behavior "${2:-}" || usage
            behaviors="$behaviors $2"
            ;;
        esac
        shift
        ;;
    --repeat)
        repeat=${2:-}
        case $repeat in '' | *[!0-9]* | 0*) usage ;; esac
        shift
        ;;
    --add-results)
        [ -e "${2:-}" ] || usage
        added_results="$added_results
$2"
        shift
        ;;
    -*) usage ;;
    *)
        is_part "$1" || usage
        chosen="$chosen $1"
        ;;
    esac
    shift
done

mkdir -p "$logs"
trap stop_everything EXIT
trap 'exit 1' HUP INT TERM

choose_parts
announce
rm -f "$logs/failures"
for part in $parts; do
    rm -f "$logs/$part.results"
    prepare "$part"
done
start_builds
for part in $parts; do
    begin_part "$part"
    run_part "$part"
    end_part "$part"
done
finish
