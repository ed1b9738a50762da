# Sourced by the scripts here: reads the settings that the build wrote (house.cmake), and collects what breaks a rule.
# shellcheck shell=sh disable=SC2034,SC2154,SC1090
set -eu
LC_ALL=C
export LC_ALL
. "${1:?usage: sh RULE.sh SETTINGS, which ctest does}"
cd "$root"

# Lists are split at line ends only, since a path may have spaces.
IFS='
'
for object in $objects $capture_objects; do
    [ -e "$object" ] || {
        echo "there is no $object: build first"
        exit 1
    }
done

broken=0

# report HEADING LINES: any line at all is a broken rule.
report() {
    [ -n "$2" ] || return 0
    printf '%s:\n%s\n' "$1" "$2"
    broken=1
}

finish() {
    exit "$broken"
}

# 32-bit Windows puts this in front of each C name.
underscore=
if "$cc" -dumpmachine | grep -q '^i[3-6]86-.*mingw'; then
    underscore=_
fi

# defined_symbols OBJECTS: the global symbols that objects define, without what a compiler adds by itself: references of
# 64-bit MinGW, and the address sanitizer's marks.
defined_symbols() {
    # shellcheck disable=SC2086
    "$nm" -g --defined-only $1 | awk 'NF == 3 { print $3 }' | sed "s/^$underscore//" |
        grep -v -e '^\.refptr\.' -e '^__odr_asan' | sort -u
}

# wanted_symbols OBJECTS: the global symbols that objects take from elsewhere, in a DLL or not.
wanted_symbols() {
    # shellcheck disable=SC2086
    "$nm" -u $1 | awk '{ print $NF }' | sed "s/^__imp_//; s/^$underscore//" | sort -u
}

# exported_symbols LIBRARY: the symbols of a shared library that programs can link with.
exported_symbols() {
    if [ "$platform" = windows ]; then
        "$objdump" -p "$1" |
            awk '/^\[Ordinal\/Name Pointer\] Table/ { table = 1; next } table && NF == 0 { exit } table { print $NF }'
    else
        "$nm" -D -g --defined-only "$1" | awk '{ print $NF }'
    fi | sort -u
}

core_headers='include/portsock.h include/portsock/*.h'
capture_headers='include/portsock-capture.h include/portsock-capture/*.h'
public_header_files=$(printf '%s' "$core_headers $capture_headers" | tr ' ' '\n')

# declared_functions [HEADERS]: the functions that public headers declare, all of them unless given.
declared_functions() {
    # shellcheck disable=SC2046
    sed -nE 's/^PS_(CAPTURE_)?API [^(]*[ *](ps_[a-z0-9_]*)\(.*/\2/p' \
        $(printf '%s' "${1:-$public_header_files}" | tr ' ' '\n') | sort -u
}
