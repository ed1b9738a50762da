# Sourced by the scripts here:  sh SCRIPT CAPTURE-TOOL [EMULATOR]
# shellcheck shell=sh
set -eu
LC_ALL=C
export LC_ALL
program=${1:?usage: sh SCRIPT CAPTURE-TOOL, which ctest does}
emulator=${2:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# A Windows program ends its lines in its own way.
tool() {
    ${emulator:+"$emulator"} "$program" "$@" | tr -d '\r'
}

need() {
    for name in "$@"; do
        command -v "$name" >/dev/null || {
            echo "skipped: there is no $name"
            exit 77
        }
    done
}

fail() {
    echo "$*"
    exit 1
}

# The lines of tcpdump for a file. What it writes below a line (bytes of unknown protocols) and in front of it (interface
# and direction of cooked packets), and the ": " that the bytes would follow, is left out.
theirs() {
    tcpdump -n -S -t -r "$1" 2>tcpdump.log | grep -v '^	' | sed -E 's/^[^ ]+ +(In|Out|B|M|P) +//' | sed -E 's/[: ]*$//'
}

ours() {
    tool lines "$1" | sed -E 's/[: ]*$//'
}
